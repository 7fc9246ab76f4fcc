"""Promises by the people whom they are meant for, across chapters; and where their figures hide a group."""

from tracker.snapshot.plan import grouped

from .counts import Count, outcome, tally
from .evidence import by_number, finding_list, newest_first, values_of


def people(snapshot, plan):
    """Groups of people, each with how many promises are meant for it; and how many are meant for everyone."""
    total = len(plan.commitments)
    numbers = _figures(snapshot, plan, plan.commitments.values())
    groups = {code: group.name for code, group in snapshot.groups.items()}
    counts = tally((code for c in plan.rows for code in c.groups), groups, total)
    return {
        "counts": sorted(counts, key=lambda count: -count.n),
        "everyone": Count("everyone", "", sum(1 for c in plan.commitments.values() if not c.groups), total),
        "broken_down": Count("", "", sum(1 for each in numbers if each["apart"]), len(numbers)),
        "without": sum(1 for each in numbers if not each["values"]),
    }


def people_group(snapshot, plan, code):
    """One group of people: what became of the promises meant for it, by right, and what its figures can show."""
    group = snapshot.group(code)
    mine = [c for c in plan.commitments.values() if code in c.groups]
    numbers = _figures(snapshot, plan, mine)
    return {
        "group": group,
        "of": Count(code, "", len(mine), len(plan.commitments)),
        "outcome": outcome(mine),
        "rights": _by_right(snapshot, plan, mine),
        "figures": numbers,
        "apart": sum(1 for each in numbers if each["apart"]),
        "without": sum(1 for each in numbers if not each["values"]),
        "found": sum(1 for c in mine if _others_find(snapshot, plan, c)),
    }


def _by_right(snapshot, plan, mine):
    """Promises under the right that each stands under, in the plan's order, with what UN bodies and others find."""
    rights = grouped(mine, lambda c: (c.category,))
    return [
        {
            "category": plan.categories.get(code),
            "rows": [{"commitment": c, "findings": _others_find(snapshot, plan, c)} for c in commitments],
        }
        for code, commitments in rights.items()
    ]


def _others_find(snapshot, plan, commitment):
    """Findings of UN bodies and of others on a promise, newest first."""
    return finding_list(snapshot, newest_first(f for f in plan.findings[commitment.code] if f.side != "official"))


def _figures(snapshot, plan, commitments):
    """What is on record for promises that a number answers, and which of it speaks of a place or group apart.

    It says what is on record here, not what has been published anywhere.
    """
    return [
        {
            "commitment": c,
            "metric": snapshot.metrics[c.metric],
            "values": values,
            "apart": [u for u in values if u.scope],
            "scopes": sorted({u.scope for u in values if u.scope}),
        }
        for c in commitments
        if by_number(snapshot, c)
        for values in (values_of(snapshot, plan, c),)
    ]
