"""What a file of a filtered set says of itself, whatever its format."""

from django.conf import settings
from django.urls import reverse

from tracker.records.dictionary import columns_of
from tracker.records.registry import ABOUT_COLUMNS, row_of
from tracker.standalone.assess import METHOD

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def state_of(snapshot):
    """Which state of the site a file is of: the day, the log entry and its hash, the method; and the licence."""
    return {
        "as_of": str(snapshot.on),
        "ledger_entry": snapshot.known,
        "ledger_head": snapshot.head_hash,
        "method": METHOD,
        "licence": LICENCE,
    }


def about(filters, rows):
    """What a file says of itself: the plan, the filters in words, how many rows, from which state of the site."""
    plan = filters.plan
    return {
        "plan": plan.code,
        "title": plan.title,
        "filters": str(filters.in_words()),
        "count": len(rows),
        "of": len(filters.rows),
        **state_of(filters.snapshot),
        "url": address_of(filters, filters.path),
        "dictionary": settings.SITE_URL + reverse("data") + f"#{filters.name}",
    }


def about_cells(facts):
    """The same, as the cells that stand at the end of each row of a CSV file."""
    names = {"about_address": "url"}
    return [facts[names.get(name, name.removeprefix("about_"))] for name in ABOUT_COLUMNS]


def address_of(filters, path):
    """The full address of something about the filtered set."""
    query = filters.query()
    return settings.SITE_URL + path + (f"?{query}" if query else "")


def columns_chosen(filters):
    """The columns that the reader chose, the code first; all of them where none was chosen."""
    columns = {column.name: column for column in columns_of(filters.record)}
    return [columns[name] for name in (("code", *filters.columns) if filters.columns else columns)]


def rows_of(filters, records):
    """The set as rows of plain values, one after the other."""
    names = [column.name for column in columns_chosen(filters)]
    for record in records:
        public = row_of(record, settings.SITE_URL)
        yield {name: public[name] for name in names}
