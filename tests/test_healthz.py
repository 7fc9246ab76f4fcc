"""Whether the site can answer, for those who run it."""

import pytest
from django.db import connection

from tests.registering import register
from tracker.models import LedgerEntry
from tracker.release import release

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_it_is_ok_with_the_newest_log_entry_and_the_release(client, vellmark):
    response, newest = client.get("/healthz"), LedgerEntry.objects.first()
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "ledger_head": {"entry": newest.seq, "hash": newest.hash},
        "release": release(),
    }
    assert newest.seq == LedgerEntry.objects.head() > 0


def test_it_is_ok_before_the_first_entry(client, db):
    assert client.get("/healthz").json()["ledger_head"] is None


def test_it_moves_with_the_log(client, vellmark, edith):
    before = client.get("/healthz").json()["ledger_head"]["entry"]
    register(record=factories.BodyFactory.build(), by=edith)
    assert client.get("/healthz").json()["ledger_head"]["entry"] == before + 1


def test_it_is_never_kept(client, db):
    response = client.get("/healthz")
    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response


def test_it_asks_for_the_newest_entry_the_guards_and_the_constraints(client, db, django_assert_num_queries):
    with django_assert_num_queries(4 if connection.vendor == "sqlite" else 5):
        client.get("/healthz")


def test_a_database_that_does_not_answer_is_a_503_that_gives_nothing_away(client, db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracker_ledgerentry RENAME TO tracker_ledgerentry_away")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "the database cannot be reached"}


def test_it_answers_head_and_cannot_be_posted_to(client, db):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405
