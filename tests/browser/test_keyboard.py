"""From the first page to a file with nothing but a keyboard on a narrow screen; test_pages has the wide one."""

import csv

import pytest

from . import rules

pytestmark = pytest.mark.browser


REACHED = f"e => [e === document.activeElement, ({rules.FOCUSED})()]"


def stop(page):
    """What has the focus, seen to be marked and on the screen."""
    focused = page.evaluate(rules.FOCUSED)
    assert rules.unmarked(focused) == []
    return focused["name"]


def tab_to(page, target, most=80):
    """Press Tab until the target has the focus; every stop on the way is seen too."""
    element = target.element_handle()  # looked for once: to find it by its name takes longer than a press
    for _n in range(most):
        page.keyboard.press("Tab")
        reached, focused = element.evaluate(REACHED)
        assert rules.unmarked(focused) == []
        if reached:
            return
    raise AssertionError(f"{target} was not reached with {most} presses of Tab.")


def enter(page, address):
    """Press Enter on a link or a button, and arrive."""
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def rows_of(download):
    """The rows of a CSV file that was downloaded."""
    with open(download.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_leads_from_the_first_page_to_a_filtered_file(opened):
    page = opened("/", width=rules.NARROW)
    page.keyboard.press("Tab")
    assert stop(page) == "A Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

    tab_to(page, page.get_by_role("heading", level=4).get_by_role("link", name="Water"))
    enter(page, "**/vellmark-2030/rights/I.1/")
    tab_to(page, page.get_by_role("link", name="About 15 deep wells dug", exact=True))
    enter(page, "**/vellmark-2030/commitments/I.1.1b/")
    tab_to(page, page.get_by_role("navigation", name="Site").get_by_role("link", name="Promises"))
    enter(page, "**/vellmark-2030/commitments/")

    tab_to(page, page.locator("summary", has_text="Show all filters"))
    page.keyboard.press("Space")
    choice = page.get_by_role("checkbox", name="I.1 Water")
    tab_to(page, choice)
    assert not choice.is_checked()
    page.keyboard.press("Space")
    assert choice.is_checked()
    tab_to(page, page.get_by_role("button", name="Show"))
    with page.expect_navigation():  # the list has followed the choice already; the button asks for the page
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "category=I.1" in url)
    assert page.locator("#found").inner_text() == "5 of 14 promises"
    shown = page.locator("table.list tbody tr").evaluate_all(
        "rows => rows.map(r => [r.querySelector('td').innerText, r.querySelector('th').innerText])"
    )

    tab_to(page, page.locator(".files").get_by_role("link", name="CSV"))
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert [[row["code"], row["title"]] for row in rows_of(download.value)] == shown
    assert len(shown) == 5


def test_enter_in_the_words_sends_them(opened):
    page = opened("/vellmark-2030/commitments/")
    tab_to(page, page.get_by_label("Words"))
    page.keyboard.type("ombudsman")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "q=ombudsman" in url)
    assert page.locator("table.list tbody td:first-child").all_inner_texts() == ["I.0.0a"]


def test_a_closed_list_of_choices_opens_with_the_keyboard(opened):
    page = opened("/vellmark-2030/commitments/")
    choice = page.get_by_role("checkbox", name="Lake Council")
    assert not choice.is_visible()
    tab_to(page, page.locator("summary", has_text="Body that the text names"))
    page.keyboard.press("Enter")
    assert choice.is_visible()
    tab_to(page, choice)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Show"))
    with page.expect_navigation():  # the list has followed the choice already; the button asks for the page
        page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "body=lake-council" in url)
    assert page.locator("#found").inner_text() == "1 of 14 promises"
