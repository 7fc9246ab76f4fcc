"""What the pages of a plan show: all plans, the whole plan on one screen, a paragraph."""

import dataclasses
from collections import Counter

from django.utils.translation import gettext as _

from tracker import labels
from tracker.models import Kind, Level
from tracker.records.registry import neighbours

from .changed import latest
from .counts import Count, counts_of, outcome
from .disputed import disputed
from .evidence import sides_of
from .passage import passages as passages_of
from .rights import only_acts


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the mosaic: a right and the commitments that stand directly under it."""

    category: object
    label: str
    commitments: list


def mosaic(plan):
    """Chapters of a plan, each with the rows of its squares. A plan of any depth fits: rows are its leaves."""
    chapters = []
    for chapter in plan.tree.get("", ()):
        rows = [row for category in _below(plan, chapter) if (row := _row(plan, chapter, category)).commitments]
        chapters.append({"category": chapter, "rows": rows, "total": len(plan.by_category[chapter.code])})
    loose = [c for c in plan.commitments.values() if not c.category]
    if loose:
        chapters.append({"category": None, "rows": [Row(None, plan.short_title, loose)], "total": len(loose)})
    return chapters


def _row(plan, chapter, category):
    direct = [c for provision in plan.provisions_of[category.code] for c in plan.by_provision[provision.code]]
    if category is chapter:
        label = _("Introduction") if plan.tree.get(chapter.code) else _("The chapter")
        return Row(category, label, direct)
    return Row(category, category.short_title, direct)


def _below(plan, category):
    yield category
    for child in plan.tree.get(category.code, ()):
        yield from _below(plan, child)


def passages(plan):
    """Paragraphs that promise. Stated objectives are general aims and no paragraphs."""
    return sum(1 for provision in plan.provisions.values() if provision.form != "objective")


def plans(snapshot):
    """All plans, each with its number of paragraphs."""
    listed = [{"plan": plan, "passages": passages(plan)} for plan in snapshot.plans.values()]
    return {"snapshot": snapshot, "plans": listed}


def plan(snapshot, plan):
    """The whole plan on one screen."""
    commitments = plan.commitments.values()
    meant = plan.counts("groups")
    people = [
        Count(group.code, group.name, sum(n for groups, n in meant.items() if group.code in groups), len(commitments))
        for group in snapshot.groups.values()
    ]
    return {
        "snapshot": snapshot,
        "plan": plan,
        "objectives": plan.provisions_of[""],
        "chapters": mosaic(plan),
        "outcome": outcome(plan, commitments),
        "changed": latest(snapshot, plan),
        "disputed": disputed(snapshot, plan),
        "rests_on": rests_on(snapshot, plan),
        "levels": counts_of(Level, plan, "level"),
        "only_acts": only_acts(plan),
        "kinds": [count for count in counts_of(Kind, plan, "kind") if count.n],
        "people": sorted((count for count in people if count.n), key=lambda count: -count.n),
        "passages": passages(plan),
        "canonical": plan.path,
    }


def rests_on(snapshot, plan):
    """What all this rests on: statements by the side of their origin, and how many have no confirmed address."""
    rows = {u.entry: u for rows in plan.updates.values() for u in rows if u.evidence and u.as_of <= snapshot.on}
    findings = (*plan.findings.values(), *plan.findings_on.values())
    rows |= {f.entry: f for found in findings for f in found if f.as_of <= snapshot.on}
    sides = Counter(sides_of(snapshot, rows.values()))
    whose = [Count(side, label, sides[side], len(rows)) for side, label in labels.LABELS["side"].items()]
    own = len(rows) - sum(sides.values())
    bare = sum(1 for r in rows.values() if not any(snapshot.sources[c.source].address for c in r.evidence))
    return {
        "total": len(rows),
        "sides": [*whose, *([Count("own", _("judged by this site"), own, len(rows))] if own else [])],
        "bare": bare,
        "bare_share": labels.percent(bare / len(rows)) if rows else "",
        "reread": sum(1 for r in rows.values() if r.reread in ("confirmed", "corrected")),
    }


def provision(snapshot, plan, code):
    """A paragraph and what became of each promise in it."""
    provision = plan.provision(code)
    before, after = neighbours(plan.provisions, code)
    return {
        "snapshot": snapshot,
        "plan": plan,
        "provision": provision,
        "trail": plan.trail(provision.category),
        "commitments": plan.by_provision[code],
        "passage": passages_of(snapshot, plan, [code]).get(code),
        "attachment": snapshot.attachment(plan.code),
        "before": before,
        "after": after,
    }
