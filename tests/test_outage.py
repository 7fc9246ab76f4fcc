"""While the database does not answer: a 503 that says when to come again, at once, in one line of the log."""

import logging
import re
import sqlite3
import sys

import pytest
from django.conf import settings as site
from django.core.cache import caches
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client

import manage
from tracker.actions import unsaved
from tracker.caching import pages as pagecache
from tracker.models import UnsavedForm, Update
from tracker.serving import middleware
from tracker.snapshot import cache

from .forms import value_form
from .test_settings import run
from .test_uploads import ADD

pytestmark = pytest.mark.django_db

GONE = OperationalError('connection to server at "database" failed: Connection refused\n\tIs the server running?')
ADDRESSES = {
    "/vellmark-2030/": b"<h1>Please ask again in a moment</h1>",
    "/vellmark-2030/commitments.json": b'{"error": "',
    "/api/v1/commitments/": b'{"error": "',
    "/readyz": b'{"status": "the database cannot be reached"}',
}


@pytest.fixture
def away(monkeypatch):
    """``away(error)`` has every question about the newest entry end so, until the next one; ``None``: it answers."""
    asked, answer = [], cache._version
    monkeypatch.setattr(middleware, "_said", -middleware.OUTAGE)

    def fail(error):
        def version(*of):
            asked.append(of)
            if error is not None:
                raise error
            return answer(*of)

        monkeypatch.setattr(cache, "_version", version)
        return asked

    return fail


@pytest.fixture
def browser(client):
    """A stranger to whom failures are shown as answers."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("address", ADDRESSES)
def test_readers_and_programs_are_told_when_to_come_again_and_are_answered_then(browser, vellmark, away, address):
    away(GONE)
    response = browser.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert ADDRESSES[address] in response.content
    assert b"refused" not in response.content
    assert "no-store" in response.get("Cache-Control", "")
    away(None)
    assert browser.get(address).status_code == 200


def test_it_is_one_line_of_the_log_however_many_ask(browser, vellmark, away, caplog):
    away(GONE)
    with caplog.at_level(logging.ERROR):
        for _reader in range(3):
            browser.get("/vellmark-2030/")
            browser.get("/readyz")
    [line] = caplog.records
    assert line.getMessage().startswith("The database does not answer (connection to server at")
    assert "\n" not in line.getMessage()
    assert not line.exc_info


def test_what_is_wrong_with_us_is_a_500_with_its_trace(browser, vellmark, away, caplog):
    for error in (ProgrammingError("no such column"), ValueError("ours")):
        away(error)
        assert browser.get("/vellmark-2030/").status_code == 500
        assert caplog.records[-1].exc_info


def with_cause(code):
    cause = sqlite3.OperationalError("as SQLite says")
    cause.sqlite_errorcode = code
    error = OperationalError("as Django says")
    error.__cause__ = cause
    return error


def test_a_file_that_is_locked_or_cannot_be_read_is_away_and_a_missing_table_is_not():
    assert middleware.is_away(with_cause(sqlite3.SQLITE_BUSY))
    assert middleware.is_away(with_cause(sqlite3.SQLITE_IOERR))
    assert middleware.is_away(InterfaceError("the connection is closed"))
    assert not middleware.is_away(with_cause(sqlite3.SQLITE_ERROR))
    assert not middleware.is_away(None)


@pytest.mark.slow
@pytest.mark.parametrize("error", [GONE, InterfaceError("the connection is closed")])
def test_a_form_during_which_it_goes_away_comes_back_to_be_sent_again(vellmark, edith, signed_in, monkeypatch, error):
    def gone(*_arguments, **_options):
        raise error

    browser, form = signed_in(edith), value_form(summary="As somebody typed it.")
    with monkeypatch.context() as patch:
        patch.setattr(Update, "save", gone)
        patch.setattr(UnsavedForm, "save", gone)
        patch.setattr(unsaved, "begin", gone)
        refused = browser.post(ADD, form)
    assert (refused.status_code, "Retry-After" in refused) == (503, True)
    assert "The record of this site does not answer just now." in refused.content.decode()
    assert "As somebody typed it.</textarea>" in refused.content.decode()
    assert browser.post(ADD, form).status_code == 302


@pytest.fixture
def keeping(settings):
    """A stranger at a site that keeps its pages, as in production."""
    settings.CACHES = {
        "default": site.CACHES["default"],
        "pages": {"BACKEND": "tracker.caching.pages.PagesInMemory", "LOCATION": "pages", "TIMEOUT": None},
    }
    caches["pages"].clear()
    return Client(raise_request_exception=False)


def test_one_reader_a_second_waits_for_a_database_that_says_nothing(keeping, vellmark, away, monkeypatch):
    asked = away(GONE)
    for _reader in range(5):
        assert keeping.get("/vellmark-2030/").status_code == 503
    assert len(asked) == 1
    away(None)
    monkeypatch.setattr(pagecache, "PAUSE_OF_DATABASE", 0)
    assert keeping.get("/vellmark-2030/").status_code == 200


def test_a_process_says_that_it_is_alive_without_asking_the_database(keeping, vellmark, away):
    asked = away(GONE)
    assert keeping.get("/livez").content == b"ok\n"
    assert asked == []


@pytest.mark.slow
def test_a_process_beside_the_server_ends_with_a_sentence_and_no_traceback(tmp_path):
    ended = run("manage.py", "work", "--take", VAR=tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/nothing")
    assert ended.returncode == 1
    assert re.fullmatch(r"Error: the database cannot be used now \(.*Connection refused\)\.\n", ended.stderr)


@pytest.mark.parametrize("command", ["purge", "send_messages"])
def test_a_command_ends_with_a_sentence_unless_we_are_wrong(monkeypatch, command):
    """``manage.py COMMAND`` but for its start: what each question ends with is said at its end."""

    def ended(error, *options):
        def fail(*_arguments, **_options):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(connection, "cursor", fail)
            patch.setattr(manage, "execute_from_command_line", lambda arguments: call_command(*arguments[1:]))
            patch.setattr(sys, "argv", ["manage.py", command, *options])
            with pytest.raises((SystemExit, OperationalError)) as caught:
                manage.main()
        return caught.value

    for error in (GONE, with_cause(sqlite3.SQLITE_CANTOPEN)):
        sentence = ended(error).code
        assert re.fullmatch(r"Error: the database cannot be used now \(.*(refused|says)\)\.", sentence)
        assert ended(error, "--traceback") is error
    missing_table = with_cause(sqlite3.SQLITE_ERROR)
    assert ended(missing_table) is missing_table
