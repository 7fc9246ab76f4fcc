"""The spreadsheet that the Universal Human Rights Index exports: its rows as recommendations in preparation.

The names of its columns are those that programs which read the export give, its own slip “Reccomending” among them.
Either every row is loaded or none, and each problem is told with its row and column.
"""

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.actions.preparation import begin, prepare_all
from tracker.actions.registry import InvalidRecords
from tracker.models import (
    UN_SYMBOL,
    Body,
    Instrument,
    Mechanism,
    Norm,
    Precision,
    Preparation,
    Recommendation,
    Reply,
    Source,
    recommendation_code,
)
from tracker.text import typed

from .cells import counted_day, day, is_blank, usable
from .files import read
from .layouts import spelled

MOST_ROWS = 6_000
# By what they become, the names of columns: that of the export, and others that mean the same.
COLUMNS: dict[str, tuple[str, ...]] = {
    "text": ("Text",),
    "state": ("Countries Concerned", "Countries"),
    "body": ("Reccomending Body", "Recommending Body", "Body"),
    "symbol": ("Document Symbol", "Symbol"),
    "published": ("Document Publication Date", "Publication Date"),
    "type": ("Type", "Annotation Type"),
    "paragraph": ("Paragraph",),  # not in the export: for rows whose text does not begin with its number
    "recommended_by": ("UPR Reccomending States", "UPR Recommending States"),
    "reply": ("UPR Position",),
    "themes": ("Themes",),
    "norms": ("Sdgs",),
    "index_id": ("OHCHR Annotation Id", "Annotation Id"),
}
NEEDED = ("text", "state", "body", "symbol", "published")
KNOWN = frozenset(spelled(name) for names in COLUMNS.values() for name in names)
# The instrument of this site that a committee reviews under, where that does not bear the committee's name.
REVIEWS = {"CESCR": "ICESCR", "HRC": "ICCPR", "CCPR": "ICCPR", "UPR": "UPR"}
EXPERTS = re.compile(r"(SR|IE|WG|Special Procedures)\b")
SPECIAL_PROCEDURES = "SP"
REPLIES = {
    "": "",
    "supported": Reply.SUPPORTED,
    "noted": Reply.NOTED,
    "supported/noted": Reply.PARTLY,
    "noted/supported": Reply.PARTLY,
    "partially supported": Reply.PARTLY,
}
IN_REVIEW = re.compile(r"\s*(\d{1,3}(?:\.\d{1,3})+)\.?\s+")
IN_OBSERVATIONS = re.compile(r"(?:^|\s)(\d{1,3})\s?\.\s?(?=[A-Z(“])")
POSITION = re.compile(
    rf"[\s;.]*Source of position:?\s*(?P<symbol>{UN_SYMBOL})"
    r"(?:[\s,–-]*Para(?:graph|\.)?\s*(?P<paragraph>[\w().]+))?.*\Z",
    re.IGNORECASE | re.DOTALL,
)
BEHIND = re.compile(r"\s*\(([^()]+)\)[\s;.]*\Z")
SDG = re.compile(r"(\d{1,2}\.[0-9a-z]{1,2})\b")


class NotLoaded(Exception):
    """Nothing was loaded. ``problems`` are sentences, each with its row and column."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass
class Loaded:
    """What became of a file: how many rows are in preparation, were on record, or were left out and why."""

    preparation: Preparation | None
    count: int
    on_record: int
    left: Counter[str]
    notes: list[str] = field(default_factory=list)


@dataclass
class _Row:
    """One row of the file by what its cells become, and what is wrong with it."""

    number: int
    cells: dict[str, object]
    heads: dict[str, str]
    problems: list[str] = field(default_factory=list)

    def note_problem(self, key: str, sentence: str) -> None:
        """Note what is wrong in a column."""
        where = {"row": self.number, "column": self.heads.get(key, COLUMNS[key][0]), "sentence": sentence}
        self.problems.append(_("row %(row)s, %(column)s: %(sentence)s") % where)

    def read(self, key: str, reader: Callable[[object], Any], blank: Any) -> Any:
        """A cell as a reader has it; a blank one, and one that cannot be read, which is noted, as ``blank``."""
        cell = self.cells.get(key)
        if is_blank(cell):
            return blank
        try:
            return reader(usable(cell))
        except ValidationError as error:
            self.note_problem(key, " ".join(error.messages))
            return blank

    def lines(self, key: str) -> list[str]:
        """The lines of a cell without the hyphens that the export sets before each."""
        lines = (re.sub(r"^[-\s]+", "", line).strip() for line in self.read(key, _text, "").split("\n"))
        return [line for line in lines if line]

    def line(self, key: str) -> str:
        """The only line of a cell; several are a problem."""
        lines = self.lines(key)
        if len(lines) > 1:
            self.note_problem(key, _("There are several; one is expected."))
        return lines[0] if lines else ""


def _text(cell: object) -> str:
    return str(typed.everywhere(str(cell).replace("\r\n", "\n").replace("\r", "\n"))).strip()


def _day(cell: object) -> datetime.date | None:
    """A day, also as the export writes it: as a spreadsheet's count of days, or with an hour behind it."""
    written = _text(cell)
    if (counted := counted_day(written)) is not None:
        return counted
    read_day, precision = day(cell if isinstance(cell, datetime.datetime) else written.split("T")[0])
    if precision != "day":
        raise ValidationError(_("Give the day of the document."))
    return read_day


def _rows(content: bytes) -> tuple[list[_Row], list[str]]:
    """The rows of a file and what is said of it. Raises ``NotLoaded`` where its columns are not those of the export."""
    try:
        table = read(content, KNOWN, MOST_ROWS)
    except ValidationError as error:
        raise NotLoaded(list(error.messages)) from error
    by_name = {spelled(name): name for name in table.columns}
    heads = {
        key: by_name[spelled(n)] for key, names in COLUMNS.items() for n in reversed(names) if spelled(n) in by_name
    }
    if missing := [COLUMNS[key][0] for key in NEEDED if key not in heads]:
        raise NotLoaded([_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}])
    notes = list(table.notes)
    if unread := [name for name in table.columns if name not in heads.values()]:
        notes.append(_("Not read: the columns %(names)s.") % {"names": ", ".join(unread)})
    return [_Row(n, {key: cells[name] for key, name in heads.items()}, heads) for n, cells in table.rows], notes


class _Reader:
    """Rows as records, with what this site has of bodies, instruments and norms asked once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        instruments = Instrument.objects.select_related("body")
        self.bodies: dict[str, Body] = {each.code: each.body for each in instruments if each.body}
        self.norms = {each.code: each for each in Norm.objects.filter(instrument__kind="goals")}
        self.codes: Counter[str] = Counter()

    def record(self, row: _Row) -> tuple[Recommendation, list[Norm]]:
        """A row as an unsaved record and its norms; what is wrong is noted on the row."""
        mechanism, body = self._body(row)
        recommended_by, reply = row.lines("recommended_by"), self._reply(row)
        paragraph, text, answered = self._passage(row, mechanism, recommended_by)
        symbol = row.line("symbol")
        code = recommendation_code(symbol, paragraph)
        self.codes[code] += 1
        record = Recommendation(
            code=code if self.codes[code] == 1 else f"{code}-{self.codes[code]}",
            state=row.line("state"),
            mechanism=mechanism,
            body=body,
            symbol=symbol,
            paragraph=paragraph,
            published=row.read("published", _day, None),
            published_precision=Precision.DAY,
            text=text,
            verbatim=True,
            recommended_by=recommended_by,
            themes=row.lines("themes"),
            reply=reply,
            reply_symbol=answered["symbol"] if reply and answered else "",
            reply_paragraph=(answered["paragraph"] or "").rstrip(".") if reply and answered else "",
            source=self.source,
            index_id=row.line("index_id"),
        )
        for key in NEEDED:
            if is_blank(row.cells.get(key)):
                row.note_problem(key, _("This is needed."))
        return record, list(self._goals(row))

    def _body(self, row: _Row) -> tuple[str, Body | None]:
        name = row.line("body")
        if not name:
            return "", None
        if name == "UPR":
            mechanism, instrument = Mechanism.UPR, REVIEWS[name]
        elif EXPERTS.match(name):
            mechanism, instrument = Mechanism.SPECIAL_PROCEDURE, SPECIAL_PROCEDURES
        else:
            mechanism, instrument = Mechanism.TREATY_BODY, REVIEWS.get(name, name)
        body = self.bodies.get(instrument)
        if body is None:
            sentence = _("No body on record reviews under “%(name)s”: register the instrument with its body first.")
            row.note_problem("body", sentence % {"name": typed.short(name)})
        return mechanism, body

    def _reply(self, row: _Row) -> str:
        written = "/".join(row.lines("reply"))
        reply = REPLIES.get(re.sub(r"\s*/\s*", "/", written.casefold()))
        if reply is None:
            sentence = _("“%(word)s” is none of the positions known: Supported, Noted, both, or blank.")
            row.note_problem("reply", sentence % {"word": typed.short(written)})
        return reply or ""

    def _passage(self, row: _Row, mechanism: str, states: list[str]) -> tuple[str, str, re.Match[str] | None]:
        """The paragraph, the words of the recommendation, and where the State's position stands."""
        text, paragraph = row.read("text", _text, ""), row.line("paragraph")
        if answered := POSITION.search(text):
            text = text[: answered.start()]
        pattern = IN_REVIEW if mechanism == Mechanism.UPR else IN_OBSERVATIONS
        numbered = pattern.match(text) if mechanism == Mechanism.UPR else pattern.search(text)
        if numbered:
            paragraph, text = paragraph or numbered[1], text[numbered.end() :]
        elif text and not paragraph:
            sentence = _("The text does not begin with the number of a paragraph: give it in a column of this name.")
            row.note_problem("paragraph", sentence)
        behind = BEHIND.search(text)
        if behind and set(re.split(r"\s*[;,]\s*", behind[1].strip())) <= set(states):
            text = text[: behind.start()]
        return paragraph, " ".join(text.split()), answered

    def _goals(self, row: _Row) -> Iterator[Norm]:
        """The targets of development goals that a row is filed under, as far as they are norms here."""
        for line in row.lines("norms"):
            if (target := SDG.match(line)) and (norm := self.norms.get(f"SDG-{target[1]}")):
                yield norm


def _left_out(row: _Row, state: str) -> str:
    """Why a row is no recommendation to the State that is asked for; blank where it is one."""
    kind = row.line("type").casefold()
    if kind and "recommend" not in kind:
        return _("observations and concerns, which recommend nothing")
    if state and state not in row.lines("state"):
        return _("addressed to other States")
    return ""


@transaction.atomic
def load_export(content: bytes, *, name: str, source: Source, by: User, state: str = "") -> Loaded:
    """Put the recommendations of an exported file into a preparation, which somebody else opens.

    ``source`` is what they are said to be read in; with ``state`` rows on other States are left out. What is on record
    by its id in the Index stays as it is. Raises ``NotLoaded`` with every problem, and then nothing is written.
    """
    rows, notes = _rows(content)
    reader, left, on_record = _Reader(source), Counter[str](), 0
    index_ids = set(Recommendation.everything.exclude(index_id="").values_list("index_id", flat=True))
    new_records: list[tuple[_Row, Recommendation, list[Norm]]] = []
    for row in rows:
        if why := _left_out(row, state):
            left[why] += 1
        elif row.line("index_id") in index_ids:
            on_record += 1
        else:
            new_records.append((row, *reader.record(row)))
    if problems := list(dict.fromkeys(problem for row in rows for problem in row.problems)):
        raise NotLoaded(problems)
    if not new_records:
        return Loaded(None, 0, on_record, left, notes)
    preparation = begin(by=by, subject=_("recommendations of %(name)s") % {"name": name})
    try:
        records = [(record, {"norms": norms}) for _row, record, norms in new_records]
        prepare_all(preparation=preparation, records=records, by=by)
    except InvalidRecords as error:
        by_record = {id(record): row for row, record, _norms in new_records}
        for record, problem_of_record in error.problems:
            row = by_record[id(record)]
            for key, sentences in problem_of_record.message_dict.items():
                row.note_problem(key if key in COLUMNS else "symbol", " ".join(sentences))
        raise NotLoaded([problem for row, _record, _norms in new_records for problem in row.problems]) from error
    return Loaded(preparation, len(new_records), on_record, left, notes)
