"""A log too long to be held in memory: what is read when it is asked for is what would have been held."""

import datetime

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.test_snapshot_moves import FEW, differences
from tracker.models import LedgerEntry
from tracker.snapshot import progress, stored
from tracker.snapshot.cache import forget, read_snapshot
from tracker.snapshot.stored import Deciding, StoredUpdates, deciding

from . import drafts
from .histories import REDACTION, STEPS, take

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ON = datetime.date(2026, 11, 1)
EVERY = 1 << 30


@pytest.fixture
def limit(monkeypatch):
    """A function that says from how many log entries on updates are not held."""

    def set_limit(entries):
        monkeypatch.setattr(progress, "MOST_IN_MEMORY", entries)
        forget()

    yield set_limit
    forget()


@pytest.mark.both_databases
@FEW
@given(st.lists(STEPS | REDACTION, max_size=8), st.integers(0, 6), st.data())
def test_any_history_reads_as_if_it_were_held(vellmark, edith, rana, limit, steps, held, data):
    with transaction.atomic():
        drafts.source()
        limit(LedgerEntry.objects.head() + held if held else 0)  # held at first, and no more while it grows
        read_snapshot(on=ON)
        for step in steps:
            take(step, edith, rana)
            _ = read_snapshot(on=ON).happened
        heads = st.integers(1, LedgerEntry.objects.head())
        versions = [(None, ON), *((known, ON) for known in data.draw(st.lists(heads, max_size=3)))]
        moved = [read_snapshot(on=on, known=known) for known, on in versions]
        limit(EVERY)
        for (known, on), one in zip(versions, moved, strict=True):
            assert differences(read_snapshot(on=on, known=known), one) == []
        transaction.set_rollback(True)
    forget()


@pytest.mark.both_databases
def test_a_past_entry_is_read_from_nothing_as_it_was(vellmark_progress, limit):
    limit(EVERY)
    head = LedgerEntry.objects.head()
    held = {known: read_snapshot(on=ON, known=known) for known in (head - 5, head // 2, head)}
    limit(0)
    for known, snapshot in held.items():
        assert differences(read_snapshot(on=ON, known=known), snapshot) == []


@pytest.mark.both_databases
def test_what_the_method_needs_is_what_the_records_say(vellmark, vellmark_progress, limit):
    limit(0)
    plan = read_snapshot().plan(vellmark)
    rows = [rows for rows in (*plan.updates.values(), *plan.replaced.values()) if rows]
    assert all(isinstance(each, StoredUpdates) and len(each) == len(list(each)) for each in rows)
    for each in rows:
        for short, record in zip(deciding(each), each, strict=True):
            assert short == Deciding(**{name: getattr(record, name) for name in Deciding._fields})


@pytest.mark.both_databases
def test_a_walk_through_all_reads_many_at_once_and_keeps_few(
    vellmark, vellmark_progress, limit, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(stored, "RECORDS_KEPT", 12)
    limit(0)
    snapshot = read_snapshot()
    plan = snapshot.plan(vellmark)
    asked = [rows for rows in plan.updates.values() if rows]
    with django_assert_max_num_queries(8):  # however many rows there are
        one = list(asked[-1])
    walked = [list(rows) for rows in asked]
    assert walked[-1] == one
    store = snapshot.progress.store
    assert store._count == sum(len(rows) for pair in store._records.values() for rows in pair) <= 24


PAGES = ("/", "/PLAN/commitments/", "/PLAN/commitments/I.1.1a/", "/PLAN/rights/I.1/", "/PLAN/gaps/", "/PLAN/changes/")
PAGES += ("/PLAN/changes/?by=publication", "/PLAN/disagreements/", "/metrics/", "/sources/", "/bodies/", "/about/")
PAGES += ("/search/?q=the&kind=updates", "/api/v1/search/?q=the&kind=updates", "/api/v1/updates/", "/data/updates.csv")
PAGES += ("/data/citations.csv", "/PLAN/commitments.json", "/?known=2026-10-01", "/PLAN/report/")


def test_every_page_and_file_is_the_same(client, vellmark, vellmark_progress, limit):
    def look():
        answers = {page: client.get(page.replace("PLAN", vellmark)) for page in PAGES}
        return {page: (answer.status_code, answer.getvalue()) for page, answer in answers.items()}

    limit(EVERY)
    held = look()
    limit(0)
    for page, answer in look().items():
        assert answer == held[page], page
