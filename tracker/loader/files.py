"""Seed files as text: read into checked rows that know their file and line, and written back the same."""

import dataclasses
import datetime
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import tomli_w
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from tracker.schema import (
    CITED,
    DATE,
    EVERY_TABLE,
    FLAG,
    MANY,
    NUMBER,
    ONE,
    PARTS,
    PLAN,
    PROSE,
    REPEATED,
    TEXT,
    WHOLE,
    WORDS,
    Row,
    Table,
)
from tracker.text import typed
from tracker.text.plain import plain_number, subject

EXPECTED = {
    TEXT: "a text in quotation marks, on one line and without blanks around it",
    PROSE: "a text in quotation marks",
    FLAG: "true",
    CITED: 'a list such as [{ source = "code", locator = "p. 3" }], with source, locator and note',
    REPEATED: 'a list such as [{ source = "code", place = "III.2" }], with source, place, said and differs',
    WHOLE: "a whole number",
    NUMBER: "a number",
    DATE: "a date such as 2025-12-31",
    ONE: "a code in quotation marks",
    MANY: "a list of codes",
    WORDS: "a list of words",
}
ROW_START = re.compile(r"^\s*\[\[\s*(?P<table>[^\]\s]+)\s*\]\]")
KEY_START = re.compile(r"^\s*(?P<key>[A-Za-z0-9_-]+)\s*=")
ONE_LINE = re.compile(r"[^\0\n]+")
LONGEST = 20  # digits of a number, before and after the point, that are read at all
SYNTAX_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


@dataclass(frozen=True)
class Problem:
    """Something wrong in a seed file: where it stands and one sentence that says what."""

    file: str
    line: int | None
    field: str
    message: str
    subject: str = ""  # as the log names it, of a row that was changed on both sides
    differences: Row = dataclasses.field(default_factory=dict)  # by field, what it is here and in the file

    @property
    def place(self):
        """Where it stands, for people; blank for what is wrong with the whole."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self):
        return ": ".join(part for part in (self.place, self.field, self.message) if part)


@dataclass
class SourceRow:
    """A row of a seed file with its place: ``values`` has every key of the table, blank ones as ``None``."""

    table: Table
    file: str
    line: int | None
    lines: dict[str, int]
    values: Row
    position: int = 0
    reason: str = ""  # why the row differs from the one loaded before
    waiting: tuple[str, ...] = ()  # keys that may stay blank for now
    unasked: frozenset[str] = frozenset()  # keys of which it was said already that they are wrong: it is not whole

    @property
    def code(self):
        return self.values[self.table.natural]

    @property
    def place(self):
        """Where the row stands, for people."""
        return f"{self.file}:{self.line}"

    def problem(self, name, message):
        """Something wrong with a field of the row."""
        return Problem(self.file, self.lines.get(name) or self.line, name, message)

    def changed_twice(self, differences, plan=""):
        """That the row was changed by hand and in its file; the names of its fields with both values."""
        both = "; ".join(f"{name}: here {was!s}, in the seed file {new!s}" for name, (was, new) in differences.items())
        message = f"{self.code} was changed here and in the seed file. {both}. Make them agree."
        named = subject(self.table.name, self.code, plan)
        return replace(self.problem(next(iter(differences)), message), subject=named, differences=differences)

    def problems_of(self, error: ValidationError) -> Iterator[Problem]:
        """Every sentence of a ``ValidationError``, at the line of the field that it speaks of."""
        for name, messages in error.message_dict.items():
            place = "" if name == NON_FIELD_ERRORS else name
            yield from (self.problem(place, f"{self.code}: {message}") for message in messages)


@dataclass
class Reading:
    """Everything read from a folder: rows by table, and every problem met on the way."""

    rows: dict[Table, list[SourceRow]] = field(default_factory=lambda: {table: [] for table in EVERY_TABLE})
    refused: dict[Table, set[str]] = field(default_factory=lambda: {table: set() for table in EVERY_TABLE})  # codes
    unread: set[Table] = field(default_factory=set)  # with rows that nobody knows, because a file could not be read
    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, message: str, line: int | None = None, name: str = "") -> None:
        """Note something wrong with a file as a whole, or at a line of it."""
        self.problems.append(Problem(file, line, name, message))


Tell = Callable[[str, int, int], None]  # takes what is being done, and how much of how much is


def silent(task: str, done: int, total: int) -> None:
    """Nobody is told how far it is."""


def read_folder(folder, tell: Tell = silent):
    """Read all seed files of a folder. Never raises for what is in them: problems are in the answer."""
    reading, folder = Reading(), Path(folder)
    names = {path: path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.toml"))}
    unread = set(names)
    for table in EVERY_TABLE:
        paths = sorted(folder.glob(table.pattern))
        if not paths and table.needed:
            reading.add(table.pattern, "The file is missing.")
            reading.unread.add(table)
        for path in paths:
            unread.discard(path)
            tell(f"{folder.name}: reading files", len(names) - len(unread), len(names))
            read_file(path, path.relative_to(folder).as_posix(), table, reading)
    for path in sorted(unread):
        reading.add(names[path], "No table is read from a file of this name.")
    number_rows(reading)
    if len(reading.rows[PLAN]) > 1:
        reading.problems.append(reading.rows[PLAN][1].problem("code", "A folder holds one plan."))
    return reading


def number_rows(reading):
    """Number the rows of each table in the order in which they were read; of one that stands twice the first counts."""
    for table, rows in reading.rows.items():
        first = {}
        for position, row in enumerate(rows, start=1):
            row.position = position
            if row.code in first:
                message = f"{row.code} stands twice, first at {first[row.code].place}."
                reading.problems.append(row.problem(table.natural, message))
            first.setdefault(row.code, row)
        reading.rows[table] = list(first.values())


def read_file(path: Path, name: str, table: Table, reading: Reading) -> None:
    """Read one seed file; what is wrong with it is noted."""
    text = _text_of(path, name, reading)
    document = {} if text is None else _document_of(text, name, reading)
    if document is None or text is None:
        reading.unread.add(table)
        return
    for other in document.keys() - {table.name}:
        reading.add(name, f"Unknown table {other}: this file holds [[{table.name}]].")
        reading.unread.add(table)
    entries = document.get(table.name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        reading.add(name, f"Write each row under a line [[{table.name}]].")
        reading.unread.add(table)
        return
    places = _places_of_rows(text, table.name)
    if len(places) != len(entries):  # several lines in one string look like rows: say the file only
        places = [(None, {})] * len(entries)
    for entry, (line, lines) in zip(entries, places, strict=True):
        row = SourceRow(table, name, line, lines, {})
        take_row(entry, row, reading)


def take_row(entry, row, reading):
    """Take a parsed entry for a row if nothing is wrong with it; else its code is noted, for those that name it."""
    if check_row(entry, row, reading):
        reading.rows[row.table].append(row)
    elif isinstance(entry.get(row.table.natural), str):
        reading.refused[row.table].add(entry[row.table.natural])


def _text_of(path, name, reading):
    """The text of a file, or ``None`` with the problem noted."""
    raw = b""
    try:
        raw = path.read_bytes()
        return raw.decode("utf-8")
    except OSError as error:
        reading.add(name, f"The file cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        reading.add(name, f"Byte {error.start + 1} is not UTF-8; save the file as UTF-8.", line)
    return None


def _document_of(text, name, reading):
    """What TOML makes of a text, or ``None`` with the problem noted."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = SYNTAX_PLACE.search(message)
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        key = KEY_START.match(text.split("\n")[line - 1])
        reading.add(name, f"Not TOML here: {SYNTAX_PLACE.sub('', message)}.", line, key["key"] if key else "")
    except (ValueError, RecursionError):  # a whole number of thousands of digits, lists within lists within lists
        reading.add(name, "A value here is too long or too deep to be read.")
    return None


def _places_of_rows(text, table):
    """For each row of a file, its line and the line of each of its keys."""
    places = []
    for number, line in enumerate(text.split("\n"), start=1):
        if match := ROW_START.match(line):
            if match["table"] == table:
                places.append((number, {}))
        elif places and (match := KEY_START.match(line)):
            places[-1][1].setdefault(match["key"], number)
    return places


def check_row(entry, row, reading):
    """Fill ``row.values`` from a parsed entry; True if nothing is wrong with it."""
    problems = []
    names = [key.name for key in row.table.keys]
    reason = entry.pop(row.table.because, None)
    if isinstance(reason, str) and reason.strip():
        row.reason = reason.strip()
    elif reason is not None:
        problems.append(row.problem(row.table.because, "Say in words why the row changed."))
    for name in entry.keys() - set(names):
        article = "an" if row.table.name[0] in "aeiou" else "a"
        problems.append(row.problem(name, f"Unknown key; {article} {row.table.name} has {', '.join(names)}."))
    for key in row.table.keys:
        row.values[key.name] = value = entry.get(key.name)
        if value is None:
            missing = key.required and key.name not in row.waiting
            problems += [row.problem(key.name, "This is missing.")] if missing else []
        elif value == "" or value == [] or (value is False and key.type == FLAG):
            problems.append(row.problem(key.name, "Leave out a key that has no value."))
        else:
            try:
                row.values[key.name] = _typed(typed.everywhere(value), key.type)
            except ValidationError as error:
                problems.append(row.problem(key.name, error.messages[0]))
            except ValueError:
                problems.append(row.problem(key.name, f"Expected {EXPECTED[key.type]}, found {_shown(value)}."))
    reading.problems += problems
    return not problems


def _shown(value):
    if isinstance(value, int) and abs(value) >= 10**LONGEST:  # Python refuses to write thousands of digits
        return "one of too many digits"
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _is_line(value):
    return isinstance(value, str) and ONE_LINE.fullmatch(value) is not None


def _is_number(value):
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return False
    number = Decimal(value)
    return number.is_finite() and len(number.as_tuple().digits) <= LONGEST and abs(number.adjusted()) <= LONGEST


def _is_citation(value, parts):
    return isinstance(value, dict) and {"source"} <= value.keys() <= set(parts) and all(map(_is_line, value.values()))


PLAIN = {  # whether a value is of a type that is taken as it stands
    TEXT: lambda value: _is_line(value) and value == value.strip(),
    ONE: lambda value: _is_line(value) and value == value.strip(),
    PROSE: lambda value: isinstance(value, str) and value.strip() and "\0" not in value,
    WHOLE: lambda value: isinstance(value, int) and not isinstance(value, bool),
    DATE: lambda value: isinstance(value, datetime.date) and not isinstance(value, datetime.datetime),
    FLAG: lambda value: value is True,
}


def _typed(value, type_):
    """The value as the table wants it. Raises ``ValueError`` if it is of another type; nothing is guessed."""
    if type_ == NUMBER and _is_number(value):
        return plain_number(value)
    if isinstance(value, list):
        return _typed_list(value, type_)
    if type_ not in PLAIN or not PLAIN[type_](value):
        raise ValueError
    return value


def _typed_list(values, type_):
    if type_ in (MANY, WORDS) and all(map(_is_line, values)):
        return sorted(set(values)) if type_ == MANY else values
    if type_ in PARTS and all(_is_citation(each, PARTS[type_]) for each in values):
        return [{name: cited[name] for name in PARTS[type_] if name in cited} for cited in values]
    raise ValueError


def write_rows(path, table, rows, reasons=None):
    """Write rows as a seed file. ``reasons`` says by code why a row differs from the one loaded before it."""
    parts = [f"# {table.about}\n"]
    for row in rows:
        parts.append(f"\n[[{table.name}]]\n")
        parts.extend(_line(key.name, row[key.name]) for key in table.keys if row[key.name] is not None)
        if reason := (reasons or {}).get(row[table.natural]):
            parts.append(_line(table.because, reason))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(parts), encoding="utf-8")


def _line(name, value):
    return f"{name} = {_literal(value)}\n"


def _literal(value):
    """A value on one line, so that a change of one word is a change of one line."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(_line(name, each).strip() for name, each in value.items())} }}"
    if isinstance(value, Decimal) and value == value.to_integral():
        value = int(value)
    return tomli_w.dumps({"x": value}).removeprefix("x = ").removesuffix("\n")
