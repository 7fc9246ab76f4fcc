"""Every finding of the evidence was read and decided: as a record, as context, or left out with a reason."""

import csv
import re
import tomllib
from collections import Counter

import pytest
from django.conf import settings

SEEDS = settings.SEEDS / "hrap-2021-2025"
EVIDENCE = settings.BASE_DIR.parent / "shared" / "evidence"
FINDINGS = 1278
SECOND_FINDINGS, SECOND_SEARCHES = 831, 302
RECORDS = {"value", "rung", "judgement", "search", "assessment"}
NO_RECORDS = {"context", "left out", "search found what is on record"}


def rows_of(path):
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_in(folder):
    """The rows of a folder of seed files."""
    files = sorted((SEEDS / folder).glob("*.toml"))
    return [row for path in files for row in tomllib.loads(path.read_text(encoding="utf-8"))[folder.removesuffix("s")]]


def first_round():
    """The list of decisions on the first round's findings."""
    return rows_of(SEEDS / "evidence-rows.csv")


def second_round():
    """The list of decisions on the second round's findings and, numbered s1 and on, its searches."""
    return rows_of(SEEDS / "evidence-rows-2.csv")


def third_reading():
    """What was read when the promises were read against the text once more: lists by part of the plan."""
    return [row for path in sorted(SEEDS.glob("evidence-rows-3*.csv")) for row in rows_of(path)]


def decided():
    """The rows of all lists of decisions."""
    return [*first_round(), *second_round(), *third_reading()]


def keys():
    """Keys of every update and assessment in the seed files, each with what it records."""
    kinds = {}
    for path in (*SEEDS.glob("updates/*.toml"), *SEEDS.glob("assessments/*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        kinds |= {row["key"]: row["what"] for row in document.get("update", ())}
        kinds |= {row["key"]: "assessment" for row in document.get("assessment", ())}
    return kinds


def test_every_finding_is_decided():
    assert {int(row["row"]) for row in first_round()} == set(range(1, FINDINGS + 1))


def test_every_finding_and_search_of_the_second_round_is_decided():
    findings = {str(number) for number in range(1, SECOND_FINDINGS + 1)}
    searches = {f"s{number}" for number in range(1, SECOND_SEARCHES + 1)}
    assert {row["row"] for row in second_round()} == findings | searches


def test_the_plan_says_how_many_were_read_and_used():
    decisions = {}
    for number, rows in enumerate((first_round(), second_round())):
        for row in rows:
            if row["row"].isdigit():  # a search in vain is no finding
                decisions.setdefault((number, row["row"]), set()).add(row["decision"])
    plan = tomllib.loads((SEEDS / "plan.toml").read_text(encoding="utf-8"))["plan"][0]
    used = sum(1 for each in decisions.values() if each & RECORDS)
    assert (plan["findings_read"], plan["findings_used"]) == (len(decisions), used)


def test_a_decision_is_a_record_or_has_a_reason():
    for row in decided():
        assert row["decision"] in RECORDS | NO_RECORDS, row
        assert row["key"] if row["decision"] in RECORDS else row["reason_or_second_reading"], row


def test_every_record_that_a_decision_names_is_in_the_seed_files():
    known = keys()
    wrong = [row for row in decided() if row["decision"] in RECORDS and known.get(row["key"]) != row["decision"]]
    assert wrong == []


def test_what_a_decision_points_at_is_in_the_seed_files():
    known = keys()
    assert [row for row in decided() if row["key"] and row["key"] not in known] == []


def test_nothing_was_recorded_without_a_finding_but_searches_in_vain():
    named = {row["key"] for row in decided()}
    assert {what for key, what in keys().items() if key not in named} <= {"search"}


def test_what_decides_by_judgement_was_read_a_second_time():
    for path in SEEDS.glob("updates/*.toml"):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["update"]:
            if row["what"] == "judgement":
                assert row["reread"] in ("confirmed", "corrected"), row["key"]


def test_what_did_not_come_back_decides_nothing():
    for path in SEEDS.glob("updates/*.toml"):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["update"]:
            if row.get("reread") == "not found again":
                assert row["what"] == "value", row["key"]
                assert row["fits"] == "other", row["key"]


def test_the_list_is_that_of_the_evidence_at_hand():
    if not EVIDENCE.exists():
        pytest.skip("the evidence itself is not part of this repository")
    refs = [row["ref"] for row in rows_of(EVIDENCE / "evidence.csv")]
    assert len(refs) == FINDINGS
    assert all(row["ref"] == refs[int(row["row"]) - 1] for row in first_round())


def test_the_second_list_is_that_of_the_evidence_at_hand():
    folder = EVIDENCE / "round-2"
    if not folder.exists():
        pytest.skip("the evidence itself is not part of this repository")
    findings = [row["code"] for row in rows_of(folder / "findings.csv")]
    searches = [row["code"] for row in rows_of(folder / "searches.csv")]
    assert (len(findings), len(searches)) == (SECOND_FINDINGS, SECOND_SEARCHES)
    for row in second_round():
        codes = searches if row["row"].startswith("s") else findings
        assert row["code"] == codes[int(row["row"].lstrip("s")) - 1], row


def test_what_decides_in_the_second_round_was_read_a_second_time():
    second = {row["key"] for row in second_round()}
    for path in SEEDS.glob("updates/*.toml"):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["update"]:
            if row["key"] in second and row["what"] != "search":
                assert row["reread"] in ("confirmed", "corrected"), row["key"]


def test_every_search_says_how_far_it_went():
    for path in SEEDS.glob("updates/*.toml"):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["update"]:
            if row["what"] == "search":
                assert {"reach", "places", "words", "languages"} <= row.keys(), row["key"]


def test_a_figure_whose_year_nobody_stated_carries_the_flag_wherever_its_caveat_says_so():
    said = re.compile(
        r"year is (not stated|inferred|taken from)|not (say|state) (the|which) year|speaks of is not stated"
    )
    told = [row for row in rows_in("updates") if row["what"] == "value" and said.search(row.get("caveat", ""))]
    assert len(told) >= 7
    assert [row["key"] for row in told if not row.get("year_not_stated")] == []


def test_no_page_is_entered_twice_and_none_is_cited_twice_by_one_record():
    addresses = Counter()
    for row in tomllib.loads((SEEDS / "sources.toml").read_text(encoding="utf-8"))["source"]:
        if "address" in row:
            addresses[row["address"].partition("://")[2].removeprefix("www.").rstrip("/")] += 1
    assert [address for address, times in addresses.items() if times > 1] == []
    for row in (*rows_in("updates"), *rows_in("assessments")):
        cited = [(each["source"], each.get("locator")) for each in row.get("evidence", ())]
        assert len(cited) == len(set(cited)), row["key"]


def test_what_readers_see_does_not_speak_of_the_lists_that_it_was_made_from():
    inside = re.compile(
        r"\.(toml|csv)\b|evidence file|\b(the|this) rows?\b|a row (that was )?first"
        r"|second reader of the round|Proposed under"
    )
    for row in (*rows_in("updates"), *rows_in("assessments")):
        assert not inside.search(f"{row['summary']} {row.get('caveat', '')}"), row["key"]
