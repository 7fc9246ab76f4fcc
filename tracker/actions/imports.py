"""Imports on record: a file becomes rows, rows are answered, drafted and emptied, and the whole can be undone."""

import datetime
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.models import Assessment, Deed, Evidence, Fate, ImportBatch, ImportRow, Plan, Update

from .drafts import undo_import
from .errors import NotAllowed
from .preparation import prepare_by_itself
from .progress import Row, draft
from .trail import note

KEPT_FOR = datetime.timedelta(days=14)  # what nobody drafted of a file, and then it goes


@transaction.atomic
def begin_import(
    *,
    by: User,
    plan: Plan,
    layout: str,
    columns: Sequence[str],
    rows: Iterable[tuple[int, Mapping[str, Any]]],
    file_name: str,
    file_hash: str,
    new_sources: bool = False,
) -> ImportBatch:
    """Put a file's rows on record, for its sender alone; what is over of earlier imports is cleared away."""
    purge()
    lines = [ImportRow(number=number, cells=dict(cells)) for number, cells in rows]
    batch = ImportBatch(
        code=secrets.token_hex(16), by=by, at=timezone.now(), plan=plan, layout=layout, count=len(lines)
    )
    batch.columns, batch.new_sources = list(columns), new_sources
    batch.file_name, batch.file_hash = file_name[:120], file_hash
    batch.save()
    for line in lines:
        line.batch = batch
    ImportRow.objects.bulk_create(lines, batch_size=500)
    return batch


@transaction.atomic
def answer(*, batch: ImportBatch, by: User, answers: Mapping[int, Mapping[str, str]]) -> None:
    """Keep what was answered, by the number of a row and then by column; a blank takes an answer back."""
    _require_own(batch, by)
    rows = list(batch.lines.filter(number__in=answers).exclude(fate=Fate.DRAFTED))
    for row in rows:
        merged = row.answers | {name: text.strip()[:400] for name, text in answers[row.number].items()}
        row.answers = {name: text for name, text in merged.items() if text}
    ImportRow.objects.bulk_update(rows, ["answers"], batch_size=200)


@transaction.atomic
def allow_sources(*, batch: ImportBatch, by: User, new_sources: bool) -> None:
    """Say whether sources that nobody registered yet are taken in when rows are drafted."""
    _require_own(batch, by)
    batch.new_sources = new_sources
    batch.save(update_fields=["new_sources"])


@transaction.atomic
def keep_examined(*, batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Keep what examining rows made of them."""
    ImportRow.objects.bulk_update(rows, ["fate", "outcome", "key"], batch_size=200)
    batch.examined_at = timezone.now()
    batch.save(update_fields=["examined_at"])


@transaction.atomic
def choose(*, batch: ImportBatch, by: User, numbers: Sequence[int] | None, likely: bool) -> None:
    """Say which rows shall be drafted, all for ``None``, and whether likely answers stand for those not given."""
    _require_own(batch, by)
    batch.chosen = {"rows": None if numbers is None else list(numbers), "likely": likely}
    batch.save(update_fields=["chosen"])


@transaction.atomic
def draft_row(*, row: ImportRow, by: User, record: Row, evidence: Sequence[Evidence]) -> Row:
    """Draft what a row became, prepare the sources that it brings, and empty the row of its words."""
    for each in evidence:
        if each.source._state.adding:
            prepare_by_itself(record=each.source, by=by, of_row=True)
            each.source = each.source  # now that it has a number
    record.batch = row.batch.code
    draft(record=record, by=by, evidence=evidence)
    row.fate, row.kind, row.made = Fate.DRAFTED, record._meta.model_name or "", record.pk
    row.cells, row.answers, row.outcome = {}, {}, {}
    row.save()
    return record


@transaction.atomic
def finish_drafting(*, batch: ImportBatch, drafted: int) -> None:
    """Count what was drafted, and say it in the trail."""
    ImportBatch.objects.filter(pk=batch.pk).update(drafted=F("drafted") + drafted, chosen=None)
    batch.refresh_from_db()
    detail = _("%(drafted)s of %(rows)s rows drafted") % {"drafted": drafted, "rows": batch.count}
    note(by=batch.by, deed=Deed.IMPORTED, record=batch, subject=batch.code, detail=detail)


def drafts_of(batch: ImportBatch) -> list[Update | Assessment]:
    """What came of an import and is left of it."""
    about: dict[Any, tuple[str, ...]] = {
        Update: ("metric", "commitment__plan", "plan"),
        Assessment: ("commitment__plan", "category__plan"),
    }
    rows = ((model, model.objects.filter(batch=batch.code).order_by("pk")) for model in about)
    return [row for model, query in rows for row in query.select_related("author", *about[model])]


@transaction.atomic
def undo(*, batch: ImportBatch, by: User) -> int:
    """Throw away every draft of an import, all of its rows, and the sources that nothing else cites; how many drafts.

    Raises ``NotAllowed`` once any of it is public.
    """
    _require_own(batch, by)
    count = undo_import(batch=batch.code, by=by) if drafts_of(batch) else 0
    batch.undone_at = timezone.now()
    batch.save(update_fields=["undone_at"])
    batch.lines.all().delete()
    detail = _("undone: %(count)s drafts discarded") % {"count": count}
    note(by=by, deed=Deed.DISCARDED, record=batch, subject=batch.code, detail=detail)
    return count


def purge(*, on: datetime.datetime | None = None) -> int:
    """Take away the rows of imports that are over: nothing is open, or nobody came back in time. How many imports."""
    before = (on or timezone.now()) - KEPT_FOR
    over = ImportBatch.objects.filter(lines__isnull=False, at__lt=before).distinct()
    codes = list(over.values_list("pk", flat=True))
    ImportRow.objects.filter(batch__in=codes).delete()
    return len(codes)


def _require_own(batch: ImportBatch, by: User) -> None:
    """Raise unless an import is this person's and not undone."""
    if batch.by_id != by.pk:
        raise NotAllowed(_("An import is answered, drafted and undone by whoever sent it."))
    if batch.undone_at is not None:
        raise ValidationError(_("This import was undone: send the file again."))
