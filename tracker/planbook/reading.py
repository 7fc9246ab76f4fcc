"""A spreadsheet as rows: each cell as its column wants it, or a sentence with its sheet and cell about why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker import schema
from tracker.imports import cells
from tracker.imports.files import MOST_ABOVE, MOST_BYTES, hidden_in, letter, refuse_merged
from tracker.imports.xlsx import Sheet as SeenSheet
from tracker.imports.xlsx import Workbook
from tracker.loader.files import Problem, SourceRow
from tracker.models.sources import one_line
from tracker.text.plain import folded
from tracker.text.typed import short

from .columns import NONE, NOT_READ, Column, Sheet
from .sheets import PARAGRAPHS, PLAN, PROMISES, RIGHTS, SHEETS

MOST_ROWS = 3_000  # of one sheet
MOST_COLUMNS = 60
NEEDED = (PLAN, RIGHTS, PARAGRAPHS, PROMISES)
WAITING = ("test",)  # may be written later, before the plan is handed in


@dataclass(frozen=True)
class CellProblem(Problem):
    """Something wrong in a spreadsheet: ``file`` is the sheet, ``line`` the row, ``cell`` the cell, such as D14."""

    cell: str = ""

    @property
    def place(self) -> str:
        """Where it stands, for people."""
        if self.cell:
            return f"{self.file}, {self.cell}"
        return _("%(sheet)s, row %(row)s") % {"sheet": self.file, "row": self.line} if self.line else self.file


@dataclass
class Line:
    """One row of a sheet: what its cells say by key, blank ones left out, and which cell is which."""

    sheet: Sheet
    number: int
    cells: dict[str, str]  # by key, also of blank ones
    entry: dict[str, Any] = field(default_factory=dict)
    nothing: set[str] = field(default_factory=set)  # keys of which the cell says that nothing is meant
    suggested: dict[str, Any] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)  # keys whose cells could not be read

    def problem(self, key: str, message: str) -> CellProblem:
        """Something wrong with a cell of the row, or with the row."""
        return problem_at(self.sheet, self.number, self.cells, key, message)

    def lacks(self, key: str) -> bool:
        """Whether a cell is blank, so that something may be suggested."""
        return key not in self.entry and key not in self.nothing and key not in self.wrong

    def suggest(self, key: str, value: Any) -> None:
        """Fill a cell that is blank, where there is something to suggest."""
        if value is not None and self.lacks(key):
            self.entry[key] = self.suggested[key] = value


@dataclass
class CellRow(SourceRow):
    """A row of a sheet as the loader takes rows."""

    sheet: Sheet = PLAN
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where the row stands, for people."""
        return str(self.problem("", "").place)

    def problem(self, name: str, message: str) -> CellProblem:
        """Something wrong with a field of the row."""
        return problem_at(self.sheet, self.line or 0, self.cells, name, message)


@dataclass
class Book:
    """What was read of a file: rows by sheet, what is wrong, and what a person should know."""

    lines: dict[Sheet, list[Line]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, sheet: Sheet) -> list[Line]:
        """The rows of a sheet; none where the file lacks it."""
        return self.lines.get(sheet, [])


def problem_at(sheet: Sheet, number: int, places: dict[str, str], key: str, message: str) -> CellProblem:
    """A problem with the place and the head of its column, where one column is about it."""
    column = sheet.column(key)
    if column is None:
        return CellProblem(str(sheet.name), number or None, "", message)
    return CellProblem(str(sheet.name), number, str(column.head), message, cell=places.get(column.key, ""))


def require_xlsx(content: bytes) -> None:
    """Raise ``ValidationError`` for what is too large, or no spreadsheet as far as that is seen at once."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024})
    if not content.startswith(b"PK"):
        raise ValidationError(_("This is no XLSX file: save the spreadsheet as XLSX (“Excel workbook”)."))


def read(content: bytes) -> Book:
    """A file's bytes as rows. Raises ``ValidationError`` for what is no spreadsheet, or costs too much to read."""
    require_xlsx(content)
    workbook, book = Workbook(content, columns=MOST_COLUMNS), Book()
    _read_sheets(workbook, book)
    for sheet in NEEDED:
        if sheet not in book.lines:
            book.problems.append(CellProblem(str(sheet.name), None, "", _("The sheet is missing.")))
        elif not book.lines[sheet]:
            book.problems.append(CellProblem(str(sheet.name), None, "", _("Nothing stands in this sheet yet.")))
    return book


def _read_sheets(workbook: Workbook, book: Book) -> None:
    by_name = {folded(str(sheet.name)): sheet for sheet in SHEETS}
    unread = []
    for number, (name, visible, _part) in enumerate(workbook.sheets):
        sheet = by_name.get(folded(name.strip()))
        if not visible or sheet is None:
            if name not in {str(each) for each in NOT_READ}:
                unread.append(f"“{name[:60]}”")
        elif sheet in book.lines:
            book.problems.append(CellProblem(str(sheet.name), None, "", _("There are two sheets of this name.")))
        else:
            table = workbook.read(number, most=MOST_ROWS + MOST_ABOVE + 2)
            book.lines[sheet] = []
            (_upright if sheet.upright else _rows)(table, sheet, book)
    if unread:
        sentence = _("Not read, because hidden or of another name: %(names)s.")
        book.notes.append(sentence % {"names": ", ".join(unread[:10])})


def _plain(written: object) -> str:
    return folded(str(written or "")).replace("*", "").strip()


def _heads(sheet: Sheet) -> dict[str, Column]:
    return {_plain(column.head): column for column in sheet.columns}


def _hidden(table: SeenSheet, sheet: Sheet, book: Book) -> list[str]:
    """The letters of the columns that are seen; what is hidden is said."""
    book.notes += [f"{sheet.name}: {note}" for note in hidden_in(table)]
    return [letter(n) for n in range(MOST_COLUMNS + 1) if n not in table.hidden_columns]


def _rows(table: SeenSheet, sheet: Sheet, book: Book) -> None:
    """The rows of a sheet whose first rows name the columns, and may say below what each is for."""
    letters, heads = _hidden(table, sheet, book), _heads(sheet)
    top = next((n for n, (_r, row) in enumerate(table.rows[:MOST_ABOVE]) if _known(row, heads) > 1), None)
    if top is None and table.rows:
        names = ", ".join(str(column.head) for column in sheet.columns)
        message = _("The names of the columns are missing. They are: %(names)s.") % {"names": names}
        book.problems.append(CellProblem(str(sheet.name), None, "", message))
    if top is None:
        return
    columns = _columns(table.rows[top], letters, sheet, book)
    rows = [(n, row) for n, row in table.rows[top + 1 :] if not _is_help(row, columns)]
    if len(rows) > MOST_ROWS:
        raise ValidationError(
            _("The sheet “%(name)s” has more than %(limit)s rows.") % {"name": sheet.name, "limit": f"{MOST_ROWS:,}"}
        )
    _require_split(table, [n for n, _row in rows], sheet, book)
    for n, row in rows:
        line = Line(sheet, n, {column.key: f"{letters[place]}{n}" for place, column in columns.items()})
        for place, column in columns.items():
            _take(line, column, row[place] if place < len(row) else None, book)
        if line.entry or line.wrong:
            book.lines[sheet].append(line)


def _columns(top: tuple[int, list[object]], letters: list[str], sheet: Sheet, book: Book) -> dict[int, Column]:
    """Which column stands at which place; one that is not known is said."""
    columns: dict[int, Column] = {}
    heads = _heads(sheet)
    for place, cell in enumerate(top[1]):
        column = heads.get(_plain(cell))
        if column is not None and column in columns.values():
            message = _("The column “%(name)s” stands twice.") % {"name": column.head}
            book.problems.append(CellProblem(str(sheet.name), None, "", message))
        elif column is not None:
            columns[place] = column
        elif not cells.is_blank(cell):
            values = {"sheet": sheet.name, "cell": f"{letters[place]}{top[0]}", "name": str(cell)[:60]}
            book.notes.append(_("%(sheet)s, %(cell)s: the column “%(name)s” is not known, and not read.") % values)
    return columns


def _known(row: Iterable[object], heads: dict[str, Column]) -> int:
    return len({_plain(cell) for cell in row} & heads.keys())


def _is_help(row: list[object], columns: dict[int, Column]) -> bool:
    """Whether it is the row below the heads that says what each column is for."""
    written = [(str(row[place]), str(column.help)) for place, column in columns.items() if place < len(row)]
    return any(text and cell.strip() == text for cell, text in written)


def _upright(table: SeenSheet, sheet: Sheet, book: Book) -> None:
    """The one row of a sheet whose columns stand one below the other: head in A, what is said in B."""
    letters, heads = _hidden(table, sheet, book), _heads(sheet)
    line = Line(sheet, 0, {})
    _require_split(table, [n for n, _row in table.rows], sheet, book)
    for n, row in table.rows:
        column = heads.get(_plain(row[0]))
        if column is not None and column.key not in line.cells:
            line.number = line.number or n
            line.cells[column.key] = f"{letters[1]}{n}"
            _take(line, column, row[1] if len(row) > 1 else None, book)
    if line.entry or line.wrong:
        book.lines[sheet].append(line)


def _require_split(table: SeenSheet, rows: list[int], sheet: Sheet, book: Book) -> None:
    try:
        refuse_merged(table, rows)
    except ValidationError as error:
        book.problems.append(CellProblem(str(sheet.name), None, "", error.messages[0]))


def _take(line: Line, column: Column, cell: object, book: Book) -> None:
    """Read a cell into a row; what is wrong with it is noted."""
    if cells.is_blank(cell):
        return
    try:
        if column.suggested and str(cell).strip() in (NONE, "-"):
            line.nothing.add(column.key)
            return
        line.entry |= _value(line, column, cell)
    except ValidationError as error:
        line.wrong.add(column.key)
        book.problems += [line.problem(column.key, message) for message in error.messages]


def _value(line: Line, column: Column, cell: object) -> dict[str, Any]:
    """What a cell says, by key. Raises ``ValidationError``."""
    key, words = line.sheet.key(column), line.sheet.words(column)
    if words:
        return {key.name: _word(cells.text(cell), words)}
    if key.type == schema.DATE:
        day, precision = cells.day(cell, last=column.last)
        return {key.name: day} | ({column.precision: precision} if column.precision else {})
    value = READ[key.type](cell)
    return {} if value in (None, [], "") else {key.name: value}


def _word(written: str, words: dict[str, str]) -> str:
    """The value that a word of a closed list stands for. Raises ``ValidationError`` with the words that there are."""
    plain = folded(written)
    for value, label in words.items():
        if plain in (folded(value), folded(label), {"≥": ">=", "≤": "<=", "≈": "~"}.get(value)):
            return value
    listed = "; ".join(dict.fromkeys(words.values()))
    sentence = _("“%(value)s” is none of the words here: %(choices)s.")
    raise ValidationError(sentence % {"value": short(written), "choices": listed})


def _text(cell: object) -> str:
    written = cells.text(cell)
    one_line(written)
    return written


def _whole(cell: object) -> int | None:
    number = cells.number(cell)
    if number is not None and number != number.to_integral():
        raise ValidationError(_("“%(cell)s” is no whole number.") % {"cell": short(cells.text(cell))})
    return None if number is None else int(number)


def _lines(cell: object) -> list[str]:
    return [line.strip() for line in cells.code(cell).splitlines() if line.strip()]


def _names(cell: object) -> list[str]:
    return [name.strip() for line in _lines(cell) for name in line.split(";") if name.strip()]


def _citations(cell: object) -> list[dict[str, str]]:
    """Citations, one a line, their parts in the order source, place, words, in what they differ."""
    parts = schema.PARTS[schema.REPEATED]
    cited = []
    for line in _lines(cell):
        values = [value.strip() for value in line.split("|")]
        if len(values) > len(parts):
            raise ValidationError(_("Write each as “source | place”, one a line."))
        cited.append({part: value for part, value in zip(parts, values, strict=False) if value})
    return cited


READ: dict[str, Callable[[object], Any]] = {
    schema.TEXT: lambda cell: _text(cells.code(cell)),
    schema.PROSE: _text,
    schema.ONE: lambda cell: _text(cells.code(cell)),
    schema.MANY: _names,
    schema.WORDS: _lines,
    schema.WHOLE: _whole,
    schema.NUMBER: lambda cell: cells.number(cell, percent=True),
    schema.FLAG: lambda cell: cells.flag(cell) or None,
    schema.REPEATED: _citations,
}
