"""Every finding of the evidence was read and decided: as a record, as context, or left out with a reason."""

import csv
import tomllib

import pytest
from django.conf import settings

SEEDS = settings.SEEDS / "hrap-2021-2025"
EVIDENCE = settings.BASE_DIR.parent / "shared" / "evidence" / "evidence.csv"
FINDINGS = 1278
RECORDS = {"value", "rung", "judgement", "search", "assessment"}


def decided():
    """The rows of the list of decisions."""
    with (SEEDS / "evidence-rows.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def keys():
    """Keys of every update and assessment in the seed files, each with what it records."""
    found = {}
    for path in (*SEEDS.glob("updates/*.toml"), *SEEDS.glob("assessments/*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        found |= {row["key"]: row["what"] for row in document.get("update", ())}
        found |= {row["key"]: "assessment" for row in document.get("assessment", ())}
    return found


def test_every_finding_is_decided():
    assert {int(row["row"]) for row in decided()} == set(range(1, FINDINGS + 1))


def test_the_plan_says_how_many_were_read_and_used():
    decisions = {}
    for row in decided():
        decisions.setdefault(row["row"], set()).add(row["decision"])
    plan = tomllib.loads((SEEDS / "plan.toml").read_text(encoding="utf-8"))["plan"][0]
    used = sum(1 for each in decisions.values() if each & RECORDS)
    assert (plan["findings_read"], plan["findings_used"]) == (len(decisions), used)


def test_a_decision_is_a_record_or_has_a_reason():
    for row in decided():
        assert row["decision"] in RECORDS | {"context", "left out"}, row
        assert row["key"] if row["decision"] in RECORDS else row["reason_or_second_reading"], row


def test_every_record_that_a_decision_names_is_in_the_seed_files():
    known = keys()
    wrong = [row for row in decided() if row["key"] and known.get(row["key"]) != row["decision"]]
    assert wrong == []


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
    with EVIDENCE.open(encoding="utf-8", newline="") as file:
        refs = [row["ref"] for row in csv.DictReader(file)]
    assert len(refs) == FINDINGS
    assert all(row["ref"] == refs[int(row["row"]) - 1] for row in decided())
