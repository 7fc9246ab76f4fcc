"""What becomes of drafts that do not go on: taken back from the reviewers, or discarded, alone or with their import."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.models import Assessment, Deed, Evidence, State, Update
from tracker.models.roles import ADMINISTRATOR, role_of

from .errors import NotAllowed
from .files import forget_unnamed
from .ledger import take_turn
from .messages import settle
from .opening import forget_uncited, move_on, typed_with
from .progress import Row, current
from .trail import note_each


@transaction.atomic
def take_back(*, record: Row, by: User, version: int | None = None) -> Row:
    """Make a draft of what its author, or whoever handed it in, wants back from the reviewers."""
    record = current(record, version)
    if record.state != State.SUBMITTED:
        raise NotAllowed(_("Only what is with the reviewers can be taken back."))
    if by.pk not in (record.author_id, record.submitted_by_id):
        raise NotAllowed(_("It is taken back by its author or by whoever handed it in."))
    record.state, record.submitted_by = State.DRAFT, None
    move_on(record, by, Deed.TAKEN_BACK)
    return record


def may_discard(*, record: Update | Assessment, by: User) -> bool:
    """Whether a row is this person's to throw away: an author's own, or an administrator's where the author has left.

    What was handed in is taken back first.
    """
    theirs = by.pk == record.author_id or (not record.author.is_active and role_of(by) == ADMINISTRATOR)
    return by.is_active and theirs and record.state in (State.DRAFT, State.RETURNED)


@transaction.atomic
def discard(*, record: Row, by: User, version: int | None = None) -> None:
    """Take a draft away for good, with its evidence and private files. The trail alone keeps that it was there."""
    record = current(record, version)
    if record.state == State.SUBMITTED:
        raise NotAllowed(_("It is with the reviewers: take it back first."))
    if not may_discard(record=record, by=by):
        raise NotAllowed(_("A draft is discarded by its author, or by an administrator once the author has left."))
    _take_away([record], by)


@transaction.atomic
def undo_import(*, batch: str, by: User) -> int:
    """Discard every row that came with an import, as long as none of it is public; how many there were.

    It is for whoever imported them and for administrators. What was handed in meanwhile goes too.
    """
    take_turn()
    rows: list[Any] = [row for model in (Update, Assessment) for row in model.objects.filter(batch=batch or None)]
    if not rows:
        raise NotAllowed(_("Nothing is left of this import."))
    if any(row.state == State.PUBLISHED for row in rows):
        raise NotAllowed(_("Something of this import is public: discard the other rows one by one."))
    if role_of(by) != ADMINISTRATOR and any(row.author_id != by.pk for row in rows):
        raise NotAllowed(_("An import is undone by whoever imported it, or by an administrator."))
    _take_away(rows, by, detail=_("with its import"))
    return len(rows)


@transaction.atomic
def discard_rest(*, batch: str, by: User, seen: Mapping[tuple[str, int], int | None]) -> int:
    """Discard the drafts of an import of which something may be public already; how many.

    ``seen`` has the version of each as it was shown, by kind and number. What has moved on since, is public, is with
    the reviewers or is not this person's to discard stays.
    """
    take_turn()
    rows: list[Any] = []
    for model in (Update, Assessment):
        drafts = model.objects.filter(batch=batch or None, state__in=(State.DRAFT, State.RETURNED))
        rows += [row for row in drafts.select_related("author") if may_discard(record=row, by=by)]
    rows = [row for row in rows if seen.get((row._meta.model_name, row.pk)) == row.version]
    _take_away(rows, by, detail=_("with the rest of its import"))
    return len(rows)


def _take_away(rows: Iterable[Any], by: User, detail: str = "") -> None:
    """Delete rows that were never public; their trail stays. Files that nothing names any more go after the commit."""
    rows = list(rows)
    note_each(by=by, deed=Deed.DISCARDED, records=rows, detail=detail)
    stored: set[str] = set()
    brought: set[int] = set()
    for model in (Update, Assessment):
        numbers = [row.pk for row in rows if isinstance(row, model)]
        for start in range(0, len(numbers), 500):
            some = numbers[start : start + 500]
            cited = Evidence.objects.filter(**{f"{Evidence.field_of(model)}__in": some})
            brought |= typed_with(cited)
            stored |= set(cited.exclude(stored="").values_list("stored", flat=True))
            cited.delete()
            model.objects.filter(pk__in=some).delete()
            settle(model, some)
    forget_uncited(brought, by)
    transaction.on_commit(lambda: forget_unnamed(stored), robust=True)
