"""The desk by keyboard, on a wide and on a narrow screen: take promises, give them back, make a calendar."""

import pytest

from .rules import TOO_WIDE
from .test_keyboard import tab_to

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_a_day_at_the_desk_goes_by_keyboard(staff_page, violations, complaints, width):
    page = staff_page
    heard = complaints(page)
    page.set_viewport_size({"width": width, "height": 900})

    def press(target, key="Enter"):
        tab_to(page, target, most=200)
        page.keyboard.press(key)

    def is_in_order():
        assert violations(page) == []
        assert page.evaluate(TOO_WIDE) == []

    page.goto("/desk/")
    is_in_order()
    press(page.get_by_role("link", name="All promises, with filters"))
    page.wait_for_url("**/desk/promises/vellmark-2030/")
    if width < 1000:
        press(page.locator("summary", has_text="Show all filters"))
    press(page.get_by_role("checkbox", name="Nobody"), "Space")
    press(page.get_by_role("button", name="Show"))
    page.wait_for_url("**assigned=nobody")
    is_in_order()
    press(page.get_by_role("checkbox", name="Choose I.1.1a"), "Space")
    press(page.get_by_role("checkbox", name="Choose I.2.1a"), "Space")
    tab_to(page, page.get_by_label("Note"), most=200)
    page.keyboard.type("This week")
    press(page.get_by_role("button", name="Assign"))
    page.get_by_text("2 things are now with adam.").wait_for()
    page.goto("/desk/assignments/")
    is_in_order()
    for code in ("I.1.1a", "I.2.1a"):
        press(page.get_by_role("checkbox", name=f"Choose {code}"), "Space")
    press(page.get_by_role("button", name="Done, or given back"))
    page.get_by_text("2 assignments are closed.").wait_for()
    page.goto("/desk/calendar/")
    press(page.get_by_role("button", name="Make"))
    address = page.get_by_label("Your calendar's address").input_value()
    is_in_order()
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    press(page.get_by_role("button", name="End the address"))
    page.get_by_text("leads nowhere any more").wait_for()
    assert page.request.get(address).status == 404
    assert heard() == []
