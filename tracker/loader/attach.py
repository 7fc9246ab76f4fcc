"""Attach the text of a document: the file read and cut, each paragraph and quote tied to the passage that has it.

The document is a plan's own text, or one that the plan's baseline was taken from.

A document that is another one, another edition in other words, or badly read is refused with a sentence; one in which
some quotes stand nowhere is attached with a list of them. The same text once more changes nothing.
"""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model

from tracker.actions import attach as actions
from tracker.models import AttachedText
from tracker.models.roles import COMPILER
from tracker.text.plain import span_of_quote

from .files import silent
from .texts import NotCut, cut_file, passages_of

LONGEST = 6000  # characters of one passage; beyond, the text was not cut where its paragraphs end
LEAST_STANDING = 0.5  # of the quotes


class NotAttached(Exception):
    """The document was refused. The message is a sentence for the operator."""


@dataclass
class Attached:
    """What became of an attempt: whether anything changed, and what of the registry stands in the text."""

    changed: bool = False
    sha256: str = ""
    paragraphs: int = 0
    quotes: int = 0
    tied: dict = field(default_factory=dict)  # text of the passage, by code of the paragraph
    absent: list = field(default_factory=list)  # codes of paragraphs that have no passage
    missing: list = field(default_factory=list)  # codes of records whose quote does not stand in their paragraph
    remarks: list = field(default_factory=list)  # sentences on how the text was read and cut
    moved: dict = field(default_factory=dict)  # code of the passage, by that of a paragraph with another number


def quotes_of_plan(plan):
    """The quotes of a plan's promises by code, by the paragraph that they stand in, of all paragraphs."""
    quotes = {number: {} for number in plan.provisions.order_by("order").values_list("code", flat=True)}
    for code, number, quote in plan.commitments.order_by("order").values_list("code", "provision__code", "quote"):
        quotes[number][code] = quote
    return quotes


def quotes_of_baseline(plan, source):
    """The quotes of the records that a plan's baseline has from a document by code, by part and paragraph."""
    quotes, rows = {}, plan.baseline.filter(source=source).order_by("order")
    for code, place, quote in rows.values_list("code", "place", "quote"):
        quotes.setdefault(place, {})[code] = quote
    return quotes


def tie(passages, quotes, tell=silent):
    """Tie each paragraph to the passage in which its quotes stand: that of its number, else the only one."""
    result = Attached(paragraphs=len(quotes), quotes=sum(map(len, quotes.values())))
    usable = {code: text for code, text in passages.items() if len(text) <= LONGEST}
    for done, (number, mine) in enumerate(quotes.items(), start=1):
        tell("Looking for the quotes of each paragraph", done, len(quotes))
        home = _home(number, mine.values(), usable)
        if home is None:
            result.absent.append(number)
            result.missing += mine
            continue
        result.tied[number] = usable[home]
        result.missing += [code for code, quote in mine.items() if not span_of_quote(quote, usable[home])]
        if home != number:
            result.moved[number] = home
    return result


def _home(number, quotes, passages):
    """The code of the passage that holds a paragraph. Without a quote to compare, its number alone decides."""
    if not quotes:
        return number if number in passages else None
    if number in passages and any(span_of_quote(quote, passages[number]) for quote in quotes):
        return number
    all_of_them = [code for code, text in passages.items() if all(span_of_quote(quote, text) for quote in quotes)]
    return all_of_them[0] if len(all_of_them) == 1 else None


def attach(path, plan, source=None, tell=silent, corrections=None):
    """Attach a plan's own text from a file, or that of a source of its baseline. ``corrections`` is a file of those.

    Raises ``NotAttached``, and then nothing changed.
    """
    quotes = quotes_of_baseline(plan, source) if source else quotes_of_plan(plan)
    if not quotes:
        raise NotAttached(f"No quote of {plan.code} is from {source.code if source else 'its text'}.")
    try:
        reading, text = cut_file(path, corrections)
    except NotCut as error:
        raise NotAttached(str(error)) from error
    result = tie({code: " ".join(words.split()) for code, words in passages_of(text).items()}, quotes, tell)
    result.sha256, result.remarks = reading.sha256, [*reading.remarks, *(sentence for _line, sentence in text.remarks)]
    standing = result.quotes - len(result.missing)
    if not standing or standing < result.quotes * LEAST_STANDING:
        name = source.code if source else plan.code
        raise NotAttached(
            f"Only {standing} of {result.quotes} quotes of {name} stand in {path.name}: "
            "it is another document, another edition, in another language, or badly read."
        )
    result.changed = actions.attach(
        record=AttachedText(
            plan=plan, source=source, sha256=reading.sha256, quotes=result.quotes, missing=result.missing
        ),
        passages=result.tied,
        by=get_user_model().objects.get(username=COMPILER),
    )
    return result
