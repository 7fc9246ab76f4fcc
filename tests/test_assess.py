"""Worked cases of the method, each with its arithmetic written out: what became of a promise, and by which sum."""

from fractions import Fraction

from .promises import DEADLINE, LAW, REPORT, day, finding, promise, result, rung, search, status, value, year

UNEMPLOYMENT = promise("hold", "<", 5.5, nature="average", lag_months=2)
MORTALITY = promise("change", "≤", -20, nature="average", base_date=day("2015"), lag_months=12)
CENTRES = promise("total", "≈", 15, tolerance=1.5, lag_months=6)
REPORTS = promise("milestone", rungs=REPORT, target_rung="submitted")


def test_unemployment_of_5_6_in_2022_breaks_a_promise_to_stay_below_5_5_every_year():
    # 5.1 < 5.5, 5.6 ≥ 5.5, 5.2 < 5.5, 5.1 < 5.5, 5.2 < 5.5: held in 4 of 5 years.
    figures = [year(x, y) for x, y in ((5.6, 2020), (5.1, 2021), (5.6, 2022), (5.2, 2023), (5.1, 2024), (5.2, 2025))]
    assessed = result(UNEMPLOYMENT, *figures)
    assert (assessed.status, assessed.group, assessed.basis) == ("not_held", "not_kept", "computed")
    assert assessed.facts["failed"] == [2022]
    assert assessed.facts["held"] == [2021, 2023, 2024, 2025]
    assert len(assessed.facts["years"]) == 5


def test_the_end_value_alone_would_have_met_it_which_is_the_other_reading():
    # Read as a level to be reached by the deadline: 5.2 < 5.5.
    end_only = promise("reach", "<", 5.5, nature="average")
    assert status(end_only, year(5.6, 2022), year(5.2, 2025)) == "met"


def test_unemployment_of_exactly_5_5_is_not_below_5_5():
    assert status(UNEMPLOYMENT, year(5.5, 2023)) == "not_held"


def test_premature_mortality_of_15_0_in_2023_is_95_percent_of_the_way_and_the_final_figure_is_missing():
    # Target 18.5 × (1 − 20/100) = 14.8. Distance (15.0 − 18.5) ÷ (14.8 − 18.5) = −3.5 ÷ −3.7 = 0.9459.
    assessed = result(MORTALITY, year(18.5, 2015), year(16.5, 2019), year(15, 2023), on="2026-06-30")
    assert (assessed.status, assessed.missing) == ("not_known", "not_published_yet")
    assert assessed.reason == "no_late_figure"
    assert assessed.target_level == Fraction("14.8")
    assert assessed.distance == Fraction(35, 37)
    assert round(assessed.distance, 2) == Fraction("0.95")
    assert assessed.gap == Fraction("-0.2")


def test_pace_is_the_distance_by_the_share_of_time_gone_at_the_day_of_the_value():
    # From 31 December 2015 to the deadline are 3653 days; to 31 December 2023 they are 2922. τ = 2922 ÷ 3653 = 0.7999.
    assessed = result(MORTALITY, year(18.5, 2015), year(15, 2023), on="2024-06-30")
    assert assessed.pace == Fraction(35, 37) / Fraction(2922, 3653)
    # The same pace gives 18.5 − 3.5 ÷ 0.7999 = 14.12 at the deadline.
    assert round(assessed.projected, 2) == Fraction("14.12")
    assert assessed.status == "on_track"


def test_premature_mortality_of_14_8_in_2025_is_exactly_a_fall_of_20_percent():
    # (14.8 ÷ 18.5 − 1) × 100 = −20 ≤ −20; 14.81 gives −19.95 > −20.
    assert status(MORTALITY, year(18.5, 2015), year(14.8, 2025)) == "met"
    assert status(MORTALITY, year(18.5, 2015), year(14.81, 2025)) == "not_met"


def test_about_15_centres_are_14_or_16_and_not_13():
    # 15 ± 1.5 is from 13.5 to 16.5.
    for built, expected in ((13, "not_met"), (14, "met"), (15, "met"), (16, "met"), (17, "not_met")):
        assessed = result(CENTRES, value(built, "2025", since="2021-01-01"))
        assert assessed.status == expected, built
        assert "approximate_target" in assessed.flags


def test_both_ends_of_about_15_belong_to_it():
    for built in ("13.5", "16.5"):
        assert status(CENTRES, value(built, "2025", since="2021-01-01")) == "met"


def test_an_average_of_another_population_changes_nothing():
    schooling = promise("reach", "≥", 14, nature="average")
    alone = [year(13.3, 2019), year(13.9, 2025)]
    beside = [year(15.1, 2025, fits="other"), year(14.6, 2025, scope="urban")]
    assert status(schooling, *alone) == status(schooling, *alone, *beside) == "not_met"
    assert result(schooling, *alone, *beside).inputs == result(schooling, *alone).inputs


def test_a_law_adopted_four_days_before_the_deadline_is_met_although_it_comes_into_force_later():
    rows = [rung("adopted", "2025-12-27"), rung("in force", "2026-05-01")]
    for on in ("2025-12-27", "2026-01-01", "2027-01-01"):
        assessed = result(promise("milestone"), *rows, on=on)
        assert assessed.status == ("reached" if day(on) <= DEADLINE else "met")
        assert assessed.facts["date"] == day("2025-12-27")
        assert "kept_before_promise" not in assessed.flags


def test_a_law_to_be_in_force_is_late_when_it_is_adopted_in_time_and_in_force_afterwards():
    rows = [rung("adopted", "2025-12-27"), rung("in force", "2026-05-01")]
    assert status(promise("milestone", target_rung="in force"), *rows) == "met_late"


def test_a_legal_aid_law_of_20_august_2021_is_met_and_was_kept_before_it_was_promised():
    # The plan came out in September 2021.
    assessed = result(promise("milestone"), rung("adopted", "2021-08-20"), rung("in force", "2022-01-01"))
    assert assessed.status == "met"
    assert "kept_before_promise" in assessed.flags


def test_90_percent_managed_when_95_1_percent_were_is_met_at_the_baseline():
    # 95.1 ≥ 90 at the end of 2020: no way was to be gone, so there is no distance and no pace.
    assessed = result(promise(), value(95.1, "2020"), value(96, "2025"))
    assert assessed.status == "met"
    assert assessed.flags == ("met_at_baseline", "one_origin")
    assert assessed.distance is assessed.pace is assessed.projected is None
    assert assessed.gap == -6


def test_90_percent_managed_with_95_1_in_2020_and_nothing_since_is_not_known():
    # 95.1 ≥ 90 on the day before the plan began: a baseline says nothing of how it ended.
    assessed = result(promise(), value(95.1, "2020"))
    assert (assessed.status, assessed.missing) == ("not_known", "no_late_figure")
    assert assessed.flags == ("met_at_baseline",)


def test_silence_about_a_treaty_report_is_that_nobody_has_looked():
    assert status(REPORTS) == "not_known: nobody_looked"


def test_a_full_search_after_the_deadline_makes_silence_about_a_treaty_report_not_met():
    assert status(REPORTS, search("2026-02-01", full=True)) == "not_met"
    assert status(REPORTS, search("2025-06-01", full=True)) == "not_known: nothing_found"
    assert status(REPORTS, search("2026-02-01", full=True), on="2026-01-31") == "not_known: nobody_looked"


def test_a_limited_search_leaves_silence_about_a_treaty_report_not_known():
    assert status(REPORTS, search("2026-02-01")) == "not_known: nothing_found"


def test_more_than_60_is_everything_above_60():
    # (60, ∞) lies above 60 and above 59, and is undecided about 61.
    more = value(60, "2025", "more_than")
    assert status(promise("reach", "≥", 60), more) == "met"
    assert status(promise("reach", ">", 60), more) == "met"
    assert status(promise("reach", "≥", 61), more) == "not_known: bound_only"
    assert status(promise("reach", "≤", 60), more) == "not_met"
    assert status(promise("reach", "<", 61), more) == "not_known: bound_only"


def test_distance_is_one_formula_for_both_directions():
    # Up: (88 − 80) ÷ (90 − 80) = 0.8. Down: (67 − 75) ÷ (65 − 75) = −8 ÷ −10 = 0.8.
    up = result(promise("reach", "≥", 90), value(80, "2020"), value(88, "2025"))
    down = result(promise("reach", "≤", 65), value(75, "2020"), value(67, "2025"))
    assert up.distance == down.distance == Fraction(8, 10)
    assert (up.gap, down.gap) == (2, -2)
    assert up.status == down.status == "not_met"


def test_distance_is_not_clipped_below_nothing_or_above_the_whole():
    # (78 − 80) ÷ (90 − 80) = −0.2; (95 − 80) ÷ (90 − 80) = 1.5.
    assert result(promise(), value(80, "2020"), value(78, "2025")).distance == Fraction(-2, 10)
    assert result(promise(), value(80, "2020"), value(95, "2025")).distance == Fraction(15, 10)


def test_the_cut_offs_of_pace_are_0_95_and_0_60_and_0():
    # 1826 days from 31 December 2020 to the deadline; after 913 of them, on 2 July 2023, τ is exactly one half.
    # From 0 towards 100: 47.5 ÷ 100 ÷ 0.5 = 0.95; 30 ÷ 100 ÷ 0.5 = 0.60; 0 is no pace at all, and below it moves away.
    case = promise("reach", "≥", 100)
    for x, expected in (
        (100, "reached"),
        ("47.5", "on_track"),
        ("47.4", "behind"),
        (30, "behind"),
        ("29.9", "far_behind"),
        (0, "far_behind"),
        ("-0.1", "moving_away"),
    ):
        assessed = result(case, value(0, "2020"), value(x, "2023-07-02"), on="2024-01-01")
        assert assessed.status == expected, x
        assert assessed.pace == Fraction(str(x)) / 50


def test_there_is_no_pace_while_less_than_a_fifth_of_the_time_is_gone():
    # 0.2 × 1826 = 365.2 days: 31 December 2021 (365 days) is too early, 1 January 2022 (366) is not.
    start = value(80, "2020")
    early = result(promise(), start, value(82, "2021-12-31"), on="2022-02-01")
    assert (early.status, early.pace) == ("under_way", None)
    # (82 − 80) ÷ (90 − 80) = 0.2; τ = 366/1826; p = 0.9978.
    later = result(promise(), start, value(82, "2022-01-01"), on="2022-02-01")
    assert (later.status, later.pace) == ("on_track", Fraction(2, 10) / Fraction(366, 1826))


def test_a_total_is_the_sum_of_its_years():
    # 0.44 + 0.47 + 0.46 + 0.40 + 0.35 = 2.12 ≥ 2.
    parts = [year(x, y) for x, y in ((0.44, 2021), (0.47, 2022), (0.46, 2023), (0.40, 2024), (0.35, 2025))]
    assessed = result(promise("total", "≥", 2), *parts)
    assert (assessed.status, assessed.value.value, assessed.value.bound) == ("met", Fraction("2.12"), "exact")
    assert assessed.value.starts_on == day("2021-01-01")


def test_a_total_with_a_gap_is_a_lower_bound():
    # 0.44 + 0.46 + 0.40 + 0.35 = 1.65 without 2022: too little to say; 0.9 in place of 0.44 makes 2.11 ≥ 2.
    rest = [year(0.46, 2023), year(0.40, 2024), year(0.35, 2025)]
    assessed = result(promise("total", "≥", 2), year(0.44, 2021), *rest)
    assert (assessed.status, assessed.reason, assessed.facts["complete"]) == ("not_known", "part_of_total", False)
    assert (assessed.value.value, assessed.value.bound) == (Fraction("1.65"), "at_least")
    assert status(promise("total", "≥", 2), year(0.9, 2021), *rest) == "met"


def test_nine_months_of_the_last_year_do_not_complete_a_total():
    # 1.9 by 30 September or 30 November 2025 says nothing about 2 by the end of the year; 1.9 by its last day does.
    case = promise("total", "≥", 2)
    for until, expected in (("2025-09-30", "bound_only"), ("2025-11-30", "bound_only"), ("2025-12-31", "")):
        assessed = result(case, value(1.9, until, since="2021-01-01"))
        assert (assessed.status, assessed.missing) == ("not_known" if expected else "not_met", expected)


def test_an_activity_raises_no_number():
    rows = [value(80, "2020"), value(88, "2025")]
    busy = [finding("kept", "official", "2025-11-30"), finding("notes", "un", "2025-10-01"), search("2026-02-01")]
    assert status(promise(), *rows, *busy) == status(promise(), *rows) == "not_met"


def test_the_ladder_of_a_law_begins_with_the_way_back():
    assert LAW[0] == "repealed"
    rows = [rung("adopted", "2022-03-01"), rung("repealed", "2024-05-01")]
    assert status(promise("milestone"), *rows) == "lost"
