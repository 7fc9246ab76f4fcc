"""The explorer with script: the list follows the filters, and so do the address, the history and the screen reader."""

import csv

import pytest

from . import rules

pytestmark = pytest.mark.browser

EXPLORER = "/vellmark-2030/commitments/"


def codes(page):
    return page.locator("table.list tbody td:first-child").all_inner_texts()


def settled(page, words):
    """Wait until the count says so."""
    page.wait_for_function("words => document.querySelector('#found').innerText === words", arg=words)


def stay(page):
    """A mark that a new page would not have."""
    page.evaluate("window.same = true")


def is_same(page):
    return page.evaluate("window.same === true")


def test_a_choice_updates_list_counts_address_and_count_in_place(opened, complaints):
    page = opened()
    heard = complaints(page)
    page.goto(EXPLORER)
    stay(page)
    page.locator("summary", has_text="Kind").click()
    page.get_by_role("checkbox", name="Law").check()
    settled(page, "1 of 14 promises")
    assert page.url.endswith(f"{EXPLORER}?kind=law")
    assert codes(page) == ["I.1.1d"]
    assert page.locator("#said").inner_text() == "1 of 14 promises"
    assert page.locator("#said").get_attribute("aria-live") == "polite"
    assert page.evaluate("document.activeElement.id") == "kind-law"
    assert page.locator("#kind-law").is_visible()  # its list of choices stayed open
    assert page.locator("label", has=page.locator("[id='category-I.2']")).locator(".num").inner_text() == "0"
    assert page.locator(".files a").first.get_attribute("href").endswith("?kind=law")
    page.get_by_label("Count by").focus()
    page.get_by_label("Count by").select_option("Level")
    page.wait_for_selector(".grouping")
    assert page.url.endswith("?kind=law&by=level")
    assert page.evaluate("document.activeElement.id") == "by"
    assert is_same(page)
    assert heard() == []


def test_typing_searches_and_keeps_what_is_typed(opened, complaints):
    page = opened()
    heard = complaints(page)
    page.goto(EXPLORER)
    stay(page)
    page.get_by_label("Words").press_sequentially("deep wells", delay=30)
    settled(page, "2 of 14 promises")
    page.wait_for_url("**/?q=deep+wells")
    page.keyboard.type(" north")
    settled(page, "1 of 14 promises")
    assert page.get_by_label("Words").input_value() == "deep wells north"
    assert page.evaluate("document.activeElement.id") == "q"
    assert is_same(page)
    assert heard() == []


def test_back_and_forward_show_what_was_there(opened):
    page = opened(EXPLORER)
    page.get_by_role("checkbox", name="I.1 Water").check()
    settled(page, "5 of 14 promises")
    page.get_by_role("checkbox", name="I.2 Work").check()
    settled(page, "10 of 14 promises")
    page.go_back()
    settled(page, "5 of 14 promises")
    assert page.url.endswith("?category=I.1")
    assert page.get_by_role("checkbox", name="I.1 Water").is_checked()
    assert not page.get_by_role("checkbox", name="I.2 Work").is_checked()
    page.go_back()
    settled(page, "14 of 14 promises")
    page.go_forward()
    settled(page, "5 of 14 promises")
    page.reload()
    assert page.locator("#found").inner_text() == "5 of 14 promises"


def test_what_is_refused_is_said_and_forgotten_when_mended(opened):
    page = opened(EXPLORER)
    page.locator("summary", has_text="Distance and pace").click()
    page.locator("#distance-min").fill("half")
    page.locator("#distance-min").press("Tab")
    page.wait_for_selector("#refused:not(:empty)")
    assert "distance_min=half: Enter a number such as 0.5." in page.locator("#refused").inner_text()
    assert page.locator("#found").inner_text() == "14 of 14 promises"
    page.locator("#distance-min").fill("")
    page.locator("#distance-max").fill("0.5")
    page.locator("#distance-max").press("Tab")
    settled(page, "0 of 14 promises")
    assert page.locator("#refused").inner_text() == ""


def test_an_analyst_takes_what_is_not_known_of_one_right_away(opened):
    page = opened(EXPLORER)
    page.get_by_role("checkbox", name="I.2 Work").check()
    settled(page, "5 of 14 promises")
    page.locator("#group-not_known").check()
    page.wait_for_url("**/?category=I.2&group=not_known")
    page.get_by_label("Count by").select_option("Level")
    page.wait_for_selector(".grouping")
    with page.expect_download() as download:
        page.locator(".files").get_by_role("link", name="CSV").click()
    shown = codes(page)
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file)] == shown
    assert shown
    again = opened(page.url)
    assert codes(again) == shown
    assert again.locator(".grouping").inner_text() == page.locator(".grouping").inner_text()
    page.locator("summary", has_text="Cite this set").click()
    assert page.url.split("/vellmark")[1] in page.locator(".cite").first.inner_text()


def test_the_part_that_changed_has_nothing_that_axe_finds_wrong(opened, violations):
    page = opened(EXPLORER)
    page.get_by_role("checkbox", name="I.1 Water").check()
    settled(page, "5 of 14 promises")
    page.get_by_label("Count by").select_option("Kind")
    page.wait_for_selector(".grouping")
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_text("Show all filters").click()
    assert violations(page) == []
    assert page.evaluate(rules.TOO_WIDE) == []


def test_the_filters_opened_on_a_small_screen_break_no_rule_and_fit(opened, violations):
    page = opened(f"{EXPLORER}?kind=law&body=lake-council&body=none", width=390)
    page.get_by_text("Show all filters").click()
    while page.locator("details:not([open])").count():
        page.locator("details:not([open]) > summary").first.click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(rules.TOO_WIDE) == [], width


def test_it_is_not_wider_than_a_screen_between_two_layouts_nor_widened_by_a_long_word(opened):
    page = opened(EXPLORER)
    for width in (640, 768, 896, 900, 960, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(rules.TOO_WIDE) == [], width
    page.goto(f"{EXPLORER}?q={'well' * 40}")
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate(rules.TOO_WIDE) == []
