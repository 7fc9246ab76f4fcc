"""Seed files into the registry: compare every row with the record and with the row last loaded, then act.

For each row there are four versions of the truth to tell apart, by fingerprint: the file now, the file as last loaded,
the record now, and no record at all. What only the file changed is loaded; what only a person changed is kept and
reported; what both changed is a problem, and then nothing is loaded.
"""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from tracker import actions
from tracker.models import SeedRow
from tracker.roles import COMPILER

from .files import Problem, read_folder
from .tables import CATEGORIES, COMMITMENTS, MANY, ONE, PLAN, PROVISIONS, TABLES, fingerprint

ADDED, UNCHANGED, CHANGED, KEPT, GONE = "added", "unchanged", "changed", "kept", "gone"
LETTERS = 1000  # room for the commitments of one provision in the plan-wide order


class LoadError(Exception):
    """The seed files were not loaded. ``problems`` has all that is wrong with them, each with its place."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass
class Outcome:
    """What became of one row: a word, and for changed and kept rows the values of each field on both sides."""

    table: str
    code: str
    word: str
    differences: dict = field(default_factory=dict)

    def __str__(self):
        line = f"{self.table} {self.code}: {self.word}"
        for name, (was, now) in self.differences.items():
            line += (
                f"\n    {name}: {was!s} → {now!s}"
                if self.word == CHANGED
                else (f"\n    {name}: here {was!s}, in the seed file {now!s}")
            )
        return line


def load_folder(folder):
    """Load one plan's seed files; returns the outcome of every row. Raises ``LoadError``, and then nothing changed."""
    reading = read_folder(folder)
    if not reading.rows[PLAN] and not reading.problems:
        reading.problems.append(Problem("plan.toml", None, "", "The file holds no [[plan]]."))
    if reading.problems:
        raise LoadError(_in_order(reading.problems))
    with transaction.atomic():
        outcomes, problems = _Load(reading).run()
        if problems:
            raise LoadError(_in_order(problems))
    return outcomes


def _in_order(problems):
    return sorted(problems, key=lambda p: (p.file, p.line or 0, p.field, p.message))


class _Load:
    """One load: what is known of each table so far, and what was found out about each row."""

    def __init__(self, reading):
        self.rows = reading.rows
        self.folder = reading.rows[PLAN][0].code
        self.by = get_user_model().objects.get(username=COMPILER)
        self.problems = []
        self.outcomes = []
        self.records = {}  # table → code → record, after its table was loaded
        self.by_model = {}

    def run(self):
        seen = {(s.table, s.key): s for s in SeedRow.objects.filter(folder=self.folder)}
        fresh, stale = [], []
        for table in TABLES:
            self._load_table(table, seen, fresh, stale)
            if self.problems:
                break  # rows of later tables would only complain about what is missing here
        if not self.problems:
            named = {(table.name, row.code) for table in TABLES for row in self.rows[table]}
            self.outcomes += [Outcome(t, key, GONE) for t, key in sorted(seen.keys() - named)]
            SeedRow.objects.bulk_create(fresh)
            for seed in stale:
                seed.save(update_fields=["fingerprint"])
        return self.outcomes, self.problems

    def _load_table(self, table, seen, fresh, stale):
        records = {record.code: record for record in self._existing(table)}
        self.records[table] = self.by_model[table.model] = records
        pending = []
        for row in self.rows[table]:
            if table is CATEGORIES and row.values["parent"] in {r.code for r, _m in pending}:
                pending = self._flush(table, pending)  # a parent is written before its children
            record = records.get(row.code)
            seed = seen.get((table.name, row.code))
            now = fingerprint(row.values)
            if record is None:
                built = self._built(table, row, table.model())
                if built:
                    pending.append((built, self._many(table, row)))
                    records[row.code] = built
                    self.outcomes.append(Outcome(table.name, row.code, ADDED))
            elif not self._compare(table, row, record, seed, now):
                continue
            if seed is None:
                fresh.append(SeedRow(folder=self.folder, table=table.name, key=row.code, fingerprint=now))
            elif seed.fingerprint != now:
                seed.fingerprint = now
                stale.append(seed)
        self._flush(table, pending)

    def _existing(self, table):
        records = table.records()
        return records.filter(plan__code=self.folder) if table.of_plan else records

    def _flush(self, table, pending):
        if not self.problems:
            try:
                actions.register_all(records=pending, by=self.by)
            except actions.InvalidRecords as error:
                rows = {row.code: row for row in self.rows[table]}
                for record, problem in error.problems:
                    self._note(rows[record.code], problem)
        return []

    def _note(self, row, error):
        """Every sentence of a ``ValidationError``, at the line of the field that it speaks of."""
        for name, messages in error.message_dict.items():
            place = "" if name == NON_FIELD_ERRORS else name
            self.problems += [row.problem(place, f"{row.code}: {message}") for message in messages]

    def _compare(self, table, row, record, seed, now):
        """Act on a row whose record is there. True if the row counts as loaded."""
        here = table.row_of(record)
        loaded = seed.fingerprint if seed else None
        differences = {k: (here[k], v) for k, v in row.values.items() if here[k] != v}
        if not differences:
            moved = table in (CATEGORIES, PROVISIONS, COMMITMENTS) and record.order != self._order(table, row)
            if moved:
                self._change(table, row, record, {"order": (record.order, self._order(table, row))})
            else:
                self.outcomes.append(Outcome(table.name, row.code, UNCHANGED))
            return True
        by_hand = fingerprint(here) != loaded
        if by_hand and now != loaded and seed is not None:
            both = "; ".join(f"{k}: here {was!s}, in the seed file {new!s}" for k, (was, new) in differences.items())
            message = f"{row.code} was changed here and in the seed file. {both}. Make them agree."
            self.problems.append(row.problem(next(iter(differences)), message))
            return False
        if by_hand:
            self.outcomes.append(Outcome(table.name, row.code, KEPT, differences))
            return False
        self._change(table, row, record, differences)
        return True

    def _change(self, table, row, record, differences):
        built = self._built(table, row, record)
        if built:
            summary = "; ".join(f"{name}: {was!s} → {now!s}" for name, (was, now) in differences.items())
            relations = self._many(table, row)
            try:
                actions.register(record=built, by=self.by, relations=relations, summary=summary, known_references=True)
            except ValidationError as error:
                self._note(row, error)
            self.outcomes.append(Outcome(table.name, row.code, CHANGED, differences))

    def _built(self, table, row, record):
        """The record with the row's values, or None with the problems noted."""
        before = len(self.problems)
        for key in table.keys:
            value = row.values[key.name]
            if key.type == MANY:
                for code in value or ():
                    self._lookup(key, code, row)
                continue
            if key.type == ONE:
                value = self._lookup(key, value, row) if value else None
            elif value is None:
                value = table.model._meta.get_field(key.name).get_default()
            setattr(record, key.name, value)
        if len(self.problems) > before:
            return None
        if table.of_plan:
            record.plan = self.records[PLAN][self.folder]
        if table in (CATEGORIES, PROVISIONS, COMMITMENTS):
            record.order = self._order(table, row)
        return record

    def _lookup(self, key, code, row):
        record = self.by_model.get(key.to, {}).get(code)
        if record is None:
            noun = key.to._meta.verbose_name
            self.problems.append(row.problem(key.name, f"There is no {noun} with the code “{code}”."))
        return record

    def _many(self, table, row):
        keys = [key for key in table.keys if key.type == MANY]
        return {key.name: [self.by_model[key.to][code] for code in row.values[key.name] or ()] for key in keys}

    def _order(self, table, row):
        """Place in the plan: that of the row in its file, for commitments that of the paragraph and then the letter."""
        if table is not COMMITMENTS:
            return row.position
        provision = self.by_model[PROVISIONS.model].get(row.values["provision"])
        letters = row.code.removeprefix(row.values["provision"])
        place = 0
        for letter in letters:
            place = place * 27 + max(0, min(26, ord(letter.lower()) - 96))
        return (provision.order if provision else 0) * LETTERS + min(place, LETTERS - 1)
