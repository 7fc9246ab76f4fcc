"""Which figures of a paragraph are targets, and what the words around them say: comparator, unit, rule, base year."""

import re
from dataclasses import dataclass
from decimal import Decimal

from . import words
from .figures import Figure, figures_of

NEAR = 60  # characters before a figure in which its comparison stands
UNIT_WORDS = 6
FEW_WORDS = 12  # between two figures that share a comparison
STOPS = re.compile(
    r"^(?:of|for|to|in|on|at|by|with|and|or|per|will|shall|must|should|are|is|be|have|has|had|that|which|who|from|"
    r"under|over|above|through|into|as|than|upon|every|each|across|compared|during|before|after|until|within|de|del|"
    r"en|para|por|con|y|e|o|al|la|el|los|las|dans|pour|und|für|mit|im|zu)$",
    re.IGNORECASE,
)
PER = re.compile(
    r"(?<!\w)(?P<per>per|for every|for each)\s+(?P<rest>[\d,]+\s+[\w-]+|(?:thousand|hundred|"
    r"million)\s+[\w-]+(?:\s+people)?)"
)
A_DAY = re.compile(r"(?P<noun>hours?|minutes?|days?)\s+(?:a|per)\s+(?P<time>day|week|month|year)(?!\w)")
OF_TIME = re.compile(r"(?:years?|months?|days?|hours?|per) |(?:years?|months?|days?|hours?)$")
AGE = re.compile(r"(?<!\w)age(?:s|d)?(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """A figure that is promised. ``value`` has the sign of a change; ``about`` where the text says so."""

    figure: Figure
    value: Decimal
    comparator: str
    about: bool
    unit: str
    rule: str
    base_year: str


def why_none(text: str, figure: Figure) -> str:
    """The name of the reason why a figure is no target; blank where it may be one."""
    before, after = text[max(0, figure.start - NEAR) : figure.start], text[figure.digits_end : figure.digits_end + 40]
    if _is_year(text, figure) or words.OF_A_RANGE.search(before):
        return "date"
    if words.NAMED_AFTER.match(after) and not figure.percent and not figure.scale:
        return "name"
    if re.search(r"[A-Za-z][A-Za-z-]*$", before) or (
        not figure.spelled and words.NAMED_BEFORE.search(before) and not _compared(before)
    ):
        return "name"
    if words.OF_AGE.search(before):
        return "age"
    if words.DENOMINATOR.search(before):
        return "unit"
    if words.FROM_TO.search(before) and re.match(r"[^,.;]{0,30}?\s(?:to|a|à|auf)\s+[\d]", after):
        return "start"
    if words.SOON.search(f"{before[-24:]} ") and re.match(r"[\s-]*(?:years?|months?|años?|ans|Jahre)", after):
        return "deadline"
    if figure.spelled and not _is_counted(before, text[figure.digits_end :]):
        return "word"
    return ""


def _is_year(text: str, figure: Figure) -> bool:
    """Whether a figure is a year or the day of a date."""
    digits = text[figure.start : figure.digits_end]
    if re.fullmatch(r"(?:19|20|21)\d\d", digits) and not figure.scale and not figure.percent:
        return True
    after = text[figure.digits_end : figure.digits_end + 30]
    month = rf"(?:{words.MONTH})(?!\w)"
    return bool(
        re.fullmatch(r"\d{1,2}", digits)
        and (
            re.match(rf"(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?{month}", after, re.IGNORECASE)
            or re.search(rf"{month}\s+$", text[: figure.start], re.IGNORECASE)
        )
    )


def _is_counted(before: str, after: str) -> bool:
    """Whether a number in words is an amount, and not part of a phrase such as “one of” or “the two”."""
    return bool(words.SMALL_FIRST.search(before) or words.SMALL_AFTER.match(after))


def _compared(before: str) -> str:
    for sign, pattern in words.COMPARED_BEFORE:
        if pattern.search(before):
            return sign
    return ""


def targets_in(text: str, start: int, end: int, language: str = "en") -> list[Target]:
    """The targets among the figures of a clause, which begins at ``start``; its words alone decide."""
    targets: list[Target] = []
    for figure in figures_of(text, language):
        if start <= figure.start < end and not why_none(text, figure):
            targets.append(_target(text, figure, start, end, targets))
    return targets


def _target(text: str, figure: Figure, start: int, end: int, before_it: list[Target]) -> Target:
    before, after = text[start : figure.start], text[figure.end : end]
    clause = text[start:end]
    sign, about = _comparator(before, after)
    down = _direction(before, words.GOES_DOWN) > max(_direction(before, words.GOES_UP), -1)
    last = before_it[-1] if before_it else None
    if not sign and last and last.rule != "change" and last.figure.percent == figure.percent:
        between = text[last.figure.end : figure.start]
        if between.count(" ") < FEW_WORDS and re.search(r"(?:,|\sand|\sor)\s", between):
            sign = last.comparator  # “65 percent in junior and 75 in senior schools”
    if figure.percent and words.CHANGE_BY.search(before) and (down or words.GOES_UP.search(before)):
        return _change(text, figure, sign, about, down, start, end)
    sign = sign or ("≤" if down else "≥")
    rule = "reach"
    if words.HELD.search(clause) and not re.search(r"(?<!\w)(?:to have|should have)(?!\w)", clause):
        rule = "hold"
    unit = unit_of(text, figure, start, end)
    if rule == "reach" and not figure.percent and words.MADE.search(clause) and not OF_TIME.match(unit):
        rule = "total"
    return Target(figure, figure.value, sign, about, unit, rule, "")


def _change(text: str, figure: Figure, sign: str, about: bool, down: bool, start: int, end: int) -> Target:
    if down:
        sign = {"": "≤", "≥": "≤", ">": "<", "≤": "≥", "<": ">"}[sign]
    base = words.BASE_YEAR.search(text, start, end)
    value = -figure.value if down else figure.value
    return Target(figure, value, sign or "≥", about, "percent", "change", base["year"] if base else "")


def _direction(before: str, pattern: re.Pattern[str]) -> int:
    """Where the last word of a direction stands before a figure; -1 where none does."""
    return max((match.start() for match in pattern.finditer(before)), default=-1)


def _comparator(before: str, after: str) -> tuple[str, bool]:
    """How a value must stand to the figure, and whether it is only about that."""
    near = before[-NEAR:]
    if match := re.search(r"(≥|>=|⩾|>|≤|<=|⩽|<|≈|~)\s*$", near):
        sign = words.SIGNS[match[1]]
    elif match := words.OF_A_LINE.search(near):
        sign = ">" if match["where"].lower() in ("above", "over") else "<"
    else:
        sign = _compared(near)
    for other, pattern in words.COMPARED_AFTER:
        if pattern.match(after):
            sign = other
            break
    return ("", True) if sign == "about" else (sign, False)


def unit_of(text: str, figure: Figure, start: int, end: int) -> str:
    """What a figure counts, in the text's words: “percent”, “million hectares”, “per 1,000 people”; blank if unsaid."""
    if figure.percent:
        return "percent"
    clause, after = text[start:end], text[figure.end : end]
    per = [match for match in PER.finditer(text, start, end) if not match.start() <= figure.start < match.end()]
    if per:
        return f"per {min(per, key=lambda match: abs(match.start() - figure.start))['rest']}"
    if match := A_DAY.match(after.lstrip()):
        return f"{match['noun']} a {match['time']}"
    named: list[str] = [figure.scale] if figure.scale else []
    for word in re.findall(r"[^\W\d_][\w’'-]*|[^\w\s]", after)[:UNIT_WORDS]:
        if STOPS.match(word) or not word[0].isalpha():
            break
        named.append(word)
    if len(named) == bool(figure.scale) and AGE.search(clause):
        return "years of age"
    return " ".join(named)
