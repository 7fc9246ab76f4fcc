"""On paper: what leads elsewhere is gone, what is said is there."""

import re

import pytest

from . import PAGES

pytestmark = pytest.mark.browser

SCREEN_ONLY = ["header.site nav", ".skip", ".filters", ".neighbours", ".pages", ".files", ".chips .clear"]
COMMITMENTS = ("reach", "hold", "change", "total", "milestone", "judge", "uphold", "direction")


def printed(opened, name, **more):
    page = opened(PAGES[name], width=718, **more)  # a sheet of A4 between its margins
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_navigation_and_filters_are_left_out_and_nothing_is_cut_off(opened, name):
    page = printed(opened, name)
    for selector in SCREEN_ONLY:
        assert [each for each in page.locator(selector).all() if each.is_visible()] == [], selector
    assert page.locator("h1").is_visible()
    assert page.locator("a.brand").is_visible()
    assert page.locator("footer.site p").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 718


def test_the_first_page_keeps_its_squares(opened):
    page = printed(opened, "home")
    assert sum(square.is_visible() for square in page.locator("a.sq").all()) == 14
    assert page.get_by_text("Public life").first.is_visible()


@pytest.mark.parametrize("name", COMMITMENTS)
def test_a_promise_keeps_quote_test_and_facts(opened, name):
    page = printed(opened, name)
    for selector in ("blockquote.main", "p.test", "dl.facts >> nth=0", ".cite"):
        assert page.locator(selector).is_visible(), selector


def test_the_list_keeps_its_rows_and_says_what_was_chosen(opened):
    page = printed(opened, "explorer filtered")
    assert page.locator("#found").inner_text() == "1 of 14 commitments"
    assert page.locator("table.list tbody tr").all_inner_texts()[0].startswith("I.1.1a")
    assert page.locator("table.list thead th").all_inner_texts() == [
        "Code",
        "Promise",
        "Status",
        "Kind",
        "Target",
        "Due",
    ]
    chips = " ".join(page.locator(".chips").inner_text().split())
    for said in ("Right: I.1 Water", "Kind: Quantity", "Words: water", "People it is meant for: Villagers"):
        assert said in chips


def test_it_is_dark_on_light_where_the_screen_is_dark(opened):
    page = printed(opened, "judge", color_scheme="dark")
    ground, ink = page.evaluate(
        "['backgroundColor', 'color'].map(name => getComputedStyle(document.documentElement)[name])"
    )
    assert ground == "rgb(255, 255, 255)"
    assert all(int(part) < 90 for part in re.findall(r"\d+", ink)[:3])


def test_the_explorer_goes_on_few_sheets(opened):
    document = opened(PAGES["explorer"]).pdf(format="A4")
    assert document.startswith(b"%PDF")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", document)) <= 2
