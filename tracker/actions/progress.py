"""Progress on its way to the public: draft, submit, give back, publish. And the files that its evidence brings.

Each action is keyword-only, names who acts, and is one transaction together with its log entry. Publishing takes a
second person: the database refuses a row whose reviewer wrote it or edited it last.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.ledger.content import public_content
from tracker.models import Assessment, Evidence, State, Update
from tracker.roles import may_publish, may_write
from tracker.uploads import storage

from .errors import Conflict, NotAllowed
from .ledger import append, take_turn
from .registry import apply, check, check_all, index_again

Row = TypeVar("Row", Update, Assessment)


def _current(record: Row, version: int | None = None) -> Row:
    """The row as it stands now, read again behind the writers' lock.

    Raises ``NotAllowed`` once it is published, and ``Conflict`` where it is no longer the ``version`` that was seen.
    """
    take_turn()
    current = type(record).objects.get(pk=record.pk)
    if current.state == State.PUBLISHED:
        raise NotAllowed(_("It is published already, and what is published is not changed."))
    if version is not None and current.version != version:
        raise Conflict(_("Somebody else has changed this draft since you opened it. Your words are still here."))
    return current


@storage.all_or_none()
@transaction.atomic
def draft(*, record: Row, by: User, evidence: Iterable[Evidence] | None = (), version: int | None = None) -> Row:
    """Save a draft with its evidence; anybody on the staff who may edit can change it until it is published.

    What was submitted becomes a draft again by an edit. ``evidence`` is the whole new list of ``Evidence`` objects,
    each with the ``upload`` that was checked where it brings a file; ``None`` leaves it as it is. ``version`` is what
    the editor saw: where the draft has moved on since, ``Conflict`` is raised and nothing is lost. Raises
    ``ValidationError`` by field.

    An author who saves it again does not take the place of the last colleague who edited it: otherwise that colleague
    could publish words of their own.
    """
    version_now, editor, new = 0, by, record._state.adding
    if new:
        record.author = by
    else:
        current = _current(record, version)
        record.author, version_now = current.author, current.version
        editor = current.edited_by if by.pk == current.author_id else by
    before = record.state, record.version, record.edited_by_id
    record.version, record.edited_by, record.state = version_now + 1, editor, State.DRAFT
    # None of these is an editor's to give.
    record.reviewer = record.entry = record.redacted_by = record.submitted_by = None
    try:
        _check_and_save(record, known=["author", "edited_by"])
    except ValidationError:
        record.state, record.version, record.edited_by_id = before
        raise
    if evidence is not None:
        _cite(record, list(evidence), new=new)
    return record


def _cite(record: Update | Assessment, evidence: list[Evidence], *, new: bool) -> None:
    """Put this evidence in the place of what a draft cites; files that no row names any more go after the commit."""
    if not new:
        stored = set(record.evidence.exclude(stored="").values_list("stored", flat=True))
        record.evidence.filter(entry__isnull=True).delete()
        # What cannot be taken away now is found by sweep_files; it must not take the new files with it.
        transaction.on_commit(lambda: forget_unnamed(stored), robust=True)
    own = _supports(type(record))
    for each in evidence:
        each.pk, each._state.adding = None, True
        setattr(each, own, record)
        take_in(each)
        _check_and_save(each, known=[own])


def _supports(model: type[Update | Assessment]) -> str:
    """The field of evidence that names what it supports."""
    return "assessment" if model is Assessment else "update_record"


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
def submit(*, record: Row, by: User, version: int | None = None) -> Row:
    """Hand a draft to review. It must be whole: the same checks as for publishing, the second person apart.

    ``version`` is what was seen: where the draft has moved on since, ``Conflict`` is raised.
    """
    if not may_write(by):
        raise NotAllowed(_("Handing in is for those who write drafts."))
    record = _current(record, version)
    if record.state == State.SUBMITTED:
        raise NotAllowed(_("It is with the reviewers already."))
    _require_whole(record)
    record.state, record.submitted_by = State.SUBMITTED, by
    record.version += 1
    record.save()
    return record


@transaction.atomic
def give_back(*, record: Row, by: User, note: str, version: int | None = None) -> Row:
    """Return a submitted row to its author with a reason that stays inside."""
    if not may_publish(by):
        raise NotAllowed(_("Returning is for reviewers."))
    if not note.strip():
        raise ValidationError({"returned_note": _("Say what is to be mended.")})
    record = _current(record, version)
    if record.state != State.SUBMITTED:
        raise NotAllowed(_("Only what was submitted can be returned."))
    record.state, record.returned_note = State.RETURNED, note.strip()
    record.version += 1
    record.save()
    return record


def _require_whole(record: Update | Assessment, evidence: Sequence[Evidence] | None = None) -> None:
    """Raise ``ValidationError`` unless the row, with its evidence, has all that a public row needs.

    ``evidence`` stands in for a row that is not written yet; it brings no files.
    """
    cited = list(record.evidence.all()) if evidence is None else evidence
    problems = record.what_it_lacks(on=timezone.localdate(), evidence=cited)
    if evidence is None and (sentence := what_is_wrong_with_files(cited)):
        problems[NON_FIELD_ERRORS] = sentence
    if problems:
        raise ValidationError(problems)
    check(record=record, known_references=True)


@transaction.atomic
def publish(*, record: Row, by: User, version: int | None = None) -> Row:
    """Make a submitted row public: it joins the log and can no longer change.

    ``version`` is what the reviewer read: where the row has moved on since, ``Conflict`` is raised. Raises
    ``NotAllowed`` for a person who may not, for the author or last editor, and for a row that was not submitted;
    ``ValidationError`` for a row that is not whole.
    """
    if not may_publish(by):
        raise NotAllowed(_("Publishing is for reviewers."))
    record = _current(record, version)
    if record.state != State.SUBMITTED:
        raise NotAllowed(_("Only what was submitted for review can be published."))
    if by.pk in (record.author_id, record.edited_by_id):
        raise NotAllowed(_("It is published by somebody who neither wrote it nor edited it last."))
    _require_whole(record)
    if record.replaces_id and not type(record).objects.live().filter(pk=record.replaces_id).exists():
        raise NotAllowed(_("What it replaces was replaced already."))
    if record.is_amendment:
        apply(record)
    entry = append(changes=[(record.log_action, record.subject, public_content(record))], by=by)[0]
    record.state, record.reviewer, record.entry = State.PUBLISHED, by, entry
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
        record.reviewer = reviewer
    check_all(records, _require_whole)
    contents = ((record, public_content(record, evidence=evidence)) for record, evidence in records)
    entries = append(changes=[(row.log_action, row.subject, content) for row, content in contents], by=by)
    model = type(records[0][0])
    own = _supports(model)
    for (record, evidence), entry in zip(records, entries, strict=True):
        record.state, record.entry = State.PUBLISHED, entry
        for each in evidence:
            setattr(each, own, record)
    model.objects.bulk_create([record for record, _evidence in records])
    Evidence.objects.bulk_create(each for _record, evidence in records for each in evidence)
    # Evidence is frozen after it is all there: the database lets none join a row that has frozen evidence.
    entry_of_its_row = Subquery(model.objects.filter(pk=OuterRef(own)).values("entry")[:1])
    written = Evidence.objects.filter(**{f"{own}__entry__gte": entries[0].pk}, entry__isnull=True)
    written.update(entry=entry_of_its_row)
    for record, _evidence in records:
        record._final = True


def take_in(evidence: Evidence) -> None:
    """Store the upload that a piece of evidence brings, and let the row name it. Raises ``ValidationError``."""
    upload = getattr(evidence, "upload", None)
    digest = upload.hash if upload is not None else evidence.file_hash
    if Evidence.objects.taken_away([digest]):
        raise ValidationError(_("This file was taken away for somebody's safety and is not published again."))
    if upload is not None:
        evidence.file_hash, evidence.file_name = upload.hash, upload.name
        evidence.file_type, evidence.file_size = upload.type, upload.size
        evidence.stored = storage.store(upload.content)


def forget_unnamed(stored: set[str]) -> None:
    """Take away those stored files that no row names any more."""
    named = set(Evidence.objects.filter(stored__in=stored).values_list("stored", flat=True))
    storage.forget(stored - named)


def unnamed(stored: set[str]) -> set[str]:
    """Those stored files that no row names, or only rows whose file was taken away."""
    rows = list(Evidence.objects.exclude(stored="").values_list("stored", "file_hash", "redacted_by"))
    gone = {digest for _name, digest, redacted in rows if redacted}
    return stored - {name for name, digest, _redacted in rows if digest not in gone}


def what_is_wrong_with_files(evidence: Iterable[Evidence]) -> str:
    """A sentence on a file that cannot be published, because it is lost, changed or was taken away; blank for none."""
    cited = [each for each in evidence if each.file_hash]
    if not cited:
        return ""
    if Evidence.objects.taken_away(each.file_hash for each in cited):
        return _("A file of it was taken away for somebody's safety and is not published again.")
    lost = next((each.file_name for each in cited if not storage.intact(each.stored, each.file_hash)), None)
    return "" if lost is None else _("The file “%(name)s” is lost: choose it again.") % {"name": lost}


def same_file(evidence: Evidence) -> dict[str, Any]:
    """The file of a published piece of evidence for a row that cites it again; nothing where it was taken away."""
    return {} if Evidence.objects.taken_away([evidence.file_hash]) else evidence.file_fields()


def copies_of(hashes: Iterable[str]) -> set[str]:
    """Names of all stored files with these hashes."""
    return set(Evidence.objects.filter(file_hash__in=hashes).exclude(stored="").values_list("stored", flat=True))
