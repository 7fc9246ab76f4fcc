"""What the explorer shows of a filtered set."""

import dataclasses
import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.formats import date_format

from tracker import labels as words
from tracker.filters.columns import COLUMNS
from tracker.paging import paged

DECIMALS = {"distance": 3, "pace": 3}  # shown; files have all
TO_THE_LETTER = ("quote", "qualifier")
# The list of words behind each field that is stored as a code.
IN_WORDS = {
    "kind": "kind",
    "level": "level",
    "rule": "rule",
    "deadline_basis": "deadline_basis",
    "status": "status",
    "group": "group",
    "status_basis": "basis",
    "missing": "missing",
    "flags": "flag",
    "value_bound": "bound",
    "official_says": "says",
    "un_says": "says",
    "independent_says": "says",
}


@dataclasses.dataclass(frozen=True)
class Cell:
    """One field of a commitment as the list shows it."""

    name: str
    label: str
    text: str
    figure: bool
    quoted: object  # the plan whose own words it holds, or None


def explorer(filters):
    """The filtered set a page at a time, with every facet's counts. A page that is not there is a bad request."""
    commitments, facets = filters.answer()
    page = paged(commitments, filters.asked.get("page", 1), filters.rows_on_a_page)
    number = page["number"]
    chosen = [name for name in filters.columns if name != "title"]  # the title stands in every row
    return {
        "snapshot": filters.snapshot,
        "plan": filters.plan,
        "filters": filters,
        "facets": facets,
        "spans": list(filters.spans()),
        "grouping": filters.grouping(),
        "chips": list(filters.chips()),
        "rows": [(c, [_cell(filters, c, name) for name in chosen]) for c in page["rows"]],
        "chosen": [(name, COLUMNS[name]) for name in chosen],
        "columns": [(name, label, name in filters.columns) for name, label in COLUMNS.items()],
        "sort": filters.sorts[0] if filters.sorts else "code",
        "then": filters.sorts[1] if len(filters.sorts) > 1 else "",
        "total": page["total"],
        "first": page["first"],
        "until": page["until"],
        "before": filters.canonical(page=number - 1) if number > 1 else "",
        "after": filters.canonical(page=number + 1) if number < page["pages"] else "",
        "query": filters.query(),
        "canonical": filters.canonical(),
        "cited_as": settings.SITE_URL + filters.canonical(page=1),
    }


def _cell(filters, commitment, name):
    value = getattr(commitment, name) if name != "url" else settings.SITE_URL + commitment.path
    figure = isinstance(value, int | Decimal | datetime.date)
    quoted = filters.plan if name in TO_THE_LETTER else None
    return Cell(name, COLUMNS[name], _in_words(filters.snapshot, name, value), figure, quoted)


def _in_words(snapshot, name, value):
    """A field's value for readers; nothing for a blank."""
    if name in ("groups", "bodies", "beside", "metric"):
        known = {"groups": snapshot.groups, "bodies": snapshot.bodies}.get(name, snapshot.metrics)
        value = [known[code].name for code in ([value] if isinstance(value, str) else value) if code]
    if name == "comparator":
        return str(words.COMPARATOR_WORDS.get(value, value))
    if name in IN_WORDS:
        labels = words.LABELS[IN_WORDS[name]]
        value = [str(labels.get(each, each)) for each in ([value] if isinstance(value, str) else value)]
    if isinstance(value, list | tuple):
        return "; ".join(value)
    if isinstance(value, datetime.date):
        return date_format(value, "j M Y")
    if isinstance(value, int | Decimal):
        return words.number(round(value, DECIMALS[name]) if name in DECIMALS else value)
    return "" if value is None else str(value)
