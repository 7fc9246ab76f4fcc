"""What public pages have in common: reading only, one snapshot, and a version that makes an unchanged page a 304."""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from tracker import apart
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.dates import PageQuery
from tracker.filters.parameters import NotKnown
from tracker.middleware import without
from tracker.pagecache import version_of
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.plan import NotInRegistry

from .errors import busy

# Words of this site's own addresses: where a page does not take one, leaving it out would show something else.
OURS = {*CommitmentFilter.base_filters, "from", "to", "by", "show", "remark", "order", "entry", "state", "columns"}


def versioned(request, make, more=""):
    """What ``make`` answers to the newest snapshot, with its version; a 304 for a reader who names that version.

    ``more`` is the version of what a page shows beside what the log says.
    """
    snapshot = request.newest = getattr(request, "newest", None) or read_snapshot()
    etag = version_of(request, snapshot, more and f"-{more}")
    # A reader who names ``*`` asks whether there is a page at all, so that one has to be made.
    if not settings.DEBUG and etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _with_version(get_conditional_response(request, etag=etag), etag)
    response = make(snapshot)
    if response.status_code == 200 and not settings.DEBUG:
        return get_conditional_response(request, etag=etag, response=_with_version(response, etag))
    return response


def public(query_class=PageQuery, *, forgiving=False, dear=None):
    """A page that anyone may read, and what its address may ask for. An unchanged page is not made again.

    A ``forgiving`` page leaves out parameters that this site does not know, by a redirect: what other sites append to a
    link never costs a reader the page. A code in letters of another case leads to the right one.

    ``dear`` says of what is asked for, by name, whether the answer takes long: it is then made apart, once.

    The view gets the snapshot of the day that is asked for; the plan, where the address names one; and by name what
    else was asked. An unknown code is a 404. Without a class the view reads the address itself.
    """

    def decorate(view):
        @require_safe
        @wraps(view)
        def answer(request, **address):
            try:
                return versioned(request, lambda newest: _make(view, query_class, request, newest, address, dear))
            except apart.Busy:
                return busy(request)
            except (NotKnown, NotInRegistry) as error:
                return _led_on(request, error, address, forgiving=forgiving and not query_class.filters)

        return answer

    return decorate


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
    newest, found = request.newest, dict(address)
    if "plan" in found:
        found["plan"] = next((code for code in newest.plans if code == found["plan"].lower()), found["plan"])
    plan = newest.plans.get(found.get("plan", ""))
    if "code" in found:
        found["code"] = _right_code(newest, plan, found["code"])
    if found == address:
        return ""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse(request.resolver_match.view_name, kwargs=found) + query


def _right_code(newest, plan, code):
    """A code of a plan, or of what plans share, in the letters that it is written in; as it is where none is so."""
    shared = (newest.metrics, newest.bodies, newest.sources, newest.instruments)
    kinds = (plan.commitments, plan.categories, plan.provisions, plan.baseline) if plan else shared
    return next((each for kind in kinds for each in kind if each.casefold() == code.casefold()), code)


def _make(view, query_class, request, newest, address, dear):
    if query_class is None:
        return view(request, newest, **address)
    query = query_class(request.GET)
    snapshot = query.snapshot(newest)
    if "plan" in address:
        address = address | {"plan": snapshot.plan(address["plan"])}
    names = {**address, **query.arguments(address.get("plan"))}
    if dear is not None and dear(**names):
        return apart.answer(request, lambda: view(request, snapshot, **names))
    return view(request, snapshot, **names)


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
