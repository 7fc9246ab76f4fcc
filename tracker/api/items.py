"""Everything that the API lists: each item by its key, in the order of the files."""

from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from tracker.exports.tables import TABLES
from tracker.ledger import log
from tracker.records.baseline import NO_REPLY
from tracker.snapshot.plan import NotInRegistry
from tracker.snapshot.snapshot import once_for_a_snapshot


class Item(NamedTuple):
    """A record, and what filters ask of it beside its own fields: the plans, promises and rights that it is about."""

    record: object
    plan: str | None = None  # for its row, where the record does not say it
    about: dict = {}

    def values(self, name):
        return self.about[name] if name in self.about else (getattr(self.record, name),)


class Items:
    """The items of many records. Only those that are cut out are made."""

    def __init__(self, records):
        self.records = records

    def __len__(self):
        return len(self.records)

    def __getitem__(self, cut):
        return [Item(record) for record in self.records[cut]]


@once_for_a_snapshot
def items_of(snapshot, name):
    """Every item of a table by its key, in the order of the table's file."""
    table = TABLES[name]
    about, items = _about(snapshot, name), {}
    for each in table.records(snapshot):
        before, record = each if table.before else ({}, each)
        # A row of the log counts from the day on that it speaks of.
        if not table.before or record.earliest <= snapshot.on:
            key = tuple(getattr(record, part) for part in table.primary)
            items[key] = Item(record, before.get("plan"), about(record, before.get("plan")))
    return items


def _about(snapshot, name):
    """What filters ask of the records of a table beside their own fields: a function of a record and its plan."""
    plans = snapshot.plans

    def linked(by, code):  # norms and recommendations are of the plans and promises that are linked to them
        links = [link for plan in plans.values() for link in getattr(plan, by).get(code, ())]
        return {name: {getattr(link, name) for link in links} for name in ("plan", "commitment")}

    def of_recommendation(record, _plan):
        own = {"norm": record.norms, "reply": (record.reply or NO_REPLY,)}
        return linked("by_recommendation", record.code) | own

    @cache
    def of_metric(code):  # a value is of every promise that its metric answers
        promises = snapshot.by_metric[code]
        return {"plan": {c.plan for c in promises}, "commitment": {c.code for c in promises}}

    def of_assessment(record, code):  # a finding on a promise is of the rights that the promise stands under
        plan = plans[code]
        right = plan.commitments[record.commitment].category if record.commitment else record.category
        return {"plan": (code,), "category": plan.ancestry[right]}

    return {
        # Paragraphs are of their right and of those above it, instruments of the plans whose promises name them.
        "provisions": lambda record, _plan: {"category": plans[record.plan].ancestry[record.category]},
        "instruments": lambda record, _plan: {
            "plan": tuple(plan.code for plan in plans.values() if record.code in plan.by_instrument)
        },
        "norms": lambda record, _plan: linked("by_norm", record.code) | {"norm": (record.code,)},
        "recommendations": of_recommendation,
        "updates": lambda record, plan: of_metric(record.metric) if record.metric else {"plan": (plan,)},
        "assessments": of_assessment,
    }.get(name, lambda _record, _plan: {})


@once_for_a_snapshot
def rows_as_json(_snapshot, _name):
    """Rows of a list as JSON, by the codes of plan and row: those that were asked for so far."""
    return {}


def entry(number, known):
    """The row of an entry. Raises ``NotInRegistry``."""
    if not 0 < number <= known:
        words = {"number": number, "last": known}
        raise NotInRegistry(_("The log has no entry %(number)s; its last is %(last)s.") % words)
    (row,) = log.Rows(known)[number - 1 : number]
    return row
