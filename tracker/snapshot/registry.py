"""The registry as it stood at a log entry, as records: what plans share, what each holds, what that rests on."""

import copy
import dataclasses
import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast

from django.db.models import Manager, Model, QuerySet
from django.urls import reverse

from tracker import models
from tracker.models import LedgerEntry, Update, What
from tracker.models.progress import AMENDED
from tracker.records import baseline, registry
from tracker.schema import MANY, ONE, TABLES, Key, record_named, records_named, set_field, subject_of, table_of
from tracker.text.plain import plain_number

from .plan import grouped

Record = TypeVar("Record")
Link = TypeVar("Link", baseline.NormLinkRecord, baseline.RecommendationLinkRecord)
AS_STORED = (str, bool, int, datetime.date)


@lru_cache
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Names of the fields of a record, each with whether a blank one is an empty text."""
    return tuple((field.name, field.type is str) for field in dataclasses.fields(kind))


def public_record(kind: type[Record], row: Model, **values: object) -> Record:
    """A stored row in its public shape: fields of the same name are taken over, ``values`` has the others.

    What a row points at is named by its code, and a set by its codes in order; numbers have no zeros at their end.
    """
    fields = _fields(cast(Any, kind))
    return kind(**{name: values[name] if name in values else _public(row, name, text) for name, text in fields})


def _public(row: Any, name: str, is_text: bool) -> object:
    value = row.get_absolute_url() if name == "path" else getattr(row, name)
    if isinstance(value, AS_STORED):
        return value
    if value is None:
        return "" if is_text else None
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, Manager):  # what was read with its row; a question made of it would take most of the time
        return tuple(sorted(each.code for each in row._prefetched_objects_cache[name]))
    return str(value.code)


@lru_cache(maxsize=32)
def _path_before(page: str, plan: str) -> str:
    return reverse(page, args=[plan, "0"]).removesuffix("0/")


def path_of(page: str, plan: str, code: str) -> str:
    """Address of something in a plan: like ``reverse``, for thousands of them."""
    return f"{_path_before(page, plan)}{code}/"


def registered(known: int) -> dict[str, tuple[int, datetime.datetime]]:
    """Log entry that registered each record of the registry, and when: by subject, up to an entry."""
    rows = LedgerEntry.objects.filter(action="register", seq__lte=known).values_list("subject", "seq", "at")
    return {subject: (seq, at) for subject, seq, at in rows}


class _Past:
    """What the registry held at a log entry and holds otherwise now: values by record, as their rows have them.

    Amendments say what they replaced. So does what moved records in the order of a text. Before every table was
    amended, an entry ``rearrange`` had the whole row of a record as it was from then on: the entry before it on the
    same record has the row as it was until then, where its text was not taken away. Places are in no such row.
    """

    def __init__(self, known: int) -> None:
        later = LedgerEntry.objects.filter(seq__gt=known).order_by("-seq")
        self.amended: dict[tuple[str, int], dict[str, Any]] = {}
        amendments = Update.objects.published().filter(what=What.AMENDMENT, entry__gt=known).order_by("-entry_id")
        for changes, *keys in amendments.values_list("changes", *AMENDED):
            about = next(pair for pair in zip(AMENDED, keys, strict=True) if pair[1] is not None)
            before = {name: old for name, (old, _new) in (changes or {}).items()}
            self.amended[about] = self.amended.get(about, {}) | before
        subjects = set(later.filter(action="rearrange").values_list("subject", flat=True))
        rows = LedgerEntry.objects.filter(action__in=("register", "rearrange"), seq__lte=known, subject__in=subjects)
        texts = dict(rows.order_by("seq").values_list("subject", "body__text"))
        self.rows = {subject: json.loads(text) for subject, text in texts.items() if text is not None}
        self.places: dict[str, int] = {}
        for text in later.filter(action="reorder").values_list("body__text", flat=True):
            self.places |= {subject: old for subject, (old, _new) in json.loads(text or "")["order"].items()}

    def changed(self, table: str, pk: int, subject: str) -> bool:
        """Whether a record of a table said something else then, or stood elsewhere."""
        return (table, pk) in self.amended or subject in self.rows or subject in self.places

    def lay_back(self, record: Any, subject: str) -> None:
        """Give a record what it said then, unsaved."""
        table = table_of(record)
        earlier = self.amended.get((table.name, record.pk), {})
        if subject in self.rows:  # a key that it lacks came later, and was blank
            earlier = dict.fromkeys(key.name for key in table.keys) | self.rows[subject]
        for key in table.keys:
            if key.name in earlier:
                _lay_back(record, key, earlier[key.name])
        if subject in self.places:
            record.order = self.places[subject]


def _lay_back(record: Any, key: Key, old: Any) -> None:
    """Give a record an earlier value of its row."""
    if key.type == MANY:
        record._prefetched_objects_cache[key.name] = list(records_named(record, key, old or ()))
    elif key.type == ONE:
        setattr(record, key.name, record_named(record, key, old))
    else:
        set_field(record, key.name, old)


class Registry:
    """The registry as it stood at a log entry, as records; what changed later is laid back.

    What a plan holds stands under its code, in the order of its files. ``rows`` are its commitments as they are stored,
    which the method is asked about: what one names, its plan, metric and paragraph, is as it stood then, too.

    The newest, of the last entry that changed anything of it, is read from the database. An earlier one is made of it:
    what was the same then is shared.
    """

    def __init__(self, known: int, newest: "Registry | None" = None) -> None:
        self._newest, self._known = newest, known
        self._past = _Past(known) if newest else None
        self._then: dict[type[Model], dict[int, Any]] = {}
        self._records: dict[type[Model], dict[int, Any]] = {}
        self._otherwise: dict[type[Model], set[int]] = {}  # keys of rows that were otherwise then, or name such a row
        self.bodies = self._shared(models.Body, registry.BodyRecord)
        self._bodies_for: dict[str, dict[str, registry.BodyRecord]] = {}
        self.groups = self._shared(models.BeneficiaryGroup, registry.GroupRecord)
        self.metrics = self._shared(models.Metric, registry.MetricRecord)
        self.sources = self._shared(models.Source, registry.SourceRecord)
        self.instruments = self._shared(models.Instrument, baseline.InstrumentRecord, order="pk")
        self.norms = self._shared(models.Norm, baseline.NormRecord, order="pk")
        self.recommendations = self._shared(models.Recommendation, baseline.RecommendationRecord, order="pk")
        self.plans = self._as_then(models.Plan)
        self.categories = self._of_plans(models.Category, registry.CategoryRecord, "right-detail")
        self.provisions = self._of_plans(models.Provision, registry.ProvisionRecord, "provision-detail")
        self.rows: dict[str, dict[str, models.Commitment]] = {}
        for row in self._as_then(models.Commitment):
            self.rows.setdefault(row.plan.code, {})[row.code] = row
        self.baseline = self._of_plans(
            models.BaselineFigure, baseline.BaselineRecord, "baseline-detail", self._of_figure
        )
        self.passages = self._of_plans(models.BaselinePassage, baseline.PassageRecord)
        self.adherences = self._of_plans(models.Adherence, baseline.AdherenceRecord)
        self._links = _by_commitment(self._of_plans(models.NormLink, baseline.NormLinkRecord, "", _of_link))
        self._recommended = _by_commitment(
            self._of_plans(models.RecommendationLink, baseline.RecommendationLinkRecord, "", _of_recommendation_link)
        )
        if newest:
            del self._then, self._records, self._otherwise  # others are made of the newest alone

    def as_of(self, known: int) -> "Registry":
        """The registry as it stood at an entry."""
        newest = self._newest or self
        return newest if known >= newest._known else Registry(known, newest)

    def beside(self, sources: Iterable[models.Source], bodies: Iterable[models.Body | None]) -> "Registry":
        """The registry with what a draft names: records that are not public yet, some of which are not stored yet."""
        fresh = {each.code: each for each in sources if each.code not in self.sources}
        waiting = {each.code: each for each in bodies if each is not None and each.code not in self.bodies}
        if not fresh and not waiting:
            return self
        beside = copy.copy(self)
        beside.sources = self.sources | {code: public_record(registry.SourceRecord, row) for code, row in fresh.items()}
        beside.bodies = self.bodies | {code: public_record(registry.BodyRecord, row) for code, row in waiting.items()}
        beside._bodies_for = {}
        return beside

    @cached_property
    def _subjects(self) -> dict[type[Model], dict[Any, str]]:
        """How the log names each row, by model and key."""
        return {model: {pk: subject_of(row) for pk, row in rows.items()} for model, rows in self._then.items()}

    @cached_property
    def _entries(self) -> dict[str, int]:
        """Log entry that registered each record, by subject."""
        return dict(LedgerEntry.objects.filter(action="register").values_list("subject", "seq"))

    def bodies_for(self, state: str) -> dict[str, registry.BodyRecord]:
        """Who makes statements, by code, each as it stands to plans of a State."""
        if state not in self._bodies_for:
            self._bodies_for[state] = {code: body.as_seen_from(state) for code, body in self.bodies.items()}
        return self._bodies_for[state]

    def links_of(self, plan: str, commitment: str) -> tuple[baseline.NormLinkRecord, ...]:
        """The links of a promise to norms, in the order of the files."""
        return tuple(self._links.get((plan, commitment), ()))

    def recommended(self, plan: str, commitment: str) -> tuple[baseline.RecommendationLinkRecord, ...]:
        """The links of a promise to recommendations, in the order of the files."""
        return tuple(self._recommended.get((plan, commitment), ()))

    def _shared(self, model: type[Model], kind: type[Record], order: str = "") -> dict[str, Record]:
        """Records that plans share, by code."""
        rows = self._as_then(model, order=order)
        own = self._records[model] = {row.pk: self._same(model, row.pk) or public_record(kind, row) for row in rows}
        return {row.code: own[row.pk] for row in rows}

    def _of_plans(
        self,
        model: type[Model],
        kind: type[Record],
        page: str = "",
        more: Callable[[Any], Mapping[str, object]] = lambda _row: {},
    ) -> dict[str, dict[str, Record]]:
        """Records of each plan by code, in its order; ``page`` is the name of their address, ``more`` what differs."""
        plans: dict[str, dict[str, Record]] = {}
        own = self._records[model] = {}
        for row in self._as_then(model):
            plan = row.plan.code
            records = plans.setdefault(plan, {})
            position = len(records) + 1
            record = self._same(model, row.pk)
            if record is None or getattr(record, "position", position) != position:
                path = {"path": path_of(page, plan, row.code)} if page else {}
                record = public_record(kind, row, position=position, **path, **more(row))
            records[row.code] = own[row.pk] = record
        return plans

    def _same(self, model: type[Model], pk: int) -> Any:
        """The record of the newest registry, where its row said the same then; a figure names promises in order."""
        if self._newest is None or self._past is None:
            return None
        changed = self._past.changed(_table_name(model), pk, self._newest._subjects[model][pk])
        if changed or (model is models.BaselineFigure and self._past.places):
            return None
        return self._newest._records[model][pk]

    def _as_then(self, model: type[Model], order: str = "") -> list[Any]:
        """Rows that were registered by then, with the values that they had, naming rows that were read before them."""
        foreign = (f for f in model._meta.concrete_fields if f.many_to_one and f.name != "preparation")
        one = [(f.name, f.attname, f.related_model) for f in foreign]
        if self._newest is None or self._past is None:
            stored: QuerySet[Any] = cast(Any, model).objects
            stored = stored.prefetch_related(*[f.name for f in model._meta.many_to_many])
            rows = list(stored.order_by(order) if order else stored)
            self._then[model] = {row.pk: row for row in rows}
            self._relate(rows, one)
            return rows
        rows, copies = self._laid_back(model, self._newest, self._past, one)
        self._then[model] = {row.pk: row for row in rows}
        self._relate(copies, one)
        rows.sort(key=_place)
        return rows

    def _laid_back(
        self, model: type[Model], newest: "Registry", past: _Past, one: Iterable[tuple[str, str, Any]]
    ) -> tuple[list[Any], list[Any]]:
        """Rows of the newest registry that were registered by then; a copy, also given by itself, where one differs."""
        table, subjects = _table_name(model), newest._subjects[model]
        naming = [(column, keys) for _name, column, related in one if (keys := self._otherwise.get(related))]
        rows, copies = [], []
        for pk, row in newest._then[model].items():
            if newest._entries.get(subject := subjects[pk], self._known + 1) > self._known:
                continue
            changed = past.changed(table, pk, subject)
            if changed or any(getattr(row, column) in keys for column, keys in naming):
                row = copy.copy(row)
                lists = newest._then[model][pk].__dict__.get("_prefetched_objects_cache", {})
                row._prefetched_objects_cache = dict(lists)
                copies.append(row)
            if changed:
                past.lay_back(row, subject)
            rows.append(row)
        self._otherwise[model] = {row.pk for row in copies}
        return rows, copies

    def _relate(self, rows: Iterable[Any], one: Iterable[tuple[str, str, Any]]) -> None:
        for row in rows:
            for name, column, related in one:
                if (known := self._then[related].get(getattr(row, column))) is not None:
                    setattr(row, name, known)

    def _of_figure(self, figure: models.BaselineFigure) -> dict[str, object]:
        """What the record of a figure or act has otherwise: commitments in their own order, citations as records."""
        mine: Mapping[str, Any] = self.rows.get(figure.plan.code, {})
        commitments = sorted(figure.commitments.all(), key=lambda each: mine.get(each.code, each).order)
        return {
            "commitments": tuple(each.code for each in commitments),
            "citations": tuple(baseline.RepeatRecord(**each) for each in figure.citations),
        }


@lru_cache
def _table_name(model: type[Model]) -> str:
    return next(table.name for table in TABLES if table.model is model)


def _place(row: Any) -> tuple[int, str]:
    """Where a row stands among its like: plans from the newest, what a plan has in its order, others as they were."""
    if isinstance(row, models.Plan):
        return -row.starts_on.toordinal(), row.code
    return getattr(row, "order", 0), ""


def _by_commitment(links: Mapping[str, Mapping[str, Link]]) -> dict[tuple[str, str], list[Link]]:
    """Links of all plans by the codes of plan and promise."""
    every = (link for of_plan in links.values() for link in of_plan.values())
    return grouped(every, lambda link: [(link.plan, link.commitment)])


def _of_link(link: models.NormLink) -> dict[str, object]:
    """What the public record of a link has beside its own fields: the norm's instrument, and where it stands."""
    page = path_of("commitment-detail", link.plan.code, link.commitment.code)
    return {"instrument": link.norm.instrument.code, "path": f"{page}#norm-{link.norm.code}"}


def _of_recommendation_link(link: models.RecommendationLink) -> dict[str, object]:
    page = path_of("commitment-detail", link.plan.code, link.commitment.code)
    return {"path": f"{page}#recommendation-{link.recommendation.code}"}
