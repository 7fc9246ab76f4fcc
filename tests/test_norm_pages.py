"""What promises rest on: instruments, their articles, the links to them, and that none of it claims compliance."""

import datetime
import json
import re
import tomllib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.registering import register
from tracker.models import Instrument, LedgerEntry, Plan
from tracker.snapshot.cache import read_snapshot

from . import factories
from .conftest import CHINA
from .reading import page_of, part, refused, rows_of, words_of

pytestmark = pytest.mark.django_db

LIST, TREATY, ARTICLE = "/norms/", "/norms/LAKES/", "/norms/LAKES/3/"
SAID_ONCE = "A promise that is linked to an article and kept says nothing of the article being respected."
EXPLORER = "/vellmark-2030/commitments/"


def test_the_list_says_who_takes_part_who_reviews_and_how_many_promises_are_linked(client, vellmark):
    page = page_of(client, LIST)
    assert "3 of 14 promises are linked to at least one." in words_of(page)
    rows = [row.replace(" ,", ",") for row in rows_of(page)]
    assert "LAKES Treaty of the Lakes on Water and Work party Lake Council 3 of 14" in rows
    assert "GOALS Goals of the Lake Countries takes part as a member of the United Nations 1 of 14" in rows
    assert page.index("Treaties") < page.index("Development goals")


def test_since_when_is_said_with_its_source_and_a_signature_makes_no_party(client, vellmark, edith):
    source = factories.SourceFactory()
    instrument = factories.InstrumentFactory.build(code="FISH", title="Treaty of the Fish")
    register(record=instrument, by=edith)
    adherence = factories.AdherenceFactory.build(
        plan=Plan.objects.get(code=vellmark),
        instrument=Instrument.objects.get(code="FISH"),
        code="FISH",
        participation="signed",
        since=datetime.date(1998, 10, 5),
        precision="month",
        source=source,
        note="No step since.",
    )
    register(record=adherence, by=edith)
    page = page_of(client, "/norms/FISH/")
    assert "signed Oct 1998, not a party" in words_of(page)
    assert f'href="/sources/{source.code}/"' in page
    assert "No step since." in page
    assert "No promise is linked to it." in page


@pytest.mark.parametrize("address", [LIST, TREATY, ARTICLE, f"{EXPLORER}I.1.1a/"])
def test_each_page_says_once_that_it_claims_no_compliance(client, vellmark, address):
    assert page_of(client, address).count(SAID_ONCE) == 1


def test_an_instrument_counts_promises_and_statuses_article_by_article(client, vellmark):
    page = page_of(client, TREATY)
    assert "With a reservation on article 4." in page
    assert [row.split(" of 14")[0] for row in rows_of(page)[1:]] == [
        "All of it 3",
        "3 Clean water for every household 2",
        "4 Shores that everyone may walk 0",
        "9 Reports of the States to the council 1",
    ]


def test_each_count_leads_to_exactly_those_promises(client, vellmark):
    for address, count in re.findall(rf'href="({EXPLORER}\?norm=[^"]*)">(\d+)<', page_of(client, TREATY)):
        assert f'<h2 id="found">{count} <span' in page_of(client, address)


def test_findings_of_the_body_stand_by_promise_and_others_do_not(client, accounts):
    text = words_of(page_of(client, TREATY))
    council = [
        f.summary
        for plan in read_snapshot().plans.values()
        for rows in (*plan.findings.values(), *plan.findings_on.values())
        for f in rows
        if f.origin == "lake-council" and not f.redacted and f.as_of <= read_snapshot().on
    ]
    assert council
    assert all(summary in text for summary in council)
    assert "valley-watch" not in page_of(client, TREATY)


def test_an_article_lists_its_promises_with_reason_and_status(client, vellmark):
    page = page_of(client, ARTICLE)
    assert "Clean water for every household" in words_of(re.search("<h1>.*?</h1>", page)[0])
    text = part(page, "promises-1")
    assert text.startswith("2 of 14 promises: Vellmark 2026-2030")
    assert "Pipes into village homes are the supply that the article names." in text
    assert "I.1.1e" in text


def test_the_map_of_the_site_leads_to_norms_and_says_where_the_reader_is(client, vellmark):
    assert '<a href="/norms/">What the promises rest on</a>' in page_of(client, "/")
    for address in (LIST, TREATY, ARTICLE):
        here = re.findall(r'<a href="([^"]*)" aria-current="page">', page_of(client, address))
        assert here == ["/norms/"], address


def test_a_promise_names_what_it_rests_on_with_the_reason(client, vellmark):
    text = part(page_of(client, f"{EXPLORER}I.1.1a/"), "rests-on")
    assert text.index("LAKES , article 3") < text.index("GOALS , target 6.1")
    assert "The target counts homes with safe water." in text
    assert text.index("LAKES , article 3") < text.index("The State that made the plan: party") < text.index("GOALS")
    assert "Where no link stands, none was made: it does not mean that no norm applies." in text
    assert 'id="rests-on"' not in page_of(client, f"{EXPLORER}I.2.1a/")


def test_a_promise_to_report_leads_to_the_body_that_it_concerns(client, accounts):
    page = page_of(client, f"{EXPLORER}II.1a/")
    assert "The body that it concerns: Lake Council" in words_of(page)
    assert 'href="/norms/LAKES/#findings"' in page
    assert 'href="/bodies/lake-council/"' in page
    assert "The body that it concerns" not in page_of(client, f"{EXPLORER}I.1.1a/")


def test_what_is_not_there_is_a_404_with_a_sentence(client, vellmark):
    assert refused(client, "/norms/STARS/", 404) == "There is no instrument with the code STARS."
    assert refused(client, "/norms/LAKES/99/", 404) == "There is no article or target with the code LAKES-99."
    assert refused(client, f"{LIST}?kind=treaty") == "This page takes no parameter “kind”."


def test_a_link_is_known_from_the_entry_that_registered_it(vellmark):
    entry = LedgerEntry.objects.get(subject="link vellmark-2030/II.1a-LAKES-9").seq
    before, after = (read_snapshot(known=each).plan(vellmark) for each in (entry - 1, entry))
    assert before.links["II.1a"] == ()
    assert before.commitments["II.1a"].norms == ()
    assert after.commitments["II.1a"].norms == ("LAKES-9",)


@pytest.mark.parametrize(
    ("query", "count"), [("norm=LAKES", 3), ("norm=LAKES-3", 2), ("norm=none", 11), ("norm=GOALS&norm=LAKES-9", 2)]
)
def test_the_explorer_takes_instruments_norms_and_none(client, vellmark, query, count):
    assert f'<h2 id="found">{count} <span' in page_of(client, f"{EXPLORER}?{query}")


def test_the_filter_stands_in_steps_and_refuses_what_no_promise_is_linked_to(client, vellmark):
    page = page_of(client, EXPLORER)
    assert re.search(r'<label class="d0">\s*<input type="checkbox" id="norm-LAKES"', page)
    assert re.search(r'<label class="d1">\s*<input type="checkbox" id="norm-LAKES-3"', page)
    assert refused(client, f"{EXPLORER}?norm=LAKES-4").startswith("norm=LAKES-4:")


@pytest.mark.parametrize(
    ("address", "codes"),
    [
        ("norms/?instrument=LAKES", ["LAKES-3", "LAKES-4", "LAKES-9"]),
        ("norms/?commitment=I.1.1a", ["GOALS-6.1", "LAKES-3"]),
        ("instruments/?plan=vellmark-2030", ["GOALS", "LAKES"]),
        ("norm-links/?norm=LAKES-3", ["I.1.1a-LAKES-3", "I.1.1e-LAKES-3"]),
        ("norm-links/?commitment=I.1.1a&instrument=GOALS", ["I.1.1a-GOALS-6.1"]),
        ("adherences/", ["LAKES", "GOALS"]),
    ],
)
def test_the_api_lists_them_by_filter(client, vellmark, address, codes):
    assert [row["code"] for row in client.get(f"/api/v1/{address}").json()["results"]] == codes


def test_files_and_api_give_the_same_rows(client, vellmark):
    for name in ("instruments", "norms", "adherences", "norm-links"):
        rows = json.loads(client.get(f"/data/{name}.json").getvalue())["results"]
        assert rows
        assert rows == client.get(f"/api/v1/{name}/").json()["results"]


@pytest.mark.parametrize("address", [LIST, TREATY, ARTICLE])
def test_a_page_asks_one_thing_of_the_database(client, accounts, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(address)
    assert len(queries) == 1


def rows_in(pattern):
    return [
        row
        for path in sorted(CHINA.glob(pattern))
        for rows in tomllib.loads(path.read_text(encoding="utf-8")).values()
        for row in rows
    ]


def test_every_link_of_the_real_plan_is_well_formed():
    promises = {row["code"] for row in rows_in("commitments/*.toml")}
    norms = {row["code"] for row in rows_in("norms.toml")}
    links, per_promise = rows_in("norm-links/*.toml"), {}
    assert links
    for link in links:
        assert link["commitment"] in promises
        assert link["norm"] in norms
        assert link["code"] == f"{link['commitment']}-{link['norm']}"
        assert 20 <= len(link["rationale"]) <= 240, link["code"]
        per_promise.setdefault(link["commitment"], []).append(link["norm"])
    assert max(map(len, per_promise.values())) <= 3
    assert {row["instrument"] for row in rows_in("adherences.toml")} == {r["code"] for r in rows_in("instruments.toml")}


def test_the_first_page_leads_to_the_norms_and_to_the_time_before_the_plan(client, vellmark):
    page = page_of(client, "/vellmark-2030/")
    linked = re.findall(r'href="/norms/(\w+)/">[^<]*<span class="num">(\d+)</span>', page)
    plan = read_snapshot().plans["vellmark-2030"]
    assert {code: int(n) for code, n in linked} == {code: len(rows) for code, rows in plan.by_instrument.items()}
    assert 'href="/vellmark-2030/baseline/">Before the plan: 6 figures and acts' in page


def test_a_finding_of_the_body_leads_to_its_sources(client, vellmark_progress):
    """From the page of an instrument to the publication itself: one press, or the word that there is no address."""
    for code in read_snapshot().instruments:
        page = page_of(client, f"/norms/{code}/")
        for finding in re.findall(r'<p class="said-of">(.*?)</p>', page, re.S):
            assert 'href="/sources/' in finding
            assert 'class="out"' in finding or "no confirmed web address" in finding
