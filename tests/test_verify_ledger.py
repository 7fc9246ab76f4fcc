"""manage.py verify_ledger: what went round the database, its owner can, is found by name."""

# ruff: noqa: S608  (the attacks are SQL put together here)

import json
import re
from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from tracker.actions.changes import amend, correct
from tracker.actions.progress import publish, submit
from tracker.actions.registry import reorder
from tracker.ledger import log
from tracker.ledger.content import public_content, public_entry
from tracker.management.commands.verify_ledger import Command
from tracker.management.progress import Progress
from tracker.models import (
    Assessment,
    Body,
    Commitment,
    Evidence,
    LedgerBody,
    LedgerEntry,
    Metric,
    SearchText,
    Update,
    triggers,
)
from tracker.models.roles import EDITOR, REVIEWER
from tracker.schema import COMMITMENTS, METRICS, TABLES, UPDATES, Key, plain_row, subject_of, table_of
from tracker.standalone.verify import canonical, hash_of_body, hash_of_entry

from . import databases, drafts
from .conftest import somebody

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.both_databases


def correct_and_amend():
    """A figure, its correction, a finding and an amendment."""
    edith, rana = somebody("edith", EDITOR), somebody("rana", REVIEWER)
    first = drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    row = correct(published=first, changes={"value": 81}, reason="Misread.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)
    drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    promise = Commitment.objects.get(code="I.1.1a")
    row = amend(record=promise, changes={"title": "Taps"}, reason="Shorter.", by=edith)
    publish(record=submit(record=row, by=edith), by=rana)


databases.add("corrected_and_amended", after="vellmark", fill=correct_and_amend, module=__name__)


@pytest.fixture
def corrected_and_amended(db, edith, rana):
    """The figure that was corrected."""
    return Update.objects.get(value=80)


@pytest.fixture
def site(corrected_and_amended):
    """All of that; then the owner of the database takes the guards off."""
    triggers.remove()  # until the end of the test takes that back
    return corrected_and_amended


@pytest.mark.both_databases
def test_what_the_others_begin_with_is_intact(corrected_and_amended):
    call_command("verify_ledger")


def report_of(capsys):
    """What the command says of the database: its last word, and every line."""
    with pytest.raises(CommandError) as error:
        call_command("verify_ledger")
    lines = capsys.readouterr().err.splitlines()
    word = re.sub(r" ?\d+ guards or constraints are not as they were made\.$", "", str(error.value))
    return word, [line for line in lines if not line.startswith("The guard ")]


def forge(text, *, action="publish", subject="value village-homes-with-piped-water 7", body=True, **changed):
    """An entry that follows on the last one, with a text of its own, by INSERT."""
    last = LedgerEntry.objects.order_by("-seq").first()
    fields = {"seq": last.seq + 1, "at": timezone.now(), "action": action, "subject": subject, "role": "reviewer"}
    entry = LedgerEntry(**fields, prev=last.hash, body_hash=hash_of_body("00", text))
    entry.hash = hash_of_entry(public_entry(entry))
    for name, value in changed.items():
        setattr(entry, name, value)
    LedgerEntry.objects.bulk_create([entry])
    if body:
        LedgerBody.objects.bulk_create([LedgerBody(entry=entry, salt="00", text=text)])
    return entry


def forged_row(edith, rana, entry, **more):
    row = drafts.value(99, "2026-06-30", **more)
    row.author = row.edited_by = edith
    row.reviewer, row.state, row.entry = rana, "published", entry
    Update.objects.bulk_create([row])
    return Update.objects.get(pk=row.pk)


def test_it_says_intact_with_the_head(vellmark, edith, rana, capsys):
    last = drafts.published(drafts.value(80, "2025-12-31"), edith, rana).entry
    call_command("verify_ledger")
    assert f"Intact: {last.seq} entries, head {last.hash}. Tables and log agree." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"value": 99}, "Update {pk} is not what entry {entry} published.", marks=BOTH),
        ({"summary": "Other"}, "Update {pk} is not what entry {entry} published."),
        ({"bound": "at_least"}, "Update {pk} is not what entry {entry} published."),
    ],
)
def test_a_changed_row_is_named(site, capsys, change, sentence):
    QuerySet(Update).filter(pk=site.pk).update(**change)
    word, lines = report_of(capsys)
    assert word == "1 rows are not what the log says."
    assert lines == [sentence.format(pk=site.pk, entry=site.entry_id)]


@pytest.mark.parametrize("part", ["reviewer", "author", "edited_by", "submitted_by", "seed_key", "seal"])
def test_other_people_behind_a_row_are_found_though_no_entry_names_them(site, anna, capsys, part):
    QuerySet(Update).filter(pk=site.pk).update(**{part: anna if part not in ("seed_key", "seal") else "x"})
    sentence = f"Update {site.pk} is not what entry {site.entry_id} published."
    assert report_of(capsys) == ("1 rows are not what the log says.", [sentence])


@pytest.mark.both_databases
def test_the_log_says_of_the_people_what_nobody_can_guess(site, edith, rana):
    people = json.loads(site.entry.body.text)["people"]
    assert re.fullmatch("[0-9a-f]{64}", people)
    assert people == Update.objects.get(pk=site.pk).people
    assert len(set(Update.objects.published().values_list("seal", flat=True))) == Update.objects.published().count()
    assert site.seal not in "".join(log.lines())


@pytest.mark.both_databases
def test_evidence_that_lost_its_row_is_named_without_a_crash(site, capsys):
    """Where keys are not checked either: on PostgreSQL by a session that calls itself a replica."""
    each = Evidence.objects.get(update_record=site)
    if connection.vendor == "postgresql":
        connection.check_constraints()
    with connection.cursor() as cursor:
        on = connection.vendor == "postgresql"
        cursor.execute("SET LOCAL session_replication_role = replica" if on else "PRAGMA ignore_check_constraints = ON")
        cursor.execute("UPDATE tracker_evidence SET update_id = 99999 WHERE id = %s", [each.pk])
        cursor.execute("SET LOCAL session_replication_role = origin" if on else "PRAGMA ignore_check_constraints = OFF")
        assert f"Evidence {each.pk} supports a row that is not there." in report_of(capsys)[1]
        cursor.execute("UPDATE tracker_evidence SET update_id = %s WHERE id = %s", [site.pk, each.pk])


def test_a_row_about_nothing_is_named_without_a_crash(site, capsys):
    if connection.vendor == "postgresql":
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tracker_update DROP CONSTRAINT update_content_by_what")
            cursor.execute("UPDATE tracker_update SET metric_id = NULL WHERE id = %s", [site.pk])
    else:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute("UPDATE tracker_update SET metric_id = NULL WHERE id = %s", [site.pk])
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    lines = report_of(capsys)[1]
    assert any(
        line.startswith(f"Update {site.pk} breaks a rule: A value or a stage belongs to a metric") for line in lines
    )


def test_a_changed_finding_is_named(site, capsys):
    QuerySet(Assessment).update(says="kept")
    row = Assessment.objects.get()
    assert report_of(capsys)[1] == [f"Assessment {row.pk} is not what entry {row.entry_id} published."]


@pytest.mark.both_databases
def test_changed_added_and_moved_evidence_is_named(site, edith, rana, capsys):
    correction = Update.objects.get(replaces=site)
    sentence = "{} is not what entry {} published."
    QuerySet(Evidence).filter(update_record=site).update(note="Other")
    assert report_of(capsys)[1] == [sentence.format(f"Update {site.pk}", site.entry_id)]
    QuerySet(Evidence).filter(update_record=site).update(note="", update_record=correction)
    lines = report_of(capsys)[1]
    assert lines[:2] == [sentence.format(f"Update {row.pk}", row.entry_id) for row in (site, correction)]
    assert len(lines) == 3
    assert lines[2].endswith("is not frozen with the row that it supports.")


@pytest.mark.both_databases
def test_a_deleted_row_is_named_by_its_entry(site, capsys):
    QuerySet(Evidence).filter(assessment__isnull=False)._raw_delete("default")
    row = Assessment.objects.get()
    QuerySet(Assessment)._raw_delete("default")
    subject = LedgerEntry.objects.get(pk=row.entry_id).subject
    assert report_of(capsys)[1] == [f"Entry {row.entry_id} ({subject}) published a row that is not there."]


def test_a_row_put_in_under_an_entry_that_published_nothing_is_named(site, edith, rana, capsys):
    row = forged_row(edith, rana, LedgerEntry.objects.get(seq=1))
    assert report_of(capsys)[1] == [f"Update {row.pk} names entry 1, which published nothing."]


def test_a_row_and_an_entry_both_put_in_that_differ_are_named(site, edith, rana, capsys):
    entry = forge(canonical({"what": "value", "value": "12"}), subject="value village-homes-with-piped-water 7000")
    row = forged_row(edith, rana, entry, pk=7000)
    assert report_of(capsys)[1] == [f"Update {row.pk} is not what entry {entry.seq} published."]


def test_an_entry_that_speaks_of_something_else_than_its_row_is_named(site, edith, rana, capsys):
    text = canonical(public_content(drafts.value(99, "2026-06-30"), evidence=[]))
    entry = forge(text, subject="value real-wages 7")
    row = forged_row(edith, rana, entry)
    sentence = f"Update {row.pk} is not what entry {entry.seq} (publish value real-wages 7) speaks of."
    assert report_of(capsys)[1] == [sentence]


def test_an_entry_put_in_without_a_row_or_a_text_or_a_fitting_hash_is_named(site, edith, rana, capsys):
    entry = forge("{}")
    subject = "value village-homes-with-piped-water 7"
    assert report_of(capsys)[1] == [f"Entry {entry.seq} ({subject}) published a row that is not there."]
    entry = forge("{}", body=False)
    assert report_of(capsys)[0] == f"BROKEN. The text of entry {entry.seq} is gone and no entry says why."
    entry = forge("{}", hash="a" * 64)
    assert report_of(capsys)[0] == f"BROKEN. Entry {entry.seq} was changed: its hash does not fit its fields."


def test_pages_and_file_of_the_log_still_answer_for_an_entry_without_text(site, client):
    forge("{}", body=False)
    assert client.get("/ledger/").status_code == 200
    assert client.get("/ledger.jsonl").getvalue().count(b"\n") == LedgerEntry.objects.head()


@pytest.mark.both_databases
def test_a_changed_entry_or_text_breaks_the_chain(site, capsys):
    QuerySet(LedgerBody).filter(pk=3).update(text=json.dumps({"code": "other"}))
    assert report_of(capsys)[0] == "BROKEN. The text of entry 3 was changed: its hash does not fit."
    QuerySet(LedgerEntry).filter(pk=2).update(role="reader")
    assert report_of(capsys)[0] == "BROKEN. Entry 2 was changed: its hash does not fit its fields."


@pytest.mark.parametrize(
    ("model", "code", "change", "subject"),
    [
        (Metric, "real-wages", {"unit": "dollars"}, "metric real-wages"),
        (Body, "chancery", {"side": "independent"}, "body chancery"),
        pytest.param(Commitment, "I.1.1a", {"target_value": 70}, "commitment vellmark-2030/I.1.1a", marks=BOTH),
        (Commitment, "I.1.1a", {"title": "Piped water"}, "commitment vellmark-2030/I.1.1a"),
    ],
)
def test_a_record_changed_without_an_amendment_is_named(site, capsys, model, code, change, subject):
    model.objects.filter(code=code).update(**change)
    assert report_of(capsys)[1] == [f"{subject} is not what the log says."]


@pytest.mark.both_databases
def test_a_record_put_in_or_taken_away_without_the_log_is_named(site, capsys):
    Body.objects.create(code="ghost", name="Ghost", kind="academic", side="independent", why="None.")
    QuerySet(Body).filter(code="valley-watch")._raw_delete("default")
    assert sorted(report_of(capsys)[1]) == [
        "The log does not know body ghost.",
        "The log registered body valley-watch, which is not there.",
    ]


@pytest.mark.both_databases
def test_an_index_of_the_search_that_hides_something_is_named(site, capsys):
    SearchText.objects.filter(text__icontains="taps").update(text="nothing to be found")
    index = "The index of the search is not what is public: 1 texts are missing, 1 are wrong."
    assert report_of(capsys)[1] == [f"{index} manage.py index_search puts it right."]


def test_a_place_changed_without_the_log_is_named(site, capsys, adam):
    first, second = Commitment.objects.order_by("order")[:2]
    triggers.install()
    reorder(places={first: second.order, second: first.order}, by=adam)
    call_command("verify_ledger")
    triggers.remove()
    QuerySet(Commitment).filter(pk=first.pk).update(order=99_999)
    assert report_of(capsys)[1] == [f"{subject_of(first)} does not stand where the log moved it."]


def test_a_missing_guard_is_an_error_too(site, capsys):
    number = len(triggers.names(connection.vendor))
    with pytest.raises(CommandError, match=f"^{number} guards or constraints are not as they were made.$"):
        call_command("verify_ledger")
    assert "The guard tracker_update_no_change is missing in the database." in capsys.readouterr().err


def test_an_owner_without_our_pragmas_who_writes_over_a_row_is_found(site, capsys):
    if connection.vendor != "sqlite":
        pytest.skip("OR REPLACE is SQLite's.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        names = [c.name for c in connection.introspection.get_table_description(cursor, "tracker_update")]
        chosen = ", ".join("99" if name == "value" else name for name in names)
        into = ", ".join(names)
        one = f"SELECT {chosen} FROM tracker_update WHERE id = {site.pk}"
        cursor.execute(f"INSERT OR REPLACE INTO tracker_update ({into}) {one}")
        cursor.execute("PRAGMA recursive_triggers = ON")
    assert report_of(capsys)[1] == [f"Update {site.pk} is not what entry {site.entry_id} published."]


def registry_against_log():
    """What the command says of the registry alone, whatever the chain is."""
    command = Command()
    with Progress(command.stdout, 0) as command.progress:
        return list(command._registry())


def test_a_record_registered_before_a_key_came_is_what_its_entry_says(vellmark):
    triggers.remove()
    try:
        for subject in ("metric real-wages", "commitment vellmark-2030/I.1.1a"):
            entry = LedgerEntry.objects.get(subject=subject, action="register")
            row = json.loads(entry.body.text)
            later = next(table for table in TABLES if table.name == subject.partition(" ")[0]).later
            assert later & set(row)
            text = canonical({name: value for name, value in row.items() if name not in later or value})
            QuerySet(LedgerBody).filter(entry=entry).update(text=text)
        assert registry_against_log() == []
        Metric.objects.filter(code="real-wages").update(no_statistic_because="None was found.")
        assert registry_against_log() == ["metric real-wages is not what the log says."]
    finally:
        triggers.install()


def test_a_row_keeps_its_fingerprint_where_keys_that_came_later_are_blank(site):
    for record in (record for table in TABLES for record in table.records()):
        table, row = table_of(record), plain_row(record)
        as_loaded = {name: value for name, value in row.items() if name not in table.later or value is not None}
        assert table.fingerprint(row) == table.fingerprint(as_loaded), subject_of(record)
    assert UPDATES.fingerprint({"reach": None}) == UPDATES.fingerprint({})
    assert UPDATES.fingerprint({"reach": "full"}) != UPDATES.fingerprint({})


def test_a_blank_key_that_rows_had_from_the_first_is_part_of_the_fingerprint(site):
    row = plain_row(Metric.objects.get(code="real-wages"))
    assert METRICS.fingerprint(row) == "b4ab20f2827fa032a5646cacf4106c34f112f519a6e5604b33e89249dbba8bf8"


def test_a_key_that_comes_to_a_table_leaves_its_rows_their_fingerprints(site):
    row = plain_row(Commitment.objects.get(code="I.1.1a"))
    for name in ("annex", "note"):  # other tables have had notes from the first
        grown = replace(COMMITMENTS)
        grown.__dict__["keys"] = (*COMMITMENTS.keys, Key(name, required=False))
        assert grown.fingerprint(row | {name: None}) == COMMITMENTS.fingerprint(row)
        assert grown.fingerprint(row | {name: "A word."}) != COMMITMENTS.fingerprint(row)
