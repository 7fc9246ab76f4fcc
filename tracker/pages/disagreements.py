"""Where accounts of a promise differ: what this site finds, what the State, UN bodies and others say."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import SPEAKING, Rule
from tracker.snapshot.plan import grouped
from tracker.wording import labels

from .counts import Count
from .evidence import by_then, newest_first, values_of

SAME_AS = {"not_kept": "not_kept", "partly": "in_part"}  # findings against a promise, and what this site finds then
# Named groups, what weighs most first and claims without evidence last; a promise can stand in several.
DIFFERENCES = {
    "contested": gettext_lazy("A UN body or others find against it"),
    "data_differ": gettext_lazy("Claimed kept, and what is on record shows otherwise"),
    "sources_differ": gettext_lazy("Sources give different figures"),
    "no_data": gettext_lazy("Claimed kept, and nothing on record decides it"),
}

# How many promises of each stand open; the rest are one press away, so that all groups are in reach on a phone.
AT_FIRST = {"contested": 12, "data_differ": 4, "sources_differ": 4, "no_data": 4}


def claimed_alone(ways):
    """Whether accounts differ in this way alone: the State says that it was kept, and nobody on record the opposite."""
    return ways == ["no_data"]


def disagreements(snapshot, plan, category=None):
    """Promises whose accounts differ, in named groups, each with the accounts side by side."""
    commitments = plan.by_category[category.code] if category else list(plan.commitments.values())
    ways = {c.code: differences(plan, c, snapshot.on) for c in commitments}
    differing = [c for c in commitments if ways[c.code]]
    # What nobody on record said stands nowhere, so that each cell says something.
    accounts = {
        c.code: [each for each in accounts_of(snapshot, plan, c) if each["row"] or each["side"] == "site"]
        for c in differing
    }
    groups = [
        {
            "value": value,
            "label": label,
            "of": len(commitments),
            "rows": [
                {
                    "commitment": c,
                    "accounts": accounts[c.code],
                    "figures": differing_figures(snapshot, plan, c) if value == "sources_differ" else (),
                    "also": [(each, DIFFERENCES[each]) for each in ways[c.code] if each != value],
                }
                for c in sorted(differing, key=lambda c: gravity(c, ways[c.code]))
                if value in ways[c.code]
            ],
        }
        for value, label in DIFFERENCES.items()
    ]
    for group in groups:
        most = AT_FIRST[group["value"]]
        group["first"], group["rest"] = group["rows"][:most], group["rows"][most:]
    return {
        "total": Count("", "", len(differing), len(commitments)),
        "alone": sum(map(claimed_alone, ways.values())),
        "several": sum(1 for c in differing if len(ways[c.code]) > 1),
        "groups": groups,
        "claimed_in_part": sum(1 for c in commitments if c.missing == "claimed_only" and c.official_says == "partly"),
    }


def gravity(commitment, ways):
    """What comes first among disagreements: findings against what the State claims, a UN body's before others'."""
    against = [getattr(commitment, f"{side}_says") in SAME_AS for side in ("un", "independent")]
    claimed = commitment.official_says == "kept"
    return ("contested" not in ways, "data_differ" not in ways, not claimed, not against[0], not against[1])


def differences(plan, commitment, on):
    """The groups of disagreements that a promise stands in as of a day.

    A claim or a finding on facts of before the plan speaks of something else, as in the method. A finding against a
    promise is no disagreement where this site finds the same and the State does not claim it kept.
    """
    findings = [
        f
        for f in plan.findings[commitment.code]
        if plan.starts_on <= min(f.as_of, f.ends_on or f.as_of) and f.earliest <= on
    ]
    claimed = any(f.side == "official" and f.says == "kept" for f in findings)
    against = [f for f in findings if f.side in ("un", "independent") and f.says in SAME_AS]
    group, status = commitment.group, commitment.status
    holds = {
        "no_data": claimed and (group in ("not_known", "interim") or (group == "running" and status != "reached")),
        "data_differ": claimed and (group in ("in_part", "not_kept") or status in ("unchanged", "moved_away")),
        "contested": against and (claimed or any(SAME_AS[f.says] != group for f in against)),
        "sources_differ": "sources_differ" in commitment.flags or commitment.missing == "sources_disagree",
    }
    return [name for name in DIFFERENCES if holds[name]]


def accounts_of(snapshot, plan, commitment):
    """The four accounts of a promise: sign and word of each, and its newest statement, where there is one."""
    upheld = commitment.rule == Rule.UPHOLD  # this site reports who found what
    own = (labels.status_sign(commitment), labels.status(commitment))
    own = ("", _("no verdict of its own")) if upheld else own
    accounts = {"site": (_newest_of_site(snapshot, plan, commitment), *own)}
    for side in SPEAKING:
        says = getattr(commitment, f"{side}_says")
        row = _newest_of_side(plan, commitment, side, snapshot.on)
        accounts[side] = (row, labels.SAYS_SIGNS[says], labels.SAYS[says])
    return [
        {"side": side, "label": label, "sign": sign, "word": word, "row": row}
        | {"origin": plan.bodies.get(row.origin) if row else None}
        for side, label in labels.ACCOUNTS.items()
        for row, sign, word in (accounts[side],)
    ]


def _newest_of_site(snapshot, plan, commitment):
    """The update whose value is shown as the result, else the newest that decides, else the newest on record."""
    assessed = plan.assessed[commitment.code]
    rows = newest_first(by_then(snapshot, plan.updates[commitment.code]))
    shown = [u for u in rows if assessed.value is not None and u.entry == assessed.value.entry]
    deciding = [u for u in rows if u.entry in assessed.inputs]
    return next(iter(shown or deciding or rows), None)


def _newest_of_side(plan, commitment, side, on):
    """The newest statement of a side; with a clear word, the newest that gives one, so that line and word agree."""
    rows = newest_first(f for f in plan.findings[commitment.code] if f.side == side and f.earliest <= on)
    clear = [f for f in rows if f.says in ("kept", "partly", "not_kept")]
    return next(iter(clear or rows), None)


def differing_figures(snapshot, plan, commitment):
    """Figures for one and the same period that are not the same, by period, oldest first."""
    metric = snapshot.metrics[commitment.metric]
    lasting = metric.nature in ("flow", "average")  # only these speak of a time and not of a moment
    usable = (u for u in values_of(snapshot, plan, commitment) if u.is_usable)
    periods = grouped(usable, lambda u: ((u.as_of, u.starts_on if lasting else None),))
    return [
        {"update": u, "origin": plan.bodies.get(u.origin), "unit": metric.unit}
        for _period, rows in sorted(periods.items(), key=lambda each: each[0][0])
        if len({(u.value, u.bound) for u in rows}) > 1
        for u in rows
    ]
