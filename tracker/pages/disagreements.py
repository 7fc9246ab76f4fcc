"""Where accounts of a promise differ: what this site finds, what the State, UN bodies and others say."""

import dataclasses

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import labels
from tracker.models import What

from .counts import Count

AGAINST = ("not_kept", "partly")  # as the method reads a finding against a promise
SAME_AS = {"not_kept": "not_kept", "partly": "in_part"}  # what this site finds, in the words of a finding
# Named groups in order; a promise can stand in several.
DIFFERENCES = {
    "no_data": gettext_lazy("Claimed kept, and nothing on record decides it"),
    "data_differ": gettext_lazy("Claimed kept, and what is on record shows otherwise"),
    "contested": gettext_lazy("A UN body or others find against it"),
    "sources_differ": gettext_lazy("Sources give different figures"),
}


@dataclasses.dataclass(frozen=True)
class Account:
    """What one side says of a promise: sign and word, and its newest statement, where there is one."""

    side: str
    label: str
    sign: str
    word: str
    row: object
    origin: object


def disagreements(snapshot, plan, category=None):
    """Promises whose accounts differ, in named groups, each with the accounts side by side."""
    commitments = plan.by_category[category.code] if category else list(plan.commitments.values())
    found = {c.code: differences(plan, c, snapshot.on) for c in commitments}
    differing = [c for c in commitments if found[c.code]]
    accounts = {c.code: accounts_of(snapshot, plan, c) for c in differing}
    return {
        "snapshot": snapshot,
        "plan": plan,
        "category": category,
        "total": Count("", "", len(differing), len(commitments)),
        "several": sum(1 for c in differing if len(found[c.code]) > 1),
        "groups": [
            {
                "value": value,
                "label": label,
                "of": len(commitments),
                "rows": [
                    {
                        "commitment": c,
                        "accounts": accounts[c.code],
                        "figures": differing_figures(snapshot, plan, c) if value == "sources_differ" else (),
                        "also": [(each, DIFFERENCES[each]) for each in found[c.code] if each != value],
                    }
                    for c in differing
                    if value in found[c.code]
                ],
            }
            for value, label in DIFFERENCES.items()
        ],
        "claimed_in_part": sum(1 for c in commitments if c.missing == "claimed_only" and c.official_says == "partly"),
    }


def differences(plan, commitment, on):
    """The groups of disagreements that a promise stands in as of a day.

    A claim or a finding from before the plan began speaks of something else, as in the method. A finding against a
    promise is no disagreement where this site finds the same and the State does not claim it kept.
    """
    said = [f for f in plan.findings[commitment.code] if plan.starts_on <= f.as_of <= on]
    claimed = any(f.side == "official" and f.says == "kept" for f in said)
    against = [f for f in said if f.side != "official" and f.says in AGAINST]
    group = commitment.group
    found = []
    if claimed and (group == "not_known" or (group == "running" and commitment.status != "reached")):
        found.append("no_data")
    if claimed and (group in ("in_part", "not_kept") or commitment.status in ("unchanged", "moved_away")):
        found.append("data_differ")
    if against and (claimed or any(SAME_AS[f.says] != group for f in against)):
        found.append("contested")
    if "sources_differ" in commitment.flags or commitment.missing == "sources_disagree":
        found.append("sources_differ")
    return found


def accounts_of(snapshot, plan, commitment):
    """The four accounts of a promise, each with its newest statement."""
    own = _newest_of_site(snapshot, plan, commitment)
    duty = commitment.rule == "uphold"  # this site reports who found what, and gives no verdict
    found = [
        Account(
            side="site",
            label=_("This site finds"),
            sign="" if duty else labels.status_sign(commitment),
            word=_("no verdict of its own") if duty else labels.status(commitment),
            row=own,
            origin=snapshot.bodies.get(own.origin) if own else None,
        )
    ]
    for side in ("official", "un", "independent"):
        says = getattr(commitment, f"{side}_says")
        row = _newest_of_side(plan, commitment, side, says, snapshot.on)
        origin = snapshot.bodies.get(row.origin) if row else None
        found.append(Account(side, labels.ACCOUNTS[side], labels.SAYS_SIGNS[says], labels.SAYS[says], row, origin))
    return found


def _newest_of_site(snapshot, plan, commitment):
    """The update whose value is shown as the result, else the newest that decides, else the newest on record."""
    assessed = plan.assessed[commitment.code]
    rows = [u for u in plan.updates[commitment.code] if u.as_of <= snapshot.on]
    shown = [u for u in rows if assessed.value is not None and u.entry == assessed.value.entry]
    deciding = [u for u in rows if u.entry in assessed.inputs]
    return max(shown or deciding or rows, key=lambda u: (u.as_of, u.entry), default=None)


def _newest_of_side(plan, commitment, side, says, on):
    """The newest statement of a side; with a clear word, the newest that gives one, so that line and word agree."""
    rows = [f for f in plan.findings[commitment.code] if f.side == side and f.as_of <= on]
    clear = [f for f in rows if f.says in ("kept", "partly", "not_kept")]
    return max(clear or rows, key=lambda f: (f.as_of, f.entry), default=None)


def differing_figures(snapshot, plan, commitment):
    """Figures for one and the same period that are not the same, by period, oldest first."""
    metric = snapshot.metrics[commitment.metric]
    lasting = metric.nature in ("flow", "average")  # only these speak of a time and not of a moment
    periods = {}
    for u in plan.updates[commitment.code]:
        if u.what == What.VALUE and u.fits in ("same", "near") and not u.scope and u.as_of <= snapshot.on:
            periods.setdefault((u.as_of, u.starts_on if lasting else None), []).append(u)
    return [
        {"update": u, "origin": snapshot.bodies.get(u.origin), "unit": metric.unit}
        for _period, rows in sorted(periods.items(), key=lambda each: each[0][0])
        if len({(u.value, u.bound) for u in rows}) > 1
        for u in rows
    ]
