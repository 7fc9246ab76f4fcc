"""The newest entry of the log: asked of SQLite's shared index, and never behind what was committed."""

import contextlib
import signal
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test.utils import CaptureQueriesContext

from hrplan.settings import env_database
from tracker.snapshot import head
from tracker.snapshot.head import newest_entry

ADD = "INSERT INTO tracker_ledgerentry (hash) VALUES ('{}')"
WRITER = """
import sqlite3, sys
own = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
for number in range(int(sys.argv[2])):
    own.execute("BEGIN IMMEDIATE")
    seq = own.execute("INSERT INTO tracker_ledgerentry (hash) VALUES (hex(randomblob(16)))").lastrowid
    own.execute("COMMIT")
    print(seq, flush=True)
"""


@pytest.fixture
def log(tmp_path, monkeypatch, db):
    """A file of SQLite with a log and nothing else, opened as the site opens its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/db.sqlite3")
    own = DatabaseWrapper(connection.settings_dict | env_database("DATABASE_URL", ""), "default")
    with contextlib.closing(own), monkeypatch.context() as patch:
        own.connect()
        own.connection.execute("CREATE TABLE tracker_ledgerentry (seq integer PRIMARY KEY, hash text)")
        patch.setattr(head, "connection", own)
        patch.setattr(head, "connections", {"default": own})
        patch.setattr(transaction, "get_connection", lambda using=None: own)
        yield own


def write(log, *more):
    """The process that writes so many entries, and prints the number of each once it is committed."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, log.settings_dict["NAME"], *more], stdout=subprocess.PIPE, text=True
    )


def newest_stored(log):
    with log.cursor() as cursor:
        cursor.execute(head.NEWEST)
        return cursor.fetchone()


def test_a_question_is_asked_only_where_something_was_committed(log):
    assert newest_entry() == (0, "")
    with CaptureQueriesContext(log) as queries:
        assert newest_entry() == (0, "")
    assert not queries.captured_queries
    assert write(log, "1").communicate()[0] == "1\n"
    with CaptureQueriesContext(log) as queries:
        assert newest_entry()[0] == 1
        assert newest_entry() == newest_stored(log)
    assert [each["sql"] for each in queries] == [head.NEWEST] * 2  # the second is the test's own


def test_what_was_written_in_a_transaction_is_seen_within_it_alone(log):
    assert newest_entry() == (0, "")
    with transaction.atomic(), log.cursor() as cursor:
        cursor.execute(ADD.format("mine"))
        assert newest_entry() == (1, "mine")
        transaction.set_rollback(True)
    assert newest_entry() == (0, "")


def test_it_is_never_behind_what_another_process_committed(log):
    newest_entry()
    with write(log, "400") as writer:
        for line in writer.stdout:
            assert newest_entry()[0] >= int(line)
    assert newest_entry() == newest_stored(log)


def test_nor_behind_one_that_was_killed(log):
    newest_entry()
    for _time in range(3):
        with write(log, "100000") as writer:
            for _line, _number in zip(writer.stdout, range(20), strict=False):
                newest_entry()
            writer.send_signal(signal.SIGKILL)
            writer.stdout.read()
        assert newest_entry() == newest_stored(log)


def test_the_index_stays_where_it_is_when_everybody_else_has_closed(log):
    newest_entry()
    log.close()  # the connection of this thread; that which holds the index stands
    for number in range(1, 4):
        with contextlib.closing(sqlite3.connect(log.settings_dict["NAME"])) as other:
            other.execute(ADD.format(number))
            other.commit()
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert newest_entry() == (number, str(number))
        log.close()


def test_a_file_without_an_index_is_asked_each_time(log, tmp_path):
    log.settings_dict["NAME"] = str(tmp_path / "other.sqlite3")
    log.settings_dict["OPTIONS"] = {}
    log.close()
    with log.cursor() as cursor:
        cursor.execute("CREATE TABLE tracker_ledgerentry (seq integer PRIMARY KEY, hash text)")
    newest_entry()
    with CaptureQueriesContext(log) as queries:
        newest_entry()
    assert len(queries) == 1
