"""What the pages of rights show: chapters and sections, their counts, figures, findings and paragraphs."""

from collections import Counter

from tracker.charts.picture import multiples
from tracker.models import Kind, Level
from tracker.records.registry import neighbours

from .baseline import before_the_plan
from .counts import counts_of, outcome
from .evidence import finding_list, findings_by_side, stages


def rights(snapshot, plan):
    """Chapters and sections with counts by kind."""
    return {
        "snapshot": snapshot,
        "plan": plan,
        "chapters": [
            {"category": c, "total": len(plan.by_category[c.code]), "sections": list(_all_below(plan, c))}
            for c in plan.tree.get("", ())
        ],
    }


def _all_below(plan, category, depth=0):
    """The sections of a right and, behind each, those within it, to any depth."""
    for section in _sections(plan, category):
        yield section | {"depth": depth}
        yield from _all_below(plan, section["category"], depth + 1)


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
        "levels": counts_of(Level, plan, "level", plan.by_category[code]),
        "outcomes": sum(1 for c in plan.by_category[code] if c.level == Level.OUTCOME),
        "only_acts": only_acts(plan, code),
        "multiples": multiples(snapshot, plan, plan.by_category[code]),
        "columns": columns,
        "found_below": found_below(snapshot, plan, code),
        "found": sum(len(column["findings"]) for column in columns),
        "replaced_findings": finding_list(snapshot, plan.replaced_findings.get(("right", code), ())),
        "tracks": tracks(snapshot, plan, code),
        "sections": _sections(plan, category),
        "provisions": [{"provision": p, "commitments": plan.by_provision[p.code]} for p in plan.provisions_of[code]],
        "stood": before_the_plan(plan, plan.baseline_by_category[code], f"category={code}"),
        "before": before,
        "after": after,
    }


def only_acts(plan, code=""):
    """Rights without sections of their own, of a plan or below a chapter, under which no outcome is promised."""
    below = [c for c in plan.categories.values() if not plan.tree.get(c.code) and c.code != code]
    return [
        c
        for c in below
        if (not code or code in plan.ancestry[c.code])
        and plan.by_category[c.code]
        and not any(each.level == Level.OUTCOME for each in plan.by_category[c.code])
    ]


def found_below(snapshot, plan, code):
    """The rights below one of which something is found as a whole, with how much by each side."""
    listed = []
    for category in plan.categories.values():
        if category.code != code and code in plan.ancestry[category.code]:
            rows = [f for f in plan.findings_on.get(category.code, ()) if f.as_of <= snapshot.on]
            if rows:
                listed.append({"category": category, "sides": Counter(f.side for f in rows)})
    return listed


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
