"""The desk by keyboard on a narrow screen, each page seen on a wide one too: take promises, return them, a calendar."""

import pytest

from .rules import NARROW, in_order
from .test_keyboard import tab_to

pytestmark = pytest.mark.browser


def test_a_day_at_the_desk_goes_by_keyboard(staff_page, complaints):
    page = staff_page
    heard = complaints(page)
    page.set_viewport_size({"width": NARROW, "height": 900})

    def press(target, key="Enter"):
        tab_to(page, target, most=200)
        page.keyboard.press(key)

    page.goto("/desk/")
    in_order(page)
    press(page.get_by_role("link", name="All promises, with filters"))
    page.wait_for_url("**/desk/promises/vellmark-2030/")
    press(page.locator("summary", has_text="Show all filters"))
    press(page.get_by_role("checkbox", name="Nobody"), "Space")
    press(page.get_by_role("button", name="Show"))
    page.wait_for_url("**assigned=nobody")
    in_order(page)
    press(page.get_by_role("checkbox", name="Choose I.1.1a"), "Space")
    press(page.get_by_role("checkbox", name="Choose I.2.1a"), "Space")
    tab_to(page, page.get_by_label("Note"), most=200)
    page.keyboard.type("This week")
    press(page.get_by_role("button", name="Assign"))
    page.get_by_text("2 things are now with adam.").wait_for()
    page.goto("/desk/assignments/")
    in_order(page)
    for code in ("I.1.1a", "I.2.1a"):
        press(page.get_by_role("checkbox", name=f"Choose {code}"), "Space")
    press(page.get_by_role("button", name="Done, or given back"))
    page.get_by_text("2 assignments are closed.").wait_for()
    page.goto("/desk/calendar/")
    press(page.get_by_role("button", name="Make"))
    address = page.get_by_label("Your calendar's address").input_value()
    in_order(page)
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    press(page.get_by_role("button", name="End the address"))
    page.get_by_text("leads nowhere any more").wait_for()
    assert page.request.get(address).status == 404
    assert heard() == []
