"""Where things stood before the plan: the list with its filters, each figure and act, and the block on other pages."""

import csv
import io
import json
import re

import pytest
from django.http import QueryDict
from openpyxl import load_workbook

from tests.registering import register
from tracker.filters.baseline import BaselineFilter
from tracker.models import Plan
from tracker.snapshot.cache import forget, read_snapshot

from . import factories
from .reading import page_of, part, refused, rows_of, source_of, words_of

pytestmark = pytest.mark.django_db

LIST = "/vellmark-2030/baseline/"
ALL = [
    "wells-in-use-2025",
    "village-homes-with-piped-water-2025",
    "wells-dug-2024",
    "cost-of-wells-2024",
    "lake-law-2023",
    "advice-offices-by-2025",
]
WELLS, TAPS, DUG, COST, LAW, ADVICE = ALL
CODE = re.compile(r'<th scope="row"><a href="/vellmark-2030/baseline/([^"/]+)/">')


def codes(client, query=""):
    """The records that the list shows, in its order."""
    return CODE.findall(page_of(client, LIST + query))


def choices(query=""):
    """How many records each choice of each filter gives, by the name of the filter."""
    snapshot = read_snapshot()
    filters = BaselineFilter(QueryDict(query), snapshot=snapshot, plan=snapshot.plan("vellmark-2030"))
    return {facet.name: {c.value: c.count for c in facet.choices} for facet in filters.answer()[1]}


def detail(client, code, query=""):
    return page_of(client, f"{LIST}{code}/{query}")


# The list


def test_the_map_of_the_site_leads_to_it_and_says_where_the_reader_is(client, vellmark):
    assert f'<a href="{LIST}">Before the plan</a>' in page_of(client, "/")
    for address in (LIST, f"{LIST}{WELLS}/"):
        assert re.findall(r'<a href="([^"]*)" aria-current="page">', page_of(client, address)) == [LIST], address


def test_it_lists_every_record_in_the_order_of_the_document(client, vellmark):
    page = page_of(client, LIST)
    assert CODE.findall(page) == ALL
    assert "6 figures and acts, 5 of them figures." in words_of(page)
    assert "6 of 6 figures and acts" in words_of(page)


def test_it_says_whose_report_it_is_and_that_what_repeats_it_confirms_nothing(client, vellmark):
    page = words_of(page_of(client, LIST))
    assert "The report is the State's own." in page
    assert "they have the same origin and confirm nothing. Nothing here is a finding of this site" in page
    assert "Of 1 of 6 the report gives no date" in page
    assert "Rights in Vellmark, a look back Chancery of Vellmark, 10 Dec 2025; recorded from it: 6 of 6" in page
    assert (
        "(report of the Valley Post) Chancery of Vellmark, 11 Dec 2025; repeats 2 of 6, 1 of them differently" in page
    )


def test_a_row_gives_value_bound_period_and_what_is_odd_about_it(client, vellmark):
    rows = rows_of(page_of(client, LIST))
    assert rows[1:] == [
        "Wells in use more than 400 wells 2025 I.1 Water I.1",
        "Village homes with piped water villages 80.5 percent 2025 I.1 Water I.1",
        "Wells dug in a year 12 wells 2024 I.1 Water I.1",
        "Cost of the wells dug in a year differs elsewhere in currency 3.2 million crowns 2024 I.1 Water I.1",
        "Law on lakes enacted act Mar 2023 I.1 Water I.2",
        "Offices that gave advice 9 offices 2025 no date given I.2 Work II.1",
    ]


def test_figures_that_are_no_records_stand_there_with_the_reason(client, vellmark):
    page = page_of(client, LIST)
    aside = words_of(page[page.index('<details class="aside-figures">') :])
    assert aside.startswith("Figures of the document that are not recorded, with the reason: 5 paragraphs")
    assert "I.2 2023: Year of the act beside it. 7: Number of lakes; no news is reported." in aside


FOUND = [
    ("?category=I", ALL),
    ("?category=I.2", [ADVICE]),
    ("?form=act", [LAW]),
    ("?nature=flow", [DUG, COST]),
    ("?nature=none", [LAW]),
    ("?bound=more_than", [WELLS]),
    ("?undated=yes", [ADVICE]),
    ("?told=repeated", [WELLS, COST]),
    ("?told=differs", [COST]),
    ("?told=once", [TAPS, DUG, LAW, ADVICE]),
    ("?metric=deep-wells-dug", [WELLS]),
    ("?metric=none&form=figure", [DUG, COST, ADVICE]),
    ("?has_commitment=yes", [WELLS, TAPS, DUG]),
    ("?commitment=I.1.1b", [WELLS, DUG]),
    ("?commitment=I.1.1a&commitment=I.1.1b", [WELLS, TAPS, DUG]),
    ("?q=well", [WELLS, DUG, COST]),
    ("?q=WELLS+dug", [DUG, COST]),
    ("?q=%E2%80%9Cwells+dug%E2%80%9D", [DUG, COST]),
    ("?q=%E2%80%9Cwells+in%E2%80%9D&form=figure", [WELLS]),
    ("?q=any+depth", [WELLS]),
    ("?q=!!!", []),
    ("?sort=right&form=figure", [WELLS, TAPS, DUG, COST, ADVICE]),
    ("?form=&q=", ALL),
]


@pytest.mark.parametrize(("query", "expected"), FOUND)
def test_filters_find_the_same_on_the_page_and_in_every_file(client, vellmark, query, expected):
    assert codes(client, query) == expected
    files = {end: client.get(f"/vellmark-2030/baseline.{end}{query}") for end in ("csv", "json", "xlsx")}
    content = {end: b"".join(answer.streaming_content) for end, answer in files.items()}
    text = content["csv"].decode("utf-8-sig")
    assert [row["code"] for row in csv.DictReader(io.StringIO(text, newline=""))] == expected
    assert [row["code"] for row in json.loads(content["json"])["results"]] == expected
    sheet = load_workbook(io.BytesIO(content["xlsx"])).worksheets[0]
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == expected


def test_counts_of_a_filter_respect_the_others_and_not_itself(vellmark):
    assert choices()["form"] == {"figure": 5, "act": 1}
    assert choices("form=act")["form"] == {"figure": 5, "act": 1}
    assert choices("form=act")["nature"]["none"] == 1
    assert choices("category=I.2")["form"] == {"figure": 1, "act": 0}
    assert choices("q=wells")["told"] == {"once": 1, "repeated": 2, "differs": 1}
    assert choices("category=I.2")["category"] == {"I": 6, "I.1": 5, "I.2": 1}


def test_by_right_each_right_has_a_heading(client, vellmark):
    page = page_of(client, f"{LIST}?sort=right")
    headings = [words_of(each) for each in re.findall(r"<h3>.*?</h3>", page)]
    assert headings == ["I.1 Water", "I.2 Work"]


def test_what_is_asked_for_can_be_taken_away_and_the_address_keeps_it(client, vellmark):
    page = page_of(client, f"{LIST}?sort=right&form=figure&q=wells&commitment=I.1.1b")
    assert "Words: wells" in words_of(page)
    assert "Context for the commitment: I.1.1b About 15 deep wells dug" in words_of(page)
    assert f'href="{LIST}?q=wells&commitment=I.1.1b&sort=right"' in page
    assert '<input type="hidden" name="commitment" value="I.1.1b">' in page
    assert "/vellmark-2030/baseline.csv?q=wells&form=figure&commitment=I.1.1b&sort=right" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?colour=red", "There is no parameter “colour”."),
        ("?form=rumour", "form=rumour: "),
        ("?category=IX", "category=IX: "),
        ("?commitment=IX.9z", "commitment=IX.9z: "),
        ("?sort=size", "sort=size: "),
        ("?page=2", "page=2: there is 1 page."),
        ("?page=0", "page=0: "),
        ("?q=a&q=b", "The parameter “q” stands twice; give it once."),
        ("?known=soon", "known=soon: "),
        ("?q=" + "+".join(f"w{n}" for n in range(70)), "at most 64 different words at a time."),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(client, vellmark, query, sentence):
    assert sentence in refused(client, LIST + query)


def test_a_file_has_no_pages(client, vellmark):
    response = client.get("/vellmark-2030/baseline.csv?page=1")
    assert response.status_code == 400
    assert "page=1: a file holds all rows and has no pages." in response.content.decode()


def test_a_plan_without_a_baseline_says_so(client, vellmark, edith):
    register(record=factories.PlanFactory.build(code="bare-plan", publisher=Plan.objects.get().publisher), by=edith)
    page = words_of(page_of(client, "/bare-plan/baseline/"))
    assert "No document that reports of the time before the" in page
    assert "/bare-plan/baseline/" not in source_of(client, "/sitemap.xml")


def test_an_unknown_plan_or_record_is_a_404_with_a_sentence(client, vellmark):
    assert refused(client, "/atlantis/baseline/", 404)
    assert "There is no figure or act of the baseline with the code nothing." in refused(client, f"{LIST}nothing/", 404)


# One record


def test_a_figure_is_shown_with_its_words_place_and_what_its_number_says(client, vellmark):
    page = words_of(detail(client, WELLS))
    assert "more than 400 wells · 2025" in page
    assert "“more than 400 wells were in use” Rights in Vellmark, a look back , part and paragraph I.1" in page
    assert "Reported by the State itself; not a finding of this site." in page
    assert "Counts wells of any depth." in page
    assert "3 places give it. All are of one origin: a repetition confirms nothing." in page
    assert "Not one series with this metric" in page
    assert "About 15 deep wells dug" in page


def test_what_another_document_says_otherwise_stands_beside_it(client, vellmark):
    page = detail(client, COST)
    rows = rows_of(page[page.index('id="stands"') :])
    assert rows[1:] == [
        "Rights in Vellmark, a look back Chancery of Vellmark, official I.1 “3.2 million crowns”",
        "Vellmark hails its wells (report of the Valley Post) Chancery of Vellmark, official 3 "
        "“3.2 million crowns (some 2 million dollars)” differs in currency",
    ]


def test_an_undated_figure_says_that_the_date_is_not_the_reports(client, vellmark):
    assert "the report gives no date: the last year that it covers stands" in words_of(detail(client, ADVICE))
    assert "the report gives no date" not in words_of(detail(client, WELLS))


def test_an_act_has_no_number_and_says_so_nowhere(client, vellmark):
    page = words_of(detail(client, LAW))
    assert "Act · Mar 2023" in page
    assert "As published" not in page
    assert "One place gives it, and no other document at hand repeats it." in page


def test_a_figure_of_the_series_stands_beside_the_later_value(client, vellmark_progress):
    page = part(detail(client, TAPS), "later")
    assert "One series with this metric" in page
    assert "2025 80.5 percent before the plan, by the document above" in page
    newest = max(read_snapshot().updates["village-homes-with-piped-water"], key=lambda u: (u.as_of, u.entry))
    assert f"log entry {newest.entry}" in page


def test_without_a_later_value_it_says_so(client, vellmark):
    assert "Since no later value on record" in part(detail(client, TAPS), "later")


def test_one_leads_to_the_next(client, vellmark):
    page = detail(client, TAPS)
    assert f'rel="prev" href="{LIST}{WELLS}/"' in page
    assert f'rel="next" href="{LIST}{DUG}/"' in page


# On other pages


def test_a_right_and_its_chapter_show_a_handful_and_lead_to_all(client, vellmark):
    section = part(page_of(client, "/vellmark-2030/rights/I.1/"), "stood")
    assert "Wells in use : more than 400 wells 2025" in section
    assert "5 figures and acts, with their words and places" in section
    chapter = page_of(client, "/vellmark-2030/rights/I/")
    assert "5 of 6 shown, figures with a date first: see all" in part(chapter, "stood")
    assert "Offices that gave advice : 9 offices no date given, 2025 at the latest" in part(chapter, "stood")
    assert "Law on lakes" not in part(chapter, "stood")
    assert f'href="{LIST}?category=I"' in chapter


def test_a_right_without_any_has_no_block(client, vellmark):
    assert 'id="stood"' not in page_of(client, "/vellmark-2030/rights/II/")


def test_a_commitment_shows_what_is_context_for_it(client, vellmark):
    page = page_of(client, "/vellmark-2030/commitments/I.1.1b/")
    assert "Wells dug in a year : 12 wells 2024" in part(page, "stood")
    assert f'href="{LIST}?commitment=I.1.1b"' in page
    assert 'id="stood"' not in page_of(client, "/vellmark-2030/commitments/I.2.1a/")


def test_a_metric_tells_its_own_series_from_what_is_near_and_computes_with_neither(client, vellmark_progress):
    own = page_of(client, "/metrics/village-homes-with-piped-water/")
    assert "80.5 percent 2025, villages of the same series" in part(own + '<section class="block"', "stood")
    (row,) = [row for row in rows_of(own) if row.startswith("2025 80.5 percent")]
    assert "before the plan, by an earlier report: of the same series, not computed with" in row
    assert "the State, by its own report" in row
    near = page_of(client, "/metrics/deep-wells-dug/")
    assert "another definition or population: near it, not of its series" in words_of(near)
    assert not [row for row in rows_of(near) if "more than 400 wells" in row]


def test_a_baseline_changes_no_status(vellmark_progress):
    """The method is given updates and findings; what it used are log entries of those."""
    snapshot = read_snapshot()
    taps = snapshot.plan("vellmark-2030").assessed["I.1.1a"]
    assert set(taps.inputs) <= {u.entry for u in snapshot.updates["village-homes-with-piped-water"]}
    assert taps.baseline is None or taps.baseline.value != snapshot.plan("vellmark-2030").baseline[TAPS].value


# Past days, and the cost


def test_what_was_registered_later_is_not_there_as_this_site_knew_it_before(vellmark, edith):
    before = read_snapshot().head
    plan = Plan.objects.get()
    late = factories.BaselineFigureFactory.build(plan=plan, code="late", order=99, source=_source(), category=None)
    register(record=late, by=edith)
    assert "late" in read_snapshot().plan(plan.code).baseline
    assert list(read_snapshot(known=before).plan(plan.code).baseline) == ALL


def _source():
    return Plan.objects.get().baseline.first().source


@pytest.mark.slow
@pytest.mark.parametrize(
    "address",
    [
        LIST,
        f"{LIST}?q=wells&sort=right&form=figure",
        f"{LIST}{TAPS}/",
        "/vellmark-2030/baseline.csv",
        "/api/v1/baseline/",
    ],
)
def test_a_page_asks_for_the_head_of_the_log_and_nothing_more(
    client, vellmark_progress, django_assert_num_queries, address
):
    def ask():
        response = client.get(address)
        assert response.status_code == 200
        return response.getvalue()

    ask()
    with django_assert_num_queries(1):
        ask()
    plan, source = Plan.objects.get(), _source()
    for number in range(60):
        figure = factories.BaselineFigureFactory.build(plan=plan, code=f"more-{number}", order=100 + number)
        figure.source = source
        figure.citations = [{"source": source.code, "place": "I.1"}]
        figure.save()
    forget()
    ask()
    with django_assert_num_queries(1):
        ask()
