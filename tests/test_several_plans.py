"""Two plans side by side: another country's, in Spanish, of three levels, for the years before the first one's.

It is nothing but seed files. Every page, filter, file and address of the API serves both, keeps what is of one plan out
of the other, and marks words that are not in the page's language.
"""

import csv
import dataclasses
import datetime
import html
import io
import json
import re
import shutil
from urllib.parse import quote

import pytest
from defusedxml import ElementTree
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.http import QueryDict
from openpyxl import load_workbook

from tracker import models
from tracker.actions.attach import attach
from tracker.actions.changes import amend
from tracker.actions.progress import publish, submit
from tracker.api.resources import RESOURCES
from tracker.exports.tables import TABLES
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.parameters import MOST_VALUES
from tracker.loader.load import LoadError, load_folder
from tracker.models.roles import COMPILER
from tracker.snapshot import bitsets
from tracker.snapshot.cache import read_snapshot
from tracker.templatetags.tracker import in_language_of, language_name

from . import databases
from .conftest import VELLMARK
from .databases import BRUMAS
from .examples import some
from .factories import SourceFactory
from .reading import page_of, source_of, words_of
from .registering import link, recommend
from .seeds import edit
from .test_dump_plan import files_of
from .test_import_records import empty_the_database, shown
from .test_recompute import run as recompute
from .test_sitemap import SITE, addresses_of

pytestmark = pytest.mark.django_db

FIRST, SECOND = "vellmark-2030", "brumas-2021"
WATER = "village-homes-with-piped-water"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def brumas(tmp_path):
    """A copy of the second plan's seed files, those of its progress among them."""
    return databases.with_progress(BRUMAS, tmp_path)


@pytest.fixture
def both(vellmark_progress):
    """Both plans with what was recorded about them; the snapshot."""
    assert databases.holds("both")
    return read_snapshot()


def words_under(page, start="<body>"):
    """What a page says from the place on where this text first stands."""
    return html.unescape(words_of(page[page.index(start) :]))


def records_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    text = (b"".join(response) if response.streaming else response.content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def answer_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, (address, response.content[:300])
    return json.loads(b"".join(response) if response.streaming else response.content)


def paths_of(client):
    return [address.removeprefix(SITE) for address in addresses_of(client)]


def published_words(snapshot):
    """Words to the letter of the plan and the sources that are in Spanish."""
    plan = snapshot.plans[SECOND]
    words = {plan.title, *(c.title for c in plan.categories.values()), *(p.heading for p in plan.provisions.values())}
    words |= {text for c in plan.commitments.values() for text in (c.quote, c.qualifier)}
    words |= {record.quote for record in plan.baseline.values()}
    return (words | {s.title for s in snapshot.sources.values() if s.language == "es"}) - {""}


# Loading and writing back


def test_it_loads_beside_the_first_and_leaves_that_as_it_was(vellmark, folder, brumas):
    assert {outcome.word for outcome in load_folder(brumas)} == {"added"}
    assert {outcome.word for outcome in load_folder(brumas)} == {"unchanged"}
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}


def test_without_the_first_it_says_which_codes_it_names_in_vain_and_where(brumas):
    with pytest.raises(LoadError) as refused:
        load_folder(brumas)
    sentences = {(problem.file, problem.message) for problem in refused.value.problems}
    assert ("commitments/E1.toml", f"There is no metric with the code “{WATER}”.") in sentences
    assert ("commitments/E2.toml", "There is no body with the code “lake-council”.") in sentences
    assert not models.Plan.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("with_its_progress", [pytest.param(True, marks=pytest.mark.both_databases), False])
def test_it_is_written_back_byte_for_byte(vellmark, brumas, tmp_path, with_its_progress):
    folder = brumas if with_its_progress else BRUMAS
    load_folder(folder)
    call_command("dump_plan", SECOND, str(tmp_path / "out"), stdout=io.StringIO())
    assert files_of(tmp_path / "out") == files_of(folder)
    call_command("dump_plan", FIRST, str(tmp_path / "first"), stdout=io.StringIO())
    assert files_of(tmp_path / "first") == files_of(VELLMARK)


def test_a_reason_for_changing_one_plans_promise_is_not_written_into_the_others(
    vellmark, folder, edith, rana, tmp_path
):
    """Two plans may have a promise of the same code, each amended for a reason of its own."""
    other = shutil.copytree(VELLMARK, tmp_path / "other")
    for name in ("bodies", "groups", "metrics", "sources"):
        (other / f"{name}.toml").unlink()
    edit(other, "plan.toml", f'code = "{FIRST}"', 'code = "vellmark-2031"')
    load_folder(other)
    for plan, reason in ((FIRST, "Read again here."), ("vellmark-2031", "Read again there.")):
        water = models.Commitment.objects.get(plan__code=plan, code="I.1.1a")
        drafted = amend(record=water, changes={"title": f"Taps, {reason}"}, reason=reason, by=edith)
        publish(record=submit(record=drafted, by=edith), by=rana)
    call_command("dump_plan", FIRST, str(tmp_path / "out"), stdout=io.StringIO())
    text = (tmp_path / "out/commitments/I.toml").read_text(encoding="utf-8")
    assert 'amended_because = "Read again here."' in text
    assert "there" not in text.replace("that there", "")


def test_the_addresses_that_plans_share_can_be_no_code_of_a_plan(vellmark, brumas):
    edit(brumas, "plan.toml", f'code = "{SECOND}"', 'code = "norms"')
    with pytest.raises(CommandError, match="“norms” is an address of this site; take another code"):
        call_command("load_plan", str(brumas), stdout=io.StringIO())


# Pages


def test_both_stand_in_the_list_of_plans_with_their_own_numbers_the_newest_period_first(client, both):
    page = source_of(client, "/plans/")
    rows = [
        " ".join(html.unescape(words_of(row)).split())
        for row in re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.S)
    ]
    assert rows == [
        "Rights Programme of Vellmark (2026-2030) Vellmark Chancery of Vellmark 3 February 2026 2026–2030 9 14",
        "Plan de Derechos de las Islas Brumas (2021-2025) Islas Brumas Gobierno de las Islas Brumas "
        "March 2021 2021–2025 7 10",
    ]
    assert f'<a href="/{SECOND}/"><bdi lang="es">Plan de Derechos de las Islas Brumas (2021-2025)</bdi></a>' in page


@pytest.mark.parametrize(("plan", "promises"), [(FIRST, "14"), (SECOND, "10")])
def test_the_front_page_is_that_of_the_plan_in_the_setting(client, both, settings, plan, promises):
    settings.PLAN = plan
    front = source_of(client, "/")
    assert f"What became of the {promises} promises of the " in front
    assert f'href="/{plan}/rights/"' in front
    assert f'href="{ {FIRST: SECOND, SECOND: FIRST}[plan] }' not in front


@pytest.mark.slow
def test_every_address_of_both_answers_and_words_in_another_language_are_marked_as_such(client, both):
    """WCAG 2.2, 3.1.2: what is quoted in Spanish on a page in English says that it is."""
    spanish, marked, bare = published_words(both), set(), {}
    paths = paths_of(client)
    assert len([path for path in paths if path.startswith(f"/{SECOND}/")]) > 40
    under = [f"/{SECOND}/{name}/?category=E1.L1" for name in ("report", "disagreements", "changes", "coverage")]
    for path in [*paths, *under, f"/{SECOND}/baseline/?sort=right"]:
        page = source_of(client, path)
        assert page.startswith('<!doctype html><html lang="en-gb"'), path
        matches = {html.unescape(text) for text in re.findall(r'<bdi lang="es">(.*?)</bdi>', page)}
        marked |= matches & spanish
        plain = words_under(re.sub(r'<bdi lang="es">.*?</bdi>', " ", page))
        bare[path] = [text for text in spanish if text in plain]
    assert {path: texts for path, texts in bare.items() if texts} == {}
    assert marked == spanish
    assert "ἡ θάλασσα" in source_of(client, f"/{SECOND}/commitments/M04b/")


@pytest.mark.slow
def test_words_in_the_language_of_the_page_carry_no_mark(client, both):
    cited = {source.title for source in both.sources.values() if source.language == "es"}  # for a value that both share
    for path in (path for path in paths_of(client) if path.startswith(f"/{FIRST}/")):
        assert set(re.findall(r"<bdi[^>]*>(.*?)</bdi>", source_of(client, path))) <= cited, path


def test_the_paragraph_around_a_quote_is_marked_too(client, both):
    plan = models.Plan.objects.get(code=SECOND)
    text = models.AttachedText(plan=plan, sha256="0" * 64, quotes=10, missing=["M01a"])
    words = "El plan quiere reducir un 10 por ciento los accidentes en el mar."
    compiler = get_user_model().objects.get(username=COMPILER)
    attach(record=text, passages={"M07": words}, by=compiler)
    for address in (
        f"/{SECOND}/commitments/M07b/",
        f"/{SECOND}/provisions/M07/",
        f"/{SECOND}/coverage/?category=E2.L2",
    ):
        page = source_of(client, address)
        assert re.search(r'<blockquote class="passage" lang="es"><p>El plan quiere ', page), address
        assert '<bdi lang="es">Plan de Derechos de las Islas Brumas (2021-2025)</bdi>, from a text' in page, address


def test_a_list_of_quotes_marks_them_too(client, both):
    page = source_of(client, f"/{SECOND}/commitments/?columns=quote&columns=qualifier&columns=test")
    assert '<bdi lang="es">la pesca crecerá</bdi>' in page
    assert '<bdi lang="es">según los recursos disponibles</bdi>' in page
    assert "<bdi" not in source_of(client, f"/{FIRST}/commitments/?columns=quote&columns=qualifier&columns=test")


def test_a_language_is_marked_unless_the_page_is_in_it_or_in_a_kind_of_it():
    marked = {
        language: str(in_language_of("a <b>", SourceFactory.build(language=language)))
        for language in ("es", "en", "en-GB", "en-US", "e", "")
    }
    assert marked == {
        "es": '<bdi lang="es">a &lt;b&gt;</bdi>',
        "en": "a <b>",
        "en-GB": "a <b>",
        "en-US": '<bdi lang="en-US">a &lt;b&gt;</bdi>',
        "e": '<bdi lang="e">a &lt;b&gt;</bdi>',
        "": "a <b>",
    }
    assert in_language_of("a", None) == "a"
    assert [language_name(code) for code in ("es", "en", "zh", "xx-none")] == [
        "Spanish",
        "English",
        "Chinese",
        "xx-none",
    ]


@pytest.mark.slow
def test_no_page_of_one_plan_leads_to_the_other(client, both):
    for path in paths_of(client):
        for plan, other in ((FIRST, SECOND), (SECOND, FIRST)):
            if path.startswith(f"/{plan}/"):
                assert f"/{other}/" not in source_of(client, path), path


def test_the_tree_of_rights_is_shown_to_its_third_level(client, both):
    page = source_of(client, f"/{SECOND}/rights/")
    order = [page.index(f'href="/{SECOND}/rights/{code}/"') for code in both.plans[SECOND].categories]
    assert order == sorted(order)
    deep = source_of(client, f"/{SECOND}/rights/E1.L1.D1/")
    trail = deep[deep.index('<nav class="trail"') : deep.index("</nav>", deep.index('<nav class="trail"'))]
    assert html.unescape(words_of(trail)) == "Brumas 2021-2025 E1 Living conditions E1.L1 Water and housing"
    assert "2 promises, 1 of them a figure." in words_under(deep)
    assert "The Council noted that the smaller islands still buy water by the barrel." in deep
    report = source_of(client, f"/{SECOND}/report/")
    assert re.findall(r'<tr class="(top|d1|d2)"><th scope="row"><a href="#part-([\w.]+)"', report) == [
        (["top", "d1", "d2"][code.count(".")], code) for code in both.plans[SECOND].categories
    ]
    assert re.findall(r'<li class="d2"><a href="#part-([\w.]+)"', report) == [
        code for code in both.plans[SECOND].categories if code.count(".") == 2
    ]
    assert "The section's introduction" in page_of(client, f"/{SECOND}/rights/E2.L1/")
    assert "The chapter's introduction" in page_of(client, f"/{SECOND}/rights/E1/")


def test_the_page_about_the_site_says_which_language_each_text_is_in(client, both):
    text = words_under(source_of(client, "/about/"))
    assert "Plan de Derechos de las Islas Brumas (2021-2025) : Spanish" in text
    assert "Rights Programme of Vellmark (2026-2030) : English" in text


# What plans share


def test_one_metric_serves_both_and_its_series_runs_on_from_one_period_to_the_other(client, both):
    page = source_of(client, f"/metrics/{WATER}/")
    table = page[page.index('id="series"') : page.index("<details", page.index('id="series"'))]
    shown = re.findall(r'<td class="num" data-label="As of">(.*?)</td>', table)
    assert shown == [
        *("30 Sep 2026", "30 Jun 2026", "31 May 2026", "31 Mar 2026", "31 Dec 2025", "2024", "2020"),
        *("2025", "2015"),  # reported of the time before each plan
    ]
    days = [u.as_of.isoformat() for u in both.updates[WATER] if not u.scope and u.fits == "same"]
    assert sorted(days) == ["2020-12-31", "2024-12-31", "2025-12-31", "2026-06-30", "2026-09-30"]
    answers = words_under(page, 'id="answers"')
    assert re.search(r"Piped water in 88 percent or more of village homes .*? Vellmark 2026-2030", answers)
    assert re.search(r"Piped water in 70 percent of village homes .*? Brumas 2021-2025", answers)
    listed = source_of(client, "/metrics/")
    assert f'<a href="/{FIRST}/commitments/I.1.1a/">I.1.1a</a>' in listed
    assert f'<span class="tag">Brumas 2021-2025</span> <a href="/{SECOND}/commitments/M02a/">M02a</a>' in listed


def test_each_promise_is_measured_by_the_same_values_against_its_own_target_and_period(client, both):
    before, after = both.plans[SECOND].commitments["M02a"], both.plans[FIRST].commitments["I.1.1a"]
    assert [u.entry for u in both.plans[SECOND].updates["M02a"]] == [
        u.entry for u in both.plans[FIRST].updates["I.1.1a"]
    ]
    assert (before.status, before.target_value, before.baseline_value, before.value, before.value_as_of) == (
        *("met", 70, 60, 80),
        datetime.date(2025, 12, 31),
    )
    assert (after.target_value, after.baseline_value, after.baseline_date) == (88, 80, datetime.date(2025, 12, 31))
    for path, other in ((before.path, after), (after.path, before)):
        page = source_of(client, path)
        assert other.path not in page
        assert all(f'id="entry-{u.entry}"' in page for u in both.plans[SECOND].updates["M02a"])


def test_beside_the_second_plan_every_status_of_the_first_is_what_it_was_alone(vellmark_progress, brumas):
    alone = dict(read_snapshot().plans[FIRST].commitments)
    load_folder(brumas)
    beside = read_snapshot().plans[FIRST].commitments
    shared = beside.pop("I.1.1a")
    was = alone.pop("I.1.1a")
    assert beside == alone
    assert shared == dataclasses.replace(was, evidence_count=was.evidence_count + 1)


def test_what_was_reported_of_the_time_before_one_plan_is_not_shown_as_before_the_other(client, both):
    mine, theirs = f"/{SECOND}/baseline/hogares-con-agua-2015/", f"/{FIRST}/baseline/{WATER}-2025/"
    assert (
        mine in source_of(client, f"/{SECOND}/commitments/M02a/"),
        theirs in source_of(client, f"/{SECOND}/commitments/M02a/"),
    ) == (True, False)
    assert (
        mine in source_of(client, f"/{FIRST}/commitments/I.1.1a/"),
        theirs in source_of(client, f"/{FIRST}/commitments/I.1.1a/"),
    ) == (False, True)
    shared = source_of(client, f"/metrics/{WATER}/")
    for path, plan in ((mine, "Brumas 2021-2025"), (theirs, "Vellmark 2026-2030")):
        row = next(row for row in re.findall(r"<tr.*?</tr>", shared, re.S) if path in row)
        assert f'<span class="tag">{plan}</span>' in row


def test_a_body_and_a_group_that_both_name_are_one(client, both):
    page = source_of(client, "/bodies/lake-council/")
    named = words_under(page, 'id="named"')
    assert "Named in 2 promises" in named
    assert "Vellmark 2026-2030" in named
    assert "Brumas 2021-2025" in named
    for plan, n in ((FIRST, "1 of 14"), (SECOND, "4 of 10")):
        assert f"{n} promises are meant for them" in words_under(source_of(client, f"/{plan}/people/children/"))
    assert "0 of 14 promises" in words_under(source_of(client, f"/{FIRST}/people/fishers/"))


def test_a_norm_shows_the_promises_of_each_plan_under_its_name(client, both):
    text = words_under(source_of(client, "/norms/LAKES/3/"))
    assert "2 of 14 promises: Vellmark 2026-2030" in text
    assert "1 of 10 promises: Brumas 2021-2025" in text


# Filters, search, files, feeds and the API


@pytest.mark.slow
@pytest.mark.parametrize("plan", [FIRST, SECOND])
def test_every_choice_of_every_filter_gives_what_its_count_says_and_of_that_plan_alone(client, both, plan):
    view = both.plans[plan]
    filters = CommitmentFilter(QueryDict(), snapshot=both, plan=view, paged=False)
    _all, shown = filters.answer()
    assert {facet.name for facet in shown} == set(bitsets.VALUES)
    for facet in shown:
        for choice in some(facet.choices):
            query = f"{facet.name}={quote(choice.value)}"
            codes = [row["code"] for row in records_of(client, f"/{plan}/commitments.csv?{query}")]
            assert len(codes) == choice.count, query
            assert set(codes) <= set(view.commitments), query
            listed = source_of(client, f"/{plan}/commitments/?{query}")
            assert re.findall(r'<td class="num">([\w.]+)</td>', listed) == codes, query
            rows = answer_of(client, f"/api/v1/commitments/?plan={plan}&fields=plan,code&{query}")["results"]
            assert rows == [{"plan": plan, "code": code} for code in codes], query


def test_no_filter_offers_what_only_the_other_plan_has(client, both):
    theirs = {"category": "E1.L1", "beneficiary": "fishers", "body": "defensoria-brumas"}
    for name, value in theirs.items():
        assert f'value="{value}"' in source_of(client, f"/{SECOND}/commitments/")
        assert f'value="{value}"' not in source_of(client, f"/{FIRST}/commitments/")
        assert client.get(f"/{FIRST}/commitments/?{name}={value}").status_code == 400


def test_a_right_of_any_level_holds_what_stands_below_it(client, both):
    for code, promises in {"E1": 6, "E1.L1": 3, "E1.L1.D1": 2, "E2.L1": 2, "E2.L1.D1": 1}.items():
        assert len(records_of(client, f"/{SECOND}/commitments.csv?category={code}")) == promises


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("niñas", ["M02b"]),
        ("ninas", ["M02b"]),
        ("NIÑEZ", ["M04a", "M04b"]),
        ("educación", ["M04a", "M04b"]),
        ('"lengua materna"', ["M04a", "M04b"]),
        ("griego θαλασσα", ["M04b"]),
        ("ἈΛΚΥΏΝ", ["M04b"]),
        ("recurso efectivo", ["M06a"]),
    ],
)
def test_it_is_searched_in_its_own_language_with_accents_and_without(client, both, question, codes):
    asked = quote(question)
    assert [row["code"] for row in records_of(client, f"/{SECOND}/commitments.csv?q={asked}")] == codes
    assert records_of(client, f"/{FIRST}/commitments.csv?q={asked}") == []
    rows = answer_of(client, f"/api/v1/commitments/?q={asked}")["results"]
    assert [(row["plan"], row["code"]) for row in rows] == [(SECOND, code) for code in codes]


@pytest.mark.parametrize("plan", [FIRST, SECOND])
@pytest.mark.parametrize(("name", "held"), [("commitments", "commitments"), ("baseline", "baseline")])
def test_files_of_a_plan_hold_that_plan_whole_and_nothing_else(client, both, plan, name, held):
    there = [(plan, code) for code in getattr(both.plans[plan], held)]
    assert [(row["plan"], row["code"]) for row in records_of(client, f"/{plan}/{name}.csv")] == there
    document = answer_of(client, f"/{plan}/{name}.json")
    assert [(row["plan"], row["code"]) for row in document["results"]] == there
    assert (document["about"]["plan"], document["about"]["title"]) == (plan, both.plans[plan].title)
    book = client.get(f"/{plan}/{name}.xlsx")
    content = b"".join(book) if book.streaming else book.content
    header, *rows = load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True)
    assert [(row[header.index("plan")], row[header.index("code")]) for row in rows] == there
    described = answer_of(client, f"/{plan}/{name}.csv-metadata.json")
    assert described["url"].startswith(f"{SITE}/{plan}/{name}.csv")


def test_files_of_everything_hold_both(client, both):
    for table in TABLES:
        rows = records_of(client, f"/data/{table}.csv")
        assert answer_of(client, f"/data/{table}.json")["about"]["count"] == len(rows), table
        if rows and "plan" in rows[0] and table not in ("amendments",):
            assert {row["plan"] for row in rows} - {""} == {FIRST, SECOND}, table
    assert answer_of(client, "/data/dataset.jsonld")["temporalCoverage"] == "2021-01-01/2030-12-31"
    assert [each["inLanguage"] for each in answer_of(client, "/data/dataset.jsonld")["isBasedOn"]] == ["en", "es"]
    assert len(answer_of(client, "/data/datapackage.json")["sources"]) == 2


def test_many_values_cost_the_api_no_more_filters_than_there_are_plans(client, both, monkeypatch):
    made = []
    filters_of = CommitmentFilter.__init__

    def counted(self, *args, **kwargs):
        made.append(kwargs["plan"].code)
        filters_of(self, *args, **kwargs)

    monkeypatch.setattr(CommitmentFilter, "__init__", counted)
    mine = sorted(set(both.plans[FIRST].categories) - set(both.plans[SECOND].categories))
    codes = [*both.plans[FIRST].categories, *both.plans[SECOND].categories] * 20
    several = "&".join(f"category={code}" for code in codes[:MOST_VALUES])
    answer_of(client, f"/api/v1/commitments/?{several}")
    assert sorted(made) == sorted([FIRST, SECOND])
    made.clear()
    answer_of(client, f"/api/v1/commitments/?{'&'.join(f'category={mine[0]}' for _n in range(100))}")
    assert made == [FIRST]  # the other plan has none of these
    refusal = client.get(f"/api/v1/commitments/?category={mine[0]}&category=IX.9")
    assert (refusal.status_code, refusal.json()) == (400, {"error": "category=IX.9: there is nothing with this code."})


def test_the_api_gives_both_and_with_plan_one(client, both, edith):
    for n, code in enumerate((FIRST, SECOND)):  # neither of the invented plans has any
        some = models.Commitment.objects.filter(plan__code=code).order_by("order").first()
        link(recommend(edith, state=some.plan.state, paragraph=f"28.{n}"), some, edith)
    for resource in RESOURCES:
        address = f"/api/v1/{resource.name}/"
        everything = answer_of(client, f"{address}?page_size=1000")
        assert everything["count"] == len(everything["results"])
        if "plan" not in resource.filters:
            continue
        by_plan = {
            plan: answer_of(client, f"{address}?page_size=1000&plan={plan}")["results"] for plan in (FIRST, SECOND)
        }
        assert all(by_plan.values()), resource.name
        if resource.key == ("plan", "code"):
            assert by_plan[FIRST] + by_plan[SECOND] == everything["results"], resource.name
            for plan, rows in by_plan.items():
                assert {row["plan"] for row in rows} == {plan}, resource.name
                assert answer_of(client, f"{address}{plan}/{rows[-1]['code']}/") == rows[-1]


def test_a_value_of_the_metric_that_both_share_is_an_update_of_either_plan(client, both):
    of = {
        plan: answer_of(client, f"/api/v1/updates/?plan={plan}&page_size=1000")["results"] for plan in (FIRST, SECOND)
    }
    shared = {row["entry"] for row in of[FIRST]} & {row["entry"] for row in of[SECOND]}
    assert shared == {u.entry for u in both.updates[WATER]}


def test_a_feed_of_a_plan_tells_of_its_promises_alone_and_that_of_everything_of_both(client, both):
    links = {}
    for path in (f"/feeds/{FIRST}/changes.atom", f"/feeds/{SECOND}/changes.atom", "/feeds/changes.atom"):
        feed = ElementTree.fromstring(client.get(path).content)
        links[path] = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    first, second, everything = links.values()
    assert all(link.startswith(f"{SITE}/{FIRST}/") for link in first)
    assert all(link.startswith(f"{SITE}/{SECOND}/") for link in second)
    assert (len(first) > 10, len(second) >= 10) == (True, True)
    assert sorted(everything) == sorted(first + second)
    assert client.get(f"/feeds/{SECOND}/commitments/M02a.atom").status_code == 200
    assert client.get(f"/feeds/{FIRST}/commitments/M02a.atom").status_code == 404


def test_counts_of_a_plan_are_of_its_own_promises(client, both):
    for plan, n in ((FIRST, 14), (SECOND, 10)):
        outcome = source_of(client, f"/{plan}/")
        counted = re.findall(r'<span class="num">(\d+)</span> <span class="of num-of">of (\d+),', outcome)
        assert sum(int(found) for found, _of in counted) == n
        assert {int(of) for _found, of in counted} == {n}
        for dashboard in ("disagreements", "gaps", "coverage", "changes"):
            assert re.search(rf"of {n}\b", words_under(source_of(client, f"/{plan}/{dashboard}/"))), (
                plan,
                dashboard,
            )


def test_a_day_before_the_second_was_registered_knows_the_first_alone(client, both):
    codes = list(read_snapshot(known=models.LedgerEntry.objects.get(subject=f"plan {SECOND}").seq - 1).plans)
    assert codes == [FIRST]


@pytest.mark.slow
def test_what_was_taken_away_of_both_is_recomputed_and_loaded_again(both, tmp_path):
    folder = tmp_path / "public"
    call_command("export_public", folder, stdout=io.StringIO())
    status, output = recompute(folder)
    assert (status, output[-1]) == (0, "All agree with the site.")
    before = shown()
    empty_the_database()
    call_command("import_records", folder, stdout=io.StringIO())
    after = shown()
    for name in before.keys() - {"updates", "assessments", "citations"}:
        assert after[name] == before[name], name
    keys = {name: [row["key"] for row in before[name]] for name in ("updates", "assessments")}
    assert {name: sorted(row["key"] for row in after[name]) for name in keys} == {n: sorted(k) for n, k in keys.items()}
