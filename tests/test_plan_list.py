"""The list of plans."""

import datetime
import re

import pytest

from tracker.models import Precision

from . import factories
from .reading import source_of

pytestmark = pytest.mark.django_db


def rows_of(client):
    page = source_of(client, "/plans/")
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [" ".join(re.sub(r"<[^>]*>", "", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", body, re.S)
    ]


def test_it_shows_who_published_a_plan_when_for_which_years_and_how_much_it_promises(client, vellmark):
    assert rows_of(client) == [
        [
            "Rights Programme of Vellmark (2026-2030)",
            "Vellmark",
            "Chancery of Vellmark",
            "3 February 2026",
            "2026–2030",
            "9",
            "14",
        ]
    ]
    page = source_of(client, "/plans/")
    assert "<title>Plans · Promise by promise</title>" in page
    assert "<h1>Plans</h1>" in page
    assert '<a href="/vellmark-2030/">' in page
    assert '<a href="/bodies/chancery/">' in page


def test_it_counts_as_many_paragraphs_as_the_plans_own_page(client, vellmark):
    assert "that its 9 paragraphs promise" in source_of(client, "/vellmark-2030/")
    assert rows_of(client)[0][5] == "9"


def test_the_newest_period_stands_first(client, vellmark):
    factories.PlanFactory(
        code="older", starts_on=datetime.date(2021, 1, 1), ends_on=datetime.date(2025, 12, 31), title="Older plan"
    )
    assert [row[0] for row in rows_of(client)] == ["Rights Programme of Vellmark (2026-2030)", "Older plan"]


@pytest.mark.parametrize(
    ("precision", "words"), [(Precision.DAY, "3 February 2026"), (Precision.MONTH, "February 2026"), ("year", "2026")]
)
def test_a_date_is_said_no_more_exactly_than_it_is_known(client, db, precision, words):
    factories.PlanFactory(published_precision=precision)
    assert rows_of(client)[0][3] == words


def test_before_any_plan_is_loaded_it_is_empty_and_not_broken(client, db):
    assert rows_of(client) == []


def test_a_second_plan_has_every_page_of_its_own(client, vellmark):
    factories.CommitmentFactory(
        code="C.1a", provision__code="C.1", provision__category__code="C", provision__category__plan__code="other-plan"
    )
    for address in (
        "/other-plan/",
        "/other-plan/rights/",
        "/other-plan/rights/C/",
        "/other-plan/provisions/C.1/",
        "/other-plan/commitments/",
        "/other-plan/commitments/C.1a/",
    ):
        page = source_of(client, address)
        assert 'href="/other-plan/commitments.csv"' in page, address
        assert 'href="/vellmark-2030/' not in page, address
