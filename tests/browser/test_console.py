"""No page gives the browser cause to complain: nothing in the console, nothing refused by the policy or missing."""

import pytest

from . import ERRORS, PAGES

pytestmark = pytest.mark.browser

# Runs before the page does, by the debugger, so the policy of the page does not forbid it.
LISTEN = """
window.refused = [];
document.addEventListener('securitypolicyviolation',
  e => window.refused.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
STAFF_LISTS = ["plan", "category", "provision", "commitment", "metric", "body", "beneficiarygroup", "ledgerentry"]


def superseded(request):
    return request.failure == "net::ERR_ABORTED" and "/admin/autocomplete/" in request.url


@pytest.fixture
def complaints():
    """Listens to a window; what it heard, with what the policy refused on the page that is open."""

    def listen(page):
        heard = []
        page.context.add_init_script(LISTEN)
        page.on("console", lambda said: heard.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: heard.append(str(error)))
        # A look-up that the next key press makes pointless is called back by the page itself.
        page.on(
            "requestfailed",
            lambda request: None if superseded(request) else heard.append(f"{request.failure}: {request.url}"),
        )
        page.on(
            "response", lambda answer: heard.append(f"{answer.status}: {answer.url}") if answer.status > 399 else None
        )
        return lambda: heard + page.evaluate("window.refused")

    return listen


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_is_silent(opened, complaints, name):
    page = opened()
    heard = complaints(page)
    assert page.goto(PAGES[name]).status == 200
    page.wait_for_load_state("networkidle")
    assert heard() == []


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_says_only_its_own_status(opened, complaints, status):
    page = opened()
    heard = complaints(page)
    assert page.goto(ERRORS[status]).status == int(status)
    page.wait_for_load_state("networkidle")
    assert [line for line in heard() if status not in line] == []
    assert len(heard()) == 2  # the answer, and the console's word on it


def test_it_hears_what_the_policy_refuses(opened, complaints):
    """The listener can fail: an image from elsewhere is refused, and heard."""
    page = opened()
    heard = complaints(page)
    page.goto("/about/")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://elsewhere.example/x.png'}))")
    page.wait_for_function("window.refused.length > 0")
    assert "img-src https://elsewhere.example/x.png" in heard()


def test_no_page_asks_another_site_for_anything(opened, site):
    page = opened()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES.values():
        page.goto(path)
    assert [url for url in asked if not url.startswith(site + "/")] == []
    assert len(asked) > len(PAGES)


@pytest.mark.parametrize("model", STAFF_LISTS)
def test_a_list_of_staff_is_silent(staff_page, complaints, model):
    heard = complaints(staff_page)
    assert staff_page.goto(f"/admin/tracker/{model}/").status == 200
    staff_page.wait_for_load_state("networkidle")
    staff_page.locator("#result_list tbody th a, #result_list tbody td a").first.click()
    staff_page.wait_for_load_state("networkidle")
    assert heard() == []


def test_signing_in_and_out_is_silent(opened, complaints):
    page = opened()
    heard = complaints(page)
    page.goto("/admin/")
    page.fill("#id_username", "adam")
    page.fill("#id_password", "a-long-word-for-adam")
    page.click("input[type=submit]")
    page.wait_for_url("**/admin/")
    page.click("#logout-form button")
    page.wait_for_url("**/admin/logout/")
    assert heard() == []


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
