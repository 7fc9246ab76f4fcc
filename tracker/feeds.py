"""Atom feeds of changes of status, as this site showed them: all, of a plan by filter, and of one promise.

Newest first, a hundred entries a page, pages linked as RFC 5005 has it. The id of an entry is made of the plan, the
code, the day and what the promise stood at from then on, so that it stays the same whenever the feed is made again.
"""

import datetime
import re
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tracker.filters import dates
from tracker.filters.commitments import CommitmentFilter
from tracker.ledger import log
from tracker.paging import checked, last_page
from tracker.release import release

from . import labels

ON_A_PAGE = 100
IDS_SINCE = "2026"  # a tag URI (RFC 4151) names a time at which its host was the site's; ids begin here
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def of_everything(snapshot, page):
    """The feed of all plans."""
    changes = [(plan, change) for plan in snapshot.plans.values() for change in snapshot.published[plan.code]]
    return _answer(
        snapshot,
        changes,
        page,
        title=_("Promise by promise: changes of status"),
        subtitle=_("All commitments of all plans."),
        link=reverse("plan-list"),
        path=reverse("feed"),
    )


def of_plan(newest, plan_code, parameters):
    """The feed of the promises that the explorer shows for the same parameters; the order of a list changes nothing."""
    newest.plan(plan_code)  # an unknown plan is a 404, whatever else the address asks for
    data = parameters.copy()
    own = QueryDict(mutable=True)
    own.setlist("page", data.pop("page", []))  # that of the feed
    number = dates.NumberedQuery(own).get("page")
    snapshot = dates.snapshot_of_address(parameters, newest)
    plan = snapshot.plan(plan_code)
    filters = CommitmentFilter(data, snapshot=snapshot, plan=plan, paged=False)
    chosen = {commitment.code for commitment in filters.selected()}
    query = filters.query()
    return _answer(
        snapshot,
        [(plan, change) for change in snapshot.published[plan.code] if change.code in chosen],
        number,
        title=_("%(plan)s: changes of status") % {"plan": plan.short_title},
        subtitle=filters.in_words(),
        link=plan.explorer_path + (f"?{query}" if query else ""),
        path=reverse("feed-plan", args=[plan.code]),
        query=query,
    )


def of_commitment(snapshot, plan, code, page):
    """The feed of one promise."""
    commitment = plan.commitment(code)
    return _answer(
        snapshot,
        [(plan, change) for change in snapshot.published[plan.code] if change.code == code],
        page,
        title=_("%(code)s %(title)s: changes of status") % {"code": code, "title": commitment.title},
        subtitle=_("One commitment of the %(plan)s.") % {"plan": plan.title},
        link=commitment.path,
        path=reverse("feed-commitment", args=[plan.code, code]),
    )


def _answer(snapshot, changes, number, *, title, subtitle, link, path, query=""):
    """A page of the feed of these changes, which come oldest first, with the plan of each."""
    changes = sorted(changes, key=lambda each: (each[1].day, max(each[1].entries, default=0)), reverse=True)
    last = last_page(len(changes), ON_A_PAGE)
    shown = changes[(checked(number, last) - 1) * ON_A_PAGE : number * ON_A_PAGE]
    times = log.times({max(change.entries) for _plan, change in (*changes[:1], *shown) if change.entries})
    feed = PagedFeed(
        title=_clean(title),
        link=settings.SITE_URL + link,
        description="",
        subtitle=_clean(f"{subtitle} " + _("A promise kept is not a right protected.")),
        language=get_language(),
        author_name=_("Promise by promise"),
        author_link=f"{settings.SITE_URL}/",
        feed_url=_address(path, query, number),
        feed_guid=_tag(path.strip("/") + (f"?{query}" if query else "")),
        feed_copyright=_("Our words and data: CC BY 4.0. Quotations from the plan belong to its publisher."),
        updated=_time(changes[0][1], times) if changes else _midnight(snapshot.on),
        pages=_pages(path, query, number, last),
    )
    for plan, change in shown:
        _add(feed, plan, change, _time(change, times))
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _pages(path, query, number, last):
    """Links to other pages of the feed, by relation."""
    numbers = {"first": 1, "last": last, "previous": number - 1, "next": number + 1}
    return {rel: _address(path, query, n) for rel, n in numbers.items() if 1 <= n <= last}


def _address(path, query, number):
    page = urlencode({"page": number}) if number > 1 else ""
    query = "&".join(filter(None, (query, page)))
    return settings.SITE_URL + path + (f"?{query}" if query else "")


def _add(feed, plan, change, when):
    """An entry: what a promise stands at since when, and what it stood at before."""
    c = plan.commitments[change.code]
    facts = {"code": c.code, "title": c.title, "after": labels.status(change.after)}
    if change.before is None:
        title = _("%(code)s %(title)s: %(after)s (first published)") % facts
        before = _("not published here")
    else:
        before = labels.status(change.before)
        title = _("%(code)s %(title)s: %(after)s (was %(before)s)") % {**facts, "before": before}
    because = _("the day came; nothing new was published")
    if change.entries:
        words = {"entries": ", ".join(map(str, change.entries))}
        because = ngettext("log entry %(entries)s", "log entries %(entries)s", len(change.entries)) % words
    lines = (
        (_("Before"), before),
        (_("Now"), facts["after"]),
        (_("Due"), _("throughout") if c.deadline_basis == "standing" else date_format(c.deadline, "j F Y")),
        (_("Because"), because),
    )
    stands = "-".join(filter(None, (change.after.status, change.after.missing)))
    feed.add_item(
        title=_clean(title),
        link=settings.SITE_URL + c.path,
        description=_clean("".join(format_html("<p>{}: {}</p>", *line) for line in lines)),
        unique_id=_tag(f"{plan.code}/{c.code}/{change.day}/{stands}"),
        pubdate=when,
        updateddate=when,
        terms=[(scheme, term, _clean(label)) for scheme, term, label in _terms(plan, c, change)],
    )


def _terms(plan, c, change):
    """Categories of an entry: rights from the nearest up, kind, group. Scheme and term together are an address."""
    method = settings.SITE_URL + reverse("method")
    rights = settings.SITE_URL + reverse("right-list", args=[plan.code])
    for code in plan.ancestry[c.category]:
        yield rights, code, f"{code} {plan.categories[code].title}"
    yield f"{method}#kind-", c.kind, labels.LABELS["kind"][c.kind]
    yield f"{method}#group-", change.after.group, labels.GROUPS[change.after.group]


def _time(change, times):
    """When a change was shown: the moment of its last log entry; midnight where time alone made it."""
    return times[max(change.entries)] if change.entries else _midnight(change.day)


def _midnight(day):
    return datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)


def _tag(specific):
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{IDS_SINCE}:{specific}"


def _clean(text):
    """Text without the characters that XML cannot hold."""
    return NOT_XML.sub("", str(text))


class PagedFeed(Atom1Feed):
    """A page of an Atom feed with links to the others, a generator, and categories that say by which list."""

    def latest_post_date(self):
        """When the feed last changed, whichever page of it this is."""
        return self.feed["updated"]

    def add_root_elements(self, handler):
        """What the feed says of itself."""
        super().add_root_elements(handler)
        generator = {"uri": f"{settings.SITE_URL}/", "version": release()}
        handler.addQuickElement("generator", _("Promise by promise"), generator)
        for rel, address in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": rel, "href": address})

    def add_item_elements(self, handler, item):
        """What an entry says."""
        super().add_item_elements(handler, item)
        for scheme, term, label in item["terms"]:
            handler.addQuickElement("category", "", {"scheme": scheme, "term": term, "label": label})
