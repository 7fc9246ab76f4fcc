"""Figures and stages that are expected: of which period of which metric, by when, and which promises still wait.

A figure appears so many months after its period as the metric says, or in the month in which its publisher usually
brings it out, where past publications show one. None is expected where the answer is given and cannot change, where
no statistic shows it, and where it is on record that the State does not publish it.
"""

import calendar
import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.models import DeadlineBasis, Rule, Shape
from tracker.records.progress import UpdateRecord
from tracker.records.registry import CommitmentRecord, MetricRecord
from tracker.snapshot.results import promise_of, record_of
from tracker.snapshot.snapshot import Snapshot, once_for_a_snapshot
from tracker.standalone.assess import DAY, Promise, Value, add_months, is_final, is_whole, last_whole_period_ends

DECIDED = ("kept", "in_part", "not_kept", "contested")  # groups of statuses that no further figure of the plan changes
WITHOUT_FIGURES = ("no_statistic", "not_published_by_state")
EVERY_PERIOD = (Rule.HOLD, Rule.TOTAL)  # each period counts; for other rules a newer figure stands for those before it
FEWEST, SHARE = 3, 2 / 3  # publications that show a custom, and how many of all of them must agree
LATEST = 18  # months after a period; what is read in a later publication says nothing of when it came out


@dataclass(frozen=True)
class Custom:
    """The month in which the figures of a metric usually come out: in so many publications of how many."""

    month: int
    n: int
    of: int


@dataclass(frozen=True)
class Figure:
    """A figure or stage that promises wait for: the last day of its period, and of the month that should bring it."""

    metric: MetricRecord
    period: datetime.date
    by: datetime.date
    custom: Custom | None
    commitments: tuple[CommitmentRecord, ...]
    last: UpdateRecord | None  # the newest figure on record that is computed with

    @property
    def key(self) -> str:
        """A name that stays the same from one day to the next."""
        return f"{self.metric.code}-{self.period}"

    @property
    def is_stage(self) -> bool:
        """Whether a stage is waited for, and no number."""
        return self.metric.shape == Shape.LADDER

    def is_due(self, on: datetime.date) -> bool:
        """Whether it should have appeared."""
        return self.by < on


@once_for_a_snapshot
def figures(snapshot: Snapshot) -> tuple[Figure, ...]:
    """Every figure and stage of all plans that some promise waits for, past due and to come, by the day expected."""
    rows: list[Figure] = []
    for code, metric in snapshot.metrics.items():
        ladder = metric.shape == Shape.LADDER
        waiting: dict[datetime.date, list[CommitmentRecord]] = {}
        custom = None if ladder else custom_of(snapshot, code)
        for c in snapshot.by_metric[code]:
            for period in _stage_days(c) if ladder else _expected_days(snapshot, c, metric, custom):
                waiting.setdefault(period, []).append(c)
        updates = (u for u in snapshot.updates.get(code, ()) if u.is_usable and u.earliest <= snapshot.on)
        last = max((u for u in updates if u.rung or not ladder), key=lambda u: u.as_of, default=None)
        for period, promises in waiting.items():
            rows.append(Figure(metric, period, expected_by(metric, custom, period), custom, tuple(promises), last))
    return tuple(sorted(rows, key=lambda each: (each.by, each.metric.name)))


def count_due(snapshot: Snapshot) -> int:
    """How many should have appeared, and are not on record."""
    return sum(figure.is_due(snapshot.on) for figure in figures(snapshot))


@once_for_a_snapshot
def due_by_commitment(snapshot: Snapshot) -> dict[tuple[str, str], list[Figure]]:
    """The figures that should have appeared, by plan and code of the promises that wait for them."""
    due: dict[tuple[str, str], list[Figure]] = {}
    for figure in figures(snapshot):
        for c in figure.commitments if figure.is_due(snapshot.on) else ():
            due.setdefault((c.plan, c.code), []).append(figure)
    return due


def custom_of(snapshot: Snapshot, metric: str) -> Custom | None:
    """The month in which figures of a metric usually come out, where the sources on record show one."""
    first: dict[datetime.date, datetime.date] = {}  # publication of each period's figure
    for u in snapshot.updates.get(metric, ()):
        for cited in u.evidence if u.is_usable else ():
            source = snapshot.sources[cited.source]
            published = source.published if source.published_precision in ("day", "month") else None
            if published and u.as_of < published <= add_months(u.as_of, LATEST):
                first[u.as_of] = min(published, first.get(u.as_of, published))
    months = Counter(published.month for published in first.values())
    month, n = months.most_common(1)[0] if months else (0, 0)
    return Custom(month, n, len(first)) if n >= FEWEST and n >= SHARE * len(first) else None


def expected_by(metric: MetricRecord, custom: Custom | None, period: datetime.date) -> datetime.date:
    """The last day of the month in which the figure of a period is expected."""
    lag = metric.lag_months or 0
    if custom is not None:
        lag = (custom.month - period.month - 1) % 12 + 1
    month = add_months(period.replace(day=1), lag)
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _stage_days(c: CommitmentRecord) -> list[datetime.date]:
    """The deadline of a promise that is measured in stages and not decided: by then the last one should be on record.

    A standing duty has none.
    """
    reached = c.group in DECIDED or c.status == "reached"
    ends = reached or c.missing in WITHOUT_FIGURES or c.deadline_basis == DeadlineBasis.STANDING
    return [] if ends else [c.deadline]


def _expected_days(
    snapshot: Snapshot, c: CommitmentRecord, metric: MetricRecord, custom: Custom | None
) -> list[datetime.date]:
    """The last days of the periods whose figures a promise still waits for, oldest first."""
    grows = c.rule == Rule.TOTAL or bool(metric.only_grows_because)
    settled = c.group in DECIDED or (c.status == "reached" and grows and c.comparator in ("≥", ">"))
    if settled or c.missing in WITHOUT_FIGURES or metric.no_statistic_because:
        return []
    plan = snapshot.plans[c.plan]
    promise = promise_of(snapshot.registry.rows[c.plan][c.code])
    record = record_of(plan.updates[c.code], plan.findings[c.code], snapshot.registry, plan.state)
    values = [v for v in record.values if v.fits in ("same", "near") and not v.scope and v.earliest <= snapshot.on]
    if any(is_final(promise, v) and is_whole(promise, v) for v in values) and c.rule not in EVERY_PERIOD:
        return []
    if promise.period == "term" and promise.term_years:
        return _of_terms(promise, values)
    ends = list(_periods(promise))
    missing = [end for end in ends if not any(_covers(promise, v, end, final=end == ends[-1]) for v in values)]
    if c.rule in EVERY_PERIOD:
        return missing
    newest = max((end for end in ends if end not in missing), default=datetime.date.min)
    past = [end for end in missing if end > newest and expected_by(metric, custom, end) < snapshot.on]
    return [*past[-1:], *(end for end in missing if end > newest and end not in past)]


def _of_terms(promise: Promise, values: list[Value]) -> list[datetime.date]:
    """What is elected for a term is expected when the last one on record ends, and where none is, by the deadline."""
    latest = max((v.as_of for v in values if v.as_of <= promise.deadline), default=None)
    if latest is None:
        return [promise.deadline]
    end = add_months(latest, 12 * (promise.term_years or 0))
    return [end] if end <= promise.deadline else []


def _periods(promise: Promise) -> Iterator[datetime.date]:
    """The last days of the metric's periods within the plan, oldest first; of one too short for any, its deadline."""
    after = last_whole_period_ends(promise) + DAY
    years = range((after - promise.plan_starts).days // 365 + 1, -1, -1)
    ends = [end for n in years if (end := add_months(after, -12 * n) - DAY) >= promise.plan_starts]
    yield from ends or [promise.deadline]


def _covers(promise: Promise, value: Value, end: datetime.date, *, final: bool) -> bool:
    """Whether a figure answers for the period that ends on a day; for the last one only if it runs to its end."""
    begin = add_months(end + DAY, -12)
    if promise.rule == Rule.TOTAL and value.starts_on is not None:
        return value.starts_on <= begin and end <= value.as_of
    if not is_whole(promise, value):
        return False
    return is_final(promise, value) if final else begin <= value.as_of <= end
