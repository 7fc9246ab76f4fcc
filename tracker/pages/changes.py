"""Status changes by day: as things happened, or as this site showed them."""

import datetime
from itertools import groupby

from django.utils.translation import gettext_lazy

from tracker import labels
from tracker.paging import paged
from tracker.snapshot.plan import grouped

from .counts import Count, tally

ON_A_PAGE = 50
BY = {
    "events": gettext_lazy("As things happened"),
    "publication": gettext_lazy("As published here"),
}


def changes(snapshot, plan, category=None, by="events", number=1):
    """Changes of status, newest day first, a page at a time.

    How each promise first stood here is no change; those entries are given as counts by day and group.
    """
    every = (snapshot.happened if by == "events" else snapshot.published)[plan.code]
    if category:
        codes = {c.code for c in plan.by_category[category.code]}
        every = [change for change in every if change.code in codes]
    moved = [change for change in every if change.before is not None]
    page = paged(sorted(moved, key=lambda change: change.day, reverse=True), number, ON_A_PAGE)
    return {
        "snapshot": snapshot,
        "plan": plan,
        "category": category,
        "by": by,
        "ways": BY,
        **page,
        "days": _by_day(plan, page["rows"]),
        "promises": Count(
            "", "", len({change.code for change in moved}), len(codes) if category else len(plan.commitments)
        ),
        "first_days": _first_days(every),
    }


def _by_day(plan, rows):
    """Changes of one page by day, each with its promise."""
    return [
        {
            "day": day,
            "rows": [
                {
                    "change": change,
                    "commitment": (commitment := plan.commitments[change.code]),
                    "deadline_passed": day == commitment.deadline + datetime.timedelta(days=1),
                }
                for change in changes
            ],
        }
        for day, changes in groupby(rows, key=lambda change: change.day)
    ]


def _first_days(every):
    """Days on which promises first stood here, newest first, with how many stood how."""
    days = grouped((change for change in every if change.before is None), lambda change: (change.day,))
    return [
        {
            "day": day,
            "n": len(changes),
            "groups": tally((change.after.group for change in changes), labels.GROUPS, len(changes)),
        }
        for day, changes in sorted(days.items(), reverse=True)
    ]
