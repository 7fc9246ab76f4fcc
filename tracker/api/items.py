"""Everything that the API lists: each item by its key, in a stable order. The log is cut in the database."""

import dataclasses
from typing import NamedTuple

from django.utils.translation import gettext as _

from tracker.exports.tables import answering
from tracker.ledger import log
from tracker.records.registry import LedgerRecord, PlanRecord, dictionary, json_value
from tracker.snapshot.plan import NotInRegistry
from tracker.snapshot.snapshot import once_for_a_snapshot


class Item(NamedTuple):
    """A record, and what filters ask of it beside its own fields: the plans, promises and rights that it is about."""

    record: object
    plan: str | None = None  # for its row, where the record does not say it
    about: dict = {}

    def values(self, name):
        """The item's values for a parameter of that name."""
        return self.about[name] if name in self.about else (getattr(self.record, name),)


def _held(name, *, by_plans=False):
    """What lists the records that a snapshot holds under a name, by code; or each of its plans, by plan and code."""

    def listed(snapshot):
        if by_plans:
            plans = snapshot.plans.values()
            return {(plan.code, code): Item(record) for plan in plans for code, record in getattr(plan, name).items()}
        return {code: Item(record) for code, record in getattr(snapshot, name).items()}

    listed.__name__ = name
    return once_for_a_snapshot(listed)


metrics, bodies, groups, sources = map(_held, ("metrics", "bodies", "groups", "sources"))
categories = _held("categories", by_plans=True)
commitments = _held("commitments", by_plans=True)
baseline = _held("baseline", by_plans=True)
adherences = _held("adherences", by_plans=True)


@once_for_a_snapshot
def plans(snapshot):
    """Plans by code, in the order of the site."""
    names = [field.name for field in dataclasses.fields(PlanRecord) if field.name != "publisher"]
    return {
        code: Item(PlanRecord(publisher=plan.publisher.code, **{name: getattr(plan, name) for name in names}))
        for code, plan in snapshot.plans.items()
    }


@once_for_a_snapshot
def provisions(snapshot):
    """Paragraphs by the codes of plan and paragraph; each is of its right and of those above it."""
    return {
        (plan.code, code): Item(record, about={"category": plan.ancestry[record.category]})
        for plan in _plans(snapshot)
        for code, record in plan.provisions.items()
    }


@once_for_a_snapshot
def instruments(snapshot):
    """Instruments by code; each is of the plans whose promises are linked to it."""
    return {
        code: Item(record, about={"plan": tuple(p.code for p in _plans(snapshot) if code in p.by_instrument)})
        for code, record in snapshot.instruments.items()
    }


@once_for_a_snapshot
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


@once_for_a_snapshot
def norm_links(snapshot):
    """Links from promises to norms by the codes of plan and link."""
    return {
        (plan.code, link.code): Item(link)
        for plan in _plans(snapshot)
        for links in plan.links.values()
        for link in links
    }


@once_for_a_snapshot
def updates(snapshot):
    """Updates that count, by log entry; a value is of every promise that its metric answers."""
    items = []
    for metric, rows in snapshot.updates.items():
        answered = snapshot.by_metric[metric]
        about = {"plan": tuple({c.plan for c in answered}), "commitment": tuple({c.code for c in answered})}
        items += [Item(row, None, about) for row in rows]
    for plan in _plans(snapshot):
        for rows in plan.updates.values():
            items += [Item(row, plan.code, {"plan": (plan.code,)}) for row in rows if not row.metric]
    return _by_entry(snapshot, items)


@once_for_a_snapshot
def assessments(snapshot):
    """Findings that count, by log entry; one on a promise is of the rights that the promise stands under."""
    items = []
    for plan in _plans(snapshot):
        rights = {code: c.category for code, c in plan.commitments.items()}
        for code, rows in plan.findings.items():
            items += [Item(answering(snapshot, row), plan.code, _of_right(plan, rights[code])) for row in rows]
        for code, rows in plan.findings_on.items():
            items += [Item(answering(snapshot, row), plan.code, _of_right(plan, code)) for row in rows]
    return _by_entry(snapshot, items)


@once_for_a_snapshot
def written(_snapshot, _name):
    """Rows of a list as JSON, by the codes of plan and row: those that were asked for so far."""
    return {}


def _of_right(plan, code):
    return {"plan": (plan.code,), "category": plan.ancestry[code]}


def _plans(snapshot):
    return snapshot.plans.values()


def _by_entry(snapshot, items):
    """Items in the order of the log, without those that speak of a day after the one that was asked for."""
    then = [item for item in items if item.record.earliest <= snapshot.on]
    return {item.record.entry: item for item in sorted(then, key=lambda item: item.record.entry)}


class Entries:
    """The entries after one, up to another, oldest first. Only what is cut out of them is read."""

    def __init__(self, after, until):
        self.after, self.until = min(after, until), until

    def __len__(self):
        return self.until - self.after

    def __getitem__(self, cut):
        start, stop, _step = cut.indices(len(self))
        return log.Rows(self.until)[self.after + start : self.after + stop]


def ledger(snapshot, after=0):
    """The entries after one, as far as the snapshot knows."""
    return Entries(after, snapshot.known)


def entry(number, known):
    """The row of an entry. Raises ``NotInRegistry``."""
    if not 0 < number <= known:
        words = {"number": number, "last": known}
        raise NotInRegistry(_("The log has no entry %(number)s; its last is %(last)s.") % words)
    (row,) = log.Rows(known)[number - 1 : number]
    return row


def row_of_entry(row):
    """An entry with every key in every row, and blanks as null."""
    return {name: json_value(row.get(name, "")) for name in dictionary(LedgerRecord)}
