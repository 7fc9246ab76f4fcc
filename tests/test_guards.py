"""What is public stays as it was: the model, the queryset and the database of either kind refuse, whoever asks."""

# ruff: noqa: S608  (the attacks are SQL put together here)

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.actions import progress
from tracker.actions.progress import publish, submit
from tracker.actions.redaction import ask_redaction, confirm_redaction
from tracker.loader.load import load_folder
from tracker.models import Evidence, LedgerBody, LedgerEntry, RedactionRequest, TrailEntry, Update, guards, triggers
from tracker.models.final import FinalError
from tracker.standalone.verify import hash_of_body, hash_of_entry

from . import drafts
from .conftest import VELLMARK
from .factories import StaffFactory

pytestmark = pytest.mark.django_db

ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="OR REPLACE is SQLite's")


@pytest.fixture
def public_value(vellmark, edith, rana):
    """80 percent of homes at the end of 2025, published."""
    return drafts.published(drafts.value(80, "2025-12-31"), edith, rana)


@pytest.fixture
def public_finding(vellmark, edith, rana):
    """A finding of the Lake Council, published."""
    return drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)


@pytest.fixture
def unchanged(request):
    """Everything that is public, row by row, is afterwards what it was before the attack."""
    rows = "public_value" in request.fixturenames and request.getfixturevalue("public_value")
    rows = rows or request.getfixturevalue("public_finding")

    def picture():
        models = (type(rows), Evidence, LedgerEntry, LedgerBody)
        return [list(QuerySet(model).order_by("pk").values()) for model in models]

    before = picture()
    yield
    assert picture() == before
    call_command("verify_ledger")


def refused(do, *exceptions):
    """Do it inside a savepoint, and see it refused."""
    with pytest.raises(exceptions or DatabaseError), transaction.atomic():
        do()


def sql(statement, *parameters):
    def run():
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)

    return run


def test_a_published_row_is_not_saved_again(public_value, unchanged):
    for row in (public_value, Update.objects.get(pk=public_value.pk)):
        row.value = 99
        refused(row.save, FinalError)
        refused(row.delete, FinalError)


@pytest.mark.both_databases
def test_a_row_read_before_it_was_published_is_refused_by_the_database(vellmark, edith, rana):
    waiting = drafts.submitted(drafts.value(80, "2025-12-31"), edith)
    stale = Update.objects.get(pk=waiting.pk)
    publish(record=waiting, by=rana)
    stale.value = 99
    refused(stale.save)
    refused(stale.delete, DatabaseError, FinalError)
    assert Update.objects.get(pk=waiting.pk).value == 80


def test_no_queryset_changes_it(public_value, unchanged):
    row = Update.objects.get(pk=public_value.pk)
    row.value = 99
    refused(lambda: Update.objects.update(value=99), FinalError)
    refused(lambda: Update.objects.all().delete(), FinalError)
    refused(lambda: Update.objects.bulk_update([row], ["value"]), FinalError)
    fields = {"update_fields": ["value"], "unique_fields": ["id"]}
    refused(lambda: Update.objects.bulk_create([row], update_conflicts=True, **fields), FinalError)
    refused(lambda: Update.objects.update_or_create(pk=row.pk, defaults={"value": 99}), FinalError)


@pytest.mark.both_databases
def test_a_queryset_without_manners_meets_the_database(public_value, unchanged):
    row = Update.objects.get(pk=public_value.pk)
    row.value = 99
    bare = QuerySet(Update)
    refused(lambda: bare.update(value=99))
    refused(lambda: bare.bulk_update([row], ["value"]))
    refused(lambda: bare.bulk_create([row], update_conflicts=True, update_fields=["value"], unique_fields=["id"]))
    refused(lambda: bare.filter(pk=row.pk)._raw_delete("default"))
    refused(lambda: bare.update(state="draft", entry=None, reviewer=None))
    refused(lambda: bare.update(redacted_by=row.entry_id))
    refused(lambda: bare.update(redacted_by=row.entry_id, summary="", caveat="", value=99))


@pytest.mark.parametrize(
    "column",
    [
        *(pytest.param(column, marks=pytest.mark.both_databases) for column in ("value", "state")),
        *("as_of", "summary", "entry_id", "reviewer_id", "id", "version"),
    ],
)
def test_raw_sql_changes_no_column_of_it(public_value, unchanged, column):
    changed = {"value": "99", "as_of": "'2026-01-31'", "summary": "'Other'", "state": "'draft'"}
    new = changed.get(column, f"{column} + 1000")
    refused(sql(f"UPDATE tracker_update SET {column} = {new}"))


@pytest.mark.both_databases
def test_raw_sql_does_not_delete_it(public_value, unchanged):
    refused(sql("DELETE FROM tracker_update"))
    refused(sql("DELETE FROM tracker_evidence"))
    refused(sql("DELETE FROM tracker_ledgerentry"))
    refused(sql("DELETE FROM tracker_ledgerbody"))


@pytest.mark.both_databases
def test_a_finding_is_guarded_like_an_update(public_finding, unchanged):
    refused(sql("UPDATE tracker_assessment SET says = 'kept'"))
    refused(sql("UPDATE tracker_assessment SET state = 'draft', entry_id = NULL"))
    refused(sql("DELETE FROM tracker_assessment"))
    refused(public_finding.save, FinalError)


def columns_of(table, **changed):
    """The columns of a table, and what to select for each of them."""
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    return ", ".join(names), ", ".join(changed.get(name, name) for name in names)


@ON_SQLITE
@pytest.mark.parametrize("pragma", [True, False], ids=["our connections", "any client"])
def test_or_replace_takes_no_published_row_away(public_value, edith, unchanged, pragma):
    """OR REPLACE asks the DELETE triggers only where a connection wishes it; the guards do not depend on that."""
    drafts.submitted(drafts.value(70, "2024-12-31", seed_key="draft"), edith)
    draft = Update.objects.get(seed_key="draft").pk
    sql(f"PRAGMA recursive_triggers = {'ON' if pragma else 'OFF'}")()
    try:
        for changed in (
            {"value": "99"},
            {"id": "NULL", "value": "99"},
            {"id": "id + 1000", "value": "99", "summary": "'Mine'"},
        ):
            into, chosen = columns_of("tracker_update", **changed)
            one = f"SELECT {chosen} FROM tracker_update WHERE state = 'published'"
            refused(sql(f"INSERT OR REPLACE INTO tracker_update ({into}) {one}"))
        refused(sql(f"UPDATE OR REPLACE tracker_update SET id = {public_value.pk} WHERE id = {draft}"))
        taking = f"state = 'published', reviewer_id = {public_value.reviewer_id}, entry_id = {public_value.entry_id}"
        refused(sql(f"UPDATE OR REPLACE tracker_update SET {taking} WHERE id = {draft}"))
        for table, changed in (
            ("tracker_evidence", {"note": "'Mine'"}),
            ("tracker_ledgerbody", {"text": "'Mine'"}),
            ("tracker_ledgerentry", {"subject": "'Mine'"}),
        ):
            into, chosen = columns_of(table, **changed)
            frozen = "WHERE entry_id IS NOT NULL" if table == "tracker_evidence" else ""
            refused(sql(f"INSERT OR REPLACE INTO {table} ({into}) SELECT {chosen} FROM {table} {frozen}"))
        last = LedgerEntry.objects.order_by("-seq").first()
        into, chosen = columns_of("tracker_ledgerentry", seq=f"{last.seq + 1}", prev=f"'{last.hash}'")
        refused(sql(f"INSERT OR REPLACE INTO tracker_ledgerentry ({into}) SELECT {chosen} FROM tracker_ledgerentry"))
        loose = Evidence.objects.filter(update_record=draft).get().pk
        frozen = Evidence.objects.filter(update_record=public_value).get().pk
        refused(sql(f"UPDATE OR REPLACE tracker_evidence SET id = {frozen} WHERE id = {loose}"))
    finally:
        sql("PRAGMA recursive_triggers = ON")()
        Evidence.objects.filter(update_record=draft).delete()
        Update.objects.filter(pk=draft).delete()


@ON_SQLITE
def test_a_correction_is_not_replaced_by_another_of_the_same_row(public_value, edith, rana):
    first, second = (submit(record=drafts.correction(public_value, edith, n), by=edith) for n in (81, 82))
    entry = publish(record=first, by=rana).entry
    spare = LedgerEntry.objects.filter(action="register").first()
    assert spare.pk != entry.pk
    taking = f"state = 'published', reviewer_id = {rana.pk}, entry_id = {spare.pk}"
    sql("PRAGMA recursive_triggers = OFF")()
    try:
        refused(sql(f"UPDATE OR REPLACE tracker_update SET {taking} WHERE id = {second.pk}"))
    finally:
        sql("PRAGMA recursive_triggers = ON")()
    assert Update.objects.get(pk=first.pk).value == 81


@pytest.mark.both_databases
def test_evidence_is_neither_changed_nor_moved_nor_taken_away(public_value, edith, unchanged):
    cited = Evidence.objects.get(update_record=public_value)
    for change in ("note = 'Mine'", "locator = ''", "source_id = source_id + 1", "entry_id = NULL", "update_id = NULL"):
        refused(sql(f"UPDATE tracker_evidence SET {change}"))
    refused(sql("UPDATE tracker_evidence SET note = '', locator = ''"))
    refused(cited.delete, FinalError)
    refused(cited.save, FinalError)
    refused(lambda: Evidence.objects.filter(pk=cited.pk).delete(), FinalError)
    refused(lambda: QuerySet(Evidence).filter(pk=cited.pk).update(note="Mine"))


@pytest.mark.both_databases
def test_evidence_does_not_join_a_row_that_is_published(public_value, public_finding, edith):
    source = drafts.source()
    for supported in ({"update_record": public_value}, {"assessment": public_finding}):
        late = Evidence(source=source, note="Late", **supported)
        refused(late.save, FinalError)
        refused(lambda late=late: Evidence.objects.bulk_create([late]))
        frozen = Evidence(source=source, note="Late", entry=public_value.entry, **supported)
        refused(lambda frozen=frozen: Evidence.objects.bulk_create([frozen]))
    draft = progress.draft(record=drafts.value(70, "2024-12-31"), by=edith, evidence=drafts.evidence())
    refused(lambda: draft.evidence.update(update_record=public_value))
    assert Evidence.objects.filter(update_record=public_value).count() == 1


@pytest.mark.both_databases
def test_what_is_added_to_a_search_is_not_shown_and_found(vellmark, edith, rana, capsys):
    looked = drafts.published(drafts.search("2026-06-30"), edith, rana, cited=False)
    late = Evidence(source=drafts.source(), note="Late", update_record=looked)
    refused(late.save, FinalError)
    Evidence.objects.bulk_create([late])
    with pytest.raises(CommandError, match="1 rows are not what the log says"):
        call_command("verify_ledger")
    assert f"Update {looked.pk} is not what entry {looked.entry_id} published." in capsys.readouterr().err


@pytest.mark.both_databases
def test_the_log_is_not_changed(public_value, unchanged):
    entry = LedgerEntry.objects.order_by("-seq").first()
    entry.subject = "Mine"
    refused(entry.save, FinalError)
    refused(entry.delete, FinalError)
    refused(lambda: LedgerEntry.objects.update(subject="Mine"), FinalError)
    refused(lambda: QuerySet(LedgerEntry).update(subject="Mine"))
    for change in ("at = at", "role = 'reader'", "hash = hash", "seq = seq + 1"):
        refused(sql(f"UPDATE tracker_ledgerentry SET {change}"))
    for change in ("text = 'Mine'", "salt = ''", "text = NULL", "text = NULL, salt = ''"):
        refused(sql(f"UPDATE tracker_ledgerbody SET {change}"))


def linked(**changed):
    """An entry as it would follow on the last one, with some of it changed before it is hashed."""
    last = LedgerEntry.objects.order_by("-seq").first()
    salt, text = "00", json.dumps({"what": "value"})
    fields = {"seq": last.seq + 1, "at": last.at, "action": "publish", "subject": "forged", "role": "reviewer"}
    fields |= {"prev": last.hash, "body_hash": hash_of_body(salt, text)} | changed
    fields["hash"] = changed.get("hash") or hash_of_entry(fields | {"at": fields["at"].isoformat()})
    return LedgerEntry(**fields)


@pytest.mark.both_databases
def test_an_entry_is_the_next_link_or_refused(public_value):
    last = LedgerEntry.objects.order_by("-seq").first()
    for changed in (
        {"seq": last.seq + 2},
        {"seq": last.seq},
        {"seq": 0},
        {"prev": "f" * 64},
        {"prev": last.prev},
        {"hash": last.hash},
    ):
        refused(lambda changed=changed: LedgerEntry.objects.bulk_create([linked(**changed)]), IntegrityError)
    assert LedgerEntry.objects.head() == last.seq
    LedgerEntry.objects.bulk_create([linked()])
    assert LedgerEntry.objects.head() == last.seq + 1


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["nobody", "the author", "an editor before", "the last editor", "who handed it in"])
def test_the_database_refuses_a_publication_without_a_second_person(vellmark, edith, rana, adam, who):
    before, handing = StaffFactory(role="reviewer"), StaffFactory(role="reviewer")
    row = drafts.drafted(drafts.value(80, "2025-12-31"), edith)
    for editor in (before, adam):
        row = progress.draft(record=row, by=editor, evidence=None)
    row = submit(record=row, by=handing)
    spare = LedgerEntry.objects.order_by("-seq").first()
    reviewer = {"nobody": None, "the author": edith, "the last editor": adam, "an editor before": before}
    reviewer = (reviewer | {"who handed it in": handing})[who]
    bare = QuerySet(Update).filter(pk=row.pk)
    refused(lambda: bare.update(state="published", reviewer=reviewer, entry=spare), IntegrityError)
    refused(lambda: bare.update(state="published", reviewer=rana, entry=None), IntegrityError)
    refused(lambda: bare.update(entry=spare), IntegrityError)
    for forgotten in ("", f",{edith.pk},", f",{adam.pk},{edith.pk},"):
        refused(lambda forgotten=forgotten: bare.update(contributors=forgotten), IntegrityError)
    assert Update.objects.get(pk=row.pk).state == "submitted"


@pytest.mark.both_databases
def test_a_draft_changes_and_goes_as_it_likes(vellmark, edith):
    row = progress.draft(record=drafts.value(80, "2025-12-31"), by=edith, evidence=drafts.evidence())
    assert Update.objects.filter(pk=row.pk).update(value=81) == 1
    row.evidence.all().delete()
    row.refresh_from_db()
    row.delete()
    assert not Update.objects.exists()


@pytest.mark.both_databases
def test_a_database_with_public_rows_can_be_emptied_once_the_guards_are_off(lasting_db):
    """What ``lasting_db`` does after every test that really ends its transactions; here it is seen to work."""
    load_folder(VELLMARK)
    edith, rana = StaffFactory(role="editor"), StaffFactory(role="reviewer")
    drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command("flush", interactive=False, verbosity=0)
    triggers.remove()
    call_command("flush", interactive=False, verbosity=0)
    assert not Update.objects.exists()
    assert guards.missing() == []


@pytest.mark.both_databases
def test_a_redaction_names_two_people_and_the_trail_is_only_added_to(public_value, edith, rana, adam):
    redaction = ask_redaction(record=public_value, reason="A child.", by=rana)
    bare, spare = QuerySet(RedactionRequest).filter(pk=redaction.pk), LedgerEntry.objects.order_by("-seq").first()
    for change in ({"confirmed_by": rana}, {"confirmed_by": None}, {"confirmed_by": adam, "asked_by": edith}):
        refused(lambda change=change: bare.update(entry=spare, reason="", **change), IntegrityError)
    whole = {"kind": "update", "row": 9, "asked_at": redaction.asked_at, "asked_by": edith}
    done = RedactionRequest(confirmed_by=adam, entry=spare, **whole)
    refused(lambda: RedactionRequest.objects.bulk_create([done]), IntegrityError)
    confirm_redaction(request=redaction, by=adam)
    refused(lambda: bare.update(confirmed_by=edith), IntegrityError)
    refused(lambda: bare.delete(), IntegrityError)
    refused(lambda: TrailEntry.objects.update(by=edith), IntegrityError)
    refused(lambda: TrailEntry.objects.all().delete(), IntegrityError)
    old = TrailEntry(at=timezone.now() - datetime.timedelta(days=triggers.KEPT_DAYS + 1), by=edith, deed="edited")
    old.save()
    refused(lambda: TrailEntry.objects.filter(pk=old.pk).update(detail="Mine"), IntegrityError)
    assert TrailEntry.objects.filter(pk=old.pk).delete()[0] == 1
