"""What a spreadsheet shows of a number that it holds, by the format of its cell.

A cell is read as the person sees it. Where it shows another number than it holds, neither is taken: a sentence says so.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from django.utils.translation import gettext as _

from .cells import EXCEL_DIGITS, Unusable

LONGEST_FORMAT = 255  # characters, as in the spreadsheet itself
# Formats that are known by number and written out nowhere.
KNOWN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?"}
KNOWN |= {13: "# ??/??", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss"}
KNOWN |= {20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 49: "@"}
KNOWN |= {48: "##0.0E+0"} | dict.fromkeys((5, 6, 37, 38), "#,##0;-#,##0") | dict.fromkeys((7, 8), "#,##0.00;-#,##0.00")
KNOWN |= dict.fromkeys((39, 40), "#,##0.00;-#,##0.00") | dict.fromkeys((41, 42), '#,##0;-#,##0;"-"')
KNOWN |= dict.fromkeys((43, 44), '#,##0.00;-#,##0.00;"-"') | {30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"'}
TOKEN = re.compile(r'"([^"]*)"?|_.|\*.|\[([^\]]*)\]|(General)|(AM/PM|A/P|E[+-])|\\?(.)', re.IGNORECASE | re.DOTALL)
COLOUR = re.compile(r"(?:black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+)", re.IGNORECASE)
DATE_LETTERS = frozenset("ymdhs")
FIRST_DAY = 61  # before March 1900 a spreadsheet counts a day that never was
LAST_DAY = 2_958_465  # the end of 9999


@dataclass(frozen=True)
class Section:
    """One part of a format: what it writes around a number, and how it writes the number."""

    understood: bool
    dates: str  # the letters of a date that it shows, each once
    before: str
    digits: str  # placeholders, decimal point and thousands separators between the first and the last
    after: str
    scale: int  # of a thousand each, by commas at the end
    percent: int
    general: bool


def as_shown(number: Decimal, code: str | None, *, from_1904: bool = False) -> object:
    """A number as its format shows it: a number, a date, a text, or what cannot be used, with why.

    A text has the decimals and the percent sign that are seen, and no signs of thousands or currencies.
    ``code`` is ``None`` where the format is known by a number alone, and what it means depends on the country.
    """
    plain = _plain(number)
    sections = _sections(code) if code is not None and len(code) <= LONGEST_FORMAT else ()
    if not sections or not all(section.understood for section in sections):
        why = _("This cell holds %(held)s in the format “%(format)s”, which is not read here: write what is meant.")
        return Unusable(f"{plain:f}", why % {"held": f"{plain:f}"[:60], "format": (code or "?")[:60]})
    section = _of(sections, plain)
    if section.dates:
        return _date(plain, section, from_1904=from_1904)
    if section.general and not (section.before or section.after):
        return int(plain) if plain == plain.to_integral() and abs(plain) < 10**EXCEL_DIGITS else float(plain)
    return _number(plain, section, own_sign=len(sections) == 1 or plain >= 0)


def _plain(number: Decimal) -> Decimal:
    """Without the noise of a spreadsheet's arithmetic."""
    return Decimal(f"{number:.{EXCEL_DIGITS}g}")


def _of(sections: tuple[Section, ...], number: Decimal) -> Section:
    """The part of a format that is for numbers of this sign."""
    if number < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[Section, ...]:
    """A format taken apart: for positive numbers, negative ones and nought; what it does to text is left away."""
    sections: list[list[re.Match[str]]] = [[]]
    for token in TOKEN.finditer(code):
        if token[0] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return tuple(_section(tokens) for tokens in sections[:3])


def _section(tokens: list[re.Match[str]]) -> Section:
    before, digits, after, dates = "", "", "", ""
    understood, general = True, False
    for token in tokens:
        character = (token[5] or "").lower()
        if character and character in "0#?.,":
            digits += character
        elif character in DATE_LETTERS:
            dates += character
        elif token[3] or character == "@":
            general = True
        elif digits or general:
            after += _literal(token)
        else:
            before += _literal(token)
        understood = understood and _is_understood(token) and not (character == "/" and digits)  # a fraction
    if dates:
        return Section(understood and not digits.strip("0."), _parts_of(dates), "", "", "", 0, 0, general=False)
    scale = len(digits) - len(digits.rstrip(","))
    percent = sum(token[5] == "%" for token in tokens)
    return Section(understood and digits.count(".") <= 1, "", before, digits, after, scale, percent, general)


def _is_understood(token: re.Match[str]) -> bool:
    """Whether nothing is meant but colour, country and what is written: no condition, no power of ten, no era."""
    if token[2] is not None:
        return bool(token[2].startswith("$") or COLOUR.fullmatch(token[2]))
    return not (token[4] or (token[5] or "").lower() in ("e", "g", "b"))


def _literal(token: re.Match[str]) -> str:
    """What a part of a format writes as it stands; of what is in brackets that is a currency."""
    if token[2] is not None:
        return token[2][1:].split("-")[0] if token[2].startswith("$") else ""
    return token[1] or token[5] or ""


def _parts_of(letters: str) -> str:
    """The letters of a date that are shown, each once: of ``m`` only those that are months and no minutes."""
    timed = "h" in letters or "s" in letters
    months = "m" in re.sub(r"h+m+|m+s+", "", letters) if timed else "m" in letters
    return "".join(each for each in "ydhs" if each in letters) + ("m" if months else "")


def _date(number: Decimal, section: Section, *, from_1904: bool) -> object:
    """A day as a day; a month or a year, where no more is shown, as 2025-12 or 2025."""
    if from_1904:
        number += 1462
    if not FIRST_DAY <= number <= LAST_DAY:
        return Unusable(f"{number:f}", _("This cell shows a time, and no day: write the day as 2025-12-31."))
    day = datetime.datetime(1899, 12, 30) + datetime.timedelta(days=int(number))
    shown = section.dates
    if "y" in shown and "m" in shown and "d" in shown:
        return day
    if "y" in shown and "m" in shown:
        return f"{day:%Y-%m}"
    if "y" in shown and "d" not in shown:
        return f"{day:%Y}"
    why = _("This cell shows no year, and holds %(day)s: write the date in full.") % {"day": f"{day:%Y-%m-%d}"}
    return Unusable(f"{day:%Y-%m-%d}", why)


def _number(stored: Decimal, section: Section, *, own_sign: bool) -> object:
    """A number with decimals, separators and signs as they are seen, if that is the number that the cell holds."""
    shown, text = _digits(stored, section)
    words = f"{section.before}{text}{section.after}"
    if stored < 0 and own_sign:
        words = f"-{words}"
    words = " ".join(words.split())
    if not text:  # a dash for nought, or nothing
        why = _("This cell shows “%(shown)s” and holds %(held)s: write there which of them is meant.")
        return Unusable(words, why % {"shown": words, "held": f"{stored:f}"})
    negative = words.startswith("-") or "(" in section.before or "-" in section.before
    seen = -shown if negative else shown
    if seen != stored * 100**section.percent:
        why = _("This cell shows “%(shown)s” and holds %(held)s: write there which of them is meant.")
        return Unusable(words, why % {"shown": words, "held": f"{stored:f}"})
    around = section.before + section.after
    if _is_currency(around) or all(c in "()-+% \u00a0" or unicodedata.category(c) == "Sc" for c in around):
        return f"{'-' if seen < 0 else ''}{text.replace(',', '')}{'%' if '%' in around else ''}"
    return words


def _is_currency(around: str) -> bool:
    """Whether what stands around a number is the three letters of a currency, such as CNY."""
    return bool(re.fullmatch(r"[\s()\-+]*[A-Z]{2,3}[$]?[\s()\-+]*", around))


def _digits(stored: Decimal, section: Section) -> tuple[Decimal, str]:
    """The size of the number that is shown, and its digits as they are written."""
    size = abs(stored) * 100**section.percent
    if section.general:
        return size, f"{size:f}"
    placeholders = section.digits.rstrip(",")
    if not placeholders.strip(".,"):
        return size, ""
    whole, _point, decimals = placeholders.partition(".")
    with localcontext(prec=400):  # all digits of the largest number, and of the longest format
        size = (size / 1000**section.scale).quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    text = f"{size:,f}" if "," in whole else f"{size:f}"
    whole_part, point, decimal_part = text.partition(".")
    least = max((place + 1 for place, each in enumerate(decimals) if each == "0"), default=0)
    decimal_part = decimal_part[:least] + decimal_part[least:].rstrip("0")
    whole_part = whole_part.zfill(whole.count("0")) if "," not in whole else whole_part
    return size, f"{whole_part}{point if decimal_part else ''}{decimal_part}"
