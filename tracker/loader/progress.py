"""Seed files of progress: dated updates and others' findings, compiled and checked before release.

A row that is new is published by the two closed accounts. A row that changed since it was loaded becomes a correction
of what it published, and must say why. A row corrected by hand stays; a row that has gone is reported, and what it
published stays.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from tracker.actions.progress import publish_all
from tracker.actions.registry import InvalidRecords
from tracker.models import Evidence, What
from tracker.schema import PROGRESS
from tracker.schema.keys import CITED, FLAG, ONE, fingerprint
from tracker.schema.progress import UPDATES

from .chains import Chains
from .memory import why_unchanged
from .outcomes import ADDED, CHANGED, GONE, KEPT, UNCHANGED, Outcome, changed_twice

IN_FILES = (What.VALUE, What.RUNG, What.JUDGEMENT, What.SEARCH)


class ProgressLoad:
    """One load of a folder's progress, inside the transaction that loads its registry."""

    def __init__(self, registry):
        self.registry = registry  # the load of the same folder's registry: references, accounts, memory
        self.memory = registry.memory
        self.problems, self.outcomes = [], []

    def run(self):
        """Load all rows; problems and outcomes are noted on the way.

        Where the registry was refused nothing is published, but what is wrong with the rows themselves is still said.
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
            now = fingerprint(row.values)
            current = chains.current.get(row.code)
            word = ADDED if current is None else self._compare(row, now, chains)
            if word in (ADDED, CHANGED):
                built = self._built(row, named)
                if built is None:
                    continue
                record, evidence = built
                if word == CHANGED:
                    record.replaces, record.reason = current, row.reason
                waiting.append((row, record, evidence))
            if word is not None:
                self.memory.keep(row, None if word == KEPT else now)
        return waiting, chains

    def _compare(self, row, now, chains):
        """What is to become of a row that was published before; ``None`` where it cannot be loaded."""
        seed = self.memory.of(row)
        if seed is None:
            self.problems.append(row.problem("key", f"{row.code} is the key of a row of another plan."))
            return None
        over = chains.is_over(row.code)
        here = chains.row(row.code)
        differences = {name: (here[name], new) for name, new in row.values.items() if here[name] != new}
        if over and now != seed.fingerprint:
            self.problems.append(
                row.problem("key", f"{row.code} was withdrawn or redacted here: its row stays as it was.")
            )
            return None
        if over:
            self.outcomes.append(Outcome(row.table.name, row.code, KEPT))
            return KEPT
        if not differences:
            self.outcomes.append(Outcome(row.table.name, row.code, UNCHANGED))
            return UNCHANGED
        first = next(iter(differences))
        if fingerprint(here) != seed.fingerprint:  # corrected by hand
            if now != seed.fingerprint:
                self.problems.append(row.problem(first, changed_twice(row, differences)))
                return None
            self.outcomes.append(Outcome(row.table.name, row.code, KEPT, differences))
            return KEPT
        if why_unchanged(row, seed):
            message = f"{row.code} changed since it was published: say why in {row.table.because}."
            self.problems.append(row.problem(first, message))
            return None
        self.outcomes.append(Outcome(row.table.name, row.code, CHANGED, differences))
        return CHANGED

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
            waiting = [each for each in waiting if each not in ready]

    def _publish(self, ready):
        places = {id(record): row for row, record, _evidence in ready}
        pairs = [(record, evidence) for _row, record, evidence in ready]
        try:
            publish_all(records=pairs, by=self.registry.by, reviewer=self.registry.checker)
        except InvalidRecords as error:
            for record, problem in error.problems:
                self._note(places[id(record)], problem)
        else:
            added = [row for row, record, _evidence in ready if record.replaces_id is None]
            self.outcomes += [Outcome(row.table.name, row.code, ADDED) for row in added]

    def _note(self, row, error):
        for name, messages in error.message_dict.items():
            place = "" if name == NON_FIELD_ERRORS else name
            self.problems += [row.problem(place, f"{row.code}: {message}") for message in messages]

    def _built(self, row, named):
        """An unsaved record and its evidence, or ``None`` with the problems noted."""
        record = row.table.model(seed_key=row.code)
        complete, evidence = True, []
        for key in row.table.keys:
            value = row.values[key.name]
            if key.name in ("key", "replies_to"):
                continue
            if key.type == CITED:
                evidence = [self._cited(key, cited, row) for cited in value or ()]
                complete = complete and None not in evidence
                continue
            if key.type == ONE and value:
                value = self.registry.lookup(key, value, row)
                complete = complete and value is not None
            elif key.type == FLAG:
                value = bool(value)
            elif value is None:
                value = row.table.model._meta.get_field(key.name).get_default()
            setattr(record, key.name, value)
        target = row.values.get("replies_to")
        if target is not None and target not in named:
            message = f"There is no {row.table.name} with the key “{target}”."
            self.problems.append(row.problem("replies_to", message))
            complete = False
        if row.table is UPDATES and record.what not in IN_FILES:
            message = f"Expected {', '.join(IN_FILES)}, found “{record.what}”."
            self.problems.append(row.problem("what", message))
            complete = False
        return (record, evidence) if complete else None

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
