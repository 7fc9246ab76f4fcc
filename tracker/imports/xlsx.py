"""The rows of an XLSX file as a person sees them who opens it: what is hidden is left out, and said.

It is read by its parts and by one pass over each, which ends where the limits do: what a workbook claims of its size,
its styles, its other sheets or its pictures costs nothing.
"""

import datetime
import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from posixpath import join, normpath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.uploads.archives import Archive, Refused, Stop

from .cells import Unusable, is_blank
from .formats import KNOWN, as_shown

MOST_UNPACKED = 12 * 1024 * 1024  # bytes of the parts that are read
MOST_PARTS = 1_000
MOST_SHEETS = 200
MOST_MERGED = 50_000
MOST_COLUMN_MARKS = 20_000  # a spreadsheet has 16,384 columns
MOST_MARKS = 1_500_000  # < and =: eleven for a cell with a text of its own, and that 2,000 times 60
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?", re.ASCII)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
DAY = re.compile(r"(\d{4}-\d\d-\d\d)(T.*)?", re.ASCII)


@dataclass
class Sheet:
    """What is seen of one sheet: its name, its rows with their numbers, and what is hidden or merged in it."""

    name: str
    rows: list[tuple[int, list[object]]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)  # with something in them
    hidden_columns: set[int] = field(default_factory=set)  # from 0
    merged: list[tuple[int, int, str]] = field(default_factory=list)  # first and last row, name


class Workbook:
    """The parts of a workbook that its cells need. Raises ``ValidationError`` for what cannot be read."""

    def __init__(self, content: bytes, *, columns: int) -> None:
        self.columns = columns
        try:
            self.archive = Archive(content, parts=MOST_PARTS, unpacked=MOST_UNPACKED, marks=MOST_MARKS)
            self._read_types()
            self._read_sheets()
        except Refused as reason:
            raise refusal(reason) from reason

    def _read_types(self) -> None:
        """Refuse what is no XLSX, by the list that says what each part is."""
        kinds: set[str] = set()
        if "mimetype" in self.archive.names:
            raise ValidationError(_("This is an OpenDocument spreadsheet: save it as XLSX or as CSV UTF-8."))
        self.archive.walk("[Content_Types].xml", lambda _tag, attrs: kinds.add(attrs.get("ContentType", "")))
        if any("macroEnabled" in kind for kind in kinds):
            raise ValidationError(_("The workbook has macros: save it as XLSX, without them."))
        if not any(kind.endswith("spreadsheetml.sheet.main+xml") for kind in kinds):
            raise Refused("broken")

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and name of each part that a part leads to, by the mark that it is named with."""
        folder, name = part.rpartition("/")[::2]
        targets: dict[str, tuple[str, str]] = {}

        def start(tag: str, attrs: dict[str, str]) -> None:
            if tag == "Relationship" and attrs.get("TargetMode") != "External":
                to = normpath(join("/", folder, attrs.get("Target", ""))).lstrip("/")
                targets[attrs.get("Id", "")] = attrs.get("Type", "").rpartition("/")[2], to

        about = join(folder, "_rels", f"{name}.rels")
        if about in self.archive.names:
            self.archive.walk(about, start)
        return targets

    def _read_sheets(self) -> None:
        main = next((to for kind, to in self._targets("").values() if kind == "officeDocument"), "xl/workbook.xml")
        targets = self._targets(main)
        self.sheets: list[tuple[str, bool, str]] = []  # name, whether it is seen, part
        self.from_1904 = False

        def start(tag: str, attrs: dict[str, str]) -> None:
            if tag == "workbookPr":
                self.from_1904 = attrs.get("date1904") in ("1", "true")
            elif tag == "sheet":
                mark = next((value for name, value in attrs.items() if name.endswith("}id")), "")
                kind, part = targets.get(mark, ("", ""))
                if len(self.sheets) == MOST_SHEETS:
                    raise Refused("large")
                if kind == "worksheet":
                    self.sheets.append((attrs.get("name", ""), attrs.get("state", "visible") == "visible", part))

        self.archive.walk(main, start)
        parts = {kind: part for kind, part in targets.values() if part in self.archive.names}
        self.formats = self._formats(parts["styles"]) if "styles" in parts else []
        self.strings = self._strings(parts["sharedStrings"]) if "sharedStrings" in parts else []

    def _formats(self, part: str) -> list[str | None]:
        """The format of each style by its number; ``None`` for one that is written nowhere."""
        own_formats: dict[str, str] = {}
        numbers: list[str] = []
        inside = False

        def start(tag: str, attrs: dict[str, str]) -> None:
            nonlocal inside
            if tag == "cellXfs":
                inside = True
            elif tag == "xf" and inside:
                numbers.append(attrs.get("numFmtId", "0"))
            elif tag == "numFmt":
                own_formats[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")

        def end(tag: str) -> None:
            nonlocal inside
            inside = inside and tag != "cellXfs"

        self.archive.walk(part, start, end)
        known = {str(number): code for number, code in KNOWN.items()} | own_formats
        return [known.get(number) for number in numbers]

    def _strings(self, part: str) -> list[str]:
        """The texts that cells name by number; of several runs all, and not how they are pronounced."""
        texts: list[str] = []
        runs: list[str] = []
        state = {"t": False, "rPh": False}

        def start(tag: str, _attrs: dict[str, str]) -> None:
            if tag in state:
                state[tag] = True

        def end(tag: str) -> None:
            if tag in state:
                state[tag] = False
            elif tag == "si":
                texts.append(unescaped("".join(runs)))
                runs.clear()

        def characters(text: str) -> None:
            if state["t"] and not state["rPh"]:
                runs.append(text)

        self.archive.walk(part, start, end, characters)
        return texts

    def read(self, number: int, *, most: int) -> Sheet:
        """A sheet, or its first rows that hold something. Raises ``ValidationError``."""
        name, _seen, part = self.sheets[number]
        reader = _Reader(self, Sheet(name), most)
        try:
            self.archive.walk(part, reader.start, reader.end, reader.characters)
        except Refused as reason:
            raise refusal(reason) from reason
        return reader.sheet


def refusal(reason: Refused) -> ValidationError:
    """Why a workbook is not read, as a sentence."""
    if str(reason) == "large":
        return ValidationError(_("Unpacked, the workbook is too much to read: copy the table alone into a new one."))
    if str(reason) == "sealed":
        return ValidationError(_("The workbook has a password: save it without one."))
    return ValidationError(_("This cannot be read as an XLSX file: save it again as XLSX or as CSV UTF-8."))


def unescaped(text: str) -> str:
    """A text without the escapes by which XLSX writes what XML cannot hold."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Reader:
    """What comes by while one sheet is read."""

    def __init__(self, book: Workbook, sheet: Sheet, most: int) -> None:
        from openpyxl.utils.cell import column_index_from_string  # once a sheet, and only where one is read

        self.column_of = column_index_from_string
        self.book, self.sheet, self.most = book, sheet, most
        self.row, self.column, self.hidden, self.columns = 0, -1, False, 0
        self.cells: dict[int, object] = {}
        self.kind, self.style = "", ""
        self.text: list[str] = []
        self.formula: list[str] | None = None
        self.into: list[str] | None = None  # where the text that follows belongs
        self.spoken = False  # how a text is pronounced, which nobody sees

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "c":
            self._start_cell(attrs)
        elif tag == "v" or (tag == "t" and not self.spoken):
            self.into = self.text
        elif tag == "f":
            self.into = self.formula = ["="]
        elif tag == "row":
            self._start_row(attrs)
        elif tag == "col":
            self._column(attrs)
        elif tag == "mergeCell":
            self._merge(attrs.get("ref", ""))
        elif tag == "rPh":
            self.spoken = True

    def end(self, tag: str) -> None:
        if tag in ("v", "t", "f"):
            self.into = None
        elif tag == "rPh":
            self.spoken = False
        elif tag == "c":
            value = self._value()
            if not is_blank(value):
                if self.column >= self.book.columns:
                    sentence = _("The file has more than %(limit)s columns.")
                    raise ValidationError(sentence % {"limit": self.book.columns})
                self.cells[self.column] = value
        elif tag == "row" and self.cells:
            self._end_row()

    def characters(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def _start_row(self, attrs: dict[str, str]) -> None:
        self.row = _whole(attrs["r"]) if "r" in attrs else self.row + 1
        self.column, self.cells = -1, {}
        self.hidden = attrs.get("hidden") in ("1", "true") or _is_nought(attrs.get("ht"))

    def _end_row(self) -> None:
        visible = {column: cell for column, cell in self.cells.items() if column not in self.sheet.hidden_columns}
        if self.hidden:
            self.sheet.hidden_rows.append(self.row)
        elif visible:
            hidden = self.sheet.hidden_columns
            columns = [column for column in range(max(visible) + 1) if column not in hidden]
            self.sheet.rows.append((self.row, [visible.get(column) for column in columns]))
        if len(self.sheet.rows) >= self.most:
            raise Stop

    def _start_cell(self, attrs: dict[str, str]) -> None:
        if "r" in attrs:
            match = REFERENCE.fullmatch(attrs["r"])
            if not match:
                raise Refused("broken")
            self.column = self.column_of(match[1]) - 1  # from 0
        else:
            self.column += 1
        self.kind, self.style = attrs.get("t", "n"), attrs.get("s", "0")
        self.text, self.formula, self.into = [], None, None

    def _column(self, attrs: dict[str, str]) -> None:
        self.columns += 1
        if self.columns > MOST_COLUMN_MARKS:
            raise Refused("large")
        if attrs.get("hidden") in ("1", "true") or _is_nought(attrs.get("width")):
            last = min(_whole(attrs.get("max")), self.book.columns + 1)
            self.sheet.hidden_columns |= set(range(max(_whole(attrs.get("min")), 1) - 1, last))

    def _merge(self, reference: str) -> None:
        ends = [REFERENCE.fullmatch(each) for each in reference.split(":")]
        if len(self.sheet.merged) == MOST_MERGED:
            raise Refused("large")
        if len(ends) == 2 and ends[0] and ends[1]:
            self.sheet.merged.append((int(ends[0][2]), int(ends[1][2]), reference))

    def _value(self) -> object:
        """A cell as it is seen; formulas and errors as what cannot be used."""
        if self.formula is not None:
            return Unusable("".join(self.formula)[:60])
        text = "".join(self.text)
        if not text or self.kind == "e":
            return Unusable(text[:60]) if text else None
        if self.kind == "b":
            return text in ("1", "true")
        if self.kind == "s":
            text = self.book.strings[int(text)] if text.isdigit() and int(text) < len(self.book.strings) else ""
        elif self.kind == "d" and (match := DAY.fullmatch(text)):
            return datetime.datetime.fromisoformat(match[1])
        elif self.kind == "n":
            return self._number(text)
        else:
            text = unescaped(text)
        return Unusable(text[:60]) if text.lstrip().startswith("=") else text

    def _number(self, text: str) -> object:
        if not NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            return Unusable(text[:60])
        formats, style = self.book.formats, _whole(self.style)
        code = formats[style] if style < len(formats) else "General"
        return as_shown(Decimal(text), code, from_1904=self.book.from_1904)


def _whole(text: str | None) -> int:
    """A whole number that a part states; 0 for none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 7 else 0


def _is_nought(text: str | None) -> bool:
    """Whether a width or height is stated as nothing."""
    return text is not None and not text.strip("0.") and "0" in text
