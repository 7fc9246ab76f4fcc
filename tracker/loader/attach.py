"""Attach the text of a document: read the file, cut it into passages, tie each paragraph and quote to its passage.

The document is a plan's own text, or one that the plan's baseline was taken from.

A document that is another one, another edition in other words, or badly read is refused with a sentence; one in which
some quotes stand nowhere is attached with a list of them. The same text once more changes nothing.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, field

from django.contrib.auth import get_user_model

from tracker.actions import attach as actions
from tracker.models import AttachedText
from tracker.roles import COMPILER
from tracker.text import span_of_quote

from .files import silent
from .paper_text import PaperError, read_paragraphs
from .plan_text import PassageError, read_passages

LARGEST = 4 * 2**20  # bytes; a plan is some hundred thousand
LONGEST = 6000  # characters of one passage; beyond, the text was not cut where its paragraphs end
LEAST_STANDING = 0.5  # of the quotes
LAYOUTS = {
    "plan": lambda text: {code: _on_one_line(p.heading, p.text) for code, p in read_passages(text).items()},
    "paper": read_paragraphs,
}


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
    moved: dict = field(default_factory=dict)  # code of the passage, by that of a paragraph with another number


def read_text(path):
    """The text of a file and the SHA-256 of its bytes. Raises ``NotAttached`` for whatever is no text in UTF-8."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise NotAttached(f"{path.name} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST:
        raise NotAttached(f"{path.name} is larger than {LARGEST // 2**20} MB: no plan's text is.")
    if data.startswith((b"%PDF", b"PK\x03\x04")):
        raise NotAttached(f"{path.name} is a PDF or an office document: give its text as a plain file.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAttached(f"{path.name} is not in UTF-8: byte {error.start + 1} cannot be read.") from error
    if not text.strip():
        raise NotAttached(f"{path.name} is empty.")
    if control := next((c for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x85"), None):
        raise NotAttached(f"{path.name} holds the control character U+{ord(control):04X}: it is no plain text.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"), hashlib.sha256(data).hexdigest()


def cut(text, layout):
    """The passages of a text by code, each on one line, by the rules of a layout. Raises ``NotAttached``."""
    try:
        return LAYOUTS[layout](unicodedata.normalize("NFC", text))
    except (PassageError, PaperError) as error:
        raise NotAttached(f"The text is not laid out as a {layout}: {error}.") from error


def _on_one_line(heading, text):
    return " ".join(f"{heading}. {text}".split() if heading else text.split())


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
    holds = {code: sum(1 for q in quotes if span_of_quote(q, text)) for code, text in passages.items()}
    if holds.get(number):
        return number
    all_of_them = [code for code, count in holds.items() if count == len(quotes)]
    return all_of_them[0] if len(all_of_them) == 1 else None


def attach(path, plan, source=None, tell=silent):
    """Attach a plan's own text from a file, or that of a source of its baseline.

    Raises ``NotAttached``, and then nothing changed.
    """
    quotes = quotes_of_baseline(plan, source) if source else quotes_of_plan(plan)
    if not quotes:
        raise NotAttached(f"No quote of {plan.code} is from {source.code if source else 'its text'}.")
    text, sha256 = read_text(path)
    result = tie(cut(text, "paper" if source else "plan"), quotes, tell)
    result.sha256 = sha256
    standing = result.quotes - len(result.missing)
    if not standing or standing < result.quotes * LEAST_STANDING:
        name = source.code if source else plan.code
        raise NotAttached(
            f"Only {standing} of {result.quotes} quotes of {name} stand in {path.name}: "
            "it is another document, another edition, in another language, or badly read."
        )
    result.changed = actions.attach(
        record=AttachedText(plan=plan, source=source, sha256=sha256, quotes=result.quotes, missing=result.missing),
        passages=result.tied,
        by=get_user_model().objects.get(username=COMPILER),
    )
    return result
