"""Random histories of the invented country: each step goes the whole way to the public, through the actions."""

from hypothesis import strategies as st

from tracker.actions.changes import amend, correct, redact, withdraw
from tracker.actions.progress import publish, submit
from tracker.actions.registry import register
from tracker.models import Assessment, Body, Commitment, Metric, Source, Update, What
from tracker.schema import plain_row

from . import drafts, factories

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
# It changes what the past shows as well, on purpose: what could harm somebody is gone from every day.
REDACTION = st.tuples(st.just("redact"), st.integers(0, 9), st.none())

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


DRAFTED = {
    "value": drafts.value,
    "rung": drafts.rung,
    "judgement": drafts.judgement,
    "search": lambda withheld, when: drafts.search(when, withheld=withheld),
    "finding": drafts.finding,
    "finding on a right": lambda says, when: drafts.finding(says, when, category="I.1"),
}


def take(step, edith, rana):
    """Do one step of a history, the whole way to the public."""
    kind, what, when = step
    if kind in DRAFTED:
        drafts.published(DRAFTED[kind](what, when), edith, rana)
    elif kind == "register":
        register(record=factories.BodyFactory.build(), by=edith)
    elif kind == "redact":
        if (row := live(what)) and not row.redacted_by_id:
            redact(record=row, reason="It named a village.", by=rana)
    elif (draft := _change(kind, what, when, edith)) is not None:
        publish(record=submit(record=draft, by=edith), by=rana)


def _change(kind, what, when, edith):
    """The draft that changes something public; none where there is nothing to change."""
    if kind == "amend":
        model, code, name, values = AMENDMENTS[what]
        record = model.objects.get(code=code)
        changed = plain_row(record)[name] != (values[when] or None)
        return amend(record=record, changes={name: values[when]}, reason="Clearer.", by=edith) if changed else None
    row = live(what)
    if row is None or (kind == "correct" and row.redacted_by_id):
        return None
    if kind == "withdraw":
        return withdraw(published=row, reason="Not so.", by=edith)
    changes = {"value": when} if row.__dict__.get("what") == What.VALUE else {"caveat": f"Said {when}."}
    return correct(published=row, changes=changes, reason="Misread.", by=edith)
