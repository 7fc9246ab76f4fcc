"""Pages that are kept: the same bytes for everybody but staff, never an old one, and none too many."""

import gzip
import logging
import time
from wsgiref.util import setup_testing_defaults

import pytest
from django.conf import settings as site
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from redis import Redis

from tracker.caching import pages as pagecache
from tracker.caching.doorway import Doorway

from . import drafts
from .postgres import free_port

pytestmark = pytest.mark.django_db

IN_MEMORY = {"BACKEND": "tracker.caching.pages.PagesInMemory", "LOCATION": "pages", "TIMEOUT": None}
PLAN = "/vellmark-2030"
SORTS = (
    *("/", f"{PLAN}/", f"{PLAN}/commitments/?kind=law", f"{PLAN}/report/?category=I", "/method/", "/data/"),
    *(
        f"{PLAN}/commitments.csv",
        f"{PLAN}/commitments.json",
        "/data/ledger.csv",
        "/feeds/changes.atom",
        "/ledger.jsonl",
    ),
    *(f"{PLAN}/?on=2024-01-01", f"/cards{PLAN}/plan.png", f"/embed{PLAN}/rights/I/", "/sitemap.xml"),
)


def in_redis(port):
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": f"redis://127.0.0.1:{port}/0",
        "OPTIONS": {"serializer": "tracker.caching.pages.Codec", "socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }


@pytest.fixture
def keep(settings, monkeypatch):
    """``keep(store)`` has pages kept from now on, in memory unless said otherwise; returns the store."""
    monkeypatch.setattr(pagecache, "store", pagecache.Store())

    def kept_in(store=IN_MEMORY):
        settings.CACHES = {"default": site.CACHES["default"], "pages": store}
        caches["pages"].clear()
        return caches["pages"]

    return kept_in


def whole(response):
    return b"".join(response) if response.streaming else response.content


@pytest.fixture
def counted(monkeypatch):
    """How often an answer was made and not given out of the store: a list that grows."""
    times = []
    keep = pagecache.KeptPages._keep

    def keeping(self, key, response):
        times.append(key)
        keep(self, key, response)

    monkeypatch.setattr(pagecache.KeptPages, "_keep", keeping)
    return times


@pytest.mark.slow
def test_what_is_kept_is_what_was_made_with_the_same_headers(client, vellmark_progress, keep, counted):
    for address in SORTS:
        plain = client.get(address)
        expected = whole(plain)
        keep()
        fresh, asked = Client(), len(counted)
        for compressed in ("", "gzip", "gzip", ""):
            response = fresh.get(address, HTTP_ACCEPT_ENCODING=compressed)
            body = whole(response)
            packed = response.get("Content-Encoding") == "gzip"
            assert packed is (compressed == "gzip" and not address.endswith(".png")), address
            assert (gzip.decompress(body) if packed else body) == expected, address
            assert response.get("Content-Length", str(len(body))) == str(len(body))
            for name, value in plain.items():
                if name not in (
                    "Content-Length",
                    "Content-Security-Policy",
                    "Request-Id",
                ):  # one has no order, one is new
                    assert response[name] == value, (address, name)
            assert response.has_header("Content-Security-Policy")
        assert len(counted) == asked + 1, address
        site.CACHES.pop("pages")


def test_an_unchanged_page_is_not_sent_again_and_says_so_with_its_headers(client, vellmark, keep, counted):
    keep()
    first = client.get("/method/")
    response = client.get("/method/", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (response.status_code, response.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "X-Frame-Options", "Content-Security-Policy"):
        assert response[name] == first[name]
    for status, headers in ((412, {"HTTP_IF_MATCH": '"another"'}), (304, {"HTTP_IF_NONE_MATCH": "*"})):
        response = client.get("/method/", **headers)
        assert (response.status_code, response["Permissions-Policy"]) == (status, first["Permissions-Policy"])
        assert response["X-Content-Type-Options"] == "nosniff"
    assert client.head("/method/").status_code == 200
    assert len(counted) == 1


def test_after_a_publication_nobody_gets_the_old_page(client, vellmark_progress, edith, rana, keep, counted):
    keep()
    address = f"{PLAN}/commitments/I.1.1a/"
    before = client.get(address).content
    drafts.published(drafts.value(93, "2025-12-31", summary="Counted anew."), edith, rana)
    after = client.get(address).content
    assert b"Counted anew." in after
    assert b"Counted anew." not in before
    assert client.get(address).content == after
    assert len(counted) == 2


def test_another_setting_that_pages_show_is_another_page(client, vellmark, keep, settings):
    keep()
    etag = client.get("/about/")["ETag"]
    settings.OPERATOR = "The Lake Society"
    response = client.get("/about/", HTTP_IF_NONE_MATCH=etag)
    assert response.status_code == 200
    assert "The Lake Society" in response.content.decode()


def test_a_part_of_a_page_is_no_page(client, vellmark, keep):
    keep()
    page = client.get(f"{PLAN}/commitments/").content
    part = client.get(f"{PLAN}/commitments/", HTTP_HX_REQUEST="true").content
    assert part != page
    assert client.get(f"{PLAN}/commitments/").content == page
    assert client.get(f"{PLAN}/commitments/", HTTP_HX_REQUEST="true").content == part


def test_a_page_kept_over_https_is_no_answer_over_http(vellmark, keep, settings):
    store = keep()
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60
    client = Client()
    for _time in range(2):
        assert client.get("/method/", secure=True)["Strict-Transport-Security"] == "max-age=60"
        assert client.get("/method/").status_code == 301
    assert len(store._cache) == 1


def test_staff_are_never_given_a_kept_page_and_theirs_are_not_kept(vellmark, edith, signed_in, keep, counted):
    store = keep()
    signed_in(edith).get("/method/")
    assert (counted, len(store._cache)) == ([], 0)
    Client().get("/method/")
    assert len(store._cache) == 1
    store._cache.clear()
    signed_in(edith).get("/method/")
    assert len(store._cache) == 0


def test_what_failed_leads_elsewhere_or_depends_on_more_is_not_kept(client, vellmark, keep):
    store = keep()
    for address in (
        *("/nowhere/", "/?x=1", f"{PLAN}/commitments/?colour=red", "/method", "/healthz", "/corrections/", "/admin/"),
        *("/api/v1/plans/", "/files/" + "0" * 64 + "/"),
    ):
        whole(client.get(address))
    client.get("/method/", HTTP_HOST="elsewhere.example")
    client.get("/method/", HTTP_COOKIE="a=" + "b" * 9000)
    client.post("/method/")
    assert len(store._cache) == 0


def test_a_file_that_breaks_off_is_not_kept(client, vellmark, keep, monkeypatch):
    store = keep()
    monkeypatch.setattr(pagecache, "LONGEST", 100)
    whole(client.get(f"{PLAN}/commitments.csv"))
    assert len(store._cache) == 0
    monkeypatch.undo()
    response = client.get(f"{PLAN}/commitments.csv")
    next(iter(response.streaming_content))
    response.close()
    assert len(store._cache) == 0


def test_memory_is_bounded_and_what_was_asked_for_longest_ago_goes(keep, monkeypatch):
    store = keep()
    monkeypatch.setattr(pagecache, "IN_MEMORY", 10_000)
    for number in range(20):
        store.set(f"page-{number}", ({}, b"x" * 1000))
        assert store.get("page-0") is not None
    assert sum(map(len, store._cache.values())) <= 10_000
    assert store.get("page-19") is not None
    assert store.get("page-5") is None


@pytest.mark.slow
def test_workers_and_hosts_share_what_is_kept_in_redis(client, vellmark, keep, redis, counted):
    keep(in_redis(redis))
    first = client.get("/method/")
    again = Client().get("/method/")
    assert (again.content, again["ETag"], len(counted)) == (first.content, first["ETag"], 1)
    (key,) = Redis(port=redis).keys()
    assert Redis(port=redis).get(key).startswith(b'{"Content-Type": "text/html')
    Redis(port=redis).set(key, b"\x80\x04spoilt")
    assert Client().get("/method/").content == first.content


def wsgi_answer(application, address, **environ):
    """What a server is told of an address: its status, its headers, and its bytes."""
    path, _mark, query = address.partition("?")
    environ |= {"SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "testserver"}
    setup_testing_defaults(environ)
    told = {}

    def start(status, headers, _error=None):
        told.update(headers, Status=status)

    answer = application(environ, start)
    body = b"".join(answer)
    getattr(answer, "close", list)()
    assert told.pop("Request-Id")
    return told, body


@pytest.fixture
def behind(monkeypatch):
    """The addresses that were not answered at the door."""
    addresses, call = [], WSGIHandler.__call__

    def noted(handler, environ, start_response):
        addresses.append(environ["PATH_INFO"])
        return call(handler, environ, start_response)

    monkeypatch.setattr(WSGIHandler, "__call__", noted)
    return addresses


@pytest.mark.parametrize("address", SORTS)
def test_the_door_gives_what_the_site_gives(vellmark_progress, keep, behind, address):
    keep()
    door, site_itself = Doorway(), WSGIHandler()
    etag = wsgi_answer(door, address)[0]["ETag"]
    behind.clear()
    for asks in (
        {},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_IF_NONE_MATCH": etag},
        {"HTTP_IF_NONE_MATCH": 'W/"another"', "HTTP_ACCEPT_ENCODING": "gzip"},
        {"HTTP_IF_MATCH": '"another"'},
        {"REQUEST_METHOD": "HEAD"},
    ):
        headers = wsgi_answer(door, address, **asks)
        assert behind == []
        assert headers == wsgi_answer(site_itself, address, **asks)
        behind.clear()


def test_more_parameters_than_anybody_reads_are_refused(vellmark, keep):
    keep()
    headers, body = wsgi_answer(Doorway(), f"{PLAN}/commitments/?" + "kind=law&" * 1001)
    assert headers["Status"] == "400 Bad Request"
    assert b"<h1>This address asks for something the page cannot give</h1>" in body


def test_a_path_beyond_latin_letters_is_looked_up_as_it_was_sent(vellmark, keep):
    keep()
    path = "/vellmark-2030/commitments/Āż¶水/".encode().decode("latin-1")  # as servers hand it on
    headers, body = wsgi_answer(Doorway(), path)
    assert (headers["Status"], (headers, body)) == ("404 Not Found", wsgi_answer(WSGIHandler(), path))


def test_the_door_knows_all_that_stands_before_what_is_kept():
    before = site.MIDDLEWARE[: site.MIDDLEWARE.index("tracker.caching.pages.KeptPages")]
    measured = "tracker.serving.monitoring.measured"  # only where somebody reads it
    # The last of them leaves alone what is compressed within, as what is kept is.
    last = ["tracker.serving.middleware.numbered", "tracker.serving.middleware.Compressed"]
    assert [each for each in before if each != measured] == last


def test_who_is_given_nothing_at_the_door(vellmark, keep, behind):
    keep()
    door, asks = Doorway(), {"HTTP_COOKIE": f"{site.SESSION_COOKIE_NAME}=x"}
    wsgi_answer(door, "/method/")
    wsgi_answer(door, "/method/")
    assert behind == ["/method/"]
    wsgi_answer(door, "/method/", **asks)
    wsgi_answer(door, "/method/", REQUEST_METHOD="POST")
    wsgi_answer(door, "/method/", **{"wsgi.url_scheme": "https"})
    wsgi_answer(door, "/admin/login/")
    wsgi_answer(door, "/livez")
    assert behind == ["/method/"] * 4 + ["/admin/login/", "/livez"]


def test_after_a_publication_the_door_is_another(vellmark_progress, keep, behind, edith, rana):
    keep()
    door = Doorway()
    before = wsgi_answer(door, f"{PLAN}/changes/")
    assert wsgi_answer(door, f"{PLAN}/changes/") == before
    behind.clear()
    drafts.published(drafts.value(93, "2025-12-31", summary="Counted anew."), edith, rana)
    after = wsgi_answer(door, f"{PLAN}/changes/")
    assert behind == [f"{PLAN}/changes/"]
    assert after[0]["ETag"] != before[0]["ETag"]


def test_where_the_store_is_down_pages_come_and_the_log_says_so_once(client, vellmark, keep, caplog, settings):
    settings.CACHES = {"default": site.CACHES["default"], "pages": in_redis(free_port())}
    begun = time.monotonic()
    with caplog.at_level(logging.WARNING):
        for _number in range(5):
            assert client.get("/method/").status_code == 200
    lines = [record for record in caplog.records if record.name == "tracker.caching.pages"]
    assert [record.levelname for record in lines] == ["WARNING"]
    assert "each page is made anew" in lines[0].getMessage()
    assert time.monotonic() - begun < 10


def test_a_store_that_is_back_is_asked_again(client, vellmark, keep, caplog, monkeypatch, counted):
    keep()
    monkeypatch.setattr(pagecache, "PAUSE", 0)
    with monkeypatch.context() as patch:
        patch.setattr(pagecache.PagesInMemory, "get", lambda *_arguments: 1 / 0)
        client.get("/method/")
    client.get("/method/")
    first, last = (record.getMessage() for record in caplog.records)
    assert first.startswith("The store of pages fails (division by zero)")
    assert last == "The store of pages can be asked again."
