"""What people type, read the same way everywhere: a number, a day or a text, or a sentence that says what to write.

A number is the number that was meant, or it is refused: never another one, and never a silent blank. What two countries
read differently is refused with both readings named. Raises ``ValidationError`` for all that is refused.
"""

import calendar
import datetime
import re
import unicodedata
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from tracker.text.plain import plain_number

SHOWN = 60  # characters of what was typed that a sentence repeats
LONGEST_NUMBER = 24  # characters; what arithmetic keeps of a number is more
LONGEST_TEXT = 2_000  # characters of one text, where its field allows no fewer: what a page of many can show
YEARS = range(1900, 2101)

# Characters that a reader does not see, or that turn what she sees around. Tab and line feed are blanks.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2800\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\U000e0000-\U000e00ff\U000f0000-\U0010ffff]"
)
NAMES_OF_CONTROLS = {"\0": "null", "\a": "bell", "\b": "backspace", "\x1b": "escape", "\x7f": "delete"}
LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Where a joiner, or the sign that keeps letters apart, is part of the spelling: from Arabic to Sinhala, and south-east.
JOINED = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ua980-\ua9df\U00011000-\U00011fff]")
WITHOUT_BLANKS = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf]")  # Thai, Lao, Tibetan, Khmer …
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")

DASHES = "-‐‑‒–—−﹣－"
HYPHENS = "-‐‑－"
ALIKE = str.maketrans(
    {"，": ",", "﹐": ",", "．": ".", "﹒": ".", "٫": ".", "٬": "'", "’": "'", "ʼ": "'", "＇": "'", "＋": "+", "٪": "%"}
    | {"％": "%", "﹪": "%", "／": "/", "～": "~", "〜": "~"}
)
NUMBER = re.compile(r"[+-]?(?=[\d.,])[\d.,' ]*\d", re.ASCII)
WITHOUT_GROUPS = re.compile(r"(\d*)(?:[.,](\d+))?", re.ASCII)
IN_GROUPS = re.compile(r"([1-9]\d{0,2}(?:([ ',.])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?", re.ASCII)
IN_LAKHS = re.compile(r"([1-9]\d?(?:,\d\d)+,\d{3})(?:()\.(\d+))?", re.ASCII)
A_RANGE = re.compile(rf".*\d\s*(?:[{DASHES}~]|to|until|bis)\s*\d.*", re.ASCII)
A_POWER = re.compile(r"([+-]?\d+(?:[.,]\d+)?)(?:[eE]|\s*[x×*·]\s*10\^?)([+-]?\d{1,2})", re.ASCII)
A_BOUND = re.compile(r"\s*[<>≤≥≈~±∼⩽⩾]")
SCALES = {
    "hundred": 2,
    "thousand": 3,
    "million": 6,
    "mn": 6,
    "millions": 6,
    "千": 3,
    "万": 4,
    "萬": 4,
    "亿": 8,
    "億": 8,
}
SCALES |= {"billion": 9, "bn": 9, "billions": 9, "trillion": 12, "trn": 12}

A_DAY = re.compile(rf"(\d{{4}})(?:[{HYPHENS}](\d\d?)(?:[{HYPHENS}](\d\d?))?)?", re.ASCII)
YEAR_FIRST = re.compile(rf"(\d{{4}})([/.{DASHES}])(\d\d?)\2(\d\d?)\.?", re.ASCII)
IN_CHINESE = re.compile(r"(\d{4})年(?:(\d\d?)月(?:(\d\d?)[日号號])?)?", re.ASCII)
YEAR_LAST = re.compile(rf"(\d\d?)([/.{DASHES}]) ?(\d\d?)\2 ?(\d{{4}})", re.ASCII)
DAY_MONTH = re.compile(r"(?:(\d\d?)(?:st|nd|rd|th|\.)? +)?([^\W\d_]+)\.?,? +(\d{4})", re.IGNORECASE)
MONTH_DAY = re.compile(r"([^\W\d_]+)\.? +(\d\d?)(?:st|nd|rd|th)?,? +(\d{4})", re.IGNORECASE)


def short(written: str) -> str:
    """As much of what was typed as a sentence repeats."""
    return written if len(written) <= SHOWN else f"{written[:SHOWN]}…"


# Text


def text(written: str) -> str:
    """A text as it is stored: one kind of line end, and each letter with its marks composed (NFC).

    Raises ``ValidationError`` for a character that a reader cannot see, with its place.
    """
    written = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", written))
    require_seen(written)
    return written


def everywhere(value: object) -> object:
    """A value of JSON with each text in it as it is stored. Raises ``ValidationError`` as ``text`` does."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return [everywhere(each) for each in value]
    return {key: everywhere(each) for key, each in value.items()} if isinstance(value, dict) else value


def require_seen(written: str) -> None:
    """Raise ``ValidationError`` for the first character that is not seen, or turns the direction of the others."""
    for match in UNSEEN.finditer(written):
        if not _needed(written, match.start()):
            raise _unseen(written, match.start())


def seen(value: Any) -> Any:
    """A text without the characters that nobody sees: of a row from before they were refused, which is copied."""
    if not isinstance(value, str):
        return value
    return "".join(c for n, c in enumerate(value) if not UNSEEN.match(c) or _needed(value, n))


def _needed(written: str, place: int) -> bool:
    """Whether the script, or a picture made of several, is not written without the unseen character at a place."""
    character, before, after = written[place], written[:place][-1:], written[place + 1 : place + 2]
    if character == "\u200b":
        return bool(WITHOUT_BLANKS.match(before) and WITHOUT_BLANKS.match(after))
    if character in "\u200e\u200f\u061c":
        return RIGHT_TO_LEFT.search(written) is not None
    if character == "\u200d" and before and after and unicodedata.category(after) == "So":
        return before in "\ufe0f🏻🏼🏽🏾🏿" or unicodedata.category(before) == "So"
    return character in "\u200c\u200d" and JOINED.match(before) is not None


def _unseen(written: str, place: int) -> ValidationError:
    character = written[place]
    values = {
        "name": unicodedata.name(character, NAMES_OF_CONTROLS.get(character, _("control character"))).lower(),
        "code": f"U+{ord(character):04X}",
        "place": place + 1,
        "before": "".join(c for c in written[max(0, place - 20) : place] if not UNSEEN.match(c)),
    }
    if values["before"]:
        sentence = _("Nobody sees character %(place)s, after “%(before)s”: delete it (%(name)s, %(code)s).")
    else:
        sentence = _("Nobody sees character %(place)s: delete it (%(name)s, %(code)s).")
    return ValidationError(sentence % values, code="unseen")


# Numbers


def number(written: str, *, percent: bool = False, point: bool = False) -> Decimal | None:
    """The number that was typed, ``None`` where nothing was.

    A comma or a point, any minus, and groups of three digits are read where only one number can be meant. With
    ``percent`` a percent sign may stand behind it, because the unit is percent. With ``point`` a lone point is known
    to be before decimals: ``1.234`` is 1.234 then, and otherwise refused, since half of Europe means 1234 by it.
    """
    require_seen(written)
    typed = written.strip()
    plain = _in_our_digits(typed)
    if plain[-1:] == "%":
        if not percent:
            raise _not(typed, _("“%(typed)s” has a percent sign, and the unit here is not percent."))
        plain = plain[:-1].rstrip()
    if not typed:
        return None
    if plain[:1] in DASHES and plain[1:2].isdigit() | (plain[1:2] in (".", ",")):
        plain = f"-{plain[1:]}"
    if not NUMBER.fullmatch(plain):
        raise _no_number(typed, plain)
    if len(plain) > LONGEST_NUMBER:
        raise _not(typed, _("“%(typed)s” is too long for a number."))
    sign, digits = (plain[0], plain[1:]) if plain[0] in "+-" else ("", plain)
    readings = _readings(digits)
    if len(readings) > 1 and not (point and "." in digits):
        raise _two_numbers(typed, sign.replace("+", ""), *readings)
    if not readings:
        raise _no_number(typed, plain)
    return plain_number(sign + readings[0])


def whole(sent: str | None, longest: int = 9) -> int | None:
    """A whole number that a browser sent, of so many digits at most; ``None`` for anything else."""
    return int(sent) if sent and sent.isascii() and sent.isdecimal() and len(sent) <= longest else None


def _in_our_digits(typed: str) -> str:
    """With digits of one script as 0 to 9, blanks as one kind, and marks that stand for the same as one."""
    scripts = {ord(c) - unicodedata.decimal(c) for c in typed if unicodedata.category(c) == "Nd"}
    if len(scripts) == 1:
        typed = "".join(str(unicodedata.decimal(c, c)) for c in typed)
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in typed).translate(ALIKE)


def _readings(digits: str) -> list[str]:
    """What digits with marks between them can mean, as plain numbers: first with a mark before decimals."""
    ways = []
    for form in (WITHOUT_GROUPS, IN_GROUPS, IN_LAKHS):
        if match := form.fullmatch(digits):
            whole, decimals = re.sub(r"\D", "", match[1]), match[match.re.groups]
            ways.append(f"{whole or 0}.{decimals}" if decimals else whole)
    return ways


def written_number(value: Decimal) -> str:
    """A number as a field shows it: without trailing zeros, except the one without which it is read as thousands."""
    plain = f"{plain_number(value):f}"
    return f"{plain}0" if len(_readings(plain.lstrip("-"))) > 1 else plain


def _two_numbers(typed: str, sign: str, *readings: str) -> ValidationError:
    ways = [f"{sign}{written_number(Decimal(each))}" for each in readings]
    sentence = _("“%(typed)s” is %(one)s to some readers and %(other)s to others: write %(one)s or %(other)s.")
    return _not(typed, sentence, one=ways[0], other=ways[1])


def _not(typed: str, sentence: str, **values: str) -> ValidationError:
    return ValidationError(sentence % {"typed": short(typed), **values}, code="invalid")


def _no_number(typed: str, plain: str) -> ValidationError:
    """Why what was typed is no number, and what to write in its place."""
    if A_BOUND.match(plain):
        return _not(typed, _("“%(typed)s” says more than a number: write the number alone, and choose its bound."))
    if match := A_POWER.fullmatch(plain):
        full = Decimal(match[1].replace(",", ".")).scaleb(int(match[2]))
        if len(f"{full:f}") <= LONGEST_NUMBER:
            sentence = _("“%(typed)s” is not a number written in full: write %(full)s if that is meant.")
            return _not(typed, sentence, full=written_number(full))
    if A_RANGE.fullmatch(plain):
        sentence = _(
            "“%(typed)s” is not a number but a range, or a date: write one number, and choose its bound, such as "
            "“at least”."
        )
        return _not(typed, sentence)
    if half := re.fullmatch(r"([+-]?\d*) ?([¼-¾⅐-⅞↉])", plain):
        whole = Decimal(half[1] + "0" if half[1] in ("", "-", "+") else half[1])
        part = Decimal(str(round(unicodedata.numeric(half[2]), 6)))
        meant = written_number(whole - part if plain[0] == "-" else whole + part)
        return _not(typed, _("“%(typed)s” is not a number written in full: write %(full)s."), full=meant)
    if words := re.fullmatch(r"([+-]?[\d.,' ]*\d) ?([^\W\d_][^\d]*)", plain):
        return _with_words(typed, words[1].strip(), words[2].strip())
    sentence = _(
        "“%(typed)s” is not a number. Write it in full, such as 1234.5, without a thousands separator; "
        "leave it blank where there is none."
    )
    return _not(typed, sentence)


def _with_words(typed: str, digits: str, words: str) -> ValidationError:
    """A number with a word behind it: a scale that the unit may have or not, or the unit itself."""
    scale = SCALES.get(words.split()[0].casefold().rstrip("."))
    if scale and NUMBER.fullmatch(digits) and (readings := _readings(digits.lstrip("+-"))):
        alone = [Decimal(each).copy_sign(-1 if digits[0] == "-" else 1) for each in readings]
        full, bare = (_(" or ").join(map(written_number, ways)) for ways in ([n.scaleb(scale) for n in alone], alone))
        sentence = _(
            "“%(typed)s” is not a number alone. Write it without words: %(full)s, or %(bare)s if the unit of the "
            "record is in such words itself."
        )
        return _not(typed, sentence, full=full, bare=bare)
    return _not(typed, _("“%(typed)s” is not a number alone: leave out “%(words)s”."), words=short(words))


# Days


def day(written: str, *, last: bool = True) -> tuple[datetime.date | None, str]:
    """The day that was typed and its precision, ``(None, "")`` where nothing was.

    ``2025`` and ``2025-06`` mean the period's last day, or its first with ``last=False``.
    """
    require_seen(written)
    typed = " ".join(written.split())
    if not typed:
        return None, ""
    year, month, day_ = _parts(typed, _in_our_digits(typed))
    try:
        if year not in YEARS:
            raise ValueError
        if day_ is not None and month is not None:
            return datetime.date(year, month, day_), "day"
        if month is not None:
            return datetime.date(year, month, calendar.monthrange(year, month)[1] if last else 1), "month"
        return (datetime.date(year, 12, 31) if last else datetime.date(year, 1, 1)), "year"
    except ValueError as error:
        raise _not(typed, _("“%(typed)s” is not a date: write 2025-12-31, 2025-12 or 2025.")) from error


def _parts(typed: str, plain: str) -> tuple[int, int | None, int | None]:
    """Year, month and day as typed; what is not given is ``None``, and the year 0 where it is no date."""
    if match := A_DAY.fullmatch(plain) or IN_CHINESE.fullmatch(plain):
        year, month, day_ = (int(part) if part else None for part in match.groups())
        return year or 0, month, day_
    if match := YEAR_FIRST.fullmatch(plain):
        return int(match[1]), int(match[3]), int(match[4])
    if match := YEAR_LAST.fullmatch(plain):
        return _year_last(typed, int(match[1]), int(match[3]), int(match[4]))
    if match := DAY_MONTH.fullmatch(plain):
        return (int(match[3]) if month_named(match[2]) else 0), month_named(match[2]), int(match[1] or 0) or None
    if match := MONTH_DAY.fullmatch(plain):
        return (int(match[3]) if month_named(match[1]) else 0), month_named(match[1]), int(match[2])
    return 0, None, None


def _year_last(typed: str, first: int, second: int, year: int) -> tuple[int, int, int]:
    """Raises ``ValidationError`` where both numbers can be the month, and are not the same."""
    if first <= 12 and second <= 12 and first != second and year in YEARS and first and second:
        ways = [datetime.date(year, second, first), datetime.date(year, first, second)]
        sentence = _("“%(typed)s” is %(one)s in some countries and %(other)s in others: write %(a)s or %(b)s.")
        words = [date_format(each, "j F Y") for each in ways]
        raise _not(typed, sentence, one=words[0], other=words[1], a=str(ways[0]), b=str(ways[1]))
    return (year, first, second) if second > 12 else (year, second, first)


def month_named(word: str) -> int | None:
    """The number of a month by its name, or the first three letters of it, in English or in the language in use."""
    word = word.casefold().rstrip(".")
    for names in (MONTHS, MONTHS_3):
        for number_, name in names.items():
            with override("en"):
                english = str(name)
            if word in (english.casefold(), str(name).casefold().rstrip(".")) or (word == "sept" and number_ == 9):
                return int(number_)
    return None


def written_day(value: datetime.date, precision: str = "day") -> str:
    """A day as fields and programs have it (ISO 8601), as exactly as it is known: 2025-12-31, 2025-12 or 2025."""
    return value.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]


def is_written_plainly(written: str) -> bool:
    """Whether a day was typed in the form that fields name, so that nobody needs to be told how it was read."""
    return A_DAY.fullmatch(written.strip()) is not None
