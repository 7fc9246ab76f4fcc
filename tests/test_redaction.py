"""Redaction: the text goes for people's safety, the hash and the numbers stay, and everybody sees that and why."""

import json

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tracker.actions import progress
from tracker.actions.changes import amend, correct
from tracker.actions.drafts import discard
from tracker.actions.errors import Conflict, NotAllowed
from tracker.actions.progress import publish, submit
from tracker.actions.redaction import ask_redaction, confirm_redaction, decline_redaction, what_goes
from tracker.ledger import log
from tracker.models import (
    Commitment,
    Evidence,
    ImportBatch,
    ImportRow,
    LedgerBody,
    LedgerEntry,
    Message,
    RedactionRequest,
    SeedRow,
    Source,
    TrailEntry,
    UnsavedForm,
    Update,
    triggers,
)
from tracker.snapshot.cache import read_snapshot
from tracker.standalone.verify import verify

from . import drafts
from .drafts import redact

pytestmark = pytest.mark.django_db

SECRET = "Jorun of the third house"


@pytest.fixture
def figure(vellmark, edith, rana):
    """A published figure whose words name a witness, in its summary, its caveat and the note of its evidence."""
    row = drafts.value(80, "2025-12-31", summary=f"{SECRET} counted.", caveat=f"Only {SECRET}.", as_published="80")
    waiting = progress.draft(record=row, by=edith, evidence=drafts.evidence(note=f"Asked {SECRET}."))
    return publish(record=submit(record=waiting, by=edith), by=rana)


def everything():
    """All that is stored of rows, evidence and the log, and all that is public of the log."""
    stored = [list(QuerySet(model).values()) for model in (Update, Evidence, LedgerEntry, LedgerBody, Source)]
    return json.dumps(stored, default=str) + "".join(log.lines())


def test_the_words_are_gone_from_row_evidence_and_log(figure, rana):
    before = LedgerEntry.objects.get(pk=figure.entry_id)
    hashes = before.body_hash, before.hash
    assert everything().count(SECRET) == 9  # three texts in the rows, in the log and in its file
    entry = redact(record=figure, reason="A witness could be found.", by=rana)
    assert SECRET not in everything()
    after = LedgerEntry.objects.get(pk=figure.entry_id)
    assert (after.body_hash, after.hash) == hashes
    assert (after.body.text, after.body.salt, after.body.redacted_by) == (None, "", entry)
    row = Update.objects.get(pk=figure.pk)
    assert (row.value, row.state, row.redacted_by, row.summary, row.caveat) == (80, "published", entry, "", "")
    cited = Evidence.objects.get(update_record=row)
    assert (cited.source.code, cited.locator, cited.note, cited.redacted_by) == ("village-census-2025", "", "", entry)


def test_the_redaction_is_an_entry_with_its_reason(figure, rana):
    entry = redact(record=figure, reason=" A witness could be found. ", by=rana)
    assert (entry.action, entry.subject, entry.role) == ("redact", f"entry {figure.entry_id}", "reviewer")
    content = json.loads(entry.body.text)
    assert (content["entry"], content["reason"]) == (figure.entry_id, "A witness could be found.")
    assert content["left"]["value"] == "80"


def test_the_chain_verifies_and_the_verifier_names_it(figure, rana, capsys):
    entry = redact(record=figure, reason="A witness could be found.", by=rana)
    count, head, redacted, broken = verify(log.lines())
    assert (count, head, redacted, broken) == (entry.seq, entry.hash, [(figure.entry_id, entry.seq)], None)
    call_command("verify_ledger")
    assert f"Entry {figure.entry_id} is redacted; entry {entry.seq} says why." in capsys.readouterr().out


def test_the_figure_still_counts_and_the_snapshot_knows(figure, rana):
    redact(record=figure, reason="A witness could be found.", by=rana)
    row = read_snapshot().plan("vellmark-2030").updates["I.1.1a"][0]
    assert (row.value, row.redacted, row.summary, row.evidence[0].note) == (80, True, "", "")


def test_past_states_do_not_bring_the_words_back(figure, edith, rana):
    drafts.published(drafts.value(81, "2026-06-30"), edith, rana)
    redact(record=figure, reason="A witness could be found.", by=rana)
    then = read_snapshot(known=figure.entry_id).plan("vellmark-2030").updates["I.1.1a"]
    assert [(row.value, row.redacted, row.summary) for row in then] == [(80, True, "")]


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "more",
    [
        {"value": 99},
        {"as_of": drafts.day("2024-12-31")},
        {"summary": "Other words."},
        {"reviewer": None},
        {"state": "draft", "entry": None},
        {"changes": {}},
        {"redacted_by": None},
    ],
    ids=str,
)
def test_redaction_opens_no_door_for_another_change(figure, rana, more):
    texts = dict.fromkeys(("summary", "caveat", "reason", "as_published", "arithmetic", "returned_note"), "")
    change = texts | {"redacted_by": figure.entry} | more
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(Update).filter(pk=figure.pk).update(**change)
    redact(record=figure, reason="A witness could be found.", by=rana)
    again = Update.objects.get(pk=figure.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(Update).filter(pk=figure.pk).update(**(texts | {"redacted_by": again.redacted_by_id} | more))
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(Evidence).filter(update_record=figure).update(note="Other words.")
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(LedgerBody).filter(pk=figure.entry_id).update(text="Other words.", salt="00", redacted_by=None)


def test_it_refuses_a_second_time_a_draft_and_silence(figure, edith, rana):
    with pytest.raises(ValidationError, match="says why"):
        ask_redaction(record=figure, reason="  ", by=rana)
    with pytest.raises(NotAllowed, match="for reviewers"):
        ask_redaction(record=figure, reason="A witness could be found.", by=edith)
    draft = progress.draft(record=drafts.value(81, "2026-06-30"), by=edith)
    with pytest.raises(NotAllowed, match="Only a published text"):
        redact(record=draft, reason="A witness could be found.", by=rana)
    head = LedgerEntry.objects.head()
    redact(record=figure, reason="A witness could be found.", by=rana)
    with pytest.raises(NotAllowed, match="Only a published text"):
        redact(record=figure, reason="A witness could be found.", by=rana)
    assert LedgerEntry.objects.head() == head + 1


@pytest.mark.both_databases
def test_a_finding_is_redacted_like_an_update(vellmark, edith, rana):
    row = drafts.published(drafts.finding("not_kept", "2026-06-30", summary=SECRET, document=SECRET), edith, rana)
    redact(record=row, reason="A witness could be found.", by=rana)
    assert SECRET not in everything()
    shown = read_snapshot().plan("vellmark-2030").findings["I.1.1e"][0]
    assert (shown.says, shown.redacted, shown.document) == ("not_kept", True, "")
    call_command("verify_ledger")


@pytest.mark.slow
@pytest.mark.both_databases
def test_an_amendment_loses_its_old_and_new_words_and_past_states_show_the_present_ones(vellmark, edith, rana):
    promise = Commitment.objects.get(code="I.1.1a")
    for title in (f"Water for {SECRET}", "Water for homes"):
        row = amend(record=promise, changes={"title": title}, reason="Clearer.", by=edith)
        publish(record=submit(record=row, by=edith), by=rana)
    start = LedgerEntry.objects.filter(action="register").head()
    for row in Update.objects.published():
        redact(record=row, reason="A family could be found.", by=rana)
    assert SECRET not in everything()
    assert read_snapshot(known=start).plan("vellmark-2030").commitment("I.1.1a").title == "Water for homes"
    call_command("verify_ledger")


def test_the_words_with_which_a_record_was_registered_go_from_the_log(vellmark, edith, rana):
    source = drafts.source("letter")
    registered = LedgerEntry.objects.get(subject="source letter")
    amended = amend(record=source, changes={"title": "A letter"}, reason="Names a person.", by=edith)
    publish(record=submit(record=amended, by=edith), by=rana)
    entry = redact(record=registered, reason="Names a person.", by=rana)
    assert LedgerBody.objects.get(pk=registered.pk).text is None
    assert verify(log.lines())[2:] == ([(registered.pk, entry.seq)], None)
    call_command("verify_ledger")
    for entry in LedgerEntry.objects.filter(action__in=("amend", "redact")):
        with pytest.raises(NotAllowed):
            redact(record=entry, reason="Names a person.", by=rana)


def texts():
    """Every table of the database by name, with all that is in it as one text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (a table's own name)
            yield table, repr([[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor]).lower()


def where(word):
    """Tables of the database, whosever they are, that hold a word."""
    return {table for table, text in texts() if word.lower() in text}


def on_disk(word):
    """Whether SQLite's pages hold a word, free ones too; PostgreSQL's go when it cleans up."""
    if connection.vendor != "sqlite":
        return False
    return word.lower().encode() in connection.connection.serialize().lower()


def test_it_takes_two_people_and_nothing_changes_before_the_second(figure, edith, rana, adam, client):
    """Asked for by one, seen in full by the other; declined it leaves nothing, and the trail names both."""
    head, public = LedgerEntry.objects.head(), figure.about.get_absolute_url()
    redaction = ask_redaction(record=figure, reason=" A witness could be found. ", by=rana)
    with pytest.raises(NotAllowed, match="asked for already"):
        ask_redaction(record=figure, reason="Again.", by=adam)
    with pytest.raises(NotAllowed, match="You asked for it"):
        confirm_redaction(request=redaction, by=rana)
    with pytest.raises(NotAllowed, match="for reviewers"):
        confirm_redaction(request=redaction, by=edith)
    assert LedgerEntry.objects.head() == head
    assert SECRET in client.get(public).content.decode()
    texts_that_go = [text for _place, text, _left in what_goes(figure)]
    assert texts_that_go == [f"{SECRET} counted.", f"Only {SECRET}.", "80", "table 3", f"Asked {SECRET}."]
    assert Message.objects.filter(to=adam, read_at=None, subject=f"redaction of update {figure.pk}").exists()
    assert not Message.objects.filter(to=rana, kind="redactionrequest").exists()
    decline_redaction(request=redaction, by=adam)
    assert not Message.objects.filter(kind="redactionrequest", read_at=None).exists()
    assert not RedactionRequest.objects.exists()
    with pytest.raises(NotAllowed, match="decided on already"):
        confirm_redaction(request=redaction, by=adam)
    redaction = ask_redaction(record=figure, reason="A witness could be found.", by=rana)
    entry = confirm_redaction(request=redaction, by=adam)
    redaction.refresh_from_db()
    assert (redaction.asked_by, redaction.confirmed_by, redaction.entry, redaction.reason) == (rana, adam, entry, "")
    assert SECRET not in client.get(public).content.decode()
    deeds = TrailEntry.objects.of(figure).filter(deed__startswith="redact").order_by("pk")
    assert list(deeds.values_list("deed", "by__username")) == [
        ("redaction_asked", "rana"),
        ("redaction_declined", "adam"),
        ("redaction_asked", "rana"),
        ("redacted", "adam"),
    ]
    call_command("verify_ledger")


@pytest.mark.both_databases
def test_no_column_of_any_table_keeps_a_word_of_it(vellmark, edith, rana, adam, signed_in):
    """A name in every text of a figure, of its evidence and of a correction that was begun before, by the forms."""
    row = drafts.value(80, "2025-12-31", seed_key="told")
    free = ("summary", "caveat", "as_published", "arithmetic", "places", "words", "languages", "scope")
    for name in free:
        setattr(row, name, f"{SECRET} {name}")
    row.how = "derived"
    cited = [Evidence(source=drafts.source(), locator=SECRET, note=SECRET)]
    waiting = progress.draft(record=row, by=edith, evidence=cited)
    LogEntry.objects.log_actions(edith.pk, [waiting], ADDITION, f"Added {SECRET}", single_object=True)
    figure = publish(record=submit(record=waiting, by=edith), by=rana)
    drafted = correct(published=figure, changes={"value": 81, "summary": f"{SECRET} 81"}, reason=SECRET, by=edith)
    second = drafts.correction(figure, edith, 82, reason=SECRET)
    form = {"person": edith, "at": timezone.now()}
    for key, place, typed in (
        ("a", f"/admin/tracker/update/{drafted.pk}/change/", f"Said {SECRET}."),
        ("b", "/admin/tracker/update/add/", f"Copied: {SECRET} summary"),
    ):
        UnsavedForm.objects.create(key=key, address=place, fields={"summary": [typed]}, **form)
    sent = ImportBatch.objects.create(
        code="b", by=edith, at=form["at"], plan=figure.metric.commitments.first().plan, count=1
    )
    ImportRow.objects.create(batch=sent, number=1, cells={"summary": f"{SECRET} summary"})
    LogEntry.objects.log_actions(edith.pk, [drafted], CHANGE, "Changed.", single_object=True)
    LogEntry.objects.log_actions(edith.pk, [second], DELETION, "", single_object=True)
    discard(record=second, by=edith)
    assert {"tracker_update", "tracker_evidence", "tracker_ledgerbody", "django_admin_log"} <= where("Jorun")
    redaction = ask_redaction(record=figure, reason="A witness could be found.", by=rana)
    assert signed_in(adam).get(f"/admin/tracker/redactionrequest/{redaction.pk}/change/").status_code == 200
    confirm_redaction(request=redaction, by=adam)
    assert where("Jorun") == set()
    assert on_disk("Jorun") is False
    assert "Jorun" not in "".join(log.lines())
    figure, drafted = (Update.objects.get(pk=each.pk) for each in (figure, drafted))
    assert (figure.value, figure.scope, figure.redacted_by_id) == (80, "taken away", LedgerEntry.objects.head())
    assert (drafted.value, drafted.state, drafted.summary) == (81, "returned", "")
    assert "Write them anew" in drafted.returned_note
    call_command("verify_ledger")
    assert signed_in(edith).get(f"/admin/tracker/update/{drafted.pk}/change/").status_code == 200


def test_a_form_that_was_open_does_not_bring_the_words_back_unseen(figure, edith, rana):
    drafted = correct(published=figure, changes={"value": 81}, reason="Misread.", by=edith)
    seen = drafted.version
    redact(record=figure, reason="A witness could be found.", by=rana)
    with pytest.raises(Conflict):
        progress.draft(record=drafted, by=edith, version=seen)


@pytest.mark.both_databases
def test_a_figure_of_less_than_the_whole_does_not_become_one_of_the_whole(vellmark, edith, rana):
    whole = drafts.published(drafts.value(70, "2025-12-31"), edith, rana)
    part = drafts.published(drafts.value(99, "2025-12-31", scope=f"The house of {SECRET}"), edith, rana)
    before = read_snapshot().plan("vellmark-2030").commitment("I.1.1a").status
    redact(record=part, reason="A witness could be found.", by=rana)
    assert read_snapshot().plan("vellmark-2030").commitment("I.1.1a").status == before
    blank = dict.fromkeys(triggers.TEXTS[Update], "")
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(Update).filter(pk=whole.pk).update(redacted_by=whole.entry, scope="rural", **blank)


def test_no_column_keeps_a_word_of_an_amended_record(vellmark, edith, rana):
    promise, source = Commitment.objects.get(code="I.1.1a"), drafts.source("letter")
    registered = LedgerEntry.objects.get(subject="source letter")
    reason, named = f"As {SECRET} said.", []
    SeedRow.objects.create(folder="x", table="source", key="x", fingerprint="x", file="x", position=0, reason=reason)
    for record, title in ((promise, f"Water for {SECRET}"), (source, f"Letter of {SECRET}")):
        first = amend(record=record, changes={"title": title}, reason=reason, by=edith)
        publish(record=submit(record=first, by=edith), by=rana)
        record.refresh_from_db()
        LogEntry.objects.log_actions(edith.pk, [record], CHANGE, "Changed.", single_object=True)
        late = amend(record=record, changes={"title": "Never"}, reason=f"Not {SECRET}.", by=edith)
        second = amend(record=record, changes={"title": "A title"}, reason="Names a person.", by=edith)
        publish(record=submit(record=second, by=edith), by=rana)
        named += [(first, second, late)]
    assert {"tracker_searchtext", "tracker_seedrow", "django_admin_log", "tracker_update"} <= where("Jorun")
    for first, second, late in named:
        redact(record=first, reason="Names a person.", by=rana)
        redact(record=second, reason="Names a person.", by=rana)
        assert not Update.objects.filter(pk=late.pk).exists()  # it said what is no longer so: nobody could publish it
    assert where("Jorun") == set()
    redact(record=registered, reason="Names a person.", by=rana)
    call_command("verify_ledger")


def test_verify_ledger_finds_a_number_changed_under_cover_of_a_redaction(figure, rana, capsys):
    redact(record=figure, reason="A witness could be found.", by=rana)
    triggers.remove()
    QuerySet(Update).filter(pk=figure.pk).update(value=99)
    triggers.install()
    with pytest.raises(CommandError, match="1 rows"):
        call_command("verify_ledger")
    assert f"Update {figure.pk} is not what its redaction left." in capsys.readouterr().err
