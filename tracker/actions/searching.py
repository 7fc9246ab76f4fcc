"""The index of the search: it follows every change of a wording, in the transaction of that change.

It holds the wordings of what is public: those in force and those that an amendment replaced, every statement that was
published, and the paragraphs of plans whose text is attached. Nothing in preparation, drafted or redacted is in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from django.db import transaction
from django.db.models import Model, QuerySet

from tracker import search
from tracker.models import Assessment, AttachedText, Evidence, SearchText, Update, What
from tracker.models.progress import AMENDED
from tracker.schema import TABLES, set_field, table_of

from .ledger import take_turn

AT_ONCE = 500  # rows of one statement
Statement = Update | Assessment


def index_new(records: Iterable[Model]) -> None:
    """Make records that were just added findable."""
    SearchText.objects.bulk_create(row for record in records for row in _rows(record))


def index_again(record: Model) -> None:
    """Make a record that changed findable by its wordings: today's, and each that an amendment replaced.

    What was redacted is no wording any more, and is gone from the index.
    """
    record = type(record)._default_manager.get(pk=record.pk)
    amendments = Update.objects.published().filter(what=What.AMENDMENT, **{table_of(record).name: record})
    changes = amendments.order_by("-entry_id").values_list("changes", flat=True)
    texts = {row.key: row for row in _wordings(record, changes)}
    if not texts:
        return
    indexed = SearchText.objects.filter(subject=next(iter(texts.values())).subject)
    indexed.exclude(key__in=texts).delete()
    keys = set(indexed.values_list("key", flat=True))
    SearchText.objects.bulk_create(row for key, row in texts.items() if key not in keys)


def index_statements(statements: Iterable[tuple[Statement, Iterable[Evidence]]]) -> None:
    """Make updates and findings that were just published findable, each with what its evidence says."""
    rows = (_statement(row, evidence) for row, evidence in statements if not (row.is_amendment or row.is_withdrawal))
    SearchText.objects.bulk_create(rows, batch_size=AT_ONCE)


def forget_statement(record: Statement) -> None:
    """Find a statement that was redacted no more."""
    SearchText.objects.filter(key=cast(int, record.entry_id)).delete()


def index_passages(document: AttachedText, passages: Mapping[str, str]) -> None:
    """Make the paragraphs of a plan findable by its own text, and no more by that of an edition before."""
    if document.source_id is None:
        SearchText.objects.filter(subject__startswith=f"{search.PASSAGE} {document.plan.code}/").delete()
        SearchText.objects.bulk_create(_passages(document, passages))


@transaction.atomic
def rebuild() -> tuple[int, int]:
    """Put the index right by what is public. Returns how many wordings it lacked and how many of its own were wrong."""
    take_turn()
    lacking, outdated = compared()
    for start in range(0, len(outdated), AT_ONCE):
        SearchText.objects.filter(key__in=outdated[start : start + AT_ONCE]).delete()
    SearchText.objects.bulk_create(lacking, batch_size=AT_ONCE)
    return len(lacking), len(outdated)


def compared() -> tuple[list[SearchText], list[int]]:
    """What the index lacks of what is public, and the keys of what it has wrong or should not have."""
    texts = {row.key: row for row in _everything()}
    indexed = dict(SearchText.objects.values_list("key", "text"))
    outdated = [key for key, text in indexed.items() if key not in texts or texts[key].text != text]
    return [row for key, row in texts.items() if key not in indexed or row.text != indexed[key]], outdated


def _everything() -> Iterator[SearchText]:
    amendments: dict[tuple[str, int], list[dict[str, Any]]] = {}
    published = Update.objects.published()
    keys = [f"{name}_id" for name in AMENDED]
    rows = published.filter(what=What.AMENDMENT).order_by("-entry_id").values_list("changes", *keys)
    for changes, *about in rows:
        record = next(pair for pair in zip(AMENDED, about, strict=True) if pair[1] is not None)
        amendments.setdefault(record, []).append(changes)
    for table in TABLES:
        if table.name in search.SEARCHED:
            records = table.records()
            for record in records.select_related("plan") if table.of_plan else records:
                yield from _wordings(record, amendments.get((table.name, record.pk), ()))
    findings = Assessment.objects.published().filter(withdrawn=False)
    for statements in (published.exclude(what__in=(What.AMENDMENT, What.WITHDRAWAL)), findings):
        yield from _statements(statements)
    for document in AttachedText.objects.filter(source=None).select_related("plan"):
        yield from _passages(document, dict(document.passages.values_list("code", "text")))


def _statements(rows: QuerySet[Any]) -> Iterator[SearchText]:
    left = rows.filter(redacted_by=None).prefetch_related("evidence")
    return (_statement(row, row.evidence.all()) for row in left.iterator(chunk_size=AT_ONCE))


def _rows(record: Model) -> Iterator[SearchText]:
    for key, subject, texts, _weight in search.wordings_of(record):
        yield SearchText(key=key, subject=subject, text=search.text_of(texts))


def _wordings(record: Any, amendments: Iterable[Mapping[str, Any] | None]) -> Iterator[SearchText]:
    """Those of a record as it stands, which this takes back, and as it stood before each amendment, newest first."""
    yield from _rows(record)
    for changes in amendments:
        for field in type(record)._meta.concrete_fields:
            if not field.is_relation and (change := (changes or {}).get(field.name)):
                set_field(record, field.name, change[0])
        yield from _rows(record)


def _statement(row: Statement, evidence: Iterable[Evidence]) -> SearchText:
    entry: Any = row.entry_id
    kind = "finding" if isinstance(row, Assessment) else "update"
    text = search.text_of(search.texts_of_statement(row, evidence))
    return SearchText(key=entry, subject=f"{kind} {entry}", text=text)


def _passages(document: AttachedText, passages: Mapping[str, str]) -> Iterator[SearchText]:
    plan = document.plan.code
    for code, text in passages.items():
        key = search.key_of_passage(plan, code, document.sha256)
        yield SearchText(key=key, subject=f"{search.PASSAGE} {plan}/{code}", text=search.text_of([text]))
