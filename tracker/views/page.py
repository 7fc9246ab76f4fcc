"""What public pages have in common: reading only, one snapshot, and a version that makes an unchanged page a 304."""

import hashlib
from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tracker.filters.dates import PageQuery
from tracker.release import release
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.plan import NotInRegistry


def _version(request, snapshot):
    """The ETag of an address: it changes with the log, the day, the code and the language.

    The address is part of it, so that whoever names it was once given this very page: no unknown address has one.
    """
    address = request.get_full_path() + (" part" if asks_for_part(request) else "")
    address = hashlib.sha256(address.encode()).hexdigest()[:12]
    return f'W/"{snapshot.head_hash[:12]}-{snapshot.on}-{release()}-{get_language()}-{address}"'


def asks_for_part(request):
    """Whether a script asks for what changes on a page that is open already, and not for the page."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def versioned(request, make):
    """What ``make`` answers to the newest snapshot, with its version; a 304 for a reader who names that version."""
    snapshot = read_snapshot()
    etag = _version(request, snapshot)
    # A reader who names ``*`` asks whether there is a page at all, so that one has to be made.
    if not settings.DEBUG and etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _with_version(get_conditional_response(request, etag=etag), etag)
    response = make(snapshot)
    if response.status_code == 200 and not settings.DEBUG:
        return get_conditional_response(request, etag=etag, response=_with_version(response, etag))
    return response


def public(query_class=PageQuery):
    """A page that anyone may read, and what its address may ask for. An unchanged page is not made again.

    The view gets the snapshot of the day that is asked for; the plan, where the address names one; and by name what
    else was asked. An unknown code is a 404. Without a class the view reads the address itself.
    """

    def decorate(view):
        @require_safe
        @wraps(view)
        def answer(request, **address):
            try:
                return versioned(request, lambda newest: _make(view, query_class, request, newest, address))
            except NotInRegistry as error:
                raise Http404(str(error)) from error

        return answer

    return decorate


def _make(view, query_class, request, newest, address):
    if query_class is None:
        return view(request, newest, **address)
    query = query_class(request.GET)
    snapshot = query.snapshot(newest)
    if "plan" in address:
        address = address | {"plan": snapshot.plan(address["plan"])}
    return view(request, snapshot, **address, **query.arguments(address.get("plan")))


def answered(make, query_class=PageQuery):
    """An address whose answer ``make`` makes of the snapshot, and by name of the plan and what else was asked."""
    return public(query_class)(lambda _request, snapshot, **names: make(snapshot, **names))


def shown(template, make, query_class=PageQuery):
    """A page whose template shows the snapshot, what the address asks for by name, and what ``make`` finds for it."""

    def show(request, snapshot, **names):
        context = {"snapshot": snapshot, **names, **make(snapshot, **names)}
        return render(request, f"tracker/{template}.html", context)

    return public(query_class)(show)


def _with_version(response, etag):
    """An answer that may be kept, and is asked about each time."""
    response["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response
