"""On paper: what was chosen, dark on light, few sheets (what is left out everywhere: test_pages.py)."""

import re

import pytest

from . import PAGES

pytestmark = pytest.mark.browser


def printed(opened, name, **more):
    page = opened(PAGES[name], width=718, **more)  # a sheet of A4 between its margins
    page.emulate_media(media="print")
    return page


def test_the_first_page_keeps_its_squares(opened):
    page = printed(opened, "home")
    assert sum(square.is_visible() for square in page.locator("a.sq").all()) == 14
    assert page.get_by_text("Public life").first.is_visible()


def test_the_list_keeps_its_rows_and_says_what_was_chosen(opened):
    page = printed(opened, "explorer filtered")
    assert page.locator("#found").inner_text() == "1 of 14 promises"
    assert page.locator("table.list tbody tr").all_inner_texts()[0].startswith("I.1.1a")
    assert page.locator("table.list thead th").all_inner_texts() == [
        "Code",
        "Promise",
        "Status",
        "Value",
        "Target",
        "Due",
        "Kind",
    ]
    chips = " ".join(page.locator(".chips").inner_text().split())
    for words in ("Right: I.1 Water", "Kind: Quantity", "Words: water", "People it is meant for: Villagers"):
        assert words in chips


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
