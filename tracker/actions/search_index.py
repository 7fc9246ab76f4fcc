"""The index of the search follows the registry: every action that changes a wording writes it here as well."""

from collections.abc import Iterable, Iterator

from django.db.models import Model

from tracker.models import SearchText, Update, What
from tracker.schema import set_field
from tracker.search import text_of, wordings_of


def index_new(records: Iterable[Model]) -> None:
    """Make records that were just added findable."""
    SearchText.objects.bulk_create(row for record in records for row in _rows(record))


def index_again(record: Model) -> None:
    """Make a record that changed findable by its wordings: today's, and each that an amendment replaced.

    What was redacted is no wording any more, and is gone from the index.
    """
    record = type(record)._default_manager.get(pk=record.pk)
    wanted = {row.key: row for row in _rows(record)}
    if not wanted:
        return
    for earlier in _earlier(record):
        wanted |= {row.key: row for row in _rows(earlier)}
    indexed = SearchText.objects.filter(subject=next(iter(wanted.values())).subject)
    indexed.exclude(key__in=wanted).delete()
    keys = set(indexed.values_list("key", flat=True))
    SearchText.objects.bulk_create(row for key, row in wanted.items() if key not in keys)


def _rows(record: Model) -> list[SearchText]:
    wordings = wordings_of(record)
    return [SearchText(key=key, subject=subject, text=text_of(texts)) for key, subject, texts, _weight in wordings]


def _earlier(record: Model) -> Iterator[Model]:
    """The record as it stood before each of its amendments, newest first; unsaved."""
    name = type(record)._meta.model_name
    if name not in ("commitment", "metric"):
        return
    amendments = Update.objects.published().filter(what=What.AMENDMENT, **{name: record}).order_by("-entry_id")
    then = type(record)._default_manager.get(pk=record.pk)
    for changes in amendments.values_list("changes", flat=True):
        for field in type(record)._meta.concrete_fields:
            if field.name in changes and not field.is_relation:
                set_field(then, field.name, changes[field.name][0])
        yield then
