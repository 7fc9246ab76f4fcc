"""Two days side by side: how many promises stood where, and which moved."""

from collections import Counter

from tracker import labels
from tracker.models import Kind

from .counts import Count


def compare(before, after, code):
    """A plan on an earlier and on a later day, by the same knowledge."""
    then, now = before.plan(code), after.plan(code)
    pairs = [(then.commitments.get(c.code), c) for c in now.commitments.values()]
    pairs = [(old, new) for old, new in pairs if old]
    moved = Counter((old.group, new.group) for old, new in pairs)
    groups = [group for group in labels.GROUPS if any(group in pair for pair in moved)]
    return {
        "snapshot": after,
        "before": before,
        "plan": now,
        "groups": [(group, labels.GROUPS[group]) for group in groups],
        "kinds": [
            {"value": kind, "label": label, **_sides_of([pair for pair in pairs if pair[1].kind == kind], groups)}
            for kind, label in Kind.choices
        ],
        "whole": _sides_of(pairs, groups),
        "matrix": [
            {
                "group": old,
                "label": labels.GROUPS[old],
                "cells": [{"group": new, "n": moved[old, new], "same": old == new} for new in groups],
                "n": sum(moved[old, new] for new in groups),
            }
            for old in groups
        ],
        "rows": [{"before": old, "after": new} for old, new in pairs if old.status != new.status],
        "otherwise_missing": _otherwise_missing(pairs),
        "of": len(pairs),
    }


def _otherwise_missing(pairs):
    """How many are not known on both days and for another reason, by both reasons."""
    found = Counter((o.missing, n.missing) for o, n in pairs if o.status == n.status and o.missing != n.missing)
    return {
        "n": sum(found.values()),
        "moves": [(labels.MISSING[old], labels.MISSING[new], n) for (old, new), n in found.most_common()],
    }


def _sides_of(pairs, groups):
    """Counts per group on both days, of the promises compared."""
    old, new = Counter(o.group for o, _ in pairs), Counter(n.group for _, n in pairs)
    return {
        "of": len(pairs),
        "counts": [
            (Count(group, labels.GROUPS[group], old[group], len(pairs)), Count(group, "", new[group], len(pairs)))
            for group in groups
        ],
    }
