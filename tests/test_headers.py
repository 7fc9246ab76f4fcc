"""Strict headers stand on every kind of answer: pages, files, redirects, refusals, failures, for readers and staff."""

import contextlib
import socket
from http.client import HTTPConnection

import pytest
from django.db import OperationalError
from django.test import Client

from tracker.snapshot import cache

from .browser.serving import SERVER_ALONE, environment, serving

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HELD = ("Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Resource-Policy", "Cache-Control")
PROMISE = "/vellmark-2030/commitments/I.1.1a/"
PLAIN = {
    "/about/": 200,
    PROMISE: 200,
    "/vellmark-2030/commitments.csv": 200,
    "/vellmark-2030/commitments.xlsx": 200,
    "/feeds/changes.atom": 200,
    "/verify.py": 200,
    "/favicon.ico": 200,
    "/livez": 200,
    "/robots.txt": 200,
    "/api/v1/plans/": 200,
    "/cards/site.png": 200,
    "/about": 301,
    "/?utm_source=x": 302,
    "/admin/": 302,
    "/oembed?url=x": 404,
    "/vellmark-2030/commitments/?page=0": 400,
    "/%00": 400,
    "/no/such/page/": 404,
    "/static/none.css": 404,
    "/api/v1/none/": 404,
    "/files/" + "a" * 64 + "/": 404,
    "/prometheus": 404,
    "/desk/link/none/": 410,
}


def lacking(response, *, framed=False):
    """Names of the strict headers that an answer has not, or with another value."""
    wrong = [name for name, value in WANTED.items() if response.get(name) != value]
    wrong += [name for name in HELD if not response.get(name)]
    if not framed and response.get("X-Frame-Options") != "DENY":
        wrong.append("X-Frame-Options")
    return wrong


@pytest.fixture
def browser(client):
    """A stranger to whom failures are shown as answers."""
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
def test_pages_files_redirects_and_what_is_nowhere(browser, vellmark):
    for address, status in PLAIN.items():
        for method in (browser.get, browser.head):
            response = method(address)
            assert (response.status_code, lacking(response)) == (status, []), address
    assert lacking(browser.get(f"/embed{PROMISE}"), framed=True) == []
    assert lacking(browser.get(PROMISE, headers={"If-None-Match": browser.get(PROMISE)["ETag"]})) == []


@pytest.mark.django_db
def test_what_is_refused(browser, vellmark, settings, tmp_path):
    settings.LIMITED, settings.VAR, settings.API_RATE = True, tmp_path, "1/day"
    answers = {
        "another method": (browser.post("/about/"), 405),
        "another host": (browser.get("/about/", headers={"host": "evil.example"}), 400),
        "long cookies": (browser.get("/about/", headers={"cookie": "a=" + "b" * 9000}), 400),
        "no token": (Client(enforce_csrf_checks=True).post("/admin/login/", {}), 403),
        "much at once": ([browser.get("/api/v1/plans/") for _time in range(2)][1], 429),
    }
    settings.SECURE_SSL_REDIRECT = True
    strict = Client()
    answers["plain http"] = strict.get("/about/"), 301
    answers["plain http, another host"] = strict.get("/about/", headers={"host": "evil.example"}), 400
    for what, (response, status) in answers.items():
        assert (response.status_code, lacking(response)) == (status, []), what


@pytest.mark.django_db
def test_what_fails(browser, vellmark, monkeypatch):
    for error, status in ((ValueError("no"), 500), (OperationalError("gone"), 503)):

        def fail(*_given, error=error):
            raise error

        monkeypatch.setattr(cache, "_version", fail)
        for address in (PROMISE, "/vellmark-2030/commitments.json", "/api/v1/plans/"):
            response = browser.get(address)
            assert (response.status_code, lacking(response)) == (status, []), address
            assert "no-store" in response["Cache-Control"], address


@pytest.mark.django_db
def test_nothing_of_the_staff_is_kept_by_others(vellmark, adam, signed_in):
    browser = signed_in(adam)
    for address in ("/desk/", "/admin/", "/admin/jsi18n/", "/desk/none/", "/admin/tracker/plan/add/", "/admin/login/"):
        response = browser.get(address)
        assert lacking(response) == [], address
        assert "private" in response["Cache-Control"], address


@pytest.mark.slow
def test_the_real_server_says_them_too_or_nothing_at_all(tmp_path, write_database, settings):
    write_database("vellmark", tmp_path / "db.sqlite3")
    https = {"SITE_URL": "https://tracker.example.org", "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2}
    env = environment(
        tmp_path / "db.sqlite3", tmp_path, DJANGO_SETTINGS_MODULE="hrplan.settings", TRUST_PROXY="1", **https
    )
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)
    with serving(SERVER_ALONE, env=env, path="/livez") as port:

        def ask(path, method="GET", **headers):
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            with contextlib.closing(connection):
                headers = {"Host": "tracker.example.org", "X-Forwarded-Proto": "https"} | headers
                connection.request(method, path, headers=headers)
                response = connection.getresponse()
                response.read()
                return response.status, lacking(response.headers), response.headers

        style = next(f"/static/tracker/{path.name}" for path in (tmp_path / "static/tracker").glob("site.*.css"))
        for path, method, given, status in (
            *((path, "GET", {}, status) for path, status in PLAIN.items()),
            *(
                (style, "GET", {"Range": span}, status)
                for span, status in (("bytes=0-9", 206), ("bytes=9999999-", 416))
            ),
            (style, "GET", {"If-Modified-Since": "Sun, 01 Jan 2040 00:00:00 GMT"}, 304),
            (style, "POST", {}, 405),
            ("/about/", "TRACE", {}, 405),
            ("/about/", "GET", {}, 200),  # which is kept by now
        ):
            answer = ask(path, method, **given)
            assert answer[:2] == (status, []), (path, method)
            assert answer[2]["Strict-Transport-Security"] == "max-age=31536000", (path, method)
        assert ask("/about/", Host="evil.example")[:2] == (400, [])
        assert ask("/about/", **{"X-Forwarded-Proto": "http"})[:2] == (301, [])
        assert ask("/about/", Host="evil.example", **{"X-Forwarded-Proto": "http"})[:2] == (400, [])
        # What the server refuses before it asks us is no page: it carries nothing that a header could be strict about.
        for words in (b"nonsense", b"GET / HTTP/1.1\r\nA: " + b"a" * 20000, b"GET /" + b"a" * 20000 + b" HTTP/1.1"):
            with socket.create_connection(("127.0.0.1", port), timeout=10) as stranger:
                stranger.sendall(words + b"\r\n\r\n")
                head, _blank, body = stranger.recv(65536).partition(b"\r\n\r\n")
            assert head.split()[1] in (b"400", b"431")
            assert b"content-length: 0" in head
            assert body == b""
