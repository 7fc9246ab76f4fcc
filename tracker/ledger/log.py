"""The public log for reading: a page at a time, as a file, and with the program that verifies it."""

import json
from pathlib import Path

from django.db.models import Count

from tracker.models import LedgerEntry
from tracker.paging import checked, last_page
from tracker.standalone.verify import beside

from . import checkpoint
from .content import ENTRY_FIELDS
from .tree import IN_ONE_REQUEST, tree

ON_A_PAGE = 75

COLUMNS = (*ENTRY_FIELDS, "body__salt", "body__text", "body__redacted_by_id")


def public_row(columns):
    """An entry as the files give it: with its salt and text, or the entry that took them away."""
    *entry, salt, text, redacted_by = columns
    row = dict(zip(ENTRY_FIELDS, entry, strict=True))
    row |= {"at": row["at"].isoformat(), "salt": salt or "", "text": text}  # one forged by hand may lack both
    return row | {"redacted_by": redacted_by} if redacted_by else row


def _oldest_first(entries):
    return map(public_row, entries.order_by("seq").values_list(*COLUMNS).iterator(chunk_size=500))


def lines(known=None):
    """The log, oldest first, a line an entry; up to the entry ``known``. The last one says that it is.

    A file that broke off is seen by that, and every line is still an entry.
    """
    known = LedgerEntry.objects.head() if known is None else known
    for row in _oldest_first(LedgerEntry.objects.filter(seq__lte=known)):
        yield json.dumps(row | {"last": True} if row["seq"] == known else row, ensure_ascii=False) + "\n"


def times(entries):
    """When each of some entries was made, by its number."""
    return dict(LedgerEntry.objects.filter(seq__in=entries).values_list("seq", "at"))


class Rows:
    """The log up to an entry as rows of a table, or what of it came after another. Numbers have no gaps.

    Nothing is read before it is asked for, and little at a time.
    """

    def __init__(self, known, after=0):
        self.numbers = range(min(after, known) + 1, known + 1)

    def __len__(self):
        return len(self.numbers)

    def __iter__(self):  # its cursor ends with an error
        yield from _oldest_first(LedgerEntry.objects.filter(seq__gte=self.numbers.start, seq__lt=self.numbers.stop))

    def __getitem__(self, part):
        return list(_oldest_first(LedgerEntry.objects.filter(seq__in=self.numbers[part])))


def by_role(known):
    """How many entries up to one were written in each role, the most first."""
    entries = LedgerEntry.objects.filter(seq__lte=known).order_by()
    return entries.values_list("role").annotate(n=Count("seq")).order_by("-n", "role")


def first():
    """Hash and time of the first entry; ``None`` of an empty log."""
    return LedgerEntry.objects.order_by("seq").values_list("hash", "at").first()


def written_at(seq):
    """When an entry was written; ``None`` for an entry that is not there."""
    return LedgerEntry.objects.filter(seq=seq).values_list("at", flat=True).first()


def verifier():
    """The text of the program that verifies the file by itself."""
    return (Path(__file__).parents[1] / "standalone" / "verify.py").read_text(encoding="utf-8")


def page(snapshot, number, entry):
    """A page of the log, newest first, up to an entry. A page that is not there is a bad request."""
    head = entry or snapshot.head
    last = last_page(head, ON_A_PAGE)
    top = head - (checked(number, last) - 1) * ON_A_PAGE
    entries = LedgerEntry.objects.filter(seq__lte=top, seq__gt=top - ON_A_PAGE).select_related("body")
    rows = []
    for entry in entries:
        body = getattr(entry, "body", None)
        content = json.loads(body.text) if body and body.text is not None else {}
        rows.append({"entry": entry, "content": content, "redacted_by": body.redacted_by_id if body else None})
    return {
        "snapshot": snapshot,
        "entries": rows,
        "entry": head,
        "number": number,
        "pages": last,
        "checkpoint": checkpoint.checkpoint(snapshot.head),
        "key": checkpoint.public_key(),
        "cosigned": checkpoint.cosigned(),
        "command": checkpoint.command(checkpoint.address(), "checkpoint"),
    }


def entry_page(snapshot, seq):
    """An entry with its text, and the proof that it is in the log; ``None`` for one that is not there."""
    entry = LedgerEntry.objects.select_related("body").filter(seq=seq).first() if 0 < seq <= snapshot.head else None
    if entry is None:
        return None
    body = getattr(entry, "body", None)
    parts, hashes = beside(seq - 1, snapshot.head), tree(snapshot.head, IN_ONE_REQUEST).inclusion(seq - 1)
    steps = [(start + 1, end, start >= seq, each.hex()) for (start, end), each in zip(parts, hashes, strict=True)]
    text = json.dumps(json.loads(body.text), ensure_ascii=False, indent=2) if body and body.text is not None else None
    return {
        "snapshot": snapshot,
        "entry": entry,
        "text": text,
        "redacted_by": body.redacted_by_id if body else None,
        "steps": steps,
        "before": seq - 1,
        "after": seq + 1 if seq < snapshot.head else None,
        "command": checkpoint.command(f"entry-{seq}.tlog-proof"),
        "key": checkpoint.public_key(),
    }
