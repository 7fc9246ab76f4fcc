"""The pages on which staff record and review, by axe in a real browser: light and dark, and select2's boxes named."""

import pytest

pytestmark = pytest.mark.browser

PAGES = {
    "index": "/admin/",
    "desk": "/desk/",
    "list": "/admin/tracker/commitment/?kind__exact=quantity&q=water",
    "updates": "/admin/tracker/update/",
    "commitment": "/admin/tracker/commitment/2/change/",
    "source": "/admin/tracker/source/add/",
    "choose": "/admin/tracker/update/add/",
    "value": "/admin/tracker/update/add/?metric=village-homes-with-piped-water",
    "stage": "/admin/tracker/update/add/?metric=water-law",
    "judgement": "/admin/tracker/update/add/?commitment=vellmark-2030/I.2.2a",
    "finding": "/admin/tracker/assessment/add/?commitment=vellmark-2030/I.1.1a",
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_staff_breaks_no_rule(staff_page, violations, name):
    assert staff_page.goto(PAGES[name]).status == 200
    assert violations(staff_page) == [], "light"
    staff_page.emulate_media(color_scheme="dark")
    staff_page.reload()
    assert violations(staff_page) == [], "dark"


def test_the_sign_in_breaks_no_rule(opened, violations):
    assert violations(opened("/admin/login/")) == []


def test_a_draft_is_recorded_previewed_and_saved_in_the_browser(staff_page, violations):
    page = staff_page
    page.goto(PAGES["value"])
    page.fill("#id_value", "84")
    page.fill("#id_as_of", "2026-06-30")
    page.fill("#id_summary", "Piped water in 84 percent of homes.")
    page.click("input[name=_preview]")
    page.get_by_text("What it would make of the status").wait_for()
    assert violations(page) == []
    page.click("input[name=_save]")
    page.get_by_text("The draft is saved.").wait_for()
    assert violations(page) == []
    page.goto("/desk/")
    assert page.get_by_role("link", name="value: Piped water in 84 percent of homes.").is_visible()
