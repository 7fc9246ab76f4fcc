"""Every year and the whole plan: what `hold` and `total` make of whole years, parts, gaps, overlaps and disputes."""

from fractions import Fraction

import pytest

from .promises import day, promise, result, status, value, year

BELOW = promise("hold", "<", 5.5, nature="average")
LAND = promise("hold", ">", 120)
TRAINED = promise("hold", "≈", 7, tolerance=0.7, nature="flow")
SUM = promise("total", "≥", 100)
YEARS = range(2021, 2026)


def test_five_years_below_are_held():
    assessed = result(BELOW, *[year(5, y) for y in YEARS])
    assert (assessed.status, assessed.group, assessed.facts["held"]) == ("held", "kept", list(YEARS))


def test_four_years_on_record_are_held_on_record_and_not_held():
    assessed = result(BELOW, *[year(5, y) for y in YEARS if y != 2023])
    assert (assessed.status, assessed.missing) == ("not_known", "held_on_record")
    assert assessed.facts["held"] == [2021, 2022, 2024, 2025]


def test_one_known_failure_is_enough_even_with_years_missing_and_before_the_deadline():
    assert status(BELOW, year(5.6, 2022)) == "not_held"
    assert status(BELOW, year(5, 2021), year(5.6, 2022), on="2023-02-01") == "not_held"


def test_held_so_far_is_on_track_until_the_deadline_is_over():
    rows = [value(127, str(y)) for y in YEARS]
    assert status(LAND, *rows, on="2024-06-30") == "on_track"
    assert status(LAND, *rows, on="2025-12-31") == "on_track"
    assert status(LAND, *rows, on="2026-01-01") == "held"


def test_a_spring_figure_of_the_last_year_does_not_hold_it_before_the_year_is_over():
    rows = [value(127, y) for y in ("2021", "2022", "2023", "2024", "2025-03-31")]
    assert status(LAND, *rows, on="2025-04-01") == "on_track"
    assessed = result(LAND, *rows)
    assert (assessed.status, "no_final_value" in assessed.flags) == ("held", True)


def test_a_month_does_not_stand_for_the_average_of_its_year():
    assert status(BELOW, value(6, "2022-12-31", since="2022-12-01")) == "not_known: not_decided"
    assert status(BELOW, value(6, "2022-12-30", since="2022-01-01")) == "not_known: not_decided"
    assert status(BELOW, value(6, "2022-12-31")) == "not_known: not_decided"


def test_a_level_is_tested_by_the_last_figure_of_its_year():
    assert status(LAND, value(119, "2022-06-30"), value(121, "2022")) == "not_known: held_on_record"


def test_a_year_in_which_sources_disagree_keeps_the_rest_from_being_held():
    rows = [year(5, y) for y in YEARS]
    assert status(BELOW, *rows, year(6, 2023, origin="institute")) == "not_known: sources_disagree"
    assert (
        status(BELOW, *rows, year(6, 2023, origin="institute"), year(6, 2024, origin="x"))
        == "not_known: sources_disagree"
    )
    assert status(BELOW, *rows[1:], year(6, 2021), year(6, 2023, origin="institute")) == "not_held"


def test_a_year_in_which_sources_agree_on_the_answer_is_held_and_flagged():
    assessed = result(BELOW, *[year(5, y) for y in YEARS], year(5.1, 2023, origin="institute", fits="near"))
    assert (assessed.status, assessed.flags) == ("held", ("sources_differ",))


def test_years_of_which_only_bounds_are_known_are_not_unlooked_for():
    assert status(BELOW, year(5, 2022, "at_least")) == "not_known: bound_only"


def test_about_seven_million_a_year_may_be_six_point_three_and_not_six_point_two():
    assert status(TRAINED, *[year("6.3", y) for y in YEARS]) == "held"
    assert status(TRAINED, year("6.2", 2021)) == "not_held"
    assert status(TRAINED, year("7.8", 2021)) == "not_held"


def test_a_year_of_nothing_is_a_failure_and_not_a_gap():
    assessed = result(promise("hold", "≥", 1), *[value(0 if y == 2024 else 3, str(y)) for y in YEARS])
    assert (assessed.status, assessed.facts["failed"]) == ("not_held", [2024])


def test_what_held_before_the_plan_is_flagged_and_tests_no_year():
    assessed = result(BELOW, year(5, 2020), *[year(5, y) for y in YEARS if y > 2021])
    assert (assessed.missing, assessed.flags) == ("held_on_record", ("met_at_baseline",))
    assert 2020 not in assessed.facts["years"]


def test_figures_of_the_deadline_year_after_the_deadline_do_not_count():
    case = promise("hold", ">", 120, deadline=day("2024-09-30"))
    assessed = result(case, value(119, "2024-12-31"))
    assert assessed.status == "not_known"


def test_the_count_from_the_start_wins_over_the_parts_in_it():
    # 60 to the end of 2023 with 45 since: 105. The years 2021 to 2023 lie in the count and are not added again.
    rows = [value(60, "2023", since="2021-01-01"), year(20, 2021), year(20, 2022), year(20, 2023)]
    assessed = result(SUM, *rows, value(45, "2025", since="2024-01-01"))
    assert (assessed.status, assessed.value.value, assessed.facts["parts"]) == ("met", 105, 2)


def test_overlapping_parts_are_never_counted_twice():
    # 2021-2024 is 60 and 2023-2025 is 60: they share two years, so that nothing more than 60 is certain.
    assessed = result(SUM, value(60, "2024", since="2021-01-01"), value(60, "2025", since="2023-01-01"))
    assert assessed.status == "not_known"
    assert (assessed.value.value, assessed.value.bound) == (60, "at_least")


def test_parts_that_join_without_a_gap_win_over_a_longer_first_part_that_does_not():
    # 2021-2022 leads nowhere, because what follows starts in 2022: 2021 and 2022-2025 are the whole.
    rows = value(30, "2022", since="2021-01-01"), year(14, 2021), value(80, "2025", since="2022-01-01")
    assessed = result(SUM, *rows)
    assert (assessed.status, assessed.value.value, assessed.facts["complete"]) == ("not_met", 94, True)


def test_what_was_counted_before_the_plan_or_after_the_deadline_is_left_out():
    assert status(SUM, value(200, "2025", since="2019-01-01")) == "not_known: not_decided"
    assert status(SUM, value(200, "2026-02-27", since="2021-01-01")) == "not_known: not_decided"


def test_an_amount_without_a_first_day_is_in_no_period():
    assert status(SUM, value(200, "2025")) == "not_known: not_decided"


def test_a_total_with_a_gap_may_break_a_limit_and_cannot_keep_it():
    limit = promise("total", "≤", 100)
    assert status(limit, year(101, 2021)) == "not_met"
    assert result(limit, year(99, 2021)).status == "not_known"
    assert status(limit, value(99, "2025", since="2021-01-01")) == "met"


def test_nothing_in_five_years_is_not_met_and_no_gap():
    assessed = result(SUM, value(0, "2025", since="2021-01-01"))
    assert (assessed.status, assessed.value.value, assessed.gap) == ("not_met", 0, 100)


@pytest.mark.parametrize(
    ("on", "expected"), [("2025-06-30", "under_way"), ("2025-12-31", "reached"), ("2026-01-01", "met")]
)
def test_a_total_is_under_way_then_reached_then_met(on, expected):
    rows = value(70, "2024", since="2021-01-01"), year(30, 2025)
    assert status(SUM, *rows, on=on) == expected


def test_two_counts_that_decide_differently_disagree():
    whole = {"since": "2021-01-01"}
    rows = value(99, "2025", **whole), value(101, "2025", origin="institute", **whole)
    assert status(SUM, *rows) == "not_known: sources_disagree"


def test_disputed_parts_are_taken_at_their_extremes():
    # 2021-2023 is 50 or 60, 2024-2025 is 50 or 40 in the order of entry: from 90 to 110.
    first, then = {"since": "2021-01-01"}, {"since": "2024-01-01"}
    rows = [
        value(50, "2023", **first),
        value(60, "2023", **first),
        value(50, "2025", **then),
        value(40, "2025", **then),
    ]
    assert status(SUM, *rows) == "not_known: sources_disagree"
    assert status(promise("total", "≥", 90), *rows) == "met"


def test_one_count_below_about_15_and_one_above_it_disagree_although_both_miss_it():
    case = promise("total", "≈", 15, tolerance=1.5)
    rows = [value(x, "2025", since="2021-01-01", origin=str(x)) for x in (10, 20)]
    assert status(case, *rows) == "not_known: sources_disagree"
    rows = [value(x, "2025", since="2021-01-01", origin=str(x)) for x in (9, 10)]
    assert status(case, *rows) == "not_met"


@pytest.mark.parametrize(
    ("bounds", "shown"),
    [
        (("exact", "exact"), "exact"),
        (("exact", "about"), "about"),
        (("exact", "at_least"), "at_least"),
        (("more_than", "at_least"), "more_than"),
        (("exact", "at_most"), "at_most"),
        (("less_than", "at_most"), "less_than"),
    ],
)
def test_a_sum_carries_the_bound_that_holds_of_it(bounds, shown):
    first, second = bounds
    rows = value(20, "2023", first, since="2021-01-01"), value(20, "2025", second, since="2024-01-01")
    assert result(SUM, *rows).value.bound == shown


def test_less_than_ten_in_a_part_with_gaps_is_nothing_for_certain():
    assessed = result(SUM, year(10, 2021, "less_than"), year(50, 2023))
    assert (assessed.value.value, assessed.value.bound) == (50, "at_least")


def test_only_a_near_part_that_is_summed_is_said():
    own, near = year(50, 2021), year(50, 2021, fits="near")
    assert "near_measure" not in result(SUM, own, near, value(60, "2025", since="2022-01-01")).flags
    assert "near_measure" in result(SUM, near, value(60, "2025", since="2022-01-01")).flags


def test_a_total_reached_before_the_plan_came_out_was_kept_before_it_was_promised():
    early = value(100, "2021-06-30", since="2021-01-01")
    rest = value(1, "2025", since="2021-07-01")
    assert "kept_before_promise" in result(SUM, early, rest).flags
    assert "kept_before_promise" not in result(SUM, value(99, "2021-06-30", since="2021-01-01"), rest).flags


def test_a_total_of_thirds_is_exact():
    rows = [
        value(Fraction(100, 3), f"{y}-12-31", since=f"{s}-01-01") for s, y in ((2021, 2022), (2023, 2024), (2025, 2025))
    ]
    assert status(SUM, *rows) == "met"
