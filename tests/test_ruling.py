"""The ruling on a promise: sentences made of the facts, for every result, in which no number is new; and citations."""

import json
import re
from types import SimpleNamespace

import pytest

from tracker.explain.reasons import REASONS
from tracker.explain.ruling import in_words, ruling, ruling_of
from tracker.exports.cite import tex
from tracker.snapshot.cache import read_snapshot
from tracker.standalone import assess
from tracker.wording import meanings
from tracker.wording.labels import FLAGS, LABELS, MISSING, STATUSES

from .promises import day, value
from .reading import page_of, words_of

FACTS = {"rung": "adopted", "stands": "drafted", "date": day("2024-05-06"), "held": [2021], "failed": [2022]}
FACTS |= {"years": [2021, 2022, 2023], "complete": False, "un": 2, "independent": 1}
WORDED = ("met_total", "under_way", "held", "not_held", "held_on_record", "contested")


def commitment(**more):
    fields = {"quote": "coverage of 90 percent", "rule": "reach", "unit": "percent", "missing": "", "flags": ()}
    fields |= {"comparator": "≥", "target_value": 90, "deadline": day("2025"), "deadline_basis": "period_end"}
    says = {"official_says": "kept", "un_says": "not_kept", "independent_says": "", "group": "kept"}
    return SimpleNamespace(**(fields | says | more))


def of(assessed, **more):
    c = commitment(missing=assessed.missing, group=assessed.group, flags=assessed.flags, **more)
    return ruling(c, assessed, "Plan of Vellmark (2021-2025)", {7: "Office of Numbers"})


CASES = [(status, "", reason) for status in STATUSES if status != "not_known" for reason in (*REASONS, *WORDED)]
CASES += [("not_known", kind, kind) for kind in MISSING]


@pytest.mark.parametrize("flags", [(), tuple(FLAGS)], ids=["plain", "flagged"])
def test_every_result_and_kind_of_not_known_reads_as_sentences_without_a_number_of_its_own(flags):
    for status, missing, reason in CASES:
        fields = {"value": value(91, "2024", entry=7), "baseline": value(80, "2020", entry=6), "facts": FACTS}
        shown = assess.Assessed(status, "computed", missing, flags, (6, 7), reason, **fields)
        text = in_words(of(shown))
        assert re.fullmatch(r"([A-Z“].*?[.:] ?)+", text), text
        assert "%(" not in text
        numbers = set(re.findall(r"\d+", text))
        # of the title, quote, target and deadline; of figures, stages and years; how many of each
        known = {"2021", "2025", "90", "31", "91", "2024", "80", "2020", "6", "2022", "2023", "1", "2", "3"}
        assert numbers <= known, (text, numbers - known)
        if not missing:
            assert "Office of Numbers" in text or reason in ("contested",) or status == "not_known", text


def test_it_says_what_was_promised_whose_figure_decides_what_others_say_and_what_is_missing():
    flags = ("year_not_stated", "no_address", "kept_before_promise")
    shown = assess.Assessed("met", "computed", "", flags, (7,), "met", value=value(91, "2024", entry=7))
    assert in_words(of(shown)) == (
        "Promised in the Plan of Vellmark (2021-2025), by 31 December 2025: "
        "“coverage of 90 percent” (at least 90 percent). "
        "The last value at or before the deadline, 91 percent (31 December 2024; Office of Numbers), meets the target. "
        "The State says that it was kept; UN bodies say that it was not kept. Nothing is on record from others. "
        "It had been reached before the plan was published. "
        "Missing: a source that states the year of a deciding figure and a confirmed web address of what decides."
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_no_ruling_on_a_real_promise_says_two_things_of_one_side(china):
    """What decides does not repeat what a side says, which could differ from it; and nobody is silent who spoke."""
    snapshot = read_snapshot()
    plan = snapshot.default_plan
    for c in plan.rows:
        sentences = ruling_of(snapshot, plan, c.code)
        ours = f"{sentences['decided'].removesuffix(reading_of(plan, c.code))} {sentences['missing']}".casefold()
        others = sentences["others"].casefold()
        said = [f"{who} say{s} " for who, s in (("the state", "s"), ("un bodies", ""), ("others", ""))]
        assert not [each for each in said if each in ours or others.count(each) > 1], c.code
        assert not ("nobody" in ours and others.count(" say") > 1), c.code
        silent = others.partition("nothing is on record from ")[2]
        assert not [each for each in said if each in others and each.split(" say")[0] in silent], c.code
        if c.missing == "claimed_only":
            rest = others.partition("; ")[2]
            assert not rest or rest.startswith("of another time, "), c.code
        if c.missing == "accounts_differ":
            assert others.count(" say") > 1, c.code


def reading_of(plan, code):
    """What staff wrote of the evidence of a promise, which may tell what the State says."""
    judged = [u.summary for u in plan.updates[code] if u.what == "judgement"]
    return judged[-1] if judged else ""


def test_each_word_of_a_result_has_one_meaning_that_is_no_repetition():
    for name in ("group", "status", "missing", "flag"):
        assert set(meanings.RESULTS[name]) == set(LABELS[name])
        for code, words in LABELS[name].items():
            meaning = str(meanings.meaning_of(code, name))
            assert re.fullmatch(r"[A-Z].*\.", meaning), code
            assert meaning.rstrip(".").casefold() != str(words).casefold()
    assert all(meanings.meaning_of(code, "says") for code in LABELS["says"])


@pytest.mark.django_db
def test_the_page_gives_verdict_reason_picture_promise_accounts_and_record_in_this_order(client, vellmark_progress):
    page = page_of(client, "/vellmark-2030/commitments/I.1.1a/")
    order = [
        'class="badge',
        'class="ruling"',
        'id="picture"',
        'id="promise"',
        'id="test"',
        'id="found"',
        'id="findings"',
    ]
    order += ['id="why"', 'id="history"', 'id="metric"', 'id="facts"', 'id="cite"']
    places = [page.index(each) for each in order]
    assert places == sorted(places)
    assert page.count('class="badge') == 1
    assert words_of(page).count("31 December 2030, end of the plan's period") == 1
    baseline = re.search(r'<tr id="entry-\d+" class="[^"]* start".*?</tr>', page, re.S)[0]
    assert "baseline: change is counted from it" in words_of(baseline)
    assert "decides" not in words_of(baseline)


@pytest.mark.django_db
def test_a_citation_carries_verdict_day_entry_and_address_in_each_form(client, vellmark_progress):
    path = "/vellmark-2030/commitments/I.1.1a/"
    snapshot = read_snapshot()
    address, entry = f"http://127.0.0.1:8000{path}", f"{snapshot.known:,}"
    bib, ris = (client.get(f"{path}cite.{form}").content.decode() for form in ("bib", "ris"))
    (item,) = json.loads(client.get(f"{path}cite.json").content)
    fields = dict(re.findall(r"^  (\w+) = \{(.*)\},?$", bib, re.M))
    assert re.match(r"@misc\{[A-Za-z0-9-]+,\n", bib)
    assert bib.endswith("\n}\n")
    assert bib.count("{") - bib.count("\\{") == bib.count("}") - bib.count("\\}")
    lines = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line).groups() for line in ris.split("\r\n")[:-1]]
    assert (lines[0], lines[-1]) == (("TY", "ELEC"), ("ER", ""))
    record = dict(lines)
    on = snapshot.on
    assert (fields["url"], record["UR"], item["URL"]) == (address,) * 3
    assert fields["date"] == str(on) == record["DA"].replace("/", "-")
    assert item["issued"] == {"date-parts": [[on.year, on.month, on.day]]}
    for note in (fields["note"], record["N1"], item["note"]):
        assert re.match(r"Verdict: \w", note)
        assert note.endswith(f"log entry {entry}.")
    assert item["type"] == "webpage"
    past = json.loads(client.get(f"{path}cite.json?on=2026-01-01").content)
    assert past[0]["URL"] == f"{address}?on=2026-01-01"
    assert client.get("/vellmark-2030/commitments/I.9z/cite.bib").status_code == 404
    assert client.get(f"{path}cite.bib?x=1").status_code == 400


def test_signs_of_tex_are_written_out():
    assert tex("50% of A & B_{c}") == r"50\% of A \& B\_\{c\}"


@pytest.mark.django_db
def test_the_glossary_holds_every_word_that_results_have(client, vellmark):
    page = page_of(client, "/glossary/")
    for name in ("group", "status", "missing", "flag"):
        assert all(f'id="{name}-{code}"' in page for code in LABELS[name])
    ids = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids
    method = page_of(client, "/method/")
    assert set(re.findall(r'href="#([^"]+)"', method)) <= set(re.findall(r' id="([^"]+)"', method))
