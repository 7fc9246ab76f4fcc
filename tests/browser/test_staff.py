"""The pages on which staff record and review, in a real browser: each of them once, and what is done there."""

import pytest

from tests.examples import NIGHTLY

from . import STAFF_ALIKE, STAFF_LISTS, STAFF_PAGES, STAFF_PAGES_ALIKE
from .rules import none_of, not_among

pytestmark = pytest.mark.browser

# By how much the tables of a list stick out of their boxes, beside its filters.
CUT = "() => [...document.querySelectorAll('.results')].map(e => e.scrollWidth - e.clientWidth)"


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_a_page_for_staff_breaks_no_rule(staff_window, name):
    none_of(staff_window.look_as_staff(STAFF_PAGES[name], whole=name not in STAFF_PAGES_ALIKE or NIGHTLY))


@pytest.mark.parametrize("model", STAFF_LISTS)
def test_a_list_for_staff_and_its_first_record_break_no_rule(staff_window, model):
    whole = model not in STAFF_ALIKE or NIGHTLY
    none_of(staff_window.look_as_staff(f"/admin/tracker/{model}/", whole=whole, leads_on=True))


def test_a_list_for_staff_not_looked_at_whole_is_made_of_what_the_others_are_made_of(staff_window):
    alike = {STAFF_PAGES[name] for name in STAFF_PAGES_ALIKE} | {f"/admin/tracker/{model}/" for model in STAFF_ALIKE}
    paths = {*STAFF_PAGES.values(), *(f"/admin/tracker/{model}/" for model in STAFF_LISTS)}
    whole = [staff_window.html(path) for path in paths - alike]
    assert not_among(whole, {path: staff_window.html(path) for path in alike}) == {}


def test_signing_in_being_refused_and_signing_out_break_no_rule(opened, violations, complaints):
    page = opened()
    heard = complaints(page)
    page.goto("/admin/")
    assert violations(page) == []
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    page.click("main button")
    assert page.locator(".refused").is_visible()
    assert violations(page) == []
    page.fill("#id_username", "adam")
    page.fill("#id_password", "a-long-word-for-adam")
    page.click("main button")
    page.wait_for_url("**/desk/")
    page.goto("/admin/")
    page.click("#logout-form button")
    page.wait_for_url("**/admin/logout/")
    assert violations(page) == []
    assert heard() == []


def test_what_is_typed_keeps_itself_and_comes_back_and_is_previewed(staff_page, violations):
    page = staff_page
    page.goto(STAFF_PAGES["value"])
    page.locator("#id_summary").fill("Piped water, half a sent")
    page.get_by_text("Kept at").wait_for()
    page.goto("/desk/")
    page.goto(STAFF_PAGES["value"])
    page.get_by_text("was not saved. It is restored below").wait_for()
    assert page.locator("#id_summary").input_value() == "Piped water, half a sent"
    assert violations(page) == []
    page.get_by_label("The value as a number").fill("84")
    page.get_by_label("Until, or as of").fill("2026-06-30")
    page.get_by_role("button", name="Another source").click()
    assert page.locator(".source-row").count() == 2
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("What it would make of the status").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("The draft is saved.").wait_for()
    assert violations(page) == []
    page.goto("/desk/")
    assert page.get_by_text("84 percent, 30 Jun 2026 Piped water, half a sent").is_visible()
    page.goto(STAFF_PAGES["value"])
    assert page.get_by_text("was not saved").count() == 0


def test_a_session_that_is_gone_in_mid_form_loses_no_word(staff_page, complaints):
    page = staff_page
    page.goto(STAFF_PAGES["judgement"])
    page.locator("#id_summary").fill("Typed before lunch.")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("What you typed is in this page.").wait_for()
    page.fill("#id_username", "adam")
    page.fill("#id_password", "a-long-word-for-adam")
    page.click("main form button")
    page.get_by_text("was not saved. It is restored below").wait_for()
    assert page.locator("#id_summary").input_value() == "Typed before lunch."
    # Signed in anew in another tab: the token of this one is of no use any more.
    page.context.clear_cookies(name="csrftoken")
    other = page.context.new_page()
    other.goto("/admin/tracker/update/add/?q=water")
    page.locator("#id_summary").fill("Typed after lunch.")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("You signed in anew since this form was opened").wait_for()
    assert page.locator("#id_summary").input_value() == "Typed after lunch."
    page.get_by_role("button", name="Discard it").click()
    page.get_by_text("Your unsaved text was discarded.").wait_for()
    assert page.locator("#id_summary").input_value() == ""


def test_no_list_for_staff_cuts_a_column(staff_page):
    page, cut = staff_page, []
    for model in ("update", *STAFF_LISTS):
        page.goto(f"/admin/tracker/{model}/")
        for width in (1280, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            cut += [] if page.evaluate(CUT) in ([0], []) else [(model, width, page.evaluate(CUT))]
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
