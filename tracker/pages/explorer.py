"""What the explorer shows of a filtered set."""

from math import ceil

from django.core.exceptions import BadRequest
from django.utils.translation import ngettext


def explorer(filters):
    """The filtered set a page at a time, with every facet's counts. A page that is not there is a bad request."""
    commitments, facets = filters.answer()
    size, number = filters.rows_on_a_page, filters.asked.get("page", 1)
    last = max(1, ceil(len(commitments) / size))
    if number > last:
        sentence = ngettext(
            "page=%(number)s: there is %(last)s page.", "page=%(number)s: there are %(last)s pages.", last
        )
        raise BadRequest(sentence % {"number": number, "last": last})
    start = (number - 1) * size
    return {
        "snapshot": filters.snapshot,
        "plan": filters.plan,
        "filters": filters,
        "form": filters.form,
        "facets": facets,
        "chips": list(filters.chips()),
        "rows": commitments[start : start + size],
        "total": len(commitments),
        "first": start + 1 if commitments else 0,
        "until": min(start + size, len(commitments)),
        "number": number,
        "pages": last,
        "query": filters.query(),
        "canonical": filters.canonical(),
    }
