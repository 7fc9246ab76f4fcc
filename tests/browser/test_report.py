"""The assessment report on paper, and as a file that needs nothing else; both of the real plan's chapter on health."""

import re
from pathlib import Path

import pytest

from . import HEALTH_REPORT
from .serving import manage

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report_file(site_of):
    """The report of the invented plan as the command writes it."""
    env = site_of("vellmark", SITE_URL="http://site.example")
    path = Path(env["VAR"], "report.html")
    manage("build_report", "--output", str(path), env=env)
    return path


def test_the_file_opens_from_a_disk_and_asks_nobody_for_anything(opened, report_file):
    page = opened()
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: requests.append(message.text))
    page.goto(report_file.as_uri())
    assert page.locator("tr[id^=promise-]").count() == 14
    assert page.evaluate("getComputedStyle(document.querySelector('.promised')).tableLayout") == "fixed"
    assert requests == [report_file.as_uri()]


def test_links_of_the_file_lead_to_the_site_and_its_contents_to_itself(opened, report_file):
    page = opened()
    page.goto(report_file.as_uri())
    assert page.locator("#promise-I\\.1\\.1a th a").get_attribute("href") == (
        "http://site.example/vellmark-2030/commitments/I.1.1a/"
    )
    page.click(".contents a[href='#part-I.1']")
    assert page.url.endswith("report.html#part-I.1")
    assert page.locator("#part-I\\.1").is_visible()


def test_the_file_fits_the_screen_and_breaks_no_rule(opened, violations, report_file):
    page = opened()
    page.goto(report_file.as_uri())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, colours_alone=scheme == "dark") == [], (width, scheme)


def test_on_paper_sheets_have_heads_chapters_begin_a_sheet_and_rows_stay_whole(opened, report_file):
    page = opened(width=718)
    page.goto(report_file.as_uri())
    page.emulate_media(media="print")
    root = "getComputedStyle(document.documentElement).getPropertyValue"
    assert page.evaluate(f"{root}('--head-left')") == '"Rights Programme of Vellmark (2026-2030)"'
    assert page.evaluate(f"{root}('--head-right')").startswith('"As of ')
    assert page.evaluate("getComputedStyle(document.body).page") == "report"
    of = "(selector, name) => getComputedStyle(document.querySelector(selector))[name]"

    def style(selector, name):
        return page.evaluate(f"([selector, name]) => ({of})(selector, name)", [selector, name])

    assert style(".brief", "breakAfter") == "page"  # the first sheet: what it is, and the findings
    assert style(".contents", "breakAfter") == "page"
    assert page.locator(".contents").is_visible()
    assert style(".chapter-of", "breakBefore") == "page"
    assert style(".promised tbody tr", "breakInside") == "avoid"
    assert style(".promised thead", "display") == "table-header-group"
    assert style(".running", "display") == "table-row"
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))
    assert 6 <= sheets <= 14  # title, contents, counts, two chapters, sources


def test_addresses_are_written_out_in_the_list_of_sources_only(opened, real_site):
    page = opened(HEALTH_REPORT, width=718, at=real_site)
    page.emulate_media(media="print")
    assert not page.locator(".report-part").is_visible()
    listed = page.locator(".source-list a.address")
    assert listed.count() > 10
    for link in listed.all():  # a UN document is found by its symbol
        assert link.inner_text() == link.get_attribute("href").removeprefix("https://undocs.org/")
    written = page.evaluate(
        "[...document.querySelectorAll('.promised a')].filter(a => /https?:/.test(a.innerText)).length"
    )
    assert written == 0
