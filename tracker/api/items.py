"""Everything that the API lists, asked of a snapshot: each item by its key, in a stable order."""

import dataclasses
from functools import wraps
from typing import NamedTuple

from tracker.exports.tables import answering
from tracker.records.registry import PlanRecord
from tracker.snapshot.bitsets import OF_BASELINE


class Item(NamedTuple):
    """A record, and what filters ask of it beside its own fields: the plans, promises and rights that it is about."""

    record: object
    plan: str | None = None  # for its row, where the record does not say it
    about: dict = {}

    def values(self, name):
        """The item's values for a parameter of that name."""
        return self.about[name] if name in self.about else (getattr(self.record, name),)


def kept(make):
    """Make it once for each snapshot and keep it there, as the snapshot keeps its own cached properties."""

    @wraps(make)
    def made(snapshot):
        memory = vars(snapshot)
        name = f"api {make.__name__}"
        if name not in memory:
            memory[name] = make(snapshot)
        return memory[name]

    return made


def _by_code(records):
    return {code: Item(record) for code, record in records.items()}


@kept
def plans(snapshot):
    """Plans by code, in the order of the site."""
    names = [field.name for field in dataclasses.fields(PlanRecord) if field.name != "publisher"]
    return {
        code: Item(PlanRecord(publisher=plan.publisher.code, **{name: getattr(plan, name) for name in names}))
        for code, plan in snapshot.plans.items()
    }


@kept
def metrics(snapshot):
    """Metrics by code."""
    return _by_code(snapshot.metrics)


@kept
def bodies(snapshot):
    """Organisations by code."""
    return _by_code(snapshot.bodies)


@kept
def groups(snapshot):
    """Groups of people by code."""
    return _by_code(snapshot.groups)


@kept
def sources(snapshot):
    """Publications by code."""
    return _by_code(snapshot.sources)


@kept
def categories(snapshot):
    """Chapters and sections by the codes of plan and category."""
    return {(plan.code, code): Item(record) for plan in _plans(snapshot) for code, record in plan.categories.items()}


@kept
def provisions(snapshot):
    """Paragraphs by the codes of plan and paragraph; each is of its right and of those above it."""
    return {
        (plan.code, code): Item(record, about={"category": plan.ancestry[record.category]})
        for plan in _plans(snapshot)
        for code, record in plan.provisions.items()
    }


@kept
def commitments(snapshot):
    """Promises by the codes of plan and promise."""
    return {(plan.code, code): Item(record) for plan in _plans(snapshot) for code, record in plan.commitments.items()}


@kept
def baseline(snapshot):
    """Figures and acts of the baselines by the codes of plan and record, with what the page's filters ask of them."""
    return {
        (plan.code, code): Item(
            record, about={name: of(plan, record) for name, of in OF_BASELINE.items()} | {"q": text}
        )
        for plan in _plans(snapshot)
        for (code, record), text in zip(plan.baseline.items(), plan.baseline_texts, strict=True)
    }


@kept
def instruments(snapshot):
    """Instruments by code; each is of the plans whose promises are linked to it."""
    return {
        code: Item(record, about={"plan": tuple(p.code for p in _plans(snapshot) if code in p.by_instrument)})
        for code, record in snapshot.instruments.items()
    }


@kept
def norms(snapshot):
    """Articles and targets by code, each with the plans and promises that are linked to it."""
    linked = {code: [] for code in snapshot.norms}
    for plan in _plans(snapshot):
        for code, links in plan.by_norm.items():
            linked[code] += links
    return {
        code: Item(
            record,
            about={name: {getattr(link, name) for link in linked[code]} for name in ("plan", "commitment")}
            | {"norm": (code,)},
        )
        for code, record in snapshot.norms.items()
    }


@kept
def adherences(snapshot):
    """How States stand to instruments, by the codes of plan and instrument."""
    return {(plan.code, code): Item(record) for plan in _plans(snapshot) for code, record in plan.adherences.items()}


@kept
def norm_links(snapshot):
    """Links from promises to norms by the codes of plan and link."""
    return {
        (plan.code, link.code): Item(link)
        for plan in _plans(snapshot)
        for links in plan.links.values()
        for link in links
    }


@kept
def updates(snapshot):
    """Updates that count, by log entry; a value is of every promise that its metric answers."""
    found = []
    for metric, rows in snapshot.updates.items():
        answered = snapshot.by_metric[metric]
        about = {"plan": tuple({c.plan for c in answered}), "commitment": tuple({c.code for c in answered})}
        found += [Item(row, None, about) for row in rows]
    for plan in _plans(snapshot):
        for rows in plan.updates.values():
            found += [Item(row, plan.code, {"plan": (plan.code,)}) for row in rows if not row.metric]
    return _by_entry(snapshot, found)


@kept
def assessments(snapshot):
    """Findings that count, by log entry; one on a promise is of the rights that the promise stands under."""
    found = []
    for plan in _plans(snapshot):
        rights = {code: c.category for code, c in plan.commitments.items()}
        for code, rows in plan.findings.items():
            found += [Item(answering(snapshot, row), plan.code, _of_right(plan, rights[code])) for row in rows]
        for code, rows in plan.findings_on.items():
            found += [Item(answering(snapshot, row), plan.code, _of_right(plan, code)) for row in rows]
    return _by_entry(snapshot, found)


@kept
def written(snapshot):
    """Rows of promises as JSON, by the codes of plan and promise: those that were asked for so far."""
    return {}


def _of_right(plan, code):
    return {"plan": (plan.code,), "category": plan.ancestry[code]}


def _plans(snapshot):
    return snapshot.plans.values()


def _by_entry(snapshot, found):
    """Items in the order of the log, without those that speak of a day after the one that was asked for."""
    then = [item for item in found if item.record.as_of <= snapshot.on]
    return {item.record.entry: item for item in sorted(then, key=lambda item: item.record.entry)}
