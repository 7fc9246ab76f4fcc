"""The method: what became of a promise, from what was recorded about it, as of a day. One pure function.

No database, no clock, no Django: pages, files and the stand-alone ``recompute.py`` call the same code. Arithmetic is
exact (fractions). Every result names its inputs by log entry, its formula, its flags, and the day on which it would
change without a new entry.

Cut-offs of pace (0.95, 0.60, 0) are borrowed from official practice with growth rates; here they are applied to linear
pace, because most targets are counts from zero, shares near 100 or reductions to zero, where growth rates mislead.
"""

import calendar
import datetime
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

METHOD = "1.1"
ABOUT = Fraction(5, 100)  # “about 60” is read as within 5 percent of 60
ON_TRACK, BEHIND = Fraction(95, 100), Fraction(60, 100)
DAY = datetime.timedelta(days=1)
EARLIEST_PACE = Fraction(2, 10)  # no pace while less than a fifth of the time is gone
RECENT_MONTHS = 24  # how far before the deadline a last value may lie and still say where things stood near it
GRACE_MONTHS = 2  # beyond a statistic's usual lag
USUAL_TOLERANCE = Fraction(10, 100)  # of the target, where “about” comes without one
UNLIKE = Fraction(5, 100)  # amounts of periods whose lengths differ by more are not compared
SHORTEST_YEAR = 270  # days: a school year is counted without its summer by some, and is a whole one all the same
FIRST_STEPS = ("announced", "considered")  # lowest stages that work begins with; any other lowest stage is a way back
STATES = ("in force", "running")  # stages that last and may have ended since; any other is an act and stays done

GROUPS = {
    "met": "kept",
    "met_late": "kept",
    "held": "kept",
    "done": "kept",
    "no_breach_found": "kept",
    "in_part": "in_part",
    "not_met": "not_kept",
    "lost": "not_kept",
    "not_held": "not_kept",
    "not_done": "not_kept",
    "contested": "contested",
    "ahead": "interim",
    "short": "interim",
    "moved": "direction",
    "unchanged": "direction",
    "moved_away": "direction",
    "reached": "running",
    "on_track": "running",
    "behind": "running",
    "far_behind": "running",
    "moving_away": "running",
    "under_way": "running",
    "not_started": "running",
    "not_known": "not_known",
}
MISSING = (
    "nobody_looked",  # not researched here yet
    "nothing_found",
    "no_statistic",  # none is known that could show it
    "not_published_yet",
    "no_late_figure",
    "not_published_by_state",
    "held_on_record",
    "bound_only",
    "sources_disagree",
    "accounts_differ",  # the State says kept, others say otherwise, and nothing decides
    "no_baseline",
    "claimed_only",  # nobody but the State has spoken
    "not_decided",  # something is on record, and none of it answers the test
)
FLAGS = (
    "met_at_baseline",
    "kept_before_promise",
    "near_measure",
    "approximate_target",
    "no_final_value",
    "sources_differ",
    "one_origin",
    "no_address",
    "year_not_stated",
    "harm_found",
)


@dataclass(frozen=True)
class Promise:
    """What the method needs to know of a commitment, its metric and its plan."""

    code: str
    rule: str
    deadline: datetime.date
    plan_starts: datetime.date
    plan_published: datetime.date
    comparator: str = ""
    target: Fraction | None = None
    tolerance: Fraction | None = None
    target_rung: str = ""
    rungs: tuple[str, ...] = ()
    base_date: datetime.date | None = None
    nature: str = ""
    lag_months: int | None = None
    period: str = "calendar_year"  # the metric's own: calendar_year, school_year, fiscal_year or term
    period_ends: int = 12  # the month in which a year of that kind ends
    term_years: int | None = None
    only_grows: bool = False  # a count that cannot fall again
    has_statistic: bool = True

    @property
    def base(self) -> datetime.date:
        """The day from which change is counted: the text's base year, else the day before the plan starts."""
        return self.base_date or self.plan_starts - DAY


STATE_KINDS = ("government", "state_media", "state_sponsored", "foreign_government")


def side_of(kind: str, side: str, state: str, plan_state: str) -> str:
    """On which side a body stands to a plan: a State's own are official to that State's plans, to others independent.

    ``state`` is the State that the body belongs to, ``plan_state`` the one that made the plan; while that of the plan
    is not on record, the body stands as it is recorded. What is the UN's or nobody's stays so.
    """
    if not plan_state or side in ("un", "unknown") or not (side == "official" or kind in STATE_KINDS):
        return side
    return "official" if state == plan_state else "independent"


def earliest(as_of: datetime.date, precision: str) -> datetime.date:
    """The first day that a date may be. What is stated as “2023” lies between 1 January and 31 December."""
    if precision == "year":
        return as_of.replace(month=1, day=1)
    return as_of.replace(day=1) if precision == "month" else as_of


class _Dated:
    """A row whose date is known to the day, month or year: ``as_of`` is the last day that it may be."""

    as_of: datetime.date
    precision: str

    @cached_property
    def earliest(self) -> datetime.date:
        """The first day that the date may be."""
        return earliest(self.as_of, self.precision)


@dataclass(frozen=True)
class Value(_Dated):
    """A figure: the number, what its bound says of the true one, the period it speaks of, and whose it is."""

    entry: int
    value: Fraction
    bound: str
    as_of: datetime.date
    starts_on: datetime.date | None = None
    fits: str = "same"
    scope: str = ""
    origin: str = ""
    side: str = "official"
    addressed: bool = True
    precision: str = "day"
    year_stated: bool = True


@dataclass(frozen=True)
class Rung(_Dated):
    """A dated stage."""

    entry: int
    rung: str
    as_of: datetime.date
    origin: str = ""
    side: str = "official"
    addressed: bool = True
    precision: str = "day"
    year_stated: bool = True


@dataclass(frozen=True)
class Judgement(_Dated):
    """A verdict of this site's staff against the written test."""

    entry: int
    verdict: str
    as_of: datetime.date
    origins: tuple[str, ...] = ()
    addressed: bool = True
    precision: str = "day"


@dataclass(frozen=True)
class Search(_Dated):
    """Somebody looked and found nothing; ``withheld`` where evidence shows that the State does not publish it.

    ``full``: the official gazette, the responsible body's own site and a general search, in the State's language.
    """

    entry: int
    as_of: datetime.date
    withheld: bool = False
    full: bool = False
    precision: str = "day"


@dataclass(frozen=True)
class Finding(_Dated):
    """Somebody else's verdict. ``starts_on`` and ``ends_on`` are the period of the facts, where it is recorded."""

    entry: int
    says: str
    side: str
    as_of: datetime.date
    origin: str = ""
    starts_on: datetime.date | None = None
    finds_harm: bool = False
    addressed: bool = True
    ends_on: datetime.date | None = None
    precision: str = "day"

    def overlaps(self, promise: Promise) -> bool:
        """Whether the facts fall into the plan's time, at least in part; where no period is recorded, the finding."""
        return (self.ends_on or self.as_of) >= promise.plan_starts and (
            self.starts_on or self.earliest
        ) <= promise.deadline


@dataclass(frozen=True)
class Record:
    """Everything recorded about one promise that was public at the time."""

    values: tuple[Value, ...] = ()
    rungs: tuple[Rung, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    searches: tuple[Search, ...] = ()
    findings: tuple[Finding, ...] = ()


Told: TypeAlias = Value | Rung | Judgement | Finding
Row: TypeAlias = Told | Search


@dataclass(frozen=True)
class Assessed:
    """The result. ``reason`` is a code and ``facts`` its numbers and dates, from which the explanation is worded."""

    status: str
    basis: str  # computed, judged, reported (by others), or none
    missing: str = ""
    flags: tuple[str, ...] = ()
    inputs: tuple[int, ...] = ()
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    value: Value | None = None
    baseline: Value | None = None
    target_level: Fraction | None = None
    distance: Fraction | None = None
    pace: Fraction | None = None
    gap: Fraction | None = None
    projected: Fraction | None = None
    until: datetime.date | None = None
    method: str = METHOD

    @property
    def group(self) -> str:
        """The group that the status is counted in."""
        return GROUPS[self.status]


Shown: TypeAlias = dict[str, Any]  # fields of a result that several outcomes share

# Intervals: what a published number says of the true one. None is no limit; an open end is not part of it.


@dataclass(frozen=True)
class Interval:
    """All values that the true one may have."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    def compare(self, comparator: str, target: Fraction, tolerance: Fraction | None = None) -> bool | None:
        """Whether every value, or no value, stands so to the target; ``None`` where it is undecided."""
        if comparator == "≈":
            tolerance = abs(target) * USUAL_TOLERANCE if tolerance is None else tolerance
            above = self.compare("≥", target, tolerance)
            below = self.compare("≤", target, tolerance)
            if above is False or below is False:
                return False
            return True if above and below else None
        if comparator in ("≤", "<"):
            mirrored = Interval(_minus(self.high), _minus(self.low), self.high_open, self.low_open)
            return mirrored.compare("≥" if comparator == "≤" else ">", -target, tolerance)
        target -= tolerance or 0  # “a fall of around 20 percent”: a floor that leaves room, and no ceiling
        strict = comparator == ">"
        if self.low is not None and (self.low > target or (self.low == target and (not strict or self.low_open))):
            return True
        if self.high is not None and (self.high < target or (self.high == target and (strict or self.high_open))):
            return False
        return None


End: TypeAlias = tuple[Fraction | None, bool]  # of an interval, and whether it is no part of it
Test: TypeAlias = Callable[[Value], bool | int | None]


def _minus(number: Fraction | None) -> Fraction | None:
    return None if number is None else -number


def interval(value: Value) -> Interval:
    """The interval that a published number stands for: “more than 60” is everything above 60."""
    x = value.value
    if value.bound == "at_least":
        return Interval(x, None)
    if value.bound == "more_than":
        return Interval(x, None, low_open=True)
    if value.bound == "at_most":
        return Interval(None, x)
    if value.bound == "less_than":
        return Interval(None, x, high_open=True)
    if value.bound == "about":
        return Interval(x - abs(x) * ABOUT, x + abs(x) * ABOUT)
    return Interval(x, x)


def _change(value: Value, baseline: Value) -> Interval | None:
    """Change in percent as an interval; ``None`` where the baseline is not above zero for certain."""
    x, b = interval(value), interval(baseline)
    if b.low is None or b.low <= 0:
        return None
    low, low_open = _ratio(x.low, x.low_open, (b.high, b.high_open), (b.low, b.low_open))
    high, high_open = _ratio(x.high, x.high_open, (b.low, b.low_open), (b.high, b.high_open))
    return Interval(low, high, low_open, high_open)


def _ratio(x: Fraction | None, x_open: bool, above_zero: End, below_zero: End) -> End:
    """One end of a change in percent: which end of the baseline makes it extreme depends on the sign."""
    if x is None:
        return None, False
    b, b_open = above_zero if x >= 0 else below_zero
    if b is None:
        return Fraction(-100), x != 0 or x_open  # divided by ever larger baselines, it nears zero
    return (x / b - 1) * 100, x_open or (b_open and x != 0)


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day some months later, or the last of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def published_by(promise: Promise) -> datetime.date:
    """The last day on which a missing final figure is still “not published yet”."""
    return add_months(promise.deadline, (promise.lag_months or 0) + GRACE_MONTHS)


def last_whole_period_ends(promise: Promise) -> datetime.date:
    """The last day of the metric's last whole period that ends by the deadline."""
    deadline = promise.deadline
    if promise.period == "term":
        return deadline
    year = deadline.year
    while (ends := _month_end(year, promise.period_ends)) > deadline:
        year -= 1
    return ends


def _month_end(year: int, month: int) -> datetime.date:
    return datetime.date(year, month, calendar.monthrange(year, month)[1])


def is_final(promise: Promise, value: Value) -> bool:
    """Whether a value's period ends on the deadline, or is the metric's last whole one that ends by it.

    What is elected or appointed for a term holds for the term.
    """
    if promise.term_years and value.as_of <= promise.deadline < add_months(value.as_of, 12 * promise.term_years):
        return True
    return last_whole_period_ends(promise) <= value.as_of <= promise.deadline


def is_recent(promise: Promise, value: Value) -> bool:
    """Whether a value lies in the last 24 months before the deadline, or holds for a term that the deadline is in."""
    if is_final(promise, value):
        return True
    return add_months(promise.deadline + DAY, -RECENT_MONTHS) <= value.as_of <= promise.deadline


def _spans(promise: Promise) -> bool:
    """Whether a value of the metric is an amount or an average over a period, and not a level at a moment."""
    return promise.nature in ("flow", "average")


def is_whole(promise: Promise, value: Value) -> bool:
    """Whether a value is of a whole period of the metric's own kind. A level at a moment is.

    A calendar year runs from its first day to its last. A school or fiscal year ends in the metric's month, and is not
    longer than a year; a few weeks less are allowed, because some count a school year without its summer.
    """
    if not _spans(promise) or promise.period == "term":
        return True
    if value.starts_on is None:
        return False
    first, last = value.starts_on, value.as_of
    if promise.period == "calendar_year":
        return (first.month, first.day, last.month, last.day, first.year) == (1, 1, 12, 31, last.year)
    months = {(promise.period_ends - 2) % 12 + 1, promise.period_ends, (promise.period_ends - 3) % 12 + 1}
    return SHORTEST_YEAR <= (last - first).days + 1 <= 366 and last.month in months


def _at_most_a_part(promise: Promise, value: Value) -> Value | None:
    """An amount of a part of the metric's period, as what it says of the whole: at least as much. Else ``None``.

    A part of an average says nothing of the whole, and a sum of several periods is another number.
    """
    if promise.nature != "flow" or value.starts_on is None or promise.period == "term" or is_whole(promise, value):
        return None
    if _period_of(promise, value.starts_on) != _period_of(promise, value.as_of) or value.value < 0:
        return None
    low = interval(value).low
    if low is None:
        return None
    return replace(value, value=low, bound="more_than" if value.bound == "more_than" else "at_least")


def _period_of(promise: Promise, day: datetime.date) -> datetime.date:
    """The last day of the metric's own period that a day lies in."""
    ends = _month_end(day.year, promise.period_ends)
    return ends if day <= ends else _month_end(day.year + 1, promise.period_ends)


def _period(promise: Promise, value: Value) -> tuple[datetime.date, int]:
    """Values of one period compete. The end of the period names it, with its start for an amount or an average.

    Of periods that end on one day the longest stands last, so that a year is not decided by its December.
    """
    if promise.nature not in ("flow", "average"):
        return (value.as_of, 0)
    return (value.as_of, 0 if value.starts_on is None else (value.as_of - value.starts_on).days + 1)


def _preferred(values: Iterable[Value]) -> list[Value]:
    """The metric's own statistic before a near one, then by log entry: only which is shown depends on it."""
    return sorted(values, key=lambda v: (v.fits != "same", v.entry))


@dataclass(frozen=True)
class _Answer:
    """What the values of one period say together: True, False or undecided, and whether they disagree."""

    says: bool | int | None
    value: Value
    values: tuple[Value, ...]
    disagree: bool = False
    differ: bool = False


def _answers(promise: Promise, values: Iterable[Value], tests: Sequence[Test]) -> list[_Answer]:
    """One answer per period, oldest first. Values that decide differently leave the period undecided.

    There is one test per baseline: figures that differ about where things stood compete like any others.
    """
    periods: dict[tuple[datetime.date, int], list[Value]] = {}
    for value in values:
        periods.setdefault(_period(promise, value), []).append(value)
    answers = []
    for key in sorted(periods):
        group = [(v, {test(v) for test in tests} - {None}) for v in _preferred(periods[key])]
        decided = set().union(*(verdicts for _, verdicts in group))
        answers.append(
            _Answer(
                says=next(iter(decided)) if len(decided) == 1 else None,
                value=next((v for v, verdicts in group if verdicts), group[0][0]),
                values=tuple(v for v, _ in group),
                disagree=len(decided) > 1,
                differ=_differ(v for v, _ in group),
            )
        )
    return answers


def _differ(values: Iterable[Value]) -> bool:
    return len({(v.value, v.bound) for v in values}) > 1


def _usable(record: Record, on: datetime.date) -> list[Value]:
    """Values of the metric's own statistic and scope by the day, none of which nobody knows whose it is."""
    same = (v for v in record.values if v.fits in ("same", "near") and not v.scope)
    return [v for v in same if v.earliest <= on and _is_known(v)]


def _is_known(row: Value | Rung | Finding) -> bool:
    """Whether it could be found out whose it is. What is nobody's in particular is shown beside and decides nothing."""
    return row.side != "unknown"


def _comparable(promise: Promise, values: Sequence[Value], tests: Sequence[Test]) -> list[_Answer]:
    """Answers of whole periods, and of parts of them where a part alone decides or nothing whole is on record."""
    whole = [v for v in values if is_whole(promise, v)]
    parts = [part for v in values if (part := _at_most_a_part(promise, v))]
    answers = _answers(promise, whole, tests)
    of_parts = _answers(promise, parts, tests)
    return sorted(
        answers + [a for a in of_parts if a.says is not None or not answers], key=lambda a: _period(promise, a.value)
    )


def _baselines(promise: Promise, values: Iterable[Value]) -> list[Value]:
    """The last values at or before the base date, all of one period; the first of them is the one shown."""
    before = [v for v in values if v.as_of <= promise.base and is_whole(promise, v)]
    last = max((_period(promise, v) for v in before), default=None)
    return _preferred(v for v in before if _period(promise, v) == last)


def _alike(promise: Promise, values: list[Value], baseline: Value) -> list[Value]:
    """Amounts of unlike periods are not compared: nine months of accidents are fewer than a year's of themselves."""
    if promise.nature != "flow":
        return values
    length = _period(promise, baseline)[1]
    return [v for v in values if abs(_period(promise, v)[1] - length) <= length * UNLIKE]


def assess(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """What became of a promise, as of a day, from what is recorded about it. Never raises for any record."""
    rules = {
        "reach": _reach,
        "change": _reach,
        "hold": _hold,
        "total": _total,
        "milestone": _milestone,
        "direction": _direction,
        "judge": _judge,
        "uphold": _uphold,
    }
    result = rules[promise.rule](promise, record, on)
    flags = list(result.flags)
    if promise.comparator == "≈" or promise.tolerance is not None:
        flags.append("approximate_target")
    if any(f.finds_harm and f.earliest <= on and _is_known(f) for f in record.findings):
        flags.append("harm_found")
    flags += _flags_of_inputs(record, result)
    return replace(
        result, flags=tuple(name for name in FLAGS if name in flags), until=_until(promise, record, result, on)
    )


def _flags_of_inputs(record: Record, result: Assessed) -> Iterator[str]:
    every: tuple[Told, ...] = (*record.values, *record.rungs, *record.judgements, *record.findings)
    rows = [r for r in every if r.entry in result.inputs]
    if not rows or result.status == "not_known":
        return
    origins: set[str] = set()
    for row in rows:
        origins |= set(row.origins) if isinstance(row, Judgement) else {row.origin}
    if len(origins) == 1:
        yield "one_origin"
    if not any(row.addressed for row in rows):
        yield "no_address"
    if not all(getattr(row, "year_stated", True) for row in rows):
        yield "year_not_stated"


def _until(promise: Promise, record: Record, result: Assessed, on: datetime.date) -> datetime.date | None:
    """The next day on which the same entries may give another result: nothing changes before it."""
    rows = (*record.values, *record.rungs, *record.judgements, *record.searches, *record.findings)
    days = [r.earliest for r in rows]
    days += [due + DAY for due in (promise.deadline, _due(promise))]
    if result.missing and promise.lag_months is not None:
        days.append(published_by(promise) + DAY)
    return min((day for day in days if day > on), default=None)


def _not_known(promise: Promise, record: Record, on: datetime.date, kind: str | None = None, **more: Any) -> Assessed:
    """Not known, with its kind: the given one, or what is known of why nothing is."""
    if kind is None:
        kind = _why_not_known(promise, record, on)
    if kind in ("claimed_only", "accounts_differ"):
        more.setdefault("inputs", _inputs(*filter(_is_known, _spoken(promise, record, on))))
    more.setdefault("reason", kind)
    more.setdefault("basis", "none")
    return Assessed(status="not_known", missing=kind, **more)


def _why_not_known(promise: Promise, record: Record, on: datetime.date, otherwise: str = "") -> str:
    """The kind of not known: withheld, to be waited for, a kind given otherwise, or what accounts and searches say."""
    searches = [s for s in record.searches if s.earliest <= on]
    if any(s.withheld for s in searches):
        return "not_published_by_state"
    if promise.has_statistic and _waiting(promise, on):
        return "not_published_yet"
    if otherwise:
        return otherwise
    spoken = _spoken(promise, record, on)
    if accounts := _accounts(spoken):
        return accounts
    if not promise.has_statistic:
        return "no_statistic"
    if searches and not spoken:
        return "nothing_found"
    rows = (*record.values, *record.rungs, *record.judgements, *record.findings)
    return "not_decided" if any(r.earliest <= on for r in rows) else "nobody_looked"


def _spoken(promise: Promise, record: Record, on: datetime.date) -> list[Finding]:
    """What was said of a promise by a day, on facts of the plan's time.

    Whether a promise was kept is said after its deadline, mostly without a period; of a duty only what is of its time
    counts.
    """

    def speaks_of_it(f: Finding) -> bool:
        afterwards = promise.rule != "uphold" and f.starts_on is None and f.ends_on is None
        return f.as_of >= promise.plan_starts and (afterwards or f.overlaps(promise))

    return [f for f in record.findings if f.earliest <= on and speaks_of_it(f)]


def _accounts(spoken: list[Finding]) -> str:
    """Whether accounts differ, or only the State has spoken; nothing where it claims nothing."""
    claims = {f.says for f in spoken if f.side == "official"} & {"kept", "partly"}
    others = {f.says for f in spoken if f.side in ("un", "independent")}
    if not claims:
        return ""
    if "not_kept" in others or ("kept" in claims and "partly" in others):
        return "accounts_differ"
    return "" if any(f.side != "official" for f in spoken) else "claimed_only"


def _due(promise: Promise) -> datetime.date:
    """The day by which a stage is due: the deadline, and for a report on the period as much later as is usual."""
    return add_months(promise.deadline, promise.lag_months or 0) if promise.rule == "milestone" else promise.deadline


def _waiting(promise: Promise, on: datetime.date) -> bool:
    """Whether the final figure, or the report on the period, is not to be expected yet."""
    return promise.lag_months is not None and promise.deadline < on <= published_by(promise)


# Rules about a level


def _target(promise: Promise) -> Fraction:
    """The target, which every promise about a number has."""
    assert promise.target is not None
    return promise.target


def _level(promise: Promise, baseline: Value | None) -> Fraction:
    """The level that a value is compared with."""
    if promise.rule == "change" and baseline is not None:
        return baseline.value * (1 + _target(promise) / 100)
    return _target(promise)


def _tests(promise: Promise, bases: list[Value]) -> list[Test]:
    """The tests of one value: for a change one per baseline, else one."""
    if promise.rule != "change":
        return [lambda v: interval(v).compare(promise.comparator, _target(promise), promise.tolerance)]

    def against(base: Value) -> Test:
        def test(value: Value) -> bool | None:
            change = _change(value, base)
            return None if change is None else change.compare(promise.comparator, _target(promise), promise.tolerance)

        return test

    return [against(base) for base in bases]


def _reach(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """A level by the deadline: decided by the final value alone, unless the count can only grow.

    A last value of the two years before the deadline says where things stood then, alike whether it passes or fails.
    What was so before the plan's first day is a baseline and never the answer.
    """
    values = _usable(record, on)
    bases = _baselines(promise, values)
    baseline = bases[0] if bases else None
    later = [v for v in values if v.as_of > promise.base and v.as_of >= promise.plan_starts]
    unlike = any(v.as_of <= promise.deadline for v in later)
    if promise.rule == "change":
        # A share of nothing, or of less than nothing, says nothing.
        if baseline is None or any(b.value <= 0 for b in bases):
            return _not_known(promise, record, on, "no_baseline" if later else None, baseline=baseline)
        later = _alike(promise, later, baseline)
    level, tests = _level(promise, baseline), _tests(promise, bases)
    at_start = _answers(promise, bases, tests) if promise.rule == "reach" else []
    met_at_start = bool(at_start and at_start[0].says)
    due = _comparable(promise, [v for v in later if v.as_of <= promise.deadline], tests)
    late = _comparable(promise, [v for v in later if v.as_of > promise.deadline], tests)
    afterwards = next((a for a in late if a.says), None)

    def result_of(answer: _Answer, *more: _Answer | None) -> Shown:
        return _rests_on((answer, *filter(None, more)), promise, bases, level, met_at_start)

    if not due and afterwards:
        return Assessed("met_late", reason="met_late", **result_of(afterwards))
    if not due:
        earlier = _comparable(promise, [v for v in values if v.as_of < promise.plan_starts], tests)
        old = result_of((earlier or at_start)[-1]) if earlier or at_start else None
        return _nothing_due(promise, record, on, old, unlike, {"baseline": baseline, "target_level": level})
    first_met = next((a for a in due if a.says), None)
    grown = first_met if promise.only_grows else None
    last = grown or due[-1]
    early = last.says and first_met and first_met.value.as_of < promise.plan_published
    shared = _with_flag(result_of(last), "kept_before_promise") if early else result_of(last)
    if on <= promise.deadline:
        return _running(promise, record, on, last, bases, met_at_start, shared)
    return _ended(promise, record, on, (first_met, grown, last, afterwards), met_at_start, shared, result_of)


def _ended(
    promise: Promise,
    record: Record,
    on: datetime.date,
    answers: tuple[_Answer | None, _Answer | None, _Answer, _Answer | None],
    met_at_start: bool,
    shared: Shown,
    result_of: Callable[..., Shown],
) -> Assessed:
    """After the deadline: the first answer that met it, one that lasts, the last one, and a later one that met it."""
    first_met, grown, last, afterwards = answers
    if last.disagree:
        return _not_known(promise, record, on, "sources_disagree", **shared)
    decided = last.says is not None and (bool(grown) or _decides(promise, last.value))
    if decided and last.says:
        return Assessed("met", reason="met", **shared)
    if afterwards and not last.says:
        # Where the level at the deadline is not known for certain: late at the latest.
        return Assessed("met_late", reason="met_late", **result_of(afterwards, last))
    if not decided:
        return _interim(promise, record, on, last, shared)
    lost = bool(first_met) or met_at_start
    return Assessed("lost" if lost else "not_met", reason="lost" if lost else "not_met", **result_of(last, first_met))


def _nothing_due(
    promise: Promise, record: Record, on: datetime.date, old: Shown | None, unlike: bool, shared: Shown
) -> Assessed:
    """Without a value of the plan's time: what is on record of the time before it, or of unlike periods."""
    if unlike:
        return _not_known(promise, record, on, reason="unlike_period", **shared)
    if old:
        return _without_late_figure(promise, record, on, old)
    return _not_known(promise, record, on, **shared)


def _rests_on(
    answers: Sequence[_Answer], promise: Promise, bases: list[Value], level: Fraction, met_at_start: bool
) -> Shown:
    """What a result that rests on some answers shows; the arithmetic is that of the first one's value."""
    value, baseline = answers[0].value, bases[0] if bases else None
    near = any(a.value.fits == "near" for a in answers) or (baseline is not None and baseline.fits == "near")
    differ = any(a.differ for a in answers) or _differ(bases)
    return {
        "basis": "computed",
        "inputs": _inputs(*bases, *(v for a in answers for v in a.values)),
        "flags": ("met_at_baseline",) * met_at_start + ("near_measure",) * near + ("sources_differ",) * differ,
        "value": value,
        "baseline": baseline,
        "target_level": level,
        **_distance(promise, baseline, value, level, met_at_start),
    }


def _interim(promise: Promise, record: Record, on: datetime.date, last: _Answer, shared: Shown) -> Assessed:
    """Where the last figure says nothing for certain of the deadline: how things stood when it was made."""
    if last.says is None:
        final = _decides(promise, last.value)
        kind = "bound_only" if final else _why_not_known(promise, record, on, "bound_only")
        return _not_known(promise, record, on, kind, **shared)
    if not is_recent(promise, last.value):
        return _without_late_figure(promise, record, on, shared)
    return Assessed("ahead" if last.says else "short", reason="interim", **_with_flag(shared, "no_final_value"))


def _decides(promise: Promise, value: Value) -> bool:
    """Whether a value is final, or is of a part of the period that is."""
    return is_final(promise, value) or (
        _spans(promise) and _period_of(promise, value.as_of) == last_whole_period_ends(promise)
    )


def _with_flag(shared: Shown, flag: str) -> Shown:
    return shared | {"flags": (*shared["flags"], flag)}


def _without_late_figure(promise: Promise, record: Record, on: datetime.date, shared: Shown) -> Assessed:
    """Not known, because the last figure is from too long before the deadline, or from before the plan."""
    if on <= promise.deadline:
        return _not_known(promise, record, on, **{**shared, "reason": "no_final_value"})
    kind = _why_not_known(promise, record, on, "no_late_figure")
    return _not_known(promise, record, on, kind, **{**shared, "reason": "no_late_figure"})


def _inputs(*rows: Row | None) -> tuple[int, ...]:
    return tuple(sorted({row.entry for row in rows if row is not None}))


def _distance(
    promise: Promise, baseline: Value | None, value: Value, level: Fraction, met_at_start: bool
) -> dict[str, Fraction]:
    """Distance, pace, gap and what the same pace gives at the deadline.

    A mere bound (“more than 60”) has none of them; where the baseline meets the target there is only the gap.
    """
    if value.bound not in ("exact", "about"):
        return {}
    shown = {"gap": level - value.value}
    if baseline is None or met_at_start or level == baseline.value or baseline.bound not in ("exact", "about"):
        return shown
    shown["distance"] = (value.value - baseline.value) / (level - baseline.value)
    gone = _time_gone(promise, value, baseline)
    if gone is not None:
        shown["pace"] = shown["distance"] / gone
        shown["projected"] = baseline.value + (value.value - baseline.value) / gone
    return shown


def _time_gone(promise: Promise, value: Value, baseline: Value | None) -> Fraction | None:
    """The share of the time gone at the day of the value, from that of the baseline; ``None`` while it is too early."""
    since = baseline.as_of if baseline else promise.base
    days = (promise.deadline - since).days
    if days <= 0 or (value.as_of - since).days < EARLIEST_PACE * days:
        return None
    return Fraction((value.as_of - since).days, days)


def _running(
    promise: Promise,
    record: Record,
    on: datetime.date,
    last: _Answer,
    bases: list[Value],
    met_at_start: bool,
    shared: Shown,
) -> Assessed:
    """Before the deadline: reached, or how the pace so far compares with a straight line to the target."""
    if last.disagree:
        return _not_known(promise, record, on, "sources_disagree", **shared)
    if last.says:
        return Assessed("reached", reason="reached", **shared)
    if not bases:
        return _not_known(promise, record, on, "no_baseline", **shared)
    if last.says is False and met_at_start:
        return Assessed("moving_away", reason="no_final_value", **shared)
    gone = _time_gone(promise, last.value, bases[0])
    if gone is None:
        if last.says is None:
            return _not_known(promise, record, on, "bound_only", **shared)
        return Assessed("under_way", reason="no_final_value", **shared)
    bands = {band for v in last.values for base in bases if (band := _band(promise, base, v, gone)) is not None}
    if len(bands) > 1:
        return _not_known(promise, record, on, "sources_disagree", **shared)
    if not bands:
        return _not_known(promise, record, on, "bound_only", **shared)
    return Assessed(bands.pop(), reason="pace", **shared)


def _band(promise: Promise, baseline: Value, value: Value, gone: Fraction) -> str | None:
    """The status that the pace gives; ``None`` where the bounds of value and baseline leave it open."""
    b, x, level = interval(baseline), interval(value), _level(promise, baseline)
    if b.low is None or b.high is None:
        return None
    if level == baseline.value and b.low == b.high:
        moved = _move(x, b)
        return None if moved is None else "far_behind" if moved == 0 else "moving_away"
    paces = []
    for start in (b.low, b.high):
        goal = start * (1 + _target(promise) / 100) if promise.rule == "change" else _target(promise)
        way = goal - start
        if way == 0 or (way > 0) != (level > baseline.value):
            return None
        paces.append((x.low - start) / way / gone if x.low is not None else -math.inf if way > 0 else math.inf)
        paces.append((x.high - start) / way / gone if x.high is not None else math.inf if way > 0 else -math.inf)
    slowest, fastest = _band_of(min(paces)), _band_of(max(paces))
    return slowest if slowest == fastest else None


def _band_of(pace: Fraction | float) -> str:
    if pace >= ON_TRACK:
        return "on_track"
    if pace >= BEHIND:
        return "behind"
    return "far_behind" if pace >= 0 else "moving_away"


def _covering(promise: Promise, values: list[Value], year: int) -> list[Value]:
    """Values that speak of a year of the plan: of the metric's own period that holds the year's end.

    A level at a moment speaks of the year in which it lies; what is elected or appointed for a term, of each year that
    ends in the term; a school or fiscal year, of the calendar year that ends in it.
    """
    end = min(datetime.date(year, 12, 31), promise.deadline)
    if promise.period == "term" and promise.term_years:
        terms = [v for v in values if v.as_of <= end < add_months(v.as_of, 12 * promise.term_years)]
        latest = max((v.as_of for v in terms), default=None)
        return [v for v in terms if v.as_of == latest]
    if not _spans(promise):
        return [v for v in values if v.as_of.year == year and promise.plan_starts <= v.as_of <= promise.deadline]
    holds_end = _period_of(promise, datetime.date(year, 12, 31))
    return [v for v in values if v.starts_on and _period_of(promise, v.as_of - DAY) == holds_end]


def _hold(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """Every year of the plan is tested: for an amount or average the whole period, for a level its last value."""
    values = _usable(record, on)
    bases = _baselines(promise, values)
    baseline, level, tests = bases[0] if bases else None, promise.target, _tests(promise, bases)
    years = range(promise.plan_starts.year, promise.deadline.year + 1)
    covering = {year: _covering(promise, values, year) for year in years}
    by_year = {year: of_it[-1] for year in years if (of_it := _comparable(promise, covering[year], tests))}
    disputed = [year for year, answer in by_year.items() if answer.disagree]
    held = [year for year, answer in by_year.items() if answer.says and not answer.disagree]
    failed = [year for year, answer in by_year.items() if answer.says is False and not answer.disagree]
    inputs = {v.entry for answer in by_year.values() for v in answer.values}
    newest = list(by_year.values())[-1].value if by_year else None
    near = any(answer.value.fits == "near" for answer in by_year.values())
    differ = any(answer.differ for answer in by_year.values())
    flags = []
    if any(a.says for a in _answers(promise, bases, tests)):
        flags.append("met_at_baseline")
    over = on > promise.deadline and len(held) == len(years) > 0
    if over and newest and not _spans(promise) and promise.period != "term" and not is_final(promise, newest):
        flags.append("no_final_value")
    flags += ["near_measure"] * near + ["sources_differ"] * differ
    shared: Shown = {
        "basis": "computed",
        "inputs": tuple(sorted(inputs)),
        "flags": tuple(flags),
        "value": newest,
        "baseline": baseline,
        "target_level": level,
        "facts": {"held": held, "failed": failed, "years": list(years), "disputed": disputed},
    }
    if failed:
        return Assessed("not_held", reason="not_held", **shared)
    if over:
        return Assessed("held", reason="held", **shared)
    if disputed:
        return _not_known(promise, record, on, "sources_disagree", **shared)
    if held:
        if on <= promise.deadline:
            return Assessed("on_track", reason="held_so_far", **shared)
        return _not_known(promise, record, on, "held_on_record", **shared)
    if inputs:
        return _not_known(promise, record, on, _why_not_known(promise, record, on, "bound_only"), **shared)
    if any(covering.values()):
        shared["reason"] = "unlike_period"
    return _not_known(promise, record, on, **shared)


def _total(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """The amount over the whole plan: the longest count from its start, and what parts add that do not overlap.

    It is whole only if it runs to the deadline. Until then it is a lower bound, which can meet a floor and never a
    ceiling, and can never miss a floor.
    """
    parts = [
        v
        for v in _usable(record, on)
        if v.starts_on is not None and v.starts_on >= promise.plan_starts and v.as_of <= promise.deadline
    ]
    if not parts:
        return _not_known(promise, record, on, target_level=promise.target)
    chosen, gap = _chain(parts, promise.plan_starts)
    firsts = [group[0] for group in chosen]
    complete = not gap and firsts[-1].as_of == promise.deadline
    lowest = [min(group, key=lambda v: _ends(v)[0]) for group in chosen]
    highest = [max(group, key=lambda v: _ends(v)[1]) for group in chosen]
    sums = [_sum(several, complete) for several in (firsts, lowest, highest)]
    answers = [s.compare(promise.comparator, _target(promise), promise.tolerance) for s in sums]
    verdicts = set(answers) - {None}
    # “About 15”: one source below it and one above it both fail, and what lies between would not.
    hull = replace(sums[1], high=sums[2].high, high_open=sums[2].high_open)
    between = hull.compare(promise.comparator, _target(promise), promise.tolerance)
    disagree = len(verdicts) > 1 or (between is None and None not in answers)
    values = [v for group in chosen for v in group]
    flags = ["near_measure"] * any(v.fits == "near" for v in firsts)
    flags += ["sources_differ"] * any(_differ(group) for group in chosen)
    shown = _shown(firsts, sums[0], complete)
    shared: Shown = {
        "basis": "computed",
        "inputs": _inputs(*values),
        "value": shown,
        "target_level": _target(promise),
        "gap": _target(promise) - shown.value,
        "facts": {"parts": len(chosen), "complete": complete},
    }
    answer = verdicts.pop() if len(verdicts) == 1 else None
    early = [v for v in firsts if v.as_of < promise.plan_published]
    if answer and _sum(early, False).compare(promise.comparator, _target(promise), promise.tolerance):
        flags.append("kept_before_promise")
    shared["flags"] = tuple(flags)
    if disagree:
        return _not_known(promise, record, on, "sources_disagree", **shared)
    if answer:
        return Assessed("met" if on > promise.deadline else "reached", reason="met_total", **shared)
    if answer is False and on > promise.deadline:
        return Assessed("not_met", reason="not_met_total", **shared)
    if on <= promise.deadline:
        return Assessed("under_way", reason="under_way", **shared)
    if complete:
        return _not_known(promise, record, on, "bound_only", **shared)
    kind = _why_not_known(promise, record, on, "bound_only")
    return _not_known(promise, record, on, kind, **{**shared, "reason": "part_of_total"})


def _chain(parts: Iterable[Value], start: datetime.date) -> tuple[list[list[Value]], bool]:
    """Parts that do not overlap, each with its rivals for the same period, and whether days between them are missing.

    The count that runs furthest from the start without a gap comes first, the longest part of it before shorter ones;
    behind a gap the next part follows.
    """
    groups: dict[tuple[Any, datetime.date], list[Value]] = {}
    for value in parts:
        groups.setdefault((value.starts_on, value.as_of), []).append(value)
    # For each first day: how far an unbroken count gets, and with which part.
    furthest: dict[datetime.date, tuple[datetime.date, datetime.date]] = {}
    for first, last in sorted(groups, reverse=True):
        end = furthest[last + DAY][0] if last + DAY in furthest else last
        furthest[first] = max(furthest.get(first, (end, last)), (end, last))
    chosen, covered_to, gap = [], start, False
    while following := [first for first in furthest if first >= covered_to]:
        first = min(following)
        last = furthest[first][1]
        gap = gap or first > covered_to
        chosen.append(_preferred(groups[first, last]))
        covered_to = last + DAY
    return chosen, gap


def _ends(value: Value) -> tuple[Fraction, Fraction | float]:
    """The ends of what a number says, as amounts that are not negative."""
    ends = interval(value)
    return (Fraction(0) if ends.low is None else ends.low, math.inf if ends.high is None else ends.high)


def _sum(values: Iterable[Value], complete: bool) -> Interval:
    """Parts added up; with a gap the sum is a lower bound, because amounts are not negative."""
    ends = [interval(v) for v in values]
    below_zero = any(e.low is None and e.high is not None and e.high < 0 for e in ends)  # a balance, not an amount
    low = None if below_zero else sum((e.low for e in ends if e.low is not None), Fraction(0))
    highs = [e.high for e in ends if e.high is not None]
    high = sum(highs, Fraction(0)) if complete and len(highs) == len(ends) else None
    return Interval(low, high, any(e.low_open for e in ends), any(e.high_open for e in ends))


def _shown(parts: list[Value], summed: Interval, complete: bool) -> Value:
    """The sum as one value, with the bound that holds of it."""
    bounds = {v.bound for v in parts}
    total = sum((v.value for v in parts), Fraction(0))
    if complete and bounds == {"exact"}:
        bound = "exact"
    elif complete and bounds <= {"exact", "about"}:
        bound = "about"
    elif complete and bounds <= {"exact", "at_most", "less_than"}:
        bound = "less_than" if "less_than" in bounds else "at_most"
    else:
        bound, total = "more_than" if summed.low_open else "at_least", summed.low or Fraction(0)
    newest = max(parts, key=lambda v: v.as_of)
    return replace(newest, value=total, starts_on=parts[0].starts_on, bound=bound)


def _direction(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """Which way a figure moved between the base date and the last value at or before the deadline."""
    values = _usable(record, on)
    bases = _baselines(promise, values)
    baseline = bases[0] if bases else None
    later = [v for v in values if max(promise.base, promise.plan_starts - DAY) < v.as_of <= promise.deadline]
    if not later:
        if baseline and on > promise.deadline:
            return _without_late_figure(promise, record, on, {"baseline": baseline})
        return _not_known(promise, record, on, baseline=baseline)
    if baseline is None:
        newest = _preferred(v for v in later if v.as_of == max(x.as_of for x in later))[0]
        return _not_known(promise, record, on, "no_baseline", value=newest)
    later = [v for v in _alike(promise, later, baseline) if is_whole(promise, v)]
    if not later:
        return _not_known(promise, record, on, baseline=baseline, reason="unlike_period")
    last = _answers(promise, later, [_moved_from(base) for base in bases])[-1]
    flags = ["near_measure"] * (last.value.fits == "near" or baseline.fits == "near")
    if not is_final(promise, last.value) and on > promise.deadline:
        flags.append("no_final_value")
    flags += ["sources_differ"] * (last.differ or _differ(bases))
    shared: Shown = {
        "basis": "computed",
        "inputs": _inputs(*bases, *last.values),
        "flags": tuple(flags),
        "value": last.value,
        "baseline": baseline,
    }
    if on > promise.deadline and not is_recent(promise, last.value):
        return _without_late_figure(promise, record, on, shared)
    if last.disagree:
        return _not_known(promise, record, on, "sources_disagree", **shared)
    if last.says is None:
        return _not_known(promise, record, on, "bound_only", **shared)
    if last.says == 0:
        return Assessed("unchanged", reason="direction", **shared)
    promised = 1 if promise.comparator in (">", "≥") else -1
    return Assessed("moved" if last.says == promised else "moved_away", reason="direction", **shared)


def _moved_from(base: Value) -> Test:
    return lambda value: _move(interval(value), interval(base))


def _move(now: Interval, before: Interval) -> int | None:
    """1 for up, -1 for down, 0 for unchanged, ``None`` where the bounds leave it open."""
    if now.low is not None and now.low == now.high == before.low == before.high:
        return 0
    if now.low is not None and before.high is not None and now.low >= before.high:
        touching = now.low == before.high and not (now.low_open or before.high_open)
        return None if touching else 1
    if now.high is not None and before.low is not None and now.high <= before.low:
        touching = now.high == before.low and not (now.high_open or before.low_open)
        return None if touching else -1
    return None


# Rules without a number


def _milestone(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """The date of the promised stage decides; silence does not.

    A date lies somewhere between its first and last possible day, and is in time only if it is so whenever it was. An
    act (drafted, adopted, submitted, held) stays done. A state (in force, running) that was reached before the plan
    takes a later record that it still stood.
    """
    ladder = _Ladder(promise)
    steps = sorted(
        (r for r in record.rungs if r.rung in ladder.order and r.earliest <= on and _is_known(r)),
        key=lambda r: (r.as_of, ladder.order[r.rung]),
    )
    reached = next((r for r in steps if ladder.is_there(r)), None)
    shared: Shown = {"basis": "computed", "inputs": _inputs(*steps), "facts": {"rung": promise.target_rung}}
    if reached is None:
        return _stage_not_reached(promise, record, on, ladder, steps, shared)
    if fallen := _stage_lost(on, ladder, steps, reached, shared):
        return fallen
    same = [r for r in steps if r.rung == reached.rung and r.as_of == reached.as_of]
    shared |= {"inputs": _inputs(*same), "facts": shared["facts"] | _when(reached)}
    if reached.earliest > ladder.due:
        return Assessed("met_late", reason="stage_late", **shared)
    if reached.as_of > ladder.due:
        return _not_known(promise, record, on, "not_decided", **{**shared, "reason": "stage_in_time_or_late"})
    if reached.as_of < promise.plan_starts and reached.rung in STATES:
        later = [r for r in steps if ladder.is_there(r) and r.as_of >= promise.plan_starts]
        if not later:
            kind = _why_not_known(promise, record, on, "no_late_figure")
            return _not_known(promise, record, on, kind, **{**shared, "reason": "stage_before_plan"})
        shared["inputs"] = _inputs(*same, later[-1])
    flags = ("kept_before_promise",) if reached.as_of < promise.plan_published else ()
    return Assessed("met" if on > ladder.due else "reached", reason="stage_reached", flags=flags, **shared)


class _Ladder:
    """The stages of a promise in their order, which of them is promised, and by when."""

    def __init__(self, promise: Promise) -> None:
        self.order = {rung: place for place, rung in enumerate(promise.rungs)}
        self.goal = self.order.get(promise.target_rung, len(self.order))
        self.due = _due(promise)

    def is_there(self, row: Rung) -> bool:
        """Whether a stage is the promised one, or beyond it."""
        return self.order[row.rung] >= self.goal

    def is_way_back(self, rung: str) -> bool:
        """Whether a stage undoes the others: the lowest one, unless it is what work begins with."""
        return self.order[rung] == 0 and rung not in FIRST_STEPS


def _when(row: Rung) -> Shown:
    """The date of a stage as it is known: its last possible day, and how exactly."""
    return {"date": row.as_of, "precision": row.precision}


def _stage_lost(on: datetime.date, ladder: _Ladder, steps: list[Rung], reached: Rung, shared: Shown) -> Assessed | None:
    """The result where a stage was reached and undone again by its day; ``None`` where it stands.

    Only the lowest stage (repealed, closed) on a later day is a way back, not the next bill drafted once one is law.
    """
    by_then = [r for r in steps if r.as_of <= ladder.due]
    stands = by_then[-1] if by_then else None
    if stands is None or reached.as_of > ladder.due or stands.earliest <= reached.as_of:
        return None
    if ladder.is_there(stands) or not ladder.is_way_back(stands.rung):
        return None
    facts = shared["facts"] | _when(reached)
    if on <= ladder.due:
        facts["stands"] = stands.rung
        return Assessed(
            "not_started", "computed", reason="stage_under_way", inputs=_inputs(reached, stands), facts=facts
        )
    again = next((r for r in steps if r.earliest > ladder.due and ladder.is_there(r)), None)
    if again:
        facts |= _when(again)
        return Assessed(
            "met_late", "computed", reason="stage_late", inputs=_inputs(reached, stands, again), facts=facts
        )
    return Assessed("lost", "computed", reason="lost_stage", inputs=_inputs(reached, stands), facts=facts)


def _stage_not_reached(
    promise: Promise, record: Record, on: datetime.date, ladder: _Ladder, steps: list[Rung], shared: Shown
) -> Assessed:
    """What is known where no record says that the stage was reached.

    Not met only if a source of after the day says that it is pending, refused or given up, or a search of full reach
    that was made after the usual lag found nothing.
    """
    if steps:
        shared["facts"]["stands"] = steps[-1].rung
    if on <= ladder.due:
        if steps:
            status = "not_started" if ladder.is_way_back(steps[-1].rung) else "under_way"
            return Assessed(status, reason="stage_under_way", **shared)
        return _not_known(promise, record, on)
    searched = [s for s in record.searches if s.full and ladder.due < s.earliest <= on and not s.withheld]
    pending = [r for r in steps if r.earliest > ladder.due]
    denied = [f for f in record.findings if f.says == "not_kept" and ladder.due < f.earliest <= on and _is_known(f)]
    if searched or pending or denied:
        shared["inputs"] = _inputs(*steps, *searched, *denied)
        return Assessed("not_met", reason="stage_not_reached", **shared)
    if steps:
        return _not_known(promise, record, on, **{**shared, "reason": "stage_last_known"})
    return _not_known(promise, record, on)


def _judge(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """This site's judgement against the written test, the newest one."""
    judged = [j for j in record.judgements if j.earliest <= on]
    if not judged:
        return _not_known(promise, record, on)
    last = max(judged, key=lambda j: (j.as_of, j.entry))
    shared: Shown = {"basis": "judged", "inputs": (last.entry,), "reason": "judged", "facts": {"date": last.as_of}}
    if on <= promise.deadline:
        status = {"done": "reached", "in_part": "under_way", "not_done": "not_started"}[last.verdict]
    else:
        status = last.verdict
    return Assessed(status, **shared)


def _uphold(promise: Promise, record: Record, on: datetime.date) -> Assessed:
    """A standing duty: who found what, on facts that fall into the plan's time. This site has no verdict of its own."""
    others = [f for f in _spoken(promise, record, on) if f.side in ("un", "independent")]
    against = [f for f in others if f.says in ("not_kept", "partly")]
    if against:
        facts = {"un": sum(f.side == "un" for f in against), "independent": sum(f.side != "un" for f in against)}
        return Assessed("contested", "reported", inputs=_inputs(*against), reason="contested", facts=facts)
    clear = [f for f in others if f.says == "kept"]
    if clear:
        return Assessed("no_breach_found", "reported", inputs=_inputs(*clear), reason="no_breach_found")
    return _not_known(promise, record, on)
