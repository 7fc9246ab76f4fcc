"""What takes long: made by a process of its own, once, and given out of a file; never by the one who asks."""

import gzip
import os
import subprocess

import pytest
from django.core.handlers.wsgi import WSGIHandler

from tracker.caching import apart
from tracker.management.commands.make_answer import ask, dear_addresses

from . import drafts

pytestmark = pytest.mark.django_db

REPORT = "/vellmark-2030/report/"
DEAR = (
    "/data/everything.zip",
    "/ledger.jsonl",
    "/data/ledger.csv",
    "/data/ledger.json",
    REPORT,
    "/vellmark-2030/coverage/",
)


@pytest.fixture
def made_addresses(settings, tmp_path, monkeypatch):
    """What was made apart, by address, from now on; in this process, since another does not see the test's database."""
    settings.VAR, settings.APART = tmp_path, True
    addresses = []

    def run(program, env, **_options):
        addresses.append(program[-1])
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(apart.MAKING, env[apart.MAKING])
            assert ask(WSGIHandler(), program[-1]) == 200

    monkeypatch.setattr(subprocess, "run", run)
    return addresses


def whole(response):
    return b"".join(response) if response.streaming else response.content


@pytest.mark.slow
def test_it_is_made_once_and_is_what_the_page_itself_would_be(client, vellmark_progress, settings, made_addresses):
    assert sorted(dear_addresses()) == sorted(DEAR)
    for address in DEAR:
        settings.APART = False
        expected = client.get(address)
        body = whole(expected)
        settings.APART = True
        for compressed in ("", "gzip", ""):
            response = client.get(address, HTTP_ACCEPT_ENCODING=compressed)
            sent = whole(response)
            assert int(response["Content-Length"]) == len(sent), address
            packed = response.get("Content-Encoding") == "gzip"
            assert packed is (compressed == "gzip" and not address.endswith(".zip")), address
            assert (gzip.decompress(sent) if packed else sent) == body, address
            for name in ("Content-Type", "Content-Disposition", "ETag", "Cache-Control", "X-Frame-Options"):
                assert response.get(name) == expected.get(name), (address, name)
    assert sorted(made_addresses) == sorted(DEAR)


@pytest.mark.slow
def test_a_publication_and_another_day_make_another(client, vellmark_progress, edith, rana, made_addresses):
    old = whole(client.get("/ledger.jsonl"))
    drafts.published(drafts.value(93, "2025-12-31"), edith, rana)
    new = whole(client.get("/ledger.jsonl"))
    assert len(new.splitlines()) > len(old.splitlines())
    whole(client.get(f"{REPORT}?on=2025-01-01"))
    assert made_addresses == ["/ledger.jsonl", "/ledger.jsonl", f"{REPORT}?on=2025-01-01"]


def test_what_is_refused_unchanged_or_quick_starts_no_process(client, vellmark_progress, made_addresses):
    etag = client.get("/ledger.jsonl")["ETag"]
    made_addresses.clear()
    assert client.get("/ledger.jsonl", HTTP_IF_NONE_MATCH=etag).status_code == 304
    for address, status in {
        "/ledger.jsonl?known=x": 400,
        f"{REPORT}?x=1": 400,
        f"{REPORT}?on=2999-01-01": 400,
        "/atlantis-2040/report/": 404,
        f"{REPORT}?category=I": 200,
        "/data/updates.csv": 200,
        "/data/nothing.csv": 404,
    }.items():
        assert client.get(address).status_code == status, address
    assert made_addresses == []


def test_where_many_wait_or_it_fails_one_is_told_when_to_come_again(client, vellmark, made_addresses, monkeypatch):
    for _thread in range(2):
        assert apart.WAITING.acquire(blocking=False)
    try:
        page, file = client.get(REPORT), client.get("/ledger.jsonl")
    finally:
        apart.WAITING.release(2)
    assert made_addresses == []
    monkeypatch.setattr(subprocess, "run", lambda *_arguments, **_options: None)
    for response in (page, file, client.get(REPORT)):
        assert (response.status_code, response["Retry-After"]) == (503, "10")
        assert "Please ask again in 10 seconds" in response.content.decode()
        assert "ETag" not in response
    assert file["Content-Type"] == "application/json"
    assert apart.WAITING.acquire(blocking=False)
    apart.WAITING.release()


def test_files_are_bounded_and_those_asked_for_longest_ago_go(client, vellmark, made_addresses, monkeypatch):
    for address in DEAR[1:4]:
        whole(client.get(address))
    files = [path for path in apart.folder().iterdir() if path.name != "lock"]
    for age, path in enumerate(files):
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    half_done = apart.folder() / ".left"
    half_done.write_text("cut short")
    monkeypatch.setattr(apart, "MOST", sum(path.stat().st_size for path in files) - 1)
    apart._make_room(files[2])
    assert [path.exists() for path in (*files, half_done)] == [False, True, True, False]
