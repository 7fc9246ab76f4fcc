"""What happens to something that is public already: correct, withdraw, amend.

Each drafts a new row, which goes through review like any other; what it replaces stays readable. Redaction, which alone
takes something away, stands in ``redaction``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from tracker.models import Assessment, Evidence, State, Update, What, public_day
from tracker.text import typed

from .errors import NotAllowed
from .files import same_file
from .ledger import take_turn
from .progress import NOT_SAID, Row, draft, publish_all
from .registry import amendment, apply
from .searching import index_again


def _require_current(published: Update | Assessment) -> None:
    """Raise ``NotAllowed`` unless the row counts today: published, not replaced, and something that can be replaced."""
    if published.is_amendment:
        raise NotAllowed(_("An amendment is put right by another amendment."))
    if published.is_withdrawal:
        raise NotAllowed(_("What was withdrawn stays withdrawn; publish it anew."))
    if not type(published).objects.live().filter(pk=published.pk).exists():
        raise NotAllowed(_("Only what is public and not replaced yet can be replaced."))
    if begun := open_successor(published):
        sentence = _("A correction or withdrawal of it is begun already, as draft %(number)s: go on with that one.")
        raise NotAllowed(sentence % {"number": begun.pk})


def open_successor(published: Update | Assessment) -> Any:
    """The draft that would replace a published row, if one is on its way: two of them could not both be published."""
    return type(published).objects.filter(replaces=published).exclude(state=State.PUBLISHED).first()


@transaction.atomic
def correct(
    *, published: Row, changes: Mapping[str, Any], reason: str, by: User, evidence: Iterable[Evidence] | None = None
) -> Row:
    """Draft a correction: a new row that names the one it replaces, with a reason. It goes through review like any.

    ``changes`` gives new values by field; ``evidence`` the whole new list, by default the same sources again.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("A correction says why.")})
    _require_current(published)
    copied = [field.attname for field in published._meta.concrete_fields if field.name not in NOT_SAID]
    copy = type(published)(**{name: typed.seen(getattr(published, name)) for name in copied})
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.replaces, copy.reason = published, reason.strip()
    if evidence is None:
        cited = published.evidence.order_by("pk")
        evidence = [Evidence(source=e.source, locator=e.locator, note=e.note, **same_file(e)) for e in cited]
        for each in evidence:
            each.locator, each.note = typed.seen(each.locator), typed.seen(each.note)
    return draft(record=copy, by=by, evidence=evidence)


@transaction.atomic
def withdraw(*, published: Update | Assessment, reason: str, by: User) -> Update | Assessment:
    """Draft a withdrawal of a published row. Once published, the row stays readable and no longer counts."""
    if not reason.strip():
        raise ValidationError({"reason": _("A withdrawal says why.")})
    if isinstance(published, Assessment):
        changes = {"withdrawn": True, "summary": _("Withdrawn."), "caveat": ""}
        return correct(published=published, changes=changes, reason=reason, by=by, evidence=[])
    _require_current(published)
    record = Update(
        what=What.WITHDRAWAL,
        metric=published.metric,
        commitment=published.commitment,
        as_of=public_day(),
        replaces=published,
        reason=reason.strip(),
        summary=_("Withdrawn."),
    )
    return draft(record=record, by=by)


@transaction.atomic
def amend(*, record: Model, changes: Mapping[str, Any], reason: str, by: User) -> Update:
    """Draft an amendment of a record of the registry: wording, target, deadline, figure, side or what it rests on.

    ``changes`` gives the new value of each field by name, as in a seed row. Old and new value stand in the public
    record for good. It goes through review like any other row. Raises ``ValidationError`` by field.
    """
    return draft(record=amendment(record, changes, reason), by=by)


@transaction.atomic
def amend_at_once(*, record: Model, changes: Mapping[str, Any], reason: str, by: User, reviewer: User) -> Update:
    """Amend from the seed files, which one account compiled and another checked before release."""
    take_turn()
    update = amendment(record, changes, reason)
    apply(update)
    publish_all(records=[(update, [])], by=by, reviewer=reviewer)
    index_again(update.about)
    return update
