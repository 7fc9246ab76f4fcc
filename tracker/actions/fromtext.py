"""Rights and paragraphs of a plan in preparation, made from the cut of its text, and made again after a correction.

What was typed beside it stays: titles of paragraphs, promises, and whatever a promise still names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Category, Commitment, Plan, PlanText, Preparation, Provision
from tracker.plantext.cut import cut
from tracker.plantext.shapes import Cut, Node, Paragraph
from tracker.text.plain import span_of_quote

from .plantext import corrections_of, lines_of
from .plantext import set_aside as keep_aside
from .preparation import change, current, prepare_all, remove

ADDED, CHANGED, REMOVED, STAYS = "added", "changed", "removed", "stays"
WORDS = {
    ADDED: gettext_lazy("added"),
    CHANGED: gettext_lazy("changed"),
    REMOVED: gettext_lazy("removed"),
    STAYS: gettext_lazy("stays, though the text has it no more: promises name it"),
}
LONGEST_TITLE, LONGEST_HEADING, LONGEST_SHORT, LONGEST_OWN = 200, 200, 60, 80


@dataclass
class Step:
    """What becomes of one right or paragraph: the record with its new values, unsaved, and how it is called."""

    deed: str
    record: Any
    parent: str = ""  # code of the right above a right, or around a paragraph
    words: str = ""  # what changes, as old and new values

    @property
    def label(self) -> str:
        """What becomes of it, in a word."""
        return str(WORDS[self.deed])


def cut_of(text: PlanText) -> Cut:
    """The cut of a stored text, with its corrections."""
    return cut(lines_of(text), corrections_of(text))


def shortened(words: str, most: int) -> str:
    """Words on one line, ended at a word where they are too long."""
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def steps(*, preparation: Preparation, text: PlanText, result: Cut) -> list[Step]:
    """What making rights and paragraphs of a text's cut would do, in order; nothing is written."""
    plan = text.plan
    rights = {each.code: each for each in Category.everything.filter(preparation=preparation).select_related("parent")}
    stored = Provision.everything.filter(preparation=preparation).select_related("category")
    paragraphs = {each.code: each for each in stored}
    promised = set(Commitment.everything.filter(preparation=preparation).values_list("provision__code", flat=True))
    wanted_rights = {node.code for node in result.nodes}
    cut_codes = {each.code for each in result.paragraphs}
    planned = [_right(plan, node, n, rights) for n, node in enumerate(result.nodes, 1)]
    planned += [_paragraph(plan, each, n, paragraphs, text.aside) for n, each in enumerate(result.paragraphs, 1)]
    needed = {paragraphs[code].category_id for code in promised - cut_codes if code in paragraphs}
    for code in [code for code in paragraphs if code not in cut_codes]:
        planned.append(Step(STAYS if code in promised else REMOVED, paragraphs[code]))
    above: dict[int | None, int | None] = {each.pk: each.parent_id for each in rights.values()}
    while needed - {None} and (more := {above.get(pk) for pk in needed} - needed - {None}):
        needed |= more
    for code in sorted((code for code in rights if code not in wanted_rights), key=len, reverse=True):
        planned.append(Step(STAYS if rights[code].pk in needed else REMOVED, rights[code]))
    return [step for step in planned if step.deed]


def _right(plan: Plan, node: Node, order: int, rights: dict[str, Category]) -> Step:
    known = rights.get(node.code)
    title = shortened(node.title or node.code, LONGEST_TITLE)
    record = known or Category(plan=plan, code=node.code, short_title=shortened(title, LONGEST_SHORT))
    above = known.parent.code if known and known.parent else ""
    old = (known.title, known.order, above) if known else None
    new = (title, order, node.parent)
    record.title, record.order = title, order
    return Step(_deed(old, new), record, node.parent, _moved(old[0] if old else None, title))


def _paragraph(
    plan: Plan, each: Paragraph, order: int, paragraphs: dict[str, Provision], aside: dict[str, list[str]]
) -> Step:
    known = paragraphs.get(each.code)
    heading = shortened(each.heading, LONGEST_HEADING)
    record = known or Provision(plan=plan, code=each.code, title=shortened(each.heading or each.text, LONGEST_OWN))
    around = known.category.code if known and known.category else ""
    figures = aside.get(each.code, [])
    old = (known.form, known.heading, known.order, around, known.other_figures) if known else None
    new = (each.form, heading, order, each.category, figures)
    record.form, record.heading, record.order, record.other_figures = each.form, heading, order, figures
    return Step(_deed(old, new), record, each.category, _moved(old[3] if old else None, each.category))


def _deed(old: tuple[Any, ...] | None, new: tuple[Any, ...]) -> str:
    if old is None:
        return ADDED
    return "" if old == new else CHANGED


def _moved(old: str | None, new: str) -> str:
    return "" if old is None or old == new else f"{old} → {new}"


@transaction.atomic
def make(*, preparation: Preparation, text: PlanText, by: User) -> list[Step]:
    """Do what ``steps`` says. Raises as the actions of preparations do, and then nothing is written."""
    current(preparation)
    planned = steps(preparation=preparation, text=text, result=cut_of(text))
    _write(preparation, [step for step in planned if isinstance(step.record, Category)], by)
    rights = {each.code: each for each in Category.everything.filter(preparation=preparation)}
    mine = [step for step in planned if isinstance(step.record, Provision)]
    for step in mine:
        if step.deed in (ADDED, CHANGED):
            step.record.category = rights.get(step.parent)
    prepare_all(preparation=preparation, records=[(s.record, {}) for s in mine if s.deed == ADDED], by=by)
    for step in mine:
        if step.deed == CHANGED:
            change(record=step.record, by=by)
    for step in [*mine, *(each for each in planned if isinstance(each.record, Category))]:
        if step.deed == REMOVED:
            remove(record=step.record, by=by)
    return planned


def _write(preparation: Preparation, rights: Sequence[Step], by: User) -> None:
    """Rights that are new or changed, each after the one above it."""
    for step in rights:
        if step.deed not in (ADDED, CHANGED):
            continue
        parent = Category.everything.filter(preparation=preparation, code=step.parent).first() if step.parent else None
        step.record.parent = parent
        if step.deed == ADDED:
            prepare_all(preparation=preparation, records=[(step.record, {})], by=by)
        else:
            change(record=step.record, by=by)


@transaction.atomic
def set_aside(
    *, preparation: Preparation, text: PlanText, code: str, lines: Sequence[str], by: User, version: int | None = None
) -> None:
    """Say which figures of a paragraph are no targets, and why: in the text and, once it is made, in the paragraph.

    Raises as the actions of both do, and then neither is changed.
    """
    keep_aside(text=text, code=code, lines=lines, by=by, version=version)
    paragraph = Provision.everything.filter(preparation=preparation, code=code).first()
    if paragraph is not None:
        paragraph.other_figures = list(lines)
        change(record=paragraph, by=by)


def misquoted(preparation: Preparation, result: Cut) -> Iterator[tuple[Commitment, str]]:
    """Promises whose quote does not stand in their paragraph to the letter, each with a sentence."""
    texts = {each.code: each.text for each in result.paragraphs}
    for each in Commitment.everything.filter(preparation=preparation).select_related("provision").order_by("order"):
        if span_of_quote(each.quote, texts.get(each.provision.code, "")) is None:
            yield each, _("Its quote does not stand in the paragraph to the letter.")
