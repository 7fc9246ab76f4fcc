"""Other statistics beside a promise: shown with it, never computed with."""

import json

import pytest

from tests import drafts
from tracker.actions.changes import amend
from tracker.actions.progress import publish, submit
from tracker.models import Commitment, Metric

from .reading import source_of

pytestmark = pytest.mark.django_db
PAGE = "/vellmark-2030/commitments/I.2.2a/"


@pytest.fixture
def wages_beside_advice(vellmark, edith, rana):
    """Real wages are shown beside the promise of better advice, by an amendment."""
    promise = Commitment.objects.get(code="I.2.2a")
    draft = amend(record=promise, changes={"beside": ["real-wages"]}, reason="It bears on it.", by=edith)
    submit(record=draft, by=edith)
    publish(record=draft, by=rana)
    figure = drafts.value("2100.50", "2026-12-31", metric="real-wages")
    figure.starts_on = drafts.day("2026-01-01")
    figure.as_of = drafts.day("2026-06-30")
    drafts.published(figure, edith, rana)
    return promise


def test_its_page_shows_the_other_statistic_with_its_figures(client, wages_beside_advice):
    page = source_of(client, PAGE)
    assert "Other statistics beside it" in page
    assert '<a href="/metrics/real-wages/">Real wages</a>' in page
    assert "2,100.5 crowns a month" in page


def test_nothing_is_computed_with_it(client, wages_beside_advice):
    answer = client.get("/vellmark-2030/commitments.json?q=advice")
    record = json.loads(b"".join(answer.streaming_content))["results"][0]
    assert (record["status"], record["value"], record["beside"]) == ("not_known", None, ["real-wages"])


def test_the_statistic_says_what_it_stands_beside(client, wages_beside_advice):
    page = source_of(client, "/metrics/real-wages/")
    assert "Shown beside" in page
    assert PAGE in page


def test_a_page_without_one_does_not_speak_of_it(client, vellmark):
    assert "Other statistics beside it" not in source_of(client, PAGE)


def test_it_loads_and_dumps_with_the_promise(vellmark, wages_beside_advice):
    assert [metric.code for metric in wages_beside_advice.beside.all()] == ["real-wages"]
    assert list(Metric.objects.get(code="real-wages").stands_beside.all()) == [wages_beside_advice]
