"""What the pages of a plan show: the whole plan, its rights, their paragraphs."""

import dataclasses
from collections import Counter

from django.utils.translation import gettext as _

from tracker import words
from tracker.models import Kind, Level
from tracker.records import neighbours

from .counts import Count, counts_of, outcome
from .onrecord import finding_list, findings_by_side, sides_of, stages


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
        "rests_on": rests_on(snapshot, plan),
        "levels": counts_of(Level, plan, "level"),
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
    whose = [Count(side, label, sides[side], len(rows)) for side, label in words.LABELS["side"].items()]
    own = len(rows) - sum(sides.values())
    return {
        "total": len(rows),
        "sides": [*whose, *([Count("own", _("judged by this site"), own, len(rows))] if own else [])],
        "bare": sum(1 for r in rows.values() if not any(snapshot.sources[c.source].address for c in r.evidence)),
        "reread": sum(1 for r in rows.values() if r.reread in ("confirmed", "corrected")),
    }


def rights(snapshot, plan):
    """Chapters and sections with counts by kind."""
    return {
        "snapshot": snapshot,
        "plan": plan,
        "chapters": [
            {"category": c, "total": len(plan.by_category[c.code]), "sections": _sections(plan, c)}
            for c in plan.tree.get("", ())
        ],
    }


def _sections(plan, category):
    return [
        {
            "category": c,
            "total": len(plan.by_category[c.code]),
            "kinds": counts_of(Kind, plan, "kind", plan.by_category[c.code]),
        }
        for c in plan.tree.get(category.code, ())
    ]


def right(snapshot, plan, code):
    """A chapter or a section: its counts, what is found of the right itself, the sections below it, its paragraphs."""
    category = plan.category(code)
    siblings = {c.code: c for c in plan.tree[category.parent]}
    before, after = neighbours(siblings, code)
    columns = findings_by_side(snapshot, plan.findings_on.get(code, ()))
    return {
        "snapshot": snapshot,
        "plan": plan,
        "category": category,
        "trail": plan.trail(code)[:-1],
        "total": len(plan.by_category[code]),
        "figures": sum(1 for c in plan.by_category[code] if c.target_value is not None),
        "outcome": outcome(plan, plan.by_category[code]),
        "columns": columns,
        "found": sum(len(column["findings"]) for column in columns),
        "replaced_findings": finding_list(snapshot, plan.replaced_findings.get(("right", code), ())),
        "tracks": tracks(snapshot, plan, code),
        "sections": _sections(plan, category),
        "provisions": [{"provision": p, "commitments": plan.by_provision[p.code]} for p in plan.provisions_of[code]],
        "before": before,
        "after": after,
    }


def tracks(snapshot, plan, code):
    """Reports, reviews and events under a right itself that move by stages, each as a dated track."""
    found = []
    for provision in plan.provisions_of[code]:
        for c in plan.by_provision[provision.code]:
            if c.kind == Kind.REPORTING and c.metric and c.rule == "milestone":
                metric = snapshot.metrics[c.metric]
                steps = stages(snapshot, metric, c, plan.updates[c.code])
                if any(step["update"] for step in steps):
                    found.append({"commitment": c, "stages": steps})
    return found


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
        "before": before,
        "after": after,
    }
