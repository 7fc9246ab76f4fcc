"""The end of the public log, the only place that adds to it; and the signatures of witnesses under it."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from tracker.ledger.content import public_entry
from tracker.models import Cosignature, LedgerBody, LedgerEntry
from tracker.models.roles import role_of
from tracker.standalone.verify import FIRST, canonical, hash_of_body, hash_of_entry

PATIENCE = "20s"  # as long as SQLite waits (hrplan/settings.py)
LEDGER_LOCK = 0x48524150  # any number that nothing else in the database locks


def take_turn() -> None:
    """Keep writers in line until the transaction ends, so that each links to the entry before it.

    SQLite needs nothing: its transactions are begun with the write lock.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Nor does anybody wait for ever: threads that wait for one who hangs would be missing to readers.
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)", [PATIENCE, LEDGER_LOCK]
            )


def append(*, changes: Iterable[tuple[str, str, Mapping[str, Any]]], by: User) -> list[LedgerEntry]:
    """Link new entries to the end of the log, inside the caller's transaction, and return them in order.

    ``changes`` are triples of an action, a subject and the content that becomes the entry's text. The dates of the log
    never go back: where the clock did, an entry has the date of the one before it.
    """
    if by.pk is None:
        raise PermissionError("Nobody changes anything without an account.")
    take_turn()
    last = LedgerEntry.objects.order_by("-seq").first()
    seq, prev = (last.seq, last.hash) if last else (0, FIRST)
    at, role = max(timezone.now(), last.at) if last else timezone.now(), role_of(by)
    entries, bodies = [], []
    for action, subject, content in changes:
        seq += 1
        salt, text = secrets.token_hex(16), canonical(content)
        entry = LedgerEntry(
            seq=seq, at=at, action=action, subject=subject, role=role, body_hash=hash_of_body(salt, text), prev=prev
        )
        entry.hash = prev = hash_of_entry(public_entry(entry))
        entries.append(entry)
        bodies.append(LedgerBody(entry=entry, salt=salt, text=text))
    LedgerEntry.objects.bulk_create(entries)
    LedgerBody.objects.bulk_create(bodies)
    return entries


def keep_cosignature(*, size: int, text: str, witness: str, at: datetime, line: str) -> None:
    """Keep a witness's signature of a checkpoint; of two of the same one, the later."""
    values = {"size": size, "at": at, "line": line}
    Cosignature.objects.update_or_create(text=text, witness=witness, defaults=values)
