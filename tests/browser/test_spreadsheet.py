"""A plan in the browser: from a spreadsheet, mended and loaded; then its text, cut, and words of it made a promise."""

import io

import pytest
from openpyxl import load_workbook

from tests.conftest import VELLMARK_TEXT

from .rules import SELECT_WORDS, TOO_WIDE

pytestmark = pytest.mark.browser
WORDS = "piped water to 88 percent or more of village homes"


def test_a_spreadsheet_is_mended_and_loaded_and_words_of_a_text_become_a_promise(staff_page, violations, complaints):
    page = staff_page
    heard = complaints(page)

    def is_in_order():
        assert violations(page) == []
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(TOO_WIDE) == []

    def send(content):
        page.get_by_label("Spreadsheet (XLSX)").set_input_files(
            {"name": "plan.xlsx", "mimeType": "application/zip", "buffer": content}
        )
        page.get_by_role("button", name="Look at the file").click()

    page.goto("/desk/spreadsheets/")
    is_in_order()
    example = page.request.get(page.get_by_role("link", name="Filled example").get_attribute("href")).body()
    book, spoilt = load_workbook(io.BytesIO(example)), io.BytesIO()
    book["Promises"]["F4"] = "Statute"
    book.save(spoilt)
    page.goto("/desk/preparations/")
    page.get_by_label("Code of the plan").fill("osmarra-2027")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/desk/preparations/*/")
    here = page.url
    page.get_by_role("link", name="From a spreadsheet").click()
    send(spoilt.getvalue())
    page.get_by_text("1 problem: nothing is loaded before it is mended").wait_for()
    is_in_order()
    send(example)
    page.get_by_text("Nothing is wrong with it.").wait_for()
    is_in_order()
    page.get_by_role("button", name="Load it into the preparation").click()
    page.get_by_role("link", name="See the plan").click()
    page.get_by_role("heading", name="Rights, paragraphs and promises").wait_for()

    page.goto(f"{here}text/")
    page.get_by_label("Text of the plan").set_input_files(VELLMARK_TEXT)
    page.get_by_role("button", name="Read the text").click()
    page.get_by_role("heading", name="How the text is cut").wait_for()
    is_in_order()
    page.get_by_role("link", name="Put the cut right").click()
    page.wait_for_url("**/text/lines/")
    is_in_order()
    page.goto(f"{here}text/")
    page.get_by_role("button", name="Make rights and paragraphs").click()
    page.get_by_text("They are as this cut has them.").wait_for()
    page.goto(f"{here}text/I.1.1/")
    is_in_order()
    page.evaluate(SELECT_WORDS, WORDS)
    page.get_by_role("button", name="Look at these words").click()
    page.get_by_role("link", name="Make it a promise").click()
    assert page.locator("#id_quote").input_value() == WORDS
    assert page.locator("#id_target_value").input_value() == "88"
    page.goto(here)
    page.get_by_role("heading", name="Left to do in the text").wait_for()
    is_in_order()
    assert heard() == []
