"""The snapshot after any history: moved forward it is what is built from nothing, and the past stays as it was."""

import datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker import actions, queries
from tracker.models import (
    Assessment,
    BeneficiaryGroup,
    Body,
    Category,
    Commitment,
    LedgerEntry,
    Metric,
    Plan,
    Provision,
    Source,
    Update,
    What,
)
from tracker.tables import plain_row

from . import drafts, factories

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 1)
COMPARED = ("known", "on", "head_hash", "plans", "metrics", "bodies", "groups", "sources", "updates")
FEW = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

DAYS = st.sampled_from(["2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30"])
NUMBERS = st.sampled_from([0, 60, 80, 88, 95])
STEPS = st.one_of(
    st.tuples(st.just("value"), NUMBERS, DAYS),
    st.tuples(st.just("rung"), st.sampled_from(["announced", "drafted", "adopted"]), DAYS),
    st.tuples(st.just("judgement"), st.sampled_from(["done", "in_part", "not_done"]), DAYS),
    st.tuples(st.just("search"), st.booleans(), DAYS),
    st.tuples(st.just("finding"), st.sampled_from(["kept", "not_kept", "notes"]), DAYS),
    st.tuples(st.just("finding on a right"), st.sampled_from(["kept", "not_kept", "notes"]), DAYS),
    st.tuples(st.just("correct"), st.integers(0, 9), NUMBERS),
    st.tuples(st.just("withdraw"), st.integers(0, 9), st.none()),
    st.tuples(st.just("amend"), st.integers(0, 7), st.integers(0, 3)),
    st.tuples(st.just("register"), st.none(), st.none()),
)

AMENDMENTS = (
    (Commitment, "I.1.1a", "title", ["Taps", "Water", "Pipes", "Homes"]),
    (Commitment, "I.1.1a", "target_value", [70, 80, 90, 95]),
    (Commitment, "I.1.1e", "groups", [[], ["children"], ["villagers"], ["children", "villagers"]]),
    (Metric, "village-homes-with-piped-water", "producer", ["office-of-numbers", "chancery", "lake-council", None]),
    (Body, "lake-council", "side", ["un", "independent", "un", "official"]),
    (Metric, "village-homes-with-piped-water", "lag_months", [1, 3, 6, None]),
    (Metric, "water-law", "problems", ["", "Slow.", "Late.", "Rare."]),
    (Source, "village-census-2025", "title", ["Census", "Homes", "Count", "Table"]),
)


def live(chosen):
    """One of the rows that a correction may name, or ``None``."""
    rows = [*Update.objects.live().exclude(what__in=(What.WITHDRAWAL, What.AMENDMENT)).order_by("entry")]
    rows += [*Assessment.objects.live().filter(withdrawn=False).order_by("entry")]
    return rows[chosen % len(rows)] if rows else None


def take(step, edith, rana):
    """Do one step of a history, the whole way to the public."""
    kind, what, when = step

    def public(record):
        return drafts.published(record, edith, rana)

    def reviewed(draft):
        actions.publish(record=actions.submit(record=draft, by=edith), by=rana)

    if kind == "value":
        public(drafts.value(what, when))
    elif kind == "rung":
        public(drafts.rung(what, when))
    elif kind == "judgement":
        public(drafts.judgement(what, when))
    elif kind == "search":
        public(drafts.search(when, withheld=what))
    elif kind == "finding":
        public(drafts.finding(what, when))
    elif kind == "finding on a right":
        public(drafts.finding(what, when, category="I.1"))
    elif kind == "correct" and (row := live(what)):
        changes = {"value": when} if row.__dict__.get("what") == What.VALUE else {"caveat": f"Said {when}."}
        reviewed(actions.correct(published=row, changes=changes, reason="Misread.", by=edith))
    elif kind == "withdraw" and (row := live(what)):
        reviewed(actions.withdraw(published=row, reason="Not so.", by=edith))
    elif kind == "amend":
        model, code, name, values = AMENDMENTS[what]
        record = model.objects.get(code=code)
        if plain_row(record)[name] != (values[when] or None):
            reviewed(actions.amend(record=record, changes={name: values[when]}, reason="Clearer.", by=edith))
    elif kind == "register":
        actions.register(record=factories.BodyFactory.build(), by=edith)


def differences(one, other):
    """Names of the parts in which two snapshots differ; plans by part too."""
    found = [name for name in COMPARED if getattr(one, name) != getattr(other, name)]
    for code in one.plans.keys() & other.plans.keys() if "plans" in found else ():
        here, there = vars(one.plans[code]), vars(other.plans[code])
        found += [f"{code}.{f}" for f in type(one.plans[code]).__dataclass_fields__ if here[f] != there[f]]
    return found


@FEW
@given(st.lists(STEPS, max_size=8))
def test_moved_forward_equals_built_from_nothing(vellmark, edith, rana, steps):
    with transaction.atomic():
        drafts.source(edith)
        queries.forget()
        queries.snapshot(on=ON)
        for step in steps:
            take(step, edith, rana)
            queries.snapshot(on=ON)
        # Each step moved what the step before had moved, so that a slip anywhere would be carried along to here.
        moved = queries.snapshot(on=ON)
        queries.forget()
        built = queries.snapshot(on=ON)
        assert built is not moved
        assert differences(moved, built) == []
        transaction.set_rollback(True)
    queries.forget()


@FEW
@given(st.lists(STEPS, min_size=2, max_size=8), st.data())
def test_as_known_at_an_entry_equals_what_was_shown_then(vellmark, edith, rana, steps, data):
    with transaction.atomic():
        drafts.source(edith)
        queries.forget()
        shown = [queries.snapshot(on=ON)]
        for step in steps:
            take(step, edith, rana)
            shown.append(queries.snapshot(on=ON))
        queries.forget()
        for then in data.draw(st.lists(st.sampled_from(shown), min_size=1, max_size=4, unique_by=id)):
            assert differences(queries.snapshot(on=ON, known=then.head), then) == []
        transaction.set_rollback(True)
    queries.forget()


def test_amendments_of_one_field_are_laid_back_one_after_another(vellmark, edith, rana):
    shown = []
    for title in ("Taps", "Water", "Pipes"):
        shown.append(queries.snapshot())
        promise = Commitment.objects.get(code="I.1.1a")
        row = actions.amend(record=promise, changes={"title": title}, reason="Clearer.", by=edith)
        actions.publish(record=actions.submit(record=row, by=edith), by=rana)
    queries.forget()
    for then in shown:
        assert differences(queries.snapshot(known=then.head), then) == []
    call_command("verify_ledger")


def test_only_what_a_publication_touches_is_asked_of_the_method_again(vellmark, edith, rana):
    before = queries.snapshot().plan(vellmark)
    drafts.source(edith)
    queries.snapshot()
    drafts.published(drafts.value(80, "2025-12-31"), edith, rana)
    base = queries.snapshot().plan(vellmark)
    drafts.published(drafts.value(88, "2026-06-30"), edith, rana)
    moved = queries.snapshot().plan(vellmark)
    assert [c for c in moved.commitments if moved.assessed[c] is not base.assessed[c]] == ["I.1.1a"]
    assert (before.assessed["I.1.1a"].status, moved.assessed["I.1.1a"].status) == ("not_known", "reached")


def test_the_side_of_a_body_is_the_one_that_it_had_then(vellmark, edith, rana):
    drafts.published(drafts.finding("not_kept", "2026-06-30", origin="valley-watch"), edith, rana)
    then = LedgerEntry.objects.head()
    watch = Body.objects.get(code="valley-watch")
    row = actions.amend(record=watch, changes={"side": "official"}, reason="The Chancery pays it.", by=edith)
    actions.publish(record=actions.submit(record=row, by=edith), by=rana)
    now, before = (queries.snapshot(known=k).plan(vellmark) for k in (None, then))
    assert (before.assessed["I.1.1e"].status, now.assessed["I.1.1e"].status) == ("contested", "not_known")
    assert (before.findings["I.1.1e"][0].side, now.findings["I.1.1e"][0].side) == ("independent", "official")


def test_what_was_registered_later_is_not_there_at_an_earlier_entry(vellmark, adam):
    start = LedgerEntry.objects.head()
    office = Body.objects.get(code="chancery")
    plan = Plan.objects.get()
    chapter = Category(plan=plan, code="III", title="Air", short_title="Air", order=9)
    actions.register(record=chapter, by=adam)
    fields = {"form": "dash", "title": "Air", "order": 99, "category": chapter, "plan": plan}
    actions.register(record=Provision(code="III.1", **fields), by=adam)
    actions.register(record=BeneficiaryGroup(code="shepherds", name="Shepherds"), by=adam)
    days = {"published_on": plan.published_on, "starts_on": plan.starts_on, "ends_on": plan.ends_on}
    actions.register(record=Plan(code="other", title="Other", short_title="O", publisher=office, **days), by=adam)
    now, then = queries.snapshot(), queries.snapshot(known=start)
    assert (set(now.plans), set(then.plans)) == ({vellmark, "other"}, {vellmark})
    for part, code in (("categories", "III"), ("provisions", "III.1")):
        assert code in getattr(now.plan(vellmark), part)
        assert code not in getattr(then.plan(vellmark), part)
    assert "shepherds" in now.groups
    assert "shepherds" not in then.groups
