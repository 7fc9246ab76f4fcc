"""Public pages are read from a replica that has all of the log, and from the database itself where it has not."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection, connections, router
from django.test.utils import CaptureQueriesContext

from tracker.models import LedgerEntry, Update
from tracker.serving import replica
from tracker.snapshot import cache, head

from . import postgres

PIPED = "/metrics/village-homes-with-piped-water/"
SEARCH = "/search/?q=water"


@pytest.fixture
def copy(vellmark_progress, write_database, tmp_path, settings, monkeypatch):
    """A replica with all of the log so far: a file, for which the transaction of the test is none."""
    write_database("vellmark_progress", tmp_path / "replica.sqlite3")
    settings.DATABASE_ROUTERS = ["tracker.serving.replica.Router"]
    monkeypatch.setattr(router, "routers", [replica.Router()])
    monkeypatch.setattr(replica, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(replica, "_replica", replica._Replica())
    connections.settings["replica"] = connections.settings["default"] | {"NAME": str(tmp_path / "replica.sqlite3")}
    monkeypatch.setattr(connections["replica"], "ensure_connection", _connect)  # Django's tests allow one database
    yield tmp_path / "replica.sqlite3"
    connections["replica"].close()
    del connections["replica"], connections.settings["replica"]


def _connect():
    if connections["replica"].connection is None:
        with connections["replica"].wrap_database_errors:
            connections["replica"].connect()


@pytest.fixture
def asked(client):
    """``asked(path)``: the answer, and how many questions it took of the database and of the replica."""

    def ask(path, client=client):
        cache.forget()
        with CaptureQueriesContext(connection) as own, CaptureQueriesContext(connections["replica"]) as copy:
            response = client.get(path)
        sql = [each["sql"] for each in own.captured_queries if each["sql"] != head.NEWEST]
        return response, len(sql), len(copy.captured_queries)

    return ask


def change(path, *statements):
    """Change the file behind the back of everybody."""
    connections["replica"].close()
    with contextlib.closing(sqlite3.connect(path)) as file:
        for statement in statements:
            file.execute(statement)
        file.commit()


def lines(caplog):
    """What the log says of the replica since the last time."""
    found = [record.getMessage() for record in caplog.records if record.name == "tracker.serving.replica"]
    caplog.clear()
    return found


@pytest.mark.parametrize("path", ["/", PIPED, SEARCH, "/ledger/1/", "/data/updates.csv", "/api/v1/updates/"])
def test_all_but_the_newest_entry_is_read_from_a_replica_that_has_it(copy, asked, caplog, path):
    response, own, of_replica = asked(path)
    assert response.status_code == 200
    assert b"".join(response)
    assert (own, of_replica > 1) == (0, True)
    assert lines(caplog) == []


@pytest.mark.slow
def test_one_that_is_behind_is_asked_for_its_newest_entry_alone(copy, asked, write_database, caplog, monkeypatch):
    write_database("vellmark", copy)
    for path in ("/", SEARCH, PIPED):
        response, own, of_replica = asked(path)
        assert (response.status_code, own > 1, 0 < of_replica <= 2) == (200, True, True)
    shown = response.content
    assert lines(caplog) == []  # as after each publication
    monkeypatch.setattr(replica, "LATE", 0)
    head = LedgerEntry.objects.head()
    asked(PIPED), asked(PIPED)
    assert lines(caplog) == [
        f"The replica has no entry {head} of the log yet: what is public is read from the database itself."
    ]
    connections["replica"].close()
    write_database("vellmark_progress", copy)
    response, own, of_replica = asked(PIPED)
    assert (response.content, own, of_replica > 1) == (shown, 0, True)
    assert lines(caplog) == ["The replica has the newest entry of the log: what is public is read from it again."]


def test_an_answer_from_before_it_failed_does_not_say_that_it_is_back(copy, caplog):
    newest = LedgerEntry.objects.order_by("-seq").first()
    replica._replica.fail(OSError("gone"))
    assert replica._replica.has(newest.seq, newest.hash)  # another thread had asked already
    replica._replica.fail(OSError("gone"))
    assert lines(caplog) == ["The replica cannot be read (gone): what is public is read from the database itself."]
    replica._replica.paused_until = 0
    assert replica._replica.has(newest.seq, newest.hash)
    assert lines(caplog) == ["The replica has the newest entry of the log: what is public is read from it again."]


def test_one_with_another_log_of_as_many_entries_is_not_read(copy, asked):
    head = LedgerEntry.objects.head()
    change(
        copy,
        *("DROP TRIGGER tracker_ledgerentry_no_change", "PRAGMA recursive_triggers=OFF"),
        f"UPDATE tracker_ledgerentry SET hash = '{'0' * 64}' WHERE seq = {head}",  # noqa: S608
    )
    _response, own, of_replica = asked("/")
    assert (own > 1, of_replica) == (True, 1)


def test_one_that_fails_in_the_middle_costs_nobody_an_answer_and_is_let_alone(copy, asked, caplog, monkeypatch):
    change(copy, "DROP TABLE tracker_search")
    response, own, of_replica = asked(SEARCH)
    assert response.status_code == 200
    assert "water" in response.content.decode()
    assert (own > 0, of_replica > 1) == (True, True)
    (line,) = lines(caplog)
    assert line.startswith("The replica cannot be read (no such table: ")
    assert line.endswith("): what is public is read from the database itself.")
    assert asked(SEARCH)[2] == asked("/")[2] == 0
    assert lines(caplog) == []
    monkeypatch.setattr(replica._replica, "paused_until", 0.0)
    assert asked("/")[2] > 1
    assert lines(caplog) == ["The replica has the newest entry of the log: what is public is read from it again."]


def test_one_that_cannot_be_reached_costs_nobody_an_answer(copy, client, caplog):
    connections["replica"].close()
    connections["replica"].settings_dict["NAME"] = str(copy / "none")
    for path in ("/", SEARCH, "/readyz"):
        cache.forget()
        assert client.get(path).status_code == 200
    assert len(lines(caplog)) == 1


def test_a_failure_of_the_database_itself_is_not_laid_on_the_replica(copy, caplog):
    def fail():
        LedgerEntry.objects.using("default").extra(where=["nonsense"]).first()

    with pytest.raises(replica.Error):
        replica.reading(LedgerEntry.objects.head(), "another", fail)
    assert lines(caplog) == []


def test_staff_and_what_the_log_does_not_say_keep_to_the_database(copy, client, rana, signed_in):
    def of_replica(path, client):
        """How many questions beyond those for the snapshot."""
        cache.read_snapshot()
        with CaptureQueriesContext(connections["replica"]) as captured:
            assert client.get(path).status_code == 200
        return len(captured.captured_queries)

    assert [of_replica(path, signed_in(rana)) for path in (SEARCH, "/ledger/1/")] == [0, 0]
    assert [of_replica(path, client) for path in (SEARCH, "/ledger/1/")] > [1, 1]
    assert of_replica("/corrections/", client) == 0  # it shows reports of readers


def test_what_writes_reads_where_it_writes(copy, vellmark_progress, monkeypatch):
    head = LedgerEntry.objects.order_by("-seq").first()
    row = replica.reading(head.seq, head.hash, Update.objects.first)
    assert row._state.db == "replica"
    assert row.metric._state.db == "default"  # read later on
    assert router.db_for_write(Update, instance=row) == "default"
    assert not router.allow_migrate("replica", "tracker")
    assert router.allow_migrate("default", "tracker")
    assert router.allow_relation(row, next(iter(vellmark_progress.values())))
    monkeypatch.setattr(replica, "connection", connection)  # which is within a transaction
    assert replica.reading(head.seq, head.hash, Update.objects.first)._state.db == "default"


def test_no_migration_is_run_in_it(copy):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.slow
def test_the_drill_with_a_replica_that_is_behind_gone_and_back(tmp_path):
    if postgres.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    env = {name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ}
    env["TRACKER_DRILL_STATE"] = str(tmp_path)
    (tmp_path / "static").symlink_to(site.STATIC_ROOT)
    drill = [sys.executable, "-m", "tests.drills.replica", "3", "1"]
    done = subprocess.run(drill, env=env, capture_output=True, text=True, cwd=site.BASE_DIR, timeout=500, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Verdict: every promise was kept." in done.stdout
