"""What is not known and why: kinds by right, promises that rest on one origin, figures that are not published."""

from tracker.models import Kind, What
from tracker.wording import labels

from .counts import Count, counts_of, tally
from .evidence import by_number, history, values_of


def gaps(snapshot, plan):
    """What is not known, by right and kind; and what is known from one origin only."""
    commitments = list(plan.commitments.values())
    unknown = [c for c in commitments if c.missing]
    # Promises whose status rests on one origin, each with whose statement that is.
    single = [{"commitment": c, "origin": origin_of(snapshot, plan, c)} for c in commitments if "one_origin" in c.flags]
    single_by_right = [_sides(code, plan, plan.by_category[code], single) for code in plan.categories]
    missing = tally((c.missing for c in unknown), labels.MISSING, len(unknown))
    unseen = [c for c in commitments if c.missing == "nobody_looked"]
    return {
        "total": Count("", "", len(unknown), len(commitments)),
        "missing": missing,
        "rows": _by_right(plan, commitments, {count.value: count.label for count in missing}),
        "single": single,
        "single_by_right": [row for row in single_by_right if row["whole"].n],
        "single_total": _sides("", plan, commitments, single),
        # Promises with evidence that the State does not publish what would decide them, and that evidence.
        "withheld": [
            {"commitment": c, "evidence": evidence}
            for c in commitments
            if (evidence := history(snapshot, [u for u in plan.updates[c.code] if u.withheld], plan))
        ],
        # Promises that a number would answer and no number of its statistic is on record.
        "unmeasured": [
            {"commitment": c, "metric": snapshot.metrics[c.metric], "beside": len(values)}
            for c in commitments
            if by_number(snapshot, c)
            for values in (values_of(snapshot, plan, c),)
            if not any(u.is_usable for u in values)
        ],
        "measured_by_number": sum(1 for c in commitments if by_number(snapshot, c)),
        "to_settle": [c for c in unknown if c.settled_by],
        "unseen": unseen,
        "unseen_by_kind": [
            Count(kind.value, kind.label, sum(1 for c in unseen if c.kind == kind.value), kind.n)
            for kind in counts_of(Kind, plan, "kind")
            if kind.n
        ],
    }


def _by_right(plan, commitments, kinds):
    """A row for the plan and for each chapter and section: how many are not known in each way, of how many."""

    def row(category, mine):
        return {
            "category": category,
            "depth": len(plan.ancestry[category.code]) - 1 if category else 0,
            "cells": tally((c.missing for c in mine), kinds, len(mine), zeros=True),
            "unknown": Count("", "", sum(1 for c in mine if c.missing), len(mine)),
        }

    rows = [row(category, plan.by_category[code]) for code, category in plan.categories.items()]
    return [row(None, commitments), *(each for each in rows if each["unknown"].of)]


def origin_of(snapshot, plan, commitment):
    """Whose statement decides a promise that rests on one origin: for a judgement, who published what it rests on."""
    inputs = plan.assessed[commitment.code].inputs
    rows = (*plan.updates[commitment.code], *plan.findings[commitment.code])
    for row in rows:
        if row.entry in inputs:
            judged = getattr(row, "what", "") == What.JUDGEMENT
            return plan.bodies[snapshot.sources[row.evidence[0].source].publisher if judged else row.origin]
    return None


def _sides(code, plan, mine, single):
    """How many of the known rest on one origin, and on which side those origins stand."""
    codes = {c.code for c in mine}
    sides = [each["origin"].side for each in single if each["commitment"].code in codes]
    known = sum(1 for c in mine if c.group != "not_known")
    return {
        "category": plan.categories.get(code),
        "depth": len(plan.ancestry[code]) - 1 if code else 0,
        "sides": tally(sides, labels.LABELS["side"], known, zeros=True),
        "whole": Count("", "", len(sides), known),
    }
