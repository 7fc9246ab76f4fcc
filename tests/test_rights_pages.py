"""The chapters and sections of a plan: all of them on one page, and a page for each."""

import re
from collections import Counter

import pytest

from tracker.snapshot.cache import read_snapshot
from tracker.wording import labels

from . import factories
from .reading import source_of, words_of

pytestmark = pytest.mark.django_db


def test_it_lists_chapters_in_order_with_their_counts(client, vellmark):
    page = source_of(client, "/vellmark-2030/rights/")
    assert "<h1>Rights</h1>" in page
    assert "<title>Rights · Vellmark 2026-2030 · Promise by promise</title>" in page
    assert re.findall(r'href="(/vellmark-2030/rights/[^"]+)"', page) == [
        "/vellmark-2030/rights/I/",
        "/vellmark-2030/rights/I.1/",
        "/vellmark-2030/rights/I.2/",
        "/vellmark-2030/rights/II/",
    ]
    assert re.findall(r"</h2>.*?, of (\d+)</p>", page) == ["11", "3"]


def test_each_section_has_a_bar_of_what_became_of_its_promises_and_says_it_in_words(client, accounts):
    page = source_of(client, "/vellmark-2030/rights/")
    water = re.search(r'rights/I\.1/">.*?</li>', page, re.S).group()
    bar = re.findall(r'<rect class="g-(\w+)" x="([\d.]+)" width="([\d.]+)"', water)
    mine = read_snapshot().plans["vellmark-2030"].by_category["I.1"]
    assert {group: float(width) for group, _x, width in bar} == {
        group: pytest.approx(100 * n / len(mine)) for group, n in Counter(c.group for c in mine).items()
    }
    widths = [float(width) for *_rest, width in bar]
    assert [float(x) for _group, x, _width in bar] == pytest.approx([sum(widths[:n]) for n in range(len(bar))])
    few = labels.bar({"kept": 1, "not_known": 999})
    assert few[0][2] == pytest.approx(100 * labels.LEAST, rel=0.02)  # what hardly occurs can be seen all the same
    assert re.search(rf'<p class="quiet">(\d+ [a-z ]+, )+of {len(mine)}</p>', water)


def test_a_chapter_counts_what_stands_below_it_and_lists_its_sections_and_introduction(client, vellmark):
    page = source_of(client, "/vellmark-2030/rights/I/")
    assert '<h1><span class="num">I</span> Daily Life</h1>' in page
    assert "<title>I Daily Life · Vellmark 2026-2030 · Promise by promise</title>" in page
    assert "11 promises, 6 of them figures." in page
    assert re.findall(r'href="([^"]*)"', re.search(r'<ul class="results">.*?</ul>', page, re.S)[0]) == [
        "/vellmark-2030/rights/I.1/",
        "/vellmark-2030/rights/I.2/",
    ]
    assert "The chapter&#x27;s introduction" in page or "The chapter's introduction" in page
    assert re.findall(r'<h3><a href="([^"]*)"', page) == ["/vellmark-2030/provisions/I.0.0/"]
    assert "Ombudsman&#x27;s office for daily life opened" in page


def test_a_section_shows_its_paragraphs_in_order_with_what_each_promises(client, vellmark):
    page = source_of(client, "/vellmark-2030/rights/I.1/")
    assert re.findall(r'<h3><a href="([^"]*)"', page) == [
        "/vellmark-2030/provisions/I.1.0/",
        "/vellmark-2030/provisions/I.1.1/",
    ]
    assert "Promises nothing that the paragraphs below it do not promise." in page
    codes = re.findall(r'<p class="quiet"><strong>[^<]*</strong> · <span class="num">([^<]*)</span>', page)
    assert codes == ["I.1.1a", "I.1.1b", "I.1.1c", "I.1.1d", "I.1.1e"]
    assert "Law or policy document · stage “adopted” · end of the plan" in words_of(page)


def test_a_stated_deadline_is_said_in_the_list(client, vellmark):
    page = words_of(source_of(client, "/vellmark-2030/rights/I.2/"))
    assert "at least 20 thousand people over the whole plan · stated in the text, 29 February 2028" in page


def test_its_trail_leads_up_by_links(client, vellmark):
    page = source_of(client, "/vellmark-2030/rights/I.1/")
    trail = re.search(r'<nav class="trail".*?</nav>', page, re.S).group()
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', trail) == [
        ("/vellmark-2030/", "Vellmark 2026-2030"),
        ("/vellmark-2030/rights/I/", "I Daily life"),
    ]


def test_its_counts_by_kind_lead_to_the_same_set(client, vellmark):
    page = source_of(client, "/vellmark-2030/rights/I.1/")
    assert 'href="/vellmark-2030/commitments/?category=I.1&amp;kind=quantity">Quantity</a>' in page
    assert re.search(r'kind=quantity">Quantity</a>.*?data-label="of">3</td>\s*<td[^>]*>0 to 3 of 3\s*</td>', page, re.S)
    found = source_of(client, "/vellmark-2030/commitments/?category=I.1&kind=quantity")
    assert '3 <span class="of">of 14 promises</span>' in found
    assert "kind=programme" not in page


def test_its_neighbours_stand_at_the_same_depth(client, vellmark):
    first = source_of(client, "/vellmark-2030/rights/I.1/")
    assert 'rel="prev"' not in first
    assert 'rel="next" href="/vellmark-2030/rights/I.2/"' in first
    last = source_of(client, "/vellmark-2030/rights/II/")
    assert 'rel="prev" href="/vellmark-2030/rights/I/"' in last
    assert 'rel="next"' not in last


def test_the_menu_says_where_the_reader_is(client, vellmark):
    for address in ("/vellmark-2030/rights/", "/vellmark-2030/rights/I.1/"):
        assert re.findall(r'aria-current="page">(\w+)<', source_of(client, address)) == ["Rights"]


def test_an_unknown_right_is_a_404_with_a_sentence(client, vellmark):
    for code in ("I.9", "i.9", "O.1", "I.1.1"):
        response = client.get(f"/vellmark-2030/rights/{code}/")
        assert response.status_code == 404
        assert f"There is no chapter or section with the code {code}." in response.content.decode()


def test_a_right_of_one_plan_is_not_found_in_another(client, vellmark):
    factories.CategoryFactory(plan__code="other-plan", code="X")
    assert client.get("/other-plan/rights/X/").status_code == 200
    assert client.get("/vellmark-2030/rights/X/").status_code == 404
    assert client.get("/other-plan/rights/I.1/").status_code == 404


def test_a_right_without_promises_says_so_with_zeros(client, db):
    factories.CategoryFactory(plan__code="other-plan", code="X", title="Air")
    page = source_of(client, "/other-plan/rights/X/")
    assert "0 promises, 0 of them figures." in page
    assert "of 0, 0 percent" in page


def test_three_depths_of_rights_each_have_a_page_and_a_trail(client, db):
    top = factories.CategoryFactory(plan__code="deep-plan", code="A", order=1)
    middle = factories.CategoryFactory(plan=top.plan, parent=top, code="A.1", order=2)
    low = factories.CategoryFactory(plan=top.plan, parent=middle, code="A.1.x", order=3)
    factories.CommitmentFactory(provision__category=low, code="A.1.x.1a")
    page = source_of(client, "/deep-plan/rights/A.1.x/")
    assert "1 promise, 1 of them a figure." in page
    trail = re.search(r'<nav class="trail".*?</nav>', page, re.S).group()
    assert re.findall(r'href="([^"]*)"', trail) == ["/deep-plan/", "/deep-plan/rights/A/", "/deep-plan/rights/A.1/"]
    assert "1 promise, 1 of them a figure." in source_of(client, "/deep-plan/rights/A/")


def test_a_title_with_signs_is_shown_as_text(client, db):
    factories.CategoryFactory(plan__code="other-plan", code="X", title="<b>Air</b> & “sea”", short_title="<i>")
    page = source_of(client, "/other-plan/rights/X/")
    assert "&lt;b&gt;Air&lt;/b&gt; &amp; “sea”" in page
    assert "<b>" not in page


def test_the_description_for_search_engines_names_no_other_plan(client, vellmark):
    assert "China" not in source_of(client, "/vellmark-2030/rights/")
