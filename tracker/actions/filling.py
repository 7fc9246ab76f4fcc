"""A preparation filled from a file: afterwards it holds what the file says, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from tracker.models import Category, Preparation
from tracker.schema import BODIES, CATEGORIES, PLAN, TABLES, Table

from .errors import NotAllowed
from .preparation import change, current, prepare_all, remove
from .registry import Relations

STAY = (BODIES, PLAN)  # keep their numbers: others may lean on a plan, and a plan on its publisher


@transaction.atomic
def fill(
    *,
    preparation: Preparation,
    records: Mapping[Table, Sequence[tuple[Any, Relations]]],
    by: User,
    version: int | None = None,
) -> Preparation:
    """Make a preparation hold exactly these records, which are unsaved and name each other, or public ones.

    Raises ``NotAllowed``, ``Conflict`` where it is no longer the ``version`` that was seen, and ``InvalidRecords``;
    then nothing is written.
    """
    now = current(preparation, version)
    staying = {table: {each.code: each for each in table.model.everything.filter(preparation=now)} for table in STAY}
    _clear_the_rest(now)
    for table in TABLES:
        new = []
        for record, relations in records.get(table, ()):
            before = _before(table, staying, record)
            if before is None:
                record.pk = None
                new.append((record, relations))
                continue
            _name_again(record)
            record.pk, record._state.adding, record.preparation = before.pk, False, now
            if table.row_of(before) != table.row_of(record):
                change(record=record, by=by, relations=relations)
        for level in _levels(table, new):
            for record, _relations in level:
                _name_again(record)
            prepare_all(preparation=now, records=level, by=by)
    for code in {each.code for each in staying[BODIES].values()} - {each.code for each, _r in records.get(BODIES, ())}:
        remove(record=staying[BODIES][code], by=by)
    return current(now)


def _before(table: Table, staying: Mapping[Table, Mapping[str, Any]], record: Any) -> Any:
    """The record that this one takes the place of. A preparation holds one plan, whatever its code."""
    if table is PLAN:
        return next(iter(staying[PLAN].values()), None)
    return staying.get(table, {}).get(record.code)


def _clear_the_rest(preparation: Preparation) -> None:
    Category.everything.filter(preparation=preparation).update(parent=None)
    for table in reversed(TABLES):
        if table in STAY:
            continue
        try:
            table.model.everything.filter(preparation=preparation).delete()
        except ProtectedError as error:
            names = ", ".join(sorted(str(each) for each in error.protected_objects)[:3])
            raise NotAllowed(_("Something still names what is in it: %(names)s.") % {"names": names}) from error


def _name_again(record: Any) -> None:
    """Let a record name by number what it names by object: the objects have got their numbers since."""
    for field in record._meta.concrete_fields:
        if field.many_to_one and field.is_cached(record):
            setattr(record, field.name, field.get_cached_value(record))


def _levels(table: Table, records: list[tuple[Any, Relations]]) -> list[list[tuple[Any, Relations]]]:
    """Records in parts, none of which names another of its own part."""
    if table is not CATEGORIES:
        return [records]
    levels: dict[int, list[tuple[Any, Relations]]] = {}
    for pair in records:
        depth, above = 0, pair[0].parent
        while above is not None:
            depth, above = depth + 1, above.parent
        levels.setdefault(depth, []).append(pair)
    return [levels[depth] for depth in sorted(levels)]
