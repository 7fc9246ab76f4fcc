"""The first page: the whole plan as one square per commitment."""

import re

import pytest

from tracker.models import Commitment

from .factories import CommitmentFactory, MetricFactory, PlanFactory, ProvisionFactory
from .reading import source_of

pytestmark = pytest.mark.django_db


def test_it_has_one_square_for_each_commitment(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    assert len(re.findall(r'<a class="sq g-', page)) == 14
    assert (
        'aria-label="I.1.1a Piped water in 88 percent or more of village homes: not known: nobody has looked"' in page
    )


def test_the_root_shows_the_plan_that_the_setting_names_and_says_where_it_lives(client, vellmark):
    page = source_of(client, "/")
    assert "What became of 14 promises" in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/vellmark-2030/">' in page


def test_it_counts_by_kind_out_of_all(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    assert re.search(
        r'kind=quantity">Quantity</a></span></th>.*?<td class="n">6</td>\s*<td class="n">0 to 6 of 6', page, re.S
    )


def test_it_asks_the_database_once_when_nothing_changed(client, vellmark, django_assert_num_queries):
    client.get("/vellmark-2030/")
    with django_assert_num_queries(1):
        client.get("/vellmark-2030/")


def test_a_plan_that_is_not_there_is_a_404_with_a_sentence(client, vellmark):
    response = client.get("/atlantis-2040/")
    assert response.status_code == 404
    assert "There is no plan with the code atlantis-2040." in response.content.decode()


def test_it_refuses_a_parameter_by_name(client, vellmark):
    response = client.get("/vellmark-2030/?colour=red")
    assert response.status_code == 400
    assert "This page takes no parameter “colour”." in response.content.decode()


def test_it_cannot_be_posted_to(client, vellmark):
    assert client.post("/vellmark-2030/").status_code == 405


def test_it_says_what_the_plan_is_in_figures(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    assert "<title>Rights Programme of Vellmark (2026-2030) · Promise by promise</title>" in page
    assert "each thing that its 9 paragraphs promise" in page


def test_its_squares_stand_by_right_in_the_order_of_the_text(client, vellmark):
    page = source_of(client, "/vellmark-2030/")
    rows = re.findall(r'<h4><a href="([^"]*)">([^<]*)</a></h4>\s*<ul class="squares">(.*?)</ul>', page, re.S)
    assert [(address, label, squares.count("<a class")) for address, label, squares in rows] == [
        ("/vellmark-2030/rights/I/", "Introduction", 1),
        ("/vellmark-2030/rights/I.1/", "Water", 5),
        ("/vellmark-2030/rights/I.2/", "Work", 5),
        ("/vellmark-2030/rights/II/", "The chapter", 3),
    ]
    codes = re.findall(r'aria-label="([\w.]+) [^"]*">', rows[1][2])
    assert codes == ["I.1.1a", "I.1.1b", "I.1.1c", "I.1.1d", "I.1.1e"]
    assert re.findall(r'<p class="quiet">(\d+ promises?)</p>', page) == ["11 promises", "3 promises"]


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
    assert "What became of 0 promises" in page
    assert "stated objective" not in page


def test_the_day_of_publication_reads_as_english(client, vellmark):
    assert "came out on 3 February 2026 and" in source_of(client, "/vellmark-2030/")


def test_the_month_of_publication_reads_as_english(client, db):
    PlanFactory(code="month-plan", published_precision="month")
    assert "came out in February 2026 and" in source_of(client, "/month-plan/")


def test_a_thousand_promises_are_drawn_with_machine_readable_numbers(client, db):
    provision = ProvisionFactory(category__plan__code="big-plan")
    metric = MetricFactory()
    Commitment.objects.bulk_create(
        CommitmentFactory.build_batch(1000, plan=provision.plan, provision=provision, metric=metric)
    )
    page = source_of(client, "/big-plan/")
    assert "What became of 1,000 promises" in page
    assert '<meter min="0" max="1000" value="1000"' in page
