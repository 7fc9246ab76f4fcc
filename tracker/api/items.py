"""Everything that the API lists: each item by its key, in the order of the files. The log is cut in the database."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from tracker.exports.tables import TABLES
from tracker.ledger import log
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


@once_for_a_snapshot
def items_of(snapshot, name):
    """Every item of a table by its key, in the order of the table's file."""
    table = TABLES[name]
    about = ABOUT[name](snapshot) if name in ABOUT else lambda _record, _plan: {}
    items = {}
    for each in table.records(snapshot):
        before, record = each if table.before else ({}, each)
        # A row of the log counts from the day on that it speaks of.
        if not table.before or record.as_of <= snapshot.on:
            key = tuple(getattr(record, part) for part in table.primary)
            items[key] = Item(record, before.get("plan"), about(record, before.get("plan")))
    return items


def _of_provisions(snapshot):
    """Paragraphs are of their right and of those above it."""
    return lambda record, _plan: {"category": snapshot.plans[record.plan].ancestry[record.category]}


def _of_instruments(snapshot):
    """Instruments are of the plans whose promises are linked to them."""
    plans = snapshot.plans.values()
    return lambda record, _plan: {"plan": tuple(plan.code for plan in plans if record.code in plan.by_instrument)}


def _of_norms(snapshot):
    """Articles and targets are of the plans and promises that are linked to them."""

    def about(record, _plan):
        links = [link for plan in snapshot.plans.values() for link in plan.by_norm.get(record.code, ())]
        linked = {name: {getattr(link, name) for link in links} for name in ("plan", "commitment")}
        return linked | {"norm": (record.code,)}

    return about


def _of_updates(snapshot):
    """A value is of every promise that its metric answers."""
    answered = {
        metric: {"plan": {c.plan for c in promises}, "commitment": {c.code for c in promises}}
        for metric, promises in ((metric, snapshot.by_metric[metric]) for metric in snapshot.updates)
    }
    return lambda record, plan: answered[record.metric] if record.metric else {"plan": (plan,)}


def _of_assessments(snapshot):
    """A finding on a promise is of the rights that the promise stands under."""

    def about(record, code):
        plan = snapshot.plans[code]
        right = plan.commitments[record.commitment].category if record.commitment else record.category
        return {"plan": (code,), "category": plan.ancestry[right]}

    return about


ABOUT = {
    "provisions": _of_provisions,
    "instruments": _of_instruments,
    "norms": _of_norms,
    "updates": _of_updates,
    "assessments": _of_assessments,
}


@once_for_a_snapshot
def written(_snapshot, _name):
    """Rows of a list as JSON, by the codes of plan and row: those that were asked for so far."""
    return {}


class Entries:
    """The entries after one, up to another, oldest first. Only what is cut out of them is read."""

    def __init__(self, after, until):
        self.after, self.until = min(after, until), until

    def __len__(self):
        return self.until - self.after

    def __getitem__(self, cut):
        start, stop, _step = cut.indices(len(self))
        return log.Rows(self.until)[self.after + start : self.after + stop]


def entry(number, known):
    """The row of an entry. Raises ``NotInRegistry``."""
    if not 0 < number <= known:
        words = {"number": number, "last": known}
        raise NotInRegistry(_("The log has no entry %(number)s; its last is %(last)s.") % words)
    (row,) = log.Rows(known)[number - 1 : number]
    return row
