"""What each page shows, asked of a snapshot: one function a page, a dictionary for its template."""

import dataclasses
from math import ceil

from django.conf import settings
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from .models import RULES_BY_KIND, DeadlineBasis, Kind, Level, Rule
from .queries import neighbours
from .records import CommitmentRecord, dictionary


@dataclasses.dataclass(frozen=True)
class Count:
    """How many of a whole have one value: drawn and said as n of N."""

    value: str
    label: str
    n: int
    of: int

    @property
    def percent(self):
        return 100 * self.n / self.of if self.of else 0


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the mosaic: a right and the commitments that stand directly under it."""

    category: object
    label: str
    commitments: list


def counts_of(choices, plan, name, commitments=None):
    """Counts for every choice of a field, in the choices' order, zeros included."""
    found = plan.counts(name, commitments)
    total = sum(found.values())
    return [Count(value, label, found[value], total) for value, label in choices.choices]


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
        "kinds": counts_of(Kind, plan, "kind"),
        "levels": counts_of(Level, plan, "level"),
        "people": sorted((count for count in people if count.n), key=lambda count: -count.n),
        "figures": sum(1 for c in commitments if c.target_value is not None),
        "sections": sum(1 for category in plan.categories.values() if not plan.tree.get(category.code)),
        "passages": sum(1 for provision in plan.provisions.values() if provision.form != "objective"),
        "canonical": plan.path,
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
        {"category": c, "total": len(plan.by_category[c.code]), "kinds": _kinds(plan, c)}
        for c in plan.tree.get(category.code, ())
    ]


def _kinds(plan, category):
    return counts_of(Kind, plan, "kind", plan.by_category[category.code])


def right(snapshot, plan, code):
    """A chapter or a section: its counts, the sections below it, its paragraphs and what each promises."""
    category = plan.category(code)
    siblings = {c.code: c for c in plan.tree[category.parent]}
    before, after = neighbours(siblings, code)
    return {
        "snapshot": snapshot,
        "plan": plan,
        "category": category,
        "trail": plan.trail(code)[:-1],
        "total": len(plan.by_category[code]),
        "figures": sum(1 for c in plan.by_category[code] if c.target_value is not None),
        "kinds": _kinds(plan, category),
        "levels": counts_of(Level, plan, "level", plan.by_category[code]),
        "sections": _sections(plan, category),
        "provisions": [{"provision": p, "commitments": plan.by_provision[p.code]} for p in plan.provisions_of[code]],
        "before": before,
        "after": after,
    }


def provision(snapshot, plan, code):
    """A paragraph and each promise in it."""
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


def commitment(snapshot, plan, code):
    """One promise: what it says, what would show it kept, and where it stands."""
    commitment = plan.commitment(code)
    metric = snapshot.metrics.get(commitment.metric)
    before, after = neighbours(plan.commitments, code)
    siblings = plan.by_provision[commitment.provision]
    return {
        "snapshot": snapshot,
        "plan": plan,
        "commitment": commitment,
        "provision": plan.provisions[commitment.provision],
        "trail": plan.trail(commitment.category),
        "metric": metric,
        "shared_with": [c for c in snapshot.by_metric.get(commitment.metric, ()) if c is not commitment],
        "producer": snapshot.bodies.get(metric.producer) if metric else None,
        "groups": [snapshot.groups[each] for each in commitment.groups],
        "bodies": [snapshot.bodies[each] for each in commitment.bodies],
        "siblings": siblings,
        "place": siblings.index(commitment) + 1,
        "before": before,
        "after": after,
        "url": settings.SITE_URL + commitment.path,
    }


def metrics(snapshot):
    """What is measured: numbers first, ladders behind, each with the promises that it answers."""
    listed = [
        {"metric": m, "commitments": snapshot.by_metric[m.code], "producer": snapshot.bodies.get(m.producer)}
        for m in snapshot.metrics.values()
    ]
    return {
        "snapshot": snapshot,
        "numbers": [each for each in listed if each["metric"].shape == "number"],
        "ladders": [each for each in listed if each["metric"].shape == "ladder"],
    }


def metric(snapshot, code):
    """One statistic: definition, who publishes it, and the promises that it answers."""
    metric = snapshot.metric(code)
    return {
        "snapshot": snapshot,
        "metric": metric,
        "producer": snapshot.bodies.get(metric.producer),
        "commitments": snapshot.by_metric[code],
    }


def bodies(snapshot):
    """Organisations by side, with what each publishes and where the text names it."""
    listed = [
        {"body": b, "metrics": len(snapshot.produced_by[b.code]), "commitments": len(snapshot.named_by[b.code])}
        for b in snapshot.bodies.values()
    ]
    sides = (("official", _("Official")), ("un", _("United Nations")), ("independent", _("Independent")))
    return {
        "snapshot": snapshot,
        "sides": [
            {"label": label, "bodies": [each for each in listed if each["body"].side == side]} for side, label in sides
        ],
    }


def body(snapshot, code):
    """One organisation."""
    return {
        "snapshot": snapshot,
        "body": snapshot.body(code),
        "metrics": snapshot.produced_by[code],
        "commitments": snapshot.named_by[code],
    }


def method(snapshot):
    """The rules by which promises were recorded, with how often each occurs in the plan shown first."""
    plan = snapshot.default_plan
    counts = {
        name: {c.value: c.n for c in counts_of(choices, plan, name)} if plan else {}
        for name, choices in (("kind", Kind), ("level", Level), ("rule", Rule), ("deadline_basis", DeadlineBasis))
    }
    rules = {kind.value: [rule.label for rule in allowed] for kind, allowed in RULES_BY_KIND.items()}
    return {"snapshot": snapshot, "counted": plan, "counts": counts, "rules": rules}


def about(snapshot):
    """What the site is for, its limits, and how to have something corrected."""
    return {"snapshot": snapshot, "dictionary": dictionary(CommitmentRecord)}


def explorer(filters):
    """The filtered set a page at a time, with every facet's counts. A page that is not there is a bad request."""
    commitments, facets = filters.answer()
    size, number = filters.rows_on_a_page, filters.asked.get("page", 1)
    last = max(1, ceil(len(commitments) / size))
    if number > last:
        raise BadRequest(_("page=%(number)s: there are %(last)s pages.") % {"number": number, "last": last})
    start = (number - 1) * size
    return {
        "snapshot": filters.snapshot,
        "plan": filters.plan,
        "filters": filters,
        "form": filters.form,
        "facets": facets,
        "chips": list(filters.chips()),
        "rows": commitments[start : start + size],
        "total": len(commitments),
        "first": start + 1 if commitments else 0,
        "until": min(start + size, len(commitments)),
        "number": number,
        "pages": last,
        "query": filters.query(),
        "canonical": filters.canonical(),
    }
