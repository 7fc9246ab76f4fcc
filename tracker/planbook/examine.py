"""What a file would make of a preparation: judged by the loader's own checks, compared, and nothing written."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from tracker.actions.opening import contents
from tracker.loader.files import Problem, Reading, SourceRow, check_row, number_rows
from tracker.loader.load import RegistryLoad
from tracker.loader.state import ADDED, CHANGED, GONE, UNCHANGED, Outcome
from tracker.models import Plan, Preparation, code_taken
from tracker.schema import PLAN as PLANS
from tracker.schema import TABLES, Table

from .reading import WAITING, Book, CellRow, read
from .sheets import PLAN, SHEET_OF, SHEETS
from .suggest import Completion

Built = list[tuple[Any, dict[str, list[Any]]]]  # records with their sets


@dataclass
class Examined:
    """A file, what is wrong with it, what it would change, and the records that it would make."""

    book: Book
    problems: list[Problem] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    built: dict[Table, Built] = field(default_factory=dict)
    now: dict[Table, list[Any]] = field(default_factory=dict)  # what is in the preparation

    @property
    def changes(self) -> list[Outcome]:
        """What would not stay as it is."""
        return [each for each in self.outcomes if each.word != UNCHANGED]


class Examination(RegistryLoad):
    """A load that writes nothing: every row of the file is built anew and checked, beside what is public."""

    doomed = True

    def __init__(self, reading: Reading, preparation: Preparation, now: dict[Table, list[Any]], book: Book) -> None:
        super().__init__(reading, lambda *_told: None)
        self.preparation, self.book = preparation, book
        self.now = {table: {each.code: each for each in now.get(table, ())} for table in TABLES}
        if len(self.now[PLANS]) == 1:  # it may have got another code
            self.now[PLANS] = {self.folder: next(iter(self.now[PLANS].values()))}
        self.built: dict[Table, Built] = {}

    def run(self) -> None:
        super().run()
        for table in TABLES:
            rows = {row.code: row for row in self.rows[table]}
            public = self.public[table]
            records = [self.by_model[table.model][code] for code in rows if code in self.by_model[table.model]]
            self.built[table] = [
                (each, self._many(table, rows[each.code])) for each in records if each.code not in public
            ]
            self._say_what_changes(table, [code for code in rows if code not in public])
            self._say_what_is_taken(table, rows)

    def _existing(self, table):
        """What is public: a row that says the same names it, and no row of a file changes it."""
        records = list(table.records()) if table.shared else []
        if table is PLANS:
            records = list(table.records(Plan.objects.filter(code=self.folder)))
        self.public = getattr(self, "public", {}) | {table: {each.code: each for each in records}}
        return records

    def _compare(self, table, row, record, _moved):
        """A row that has a public record of its code."""
        public = table.row_of(record)
        names = [name for name in row.values if name not in SHEET_OF[table].left_out]
        differences = {name: (public[name], row.values[name]) for name in names if public[name] != row.values[name]}
        if table is PLANS:
            message = _("The plan “%(code)s” is public already: what is public changes by amendment.")
            self.problems.append(row.problem("code", message % {"code": row.code}))
        elif differences:
            sheet = SHEET_OF[table]
            values = {"place": row.problem("code", "").place, "code": row.code}
            values["fields"] = ", ".join(head for name in differences if (head := head_of_key(sheet, name)))
            message = _("%(place)s: “%(code)s” is on record already and stays as it is there (otherwise: %(fields)s).")
            self.book.notes.append(message % values)
        return False

    def _say_what_changes(self, table: Table, codes: list[str]) -> None:
        """What is added, changed and gone, by record and field; the outcomes of the load itself know nothing of it."""
        self.outcomes = [each for each in self.outcomes if each.table != table.name]
        left_out = SHEET_OF[table].left_out if table is PLANS else ()
        rows = {row.code: row for row in self.rows[table]}
        for code in codes:
            now = self.now[table].get(code)
            if now is None:
                self.outcomes.append(Outcome(table.name, code, ADDED))
                continue
            old, new = table.row_of(now), rows[code].values
            for name in left_out:
                new[name] = old[name]
            differences = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
            built = self.by_model[table.model].get(code)
            if built is not None and getattr(built, "order", None) != getattr(now, "order", None):
                differences |= {"order": (now.order, built.order)}
            self.outcomes.append(Outcome(table.name, code, CHANGED if differences else UNCHANGED, differences))
        self.outcomes += [Outcome(table.name, code, GONE) for code in self.now[table] if code not in rows]

    def _say_what_is_taken(self, table: Table, rows: dict[str, SourceRow]) -> None:
        """Codes of plans and shared records that stand in another preparation."""
        if table.of_plan:
            return
        others = table.model.everything.filter(code__in=list(rows)).exclude(preparation=None)
        for code in others.exclude(preparation=self.preparation).values_list("code", flat=True):
            self.problems.append(rows[code].problem("code", code_taken(code)))


def head_of_key(sheet: Any, name: str) -> str:
    """The head of the column that a key stands in."""
    column = sheet.column(name)
    return str(column.head) if column else name


def reading_of(book: Book, now: dict[Table, list[Any]]) -> Reading:
    """A file's rows as the loader takes them. What the file has no sheet for stays as it is in preparation."""
    reading = Reading(problems=book.problems)
    for table in TABLES:
        sheet = SHEET_OF[table]
        if sheet in book.lines:
            for line in book.lines[sheet]:
                row = CellRow(table, str(sheet.name), line.number, {}, {}, sheet=sheet, cells=line.cells)
                row.waiting = (*WAITING, *line.wrong)
                whole = check_row(dict(line.entry), row, reading)
                missing = {key.name for key in table.keys if key.required and row.values[key.name] is None} - {*WAITING}
                row.unasked = frozenset({*line.wrong, *missing, *(() if whole else ("code",))})
                if row.code:
                    reading.rows[table].append(row)
        else:
            for record in now.get(table, ()):
                reading.rows[table].append(SourceRow(table, _("in preparation"), None, {}, table.row_of(record)))
    if not reading.rows[PLANS]:
        row = CellRow(PLANS, str(PLAN.name), 0, {}, dict.fromkeys(k.name for k in PLANS.keys), sheet=PLAN)
        row.values["code"], row.unasked = "plan", frozenset(row.values)
        reading.rows[PLANS].append(row)
    number_rows(reading)
    return reading


def examine(content: bytes, preparation: Preparation) -> Examined:
    """What a file would make of a preparation. Raises ``ValidationError`` for a file that is not read at all."""
    book, now = read(content), contents(preparation)
    Completion(book, preparation.subject.removeprefix("plan ")).run()
    examination = Examination(reading_of(book, now), preparation, now, book)
    examination.run()
    problems = sorted({str(each): each for each in examination.problems}.values(), key=_in_order)
    return Examined(book, problems, examination.outcomes, examination.built, now)


def _in_order(problem: Problem) -> tuple[int, int, str, str]:
    sheets = [str(sheet.name) for sheet in SHEETS]
    place = sheets.index(problem.file) if problem.file in sheets else len(sheets)
    return place, problem.line or 0, getattr(problem, "cell", ""), problem.message
