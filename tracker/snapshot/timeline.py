"""When the status of each promise changed: as things happened in the world, and as this site showed it.

Both are derived, like every status: the method is asked again for each day on which it could answer otherwise, which
it names itself (``until``), and for no other.
"""

import bisect
import dataclasses
import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Max, Min

from tracker.models import Commitment, LedgerEntry
from tracker.models.roles import COMPILER
from tracker.records.progress import AmendmentRecord, AssessmentRecord, UpdateRecord
from tracker.standalone.assess import Promise, Record, assess

from .registry import Registry, registered
from .results import promise_of, record_of
from .stored import Deciding, deciding

if TYPE_CHECKING:
    from .plan import PlanView
    from .snapshot import Snapshot

Row = TypeVar("Row", UpdateRecord, AssessmentRecord)

# Amended fields that a status can depend on; wording does not change what was found.
DECIDING = {
    *("rule", "metric", "comparator", "target_value", "target_rung", "tolerance", "base_date", "deadline"),
    *("nature", "rungs", "lag_months", "period", "period_ends", "term_years", "only_grows_because"),
    *("no_statistic_because", "side", "state", "address", "publisher", "starts_on", "published_on"),
}
# Seconds between two steps of one load of seed files, which becomes public as a whole. Where a machine is slower, what
# nobody could see is shown as an entry too many; none is ever lost by it.
ONE_LOAD = datetime.timedelta(seconds=5)


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """What a promise stood at."""

    status: str
    group: str
    missing: str


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A promise stood otherwise from this day on. ``before`` is ``None`` where it was not here before.

    ``entries`` are the log entries that made it so; none where time alone did, as when a deadline passed. Where their
    source names a month or a year only, ``precision`` says so, and the day is the first that it may have been.
    ``shown`` is the entry with which this site began to show it, of a load of files the first, which stays the first
    whatever follows; ``None`` for time alone, and as things happened.
    """

    code: str
    day: datetime.date
    before: Standing | None
    after: Standing
    entries: tuple[int, ...]
    precision: str = "day"
    shown: int | None = None


def happened(snapshot: "Snapshot", plan: "PlanView") -> tuple[Change, ...]:
    """Changes of a plan as things happened, oldest first, by what the snapshot knows.

    From the first day of the plan to the day of the snapshot; how a promise stood on that first day is no change.
    """
    rows = snapshot.registry.rows.get(plan.code, {})
    for code in [each for each in rows if each not in plan.changes_by_code]:
        plan.changes_by_code[code] = tuple(_happened(snapshot, plan, rows[code]))
    return tuple(
        sorted((change for code in rows for change in plan.changes_by_code[code]), key=lambda change: change.day)
    )


def _happened(snapshot: "Snapshot", plan: "PlanView", c: Commitment) -> Iterator[Change]:
    """Changes of one promise."""
    updates, findings = deciding(plan.updates[c.code]), plan.findings[c.code]
    promise, record = promise_of(c), record_of(updates, findings, snapshot.registry, plan.state)
    before, day = _standings(promise, record, plan.starts_on)
    while day is not None and day <= snapshot.on:
        after, following = _standings(promise, record, day)
        if after != before:
            rows: tuple[UpdateRecord | Deciding | AssessmentRecord, ...] = (*updates, *findings)
            rows = tuple(row for row in rows if row.earliest == day)
            precision = max((row.precision for row in rows), default="day")  # a year is vaguer than a month than a day
            yield Change(c.code, day, before, after, tuple(sorted(row.entry for row in rows)), precision)
        before, day = after, following


def published(snapshot: "Snapshot", plan: "PlanView") -> tuple[Change, ...]:
    """Changes of a plan as this site showed them, oldest first: how each promise first stood here, and what followed.

    A promise stands here from the entry that registered it. After each later entry, corrections and withdrawals
    included, and on each day on which time may have changed something, it is asked again by what the registry held
    then: so what was published and withdrawn within a day has left its trace.
    """
    log, entries = _Log(snapshot), registered(snapshot.known)
    changes = (
        change
        for code in plan.commitments
        for change in _Shown(snapshot, plan, code, log).changes(*entries[f"commitment {plan.code}/{code}"])
    )
    return tuple(sorted(changes, key=lambda change: (change.day, change.shown or 0)))


def _standings(promise: Promise, record: Record, day: datetime.date) -> tuple[Standing, datetime.date | None]:
    """How a promise stood on a day, and the next day on which that may change by itself."""
    assessed = assess(promise, record, day)
    return Standing(assessed.status, assessed.group, assessed.missing), assessed.until


class _Log:
    """What the log says of a snapshot: loads, amendments of what a status depends on, the registry at an entry."""

    def __init__(self, snapshot: "Snapshot") -> None:
        self.snapshot = snapshot
        self.amended = {
            key: deciding
            for key, rows in snapshot.amendments.items()
            if (deciding := [each for each in rows if not DECIDING.isdisjoint(each.changes)])
        }
        self.loads = list(self._loads())
        self.read: dict[int, Registry] = {}

    def _loads(self) -> Iterator[tuple[int, int, datetime.datetime]]:
        """First and last entry of each load of seed files, which was one transaction, and the moment of the last."""
        steps = LedgerEntry.objects.filter(role=COMPILER, seq__lte=self.snapshot.known).values("at").order_by("at")
        load: tuple[int, int, datetime.datetime] | None = None
        for at, first, last in steps.annotate(first=Min("seq"), last=Max("seq")).values_list("at", "first", "last"):
            if load and first == load[1] + 1 and at - load[2] <= ONE_LOAD:
                first = load[0]
            elif load:
                yield load
            load = (first, last, at)
        if load:
            yield load

    def step(self, entry: int, at: datetime.datetime) -> tuple[int, int, datetime.datetime]:
        """The first and the last entry that became public together with one, and the moment of the last."""
        place = bisect.bisect(self.loads, entry, key=lambda load: load[0]) - 1
        return (entry, entry, at) if place < 0 or self.loads[place][1] < entry else self.loads[place]

    def registry(self, entry: int, amended: Iterable[AmendmentRecord]) -> Registry:
        """The registry as it stood at an entry, for whom these amendments alone decide.

        It is read anew only where one of them came later and none that was read for others will do.
        """
        later = min((each for each in amended if each.entry > entry), key=lambda each: each.entry, default=None)
        if later is None:
            return self.snapshot.registry
        before = max(entry, self.step(later.entry, later.at)[0] - 1)  # the same for all that a load amended
        known = next((known for known in self.read if entry <= known < later.entry), before)
        if known not in self.read:
            self.read[known] = self.snapshot.registry.as_of(known)
        return self.read[known]


class _Shown:
    """What this site showed of one promise."""

    def __init__(self, snapshot: "Snapshot", plan: "PlanView", code: str, log: _Log) -> None:
        self.snapshot, self.plan, self.code, self.log = snapshot, plan, code, log
        metrics = self._metrics()
        own = (*plan.updates[code], *plan.replaced[code])
        self.updates = {"": tuple(row for row in own if not row.metric)}
        for metric in metrics:
            self.updates[metric] = (*snapshot.updates.get(metric, ()), *snapshot.replaced.get(metric, ()))
        self.findings = (*plan.findings[code], *plan.replaced_findings.get(code, ()))
        keys = {("plan", plan.code), ("commitment", plan.code, code), *(("metric", each) for each in metrics)}
        rows: list[UpdateRecord | AssessmentRecord] = [*self.findings]
        rows += [row for each in self.updates.values() for row in each]
        keys |= {("body", row.origin) for row in rows}
        keys |= {("source", cited.source) for row in rows for cited in row.evidence}
        self.amended = [each for key in keys for each in log.amended.get(key, ())]

    def _metrics(self) -> set[str]:
        """Codes of the metrics that have answered it: the present one, and those from before an amendment."""
        metrics = {self.plan.commitments[self.code].metric}
        for each in self.snapshot.amendments.get(("commitment", self.plan.code, self.code), ()):
            metrics |= set(each.changes.get("metric", ()))
        return metrics - {"", None}

    def changes(self, entry: int, at: datetime.datetime) -> list[Change]:
        """Every change of it, oldest first, from the entry and the moment that registered it."""
        changes: list[Change] = []
        until: datetime.date | None = None
        known = 0

        def ask(day: datetime.date, entries: Iterable[int] = (), shown: int | None = None) -> None:
            nonlocal until
            before = changes[-1].after if changes else None
            after, until = self._standing(day, known)
            if after != before:
                changes.append(Change(self.code, day, before, after, tuple(sorted(entries)), shown=shown))

        for (shown, last), (day, entries) in sorted(self._steps(entry, at).items()):
            if day > self.snapshot.on:
                break
            while until is not None and until <= day:  # at midnight, before anything is published
                ask(until)
            known = last
            ask(day, entries, shown)
        while until is not None and until <= self.snapshot.on:
            ask(until)
        return changes

    def _steps(self, first: int, at: datetime.datetime) -> dict[tuple[int, int], tuple[datetime.date, set[int]]]:
        """Log entries that published, replaced or amended something about it, as they became public.

        By the first and the last entry of each step: its day, and those of its entries that are about the promise.
        """
        updates = [row for rows in self.updates.values() for row in rows]
        rows: tuple[UpdateRecord | AssessmentRecord, ...] = (*self.findings, *updates)
        ended = [self.snapshot.replaced_by[row.entry] for row in rows if row.entry in self.snapshot.replaced_by]
        moments = {row.entry: row.at for row in [*rows, *ended, *self.amended] if row.entry > first} | {first: at}
        steps: dict[tuple[int, int], tuple[datetime.date, set[int]]] = {}
        for entry, moment in moments.items():
            *ends, last_at = self.log.step(entry, moment)
            steps.setdefault((ends[0], ends[1]), (last_at.date(), set()))[1].add(entry)
        return steps

    def _standing(self, day: datetime.date, known: int) -> tuple[Standing, datetime.date | None]:
        """How it stood here on a day, by what was published up to an entry."""
        registry = self.log.registry(known, self.amended)
        c = registry.rows[self.plan.code][self.code]
        updates = self.updates[""] + (self.updates[c.metric.code] if c.metric else ())
        live = self._live(self.findings, known)
        bodies = registry.bodies_for(c.plan.state)
        findings = [dataclasses.replace(f, side=bodies[f.origin].side) for f in live]
        record = record_of(self._live(updates, known), findings, registry, c.plan.state)
        return _standings(promise_of(c), record, day)

    def _live(self, rows: Iterable[Row], known: int) -> list[Row]:
        """Rows that were published by an entry and not replaced by then."""
        ends = self.snapshot.replaced_by
        return [r for r in rows if r.entry <= known and not (r.entry in ends and ends[r.entry].entry <= known)]
