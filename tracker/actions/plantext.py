"""The working copy of a plan's text: stored, its cut corrected, figures set aside. Each deed is in the trail.

None of it is public, so that one person is enough; what is made of it, promises, is public only by two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Deed, Plan, PlanText
from tracker.models.roles import may_write
from tracker.plantext.figures import set_aside as figures_aside
from tracker.plantext.lines import Line
from tracker.plantext.read import Reading
from tracker.plantext.shapes import BEGINS, OF_A_LINE, Correction
from tracker.schema import subject_of
from tracker.text.plain import spans_of_quote

from .errors import Conflict, NotAllowed
from .trail import note

MOST_CORRECTIONS = 5000
LONGEST_NAME = 200


def lines_of(text: PlanText) -> list[Line]:
    """The lines of a stored text."""
    return [Line(**line) for line in text.lines]


def corrections_of(text: PlanText) -> list[Correction]:
    """The corrections of a stored text."""
    return [Correction.from_json(each) for each in text.corrections]


@transaction.atomic
def store(*, plan: Plan, reading: Reading, file_name: str, by: User) -> PlanText:
    """Keep what was read from a file as the text of a plan. Raises ``NotAllowed``.

    It takes the place of the text before it; corrections and figures set aside stay, and hold where their lines do.
    """
    _require(by)
    text = PlanText.objects.select_for_update().filter(plan=plan).first() or PlanText(plan=plan, version=0)
    text.file_name, text.kind, text.sha256 = file_name[-LONGEST_NAME:], reading.kind, reading.sha256
    text.lines, text.said = list(map(asdict, reading.lines)), list(reading.remarks)
    return _save(text, by, f"text of {len(reading.lines)} lines, SHA-256 {reading.sha256}")


@transaction.atomic
def correct(
    *,
    text: PlanText,
    corrections: Sequence[Correction],
    by: User,
    version: int | None = None,
    splits: Mapping[int, str] | None = None,
) -> PlanText:
    """Say anew how the cut of a text is corrected. Raises ``NotAllowed``, ``Conflict`` and ``ValidationError``.

    ``splits`` cut a line, by its number, in two before words of it; that holds for this edition of the text alone.
    """
    current = _current(text, by, version)
    if len(corrections) > MOST_CORRECTIONS:
        raise ValidationError(_("These are more corrections than a text has lines to correct."))
    every, mine = lines_of(current), {each.line: each for each in corrections}
    for line, words in sorted((splits or {}).items(), reverse=True):
        every[line : line + 1] = _in_two(every[line], line, words)
        mine = {n + (n > line): replace(each, line=n + (n > line)) for n, each in mine.items()}
        mine[line + 1] = Correction.of(every, line + 1, BEGINS)
        if line in mine:
            mine[line] = replace(mine[line], begins=every[line].text[:OF_A_LINE])
    if splits:
        current.lines = list(map(asdict, every))
    current.corrections = [mine[n].as_json() for n in sorted(mine)]
    return _save(current, by, f"{len(mine)} corrections of the cut, {len(splits or {})} lines cut in two")


def _in_two(line: Line, n: int, words: str) -> list[Line]:
    """A line as two, the second a text that begins with these words. Raises ``ValidationError``."""
    places = list(spans_of_quote(words, line.text))
    if len(places) != 1 or not line.text[: places[0][0]].strip():
        sentence = _("Line %(line)s is cut before words that stand in it once, and not at its beginning: “%(words)s”.")
        raise ValidationError(sentence % {"line": n + 1, "words": words})
    first, second = line.text[: places[0][0]].rstrip(), line.text[places[0][0] :]
    bold = max(0, line.bold - places[0][0])
    return [replace(line, text=first, bold=min(line.bold, len(first))), Line(second, bold=bold, page=line.page)]


@transaction.atomic
def set_aside(*, text: PlanText, code: str, lines: Iterable[str], by: User, version: int | None = None) -> PlanText:
    """Say which figures of a paragraph are no targets, and why. Raises as ``correct`` does."""
    current = _current(text, by, version)
    figures = [line.strip() for line in lines if line.strip()]
    for line in figures_aside(figures)[1]:
        raise ValidationError(_("Write “%(line)s” as “figure: reason”.") % {"line": line})
    current.aside = {**current.aside, code: figures}
    if not figures:
        del current.aside[code]
    return _save(current, by, f"figures of {code} set aside: {len(figures)}")


@transaction.atomic
def promises_nothing(*, text: PlanText, code: str, reason: str, by: User, version: int | None = None) -> PlanText:
    """Say why a paragraph promises nothing, or, without a reason, that it may. Raises as ``correct`` does."""
    current = _current(text, by, version)
    current.nothing = {name: why for name, why in current.nothing.items() if name != code}
    if reason:
        current.nothing[code] = reason
    return _save(current, by, f"{code} {'promises nothing' if reason else 'may promise something'}")


@transaction.atomic
def delete(*, text: PlanText, by: User, version: int | None = None) -> None:
    """Take a text away, with its corrections. What was made of it stays. Raises ``NotAllowed`` and ``Conflict``."""
    current = _current(text, by, version)
    note(by=by, deed=Deed.DISCARDED, record=current, subject=subject_of(current.plan), detail="text taken away")
    current.delete()


def _require(by: User) -> None:
    if not may_write(by):
        raise NotAllowed(_("Texts of plans are for editors and reviewers."))


def _current(text: PlanText, by: User, version: int | None) -> PlanText:
    """The row as it is now, held until the change is made."""
    _require(by)
    current = PlanText.objects.select_for_update().filter(pk=text.pk).first()
    if current is None or (version is not None and current.version != version):
        raise Conflict(_("A colleague changed this text meanwhile: look at it again."))
    return current


def _save(text: PlanText, by: User, detail: str) -> PlanText:
    new = text.pk is None
    text.by, text.at, text.version = by, timezone.now(), text.version + 1
    text.full_clean(exclude=["plan", "by"])
    text.save()
    deed = Deed.DRAFTED if new else Deed.EDITED
    note(by=by, deed=deed, record=text, subject=subject_of(text.plan), detail=detail)
    return text
