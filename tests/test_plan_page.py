"""The first page: the whole plan as one square per commitment."""

import html
import re

import pytest

from tracker.models import Commitment
from tracker.snapshot.cache import read_snapshot
from tracker.wording.labels import GROUPS

from .factories import CommitmentFactory, MetricFactory, PlanFactory, ProvisionFactory
from .reading import source_of, words_of

pytestmark = pytest.mark.django_db


def test_it_has_one_square_for_each_commitment(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    assert len(re.findall(r'<a class="sq g-', page)) == 14
    assert (
        'aria-label="I.1.1a Piped water in 88 percent or more of village homes: not known: not researched here yet"'
        in page
    )


def test_the_root_shows_the_plan_that_the_setting_names_and_says_where_it_lives(client, vellmark):
    page = source_of(client, "/")
    assert "What became of the 14 promises of the Rights Programme of Vellmark (2026-2030)" in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/vellmark-2030/">' in page


def test_it_counts_by_kind_out_of_all(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    assert re.search(
        r'kind=quantity">Quantity</a></span></th>.*?data-label="of">6</td>\s*<td[^>]*>\s*0 to 6 of 6', page, re.S
    )


def test_it_asks_the_database_once_when_nothing_changed(client, vellmark, django_assert_num_queries):
    client.get("/vellmark-2030/")
    with django_assert_num_queries(1):
        client.get("/vellmark-2030/")


def test_a_plan_that_is_not_there_is_a_404_with_a_sentence(client, vellmark):
    response = client.get("/atlantis-2040/")
    assert response.status_code == 404
    assert "There is no plan with the code atlantis-2040." in response.content.decode()


def test_it_leaves_out_what_other_sites_append_and_refuses_by_name_what_is_a_word_here(client, vellmark):
    response = client.get("/vellmark-2030/?colour=red&on=2026-06-30")
    assert (response.status_code, response["Location"]) == (302, "/vellmark-2030/?on=2026-06-30")
    response = client.get("/vellmark-2030/?category=I")
    assert response.status_code == 400
    assert "This page takes no parameter “category”." in response.content.decode()


def test_where_there_are_filters_an_unknown_one_is_refused_and_the_good_ones_are_kept(client, vellmark):
    response = client.get("/vellmark-2030/commitments/?kind=law&categry=I")
    page = html.unescape(response.content.decode())
    assert response.status_code == 400
    assert "There is no parameter “categry”." in page
    assert "Did you mean “category”?" in page
    assert 'href="/vellmark-2030/commitments/?kind=law"' in page
    assert 'href="/vellmark-2030/rights/"' in page  # the plan's own pages stay in reach


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("/vellmark-2030/commitments/i.1.1A/", "/vellmark-2030/commitments/I.1.1a/"),
        ("/VELLMARK-2030/rights/i.1/?on=2026-06-30", "/vellmark-2030/rights/I.1/?on=2026-06-30"),
        ("/Vellmark-2030/", "/vellmark-2030/"),
    ],
)
def test_a_code_in_other_letters_leads_to_the_right_one(client, vellmark, asked, right):
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (302, right)


APPENDED = ["ref=x", "srsltid=1", "gad_source=2", "_hsenc=3", "mkt_tok=4", "spm=a.b", "from=timeline"]


@pytest.mark.parametrize("appended", APPENDED)
def test_what_other_sites_append_costs_no_reader_the_page(client, vellmark, appended):
    response = client.get(f"/vellmark-2030/commitments/?kind=law&{appended}")
    assert (response.status_code, response["Location"]) == (302, "/vellmark-2030/commitments/?kind=law")
    assert client.get("/vellmark-2030/compare/?from=2026-06-30").status_code == 200


# Every address without filters that is in the map of the site, and where readers answer back.
UNFILTERED = ("corrections/", "api/", "ledger/", "about/", "glossary/", "method/", "data/", "plans/", "norms/")
REPORTING = ("promise/vellmark-2030/I.1.1a/", "source/look-back-2025/")
REFUSING = (
    "verify.py",
    "robots.txt",
    "favicon.ico",
    "healthz",
    "sitemap.xml",
    "ledger.jsonl",
    ".well-known/security.txt",
)
REFUSING += (f"files/{'0' * 64}/", "data/everything.zip", "feeds/changes.atom", "api/v1/", "cards/site.png")


def test_pages_leave_out_what_no_list_knows_and_files_refuse_it_by_name(client, vellmark_progress, settings):
    settings.SECURITY_CONTACT = "mail@example.org"
    for path in (*UNFILTERED, *(f"corrections/report/{each}" for each in REPORTING)):
        response = client.get(f"/{path}?coming_next=1")
        assert (response.status_code, response["Location"]) == (302, f"/{path}"), path
        assert client.get(f"/{path}").status_code == 200, path
    for path in REFUSING:
        response = client.get(f"/{path}?coming_next=1")
        assert (response.status_code, b"coming_next" in response.content) == (400, True), path
    for path in (f"corrections/report/{each}" for each in REPORTING):
        assert client.post(f"/{path}?coming_next=1", {"text": "It was 78."}).status_code == 400, path
    assert client.get("/corrections/?kind=law&coming_next=1").status_code == 400  # a filter that it does not take
    assert client.get("/healthz?coming_next=1").json()["error"].startswith("This page takes no parameter")


def test_it_cannot_be_posted_to(client, vellmark):
    assert client.post("/vellmark-2030/").status_code == 405


def test_it_says_what_the_plan_is_in_figures(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    assert "<title>Rights Programme of Vellmark (2026-2030) · Promise by promise</title>" in page
    assert "each thing that its 9 paragraphs promise" in page


def rows_of_squares(page):
    """Address, label and squares of each row of the mosaic."""
    return re.findall(r'<h4><a href="([^"]*)">([^<]*)</a></h4>.*?<ul class="squares">(.*?)</ul>', page, re.S)


def test_its_squares_stand_by_right_in_the_order_of_the_text_where_that_is_asked_for(client, vellmark):
    page = source_of(client, "/vellmark-2030/?order=plan")
    rows = rows_of_squares(page)
    assert [(address, label, squares.count("<a class")) for address, label, squares in rows] == [
        ("/vellmark-2030/rights/I/", "Introduction", 1),
        ("/vellmark-2030/rights/I.1/", "Water", 5),
        ("/vellmark-2030/rights/I.2/", "Work", 5),
        ("/vellmark-2030/rights/II/", "The chapter", 3),
    ]
    codes = re.findall(r'aria-label="([\w.]+) [^"]*">', rows[1][2])
    assert codes == ["I.1.1a", "I.1.1b", "I.1.1c", "I.1.1d", "I.1.1e"]
    assert re.findall(r'<p class="quiet">(\d+ promises?)</p>', page) == ["11 promises", "3 promises"]


def test_its_squares_stand_by_result_else_with_the_unread_last(client, accounts):
    for _address, label, squares in rows_of_squares(source_of(client, "/vellmark-2030/")):
        groups = re.findall(r'class="sq g-(\w+)', squares)
        assert groups == sorted(groups, key=list(GROUPS).index), label
        looked = re.findall(r'class="sq g-not_known( looked)?', squares)
        assert looked == sorted(looked, reverse=True), label


def test_the_legend_has_every_mark_that_stands_in_the_mosaic_and_no_other(client, accounts):
    page = source_of(client, "/vellmark-2030/")
    legend = re.search(r'<ul class="legend">(.*?)</ul>', page, re.S)[1]
    squares = " ".join(squares for _address, _label, squares in rows_of_squares(page))
    drawn = {name for names in re.findall(r'class="sq ([^"]*)"', squares) for name in names.split()} - {"g-not_known"}
    named = {name for names in re.findall(r'class="sq ([^"]*)"', legend) for name in names.split()} - {"g-not_known"}
    blank = bool(re.search(r'class="sq g-not_known"', squares))
    assert named == drawn | ({"unread"} if blank else set())
    assert "hatched: evidence was read or looked for, and gives no answer" in legend


def test_it_says_first_what_is_not_known_with_its_share_and_what_is_kept_without_reservation(client, accounts):
    text = words_of(html.unescape(source_of(client, "/vellmark-2030/")))
    unknown, of, share = map(
        int, re.search(r"(\d+) of (\d+) promises \((\d+) percent\) have no answer yet", text).groups()
    )
    assert share == round(100 * unknown / of)
    plan = read_snapshot().plans["vellmark-2030"]
    assert unknown == sum(1 for c in plan.rows if c.group == "not_known")
    bare = sum(1 for c in plan.rows if c.group == "kept" and not c.flags)
    assert f"{bare} of them without reservation" in text
    assert text.index("Not known") < text.index("In part")


def test_it_counts_levels_and_groups_and_each_count_leads_to_its_set(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    for query, count in (("level=structure", 2), ("level=process", 7), ("level=outcome", 5)):
        assert re.search(rf'\?{query}">\w+</a> <meter min="0" max="14" value="{count}"', page), query
        assert f'{count} <span class="of">of 14' in source_of(client, f"/vellmark-2030/commitments/?{query}")
    tags = re.findall(r'href="/vellmark-2030/people/(\w+)/">([\w ]+) <span class="num">(\d+)</span>', page)
    assert tags == [("villagers", "Villagers", "2"), ("children", "Children and adolescents", "1")]


def test_it_lists_the_stated_objectives(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    assert "The plan's 2 stated objectives" in page
    assert '<a href="/vellmark-2030/provisions/O.1/">Valleys to live in</a>' in page


def test_a_plan_without_anything_in_it_has_a_page(client, db):
    PlanFactory(code="empty-plan")
    page = source_of(client, "/empty-plan/")
    assert "What became of the 0 promises of the " in page
    assert "stated objective" not in page


def test_the_day_of_publication_reads_as_english(client, vellmark):
    assert "came out on 3 February 2026 (publisher: " in source_of(client, "/vellmark-2030/")


def test_the_month_of_publication_reads_as_english(client, db):
    PlanFactory(code="month-plan", published_precision="month")
    assert "came out in February 2026 (publisher: " in source_of(client, "/month-plan/")


@pytest.mark.slow
def test_a_thousand_promises_are_drawn_with_machine_readable_numbers(client, db):
    provision = ProvisionFactory(category__plan__code="big-plan")
    metric = MetricFactory()
    Commitment.objects.bulk_create(
        CommitmentFactory.build_batch(1000, plan=provision.plan, provision=provision, metric=metric)
    )
    page = source_of(client, "/big-plan/")
    assert "What became of the 1,000 promises of the " in page
    assert '<meter min="0" max="1000" value="1000"' in page
