"""Seed files of progress: dated updates and others' findings, compiled and checked before release.

A row that is new is published by the two closed accounts. A row that changed since it was loaded becomes a correction
of what it published, and must say why. A row corrected by hand stays; a row that has gone is reported, and what it
published stays.
"""

from django.core.exceptions import ValidationError
from django.db.models import Prefetch

from tracker.actions.progress import publish_all
from tracker.actions.registry import InvalidRecords
from tracker.models import Evidence
from tracker.models.progress import OBSERVED
from tracker.schema import CITED, IMPORTED, ONE, PROGRESS, UPDATES

from .state import ADDED, CHANGED, GONE, KEPT, UNCHANGED, Outcome, why_unchanged


class Chains:
    """The rows of a table of progress that the seed files published, with what corrections made of each since.

    ``current`` has by key the row that stands now, which a correction by hand may have made.
    """

    def __init__(self, table):
        self.table = table
        cited = Evidence.objects.select_related("source").order_by("pk")
        published = table.model.objects.published().prefetch_related(Prefetch("evidence", queryset=cited))
        published = published.select_related(*[key.name for key in table.keys if key.type == ONE])
        successors = {row.replaces_id: row for row in published.filter(replaces__isnull=False)}
        self.current, self.keys = {}, {}
        seeded = published.filter(replaces__isnull=True).exclude(seed_key="")
        for row in seeded.exclude(seed_key__startswith=IMPORTED):
            key = row.seed_key
            self.keys[row.pk] = key
            while successor := successors.get(row.pk):
                row = successor
                self.keys[row.pk] = key
            self.current[key] = row

    def row(self, key):
        """The row that stands now, as a row of its seed file."""
        record = self.current[key]
        answered = self.keys.get(getattr(record, "replies_to_id", None))
        return self.table.row_of(record, {"key": key, "replies_to": answered})

    def is_over(self, key):
        """Whether the row was withdrawn or redacted here: it is in no file then, and no file changes it."""
        record = self.current[key]
        return record.is_withdrawal or record.redacted_by_id is not None


class ProgressLoad:
    """One load of a folder's progress, inside the transaction that loads its registry."""

    def __init__(self, registry):
        self.registry = registry  # the load of the same folder's registry: references, accounts, memory
        self.memory = registry.memory
        self.problems, self.outcomes = [], []

    def run(self):
        """Load all rows; problems and outcomes are noted on the way.

        Where the registry was refused nothing is published, but what is wrong with the rows themselves is still noted.
        """
        publishing = not self.registry.problems  # rows of a doomed load are published too, to hear what is wrong
        for table in PROGRESS:
            waiting, chains = self._compare_all(table)
            if publishing:
                self._publish_in_turn(waiting, chains)
        self.outcomes += [Outcome(*pair, GONE) for pair in self.memory.gone(PROGRESS, self.registry.rows)]

    def _compare_all(self, table):
        """The rows that are to be published, unsaved, and what was published before."""
        chains = Chains(table)
        rows = self.registry.rows[table]
        named = {row.code for row in rows} | chains.current.keys()
        waiting = []
        for row in rows:
            self.registry.tell(f"{self.registry.folder}: {table.public}", row.position, len(rows))
            now = table.fingerprint(row.values)
            current = chains.current.get(row.code)
            word = ADDED if current is None else self._compare(row, now, chains)
            if word in (ADDED, CHANGED):
                if (built := self._built(row, named)) is None:
                    continue
                record, evidence = built
                if word == CHANGED:
                    record.replaces, record.reason = current, row.reason
                waiting.append((row, record, evidence))
            if word is not None:
                self.memory.keep(row, None if word == KEPT and not self.registry.keep else now)
        return waiting, chains

    def _compare(self, row, now, chains):
        """What is to become of a row that was published before; ``None`` where it cannot be loaded."""
        seed = self.memory.of(row)
        if seed is None:
            return self._refuse(row, "key", f"{row.code} is the key of a row of another plan.")
        in_file = now != seed.fingerprint
        if chains.is_over(row.code):
            if in_file and not self.registry.keep:
                return self._refuse(row, "key", f"{row.code} was withdrawn or redacted here: its row stays as it was.")
            return self._note(row, KEPT)
        on_record = chains.row(row.code)
        differences = {name: (on_record[name], new) for name, new in row.values.items() if on_record[name] != new}
        if not differences:
            return self._note(row, UNCHANGED)
        by_hand, first = row.table.fingerprint(on_record) != seed.fingerprint, next(iter(differences))
        if by_hand and in_file:
            if self.registry.keep:
                return self._note(row, KEPT, differences)
            return self.problems.append(row.changed_twice(differences))
        if by_hand:
            return self._note(row, KEPT, differences)
        if why_unchanged(row, seed):
            message = f"{row.code} changed since it was published: say why in {row.table.because}."
            return self._refuse(row, first, message)
        return self._note(row, CHANGED, differences)

    def _refuse(self, row, name, message):
        self.problems.append(row.problem(name, message))

    def _note(self, row, word, differences=None):
        self.outcomes.append(Outcome(row.table.name, row.code, word, differences or {}))
        return word

    def _publish_in_turn(self, waiting, chains):
        """Publish what replies to another finding after it, because it names its log entry."""
        while waiting:
            keys = {row.code for row, _record, _evidence in waiting}
            ready = [each for each in waiting if each[0].values.get("replies_to") not in keys]
            if not ready:
                self.problems += [r.problem("replies_to", f"{r.code} replies in a circle.") for r, _rec, _ev in waiting]
                return
            publishable = []
            for row, record, evidence in ready:
                target = row.values.get("replies_to")
                if target is None or target in chains.current:  # else its own row was refused
                    record.replies_to = chains.current[target] if target else None
                    publishable.append((row, record, evidence))
            self._publish(publishable)
            chains.current |= {row.code: record for row, record, _evidence in publishable if record.pk}
            waiting = [each for each in waiting if each[0].values.get("replies_to") in keys]

    def _publish(self, ready):
        places = {id(record): row for row, record, _evidence in ready}
        pairs = [(record, evidence) for _row, record, evidence in ready]
        try:
            publish_all(records=pairs, by=self.registry.by, reviewer=self.registry.checker)
        except InvalidRecords as error:
            for record, problem in error.problems:
                self.problems += places[id(record)].problems_of(problem)
        else:
            added = [row for row, record, _evidence in ready if record.replaces_id is None]
            self.outcomes += [Outcome(row.table.name, row.code, ADDED) for row in added]

    def _built(self, row, named):
        """An unsaved record and its evidence, or ``None`` with the problems noted."""
        record, evidence = row.table.model(seed_key=row.code), []
        whole = self._is_recordable(row, named)
        for key in row.table.keys:
            value = row.values[key.name]
            if key.type == CITED:
                evidence = [self._cited(key, cited, row) for cited in value or ()]
            elif key.name not in ("key", "replies_to"):
                if value is None:
                    value = row.table.model._meta.get_field(key.name).get_default()
                elif key.type == ONE:
                    value = self.registry.lookup(key, value, row)
                    whole = whole and value is not None
                setattr(record, key.name, value)
        return (record, evidence) if whole and None not in evidence else None

    def _is_recordable(self, row, named):
        """Whether the row replies to a known one, and records what files may record."""
        before, target = len(self.problems), row.values.get("replies_to")
        if target is not None and target not in named:
            self._refuse(row, "replies_to", f"There is no {row.table.name} with the key “{target}”.")
        if row.table is UPDATES and row.values["what"] not in OBSERVED:
            self._refuse(row, "what", f"Expected {', '.join(OBSERVED)}, found “{row.values['what']}”.")
        return len(self.problems) == before

    def _cited(self, key, cited, row):
        """A citation as unsaved evidence, or ``None`` with the problem noted."""
        source = self.registry.lookup(key, cited["source"], row)
        if source is None:
            return None
        evidence = Evidence(source=source, locator=cited.get("locator", ""), note=cited.get("note", ""))
        try:
            evidence.clean_fields(exclude=["update_record", "assessment", "source", "entry"])
        except ValidationError as error:
            self.problems += [row.problem(key.name, f"{row.code}: {message}") for message in error.messages]
            return None
        return evidence
