"""What the pages of rights show: chapters and sections, their counts, figures and findings; and each paragraph."""

from collections import Counter

from tracker.charts.picture import multiples
from tracker.models import Kind, Level, Rule
from tracker.records.registry import neighbours

from .baseline import before_the_plan
from .counts import counts_of, groups_in, outcome, results, tally
from .evidence import amendments, by_then, finding_list, findings_by_side, passages, stages
from .recommendations import under


def rights(_snapshot, plan):
    """Chapters and sections with what became of their promises."""
    return {
        "result_groups": groups_in(plan),
        "chapters": [_row(plan, c, 0) | {"sections": list(_all_below(plan, c))} for c in plan.tree.get("", ())],
    }


def _all_below(plan, category, depth=0):
    """The sections of a right and, behind each, those within it, to any depth."""
    for section in plan.tree.get(category.code, ()):
        yield _row(plan, section, depth)
        yield from _all_below(plan, section, depth + 1)


def _row(plan, category, depth):
    """A right and what became of its promises, as a bar shows it."""
    mine = plan.by_category[category.code]
    row = {"path": category.path, "code": category.code, "title": category.title}
    return row | {"depth": depth, "total": len(mine), "counts": results(mine)}


def _meant_for(snapshot, plan, category, mine):
    """Groups that most promises of a section name: how many there, and how many across the plan."""
    if plan.tree.get(category.code):
        return []
    counts = tally(
        (code for c in mine for code in c.groups), {code: g.name for code, g in snapshot.groups.items()}, len(mine)
    )
    across = Counter(code for c in plan.commitments.values() for code in c.groups)
    return [{"count": count, "across": across[count.value]} for count in counts if 2 * count.n > count.of]


def right(snapshot, plan, code):
    """A chapter or a section: its counts, what is found of the right itself, the sections below it, its paragraphs."""
    category = plan.category(code)
    before, after = neighbours({c.code: c for c in plan.tree[category.parent]}, code)
    mine = plan.by_category[code]
    columns = findings_by_side(snapshot, plan, plan.findings_on.get(code, ()))
    return {
        "category": category,
        "trail": plan.trail(code)[:-1],
        "total": len(mine),
        "figures": sum(1 for c in mine if c.target_value is not None),
        "outcome": outcome(mine),
        "levels": counts_of(Level, plan, "level", mine),
        "outcomes": sum(1 for c in mine if c.level == Level.OUTCOME),
        "only_acts": only_acts(plan, code),
        "multiples": multiples(snapshot, plan, mine),
        "columns": columns,
        "silence_counts": any(c.rule == Rule.UPHOLD for c in mine),
        "found_below": found_below(snapshot, plan, code),
        "findings_total": sum(len(column["findings"]) for column in columns),
        "replaced_findings": finding_list(snapshot, plan, plan.replaced_findings.get(("right", code), ())),
        "tracks": tracks(snapshot, plan, code),
        "sections": [_row(plan, c, 0) for c in plan.tree.get(code, ())],
        "meant_for": _meant_for(snapshot, plan, category, mine),
        "shown": plan.directly_under(code),
        "provisions": [{"provision": p, "commitments": plan.by_provision[p.code]} for p in plan.provisions_of[code]],
        "stood": before_the_plan(plan, plan.baseline_by_category[code], f"category={code}"),
        "recommended": under(snapshot, plan, code),
        "amendments": amendments(snapshot, ("category", plan.code, code)),
        "before": before,
        "after": after,
    }


def only_acts(plan, code=""):
    """Rights without sections of their own, of a plan or below a chapter, under which no outcome is promised."""
    return [
        c
        for c in plan.categories.values()
        if not plan.tree.get(c.code) and c.code != code and (not code or code in plan.ancestry[c.code])
        if (mine := plan.by_category[c.code]) and not any(each.level == Level.OUTCOME for each in mine)
    ]


def found_below(snapshot, plan, code):
    """The rights below one of which something is found as a whole, with how much by each side."""
    return [
        {"category": category, "sides": Counter(f.side for f in rows)}
        for category in plan.categories.values()
        if category.code != code and code in plan.ancestry[category.code]
        if (rows := by_then(snapshot, plan.findings_on.get(category.code, ())))
    ]


def tracks(snapshot, plan, code):
    """Reports, reviews and events under a right itself that move by stages, each as a dated track."""
    return [
        {"commitment": c, "stages": steps}
        for c in plan.directly_under(code)
        if c.kind == Kind.REPORTING and c.metric and c.rule == Rule.MILESTONE
        for steps in (stages(snapshot, snapshot.metrics[c.metric], c, plan.updates[c.code]),)
        if any(step["update"] for step in steps)
    ]


def provision(snapshot, plan, code):
    """A paragraph and what became of each promise in it."""
    provision = plan.provision(code)
    before, after = neighbours(plan.provisions, code)
    return {
        "provision": provision,
        "trail": plan.trail(provision.category),
        "commitments": plan.by_provision[code],
        "passage": passages(snapshot, plan, [code]).get(code),
        "attachment": snapshot.attachment(plan.code),
        "amendments": amendments(snapshot, ("provision", plan.code, code)),
        "before": before,
        "after": after,
    }
