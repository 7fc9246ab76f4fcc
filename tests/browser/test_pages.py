"""One visit to each type of page, at which all that a browser can tell of it is looked at."""

import pytest

from tests.examples import NIGHTLY

from . import ALIKE, COMMITMENTS, ERRORS, LIVED_PAGES, PAGES, REAL_PAGES
from .rules import none_of, not_among
from .window import Window

pytestmark = pytest.mark.browser

PROMISE = ("blockquote.main", "p.test", "dl.facts", ".cite")


@pytest.mark.parametrize("name", PAGES)
def test_a_public_page_breaks_no_rule(window, name):
    on_paper = PROMISE if name in COMMITMENTS else ()
    none_of(window.look(PAGES[name], whole=name not in ALIKE or NIGHTLY, on_paper=on_paper))


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_breaks_no_rule(window, status):
    none_of(window.look(ERRORS[status], status=int(status)))


@pytest.mark.parametrize("name", LIVED_PAGES)
def test_a_page_with_much_on_record_breaks_no_rule(lived_window, name):
    none_of(lived_window.look(LIVED_PAGES[name], keyboard=False))


@pytest.mark.parametrize("path", REAL_PAGES)
def test_a_page_of_the_real_plan_breaks_no_rule(real_window, path):
    none_of(real_window.look(path, keyboard=False))  # Tab stops at each of some 450 squares
    selector, least = REAL_PAGES[path]
    assert real_window.page.locator(selector).count() >= least


def test_a_public_page_not_looked_at_whole_is_made_of_what_the_others_are_made_of(window, lived_window):
    whole = [window.html(PAGES[name]) for name in PAGES if name not in ALIKE]
    whole += [lived_window.html(path) for path in LIVED_PAGES.values()]
    assert not_among(whole, {name: window.html(PAGES[name]) for name in ALIKE}) == {}


# What a page could do wrong, with attributes alone: its policy forbids styles and scripts within it.
SPOILT = """<h1>Another one</h1><p><font color="#ddd">pale</font><font color="#333">dark</font></p>
<input class="everywhere"><input class="narrow">
<p class="wide">wide</p><p class="files">for the screen</p>
<img src="https://elsewhere.example/x.png" alt=""><a href="/" class="bare">bare</a>"""
BY_SCRIPT = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`a.bare:focus { outline: none } p.wide { width: 2000px } p.files { display: block !important }
  @media (width > 400px) { input.narrow { display: none } }`);
document.adoptedStyleSheets = [sheet];
addEventListener('load', () => { document.querySelector('.bare').title = 'by script'; console.error('loud'); });
"""


def test_what_is_wrong_is_named(contexts, site):
    """The window can fail: a page is spoilt on its way, and each fault has its sentence."""
    page = contexts().new_page()
    page.route(
        "**/about/",
        lambda route: (
            (answer := route.fetch())
            and route.fulfill(response=answer, body=answer.text().replace("</main>", f"{SPOILT}</main>"))
        ),
    )
    page.add_init_script(BY_SCRIPT)
    problems = Window(page, site).look("/about/")
    page.close()
    for sentence in (
        "at 1280, light: one main heading: 2",
        'at 1280, light: the same without script: the server sent “<a href="/" class="bare">bare',
        "at 1280, light: focus: A bare",
        "at 1280, light: axe: label: ['.everywhere'] <input",
        "at 390, light: axe: label: ['.narrow'] <input",
        "at 1280, light: axe: color-contrast: ['font[color=\"#ddd\"]'] <font",
        "at 390, dark: axe: color-contrast: ['font[color=\"#333\"]'] <font",
        "at 1280, light: too wide: P.wide",
        "at 320, light: too wide: the page is",
        "at 718, print: paper: .files is still seen",
        "at 640, light: console: loud",
        "at 640, light: console: img-src https://elsewhere.example/x.png",
        "at 640, light: asks another site: https://elsewhere.example/x.png",
    ):
        assert [line for line in problems if line.startswith(f"/about/ {sentence}")], (sentence, problems)
