"""The name of a square: shown on hover and on focus, whole, and as WCAG asks of what appears (1.4.13)."""

import pytest

pytestmark = pytest.mark.browser

NAME = "I.1.1b About 15 deep wells dug: not known: not researched here yet"
TIP = "e => getComputedStyle(e, '::after').content"


def tip_box(browser, selector):
    """Left, top, right and bottom of the name that a square shows, in points of the window; asked of the debugger."""
    root = browser.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    node = browser.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    pseudo = browser.send("DOM.describeNode", {"nodeId": node})["node"]["pseudoElements"]
    after = next(each for each in pseudo if each["pseudoType"] == "after")
    border = browser.send("DOM.getBoxModel", {"backendNodeId": after["backendNodeId"]})["model"]["border"]
    return min(border[::2]), min(border[1::2]), max(border[::2]), max(border[1::2])


def test_it_appears_on_hover_stays_under_the_pointer_and_goes_with_it_or_with_escape(opened):
    page = opened("/vellmark-2030/")
    square = page.get_by_role("link", name=NAME)
    assert square.evaluate(TIP) == "none"
    square.hover()
    assert square.evaluate(TIP) == f'"{NAME}"'
    page.mouse.move(0, 0)
    assert square.evaluate(TIP) == "none"

    square.hover()
    _left, top, _right, bottom = tip_box(page.context.new_cdp_session(page), 'a.sq[href$="/I.1.1b/"]')
    for step in range(12):
        box = square.bounding_box()
        page.mouse.move(box["x"] + 10, box["y"] + 2 - step * (box["y"] - (top + bottom) / 2) / 11)
    assert square.evaluate(TIP) == f'"{NAME}"'

    page.keyboard.press("Escape")
    assert square.evaluate(TIP) == "none"


def test_it_appears_on_focus_and_goes_again(opened):
    page = opened("/vellmark-2030/")
    square = page.get_by_role("link", name=NAME)
    page.get_by_role("link", name="I.1.1a").focus()
    page.keyboard.press("Tab")
    assert square.evaluate("e => e === document.activeElement")
    assert square.evaluate(TIP) == f'"{NAME}"'
    page.keyboard.press("Tab")
    assert square.evaluate(TIP) == "none"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_is_inside_the_window_and_the_page_stays_as_wide_as_it_is(opened, width):
    page = opened("/vellmark-2030/", width=width, height=900)
    browser, outside = page.context.new_cdp_session(page), []
    for link in page.locator("a.sq").all():
        link.scroll_into_view_if_needed()
        link.hover()
        left, top, right, bottom = tip_box(browser, f'a.sq[href="{link.get_attribute("href")}"]')
        if left < 0 or top < 0 or right > width or bottom > 900:
            outside.append((link.get_attribute("href"), round(left), round(top), round(right), round(bottom)))
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert outside == []


def test_the_last_square_of_a_row_does_not_widen_the_page(opened, real_site):
    page = opened("/", at=real_site)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.mouse.move(0, 0)
        rights = page.locator("a.sq").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
        page.locator("a.sq").nth(rights.index(max(rights))).hover()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
