"""The registry: plans, categories, provisions, groups, metrics, commitments, bodies, sources and what they rest on.

A record is added, and changes by amendment only, which is drafted and published as progress is
(``tracker.actions.changes``); its place in the order of a text is no word about it and moves with an entry of the log.
The index of the search follows every change of a wording.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from tracker.models import Assessment, Metric, Update, What, broken_checks, code_taken, public_day
from tracker.schema import MANY, ONE, Key, plain_row, plain_value, record_named, set_field, subject_of, table_of

from .errors import NotAllowed, Refused
from .ledger import append
from .searching import index_new

Record = TypeVar("Record", bound=models.Model)
Beside = TypeVar("Beside")
Relations = Mapping[str, Iterable[models.Model]]  # the set of each many-to-many field by name


class InvalidRecords(Refused):
    """Some of many records are wrong. ``problems`` pairs each such record with its ``ValidationError``."""

    def __init__(self, problems: Sequence[tuple[models.Model, ValidationError]]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} records are not valid")

    @property
    def messages(self) -> list[str]:
        """Each problem as a sentence behind the record that it is with."""
        return [f"{record}: {message}" for record, each in self.problems for message in each.messages]


def check(*, record: models.Model, known_references: bool = False, waiting: Collection[str] = ()) -> None:
    """Raise ``ValidationError`` by field for whatever is wrong with a record; ``waiting`` are fields not asked yet.

    With ``known_references`` the foreign keys were just looked up and uniqueness was checked by the caller, which
    saves several queries a record in a load of thousands.
    """
    if not known_references:
        record.full_clean(exclude=waiting)
        return
    foreign = {f.name for f in record._meta.concrete_fields if isinstance(f, models.ForeignKey)}
    problems: dict[str, Any] = {}
    try:
        record.clean_fields(exclude={*foreign, *waiting})
        record.clean()
    except ValidationError as error:
        problems = error.update_error_dict(problems)
    for broken in broken_checks(record):
        problems = broken.update_error_dict(problems)
    if problems:
        raise ValidationError(problems)


def check_all(pairs: Iterable[tuple[Record, Beside]], check_one: Callable[[Record, Beside], None]) -> None:
    """Check many records, each with what comes with it. Raises ``InvalidRecords`` with all that are wrong."""
    problems = []
    for record, beside in pairs:
        try:
            check_one(record, beside)
        except ValidationError as error:
            problems.append((record, error))
    if problems:
        raise InvalidRecords(problems)


def require_own_metrics(record: Any, relations: Relations) -> None:
    """Raise ``ValidationError`` by field where a set names a metric of another State than that of the record's plan."""
    for name, related in relations.items():
        for each in related:
            if isinstance(each, Metric) and not each.serves(record.plan):
                names = {"metric": each.name, "state": each.state, "own": record.plan.state}
                sentence = _("“%(metric)s” is a metric of %(state)s; the plan is one of %(own)s.")
                raise ValidationError({name: sentence % names})


def _write(record: models.Model, relations: Relations) -> None:
    check(record=record)
    require_own_metrics(record, relations)
    record.save()
    for name, related in relations.items():
        getattr(record, name).set(related)


@transaction.atomic
def reorder(*, places: Mapping[Any, int], by: User) -> None:
    """Give records of one model and plan other places in its order. One entry of the log has the old and the new ones.

    What a record says does not change by it, and so it takes no second person.
    """
    if not places:
        return
    first = next(iter(places))
    moved = {subject_of(record): [record.order, order] for record, order in places.items()}
    for record, order in places.items():
        record.order = order
    type(first)._default_manager.bulk_update(places, ["order"])
    append(changes=[("reorder", subject_of(first.plan), {"order": moved})], by=by)


@transaction.atomic
def register_all(*, records: Sequence[tuple[models.Model, Relations]], by: User) -> None:
    """Add many new records of one model, in order, each with its log entry, in few queries: public at once.

    It is for seed files, which one account compiled and another checked; by hand a record is in preparation first.

    ``records`` are pairs of a record and its many-to-many sets by field name. References were looked up by the
    caller. Raises ``InvalidRecords`` with all that are wrong, and then nothing is written.
    """
    if not records:
        return
    check_all(records, _check_new)
    _require_free(records)
    add_all(records)
    rows = ((record, plain_row(record, relations=relations)) for record, relations in records)
    append(changes=[("register", subject_of(record), row) for record, row in rows], by=by)
    index_new(record for record, _relations in records)


def _require_free(records: Sequence[tuple[models.Model, Relations]]) -> None:
    """Raise ``InvalidRecords`` for those whose code something in preparation has."""
    by_code = {(getattr(each, "plan_id", None), each.code): each for each, _relations in records}  # type: ignore[attr-defined]
    model: Any = type(records[0][0])
    rows = model.everything.filter(preparation__isnull=False, code__in=[code for _plan, code in by_code])
    doubled: list[Any] = [by_code.get((getattr(row, "plan_id", None), row.code)) for row in rows]
    if problems := [(each, ValidationError({"code": code_taken(each.code)})) for each in doubled if each is not None]:
        raise InvalidRecords(problems)


def add_all(records: Sequence[tuple[models.Model, Relations]]) -> None:
    """Write many new records of one model with their many-to-many sets, which the caller has checked."""
    model = type(records[0][0])
    model._default_manager.bulk_create([record for record, _relations in records])
    for field in model._meta.many_to_many:
        through: Any = field.remote_field.through
        own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
        through.objects.bulk_create(
            through(**{f"{own}_id": record.pk, f"{other}_id": related.pk})
            for record, relations in records
            for related in relations.get(field.name, ())
        )


def _check_new(record: models.Model, relations: Relations) -> None:
    check(record=record, known_references=True)
    require_own_metrics(record, relations)


def amendment(record: models.Model, changes: Mapping[str, Any], reason: str) -> Update:
    """An unsaved amendment. Raises ``ValidationError`` where nothing or a code would change, or without a reason."""
    if getattr(record, "preparation_id", None) is not None:
        raise ValidationError(_("It is in preparation: it changes there, without an amendment."))
    old = plain_row(type(record)._default_manager.get(pk=record.pk))
    if unknown := sorted(changes.keys() - old.keys()):
        raise ValidationError(_("This record has no %(names)s.") % {"names": ", ".join(unknown)})
    types = {key.name: key.type for key in table_of(record).keys}
    new = {name: _as_in_a_row(value, types[name]) for name, value in changes.items()}
    changed = {name: [old[name], value] for name, value in new.items() if old[name] != value}
    if not changed:
        raise ValidationError(_("Nothing would change."))
    if "code" in changed:
        raise ValidationError({"code": _("A code is permanent.")})
    if not reason.strip():
        raise ValidationError({"reason": _("An amendment says why.")})
    return Update(
        what=What.AMENDMENT,
        as_of=public_day(),
        changes=changed,
        reason=reason.strip(),
        summary=_("Amended: %(fields)s.") % {"fields": ", ".join(changed)},
        **{table_of(record).name: record},
    )


def _as_in_a_row(value: Any, type_: str) -> Any:
    """A value as rows have it: blanks as ``None``, codes of a set in their order."""
    if type_ == MANY:
        value = sorted(set(value or ()))
    elif isinstance(value, tuple):
        value = list(value)
    return None if value is False or value in ("", []) else plain_value(value)


def apply(update: Update | Assessment) -> None:
    """Write an amendment's new values into the registry. Raises ``NotAllowed`` where the old value has moved on."""
    record = update.about._meta.default_manager.get(pk=update.about.pk)
    now, changes = plain_row(record), update.amends or {}
    if any(now[name] != old for name, (old, _new) in changes.items()):
        raise NotAllowed(_("The record was amended otherwise since this was drafted."))
    _write(record, lay_on(record, changes))


def lay_on(record: models.Model, changes: Mapping[str, Sequence[Any]]) -> dict[str, list[models.Model]]:
    """Give a record its new values, unsaved; the new sets are returned by field. Raises ``ValidationError``."""
    relations = {}
    for key in table_of(record).keys:
        if key.name not in changes:
            continue
        new = changes[key.name][1]
        if key.type == MANY:
            relations[key.name] = [_named(record, key, code) for code in new or ()]
        elif key.type == ONE:
            setattr(record, key.name, _named(record, key, new) if new else None)
        else:
            set_field(record, key.name, new)
    return relations


def _named(record: models.Model, key: Key, code: str) -> Any:
    """What a code stands for, within the record's plan. Raises ``ValidationError`` where nothing has that code."""
    if (named := record_named(record, key, code)) is None:
        raise ValidationError({key.name: _("There is nothing with the code “%(code)s”.") % {"code": code}})
    return named
