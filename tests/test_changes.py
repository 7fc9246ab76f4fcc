"""Status changes by day: as things happened, and as published here."""

import re
import sys

import pytest
from django.utils import timezone

from tracker.loader.load import load_folder
from tracker.pages.changes import BY

from . import drafts
from .reading import page_of, part, refused, words_of

pytestmark = pytest.mark.django_db

PAGE = "/vellmark-2030/changes/"
THEN = f"{PAGE}?on=2026-10-31&show=all"


def days(page):
    """Days in the page's order, each with its rows as texts."""
    sections = re.findall(r'<section class="day".*?<h2[^>]*>(.*?)</h2>(.*?)</section>', page, re.S)
    return {day: [words_of(row) for row in re.findall(r"<li>.*?</li>", rows, re.S)] for day, rows in sections}


def test_it_lists_changes_as_they_happened_newest_day_first(client, accounts):
    page = page_of(client, THEN)
    assert "15 changes, on 11 of 18 promises" in words_of(page)
    assert list(days(page)) == [
        "3 October 2026",
        "1 October 2026",
        "30 September 2026",
        "3 August 2026",
        "1 August 2026",
        "9 July 2026",
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


def test_changes_within_a_group_are_counted_and_shown_where_they_are_asked_for(client, accounts):
    page = page_of(client, f"{PAGE}?on=2026-10-31")
    shown = sum(len(rows) for rows in days(page).values())
    every = sum(len(rows) for rows in days(page_of(client, THEN)).values())
    assert 0 < shown < every
    assert f"{every - shown} more changed the reason within one group" in words_of(page)
    assert 'href="?on=2026-10-31&show=all"' in page
    assert not re.search(r"\? not known[^→]*→ then \? not known", words_of(page))


def test_a_year_is_named_where_no_day_was_published(client, vellmark, edith, rana):
    year = drafts.rung("drafted", "2026-10-31", precision="month")
    entry = drafts.published(year, edith, rana).entry_id
    page = page_of(client, f"{PAGE}?on=2026-11-15")
    assert days(page) == {
        "October 2026": [
            f"I.1.1d Law on water enacted ? not known: not researched here yet → then … under way by log entry {entry}"
        ]
    }
    assert "1 October 2026" not in words_of(page)
    home = words_of(page_of(client, "/vellmark-2030/?on=2026-11-15"))
    assert " October 2026 I.1.1d" in home
    assert "1 October 2026" not in home


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
    assert 'href="?on=2026-10-31&show=all&category=I.1&by=publication"' in page


@pytest.mark.slow
def test_on_the_first_day_of_publication_first_entries_are_counts(client, folder, with_progress):
    load_folder(folder)
    page = page_of(client, f"{PAGE}?by=publication")
    today = timezone.localdate()
    first = part(page, "first")
    assert days(page) == {}
    assert "14 promises were first shown here: ! contested 1 of 14 , … running 3 of 14 , ? not known 10 of 14" in first
    query = f"known={today}&on={today}&group=running"
    assert query in page
    found = page_of(client, f"/vellmark-2030/commitments/?{query}")
    assert '<h2 id="found">3 <span' in found


def test_what_was_published_later_on_the_first_day_is_a_change_of_that_day(client, accounts):
    page = page_of(client, f"{PAGE}?by=publication&show=all")
    (rows,) = days(page).values()
    bridges = [row for row in rows if "Bridges built" in row]
    assert [re.search(r"then \S+ (.*) by log", row)[1] for row in bridges] == [
        "not known: accounts differ",
        "not known: claimed only",
    ]
    assert "18 promises were first shown here: ? not known 18 of 18 ." in part(page, "first")
    assert "group=not_known" not in page  # by the end of that day the explorer had others


def test_each_page_has_as_many_rows_and_leads_on(client, accounts, monkeypatch):
    monkeypatch.setattr(sys.modules["tracker.pages.changes"], "ON_A_PAGE", 6)
    first, last = page_of(client, THEN), page_of(client, f"{THEN}&page=3")
    assert "Here are 1 to 6, newest day first." in words_of(first)
    assert '<a rel="next" href="?on=2026-10-31&show=all&page=2">' in first
    assert [len(rows) for rows in days(last).values()] == [1, 1, 1]
    assert refused(client, f"{THEN}&page=4") == "page=4: there are 3 pages."


def test_it_refuses_what_it_does_not_know(client, vellmark):
    assert refused(client, f"{PAGE}?by=moon") == "by=moon: give one of events, publication."
    assert refused(client, f"{PAGE}?page=0") == "page=0: give a whole number from 1."
    assert refused(client, f"{PAGE}?page=x") == "page=x: give a whole number from 1."
    assert refused(client, f"{PAGE}?colour=red") == "This page takes no parameter “colour”."


def test_a_plan_without_progress_has_no_change(client, vellmark):
    assert "0 changes, on 0 of 14 promises. " in words_of(page_of(client, THEN))
    assert list(BY) == ["events", "publication"]
