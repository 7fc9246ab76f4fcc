"""One page of many rows: which one is asked for, whether it is there, and what stands on it."""

from math import ceil

from django.core.exceptions import BadRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LONGEST_REPEATED = 40  # characters of what was sent, in the sentence that refuses it


def last_page(total, size):
    """The number of the last page. A list of nothing has one page."""
    return max(1, ceil(total / size))


def absent(number, last):
    """The bad request for a page that is not there."""
    sentence = ngettext("page=%(number)s: there is %(last)s page.", "page=%(number)s: there are %(last)s pages.", last)
    return BadRequest(sentence % {"number": Truncator(number).chars(LONGEST_REPEATED), "last": last})


def number_asked(query, last):
    """The number of the page that an address asks for; the first where it asks for none."""
    given = query.getlist("page")
    if len(given) > 1:
        raise BadRequest(_("The parameter “%(name)s” stands twice; give it once.") % {"name": "page"})
    number = given[0] if given and given[0].strip() else "1"
    if not (number.isascii() and number.isdigit() and len(number) < 9 and 1 <= int(number) <= last):
        raise absent(number, last)
    return int(number)


def paged(rows, number, size):
    """The rows of one page and where they stand. A page that is not there is a bad request."""
    last = last_page(len(rows), size)
    if number > last:
        raise absent(number, last)
    start = (number - 1) * size
    return {
        "rows": rows[start : start + size],
        "total": len(rows),
        "first": start + 1 if rows else 0,
        "until": min(start + size, len(rows)),
        "number": number,
        "pages": last,
    }
