"""The snapshot: everything public as of one log entry, read once and kept in memory, and what pages ask of it.

Lists, counts, facets and files are plain expressions over a snapshot. The database is asked for the number of the
newest log entry, and for the registry itself only when that number has moved.
"""

import dataclasses
import threading
import unicodedata
from collections import Counter
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from .models import BeneficiaryGroup, Body, Category, Commitment, LedgerEntry, Metric, Plan, Provision
from .numbers import plain_number
from .records import BodyRecord, CategoryRecord, CommitmentRecord, GroupRecord, MetricRecord, ProvisionRecord


class NotInRegistry(LookupError):
    """Nothing has this code. The message is a sentence for the page that says so."""


def folded(text):
    """Text for comparing: no case, no accents."""
    text = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in text if not unicodedata.combining(character))


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
        for category in self.categories.values():  # parents stand before their children
            lines[category.code] = (category.code, *lines[category.parent])
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

    head: int
    plans: dict
    metrics: dict
    bodies: dict
    groups: dict

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

    def body(self, code):
        """The body of that code. Raises ``NotInRegistry``."""
        return _found(self.bodies, code, "body")

    @cached_property
    def by_metric(self):
        """Commitments of all plans that each metric answers."""
        found = {code: [] for code in self.metrics}
        for plan in self.plans.values():
            for commitment in plan.commitments.values():
                if commitment.metric:
                    found[commitment.metric].append(commitment)
        return found

    @cached_property
    def named_by(self):
        """Commitments of all plans whose text names each body."""
        found = {code: [] for code in self.bodies}
        for plan in self.plans.values():
            for commitment in plan.commitments.values():
                for code in commitment.bodies:
                    found[code].append(commitment)
        return found

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


_lock = threading.Lock()
_kept = None


def snapshot():
    """Everything public, as of the newest log entry. One small query unless something was published since."""
    global _kept
    head = LedgerEntry.objects.head()
    kept = _kept
    if kept is not None and kept.head == head:
        return kept
    with _lock:  # one thread reads the registry, the others wait for what it read
        while _kept is None or _kept.head != head:
            built = _read(head)
            head = LedgerEntry.objects.head()
            if built.head == head:  # nothing was published while it was read
                _kept = built
        return _kept


def forget():
    """Drop the snapshot kept in memory; the next question reads the registry again."""
    global _kept
    _kept = None


def _read(head):
    bodies = {b.code: BodyRecord(b.code, b.name, b.kind, b.side, b.why) for b in Body.objects.order_by("name")}
    groups = {g.code: GroupRecord(g.code, g.name) for g in BeneficiaryGroup.objects.order_by("name")}
    metrics = {m.code: _metric(m) for m in Metric.objects.select_related("producer").order_by("name")}
    categories, provisions, commitments = {}, {}, {}
    for c in Category.objects.select_related("plan", "parent").order_by("plan", "order"):
        categories.setdefault(c.plan.code, {})[c.code] = _category(c)
    for p in Provision.objects.select_related("plan", "category").order_by("plan", "order"):
        provisions.setdefault(p.plan.code, {})[p.code] = _provision(p)
    everything = (
        Commitment.objects.select_related("plan", "provision__category", "metric")
        .prefetch_related("groups", "bodies")
        .order_by("plan", "order")
    )
    for c in everything:
        commitments.setdefault(c.plan.code, {})[c.code] = _commitment(c)
    plans = {
        p.code: PlanView(
            code=p.code,
            title=p.title,
            short_title=p.short_title,
            language=p.language,
            publisher=bodies[p.publisher.code],
            published_on=p.published_on,
            published_precision=p.published_precision,
            starts_on=p.starts_on,
            ends_on=p.ends_on,
            categories=categories.get(p.code, {}),
            provisions=provisions.get(p.code, {}),
            commitments=commitments.get(p.code, {}),
        )
        for p in Plan.objects.select_related("publisher")
    }
    return Snapshot(head=head, plans=plans, metrics=metrics, bodies=bodies, groups=groups)


def _metric(m):
    return MetricRecord(
        code=m.code,
        name=m.name,
        definition=m.definition,
        shape=m.shape,
        nature=m.nature,
        unit=m.unit,
        decimals=m.decimals,
        rungs=tuple(m.rungs),
        statistic=m.statistic,
        producer=m.producer.code if m.producer else "",
        scope=m.scope,
        lag_months=m.lag_months,
        problems=m.problems,
    )


def _category(c):
    return CategoryRecord(
        plan=c.plan.code,
        code=c.code,
        parent=c.parent.code if c.parent else "",
        title=c.title,
        short_title=c.short_title,
        path=reverse("right-detail", args=[c.plan.code, c.code]),
    )


def _provision(p):
    return ProvisionRecord(
        plan=p.plan.code,
        code=p.code,
        category=p.category.code if p.category else "",
        form=p.form,
        title=p.title,
        heading=p.heading,
        other_figures=tuple(p.other_figures),
        path=reverse("provision-detail", args=[p.plan.code, p.code]),
    )


def _commitment(c):
    category = c.provision.category
    return CommitmentRecord(
        plan=c.plan.code,
        code=c.code,
        category=category.code if category else "",
        provision=c.provision.code,
        title=c.title,
        quote=c.quote,
        qualifier=c.qualifier,
        test=c.test,
        other_reading=c.other_reading,
        kind=c.kind,
        level=c.level,
        rule=c.rule,
        metric=c.metric.code if c.metric else "",
        comparator=c.comparator,
        target_value=None if c.target_value is None else plain_number(c.target_value),
        target_rung=c.target_rung,
        tolerance=None if c.tolerance is None else plain_number(c.tolerance),
        unit=c.unit,
        base_date=c.base_date,
        deadline=c.deadline,
        deadline_basis=c.deadline_basis,
        groups=tuple(sorted(group.code for group in c.groups.all())),
        bodies=tuple(sorted(body.code for body in c.bodies.all())),
        carried_from=c.carried_from,
        path=reverse("commitment-detail", args=[c.plan.code, c.code]),
    )


def neighbours(records, code):
    """The records before and after the one of that code, in order; ``None`` at either end."""
    codes = list(records)
    place = codes.index(code)
    before = records[codes[place - 1]] if place else None
    after = records[codes[place + 1]] if place + 1 < len(codes) else None
    return before, after
