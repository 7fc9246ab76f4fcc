"""How often one address may ask for what is dear, counted by all processes together; reading is never limited."""

import logging
import logging.config
import multiprocessing
import re
import sqlite3
import time
from functools import partial

import pytest
from django.core.cache import caches
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from redis import Redis

from tracker.serving import limits
from tracker.serving.middleware import with_number
from tracker.views.limited import Unhurried

from .postgres import free_port
from .test_sign_in import account, sign_in

pytestmark = pytest.mark.django_db

PLAN = "/vellmark-2030"


@pytest.fixture(autouse=True)
def limited(settings, tmp_path, monkeypatch):
    """One request a minute of each kind, counted from nothing, in a minute that does not end meanwhile."""
    settings.LIMITED, settings.VAR, settings.REDIS_URL = True, tmp_path, ""
    settings.API_RATE = settings.SEARCH_RATE = settings.FILES_RATE = settings.SIGNIN_RATE = "1/minute"
    now = time.time() // 86_400 * 86_400 + 3600 + 15
    monkeypatch.setattr(limits.time, "time", lambda: now)
    monkeypatch.setattr(limits, "_failed_at", -1000.0)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{PLAN}/commitments/?q=water", "More than 1 searches or past days in one minute"),
        ("/search/?q=water", "More than 1 searches or past days in one minute"),
        (f"{PLAN}/?on=2026-01-01", "More than 1 searches or past days in one minute"),
        (f"{PLAN}/commitments.csv", "More than 1 files in one minute"),
        (f"{PLAN}/baseline.xlsx", "More than 1 files in one minute"),
        ("/data/everything.zip", "More than 1 files in one minute"),
        ("/ledger.jsonl", "More than 1 files in one minute"),
        ("/corrections.json", "More than 1 files in one minute"),
        ("/feeds/changes.atom", "More than 1 files in one minute"),
        ("/api/v1/plans/", "More than 1 requests in one minute"),
    ],
)
def test_what_is_dear_is_refused_with_a_sentence_and_when_to_come_again(client, vellmark_progress, address, words):
    assert client.get(address).status_code == 200
    response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (429, "45")
    assert f"{words} " in response.content.decode()
    assert "wait 45 seconds." in response.content.decode()
    assert client.get(address, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_newsroom_behind_one_address_reads_on(client, vellmark_progress):
    client.get("/search/?q=water")
    assert client.get("/search/?q=water").status_code == 429
    for path in ("/", "/plans/", f"{PLAN}/", f"{PLAN}/commitments/", f"{PLAN}/commitments/?kind=law", "/method/"):
        for _reader in range(3):
            assert client.get(path).status_code == 200, path


def test_what_is_kept_already_is_not_counted(client, vellmark_progress, settings):
    settings.CACHES = settings.CACHES | {
        "pages": {"BACKEND": "tracker.caching.pages.PagesInMemory", "LOCATION": "pages", "TIMEOUT": None}
    }
    caches["pages"].clear()
    for _reader in range(5):
        assert Client().get("/search/?q=water").status_code == 200
    assert Client().get("/search/?q=rivers").status_code == 429


def test_names_are_not_tried_one_after_the_other(settings):
    settings.SIGNIN_RATE = "20/hour"
    account("edith")
    for number in range(20):
        assert sign_in(f"somebody{number}", "guess")[0].status_code == 200
    refused, _browser = sign_in("edith")
    assert (refused.status_code, refused["Retry-After"]) == (429, str(3600 - 15))
    assert "Signing in was tried more than 20 times in one hour from your address" in refused.content.decode()
    assert sign_in("edith", address="192.0.2.77")[0].status_code == 302


def test_who_goes_on_after_that_is_in_the_log_once_an_hour_and_without_a_name(settings, caplog, monkeypatch):
    settings.SIGNIN_RATE = "2/hour"
    operating = (settings.BASE_DIR / "docs/operating.md").read_text(encoding="utf-8")
    failregex = re.search(r"failregex = (.+)", operating)[1].replace("<HOST>", r"(?P<host>\S+)")
    now = limits.time.time()
    with caplog.at_level(logging.WARNING, logger="tracker.signin"):
        for number in range(6):
            sign_in(f"somebody{number}", "guess")
        assert sign_in("somebody", "guess", address="192.0.2.9")[0].status_code == 200
        monkeypatch.setattr(limits.time, "time", lambda: now + 3600)
        for _number in range(6):
            sign_in("tracker.signin: refused from 1.2.3.4 as 'me'", "guess")
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if "somebody" not in line and "me" not in line] == [
        "refused from 192.0.2.1 as too many"
    ] * 2
    assert len(lines) == 2 + 1 + 1 + 2 + 1
    for form in ("line", "json"):
        formatter = logging.config.DictConfigurator(settings.LOGGING).configure_formatter(
            dict(settings.LOGGING["formatters"][form])
        )
        hosts = [re.search(failregex, formatter.format(with_request(record)))["host"] for record in caplog.records]
        assert hosts == ["192.0.2.1"] * 3 + ["192.0.2.9"] + ["192.0.2.1"] * 3, form


def with_request(record):
    """A line of the log as the handler gets it."""
    with_number(record)
    return record


def test_the_next_minute_begins_anew(monkeypatch):
    assert [limits.spend("API", "192.0.2.1") for _time in range(2)] == [0, 45]
    now = limits.time.time()
    monkeypatch.setattr(limits.time, "time", lambda: now + 45)
    assert [limits.spend("API", "192.0.2.1") for _time in range(2)] == [0, 60]


def test_half_an_address_of_the_sixth_version_is_one_household():
    assert limits.spend("API", "2001:db8:1:2::1") == 0
    assert limits.spend("API", "2001:db8:1:2:ffff::9") > 0
    assert limits.spend("API", "2001:db8:1:3::1") == 0


def test_an_address_of_the_fourth_version_is_one_household_however_it_is_written():
    """A server that listens on both writes the fourth version so; all of it would be one half."""
    assert limits.spend("API", "::ffff:192.0.2.1") == 0
    assert limits.spend("API", "::ffff:192.0.2.2") == 0
    assert limits.spend("API", "192.0.2.1") > 0


def _ask(_number):
    return limits.spend("API", "192.0.2.1")


def test_processes_count_together(settings):
    settings.API_RATE = "25/minute"
    with multiprocessing.get_context("fork").Pool(4) as processes:
        waits = processes.map(_ask, range(60), chunksize=1)
    assert waits.count(0) == 25


@pytest.mark.slow
def test_hosts_count_together_in_redis_and_one_that_is_down_keeps_nobody_out(settings, redis, tmp_path, caplog):
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.REDIS_URL = f"redis://127.0.0.1:{redis}/0"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": settings.REDIS_URL, "KEY_PREFIX": "limits"}}
    Redis(port=redis).flushall()
    assert [limits.spend("API", "192.0.2.1") for _time in range(2)] == [0, 45]
    (key,) = Redis(port=redis).keys()
    assert b"192" not in key
    assert 0 < Redis(port=redis).ttl(key) <= 120
    assert not list(tmp_path.iterdir())
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}}
    with caplog.at_level(logging.WARNING):
        assert [limits.spend("API", "192.0.2.1") for _time in range(5)] == [0] * 5
    assert [record.getMessage()[:30] for record in caplog.records] == ["Requests cannot be counted (Er"]


def test_no_address_is_kept_and_what_is_kept_goes(tmp_path, monkeypatch):
    for number in range(50):
        limits.spend("API", f"192.0.2.{number}")
    file = tmp_path / limits.FILE
    assert b"192.0" not in file.read_bytes()
    now = limits.time.time()
    monkeypatch.setattr(limits.time, "time", lambda: now + 60)
    limits.spend("API", "198.51.100.1")

    assert sqlite3.connect(file).execute("SELECT count(*) FROM counts").fetchone() == (1,)


def test_a_file_that_is_no_database_is_made_anew(tmp_path, monkeypatch):
    (tmp_path / limits.FILE).write_bytes(b"not a database" * 1000)
    assert limits.spend("API", "192.0.2.1") == 0
    monkeypatch.setattr(limits, "_failed_at", -1000.0)
    assert [limits.spend("API", "192.0.2.1") for _time in range(2)] == [0, 45]


def test_the_site_itself_does_not_wait():
    assert [limits.spend("FILES", "") for _time in range(3)] == [0, 0, 0]


def test_who_does_not_read_and_who_sends_slowly_leave_threads_to_others(rf, settings):
    """Half of the threads of a process, and one fewer of one address."""
    settings.THREADS = 8
    streams = Unhurried(lambda request: StreamingHttpResponse(iter([b"a", b"b"])))
    ask = partial(rf.get, "/ledger.jsonl")
    lazy = [streams(ask(REMOTE_ADDR="192.0.2.1")) for _time in range(5)]
    assert [each.status_code for each in lazy] == [200, 200, 200, 503, 503]
    assert (lazy[3]["Retry-After"], b"on their way just now" in lazy[3].content) == ("5", True)
    others = [streams(ask(REMOTE_ADDR=f"192.0.2.{n}")) for n in (2, 3)]
    assert [each.status_code for each in others] == [200, 503]
    assert b"".join(lazy[0]) == b"ab"
    lazy[0].close()
    assert streams(ask(REMOTE_ADDR="192.0.2.3")).status_code == 200
    pages = Unhurried(lambda request: HttpResponse("a page"))
    assert [pages(ask(REMOTE_ADDR="192.0.2.1")).status_code for _time in range(9)] == [200] * 9

    def form(request):
        statuses.append(pages.places.held.total())
        return HttpResponse() if len(statuses) == 9 else pages(rf.post("/admin/login/"))

    pages.get_response, statuses = form, []
    assert pages(rf.post("/admin/login/")).status_code == 503
    assert statuses == [1, 2, 3]
    assert pages.places.held.total() == 0


def test_staff_of_one_address_are_not_turned_away_where_no_place_is_left(rf, settings, edith, signed_in):
    settings.THREADS = 8
    places, statuses = Unhurried(lambda request: HttpResponse("done")), []
    key = signed_in(edith).cookies[settings.SESSION_COOKIE_NAME].value
    while places.places.take("192.0.2.1"):
        pass
    for cookie in (key, "a" * 32, ""):
        request = rf.post("/admin/tracker/update/add/", REMOTE_ADDR="192.0.2.1")
        request.COOKIES[settings.SESSION_COOKIE_NAME] = cookie
        statuses.append(places(request).status_code)
    assert statuses == [200, 503, 503]
    places.get_response = lambda request: StreamingHttpResponse(iter([b"a"]))
    file = rf.get("/ledger.jsonl", REMOTE_ADDR="192.0.2.1")
    file.COOKIES[settings.SESSION_COOKIE_NAME] = key
    assert b"".join(places(file)) == b"a"
    assert places.places.held.total() == 3
