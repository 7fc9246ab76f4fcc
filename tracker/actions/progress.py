"""Progress on its way to the public: draft, submit, give back, publish. And the files that its evidence brings.

Each action is keyword-only, names who acts, and is one transaction together with its log entry. Nobody publishes a row
of which they wrote or changed anything since it was begun, or which they handed in; the database refuses it too.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import JSONField, OuterRef, Subquery
from django.utils.translation import gettext as _

from tracker.ledger.content import public_content
from tracker.models import Assessment, Deed, Evidence, Notice, Preparation, State, Update, public_day
from tracker.models.roles import may_publish, may_write
from tracker.text import typed
from tracker.uploads import storage

from . import messages, trail
from .doubts import require_meant
from .errors import Conflict, NotAllowed
from .files import forget_unnamed, take_in, what_is_wrong_with_files
from .ledger import append, take_turn
from .opening import (
    behind_what_it_cites,
    forget_uncited,
    move_on,
    needed_by,
    register_prepared,
    require_public,
    typed_with,
)
from .people import stand_in_for
from .registry import apply, check, check_all
from .searching import index_again, index_statements

Row = TypeVar("Row", Update, Assessment)

# Fields of a row that are no part of what it says: who made it, and how far it is.
NOT_SAID = {
    *("id", "state", "author", "edited_by", "submitted_by", "reviewer", "entry", "replaces", "seed_key"),
    *("redacted_by", "version", "returned_note", "returned_as", "seal", "contributors", "meant", "batch"),
}


def current(record: Row, version: int | None = None) -> Row:
    """The row as it stands now, read again behind the writers' lock.

    Raises ``NotAllowed`` once it is published, and ``Conflict`` where it is no longer the ``version`` that was seen.
    """
    take_turn()
    row = type(record).objects.filter(pk=record.pk).first()
    if row is None:
        raise NotAllowed(_("This draft was discarded."))
    if row.state == State.PUBLISHED:
        raise NotAllowed(_("It is published already, and what is published is not changed."))
    if version is not None and row.version != version:
        raise Conflict(_("Somebody else has changed this draft since you opened it. Your words are still here."))
    return row


@storage.all_or_none()
@transaction.atomic
def draft(*, record: Row, by: User, evidence: Iterable[Evidence] | None = (), version: int | None = None) -> Row:
    """Save a draft with its evidence; anybody on the staff who may edit can change it until it is published.

    What was submitted becomes a draft again by an edit. ``evidence`` is the whole new list of ``Evidence`` objects,
    each with the ``upload`` that was checked where it brings a file; ``None`` leaves it as it is. ``version`` is what
    the editor saw: where the draft has moved on since, ``Conflict`` is raised and nothing is lost. Raises
    ``ValidationError`` by field. Whoever saves it is one of its contributors from then on, and never publishes it.
    """
    version_now, new, was_handed_in = 0, record._state.adding, False
    before = record.state, record.version, record.edited_by_id, record.contributors
    if new:
        record.author, record.contributors = by, ""
    else:
        now = current(record, version)
        record.author, record.contributors, record.batch = now.author, now.contributors, now.batch
        version_now, was_handed_in = now.version, now.state == State.SUBMITTED
    record.contributed(by.pk)
    record.version, record.edited_by, record.state = version_now + 1, by, State.DRAFT
    require_public(record)
    # None of these is an editor's to give.
    record.reviewer = record.entry = record.redacted_by = record.submitted_by = None
    try:
        _check_and_save(record, known=["author", "edited_by"])
    except ValidationError:
        record.state, record.version, record.edited_by_id, record.contributors = before
        raise
    if evidence is not None:
        _cite(record, list(evidence), by, new=new)
    detail = _("It had been handed in, and is a draft again.") if was_handed_in else ""
    if was_handed_in:
        messages.settle(type(record), [record.pk])
    trail.note(by=by, deed=Deed.DRAFTED if new else Deed.EDITED, record=record, detail=detail)
    return record


def _cite(record: Update | Assessment, evidence: list[Evidence], by: User, *, new: bool) -> None:
    """Put this evidence in the place of what a draft cites; files that no row names any more go after the commit."""
    before: set[int] = set()
    if not new:
        before = typed_with(record.evidence.all())
        stored = set(record.evidence.exclude(stored="").values_list("stored", flat=True))
        record.evidence.filter(entry__isnull=True).delete()
        # What cannot be taken away now is found by sweep_files; it must not take the new files with it.
        transaction.on_commit(lambda: forget_unnamed(stored), robust=True)
    own = Evidence.field_of(type(record))
    for each in evidence:
        each.pk, each._state.adding = None, True
        setattr(each, own, record)
        take_in(each)
        _check_and_save(each, known=[own])
    forget_uncited(before, by)


def _check_and_save(record: Update | Assessment | Evidence, *, known: list[str]) -> None:
    """Save a record, whose ``known`` references were just read or written. Raises ``ValidationError`` by field.

    The database keeps the constraints: asking for each of them beforehand costs a query, which is most of what a file
    of 2,000 drafts takes. Only where one is broken are they asked, for its sentence.
    """
    not_given = ["entry", "reviewer"]
    record.full_clean(exclude=[*not_given, *known], validate_constraints=False)
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        record.full_clean(exclude=not_given)
        raise


@transaction.atomic
def submit(*, record: Row, by: User, version: int | None = None, meant: Collection[str] | None = None) -> Row:
    """Hand a draft to review. It must be whole: the same checks as for publishing, the second person apart.

    ``version`` is what was seen: where the draft has moved on since, ``Conflict`` is raised. ``meant`` are the keys of
    the doubts that a person at a form answered with “I mean it”, beside those that the draft keeps: with another one
    open, ``Doubtful`` is raised, which is a ``ValidationError``. ``None`` asks nothing, where no person could answer.
    """
    if not may_write(by):
        raise NotAllowed(_("Handing in is for those who write drafts."))
    record = current(record, version)
    if record.state == State.SUBMITTED:
        raise NotAllowed(_("It is with the reviewers already."))
    _require_replaceable(record)
    _require_whole(record)
    if meant is not None:
        require_meant(record, record.answers.union(meant))
    record.state, record.submitted_by = State.SUBMITTED, by
    record.version += 1
    record.save()
    trail.note(by=by, deed=Deed.SUBMITTED, record=record)
    messages.tell_reviewers(record, by)
    return record


@transaction.atomic
def give_back(*, record: Row, by: User, note: str, version: int | None = None) -> Row:
    """Return a submitted row to its author with a ``note`` on what is to be mended, which stay inside."""
    if not may_publish(by):
        raise NotAllowed(_("Returning is for reviewers."))
    if not note.strip():
        raise ValidationError({"returned_note": _("Say what is to be mended.")})
    note = typed.text(note).strip()
    record = current(record, version)
    if record.state != State.SUBMITTED:
        raise NotAllowed(_("Only what was submitted can be returned."))
    record.state, record.returned_as = State.RETURNED, _as_it_is(record)
    record.returned_note = note
    move_on(record, by, Deed.RETURNED)
    messages.tell_authors(Notice.RETURNED, record, by)
    return record


def _as_it_is(record: Update | Assessment) -> dict[str, Any]:
    """What a row says, by column, and its evidence, as JSON: to be compared with what it says once it was mended."""
    columns: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.name not in NOT_SAID:
            value = field.value_from_object(record)
            columns[field.attname] = value if value is None or isinstance(field, JSONField) else str(value)
    cited = record.evidence.order_by("pk").values_list("source", "locator", "note", "file_name")
    return {"columns": columns, "evidence": [list(each) for each in cited]}


def _require_replaceable(record: Update | Assessment) -> None:
    if record.replaces_id and not type(record).objects.live().filter(pk=record.replaces_id).exists():
        raise NotAllowed(_("What it replaces was replaced already: discard it, and correct what is public now."))


def _require_whole(record: Update | Assessment, evidence: Sequence[Evidence] | None = None) -> None:
    """Raise ``ValidationError`` unless the row, with its evidence, has all that a public row needs.

    ``evidence`` stands in for a row that is not written yet; it brings no files.
    """
    cited = list(record.evidence.all()) if evidence is None else evidence
    problems = record.what_it_lacks(on=public_day(), evidence=cited)
    if evidence is None and (sentence := what_is_wrong_with_files(cited)):
        problems[NON_FIELD_ERRORS] = sentence
    if NON_FIELD_ERRORS in problems:  # what is said of no field is said of the evidence
        problems[NON_FIELD_ERRORS] = ValidationError(problems[NON_FIELD_ERRORS], code="evidence")
    if problems:
        raise ValidationError(problems)
    check(record=record, known_references=True)


def why_not(*, record: Update | Assessment | Preparation, by: User) -> str:
    """Why a person does not publish a row, as a sentence to them; blank where they may once it is handed in."""
    if not may_publish(by):
        return _("Publishing is for reviewers.")
    behind_it = record.contributor_ids
    try:
        cited = set() if isinstance(record, Preparation) else behind_what_it_cites(record)
    except NotAllowed as error:
        return str(error)
    if by.pk in cited - behind_it:
        return _("You wrote something of a source or body that becomes public with it: somebody else publishes it.")
    behind_it = behind_it | cited
    if by.pk in behind_it:
        return _("You wrote or changed something of it: somebody else publishes it.")
    if by.pk == record.submitted_by_id:
        return _("You handed it in: somebody else publishes it.")
    if stand_in_for(by) & {*behind_it, record.submitted_by_id}:
        return _(
            "One of you made the other's account or set its password, and that is not undone by a password and a "
            "second factor of one's own yet: somebody else publishes it."
        )
    return ""


@transaction.atomic
def publish(*, record: Row, by: User, version: int | None = None) -> Row:
    """Make a submitted row public: it joins the log and can no longer change.

    ``version`` is what the reviewer read: where the row has moved on since, ``Conflict`` is raised. Raises
    ``NotAllowed`` for a person who may not (``why_not``) and for a row that was not submitted; ``ValidationError`` for
    a row that is not whole.
    """
    record = current(record, version)
    if sentence := why_not(record=record, by=by):
        raise NotAllowed(sentence)
    if record.state != State.SUBMITTED:
        raise NotAllowed(_("Only what was submitted for review can be published."))
    _require_whole(record)
    _require_replaceable(record)
    if record.is_amendment:
        apply(record)
    needed = needed_by(record)
    for account in sorted({account for each in needed for account in each.contributor_ids}):
        record.contributed(account)  # the database asks it of the row
    register_prepared(needed, by, submitted_by=record.submitted_by)
    record.reviewer, record.seal, record.returned_as = by, secrets.token_hex(16), None
    entry = append(changes=[(record.log_action, record.subject, public_content(record))], by=by)[0]
    record.state, record.entry, record.meant = State.PUBLISHED, entry, ""
    record.version += 1
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise NotAllowed(_("The database refused it: reviewer, log entry or correction do not fit.")) from error
    record.evidence.filter(entry__isnull=True).update(entry=entry)
    record._final = True
    if record.is_amendment:
        index_again(record.about)
    index_statements([(record, record.evidence.all())])
    trail.note(by=by, deed=Deed.PUBLISHED, record=record, detail=_("log entry %(entry)s") % {"entry": entry.pk})
    messages.settle(type(record), [record.pk])
    messages.tell_authors(Notice.PUBLISHED, record, by)
    return record


@transaction.atomic
def publish_all(*, records: Sequence[tuple[Row, Sequence[Evidence]]], by: User, reviewer: User) -> None:
    """Publish many new rows at once, for the seed files: the same checks and constraints, in few queries.

    ``records`` are pairs of an unsaved row and its unsaved evidence; ``by`` compiled and ``reviewer`` checked them.
    Raises ``InvalidRecords`` with all that are wrong; then nothing is written.
    """
    if not records:
        return
    for record, _evidence in records:
        record.author = record.edited_by = by
        record.contributors = ""
        record.contributed(by.pk)
        record.reviewer, record.seal = reviewer, secrets.token_hex(16)
    check_all(records, _require_whole)
    contents = ((record, public_content(record, evidence=evidence)) for record, evidence in records)
    entries = append(changes=[(row.log_action, row.subject, content) for row, content in contents], by=by)
    model = type(records[0][0])
    own = Evidence.field_of(model)
    for (record, evidence), entry in zip(records, entries, strict=True):
        record.state, record.entry = State.PUBLISHED, entry
        for each in evidence:
            setattr(each, own, record)
    model.objects.bulk_create([record for record, _evidence in records])
    Evidence.objects.bulk_create(each for _record, evidence in records for each in evidence)
    # Evidence is frozen after it is all there: the database lets none join a row that has frozen evidence.
    entry_of_its_row = Subquery(model.objects.filter(pk=OuterRef(own)).values("entry")[:1])
    citations = Evidence.objects.filter(**{f"{own}__entry__gte": entries[0].pk}, entry__isnull=True)
    citations.update(entry=entry_of_its_row)
    for record, _evidence in records:
        record._final = True
    index_statements(records)
