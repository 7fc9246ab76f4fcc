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


def counts_of(choices, plan, name, commitments=None):
    """Counts for every choice of a field, in the choices' order, zeros included."""
    found = plan.counts(name, commitments)
    total = sum(found.values())
    return [Count(value, label, found[value], total) for value, label in choices.choices]


def may_still_be_kept(commitment):
    """Whether it could be found kept once what is missing is known. A direction is never counted as kept."""
    return commitment.group in ("not_known", "running") and commitment.rule != Rule.DIRECTION


def outcome(plan, commitments):
    """What became of a set of promises: counts per group, and the kinds of not known and flags, each out of all.

    Never one sum: kinds of promise are counted apart, with the best and worst that the count of kept ones could be
    once the unknown and the running are known.
    """
    commitments = list(commitments)
    total = len(commitments)
    groups = plan.counts("group", commitments)
    missing = plan.counts("missing", commitments)
    flags = Counter(flag for c in commitments for flag in c.flags)
    shown = [group for group in labels.GROUPS if groups[group] or group != "running"]
    return {
        "of": total,
        "groups": [Count(group, labels.GROUPS[group], groups[group], total) for group in shown],
        "missing": [Count(m, label, missing[m], total) for m, label in labels.MISSING.items() if missing[m]],
        "flags": [Count(f, label, flags[f], total) for f, label in labels.FLAGS.items() if flags[f]],
        "kinds": [_of_kind(value, label, commitments, shown) for value, label in Kind.choices],
        "never_kept": sum(1 for c in commitments if c.rule == Rule.DIRECTION),
        "duties": sum(1 for c in commitments if c.rule == Rule.UPHOLD),
        "unknown": groups["not_known"],
    }


def _of_kind(value, label, commitments, shown):
    mine = [c for c in commitments if c.kind == value]
    found = Counter(c.group for c in mine)
    return {
        "value": value,
        "label": label,
        "of": len(mine),
        "groups": [Count(group, labels.GROUPS[group], found[group], len(mine)) for group in shown],
        "worst": found["kept"],
        "best": found["kept"] + sum(map(may_still_be_kept, mine)),
        "flagged": sum(1 for c in mine if c.group == "kept" and set(c.flags) - OF_SOURCES),
    }
