"""Random histories of the invented country: each step goes the whole way to the public, through the actions."""

from hypothesis import strategies as st

from tracker.actions.changes import amend, correct, withdraw
from tracker.actions.progress import publish, submit
from tracker.actions.registry import reorder
from tracker.models import (
    Adherence,
    Assessment,
    BaselineFigure,
    BaselinePassage,
    BeneficiaryGroup,
    Body,
    Category,
    Commitment,
    Instrument,
    Metric,
    Norm,
    NormLink,
    Plan,
    Provision,
    Source,
    Update,
    What,
)
from tracker.schema import plain_row

from . import drafts, factories
from .drafts import redact
from .registering import register

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
    st.tuples(st.just("amend"), st.integers(0, 22), st.integers(0, 3)),
    st.tuples(st.just("reorder"), st.integers(0, 6), st.integers(0, 90)),
    st.tuples(st.just("register"), st.none(), st.none()),
)
# It changes what the past shows as well, on purpose: what could harm somebody is gone from every day.
REDACTION = st.tuples(st.just("redact"), st.integers(0, 9), st.none())

LADDER = ["repealed", "announced", "drafted", "adopted", "in force"]
AMENDMENTS = (
    (Commitment, "I.1.1a", "title", ["Taps", "Water", "Pipes", "Homes"]),
    (Commitment, "I.1.1a", "target_value", [70, 80, 90, 95]),
    (Commitment, "I.1.1e", "groups", [[], ["children"], ["villagers"], ["children", "villagers"]]),
    (Metric, "village-homes-with-piped-water", "producer", ["office-of-numbers", "chancery", "lake-council", None]),
    (Body, "lake-council", "side", ["un", "independent", "un", "official"]),
    (Metric, "village-homes-with-piped-water", "lag_months", [1, 3, 6, None]),
    (Metric, "water-law", "problems", ["", "Slow.", "Late.", "Rare."]),
    (Source, "village-census-2025", "title", ["Census", "Homes", "Count", "Table"]),
    (Metric, "water-law", "rungs", [[*LADDER[:last], "in use", *LADDER[last:]] for last in (2, 3, 4, 5)]),
    (Plan, "vellmark-2030", "published_on", ["2026-02-03", "2026-05-01", "2026-07-01", "2026-10-01"]),
    (Plan, "vellmark-2030", "starts_on", ["2026-01-01", "2025-12-01", "2025-06-01", "2025-01-01"]),
    (Category, "I.1", "title", ["Water", "Wells", "Lakes", "Rain"]),
    (Category, "I.2", "parent", ["I", None, "I", None]),
    (Provision, "I.1.1", "category", ["I.1", "I.2", "I", "II"]),
    (Provision, "I.1.1", "other_figures", [["1998: a charter"], [], ["2020: a year"], ["7: a name"]]),
    (BeneficiaryGroup, "villagers", "name", ["Villagers", "People in villages", "Shepherds", "Farmers"]),
    (Instrument, "LAKES", "title", ["Treaty", "Pact", "Accord", "Charter"]),
    (Norm, "LAKES-3", "title", ["Water", "Clean water", "Wells", "Rain"]),
    (NormLink, "I.1.1a-LAKES-3", "rationale", ["Pipes.", "Taps.", "Wells.", "Rain."]),
    (Adherence, "LAKES", "participation", ["party", "signed", "none", "party"]),
    (BaselineFigure, "wells-in-use-2025", "value", ["37", "400", "1037", "0"]),
    (BaselineFigure, "wells-in-use-2025", "commitments", [[], ["I.1.1a"], ["I.1.1b", "II.1a"], ["I.1.1b"]]),
    (BaselinePassage, "I.1", "other_figures", [["1: a name"], ["2: a year"], ["3: a law"], ["4: a lake"]]),
)
ORDERED = (Category, Provision, Commitment, BaselineFigure, BaselinePassage, Adherence, NormLink)


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
    kind, choice, when = step
    if kind in DRAFTED:
        drafts.published(DRAFTED[kind](choice, when), edith, rana)
    elif kind == "register":
        register(record=factories.BodyFactory.build(), by=edith)
    elif kind == "reorder":
        rows = list(ORDERED[choice].objects.order_by("order"))
        # A right stands behind the one above it, so that the last of all goes anywhere behind the chapters.
        reorder(places={rows[-1]: rows[-1].order + when} if choice == 0 else {rows[when % len(rows)]: when}, by=edith)
    elif kind == "redact":
        if (row := live(choice)) and not row.redacted_by_id:
            redact(record=row, reason="It named a village.", by=rana)
    elif (draft := _change(kind, choice, when, edith)) is not None:
        publish(record=submit(record=draft, by=edith), by=rana)


def _change(kind, choice, when, edith):
    """The draft that changes something public; none where there is nothing to change."""
    if kind == "amend":
        model, code, name, values = AMENDMENTS[choice]
        record = model.objects.get(code=code)
        changed = plain_row(record)[name] != (values[when] or None)
        return amend(record=record, changes={name: values[when]}, reason="Clearer.", by=edith) if changed else None
    row = live(choice)
    if row is None or (kind == "correct" and row.redacted_by_id):
        return None
    if kind == "withdraw":
        return withdraw(published=row, reason="Not so.", by=edith)
    changes = {"value": when} if row.__dict__.get("what") == What.VALUE else {"caveat": f"Said {when}."}
    return correct(published=row, changes=changes, reason="Misread.", by=edith)
