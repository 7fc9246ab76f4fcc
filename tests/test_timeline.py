"""When statuses changed: each change is what the snapshots of those days show, and there is none that they do not."""

import datetime

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.registering import register
from tracker.actions.changes import amend_at_once, correct, withdraw
from tracker.actions.progress import publish, submit
from tracker.loader.load import load_folder
from tracker.models import Body, Commitment, LedgerEntry, Metric
from tracker.snapshot.cache import forget, read_snapshot
from tracker.snapshot.timeline import Standing

from . import drafts
from .examples import examples
from .histories import STEPS, take

pytestmark = pytest.mark.django_db

PLAN = "vellmark-2030"
DAY = datetime.date
NOT_KNOWN = Standing("not_known", "not_known", "nobody_looked")


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands where a test sets it: ``clock(days)`` moves it on, and says the day."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def move(days=0):
        now[0] += datetime.timedelta(days=days)
        return now[0].date()

    return move


def registered():
    """The day on which the invented plan came into the log."""
    return LedgerEntry.objects.earliest("seq").at.date()


def standings(snapshot):
    """How each promise stands in a snapshot."""
    return {code: Standing(c.status, c.group, c.missing) for code, c in snapshot.plan(PLAN).commitments.items()}


def after(changes, day, start=()):
    """How each promise stood at the end of a day, by the changes up to it."""
    return dict(start) | {change.code: change.after for change in changes if change.day <= day}


def changes_of(changes, code):
    return [change for change in changes if change.code == code]


def test_as_things_happened_it_says_what_each_day_s_snapshot_says(vellmark_progress):
    newest = read_snapshot(on=DAY(2032, 6, 1))
    changes = newest.happened[PLAN]
    start = standings(read_snapshot(on=DAY(2026, 1, 1)))
    days = {change.day for change in changes}
    assert len(days) >= 10
    for day in sorted(days | {day - datetime.timedelta(days=1) for day in days if day > DAY(2026, 1, 1)}):
        assert after(changes, day, start.items()) == standings(read_snapshot(on=day)), day


def test_a_deadline_that_passes_is_a_change_without_an_entry(vellmark, edith, rana):
    row = drafts.published(drafts.value(95, "2026-06-30"), edith, rana)
    changes = changes_of(read_snapshot(on=DAY(2031, 1, 1)).happened[PLAN], "I.1.1a")
    assert [(c.day, c.after.status, c.entries) for c in changes] == [
        (DAY(2026, 6, 30), "reached", (row.entry_id,)),
        (DAY(2031, 1, 1), "not_known", ()),
    ]
    assert changes[0].before == NOT_KNOWN
    assert (changes[1].before.status, changes[1].after.missing) == ("reached", "not_published_yet")


def test_nothing_is_said_of_days_to_come(vellmark, edith, rana):
    drafts.published(drafts.value(95, "2026-06-30"), edith, rana)
    assert changes_of(read_snapshot(on=DAY(2026, 6, 29)).happened[PLAN], "I.1.1a") == []
    assert all(c.day <= DAY(2030, 12, 31) for c in read_snapshot(on=DAY(2030, 12, 31)).happened[PLAN])


def test_on_this_site_every_promise_begins_on_the_day_it_was_registered(vellmark):
    changes = read_snapshot().published[PLAN]
    assert [change.code for change in changes] == list(read_snapshot().plan(PLAN).commitments)
    assert {(change.day, change.before, change.after) for change in changes} == {(registered(), None, NOT_KNOWN)}
    assert all(len(change.entries) == 1 for change in changes)


def test_a_correction_changes_what_was_shown_from_its_own_day(vellmark, clock, edith, rana):
    days = [registered(), clock(3)]
    row = drafts.published(drafts.value(95, "2026-06-30"), edith, rana)
    days.append(clock(4))
    draft = correct(published=row, changes={"value": 12}, reason="Misread.", by=edith)
    corrected = publish(record=submit(record=draft, by=edith), by=rana)
    changes = changes_of(read_snapshot().published[PLAN], "I.1.1a")
    assert [change.day for change in changes] == days
    assert changes[1].after.status == "reached"
    assert changes[2].after.status != "reached"
    assert [change.entries for change in changes[1:]] == [(row.entry_id,), (corrected.entry_id,)]


def test_on_this_site_what_was_withdrawn_on_the_same_day_was_shown(vellmark, clock, edith, rana):
    clock(3)
    row = drafts.published(drafts.value(95, "2026-06-30"), edith, rana)
    withdrawal = publish(record=submit(record=withdraw(published=row, reason="No.", by=edith), by=edith), by=rana)
    _first, shown, gone = changes_of(read_snapshot().published[PLAN], "I.1.1a")
    assert (shown.day, shown.after.status, shown.shown) == (clock(), "reached", row.entry_id)
    assert (gone.day, gone.after, gone.shown) == (clock(), NOT_KNOWN, withdrawal.entry_id)


def test_on_this_site_a_day_that_passed_is_told_before_what_was_published_on_it(vellmark, clock, edith, rana):
    drafts.published(drafts.value(95, "2026-06-30"), edith, rana)
    clock((DAY(2031, 1, 1) - clock()).days)
    shown = changes_of(read_snapshot().published[PLAN], "I.1.1a")
    assert (shown[-1].day, shown[-1].entries, shown[-1].after.missing) == (clock(), (), "not_published_yet")
    row = drafts.published(drafts.value(95, "2030-12-31"), edith, rana)
    *before, last = changes_of(read_snapshot().published[PLAN], "I.1.1a")
    assert before == shown
    assert (last.day, last.entries, last.after.status) == (clock(), (row.entry_id,), "met")


@pytest.mark.both_databases
@pytest.mark.usefixtures("with_progress")
def test_on_this_site_a_load_of_files_becomes_public_as_a_whole(db, folder):
    load_folder(folder)
    snapshot = read_snapshot()
    changes = snapshot.published[PLAN]
    assert {change.code: change.after for change in changes} == standings(snapshot)
    assert len(changes) == len(standings(snapshot))
    assert NOT_KNOWN not in {change.after for change in changes if len(change.entries) > 1}


def amend(record, edith, rana, **changes):
    """An amendment, published; its row."""
    return amend_at_once(record=record, changes=changes, reason="As the text has it.", by=edith, reviewer=rana)


@pytest.mark.both_databases
def test_an_amended_target_or_side_changes_what_is_shown_and_not_what_was(vellmark, clock, edith, rana):
    drafts.published(drafts.value(86, "2026-06-30"), edith, rana)
    drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    first = clock()
    before = standings(read_snapshot())
    clock(5)
    amend(Commitment.objects.get(code="I.1.1a"), edith, rana, target_value=85)
    amend(Body.objects.get(code="lake-council"), edith, rana, side="official", state="Vellmark")
    amend(Commitment.objects.get(code="I.1.1b"), edith, rana, title="Another wording")
    snapshot = read_snapshot()
    changes = snapshot.published[PLAN]
    assert after(changes, first) == before
    assert after(changes, clock()) == standings(snapshot)
    moved = {change.code for change in changes if change.day == clock()}
    assert moved == {"I.1.1a", "I.1.1e"}


def test_another_metric_brings_its_own_figures_from_its_day_on(vellmark, clock, edith, rana):
    fresh = Metric.objects.get(code=drafts.PIPED)
    fresh.pk, fresh.code, fresh.name = None, "taps-in-barns", "Taps in barns"
    fresh._state.adding = True
    register(record=fresh, by=edith)
    drafts.published(drafts.value(95, "2026-06-30"), edith, rana)
    drafts.published(drafts.value(10, "2026-06-30", metric="taps-in-barns"), edith, rana)
    first, before = clock(), standings(read_snapshot())
    clock(2)
    amend(Commitment.objects.get(code="I.1.1a"), edith, rana, metric="taps-in-barns")
    snapshot = read_snapshot()
    assert before["I.1.1a"] != standings(snapshot)["I.1.1a"]
    assert after(snapshot.published[PLAN], first) == before
    assert after(snapshot.published[PLAN], clock()) == standings(snapshot)


@pytest.mark.slow
@examples(10)
@given(st.lists(st.tuples(STEPS, st.sampled_from([0, 1, 30, 500])), min_size=1, max_size=7))
def test_on_this_site_it_says_what_each_day_s_snapshot_showed(vellmark, clock, edith, rana, steps):
    with transaction.atomic():
        drafts.source(edith)
        forget()
        shown = {}
        for step, days in steps:
            take(step, edith, rana)
            shown[clock()] = standings(read_snapshot())
            clock(days)
            shown[clock()] = standings(read_snapshot())
        changes = read_snapshot().published[PLAN]
        for day, standing in shown.items():
            assert after(changes, day) == standing, day
        transaction.set_rollback(True)
    forget()
