"""Additions to the registry: plans, categories, provisions, groups, metrics, commitments, bodies and sources.

What is there already changes by amendment only (``tracker.actions.progress``).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from tracker.models import broken_checks
from tracker.schema import plain_row, subject_of, table_of

from .ledger import append
from .search_index import index_again, index_new

Record = TypeVar("Record", bound=models.Model)
Relations = Mapping[str, Iterable[models.Model]]  # the set of each many-to-many field by name


class InvalidRecords(Exception):
    """Some of many records are wrong. ``problems`` pairs each such record with its ``ValidationError``."""

    def __init__(self, problems: Sequence[tuple[models.Model, ValidationError]]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} records are not valid")


def check(*, record: models.Model, known_references: bool = False) -> None:
    """Raise ``ValidationError`` by field for whatever is wrong with a record.

    With ``known_references`` the foreign keys were just looked up and uniqueness was checked by the caller, which
    saves several queries a record in a load of thousands.
    """
    if not known_references:
        record.full_clean()
        return
    foreign = {f.name for f in record._meta.concrete_fields if isinstance(f, models.ForeignKey)}
    problems: dict[str, Any] = {}
    try:
        record.clean_fields(exclude=foreign)
        record.clean()
    except ValidationError as error:
        problems = error.update_error_dict(problems)
    for broken in broken_checks(record):
        problems = broken.update_error_dict(problems)
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def register(*, record: Record, by: User, relations: Relations | None = None) -> Record:
    """Add one record to the registry, with its log entry.

    ``relations`` gives the set of each many-to-many field by name. Raises ``ValidationError`` by field, also for a
    record that is there already, and then nothing is written.
    """
    if not record._state.adding:
        raise ValidationError(_("What is in the registry changes by amendment."))
    check(record=record)
    record.save()
    for name, related in (relations or {}).items():
        getattr(record, name).set(related)
    append(changes=[("register", subject_of(record), plain_row(record))], by=by)
    index_new([record])
    return record


@transaction.atomic
def rearrange(*, record: Record, by: User, relations: Relations | None = None) -> Record:
    """Change a plan, category, provision or group: how the text is ordered and labelled, not what is promised.

    Raises ``ValidationError`` for records whose wording or measure is amended instead, and for a new code.
    """
    if table_of(record).amended:
        raise ValidationError(_("This record changes by amendment."))
    old: Any = type(record)._default_manager.get(pk=record.pk)
    if old.code != record.code:  # type: ignore[attr-defined]
        raise ValidationError({"code": _("The code %(old)s is permanent and cannot change.") % {"old": old.code}})
    if getattr(old, "plan_id", None) != getattr(record, "plan_id", None):
        raise ValidationError({"plan": _("The plan of a record is permanent, as its address is.")})
    check(record=record)
    record.save()
    for name, related in (relations or {}).items():
        getattr(record, name).set(related)
    append(changes=[("rearrange", subject_of(record), plain_row(record))], by=by)
    index_again(record)
    return record


@transaction.atomic
def move(*, record: Any, order: int, by: User) -> None:
    """Give a record that is amended its place in the plan's order, after paragraphs before it moved.

    No entry of its own: what it says has not changed, and the move of the paragraph, which moved it, is in the log.
    """
    if by.pk is None:
        raise PermissionError("Nobody changes anything without an account.")
    record.order = order
    type(record).objects.filter(pk=record.pk).update(order=order)


@transaction.atomic
def register_all(*, records: Sequence[tuple[models.Model, Relations]], by: User) -> None:
    """Add many new records of one model, in order; the same checks and log entries as ``register``, in few queries.

    ``records`` are pairs of a record and its many-to-many sets by field name. References were looked up by the
    caller. Raises ``InvalidRecords`` with all that are wrong, and then nothing is written.
    """
    if not records:
        return
    model = type(records[0][0])
    problems = []
    for record, _relations in records:
        try:
            check(record=record, known_references=True)
        except ValidationError as error:
            problems.append((record, error))
    if problems:
        raise InvalidRecords(problems)
    model._default_manager.bulk_create([record for record, _relations in records])
    for field in model._meta.many_to_many:
        through: Any = field.remote_field.through
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        through.objects.bulk_create(
            through(**{f"{own}_id": record.pk, f"{other}_id": related.pk})
            for record, relations in records
            for related in relations.get(field.name, ())
        )
    append(
        changes=[
            ("register", subject_of(record), plain_row(record, relations=relations)) for record, relations in records
        ],
        by=by,
    )
    index_new(record for record, _relations in records)
