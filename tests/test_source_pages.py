"""Publications: who carried them, and what rests on each."""

import re

import pytest
from django.core.exceptions import ValidationError

from tests.registering import register
from tracker.actions.changes import amend
from tracker.actions.progress import publish, submit
from tracker.filters.lists import SourceQuery
from tracker.models import Plan, Source
from tracker.models.sources import symbol_form
from tracker.pages.lists import ON_A_PAGE
from tracker.records.registry import document_address
from tracker.snapshot.cache import read_snapshot

from . import drafts, factories
from .reading import page_of, source_of, words_of

pytestmark = pytest.mark.django_db


def test_the_list_is_by_carrier_with_what_rests_on_each(client, vellmark_progress):
    page = page_of(client, "/sources/")
    text = words_of(page)
    assert "6 publications that this site cites" in text
    assert "For 2 of them no address was confirmed" in text
    assert re.search(r"Gazette of Vellmark \d+ statements rest on it; no confirmed web address", text)
    assert "Rights in Vellmark, a look back 10 Dec 2025 6 statements rest on it" in text
    assert '<a href="/sources/lake-report/">Observations of the Lake Council</a>' in page


def test_a_source_leads_to_the_promises_rights_and_metrics_that_rest_on_it(client, vellmark_progress):
    page = page_of(client, "/sources/lake-report/")
    assert "3 statements cite it." in page
    assert '<a href="/vellmark-2030/commitments/I.1.1e/">' in page
    assert '<a href="/vellmark-2030/rights/I.1/">' in page
    assert '<a href="/metrics/lake-council-second-report/">' in page
    assert "Cited at: p. 7" in page
    assert '<a rel="noreferrer nofollow external" href="https://lake.example/obs">' in page


def test_one_without_an_address_says_why(client, vellmark_progress):
    page = page_of(client, "/sources/gazette/")
    assert "No address was confirmed." in page
    assert 'rel="noreferrer' not in page


def test_a_document_from_before_the_plan_leads_to_what_it_gives(client, vellmark):
    page = page_of(client, "/sources/look-back-2025/")
    assert "It gives 6 figures and acts from before the plan : Vellmark 2026-2030." in words_of(page)
    assert '<a href="/vellmark-2030/baseline/">' in page
    assert "Nothing published here cites it" not in page


def test_a_document_that_says_who_takes_part_leads_to_the_instrument(client, vellmark, edith):
    source = factories.SourceFactory()
    instrument = factories.InstrumentFactory(code="FISH", title="Treaty of the Fish")
    plan = Plan.objects.get(code=vellmark)
    adherence = factories.AdherenceFactory.build(plan=plan, instrument=instrument, code="FISH", source=source)
    register(record=adherence, by=edith)
    page = page_of(client, f"/sources/{source.code}/")
    assert "It says whether the State takes part in: Treaty of the Fish" in words_of(page)
    assert '<a href="/norms/FISH/">Treaty of the Fish</a>' in page
    assert f'/{source.code}/">{source.title}</a> <span class="quiet">1 statement rests' in page_of(client, "/sources/")


def test_before_there_are_any_the_list_says_so(client, db):
    assert "No publication is recorded yet." in page_of(client, "/sources/")


def test_an_unknown_source_is_a_404_with_a_sentence(client, vellmark):
    response = client.get("/sources/no-such/")
    assert response.status_code == 404
    assert "There is no source with the code no-such." in response.content.decode()


def test_a_body_shows_its_own_statements_apart_from_what_it_carried(client, vellmark_progress):
    page = words_of(page_of(client, "/bodies/lake-council/"))
    assert "3 statements of its own on record" in page
    assert "Carried 1 publication" in page
    assert "on the right as a whole: 1 finding" in page


def test_a_metric_shows_its_values_and_what_was_withdrawn(client, vellmark_progress):
    page = words_of(page_of(client, "/metrics/village-homes-with-piped-water/"))
    assert "about 86 percent" in page
    assert "2 entries corrected or withdrawn since" in page


def test_a_un_document_has_its_symbol_and_the_link_that_follows_beside_the_carrier(
    client, vellmark_progress, edith, rana
):
    gazette = Source.objects.get(code="gazette")
    row = amend(record=gazette, changes={"un_symbol": "E/C.12/CHN/CO/3"}, reason="It reprints it.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)
    link = '<a rel="noreferrer nofollow external" href="https://undocs.org/E/C.12/CHN/CO/3">'
    page = page_of(client, "/sources/gazette/")
    assert "No address was confirmed." in page
    assert f"{link}E/C.12/CHN/CO/3</a>" in page
    out = link.replace("<a ", '<a class="out" ')
    assert f"{out}UN document E/C.12/CHN/CO/3</a>" in page_of(client, "/vellmark-2030/commitments/I.1.1d/")
    assert "UN document E/C.12/CHN/CO/3" in words_of(page_of(client, "/vellmark-2030/report/"))
    assert client.get("/api/v1/sources/gazette/").json()["un_symbol"] == "E/C.12/CHN/CO/3"
    listed = words_of(page_of(client, "/sources/"))  # and about counts as it says
    assert "For 2 of them no address was confirmed, and none is shown. On 1 of these 2 a link follows" in listed
    assert "1 have neither a confirmed address nor a UN symbol" in words_of(page_of(client, "/about/"))


@pytest.mark.parametrize("symbol", ["CEDAW/C/CHN/CO/9", "A/HRC/56/6/Add.1", "CRPD/C/CHN/CO/2-3", "A/HRC/WG.6/45/CHN/1"])
def test_a_symbol_as_the_united_nations_write_it_is_taken(symbol):
    symbol_form(symbol)
    assert document_address(f"Opinion ({symbol}), para. 4") == f"https://undocs.org/{symbol}"


@pytest.mark.parametrize(
    "symbol", ["e/c.12/chn/co/3", "E/C.12/CHN/CO/3 ", "E/C.12 /CHN", "GJ/56/2022", "CEDAW", "E/C.12/", "x E/1"]
)
def test_what_is_no_symbol_is_refused_with_an_example(symbol):
    with pytest.raises(ValidationError, match=re.escape("such as E/C.12/CHN/CO/3")):
        symbol_form(symbol)


@pytest.mark.parametrize("words", ["AL CHN 4/2021", "Note verbale GJ/56/2022", "Decision 1 (108)", ""])
def test_a_document_without_a_symbol_has_no_link(words):
    assert document_address(words) == ""


def test_a_finding_leads_to_the_document_that_it_stands_in(client, vellmark_progress, edith, rana):
    drafts.published(drafts.finding("notes", "2026-06-30", document="A/HRC/56/6, para. 28"), edith, rana)
    page = page_of(client, "/vellmark-2030/commitments/I.1.1e/")
    assert 'href="https://undocs.org/A/HRC/56/6">A/HRC/56/6, para. 28</a>' in page


def listed(page):
    return re.findall(r'<a href="/sources/([^/"]+)/"', page)


def test_the_list_is_searched_filtered_and_counted_and_each_choice_says_what_it_would_give(client, vellmark_progress):
    everything = source_of(client, "/sources/")
    of = len(read_snapshot().sources)
    assert f"<strong>{of} of {of}</strong>" in everything
    for value, label, n in re.findall(r'<option value="(\w+)">([^<(]+) \((\d+)\)</option>', everything):
        (name,) = [name for name in ("side", "kind", "address") if value in SourceQuery.base_fields[name].words]
        page = source_of(client, f"/sources/?{name}={value}")
        assert f"<strong>{n} of {of}</strong>" in page, label
        assert f'<option value="{value}" selected>' in page
        assert len(listed(page)) == int(n)
    first = next(iter(read_snapshot().sources.values()))
    word = max(first.title.split(), key=len).upper()
    page = source_of(client, f"/sources/?q={word}")
    assert first.code in listed(page)
    assert len(listed(page)) < of
    assert f'value="{word}"' in page
    nothing = source_of(client, "/sources/?q=no-such-word-anywhere")
    assert f"<strong>0 of {of}</strong>" in nothing
    assert "Nothing here has all of that." in nothing
    assert '<a href="/sources/">all of them</a>' in nothing


def test_a_long_list_is_cut_into_pages_that_hold_each_publication_once(client, db):
    publisher = factories.BodyFactory(name="Press")
    for n in range(ON_A_PAGE + 3):
        factories.SourceFactory(code=f"s-{n}", publisher=publisher, title=f"Paper {n}")
    first, second = page_of(client, "/sources/?q=paper"), page_of(client, "/sources/?q=paper&page=2")
    assert len(listed(first)) == ON_A_PAGE
    assert len(listed(second)) == 3
    assert set(listed(first)).isdisjoint(listed(second))
    assert 'rel="next" href="?q=paper&page=2"' in first
    assert 'rel="prev" href="?q=paper&page=1"' in second
    refused = client.get("/sources/?q=paper&page=3")
    assert refused.status_code == 400
    assert '<a href="/sources/?q=paper">The same without what is wrong, all else kept</a>' in refused.content.decode()


@pytest.mark.parametrize(
    "query", ["side=left", "kind=x", "address=maybe", "page=0", "colour=red", "side=un&side=official"]
)
def test_the_list_refuses_what_it_does_not_know(client, vellmark, query):
    assert client.get(f"/sources/?{query}").status_code == 400
