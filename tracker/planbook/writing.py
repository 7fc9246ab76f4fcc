"""A plan's rows as a spreadsheet: heads in words, help below them, lists in the cells; and the one to start from."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.models import BeneficiaryGroup, Body, Metric
from tracker.schema import DATE, FLAG, MANY, NUMBER, ONE, PARTS, REPEATED, WHOLE, WORDS, Row, Table
from tracker.text import typed

from .columns import LISTS, NONE, ON_RECORD, README, Column, Sheet, head_of
from .reading import MOST_ROWS
from .sheets import BODIES, GROUPS, IN_ORDER, METRICS, PLAN, STAGES, explained
from .suggest import name_in

BOLD, QUIET = Font(bold=True), Font(italic=True, color="FF595959", size=9)
HEAD = PatternFill("solid", fgColor="FFE8EEF4")
WRAP, TOP = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")
Rows = Mapping[Table, Sequence[Row]]


def workbook(rows: Rows, *, all_sheets: bool = False) -> bytes:
    """A spreadsheet of these rows by table. Sheets that few plans have are in it where they hold something."""
    book = Workbook()
    _readme(book.active)
    lists = book.create_sheet(str(LISTS))
    listed: dict[tuple[str, ...], str] = {}
    for sheet in IN_ORDER:
        lines = _lines(sheet, rows)
        if sheet.extra and not (lines or all_sheets):
            continue
        page = book.create_sheet(str(sheet.name))
        (_upright if sheet.upright else _rows)(page, sheet, lines)
        _offer(page, sheet, lists, listed)
    _on_record(book.create_sheet(str(ON_RECORD)))
    book.move_sheet(lists, len(book.sheetnames))
    lists.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _lines(sheet: Sheet, rows: Rows) -> list[Row]:
    """The rows of a sheet; the stages of each ladder one a row."""
    records = rows.get(sheet.table, ())
    if sheet is STAGES:
        return [{"metric": row["code"], "stage": rung} for row in records for rung in row["rungs"] or ()]
    return list(records)


def _rows(page: Worksheet, sheet: Sheet, lines: Sequence[Row]) -> None:
    """Heads, what each column is for, and the rows. Columns of codes are texts, or a spreadsheet makes 1.1 of 1.10."""
    for place, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.wide
        if sheet.key(column).type not in (NUMBER, WHOLE):
            page.column_dimensions[letter].number_format = "@"
        _write(page, 1, place, head_of(column, sheet), font=BOLD, fill=HEAD)
        _write(page, 2, place, str(column.help), font=QUIET)
    page.row_dimensions[2].height = 62
    page.freeze_panes = "A3"
    for n, row in enumerate(lines, 3):
        for place, column in enumerate(sheet.columns, 1):
            _put(page, n, place, _cell(sheet, column, row))


def _upright(page: Worksheet, sheet: Sheet, lines: Sequence[Row]) -> None:
    for letter, width in (("A", 28), ("B", 60), ("C", 80)):
        page.column_dimensions[letter].width = width
    page.column_dimensions["B"].number_format = "@"
    page.append([str(sheet.about)])
    page["A1"].font = QUIET
    for n, column in enumerate(sheet.columns, 2):
        _write(page, n, 1, head_of(column, sheet), font=BOLD, fill=HEAD)
        _put(page, n, 2, _cell(sheet, column, lines[0]) if lines else None)
        _write(page, n, 3, str(column.help), font=QUIET)


def _write(page: Worksheet, row: int, column: int, text: str, *, font: Font, fill: PatternFill | None = None) -> None:
    cell = page.cell(row, column, text)
    cell.font, cell.alignment = font, WRAP
    if fill:
        cell.fill = fill


def _put(page: Worksheet, row: int, column: int, value: object) -> None:
    """A value into a cell, as a text where it is one: no cell begins a formula."""
    if value is None:
        return
    cell = page.cell(row, column)
    cell.alignment = WRAP if isinstance(value, str) and ("\n" in value or len(value) > 20) else TOP
    if isinstance(value, str):
        cell.value, cell.data_type, cell.number_format = value, "s", "@"
    else:
        cell.value = value


def _cell(sheet: Sheet, column: Column, row: Row) -> object:
    """What stands in a cell for a value of a row."""
    value, key, words = row[column.key], sheet.key(column), sheet.words(column)
    if value is None:
        # Where a row must have a value, no blank of one on record is meant.
        return NONE if column.suggested and not key.required else None
    if words:
        return words[value]
    if key.type == DATE:
        return typed.written_day(value, row[column.precision] if column.precision else "day")
    if key.type in (MANY, WORDS):
        return "\n".join(value)
    if key.type == REPEATED:
        lines = (" | ".join(each.get(part, "") for part in PARTS[REPEATED]) for each in value)
        return "\n".join(line.rstrip(" |") for line in lines)
    if key.type == FLAG:
        return _("yes")
    return _number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal) -> int | float | str:
    """A number as one, where a spreadsheet keeps it to the last digit, and else as a text."""
    if value == value.to_integral():
        return int(value) if abs(value) < 10**15 else f"{value:f}"
    return float(value) if Decimal(str(float(value))) == value else f"{value:f}"


def _offer(page: Worksheet, sheet: Sheet, lists: Worksheet, listed: dict[tuple[str, ...], str]) -> None:
    """Lists in the cells: words of closed lists, and names from the sheets of this file; others are read too."""
    for place, column in enumerate(sheet.columns, 1):
        key = sheet.key(column)
        words = tuple(dict.fromkeys(sheet.words(column).values())) or (("yes",) if key.type == FLAG else ())
        source = _column_of_words(words, lists, listed) if words else _column_of_names(key) if key.type == ONE else ""
        if not source:
            continue
        allowed = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=False)
        letter = get_column_letter(place)
        allowed.add(f"B{place + 1}" if sheet.upright else f"{letter}3:{letter}{MOST_ROWS}")
        page.add_data_validation(allowed)


def _column_of_words(words: tuple[str, ...], lists: Worksheet, listed: dict[tuple[str, ...], str]) -> str:
    """The cells of the sheet of lists that hold these words."""
    if words not in listed:
        place = len(listed) + 1
        for n, word in enumerate(words, 1):
            lists.cell(n, place, word).number_format = "@"
        letter = get_column_letter(place)
        listed[words] = f"'{LISTS}'!${letter}$1:${letter}${len(words)}"
    return listed[words]


def _column_of_names(key: Any) -> str:
    """The cells in which the records that a column may name have their names, or codes where they have none."""
    sheet = next((each for each in IN_ORDER if each.table.model is key.to and each is not STAGES), None)
    if sheet is None or sheet is PLAN or sheet.extra:
        return ""
    names = [each.key for each in sheet.columns]
    letter = get_column_letter(names.index(name_in(sheet.table)) + 1)
    return f"'{sheet.name}'!${letter}$3:${letter}$500"


def _readme(page: Worksheet) -> None:
    page.title = str(README)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 26, 100
    page.append([_("A plan as a spreadsheet")])
    page["A1"].font = Font(bold=True, size=14)
    for line in explained():
        page.append(["", str(line)])
    page.append([])
    for sheet in IN_ORDER:
        page.append([str(sheet.name), str(sheet.about)])
        page.cell(page.max_row, 1).font = BOLD
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = WRAP


def _on_record(page: Worksheet) -> None:
    """What the site holds already, to be named in the sheets of the file."""
    page.append([_("On record already: name these in the other sheets, by code or name. This sheet is not read.")])
    page["A1"].font = QUIET
    for place, (sheet, model) in enumerate(((BODIES, Body), (METRICS, Metric), (GROUPS, BeneficiaryGroup)), 0):
        _write(page, 2, 2 * place + 1, str(sheet.name), font=BOLD, fill=HEAD)
        _write(page, 2, 2 * place + 2, _("Code"), font=BOLD, fill=HEAD)
        for n, (code, name) in enumerate(model.objects.order_by("name").values_list("code", "name"), 3):
            _put(page, n, 2 * place + 1, name)
            _put(page, n, 2 * place + 2, code)
        for column, width in ((1, 40), (2, 30)):
            page.column_dimensions[get_column_letter(2 * place + column)].width = width
    page.freeze_panes = "A3"
