"""The whole plan on one screen: every promise by right, what changed last, what is disputed, what all this rests on."""

from itertools import groupby

from django.utils.translation import gettext as _

from tracker import labels
from tracker.models import Kind, Level

from .counts import Count, counts_of, outcome, tally
from .disagreements import DIFFERENCES, accounts_of, differences
from .evidence import by_then
from .rights import only_acts

CHANGES_NAMED = 10
DISPUTES_NAMED = 6


def plan(snapshot, plan):
    """The whole plan on one screen."""
    commitments = plan.commitments.values()
    groups = {code: group.name for code, group in snapshot.groups.items()}
    people = tally((code for c in commitments for code in c.groups), groups, len(commitments))
    return {
        "objectives": plan.provisions_of[""],
        "chapters": mosaic(plan),
        "outcome": outcome(plan.rows),
        "changed": changed(snapshot, plan),
        "disputed": disputed(snapshot, plan),
        "rests_on": rests_on(snapshot, plan),
        "levels": counts_of(Level, plan, "level"),
        "only_acts": only_acts(plan),
        "kinds": [count for count in counts_of(Kind, plan, "kind") if count.n],
        "people": sorted(people, key=lambda count: -count.n),
        "passages": plan.promising_paragraphs,
        "canonical": plan.path,
    }


def mosaic(plan):
    """Chapters of a plan, each with the rows of its squares: a right and the commitments directly under it.

    A plan of any depth fits: rows are its leaves.
    """
    chapters = []
    for chapter in plan.tree.get("", ()):
        own = _("Introduction") if plan.tree.get(chapter.code) else _("The chapter")
        rows = [
            {"category": each, "label": own if each is chapter else each.short_title, "commitments": commitments}
            for each in plan.within(chapter)
            if (commitments := plan.directly_under(each.code))
        ]
        chapters.append({"category": chapter, "rows": rows, "total": len(plan.by_category[chapter.code])})
    if loose := [c for c in plan.rows if not c.category]:
        rows = [{"category": None, "label": plan.short_title, "commitments": loose}]
        chapters.append({"category": None, "rows": rows, "total": len(loose)})
    return chapters


def changed(snapshot, plan):
    """Days with the newest changes, newest first; on the last of them not all may be named: ``more`` says how many.

    That one kind of not known became another is a change too; it stands on the page of changes and makes no news.
    """
    every = snapshot.happened[plan.code]
    changes = [change for change in every if change.before.status != change.after.status]
    newest = sorted(changes[-CHANGES_NAMED:], key=lambda change: change.day, reverse=True)
    days = [
        {"day": day, "changes": [{"change": c, "commitment": plan.commitments[c.code]} for c in group], "more": 0}
        for day, group in groupby(newest, key=lambda change: change.day)
    ]
    if days:
        last = days[-1]
        last["more"] = sum(1 for c in changes if c.day == last["day"]) - len(last["changes"])
    return {"days": days, "of": len(every)}


def disputed(snapshot, plan):
    """How many promises are disputed and how; one can be so in several ways. The newest with all accounts of them.

    Those of which the State alone speaks are counted with the others, but stand in no list of the newest: nobody on
    record says the opposite.
    """
    total = len(plan.commitments)
    ways = {code: differences(plan, c, snapshot.on) for code, c in plan.commitments.items()}
    contradicted = [plan.commitments[code] for code, each in ways.items() if set(each) - {"no_data"}]
    rows = [{"commitment": c, "accounts": accounts_of(snapshot, plan, c)} for c in contradicted]
    rows.sort(
        key=lambda row: max(each["row"].as_of.toordinal() if each["row"] else 0 for each in row["accounts"]),
        reverse=True,
    )
    return {
        "n": sum(1 for each in ways.values() if each),
        "of": total,
        "ways": tally((way for each in ways.values() for way in each), DIFFERENCES, total, zeros=True),
        "newest": rows[:DISPUTES_NAMED],
    }


def rests_on(snapshot, plan):
    """What all this rests on: statements by the side of their origin, and how many have no confirmed address."""
    updates = (u for rows in plan.updates.values() for u in rows if u.evidence)
    findings = (f for part in (plan.findings, plan.findings_on) for rows in part.values() for f in rows)
    rows = list({row.entry: row for row in by_then(snapshot, (*updates, *findings))}.values())
    sides = [getattr(row, "side", "") or snapshot.bodies[row.origin].side for row in rows if row.origin]
    own = len(rows) - len(sides)
    bare = sum(1 for row in rows if not any(snapshot.sources[c.source].address for c in row.evidence))
    return {
        "total": len(rows),
        "sides": [
            *tally(sides, labels.LABELS["side"], len(rows), zeros=True),
            *([Count("own", _("judged by this site"), own, len(rows))] if own else []),
        ],
        "bare": bare,
        "bare_share": labels.percent(bare / len(rows)) if rows else "",
        "reread": sum(1 for row in rows if row.reread in ("confirmed", "corrected")),
    }
