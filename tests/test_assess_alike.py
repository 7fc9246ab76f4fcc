"""What treats the State and its critics alike: dates that are intervals, unlike periods, old figures, whose account."""

from fractions import Fraction

import pytest

from .promises import day, finding, judgement, promise, result, rung, search, status, value, year

CEILING = promise("reach", "≤", 100, nature="flow")
SCHOOL = promise("hold", "≥", 95, nature="average", period="school_year", period_ends=8)
ELECTED = promise("hold", "≥", 55, nature="stock", period="term", term_years=5)
PERIOD_REPORT = promise("milestone", rungs=("announced", "drafted", "submitted"), target_rung="submitted", lag_months=9)
YEARS = range(2021, 2026)


# Dates are intervals.


@pytest.mark.parametrize(
    ("as_of", "precision", "expected"),
    [
        ("2023-12-31", "year", "not_known: not_decided"),  # some day of 2023: in time or late
        ("2023-06-30", "month", "met"),
        ("2023-07-31", "month", "met_late"),
        ("2022-12-31", "year", "met"),
        ("2024-12-31", "year", "met_late"),
    ],
)
def test_a_stage_is_in_time_only_if_it_is_so_whenever_it_was(as_of, precision, expected):
    case = promise("milestone", deadline=day("2023-06-30"))
    assert status(case, rung("adopted", as_of, precision=precision)) == expected


def test_no_day_is_named_that_nobody_published():
    assessed = result(promise("milestone"), rung("adopted", "2023-12-31", precision="year"))
    assert (assessed.facts["date"], assessed.facts["precision"]) == (day("2023-12-31"), "year")


def test_a_stage_of_this_month_is_not_in_the_future_before_the_month_is_over():
    this_month = rung("drafted", "2026-11-30", precision="month")
    assert status(promise("milestone"), this_month, on="2026-11-29") == "not_met"
    assert status(promise("milestone"), this_month, on="2026-10-31") == "not_known: nobody_looked"


def test_a_law_of_some_day_in_the_year_the_plan_came_out_may_be_of_after_it():
    assert "kept_before_promise" not in result(promise("milestone"), rung("adopted", "2021", precision="year")).flags
    assert "kept_before_promise" in result(promise("milestone"), rung("adopted", "2020", precision="year")).flags


# Unlike periods are never compared.


def test_a_quarter_says_nothing_of_a_yearly_ceiling():
    last_quarter = value(40, "2025-12-31", since="2025-10-01")
    assert status(CEILING, last_quarter) == "not_known: bound_only"
    # With whole years on record the newest of them is the last figure: 130 > 100.
    assert status(CEILING, year(150, 2020), year(130, 2024), last_quarter) == "short"


def test_half_a_year_below_a_yearly_ceiling_has_not_reached_it():
    half = value(50, "2025-06-30", since="2025-01-01")
    assert status(CEILING, half, on="2025-07-31") == "not_known: no_baseline"
    assert status(CEILING, year(150, 2020), half, on="2025-07-31") == "not_known: bound_only"


def test_half_a_year_above_a_yearly_ceiling_is_above_it_and_above_a_floor_meets_it():
    assert status(CEILING, value(120, "2025-06-30", since="2025-01-01")) == "not_met"
    assert status(promise("reach", "≥", 100, nature="flow"), value(120, "2025-06-30", since="2025-01-01")) == "met"


def test_the_sum_of_several_years_is_another_number_than_a_year():
    assert status(CEILING, value(90, "2025", since="2021-01-01")) == "not_known: not_decided"
    assert result(CEILING, value(90, "2025", since="2021-01-01")).reason == "unlike_period"


def test_a_month_of_an_average_says_nothing_of_its_year():
    case = promise("reach", "≥", 83, nature="average")
    assert result(case, value(70, "2025-12-31", since="2025-12-01")).reason == "unlike_period"


def test_a_school_year_covers_the_calendar_year_that_ends_in_it():
    # 90 < 95 in 2021/22, which holds 31 December 2021.
    assessed = result(SCHOOL, value(90, "2022-08-31", since="2021-09-01"))
    assert (assessed.status, assessed.facts["failed"]) == ("not_held", [2021])
    rows = [value(96, f"{y + 1}-08-31", since=f"{y}-09-01") for y in YEARS]
    assert status(SCHOOL, *rows) == "held"
    # Counted without its summer it is a whole one all the same.
    assert status(SCHOOL, value(90, "2022-07-10", since="2021-09-01")) == "not_held"


def test_a_school_year_does_not_answer_a_statistic_of_calendar_years_and_that_is_said():
    calendar = promise("hold", "≥", 95, nature="average")
    assessed = result(calendar, value(90, "2022-08-31", since="2021-09-01"))
    assert (assessed.status, assessed.missing, assessed.reason) == ("not_known", "not_decided", "unlike_period")


def test_those_elected_for_five_years_hold_for_their_term():
    # Elected in March 2018 for five years: the ends of 2018 to 2022; in March 2023: those of 2023 to 2027.
    rows = value(55, "2018-03-05"), value(55, "2023-03-05")
    assessed = result(ELECTED, *rows)
    assert (assessed.status, assessed.facts["held"]) == ("held", list(YEARS))
    assert result(ELECTED, rows[0], value(54, "2023-03-05")).facts["failed"] == [2023, 2024, 2025]
    assert status(ELECTED, rows[0]) == "not_known: held_on_record"


def test_a_share_of_those_elected_in_2023_is_one_of_the_deadline_too():
    case = promise("direction", ">", period="term", term_years=5)
    assessed = result(case, value(24, "2018-03-05"), value(26, "2023-03-05"))
    assert (assessed.status, assessed.flags) == ("moved", ("one_origin",))
    assert status(promise("direction", ">"), value(24, "2018-03-05"), value(26, "2023-03-05")) == (
        "not_known: no_late_figure"
    )


# A total runs to the deadline.


def test_a_ceiling_over_the_plan_is_not_met_by_what_was_counted_to_october():
    # 95 by 31 October 2025: at least 95, and 6 more until the end of the year would pass 100.
    case = promise("total", "≤", 100)
    counted = value(95, "2025-10-31", since="2021-01-01")
    assert status(case, counted) == "not_known: bound_only"
    assert result(case, counted).reason == "part_of_total"
    assert status(case, value(95, "2025", since="2021-01-01")) == "met"
    assert status(case, value(101, "2025-10-31", since="2021-01-01")) == "not_met"


def test_about_30_over_the_plan_is_not_met_by_a_count_to_november():
    case = promise("total", "≈", 30, tolerance=3)
    assert status(case, value(30, "2025-11-30", since="2021-01-01")) == "not_known: bound_only"
    assert status(case, value(34, "2025-11-30", since="2021-01-01")) == "not_met"


# Only the plan's time decides.


def test_what_was_so_before_the_plan_is_a_baseline_and_never_the_answer():
    early = promise(base_date=day("2015"))
    assert status(early, value(95, "2018")) == "not_known: no_late_figure"
    assert status(early, value(50, "2018")) == "not_known: no_late_figure"
    assert result(early, value(70, "2015"), value(95, "2018")).flags == ()


def test_an_act_of_before_the_plan_stays_done_and_a_state_needs_a_later_record():
    adopted = promise("milestone")
    in_force = promise("milestone", target_rung="in force")
    before = rung("in force", "2019-06-30")
    assert status(adopted, rung("adopted", "2019-06-30")) == "met"
    assessed = result(in_force, before)
    assert (assessed.status, assessed.missing, assessed.reason) == ("not_known", "no_late_figure", "stage_before_plan")
    still = result(in_force, before, later := rung("in force", "2023-05-01"))
    assert (still.status, still.inputs) == ("met", (before.entry, later.entry))
    assert "kept_before_promise" in still.flags


def test_time_runs_from_the_day_of_the_baseline():
    # From 31 December 2018 to the deadline are 2557 days, to 31 December 2023 they are 1826: τ = 0.7141.
    assessed = result(promise("reach", "≥", 4), value(2, "2018"), value(3, "2023"), on="2024-06-30")
    assert assessed.pace == Fraction(1, 2) / Fraction(1826, 2557)
    assert assessed.projected == 2 + Fraction(2557, 1826)


# “About” is a floor or a ceiling where more, or less, is better.


def test_a_fall_of_around_20_percent_is_met_by_a_fall_of_30():
    case = promise("change", "≤", -20, tolerance=2, nature="average")
    # 100 × (1 − 18/100) = 82 is the least fall that counts.
    assert [status(case, year(100, 2020), year(x, 2025)) for x in (70, 80, 82, 83)] == ["met", "met", "met", "not_met"]
    assert "approximate_target" in result(case, year(100, 2020), year(70, 2025)).flags


def test_about_15_centres_are_met_by_40():
    case = promise("total", "≥", 15, tolerance="1.5")
    assessed = [status(case, value(x, "2025", since="2021-01-01")) for x in (13, 14, 40)]
    assert assessed == ["not_met", "met", "met"]


# Interim, and what it needs.


def test_nurses_of_2024_are_ahead_and_a_reading_rate_of_2024_is_short():
    assert status(promise("reach", "≥", "3.8"), value("3.34", "2020"), value("4.1", "2024")) == "ahead"
    assert status(promise("reach", "≥", 83), value("81.3", "2020"), value("82.1", "2024")) == "short"


def test_a_late_figure_that_passes_makes_what_was_short_late_and_what_was_ahead_stays_interim():
    after = value(91, "2026-06-30")
    assert status(promise(), value(88, "2024"), after) == "met_late"
    assert status(promise(), value(91, "2024"), after) == "ahead"


# Not due on the last day of the period that it reports on.


def test_a_report_on_the_period_takes_the_lag_of_its_predecessor():
    # Due nine months after 31 December 2025, on 30 September 2026.
    assert status(PERIOD_REPORT, rung("submitted", "2026-09-29")) == "met"
    assert status(PERIOD_REPORT, rung("submitted", "2026-10-01")) == "met_late"
    assert status(PERIOD_REPORT, on="2026-06-30") == "not_known: not_published_yet"
    looked = search("2026-03-01", full=True)
    assert status(PERIOD_REPORT, looked, on="2027-01-01") == "not_known: nothing_found"
    assert status(PERIOD_REPORT, search("2026-11-01", full=True), on="2027-01-01") == "not_met"


# Whose account.


@pytest.mark.parametrize("case", [promise(), promise("milestone"), promise("judge")])
@pytest.mark.parametrize("side", ["un", "independent"])
def test_where_the_state_says_kept_and_others_say_not_and_nothing_decides_accounts_differ(case, side):
    claim = finding("kept", "official", "2024-01-01")
    assessed = result(case, claim, against := finding("not_kept", side, "2024-06-30"))
    assert (assessed.missing, set(assessed.inputs)) == ("accounts_differ", {claim.entry, against.entry})
    assert status(case, claim, finding("partly", side, "2024-06-30")) == "not_known: accounts_differ"


def test_claimed_only_is_said_only_where_nobody_but_the_state_has_spoken():
    claim = finding("kept", "official", "2024-01-01")
    assert status(promise("judge"), claim) == "not_known: claimed_only"
    for says in ("notes", "qualifies", "kept"):
        assert status(promise("judge"), claim, finding(says, "un", "2024-06-30")) == "not_known: not_decided"
    # Whose it is could not be found out: somebody has spoken, and it is no independent account.
    unknown = finding("not_kept", "unknown", "2024-06-30")
    assert status(promise("judge"), claim, unknown) == "not_known: not_decided"


def test_what_is_judged_or_measured_is_not_merely_disputed():
    accounts = finding("kept", "official", "2024-01-01"), finding("not_kept", "un", "2024-06-30")
    assert status(promise("judge"), *accounts, judgement("in_part", "2025-06-30")) == "in_part"
    assert status(promise(), *accounts, value(91, "2025")) == "met"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"starts_on": day("2017-01-01"), "ends_on": day("2019-12-31")}, "not_known: not_decided"),
        ({"starts_on": day("2017-01-01"), "ends_on": day("2022-05-31")}, "contested"),
        ({}, "contested"),
    ],
)
def test_facts_that_end_before_the_plan_do_not_contest(facts, expected):
    assert status(promise("uphold"), finding("not_kept", "un", "2022-08-31", **facts)) == expected


# No statistic is another thing than none published yet.


def test_where_no_statistic_exists_none_is_waited_for():
    case = promise(has_statistic=False, lag_months=9)
    assert status(case, on="2026-02-01") == "not_known: no_statistic"
    assert status(case, search("2026-02-01")) == "not_known: no_statistic"
    assert status(case, finding("kept", "official", "2024-01-01")) == "not_known: claimed_only"
    assert status(case, search("2026-02-01", withheld=True)) == "not_known: not_published_by_state"


def test_a_figure_whose_year_nobody_states_is_flagged():
    assert "year_not_stated" in result(promise(), value(91, "2025", year_stated=False)).flags
    assert "year_not_stated" not in result(promise(), value(91, "2025")).flags
