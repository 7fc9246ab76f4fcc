"""A plan in preparation: written by some, opened by another, and nothing of it public before."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests import drafts
from tests.conftest import somebody
from tests.databases import BRUMAS, VELLMARK
from tests.preparing import prepare_folder
from tracker.actions.drafts import discard as discard_draft
from tracker.actions.errors import Conflict, NotAllowed
from tracker.actions.preparation import (
    begin,
    change,
    discard,
    hand_in,
    open_preparation,
    prepare,
    prepare_by_itself,
    remove,
    send_back,
)
from tracker.actions.progress import draft, publish, submit
from tracker.loader.load import load_folder
from tracker.models import (
    Body,
    Category,
    Commitment,
    Evidence,
    LedgerBody,
    LedgerEntry,
    Plan,
    Preparation,
    SearchText,
    Source,
    State,
    TrailEntry,
)
from tracker.models.roles import EDITOR, REVIEWER
from tracker.schema import TABLES, plain_row


def everything_public():
    """What the log and the registry hold: entries with their texts, and rows by table."""
    log = list(LedgerBody.objects.order_by("pk").values_list("entry__action", "entry__subject", "text"))
    rows = {table.name: [plain_row(each) for each in table.records()] for table in TABLES}
    return log, rows, sorted(SearchText.objects.values_list("key", "text"))


@pytest.mark.slow
@pytest.mark.both_databases
def test_opening_registers_what_loading_the_same_files_would(vellmark, edith, rana):
    before = everything_public()
    with transaction.atomic():
        load_folder(BRUMAS)
        loaded = everything_public()
        transaction.set_rollback(True)
    preparation = prepare_folder(BRUMAS, edith)
    assert everything_public() == before
    hand_in(preparation=preparation, by=edith)
    open_preparation(preparation=preparation, by=rana)
    assert everything_public() == loaded
    preparation.refresh_from_db()
    assert (preparation.state, preparation.reviewer, preparation.entry_id) == (
        State.PUBLISHED,
        rana,
        len(before[0]) + 1,
    )
    assert preparation.count == LedgerEntry.objects.count() - len(before[0])
    deeds = TrailEntry.objects.of(preparation).values_list("deed", "by")
    assert [deeds[0], deeds[1]] == [("published", rana.pk), ("submitted", edith.pk)]


@pytest.mark.both_databases
def test_nobody_opens_what_they_wrote_and_the_database_refuses_it_too(edith, rana, adam):
    preparation = prepare_folder(VELLMARK, edith)
    hand_in(preparation=preparation, by=edith)
    body = Body.everything.first()
    body.name = "Chancery"
    change(record=body, by=rana)
    preparation.refresh_from_db()
    assert preparation.state == State.DRAFT, "what was handed in is a draft again once it changes"
    hand_in(preparation=preparation, by=edith)
    for person in (edith, rana):
        with pytest.raises(NotAllowed):
            open_preparation(preparation=preparation, by=person)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tracker_preparation SET state = 'published', reviewer_id = %s, opened_at = begun_at", [rana.pk]
        )
    preparation.refresh_from_db()
    seen = preparation.version
    with pytest.raises(Conflict):
        open_preparation(preparation=preparation, by=adam, version=seen - 1)
    open_preparation(preparation=preparation, by=adam, version=seen)
    with pytest.raises(NotAllowed, match="public already"):
        open_preparation(preparation=preparation, by=adam, version=seen)
    for statement in ("DELETE FROM tracker_preparation", "UPDATE tracker_preparation SET reviewer_id = author_id"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(NotAllowed, match="public already"):
        remove(record=Body.objects.first(), by=edith)


def test_it_is_changed_sent_back_and_discarded_without_a_word_in_the_log(edith, rana):
    preparation = prepare_folder(VELLMARK, edith)
    first = Commitment.everything.first()
    first.test = ""
    change(record=first, by=edith)
    with pytest.raises(ValidationError, match="Test"):
        hand_in(preparation=preparation, by=edith)
    first.test = "Kept if a law is in force by the end."
    change(record=first, by=edith)
    plan = Plan.everything.get()
    with pytest.raises(NotAllowed, match="still names it"):
        remove(record=plan, by=edith)
    plan.code, plan.ends_on = "vellmark-2031", plan.ends_on.replace(year=2031)
    change(record=plan, by=edith)
    preparation = hand_in(preparation=preparation, by=edith)
    assert preparation.subject == "plan vellmark-2031"
    with pytest.raises(ValidationError, match="mended"):
        send_back(preparation=preparation, by=rana, reason=" ")
    send_back(preparation=preparation, by=rana, reason="The title of I.1a says more than the plan.")
    with pytest.raises(NotAllowed, match="whoever began it"):
        discard(preparation=preparation, by=rana)
    discard(preparation=preparation, by=edith)
    assert not any(table.model.everything.exists() for table in TABLES)
    assert not Preparation.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert TrailEntry.objects.of(preparation).first().deed == "discarded"


def test_a_code_that_is_taken_in_preparation_is_said_to_be(edith, vellmark):
    preparation = begin(by=edith, subject="body watch")
    fields = {"kind": "civil_society", "side": "independent", "why": "It watches."}
    prepare(preparation=preparation, record=Body(code="watch", name="Watch", **fields), by=edith)
    other = begin(by=edith, subject="body watch")
    with pytest.raises(ValidationError, match="taken by something that is in preparation"):
        prepare(preparation=other, record=Body(code="watch", name="Watch again", **fields), by=edith)
    source = Source(
        code="w-1", title="First report", reason_withheld="Not seen.", publisher=Body.everything.get(code="watch")
    )
    with pytest.raises(ValidationError, match="in preparation by itself"):
        prepare(preparation=other, record=source, by=edith)
    right = {"plan": Plan.objects.get(), "code": "IX", "title": "Water", "short_title": "Water", "order": 90}
    prepare(preparation=preparation, record=Category(**right), by=edith)
    with pytest.raises(ValidationError) as refused:
        Category(**right).full_clean()
    assert refused.value.message_dict == {"code": ["The code “IX” is taken by something that is in preparation."]}


def cited_by(source, edith):
    """A finding drafted with a source that nobody knew yet."""
    prepare_by_itself(record=source, by=edith, of_row=True)
    row = drafts.finding("kept")
    draft(record=row, by=edith, evidence=[Evidence(source=source)])
    return row


def lake_watch(edith, rana):
    """A body that is not public, begun by one and changed by another, and a new source of it."""
    body = Body(code="lake-watch", name="Lake Watch", kind="civil_society", side="independent", why="It watches.")
    prepare_by_itself(record=body, by=rana)
    source = Source(code="watch-1", title="First watch", reason_withheld="Not seen.", language="en", publisher=body)
    prepare(preparation=body.preparation, record=source, by=edith)
    return body, source


@pytest.mark.both_databases
def test_a_source_becomes_public_with_the_first_row_that_cites_it(vellmark, edith, rana, adam):
    _body, source = lake_watch(edith, rana)
    row = drafts.finding("kept")
    draft(record=row, by=edith, evidence=[Evidence(source=source)])
    submit(record=row, by=edith)
    source.title = "First watch of the lakes"
    change(record=source, by=edith)
    row.refresh_from_db()
    assert row.state == State.DRAFT, "its reviewers have read something else"
    row = submit(record=row, by=edith)
    with pytest.raises(NotAllowed, match="You wrote something of a source or body"):
        publish(record=row, by=rana)
    head = LedgerEntry.objects.head()
    assert not Source.objects.filter(code="watch-1").exists()
    row = publish(record=row, by=adam)
    assert Source.objects.get(code="watch-1").publisher == Body.objects.get(code="lake-watch")
    subjects = list(LedgerEntry.objects.filter(seq__gt=head).order_by("seq").values_list("action", "subject"))
    assert subjects[:2] == [("register", "body lake-watch"), ("register", "source watch-1")]
    assert subjects[2][0] == "publish"
    preparation = Preparation.objects.get()
    assert (preparation.reviewer, preparation.state, preparation.count) == (adam, State.PUBLISHED, 2)
    assert rana.pk in row.contributor_ids, "the database was asked too"


def test_a_source_goes_with_the_last_draft_that_cites_it(vellmark, edith, rana):
    first = Source(code="one", title="One", reason_withheld="Not seen.", publisher=Body.objects.first())
    row = cited_by(first, edith)
    other = drafts.finding("kept", commitment="II.2a")
    draft(record=other, by=edith, evidence=[Evidence(source=first)])
    discard_draft(record=row, by=edith)
    assert Source.everything.filter(code="one").exists(), "another draft cites it"
    second = Source(code="two", title="Two", reason_withheld="Not seen.", publisher=Body.objects.first())
    prepare_by_itself(record=second, by=edith, of_row=True)
    draft(record=other, by=edith, evidence=[Evidence(source=second)], version=other.version)
    assert not Source.everything.filter(code="one").exists()
    _body, source = lake_watch(edith, rana)
    draft(record=other, by=edith, evidence=[Evidence(source=source)], version=other.version)
    discard_draft(record=other, by=edith)
    assert not Source.everything.filter(code="two").exists()
    assert Source.everything.filter(code="watch-1").exists(), "it was prepared by itself"


@pytest.mark.both_databases
def test_two_reviewers_at_once_open_it_once(lasting_db):
    if connection.vendor == "sqlite":
        pytest.skip("its transactions begin with the lock of the whole database, which one in memory refuses at once")
    edith, rana, adam = (somebody(name, role) for name, role in (("e", EDITOR), ("r", REVIEWER), ("a", REVIEWER)))
    preparation = hand_in(preparation=prepare_folder(VELLMARK, edith), by=edith)
    outcomes = []

    def opens(person):
        try:
            outcomes.append(open_preparation(preparation=preparation, by=person).count)
        except NotAllowed as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=opens, args=[person]) for person in (rana, adam)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(map(type, outcomes), key=str) == [int, str], outcomes
    assert LedgerEntry.objects.count() == next(each for each in outcomes if isinstance(each, int))
