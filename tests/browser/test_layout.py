"""Nothing sticks out to the side, nothing is lost at twice the size, and targets stand apart."""

import pytest

from . import EVERY_PAGE, PAGES

pytestmark = pytest.mark.browser

# What sticks out of the page to the right, unless it stands in a box that scrolls by itself.
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest('.scroll'))
    .map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)
    .concat(`the page is ${document.documentElement.scrollWidth} wide`)"""

# The words that an eye sees: neither hidden, nor shrunk to a point for the ear alone.
SEEN = """() => {
  const seen = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.matches('option') || !parent.checkVisibility({visibilityProperty: true})) continue;
    let clipped = false;
    for (let e = parent; e && !clipped; e = e.parentElement) {
      const box = e.getBoundingClientRect();
      clipped = getComputedStyle(e).clipPath !== 'none' && box.width <= 1 && box.height <= 1;
    }
    if (!clipped) seen.push(node.data.trim().replace(/\\s+/g, ' '));
  }
  // A cell that says by itself what its column is, where the heads of the table have no room.
  for (const cell of document.querySelectorAll('main td[data-label]')) {
    if (getComputedStyle(cell, '::before').content !== 'none') seen.push(cell.dataset.label);
  }
  return seen;
}"""

# Middle of each target of the mosaic.
MIDDLES = """() => [...document.querySelectorAll('a.sq')].map(e => {
  const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })"""


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_no_page_is_wider_than_the_screen(opened, name):
    page = opened(EVERY_PAGE[name])
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) == [], width


# Lists for staff whose filters stand beside them, and by how much their tables stick out of their boxes.
LISTS = ("update", "commitment", "metric", "body", "category", "provision", "plan", "ledgerentry")
CUT = "() => [...document.querySelectorAll('.results')].map(e => e.scrollWidth - e.clientWidth)"


def test_no_column_of_a_list_for_staff_is_cut_beside_its_filters(staff_page):
    page = staff_page
    page.goto("/admin/tracker/update/add/?metric=village-homes-with-piped-water")
    page.fill("#id_value", "84")
    page.fill("#id_as_of", "2026-06-30")
    page.fill("#id_summary", "The office of numbers counted piped water in 84 percent of all village homes.")
    page.click("input[name=_save]")
    for width in (1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for name in LISTS:
            page.goto(f"/admin/tracker/{name}/")
            assert page.evaluate(CUT) == [0], (name, width)


def test_the_explorer_is_not_wider_than_a_screen_between_two_layouts(opened):
    page = opened("/vellmark-2030/commitments/")
    for width in (640, 768, 896, 900, 960, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) == [], width


@pytest.mark.parametrize("width", [320, 390])
def test_the_filters_opened_are_not_wider_than_the_screen(opened, width):
    page = opened("/vellmark-2030/commitments/?kind=law&body=lake-council&body=none", width=width)
    page.get_by_text("Show all filters").click()
    while page.locator("details:not([open])").count():
        page.locator("details:not([open]) > summary").first.click()
    assert page.evaluate(TOO_WIDE) == []


def test_a_long_word_does_not_widen_the_page(opened):
    page = opened(f"/vellmark-2030/commitments/?q={'well' * 40}", width=320)
    assert page.evaluate(TOO_WIDE) == []


# Heads of the columns that name the rows: a name and a code say by themselves what they are.
NAMES_OF_ROWS = {"Code", "Promise", "Metric", "What moves", "Body", "Kind", "Column", "Plan"}
NAMES_OF_ROWS |= {"Table", "Parameter", "List", "What was counted or done", "Document", "Instrument"}


# 640 points are what a window of 1,280 has left when everything is twice as large.
@pytest.mark.parametrize("name", PAGES)
def test_at_twice_the_size_no_word_is_lost(opened, name):
    page = opened(PAGES[name])
    before = page.evaluate(SEEN)
    page.set_viewport_size({"width": 640, "height": 450})
    if page.locator(".all-filters").count():
        page.get_by_text("Show all filters").click()
    after = page.evaluate(SEEN)
    assert [words for words in before if words not in after and words not in NAMES_OF_ROWS] == []
    assert len(before) >= 3


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_squares_are_24_points_apart(opened, width):
    page = opened("/vellmark-2030/", width=width)
    middles = page.evaluate(MIDDLES)
    assert len(middles) == 14
    for n, (x, y) in enumerate(middles):
        for other_x, other_y in middles[n + 1 :]:
            assert max(abs(x - other_x), abs(y - other_y)) >= 23.99


def test_squares_of_the_real_plan_are_24_points_apart_where_rows_wrap(opened, real_site):
    middles = opened("/", width=320, at=real_site).evaluate(MIDDLES)
    assert len(middles) >= 400
    # A grid of 24: a square's neighbours are among those whose middle is nearest.
    near = [
        (a, b)
        for n, a in enumerate(middles)
        for b in middles[n + 1 :]
        if max(abs(a[0] - b[0]), abs(a[1] - b[1])) < 23.99
    ]
    assert near == []
