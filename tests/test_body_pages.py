"""Organisations: all of them by side on one page, and a page for each."""

import re

import pytest

from tracker.models import BodyKind, Side

from . import factories
from .reading import page_of, source_of

pytestmark = pytest.mark.django_db


def test_the_list_sets_the_sides_apart(client, vellmark):
    page = page_of(client, "/bodies/")
    assert "<title>Bodies · Promise by promise</title>" in page
    assert re.findall(r'<h2 id="side-\d">([\w ]+)</h2>', page) == ["Official", "United Nations", "Independent"]
    assert re.findall(r'<option value="\w+">(Official|UN|Independent) \((\d)\)</option>', page) == [
        ("Official", "2"),
        ("UN", "1"),
        ("Independent", "1"),
    ]
    official = page[page.index(">Official</h2>") : page.index(">United Nations</h2>")]
    assert re.findall(r'<a href="/bodies/([^/]*)/">', official) == ["chancery", "office-of-numbers"]


def test_the_list_says_why_and_how_often(client, vellmark):
    row = re.search(r"/bodies/lake-council/.*?</tr>", page_of(client, "/bodies/"), re.S).group()
    assert ">treaty body or mandate</td>" in row
    assert ">Independent experts who watch over the lake treaties.</td>" in row
    text = re.sub(r"<[^>]*>", "", re.search(r'data-label="On record">(.*?)</td>', row, re.S)[1])
    assert " ".join(text.split()) == "named by 1 promise 1 metric"


def test_a_side_without_bodies_is_not_headed(client, db):
    factories.BodyFactory()
    assert re.findall(r'<h2 id="side-\d">([\w ]+)<', page_of(client, "/bodies/")) == ["Official"]


def test_a_body_of_which_nobody_knows_whose_it_is_stands_apart(client, vellmark):
    factories.BodyFactory(
        code="stray-sheet", side="unknown", state="", kind="media", why="Whose it is was not found out."
    )
    page = page_of(client, "/bodies/")
    independent, _, unknown = page[page.index(">Independent</h2>") :].partition("Side unknown: nobody could find out")
    assert "/bodies/stray-sheet/" in unknown
    assert "/bodies/stray-sheet/" not in independent
    assert "Side unknown · media. Whose it is was not found out." in page_of(client, "/bodies/stray-sheet/")


def test_a_body_is_shown_with_side_kind_and_reason(client, vellmark):
    page = page_of(client, "/bodies/lake-council/")
    assert "<title>Lake Council · Bodies · Promise by promise</title>" in page
    assert "<h1>Lake Council</h1>" in page
    assert "UN · treaty body or mandate. Independent experts who watch over the lake treaties." in page
    assert '<meta name="description" content="Independent experts who watch over the lake treaties.">' in page


def test_it_lists_the_promises_that_name_it_and_the_metrics_it_publishes(client, vellmark):
    page = page_of(client, "/bodies/lake-council/")
    assert '<h2 id="named">Named in 1 promise</h2>' in page
    assert '<a href="/vellmark-2030/commitments/II.1a/">Second report to the Lake Council submitted</a>' in page
    assert '<h2 id="publishes">Publishes 1 metric</h2>' in page
    assert '<a href="/metrics/lake-council-second-report/">Second report to the Lake Council</a>' in page


def test_metrics_stand_with_their_unit_and_in_the_plural(client, vellmark):
    page = page_of(client, "/bodies/office-of-numbers/")
    assert "Publishes 5 metrics" in page
    assert re.search(r'unemployment-rate/">Unemployment rate</a> <span class="quiet">\(percent\)</span>', page)
    assert "Named in" not in page


def test_a_body_that_nothing_names_says_so(client, vellmark):
    page = page_of(client, "/bodies/valley-watch/")
    assert "No promise names it, and it publishes no metric recorded here." in page
    assert "Independent · civil society organisation." in page


def test_the_publisher_of_a_plan_is_said_to_be_so(client, vellmark):
    assert '<a href="/vellmark-2030/">Rights Programme of Vellmark (2026-2030)</a>' in page_of(
        client, "/bodies/chancery/"
    )


def test_its_trail_leads_to_the_list(client, vellmark):
    page = page_of(client, "/bodies/chancery/")
    trail = re.search(r'<nav class="trail".*?</nav>', page, re.S).group()
    assert re.findall(r'href="([^"]*)"', trail) == ["/bodies/"]
    assert re.findall(r'aria-current="page">(\w+)<', page) == ["Bodies"]


def test_every_kind_and_side_has_words(client, db):
    for number, kind in enumerate(BodyKind):
        side = list(Side)[number % len(Side)]
        factories.BodyFactory(code=f"b-{number}", kind=kind, side=side)
    page = page_of(client, "/bodies/")
    for kind in BodyKind:
        assert f">{kind.label}</td>" in page
    assert "_" not in re.sub(r"<[^>]*>", "", page)


@pytest.mark.parametrize("code", ["no-such", "Chancery", "1"])
def test_an_unknown_body_is_a_404_with_a_sentence(client, db, code):
    response = client.get(f"/bodies/{code}/")
    assert response.status_code == 404
    assert f"There is no body with the code {code}." in response.content.decode()


def test_words_with_signs_are_shown_as_text(client, db):
    factories.BodyFactory(code="wild", name="<b>Wild</b>", why='"><script>1</script>')
    page = source_of(client, "/bodies/wild/")
    assert "<script" not in page
    assert "&lt;b&gt;Wild&lt;/b&gt;" in page
