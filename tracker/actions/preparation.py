"""Records of the registry before they are public: begun, changed and removed by anybody on the staff who may write.

A preparation is opened by somebody who wrote nothing of it: all that it holds is registered at once, in the order of
the loader's tables, with the same checks and log entries. Nothing before that is in the log; the trail of the staff has
all of it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import (
    Commitment,
    DeadlineBasis,
    Deed,
    Job,
    JobState,
    Notice,
    Plan,
    Preparation,
    Registered,
    State,
    code_taken,
)
from tracker.models.roles import ADMINISTRATOR, may_publish, may_write, role_of
from tracker.schema import subject_of, table_of

from . import messages
from .errors import Conflict, NotAllowed
from .ledger import take_turn
from .opening import (
    MAY_WAIT,
    empty,
    in_a_line,
    move_on,
    problems,
    register_prepared,
    require_own,
    still_named,
    take_back_what_cites,
    throw_away,
)
from .progress import why_not
from .registry import InvalidRecords, Relations, add_all, check
from .trail import note

Record = TypeVar("Record", bound=Registered)


def current(preparation: Preparation, version: int | None = None) -> Preparation:
    """The preparation as it stands now, read again behind the writers' lock.

    Raises ``NotAllowed`` once it is open or gone, and ``Conflict`` where it is no longer the ``version`` that was seen.
    """
    take_turn()
    row = Preparation.objects.filter(pk=preparation.pk).first()
    if row is None:
        raise NotAllowed(_("This preparation was discarded."))
    if row.is_open:
        raise NotAllowed(_("It is public already: what is public changes by amendment."))
    if version is not None and row.version != version:
        raise Conflict(_("Somebody else changed something of it since you opened the page. Look at it again."))
    return row


@transaction.atomic
def begin(*, by: User, subject: str, of_plan: bool = False, of_row: bool = False) -> Preparation:
    """An empty preparation: of a plan, or of shared records. ``subject`` names it by codes, as “plan osmarra-2030”.

    ``of_row``: it is typed with a row that cites it, and needs not be handed in by itself.
    """
    _require_writer(by)
    now = timezone.now()
    preparation = Preparation(subject=subject[:200], of_plan=of_plan, of_row=of_row, author=by, edited_by=by)
    preparation.begun_at = preparation.changed_at = now
    preparation.contributed(by.pk)
    preparation.full_clean(exclude=["author", "edited_by"])
    preparation.save()
    note(by=by, deed=Deed.DRAFTED, record=preparation)
    return preparation


@transaction.atomic
def prepare(*, preparation: Preparation, record: Record, by: User, relations: Relations | None = None) -> Record:
    """Add a new record to a preparation. Raises ``ValidationError`` by field, and then nothing is written."""
    try:
        prepare_all(preparation=preparation, records=[(record, relations or {})], by=by)
    except InvalidRecords as error:
        raise error.problems[0][1] from error
    return record


@transaction.atomic
def prepare_by_itself(*, record: Record, by: User, relations: Relations | None = None, of_row: bool = False) -> Record:
    """A new record in a preparation of its own, of which it takes the name."""
    preparation = begin(by=by, subject=subject_of(record), of_plan=isinstance(record, Plan), of_row=of_row)
    return prepare(preparation=preparation, record=record, by=by, relations=relations)


@transaction.atomic
def prepare_all(*, preparation: Preparation, records: Sequence[tuple[Record, Relations]], by: User) -> None:
    """Add many new records of one model, in order. Raises ``InvalidRecords`` with all that are wrong.

    ``records`` are pairs of a record and its many-to-many sets by field name. They may name public records and those
    of the same preparation.
    """
    if not records:
        return
    _require_writer(by)
    now = current(preparation)
    new = [record for record, _relations in records]
    for record in new:
        record.preparation = now
    if isinstance(new[0], Plan):
        _take_plan(now, new)
    faults: list[tuple[models.Model, ValidationError]] = list(_doubled(new))
    for record, relations in records:
        try:
            _check(record, relations, one=len(records) == 1)
        except ValidationError as error:
            faults = [pair for pair in faults if len(records) > 1 or pair[0] is not record]  # said by the model itself
            faults.append((record, error))
    if faults:
        raise InvalidRecords(faults)
    try:
        with transaction.atomic():
            add_all(records)
    except IntegrityError as error:  # a norm's number, an instrument's adherence
        raise InvalidRecords([(new[0], ValidationError(_("One of these records is there already.")))]) from error
    first, more = subject_of(new[0]), len(new) - 1
    _changed(
        now,
        by,
        _("added: %(first)s and %(n)s more") % {"first": first, "n": more}
        if more
        else _("added: %(first)s") % {"first": first},
    )


@transaction.atomic
def change(*, record: Record, by: User, relations: Relations | None = None) -> Record:
    """Write what a record in preparation says now; no amendment, no reason. Raises ``ValidationError`` by field.

    ``relations`` are the sets that change; others stay. Deadlines that the text does not state move with the plan.
    """
    _require_writer(by)
    preparation = _preparation_of(record)
    if isinstance(record, Plan):
        implied = Commitment.everything.filter(plan=record).exclude(deadline_basis=DeadlineBasis.STATED)
        implied.filter(preparation=preparation).update(deadline=record.ends_on)
    before = subject_of(type(record).everything.get(pk=record.pk))
    _check(record, relations or {}, one=True)
    record.save()
    for name, related in (relations or {}).items():
        getattr(record, name).set(related)
    if preparation.subject == before:
        preparation.subject = subject_of(record)
    _changed(preparation, by, _("changed: %(subject)s") % {"subject": subject_of(record)})
    return record


@transaction.atomic
def remove(*, record: Registered, by: User) -> None:
    """Take a record out of a preparation for good. Raises ``NotAllowed`` where something still names it."""
    _require_writer(by)
    preparation = _preparation_of(record)
    subject = subject_of(record)
    with still_named():
        record.delete()
    _changed(preparation, by, _("removed: %(subject)s") % {"subject": subject})


@transaction.atomic
def clear(*, preparation: Preparation, by: User) -> None:
    """Take everything out of a preparation, so that it can be filled again."""
    _require_writer(by)
    now = current(preparation)
    empty(now)
    _changed(now, by, _("emptied"))


@transaction.atomic
def hand_in(*, preparation: Preparation, by: User, version: int | None = None) -> Preparation:
    """Give a preparation to the reviewers. It must be whole: the same checks as for opening it."""
    _require_writer(by)
    now = current(preparation, version)
    if now.state == State.SUBMITTED:
        raise NotAllowed(_("It is with the reviewers already."))
    _require_whole(now)
    now.state, now.submitted_by = State.SUBMITTED, by
    now.version += 1
    now.save()
    note(by=by, deed=Deed.SUBMITTED, record=now)
    messages.tell_reviewers(now, by)
    return now


@transaction.atomic
def take_back(*, preparation: Preparation, by: User, version: int | None = None) -> Preparation:
    """Make a draft again of what somebody who wrote at it, or handed it in, wants back from the reviewers."""
    now = current(preparation, version)
    if now.state != State.SUBMITTED:
        raise NotAllowed(_("Only what is with the reviewers can be taken back."))
    if by.pk not in {*now.contributor_ids, now.submitted_by_id}:
        raise NotAllowed(_("It is taken back by somebody who wrote at it or handed it in."))
    now.state, now.submitted_by = State.DRAFT, None
    move_on(now, by, Deed.TAKEN_BACK)
    return now


@transaction.atomic
def send_back(*, preparation: Preparation, by: User, reason: str, version: int | None = None) -> Preparation:
    """Return what was handed in, with a note on what is to be mended, which stays inside."""
    if not may_publish(by):
        raise NotAllowed(_("Returning is for reviewers."))
    if not reason.strip():
        raise ValidationError({"returned_note": _("Say what is to be mended.")})
    now = current(preparation, version)
    if now.state != State.SUBMITTED:
        raise NotAllowed(_("Only what was submitted can be returned."))
    now.state, now.returned_note = State.RETURNED, reason.strip()
    now.full_clean(exclude=["author", "edited_by", "submitted_by"], validate_constraints=False)
    move_on(now, by, Deed.RETURNED)
    messages.tell_authors(Notice.RETURNED, now, by)
    return now


def openable(*, preparation: Preparation, by: User, version: int | None = None) -> Preparation:
    """A preparation as it stands. Raises what opening it would refuse, before anything of it is looked at."""
    now = current(preparation, version)
    if sentence := why_not(record=now, by=by):
        raise NotAllowed(sentence)
    if now.state != State.SUBMITTED:
        raise NotAllowed(_("Only what was handed in is opened."))
    return now


@transaction.atomic
def open_preparation(*, preparation: Preparation, by: User, version: int | None = None) -> Preparation:
    """Make all that is in preparation public, each record with its log entry; it cannot be taken back.

    ``version`` is what the reviewer read: where it has moved on since, ``Conflict`` is raised. Raises ``NotAllowed``
    for a person who may not (``why_not``), for what was not handed in, and for what is not whole.
    """
    now = openable(preparation=preparation, by=by, version=version)
    register_prepared([now], by)
    messages.tell_authors(Notice.PUBLISHED, now, by)
    return now


def open_asked(number: int, progress: Callable[[int, int], None]) -> None:
    """``open_preparation`` for a task: by whoever asked for it, as long as nothing changed since."""
    job = Job.objects.select_related("by").filter(kind="open", subject=number, state=JobState.RUNNING).latest("pk")
    preparation = Preparation.objects.get(pk=number)
    if preparation.changed_at > job.asked_at:
        raise Conflict(_("Somebody else changed something of it since you opened the page. Look at it again."))
    count = open_preparation(preparation=preparation, by=job.by).count
    progress(count, count)


def may_discard(*, preparation: Preparation, by: User) -> bool:
    """Whether a preparation is this person's to throw away: its author's, or an administrator's."""
    theirs = by.pk == preparation.author_id or role_of(by) == ADMINISTRATOR
    return by.is_active and theirs and preparation.state in (State.DRAFT, State.RETURNED)


@transaction.atomic
def discard(*, preparation: Preparation, by: User, version: int | None = None) -> None:
    """Throw a preparation away for good with all that is in it. The trail alone keeps that it was there."""
    now = current(preparation, version)
    if now.state == State.SUBMITTED:
        raise NotAllowed(_("It is with the reviewers: take it back first."))
    if not may_discard(preparation=now, by=by):
        raise NotAllowed(_("A preparation is discarded by whoever began it, or by an administrator."))
    throw_away(now, by)


def _require_writer(by: User) -> None:
    if not may_write(by):
        raise NotAllowed(_("Preparing is for those who write drafts."))


def _preparation_of(record: Registered) -> Preparation:
    """The preparation of a record, as it stands now. Raises ``NotAllowed`` where the record is public."""
    stored = type(record).everything.filter(pk=record.pk).select_related("preparation").first()
    if stored is None:
        raise NotAllowed(_("This record was removed."))
    if stored.preparation is None:
        raise NotAllowed(_("It is public already: what is public changes by amendment."))
    record.preparation = current(stored.preparation)
    return record.preparation


def _check(record: Any, relations: Relations, *, one: bool) -> None:
    """Raise ``ValidationError`` by field for what is wrong with a record of a preparation, but for what may wait.

    ``one`` record is asked whether it is unique too; of many the caller has asked it of all of them together.
    """
    waiting = [name for name in MAY_WAIT if getattr(record, name, None) == ""]
    check(record=record, known_references=not one, waiting=waiting)
    require_own(record, relations)


def _doubled(records: Sequence[Any]) -> Iterator[tuple[models.Model, ValidationError]]:
    """Those whose code another of them or any other record has, with the sentence."""
    model = type(records[0])
    of_plan = table_of(records[0]).of_plan
    rows = model.everything.filter(code__in=[each.code for each in records])
    if of_plan:
        rows = rows.filter(plan=records[0].plan_id)
    preparations = dict(rows.values_list("code", "preparation"))
    for record in records:
        if record.code in preparations:
            public = _("The code “%(code)s” is taken.") % {"code": record.code}
            sentence = public if preparations[record.code] is None else code_taken(record.code)
            yield record, ValidationError({"code": sentence})
        preparations.setdefault(record.code, record.preparation_id)


def _take_plan(preparation: Preparation, plans: Sequence[Any]) -> None:
    """A preparation of a plan holds one, and is named after it. Raises ``NotAllowed``."""
    if not preparation.of_plan:
        raise NotAllowed(_("A plan is begun by itself: this preparation is of other records."))
    if len(plans) > 1 or Plan.everything.filter(preparation=preparation).exclude(pk=plans[0].pk).exists():
        raise NotAllowed(_("A preparation holds one plan, and this one has it already."))
    preparation.subject = subject_of(plans[0])


def _changed(preparation: Preparation, by: User, detail: str) -> None:
    """Somebody wrote something of it: it is a draft again, and that person never opens it."""
    if preparation.state == State.SUBMITTED:
        messages.settle(Preparation, [preparation.pk])
    preparation.contributed(by.pk)
    preparation.edited_by, preparation.state, preparation.submitted_by = by, State.DRAFT, None
    preparation.changed_at = timezone.now()
    preparation.version += 1
    preparation.save()
    note(by=by, deed=Deed.EDITED, record=preparation, detail=detail)
    if not preparation.of_plan:
        take_back_what_cites(preparation, by)


def _require_whole(preparation: Preparation) -> None:
    if still_open := problems(preparation):
        raise ValidationError([in_a_line(each) for each in still_open])
