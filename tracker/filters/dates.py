"""Days that an address may carry: ``on``, what was true then; ``known``, what was published by then; two to compare."""

import datetime
import re

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker.models import LedgerEntry
from tracker.snapshot.cache import entry_on, read_snapshot

WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # fromisoformat takes weeks and days without hyphens as well


def _day(query, name):
    values = [value for value in query.getlist(name) if value.strip()]
    if not values:
        return None
    if len(values) > 1:
        raise BadRequest(_("The parameter “%(name)s” stands twice; give it once.") % {"name": name})
    try:
        day = datetime.date.fromisoformat(values[0]) if WRITTEN.fullmatch(values[0]) else None
    except ValueError:
        day = None
    if day is None:
        given = {"name": name, "value": values[0][:80]}
        raise BadRequest(_("%(name)s=%(value)s: give a day such as 2025-12-31.") % given)
    if day > timezone.localdate():
        raise BadRequest(_("%(name)s=%(value)s: that day is still to come.") % {"name": name, "value": values[0]})
    if day.year < 1990:
        raise BadRequest(_("%(name)s=%(value)s: that is before any plan here.") % {"name": name, "value": values[0]})
    return day


def _known(query):
    """The log entry up to which an address asks what was known; ``None`` for all that is known now."""
    day = _day(query, "known")
    if day is None or day >= timezone.localdate():
        return None
    known = entry_on(day)
    if known == 0:
        first = LedgerEntry.objects.order_by("seq").first()
        when = date_format(first.at.date(), "j F Y") if first else ""
        raise BadRequest(_("known=%(day)s: this site began on %(first)s.") % {"day": day, "first": when})
    return known


def snapshot_asked_for(query, newest):
    """The snapshot for the dates of an address; the newest one where it has none.

    A day before the first log entry is a ``BadRequest`` with a sentence, not an empty plan.
    """
    on, known = _day(query, "on"), _known(query)
    if on is None and known is None:
        return newest
    return read_snapshot(on=on, known=known)


def two_snapshots_asked_for(query, plan):
    """Snapshots of two days, ``from`` and ``to``, by the same knowledge: an earlier and a later one.

    Without them: the end of the plan's first year, or its first day while that year runs, and today.
    """
    known, today = _known(query), timezone.localdate()
    first_year = datetime.date(plan.starts_on.year, 12, 31)
    usual = first_year if first_year < today else min(plan.starts_on, today)
    to = _day(query, "to") or today
    start = _day(query, "from") or min(usual, to)
    if start > to:
        given = {"first": start, "last": to}
        raise BadRequest(_("from=%(first)s, to=%(last)s: give the earlier day first.") % given)
    return read_snapshot(on=start, known=known), read_snapshot(on=to, known=known)
