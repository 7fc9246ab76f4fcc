"""An analyst's day: from a count to its promises, to a file, to two days compared, to a source, to a citation."""

import csv
import re

import pytest

from . import NOT_KEPT

pytestmark = pytest.mark.browser

PLAN = "/vellmark-2030"


@pytest.fixture
def at(opened, lived_site):
    """Pages of the invented plan some months on: ``at("/")``."""
    return lambda path, **more: opened(path, at=lived_site, **more)


def codes(page):
    return page.locator("table.list tbody td.num:first-child").all_inner_texts()


def group_by(page, what):
    page.get_by_label("Count by").select_option(what)
    page.wait_for_selector(".grouping")


def test_what_was_not_kept_of_a_right_is_two_clicks_away(at):
    page = at("/")
    page.get_by_role("main").get_by_role("link", name=re.compile("Public life", re.I)).first.click()
    count = page.locator(".outcome li", has_text="Not kept")
    assert count.inner_text().split()[:3] == ["2", "of", "9,"]
    count.get_by_role("link").click()
    assert page.url.endswith(NOT_KEPT)
    assert page.locator("#found").inner_text() == "2 of 20 promises"
    assert codes(page) == ["II.2g", "II.2h"]


def test_the_file_and_the_address_of_what_is_shown_give_the_same_again(at):
    page = at(NOT_KEPT)
    group_by(page, "Level")
    rows = page.locator(".grouping tbody tr").all_inner_texts()
    assert [row.split() for row in rows] == [["Process", "1", "1"], ["Outcome", "1", "1"]]
    with page.expect_download() as download:
        page.locator(".files").get_by_role("link", name="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        taken = list(csv.DictReader(file))
    assert [row["code"] for row in taken] == codes(page)
    shown = page.locator("table.list tbody th").all_inner_texts()
    assert [row["title"] for row in taken] == shown
    again = at(page.url)
    assert again.locator("#results").inner_text() == page.locator("#results").inner_text()


def test_two_days_are_compared_and_each_move_leads_to_the_promise_as_it_stood(at):
    page = at(f"{PLAN}/changes/")
    page.get_by_role("contentinfo").get_by_role("link", name="Two days side by side").click()
    page.get_by_label("From", exact=True).fill("2026-05-31")
    page.get_by_label("To", exact=True).fill("2026-09-30")
    page.get_by_role("button", name="Compare").click()
    assert "?from=2026-05-31&to=2026-09-30" in page.url
    assert "Between 31 May 2026 and 30 September 2026" in page.locator(".lead").inner_text()
    moved = page.locator("table.list:not(.counts) tbody tr")
    assert page.locator("#moved .num").inner_text() == f"{moved.count()} of 20"
    gongs = moved.filter(has_text="II.2g")
    assert "not done" in gongs.locator("td").last.inner_text()
    gongs.locator("td").first.get_by_role("link").click()
    assert page.url.endswith(f"{PLAN}/commitments/II.2g/?on=2026-05-31")
    assert "not done" not in page.locator(".status").first.inner_text()


def test_a_disagreement_leads_to_who_says_what_and_to_the_source_of_it(at):
    page = at("/")
    page.get_by_role("banner").get_by_role("link", name="Disagreements").click()
    contested = page.locator("section", has=page.locator("h2#contested"))
    contested.get_by_role("link", name="Bridges built").click()
    accounts = page.locator(".accounts li").all_inner_texts()
    begins = [
        "This site finds ? not known: accounts differ",
        "The State says ✓ kept",
        "UN bodies find nothing on record",
        "Others find ✕ not kept",
    ]
    for account, words in zip(accounts, begins, strict=True):
        assert " ".join(account.split()).startswith(words)
    others = page.locator(".column.side-independent")
    assert "BRIDGES-AGAINST" in others.inner_text()
    others.get_by_role("link", name="Valley Watch").last.click()
    assert page.url.endswith("/sources/watch-note/")
    assert page.locator("main h1").inner_text() == "Note of Valley Watch"
    away = page.get_by_role("link", name="https://watch.example/note")
    assert away.get_attribute("href") == "https://watch.example/note"
    page.get_by_role("link", name="Bridges built").first.click()
    assert "/commitments/II.2d/" in page.url


def test_a_promise_is_cited_by_copying_one_line_that_leads_back_to_it(at, lived_site):
    page = at(f"{PLAN}/commitments/II.2d/")
    page.locator("#citation").click()  # one click takes all of it
    page.keyboard.press("Control+C")
    page.goto(f"{PLAN}/commitments/")
    page.get_by_label("Words").focus()
    page.keyboard.press("Control+V")
    copied = page.get_by_label("Words").input_value()
    assert copied.startswith("“Bridges built”: ")
    assert "Promise II.2d of the Rights Programme of Vellmark (2026-2030)." in copied
    address = re.search(r"https?://\S+$", copied)[0]
    again = at(re.sub(r"^https?://[^/]+", "", address))
    assert again.locator("main h1").inner_text() == "Bridges built"
    assert re.search(r"as of \d+ \w+ \d{4}, log entry [\d,]+", copied)
