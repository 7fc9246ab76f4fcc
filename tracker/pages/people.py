"""Promises by the people whom they are meant for, across chapters; and where their figures hide a group."""

from collections import Counter

from tracker.models import Shape, What

from .counts import Count, outcome
from .evidence import finding_list


def people(snapshot, plan):
    """Groups of people, each with how many promises are meant for it; and how many are meant for everyone."""
    total = len(plan.commitments)
    meant = Counter(code for c in plan.commitments.values() for code in c.groups)
    numbers = [_figures(snapshot, plan, c) for c in plan.commitments.values()]
    numbers = [each for each in numbers if each]
    counts = [Count(g.code, g.name, meant[g.code], total) for g in snapshot.groups.values() if meant[g.code]]
    return {
        "snapshot": snapshot,
        "plan": plan,
        "counts": sorted(counts, key=lambda count: -count.n),
        "everyone": Count("everyone", "", sum(1 for c in plan.commitments.values() if not c.groups), total),
        "broken_down": Count("", "", sum(1 for each in numbers if each["apart"]), len(numbers)),
        "without": sum(1 for each in numbers if not each["values"]),
    }


def people_group(snapshot, plan, code):
    """One group of people: what became of the promises meant for it, by right, and what its figures can show."""
    group = snapshot.group(code)
    mine = [c for c in plan.commitments.values() if code in c.groups]
    numbers = [each for c in mine if (each := _figures(snapshot, plan, c))]
    return {
        "snapshot": snapshot,
        "plan": plan,
        "group": group,
        "of": Count(code, "", len(mine), len(plan.commitments)),
        "outcome": outcome(plan, mine),
        "rights": _by_right(snapshot, plan, mine),
        "figures": numbers,
        "apart": sum(1 for each in numbers if each["apart"]),
        "without": sum(1 for each in numbers if not each["values"]),
        "found": sum(1 for c in mine if _found(snapshot, plan, c)),
    }


def _by_right(snapshot, plan, mine):
    """Promises under the right that each stands under, in the plan's order, with what UN bodies and others find."""
    rights = {}
    for c in mine:
        rights.setdefault(c.category, []).append(c)
    return [
        {
            "category": plan.categories.get(code),
            "rows": [{"commitment": c, "findings": _found(snapshot, plan, c)} for c in commitments],
        }
        for code, commitments in rights.items()
    ]


def _found(snapshot, plan, commitment):
    """Findings of UN bodies and of others on a promise, newest first."""
    rows = [f for f in plan.findings[commitment.code] if f.side != "official"]
    return finding_list(snapshot, sorted(rows, key=lambda f: (f.as_of, f.entry), reverse=True))


def _figures(snapshot, plan, commitment):
    """What is on record for a promise that a number answers, and which of it speaks of a place or group apart.

    ``None`` where no number answers it. It says what is on record here, not what has been published anywhere.
    """
    metric = snapshot.metrics.get(commitment.metric)
    if metric is None or metric.shape != Shape.NUMBER:
        return None
    values = [u for u in plan.updates[commitment.code] if u.what == What.VALUE and u.as_of <= snapshot.on]
    return {
        "commitment": commitment,
        "metric": metric,
        "values": values,
        "apart": [u for u in values if u.scope],
        "scopes": sorted({u.scope for u in values if u.scope}),
    }
