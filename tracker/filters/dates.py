"""Days that an address may carry: ``on``, what was true then; ``known``, what was published by then; two to compare."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import LedgerEntry, public_day
from tracker.snapshot.cache import entry_on, read_snapshot
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot

from .parameters import PastDay, Query, Refused, WholeNumber, Words, refuse

ON = PastDay(gettext_lazy("As of"))
KNOWN = PastDay(gettext_lazy("As this site knew it on"))
PAGE = WholeNumber(most=99_999_999, usual=1, sentence=gettext_lazy("give a whole number from 1."))
FROM_TO = gettext_lazy("give a whole number from %(least)s to %(most)s.")
LAST_ENTRY = 999_999_999
OF_ENTRY = gettext_lazy("Log entry up to which the list knows; the addresses of its other pages carry it")
ENTRY = WholeNumber(OF_ENTRY, most=LAST_ENTRY, sentence=FROM_TO)


class PageQuery(Query):
    """What the address of a page asks for: nothing but what the page declares besides.

    Where ``filters`` is set, what is asked for narrows what is shown, so that nothing unknown is left out in silence.
    """

    filters = False

    not_known = gettext_lazy("This page takes no parameter “%(name)s”.")

    def snapshot(self, newest: Snapshot) -> Snapshot:
        """The snapshot for the days of the address; the newest one where it has none."""
        return snapshot_of(self.values, newest)

    def arguments(self, _plan: PlanView | None) -> dict[str, Any]:
        """What the view is given by name, besides the snapshot and the plan."""
        return {name: self.get(name) for name in self.fields if name not in ("on", "known")}


class NumberedQuery(PageQuery):
    """A page of many. Whether there is such a page is for the page to say."""

    page = PAGE


class EntryQuery(PageQuery):
    """What can be had as it was when the log ended with an entry."""

    entry = ENTRY

    def snapshot(self, newest: Snapshot) -> Snapshot:
        """The newest one, once the log has the entry."""
        _check_entry(self.get("entry"), newest)
        return newest


class LogQuery(EntryQuery):
    """A page of the log up to an entry, so that no page moves while entries are added."""

    page = PAGE


class KnownQuery(PageQuery):
    """What can be had as it was by a past day, and says nothing of what was true then."""

    known = KNOWN


class DatedQuery(PageQuery):
    """A page that can be had as of a past day."""

    on, known = ON, KNOWN


class DatedFileQuery(DatedQuery):
    """A file that can be had as of a past day, and names others of the same day."""

    def arguments(self, _plan: PlanView | None) -> dict[str, Any]:
        return {"days": urlencode(self.values)}


class CategoryQuery(DatedQuery):
    """A page that shows a whole plan, or one chapter or section of it."""

    filters = True

    category = Words()

    def arguments(self, plan: PlanView | None) -> dict[str, Any]:
        """The category itself, ``None`` where the address names none."""
        code = self.get("category")
        if code and plan and code not in plan.categories:
            refuse("category", [code], _("the plan has no such chapter or section."))
        return super().arguments(plan) | {"category": plan.categories[code] if code and plan else None}


class TwoDaysQuery(PageQuery):
    """Two days to compare, an earlier one and a later one, by the same knowledge.

    Without them: the end of the plan's first year, or its first day while that year runs, and today.
    """

    filters = True

    locals()["from"] = PastDay()  # a word of Python's own
    to, known = PastDay(), KNOWN

    def snapshot(self, newest: Snapshot) -> Snapshot:
        """The newest one, for the plan; the two that are compared are among the arguments."""
        return newest

    def arguments(self, plan: Any) -> dict[str, Any]:
        today = public_day()
        known = _entry_by(self.get("known"))
        first_year = datetime.date(plan.starts_on.year, 12, 31)
        usual = first_year if first_year < today else min(plan.starts_on, today)
        to = self.get("to") or today
        start = self.get("from") or min(usual, to)
        if start > to:
            days = {"first": start, "last": to}
            raise Refused(_("from=%(first)s, to=%(last)s: give the earlier day first.") % days, ["from", "to"])
        return {"before": read_snapshot(on=start, known=known), "after": read_snapshot(on=to, known=known)}


def _entry_by(day: datetime.date | None) -> int | None:
    """The log entry up to which an address asks what was known; ``None`` for all that is known now."""
    if day is None or day >= public_day():
        return None
    known: int = entry_on(day)
    if known == 0:
        first = LedgerEntry.objects.order_by("seq").first()
        when = date_format(first.at.date(), "j F Y") if first else ""
        raise Refused(_("known=%(day)s: this site began on %(first)s.") % {"day": day, "first": when}, ["known"])
    return known


def _check_entry(entry: int | None, newest: Snapshot) -> None:
    if entry is not None and entry > newest.head:
        words = {"entry": entry, "last": newest.head}
        raise Refused(_("entry=%(entry)s: the log has no such entry yet; its last is %(last)s.") % words, ["entry"])


def snapshot_of(days: dict[str, Any], newest: Snapshot) -> Snapshot:
    """The snapshot of the days ``on`` and ``known``, or of a log ``entry``; the newest one where none is given.

    A day before the first log entry is a ``BadRequest`` with a sentence, not an empty plan; so is an entry to come.
    """
    on, known, entry = days.get("on"), _entry_by(days.get("known")), days.get("entry")
    _check_entry(entry, newest)
    if entry is not None and "known" in days:
        words = {"known": days["known"], "entry": entry}
        raise Refused(_("known=%(known)s, entry=%(entry)s: give one of the two.") % words, ["entry"])
    known = entry if known is None else known
    return newest if on is None and known is None else read_snapshot(on=on, known=known)


def snapshot_of_address(query: QueryDict, newest: Snapshot) -> Snapshot:
    """The same for an address, whatever else it asks for."""
    days = QueryDict(mutable=True)
    for name in ("on", "known"):
        days.setlist(name, query.getlist(name))
    return DatedQuery(days).snapshot(newest)
