"""The figures of a text: in digits however they are grouped, with their scale and percent, or spelled out. Pure.

A figure is the number as it stands: “1.1 million” is 1.1, and the scale is part of its unit.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from tracker.text.plain import OTHER_FIGURE

# fmt: off
SPELLED = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}
SCALES = (
    "hundred", "thousand", "million", "billion", "trillion", "mil", "mille", "tausend", "millón", "millon", "millones",
    "millions", "millionen", "milliard", "milliards", "milliarden", "milhões", "milioni", "εκατομμύρια", "χιλιάδες",
    "тыс", "тысяч", "млн", "миллионов", "млрд", "миллиардов", "万", "萬", "亿", "億", "ألف", "مليون", "मिलियन", "लाख",
)
# fmt: on
PERCENT = (
    "percent|per cent|percentage points?|por ciento|por cento|per cento|pour cent|prozent|procent|процент\\w*|"
    "τοις εκατό|في المائة|بالمائة|प्रतिशत"
)
PERCENT_SIGN = re.compile(rf"\s*(?:[%٪％]|(?:{PERCENT})(?!\w))", re.IGNORECASE)
PERCENT_BEFORE = re.compile(r"百分之\s*$")
SCALE = re.compile(rf"[\s-]*(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?!\w)", re.IGNORECASE)
# Grouped by commas, and in other languages by full stops or thin blanks; both as decimal signs.
ENGLISH = re.compile(r"\d[\d,]*(?:\.\d+)?")
OTHER = re.compile(r"\d{1,3}(?:(?:[.\u00a0\u202f']\d{3})+(?!\d)(?:,\d+)?|(?:,\d{3}){2,}(?!\d))|\d+(?:[.,٫]\d+)?")
TENS = "|".join(word for word, value in SPELLED.items() if value >= 20)
ONES = "|".join(word for word, value in SPELLED.items() if value < 10)
WORDS = re.compile(rf"(?<![\w-])(?:(?:{TENS})-(?:{ONES})|{'|'.join(SPELLED)})(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True)
class Figure:
    """A figure and its place in a text; ``scale`` as written, ``end`` behind scale and percent."""

    value: Decimal
    start: int
    digits_end: int
    end: int
    scale: str = ""
    percent: bool = False
    spelled: bool = False


def figures_of(text: str, language: str = "en") -> list[Figure]:
    """Every figure of a text, in order."""
    english = language.startswith("en")
    figures = [
        _with_scale(text, match.start(), match.start() + len(match[0].rstrip(",")), _value(match[0], english))
        for match in (ENGLISH if english else OTHER).finditer(text)
    ]
    if english:
        figures += [
            _with_scale(text, match.start(), match.end(), _spelled(match[0]), spelled=True)
            for match in WORDS.finditer(text)
        ]
    return sorted(figures, key=lambda figure: figure.start)


def _value(digits: str, english: bool) -> Decimal:
    if english:
        return Decimal(digits.rstrip(",").replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:[.\u00a0\u202f']\d{3})+(?:,\d+)?", digits):
        digits = re.sub(r"[.\u00a0\u202f']", "", digits)
    elif re.fullmatch(r"\d{1,3}(?:,\d{3}){2,}", digits):
        digits = digits.replace(",", "")
    return Decimal(re.sub("[,٫]", ".", digits))


def _spelled(words: str) -> Decimal:
    return Decimal(sum(SPELLED[part] for part in words.lower().split("-")))


def _with_scale(text: str, start: int, digits_end: int, value: Decimal, *, spelled: bool = False) -> Figure:
    end, scale = digits_end, ""
    if match := SCALE.match(text, end):
        scale, end = match["scale"], match.end()
    percent = PERCENT_SIGN.match(text, end)
    before = bool(PERCENT_BEFORE.search(text[:start]))
    return Figure(value, start, digits_end, percent.end() if percent else end, scale, bool(percent) or before, spelled)


def figures_in(text: str, language: str = "en") -> list[Decimal]:
    """Every figure of a text, in digits or spelled out up to ninety-nine, in order.

    >>> [str(figure) for figure in figures_in("Twenty bases, 1,000 beds and 3.8 percent")]
    ['20', '1000', '3.8']
    """
    return [figure.value for figure in figures_of(text, language)]


def set_aside(lines: Iterable[str], language: str = "en") -> tuple[Counter[Decimal], list[str]]:
    """How often each figure is set aside with a reason, and the lines in no such form (“3 × 16: an age”)."""
    aside: Counter[Decimal] = Counter()
    unread = []
    for line in lines:
        if (match := OTHER_FIGURE.match(line)) is None:
            unread.append(line)
            continue
        for figure in figures_in(match["figure"], language):
            aside[figure] += int(match["times"] or 1)
    return aside, unread


def open_figures(
    text: str, targets: Iterable[Decimal] = (), aside: Iterable[str] = (), language: str = "en"
) -> list[Figure]:
    """The figures of a paragraph that are neither a target nor set aside; of like ones the last of them."""
    settled, _unread = set_aside(aside, language)
    settled += Counter(abs(target) for target in targets)
    still = []
    for figure in figures_of(text, language):
        if settled[figure.value] > 0:
            settled[figure.value] -= 1
        else:
            still.append(figure)
    return still
