"""Seed files into the registry: compare every row with the record and with the row last loaded, then act.

For each row there are four versions of the truth to tell apart, by fingerprint: the file now, the file as last loaded,
the record now, and no record at all. What only the file changed is loaded; what only a person changed is kept and
reported; what both changed is a problem, and then nothing is loaded.
"""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.actions.changes import amend_at_once
from tracker.actions.registry import InvalidRecords, check, move, rearrange, register_all
from tracker.roles import CHECKER, COMPILER
from tracker.schema import CATEGORIES, COMMITMENTS, MANY, ONE, PLAN, PROVISIONS, REPEATED, TABLES, fingerprint

from .files import Problem, read_folder, silent
from .progress import ProgressLoad
from .state import (
    ADDED,
    CHANGED,
    GONE,
    KEPT,
    UNCHANGED,
    LoadError,
    Memory,
    Outcome,
    changed_twice,
    print_of,
    why_unchanged,
)

LETTERS = 1000  # room for the commitments of one provision in the plan-wide order


def load_folder(folder, tell=silent):
    """Load one plan's seed files; returns the outcome of every row. Raises ``LoadError``, and then nothing changed.

    ``tell`` is told what is being done, and how much of how much is.
    """
    folder = Path(folder)
    whole = print_of(folder)  # before the files are read: what changes meanwhile is read the next time
    return load(read_folder(folder, tell), whole, tell)


def load(reading, whole="", tell=silent):
    """Load one plan's rows, which were read and checked. Answers and refuses as ``load_folder`` does."""
    if not reading.rows[PLAN] and not reading.problems:
        reading.problems.append(Problem("plan.toml", None, "", "The file holds no [[plan]]."))
    if reading.problems:
        raise LoadError(_in_order(reading.problems))
    with transaction.atomic():
        registry = _Load(reading, tell)
        registry.run()
        progress = ProgressLoad(registry)
        progress.run()
        if problems := registry.problems + progress.problems:
            raise LoadError(_in_order(problems))
        registry.memory.write_down(whole)
    return registry.outcomes + progress.outcomes


def _in_order(problems):
    return sorted(problems, key=lambda p: (p.file, p.line or 0, p.field, p.message))


class _Load:
    """One load: what is known of each table so far, and what became of each row."""

    def __init__(self, reading, tell):
        self.rows, self.tell = reading.rows, tell
        self.codes = {table.model: {row.code for row in self.rows[table]} for table in TABLES}
        self.folder = reading.rows[PLAN][0].code
        accounts = get_user_model().objects
        self.by, self.checker = accounts.get(username=COMPILER), accounts.get(username=CHECKER)
        self.memory = Memory(self.folder)
        self.problems, self.outcomes, self.changed = [], [], False
        self.by_model = {}  # model → code → record, after its table was loaded

    def run(self):
        """Load all tables; problems and outcomes are noted on the way."""
        for table in TABLES:
            self._load_table(table)
        self.outcomes += [Outcome(*pair, GONE) for pair in self.memory.gone(TABLES, self.rows)]

    def _load_table(self, table):
        records = {record.code: record for record in self._existing(table)}
        self.by_model[table.model] = records
        pending = []
        for row in self.rows[table]:
            self.tell(f"{self.folder}: {table.public}", row.position, len(self.rows[table]))
            if table is CATEGORIES and row.values["parent"] in {r.code for r, _m in pending}:
                self._flush(table, pending)  # a parent is written before its children
                pending = []
            record = records.get(row.code)
            now, loaded = fingerprint(row.values), True
            if record is None:
                if built := self._built(table, row, table.model()):
                    pending.append((built, self._many(table, row)))
                    records[row.code] = built
                    self.outcomes.append(Outcome(table.name, row.code, ADDED))
            else:
                loaded = self._compare(table, row, record, now)
            self.memory.keep(row, now if loaded else None)
        self._flush(table, pending)

    def _existing(self, table):
        records = table.records()
        if not table.of_plan:
            return records
        records = list(records.filter(plan__code=self.folder))
        for record in records:
            record.plan = self._plan()
        return records

    def _plan(self):
        plans = self.by_model[PLAN.model]
        return plans.get(self.folder) or PLAN.model(code=self.folder)  # blank where its row was refused

    def _flush(self, table, pending):
        rows = {row.code: row for row in self.rows[table]}
        if self.problems:  # nothing will be written, but what else is wrong is still to be noted
            for record, _many in pending:
                self._check(rows[record.code], record)
            return
        try:
            register_all(records=pending, by=self.by)
        except InvalidRecords as error:
            for record, problem in error.problems:
                self.problems += rows[record.code].problems_of(problem)

    def _check(self, row, record):
        """Note what is wrong with a record; where what it names was refused, only with its own fields."""
        related = [f.name for f in record._meta.concrete_fields if f.is_relation]
        named = [record._state.fields_cache.get(name) for name in related]
        try:
            if all(each is None or each.pk for each in named):
                check(record=record, known_references=True)
            else:
                record.clean_fields(exclude=related)
        except ValidationError as error:
            self.problems += row.problems_of(error)

    def _compare(self, table, row, record, now):
        """Act on a row that has a record. True if the row counts as loaded."""
        seed, here = self.memory.of(row), table.row_of(record)
        loaded = seed.fingerprint if seed else None
        differences = {k: (here[k], v) for k, v in row.values.items() if here[k] != v}
        if not differences:
            order = self._order(table, row)
            if table.of_plan and record.order != order:
                self._change(table, row, record, {"order": (record.order, order)})
                return True
            if self.changed or self.problems:
                self._check(row, record)  # what it names may have changed
            self.outcomes.append(Outcome(table.name, row.code, UNCHANGED))
            return True
        by_hand = fingerprint(here) != loaded
        if by_hand and now != loaded and seed is not None:
            self.problems.append(row.problem(next(iter(differences)), changed_twice(row, differences)))
            return False
        if by_hand:
            self.outcomes.append(Outcome(table.name, row.code, KEPT, differences))
            return False
        self._change(table, row, record, differences)
        return True

    def _change(self, table, row, record, differences):
        self.changed = True
        amended = {name: new for name, (_was, new) in differences.items() if table.amended and name != "order"}
        if amended and why_unchanged(row, self.memory.of(row)):
            message = f"{row.code} changed here since it was loaded: say why in {table.because}."
            self.problems.append(row.problem(next(iter(amended)), message))
        try:
            if self.problems:  # nothing will be written, but what else is wrong is still to be noted
                if self._built(table, row, record):
                    self._check(row, record)
            elif not table.amended:
                if self._built(table, row, record):
                    rearrange(record=record, by=self.by, relations=self._many(table, row))
            elif not amended or self._references_resolve(table, row):
                self._amend(table, row, record, amended)
        except ValidationError as error:
            self.problems += row.problems_of(error)
        self.outcomes.append(Outcome(table.name, row.code, CHANGED, differences))

    def _amend(self, table, row, record, amended):
        if amended:
            amend_at_once(record=record, changes=amended, reason=row.reason, by=self.by, reviewer=self.checker)
        if table.of_plan and record.order != self._order(table, row):  # rows before it in the plan moved
            move(record=record, order=self._order(table, row), by=self.by)

    def _built(self, table, row, record):
        """The record with the row's values, or ``None`` with the problems noted."""
        complete = self._references_resolve(table, row)
        for key in table.keys:
            value = row.values[key.name]
            if key.type == MANY:
                continue
            if key.type == ONE:
                value = self.by_model[key.to].get(value)
            elif value is None:
                value = table.model._meta.get_field(key.name).get_default()
            setattr(record, key.name, value)
        if table.of_plan:
            record.plan = self._plan()
            record.order = self._order(table, row)
        return record if complete else None

    def _references_resolve(self, table, row):
        """Whether every code that a row names has a record; noted where one has none."""
        named = [self.lookup(key, code, row) for key in table.keys for code in _codes_in(row, key)]
        return None not in named

    def lookup(self, key, code, row):
        """The record that a row names, or ``None`` with the problem noted."""
        record = self.by_model.get(key.to, {}).get(code)
        if record is not None:
            return record
        if code not in self.codes[key.to]:
            noun = key.to._meta.verbose_name
            self.problems.append(row.problem(key.name, f"There is no {noun} with the code “{code}”."))
        elif key.to is row.table.model:
            message = f"{code} stands further down: a parent stands before its sections."
            self.problems.append(row.problem(key.name, message))
        return None  # else its own row was refused, with a problem of its own

    def _many(self, table, row):
        keys = [key for key in table.keys if key.type == MANY]
        return {key.name: [self.by_model[key.to][code] for code in row.values[key.name] or ()] for key in keys}

    def _order(self, table, row):
        """Place in the plan: that of the row in its file, for commitments that of the paragraph and then the letter."""
        if table is not COMMITMENTS:
            return row.position
        provision = self.by_model[PROVISIONS.model].get(row.values["provision"])
        place = 0
        for letter in row.code.removeprefix(row.values["provision"]):
            place = place * 27 + max(0, min(26, ord(letter.lower()) - 96))
        return (provision.order if provision else 0) * LETTERS + min(place, LETTERS - 1)


def _codes_in(row, key):
    """Codes of the records that a key of a row names."""
    value = row.values[key.name]
    if value is None:
        return []
    if key.type == REPEATED:
        return [cited["source"] for cited in value]
    return {ONE: [value], MANY: value}.get(key.type, [])
