"""What is in preparation, what is wrong with it, and how it becomes public: at once, in the loader's order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Assessment, Category, Deed, Evidence, Preparation, Source, State, Update
from tracker.schema import COMMITMENTS, MANY, ONE, PLAN, REPEATED, TABLES, Table, plain_row, subject_of, table_of

from .errors import NotAllowed, sentences
from .ledger import append
from .messages import settle
from .registry import check
from .searching import index_new
from .trail import note

Contents = dict[Table, list[Any]]
Problem = tuple[Any, str]  # the record that it is with, or ``None`` for the whole; a sentence
MAY_WAIT = ("test",)  # written later, and before it is opened


def contents(*preparations: Preparation) -> Contents:
    """What is in preparation by table, in the order in which the loader registers; tables without any are left out.

    What a record names is read with it, once.
    """
    everything: Contents = {}
    for table in TABLES:
        rows = table.records(table.model.everything.filter(preparation__in=preparations))
        rows = rows.select_related("plan").order_by("plan", "order") if table.of_plan else rows.order_by("pk")
        if records := list(rows):
            everything[table] = records
    _share(everything)
    return everything


def _share(everything: Contents) -> None:
    """Let records name the same object where they name the same record of the preparation."""
    known = {(table.model, record.pk): record for table, records in everything.items() for record in records}
    for table, records in everything.items():
        for field in table.model._meta.concrete_fields:
            for record in records if field.many_to_one else ():
                if (same := known.get((field.related_model, getattr(record, field.attname)))) is not None:
                    setattr(record, field.name, same)


def named_by(record: Any, relations: Mapping[str, Iterable[Any]] | None) -> Iterator[tuple[str, Any]]:
    """Every record that a record names, with the field that does; ``relations`` stand in for sets not written yet."""
    if hasattr(record, "plan_id") and record.plan_id is not None:
        yield "plan", record.plan
    for key in table_of(record).keys:
        if key.type == ONE and getattr(record, key.name) is not None:
            yield key.name, getattr(record, key.name)
        elif key.type == MANY:
            related = relations.get(key.name, ()) if relations is not None else getattr(record, key.name).all()
            yield from ((key.name, each) for each in related)


def require_own(record: Any, relations: Mapping[str, Iterable[Any]] | None = None) -> None:
    """Raise ``ValidationError`` by field where a record names what is in preparation elsewhere."""
    allowed = {None, record.preparation_id}
    problems: dict[str, Any] = {}
    for name, each in named_by(record, relations):
        if each.preparation_id not in allowed:
            sentence = _("“%(named)s” is in preparation by itself: open that first, or name another.")
            problems[name] = sentence % {"named": each}
    if problems:
        raise ValidationError(problems)


def problems(preparation: Preparation, everything: Contents | None = None) -> list[Problem]:
    """What keeps a preparation from being opened, each with the record that it is with; empty if it is whole."""
    everything = contents(preparation) if everything is None else everything
    result: list[Problem] = []
    if not everything:
        return [(None, _("Nothing is in it yet."))]
    if preparation.of_plan:
        if PLAN not in everything:
            result.append((None, _("The plan itself is not written yet: its name, publisher and period.")))
        if COMMITMENTS not in everything:
            result.append((None, _("A plan without a promise is not opened.")))
    for records in everything.values():
        for record in records:
            result += ((record, sentence) for sentence in _wrong_with(record))
    result += _unknown_citations(preparation, everything)
    return result


def in_a_line(problem: Problem) -> str:
    """A problem with the record that it is with."""
    record, sentence = problem
    return f"{record}: {sentence}" if record else sentence


def _wrong_with(record: Any) -> Iterator[str]:
    for ask in (lambda: check(record=record, known_references=True), lambda: require_own(record)):
        try:
            ask()
        except ValidationError as error:
            yield from sentences(error, record)


def _unknown_citations(preparation: Preparation, everything: Contents) -> Iterator[Problem]:
    """Places of a baseline figure name their sources by code, which no key of the database keeps."""
    cited = [
        (record, each["source"])
        for table, records in everything.items()
        for key in table.keys
        if key.type == REPEATED
        for record in records
        for each in getattr(record, key.name)
    ]
    codes = {code for _record, code in cited}
    known = set(Source.objects.offered(preparation).filter(code__in=codes).values_list("code", flat=True))
    for record, code in cited:
        if code not in known:
            yield record, _("There is nothing with the code “%(code)s”.") % {"code": code}


@transaction.atomic
def register_prepared(preparations: Sequence[Preparation], by: User, submitted_by: User | None = None) -> None:
    """Make preparations public, in this order: their records, each with its log entry, and who opened them.

    The caller holds the writers' lock and has asked whether this person may; ``submitted_by`` handed in the row that
    takes them along, where they were not handed in by themselves. Raises ``NotAllowed`` with the first
    sentences of what is wrong, and then nothing is written.
    """
    for preparation in preparations:
        everything = contents(preparation)
        if still_open := problems(preparation, everything):
            raise NotAllowed(" ".join(in_a_line(each) for each in still_open[:3]))
        records = [record for rows in everything.values() for record in rows]
        entries = append(changes=[("register", subject_of(each), plain_row(each)) for each in records], by=by)
        preparation.state, preparation.reviewer, preparation.opened_at = State.PUBLISHED, by, timezone.now()
        preparation.entry, preparation.count = entries[0], len(entries)
        preparation.submitted_by = preparation.submitted_by or submitted_by
        preparation.version += 1
        try:
            with transaction.atomic():
                preparation.save()
        except IntegrityError as error:
            raise NotAllowed(_("The database refused it: reviewer, log entry or correction do not fit.")) from error
        preparation._final = True
        for table, rows in everything.items():
            table.model.everything.filter(pk__in=[each.pk for each in rows]).update(preparation=None)
            for each in rows:
                each.preparation = None
        index_new(records)
        detail = _("log entries %(first)s to %(last)s") % {"first": entries[0].pk, "last": entries[-1].pk}
        note(by=by, deed=Deed.PUBLISHED, record=preparation, detail=detail)
        settle(Preparation, [preparation.pk])


def needed_by(row: Update | Assessment) -> list[Preparation]:
    """The preparations of what a row cites and of whoever published that, those first, which it takes along.

    Raises ``NotAllowed`` where one of them belongs to a plan that is not open.
    """
    sources = [each.source for each in row.evidence.select_related("source__publisher")]
    needed: dict[int, Preparation] = {}
    for record in (row.origin, *(each.publisher for each in sources), *sources):
        if record is None or record.preparation is None:
            continue
        if needed.setdefault(record.preparation.pk, record.preparation).of_plan:
            sentence = _("“%(named)s” is in preparation with a plan: it is cited once that is open.")
            raise NotAllowed(sentence % {"named": record})
    return list(needed.values())


def behind_what_it_cites(row: Update | Assessment) -> set[int]:
    """Accounts that wrote something of what becomes public with a row."""
    if row.state == State.PUBLISHED:
        return set()
    return {account for each in needed_by(row) for account in each.contributor_ids}


def require_public(row: Update | Assessment) -> None:
    """Raise ``ValidationError`` by field where a row is about something that is not public yet."""
    about = {name: getattr(row, name, None) for name in ("metric", "commitment", "category")}
    sentence = _("It is in preparation: what became of it is recorded once it is public.")
    if problems := {name: sentence for name, each in about.items() if each is not None and each.preparation_id}:
        raise ValidationError(problems)


def typed_with(cited: QuerySet[Evidence]) -> set[int]:
    """Numbers of the preparations of sources and their publishers that came with this evidence or other."""
    pairs = cited.filter(source__preparation__isnull=False).values_list(
        "source__preparation", "source__publisher__preparation"
    )
    return {pk for pair in pairs for pk in pair if pk is not None}


def take_back_what_cites(preparation: Preparation, by: User) -> None:
    """Rows that take it along are drafts again: their reviewers have read something else."""
    cites = Q(evidence__source__preparation=preparation) | Q(evidence__source__publisher__preparation=preparation)
    cites |= Q(origin__preparation=preparation)
    for model in (Update, Assessment):
        for row in model.objects.filter(cites, state=State.SUBMITTED).distinct():
            row.state, row.submitted_by = State.DRAFT, None
            move_on(row, by, Deed.EDITED, detail=_("What it cites was changed: it is a draft again."))


def move_on(record: Update | Assessment | Preparation, by: User, deed: Deed, detail: str = "") -> None:
    """Save that something is no longer with the reviewers, note whose deed it was, and settle what waited for them."""
    record.version += 1
    record.save()
    note(by=by, deed=deed, record=record, detail=detail)
    settle(type(record), [record.pk])


def forget_uncited(preparations: Iterable[int], by: User) -> None:
    """Throw away those that were typed with rows, where no row cites anything of them any more."""
    for preparation in Preparation.objects.filter(pk__in=preparations, of_row=True).exclude(state=State.PUBLISHED):
        try:
            with transaction.atomic():
                throw_away(preparation, by, detail=_("with the draft that cited it"))
        except NotAllowed:
            continue  # something still names it


def throw_away(preparation: Preparation, by: User, detail: str = "") -> None:
    """Take a preparation away with all that is in it. Raises ``NotAllowed`` where something else names any of it."""
    empty(preparation)
    note(by=by, deed=Deed.DISCARDED, record=preparation, detail=detail)
    settle(Preparation, [preparation.pk])
    preparation.delete()


def empty(preparation: Preparation) -> None:
    """Take every record of a preparation away, those first that name others. Raises ``NotAllowed``."""
    Category.everything.filter(preparation=preparation).update(parent=None)
    for table in reversed(TABLES):
        with still_named():
            table.model.everything.filter(preparation=preparation).delete()


@contextmanager
def still_named() -> Iterator[None]:
    """Say in a sentence what still names a record that was to be deleted."""
    try:
        with transaction.atomic():
            yield
    except ProtectedError as error:
        names = ", ".join(sorted({f"{each._meta.verbose_name} {each}" for each in error.protected_objects})[:3])
        raise NotAllowed(_("Something still names it: %(names)s.") % {"names": names}) from error
