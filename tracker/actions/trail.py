"""The trail inside the house: each action says there who did what, in the transaction that does it."""

import datetime
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from tracker.models import Deed, TrailEntry


def note(*, by: User | None, deed: Deed, record: Model | None = None, subject: str = "", detail: str = "") -> None:
    """Add a deed to the trail.

    ``record`` is the row that it was done to; ``subject`` names it by codes, as the log does, and need not be given for
    what has one of its own; ``detail`` says more in words of our own. Neither may hold words of the row, which a
    redaction would have to find. What seed files bring is one line a load: no person wrote it here.
    """
    _entry(by, deed, record, subject, detail).save()


def note_each(*, by: User, deed: Deed, records: Iterable[Model], detail: str = "") -> None:
    """Add the same deed for each of many updates or findings, in one query."""
    TrailEntry.objects.bulk_create(_entry(by, deed, record, "", detail) for record in records)


def purge(*, days: int) -> int:
    """Take away what is older than so many days, 365 or more; the database refuses what is younger. How many it was."""
    return TrailEntry.objects.filter(at__lt=timezone.now() - datetime.timedelta(days=days)).delete()[0]


def _entry(by: User | None, deed: Deed, record: Model | None, subject: str, detail: str) -> TrailEntry:
    kind, pk = (str(record._meta.model_name), record.pk) if record is not None else ("", None)
    if not subject and getattr(record, "about", record) is not None:  # a draft may not say yet what it is about
        subject = getattr(record, "subject", "")
    return TrailEntry(
        at=timezone.now(), by=by, deed=deed, kind=kind, row=pk, subject=subject[:200], detail=str(detail)[:300]
    )
