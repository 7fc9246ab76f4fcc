"""The registry as it stood at a log entry, as records: what plans share, what each holds, what that rests on."""

import dataclasses
import datetime
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.db.models import Manager, Model, QuerySet
from django.urls import reverse

from tracker import models
from tracker.models import LedgerEntry, Update, What
from tracker.records import baseline, registry
from tracker.schema import ONE, Key, record_named, set_field, subject_of
from tracker.text import plain_number

from .plan import grouped

Record = TypeVar("Record")
AS_STORED = (str, bool, int, datetime.date)


@lru_cache
def _fields(kind: type) -> tuple[tuple[str, bool], ...]:
    """Names of the fields of a record, each with whether a blank one is an empty text."""
    return tuple((field.name, field.type is str) for field in dataclasses.fields(kind))


def public_record(kind: type[Record], row: Model, **given: object) -> Record:
    """A stored row in its public shape: fields of the same name are taken over, ``given`` has the others.

    What a row points at is named by its code, and a set by its codes in order; numbers have no zeros at their end.
    """
    fields = _fields(cast(Any, kind))
    return kind(**{name: given[name] if name in given else _public(row, name, text) for name, text in fields})


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
    return tuple(sorted(each.code for each in value.all())) if isinstance(value, Manager) else value.code


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


def _earlier_values(known: int) -> dict[Model, dict[str, Any]]:
    """What amendments published after an entry changed: for each record the values that it had then."""
    later = Update.objects.published().filter(what=What.AMENDMENT, entry__gt=known).order_by("-entry_id")
    values: dict[Model, dict[str, Any]] = {}
    for update in later.select_related("commitment__plan", "metric", "body", "source"):
        before = {name: old for name, (old, _new) in (update.changes or {}).items()}
        values[update.about] = values.get(update.about, {}) | before
    return values


def _lay_back(record: Any, name: str, old: Any) -> None:
    """Give a record a value that it had before an amendment."""
    field = record._meta.get_field(name)
    if field.many_to_many:
        record._prefetched_objects_cache[name] = list(field.related_model.objects.filter(code__in=old or ()))
    elif field.many_to_one:
        setattr(record, name, record_named(record, Key(name, ONE, to=field.related_model), old))
    else:
        set_field(record, name, old)


class Registry:
    """The registry as it stood at a log entry, as records; amendments published later are laid back.

    What a plan holds stands under its code, in the order of its files. ``rows`` are its commitments as they are stored,
    which the method is asked about.
    """

    def __init__(self, known: int, head: int) -> None:
        self._earlier = _earlier_values(known) if known < head else {}
        self._registered = registered(known) if known < head else None
        self.bodies = self._shared(models.Body, registry.BodyRecord)
        self.groups = self._shared(models.BeneficiaryGroup, registry.GroupRecord)
        self.metrics = self._shared(models.Metric, registry.MetricRecord)
        self.sources = self._shared(models.Source, registry.SourceRecord)
        self.instruments = self._shared(models.Instrument, baseline.InstrumentRecord, order="pk")
        self.norms = self._shared(models.Norm, baseline.NormRecord, order="pk")
        self.plans = list(self._as_then(models.Plan))
        self.categories = self._of_plans(models.Category, registry.CategoryRecord, "right-detail")
        self.provisions = self._of_plans(models.Provision, registry.ProvisionRecord, "provision-detail")
        self.baseline = self._of_plans(models.BaselineFigure, baseline.BaselineRecord, "baseline-detail", _of_figure)
        self.passages = self._of_plans(models.BaselinePassage, baseline.PassageRecord)
        self.adherences = self._of_plans(models.Adherence, baseline.AdherenceRecord)
        links = self._of_plans(models.NormLink, baseline.NormLinkRecord, "", _of_link, "norm__instrument")
        every = (link for of_plan in links.values() for link in of_plan.values())
        self._links = grouped(every, lambda link: [(link.plan, link.commitment)])
        self.rows: dict[str, dict[str, models.Commitment]] = {}
        for row in self._as_then(models.Commitment, "provision__category"):
            self.rows.setdefault(row.plan.code, {})[row.code] = row

    def links_of(self, plan: str, commitment: str) -> tuple[baseline.NormLinkRecord, ...]:
        """The links of a promise to norms, in the order of the files."""
        return tuple(self._links.get((plan, commitment), ()))

    def _shared(self, model: type[Model], kind: type[Record], order: str = "") -> dict[str, Record]:
        """Records that plans share, by code."""
        return {row.code: public_record(kind, row) for row in self._as_then(model, order=order)}

    def _of_plans(
        self,
        model: type[Model],
        kind: type[Record],
        page: str = "",
        more: Callable[[Any], Mapping[str, object]] = lambda _row: {},
        *related: str,
    ) -> dict[str, dict[str, Record]]:
        """Records of each plan by code, in its order; ``page`` is the name of their address, ``more`` what differs."""
        plans: dict[str, dict[str, Record]] = {}
        for row in self._as_then(model, *related):
            plan = row.plan.code
            records = plans.setdefault(plan, {})
            path = {"path": path_of(page, plan, row.code)} if page else {}
            records[row.code] = public_record(kind, row, position=len(records) + 1, **path, **more(row))
        return plans

    def _as_then(self, model: type[Model], *related: str, order: str = "") -> Iterator[Any]:
        """Rows that were registered by then, with the values that they had."""
        one = [field.name for field in model._meta.fields if field.many_to_one]
        many = [field.name for field in model._meta.many_to_many]
        rows: QuerySet[Any] = model._default_manager.select_related(*one, *related).prefetch_related(*many)
        for row in rows.order_by(order) if order else rows:
            if self._registered is not None:
                if subject_of(row) not in self._registered:
                    continue
                for name, old in self._earlier.get(row, {}).items():
                    _lay_back(row, name, old)
            yield row


def _of_figure(figure: models.BaselineFigure) -> dict[str, object]:
    """What the public record of a figure or act has otherwise: commitments in their own order, citations as records."""
    return {
        "commitments": tuple(each.code for each in sorted(figure.commitments.all(), key=lambda each: each.order)),
        "citations": tuple(baseline.RepeatRecord(**each) for each in figure.citations),
    }


def _of_link(link: models.NormLink) -> dict[str, object]:
    """What the public record of a link has beside its own fields: the norm's instrument, and where it stands."""
    page = path_of("commitment-detail", link.plan.code, link.commitment.code)
    return {"instrument": link.norm.instrument.code, "path": f"{page}#norm-{link.norm.code}"}
