"""What public pages have in common: reading only, one snapshot, and a version that makes an unchanged page a 304."""

import re
from functools import lru_cache, partial, wraps
from html import escape

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from tracker.caching import apart
from tracker.caching.pages import version_of
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.dates import PageQuery
from tracker.filters.lists import BodyQuery, MetricQuery, SourceQuery
from tracker.filters.parameters import NotKnown
from tracker.filters.recommendations import RecommendationsQuery
from tracker.filters.search import SearchQuery
from tracker.serving import replica
from tracker.serving.middleware import without
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.plan import NotInRegistry

from .errors import being_made

# Words of this site's own addresses: where a page does not take one, leaving it out would show something else.
OURS = {*CommitmentFilter.base_filters, "from", "to", "by", "show", "remark", "order", "entry", "columns"}.union(
    *(query.base_fields for query in (SourceQuery, BodyQuery, MetricQuery, RecommendationsQuery, SearchQuery))
)
# The address of a link within this site, up to its place on the page.
LINK = re.compile(r'(?<= href=")(/(?!/)[^"?#]*)(\?[^"#]*)?')


def versioned(request, make, more=""):
    """What ``make`` answers to the newest snapshot, with its version; a 304 for a reader who names that version.

    ``more`` is the version of what a page shows beside the log; such a page, and one of staff, no replica is asked for.
    """
    snapshot = request.newest = getattr(request, "newest", None) or read_snapshot()
    etag = version_of(request, snapshot, more and f"-{more}")
    # A reader who names ``*`` asks whether there is a page at all, so that one has to be made.
    if not settings.DEBUG and etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _with_version(get_conditional_response(request, etag=etag), etag)
    own = more or settings.SESSION_COOKIE_NAME in request.COOKIES
    response = make(snapshot) if own else replica.reading(snapshot.head, snapshot.head_hash, partial(make, snapshot))
    if response.status_code == 200 and not settings.DEBUG:
        return get_conditional_response(request, etag=etag, response=_with_version(response, etag))
    return response


def public(query_class=PageQuery, *, forgiving=False, days=(), more=str, dear=None):
    """A page that anyone may read, and what its address may ask for. An unchanged page is not made again.

    A ``forgiving`` page leaves out parameters that this site does not know, by a redirect: what other sites append to a
    link never costs a reader the page. A code in letters of another case leads to the right one.

    ``more`` gives the version of what the page shows beside what the log says.

    ``dear`` says of what is asked for, by name, whether the answer takes long: it is then made apart, once.

    The view gets the snapshot of the day that is asked for; the plan, where the address names one; and by name what
    else was asked. An unknown code is a 404. Without a class the view reads the address itself; ``days`` says which of
    the days it takes. What takes them is linked to as of the days of the page on which the link stands.
    """
    day_names = days or [name for name in ("on", "known") if query_class and name in query_class.base_fields]

    def decorate(view):
        @require_safe
        @wraps(view)
        def answer(request, **address):
            try:
                return versioned(
                    request, lambda newest: _make(view, query_class, request, newest, address, dear), more()
                )
            except apart.Busy as error:
                return being_made(request, apart.later(error), apart.AGAIN)
            except (NotKnown, NotInRegistry) as error:
                return _led_on(request, error, address, forgiving=forgiving and not query_class.filters)

        answer.days = tuple(day_names)
        return answer

    return decorate


def without_parameters(view):
    """An address that takes no parameter and depends on no snapshot: a file. An unknown one is refused by name."""

    @require_safe
    @wraps(view)
    def answer(request, **address):
        PageQuery(request.GET)
        return view(request, **address)

    return answer


def forgiving(view):
    """A page that reads its address itself, and leaves out what this site does not know as a ``public`` one does."""

    @wraps(view)
    def answer(request, **address):
        try:
            return view(request, **address)
        except NotKnown as error:
            return _led_on(request, error, address, forgiving=request.method != "POST")

    return answer


def _led_on(request, error, address, *, forgiving):
    """Where a reader meant to go, whose address is not quite right. Raises what is wrong with any other."""
    if isinstance(error, NotInRegistry):
        if right := _in_right_case(request, address):
            return redirect(right)
        raise Http404(str(error)) from error
    if forgiving and OURS.isdisjoint(error.names):
        return without(request, error.names)
    raise error


def _in_right_case(request, address):
    """The address with its codes in the letters that they are written in; nothing where none is like them."""
    newest, named = request.newest, dict(address)
    if "plan" in named:
        named["plan"] = next((code for code in newest.plans if code == named["plan"].lower()), named["plan"])
    plan = newest.plans.get(named.get("plan", ""))
    if "code" in named:
        named["code"] = _right_code(newest, plan, named["code"])
    if named == address:
        return ""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse(request.resolver_match.view_name, kwargs=named) + query


def _right_code(newest, plan, code):
    """A code of a plan, or of what plans share, in the letters that it is written in; as it is where none is so."""
    shared = (newest.metrics, newest.bodies, newest.sources, newest.instruments, newest.recommendations)
    kinds = (plan.commitments, plan.categories, plan.provisions, plan.baseline) if plan else shared
    return next((each for kind in kinds for each in kind if each.casefold() == code.casefold()), code)


def keeping_days(request, response):
    """A page as of a past day whose links lead to pages as of the same day, where those can be had as of one.

    Links to the page itself stay as they are: they are how a reader gets back to today. Files stay as they are too.
    """
    days = {name: escape(request.GET[name]) for name in ("on", "known") if request.GET.get(name)}
    if days and response.get("Content-Type", "").startswith("text/html") and not response.streaming:
        response.content = LINK.sub(partial(_as_of, days, request.path), response.content.decode())
    return response


def _as_of(days, own_path, link):
    path, query = link[1], link[2] or ""
    more = [f"{name}={days[name]}" for name in days_of(path) if name in days and f"{name}=" not in query]
    if path == own_path or not more:
        return link[0]
    return f"{path}{query}{'&amp;' if query else '?'}{'&amp;'.join(more)}"


@lru_cache(maxsize=20_000)  # hundreds of links stand on a page, and most of them on the next one too
def days_of(path):
    """Which days the page at a path takes: ``on``, ``known``, both or neither."""
    try:
        return getattr(resolve(path).func, "days", ())
    except Resolver404:
        return ()


def _make(view, query_class, request, newest, address, dear):
    if query_class is None:
        return keeping_days(request, view(request, newest, **address))
    query = query_class(request.GET)
    snapshot = query.snapshot(newest)
    if "plan" in address:
        address = address | {"plan": snapshot.plan(address["plan"])}
    names = {**address, **query.arguments(address.get("plan"))}

    def answer():
        return keeping_days(request, view(request, snapshot, **names))

    return apart.answer(request, answer) if dear is not None and dear(**names) else answer()


def answered(make, query_class=PageQuery, *, dear=None):
    """An address whose answer ``make`` makes of the snapshot, and by name of the plan and what else was asked."""
    return public(query_class, dear=dear)(lambda _request, snapshot, **names: make(snapshot, **names))


def shown(template, make, query_class=PageQuery, *, dear=None):
    """A page whose template shows the snapshot, what the address asks for by name, and what ``make`` finds for it."""

    def show(request, snapshot, **names):
        context = {"snapshot": snapshot, **names, **make(snapshot, **names)}
        return render(request, f"tracker/{template}.html", context)

    return public(query_class, forgiving=True, dear=dear)(show)


def _with_version(response, etag):
    """An answer that may be kept, and is asked about each time."""
    response["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response
