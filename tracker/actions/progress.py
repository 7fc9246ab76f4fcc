"""Progress on its way to the public: draft, submit, give back, publish.

Each action is keyword-only, names who acts, and is one transaction together with its log entry. Publishing takes a
second person: the database refuses a row whose reviewer wrote it or edited it last.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.ledger.content import public_content
from tracker.models import Assessment, Evidence, State, Update, What
from tracker.roles import may_publish
from tracker.text import subject
from tracker.uploads import storage

from .amendments import apply
from .errors import Conflict, NotAllowed
from .evidence_files import forget_unnamed, take_in, what_is_wrong_with_files
from .ledger import append, take_turn
from .registry import InvalidRecords, check
from .search_index import index_again


def kind_of(record):
    """How the log names a row of progress."""
    about = record.about if isinstance(record, Update) else record.commitment or record.category
    plan = getattr(about, "plan", None)
    noun = "assessment" if isinstance(record, Assessment) else record.what
    return f"{subject(noun, about.code, plan.code if plan is not None else '')} {record.pk}"


def _current(record, version=None):
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
def draft(*, record, by, evidence=(), version=None):
    """Save a draft with its evidence; anybody on the staff who may edit can change it until it is published.

    What was submitted becomes a draft again by an edit. ``evidence`` is the whole new list of ``Evidence`` objects,
    each with the ``upload`` that was checked where it brings a file; ``None`` leaves it as it is. ``version`` is what
    the editor saw: where the draft has moved on since, ``Conflict`` is raised and nothing is lost. Raises
    ``ValidationError`` by field.
    """
    version_now, new = 0, record._state.adding
    if new:
        record.author = by
    else:
        current = _current(record, version)
        record.author, version_now = current.author, current.version
    before = record.state, record.version, record.edited_by_id
    record.version, record.edited_by, record.state = version_now + 1, by, State.DRAFT
    # None of these is an editor's to give.
    record.reviewer = record.entry = record.redacted_by = None
    try:
        _check_and_save(record, known=["author", "edited_by"])
    except ValidationError:
        record.state, record.version, record.edited_by_id = before
        raise
    if evidence is not None:
        evidence = list(evidence)
        if not new:
            stored = set(record.evidence.exclude(stored="").values_list("stored", flat=True))
            record.evidence.filter(entry__isnull=True).delete()
            transaction.on_commit(lambda: forget_unnamed(stored))
        for each in evidence:
            each.pk, each._state.adding = None, True
            setattr(each, _supports(record), record)
            take_in(each)
            _check_and_save(each, known=[_supports(record)])
    return record


def _check_and_save(record, *, known):
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


def _supports(record):
    """The field of evidence that names what it supports."""
    return "assessment" if isinstance(record, Assessment) else "update_record"


@transaction.atomic
def submit(*, record, by, version=None):
    """Hand a draft to review. It must be whole: the same checks as for publishing, the second person apart."""
    record = _current(record, version)
    if record.state == State.SUBMITTED:
        raise NotAllowed(_("It is with the reviewers already."))
    _require_whole(record)
    record.state = State.SUBMITTED
    record.version += 1
    record.save()
    return record


@transaction.atomic
def give_back(*, record, by, note, version=None):
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


def _require_whole(record, evidence=None):
    """Raise ``ValidationError`` unless the row, with its evidence, has all that a public row needs."""
    problems = {}
    today = timezone.localdate()
    if record.as_of > today:
        problems["as_of"] = _("The period lies in the future.")
    if isinstance(record, Update) and record.what == What.VALUE:
        for name in ("value", "bound", "fits", "how", "origin"):
            if getattr(record, name) in (None, ""):
                problems[name] = _("A published value needs this.")
    if isinstance(record, Update) and record.what == What.RUNG and record.origin_id is None:
        problems["origin"] = _("Say whose act or announcement it is.")
    needs_evidence = isinstance(record, Assessment) or record.what in (What.VALUE, What.RUNG, What.JUDGEMENT)
    if isinstance(record, Assessment) and record.withdrawn:
        needs_evidence = False
    if isinstance(record, Update) and record.withheld:
        needs_evidence = True  # that the State does not publish a figure is a finding, not a gap
    if needs_evidence and not (record.evidence.exists() if evidence is None else evidence):
        problems["__all__"] = _("Nothing is published without evidence.")
    if isinstance(record, Update) and record.what == What.AMENDMENT and not record.reason.strip():
        problems["reason"] = _("An amendment says why.")
    if evidence is None and (sentence := what_is_wrong_with_files(record)):
        problems["__all__"] = sentence
    if problems:
        raise ValidationError(problems)
    check(record=record, known_references=True)


@transaction.atomic
def publish(*, record, by, version=None):
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
    if isinstance(record, Update) and record.what == What.AMENDMENT:
        apply(record)
    entry = append(changes=[(action_of(record), kind_of(record), public_content(record))], by=by)[0]
    record.state, record.reviewer, record.entry = State.PUBLISHED, by, entry
    record.version += 1
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise NotAllowed(_("The database refused it: reviewer, log entry or correction do not fit.")) from error
    record.evidence.filter(entry__isnull=True).update(entry=entry)
    record._final = True
    if isinstance(record, Update) and record.what == What.AMENDMENT:
        index_again(record.about)
    return record


def action_of(record):
    """The action under which the log has the publication of a row."""
    if getattr(record, "withdrawn", False) or getattr(record, "what", "") == What.WITHDRAWAL:
        return "withdraw"
    if getattr(record, "what", "") == What.AMENDMENT:
        return "amend"
    return "correct" if record.replaces_id else "publish"


@transaction.atomic
def publish_all(*, records, by, reviewer):
    """Publish many new rows at once, for the seed files: the same checks and constraints, in few queries.

    ``records`` are pairs of an unsaved row and its unsaved evidence; ``by`` compiled and ``reviewer`` checked them.
    Raises ``InvalidRecords`` with all that are wrong; then nothing is written.
    """
    if not records:
        return
    model = type(records[0][0])
    problems = []
    for record, evidence in records:
        record.author = record.edited_by = by
        record.reviewer = reviewer
        try:
            _require_whole(record, evidence=evidence)
        except ValidationError as error:
            problems.append((record, error))
    if problems:
        raise InvalidRecords(problems)
    changes = []
    for record, evidence in records:
        changes.append((action_of(record), kind_of_seed(record), public_content(record, evidence=evidence)))
    entries = append(changes=changes, by=by)
    for (record, _evidence), entry in zip(records, entries, strict=True):
        record.state, record.entry = State.PUBLISHED, entry
    model.objects.bulk_create([record for record, _evidence in records])
    Evidence.objects.bulk_create(_bound(record, each) for record, evidence in records for each in evidence)
    # Evidence is frozen after it is all there: the database lets none join a row that has frozen evidence.
    own = _supports(records[0][0])
    entry_of_its_row = Subquery(model.objects.filter(pk=OuterRef(own)).values("entry")[:1])
    written = Evidence.objects.filter(**{f"{own}__entry__gte": entries[0].pk}, entry__isnull=True)
    written.update(entry=entry_of_its_row)
    for record, _evidence in records:
        record._final = True


def kind_of_seed(record):
    """Like ``kind_of`` for a row that has no number yet: its key in the seed files stands for it."""
    return f"{kind_of(record).removesuffix(f' {record.pk}')} {record.seed_key}".strip()


def _bound(record, evidence):
    setattr(evidence, _supports(record), record)
    return evidence
