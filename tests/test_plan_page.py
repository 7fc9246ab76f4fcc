"""The first page: the whole plan as one square per commitment."""

import re

import pytest

pytestmark = pytest.mark.django_db


def test_it_has_one_square_for_each_commitment(client, vellmark):
    page = client.get("/vellmark-2030/").content.decode()
    assert len(re.findall(r'<a class="sq k-', page)) == 14
    assert 'aria-label="I.1.1a Piped water in 88 percent or more of village homes (Quantity)"' in page


def test_the_root_shows_the_plan_that_the_setting_names_and_says_where_it_lives(client, vellmark):
    page = client.get("/").content.decode()
    assert "14 promises, one square each" in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/vellmark-2030/">' in page


def test_it_counts_by_kind_out_of_all(client, vellmark):
    page = client.get("/vellmark-2030/").content.decode()
    assert re.search(r'kind=quantity">Quantity</a></span>\s*<span class="num">6 <span class="of">of 14', page)


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
