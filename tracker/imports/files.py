"""A file that somebody sent, as a table: its type by its content, its layout by its columns, within limits of cost.

Every refusal is a ``ValidationError`` with a sentence for the person who sent it.
"""

import csv
import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .cells import Unusable, is_blank
from .layouts import KNOWN, spelled
from .xlsx import Sheet, Workbook

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2_000  # each is checked like a form: a preview of so many takes some seconds
MOST_COLUMNS = 60
LISTS, HELP = "Lists", "Help"  # sheets of the file to start from, which are not read
MOST_ABOVE = 20  # rows over the names of the columns, such as a title
MOST_BLANK = 20_000  # rows of a CSV file altogether
LONGEST_ROW = 1_000_000  # characters of a CSV file
SEPARATORS = ",;\t|"
SEPARATOR_SAID = re.compile(r"\ufeff?\"?sep=(.)\"?[ ,;\t]*(?:\r\n|\r|\n)", re.IGNORECASE)

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
Numbered = tuple[int, list[object]]


@dataclass(frozen=True)
class FileRows:
    """The names of the columns, and each row: its number in the file, and its cells by column.

    ``notes`` are sentences on what was read of the file, and what was not.
    """

    columns: list[str]
    rows: list[tuple[int, dict[str, object]]]
    notes: list[str] = field(default_factory=list)


def read(content: bytes, known: Set[str] = frozenset(KNOWN), most: int = MOST_ROWS) -> FileRows:
    """A file's bytes as a table: the first row with ``known`` names of columns names them; a title may stand above it.

    ``most`` is how many rows it may have.
    """
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024})
    sheet: Sheet | None = None
    notes: list[str] = []
    rows: Iterable[Numbered]
    if content.startswith(b"PK"):
        sheet, notes = _sheet(content, most)
        rows = sheet.rows
    else:
        rows = _csv(_decoded(content), known)
    filled = (numbered for numbered in rows if not all(map(is_blank, numbered[1])))
    head = list(itertools.islice(filled, MOST_ABOVE + 1))
    at = next((place for place, (_n, row) in enumerate(head) if len(known & set(map(spelled, _names(row)))) > 1), 0)
    top, first = head[at] if head else (0, [])
    columns = _columns(first)
    if at:
        sentence = _("Row %(row)s was taken for the names of the columns; what stands above it is not read.")
        notes.append(sentence % {"row": top})
    result = FileRows(columns, [], notes)
    for n, row in itertools.chain(head[at + 1 :], filled):
        if not all(map(is_blank, row[len(columns) :])):
            raise ValidationError(_("Row %(row)s has more cells than there are columns.") % {"row": n})
        if len(result.rows) == most:
            raise _too_many_rows(most)
        result.rows.append((n, dict(itertools.zip_longest(columns, row[: len(columns)]))))
    if sheet:
        refuse_merged(sheet, [top, *(n for n, _row in result.rows)])
    if not result.rows:
        raise ValidationError([_("There is no row in the file below the names of the columns."), *notes])
    return result


def _too_many_rows(most: int = MOST_ROWS) -> ValidationError:
    sentence = _("The file has more than %(limit)s rows: split it, and import the parts one after another.")
    return ValidationError(sentence % {"limit": f"{most:,}"})


def _names(row: Sequence[object]) -> list[str]:
    return [str(cell or "").strip().lower() for cell in row]


def _columns(row: list[object]) -> list[str]:
    """The names of the columns. Raises ``ValidationError`` where one is blank or stands twice."""
    while row and is_blank(row[-1]):
        row = row[:-1]
    names = _names(row)
    if not names:
        raise ValidationError(_("The file is empty."))
    if len(names) > MOST_COLUMNS:
        raise ValidationError(_("The file has more than %(limit)s columns.") % {"limit": MOST_COLUMNS})
    for place, name in enumerate(names, 1):
        if not name:
            raise ValidationError(_("Column %(place)s has no name.") % {"place": place})
        if name in names[: place - 1]:
            raise ValidationError(_("The column “%(name)s” stands twice.") % {"name": name[:60]})
    return names


def _decoded(content: bytes) -> str:
    """A CSV file's text, in the only encodings of which one can be sure: UTF-8, and UTF-16 that says so."""
    neither = ValidationError(_("This is neither CSV in UTF-8 nor XLSX. Save it as one of them."))
    if content.startswith((b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise neither
    utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("The file is not in UTF-8 (byte %(place)s): save it as “CSV UTF-8”.")
        raise ValidationError(sentence % {"place": f"{error.start + 1:,}"}) from error
    if "\0" in text:
        raise neither
    return text


def _csv(text: str, known: Set[str]) -> Iterator[Numbered]:
    """Numbered rows of a CSV file, separated by commas, or by what some spreadsheets put in their place."""
    match = SEPARATOR_SAID.match(text)
    skipped = match.end() if match else 0
    separator = match[1] if match else max(SEPARATORS, key=lambda each: _names_of(text, each, known))
    if separator not in SEPARATORS:
        raise ValidationError(_("“%(separator)s” cannot separate cells here: use a comma.") % {"separator": separator})
    for n, row in _rows_of(text[skipped:], separator):
        yield n + bool(match), [Unusable(cell[:60]) if cell.lstrip().startswith("=") else cell for cell in row]


def _names_of(text: str, separator: str, known: Set[str]) -> tuple[int, int]:
    """How many known names one of the first rows has with a separator, and how often that stands in the first row."""
    first = text[: text.find("\n", 1) + 1 or None][:LONGEST_ROW]
    try:
        rows = itertools.islice(_rows_of(text[:LONGEST_ROW], separator), MOST_ABOVE)
        return max((len(known & set(map(spelled, _names(row)))) for _n, row in rows), default=0), first.count(separator)
    except ValidationError:
        return 0, first.count(separator)


def _rows_of(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    length = 0

    def lines() -> Iterator[str]:
        nonlocal length
        for line in LINE.finditer(text):
            length += len(line[0])
            if length > LONGEST_ROW:
                raise csv.Error
            yield line[0]

    n = 0
    try:
        for n, row in enumerate(csv.reader(lines(), delimiter=separator, strict=True), 1):
            length = 0
            if n > MOST_BLANK:
                raise _too_many_rows()
            yield n, row
    except csv.Error as error:
        sentence = _("Row %(row)s cannot be read as CSV: a quotation mark is missing, or a cell is too long.")
        raise ValidationError(sentence % {"row": n + 1}) from error


def _sheet(content: bytes, most: int) -> tuple[Sheet, list[str]]:
    """The only sheet that holds something and is seen, and what is said of it. Another one is refused by its name."""
    book = Workbook(content, columns=MOST_COLUMNS)
    own = (LISTS, HELP)
    numbers = [number for number, (name, visible, _part) in enumerate(book.sheets) if visible and name not in own]
    filled = [number for number in numbers if book.read(number, most=1).rows]
    if len(filled) > 1:
        sentence = _(
            "Only one sheet is read, and the sheet “%(name)s” holds something too: "
            "delete it, or save it as a file of its own."
        )
        raise ValidationError(sentence % {"name": book.sheets[filled[1]][0][:60]})
    if not filled:
        raise ValidationError(_("The file is empty."))
    sheet = book.read(filled[0], most=most + MOST_ABOVE + 2)
    notes = [_("Read is the sheet “%(name)s”.") % {"name": sheet.name[:60]}]
    if unseen := [name[:60] for name, visible, _part in book.sheets if not visible]:
        names = ", ".join(f"“{name}”" for name in unseen[:10])
        notes.append(_("Hidden, and not read: the sheets %(names)s.") % {"names": names})
    return sheet, [*notes, *hidden_in(sheet)]


def hidden_in(sheet: Sheet) -> Iterator[str]:
    """What is said of the rows and columns of a sheet that nobody sees."""
    if sheet.hidden_rows:
        values = {"count": len(sheet.hidden_rows), "rows": runs(sheet.hidden_rows)}
        sentence = ngettext(
            "Hidden or filtered away, and not read: row %(rows)s.",
            "Hidden or filtered away, and not read: %(count)s rows (%(rows)s).",
            len(sheet.hidden_rows),
        )
        yield sentence % values
    if sheet.hidden_columns:
        columns = runs(sorted(sheet.hidden_columns), letter)
        yield _("Hidden, and not read: column %(columns)s.") % {"columns": columns}


def letter(column: int) -> str:
    """The letters of a column that is counted from 0: A, B … Z, AA."""
    from openpyxl.utils.cell import get_column_letter

    return get_column_letter(column + 1)


def runs(numbers: list[int], name: Callable[[int], str] = str) -> str:
    """Numbers in a few words: 5, 7–9, and no more than ten such."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [name(first) if first == last else f"{name(first)}–{name(last)}" for first, last in runs]
    return ", ".join(words[:10] + ["…"] * (len(words) > 10))


def refuse_merged(sheet: Sheet, rows: list[int]) -> None:
    """Refuse cells that are one to the eye and several to a reader of rows, of which all but the first are blank."""
    lines = sorted(rows)
    for first, last, name in sheet.merged:
        place = bisect_left(lines, first)
        if place < len(lines) and lines[place] <= last:
            sentence = _("The cells %(cells)s are merged into one: split them, and fill each.")
            raise ValidationError(sentence % {"cells": name[:20]})
