"""Redaction: the text goes for people's safety, the hash and the numbers stay, and everybody sees that and why."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from tracker.actions import progress
from tracker.actions.changes import amend, redact
from tracker.actions.errors import NotAllowed
from tracker.actions.progress import publish, submit
from tracker.ledger import log
from tracker.models import Commitment, Evidence, LedgerBody, LedgerEntry, Source, Update, triggers
from tracker.snapshot.cache import read_snapshot
from tracker.standalone.verify import verify

from . import drafts

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SECRET = "Jorun of the third house"


@pytest.fixture
def told(vellmark, edith, rana):
    """A published figure whose words name a witness, in its summary, its caveat and the note of its evidence."""
    row = drafts.value(80, "2025-12-31", summary=f"{SECRET} counted.", caveat=f"Only {SECRET}.", as_published="80")
    waiting = progress.draft(record=row, by=edith, evidence=drafts.evidence(note=f"Asked {SECRET}."))
    return publish(record=submit(record=waiting, by=edith), by=rana)


def everything():
    """All that is stored of rows, evidence and the log, and all that is public of the log."""
    stored = [list(QuerySet(model).values()) for model in (Update, Evidence, LedgerEntry, LedgerBody, Source)]
    return json.dumps(stored, default=str) + "".join(log.lines())


def test_the_words_are_gone_from_row_evidence_and_log(told, rana):
    before = LedgerEntry.objects.get(pk=told.entry_id)
    hashes = before.body_hash, before.hash
    assert everything().count(SECRET) == 9  # three texts in the rows, in the log and in its file
    entry = redact(record=told, reason="A witness could be found.", by=rana)
    assert SECRET not in everything()
    after = LedgerEntry.objects.get(pk=told.entry_id)
    assert (after.body_hash, after.hash) == hashes
    assert (after.body.text, after.body.salt, after.body.redacted_by) == (None, "", entry)
    row = Update.objects.get(pk=told.pk)
    assert (row.value, row.state, row.redacted_by, row.summary, row.caveat) == (80, "published", entry, "", "")
    cited = Evidence.objects.get(update_record=row)
    assert (cited.source.code, cited.locator, cited.note, cited.redacted_by) == ("village-census-2025", "", "", entry)


def test_the_redaction_is_an_entry_with_its_reason(told, rana):
    entry = redact(record=told, reason=" A witness could be found. ", by=rana)
    assert (entry.action, entry.subject, entry.role) == ("redact", f"entry {told.entry_id}", "reviewer")
    content = json.loads(entry.body.text)
    assert (content["entry"], content["reason"]) == (told.entry_id, "A witness could be found.")
    assert content["left"]["value"] == "80"


def test_the_chain_verifies_and_the_verifier_names_it(told, rana, capsys):
    entry = redact(record=told, reason="A witness could be found.", by=rana)
    count, head, redacted, broken = verify(log.lines())
    assert (count, head, redacted, broken) == (entry.seq, entry.hash, [(told.entry_id, entry.seq)], None)
    call_command("verify_ledger")
    assert f"Entry {told.entry_id} is redacted; entry {entry.seq} says why." in capsys.readouterr().out


def test_the_figure_still_counts_and_the_snapshot_knows(told, rana):
    redact(record=told, reason="A witness could be found.", by=rana)
    row = read_snapshot().plan("vellmark-2030").updates["I.1.1a"][0]
    assert (row.value, row.redacted, row.summary, row.evidence[0].note) == (80, True, "", "")


def test_past_states_do_not_bring_the_words_back(told, edith, rana):
    drafts.published(drafts.value(81, "2026-06-30"), edith, rana)
    redact(record=told, reason="A witness could be found.", by=rana)
    then = read_snapshot(known=told.entry_id).plan("vellmark-2030").updates["I.1.1a"]
    assert [(row.value, row.redacted, row.summary) for row in then] == [(80, True, "")]


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
def test_redaction_opens_no_door_for_another_change(told, rana, more):
    texts = dict.fromkeys(("summary", "caveat", "reason", "as_published", "arithmetic", "returned_note"), "")
    change = texts | {"redacted_by": told.entry} | more
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(Update).filter(pk=told.pk).update(**change)
    redact(record=told, reason="A witness could be found.", by=rana)
    again = Update.objects.get(pk=told.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(Update).filter(pk=told.pk).update(**(texts | {"redacted_by": again.redacted_by_id} | more))
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(Evidence).filter(update_record=told).update(note="Other words.")
    with pytest.raises(DatabaseError), transaction.atomic():
        QuerySet(LedgerBody).filter(pk=told.entry_id).update(text="Other words.", salt="00", redacted_by=None)


def test_it_refuses_a_second_time_a_draft_and_silence(told, edith, rana):
    with pytest.raises(ValidationError, match="says why"):
        redact(record=told, reason="  ", by=rana)
    with pytest.raises(NotAllowed, match="for reviewers"):
        redact(record=told, reason="A witness could be found.", by=edith)
    draft = progress.draft(record=drafts.value(81, "2026-06-30"), by=edith)
    with pytest.raises(NotAllowed, match="Only a published text"):
        redact(record=draft, reason="A witness could be found.", by=rana)
    head = LedgerEntry.objects.head()
    redact(record=told, reason="A witness could be found.", by=rana)
    with pytest.raises(NotAllowed, match="Only a published text"):
        redact(record=told, reason="A witness could be found.", by=rana)
    assert LedgerEntry.objects.head() == head + 1


def test_a_finding_is_redacted_like_an_update(vellmark, edith, rana):
    row = drafts.published(drafts.finding("not_kept", "2026-06-30", summary=SECRET, document=SECRET), edith, rana)
    redact(record=row, reason="A witness could be found.", by=rana)
    assert SECRET not in everything()
    shown = read_snapshot().plan("vellmark-2030").findings["I.1.1e"][0]
    assert (shown.says, shown.redacted, shown.document) == ("not_kept", True, "")
    call_command("verify_ledger")


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


def test_verify_ledger_finds_a_number_changed_under_cover_of_a_redaction(told, rana, capsys):
    redact(record=told, reason="A witness could be found.", by=rana)
    triggers.remove()
    QuerySet(Update).filter(pk=told.pk).update(value=99)
    triggers.install()
    with pytest.raises(CommandError, match="1 rows"):
        call_command("verify_ledger")
    assert f"Update {told.pk} is not what its redaction left." in capsys.readouterr().err
