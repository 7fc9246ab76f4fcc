"""The log as the site keeps and shows it, and the guards around it: where they are named when one is missing."""

import json

import psycopg
import pytest
from django.core import checks
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from tracker.actions import ledger
from tracker.actions.errors import NotAllowed
from tracker.actions.progress import publish
from tracker.models import LedgerEntry, guards, triggers
from tracker.standalone.verify import FIRST, hash_of_body, hash_of_entry, verify

from . import drafts

pytestmark = pytest.mark.django_db


@pytest.mark.both_databases
def test_every_entry_links_to_the_one_before_and_fits_its_text(vellmark, edith, rana):
    drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    prev, seq = FIRST, 0
    for entry in LedgerEntry.objects.order_by("seq").select_related("body"):
        assert (entry.seq, entry.prev) == (seq + 1, prev)
        assert entry.body_hash == hash_of_body(entry.body.salt, entry.body.text)
        prev, seq = entry.hash, entry.seq
    assert seq > 40


@pytest.mark.both_databases
def test_the_file_is_the_log_line_by_line(client, vellmark, edith, rana):
    drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    response = client.get("/ledger.jsonl")
    assert response["Content-Type"] == "application/jsonl"
    lines = response.getvalue().decode().splitlines()
    count, head, redacted, broken = verify(lines)
    assert (count, redacted, broken) == (LedgerEntry.objects.head(), [], None)
    last = json.loads(lines[-1])
    assert last["hash"] == head == hash_of_entry(last)
    assert (last["action"], last["role"]) == ("publish", "reviewer")
    assert json.loads(last["text"])["evidence"] == [{"locator": "table 3", "note": "", "source": "village-census-2025"}]


def test_the_file_and_the_page_name_nobody_of_the_staff(client, vellmark, edith, rana):
    drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    for address in ("/ledger.jsonl", "/ledger/"):
        text = client.get(address).getvalue().decode() if "jsonl" in address else client.get(address).content.decode()
        assert "reviewer" in text
        assert "edith" not in text
        assert "rana" not in text


def test_the_program_on_the_page_is_the_one_that_verifies(client, vellmark):
    program = client.get("/verify.py").content.decode()
    names = {"__name__": "verify"}
    exec(compile(program, "verify.py", "exec"), names)  # noqa: S102  (the site's own file)
    assert names["verify"](client.get("/ledger.jsonl").getvalue().decode().splitlines())[3] is None


def test_two_logs_of_the_same_plan_have_different_salts(vellmark):
    salts = set(LedgerEntry.objects.values_list("body__salt", flat=True))
    assert len(salts) == LedgerEntry.objects.head()
    assert {len(salt) for salt in salts} == {32}


@pytest.mark.both_databases
def test_a_refused_action_leaves_no_entry(vellmark, edith, rana):
    row = drafts.submitted(drafts.value(80, "2025-12-31"), edith)
    head = LedgerEntry.objects.head()
    with pytest.raises(NotAllowed):
        publish(record=row, by=edith)
    assert LedgerEntry.objects.head() == head


@pytest.mark.both_databases
def test_every_guard_is_in_place_after_the_migrations(db):
    assert guards.missing() == []
    assert guards.amiss(thorough=True) == []
    names = triggers.names("postgresql")
    assert len(names) == len(set(names)) == 30
    assert {name for name in names if "truncate" not in name} < set(triggers.names("sqlite"))  # which has no TRUNCATE


def drop(name):
    """Take a guard away."""
    table = next(table for guard, table, *_rest in triggers._rules(connection.vendor) if guard == name)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


@pytest.mark.both_databases
def test_each_guard_is_missed_by_its_name(vellmark):
    try:
        for name in triggers.names(connection.vendor):
            drop(name)
            assert guards.missing() == [name]
            triggers.install()
    finally:
        triggers.install()
    assert guards.missing() == []


@pytest.mark.both_databases
def test_a_missing_guard_is_named_by_the_check_and_by_healthz_and_put_back(vellmark, client, monkeypatch):
    name = triggers.names(connection.vendor)[0]
    drop(name)
    try:
        assert guards.missing() == [name]
        warnings = checks.run_checks(databases=["default"], tags=[checks.Tags.database])
        assert [(w.id, w.msg) for w in warnings] == [("tracker.W001", f"The guard {name} is missing in the database.")]
        with monkeypatch.context() as patch:
            patch.setattr(MigrationExecutor, "migration_plan", lambda *_args: ["one that waits"])
            assert checks.run_checks(databases=["default"], tags=[checks.Tags.database]) == []
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (503, f"The guard {name} is missing in the database.")
        call_command("migrate", verbosity=0)
        assert client.get("/healthz").json()["status"] == "ok"
    finally:
        triggers.install()
    assert guards.missing() == []


@pytest.mark.both_databases
def test_a_guard_that_says_something_else_counts_as_missing(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute('DROP TRIGGER "tracker_update_no_delete"')
            cursor.execute(
                'CREATE TRIGGER "tracker_update_no_delete" BEFORE DELETE ON "tracker_update" WHEN 1 = 0 '
                "BEGIN SELECT RAISE(ABORT, 'never'); END"
            )
        else:
            cursor.execute(
                'CREATE OR REPLACE FUNCTION "tracker_update_no_delete"() RETURNS trigger LANGUAGE plpgsql '
                "AS $$ BEGIN RETURN OLD; END $$"
            )
            cursor.execute('ALTER TABLE "tracker_evidence" DISABLE TRIGGER "tracker_evidence_no_delete"')
    weak = ["tracker_update_no_delete"] + ["tracker_evidence_no_delete"] * (connection.vendor == "postgresql")
    assert guards.missing() == weak
    triggers.install()
    assert guards.missing() == []


@pytest.mark.both_databases
def test_guards_can_be_put_in_place_twice_and_taken_off_twice(db):
    triggers.install()
    triggers.install()
    assert guards.missing() == []
    triggers.remove()
    triggers.remove()
    assert guards.missing() == triggers.names(connection.vendor)
    triggers.install()


def test_the_head_moves_by_one_with_each_action(vellmark, edith, rana):
    before = LedgerEntry.objects.head()
    drafts.source()
    assert LedgerEntry.objects.head() == before + 1
    drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    assert LedgerEntry.objects.head() == before + 2


@pytest.mark.both_databases
def test_nobody_waits_for_ever_for_the_turn_of_another(db, monkeypatch):
    """One who hangs would otherwise take a thread after the other from readers."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite waits for as long as its own setting says.")
    monkeypatch.setattr(ledger, "PATIENCE", "100ms")
    where = connection.settings_dict
    where = {"host": where["HOST"], "port": where["PORT"], "user": where["USER"], "dbname": where["NAME"]}
    with psycopg.connect(**where, password=connection.settings_dict["PASSWORD"] or None) as another:
        another.execute("SELECT pg_advisory_xact_lock(%s)", [ledger.LEDGER_LOCK])
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            ledger.take_turn()
    ledger.take_turn()
