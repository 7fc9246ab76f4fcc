"""Seed files as text: read into checked rows that know their file and line, and written back the same."""

import datetime
import re
import tomllib
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import tomli_w

from tracker.schema import PROGRESS, TABLES
from tracker.schema.foundations import ADHERENCES, BASELINE, INSTRUMENTS, NORM_LINKS, NORMS, PASSAGES
from tracker.schema.keys import DATE, EXPECTED, FLAG, MANY, NUMBER, ONE, PARTS, PROSE, TEXT, WHOLE, WORDS
from tracker.schema.progress import ASSESSMENTS, UPDATES
from tracker.schema.registry import BODIES, CATEGORIES, COMMITMENTS, GROUPS, METRICS, PLAN, PROVISIONS, SOURCES
from tracker.text import plain_number

PATTERNS = {
    BODIES: "bodies.toml",
    SOURCES: "sources.toml",
    GROUPS: "groups.toml",
    METRICS: "metrics.toml",
    PLAN: "plan.toml",
    CATEGORIES: "categories.toml",
    PROVISIONS: "provisions.toml",
    COMMITMENTS: "commitments/*.toml",
    UPDATES: "updates/*.toml",
    ASSESSMENTS: "assessments/*.toml",
    INSTRUMENTS: "instruments.toml",
    NORMS: "norms.toml",
    BASELINE: "baseline/*.toml",
    PASSAGES: "baseline-passages.toml",
    ADHERENCES: "adherences.toml",
    NORM_LINKS: "norm-links/*.toml",
}
HEADERS = {
    SOURCES: "Publications that evidence points at. Where no address was confirmed, none is shown.",
    BODIES: "Organisations: who promises, measures, publishes or finds.",
    GROUPS: "People whom promises are meant for.",
    METRICS: "What is measured in the world. Shared by every commitment, and every plan, that it answers.",
    PLAN: "The plan itself.",
    CATEGORIES: "The plan's tree of rights: chapters and the sections within them, in its order.",
    PROVISIONS: "The plan's paragraphs, in its order. Titles are ours; headings are the plan's, to the letter.",
    COMMITMENTS: "Promises that can be found kept or not kept one by one, in the order of the text.",
    UPDATES: "Dated updates: values and stages of metrics, judgements against tests, searches in vain.",
    ASSESSMENTS: "Others' findings and claims, each named as what it is.",
    INSTRUMENTS: "Treaties, sets of goals and review mechanisms that promises can rest on.",
    NORMS: "Their articles, targets and cycles, by official number; titles are ours.",
    BASELINE: "Figures and acts that an earlier document of the State reported, in the order of its text.",
    PASSAGES: "Figures of that document that are no records, paragraph by paragraph, each with the reason.",
    ADHERENCES: "Whether and since when the State takes part in each instrument, by the documents at hand.",
    NORM_LINKS: "Links from promises to norms: editorial, each with a line that says why.",
}
# A second plan may have none of its own, and a young one no progress.
OPTIONAL_FILES = (
    *(BODIES, SOURCES, GROUPS, METRICS, *PROGRESS),
    *(INSTRUMENTS, NORMS, BASELINE, PASSAGES, ADHERENCES, NORM_LINKS),
)
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

    def __str__(self):
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


@dataclass
class SourceRow:
    """A row of a seed file with its place: ``values`` has every key of the table, blank ones as ``None``."""

    table: object
    file: str
    line: int | None
    lines: dict
    values: dict
    position: int = 0
    reason: str = ""  # why the row differs from the one loaded before

    @property
    def code(self):
        return self.values[self.table.natural]

    @property
    def place(self):
        """Where the row stands, for people."""
        return f"{self.file}:{self.line}"

    def problem(self, name, message):
        return Problem(self.file, self.lines.get(name) or self.line, name, message)


@dataclass
class Reading:
    """Everything read from a folder: rows by table, and every problem met on the way."""

    rows: dict = field(default_factory=lambda: {table: [] for table in (*TABLES, *PROGRESS)})
    problems: list = field(default_factory=list)


def read_folder(folder):
    """Read all seed files of a folder. Never raises for what is in them: problems are in the answer."""
    reading = Reading()
    folder = Path(folder)
    for table in (*TABLES, *PROGRESS):
        paths = sorted(folder.glob(PATTERNS[table]))
        if not paths and table not in OPTIONAL_FILES:
            reading.problems.append(Problem(PATTERNS[table], None, "", "The file is missing."))
        for path in paths:
            _read_file(path, path.relative_to(folder).as_posix(), table, reading)
    known = {path for pattern in PATTERNS.values() for path in folder.glob(pattern)}
    for path in sorted(folder.rglob("*.toml")):
        if path not in known:
            name = path.relative_to(folder).as_posix()
            reading.problems.append(Problem(name, None, "", "No table is read from a file of this name."))
    number_rows(reading)
    if len(reading.rows[PLAN]) > 1:
        reading.problems.append(reading.rows[PLAN][1].problem("code", "A folder holds one plan."))
    return reading


def number_rows(reading):
    """Number the rows of each table in the order in which they were read, and note codes that stand twice."""
    for table, rows in reading.rows.items():
        first = {}
        for position, row in enumerate(rows, start=1):
            row.position = position
            if row.code in first:
                message = f"{row.code} stands twice, first at {first[row.code].place}."
                reading.problems.append(row.problem(table.natural, message))
            first.setdefault(row.code, row)


def _read_file(path, name, table, reading):
    try:
        raw = path.read_bytes()
    except OSError as error:
        reading.problems.append(Problem(name, None, "", f"The file cannot be read: {error.strerror}."))
        return
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"Byte {error.start + 1} is not UTF-8; save the file as UTF-8."
        reading.problems.append(Problem(name, line, "", message))
        return
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = SYNTAX_PLACE.search(message)
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        message = SYNTAX_PLACE.sub("", message)
        key = KEY_START.match(text.split("\n")[line - 1])
        reading.problems.append(Problem(name, line, key["key"] if key else "", f"Not TOML here: {message}."))
        return
    except (ValueError, RecursionError):  # a whole number of thousands of digits, lists within lists within lists
        reading.problems.append(Problem(name, None, "", "A value here is too long or too deep to be read."))
        return
    for other in document.keys() - {table.name}:
        message = f"Unknown table {other}: this file holds [[{table.name}]]."
        reading.problems.append(Problem(name, None, "", message))
    entries = document.get(table.name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        reading.problems.append(Problem(name, None, "", f"Write each row under a line [[{table.name}]]."))
        return
    places = _places_of_rows(text, table.name)
    if len(places) != len(entries):  # several lines in one string look like rows: say the file only
        places = [(None, {})] * len(entries)
    for entry, (line, lines) in zip(entries, places, strict=True):
        row = SourceRow(table, name, line, lines, {})
        good = check_row(entry, row, reading)
        if good:
            reading.rows[table].append(row)


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
    before = len(reading.problems)
    names = [key.name for key in row.table.keys]
    reason = entry.pop(row.table.because, None) if row.table.because else None
    if isinstance(reason, str) and reason.strip():
        row.reason = reason.strip()
    elif reason is not None:
        reading.problems.append(row.problem(row.table.because, "Say in words why the row changed."))
    for name in entry.keys() - set(names):
        article = "an" if row.table.name[0] in "aeiou" else "a"
        message = f"Unknown key; {article} {row.table.name} has {', '.join(names)}."
        reading.problems.append(row.problem(name, message))
    for key in row.table.keys:
        value = entry.get(key.name)
        if value is None:
            if key.required:
                reading.problems.append(row.problem(key.name, "The key is missing."))
        elif value == "" or value == [] or (value is False and key.type == FLAG):
            reading.problems.append(row.problem(key.name, "Leave out a key that has no value."))
        else:
            try:
                value = _typed(value, key.type)
            except ValueError:
                message = f"Expected {EXPECTED[key.type]}, found {_shown(value)}."
                reading.problems.append(row.problem(key.name, message))
        row.values[key.name] = value
    return len(reading.problems) == before


def _shown(value):
    if isinstance(value, int) and abs(value) >= 10**LONGEST:  # Python refuses to write thousands of digits
        return "one of too many digits"
    text = f"“{value}”" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _is_line(value):
    return isinstance(value, str) and ONE_LINE.fullmatch(value) is not None


def _typed(value, type_):
    """The value as the table wants it. Raises ``ValueError`` if it is of another type; nothing is guessed."""
    if type_ in (TEXT, ONE) and _is_line(value) and value == value.strip():
        return value
    if type_ == PROSE and isinstance(value, str) and value.strip() and "\0" not in value:
        return value
    if type_ == WHOLE and isinstance(value, int) and not isinstance(value, bool):
        return value
    if type_ == NUMBER and isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        if number.is_finite() and len(number.as_tuple().digits) <= LONGEST and abs(number.adjusted()) <= LONGEST:
            return plain_number(number)
    if type_ == DATE and isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    if type_ in (MANY, WORDS) and isinstance(value, list) and all(map(_is_line, value)):
        return sorted(set(value)) if type_ == MANY else value
    if type_ == FLAG and value is True:
        return value
    if type_ in PARTS and isinstance(value, list) and all(_is_citation(each, PARTS[type_]) for each in value):
        return [{name: cited[name] for name in PARTS[type_] if name in cited} for cited in value]
    raise ValueError


def _is_citation(value, parts):
    return isinstance(value, dict) and {"source"} <= value.keys() <= set(parts) and all(map(_is_line, value.values()))


def write_rows(path, table, rows, reasons=None):
    """Write rows as a seed file, keys in the order of the table, blank ones left out.

    ``reasons`` says by code why a row differs from the one loaded before it.
    """
    parts = [f"# {HEADERS[table]}\n"]
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
