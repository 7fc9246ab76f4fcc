"""One cell: a text, a number, a day or a yes, or a sentence about why it is none. A blank cell is nothing, never 0."""

import calendar
import datetime
import math
import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

EXCEL_DAY_0 = datetime.date(1899, 12, 30)
EXCEL_DAYS = range(10_000, 80_000)  # from 1927 to 2119: what a spreadsheet shows for a date without its format
YEARS = range(1900, 2101)
LONGEST_NUMBER = 24  # characters; what arithmetic keeps of a number is more
EXCEL_DIGITS = 15  # as many as a spreadsheet keeps
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
YES_OR_NO = {"": False, "yes": True, "true": True, "no": False, "false": False}
A_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True)
class Unusable:
    """A cell that holds no content of its own: a formula, or what a spreadsheet shows where one failed."""

    text: str

    def __str__(self):
        return self.text


def is_blank(cell):
    """Whether a cell holds nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def usable(cell):
    """The cell as it is. Raises ``ValidationError`` for a formula."""
    if isinstance(cell, Unusable):
        raise ValidationError(_("“%(cell)s” is a formula or its error: put its result there.") % {"cell": cell})
    return cell


def text(cell):
    """A cell as text without blanks around it; a number as it is written in full, a date as 2025-12-31."""
    cell = usable(cell)
    if is_blank(cell):
        return ""
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, float) and math.isfinite(cell):
        return f"{Decimal(f'{cell:.{EXCEL_DIGITS}g}'):f}"
    return str(cell).strip()


def number(cell):
    """A cell as an exact number, ``None`` where it is blank. Raises ``ValidationError`` for what is no plain number."""
    written = text(cell)
    if not written:
        return None
    if isinstance(cell, bool | datetime.date) or not PLAIN_NUMBER.fullmatch(written):
        sentence = _(
            "“%(cell)s” is not a number. Write it in full, such as 1234.5, without a thousands separator; "
            "leave the cell blank where there is none."
        )
        raise ValidationError(sentence % {"cell": written})
    if len(written) > LONGEST_NUMBER:
        raise ValidationError(_("“%(cell)s” is too long for a number.") % {"cell": written[:60]})
    return Decimal(written)


def flag(cell):
    """A cell as yes or no; blank is no. Raises ``ValidationError`` for anything else."""
    written = text(cell)
    if written.casefold() not in YES_OR_NO:
        raise ValidationError(_("“%(cell)s” is neither yes nor no.") % {"cell": written[:60]})
    return YES_OR_NO[written.casefold()]


def day(cell, *, last=True):
    """A cell as a day and its precision, ``(None, "")`` where it is blank.

    ``2025`` and ``2025-06`` mean the period's last day, or its first with ``last=False``. Raises ``ValidationError``
    for anything else, and for a date that is only there as a spreadsheet's count of days.
    """
    if isinstance(usable(cell), datetime.datetime):
        return cell.date(), "day"
    written = text(cell)
    if not written:
        return None, ""
    if re.fullmatch(r"\d{5}(\.\d+)?", written, re.ASCII) and int(written[:5]) in EXCEL_DAYS:
        meant = EXCEL_DAY_0 + datetime.timedelta(days=int(written[:5]))
        sentence = _("“%(cell)s” looks like a date as a spreadsheet counts days: write %(meant)s if that is meant.")
        raise ValidationError(sentence % {"cell": written, "meant": meant})
    match = A_DAY.fullmatch(written)
    try:
        if not match or int(match[1]) not in YEARS:
            raise ValueError
        year, month, day_ = (int(part) if part else None for part in match.groups())
        if day_:
            return datetime.date(year, month, day_), "day"
        if month:
            return datetime.date(year, month, calendar.monthrange(year, month)[1] if last else 1), "month"
        return (datetime.date(year, 12, 31) if last else datetime.date(year, 1, 1)), "year"
    except ValueError as error:
        sentence = _("“%(cell)s” is not a date: write 2025-12-31, 2025-12 or 2025.")
        raise ValidationError(sentence % {"cell": written}) from error
