"""Seed files into the registry: compare every row with the record and with the row last loaded, then act.

For each row there are four versions of the truth to tell apart, by fingerprint: the file now, the file as last loaded,
the record now, and no record at all. What only the file changed is loaded; what only a person changed is kept and
reported; what both changed is a problem, and then nothing is loaded.
"""

import itertools
from collections import Counter
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.actions.changes import amend_at_once
from tracker.actions.registry import InvalidRecords, check, register_all, reorder
from tracker.actions.trail import note
from tracker.models import Deed
from tracker.models.roles import CHECKER, COMPILER
from tracker.schema import CATEGORIES, COMMITMENTS, MANY, ONE, PLAN, PROVISIONS, REPEATED, TABLES

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
    print_of,
    why_unchanged,
)

LETTERS = 1000  # room for the commitments of one provision in the plan-wide order


def load_folder(folder, tell=silent, *, keep=False):
    """Load one plan's seed files; returns the outcome of every row. Raises ``LoadError``, and then nothing changed.

    ``tell`` is told what is being done, and how much of how much is. With ``keep`` a row that was changed both here and
    in its file stays as it is here, until its file changes again.
    """
    folder = Path(folder)
    whole = print_of(folder)  # before the files are read: what changes meanwhile is read the next time
    return load(read_folder(folder, tell), whole, tell, keep=keep)


def load(reading, whole="", tell=silent, *, keep=False):
    """Load one plan's rows, which were read and checked. Answers and refuses as ``load_folder`` does."""
    if not reading.rows[PLAN] and not reading.problems:
        reading.problems.append(Problem("plan.toml", None, "", "The file holds no [[plan]]."))
    if not reading.rows[PLAN]:  # without it nothing else can be looked at
        raise LoadError(_in_order(reading.problems))
    with transaction.atomic():
        registry = RegistryLoad(reading, tell, keep)
        registry.run()
        progress = ProgressLoad(registry)
        progress.run()
        if problems := registry.problems + progress.problems:
            raise LoadError(_in_order(problems))
        registry.memory.write_down(whole)
        outcomes = registry.outcomes + progress.outcomes
        _note(registry, outcomes)
    return outcomes


def _note(registry, outcomes):
    """One line in the trail of the staff, however many rows a load brought; none where it brought nothing."""
    n = Counter(outcome.word for outcome in outcomes)
    if n[ADDED] or n[CHANGED]:
        words = _("%(added)s rows added, %(changed)s changed") % {"added": n[ADDED], "changed": n[CHANGED]}
        note(by=registry.by, deed=Deed.LOADED, subject=registry.folder, detail=words)


def _in_order(problems):
    return sorted(problems, key=lambda p: (p.file, p.line or 0, p.field, p.message))


class RegistryLoad:
    """One load: what is known of each table so far, and what became of each row.

    Once there is a problem nothing will be written, but what else is wrong is still noted: what is only built then has
    a number below 0, so that what names it can be checked too.
    """

    def __init__(self, reading, tell, keep=False):
        self.rows, self.tell, self.keep = reading.rows, tell, keep
        self.codes = {t.model: {row.code for row in self.rows[t]} | reading.refused[t] for t in TABLES}
        self.folder = reading.rows[PLAN][0].code
        accounts = get_user_model().objects
        self.by, self.checker = accounts.get(username=COMPILER), accounts.get(username=CHECKER)
        self.memory = Memory(self.folder)
        self.unread = {table.model for table in reading.unread}
        self.problems, self.outcomes, self.changed = list(reading.problems), [], False
        self.unwritten = itertools.count(-1, -1)  # numbers of what is only built
        self.by_model = {}  # model → code → record, after its table was loaded

    @property
    def doomed(self):
        """Whether nothing will be written: what else is wrong is still to be noted."""
        return bool(self.problems)

    def run(self):
        """Load all tables; problems and outcomes are noted on the way."""
        for table in TABLES:
            self._load_table(table)
        self.outcomes += [Outcome(*pair, GONE) for pair in self.memory.gone(TABLES, self.rows)]

    def _load_table(self, table):
        records = {record.code: record for record in self._existing(table)}
        self.by_model[table.model] = records
        moved = self._move(table, records)
        pending = []
        for row in self.rows[table]:
            self.tell(f"{self.folder}: {table.public}", row.position, len(self.rows[table]))
            if table is CATEGORIES and row.values["parent"] in {r.code for r, _m in pending}:
                self._flush(table, pending)  # a parent is written before its children
                pending = []
            record = records.get(row.code)
            loaded = True
            if record is None:
                if built := self._built(table, row, table.model()):
                    pending.append((built, self._many(table, row)))
                    records[row.code] = built
                    self.outcomes.append(Outcome(table.name, row.code, ADDED))
            else:
                loaded = self._compare(table, row, record, moved)
            self.memory.keep(row, table.fingerprint(row.values) if loaded else None)
        self._flush(table, pending)

    def _move(self, table, records):
        """Put records where their rows stand now, before what they say is compared; their places before, by code."""
        registered = [row for row in self.rows[table] if table.of_plan and row.code in records]
        places = {records[row.code]: self._order(table, row) for row in registered}
        places = {record: order for record, order in places.items() if record.order != order}
        moved = {record.code: record.order for record in places}
        if not self.doomed:
            reorder(places=places, by=self.by)
        for record, order in places.items():
            record.order = order
        return moved

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
        if self.doomed:
            for record, _many in pending:
                self._check(rows[record.code], record)
                record.pk = next(self.unwritten)
            return
        try:
            register_all(records=pending, by=self.by)
        except InvalidRecords as error:
            for record, problem in error.problems:
                self.problems += rows[record.code].problems_of(problem)

    def _check(self, row, record, *, complete=True):
        """Note what is wrong with a record; where what it names was refused, only with its own fields."""
        related = [f.name for f in record._meta.concrete_fields if f.is_relation]
        named = [record._state.fields_cache.get(name) for name in related]
        try:
            if complete and all(each is None or each.pk for each in named):
                waiting = [name for name in row.waiting if row.values.get(name) is None]
                check(record=record, known_references=True, waiting=waiting)
            else:
                record.clean_fields(exclude={*related, *row.unasked})
        except ValidationError as error:
            self.problems += row.problems_of(error)

    def _compare(self, table, row, record, moved):
        """Act on a row that has a record. True if the row counts as loaded."""
        seed, on_record, now = self.memory.of(row), table.row_of(record), table.fingerprint(row.values)
        differences = {k: (on_record[k], v) for k, v in row.values.items() if on_record[k] != v}
        place = {"order": (moved[row.code], record.order)} if row.code in moved else {}
        if not differences:
            if self.changed or self.problems:
                self._check(row, record)  # what it names may have changed
            self.changed = self.changed or bool(place)
            self.outcomes.append(Outcome(table.name, row.code, CHANGED if place else UNCHANGED, place))
            return True
        by_hand = seed is None or table.fingerprint(on_record) != seed.fingerprint
        if by_hand and seed is not None and now != seed.fingerprint:
            if self.keep:
                self.outcomes.append(Outcome(table.name, row.code, KEPT, differences))
                return True
            self.problems.append(row.changed_twice(differences, self.folder if table.of_plan else ""))
            return False
        if by_hand:
            self.outcomes.append(Outcome(table.name, row.code, KEPT, differences))
            return False
        self._amend(table, row, record, differences)
        self.outcomes.append(Outcome(table.name, row.code, CHANGED, differences | place))
        return True

    def _amend(self, table, row, record, differences):
        self.changed = True
        if why_unchanged(row, self.memory.of(row)):
            message = f"{row.code} changed here since it was loaded: say why in {table.because}."
            self.problems.append(row.problem(next(iter(differences)), message))
        changes = {name: new for name, (_was, new) in differences.items()}
        try:
            if not self._built(table, row, record):
                return
            if self.doomed:
                self._check(row, record)
            else:
                amend_at_once(record=record, changes=changes, reason=row.reason, by=self.by, reviewer=self.checker)
        except ValidationError as error:
            self.problems += row.problems_of(error)

    def _built(self, table, row, record):
        """The record with the row's values, or ``None`` with the problems noted."""
        complete = self._references_resolve(table, row) and not row.unasked
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
        if not complete:
            self._check(row, record, complete=False)
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
        if code not in self.codes[key.to] and key.to not in self.unread:
            noun = key.to._meta.verbose_name
            self.problems.append(row.problem(key.name, f"There is no {noun} with the code “{code}”."))
        elif key.to is row.table.model:
            message = f"{code} stands further down: a parent stands before its sections."
            self.problems.append(row.problem(key.name, message))
        return None  # else its own row or file was refused, with a problem of its own

    def _many(self, table, row):
        """The records that each key of several names, as far as there are such."""
        keys = (key for key in table.keys if key.type == MANY)
        named = {key.name: map(self.by_model[key.to].get, row.values[key.name] or ()) for key in keys}
        return {name: list(filter(None, records)) for name, records in named.items()}

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
