"""Every change to anything public. Admin, forms, imports and the seed loader call these and nothing else.

Each action is keyword-only, names who acts, checks the record, and writes it together with its log entry in one
transaction: either both are there afterwards or neither is.
"""

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import LedgerEntry
from .roles import role_of

LEDGER_LOCK = 0x48524150  # any number that nothing else in the database locks


def subject_of(record):
    """How the log names a record: its model, and its code behind the code of its plan."""
    plan = getattr(record, "plan", None)
    place = f"{plan.code}/{record.code}" if plan is not None else record.code
    return f"{record._meta.model_name} {place}"


def _append(entries):
    """Add entries at the end of the log, in order, behind a lock that keeps writers in line."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
    LedgerEntry.objects.bulk_create(entries)


def check(*, record, known_references=False):
    """Raise ``ValidationError`` by field for whatever is wrong with a registry record.

    With ``known_references`` the foreign keys were just looked up and uniqueness was checked by the caller, which
    saves several queries a record in a load of thousands.
    """
    if not known_references:
        record.full_clean()
        return
    foreign = {f.name for f in record._meta.concrete_fields if isinstance(f, models.ForeignKey)}
    problems = {}
    try:
        record.clean_fields(exclude=foreign)
        record.clean()
    except ValidationError as error:
        problems = error.update_error_dict(problems)
    for constraint in record._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            try:
                constraint.validate(type(record), record)
            except ValidationError as error:
                problems = error.update_error_dict(problems)
    if problems:
        raise ValidationError(problems)


def _refuse_new_code(record):
    """A code is part of addresses and citations: once given, it stays."""
    if record.pk:
        old = type(record).objects.filter(pk=record.pk).values_list("code", flat=True).first()
        if old is not None and old != record.code:
            raise ValidationError({"code": _("The code %(old)s is permanent and cannot change.") % {"old": old}})


@transaction.atomic
def register(*, record, by, relations=None, summary="", known_references=False):
    """Add or change one record of the registry: plan, category, provision, group, metric, commitment or body.

    ``relations`` gives the whole new set of each many-to-many field by name; ``summary`` says what changed. The log
    has one more entry afterwards. Raises ``ValidationError`` by field, and then nothing is written.
    """
    added = record._state.adding
    if not added:
        _refuse_new_code(record)
    check(record=record, known_references=known_references)
    record.save()
    for name, related in (relations or {}).items():
        getattr(record, name).set(related)
    _append(
        [
            LedgerEntry(
                at=timezone.now(),
                action="register" if added else "change",
                subject=subject_of(record),
                role=role_of(by),
                summary=summary,
            )
        ]
    )
    return record


class InvalidRecords(Exception):
    """Some of many records are wrong. ``problems`` pairs each such record with its ``ValidationError``."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(f"{len(problems)} records are not valid")


@transaction.atomic
def register_all(*, records, by):
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
    model.objects.bulk_create([record for record, _relations in records])
    for field in model._meta.many_to_many:
        through = field.remote_field.through
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        through.objects.bulk_create(
            through(**{f"{own}_id": record.pk, f"{other}_id": related.pk})
            for record, relations in records
            for related in relations.get(field.name, ())
        )
    at, role = timezone.now(), role_of(by)
    _append(
        [LedgerEntry(at=at, action="register", subject=subject_of(record), role=role) for record, _relations in records]
    )
