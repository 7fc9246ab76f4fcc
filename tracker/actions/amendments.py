"""What an amendment is made of, and how its new values come into the registry. The actions are in ``changes``."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Assessment, Update, What
from tracker.schema import MANY, ONE, Key, plain, plain_row, record_named, set_field, table_of

from .errors import NotAllowed
from .registry import check


def amendment(record: Model, changes: Mapping[str, Any], reason: str) -> Update:
    """An unsaved amendment. Raises ``ValidationError`` where nothing or a code would change, or without a reason."""
    if not table_of(record).amended:
        raise ValidationError(_("This record is not amended."))
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
    update = Update(
        what=What.AMENDMENT,
        as_of=timezone.localdate(),
        changes=changed,
        reason=reason.strip(),
        summary=_("Amended: %(fields)s.") % {"fields": ", ".join(changed)},
    )
    setattr(update, table_of(record).name, record)
    return update


def _as_in_a_row(value: Any, type_: str) -> Any:
    """A value as rows have it: blanks as ``None``, codes of a set in their order."""
    if type_ == MANY:
        value = sorted(set(value or ()))
    elif isinstance(value, tuple):
        value = list(value)
    return None if value in ("", []) else plain(value)


def apply(update: Update | Assessment) -> None:
    """Write an amendment's new values into the registry. Raises ``NotAllowed`` where the old value has moved on."""
    record = update.about._meta.default_manager.get(pk=update.about.pk)
    now, changes = plain_row(record), update.amends or {}
    if any(now[name] != old for name, (old, _new) in changes.items()):
        raise NotAllowed(_("The record was amended otherwise since this was drafted."))
    relations = lay_on(record, changes)
    check(record=record)
    record.save()
    for name, related in relations.items():
        getattr(record, name).set(related)


def lay_on(record: Model, changes: Mapping[str, Sequence[Any]]) -> dict[str, list[Model]]:
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


def _named(record: Model, key: Key, code: str) -> Any:
    """What a code stands for, within the record's plan. Raises ``ValidationError`` where nothing has that code."""
    if (named := record_named(record, key, code)) is None:
        raise ValidationError({key.name: _("There is nothing with the code “%(code)s”.") % {"code": code}})
    return named
