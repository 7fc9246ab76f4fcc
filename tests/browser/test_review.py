"""Review, publishing many, discarding and redaction by two, in a real browser: by keyboard, seen at both widths."""

import pytest

from .lived import PASSWORD
from .rules import NARROW, WIDE, in_order

pytestmark = pytest.mark.browser


@pytest.fixture
def sign_in(chromium, waiting_site):
    """A window in which somebody has signed in: ``sign_in("rana", NARROW)``."""
    contexts = []

    def page_of(name, width):
        contexts.append(chromium.new_context(base_url=waiting_site, viewport={"width": width, "height": 900}))
        page = contexts[-1].new_page()
        page.goto("/admin/login/?next=/desk/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield page_of
    for context in contexts:
        context.close()


def press(page, name, most=80):
    """Go to a button by the tab key alone, and press it."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"“{name}” is not reached by keyboard")


def step_of_first(page, step):
    """Address of a step of the first row of the list that is open."""
    first = page.locator("#result_list tbody a[href*='/change/']").first.get_attribute("href")
    return first.split("?")[0].replace("/change/", f"/{step}/")


def test_rows_are_reviewed_many_published_and_a_redaction_confirmed(sign_in):
    reviewer = sign_in("rana", NARROW)
    reviewer.goto("/admin/tracker/update/?state__exact=submitted")
    reviewer.goto(step_of_first(reviewer, "review"))
    in_order(reviewer)
    reviewer.fill("#id_note", "Which census?")
    press(reviewer, "Return with this note")
    reviewer.get_by_text("Returned to its author with your note.").wait_for()

    reviewer.goto("/desk/")
    for box in reviewer.locator("input[name=row]").all()[:2]:
        box.check()
    in_order(reviewer)
    press(reviewer, "Look at those ticked, to publish them")
    reviewer.get_by_role("heading", name="Publish 2 records").wait_for()
    in_order(reviewer)
    press(reviewer, "Publish these")
    reviewer.get_by_text("2 records published:").wait_for()
    assert reviewer.url.endswith("/desk/")

    reviewer.locator("a[href*='/redactionrequest/']").nth(1).click()
    reviewer.get_by_text("A witness counted.").wait_for()
    in_order(reviewer)
    press(reviewer, "Take these texts away for good")
    reviewer.get_by_text("Confirmed by rana").wait_for()
    in_order(reviewer)

    editor = sign_in("edith", WIDE)
    editor.goto("/admin/tracker/update/?state__exact=draft")
    editor.goto(step_of_first(editor, "discard"))
    in_order(editor)
    press(editor, "Discard for good")
    editor.get_by_text("Discarded.").wait_for()
