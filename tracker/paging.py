"""One page of many rows: whether it is there, and what stands on it."""

from math import ceil

from django.core.exceptions import BadRequest
from django.utils.translation import ngettext


def last_page(total, size):
    """The number of the last page. A list of nothing has one page."""
    return max(1, ceil(total / size))


def checked(number, last):
    """The number of a page, from 1 to the last one. A page that is not there is a bad request."""
    if number <= last:
        return number
    sentence = ngettext("page=%(number)s: there is %(last)s page.", "page=%(number)s: there are %(last)s pages.", last)
    refused = BadRequest(sentence % {"number": number, "last": last})
    refused.names = ("page",)  # what else the address asks for can stay
    raise refused


def paged(rows, number, size, address=None):
    """The rows of one page and where they stand. A page that is not there is a bad request.

    With ``address``, a function of a page's number, also where the page before it is and the page after it.
    """
    last = last_page(len(rows), size)
    start = (checked(number, last) - 1) * size
    page = {
        "rows": rows[start : start + size],
        "total": len(rows),
        "first": start + 1 if rows else 0,
        "until": min(start + size, len(rows)),
        "number": number,
        "pages": last,
    }
    if address is not None:
        page["before"] = address(number - 1) if number > 1 else ""
        page["after"] = address(number + 1) if number < last else ""
    return page
