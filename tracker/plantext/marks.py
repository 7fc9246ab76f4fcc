"""The signs with which a line opens: numbers of chapters and paragraphs in every common form, dashes, codes. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.text.numbering import as_roman

from .lines import DASHES

ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
HAN = {han: number for number, han in enumerate("一二三四五六七八九", start=1)}
LETTERS = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩ")
DASH, LABEL, ROMAN_UPPER, ARABIC, DECIMAL, CODE = "dash", "label", "roman", "arabic", "decimal", "code"
GAP = r"(?:\s+|(?=[^\W\d_][^\W\d_.]))"  # “VI.Actively” has lost its blank; “U.S.” has none
BULLET = re.compile(rf"[{re.escape(DASHES)}]\s+")
NUMBERED = re.compile(rf"(?P<open>\(?)(?P<number>\d{{1,3}}|[IVXLC]{{1,6}}|[ivxlc]{{1,6}}|[^\W\d_])(?P<close>[.)]){GAP}")
DECIMALS = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,3})+)\.?\s+")
CODED = re.compile(r"(?P<letters>[^\W\d_]{1,4})[-.]?(?P<number>\d{1,3})\s*[.:)]\s+")
LABELLED = re.compile(
    r"(?P<label>[^\W\d_]{3,20})\s+(?P<number>\d{1,3}|[IVXLC]{1,6}|[A-Z])(?:\s*[.:–—-]\s*|\s+(?=[^\W\d_])|$)"
)
HAN_NUMBER = "[一二三四五六七八九十]"
OF_HAN = re.compile(
    rf"(?:第(?P<of>(?:{HAN_NUMBER}|\d){{1,4}})(?P<unit>[章节節編编部条條])|(?P<number>{HAN_NUMBER}{{1,3}})、)\s*"
)


@dataclass(frozen=True)
class Mark:
    """What a line opens with: a scheme such as “1.” or “(a)”, the number in it, as printed, and where words begin."""

    scheme: str
    number: int
    shown: str
    end: int


def roman(text: str) -> int:
    """The value of a Roman numeral, 0 where it is none.

    >>> roman("XIV"), roman("IIX")
    (14, 0)
    """
    values = [ROMAN[letter] for letter in text.upper()]
    total = sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))
    return total if as_roman(total) == text.upper() else 0


def marks_of(text: str) -> Iterator[Mark]:
    """Every way to read the sign with which a line opens, the likelier first; none where it opens with words."""
    if match := BULLET.match(text):
        yield Mark(DASH, 0, text[0], match.end())
        yield from (
            Mark(mark.scheme, mark.number, mark.shown, mark.end + match.end()) for mark in marks_of(text[match.end() :])
        )
    elif match := DECIMALS.match(text):
        parts = match["number"].split(".")
        yield Mark(f"{DECIMAL}{len(parts)}", int(parts[-1]), match["number"], match.end())
    elif match := NUMBERED.match(text):
        form = match["open"] + match["close"]
        yield from (
            Mark(f"{scheme}{form}", number, match["number"], match.end())
            for scheme, number in _numbers(match["number"])
        )
    elif match := OF_HAN.match(text):
        number = match["of"] or match["number"]
        yield Mark(f"{LABEL}:{match['unit'] or '、'}", _of_han(number), str(_of_han(number)), match.end())
    elif match := CODED.match(text):
        yield Mark(f"{CODE}:{match['letters']}", int(match["number"]), match[0].rstrip(" .:)"), match.end())
    elif (match := LABELLED.match(text)) and not match["label"].islower():
        numbers = dict(_numbers(match["number"]))
        yield Mark(f"{LABEL}:{match['label'].casefold()}", next(iter(numbers.values())), match["number"], match.end())


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """Scheme and value of a number in each way in which it can be read."""
    if text.isdecimal():
        yield ARABIC, int(text)
        return
    if set(text.upper()) <= ROMAN.keys() and (value := roman(text)):
        yield (ROMAN_UPPER if text.isupper() else "roman-low"), value
    for alphabet in LETTERS:
        if len(text) == 1 and text.upper() in alphabet:
            yield ("letter" if text.isupper() else "letter-low"), alphabet.index(text.upper()) + 1
            return


def _of_han(text: str) -> int:
    """The value of a Chinese numeral up to 99."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (HAN.get(tens, 1) * 10 if ten else 0) + HAN.get(ones, 0)
