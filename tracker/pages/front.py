"""The whole plan on one screen: every promise by right, what changed last, what is disputed, what all this rests on."""

import dataclasses
from itertools import groupby

from django.utils.translation import gettext as _

from tracker import labels
from tracker.models import Kind, Level
from tracker.records.registry import CategoryRecord, CommitmentRecord

from .counts import Count, counts_of, outcome, tally
from .disagreements import DIFFERENCES, accounts_of, differences
from .evidence import by_then
from .rights import only_acts

CHANGES_NAMED = 10
DISPUTES_NAMED = 6


@dataclasses.dataclass(frozen=True)
class MosaicRow:
    """A row of the mosaic: a right and the commitments that stand directly under it."""

    category: CategoryRecord | None
    label: str
    commitments: list[CommitmentRecord]


def plan(snapshot, plan):
    """The whole plan on one screen."""
    commitments = plan.commitments.values()
    groups = {code: group.name for code, group in snapshot.groups.items()}
    people = tally((code for c in commitments for code in c.groups), groups, len(commitments))
    return {
        "snapshot": snapshot,
        "plan": plan,
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
    """Chapters of a plan, each with the rows of its squares. A plan of any depth fits: rows are its leaves."""
    chapters = []
    for chapter in plan.tree.get("", ()):
        rows = [row for category in plan.within(chapter) if (row := _row(plan, chapter, category)).commitments]
        chapters.append({"category": chapter, "rows": rows, "total": len(plan.by_category[chapter.code])})
    loose = [c for c in plan.commitments.values() if not c.category]
    if loose:
        chapters.append({"category": None, "rows": [MosaicRow(None, plan.short_title, loose)], "total": len(loose)})
    return chapters


def _row(plan, chapter, category):
    label = category.short_title
    if category is chapter:
        label = _("Introduction") if plan.tree.get(chapter.code) else _("The chapter")
    return MosaicRow(category, label, plan.directly_under(category.code))


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
    rows.sort(key=lambda row: max(a.row.as_of.toordinal() if a.row else 0 for a in row["accounts"]), reverse=True)
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
