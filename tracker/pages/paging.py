"""One page of many rows."""

from math import ceil

from django.core.exceptions import BadRequest
from django.utils.translation import ngettext


def paged(rows, number, size):
    """The rows of one page and where they stand. A page that is not there is a bad request."""
    last = max(1, ceil(len(rows) / size))
    if number > last:
        sentence = ngettext(
            "page=%(number)s: there is %(last)s page.", "page=%(number)s: there are %(last)s pages.", last
        )
        raise BadRequest(sentence % {"number": number, "last": last})
    start = (number - 1) * size
    return {
        "rows": rows[start : start + size],
        "total": len(rows),
        "first": start + 1 if rows else 0,
        "until": min(start + size, len(rows)),
        "number": number,
        "pages": last,
    }
