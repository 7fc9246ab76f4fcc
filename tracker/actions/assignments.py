"""Who works on what: things given to people and taken back. Inside only; each deed is in the trail."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Assignment, Category, Commitment, Deed, Metric
from tracker.models.roles import may_publish, may_write

from .errors import NotAllowed
from .ledger import take_turn
from .trail import note as note_in_trail

Thing = Commitment | Metric | Category


def may_assign(by: User, to: User) -> bool:
    """Whether somebody may give work to somebody: reviewers and administrators to all who write, others themselves."""
    return may_write(by) and may_write(to) and (by.pk == to.pk or may_publish(by))


def may_close(by: User, assignment: Assignment) -> bool:
    """Whether somebody may end an assignment: her own, or as reviewer or administrator anybody's."""
    return may_write(by) and (by.pk == assignment.person_id or may_publish(by))


@transaction.atomic
def assign(
    *, things: Iterable[Thing], to: User, by: User, due_on: datetime.date | None = None, note: str = ""
) -> list[Assignment]:
    """Give promises, metrics or rights to a person, in the place of whoever had them. All of them or none.

    Raises ``NotAllowed`` for those who may not, and for an editor who would take what is a colleague's;
    ``ValidationError`` by field.
    """
    if not may_write(to):
        raise ValidationError({"person": _("Work is given to people who may record.")})
    if not may_assign(by, to):
        raise NotAllowed(_("Giving work to others is for reviewers; you can take it yourself."))
    take_turn()
    assignments = []
    for thing in things:
        field = str(thing._meta.model_name)
        before = Assignment.objects.filter(**{field: thing}, closed_at__isnull=True).select_related("person").first()
        if before is not None and not may_close(by, before):
            raise NotAllowed(_("%(code)s is with a colleague: a reviewer can give it to you.") % {"code": thing.code})
        if before is not None:
            before.closed_at = timezone.now()
            before.save()
        assignment = Assignment(person=to, by=by, due_on=due_on, note=note.strip())
        setattr(assignment, field, thing)
        assignment.full_clean(exclude=["person", "by", field])
        assignment.save()
        until = f" until {due_on}" if due_on else ""
        note_in_trail(by=by, deed=Deed.ASSIGNED, record=assignment, detail=f"to {to.username}{until}")
        assignments.append(assignment)
    return assignments


@transaction.atomic
def close(*, assignments: Iterable[Assignment], by: User) -> int:
    """End assignments: done, or given back. How many were still open. Raises ``NotAllowed``; then none is ended."""
    take_turn()
    pks = [each.pk for each in assignments]
    rows = list(Assignment.objects.open().filter(pk__in=pks))
    for row in rows:
        if not may_close(by, row):
            raise NotAllowed(_("You can give back what is yours; the rest is for reviewers."))
        row.closed_at = timezone.now()
        row.save()
        detail = f"taken from {row.person.get_username()}"
        note_in_trail(by=by, deed=Deed.ASSIGNED, record=row, detail=detail)
    return len(rows)
