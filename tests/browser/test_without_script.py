"""What is done with a page works where JavaScript is switched off; that pages say the same: test_pages.py."""

import csv
import re

import pytest
from django.conf import settings

pytestmark = pytest.mark.browser


def test_the_switch_is_off(opened):
    """The tests below could pass without proof if scripts ran."""
    page = opened("data:text/html,<noscript>off</noscript>", java_script_enabled=False)
    assert page.locator("body").inner_text() == "off"


def test_the_stylesheet_asks_whether_scripts_run_for_buttons_that_copy_alone():
    """So pages whose elements are those that the server sent (test_pages.py) look as they do without script."""
    sheets = list((settings.BASE_DIR / "tracker" / "static").rglob("*.css"))
    asked = [rule for sheet in sheets for rule in re.findall(r"@media \(scripting[^{]*\{(.*?)\}", sheet.read_text())]
    assert {rule.split("{")[0].strip() for rule in asked} == {".copies", "button"}
    assert sum(sheet.read_text().count("scripting") for sheet in sheets) == len(asked)
    assert sheets


@pytest.mark.parametrize("width", [390, 1280])
def test_the_explorer_filters_by_its_form(opened, width):
    page = opened("/vellmark-2030/commitments/", width=width, java_script_enabled=False)
    if width == 390:
        assert not page.get_by_label("Sort by").is_visible()
        page.get_by_text("Show all filters").click()
    page.get_by_role("checkbox", name="I.1 Water").check()
    page.locator("summary", has_text="Kind").click()
    page.get_by_role("checkbox", name="Quantity").check()
    page.get_by_label("Sort by").select_option("Title, Z to A")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#found").inner_text() == "3 of 14 promises"
    assert page.locator("table.list tbody td:first-child").all_inner_texts() == ["I.1.1c", "I.1.1a", "I.1.1b"]
    assert page.get_by_role("checkbox", name="Quantity", include_hidden=True).is_checked()
    with page.expect_download() as download:
        page.locator(".files").get_by_role("link", name="CSV").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        assert sorted(row["code"] for row in csv.DictReader(file)) == ["I.1.1a", "I.1.1b", "I.1.1c"]


def test_a_filter_left_blank_is_left_out_and_not_refused(opened):
    page = opened("/vellmark-2030/commitments/", java_script_enabled=False)
    page.get_by_role("button", name="Show").click()
    assert page.locator("#found").inner_text() == "14 of 14 promises"
    assert page.locator(".chips").count() == 0


def test_a_filter_is_taken_back_by_its_mark(opened):
    page = opened("/vellmark-2030/commitments/?kind=law&kind=aim", java_script_enabled=False)
    assert page.locator("#found").inner_text() == "2 of 14 promises"
    page.get_by_role("link", name="Remove Kind: Aim").click()
    assert page.locator("#found").inner_text() == "1 of 14 promises"
    page.get_by_role("link", name="Remove all").click()
    assert page.locator("#found").inner_text() == "14 of 14 promises"


def test_dates_filter_by_the_form(opened):
    page = opened("/vellmark-2030/commitments/", java_script_enabled=False)
    page.locator("summary", has_text="Deadline").click()
    page.get_by_label("On or before").fill("2028-02-29")
    with page.expect_navigation():  # a list of texts waits for nothing
        page.get_by_role("button", name="Show").click()
    assert page.locator("table.list tbody td:first-child").all_inner_texts() == ["I.2.1b"]


def test_a_square_shows_its_name(opened):
    page = opened("/", java_script_enabled=False)
    square = page.get_by_role("link", name="II.2a")
    square.hover()
    assert (
        square.evaluate("e => getComputedStyle(e, '::after').content")
        == '"II.2a Fairs held: not known: not researched here yet"'
    )


def test_the_pages_of_the_plan_lead_on(opened):
    page = opened("/", java_script_enabled=False)
    page.get_by_role("link", name="II.1a").click()
    assert page.locator("h1").inner_text() == "Second report to the Lake Council submitted"
    page.locator("a[rel=next]").click()
    assert page.locator("h1").inner_text() == "Fairs held"
    page.get_by_role("navigation", name="Where this stands").get_by_role("link", name="II Public life").click()
    assert page.locator("h1").inner_text() == "II Public Life"
