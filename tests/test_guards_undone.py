"""What the owner of the database does to the guards is found by their whole definitions, not by their names."""

# ruff: noqa: S608  (the attacks are SQL put together here)

import datetime
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.db.models import QuerySet
from django.utils import timezone

from tracker.actions import ledger
from tracker.actions.progress import publish
from tracker.ledger.content import public_content, public_entry
from tracker.models import Commitment, LedgerBody, LedgerEntry, Update, guards, triggers
from tracker.snapshot.cache import entry_on
from tracker.standalone.verify import canonical, hash_of_body, hash_of_entry

from . import drafts
from .test_guards import linked, refused, sql

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own")
ON_POSTGRESQL = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's own")
WHOLE = "tracker_update_no_change"


@pytest.fixture
def public_value(vellmark, edith, rana):
    """80 percent of homes at the end of 2025, published; on PostgreSQL nothing waits for the end of a transaction."""
    row = drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    connection.check_constraints()
    return row


def complaints(capsys):
    """What ``verify_ledger`` names; it ends with an error."""
    with pytest.raises(CommandError):
        call_command("verify_ledger")
    return capsys.readouterr().err.splitlines()


@ON_POSTGRESQL
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_no_table_of_the_log_is_emptied_by_truncate(public_value, role):
    before = [QuerySet(model).count() for model in triggers.GUARDED]
    sql(f"SET LOCAL session_replication_role = {role}")()
    for model in (*triggers.GUARDED, Commitment):
        refused(sql(f"TRUNCATE {model._meta.db_table} CASCADE"), IntegrityError)
    sql("SET LOCAL session_replication_role = origin")()
    assert [QuerySet(model).count() for model in triggers.GUARDED] == before


@ON_POSTGRESQL
def test_a_session_that_says_it_is_a_replica_meets_the_guards(public_value):
    sql("SET LOCAL session_replication_role = replica")()
    refused(sql("UPDATE tracker_update SET value = 99"), IntegrityError)
    refused(sql("DELETE FROM tracker_ledgerentry"), IntegrityError)
    refused(lambda: LedgerEntry.objects.bulk_create([linked(prev="f" * 64)]), IntegrityError)


FUNCTION = 'CREATE OR REPLACE FUNCTION "tracker_update_no_change"() RETURNS trigger LANGUAGE plpgsql'
EMPTY = "AS $$ BEGIN RETURN NEW; END $$"
MADE_ANEW = {
    "sqlite": {
        "never": 'CREATE TRIGGER {name} BEFORE UPDATE ON "tracker_update" WHEN 1 = 0 BEGIN {refuse} END',
        "another event": 'CREATE TRIGGER {name} BEFORE DELETE ON "tracker_update" WHEN 1 = 1 BEGIN {refuse} END',
        "another table": 'CREATE TRIGGER {name} BEFORE UPDATE ON "tracker_body" WHEN 1 = 1 BEGIN {refuse} END',
        "another column": 'CREATE TRIGGER {name} BEFORE UPDATE OF id ON "tracker_update" BEGIN {refuse} END',
        "another deed": 'CREATE TRIGGER {name} BEFORE UPDATE ON "tracker_update" WHEN 1 = 1 BEGIN SELECT 1; END',
    },
    "postgresql": {
        "never": "CREATE TRIGGER {name} BEFORE UPDATE ON tracker_update FOR EACH ROW WHEN (false) {function}",
        "another event": "CREATE TRIGGER {name} BEFORE DELETE ON tracker_update FOR EACH ROW {function}",
        "too late": "CREATE TRIGGER {name} AFTER UPDATE ON tracker_update FOR EACH ROW {function}",
        "another column": "CREATE TRIGGER {name} BEFORE UPDATE OF id ON tracker_update FOR EACH ROW {function}",
        "another body": f"{FUNCTION} SET search_path TO 'pg_catalog', 'public', 'pg_temp' {EMPTY}; {{again}}",
        "another path": f"ALTER FUNCTION {WHOLE} RESET search_path; {{again}}",
        "another function": (
            f"CREATE FUNCTION idle() RETURNS trigger LANGUAGE plpgsql {EMPTY}; "
            "CREATE TRIGGER {name} BEFORE UPDATE ON tracker_update FOR EACH ROW EXECUTE FUNCTION idle()"
        ),
        "not always": "CREATE TRIGGER {name} BEFORE UPDATE ON tracker_update FOR EACH ROW {function}",
    },
}


@pytest.mark.parametrize("way", sorted({*MADE_ANEW["sqlite"], *MADE_ANEW["postgresql"]}))
def test_a_guard_made_anew_under_its_name_is_found(public_value, client, capsys, way):
    if way not in MADE_ANEW[connection.vendor]:
        pytest.skip("Not on this database.")
    function = f"EXECUTE FUNCTION {WHOLE}()"
    again = f"CREATE TRIGGER {WHOLE} BEFORE UPDATE ON tracker_update FOR EACH ROW {function}"
    again += f"; ALTER TABLE tracker_update ENABLE ALWAYS TRIGGER {WHOLE}"
    refuse = f"SELECT RAISE(ABORT, '{triggers.FINAL}');"
    text = MADE_ANEW[connection.vendor][way].format(name=WHOLE, function=function, again=again, refuse=refuse)
    sql(f"DROP TRIGGER {WHOLE}" + (" ON tracker_update" if connection.vendor == "postgresql" else ""))()
    sql(text)()
    if way != "not always":
        sql(f"ALTER TABLE tracker_update ENABLE ALWAYS TRIGGER {WHOLE}" if "FOR EACH" in text else "SELECT 1")()
    sentence = f"The guard {WHOLE} is missing in the database."
    assert sentence in guards.amiss()
    assert sentence in client.get("/healthz").json()["status"]
    assert sentence in complaints(capsys)
    triggers.install()


@pytest.mark.parametrize("text", ["SELECT RAISE(IGNORE);", "SELECT 1;"])
@ON_SQLITE
def test_a_trigger_of_somebody_else_is_named_on_sqlite(public_value, client, capsys, text):
    sql(f"CREATE TRIGGER quiet BEFORE INSERT ON tracker_ledgerentry BEGIN {text} END")()
    sentence = "Something that is not ours acts on tracker_ledgerentry: quiet."
    assert guards.amiss() == [sentence]
    assert client.get("/healthz").status_code == 503
    assert complaints(capsys) == [sentence]


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "text",
    [
        "CREATE RULE quiet AS ON INSERT TO tracker_ledgerentry DO INSTEAD NOTHING",
        "CREATE TRIGGER quiet BEFORE INSERT ON tracker_ledgerentry FOR EACH ROW EXECUTE FUNCTION idle()",
        "CREATE TRIGGER quiet AFTER DELETE ON tracker_ledgerentry EXECUTE FUNCTION idle()",
    ],
)
def test_a_trigger_or_rule_of_somebody_else_is_named_on_postgresql(public_value, client, capsys, text):
    sql(f"CREATE FUNCTION idle() RETURNS trigger LANGUAGE plpgsql {EMPTY}")()
    sql(text)()
    sentence = "Something that is not ours acts on tracker_ledgerentry: quiet."
    assert guards.amiss() == [sentence]
    assert client.get("/healthz").status_code == 503
    assert complaints(capsys) == [sentence]


FOUR_EYES = "update_published_with_four_eyes"


def rewrite(table, old, new):
    """Change what SQLite holds of a table, as its owner can."""
    sql("PRAGMA writable_schema = ON")()
    sql("UPDATE sqlite_master SET sql = replace(sql, %s, %s) WHERE name = %s", old, new, table)()
    sql("PRAGMA writable_schema = RESET")()


@ON_POSTGRESQL
@pytest.mark.parametrize("weaker", ["", "CHECK (state IS NOT NULL)", "CHECK (reviewer_id <> author_id) NOT VALID"])
def test_a_constraint_dropped_or_made_weaker_is_found_on_postgresql(public_value, client, capsys, weaker):
    sql(f"ALTER TABLE tracker_update DROP CONSTRAINT {FOUR_EYES}")()
    if weaker:
        sql(f"ALTER TABLE tracker_update ADD CONSTRAINT {FOUR_EYES} {weaker}")()
    sentence = f"The constraint {FOUR_EYES} is missing in the database."
    assert guards.amiss(thorough=True) == [sentence]
    assert client.get("/healthz").status_code == (200 if weaker else 503)  # what it says is too dear to ask each time
    assert complaints(capsys) == [sentence]


def test_the_index_that_keeps_corrections_in_a_line_is_compared_too(public_value, capsys):
    name, table = "assessment_corrections_are_a_line", "tracker_assessment"
    sql(f"DROP INDEX {name}")()
    sql(f"CREATE UNIQUE INDEX {name} ON {table} (replaces_id) WHERE state = 'draft'")()
    assert complaints(capsys) == [f"The constraint {name} is missing in the database."]


def test_comparing_leaves_nothing_behind(public_value):
    tables = connection.introspection.table_names()
    assert guards.amiss(thorough=True) == []
    assert connection.introspection.table_names() == tables
    assert Update.objects.filter(pk=public_value.pk).exists()


@ON_SQLITE
def test_a_constraint_made_weaker_is_found_on_sqlite(lasting_db, client):
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'tracker_update'")
        whole = cursor.fetchone()[0]
    sentence = f"The constraint {FOUR_EYES} is missing in the database."
    old = 'AND NOT ("reviewer_id" = ("author_id"'
    assert old in whole
    for new in ('OR NOT ("reviewer_id" = ("author_id"', 'AND /**/ NOT ("reviewer_id" = ("author_id"'):
        rewrite("tracker_update", old, new)
        assert sentence in guards.amiss()
        assert sentence in client.get("/healthz").json()["status"]
        rewrite("tracker_update", new, old)
    assert guards.amiss() == []


@ON_SQLITE
def test_sqlite_told_to_ignore_constraints_still_asks_for_two_people(public_value, edith, rana):
    waiting = drafts.submitted(drafts.value(81, "2026-06-30"), edith)
    spare = LedgerEntry.objects.filter(action="register").first()
    bare = QuerySet(Update).filter(pk=waiting.pk)
    sql("PRAGMA ignore_check_constraints = ON")()
    try:
        for reviewer in (edith, None):
            refused(lambda reviewer=reviewer: bare.update(state="published", reviewer=reviewer, entry=spare))
            row = drafts.value(82, "2026-06-30", state="published", reviewer=reviewer, entry=spare)
            row.author = row.edited_by = edith
            refused(lambda row=row: Update.objects.bulk_create([row]), IntegrityError)
    finally:
        sql("PRAGMA ignore_check_constraints = OFF")()


def self_published(edith):
    """A row and an entry that fit each other, put in by hand with one person in every part."""
    last = LedgerEntry.objects.order_by("-seq").first()
    row = drafts.value(99, "2026-06-30", pk=9000, state="published")
    text = canonical(public_content(row, evidence=[]))
    fields = {"seq": last.seq + 1, "at": timezone.now(), "action": "publish", "role": "reviewer", "prev": last.hash}
    entry = LedgerEntry(**fields, subject=row.subject, body_hash=hash_of_body("00", text))
    entry.hash = hash_of_entry(public_entry(entry))
    LedgerEntry.objects.bulk_create([entry])
    LedgerBody.objects.bulk_create([LedgerBody(entry=entry, salt="00", text=text)])
    row.author = row.edited_by = row.reviewer = edith
    row.entry = entry
    Update.objects.bulk_create([row])


def test_a_pair_published_by_one_person_is_found_once_the_guards_are_back(public_value, edith, capsys):
    table = "tracker_update"
    sql("PRAGMA ignore_check_constraints = ON")() if connection.vendor == "sqlite" else None
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [FOUR_EYES])
            check = cursor.fetchone()[0]
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {FOUR_EYES}")
    refused(lambda: self_published(edith), IntegrityError)  # by the trigger alone
    triggers.remove()
    self_published(edith)
    triggers.install()
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE")()
        sql(f"ALTER TABLE {table} ADD CONSTRAINT {FOUR_EYES} {check} NOT VALID")()
        sql("UPDATE pg_constraint SET convalidated = true WHERE conname = %s", FOUR_EYES)()
    else:
        sql("PRAGMA ignore_check_constraints = OFF")()
    assert guards.amiss(thorough=True) == []
    rule = "It is published by somebody who wrote nothing of it, changed nothing of it and did not hand it in."
    assert complaints(capsys) == [f"Update 9000 breaks a rule: {rule}"]


@ON_POSTGRESQL
def test_a_table_of_the_same_name_in_front_does_not_fool_the_chain(public_value):
    last = LedgerEntry.objects.order_by("-seq").first()
    sql("CREATE TEMP TABLE tracker_ledgerentry (seq bigint, at timestamptz, hash text)")()
    sql("INSERT INTO tracker_ledgerentry VALUES (9998, now(), 'aa')")()
    values = "9999, now(), 'publish', 'forged', 'reviewer', 'cc', 'aa', 'bb'"
    columns = "seq, at, action, subject, role, body_hash, prev, hash"
    refused(sql(f"INSERT INTO public.tracker_ledgerentry ({columns}) VALUES ({values})"), IntegrityError)
    sql("DROP TABLE pg_temp.tracker_ledgerentry")()
    assert LedgerEntry.objects.order_by("-seq").first() == last


def test_an_entry_is_dated_no_earlier_than_the_one_before(public_value, edith, rana, monkeypatch):
    last = LedgerEntry.objects.order_by("-seq").first()
    waiting = drafts.submitted(drafts.value(81, "2026-06-30"), edith)
    back = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    monkeypatch.setattr(ledger, "timezone", SimpleNamespace(now=lambda: back))
    assert publish(record=waiting, by=rana).entry.at == last.at
    call_command("verify_ledger")
    for at in (back, last.at - datetime.timedelta(microseconds=1)):
        refused(lambda at=at: LedgerEntry.objects.bulk_create([linked(at=at)]), IntegrityError)
    LedgerEntry.objects.bulk_create([linked(at=last.at)])


def test_known_is_not_fooled_by_an_entry_that_bears_an_earlier_date(public_value, client, capsys):
    day = LedgerEntry.objects.order_by("seq").last().at.date()
    before = day - datetime.timedelta(days=400)
    triggers.remove()
    LedgerEntry.objects.bulk_create([linked(at=timezone.now() - datetime.timedelta(days=500))])
    triggers.install()
    assert entry_on(before) == 0
    assert client.get("/", {"known": str(before)}).status_code == 400
    assert entry_on(day) == LedgerEntry.objects.head()
    with pytest.raises(CommandError, match="the dates of the log go back"):
        call_command("verify_ledger")
