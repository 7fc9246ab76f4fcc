"""The accessibility rules of axe, on every type of page, narrow and wide, light and dark."""

import pytest

from . import ERRORS, EVERY_PAGE, PAGES

pytestmark = pytest.mark.browser


STAFF_PAGES = {
    "index": "/admin/",
    "list": "/admin/tracker/commitment/",
    "list searched": "/admin/tracker/commitment/?kind__exact=quantity&q=water",
    "change": "/admin/tracker/commitment/2/change/",
    "add": "/admin/tracker/metric/add/",
    "log": "/admin/tracker/ledgerentry/",
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", [*PAGES, *ERRORS])
def test_a_public_page_breaks_no_rule(opened, violations, name, width):
    page = opened(EVERY_PAGE[name], width=width)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme


def test_the_filters_opened_on_a_small_screen_break_no_rule(opened, violations):
    page = opened("/vellmark-2030/commitments/?kind=law", width=390)
    page.get_by_text("Show all filters").click()
    while page.locator("details:not([open])").count():
        page.locator("details:not([open]) > summary").first.click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme


def test_the_sign_in_breaks_no_rule(opened, violations):
    assert violations(opened("/admin/login/")) == []


def test_a_refused_sign_in_breaks_no_rule(opened, violations):
    page = opened("/admin/login/")
    page.fill("#id_username", "nobody")
    page.fill("#id_password", "wrong")
    page.click("input[type=submit]")
    assert page.locator(".errornote").is_visible()
    assert violations(page) == []


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_a_staff_page_breaks_no_rule(staff_page, violations, name):
    assert staff_page.goto(STAFF_PAGES[name]).status == 200
    assert violations(staff_page) == [], "light"
    staff_page.emulate_media(color_scheme="dark")
    staff_page.reload()  # Django's own links move from colour to colour, whoever asks for less motion
    assert violations(staff_page) == [], "dark"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_first_page_of_the_real_plan_breaks_no_rule(opened, violations, real_site, width):
    page = opened("/", width=width, at=real_site)
    assert page.locator("a.sq").count() >= 400
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
