"""Side unknown: what nobody could trace to anybody is shown and named so, speaks for no side and decides nothing."""

import datetime
import io
import json
import re
import subprocess
import sys

import pytest
from django.core.management import call_command

from tracker.actions.changes import amend
from tracker.actions.progress import publish, submit
from tracker.models import Body
from tracker.snapshot.cache import read_snapshot

from .promises import finding, promise, result, rung, search, status, value
from .reading import page_of, words_of

UNKNOWN = {"side": "unknown"}


@pytest.fixture
def stray(accounts, edith, rana):
    """Nobody knows any more whose Valley Watch is, which found against the bridges and gave figures of its own."""
    watch = Body.objects.get(code="valley-watch")
    row = amend(record=watch, changes=UNKNOWN, reason="Its owners were looked for and not found.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)
    return accounts


@pytest.mark.parametrize("says", ["kept", "partly", "not_kept"])
def test_the_method_takes_it_neither_for_nor_against(says):
    claim, stray = finding("kept", "official", "2024-01-01"), finding(says, "unknown", "2024-06-30")
    assert status(promise("uphold"), stray) == "not_known: not_decided"
    assert status(promise("judge"), claim, stray) == "not_known: not_decided"
    assert status(promise("milestone"), finding(says, "unknown", "2026-02-01")) == "not_known: not_decided"
    case, against = promise("judge"), finding("not_kept", "un", "2024-06-30")
    assert set(result(case, claim, against, stray).inputs) == {claim.entry, against.entry}


def test_its_figures_and_stages_are_not_computed_with():
    assert status(promise(), value(99, "2025", **UNKNOWN)) == "not_known: not_decided"
    assert status(promise(), value(80, "2025"), value(99, "2025", **UNKNOWN)) == "not_met"
    in_force = rung("in force", "2024-01-01", **UNKNOWN)
    assert status(promise("milestone"), in_force, search("2026-06-30", full=True)) == "not_met"


def test_harm_that_nobody_in_particular_found_is_no_flag():
    stray, known = (finding("notes", side, "2024-01-01", finds_harm=True) for side in ("unknown", "un"))
    assert result(promise("judge"), stray).flags == ()
    assert result(promise("judge"), known).flags == ("harm_found",)


def test_a_promise_stands_without_it_and_its_page_shows_it_apart(client, stray):
    bridges = read_snapshot(on=datetime.date(2026, 10, 31)).plan("vellmark-2030").commitments["II.2d"]
    assert (bridges.official_says, bridges.independent_says, bridges.missing) == ("kept", "", "not_decided")
    page = page_of(client, "/vellmark-2030/commitments/II.2d/")
    assert re.findall(r'<section class="column side-(\w+)"', page) == ["official", "un", "independent", "unknown"]
    column = page[page.index('<h3 id="side-unknown">') :]
    assert words_of(column).startswith("Nobody knows whose")
    assert "BRIDGES-AGAINST" in column
    assert "Others find nothing on record" in words_of(page)


def test_without_one_there_is_no_column_for_it(client, accounts):
    assert "Nobody knows whose" not in page_of(client, "/vellmark-2030/commitments/II.2d/")


def test_it_makes_no_disagreement(client, stray):
    page = words_of(page_of(client, "/vellmark-2030/disagreements/?on=2026-10-31"))
    assert "BRIDGES-AGAINST" not in page
    assert "A UN body or others find against it 1 of 18" in page


def test_whoever_asks_for_it_finds_it_in_page_file_and_api(client, stray):
    query = "origin_side=unknown&on=2026-10-31"
    assert "side unknown" in page_of(client, f"/vellmark-2030/commitments/?{query}")
    sent = b"".join(client.get(f"/vellmark-2030/commitments.json?{query}").streaming_content)
    assert "II.2d" in [row["code"] for row in json.loads(sent)["results"]]
    assert all(
        row["independent_says"] is None for row in client.get("/api/v1/commitments/?q=bridges").json()["results"]
    )
    rows = client.get("/api/v1/assessments/?side=unknown").json()["results"]
    assert rows
    assert {row["origin"] for row in rows} == {"valley-watch"}


def test_the_report_and_the_pictures_name_it(client, stray):
    report = page_of(client, "/vellmark-2030/report/?on=2026-10-31")
    row = re.search(r'<tr id="promise-II.2d">.*?</tr>', report, re.S)[0]
    assert "Also on record:" in words_of(row)
    assert "not kept" not in words_of(row)
    drawing = page_of(client, "/vellmark-2030/commitments/I.1.1a/")
    assert re.search(r'<g class="dot side-unknown fits-other">', drawing)
    assert not re.search(r'<g class="dot side-unknown fits-same">', drawing)


def test_the_stand_alone_script_agrees(stray, tmp_path):
    folder = tmp_path / "public"
    call_command("export_public", folder, stdout=io.StringIO())
    done = subprocess.run(
        [sys.executable, "recompute.py", "."], cwd=folder, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines()[-1] == "All agree with the site."


@pytest.mark.parametrize("page", ["/method/", "/about/", "/bodies/"])
def test_the_site_says_what_it_means(client, vellmark, page):
    assert "nobody could find out" in words_of(page_of(client, page)).lower()
