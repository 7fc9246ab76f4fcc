"""What holds of the method for every promise and every record, over random ones."""

import datetime
import math
import random
from dataclasses import fields, replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from tracker.standalone import assess

from .examples import examples
from .promises import DEADLINE, LAW, PUBLISHED, REPORT, STARTS

MIRROR = {"≥": "≤", ">": "<", "≤": "≥", "<": ">", "≈": "≈"}
BOUNDS = ("exact", "at_least", "more_than", "at_most", "less_than", "about")
TURNED = dict(zip(BOUNDS, ("exact", "at_most", "less_than", "at_least", "more_than", "about"), strict=True))
NUMBER_RULES = ("reach", "hold", "change", "total")
ONE_DAY = datetime.timedelta(days=1)

# Few days and few numbers, so that periods collide, bounds touch and deadlines are hit.
days = st.one_of(
    st.sampled_from(
        [datetime.date(y, m, d) for y in range(2019, 2028) for m, d in ((1, 1), (6, 30), (9, 30), (12, 31))]
    ),
    st.dates(datetime.date(2014, 1, 1), datetime.date(2028, 12, 31)),
)
numbers = st.one_of(
    st.integers(-3, 12).map(Fraction),
    st.fractions(-1000, 1000, max_denominator=1000),
    st.sampled_from([Fraction(10) ** 18 - Fraction(1, 10**6), Fraction(1, 10**6)]),
)

precisions = st.sampled_from(("day", "day", "month", "year"))


@st.composite
def promises(draw, rules=(*NUMBER_RULES, "direction", "milestone", "judge", "uphold")):
    rule = draw(st.sampled_from(rules))
    more = {}
    if rule in NUMBER_RULES:
        more["comparator"] = draw(st.sampled_from(list(MIRROR)))
        more["target"] = draw(numbers)
        if more["comparator"] == "≈":
            more["tolerance"] = draw(st.one_of(st.none(), numbers.filter(lambda n: n > 0)))
    if rule == "direction":
        more["comparator"] = draw(st.sampled_from("><"))
    if rule in (*NUMBER_RULES, "direction"):
        more["nature"] = draw(st.sampled_from(("stock", "average", "flow", "event")))
        more["lag_months"] = draw(st.sampled_from((None, 0, 9, 36)))
        more["period"] = draw(st.sampled_from(("calendar_year", "calendar_year", "school_year", "fiscal_year", "term")))
        more["period_ends"] = 12 if more["period"] == "calendar_year" else draw(st.sampled_from((3, 8)))
        more["term_years"] = 5 if more["period"] == "term" else None
        more["only_grows"] = draw(st.booleans())
        more["has_statistic"] = draw(st.booleans())
    if rule == "change" or (rule == "reach" and draw(st.booleans())):
        more["base_date"] = draw(st.sampled_from((datetime.date(2015, 12, 31), datetime.date(2020, 12, 31), DEADLINE)))
    if rule == "milestone":
        more["rungs"] = draw(st.sampled_from((LAW, REPORT, ())))
        more["target_rung"] = draw(st.sampled_from(("adopted", "in force", "submitted", "announced")))
        more["lag_months"] = draw(st.sampled_from((None, None, 9)))
    deadline = draw(st.sampled_from((DEADLINE, datetime.date(2024, 9, 30))))
    return assess.Promise("W.1a", rule, deadline, STARTS, PUBLISHED, **more)


@st.composite
def figures(draw, bounds=BOUNDS):
    as_of = draw(days)
    since = draw(st.one_of(st.none(), st.just(datetime.date(as_of.year, 1, 1)), st.just(STARTS)))
    return assess.Value(
        entry=0,
        value=draw(numbers),
        bound=draw(st.sampled_from(bounds)),
        as_of=as_of,
        starts_on=since if since and since <= as_of else None,
        fits=draw(st.sampled_from(("same", "same", "near", "other"))),
        scope=draw(st.sampled_from(("", "", "", "urban"))),
        origin=draw(st.sampled_from("ab")),
        addressed=draw(st.booleans()),
        precision=draw(precisions),
    )


sides = st.sampled_from(("official", "un", "independent", "unknown"))
says = st.sampled_from(("kept", "partly", "not_kept", "qualifies", "notes"))
rungs = st.builds(assess.Rung, st.just(0), st.sampled_from((*LAW, *REPORT, "unheard of")), days, precision=precisions)
judgements = st.builds(assess.Judgement, st.just(0), st.sampled_from(("done", "in_part", "not_done")), days)
searches = st.builds(assess.Search, st.just(0), days, st.booleans(), st.booleans())
findings = st.builds(
    assess.Finding,
    st.just(0),
    says,
    sides,
    days,
    st.sampled_from("ab"),
    st.one_of(st.none(), days),
    st.booleans(),
    ends_on=st.one_of(st.none(), days),
    precision=precisions,
)


@st.composite
def records(draw, bounds=BOUNDS):
    kinds = (figures(bounds), rungs, judgements, searches, findings)
    lists = [draw(st.lists(kind, max_size=6 if place == 0 else 3)) for place, kind in enumerate(kinds)]
    entry = iter(range(1, 100))
    return assess.Record(*(tuple(replace(row, entry=next(entry)) for row in rows) for rows in lists))


def mapped(record, change):
    return replace(record, values=tuple(change(v) for v in record.values))


def verdict(assessed):
    return assessed.status, assessed.missing, assessed.flags


@examples(60)
@given(promises(), records(), days)
def test_it_never_fails_and_never_gives_a_number_that_is_none(promise, record, on):
    assessed = assess.assess(promise, record, on)
    assert assessed.status in assess.GROUPS
    assert (assessed.missing in assess.MISSING) if assessed.status == "not_known" else assessed.missing == ""
    assert set(assessed.flags) <= set(assess.FLAGS)
    assert assessed.basis in ("computed", "judged", "reported", "none")
    assert assessed.until is None or assessed.until > on
    for field in fields(assessed):
        number = getattr(assessed, field.name)
        assert not isinstance(number, float), field.name
    for number in (assessed.distance, assessed.pace, assessed.gap, assessed.projected, assessed.target_level):
        assert number is None or (isinstance(number, int | Fraction) and math.isfinite(number))


@examples(60)
@given(promises(), records(), days)
def test_inputs_are_entries_of_the_record_and_none_from_after_the_day(promise, record, on):
    rows = (*record.values, *record.rungs, *record.judgements, *record.searches, *record.findings)
    known = {row.entry for row in rows if row.earliest <= on}
    assert set(assess.assess(promise, record, on).inputs) <= known


@examples(60)
@given(promises(), records(), days)
def test_rows_from_after_the_day_change_nothing_but_when_it_is_asked_again(promise, record, on):
    lists = {f.name: tuple(r for r in getattr(record, f.name) if r.earliest <= on) for f in fields(record)}
    now, then = assess.assess(promise, record, on), assess.assess(promise, assess.Record(**lists), on)
    assert replace(now, until=None) == replace(then, until=None)


@examples(60)
@given(promises(), records(), days, st.integers(1, 900))
def test_nothing_changes_before_until(promise, record, on, more):
    now = assess.assess(promise, record, on)
    day = on + datetime.timedelta(days=more)
    if now.until is not None:
        day = min(day, now.until - ONE_DAY)
    assert replace(assess.assess(promise, record, day), until=now.until) == now


@examples(60)
@given(promises(), records(), days, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(promise, record, on, chance: random.Random):
    lists = {}
    for field in fields(record):
        rows = list(getattr(record, field.name))
        chance.shuffle(rows)
        lists[field.name] = tuple(rows)
    assert assess.assess(promise, assess.Record(**lists), on) == assess.assess(promise, record, on)


@examples(60)
@given(promises(("reach", "hold", "direction")), records(), days)
def test_up_and_down_are_mirrored(promise, record, on):
    if promise.nature == "flow":  # no amount is below zero, so that a part of one is a floor and never a ceiling
        promise = replace(promise, nature="stock")
    turned = replace(promise, comparator=MIRROR[promise.comparator])
    if promise.target is not None:
        turned = replace(turned, target=-promise.target)
        if promise.comparator == "≈" and promise.tolerance is None:
            turned = replace(turned, tolerance=abs(promise.target) / 10)
    down = mapped(record, lambda v: replace(v, value=-v.value, bound=TURNED[v.bound]))
    other, here = assess.assess(turned, down, on), assess.assess(promise, record, on)
    assert verdict(other) == verdict(here)
    assert (other.distance, other.pace) == (here.distance, here.pace)


@examples(60)
@given(
    promises((*NUMBER_RULES, "direction")),
    records(),
    days,
    st.fractions(Fraction(1, 1000), 10**6, max_denominator=1000),
)
def test_another_unit_changes_no_status(promise, record, on, factor):
    assume(factor > 0)
    scaled = promise
    if promise.rule in ("reach", "hold", "total"):  # the target of a change is percent, whatever the unit
        tolerance = None if promise.tolerance is None else promise.tolerance * factor
        scaled = replace(promise, target=promise.target * factor, tolerance=tolerance)
    other = assess.assess(scaled, mapped(record, lambda v: replace(v, value=v.value * factor)), on)
    here = assess.assess(promise, record, on)
    assert verdict(other) == verdict(here)
    assert (other.distance, other.pace) == (here.distance, here.pace)


RANKS = {"not_met": 0, "not_held": 0, "lost": 0, "met_late": 1, "met": 1, "held": 1}
AFTER = datetime.date(2027, 6, 30)


@examples(60)
@given(promises(("reach", "hold", "change", "total")), records(("exact",)), st.fractions(0, 50, max_denominator=100))
def test_more_of_what_is_promised_never_makes_it_worse(promise, record, more):
    assume(promise.comparator in ("≥", ">"))
    # What stands in the plan's own years is raised; where things stood before is not.
    raised = mapped(record, lambda v: replace(v, value=v.value + more) if v.as_of > promise.base else v)
    before, after = assess.assess(promise, record, AFTER), assess.assess(promise, raised, AFTER)
    if before.status in RANKS and after.status in RANKS:
        assert RANKS[after.status] >= RANKS[before.status]
    if before.status in ("met", "held"):
        assert after.status in ("met", "held")


@examples(60)
@given(numbers, numbers, numbers, st.sampled_from(list(MIRROR)), st.fractions(0, 20, max_denominator=10))
def test_a_wider_interval_never_decides_what_a_narrower_one_leaves_open(low, high, target, comparator, wider):
    low, high = sorted((low, high))
    narrow = assess.Interval(low, high)
    said = narrow.compare(comparator, target, Fraction(3))
    for wide in (
        assess.Interval(low - wider, high),
        assess.Interval(low, high + wider),
        assess.Interval(None, high),
        assess.Interval(low, None),
        assess.Interval(None, None),
    ):
        answer = wide.compare(comparator, target, Fraction(3))
        assert answer is None or answer is said


DECIDED = {"met", "not_met", "lost", "held", "not_held", "moved", "moved_away", "unchanged"}


@examples(60)
@given(
    promises((*NUMBER_RULES, "direction")),
    figures(("exact",)),
    figures(("exact",)),
    st.sampled_from(("at_least", "at_most", "about")),
)
def test_a_bound_never_decides_otherwise_than_the_figure_itself(promise, start, end, bound):
    # One figure in the plan's years and one before them; the later one is then known only as a bound that allows it.
    start = replace(start, entry=1, as_of=datetime.date(2015, 12, 31), starts_on=datetime.date(2015, 1, 1))
    since = STARTS if promise.rule == "total" else datetime.date(2025, 1, 1)
    end = replace(end, entry=2, as_of=DEADLINE, starts_on=since, fits="same", scope="")
    exact = assess.assess(promise, assess.Record(values=(start, end)), AFTER)
    rough = assess.assess(promise, assess.Record(values=(start, replace(end, bound=bound))), AFTER)
    if exact.status == "not_known":
        assert rough.status == "not_known"
    elif rough.status in DECIDED:
        assert rough.status == exact.status


@examples(60)
@given(promises(("reach", "hold", "total")), days)
def test_nothing_is_not_missing(promise, on):
    """A figure of 0 is a figure: another result than no figure, and 0 in the result, not nothing."""
    whole = {"bound": "exact", "as_of": datetime.date(2022, 12, 31), "starts_on": datetime.date(2022, 1, 1)}
    zero = assess.Record(values=(assess.Value(1, Fraction(0), **whole),))
    promise = replace(promise, period="calendar_year", period_ends=12)
    assume(on >= datetime.date(2022, 12, 31) and promise.base < datetime.date(2022, 12, 31))
    assessed, empty = assess.assess(promise, zero, on), assess.assess(promise, assess.Record(), on)
    assert assessed.value is not None
    assert assessed.value.value == 0
    assert assessed.inputs == (1,)
    assert (empty.value, empty.inputs) == (None, ())


@examples(60)
@given(promises(("reach", "hold", "change", "direction")), records(("exact",)), days)
def test_figures_of_other_statistics_and_scopes_are_as_if_they_were_not_there(promise, record, on):
    own = replace(record, values=tuple(v for v in record.values if v.fits != "other" and not v.scope))
    assessed, without = assess.assess(promise, record, on), assess.assess(promise, own, on)
    if (assessed.missing, without.missing) == ("not_decided", "nobody_looked"):
        # That something is on record is said; nothing is computed with it.
        without = replace(without, missing="not_decided", reason="not_decided")
    # The day on which it is asked again may come earlier, for the same reason.
    assert replace(assessed, until=None) == replace(without, until=None)
    assert assessed.until == without.until or assessed.until < (without.until or datetime.date.max)


# Both sides alike, and time


@examples(60)
@given(promises(("milestone",)), rungs, st.sampled_from(("month", "year")), days)
def test_narrowing_a_date_never_undecides(promise, stage, precision, on):
    """What is decided whenever in the year a stage was is decided the same for each day of that year."""
    rough = replace(stage, entry=1, precision=precision)
    decided = assess.assess(promise, assess.Record(rungs=(rough,)), on)
    if decided.status in ("met", "met_late", "reached"):
        for day in (rough.earliest, rough.as_of):
            exact = assess.Record(rungs=(replace(rough, as_of=day, precision="day"),))
            if day <= on:
                assert assess.assess(promise, exact, on).status == decided.status


PARTS = [(datetime.date(2025, 1, 1), datetime.date(2025, 6, 30)), (datetime.date(2025, 10, 1), DEADLINE)]


@examples(60)
@given(promises(("reach", "hold")), st.fractions(0, 1000), st.fractions(0, 1000), st.sampled_from(PARTS))
def test_a_part_of_a_period_never_decides_against_the_whole(promise, whole, part, when):
    assume(part <= whole)
    promise = replace(promise, period="calendar_year", period_ends=12, nature="flow", deadline=DEADLINE)
    own = [assess.Value(1, whole, "exact", DEADLINE, datetime.date(2025, 1, 1), origin="a")]
    half = assess.Value(2, part, "exact", when[1], when[0], origin="a")
    alone = assess.assess(promise, assess.Record(values=(half,)), AFTER)
    full = assess.assess(promise, assess.Record(values=tuple(own)), AFTER)
    both = assess.assess(promise, assess.Record(values=(*own, half)), AFTER)
    assert both.status == full.status
    if alone.status in ("met", "not_met", "not_held"):
        assert alone.status == full.status


@examples(60)
@given(promises(("reach",)), st.sampled_from(("≥", ">", "≤", "<")), numbers, st.fractions(1, 100), days)
def test_pass_and_fail_of_the_same_age_are_treated_alike(promise, comparator, target, apart, as_of):
    promise = replace(promise, comparator=comparator, target=target, tolerance=None, only_grows=False, nature="stock")
    assume(as_of >= promise.plan_starts)
    up, down = (
        assess.assess(promise, assess.Record(values=(assess.Value(1, target + x, "exact", as_of, origin="a"),)), AFTER)
        for x in (apart, -apart)
    )
    passed, failed = (up, down) if comparator in ("≥", ">") else (down, up)
    pairs = {("met", "not_met"), ("ahead", "short"), ("not_known", "not_known"), ("met_late", "not_known")}
    assert (passed.status, failed.status) in pairs
    if as_of <= promise.deadline:
        assert passed.missing == failed.missing


@examples(60)
@given(promises(("reach", "change", "direction", "total")), records(), days)
def test_nothing_of_before_the_plans_first_day_decides(promise, record, on):
    old = mapped(record, lambda v: replace(v, as_of=min(v.as_of, STARTS - ONE_DAY), starts_on=None, precision="day"))
    assert assess.assess(promise, old, on).status == "not_known"
