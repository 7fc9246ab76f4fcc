"""The assessment report on paper, and as a file that needs nothing else; both of the real plan's chapter on health."""

import re

import pytest

from tests.conftest import VELLMARK

from .serving import environment, manage

pytestmark = pytest.mark.browser

HEALTH = "/hrap-2021-2025/report/?category=I.5"


@pytest.fixture(scope="module")
def report_file(tmp_path_factory):
    """The report of the invented plan as the command writes it."""
    folder = tmp_path_factory.mktemp("report")
    env = environment(folder / "db.sqlite3", folder, PLAN="vellmark-2030", SITE_URL="http://site.example")
    env |= {"DJANGO_SETTINGS_MODULE": "hrplan.settings"}
    manage("migrate", "-v0", env=env)
    manage("load_plan", str(VELLMARK), env=env)
    manage("build_report", "--output", str(folder / "report.html"), env=env)
    return folder / "report.html"


def test_the_file_opens_from_a_disk_and_asks_nobody_for_anything(opened, report_file):
    page = opened()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.goto(report_file.as_uri())
    assert page.locator("tr[id^=promise-]").count() == 14
    assert page.evaluate("getComputedStyle(document.querySelector('.promised')).tableLayout") == "fixed"
    assert asked == [report_file.as_uri()]


def test_links_of_the_file_lead_to_the_site_and_its_contents_to_itself(opened, report_file):
    page = opened()
    page.goto(report_file.as_uri())
    assert page.locator("#promise-I\\.1\\.1a th a").get_attribute("href") == (
        "http://site.example/vellmark-2030/commitments/I.1.1a/"
    )
    page.click(".contents a[href='#part-I.1']")
    assert page.url.endswith("report.html#part-I.1")
    assert page.locator("#part-I\\.1").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_file_fits_the_screen_and_breaks_no_rule(opened, violations, report_file, width):
    page = opened(width=width)
    page.goto(report_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme


def test_on_paper_each_sheet_has_its_head_and_number(opened, report_file):
    page = opened()
    page.goto(report_file.as_uri())
    page.emulate_media(media="print")
    root = "getComputedStyle(document.documentElement).getPropertyValue"
    assert page.evaluate(f"{root}('--head-left')") == '"Rights Programme of Vellmark (2026-2030)"'
    assert page.evaluate(f"{root}('--head-right')").startswith('"As of ')
    assert page.evaluate("getComputedStyle(document.body).page") == "report"


def test_on_paper_title_contents_and_chapters_begin_a_sheet_and_rows_stay_whole(opened, report_file):
    page = opened(width=718)
    page.goto(report_file.as_uri())
    page.emulate_media(media="print")
    of = "(selector, name) => getComputedStyle(document.querySelector(selector))[name]"

    def style(selector, name):
        return page.evaluate(f"([selector, name]) => ({of})(selector, name)", [selector, name])

    assert style(".front", "breakAfter") == "page"
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
    page = opened(HEALTH, width=718, at=real_site)
    page.emulate_media(media="print")
    assert not page.locator(".report-part").is_visible()
    listed = page.locator(".source-list a.address")
    assert listed.count() > 10
    assert listed.first.inner_text() == listed.first.get_attribute("href")
    written = page.evaluate(
        "[...document.querySelectorAll('.promised a')].filter(a => /https?:/.test(a.innerText)).length"
    )
    assert written == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_a_section_of_the_real_plan_breaks_no_rule_and_fits(opened, violations, real_site, width):
    page = opened(HEALTH, width=width, at=real_site)
    assert page.locator("tr[id^=promise-]").count() > 30
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
