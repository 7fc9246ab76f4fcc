"""Everything public as of one log entry and one day, and what pages ask of it."""

import dataclasses
from collections.abc import Callable, Hashable
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.utils.translation import get_language

from tracker import search

from . import timeline
from .attached import passages as attached_passages
from .missing import found

Made = TypeVar("Made")


def once_for_a_snapshot(make: Callable[..., Made]) -> Callable[..., Made]:
    """Make something of a snapshot once, for each language and further arguments; it is gone with the snapshot."""

    @wraps(make)
    def made(snapshot: "Snapshot", *args: Hashable) -> Made:
        key = (make, get_language(), *args)
        if key not in snapshot.made:
            snapshot.made[key] = make(snapshot, *args)
        return cast(Made, snapshot.made[key])

    return made


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
    instruments: dict
    norms: dict
    updates: dict  # live updates by metric
    replaced: dict  # updates that were corrected or withdrawn since, by metric
    replaced_by: dict  # what replaced them and why, by the log entry of the replaced row
    amendments: dict  # changes to what is in the registry, by kind and code of what was changed
    attached: dict = dataclasses.field(default_factory=dict)  # texts by plan and source, without their passages
    registry: object = dataclasses.field(repr=False, compare=False, default=None)  # what it was read from
    progress: object = dataclasses.field(repr=False, compare=False, default=None)
    made: dict[Any, Any] = dataclasses.field(init=False, repr=False, compare=False, default_factory=dict)

    def plan(self, code):
        """The plan of that code. Raises ``NotInRegistry``."""
        return found(self.plans, code, "plan")

    @property
    def default_plan(self):
        """The plan that ``/`` shows: the one that the setting names, or ``None`` before it is loaded."""
        return self.plans.get(settings.PLAN)

    def attachment(self, plan, source=""):
        """The attached text of a plan, or of a source of its baseline; ``None`` where there is none."""
        return self.attached.get((plan, source))

    def passages(self, plan, codes, source=""):
        """The attached text of these paragraphs, by code: one question, where a text is attached."""
        attachment = self.attachment(plan, source)
        return attached_passages(attachment, codes) if attachment else {}

    def metric(self, code):
        """The metric of that code. Raises ``NotInRegistry``."""
        return found(self.metrics, code, "metric")

    def source(self, code):
        """The source of that code. Raises ``NotInRegistry``."""
        return found(self.sources, code, "source")

    def body(self, code):
        """The body of that code. Raises ``NotInRegistry``."""
        return found(self.bodies, code, "body")

    def instrument(self, code):
        """The instrument of that code. Raises ``NotInRegistry``."""
        return found(self.instruments, code, "instrument")

    def norm(self, instrument, number):
        """The norm of that number in an instrument. Raises ``NotInRegistry``."""
        return found(self.norms, f"{self.instrument(instrument).code}-{number}", "article or target")

    @cached_property
    def norms_of(self):
        """Norms of each instrument, in order."""
        norms = {code: [] for code in self.instruments}
        for norm in self.norms.values():
            norms[norm.instrument].append(norm)
        return norms

    def _commitments_by(self, codes, codes_of):
        """Commitments of all plans by each of the codes that one names; every code of ``codes`` is there."""
        found = {code: [] for code in codes}
        for plan in self.plans.values():
            for commitment in plan.commitments.values():
                for code in codes_of(commitment):
                    found[code].append(commitment)
        return found

    @cached_property
    def wordings(self):
        """For each plan the wordings in force that a search may meet: weight, and places of the commitments, by key.

        A commitment is found by its own words, and by those of its metric, its paragraph and the rights above it.
        """
        found = {code: {} for code in self.plans}
        for code, plan in self.plans.items():
            places = {}
            for place, c in enumerate(plan.rows):
                above = [("category", each) for each in plan.ancestry[c.category]]
                for named in (("provision", c.provision), ("metric", c.metric), *above):
                    places.setdefault(named, []).append(place)
                for key, _subject, _texts, weight in search.wordings_of(c):
                    found[code][key] = weight, (place,)
            records = {"provision": plan.provisions, "metric": self.metrics, "category": plan.categories}
            for (kind, name), at in places.items():
                if name:
                    for key, _subject, _texts, weight in search.wordings_of(records[kind][name]):
                        found[code][key] = weight, tuple(at)
        return found

    @cached_property
    def happened(self):
        """For each plan, when its statuses changed as things happened, oldest first."""
        return {code: timeline.happened(self, plan) for code, plan in self.plans.items()}

    @cached_property
    def published(self):
        """For each plan, when its statuses changed on this site, oldest first."""
        return {code: timeline.published(self, plan) for code, plan in self.plans.items()}

    @cached_property
    def by_metric(self):
        """Commitments of all plans that each metric answers."""
        return self._commitments_by(self.metrics, lambda c: [c.metric] if c.metric else [])

    @cached_property
    def baseline_by_metric(self):
        """Records of the baselines of all plans that stand near each metric."""
        found = {code: [] for code in self.metrics}
        for plan in self.plans.values():
            for record in plan.baseline.values():
                for code in record.metrics:
                    if code in found:
                        found[code].append(record)
        return found

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
