"""Two days side by side: how many promises stood where, and which moved."""

from collections import Counter

from tracker import labels
from tracker.models import Kind

from .counts import tally


def compare(before, after, code):
    """A plan on an earlier and on a later day, by the same knowledge."""
    then, now = before.plan(code), after.plan(code)
    pairs = [(then.commitments[c.code], c) for c in now.commitments.values() if c.code in then.commitments]
    moved = Counter((old.group, new.group) for old, new in pairs)
    groups = {group: label for group, label in labels.GROUPS.items() if any(group in pair for pair in moved)}
    return {
        "snapshot": after,
        "before": before,
        "plan": now,
        "groups": list(groups.items()),
        "kinds": [
            {"value": kind, "label": label, **_sides_of([pair for pair in pairs if pair[1].kind == kind], groups)}
            for kind, label in Kind.choices
        ],
        "whole": _sides_of(pairs, groups),
        "matrix": [
            {
                "group": old,
                "label": label,
                "cells": [{"group": new, "n": moved[old, new], "same": old == new} for new in groups],
                "n": sum(moved[old, new] for new in groups),
            }
            for old, label in groups.items()
        ],
        "rows": [{"before": old, "after": new} for old, new in pairs if old.status != new.status],
        "otherwise_missing": _otherwise_missing(pairs),
        "of": len(pairs),
    }


def _otherwise_missing(pairs):
    """How many are not known on both days and for another reason, by both reasons."""
    moves = Counter((o.missing, n.missing) for o, n in pairs if o.status == n.status and o.missing != n.missing)
    return {
        "n": moves.total(),
        "moves": [(labels.MISSING[old], labels.MISSING[new], n) for (old, new), n in moves.most_common()],
    }


def _sides_of(pairs, groups):
    """Counts per group on both days, of the promises compared."""
    old, new = (tally((pair[day].group for pair in pairs), groups, len(pairs), zeros=True) for day in (0, 1))
    return {"of": len(pairs), "counts": list(zip(old, new, strict=True))}
