"""The snapshot: everything public as of one log entry, read once and kept in memory, and what pages ask of it.

Lists, counts, facets and files are plain expressions over a snapshot. The database is asked for the number of the
newest log entry, and for the registry itself only when that number has moved.
"""

import dataclasses
import threading
from collections import Counter
from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from .folding import folded
from .models import LedgerEntry
from .reading import Progress, Registry, commitment_of
from .records import BodyRecord


class NotInRegistry(LookupError):
    """Nothing has this code. The message is a sentence for the page that says so."""


@dataclasses.dataclass(frozen=True)
class PlanView:
    """One plan with everything in it, by code and in the plan's order."""

    code: str
    title: str
    short_title: str
    language: str
    publisher: BodyRecord
    published_on: object
    published_precision: str
    starts_on: object
    ends_on: object
    categories: dict
    provisions: dict
    commitments: dict
    assessed: dict  # the whole result of the method, by commitment
    updates: dict  # live updates by commitment, those of its metric included
    replaced: dict  # updates that were corrected or withdrawn since, by commitment
    findings: dict  # others' findings by commitment
    findings_on: dict  # others' findings on a right as a whole, by category
    replaced_findings: dict  # findings that were corrected or withdrawn since, by commitment or ("right", code)
    bodies: dict  # who makes statements, shared by all plans

    @cached_property
    def path(self):
        return reverse("plan-detail", args=[self.code])

    @cached_property
    def explorer_path(self):
        return reverse("commitment-list", args=[self.code])

    @cached_property
    def tree(self):
        """Children of each category by code, in order; those at the top under the empty code."""
        children = {}
        for category in self.categories.values():
            children.setdefault(category.parent, []).append(category)
        return children

    @cached_property
    def ancestry(self):
        """For each category its own code and those above it, nearest first."""
        lines = {"": ()}

        def line(code):
            if code not in lines:
                lines[code] = (code, *line(self.categories[code].parent))
            return lines[code]

        for code in self.categories:
            line(code)
        return lines

    @cached_property
    def by_category(self):
        """Commitments of each category, those of the categories below it included."""
        found = {code: [] for code in self.categories}
        for commitment in self.commitments.values():
            for code in self.ancestry[commitment.category]:
                found[code].append(commitment)
        return found

    @cached_property
    def by_provision(self):
        """Commitments of each paragraph."""
        found = {code: [] for code in self.provisions}
        for commitment in self.commitments.values():
            found[commitment.provision].append(commitment)
        return found

    @cached_property
    def provisions_of(self):
        """Paragraphs that stand directly under each category; those under none by the empty code."""
        found = {code: [] for code in ("", *self.categories)}
        for provision in self.provisions.values():
            found[provision.category].append(provision)
        return found

    @cached_property
    def sides_of_updates(self):
        """For each commitment, the sides whose figures or acts are on record."""
        sides = {code: body.side for code, body in self.bodies.items()}
        return {code: {sides[u.origin] for u in rows if u.origin in sides} for code, rows in self.updates.items()}

    @cached_property
    def search_texts(self):
        """For each commitment, the folded text that ``q`` looks through."""
        return {
            c.code: folded(
                " ".join((c.code, c.title, c.quote, c.test, c.other_reading, self.provisions[c.provision].title))
            )
            for c in self.commitments.values()
        }

    def category(self, code):
        """The category of that code. Raises ``NotInRegistry``."""
        return _found(self.categories, code, "chapter or section")

    def provision(self, code):
        """The paragraph of that code. Raises ``NotInRegistry``."""
        return _found(self.provisions, code, "paragraph")

    def commitment(self, code):
        """The commitment of that code. Raises ``NotInRegistry``."""
        return _found(self.commitments, code, "commitment")

    def counts(self, name, commitments=None):
        """How many commitments have each value of a field."""
        commitments = self.commitments.values() if commitments is None else commitments
        return Counter(getattr(commitment, name) for commitment in commitments)

    def trail(self, code):
        """Categories from the top down to the one of that code."""
        return [self.categories[each] for each in reversed(self.ancestry[code])]


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """Everything public as of one log entry. Immutable."""

    head: int  # newest log entry when it was read
    known: int  # log entry up to which it knows
    on: object  # day as of which the method was asked
    head_hash: str
    plans: dict
    metrics: dict
    bodies: dict
    groups: dict
    sources: dict
    updates: dict  # live updates by metric
    replaced: dict  # updates that were corrected or withdrawn since, by metric
    replaced_by: dict  # what replaced them and why, by the log entry of the replaced row
    amendments: dict  # changes to what is in the registry, by kind and code of what was changed
    registry: object = dataclasses.field(repr=False, compare=False, default=None)  # what it was read from

    def plan(self, code):
        """The plan of that code. Raises ``NotInRegistry``."""
        return _found(self.plans, code, "plan")

    @property
    def default_plan(self):
        """The plan that ``/`` shows: the one that the setting names, or ``None`` before it is loaded."""
        return self.plans.get(settings.PLAN)

    def metric(self, code):
        """The metric of that code. Raises ``NotInRegistry``."""
        return _found(self.metrics, code, "metric")

    def source(self, code):
        """The source of that code. Raises ``NotInRegistry``."""
        return _found(self.sources, code, "source")

    def body(self, code):
        """The body of that code. Raises ``NotInRegistry``."""
        return _found(self.bodies, code, "body")

    def _commitments_by(self, codes, codes_of):
        """Commitments of all plans by each of the codes that one names; every code of ``codes`` is there."""
        found = {code: [] for code in codes}
        for plan in self.plans.values():
            for commitment in plan.commitments.values():
                for code in codes_of(commitment):
                    found[code].append(commitment)
        return found

    @cached_property
    def by_metric(self):
        """Commitments of all plans that each metric answers."""
        return self._commitments_by(self.metrics, lambda c: [c.metric] if c.metric else [])

    @cached_property
    def beside_by_metric(self):
        """Commitments of all plans that each metric is shown beside."""
        return self._commitments_by(self.metrics, lambda c: c.beside)

    @cached_property
    def named_by(self):
        """Commitments of all plans whose text names each body."""
        return self._commitments_by(self.bodies, lambda c: c.bodies)

    @cached_property
    def produced_by(self):
        """Metrics that each body publishes."""
        found = {code: [] for code in self.bodies}
        for metric in self.metrics.values():
            if metric.producer:
                found[metric.producer].append(metric)
        return found


def _found(records, code, noun):
    try:
        return records[code]
    except KeyError:
        raise NotInRegistry(f"There is no {noun} with the code {code}.") from None


MOST_KEPT = 12  # snapshots in memory: today's, and some of the past days that were asked for

_lock = threading.Lock()
_kept = {}
_registries = {}


def snapshot(on=None, known=None):
    """Everything public: what was true on a day, by what this site had published up to a log entry.

    By default today, and the newest entry. Asks the database for the number of that entry, and for more only where
    no snapshot of it is kept.
    """
    head = LedgerEntry.objects.head()
    on = on or timezone.localdate()
    key = (head, on, head if known is None else min(known, head))
    if (kept := _kept.get(key)) is not None:
        return kept
    with _lock:  # one thread reads, the others wait for what it read
        while key not in _kept:
            built = _read(*key)
            head = LedgerEntry.objects.head()
            if head != built.head:  # something was published while it was read
                key = (head, on, head if known is None else min(known, head))
                continue
            for old in [k for k in _kept if k[0] != head]:
                del _kept[old]
            while len(_kept) >= MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = built
        return _kept[key]


def entry_on(day):
    """The last log entry by the end of a day; 0 where there was none yet."""
    before = LedgerEntry.objects.filter(at__date__lte=day).order_by("-seq").values_list("seq", flat=True)
    return before.first() or 0


def forget():
    """Drop the snapshots kept in memory; the next question reads the database again."""
    _kept.clear()
    _registries.clear()


def _registry(head, known):
    """The registry at an entry. Kept while nothing but progress was published, which leaves it as it is."""
    if known < head:
        return Registry(known, head)
    changed = LedgerEntry.objects.filter(action__in=("register", "rearrange", "amend")).head()
    if changed not in _registries:
        _registries.clear()
        _registries[changed] = Registry(known, head)
    return _registries[changed]


def _read(head, on, known):
    """Read a snapshot. Moved forward from the one before, where the registry and the day are the same.

    Only commitments whose rows changed are asked of the method again; the others are taken over as they were.
    """
    registry = _registry(head, known)
    progress = Progress(known, registry.bodies)
    before = next((kept for kept in _kept.values() if kept.registry is registry and kept.on == on), None)
    plans = {}
    for plan in registry.plans:
        commitments, assessed, updates, replaced, findings = {}, {}, {}, {}, {}
        for code, c in registry.rows.get(plan.code, {}).items():
            keys = [("commitment", plan.code, code)] + ([("metric", c.metric.code)] if c.metric else [])
            mine = [row for key in keys for row in progress.updates.get(key, ())]
            found = progress.assessments.get(keys[0], ())
            old = before.plans[plan.code] if before else None
            if old and old.updates[code] == tuple(mine) and old.findings[code] == tuple(found):
                commitments[code], assessed[code] = old.commitments[code], old.assessed[code]
            else:
                commitments[code], assessed[code] = commitment_of(c, plan, mine, found, registry, on)
            updates[code] = tuple(mine)
            findings[code] = tuple(found)
            replaced[code] = tuple(row for key in keys for row in progress.replaced_updates.get(key, ()))
        plans[plan.code] = PlanView(
            code=plan.code,
            title=plan.title,
            short_title=plan.short_title,
            language=plan.language,
            publisher=registry.bodies[plan.publisher.code],
            published_on=plan.published_on,
            published_precision=plan.published_precision,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            categories=registry.categories.get(plan.code, {}),
            provisions=registry.provisions.get(plan.code, {}),
            commitments=commitments,
            assessed=assessed,
            updates=updates,
            replaced=replaced,
            findings=findings,
            bodies=registry.bodies,
            findings_on={
                key[2]: tuple(rows)
                for key, rows in progress.assessments.items()
                if key[0] == "category" and key[1] == plan.code
            },
            replaced_findings={
                key[2] if key[0] == "commitment" else ("right", key[2]): tuple(rows)
                for key, rows in progress.replaced_assessments.items()
                if key[1] == plan.code
            },
        )
    hash_ = LedgerEntry.objects.filter(seq=known).values_list("hash", flat=True).first() or ""
    return Snapshot(
        head=head,
        known=known,
        on=on,
        head_hash=hash_,
        plans=plans,
        metrics=registry.metrics,
        bodies=registry.bodies,
        groups=registry.groups,
        sources=registry.sources,
        registry=registry,
        updates={key[1]: tuple(rows) for key, rows in progress.updates.items() if key[0] == "metric"},
        replaced={key[1]: tuple(rows) for key, rows in progress.replaced_updates.items() if key[0] == "metric"},
        replaced_by=progress.replaced_by,
        amendments={key: tuple(rows) for key, rows in progress.amendments.items()},
    )
