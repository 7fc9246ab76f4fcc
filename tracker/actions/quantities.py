"""Numbers in the words of a publication: each with its scale multiplied in, and the bound that words beside it say."""

import re
from collections.abc import Iterator
from decimal import Decimal

from django.core.exceptions import ValidationError

from tracker.models import Bound
from tracker.text import typed
from tracker.text.plain import plain_number

SCALE = "|".join(sorted(map(re.escape, typed.SCALES), key=len, reverse=True))
IN_TEXT = re.compile(rf"(?<![A-Za-z0-9_.,])[-−]?\d[\d.,]*(?:\s*(?P<scale>{SCALE})(?![a-z]))?", re.IGNORECASE)
TO_TWELVE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
IN_WORDS = {word: number for number, word in enumerate(TO_TWELVE, 1)}
# Words at a number that say more than the number, and the bound that says it.
BEFORE = {
    r"over|more than|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|in excess of|upwards of|超过|逾": Bound.MORE_THAN,
    r"at least|no (?:less|fewer) than|not (?:less|fewer) than|minimum of|不少于|不低于": Bound.AT_LEAST,
    r"less than|fewer than|under|below|nearly|almost|不足|低于|近": Bound.LESS_THAN,
    r"at most|up to|no more than|not more than|maximum of|不超过": Bound.AT_MOST,
    r"about|around|some|roughly|approximately|circa|estimated|close to|约|大约": Bound.ABOUT,
}
BEHIND = {r"or more|and more|以上|多": Bound.AT_LEAST, r"or (?:less|fewer)|以下": Bound.AT_MOST}


def numbers_in(text: str) -> Iterator[tuple[Decimal, str, str]]:
    """Each number of a text with its scale multiplied in, the words before it and those behind it."""
    for match in IN_TEXT.finditer(text):
        digits = match[0][: match.start("scale") - match.start()] if match["scale"] else match[0]
        try:
            number = typed.number(digits.strip().rstrip(".,"), point=True)
        except ValidationError:
            number = None
            if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})", digits.strip().rstrip(".,")):  # among English words no decimals
                number = Decimal(re.sub(r"\D", "", digits))
        if number is not None:
            scale = typed.SCALES.get((match["scale"] or "").casefold(), 0)
            yield plain_number(number.scaleb(scale)), text[: match.start()], text[match.end() :]
    for match in re.finditer(r"[a-z]+", text, re.IGNORECASE):
        if match[0].casefold() in IN_WORDS:
            yield Decimal(IN_WORDS[match[0].casefold()]), text[: match.start()], text[match.end() :]


def scale_of(unit: str) -> Decimal:
    """What one of a unit counts: a million for “million persons”, 10,000 for “10,000 tonnes”."""
    first = unit.partition(" ")[0].casefold()
    if re.fullmatch(r"[\d,]*\d[\d,]*", first):
        return Decimal(first.replace(",", ""))
    return Decimal(1).scaleb(typed.SCALES.get(first, 0))


def bound_at(before: str, behind: str) -> tuple[str, str]:
    """Words directly before or behind a number, and the bound that the longest of them say; blank where none does."""
    matches = [
        (re.search(rf"(?<![a-z])(?:{words})\s*$", before, re.IGNORECASE), each) for words, each in BEFORE.items()
    ]
    matches += [(re.match(rf"\s*(?:{words})", behind, re.IGNORECASE), each) for words, each in BEHIND.items()]
    said = ((match[0].strip(), str(bound)) for match, bound in matches if match)
    return max(said, key=lambda each: len(each[0]), default=("", ""))
