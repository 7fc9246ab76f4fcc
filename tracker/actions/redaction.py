"""Redaction: the one thing that takes something public away, for people's safety.

One reviewer asks for it and says why; a second one sees exactly what goes and confirms it. It is an entry of the log.
"""

import json
from typing import Any

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import search
from tracker.ledger.content import public_content
from tracker.models import (
    Assessment,
    Deed,
    ImportRow,
    LedgerBody,
    LedgerEntry,
    RedactionRequest,
    SeedProblem,
    SeedRow,
    State,
    Update,
    What,
    triggers,
)
from tracker.models.final import FinalModel
from tracker.models.roles import may_publish
from tracker.schema import plain_row, record_of, table_of
from tracker.text import typed
from tracker.uploads import storage

from . import messages
from .errors import NotAllowed
from .files import copies_of
from .ledger import append, take_turn
from .people import stand_in_for
from .searching import forget_statement, index_again
from .trail import note
from .unsaved import TELLING, forget_words

Redactable = Update | Assessment | LedgerEntry
MODELS: dict[str, Any] = {str(model._meta.model_name): model for model in (Update, Assessment, LedgerEntry)}
ENTRY = "ledgerentry"


@transaction.atomic
def ask_redaction(*, record: Redactable, reason: str, by: User) -> RedactionRequest:
    """Ask that the text of something public be taken away. Nothing changes before a second reviewer confirms it.

    ``record`` is a published row, or the log entry that registered a record. The reason becomes public with the
    redaction: it must not repeat what is taken away.
    """
    _require_reviewer(by)
    if not reason.strip():
        raise ValidationError({"reason": _("A redaction says why.")})
    reason = typed.text(reason)
    take_turn()
    record = type(record).objects.get(pk=record.pk)
    _require_text(record)
    if waiting_request(record) is not None:
        raise NotAllowed(_("It was asked for already: a second reviewer looks at it."))
    request = RedactionRequest(kind=str(record._meta.model_name), row=record.pk, reason=reason.strip(), asked_by=by)
    request.asked_at = timezone.now()
    request.save()
    note(by=by, deed=Deed.REDACTION_ASKED, record=record, subject=str(record) if request.kind == ENTRY else "")
    messages.tell_reviewers(request, by)
    return request


def waiting_request(record: Redactable) -> RedactionRequest | None:
    """The request to redact this that waits for a second person, if there is one."""
    return RedactionRequest.objects.filter(kind=record._meta.model_name, row=record.pk, entry=None).first()


def subject_of_request(request: RedactionRequest) -> Any:
    """The row or log entry that a request is about."""
    return MODELS[request.kind].objects.get(pk=request.row)


def why_not_confirm(*, request: RedactionRequest, by: User) -> str:
    """Why a person does not confirm a redaction, as a sentence to them; blank where they may."""
    if by.pk == request.asked_by_id:
        return _("You asked for it: a second reviewer looks at what goes, and confirms it.")
    if request.asked_by_id in stand_in_for(by):
        return _("One of you made the other's account or set its password: somebody else confirms it.")
    return ""


@transaction.atomic
def confirm_redaction(*, request: RedactionRequest, by: User) -> LedgerEntry:
    """Empty the text of something public for people's safety: wording and files go, numbers, place and hashes stay.

    Of a log entry that registered a record only the log's text goes; the record itself changes by amendment. The log
    entry of what is redacted keeps its salted hash and its place; its text and salt are gone for good. The redaction is
    an entry of its own with the reason, and with what is left of the row, so that it can be compared with the log.
    """
    _require_reviewer(by)
    request = _undecided(request)
    if sentence := why_not_confirm(request=request, by=by):
        raise NotAllowed(sentence)
    record = subject_of_request(request)
    _require_text(record)
    entry = _redact(record, request.reason, by)
    request.confirmed_by, request.entry, request.reason = by, entry, ""
    request.save()
    messages.settle(RedactionRequest, [request.pk])
    note(by=by, deed=Deed.REDACTED, record=record, subject=str(record) if request.kind == ENTRY else "")
    transaction.on_commit(_leave_no_journal, robust=True)
    return entry


@transaction.atomic
def decline_redaction(*, request: RedactionRequest, by: User) -> None:
    """Let the text stand: the request goes, with its reason. Whoever asked takes it back the same way."""
    _require_reviewer(by)
    request = _undecided(request)
    record = subject_of_request(request)
    messages.settle(RedactionRequest, [request.pk])
    request.delete()
    note(by=by, deed=Deed.REDACTION_DECLINED, record=record, subject=str(record) if request.kind == ENTRY else "")


def what_goes(record: Redactable) -> list[tuple[str, str, str]]:
    """What a redaction takes: where each text stands, the text, and what is left in its place."""
    if isinstance(record, LedgerEntry):
        content = json.loads(record.body.text or "{}")
        return [(name, str(value), "") for name, value in content.items() if value not in (None, "", [])]
    goes = [(_name(record, name), getattr(record, name), left) for name, left in _blank(record).items()]
    goes += [(name, f"{old or '–'} → {new or '–'}", "") for name, (old, new) in (record.amends or {}).items()]
    for each in record.evidence.select_related("source").order_by("pk"):
        goes += [
            (f"{each._meta.verbose_name}, {_name(each, name)}", getattr(each, name), left)
            for name, left in _blank(each).items()
        ]
    return [(place, text, left) for place, text, left in goes if text]


def _name(record: Model, name: str) -> str:
    return str(record._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _require_reviewer(by: User) -> None:
    if not may_publish(by):
        raise NotAllowed(_("Redaction is for reviewers."))


def _undecided(request: RedactionRequest) -> RedactionRequest:
    take_turn()
    waiting = RedactionRequest.objects.filter(pk=request.pk, entry=None).first()
    if waiting is None:
        raise NotAllowed(_("It was decided on already."))
    return waiting


def _require_text(record: Any) -> None:
    if isinstance(record, LedgerEntry):
        # Before everything was amended, ``rearrange`` entries had a changed record as a whole.
        has_text = record.action in ("register", "rearrange") and record.body.text is not None
    else:
        has_text = record.is_final() and record.redacted_by_id is None
    if not has_text:
        raise NotAllowed(_("Only a published text that is still there can be redacted."))


def _redact(record: Any, reason: str, by: User) -> LedgerEntry:
    if isinstance(record, LedgerEntry):
        _forget_names(record_of(record.subject))
        return _take_text(record, reason, by)
    SeedRow.objects.filter(reason=record.reason).update(reason="")
    SeedProblem.objects.all().delete()  # they repeat words of rows, and are noted anew at the next start
    _forget_copies(record)
    entry = _take_text(record.entry, reason, by, left=_emptied(record))
    _empty(record, entry)
    _empty_drafts(record, by)
    return entry


def _leave_no_journal() -> None:
    """Write the pages that held the text over now, and not at the journal's next turn. SQLite only."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _take_text(target: LedgerEntry, reason: str, by: User, **left: dict[str, Any]) -> LedgerEntry:
    """Take the text and the salt of an entry away; the new entry that says so."""
    content = {"entry": target.pk, "reason": reason.strip(), **left}
    entry = append(changes=[("redact", f"entry {target.pk}", content)], by=by)[0]
    LedgerBody.objects.filter(pk=target.pk).update(text=None, salt="", redacted_by=entry)
    return entry


def _emptied(record: Update | Assessment) -> Any:
    """The public content of a row as it will be without its texts."""
    evidence = list(record.evidence.order_by("pk"))
    for each in (record, *evidence):
        for name, blank in _blank(each).items():
            setattr(each, name, blank)
    if isinstance(record, Update) and record.changes is not None:
        record.changes = {}
    return public_content(record, evidence=evidence)


def _empty(record: Update | Assessment, entry: LedgerEntry) -> None:
    """Take the texts of a row and of its evidence away, and once that is committed the files.

    It goes around the queryset's own refusal: the database lets through exactly these changes and no other.
    """
    for each in (record, *record.evidence.all()):
        changes: dict[str, Any] = {"changes": {}} if each is record and record.is_amendment else {}
        QuerySet(type(each)).filter(pk=each.pk).update(redacted_by=entry, **_blank(each), **changes)
    _forget_names(record)
    if record.is_amendment:
        _forget_names(record.about)
        index_again(record.about)
    forget_statement(record)
    search.forget()
    files = copies_of(each.file_hash for each in record.evidence.all() if each.file_hash)
    # A file that cannot be taken away now must not undo what else the commit brings; sweep_files finds it.
    transaction.on_commit(lambda: storage.forget(files), robust=True)


def _empty_drafts(record: Update | Assessment, by: User) -> None:
    """Take the texts of drafts that repeat those of a redacted row away: of its corrections, which go back to their
    authors, and of amendments that were drafted before it was published, which nobody can publish any more.
    """
    for draft_of in type(record).objects.filter(replaces=record).exclude(state=State.PUBLISHED):
        for each in draft_of.evidence.all():
            type(each).objects.filter(pk=each.pk).update(**_blank(each))
        for name, blank in _blank(draft_of).items():
            setattr(draft_of, name, blank)
        draft_of.reason = _("What it replaces was redacted.")  # a row that replaces another says why
        draft_of.returned_note = _("What it corrects was redacted, and its words with it. Write them anew.")
        draft_of.returned_as = None
        draft_of.state, draft_of.version = State.RETURNED, draft_of.version + 1
        draft_of.save()
        _forget_names(draft_of)
        note(by=by, deed=Deed.RETURNED, record=draft_of, detail=_("What it corrects was redacted."))
    if record.is_amendment:
        now = plain_row(record.about)
        drafted = Update.objects.filter(what=What.AMENDMENT, **{table_of(record.about).name: record.about})
        for update in drafted.exclude(state=State.PUBLISHED):
            if any(now[name] != old for name, (old, _new) in (update.changes or {}).items()):
                _forget_names(update)
                note(by=by, deed=Deed.DISCARDED, record=update, detail=_("It repeated what was redacted."))
                update.evidence.all().delete()
                update.delete()


def _forget_copies(record: Update | Assessment) -> None:
    """Forget what of the same words stands in forms that nobody saved and in rows of imports that became no draft.

    Of its own forms and those of its corrections all goes, of others what holds one of its texts.
    """
    words = [text for _place, text, _left in what_goes(record)]
    for row in (record, *type(record).objects.filter(replaces=record).exclude(state=State.PUBLISHED)):
        forget_words(words, record=row)
    telling = [text for text in words if len(text.strip()) >= TELLING]
    lines = ImportRow.objects.exclude(cells={}).iterator()
    holding = [row.pk for row in lines if any(w in _texts(row.cells, row.answers, row.outcome) for w in telling)]
    ImportRow.objects.filter(pk__in=holding).delete()


def _texts(*values: Any) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values).replace('\\"', '"')


def _forget_names(record: Model) -> None:
    """The admin's history keeps a short text of each record that somebody changed or deleted: take it away."""
    of_its_kind = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(record))
    named = of_its_kind.filter(Q(object_id=str(record.pk)) | Q(action_flag=DELETION))  # a deleted one may have had it
    named.update(object_repr=triggers.TAKEN, change_message="")


def _blank(record: FinalModel) -> dict[str, str]:
    """What stands in the place of the texts of a row once they are taken away."""
    kind: Any = type(record)
    masked = {name: triggers.TAKEN if getattr(record, name) else "" for name in triggers.MASKED.get(kind, ())}
    return dict.fromkeys(triggers.TEXTS[kind], "") | masked
