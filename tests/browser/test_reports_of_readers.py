"""A reader reports something on a telephone; the desk decides on it by keyboard."""

import pytest

from .rules import TOO_WIDE
from .test_keyboard import tab_to

pytestmark = pytest.mark.browser


def test_a_report_goes_from_a_telephone_to_the_desk_and_back(opened, staff_page, site, violations, complaints):
    reader = opened("/vellmark-2030/commitments/I.2.1a/", width=390)
    heard = complaints(reader)

    def is_in_order(page):
        assert violations(page) == []
        assert page.evaluate(TOO_WIDE) == []

    reader.get_by_role("link", name="Something wrong or missing?").first.click()
    reader.get_by_role("button", name="Send").click()
    reader.get_by_text("That was very fast").wait_for()
    is_in_order(reader)
    reader.get_by_label("Something is missing").check()
    reader.get_by_label("What is wrong or missing, and").fill("The figure of 2025 came out in May.")
    reader.wait_for_timeout(4000)  # sooner it says that this was very fast
    reader.get_by_role("button", name="Send").click()
    reader.wait_for_url("**/corrections/outcome/**")
    is_in_order(reader)
    assert reader.context.cookies() == []

    desk = staff_page
    desk.goto(f"{site}/desk/reports/")
    is_in_order(desk)
    desk.get_by_role("link", name="Something is missing").first.click()
    for width in (390, 1280):
        desk.set_viewport_size({"width": width, "height": 900})
        is_in_order(desk)
    tab_to(desk, desk.get_by_label("needs a source before"), most=60)
    for key in ("Space", "ArrowDown", "ArrowDown"):
        desk.keyboard.press(key)
    assert desk.get_by_label("looked at; nothing had to be changed").is_checked()
    tab_to(desk, desk.get_by_label("Answer to the reader"), most=60)
    desk.keyboard.type("It is on record since June.")
    tab_to(desk, desk.get_by_role("button", name="Decide"), most=60)
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/reports/")
    reader.reload()
    reader.get_by_text("It is on record since June.").wait_for()
    reader.goto("/corrections/")
    reader.get_by_text("Looked at; nothing had to be changed").first.wait_for()
    is_in_order(reader)
    assert [each for each in heard() if "400" not in each] == []  # what was sent too fast
