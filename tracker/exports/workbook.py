"""A filtered set as an XLSX workbook: typed cells, what the file is on a second sheet, the dictionary on a third.

Rows go to disk as they come. Nothing in a workbook is ever a formula: texts are written as texts, whatever they begin
with. Numbers are numbers where a spreadsheet holds them exactly, which is up to 15 digits, and texts beyond.
"""

import contextlib
import datetime
import re
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from tracker.records import dictionary

from .text import as_text, looks_like_a_formula

EXACT_DIGITS = 15
LONGEST_TEXT = 32_767  # characters in a cell
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WIDTHS = {"title": 44, "quote": 44, "test": 52, "other_reading": 30, "code": 10, "status": 14}
WIDTH = 16


def typed(value, type_):
    """A plain value as a workbook holds it: a number, a date or a text; ``None`` for a blank."""
    if value is None or value == []:
        return None
    if type_ in (dictionary.NUMBER, dictionary.WHOLE):
        number = Decimal(value)
        return number if len(number.as_tuple().digits) <= EXACT_DIGITS else str(value)
    if type_ == dictionary.DATE:
        return datetime.date.fromisoformat(value)
    text = as_text(value)
    # A line break has one spelling in XML; signs that XML has no place for are shown as missing.
    text = NOT_IN_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > LONGEST_TEXT:
        cut = _(" … (longer than a cell can hold; CSV and JSON have all of it)")
        return text[: LONGEST_TEXT - len(cut)] + cut
    return text


def cell_of(sheet, value, type_=dictionary.TEXT):
    """A cell that shows a value as it is and never runs it; ``None`` for a blank, the value itself where that will do.

    Most are texts that nothing takes for anything else; an object for each of them is half the work of a workbook.
    """
    value = typed(value, type_)
    if value is None or (isinstance(value, str) and value[:1].isalpha()):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, Decimal):
        decimals = max(0, -value.as_tuple().exponent)
        cell.number_format = "0." + "0" * decimals if decimals else "0"
    elif isinstance(value, datetime.date):
        cell.number_format = "yyyy-mm-dd"
    else:
        cell.data_type = "s"  # openpyxl would take =… for a formula and #N/A for an error
        cell.quotePrefix = looks_like_a_formula(value)  # so that it stays a text when somebody edits the cell
    return cell


def _sheet(book, title, header, widths):
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    cells = [WriteOnlyCell(sheet, value=name) for name in header]
    for cell in cells:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top")
    sheet.append(cells)
    return sheet


def write(file, *, columns, rows, about, sheet=None):
    """Write a workbook of rows with these columns into a binary file."""
    book = Workbook(write_only=True)
    try:
        _fill(book, columns, rows, about, sheet)
        book.save(file)
    except BaseException:
        for each in (each for each in book if each._writer):  # half of each lies in TMPDIR
            for part in filter(None, (each._rows, each._writer.xf)):
                with contextlib.suppress(Exception):  # what it still writes finds no room either
                    part.close()
            with contextlib.suppress(OSError):
                each._writer.cleanup()
        raise


def _fill(book, columns, rows, about, sheet):
    book.properties.creator, book.properties.title = _("Promise by promise"), about.get("title")
    names = [column.name for column in columns]
    sheet = _sheet(book, sheet or _("Commitments"), names, [WIDTHS.get(name, WIDTH) for name in names])
    count = 0
    for row in rows:
        sheet.append([cell_of(sheet, row[column.name], column.type) for column in columns])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{count + 1}"
    sheet = _sheet(book, _("About"), [_("What"), _("This file")], [18, 90])
    for name, value in about.items():
        type_ = dictionary.WHOLE if isinstance(value, int) else dictionary.TEXT
        sheet.append([cell_of(sheet, name), cell_of(sheet, value, type_)])
    header = [_("Column"), _("Type"), _("Can be blank"), _("Meaning"), _("Codes")]
    sheet = _sheet(book, _("Dictionary"), header, [20, 24, 14, 90, 90])
    for column in columns:
        blank = _("no") if column.filled else _("yes")
        sheet.append(
            [
                cell_of(sheet, text)
                for text in (column.name, column.type_words, blank, column.help, column.in_words or None)
            ]
        )
