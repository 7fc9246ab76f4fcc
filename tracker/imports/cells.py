"""One cell: a text, a number, a day or a yes, or a sentence about why it is none. A blank cell is nothing, never 0."""

import datetime
import math
import re
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.text import typed

EXCEL_DAY_0 = datetime.date(1899, 12, 30)
EXCEL_DAYS = range(10_000, 80_000)  # from 1927 to 2119: what a spreadsheet shows for a date without its format
EXCEL_DIGITS = 15  # as many as a spreadsheet keeps
YES_OR_NO = {"": False, "yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Unusable:
    """A cell that cannot be read: a formula or what a spreadsheet shows where one failed, or for the reason given."""

    text: str
    why: str = ""

    def __str__(self):
        return self.text


def is_blank(cell):
    """Whether a cell holds nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def usable(cell):
    """The cell as it is. Raises ``ValidationError`` for a formula, and for what is seen otherwise than it is held."""
    if isinstance(cell, Unusable) and cell.why:
        raise ValidationError(cell.why)
    if isinstance(cell, Unusable):
        raise ValidationError(_("“%(cell)s” is a formula or its error: put its result there.") % {"cell": cell})
    return cell


def text(cell):
    """A cell as text without blanks around it; a number as it is written in full, a date as 2025-12-31.

    Raises ``ValidationError`` for a formula, and for a character that nobody sees.
    """
    cell = usable(cell)
    if is_blank(cell):
        return ""
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    if isinstance(cell, float) and math.isfinite(cell):
        return f"{Decimal(f'{cell:.{EXCEL_DIGITS}g}'):f}"
    return typed.text(str(cell)).strip()


def code(cell):
    """A cell as a code, blank where there is none. Raises ``ValidationError`` for a number that may have lost a nought.

    A spreadsheet makes 1.1 of “1.10”, unless the cell is a text or has a format that shows both decimals.
    """
    if isinstance(cell, float) and cell != int(cell):
        sentence = _("“%(cell)s” is a number and no code: a nought at its end would be lost. Make the cell a text.")
        raise ValidationError(sentence % {"cell": text(cell)})
    return text(cell)


def number(cell, *, percent=False, point=True):
    """A cell as an exact number, ``None`` where it is blank. Raises ``ValidationError`` for what is no plain number.

    With ``percent`` a percent sign may stand behind it, because the unit is percent. A file's decimals stand behind a
    point, as its description says, so that ``1.234`` is no thousands; a table whose decimals stand behind a comma says
    so with ``point=False``.
    """
    if isinstance(cell, bool | datetime.date):
        raise ValidationError(_("“%(cell)s” is not a number.") % {"cell": text(cell)})
    return typed.number(text(cell), percent=percent, point=point or isinstance(cell, float))


def flag(cell):
    """A cell as yes or no; blank is no. Raises ``ValidationError`` for anything else."""
    written = text(cell)
    if written.casefold() not in YES_OR_NO:
        raise ValidationError(_("“%(cell)s” is neither yes nor no.") % {"cell": typed.short(written)})
    return YES_OR_NO[written.casefold()]


def counted_day(written):
    """The day that a spreadsheet's count of days such as 46022 means; ``None`` for what is no such count."""
    if re.fullmatch(r"\d{5}(\.\d+)?", written, re.ASCII) and int(written[:5]) in EXCEL_DAYS:
        return EXCEL_DAY_0 + datetime.timedelta(days=int(written[:5]))
    return None


def day(cell, *, last=True):
    """A cell as a day and its precision, ``(None, "")`` where it is blank.

    ``2025`` and ``2025-06`` mean the period's last day, or its first with ``last=False``. Raises ``ValidationError``
    for what is no date, and for one that is only there as a spreadsheet's count of days.
    """
    if isinstance(usable(cell), datetime.datetime):
        return cell.date(), "day"
    written = text(cell)
    if (meant := counted_day(written)) is not None:
        sentence = _("“%(cell)s” looks like a date as a spreadsheet counts days: write %(meant)s if that is meant.")
        raise ValidationError(sentence % {"cell": written, "meant": meant})
    return typed.day(written, last=last)
