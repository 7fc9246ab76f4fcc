"""Everything public as of one log entry and one day, and what pages ask of it."""

import dataclasses
import datetime
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property, wraps
from itertools import count, islice
from typing import Any, TypeVar, cast

from django.conf import settings
from django.utils.translation import get_language

from tracker import search
from tracker.models import AttachedText, Passage
from tracker.records.baseline import BaselineRecord, InstrumentRecord, NormRecord, RecommendationRecord
from tracker.records.progress import AmendmentRecord, ReplacedRecord, Updates
from tracker.records.registry import BodyRecord, CommitmentRecord, GroupRecord, MetricRecord, SourceRecord

from . import timeline
from .plan import PlanView, by_code, grouped
from .progress import Progress
from .registry import Registry

Made = TypeVar("Made")


def once_for_a_snapshot(make: Callable[..., Made]) -> Callable[..., Made]:
    """Make something of a snapshot once, for each language and further arguments; it is gone with the snapshot."""

    @wraps(make)
    def wrapper(snapshot: "Snapshot", *args: Hashable) -> Made:
        key = (make, get_language(), *args)
        if key not in snapshot.made:
            snapshot.made[key] = make(snapshot, *args)
        return cast(Made, snapshot.made[key])

    return wrapper


@dataclasses.dataclass(frozen=True)
class Attachment:
    """An attached text: since when, its hash, and which quotes stand nowhere in it."""

    pk: int
    entry: int
    day: datetime.date  # on which it was attached
    sha256: str
    missing: frozenset[str]


def attached(known: int) -> dict[tuple[str, str], Attachment]:
    """What is attached up to a log entry, by the codes of plan and source; of no source for a plan's own text."""
    texts: dict[tuple[str, str], Attachment] = {}
    for row in AttachedText.objects.filter(entry__lte=known).select_related("plan", "source", "entry"):
        text = Attachment(row.pk, row.entry_id, row.entry.at.date(), row.sha256, frozenset(row.missing))
        texts[row.plan.code, row.source.code if row.source else ""] = text
    return texts


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """Everything public as of one log entry. Immutable."""

    head: int  # newest log entry when it was read
    known: int  # log entry up to which it knows
    on: datetime.date  # day as of which the method was asked
    head_hash: str  # of the entry up to which it knows
    plans: dict[str, PlanView]
    metrics: dict[str, MetricRecord]
    bodies: dict[str, BodyRecord]
    groups: dict[str, GroupRecord]
    sources: dict[str, SourceRecord]
    instruments: dict[str, InstrumentRecord]
    norms: dict[str, NormRecord]
    recommendations: dict[str, RecommendationRecord]
    updates: dict[str, Updates]  # live updates by metric
    replaced: dict[str, Updates]  # updates that were corrected or withdrawn since, by metric
    replaced_by: dict[int, ReplacedRecord]  # what replaced them and why, by the log entry of the replaced row
    amendments: dict[tuple[str, ...], tuple[AmendmentRecord, ...]]  # by kind and code of what was changed
    attached: dict[tuple[str, str], Attachment]  # texts by plan and source, without their passages
    registry: Registry = dataclasses.field(repr=False, compare=False)  # what it was read from
    progress: Progress = dataclasses.field(repr=False, compare=False)
    made: dict[Any, Any] = dataclasses.field(init=False, repr=False, compare=False, default_factory=dict)
    # Which reading of this process it is: no other has the same, also of the same entry and day.
    reading: int = dataclasses.field(init=False, repr=False, compare=False, default_factory=count().__next__)

    plan = by_code("plans", PlanView, "plan")
    metric = by_code("metrics", MetricRecord, "metric")
    source = by_code("sources", SourceRecord, "source")
    body = by_code("bodies", BodyRecord, "body")
    group = by_code("groups", GroupRecord, "group of people")
    instrument = by_code("instruments", InstrumentRecord, "instrument")
    recommendation = by_code("recommendations", RecommendationRecord, "recommendation")
    _norm = by_code("norms", NormRecord, "article or target")

    @property
    def default_plan(self) -> PlanView | None:
        """The plan that ``/`` shows: that of the setting, else that of the newest period; ``None`` without any."""
        return self.plans.get(settings.PLAN) or next(iter(self.plans.values()), None)

    def attachment(self, plan: str, source: str = "") -> Attachment | None:
        """The attached text of a plan, or of a source of its baseline; ``None`` where there is none."""
        return self.attached.get((plan, source))

    def passages(self, plan: str, codes: Iterable[str], source: str = "") -> dict[str, str]:
        """The attached text of these paragraphs, by code: one question, where a text is attached."""
        if (attachment := self.attachment(plan, source)) is None:
            return {}
        rows = Passage.objects.filter(document=attachment.pk, code__in=codes)
        return dict(rows.values_list("code", "text"))

    def norm(self, instrument: str, number: str) -> NormRecord:
        """The norm of that number in an instrument. Raises ``NotInRegistry``."""
        return self._norm(f"{self.instrument(instrument).code}-{number}")

    @cached_property
    def norms_of(self) -> dict[str, list[NormRecord]]:
        """Norms of each instrument, in order."""
        return grouped(self.norms.values(), lambda norm: (norm.instrument,), self.instruments)

    @cached_property
    def recommendation_texts(self) -> tuple[str, ...]:
        """For each recommendation the words that a search may meet."""
        texts = ((r.symbol, r.paragraph, r.text, *r.recommended_by, *r.themes) for r in self.recommendations.values())
        return tuple(map(search.text_of, texts))

    @cached_property
    def commitments(self) -> tuple[CommitmentRecord, ...]:
        """Commitments of all plans."""
        return tuple(c for plan in self.plans.values() for c in plan.rows)

    @cached_property
    def by_metric(self) -> dict[str, list[CommitmentRecord]]:
        """Commitments of all plans that each metric answers."""
        return grouped(self.commitments, lambda c: [c.metric] if c.metric else [], self.metrics)

    @cached_property
    def beside_by_metric(self) -> dict[str, list[CommitmentRecord]]:
        """Commitments of all plans that each metric is shown beside."""
        return grouped(self.commitments, lambda c: c.beside, self.metrics)

    @cached_property
    def named_by(self) -> dict[str, list[CommitmentRecord]]:
        """Commitments of all plans whose text names each body."""
        return grouped(self.commitments, lambda c: c.bodies, self.bodies)

    @cached_property
    def baseline_by_metric(self) -> dict[str, list[BaselineRecord]]:
        """Records of the baselines of all plans that stand near each metric."""
        records = (record for plan in self.plans.values() for record in plan.baseline.values())
        return grouped(records, lambda record: record.metrics, self.metrics)

    @cached_property
    def produced_by(self) -> dict[str, list[MetricRecord]]:
        """Metrics that each body publishes."""
        return grouped(self.metrics.values(), lambda m: [m.producer] if m.producer else [], self.bodies)

    @cached_property
    def wordings(self) -> dict[str, dict[int, tuple[float, tuple[int, ...]]]]:
        """For each plan the wordings in force that a search may meet: weight, and places of the commitments, by key.

        A commitment is found by its own words, and by those of its metric, its paragraph and the rights above it.
        """
        return {code: self._wordings_of(plan) for code, plan in self.plans.items()}

    def _wordings_of(self, plan: PlanView) -> dict[int, tuple[float, tuple[int, ...]]]:
        records: dict[str, Mapping[str, object]] = {
            "commitment": plan.commitments,
            "provision": plan.provisions,
            "metric": self.metrics,
            "category": plan.categories,
        }

        def worded_by(place: int) -> Iterator[tuple[str, str]]:
            c = plan.rows[place]
            yield from (("commitment", c.code), ("provision", c.provision))
            yield from [("metric", c.metric)] if c.metric else ()
            yield from (("category", code) for code in plan.ancestry[c.category])

        return {
            key: (weight, tuple(places))
            for (kind, code), places in grouped(range(len(plan.rows)), worded_by).items()
            for key, _subject, _texts, weight in islice(
                search.wordings_of(records[kind][code]), None if kind == "commitment" else 1
            )
        }

    @cached_property
    def happened(self) -> dict[str, tuple[timeline.Change, ...]]:
        """For each plan, when its statuses changed as things happened, oldest first."""
        return {code: timeline.happened(self, plan) for code, plan in self.plans.items()}

    @cached_property
    def published(self) -> dict[str, tuple[timeline.Change, ...]]:
        """For each plan, when its statuses changed on this site, oldest first."""
        return {code: timeline.published(self, plan) for code, plan in self.plans.items()}
