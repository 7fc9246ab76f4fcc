"""A plan of eight promises set up by an editor, from its text and from a spreadsheet, and opened by a reviewer."""

import json
from urllib.request import urlopen

import pytest

from tests.databases import PLANS
from tracker.planbook.rows import of_example
from tracker.schema import COMMITMENTS, METRICS, PLAN

from .lived import PASSWORD
from .rules import SELECT_WORDS, TOO_WIDE, violations
from .serving import SERVER_ALONE, serving

pytestmark = pytest.mark.browser
TEXT = PLANS / "osmarra-2027.txt"
ASIDE = {"I.1.1": ["the day by which the law is promised"], "II.1": ["base year of a change", "year from which on"]}


@pytest.fixture
def alone(site_of, chromium):
    """Address of a site with an invented plan, an editor and a reviewer."""
    with serving(SERVER_ALONE, env=site_of("with_edith_and_rana")) as port:
        yield f"http://127.0.0.1:{port}"


class Person:
    """Somebody who has signed in; ``presses`` are the links and buttons that she chose."""

    def __init__(self, page, name):
        self.page, self.presses = page, []
        page.goto("/admin/login/?next=/desk/preparations/")
        page.fill("#id_username", name)
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/preparations/")

    def press(self, role, name):
        """Press what is called so; another page comes."""
        self.presses.append(name)
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name).first.click()

    def fill(self, **typed):
        """Type into the boxes of a form, and choose in its lists."""
        for name, value in typed.items():
            field = self.page.locator(f"#id_{name}")
            kind = field.evaluate("e => e.tagName")
            if kind == "DIV":
                field.locator(f'input[value="{value}"]').check()
            elif kind == "SELECT":
                field.select_option(str(value))
            else:
                field.fill(str(value))

    def pick(self, name, words):
        """Choose a record in one of the boxes that search."""
        self.page.locator(f".field-{name} .select2-selection").click()
        self.page.locator(".select2-search__field:focus").wait_for()
        self.page.keyboard.type(words)
        self.page.locator(".select2-results__option--highlighted", has_text=words).wait_for()
        self.page.keyboard.press("Enter")

    def is_in_order(self):
        """axe finds nothing, and at no width anything sticks out."""
        assert violations(self.page) == []
        for width in (390, 1280):
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate(TOO_WIDE) == [], self.page.url


@pytest.fixture
def sign_in(chromium):
    """Somebody at a window of her own: ``sign_in("edith", site)``."""
    contexts = []

    def person(name, site):
        contexts.append(chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900}))
        return Person(contexts[-1].new_page(), name)

    yield person
    for context in contexts:
        context.close()


def test_a_plan_of_eight_promises_from_its_text(sign_in, alone, complaints):
    editor = sign_in("edith", alone)
    page, heard = editor.page, complaints(editor.page)
    rows = of_example()
    (plan,) = rows[PLAN]
    metrics = {row["code"]: row for row in rows[METRICS]}

    # The plan itself, and whose it is.
    editor.fill(code=plan["code"])
    editor.press("button", "Begin")
    here = page.url
    editor.press("link", "Body")
    editor.fill(name="Council of Osmarra", kind="government", side="official", state="Osmarra", why="It made the plan.")
    editor.press("button", "Save")
    editor.press("link", "Plan")
    names = ("code", "title", "short_title", "language", "state", "published_on", "starts_on", "ends_on")
    editor.fill(**{name: plan[name] for name in names})
    editor.pick("publisher", "Council of Osmarra")
    editor.press("button", "Save")

    # Its text, and what it is cut into.
    editor.press("link", "From the text")
    page.locator("#id_file").set_input_files(TEXT)
    editor.press("button", "Read the text")
    editor.is_in_order()
    editor.press("button", "Make rights and paragraphs")
    page.get_by_text("They are as this cut has them.").wait_for()

    # Words become promises.
    for row in rows[COMMITMENTS]:
        page.goto(f"{here}text/{row['provision']}/")
        editor.presses.append(row["provision"])
        page.evaluate(SELECT_WORDS, row["quote"])
        assert page.locator("#id_words").input_value() == row["quote"]
        editor.press("button", "Look at these words")
        if row["metric"]:
            metric = metrics[row["metric"]]
            editor.press("link", "New metric for it")
            names = ("name", "definition", "shape", "nature", "unit", "decimals", "statistic", "scope", "lag_months")
            editor.fill(**{name: metric[name] for name in names if metric[name] is not None})
            if metric["rungs"]:
                page.locator("#id_rungs").fill("\n".join(metric["rungs"]))
            editor.press("button", "Save")
        editor.press("link", "Make it a promise")
        assert page.locator("#id_quote").input_value() == row["quote"]
        names = (
            "title",
            "test",
            "kind",
            "rule",
            "level",
            "comparator",
            "target_value",
            "target_rung",
            "deadline_basis",
        )
        editor.fill(**{name: "" if row[name] is None else row[name] for name in names})
        editor.press("button", "Save")
        assert page.url == f"{here}text/{row['provision']}/"
    page.goto(f"{here}text/I.1.2/")
    editor.is_in_order()

    # What is no promise.
    for code, reasons in ASIDE.items():
        page.goto(f"{here}text/{code}/")
        for reason in reasons:
            page.locator("input[name=reason]").first.fill(reason)
            editor.press("button", "Set aside")
    page.goto(here)
    page.get_by_text("Nothing: every paragraph has a promise, and every figure is a target or set aside.").wait_for()
    page.get_by_text("Nothing: it can be opened as it is.").wait_for()
    hand_in_and_open(editor, sign_in, alone)
    assert len(editor.presses) <= 52
    promises_are_those_of(alone, rows)
    assert heard() == []


def test_the_same_plan_from_its_spreadsheet(sign_in, waiting_site, complaints):
    editor = sign_in("edith", waiting_site)
    page, heard = editor.page, complaints(editor.page)
    editor.fill(code="osmarra-2027")
    editor.press("button", "Begin")
    editor.press("link", "From a spreadsheet")
    example = page.request.get(page.get_by_role("link", name="Filled example").get_attribute("href")).body()
    page.get_by_label("Spreadsheet (XLSX)").set_input_files(
        {"name": "plan.xlsx", "mimeType": "application/zip", "buffer": example}
    )
    editor.press("button", "Look at the file")
    editor.press("button", "Load it into the preparation")
    editor.press("link", "See the plan")
    hand_in_and_open(editor, sign_in, waiting_site)
    assert len(editor.presses) <= 6
    promises_are_those_of(waiting_site, of_example())
    assert heard() == []


def hand_in_and_open(editor, sign_in, site):
    """The editor hands in what is before her; the reviewer opens it, in three presses."""
    editor.press("button", "Hand in")
    reviewer = sign_in("rana", site)
    reviewer.press("link", "plan osmarra-2027")
    reviewer.press("link", "Open it to the public")
    reviewer.is_in_order()
    reviewer.press("button", "Open it")
    reviewer.page.get_by_text("It is public").wait_for()


def promises_are_those_of(site, rows):
    """What the site says of the plan's promises is what the rows of the example say."""
    with urlopen(f"{site}/api/v1/commitments/?plan=osmarra-2027") as answer:
        public = {row["quote"]: row for row in json.load(answer)["results"]}
    assert len(public) == 8
    same = ("provision", "code", "title", "kind", "level", "rule", "comparator", "target_rung", "deadline")
    for row in rows[COMMITMENTS]:
        made = public[row["quote"]]
        assert [str(made[name]) for name in same] == [str(row[name]) for name in same], row["code"]
