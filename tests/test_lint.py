"""Remarks on promises as they were made, and the five marks: each where it belongs, and not beside it."""

import dataclasses
import datetime
from fractions import Fraction

import pytest

from tracker.pages.coverage import MARKS, REMARKS, marks_of, remarks_of
from tracker.snapshot.cache import read_snapshot
from tracker.standalone.assess import Assessed, Value

from .vellmark_progress import DAY

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 10, 31)
WATER, WELLS, JOBS, TRAINED, WAGES, LAW = "I.1.1a", "I.1.1b", "I.2.1a", "I.2.1b", "I.2.1d", "I.1.1d"


@pytest.fixture
def plan(vellmark_progress):
    """The invented plan with its progress, as of the end of October 2026."""
    return read_snapshot(on=TODAY).plan("vellmark-2030")


def linted(plan, code, *, updates=None, assessed=None, metric=None, on=TODAY, **changed):
    """The remarks on a promise, with what a test changes of it."""
    c = dataclasses.replace(plan.commitments[code], **changed)
    metric = metric or read_snapshot(on=TODAY).metrics.get(c.metric)
    updates = plan.updates[code] if updates is None else updates
    return remarks_of(c, assessed or plan.assessed[code], updates, plan, metric, on)


def marked(plan, code, **changed):
    """The marks that a promise has."""
    c = dataclasses.replace(plan.commitments[code], **changed)
    return [name for name, has in marks_of(c, read_snapshot().metrics.get(c.metric)).items() if has]


def test_a_promise_without_a_weakness_draws_no_remark(plan):
    assert linted(plan, WATER) == ()


def test_what_the_method_flags_is_remarked(plan):
    assert linted(plan, JOBS) == ("met_at_baseline",)
    early = dataclasses.replace(plan.assessed[WATER], flags=("kept_before_promise", "one_origin"))
    assert linted(plan, WATER, assessed=early) == ("kept_before_promise",)


def based(value, bound="exact"):
    """A result with this baseline."""
    return Assessed("not_known", "none", target_level=Fraction(88), baseline=Value(1, Fraction(value), bound, TODAY))


@pytest.mark.parametrize(
    ("comparator", "value", "bound", "behind"),
    [
        ("≥", 90, "exact", True),
        (">", 90, "more_than", True),
        ("≥", 88, "exact", False),  # met at the baseline, and nothing points the other way
        ("≥", 80, "exact", False),
        ("≥", 80, "at_least", False),  # may lie on either side
        ("≤", 80, "exact", True),
        ("<", 90, "exact", False),
        ("≈", 120, "exact", False),  # about a level has no direction
    ],
)
def test_a_level_to_be_reached_that_lies_for_certain_behind_the_start(plan, comparator, value, bound, behind):
    remarks = linted(plan, WATER, assessed=based(value, bound), comparator=comparator)
    assert ("against_numbers" in remarks) == behind


def test_a_level_to_be_held_may_lie_behind_the_start(plan):
    assert "against_numbers" not in linted(plan, WATER, assessed=based(95), rule="hold")


def test_no_figure_of_its_own_statistic_place_or_day_is_no_usable_figure(plan):
    rows = [u for u in plan.updates[WATER] if u.what == "value"]
    assert linted(plan, WATER, updates=()) == ("no_baseline", "no_figure")
    for elsewhere in ({"fits": "other"}, {"scope": "one valley"}, {"as_of": DAY(2026, 11, 1)}):
        moved = [dataclasses.replace(u, **elsewhere) for u in rows]
        assert linted(plan, WATER, updates=moved) == ("no_baseline", "no_figure"), elsewhere


def test_a_figure_after_the_start_is_no_baseline(plan):
    later = [dataclasses.replace(u, as_of=DAY(2026, 6, 30)) for u in plan.updates[WATER] if u.what == "value"]
    assert linted(plan, WATER, updates=later) == ("no_baseline",)
    at_the_start = [dataclasses.replace(u, as_of=DAY(2025, 12, 31), fits="same") for u in later]
    assert linted(plan, WATER, updates=at_the_start) == ()
    assert linted(plan, WATER, updates=at_the_start, base_date=DAY(2020, 12, 31)) == ("no_baseline",)


def test_an_amount_over_the_plan_and_a_level_to_be_held_need_no_baseline(plan):
    assert linted(plan, TRAINED) == ("no_figure",)
    assert "no_baseline" not in linted(plan, JOBS, updates=())
    assert "no_baseline" in linted(plan, WAGES, updates=())


def test_near_measures_only(plan):
    rows = [u for u in plan.updates[WATER] if u.what == "value"]
    near = [dataclasses.replace(u, fits="near") for u in rows]
    assert linted(plan, WATER, updates=near) == ("near_measure",)
    assert "near_measure" not in linted(plan, WATER, updates=[*near, dataclasses.replace(rows[0], fits="same")])


def test_a_number_that_nobody_publishes(plan):
    metric = read_snapshot(on=TODAY).metrics[plan.commitments[WATER].metric]
    assert linted(plan, WATER, metric=dataclasses.replace(metric, producer="")) == ("no_statistic",)


def test_a_stage_a_judgement_and_a_duty_need_no_number(plan):
    assert linted(plan, LAW, updates=(), other_reading="") == ()
    assert linted(plan, "I.1.1e", updates=()) == ()
    assert linted(plan, "II.2a", updates=()) == ()


def test_two_readings_and_an_earlier_plan(plan):
    assert linted(plan, LAW) == ("two_readings",)
    assert linted(plan, "I.2.2a") == ("carried_from",)


@pytest.mark.parametrize(
    ("code", "marks"),
    [
        (WATER, ["what", "how_much", "measured"]),
        (TRAINED, ["what", "how_much", "by_when", "measured"]),  # the text gives a date of its own
        (WAGES, ["what", "measured"]),  # a general aim, of something counted in a unit
        (LAW, ["what", "how_much", "measured"]),
        ("I.0.0a", ["what", "how_much"]),  # nobody publishes it
        ("I.1.1e", ["by_when"]),  # a duty at all times
        ("II.1a", ["who", "what", "how_much", "measured"]),
        ("II.2b", ["what"]),
    ],
)
def test_the_marks_of_a_promise(plan, code, marks):
    assert marked(plan, code) == marks


def test_a_general_aim_without_a_unit_names_nothing(plan):
    assert marked(plan, "II.2b", kind="aim") == []


def test_every_remark_and_mark_says_what_it_means():
    for terms in (REMARKS, MARKS):
        assert all(str(term.label) and str(term.meaning).endswith(".") for term in terms.values())
