"""Whether the site can answer, for those who run it."""

import logging
import re

import pytest
from django.db import connection
from django.http import HttpResponse

from tests.registering import register
from tracker.desk.figures import count_due
from tracker.models import LedgerEntry
from tracker.serving.middleware import numbered, with_number
from tracker.serving.release import release
from tracker.snapshot.cache import read_snapshot

from . import drafts, factories

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
def test_it_is_ok_with_the_newest_log_entry_and_the_release(client, vellmark):
    response, newest = client.get("/healthz"), LedgerEntry.objects.first()
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "ledger_head": {"entry": newest.seq, "hash": newest.hash},
        "release": release(),
    }
    assert newest.seq == LedgerEntry.objects.head() > 0


@pytest.mark.both_databases
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


@pytest.mark.both_databases
def test_it_asks_for_the_newest_entry_the_guards_and_the_constraints(client, db, django_assert_num_queries):
    with django_assert_num_queries(4 if connection.vendor == "sqlite" else 5):
        client.get("/healthz")


@pytest.mark.both_databases
def test_a_database_that_does_not_answer_is_a_503_that_gives_nothing_away(client, db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracker_ledgerentry RENAME TO tracker_ledgerentry_away")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "the database cannot be reached"}


def test_it_answers_head_and_cannot_be_posted_to(client, db):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.both_databases
def test_a_process_is_alive_without_its_database_and_ready_with_it(client, vellmark, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").content == b"ok\n"
    assert client.get("/readyz").json() == {"status": "ok", "entry": LedgerEntry.objects.head()}
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracker_ledgerentry RENAME TO tracker_ledgerentry_away")
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_they_answer_over_plain_http_where_pages_lead_to_https(client, vellmark, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = ["^(livez|readyz|healthz|prometheus)$"]
    client = type(client)()
    assert client.get("/about/").status_code == 301
    for path in ("/livez", "/readyz", "/healthz"):
        for name in ("127.0.0.1", "10.1.2.3:8000", "site-c", "_"):  # as a container or another host knows this one
            assert client.get(path, headers={"host": name}).status_code == 200


def test_what_is_measured_is_for_those_with_the_token(client, vellmark, edith, settings):
    assert client.get("/prometheus").status_code == 404
    settings.PROMETHEUS_TOKEN = "a-token-of-twenty-letters"
    settings.MIDDLEWARE = ["tracker.serving.monitoring.measured", *settings.MIDDLEWARE]
    client = type(client)()
    for headers in ({}, {"authorization": "Bearer another"}, {"authorization": "Bearer ä"}):
        refused = client.get("/prometheus", headers=headers)
        assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    drafts.drafted(drafts.value(), edith)
    client.get("/about/")
    text = client.get("/prometheus", headers={"authorization": "Bearer a-token-of-twenty-letters"}).content.decode()
    assert 'tracker_requests_total{page="about",status="200"} 1.0' in text
    assert 'tracker_request_seconds_count{page="about"} 1.0' in text
    assert 'tracker_rows_waiting{state="draft"} 1.0' in text
    assert f"tracker_log_entries {LedgerEntry.objects.head()}.0" in text
    assert f"tracker_figures_due {count_due(read_snapshot())}.0" in text


@pytest.mark.both_databases
def test_all_that_is_documented_is_measured_with_what_the_page_cache_had(client, vellmark_progress, settings):
    settings.PROMETHEUS_TOKEN = "a-token-of-twenty-letters"
    settings.MIDDLEWARE = ["tracker.serving.monitoring.measured", *settings.MIDDLEWARE]
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "tracker.caching.pages.PagesInMemory", "LOCATION": "measured"}
    }
    client, token = type(client)(), {"authorization": "Bearer a-token-of-twenty-letters"}
    number = re.compile(r"^(tracker_(?:kept_pages_total|snapshot_seconds_count)\S*) (\S+)$", re.MULTILINE)
    before = dict(number.findall(client.get("/prometheus", headers=token).content.decode()))
    for _reader in range(3):
        client.get("/method/")
    client.get("/method/?on=2026-07-01")
    client.get("/no/such/page/")
    text = client.get("/prometheus", headers=token).content.decode()
    assert 'tracker_requests_total{page="other",status="404"} ' in text
    assert 'page="kept",status="404"' not in text
    after = {name: float(n) - float(before.get(name, 0)) for name, n in number.findall(text)}
    assert (after['tracker_kept_pages_total{kept="yes"}'], after["tracker_snapshot_seconds_count"]) == (2, 1)
    operating = (settings.BASE_DIR / "docs/operating.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"`(tracker_[a-z_]+)", operating)):
        assert re.search(rf"^# TYPE {name.removesuffix('_total')}", text, re.MULTILINE), name


def test_an_answer_and_its_lines_of_the_log_bear_the_same_number(client, vellmark):
    record = logging.makeLogRecord({"msg": "A line.", "request": "with cookies"})
    with_number(record)
    assert (record.request_id, hasattr(record, "request")) == ("-", False)
    inside = []

    def view(_request):
        with_number(record)
        inside.append(record.request_id)
        return HttpResponse()

    assert numbered(view)(None)["Request-Id"] == inside[0] != "-"
    assert client.get("/about/")["Request-Id"] != client.get("/about/")["Request-Id"]


def test_no_page_may_use_what_no_page_needs_and_no_other_site_takes_it_in(client, vellmark):
    page, embedded = client.get("/about/"), client.get("/embed/vellmark-2030/commitments/I.1.1a/")
    assert "camera=()" in page["Permissions-Policy"]
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert embedded["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get("/api/v1/plans/")["Cross-Origin-Resource-Policy"] == "cross-origin"
