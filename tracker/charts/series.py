"""A promise's values against baseline, target and deadline, in the units of the world; and a metric's by themselves.

Pictures on pages and Vega-Lite specifications draw the same series; neither reckons anything of its own.
"""

import dataclasses
import datetime
from fractions import Fraction

from tracker.models import Comparator, Rule, What
from tracker.records.progress import UpdateRecord
from tracker.records.registry import BodyRecord, CommitmentRecord, MetricRecord
from tracker.snapshot.results import promise_of, record_of
from tracker.standalone.assess import USUAL_TOLERANCE, Assessed, assess, interval

UPWARD = (Comparator.AT_LEAST, Comparator.MORE_THAN)


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """A published value: whose it is, and the ends of what it says; ``None`` where its bound leaves an end open."""

    update: UpdateRecord
    origin: BodyRecord | None
    fits: str  # as the method uses it: same and near are computed with, other is shown beside
    low: Fraction | None
    high: Fraction | None

    @property
    def side(self):
        return self.origin.side if self.origin else "official"

    @property
    def open_to(self):
        """Where the published number leaves the true one open: up, down, about or nowhere."""
        if self.low is None or self.high is None:
            return "down" if self.low is None else "up"
        return "about" if self.low < self.high else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Year:
    """A year in which a level was to be held: held, failed, disputed, or blank where that is not known."""

    year: int
    answer: str

    @property
    def end(self):
        """Its last day, where a figure of the whole year stands."""
        return datetime.date(self.year, 12, 31)


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """What the method adds up by a day, with the bound that holds of it."""

    day: datetime.date
    value: Fraction
    bound: str


@dataclasses.dataclass(frozen=True)
class Series:
    """Everything that a picture of a promise's values holds; of a metric alone, the values and nothing to reach."""

    metric: MetricRecord
    points: tuple[Point, ...]  # oldest first
    commitment: CommitmentRecord | None = None
    assessed: Assessed | None = None
    base: datetime.date | None = None  # from which change is counted
    path: tuple[tuple[datetime.date, Fraction], ...] = ()  # the straight line from the baseline to the target
    years: tuple[Year, ...] = ()  # where a level was to be held
    sums: tuple[Sum, ...] = ()  # where an amount was to be reached over the whole plan

    @property
    def target(self):
        """The level to be reached, in the metric's unit; ``None`` where there is none or it cannot be reckoned."""
        return self.assessed.target_level if self.assessed else None

    @property
    def baseline(self):
        return self.assessed.baseline if self.assessed else None

    @property
    def decides(self):
        """The value that decides; ``None`` where none does."""
        return self.assessed.value if self.assessed else None

    @property
    def kept_levels(self):
        """The lowest and the highest level that meet the target, ``None`` for no limit; ``None`` without a target."""
        if self.target is None:
            return None
        c = self.commitment
        if c.comparator == Comparator.ABOUT:
            room = abs(Fraction(c.target_value)) * USUAL_TOLERANCE if c.tolerance is None else Fraction(c.tolerance)
            if c.rule == Rule.CHANGE:  # then the tolerance is one of percent of the baseline
                room *= self.baseline.value / 100
            return self.target - room, self.target + room
        return (self.target, None) if c.comparator in UPWARD else (None, self.target)

    @property
    def upward(self):
        """Whether more is promised; ``None`` where neither more nor less is, as with “about”."""
        return None if self.commitment.comparator == Comparator.ABOUT else self.commitment.comparator in UPWARD


def series(snapshot, plan, code):
    """The values of a promise by the day of the snapshot; ``None`` where no number answers it or none is on record."""
    commitment = plan.commitments[code]
    metric = snapshot.metrics.get(commitment.metric)
    rows = _values(snapshot, plan.updates[code])
    if metric is None or metric.shape != "number" or not rows:
        return None
    assessed = plan.assessed[code]
    promise = promise_of(snapshot.registry.rows[plan.code][code])
    record = record_of(plan.updates[code], (), snapshot.registry, plan.state)
    # Each year in which a level is to be held, with the method's answer.
    years = assessed.facts.get("years", ()) if commitment.rule == Rule.HOLD else ()
    answers = {year: name for name in ("held", "failed", "disputed") for year in assessed.facts.get(name, ())}
    return Series(
        metric=metric,
        points=_points(rows, record, plan.bodies),
        commitment=commitment,
        assessed=assessed,
        base=promise.base,
        path=_path(promise, assessed),
        years=tuple(Year(year, answers.get(year, "")) for year in years),
        sums=_sums(promise, record, assessed) if commitment.rule == Rule.TOTAL else (),
    )


def series_of_metric(snapshot, code):
    """The values of a metric by the day of the snapshot; ``None`` where it is no number or none is on record.

    Whose each is, is said as to a plan of the State in which it is measured.
    """
    metric, rows = snapshot.metric(code), _values(snapshot, snapshot.updates.get(code, ()))
    if metric.shape != "number" or not rows:
        return None
    record = record_of(rows, (), snapshot.registry, metric.state)
    return Series(metric, _points(rows, record, snapshot.registry.bodies_for(metric.state)))


def _values(snapshot, updates):
    return [u for u in updates if u.what == What.VALUE and u.earliest <= snapshot.on]


def _points(rows, record, bodies):
    """Values oldest first, with the ends that their bounds leave."""
    ends = {value.entry: interval(value) for value in record.values}
    return tuple(
        Point(u, origin, fits, ends[u.entry].low, ends[u.entry].high)
        for u in sorted(rows, key=lambda u: (u.as_of, u.entry))
        for origin in (bodies.get(u.origin),)
        for fits in ("other" if u.scope or (origin and origin.side == "unknown") else u.fits,)
    )


def _path(promise, assessed):
    """The straight line that distance and pace are measured against; nothing where the method measures neither."""
    baseline, level = assessed.baseline, assessed.target_level
    if promise.rule not in (Rule.REACH, Rule.CHANGE) or baseline is None or level is None:
        return ()
    if "met_at_baseline" in assessed.flags or baseline.bound not in ("exact", "about") or level == baseline.value:
        return ()
    return ((promise.base, baseline.value), (promise.deadline, level)) if promise.base < promise.deadline else ()


def _sums(promise, record, assessed):
    """What the method adds up, asked on the last day of each part that counts."""
    days = sorted({value.as_of for value in record.values if value.entry in assessed.inputs})
    sums = ((day, assess(promise, record, day).value) for day in days)
    return tuple(Sum(day, value.value, value.bound) for day, value in sums if value is not None)
