"""When the status of each promise changed: as things happened in the world, and as this site showed it.

Both are derived, like every status: the method is asked again for each day on which it could answer otherwise, which
it names itself (``until``), and for no other.
"""

import dataclasses
import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from tracker.models import Commitment
from tracker.records.registry import AssessmentRecord, UpdateRecord
from tracker.standalone.assess import Promise, Record, assess

from .registry import Registry, registered
from .results import promise_of, record_of

if TYPE_CHECKING:
    from .plan import PlanView
    from .snapshot import Snapshot

Row = TypeVar("Row", UpdateRecord, AssessmentRecord)

# Amended fields that a status can depend on; wording does not change what was found.
DECIDING = {
    *("rule", "metric", "comparator", "target_value", "target_rung", "tolerance", "base_date", "deadline"),
    *("nature", "rungs", "lag_months", "side", "address", "publisher"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """What a promise stood at."""

    status: str
    group: str
    missing: str


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A promise stood otherwise from this day on. ``before`` is ``None`` where it was not here before.

    ``entries`` are the log entries that made it so; none where time alone did, as when a deadline passed.
    """

    code: str
    day: datetime.date
    before: Standing | None
    after: Standing
    entries: tuple[int, ...]


def happened(snapshot: "Snapshot", plan: "PlanView") -> tuple[Change, ...]:
    """Changes of a plan as things happened, oldest first, by what the snapshot knows.

    From the first day of the plan to the day of the snapshot; how a promise stood on that first day is no change.
    """
    rows = snapshot.registry.rows.get(plan.code, {})
    for code in [each for each in rows if each not in plan.told]:
        plan.told[code] = tuple(_happened(snapshot, plan, rows[code]))
    return tuple(sorted((change for code in rows for change in plan.told[code]), key=lambda change: change.day))


def _happened(snapshot: "Snapshot", plan: "PlanView", c: Commitment) -> Iterator[Change]:
    """Changes of one promise."""
    updates, findings = plan.updates[c.code], plan.findings[c.code]
    promise, record = promise_of(c, plan), record_of(updates, findings, snapshot.registry)
    before, day = _standings(promise, record, plan.starts_on)
    while day is not None and day <= snapshot.on:
        after, following = _standings(promise, record, day)
        if after != before:
            rows: tuple[UpdateRecord | AssessmentRecord, ...] = (*updates, *findings)
            entries = tuple(sorted(row.entry for row in rows if row.as_of == day))
            yield Change(c.code, day, before, after, entries)
        before, day = after, following


def published(snapshot: "Snapshot", plan: "PlanView") -> tuple[Change, ...]:
    """Changes of a plan as this site showed them, oldest first: how each promise first stood here, and what followed.

    A promise stands here from the day on which it was registered. Each later day is asked for what was published by
    its end, corrections and withdrawals included, with what the registry held then.
    """
    registries, entries = _Registries(snapshot), registered(snapshot.known)
    changes = (
        change
        for code in plan.commitments
        for change in _Shown(snapshot, plan, code, registries).changes(*entries[f"commitment {plan.code}/{code}"])
    )
    return tuple(sorted(changes, key=lambda change: change.day))


def _standings(promise: Promise, record: Record, day: datetime.date) -> tuple[Standing, datetime.date | None]:
    """How a promise stood on a day, and the next day on which that may change by itself."""
    assessed = assess(promise, record, day)
    return Standing(assessed.status, assessed.group, assessed.missing), assessed.until


class _Registries:
    """The registry as it stood at the end of a day, and when it was amended in something that a status depends on."""

    def __init__(self, snapshot: "Snapshot") -> None:
        self.snapshot = snapshot
        self.amended = [
            (key, each.at.date(), each.entry)
            for key, rows in snapshot.amendments.items()
            for each in rows
            if not DECIDING.isdisjoint(each.changes)
        ]
        self.read: dict[int, Registry] = {}

    def on(self, day: datetime.date) -> Registry:
        """The registry as it stood at the end of a day; read anew only where an amendment since then may decide."""
        later = [entry for _key, when, entry in self.amended if when > day]
        if not later:
            return self.snapshot.registry
        known = min(later) - 1
        if known not in self.read:
            self.read[known] = Registry(known, self.snapshot.head)
        return self.read[known]


class _Shown:
    """What this site showed of one promise."""

    def __init__(self, snapshot: "Snapshot", plan: "PlanView", code: str, registries: _Registries) -> None:
        self.snapshot, self.plan, self.code, self.registries = snapshot, plan, code, registries
        own = (*plan.updates[code], *plan.replaced[code])
        self.updates = {"": tuple(row for row in own if not row.metric)}
        for metric in self._metrics():
            self.updates[metric] = (*snapshot.updates.get(metric, ()), *snapshot.replaced.get(metric, ()))
        self.findings = (*plan.findings[code], *plan.replaced_findings.get(code, ()))

    def _metrics(self) -> set[str]:
        """Codes of the metrics that have answered it: the present one, and those from before an amendment."""
        metrics = {self.plan.commitments[self.code].metric}
        for each in self.snapshot.amendments.get(("commitment", self.plan.code, self.code), ()):
            metrics |= set(each.changes.get("metric", ()))
        return metrics - {"", None}

    def changes(self, entry: int, at: datetime.datetime) -> list[Change]:
        """Every change of it, oldest first, from the entry and the moment that registered it."""
        first, entries = at.date(), self._entries_by_day()
        entries.setdefault(first, set()).add(entry)
        waiting = sorted(day for day in entries if first <= day <= self.snapshot.on)
        changes: list[Change] = []
        before: Standing | None = None
        while waiting:
            day = waiting.pop(0)
            after, until = self._standing_on(day)
            if after != before:
                changes.append(Change(self.code, day, before, after, tuple(sorted(entries.get(day, ())))))
            before = after
            if until is not None and until <= self.snapshot.on and (not waiting or until < waiting[0]):
                waiting.insert(0, until)
        return changes

    def _entries_by_day(self) -> dict[datetime.date, set[int]]:
        """Log entries that published, replaced or amended something about it, by day."""
        keys = {("commitment", self.plan.code, self.code), *(("metric", code) for code in self._metrics())}
        updates = [row for rows in self.updates.values() for row in rows]
        rows: tuple[UpdateRecord | AssessmentRecord, ...] = (*self.findings, *updates)
        ended = [self.snapshot.replaced_by[row.entry] for row in rows if row.entry in self.snapshot.replaced_by]
        entries: dict[datetime.date, set[int]] = {}
        for row in [*rows, *ended]:
            entries.setdefault(row.at.date(), set()).add(row.entry)
        for key, day, entry in self.registries.amended:
            if key in keys or key[0] in ("body", "source"):  # anything may rest on these
                entries.setdefault(day, set()).add(entry)
        return entries

    def _standing_on(self, day: datetime.date) -> tuple[Standing, datetime.date | None]:
        registry = self.registries.on(day)
        c = registry.rows[self.plan.code][self.code]
        updates = self.updates[""] + (self.updates[c.metric.code] if c.metric else ())
        findings = [dataclasses.replace(f, side=registry.bodies[f.origin].side) for f in self._live(self.findings, day)]
        record = record_of(self._live(updates, day), findings, registry)
        return _standings(promise_of(c, self.plan), record, day)

    def _live(self, rows: Iterable[Row], day: datetime.date) -> list[Row]:
        """Rows that were published by the end of a day and not replaced by then."""
        ends = self.snapshot.replaced_by
        return [r for r in rows if r.at.date() <= day and not (r.entry in ends and ends[r.entry].at.date() <= day)]
