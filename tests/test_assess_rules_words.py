"""Stages, judgements and duties; every kind of not known, every flag, every status, and the day it is asked again."""

import datetime

import pytest

from tracker.standalone import assess

from .promises import (
    DEADLINE,
    REPORT,
    day,
    finding,
    judgement,
    promise,
    record,
    result,
    rung,
    search,
    status,
    value,
    year,
)

LAW = promise("milestone")
REPORTED = promise("milestone", rungs=REPORT, target_rung="submitted")
JUDGE = promise("judge")
DUTY = promise("uphold")
LAGGING = promise(lag_months=9)


@pytest.mark.parametrize(
    ("as_of", "on", "expected"),
    [
        ("2025-12-30", "2025-12-29", "not_known: nobody_looked"),
        ("2025-12-30", "2025-12-30", "reached"),
        ("2025-12-31", "2025-12-31", "reached"),
        ("2025-12-31", "2026-01-01", "met"),
        ("2026-01-01", "2026-01-01", "met_late"),
    ],
)
def test_the_day_of_the_promised_stage_decides(as_of, on, expected):
    assert status(LAW, rung("adopted", as_of), on=on) == expected


def test_a_later_stage_contains_the_promised_one():
    assert status(LAW, rung("in force", "2024-01-01")) == "met"


def test_an_earlier_stage_is_under_way_and_afterwards_not_known_unless_somebody_looked():
    drafted = rung("drafted", "2024-01-01")
    assert status(LAW, drafted, on="2025-01-01") == "under_way"
    assessed = result(LAW, drafted)
    assert (assessed.status, assessed.reason, assessed.facts["stands"]) == ("not_known", "stage_last_known", "drafted")
    assert status(LAW, drafted, search("2026-03-01")) == "not_known: nothing_found"
    assert status(LAW, drafted, search("2026-03-01", full=True)) == "not_met"


@pytest.mark.parametrize(
    "seen",
    [search("2026-01-01", full=True), rung("drafted", "2026-02-01"), finding("not_kept", "independent", "2026-02-01")],
)
def test_not_met_needs_somebody_who_looked_or_a_source_that_says_so_after_the_deadline(seen):
    assert status(LAW, seen) == "not_met"


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (search("2025-12-31", full=True), "nothing_found"),
        (search("2026-06-30"), "nothing_found"),
        (search("2026-02-01", withheld=True), "not_published_by_state"),
        (finding("not_kept", "un", "2025-12-31"), "not_decided"),
        (finding("partly", "un", "2026-02-01"), "not_decided"),
    ],
)
def test_silence_at_the_deadline_is_not_not_met(seen, expected):
    assert status(LAW, seen) == f"not_known: {expected}"


def test_a_law_repealed_before_the_deadline_is_lost_and_after_it_is_met():
    assert status(LAW, rung("adopted", "2022-01-01"), rung("repealed", "2024-01-01")) == "lost"
    assert status(LAW, rung("adopted", "2022-01-01"), rung("repealed", "2026-02-01")) == "met"


def test_a_law_repealed_and_adopted_anew_is_met_or_met_late_by_the_day_of_the_second():
    gone = rung("adopted", "2022-01-01"), rung("repealed", "2024-01-01")
    assert status(LAW, *gone, rung("adopted", "2025-01-01")) == "met"
    late = result(LAW, *gone, rung("adopted", "2026-02-01"))
    assert (late.status, late.facts["date"]) == ("met_late", day("2026-02-01"))


def test_a_law_repealed_while_the_plan_runs_is_not_lost_yet():
    gone = rung("adopted", "2022-01-01"), rung("repealed", "2024-01-01")
    assert status(LAW, *gone, on="2023-01-01") == "reached"
    assert status(LAW, *gone, on="2024-06-30") == "not_started"


def test_the_next_bill_drafted_does_not_undo_the_law():
    assert status(LAW, rung("adopted", "2022-01-01"), rung("drafted", "2024-01-01")) == "met"


def test_announcing_the_next_report_does_not_undo_the_one_submitted():
    assert status(REPORTED, rung("submitted", "2022-01-01"), rung("announced", "2024-01-01")) == "met"


def test_an_announced_report_is_under_way_and_a_cancelled_event_is_not_started():
    assert status(REPORTED, rung("announced", "2024-01-01"), on="2024-06-30") == "under_way"
    event = promise("milestone", rungs=("cancelled", "announced", "held"), target_rung="held")
    assert status(event, rung("cancelled", "2024-01-01"), on="2024-06-30") == "not_started"


def test_stages_of_one_day_are_no_way_back():
    assert status(LAW, rung("adopted", "2022-01-01"), rung("repealed", "2022-01-01")) == "met"


def test_a_stage_that_the_ladder_does_not_have_changes_nothing():
    assert status(LAW, rung("enacted", "2022-01-01")) == "not_known: not_decided"
    assert status(promise("milestone", rungs=()), rung("adopted", "2022-01-01")) == "not_known: not_decided"


@pytest.mark.parametrize(
    ("verdict", "before", "after"),
    [("done", "reached", "done"), ("in_part", "under_way", "in_part"), ("not_done", "not_started", "not_done")],
)
def test_a_judgement_is_running_until_the_deadline_is_over(verdict, before, after):
    row = judgement(verdict, "2025-06-30")
    assert status(JUDGE, row, on="2025-06-29") == "not_known: nobody_looked"
    assert status(JUDGE, row, on="2025-12-31") == before
    assert (result(JUDGE, row).status, result(JUDGE, row).basis) == (after, "judged")


def test_the_newest_judgement_stands_and_of_one_day_the_later_entry():
    assert status(JUDGE, judgement("done", "2025-06-30"), judgement("in_part", "2024-06-30")) == "done"
    assert status(JUDGE, judgement("done", "2025-06-30"), judgement("in_part", "2025-06-30")) == "in_part"


@pytest.mark.parametrize("side", ["un", "independent"])
@pytest.mark.parametrize(
    ("says", "expected"), [("not_kept", "contested"), ("partly", "contested"), ("kept", "no_breach_found")]
)
def test_a_duty_is_what_un_and_independent_bodies_found(side, says, expected):
    assessed = result(DUTY, finding(says, side, "2023-05-01"))
    assert (assessed.status, assessed.basis) == (expected, "reported")


def test_one_breach_found_outweighs_any_number_that_found_none():
    rows = [finding("kept", "un", "2022-01-01"), finding("kept", "official", "2022-02-01")]
    assessed = result(DUTY, *rows, bad := finding("not_kept", "independent", "2023-01-01"))
    assert (assessed.status, assessed.inputs) == ("contested", (bad.entry,))
    assert assessed.facts == {"un": 0, "independent": 1}


@pytest.mark.parametrize("says", ["kept", "partly"])
def test_a_duty_that_only_the_state_speaks_of_is_claimed_only(says):
    assert status(DUTY, finding(says, "official", "2023-01-01")) == "not_known: claimed_only"


@pytest.mark.parametrize("says", ["notes", "qualifies"])
def test_a_remark_without_a_verdict_decides_no_duty(says):
    assert status(DUTY, finding(says, "un", "2023-01-01")) == "not_known: not_decided"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (finding("not_kept", "un", "2020-12-31"), "not_known: not_decided"),
        (finding("not_kept", "un", "2021-01-01"), "contested"),
        (finding("not_kept", "un", "2021-01-01", starts_on=day("2015-01-01")), "contested"),
        (finding("not_kept", "un", "2025-12-31"), "contested"),
        (finding("not_kept", "un", "2026-01-01"), "not_known: not_decided"),
        (finding("not_kept", "un", "2026-06-01", starts_on=day("2024-01-01")), "contested"),
        (finding("kept", "official", "2020-06-01"), "not_known: not_decided"),
    ],
)
def test_a_finding_counts_for_a_duty_only_if_it_speaks_of_the_period(row, expected):
    assert status(DUTY, row) == expected


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-12-31", "nobody_looked"),
        ("2026-01-01", "not_published_yet"),
        ("2026-11-30", "not_published_yet"),
        ("2026-12-01", "nobody_looked"),
    ],
)
def test_a_figure_is_not_published_yet_until_lag_and_two_months_are_over(on, expected):
    # 31 December 2025 with 9 and 2 months is 30 November 2026.
    assert status(LAGGING, on=on) == f"not_known: {expected}"


def test_a_statistic_without_a_usual_lag_is_never_merely_late():
    assert status(promise(), on="2026-01-15") == "not_known: nobody_looked"


def test_a_figure_that_the_state_withholds_is_not_merely_late():
    assert status(LAGGING, search("2026-01-10", withheld=True), on="2026-02-01") == "not_known: not_published_by_state"


def test_what_the_state_claims_without_a_figure_is_claimed_only_and_what_was_looked_for_in_vain_is_said():
    assert status(promise(), finding("kept", "official", "2024-01-01")) == "not_known: claimed_only"
    assert status(promise(), search("2024-01-01")) == "not_known: nothing_found"
    assert status(promise(), search("2024-01-01"), finding("notes", "un", "2023-02-01")) == "not_known: not_decided"
    assert status(promise(), finding("kept", "un", "2024-01-01")) == "not_known: not_decided"


def test_harm_found_in_keeping_it_is_flagged_whatever_became_of_it():
    harm = finding("notes", "un", "2023-01-01", finds_harm=True)
    for case in (promise(), LAW, JUDGE, DUTY):
        assert "harm_found" in result(case, harm).flags
        assert "harm_found" not in result(case, harm, on="2022-12-31").flags


def test_one_origin_is_one_whoever_carried_it_and_two_are_two():
    rows = value(91, "2025"), value(91, "2025")
    assert "one_origin" in result(promise(), *rows).flags
    assert "one_origin" not in result(promise(), *rows, value(91, "2025", origin="institute")).flags


def test_no_confirmed_address_is_flagged_only_where_none_of_the_inputs_has_one():
    assert "no_address" in result(LAW, rung("adopted", "2022-01-01", addressed=False)).flags
    rows = value(91, "2025", addressed=False), value(92, "2025")
    assert "no_address" not in result(promise(), *rows).flags


@pytest.mark.parametrize("says", ["not_kept", "kept"])
def test_a_duty_that_rests_only_on_findings_without_an_address_says_so(says):
    assessed = result(DUTY, finding(says, "un", "2023-01-01", addressed=False))
    assert assessed.flags == ("one_origin", "no_address")
    both = finding(says, "un", "2023-01-01", addressed=False), finding(says, "independent", "2023-01-01")
    assert result(DUTY, *both).flags == ()


def test_kept_before_it_was_promised_ends_on_the_day_the_plan_came_out():
    for as_of, early in (("2021-08-31", True), ("2021-09-01", False)):
        assert ("kept_before_promise" in result(LAW, rung("adopted", as_of)).flags) is early
        rows = value(91, as_of), value(91, "2025")
        assert ("kept_before_promise" in result(promise(), *rows).flags) is early


@pytest.mark.parametrize(
    ("case", "rows", "on", "until"),
    [
        (promise(), [], "2025-12-31", "2026-01-01"),
        (promise(), [], "2026-01-01", None),
        (LAGGING, [], "2026-01-01", "2026-12-01"),
        (LAGGING, [], "2026-12-01", None),
        (LAGGING, [value(91, "2025")], "2026-01-01", None),
        # Withheld for as long as the final figure is to be expected; from then on the bound is what is known.
        (LAGGING, [value(60, "2024", "more_than"), search("2025-06-01", withheld=True)], "2026-01-01", "2026-12-01"),
        (LAW, [rung("in force", "2026-05-01")], "2026-01-01", "2026-05-01"),
        (promise(), [value(91, "2024-06-30")], "2024-01-01", "2024-06-30"),
        (promise(), [value(91, "2024-06-30", fits="other")], "2024-01-01", "2024-06-30"),  # then it is on record
        (DUTY, [finding("kept", "un", "2023-01-01")], "2026-01-01", None),
    ],
)
def test_until_is_the_next_day_on_which_the_same_entries_may_say_something_else(case, rows, on, until):
    assert result(case, *rows, on=on).until == (day(until) if until else None)


def test_every_status_is_in_a_group_and_every_result_names_the_method():
    assert set(assess.GROUPS.values()) == {
        "kept",
        "in_part",
        "not_kept",
        "contested",
        "interim",
        "direction",
        "running",
        "not_known",
    }
    assert result(promise()).method == assess.METHOD


def test_months_are_added_to_the_last_day_of_a_shorter_month():
    assert assess.add_months(datetime.date(2024, 1, 31), 1) == datetime.date(2024, 2, 29)
    assert assess.add_months(datetime.date(2025, 3, 31), -13) == datetime.date(2024, 2, 29)
    assert assess.add_months(DEADLINE, 2) == datetime.date(2026, 2, 28)


def test_asking_changes_nothing_in_what_was_asked():
    rows = record(year(80, 2020), value(91, "2025"), search("2026-01-01"))
    before = repr(rows)
    assess.assess(promise(), rows, day("2026-06-30"))
    assert repr(rows) == before
