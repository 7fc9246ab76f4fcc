"""What the explorer shows of a filtered set."""

import datetime
from decimal import Decimal

from django.conf import settings

from tracker.filters.commitments import COLUMNS
from tracker.paging import paged
from tracker.wording import labels

DECIMALS = {"distance": 3, "pace": 3}  # shown; files have all
TO_THE_LETTER = ("quote", "qualifier")
# The list of words behind each field that is stored as a code, where that has another name.
WORDS_OF = {"status_basis": "basis", "flags": "flag", "value_bound": "bound"} | dict.fromkeys(
    ("official_says", "un_says", "independent_says"), "says"
)


def page_of(filters, records, size):
    """One page of a filtered set, with what was asked for and the addresses of the pages around it."""
    return paged(records, filters.parameters.get("page", 1), size, filters.canonical) | {
        "snapshot": filters.snapshot,
        "plan": filters.plan,
        "filters": filters,
        "chips": list(filters.chips()),
        "query": filters.query(),
        "canonical": filters.canonical(),
    }


def explorer(filters):
    """The filtered set a page at a time, with every facet's counts. A page that is not there is a bad request."""
    commitments, facets = filters.answer()
    page = page_of(filters, commitments, filters.rows_on_a_page)
    names = [name for name in filters.columns if name != "title"]  # the title stands in every row
    return page | {
        "facets": facets,
        "spans": list(filters.spans()),
        "grouping": filters.grouping(),
        "shown": page["rows"],
        "rows": [(c, [_field(filters, c, name) for name in names]) for c in page["rows"]],
        "chosen": [(name, COLUMNS[name]) for name in names],
        "columns": [(name, label, name in filters.columns) for name, label in COLUMNS.items()],
        "sort": filters.sorts[0] if filters.sorts else "code",
        "then": filters.sorts[1] if len(filters.sorts) > 1 else "",
        "cited_as": settings.SITE_URL + filters.canonical(page=1),
    }


def _field(filters, commitment, name):
    """One field of a commitment as the list shows it; ``quoted`` is the plan whose own words it holds."""
    value = getattr(commitment, name) if name != "url" else settings.SITE_URL + commitment.path
    figure = isinstance(value, int | Decimal | datetime.date)
    quoted = filters.plan if name in TO_THE_LETTER else None
    text = _in_words(filters.snapshot, name, value)
    return {"name": name, "label": COLUMNS[name], "text": text, "figure": figure, "quoted": quoted}


def _in_words(snapshot, name, value):
    """A field's value for readers; nothing for a blank."""
    if name in ("groups", "bodies", "beside", "metric"):
        known = {"groups": snapshot.groups, "bodies": snapshot.bodies}.get(name, snapshot.metrics)
        value = [known[code].name for code in ([value] if isinstance(value, str) else value) if code]
    if name == "comparator":
        return str(labels.COMPARATOR_WORDS.get(value, value))
    if (list_name := WORDS_OF.get(name, name)) in labels.LABELS:
        words = labels.LABELS[list_name]
        value = [str(words.get(each, each)) for each in ([value] if isinstance(value, str) else value)]
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if isinstance(value, datetime.date):
        return labels.day_in_words(value, "j M Y")
    if isinstance(value, int | Decimal):
        return labels.number(round(value, DECIMALS[name]) if name in DECIMALS else value)
    return "" if value is None else str(value)
