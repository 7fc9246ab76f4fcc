"""A file that somebody sent, as a table: its type by its content, its layout by its columns, within limits of size.

Every refusal is a ``ValidationError`` with a sentence for the person who sent it.
"""

import csv
import io
import itertools
import logging
import warnings
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook

from .cells import Unusable, is_blank

logger = logging.getLogger(__name__)

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2_000  # each is checked like a form: a preview of so many takes some seconds
MOST_UNPACKED = 50 * 1024 * 1024  # of an XLSX file, which is a ZIP archive
MOST_PARTS = 500
MOST_COLUMNS = 60


@dataclass(frozen=True)
class Table:
    """The names of the columns, and each row: its number in the file, and its cells by column."""

    columns: list[str]
    rows: list[tuple[int, dict[str, object]]]


def read(content: bytes) -> Table:
    """A file's bytes as a table: the first row that is not blank names the columns."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024})
    if content.startswith(b"PK"):
        rows = _xlsx(content)
    elif b"\0" in content or content.startswith((b"%PDF", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")):
        raise ValidationError(_("This is neither CSV in UTF-8 nor XLSX. Save it as one of them."))
    else:
        rows = _csv(content)
    filled = ((n, row) for n, row in rows if not all(map(is_blank, row)))
    _n, first = next(filled, (0, []))
    columns = _columns(first)
    table = Table(columns, [])
    for n, row in filled:
        if not all(map(is_blank, row[len(columns) :])):
            raise ValidationError(_("Row %(row)s has more cells than there are columns.") % {"row": n})
        if len(table.rows) == MOST_ROWS:
            raise _too_many_rows()
        table.rows.append((n, dict(itertools.zip_longest(columns, row[: len(columns)]))))
    if not table.rows:
        raise ValidationError(_("There is no row in the file below the names of the columns."))
    return table


def _too_many_rows() -> ValidationError:
    sentence = _("The file has more than %(limit)s rows: split it, and import the parts one after another.")
    return ValidationError(sentence % {"limit": f"{MOST_ROWS:,}"})


def _columns(row):
    """The names of the columns. Raises ``ValidationError`` where one is blank or stands twice."""
    while row and is_blank(row[-1]):
        row = row[:-1]
    names = [str(cell or "").strip().lower() for cell in row]
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


def _csv(content):
    """Numbered rows of a CSV file in UTF-8; separated by commas, or by semicolons or tabs as some spreadsheets do."""
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = _("The file is not in UTF-8 (byte %(place)s): save it as “CSV UTF-8”.")
        raise ValidationError(sentence % {"place": f"{error.start + 1:,}"}) from error
    first = written.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(written, newline=""), delimiter=separator, strict=True)
    n = 0
    try:
        for n, row in enumerate(reader, 1):
            yield n, [Unusable(cell[:60]) if cell.lstrip().startswith("=") else cell for cell in row]
    except csv.Error as error:
        sentence = _("Row %(row)s cannot be read as CSV: a quotation mark is missing, or a cell is too long.")
        raise ValidationError(sentence % {"row": n + 1}) from error


def _xlsx(content):
    """Numbered rows of an XLSX file's only filled sheet, read without its formulas' remembered results."""
    cannot = _("This cannot be read as an XLSX file: save it again as XLSX or as CSV UTF-8.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise ValidationError(cannot) from error
    # The sizes that the archive states are the most that is ever unpacked of it.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        sentence = _("Unpacked, the file is larger than %(limit)s MB.")
        raise ValidationError(sentence % {"limit": MOST_UNPACKED // 1024 // 1024})
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            return _only_sheet(content)
    except ValidationError:
        raise
    except Exception as error:  # whatever a broken or hostile file makes of the reader
        logger.info("An XLSX file could not be read: %r", error)
        raise ValidationError(cannot) from error


def _only_sheet(content):
    """Rows of the first sheet. Another one that holds anything is not left out in silence, but refused by name."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    first, *others = book.worksheets
    elsewhere = ((sheet, cells) for sheet in others for cells in _cells(sheet))
    for n, (sheet, cells) in enumerate(elsewhere, 1):
        if n > 10 * MOST_ROWS or not all(map(is_blank, cells)):
            sentence = _(
                "Only the first sheet is read, and the sheet “%(name)s” holds something too: "
                "delete it, or save it as a file of its own."
            )
            raise ValidationError(sentence % {"name": sheet.title[:60]})
    return _rows(first)


def _cells(sheet):
    """The values of a sheet, row by row."""
    sheet.reset_dimensions()  # a sheet may claim to be as wide and long as it likes
    for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
        yield [_cell(cell) for cell in row]


def _rows(sheet):
    rows = []
    for n, cells in enumerate(_cells(sheet), 1):
        if n > 10 * MOST_ROWS or len(rows) > MOST_ROWS + 1:
            raise _too_many_rows()
        if not all(map(is_blank, cells)):
            rows.append((n, cells))
    return rows


def _cell(cell):
    """A spreadsheet's cell as a value; formulas and errors as what cannot be used."""
    if getattr(cell, "data_type", None) in ("f", "e"):
        return Unusable(str(getattr(cell.value, "text", cell.value))[:60])
    value = cell.value
    return Unusable(value[:60]) if isinstance(value, str) and value.lstrip().startswith("=") else value


@dataclass(frozen=True)
class Layout:
    """A set of columns: all that are read, those that must be there, and the column that a record's field came from."""

    name: str | Promise
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    column_of: dict[str, str]

    def column(self, field: str) -> str:
        """The column in which a problem of a field is put right; blank where no column is about it."""
        name = self.column_of.get(field, field)
        return name if name in self.columns else ""


OF_SOURCES = {"title": "source_title", "address": "url", "published_precision": "published"}
OURS = Layout(
    gettext_lazy("one row per update"),
    (
        *("what", "metric", "commitment", "value", "as_published", "bound", "starts_on", "as_of", "precision", "fits"),
        *("how", "arithmetic", "scope", "origin", "rung", "verdict", "withheld", "summary", "caveat"),
        *("source", "source_title", "publisher", "url", "published", "language", "locator"),
    ),
    ("what", "as_of", "summary"),
    OF_SOURCES,
)
FINDINGS = Layout(
    gettext_lazy("one row per finding, as the evidence was collected"),
    (
        *("ref", "n", "as_of", "value", "unit", "kind", "finding", "caveat", "source_title", "publisher"),
        *("publisher_type", "url", "published", "language", "reread"),
    ),
    (
        *("ref", "n", "as_of", "value", "unit", "kind", "finding", "caveat", "source_title", "publisher"),
        *("url", "published", "language"),
    ),
    OF_SOURCES | {"summary": "finding", "as_published": "value", "metric": "ref", "starts_on": "as_of"},
)


def layout_of(columns: list[str]) -> Layout:
    """The layout that a table's columns have. Raises ``ValidationError`` naming what is missing or not known."""
    layout = FINDINGS if {"ref", "finding"} & set(columns) else OURS
    problems = []
    if missing := [name for name in layout.needed if name not in columns]:
        problems.append(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    elif layout is OURS and not {"metric", "commitment"} & set(columns):
        problems.append(_("A column is missing: metric or commitment."))
    if unknown := [name[:60] for name in columns if name not in layout.columns]:
        sentence = _("These columns are not known: %(names)s. Known are %(known)s.")
        problems.append(sentence % {"names": ", ".join(unknown), "known": ", ".join(layout.columns)})
    if problems:
        raise ValidationError(problems)
    return layout
