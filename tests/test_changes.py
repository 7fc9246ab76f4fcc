"""Status changes by day: as things happened, and as published here."""

import re
import sys

import pytest
from django.utils import timezone

from tracker.pages.changes import BY

from .reading import page_of, part, refused, words_of

pytestmark = pytest.mark.django_db

PAGE = "/vellmark-2030/changes/"
THEN = f"{PAGE}?on=2026-10-31"


def days(page):
    """Days in the page's order, each with its rows as texts."""
    found = re.findall(r'<section class="day".*?<h2[^>]*>(.*?)</h2>(.*?)</section>', page, re.S)
    return {day: [words_of(row) for row in re.findall(r"<li>.*?</li>", rows, re.S)] for day, rows in found}


def test_it_lists_changes_as_they_happened_newest_day_first(client, accounts):
    page = page_of(client, THEN)
    assert "14 changes, on 11 of 18 promises" in words_of(page)
    assert list(days(page)) == [
        "3 October 2026",
        "1 October 2026",
        "30 September 2026",
        "3 August 2026",
        "1 August 2026",
        "5 July 2026",
        "2 July 2026",
        "1 July 2026",
        "15 June 2026",
        "2 April 2026",
        "31 March 2026",
    ]
    entry = accounts["bells"].entry_id
    assert days(page)["1 August 2026"] == [
        f"II.2c Bells mended ? not known: claimed only → then ◐ done in part by log entry {entry}"
    ]


def test_a_deadline_that_passed_is_named_as_what_made_it(client, accounts):
    assert (
        "II.2f Nine roofs laid … reached → then ✓ met the deadline of 30 June 2026 passed"
        in (days(page_of(client, THEN))["1 July 2026"])
    )


def test_it_can_be_asked_of_one_right_and_keeps_the_day(client, accounts):
    page = page_of(client, f"{THEN}&category=I.1")
    assert "5 changes, on 4 of 5 promises under “Water”" in words_of(page)
    assert "Bells" not in page
    assert '<input type="hidden" name="on" value="2026-10-31">' in page
    assert 'href="?on=2026-10-31&category=I.1&by=publication"' in page


def test_on_the_first_day_of_publication_first_entries_are_counts(client, accounts):
    page = page_of(client, f"{PAGE}?by=publication")
    today = timezone.localdate()
    first = part(page, "first")
    assert days(page) == {}
    assert re.search(r"18 promises were first shown here: .*◐ in part 1 of 18", first)
    query = f"known={today}&on={today}&group=in_part"
    assert query in page
    found = page_of(client, f"/vellmark-2030/commitments/?{query}")
    assert '<h2 id="found">1 <span' in found


def test_each_page_has_as_many_rows_and_leads_on(client, accounts, monkeypatch):
    monkeypatch.setattr(sys.modules["tracker.pages.changes"], "ON_A_PAGE", 6)
    first, last = page_of(client, THEN), page_of(client, f"{THEN}&page=3")
    assert "Here are 1 to 6, newest day first." in words_of(first)
    assert '<a rel="next" href="?on=2026-10-31&page=2">' in first
    assert [len(rows) for rows in days(last).values()] == [1, 1]
    assert refused(client, f"{THEN}&page=4") == "page=4: there are 3 pages."


def test_it_refuses_what_it_does_not_know(client, vellmark):
    assert refused(client, f"{PAGE}?by=moon") == "by=moon: give one of events, publication."
    assert refused(client, f"{PAGE}?page=0") == "page=0: give a whole number from 1."
    assert refused(client, f"{PAGE}?page=x") == "page=x: give a whole number from 1."
    assert refused(client, f"{PAGE}?colour=red") == "This page takes no parameter “colour”."


def test_a_plan_without_progress_has_no_change(client, vellmark):
    assert "0 changes, on 0 of 14 promises. " in words_of(page_of(client, THEN))
    assert list(BY) == ["events", "publication"]
