"""A promise whose time is over, in an invented plan of 2021 to 2025, and published figures for its number."""

import datetime

from tracker.actions.progress import publish_all
from tracker.models import Body, Rule, Update

from . import drafts, factories

PLAN = "past-plan"


def promise(provision=None, **fields):
    """A promise of that plan, by default to reach 88 percent by the end of 2025; ``nature`` is that of its number."""
    fields = {"code": "C.1a", "deadline": datetime.date(2025, 12, 31)} | fields
    nature = fields.pop("nature", "stock")
    if provision is None:
        plan = factories.PlanFactory(
            code=PLAN,
            starts_on=datetime.date(2021, 1, 1),
            ends_on=datetime.date(2025, 12, 31),
            published_on=datetime.date(2021, 9, 1),
        )
        provision = factories.ProvisionFactory(category__plan=plan, category__code="C", code="C.1")
    return factories.CommitmentFactory(provision=provision, metric__nature=nature, **fields)


def figures(commitment, rows, by, reviewer):
    """Publish figures for a promise's number: (number, day, other fields of an update); the rows."""
    records = []
    for number, as_of, more in rows:
        origin = Body.objects.get(code=more.pop("origin", "office-of-numbers"))
        fields = {"bound": "exact", "fits": "same", "how": "reported", "summary": "Counted."} | more
        if "starts_on" in fields:
            fields["starts_on"] = drafts.day(fields["starts_on"])
        update = Update(
            what="value", metric=commitment.metric, value=number, as_of=drafts.day(as_of), origin=origin, **fields
        )
        records.append((update, drafts.evidence()))
    publish_all(records=records, by=by, reviewer=reviewer)
    return [update for update, _evidence in records]


def of_year(number, year, **more):
    """A figure of a whole year."""
    return number, f"{year}-12-31", {"starts_on": f"{year}-01-01", **more}


def at_end(number, year, **more):
    """A figure of the last day of a year."""
    return number, f"{year}-12-31", more


def kinds(by, reviewer):
    """One promise of each rule that a number answers, each with figures, in one paragraph: codes by what is special."""
    first = promise()
    hold = {"rule": Rule.HOLD, "comparator": "<", "target_value": "5.5", "nature": "average"}
    total = {"rule": Rule.TOTAL, "target_value": 15, "comparator": "≈", "tolerance": "1.5", "nature": "flow"}
    change = {"rule": Rule.CHANGE, "comparator": "≤", "target_value": -20, "base_date": datetime.date(2015, 12, 31)}
    fall = {"rule": Rule.DIRECTION, "kind": "aim", "comparator": "<", "target_value": None}
    rates = (of_year("5.1", 2021), of_year("5.6", 2022), of_year("5.2", 2023), of_year("5.1", 2025))
    bounds = [at_end(60, 2021, bound=bound) for bound in ("at_least", "less_than", "about")]
    elsewhere = [at_end(70, 2022, fits="other", origin="valley-watch"), at_end(71, 2023, origin="lake-council")]
    promises = {"reach": first}
    for letter, name, fields in (
        ("b", "hold", hold),
        ("c", "total", total),
        ("d", "change", change),
        ("e", "direction", fall),
        ("f", "bounds", {}),
        ("g", "one value", {}),
    ):
        promises[name] = promise(first.provision, code=f"C.1{letter}", **fields)
    rows = {
        "reach": (at_end(80, 2020), at_end(84, 2022), at_end(86, 2023, fits="near"), at_end(91, 2025)),
        "hold": rates,
        "total": (of_year(4, 2021), of_year(5, 2022), of_year(6, 2024)),
        "change": (at_end("18.5", 2015), at_end(15, 2023)),
        "direction": (at_end(53, 2020), at_end(40, 2024)),
        "bounds": (*bounds, *elsewhere),
        "one value": (at_end(0, 2022),),
    }
    for name, values in rows.items():
        figures(promises[name], values, by, reviewer)
    return {name: commitment.code for name, commitment in promises.items()}
