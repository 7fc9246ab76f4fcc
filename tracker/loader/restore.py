"""The public files back into an empty database: read, checked, and loaded as the rows of seed files are.

What travels is what counts in the state that the files are of: the registry, and every update and finding with what it
cites, under their permanent keys. What does not travel is history: rows that were replaced, amendments, reasons and
the log itself, which stay with the site that published them. The new database begins a log of its own.
"""

import datetime
import json
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from tracker.exports.tables import TABLES as PUBLIC
from tracker.models import LedgerEntry
from tracker.schema import (
    BASELINE,
    CATEGORIES,
    DATE,
    EVERY_TABLE,
    NUMBER,
    PARTS,
    PASSAGES,
    PLAN,
    PROGRESS,
    PROVISIONS,
    UPDATES,
)

from .files import Problem, Reading, SourceRow, check_row, number_rows, silent
from .load import load
from .state import LoadError

NAMES = [table.public for table in EVERY_TABLE]
MOST_BYTES = 512 * 1024 * 1024  # of one file, unpacked
MOST_PARTS = 500
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
WRITTEN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
HALF_A_SIGN = re.compile(rb"\\u[dD][89a-fA-F]")  # the escape of half a character, which no text has alone
REDACTED = "Redacted by the site that published it."


@dataclass(frozen=True)
class RowProblem(Problem):
    """Something wrong in a public file: the file, the number of the row, the field, and one sentence."""

    @property
    def place(self):
        return f"{self.file} row {self.line}"


@dataclass
class PublicRow(SourceRow):
    """A row of a public file; ``file`` is the seed file that a dump would write it to."""

    public: str = ""

    @property
    def place(self):
        """Where the row stands, for people."""
        return f"{self.public} row {self.line}"

    def problem(self, name, message):
        """Something wrong with the row."""
        return RowProblem(self.public, self.line, name, message)


@dataclass
class Imported:
    """What came in: the outcome of every row, and what could not travel, counted."""

    outcomes: list = field(default_factory=list)
    left: Counter = field(default_factory=Counter)


@transaction.atomic
def import_public(path, tell=silent):
    """Load a folder or ZIP archive of public files into an empty database.

    Raises ``LoadError`` with all that is wrong, and then nothing is written.
    """
    if LedgerEntry.objects.exists() or any(table.model._default_manager.exists() for table in EVERY_TABLE):
        _refuse("The database is not empty: the files load into a new one only.")
    imported = Imported()
    for reading in _Files(_contents(Path(path)), imported.left).readings():
        imported.outcomes += load(reading, tell=tell)
    return imported


def _refuse(message, file=""):
    raise LoadError([Problem(file, None, "", message)])


def _contents(path):
    """What stands in each file that is needed, by name. Raises ``LoadError``."""
    try:
        if path.is_dir():
            return {name: _limited(path / f"{name}.json") for name in NAMES}
        with zipfile.ZipFile(path) as archive:
            _refuse_odd_archive(archive)
            return {name: _limited(zipfile.Path(archive) / f"{name}.json") for name in NAMES}
    except FileNotFoundError as error:
        _refuse("The file is missing.", Path(str(error.filename or error)).name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        _refuse("This is neither a folder of public files nor a ZIP archive of them that can be read.", path.name)


def _limited(path):
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        _refuse("The file is too large to be read.", path.name)
    return content


def _refuse_odd_archive(archive):
    names = archive.namelist()
    if len(names) > MOST_PARTS:
        _refuse("The archive holds more files than the public files are.")
    for name in names:
        if "\\" in name or name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            _refuse("The archive names a place outside itself.", name[:80])
    if len(set(names)) < len(names):
        _refuse("The archive holds a file twice.")


class _Files:
    """The public files as rows of seed files, a reading a plan."""

    def __init__(self, contents, left):
        self.problems, self.left = [], left
        self.results, states = {}, set()
        for name, content in contents.items():
            document = self._document(name, content)
            self.results[name] = list(self._whole_rows(name, document["results"]))
            about = document["about"]
            states.add((str(about.get("as_of")), str(about.get("ledger_head"))))
        if len(states) > 1:
            self._stop("", "The files are of different days or states of the site.")

    def _stop(self, file, message):
        raise LoadError([*self.problems, Problem(file, None, "", message)])

    def _document(self, name, content):
        """What a file says of itself, and its results."""
        file = f"{name}.json"
        try:
            document = json.loads(content.decode("utf-8"), parse_float=Decimal, parse_constant=_no_number)
            if HALF_A_SIGN.search(content):
                json.dumps(document, ensure_ascii=False, default=str).encode()
        except (ValueError, RecursionError, ArithmeticError):
            self._stop(file, "The file cannot be read as JSON.")
        whole = isinstance(document, dict) and isinstance(document.get("results"), list)
        if not whole or not isinstance(document.get("about"), dict):
            self._stop(file, "Expected what the file is under “about” and its rows under “results”.")
        return document

    def _whole_rows(self, name, results):
        """Number and values of each row. Where a row has other columns than the table, the rest is not looked at."""
        columns = [column.name for column in PUBLIC[name].columns]
        for number, result in enumerate(results, start=1):
            problem = PublicRow(None, "", number, {}, {}, public=f"{name}.json").problem
            if not isinstance(result, dict):
                self.problems.append(problem("", "Expected a row with a value for each column."))
                return
            problems = [problem(column, "The column is missing.") for column in columns if column not in result]
            more = [column for column in result if column not in columns]
            problems += [problem(column[:80], "The table has no such column.") for column in more]
            if problems:
                self.problems += problems
                return
            yield number, result

    def readings(self):
        """The rows of each plan; those that plans share stand with the first."""
        self._collect_keys()
        codes = [result["code"] for _number, result in self.results["plans"]]
        readings = {code: Reading() for code in codes if isinstance(code, str)}
        first = next(iter(readings), None)
        if first is None and not self.problems:
            self._stop("plans.json", "The file holds no plan.")
        for table in EVERY_TABLE:
            for number, result in self._in_order(table):
                row = self._row(table, number, result)
                plan = self._plan_of(table, result, first)
                if plan in readings and row.values.keys() >= {key.name for key in table.keys}:
                    row.file = table.pattern.replace("*", plan)
                    readings[plan].rows[table].append(row)
                elif plan not in readings:
                    self.problems.append(row.problem("plan", f"There is no plan with the code “{str(plan)[:80]}”."))
        for reading in readings.values():
            number_rows(reading)
            self.problems += reading.problems
        if self.problems:
            raise LoadError(self.problems)
        return list(readings.values())

    def _collect_keys(self):
        """Keys of findings by their log entry; and for each metric the first plan that it serves."""
        self.keys = {str(result["entry"]): result["key"] for _number, result in self.results["assessments"]}
        self.serves = {}
        for _number, result in self.results["commitments"]:
            beside = result["beside"] if isinstance(result["beside"], list) else []
            for metric in (result["metric"], *beside):
                self.serves.setdefault(str(metric), result["plan"])

    def _in_order(self, table):
        """The rows of a table, in the order of the plan where it has one."""
        rows = self.results[table.public]
        if table in (CATEGORIES, PROVISIONS, BASELINE, PASSAGES) and all(
            type(result["position"]) is int for _number, result in rows
        ):
            return sorted(rows, key=lambda row: row[1]["position"])
        return rows

    def _plan_of(self, table, result, first):
        if table.shared:
            return first
        if table is PLAN:
            return result["code"] if isinstance(result["code"], str) else first
        if table is UPDATES and result["plan"] is None:
            return self.serves.get(str(result["metric"]), first)
        return result["plan"] if isinstance(result["plan"], str) else str(result["plan"])

    def _row(self, table, number, result):
        """A row as its seed file would have it; where something is wrong with it that is noted."""
        row = PublicRow(table, "", number, {}, {}, public=f"{table.public}.json")
        entry = {key.name: _value(key, result[key.name]) for key in table.keys}
        if table in PROGRESS:
            self.left["redacted"] += bool(result["redacted"])
            cited = result["evidence"] if isinstance(result["evidence"], list) else []
            self.left["files"] += sum(1 for each in cited if isinstance(each, dict) and each.get("file"))
            if result["redacted"]:  # its text is gone for good, and a row is not recorded without
                entry["summary"] = REDACTED
                if entry.get("how") in ("derived", "converted"):
                    entry["arithmetic"] = REDACTED
        if (answered := entry.get("replies_to")) is not None:
            entry["replies_to"] = self.keys.get(str(answered), f"log entry {str(answered)[:20]}")
        if isinstance(entry.get("reread"), str):
            entry["reread"] = entry["reread"].replace("_", " ")  # a code of the files as it is stored
        entry = {name: value for name, value in entry.items() if value is not None}
        reading = Reading()
        if not check_row(entry, row, reading):
            self.problems += reading.problems
        return row


def _value(key, value):
    """A plain value in the type that the row wants; as it is where it is of none, so that the check can name it."""
    if value is None or value is False or value == []:
        return None
    if key.type == DATE and isinstance(value, str) and WRITTEN_DAY.fullmatch(value):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    if key.type == NUMBER and isinstance(value, str) and WRITTEN_NUMBER.fullmatch(value):
        return Decimal(value)
    if key.type in PARTS and isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return [{name: each[name] for name in PARTS[key.type] if each.get(name) is not None} for each in value]
    return value


def _no_number(text):
    raise ValueError(f"{text} is no number")
