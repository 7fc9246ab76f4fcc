"""What strangers do to stop the site, done to the real server with one worker: everybody else is given their pages."""

import contextlib
import datetime
import os
import signal
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException
from itertools import cycle
from pathlib import Path

import pytest
from django.conf import settings

from tracker.management import keeping

from . import databases
from .browser.serving import SERVER_ALONE, environment, manage, serving

pytestmark = pytest.mark.slow

PATIENCE = 30  # seconds for a page while others misbehave, on a machine that may be busy with other tests
ROUNDS = 8


@pytest.fixture(scope="module")
def site(tmp_path_factory, write_database):
    """The port of the server with the real plan, whose log has been made as a file already, and its folder."""
    env = site_of("china", tmp_path_factory.mktemp("site"), write_database)
    manage("make_answer", "/ledger.jsonl", env=env)
    with serving(SERVER_ALONE, env=env) as port:
        status, _body = asked(port, "/about/", patience=120)
        assert status == 200
        yield port, Path(env["VAR"])


def site_of(state, folder, write_database):
    """The environment of a site in a folder, with a prepared database."""
    write_database(state, folder / "db.sqlite3")
    (folder / "static").symlink_to(settings.STATIC_ROOT)
    same = {"DJANGO_SETTINGS_MODULE": "hrplan.settings", "SITE_URL": "http://127.0.0.1:8000"}  # for both
    return environment(folder / "db.sqlite3", folder, **same)


def asked(port, path, patience=PATIENCE, **headers):
    connection = HTTPConnection("127.0.0.1", port, timeout=patience)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()


def everybody_reads(port):
    """Some pages are there, each within the time that a reader waits."""
    for number in range(ROUNDS):
        assert asked(port, ("/about/", "/method/", "/", "/plans/")[number % 4])[0] == 200


@contextlib.contextmanager
def connections(port, count, first=b""):
    """So many open connections, each of which has sent something."""
    opened = []
    try:
        for _number in range(count):
            stranger = socket.socket()
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stranger.connect(("127.0.0.1", port))
            stranger.sendall(first)
            opened.append(stranger)
        yield opened
    finally:
        for stranger in opened:
            stranger.close()


def test_a_long_cookie_header_is_refused_at_once(site):
    port, _folder = site
    begun = time.monotonic()
    for size in (9_000, 190_000):
        with contextlib.suppress(HTTPException, OSError):  # some servers hang up on it, which is a refusal too
            status, _body = asked(port, "/", Cookie='a="' + '\\"' * (size // 2) + '"')
            assert status in (400, 431)
    everybody_reads(port)
    assert time.monotonic() - begun < PATIENCE


def test_who_sends_slowly_and_who_does_not_read_holds_up_nobody(site):
    port, _folder = site
    slow = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    slow += b"Cookie: csrftoken=" + b"a" * 32 + b"\r\nContent-Length: 100000\r\n\r\na"
    lazy = b"GET /ledger.jsonl HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with (
        connections(port, 4, b"POST /" + slow) as some,
        connections(port, 20, b"POST /admin/login/" + slow) as more,  # whose body is read
        connections(port, 40, lazy),
    ):
        for _second in range(3):
            everybody_reads(port)
            for sender in some + more:
                with contextlib.suppress(OSError):  # it was answered already, and hung up on
                    sender.sendall(b"a")


def test_hundreds_who_say_nothing_hold_up_nobody(site):
    port, _folder = site
    with connections(port, 300):
        everybody_reads(port)


def test_four_who_ask_for_what_takes_long_leave_the_others_their_pages(site):
    port, folder = site
    done, answers = threading.Event(), []

    def ask(path, days):
        while not done.is_set():
            day = datetime.date(2022, 1, 1) + datetime.timedelta(days=next(days))
            with contextlib.suppress(OSError, HTTPException):
                answers.append(asked(port, f"{path}on={day}", patience=120)[0])

    known = f"/?known={os.environ[databases.DAY_BEFORE]}&"
    paths = "/data/everything.zip?", "/hrap-2021-2025/report/?", known, known
    strangers = [threading.Thread(target=ask, args=(path, cycle(range(n, 1000, 4)))) for n, path in enumerate(paths)]
    for stranger in strangers:
        stranger.start()
    try:
        until = time.monotonic() + 2
        while time.monotonic() < until:
            everybody_reads(port)
    finally:
        done.set()
        for stranger in strangers:
            stranger.join()
    assert 200 in answers
    assert 500 not in answers
    assert any(path.name != "lock" for path in (folder / "made").iterdir())


def test_a_worker_that_is_killed_twice_comes_back_and_so_does_the_server(tmp_path, write_database):
    """With the invented plan, because each of the four that begin reads it."""
    others = children(os.getpid())
    with serving(SERVER_ALONE, env=site_of("vellmark_progress", tmp_path, write_database)) as port:
        (keeper,) = [pid for pid in children(os.getpid()) if pid not in others and "keeping.py" in command_of(pid)]
        time.sleep(keeping.LEAST)  # one that ends before is not begun again
        for _time in range(2):
            (server,) = children(keeper)
            (worker,) = children(server)
            os.kill(worker, signal.SIGKILL)
            comes_back(port, worker)
        (server,) = children(keeper)
        os.kill(server, signal.SIGKILL)
        comes_back(port, server)


def comes_back(port, killed):
    until = time.monotonic() + 90
    while time.monotonic() < until:
        with contextlib.suppress(OSError, HTTPException):
            if asked(port, "/about/")[0] == 200 and not Path(f"/proc/{killed}/cmdline").exists():
                return
        time.sleep(0.2)
    pytest.fail("no worker came back")


def command_of(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def children(pid):
    """Processes that a process has begun and that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == pid and state != "Z":
                found.append(int(path.parent.name))
    return found
