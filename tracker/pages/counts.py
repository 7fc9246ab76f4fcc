"""Counts as pages show them: how many of how many, never one sum over different kinds of promise."""

import dataclasses
from collections import Counter

from tracker import labels
from tracker.models import Kind, Rule

OF_SOURCES = {"one_origin", "no_address"}  # flags that speak of the sources; the others of how it was kept


@dataclasses.dataclass(frozen=True)
class Count:
    """How many of a whole have one value: drawn and said as n of N."""

    value: str
    label: str
    n: int
    of: int


def tally(values, names, of, *, zeros=False):
    """Counts of values out of ``of``, in the order of their names; of those that do not occur only with ``zeros``."""
    n = Counter(values)
    return [Count(value, label, n[value], of) for value, label in names.items() if zeros or n[value]]


def counts_of(choices, plan, name, commitments=None):
    """Counts for every choice of a field, in the choices' order, zeros included."""
    commitments = list(plan.commitments.values() if commitments is None else commitments)
    return tally((getattr(c, name) for c in commitments), dict(choices.choices), len(commitments), zeros=True)


def may_still_be_kept(commitment):
    """Whether it could be found kept once what is missing is known. A direction is never counted as kept."""
    return commitment.group in ("not_known", "running") and commitment.rule != Rule.DIRECTION


def outcome(commitments):
    """What became of a set of promises: counts per group, and the kinds of not known and flags, each out of all.

    Never one sum: kinds of promise are counted apart, with the best and worst that the count of kept ones could be
    once the unknown and the running are known.
    """
    commitments = list(commitments)
    total = len(commitments)
    groups = Counter(c.group for c in commitments)
    shown = {group: label for group, label in labels.GROUPS.items() if groups[group] or group != "running"}
    return {
        "of": total,
        "groups": tally(groups, shown, total, zeros=True),
        "missing": tally((c.missing for c in commitments), labels.MISSING, total),
        "flags": tally((flag for c in commitments for flag in c.flags), labels.FLAGS, total),
        "kinds": [_of_kind(value, label, commitments, shown) for value, label in Kind.choices],
        "never_kept": sum(1 for c in commitments if c.rule == Rule.DIRECTION),
        "duties": sum(1 for c in commitments if c.rule == Rule.UPHOLD),
        "unknown": groups["not_known"],
    }


def _of_kind(value, label, commitments, shown):
    mine = [c for c in commitments if c.kind == value]
    kept = [c for c in mine if c.group == "kept"]
    return {
        "value": value,
        "label": label,
        "of": len(mine),
        "groups": tally((c.group for c in mine), shown, len(mine), zeros=True),
        "worst": len(kept),
        "best": len(kept) + sum(map(may_still_be_kept, mine)),
        "flagged": sum(1 for c in kept if set(c.flags) - OF_SOURCES),
    }
