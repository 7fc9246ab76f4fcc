"""What happens to something that is public already: correct, withdraw, amend, redact.

The first three draft a new row, which goes through review like any other; what it replaces stays readable. Redaction
alone takes something away, for people's safety, and is itself an entry of the log.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.ledger.content import public_content
from tracker.models import Assessment, Evidence, LedgerBody, LedgerEntry, Update, What, triggers
from tracker.models.final import FinalModel
from tracker.roles import may_publish
from tracker.uploads import storage

from .errors import NotAllowed
from .ledger import append, take_turn
from .progress import Row, copies_of, draft, publish_all, same_file
from .registry import amendment, apply, index_again

NOT_COPIED = {
    *("id", "state", "author", "edited_by", "submitted_by", "reviewer", "entry", "replaces", "seed_key"),
    *("redacted_by", "version", "returned_note"),
}


def _require_current(published: Update | Assessment) -> None:
    """Raise ``NotAllowed`` unless the row counts today: published, not replaced, and something that can be replaced."""
    if published.is_amendment:
        raise NotAllowed(_("An amendment is put right by another amendment."))
    if published.is_withdrawal:
        raise NotAllowed(_("What was withdrawn stays withdrawn; publish it anew."))
    if not type(published).objects.live().filter(pk=published.pk).exists():
        raise NotAllowed(_("Only what is public and not replaced yet can be replaced."))


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
    copied = [field.attname for field in published._meta.concrete_fields if field.name not in NOT_COPIED]
    copy = type(published)(**{name: getattr(published, name) for name in copied})
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.replaces, copy.reason = published, reason.strip()
    if evidence is None:
        cited = published.evidence.order_by("pk")
        evidence = [Evidence(source=e.source, locator=e.locator, note=e.note, **same_file(e)) for e in cited]
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
        as_of=timezone.localdate(),
        replaces=published,
        reason=reason.strip(),
        summary=_("Withdrawn."),
    )
    return draft(record=record, by=by)


@transaction.atomic
def amend(*, record: Model, changes: Mapping[str, Any], reason: str, by: User) -> Update:
    """Draft an amendment of public wording, a target, a deadline, a metric, a body or a source.

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


@transaction.atomic
def redact(*, record: Update | Assessment | LedgerEntry, reason: str, by: User) -> LedgerEntry:
    """Empty the text of something public for people's safety: wording and files go, numbers, place and hashes stay.

    ``record`` is a published row, or the log entry that registered a record: there only the log's text goes, and the
    record itself changes by amendment. The log entry keeps its salted hash and its place; its text and salt are gone
    for good. The redaction is an entry of its own with the reason, which must not repeat what is taken away, and with
    what is left of the row, so that it can still be compared with the log.
    """
    if not may_publish(by):
        raise NotAllowed(_("Redaction is for reviewers."))
    if not reason.strip():
        raise ValidationError({"reason": _("A redaction says why.")})
    take_turn()
    record = type(record).objects.get(pk=record.pk)
    if isinstance(record, LedgerEntry):
        _require_text(record.action in ("register", "rearrange") and record.body.text is not None)
        return _take_text(record, reason, by)
    _require_text(record.is_final() and record.redacted_by_id is None)
    published: Any = record.entry
    entry = _take_text(published, reason, by, left=_emptied(record))
    _empty(record, entry)
    return entry


def _require_text(still_there: bool) -> None:
    if not still_there:
        raise NotAllowed(_("Only a published text that is still there can be redacted."))


def _take_text(taken: LedgerEntry, reason: str, by: User, **left: dict[str, Any]) -> LedgerEntry:
    """Take the text and the salt of an entry away; the new entry that says so."""
    content = {"entry": taken.pk, "reason": reason.strip(), **left}
    entry = append(changes=[("redact", f"entry {taken.pk}", content)], by=by)[0]
    LedgerBody.objects.filter(pk=taken.pk).update(text=None, salt="", redacted_by=entry)
    return entry


def _emptied(record: Update | Assessment) -> Any:
    """The public content of a row as it will be without its texts."""
    evidence = list(record.evidence.order_by("pk"))
    for each in (record, *evidence):
        for name in triggers.TEXTS[type(each)]:
            setattr(each, name, "")
    if isinstance(record, Update) and record.changes is not None:
        record.changes = {}
    return public_content(record, evidence=evidence)


def _empty(record: Update | Assessment, entry: LedgerEntry) -> None:
    """Take the texts of a row and of its evidence away, and once that is committed the files.

    It goes around the queryset's own refusal: the database lets through exactly these changes and no other.
    """
    QuerySet(Evidence).filter(pk__in=record.evidence.values("pk")).update(**_blank(Evidence, entry))
    blank = _blank(type(record), entry) | ({"changes": {}} if record.is_amendment else {})
    QuerySet(type(record)).filter(pk=record.pk).update(**blank)
    if record.is_amendment:
        index_again(record.about)
    files = copies_of(each.file_hash for each in record.evidence.all() if each.file_hash)
    # A file that cannot be taken away now must not undo what else the commit brings; sweep_files finds it.
    transaction.on_commit(lambda: storage.forget(files), robust=True)


def _blank(model: type[FinalModel], entry: LedgerEntry) -> dict[str, Any]:
    return {"redacted_by": entry, **dict.fromkeys(triggers.TEXTS[model], "")}
