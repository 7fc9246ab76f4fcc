"""What is kept in memory: it moves with the log and with nothing else, and is read once."""

import dataclasses
import datetime
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from tests.registering import register
from tracker.actions.changes import amend_at_once
from tracker.models import Category, Commitment, Provision
from tracker.snapshot.cache import MOST_SNAPSHOTS, forget, read_snapshot

from . import drafts, factories

pytestmark = pytest.mark.django_db

PROMISE = "/vellmark-2030/commitments/I.1.1a/"


def title_on_page(client):
    page = client.get(PROMISE).content.decode()
    return page.split("<h1>")[1].split("</h1>")[0]


@pytest.mark.both_databases
def test_it_sees_an_amendment_and_nothing_before_that(client, vellmark, edith, rana):
    assert title_on_page(client) == "Piped water in 88 percent or more of village homes"
    promise = Commitment.objects.get(code="I.1.1a")
    changes = {"title": "Taps in 88 percent or more of village homes"}
    assert title_on_page(client) == "Piped water in 88 percent or more of village homes"
    amend_at_once(record=promise, changes=changes, reason="Shorter.", by=edith, reviewer=rana)
    assert title_on_page(client) == "Taps in 88 percent or more of village homes"
    assert "Taps in 88 percent" in client.get("/vellmark-2030/commitments/?q=taps").content.decode()


def test_it_sees_a_new_record_on_every_page_that_lists_it(client, vellmark, adam):
    assert client.get("/bodies/new-office/").status_code == 404
    register(record=factories.BodyFactory.build(code="new-office", name="New Office"), by=adam)
    assert client.get("/bodies/new-office/").status_code == 200
    assert "New Office" in client.get("/bodies/").content.decode()


@pytest.mark.both_databases
def test_a_change_that_was_refused_changes_nothing(client, vellmark, rana):
    before = read_snapshot()
    promise = Commitment.objects.get(code="I.1.1a")
    promise.target_value = None
    with pytest.raises(ValidationError):
        register(record=promise, by=rana)
    assert read_snapshot() is before
    assert "At least 88 percent" in client.get(PROMISE).content.decode()


@pytest.mark.both_databases
def test_changed_sets_of_groups_and_bodies_are_seen(client, vellmark, edith, rana):
    client.get(PROMISE)
    promise = Commitment.objects.get(code="I.1.1a")
    changes = {"groups": None, "bodies": ["valley-watch"]}
    amend_at_once(record=promise, changes=changes, reason="Named.", by=edith, reviewer=rana)
    record = read_snapshot().plan("vellmark-2030").commitment("I.1.1a")
    assert (record.groups, record.bodies) == ((), ("valley-watch",))
    assert "Named in 1 promise" in client.get("/bodies/valley-watch/").content.decode()


@pytest.mark.both_databases
def test_it_is_the_same_object_until_the_log_moves(vellmark, edith, django_assert_num_queries):
    first = read_snapshot()
    with django_assert_num_queries(1):
        assert read_snapshot() is first
    register(record=factories.BodyFactory.build(), by=edith)
    second = read_snapshot()
    assert second is not first
    assert second.head == first.head + 1
    assert len(second.bodies) == len(first.bodies) + 1


def test_past_days_push_out_one_another_and_never_today(vellmark, unshared):
    today, first = read_snapshot(), read_snapshot(on=datetime.date(2026, 1, 1))
    for day in range(2, MOST_SNAPSHOTS):
        read_snapshot(on=datetime.date(2026, 1, day))
    second = read_snapshot(on=datetime.date(2026, 1, 2))
    assert read_snapshot(on=datetime.date(2026, 1, 1)) is first  # asked for again, so it is not the next to go
    read_snapshot(on=datetime.date(2026, 2, 1))
    assert read_snapshot(on=datetime.date(2026, 1, 1)) is first
    for day in range(1, 2 * MOST_SNAPSHOTS):
        read_snapshot(on=datetime.date(2025, 12, day))
    assert read_snapshot() is today
    assert read_snapshot(on=datetime.date(2026, 1, 2)) is not second


@pytest.mark.both_databases
def test_another_log_with_as_many_entries_is_another_version(client, vellmark, edith):
    read_snapshot()

    def registered(name):
        register(record=factories.BodyFactory.build(code="new-office", name=name), by=edith)
        return read_snapshot(), client.get("/bodies/")

    with transaction.atomic():
        taken_back, page = registered("Taken Back")
        transaction.set_rollback(True)
    stayed, other = registered("Stayed")
    assert (stayed.head, stayed.bodies["new-office"].name) == (taken_back.head, "Stayed")
    assert page["ETag"] != other["ETag"]
    assert client.get("/bodies/", HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 200


@pytest.mark.both_databases
def test_it_does_not_go_on_from_what_was_taken_back(vellmark, edith, rana):
    before = read_snapshot()
    drafts.source()
    with transaction.atomic():
        drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
        assert read_snapshot().plan(vellmark).updates["I.1.1a"]
        transaction.set_rollback(True)
    for _n in range(2):
        register(record=factories.BodyFactory.build(), by=edith)
    assert read_snapshot().head > before.head + 1
    assert not read_snapshot().plan(vellmark).updates["I.1.1a"]


def test_forget_reads_the_registry_again(vellmark):
    first = read_snapshot()
    Commitment.objects.filter(code="I.1.1a").update(title="Changed behind its back")
    assert read_snapshot() is first
    forget()
    again = read_snapshot()
    assert again is not first
    assert again.head == first.head
    assert again.plan("vellmark-2030").commitment("I.1.1a").title == "Changed behind its back"


def test_a_snapshot_in_hand_does_not_change_under_its_reader(vellmark, edith, rana):
    snapshot = read_snapshot()
    promise = Commitment.objects.get(code="I.1.1a")
    changes = {"title": "Taps in 88 percent or more of village homes"}
    amend_at_once(record=promise, changes=changes, reason="Shorter.", by=edith, reviewer=rana)
    read_snapshot()
    record = snapshot.plan("vellmark-2030").commitment("I.1.1a")
    assert record.title.startswith("Piped water")
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.title = "Mine"
    with pytest.raises(dataclasses.FrozenInstanceError):
        snapshot.head = 0


@pytest.mark.both_databases
def test_threads_that_ask_at_once_read_the_registry_once(vellmark):
    """The threads share the test's connection, so its record of queries is the count of what all of them asked."""
    with CaptureQueriesContext(connection) as alone:
        read_snapshot()
    forget()
    threads, got, gate = 6, [], threading.Barrier(6)
    shared = connections["default"]

    def ask():
        connections["default"] = shared
        gate.wait()
        got.append(read_snapshot())

    shared.inc_thread_sharing()
    try:
        with CaptureQueriesContext(connection) as together:
            running = [threading.Thread(target=ask) for _ in range(threads)]
            for thread in running:
                thread.start()
            for thread in running:
                thread.join()
    finally:
        shared.dec_thread_sharing()
    assert len(got) == threads
    assert len({id(each) for each in got}) == 1
    assert len(together) == len(alone) + threads - 1


def test_the_registry_is_read_in_as_many_questions_whatever_its_size(vellmark, unshared):
    forget()
    with CaptureQueriesContext(connection) as small:
        read_snapshot()
    some = Commitment.objects.get(code="I.1.1a")
    factories.CommitmentFactory.create_batch(140, provision=some.provision, metric=some.metric)
    forget()
    with CaptureQueriesContext(connection) as large:
        assert len(read_snapshot().plan("vellmark-2030").commitments) == 154
    assert len(large) == len(small)


@pytest.mark.parametrize(
    ("code", "parent", "sentence"),
    [("I.1", "II", "The parent stands before its sections"), ("I", "I.1", "The parents would run in a circle")],
)
def test_a_right_has_a_chapter_that_stands_before_it(client, vellmark, edith, rana, code, parent, sentence):
    right = Category.objects.get(code=code)
    with pytest.raises(ValidationError, match=sentence):
        amend_at_once(record=right, changes={"parent": parent}, reason="Moved.", by=edith, reviewer=rana)
    assert client.get("/vellmark-2030/").status_code == 200


def test_a_right_under_a_chapter_of_another_plan_is_refused(vellmark, adam):
    plan, chapter = factories.PlanFactory(code="other-plan"), Category.objects.get(code="I")
    with pytest.raises(ValidationError):
        register(record=Category(plan=plan, code="X", parent=chapter, title="X", short_title="X", order=1), by=adam)


def test_a_paragraph_under_a_right_of_another_plan_is_refused(vellmark, adam):
    plan, right = factories.PlanFactory(code="other-plan"), Category.objects.get(code="I")
    with pytest.raises(ValidationError):
        register(record=Provision(plan=plan, code="X.1", category=right, title="X", form="dash", order=1), by=adam)
