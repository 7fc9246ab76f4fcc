"""Promises by the people whom they are meant for, across chapters; and where their figures hide a group."""

from collections import Counter

from django.urls import reverse

from tracker.snapshot.plan import grouped

from .counts import Count, groups_in, outcome, results
from .evidence import amendments, by_number, finding_list, newest_first, values_of


def people(snapshot, plan):
    """Groups of people, each with how many promises are meant for it; and how many are meant for everyone."""
    total = len(plan.commitments)
    numbers = _figures(snapshot, plan, plan.commitments.values())
    groups = {code: group.name for code, group in snapshot.groups.items()}
    named = grouped(plan.rows, lambda c: c.groups)
    rows = [
        {
            "path": reverse("people-detail", args=[plan.code, code]),
            "title": name,
            "total": len(named[code]),
            "counts": results(named[code]),
        }
        for code, name in groups.items()
        if code in named
    ]
    everyone = [c for c in plan.commitments.values() if not c.groups]
    return {
        "rows": sorted(rows, key=lambda row: -row["total"]),
        "result_groups": groups_in(plan),
        "everyone": Count("everyone", "", len(everyone), total),
        "everyone_results": results(everyone),
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
        "sections": _their_sections(plan, mine),
        "amendments": amendments(snapshot, ("group", code)),
        "with_findings": sum(1 for c in mine if _others_find(snapshot, plan, c)),
    }


def _their_sections(plan, mine):
    """Sections most of whose promises name a group: how many of theirs do, and how many elsewhere."""
    counts = Counter(c.category for c in mine)
    leaves = [c for c in plan.categories.values() if not plan.tree.get(c.code)]
    of = {c.code: len(plan.by_category[c.code]) for c in leaves}
    return [
        {"category": c, "n": counts[c.code], "of": of[c.code], "elsewhere": len(mine) - counts[c.code]}
        for c in leaves
        if 2 * counts[c.code] > of[c.code]
    ]


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
    return finding_list(snapshot, plan, newest_first(f for f in plan.findings[commitment.code] if f.side != "official"))


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
