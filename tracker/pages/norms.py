"""What the pages of norms show: instruments, their articles and targets, and the promises that are linked to them.

Links are this site's own. Nothing here computes whether an article is respected.
"""

import dataclasses

from django.utils.translation import gettext_lazy as _

from tracker.models import InstrumentKind, Kind
from tracker.records.registry import neighbours
from tracker.wording import labels

from .counts import Count, outcome, tally
from .evidence import amendments, finding_list, newest_first
from .recommendations import about_norm

KINDS = {
    InstrumentKind.TREATY: _("Treaties"),
    InstrumentKind.GOALS: _("Development goals"),
    InstrumentKind.MECHANISM: _("Review mechanisms"),
}


def norms(snapshot):
    """Instruments by kind, each with who reviews it, who takes part and how many promises are linked to it."""
    return {
        "several": len(snapshot.plans) > 1,
        "linked": [
            Count(plan.path, plan.short_title, sum(1 for links in plan.links.values() if links), len(plan.links))
            for plan in snapshot.plans.values()
        ],
        "links": sum(len(links) for plan in snapshot.plans.values() for links in plan.links.values()),
        "kinds": [
            {"kind": kind, "label": label, "instruments": [_instrument(snapshot, i) for i in instruments]}
            for kind, label in KINDS.items()
            if (instruments := [i for i in snapshot.instruments.values() if i.kind == kind])
        ],
    }


def _instrument(snapshot, instrument):
    return {
        "instrument": instrument,
        "body": snapshot.bodies.get(instrument.body),
        "norms": len(snapshot.norms_of[instrument.code]),
        "plans": [_standing(snapshot, plan, instrument.code) for plan in snapshot.plans.values()],
    }


def _standing(snapshot, plan, code):
    """How the State that made a plan stands to an instrument, and how many of the plan's promises are linked to it."""
    adherence = plan.adherences.get(code)
    return {
        "plan": plan,
        "adherence": adherence,
        "source": snapshot.sources.get(adherence.source) if adherence else None,
        "count": Count(code, plan.short_title, len(plan.by_instrument.get(code, ())), len(plan.commitments)),
    }


def instrument(snapshot, code):
    """One instrument: who takes part, its articles with what became of the promises, what its body finds."""
    instrument = snapshot.instrument(code)
    return {
        **_instrument(snapshot, instrument),
        "amendments": amendments(
            snapshot, ("instrument", code), *(("adherence", plan, code) for plan in snapshot.plans)
        ),
        "several": len(snapshot.plans) > 1,
        "tables": [_table(snapshot, plan, code) for plan in snapshot.plans.values() if code in plan.by_instrument],
        "statements": found_by(snapshot, instrument.body),
    }


def _table(snapshot, plan, code):
    """Articles of an instrument with the promises of a plan by groups of statuses; those that occur stand across."""
    mine = plan.by_instrument[code]
    across = {group: label for group, label in labels.GROUPS.items() if any(c.group == group for c in mine)}
    rows = (_row(plan, norm, norm.code, linked_to(plan, norm.code), across) for norm in snapshot.norms_of[code])
    return {"plan": plan, "groups": list(across.items()), "rows": [_row(plan, None, code, mine, across), *rows]}


def _row(plan, norm, code, commitments, across):
    address = f"{plan.explorer_path}?norm={code}"
    counts = tally((c.group for c in commitments), across, 0, zeros=True)
    return {
        "norm": norm,
        "cells": [dataclasses.replace(count, value=f"{address}&group={count.value}") for count in counts],
        "count": Count(address, "", len(commitments), len(plan.commitments)),
    }


def linked_to(plan, code):
    """Promises of a plan that are linked to a norm, in the plan's order."""
    return [plan.commitments[link.commitment] for link in plan.by_norm.get(code, ())]


def norm(snapshot, instrument, number):
    """One article or target: the promises linked to it and why, and what the instrument's body finds on them."""
    norm = snapshot.norm(instrument, number)
    instrument = snapshot.instrument(instrument)
    before, after = neighbours({each.code: each for each in snapshot.norms_of[instrument.code]}, norm.code)
    return {
        "norm": norm,
        "instrument": instrument,
        "body": snapshot.bodies.get(instrument.body),
        "several": len(snapshot.plans) > 1,
        "plans": [
            {
                "plan": plan,
                "count": Count(norm.code, plan.short_title, len(commitments), len(plan.commitments)),
                "outcome": outcome(commitments),
                "rows": [{"link": link, "c": plan.commitments[link.commitment]} for link in plan.by_norm[norm.code]],
            }
            for plan in snapshot.plans.values()
            if (commitments := linked_to(plan, norm.code))
        ],
        "statements": found_by(snapshot, instrument.body, norm.code),
        "recommended": about_norm(snapshot, norm.code),
        "amendments": amendments(snapshot, ("norm", norm.code)),
        "before": before,
        "after": after,
    }


def found_by(snapshot, body, norm=None, plans=None):
    """Findings of a body in evidence, by the right or promise that each is about, in the order of each plan.

    With a norm, only those on promises that are linked to it, and on the rights that these stand directly under;
    with plans, only those on them.
    """
    places = []
    for plan in (plans or snapshot.plans.values()) if body else ():
        promises, rights = plan.commitments, plan.categories
        if norm is not None:
            promises = {c.code: c for c in linked_to(plan, norm)}
            rights = {c.category: plan.categories[c.category] for c in promises.values() if c.category}
        for records, findings in ((rights, plan.findings_on), (promises, plan.findings)):
            for code, about in records.items():
                rows = newest_first(f for f in findings.get(code, ()) if f.origin == body)
                if listed := finding_list(snapshot, plan, rows):
                    places.append({"about": about, "right": records is rights, "findings": listed})
    return {"total": sum(len(each["findings"]) for each in places), "places": places}


def rests_on(snapshot, plan, commitment):
    """What a promise is linked to and why; for a promise to report, the bodies that it concerns and what they find."""
    links = [
        {
            "link": link,
            "norm": snapshot.norms[link.norm],
            "instrument": snapshot.instruments[link.instrument],
            "standing": _standing(snapshot, plan, link.instrument),
        }
        for link in plan.links[commitment.code]
    ]
    concerned = {}
    if commitment.kind == Kind.REPORTING:
        for each in links:
            if each["instrument"].body:
                concerned.setdefault(each["instrument"].body, each["instrument"])
    return {
        "links": links,
        "concerns": [
            {
                "body": plan.bodies[code],
                "instrument": instrument,
                "statements": found_by(snapshot, code, plans=[plan]),
            }
            for code, instrument in concerned.items()
        ],
    }
