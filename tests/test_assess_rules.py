"""Levels: what `reach`, `change` and `direction` make of figures in time, late, lost, bounded, near, disputed."""

from fractions import Fraction

import pytest

from .promises import day, promise, result, status, value, year

FALL = promise("change", "≤", -10, nature="average")
FEWER = promise("direction", "<", nature="flow")
MORE = promise("direction", ">")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-12-30", "on_track"),
        ("2025-12-31", "reached"),
        ("2026-01-01", "met"),
        ("2026-01-02", "met"),
    ],
)
def test_reached_becomes_met_on_the_day_after_the_deadline(on, expected):
    rows = value(80, "2020"), value(89, "2024"), value(90, "2025-12-31")
    assert status(promise(), *rows, on=on) == expected


@pytest.mark.parametrize(
    ("comparator", "below", "equal", "above"),
    [
        ("≥", "not_met", "met", "met"),
        (">", "not_met", "not_met", "met"),
        ("≤", "met", "met", "not_met"),
        ("<", "met", "not_met", "not_met"),
    ],
)
def test_each_comparator_reads_the_target_itself_as_it_says(comparator, below, equal, above):
    case = promise("reach", comparator, 90)
    assessed = [status(case, value(x, "2025")) for x in ("89.999999", 90, "90.000001")]
    assert assessed == [below, equal, above]


def test_about_without_a_tolerance_is_a_tenth_of_the_target():
    case = promise("reach", "≈", 100)
    assert [status(case, value(x, "2025")) for x in (89, 90, 110, 111)] == ["not_met", "met", "met", "not_met"]


def test_a_value_met_before_and_not_at_the_end_is_lost():
    assessed = result(promise(), early := value(91, "2023"), last := value(88, "2025"))
    assert assessed.status == "lost"
    assert set(assessed.inputs) == {early.entry, last.entry}


def test_what_was_met_at_the_baseline_and_not_at_the_end_is_lost():
    assessed = result(promise(), value(95, "2020"), value(88, "2025"))
    assert (assessed.status, assessed.flags[0]) == ("lost", "met_at_baseline")


def test_what_was_met_and_last_seen_unmet_before_the_end_is_not_lost_but_short_at_the_last_figure():
    assessed = result(promise(), value(91, "2023"), value(88, "2024"))
    assert (assessed.status, assessed.group, assessed.reason) == ("short", "interim", "interim")


def test_met_late_shows_the_late_value_and_its_own_arithmetic():
    # (91 − 80) ÷ (90 − 80) = 1.1, and not the (88 − 80) ÷ 10 = 0.8 of the deadline.
    assessed = result(promise(), value(80, "2020"), value(88, "2025"), late := value(91, "2026-06-30"))
    assert (assessed.status, assessed.group, assessed.value) == ("met_late", "kept", late)
    assert (assessed.distance, assessed.gap) == (Fraction(11, 10), -1)


def test_met_late_is_said_only_once_it_is_true():
    rows = value(88, "2025"), value(91, "2026-06-30")
    assert status(promise(), *rows, on="2026-06-29") == "not_met"
    assert status(promise(), *rows, on="2026-06-30") == "met_late"


@pytest.mark.parametrize("known", [[], [value(80, "2020")], [value(88, "2024")], [value(70, "2025", "at_least")]])
def test_what_is_not_known_at_the_deadline_and_met_later_is_late_at_the_latest(known):
    assert status(promise(), *known, value(91, "2026-06-30")) == "met_late"


def test_a_late_value_that_does_not_meet_it_says_nothing_of_the_deadline():
    assert status(promise(), value(88, "2026-06-30")) == "not_known: not_decided"


@pytest.mark.parametrize(
    ("as_of", "passing", "failing"),
    [
        ("2025-12-31", "met", "not_met"),
        ("2025-12-30", "ahead", "short"),
        ("2025-09-30", "ahead", "short"),
        ("2024-01-01", "ahead", "short"),
        ("2023-12-31", "not_known: no_late_figure", "not_known: no_late_figure"),
        ("2021-01-01", "not_known: no_late_figure", "not_known: no_late_figure"),
    ],
)
def test_a_level_that_can_fall_back_is_treated_alike_whether_it_passes_or_fails(as_of, passing, failing):
    assert (status(promise(), value(91, as_of)), status(promise(), value(88, as_of))) == (passing, failing)
    assert ("no_final_value" in result(promise(), value(91, as_of)).flags) is (passing == "ahead")


def test_the_last_whole_period_that_ends_by_the_deadline_is_final():
    case = promise(deadline=day("2024-09-30"))
    assert [status(case, value(x, "2023")) for x in (91, 88)] == ["met", "not_met"]
    school = promise(deadline=day("2025-12-31"), period="school_year", period_ends=8)
    assert status(school, value(91, "2025-08-31")) == "met"
    assert status(school, value(91, "2025-08-30")) == "ahead"


def test_a_count_that_can_only_grow_is_met_as_soon_as_it_is_reached():
    grows = promise(only_grows=True)
    assert status(grows, value(91, "2022")) == "met"
    assert status(promise(), value(91, "2022")) == "not_known: no_late_figure"
    # Falling short of it in between says nothing of how it ended.
    assert status(grows, value(88, "2024")) == "short"


def test_figures_that_agree_on_the_answer_are_the_answer_and_their_difference_is_flagged():
    assessed = result(promise(), a := value(91, "2025"), b := value(95, "2025", origin="institute"))
    assert (assessed.status, assessed.value.value) == ("met", 91)
    assert "sources_differ" in assessed.flags
    assert "one_origin" not in assessed.flags
    assert set(assessed.inputs) == {a.entry, b.entry}


def test_figures_that_disagree_on_the_answer_leave_it_not_known_and_the_newest_does_not_win():
    rows = value(91, "2025"), value(88, "2025", origin="institute")
    assert status(promise(), *rows) == status(promise(), *reversed(rows)) == "not_known: sources_disagree"
    assert status(promise(), *rows, on="2025-12-31") == "not_known: sources_disagree"


def test_a_first_day_given_for_a_level_does_not_make_two_figures_of_one_day_two_periods():
    rows = value(91, "2025"), value(88, "2025", since="2025-01-01")
    assert status(promise(), *rows) == "not_known: sources_disagree"


def test_a_year_is_not_decided_by_its_december():
    case = promise("reach", "≥", 83, nature="average")
    assert status(case, year(83, 2025), value(70, "2025", since="2025-12-01")) == "met"


def test_an_undecided_figure_beside_a_decided_one_does_not_contradict_it():
    assessed = result(promise(), value(60, "2025", "at_least"), value(91, "2025"))
    assert (assessed.status, assessed.value.value) == ("met", 91)


def test_figures_of_other_statistics_or_scopes_are_never_computed_with():
    beside = [value(99, "2025", fits="other"), value(99, "2025", scope="urban"), value(10, "2020", fits="other")]
    assert status(promise(), *beside) == "not_known: not_decided"
    assert result(promise(), *beside, value(88, "2025")).baseline is None


def test_a_near_figure_is_computed_with_and_said():
    assessed = result(promise(), value(91, "2025", fits="near"))
    assert (assessed.status, assessed.flags) == ("met", ("near_measure", "one_origin"))


def test_the_own_figure_is_shown_before_a_near_one_of_the_same_period():
    assessed = result(promise(), value(92, "2025", fits="near"), value(91, "2025"))
    assert assessed.value.value == 91
    assert "near_measure" not in assessed.flags


def test_a_near_baseline_is_said_too_because_the_distance_rests_on_it():
    assert "near_measure" in result(promise(), value(80, "2020", fits="near"), value(91, "2025")).flags


def test_near_and_own_figures_compete():
    rows = value(91, "2025"), value(88, "2025", fits="near")
    assert status(promise(), *rows) == "not_known: sources_disagree"


@pytest.mark.parametrize("bound", ["at_least", "more_than", "at_most", "less_than"])
def test_a_mere_bound_has_no_distance_gap_or_pace(bound):
    assessed = result(promise(), value(80, "2020"), value(85, "2025", bound))
    assert assessed.distance is assessed.gap is assessed.pace is assessed.projected is None


def test_about_90_is_undecided_about_90_and_decided_far_from_it():
    # About 90 is 85.5 to 94.5.
    assert status(promise(), value(90, "2025", "about")) == "not_known: bound_only"
    assert status(promise(), value(95, "2025", "about")) == "met"
    assert status(promise(), value(85, "2025", "about")) == "not_met"


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (value(85, "2023", "at_least"), "not_known: bound_only"),  # on track or reached, or anything above behind
        (value(89, "2023", "at_least"), "on_track"),  # 9 ÷ 10 ÷ 0.6 = 1.5 at the least
        (value(79, "2023", "at_most"), "moving_away"),
        (value(81, "2023", "at_most"), "not_known: bound_only"),
    ],
)
def test_before_the_deadline_a_bound_decides_only_what_holds_of_all_it_allows(last, expected):
    assert status(promise(), value(80, "2020"), last, on="2024-06-30") == expected


def test_before_the_deadline_a_value_without_a_baseline_has_no_pace():
    assert status(promise(), value(85, "2023"), on="2024-06-30") == "not_known: no_baseline"


def test_before_the_deadline_the_baseline_alone_says_nothing_yet():
    assert status(promise(), value(80, "2020"), on="2024-06-30") == "not_known: not_decided"


def test_falling_below_a_target_that_the_baseline_met_is_moving_away():
    assert status(promise(), value(95, "2020"), value(85, "2023"), on="2024-06-30") == "moving_away"


def test_a_baseline_exactly_at_a_target_to_be_exceeded_has_no_distance_and_no_error():
    case = promise("reach", ">", 90)
    for x, expected in ((90, "far_behind"), (89, "moving_away"), (91, "reached")):
        assessed = result(case, value(90, "2020"), value(x, "2023"), on="2024-06-30")
        assert (assessed.status, assessed.distance) == (expected, None)


def test_the_baseline_is_the_last_value_at_or_before_the_day_before_the_plan():
    assessed = result(
        promise(), value(70, "2019"), b := value(80, "2020-12-31"), value(85, "2021-01-01"), value(91, "2025")
    )
    assert assessed.baseline == b


def test_a_change_is_counted_from_the_base_year_of_the_text():
    # 33 × 0.9 = 29.7.
    for x, expected in (("29.7", "met"), ("29.8", "not_met")):
        assessed = result(FALL, year(33, 2020), year(x, 2025))
        assert (assessed.status, assessed.target_level) == (expected, Fraction("29.7"))


def test_a_rise_is_a_change_too():
    case = promise("change", "≥", 50)
    assert [status(case, value(20, "2020"), value(x, "2025")) for x in (29, 30)] == ["not_met", "met"]


def test_a_change_without_a_baseline_is_not_known():
    assert status(FALL, year(28, 2025)) == "not_known: no_baseline"
    assert status(FALL) == "not_known: nobody_looked"


@pytest.mark.parametrize("base", [0, -5])
def test_a_percentage_of_nothing_or_less_is_no_baseline(base):
    assert status(FALL, year(base, 2020), year(28, 2025)) == "not_known: no_baseline"


def test_two_baselines_that_lead_to_different_answers_disagree():
    # 29.7 on 33 is a fall of 10 percent, on 32 one of 7.2.
    rows = year(33, 2020), year(32, 2020, origin="institute"), year("29.7", 2025)
    assert status(FALL, *rows) == "not_known: sources_disagree"
    agreed = result(FALL, year(33, 2020), year(34, 2020), year("29.7", 2025))
    assert (agreed.status, "sources_differ" in agreed.flags) == ("met", True)


def test_a_change_to_below_zero_on_a_rough_baseline_takes_the_right_ends():
    # From about 100 (95 to 105) to −10: between −110.5 and −109.5 percent.
    rows = value(100, "2020", "about"), value(-10, "2025")
    assert status(promise("change", "≤", "-109.5"), *rows) == "met"
    assert status(promise("change", "≤", "-109.6"), *rows) == "not_known: bound_only"
    assert status(promise("change", "≤", "-110.6"), *rows) == "not_met"


def test_nine_months_of_emissions_are_not_a_fall_on_a_year():
    case = promise("change", "≤", -10, nature="flow")
    assert status(case, year(10, 2020), value(7, "2025-09-30", since="2025-01-01")) == "not_known: not_decided"


@pytest.mark.parametrize(
    ("case", "x", "expected"),
    [
        (MORE, 11, "moved"),
        (MORE, 10, "unchanged"),
        (MORE, 9, "moved_away"),
        (promise("direction", "<"), 9, "moved"),
        (promise("direction", "<"), 10, "unchanged"),
        (promise("direction", "<"), 11, "moved_away"),
    ],
)
def test_a_direction_says_which_way_it_moved_and_is_never_counted_as_kept(case, x, expected):
    assessed = result(case, value(10, "2020"), value(x, "2025"))
    assert (assessed.status, assessed.group) == (expected, "direction")


def test_a_direction_needs_a_figure_of_the_last_two_years_before_the_deadline():
    assert status(MORE, value(10, "2020"), value(12, "2021")) == "not_known: no_late_figure"
    assert status(MORE, value(10, "2020"), value(12, "2021"), on="2024-01-01") == "moved"
    assessed = result(MORE, value(10, "2020"), value(12, "2024"))
    assert (assessed.status, "no_final_value" in assessed.flags) == ("moved", True)


def test_a_direction_needs_a_baseline_and_a_later_figure():
    assert status(MORE, value(12, "2025")) == "not_known: no_baseline"
    assert status(MORE, value(10, "2020")) == "not_known: no_late_figure"
    assert status(MORE, value(10, "2020"), value(12, "2026-01-01")) == "not_known: no_late_figure"
    assert status(MORE, value(12, "2026-01-01")) == "not_known: not_decided"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (value(10, "2020"), value(10, "2025", "more_than"), "moved"),
        (value(10, "2020"), value(10, "2025", "at_least"), "not_known: bound_only"),
        (value(10, "2020", "less_than"), value(10, "2025"), "moved"),
        (value(10, "2020", "about"), value(10, "2025"), "not_known: bound_only"),
        (value(10, "2020"), value(10, "2025", "less_than"), "moved_away"),
    ],
)
def test_a_direction_between_bounds_is_said_only_where_they_do_not_overlap(before, now, expected):
    assert status(MORE, before, now) == expected


def test_figures_that_move_both_ways_disagree():
    rows = value(10, "2020"), value(12, "2025"), value(8, "2025")
    assert status(MORE, *rows) == "not_known: sources_disagree"
    assert status(MORE, value(10, "2020"), value(8, "2020"), value(9, "2025")) == "not_known: sources_disagree"


def test_nine_months_of_accidents_are_not_fewer_than_a_year_of_them():
    rows = year(16, 2020), value(12, "2025-09-30", since="2025-01-01")
    assert status(FEWER, *rows) == "not_known: not_decided"
    assert status(FEWER, *rows, year(16, 2025)) == "unchanged"


def test_a_period_without_a_first_day_beside_one_with_it_is_no_error():
    assert status(MORE, value(10, "2020"), value(12, "2025"), value(13, "2025", since="2025-01-01")) == "moved"
