"""Real promises of the plan of 2021 to 2025, with invented figures that make each come out each way.

The figures are made up for the arithmetic; none of them is evidence about anything.
"""

import tomllib
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from tracker.standalone import assess

from .promises import day, finding, judgement, result, rung, search, status, value, year

PLAN = Path(__file__).parents[1] / "seeds" / "hrap-2021-2025"


def rows_of(path, name):
    return tomllib.loads(path.read_text(encoding="utf-8")).get(name, [])


@cache
def registry():
    metrics = {m["code"]: m for m in rows_of(PLAN / "metrics.toml", "metric")}
    files = sorted((PLAN / "commitments").glob("*.toml"))
    return {c["code"]: (c, metrics.get(c.get("metric"), {})) for path in files for c in rows_of(path, "commitment")}


@cache
def real(code):
    """A commitment of the seed files as the method sees it."""
    c, metric = registry()[code]
    plan = rows_of(PLAN / "plan.toml", "plan")[0]
    return assess.Promise(
        code=code,
        rule=c["rule"],
        deadline=c["deadline"],
        plan_starts=plan["starts_on"],
        plan_published=plan["published_on"],
        comparator=c.get("comparator", ""),
        target=Fraction(str(c["target_value"])) if "target_value" in c else None,
        tolerance=Fraction(str(c["tolerance"])) if "tolerance" in c else None,
        target_rung=c.get("target_rung", ""),
        rungs=tuple(metric.get("rungs", ())),
        base_date=c.get("base_date"),
        nature=metric.get("nature", ""),
        lag_months=metric.get("lag_months"),
        **{name: metric[name] for name in ("period", "period_ends", "term_years", "only_grows") if name in metric},
        has_statistic=not metric.get("no_statistic_because"),
    )


# code, where it stood in 2020, what is enough in 2025, what is not
REACH = [
    ("I.1.2c", "53.3", "71.7", "71.6"),
    ("I.1.4d", 83, 88, "87.9"),
    ("I.3.2d", 16, 18, 17),
    ("I.4.3a", 15, 30, 29),
    ("I.5.3a", "17.1", 20, "19.9"),
    ("I.5.4b", "3.34", "3.8", "3.79"),
    ("I.5.4c", "2.9", "3.93", "3.92"),
    ("I.5.6b", 88, 90, "89.9"),
    ("I.5.7b", 80, "90.1", 89),
    ("I.5.7c", 71, 65, "65.1"),
    ("I.5.7d", 80, 75, "75.1"),
    ("I.6.2b", "85.2", "90.1", 90),
    ("I.6.4c", "91.2", 92, "91.9"),
    ("I.6.5d", "13.8", 14, "13.9"),
    ("I.6.6b", "54.4", 60, "59.9"),
    ("I.7.4c", "81.3", 83, "82.9"),
    ("III.1.4b", 80, 90, "89.9"),
    ("III.1.4c", 20, "25.1", 25),
    ("III.1.5b", 30, "35.1", 35),
    ("III.5.1c", "50.5", 55, "54.9"),
    ("III.5.3b", 20, 48, 47),
    ("III.5.3c", 20, 50, 49),
    ("IV.2.8b", 0, 150, 149),
    ("IV.3.3g", "0.5", 1, "0.9"),
    ("IV.4.2b", 48, 55, 54),
    ("IV.4.2g", "0.5", 1, "0.99"),
    ("VI.4.4f", 0, 30, 29),
]
FAR = "2030-01-01"  # long after every lag is over


@pytest.mark.parametrize(("code", "start", "enough", "short"), REACH)
def test_a_level_is_met_not_met_lost_late_or_not_known(code, start, enough, short):
    case, base = real(code), year(start, 2020)
    assert case.rule == "reach"
    assert status(case, base, year(enough, 2025), on=FAR) == "met"
    assert status(case, base, year(short, 2025), on=FAR) == "not_met"
    assert status(case, base, year(enough, 2023), year(short, 2025), on=FAR) == ("met" if case.only_grows else "lost")
    assert status(case, base, year(short, 2025), year(enough, 2026), on=FAR) == "met_late"
    if case.period == "term":  # whoever is elected in that year is so until the deadline
        assert status(case, base, year(short, 2024), on=FAR) == "not_met"
        return
    assert status(case, base, year(short, 2024), on=FAR) == "short"
    assert status(case, base, year(enough, 2024), on=FAR) == ("met" if case.only_grows else "ahead")
    assert status(case, base, year(short, 2022), on=FAR) == "not_known: no_late_figure"
    waiting = "not_published_yet" if case.has_statistic else "no_late_figure"
    assert status(case, base, year(short, 2022), on="2026-01-15") == f"not_known: {waiting}"
    disputed = year(enough, 2025), year(short, 2025, origin="institute")
    assert status(case, base, *disputed, on=FAR) == "not_known: sources_disagree"


@pytest.mark.parametrize(
    ("code", "start", "enough", "short"), [("II.5.1a", "0.98", "1.065", 1), ("II.5.1b", "1.9", "2.6", 2)]
)
def test_an_election_round_is_met_or_not_on_the_day_it_ended(code, start, enough, short):
    case, base = real(code), year(start, 2020)
    assert (case.rule, case.deadline) == ("reach", day("2022-06-30"))
    assert status(case, base, value(enough, "2022-06-30"), on=FAR) == "met"
    assert status(case, base, value(short, "2022-06-30"), on=FAR) == "not_met"
    assert status(case, base, value(enough, "2022-06-30"), on="2022-06-30") == "reached"
    assert status(case, base, on=FAR) == "not_known: no_late_figure"
    assert status(case, base, value(enough, "2023-06-30"), on=FAR) == "met_late"


@pytest.mark.parametrize(("code", "start", "enough", "short"), REACH)
def test_a_level_runs_until_the_deadline(code, start, enough, short):
    case, base = real(code), year(start, 2020)
    assert status(case, base, year(enough, 2023), on="2024-06-30") == "reached"
    assert status(case, base, year(start, 2023), on="2024-06-30") == "far_behind"
    assert status(case, base, year(short, 2022), on="2024-06-30") in ("on_track", "behind")
    back = Fraction(str(start)) * 2 - Fraction(str(enough))
    assert status(case, base, year(back, 2023), on="2024-06-30") == "moving_away"
    assert status(case, year(short, 2023), on="2024-06-30") == "not_known: no_baseline"


# code, base year, its figure, what is enough, what is not
CHANGES = [
    ("I.2.6f", 2020, 10, 8, "8.3"),  # about 20 percent, give or take 2: from 7.8 to 8.2
    ("I.5.3b", 2015, "18.5", "14.8", "14.9"),
    ("III.1.1c", 2020, 33, "29.7", "29.8"),
    ("III.1.1d", 2020, "10.197", "9.1", "9.2"),  # more than 10 percent: below 9.1773
    ("III.1.1e", 2020, "6.102", "5.4", "5.5"),  # below 5.4918
]


@pytest.mark.parametrize(("code", "base", "start", "enough", "short"), CHANGES)
def test_a_change_is_met_or_not_on_its_own_base_year(code, base, start, enough, short):
    case, first = real(code), year(start, base)
    assert case.rule == "change"
    assert status(case, first, year(enough, 2025), on=FAR) == "met"
    assert status(case, first, year(short, 2025), on=FAR) == "not_met"
    assert status(case, first, year(enough, 2022), year(short, 2025), on=FAR) == "lost"
    assert status(case, first, year(short, 2025), year(enough, 2026), on=FAR) == "met_late"
    assert status(case, year(enough, 2025), on=FAR) == "not_known: no_baseline"
    assert status(case, first, year(start, 2024), on="2025-06-30") == "far_behind"


# code, a figure that holds, one that does not
HOLDS = [("I.1.2b", 127, 120), ("I.2.1a", "5.2", "5.6"), ("I.2.3b", 7, 6), ("IV.1.2b", 55, 54), ("IV.1.2c", 1, 0)]


@pytest.mark.parametrize(("code", "holds", "fails"), HOLDS)
def test_a_level_for_every_year_is_held_not_held_or_held_on_record(code, holds, fails):
    case = real(code)
    years = [year(holds, y) for y in range(2021, 2026)]
    assert status(case, *years, on=FAR) == "held"
    assert status(case, *years[:3], year(fails, 2024), years[4], on=FAR) == "not_held"
    assert status(case, *years[:3], on=FAR) == ("held" if case.period == "term" else "not_known: held_on_record")
    assert status(case, *years[:3], on="2024-01-01") == "on_track"
    assert status(case, *years, year(fails, 2023, origin="institute"), on=FAR) == "not_known: sources_disagree"
    assert status(case, on=FAR) == "not_known: nobody_looked"


# code, what is enough over five years, what is not
TOTALS = [
    ("I.1.4a", "31.8", "28.9"),
    ("I.5.1e", 20, 19),
    ("I.5.1f", 20, 19),
    ("I.5.1g", 16, 13),
    ("I.5.9b", 27, 26),
    ("I.7.5b", 300, 299),
    ("I.7.6d", 20, 19),
    ("I.7.6e", 30, 29),
    ("I.7.6f", 20, 19),
    ("IV.4.2c", 500, 499),
    ("IV.4.2f", 2, "1.99"),
    ("IV.5.3d", 100, 99),
    ("IV.5.5c", "2.17", "1.99"),
    ("IV.5.5d", 600000, 499999),
    ("IV.5.6c", "1.28", "1.09"),
    ("V.1.3a", 3, 2),
    ("V.2.2b", 3, 0),
]


@pytest.mark.parametrize(("code", "enough", "short"), TOTALS)
def test_an_amount_is_met_or_not_as_one_count_or_in_parts(code, enough, short):
    case = real(code)
    assert case.rule == "total"
    assert status(case, value(enough, "2025", since="2021-01-01"), on=FAR) == "met"
    assert status(case, value(short, "2025", since="2021-01-01"), on=FAR) == "not_met"
    half = Fraction(str(enough)) / 2
    parts = value(half, "2022", since="2021-01-01"), value(half, "2025", since="2023-01-01")
    assert status(case, *parts, on=FAR) == "met"
    assert status(case, parts[0], on=FAR) == "not_known: bound_only"
    assert status(case, parts[0], on="2024-01-01") == "under_way"
    waiting = "not_published_yet" if case.has_statistic else "bound_only"
    assert status(case, parts[0], on="2026-01-15") == f"not_known: {waiting}"


DIRECTIONS = [
    *("I.5.4a", "I.6.3c", "II.1.1b", "II.1.1e", "II.2.4a", "II.5.2c", "III.1.3a", "III.1.3b", "III.1.3c"),
    *("III.6.0a", "III.6.1f", "IV.1.4b", "IV.1.6e", "IV.2.1c", "IV.2.1e", "IV.2.1f", "IV.2.1g", "IV.2.8c", "IV.2.9d"),
    *("IV.2.9e", "IV.3.3b", "IV.3.3c", "V.2.3b", "V.4.2a", "V.4.2b", "VI.4.3b"),
]


@pytest.mark.parametrize("code", DIRECTIONS)
def test_a_direction_moves_stays_or_turns_and_is_never_kept(code):
    case, start = real(code), year(50, 2020)
    assert case.rule == "direction"
    up, down = ("moved", "moved_away") if case.comparator == ">" else ("moved_away", "moved")
    assert status(case, start, year(51, 2025), on=FAR) == up
    assert status(case, start, year(49, 2025), on=FAR) == down
    assert status(case, start, year(50, 2025), on=FAR) == "unchanged"
    assert status(case, start, year(0, 2025), on=FAR) == down
    assert status(case, start, year(49, 2025), year(51, 2025), on=FAR) == "not_known: sources_disagree"
    assert status(case, start, year(50, 2025, "about"), on=FAR) == "not_known: bound_only"
    assert status(case, year(51, 2025), on=FAR) == "not_known: no_baseline"
    assert result(case, start, year(51, 2025), on=FAR).group == "direction"


MILESTONES = [
    *("I.0.0a", "I.1.4b", "I.1.4c", "I.2.4d", "I.2.6a", "I.2.6b", "I.3.1b", "I.4.2e", "I.6.1b", "II.1.2a", "II.3.2d"),
    *("II.5.1c", "II.7.4a", "IV.2.2b", "VI.1.1a", "VI.1.2a", "VI.1.3a", "VI.1.5a", "VI.2.1b"),
]


@pytest.mark.parametrize("code", MILESTONES)
def test_a_stage_is_met_late_not_met_or_not_known(code):
    case = real(code)
    assert case.rule == "milestone"
    goal = case.target_rung
    before = case.rungs[case.rungs.index(goal) - 1]
    assert status(case, rung(goal, "2023-05-01"), on=FAR) == "met"
    assert status(case, rung(goal, "2025-12-31"), on="2025-12-31") == "reached"
    assert status(case, rung(goal, "2026-01-01"), on=FAR) == "met_late"
    assert status(case, rung(before, "2024-05-01"), on=FAR) == "not_known: not_decided"
    assert status(case, rung(before, "2024-05-01"), on="2025-01-01") == "under_way"
    assert status(case, rung(before, "2024-05-01"), search("2026-03-01"), on=FAR) == "not_known: nothing_found"
    assert status(case, rung(before, "2024-05-01"), search("2026-03-01", full=True), on=FAR) == "not_met"
    assert status(case, rung(before, "2026-03-01"), on=FAR) == "not_met"
    assert status(case, search("2025-03-01"), on=FAR) == "not_known: nothing_found"
    assert status(case, on=FAR) == "not_known: nobody_looked"
    assert "kept_before_promise" in result(case, rung(goal, "2021-03-01"), on=FAR).flags


@pytest.mark.parametrize("code", [c for c in MILESTONES if c[:4] != "VI.1"])
def test_a_stage_undone_before_the_deadline_is_lost(code):
    case = real(code)
    rows = rung(case.target_rung, "2022-05-01"), rung(case.rungs[0], "2024-05-01")
    assert status(case, *rows, on=FAR) == "lost"


@pytest.mark.parametrize("code", ["VI.1.1a", "VI.1.2a", "VI.1.3a", "VI.1.5a"])
def test_announcing_the_next_report_undoes_none(code):
    case = real(code)
    assert status(case, rung(case.target_rung, "2022-05-01"), rung("announced", "2024-05-01"), on=FAR) == "met"


@pytest.mark.parametrize("code", ["I.1.1a", "I.1.1b", "I.1.1c", "I.1.6b", "I.2.6e", "I.5.5d", "I.5.8d", "II.1.1a"])
def test_a_judgement_stands_as_it_was_given(code):
    case = real(code)
    assert case.rule == "judge"
    for verdict, running in (("done", "reached"), ("in_part", "under_way"), ("not_done", "not_started")):
        row = judgement(verdict, "2024-06-30")
        assert status(case, row, on=FAR) == verdict
        assert status(case, row, on=case.deadline) == running
    assert status(case, search("2026-02-01"), on=FAR) == "not_known: nothing_found"
    assert status(case, finding("kept", "official", "2024-01-01"), on=FAR) == "not_known: claimed_only"


def test_safety_of_rural_houses_has_its_own_deadline_three_years_after_the_plan_came_out():
    case = real("I.1.6b")
    assert case.deadline == day("2024-09-30")
    assert status(case, judgement("done", "2024-06-30"), on="2024-10-01") == "done"


@pytest.mark.parametrize(
    "code", ["I.6.0a", "II.1.0a", "II.2.0a", "II.4.0a", "II.5.0a", "II.6.0a", "II.7.0a", "II.8.0a", "IV.2.10a"]
)
def test_a_duty_is_what_others_found_and_never_our_verdict(code):
    case = real(code)
    assert case.rule == "uphold"
    claim = finding("kept", "official", "2024-01-01")
    assert status(case, claim, finding("not_kept", "un", "2023-02-01"), on=FAR) == "contested"
    assert status(case, claim, finding("kept", "independent", "2023-02-01"), on=FAR) == "no_breach_found"
    assert status(case, claim, on=FAR) == "not_known: claimed_only"
    assert status(case, judgement("not_done", "2024-01-01"), on=FAR) == "not_known: not_decided"
    assert status(case, search("2026-01-01", withheld=True), on=FAR) == "not_known: not_published_by_state"


def test_a_promise_with_nothing_recorded_was_not_researched_or_has_no_statistic():
    assert len(registry()) >= 400
    for code in registry():
        case = real(code)
        assert status(case, on=FAR) == f"not_known: {'nobody_looked' if case.has_statistic else 'no_statistic'}", code


def test_every_measured_promise_of_the_plan_has_what_the_method_needs():
    for code in registry():
        case = real(code)
        if case.rule == "milestone":
            assert case.rungs.index(case.target_rung) > 0, code
        if case.rule in ("reach", "hold", "change", "total", "direction"):
            assert case.comparator, code
            assert case.nature, code
        if case.rule == "total":
            assert case.nature == "flow", code
