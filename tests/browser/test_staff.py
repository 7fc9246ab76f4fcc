"""The pages on which staff record and review, in a real browser: each of them once, and what is done there."""

import pytest

from . import STAFF_LISTS, STAFF_PAGES
from .rules import none_of

pytestmark = pytest.mark.browser

# By how much the tables of a list stick out of their boxes, beside its filters.
CUT = "() => [...document.querySelectorAll('.results')].map(e => e.scrollWidth - e.clientWidth)"


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_a_page_for_staff_breaks_no_rule(staff_window, name):
    none_of(staff_window.look_as_staff(STAFF_PAGES[name]))


@pytest.mark.parametrize("model", STAFF_LISTS)
def test_a_list_for_staff_and_its_first_record_break_no_rule(staff_window, model):
    none_of(staff_window.look_as_staff(f"/admin/tracker/{model}/", leads_on=True))


def test_signing_in_being_refused_and_signing_out_break_no_rule(opened, violations, complaints):
    page = opened()
    heard = complaints(page)
    page.goto("/admin/")
    assert violations(page) == []
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    page.click("input[type=submit]")
    assert page.locator(".errornote").is_visible()
    assert violations(page) == []
    page.fill("#id_username", "adam")
    page.fill("#id_password", "a-long-word-for-adam")
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/")
    page.click("#logout-form button")
    page.wait_for_url("**/admin/logout/")
    assert heard() == []


def test_a_draft_is_recorded_previewed_and_saved_and_cuts_no_column(staff_page, violations):
    page = staff_page
    page.goto(STAFF_PAGES["value"])
    page.fill("#id_value", "84")
    page.fill("#id_as_of", "2026-06-30")
    page.fill("#id_summary", "The office of numbers counted piped water in 84 percent of all village homes.")
    page.click("input[name=_preview]")
    page.get_by_text("What it would make of the status").wait_for()
    assert violations(page) == []
    page.click("input[name=_save]")
    page.get_by_text("The draft is saved.").wait_for()
    assert violations(page) == []
    page.goto("/desk/")
    assert page.get_by_role("link", name="value: The office of numbers counted piped water").is_visible()
    cut = []
    for model in ("update", *STAFF_LISTS):
        page.goto(f"/admin/tracker/{model}/")
        for width in (1280, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            cut += [] if page.evaluate(CUT) == [0] else [(model, width, page.evaluate(CUT))]
    assert cut == []


def test_finding_a_related_record_by_typing_is_silent(staff_page, complaints):
    heard = complaints(staff_page)
    staff_page.goto("/admin/tracker/commitment/?q=II.2b")
    staff_page.click("#result_list tbody th a")
    staff_page.locator(".field-bodies .select2-selection").click()
    staff_page.keyboard.type("Valley")
    staff_page.locator(".select2-results__option", has_text="Valley Watch").click()
    assert staff_page.locator(".field-bodies .select2-selection__choice").count() == 1
    assert heard() == []


def test_changing_the_scheme_of_the_staff_pages_is_silent(staff_page, complaints):
    heard = complaints(staff_page)
    staff_page.goto("/admin/")
    staff_page.locator("button.theme-toggle").first.click()
    assert staff_page.locator("html").get_attribute("data-theme") != "auto"
    assert heard() == []
