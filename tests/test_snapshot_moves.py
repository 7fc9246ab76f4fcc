"""The snapshot after any history: moved forward it is what is built from nothing, and the past stays as it was."""

import datetime
from dataclasses import fields

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.registering import register
from tracker.actions.changes import amend
from tracker.actions.progress import publish, submit
from tracker.models import BeneficiaryGroup, Body, Category, Commitment, LedgerEntry, Plan, Provision
from tracker.snapshot.cache import forget, read_snapshot

from . import drafts, factories
from .examples import examples
from .histories import REDACTION, STEPS, take

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ON = datetime.date(2026, 11, 1)
COMPARED = ("known", "on", "head_hash", "plans", "metrics", "bodies", "groups", "sources", "updates")
COMPARED += ("replaced", "replaced_by", "amendments", "happened", "instruments", "norms", "recommendations")
FEW = examples(5)


def differences(one, other):
    """Names of the parts in which two snapshots differ; plans by part too."""
    names = [name for name in COMPARED if getattr(one, name) != getattr(other, name)]
    for code in one.plans.keys() & other.plans.keys() if "plans" in names else ():
        ours, theirs = one.plans[code], other.plans[code]
        names += [f"{code}.{f.name}" for f in fields(ours) if getattr(ours, f.name) != getattr(theirs, f.name)]
    return names


@pytest.mark.both_databases
@FEW
@given(st.lists(STEPS | REDACTION, max_size=8))
def test_moved_forward_equals_built_from_nothing(vellmark, edith, rana, steps):
    with transaction.atomic():
        drafts.source()
        forget()
        read_snapshot(on=ON)
        for step in steps:
            take(step, edith, rana)
            _ = read_snapshot(on=ON).happened
        # Each step moved what the step before had moved, so that a slip anywhere would be carried along to here.
        moved = read_snapshot(on=ON)
        forget()
        built = read_snapshot(on=ON)
        assert built is not moved
        assert differences(moved, built) == []
        transaction.set_rollback(True)
    forget()


def test_a_norm_that_a_promise_is_linked_to_later_is_shown(vellmark, edith):
    before = read_snapshot(on=ON).plan(vellmark).commitment("I.1.1a").norms
    some = Commitment.objects.get(code="I.1.1a")
    norm = factories.NormFactory()
    link = factories.NormLinkFactory.build(plan=some.plan, commitment=some, norm=norm)
    register(record=link, by=edith)
    linked = read_snapshot(on=ON).plan(vellmark).commitment("I.1.1a").norms
    assert set(linked) == {*before, norm.code}


@FEW
@given(st.lists(STEPS, min_size=2, max_size=8), st.data())
def test_as_known_at_an_entry_equals_what_was_shown_then(vellmark, edith, rana, steps, data):
    with transaction.atomic():
        drafts.source()
        forget()
        shown = [read_snapshot(on=ON)]
        for step in steps:
            take(step, edith, rana)
            shown.append(read_snapshot(on=ON))
        forget()
        for then in data.draw(st.lists(st.sampled_from(shown), min_size=1, max_size=4, unique_by=id)):
            assert differences(read_snapshot(on=ON, known=then.head), then) == []
        transaction.set_rollback(True)
    forget()


def test_amendments_of_one_field_are_laid_back_one_after_another(vellmark, edith, rana):
    shown = []
    for title in ("Taps", "Water", "Pipes"):
        shown.append(read_snapshot())
        promise = Commitment.objects.get(code="I.1.1a")
        row = amend(record=promise, changes={"title": title}, reason="Clearer.", by=edith)
        publish(record=submit(record=row, by=edith), by=rana)
    forget()
    for then in shown:
        assert differences(read_snapshot(known=then.head), then) == []
    call_command("verify_ledger")


def test_only_what_a_publication_touches_is_asked_of_the_method_again(vellmark, edith, rana):
    before = read_snapshot().plan(vellmark)
    drafts.source()
    read_snapshot()
    drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    base = read_snapshot().plan(vellmark)
    drafts.published(drafts.value(88, "2026-06-30"), edith, rana)
    moved = read_snapshot().plan(vellmark)
    assert [c for c in moved.commitments if moved.assessed[c] is not base.assessed[c]] == ["I.1.1a"]
    assert (before.assessed["I.1.1a"].status, moved.assessed["I.1.1a"].status) == ("not_known", "reached")


def test_the_side_of_a_body_is_the_one_that_it_had_then(vellmark, edith, rana):
    drafts.published(drafts.finding("not_kept", "2026-06-30", origin="valley-watch"), edith, rana)
    then = LedgerEntry.objects.head()
    watch = Body.objects.get(code="valley-watch")
    row = amend(
        record=watch, changes={"side": "official", "state": "Vellmark"}, reason="The Chancery pays it.", by=edith
    )
    publish(record=submit(record=row, by=edith), by=rana)
    now, before = (read_snapshot(known=k).plan(vellmark) for k in (None, then))
    assert (before.assessed["I.1.1e"].status, now.assessed["I.1.1e"].status) == ("contested", "not_known")
    assert (before.findings["I.1.1e"][0].side, now.findings["I.1.1e"][0].side) == ("independent", "official")


def test_what_was_registered_later_is_not_there_at_an_earlier_entry(vellmark, adam):
    start = LedgerEntry.objects.head()
    office = Body.objects.get(code="chancery")
    plan = Plan.objects.get()
    chapter = Category(plan=plan, code="III", title="Air", short_title="Air", order=9)
    register(record=chapter, by=adam)
    fields = {"form": "dash", "title": "Air", "order": 99, "category": chapter, "plan": plan}
    register(record=Provision(code="III.1", **fields), by=adam)
    register(record=BeneficiaryGroup(code="shepherds", name="Shepherds"), by=adam)
    days = {
        "published_on": plan.published_on,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "state": plan.state,
    }
    register(record=Plan(code="other", title="Other", short_title="O", publisher=office, **days), by=adam)
    now, then = read_snapshot(), read_snapshot(known=start)
    assert (set(now.plans), set(then.plans)) == ({vellmark, "other"}, {vellmark})
    for part, code in (("categories", "III"), ("provisions", "III.1")):
        assert code in getattr(now.plan(vellmark), part)
        assert code not in getattr(then.plan(vellmark), part)
    assert "shepherds" in now.groups
    assert "shepherds" not in then.groups


@FEW
@given(st.lists(STEPS | REDACTION, min_size=1, max_size=6), st.data())
def test_any_day_and_entry_asked_for_in_any_order_equals_what_is_built_from_nothing(vellmark, edith, rana, steps, data):
    days = st.sampled_from([datetime.date(2023, 6, 30), datetime.date(2025, 12, 31), ON, datetime.date(2027, 1, 1)])
    with transaction.atomic():
        drafts.source()
        forget()
        versions = {(ON, None): None}
        for step in steps:
            take(step, edith, rana)
            head = LedgerEntry.objects.head()
            for _n in range(2):
                versions[data.draw(days), data.draw(st.none() | st.integers(head - 5, head))] = None
            for on, known in versions:
                read_snapshot(on=on, known=known)
        snapshots = {(on, known): read_snapshot(on=on, known=known) for on, known in versions}
        for (on, known), moved in snapshots.items():
            forget()
            assert differences(moved, read_snapshot(on=on, known=known)) == []
        transaction.set_rollback(True)
    forget()
