"""What changed last in the world: the newest changes of status, by day.

That one kind of not known became another is a change too; it stands on the page of changes and makes no news.
"""

from itertools import groupby

MOST = 10


def latest(snapshot, plan):
    """Days with the newest changes, newest first; on the last of them not all may be named: ``more`` says how many."""
    every = snapshot.happened[plan.code]
    changes = [change for change in every if change.before.status != change.after.status]
    newest = sorted(changes[-MOST:], key=lambda change: change.day, reverse=True)
    days = [
        {"day": day, "changes": [{"change": c, "commitment": plan.commitments[c.code]} for c in group], "more": 0}
        for day, group in groupby(newest, key=lambda change: change.day)
    ]
    if days:
        last = days[-1]
        last["more"] = sum(1 for c in changes if c.day == last["day"]) - len(last["changes"])
    return {"days": days, "of": len(every)}
