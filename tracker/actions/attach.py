"""Attach the text of a document for reading around its quotes. The log says which; the text itself is not in it."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from tracker.models import AttachedText, Passage
from tracker.schema import subject_of

from .ledger import append, take_turn
from .searching import index_passages


@transaction.atomic
def attach(*, record: AttachedText, passages: Mapping[str, str], by: User) -> bool:
    """Attach a text, in place of the edition before it. Returns whether anything changed.

    ``record`` is a new ``AttachedText``, ``passages`` the text of each paragraph by code. The entry of the log names
    the document, its hash and what was found; nothing of the text stands in the log, in public files or in the API.
    """
    take_turn()
    before = AttachedText.objects.filter(plan=record.plan, source=record.source).first()
    same = before and all(getattr(before, name) == getattr(record, name) for name in ("sha256", "quotes", "missing"))
    if before and same and dict(before.passages.values_list("code", "text")) == passages:
        return False
    matched = record.quotes - len(record.missing)
    content = {
        "sha256": record.sha256,
        "passages": len(passages),
        "quotes": record.quotes,
        "missing": record.missing,
        "passages_sha256": record.hash_of(passages),
        "summary": f"{matched} of {record.quotes} quotes stand in the text, SHA-256 {record.sha256}.",
    }
    if before:
        content["replaces"] = before.sha256
        before.delete()
    if record.source:
        content["source"] = record.source.code
    record.entry = append(changes=[("attach", subject_of(record.source or record.plan), content)], by=by)[0]
    record.full_clean()
    record.save()
    Passage.objects.bulk_create(Passage(document=record, code=code, text=text) for code, text in passages.items())
    index_passages(record, passages)
    return True
