"""Status changes by day: as things happened, or as this site showed them; and two days side by side."""

import datetime
from collections import Counter
from itertools import groupby

from django.utils.translation import gettext_lazy

from tracker.models import Kind
from tracker.paging import paged
from tracker.snapshot.plan import grouped
from tracker.wording import labels

from .counts import Count, tally

ON_A_PAGE = 50
SHOW = ("groups", "all")
BY = {"events": gettext_lazy("As things happened"), "publication": gettext_lazy("As published here")}


def when(change):
    """The day of a change with how exactly it is known; a year whose day nobody published stands apart from days."""
    return change.day, change.precision


def changes(snapshot, plan, category, by, show, page):
    """Changes of status, newest day first, a page at a time; those within one group only where all are asked for.

    How each promise first stood here is no change; those entries are given as counts by day and group.
    """
    every = (snapshot.happened if by == "events" else snapshot.published)[plan.code]
    if category:
        codes = {c.code for c in plan.by_category[category.code]}
        every = [change for change in every if change.code in codes]
    moved = [change for change in every if change.before is not None]
    within = sum(1 for change in moved if change.before.group == change.after.group)
    if show != "all":
        moved = [change for change in moved if change.before.group != change.after.group]
    newest_first = sorted(moved, key=lambda change: (*when(change), change.shown or 0), reverse=True)
    rows_of_page = paged(newest_first, page, ON_A_PAGE)
    first = grouped((change for change in every if change.before is None), lambda change: (change.day,))
    moving = {change.day for change in moved}
    return {
        "ways": BY,
        "within": within,
        **rows_of_page,
        "days": [
            {"day": day, "precision": precision, "rows": [_change(plan, change) for change in changes]}
            for (day, precision), changes in groupby(rows_of_page["rows"], key=when)
        ],
        "promises": Count(
            "", "", len({change.code for change in moved}), len(codes) if category else len(plan.commitments)
        ),
        "first_days": [
            {
                "day": day,
                "n": len(mine),
                "groups": tally((each.after.group for each in mine), labels.GROUPS, len(mine)),
                "same_at_its_end": day not in moving,  # so that the explorer of that day has the same promises
            }
            for day, mine in sorted(first.items(), reverse=True)
        ],
    }


def _change(plan, change):
    commitment = plan.commitments[change.code]
    day_after = commitment.deadline + datetime.timedelta(days=1)
    return {"change": change, "commitment": commitment, "deadline_passed": change.day == day_after}


def compare(before, after, code):
    """A plan on an earlier and on a later day, by the same knowledge."""
    then, now = before.plan(code), after.plan(code)
    pairs = [(then.commitments[c.code], c) for c in now.commitments.values() if c.code in then.commitments]
    moved = Counter((old.group, new.group) for old, new in pairs)
    # Not known on both days, and for another reason: how many, by both reasons.
    otherwise = Counter((o.missing, n.missing) for o, n in pairs if o.status == n.status and o.missing != n.missing)
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
        "otherwise_missing": {
            "n": otherwise.total(),
            "moves": [(labels.MISSING[old], labels.MISSING[new], n) for (old, new), n in otherwise.most_common()],
        },
        "of": len(pairs),
    }


def _sides_of(pairs, groups):
    """Counts per group on both days, of the promises compared."""
    old, new = (tally((pair[day].group for pair in pairs), groups, len(pairs), zeros=True) for day in (0, 1))
    return {"of": len(pairs), "counts": list(zip(old, new, strict=True))}
