"""Atom feeds of changes of status, as this site showed them: all, of a plan by filter, and of one promise.

Newest first, a hundred entries a page, pages linked as RFC 5005 has it. The id of an entry is made of the plan, the
code, and the log entry that began it or the day on which time made it, so that it stays the same whenever the feed is
made again.
"""

import datetime
import re
from urllib.parse import urlencode

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
from tracker.serving.release import release
from tracker.snapshot.snapshot import once_for_a_snapshot
from tracker.wording import labels

ON_A_PAGE = 100
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def of_everything(snapshot, page):
    """The feed of all plans."""
    changes = [(plan, change) for plan in snapshot.plans.values() for change in snapshot.published[plan.code]]
    return _answer(
        snapshot,
        changes,
        page,
        title=_("Promise by promise: changes of status"),
        subtitle=_("All promises of all plans."),
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
    codes = {commitment.code for commitment in filters.selected()}
    query = filters.query()
    published = snapshot.published[plan.code]
    return _answer(
        snapshot,
        [(plan, change) for change in published if change.code in codes],
        number,
        # Not of those that are chosen: when a promise leaves the set its changes leave the feed, which is a change too.
        newest=published[-1] if published else None,
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
        subtitle=_("One promise of the %(plan)s.") % {"plan": plan.title},
        link=commitment.path,
        path=reverse("feed-commitment", args=[plan.code, code]),
    )


def _answer(snapshot, changes, number, *, title, subtitle, link, path, query="", newest=None):
    """A page of the feed of these changes, with the plan of each; it was updated with the newest one."""
    changes = sorted(changes, key=lambda each: (each[1].day, each[1].shown or 0), reverse=True)
    last = last_page(len(changes), ON_A_PAGE)
    on_page = changes[(checked(number, last) - 1) * ON_A_PAGE : number * ON_A_PAGE]
    newest = newest or (changes[0][1] if changes else None)
    times = log.times({change.shown for change in (newest, *(change for _plan, change in on_page)) if change})
    subtitle = f"{subtitle} " + _("A promise kept is not a right protected.")
    updated = _time(newest, times) if newest else midnight(snapshot.on)
    words = {"title": title, "subtitle": subtitle, "link": link, "updated": updated}
    feed = begun(snapshot, number, last, path=path, query=query, **words)
    for plan, change in on_page:
        _add(feed, f"{tag_of(snapshot)}{plan.code}/{change.code}/", plan, change, _time(change, times))
    return answer_with(feed)


def begun(snapshot, number, last, *, title, subtitle, link, updated, path, query=""):
    """A page of a feed of this site, with the addresses of its other pages, before anything stands in it."""
    beside = {"first": 1, "last": last, "previous": number - 1, "next": number + 1}  # other pages by relation
    return PagedFeed(
        title=clean(title),
        link=settings.SITE_URL + link,
        description="",
        subtitle=clean(subtitle),
        language=get_language(),
        author_name=_("Promise by promise"),
        author_link=f"{settings.SITE_URL}/",
        feed_url=_address(path, query, number),
        feed_guid=tag_of(snapshot) + path.strip("/") + (f"?{query}" if query else ""),
        feed_copyright=_("Our words and data: CC BY 4.0. Quotations from the plan belong to its publisher."),
        updated=updated,
        pages={rel: _address(path, query, n) for rel, n in beside.items() if 1 <= n <= last},
    )


def answer_with(feed):
    """A feed as an answer."""
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _address(path, query, number):
    page = urlencode({"page": number}) if number > 1 else ""
    query = "&".join(filter(None, (query, page)))
    return settings.SITE_URL + path + (f"?{query}" if query else "")


def _add(feed, tag, plan, change, when):
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
    feed.add_item(
        title=clean(title),
        link=settings.SITE_URL + c.path,
        description=clean("".join(format_html("<p>{}: {}</p>", *line) for line in lines)),
        unique_id=tag + (f"entry-{change.shown}" if change.shown else str(change.day)),
        pubdate=when,
        updateddate=when,
        terms=[(scheme, term, clean(label)) for scheme, term, label in _terms(plan, c, change)],
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
    """When a change was shown: the moment of the log entry that began it; midnight where time alone made it."""
    return times[change.shown] if change.shown else midnight(change.day)


def midnight(day):
    """The moment at which a day begins."""
    return datetime.datetime.combine(day, datetime.time(), tzinfo=datetime.UTC)


@once_for_a_snapshot
def tag_of(_snapshot):
    """The beginning of every id (RFC 4151): an authority and a day on which it was this site's.

    Both are of the first entry of the log, which goes with the data wherever they move, is never changed, and has a
    salted hash that no other database has. A host's name would change with the host; ``.invalid`` is nobody's.
    """
    first = log.first()
    authority, day = (first[0][:32], first[1].date()) if first else ("empty", datetime.date(2021, 1, 1))
    return f"tag:{authority}.invalid,{day}:"


def clean(text):
    """Text without the characters that XML cannot hold."""
    return NOT_XML.sub("", str(text))


class PagedFeed(Atom1Feed):
    """A page of an Atom feed with links to the others, a generator, and categories that say by which list."""

    def latest_post_date(self):
        """When the feed last changed, whichever page of it this is."""
        return self.feed["updated"]

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        generator = {"uri": f"{settings.SITE_URL}/", "version": release()}
        handler.addQuickElement("generator", _("Promise by promise"), generator)
        for rel, address in self.feed["pages"].items():
            handler.addQuickElement("link", "", {"rel": rel, "href": address})

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for scheme, term, label in item["terms"]:
            handler.addQuickElement("category", "", {"scheme": scheme, "term": term, "label": label})
