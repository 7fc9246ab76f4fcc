"""What public pages have in common: reading only, one snapshot, and a version that makes an unchanged page a 304."""

import hashlib
from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker import dates, queries
from tracker.release import release

DATES = ("on", "known")


def _version(request, snapshot):
    """The ETag of an address: it changes with the log, the day, the code and the language.

    The address is part of it, so that whoever names it was once given this very page: no unknown address has one.
    """
    address = hashlib.sha256(request.get_full_path().encode()).hexdigest()[:12]
    return f'W/"{snapshot.head}-{snapshot.on}-{release()}-{get_language()}-{address}"'


def _has_it(request, etag):
    """Whether the reader names this version. Not for ``*``, which asks whether there is a page at all."""
    return etag in parse_etags(request.headers.get("If-None-Match", ""))


def public(view):
    """A page that anyone may read. The view gets the snapshot behind the request; an unknown code is a 404.

    An unchanged page is answered without making it again.
    """

    @require_safe
    @wraps(view)
    def answer(request, **kwargs):
        snapshot = queries.snapshot()
        etag = _version(request, snapshot)
        if not settings.DEBUG and _has_it(request, etag):
            return _kept(get_conditional_response(request, etag=etag), etag)
        try:
            response = view(request, snapshot, **kwargs)
        except queries.NotInRegistry as error:
            raise Http404(str(error)) from error
        if response.status_code == 200 and not settings.DEBUG:
            return get_conditional_response(request, etag=etag, response=_kept(response, etag))
        return response

    return answer


def _kept(response, etag):
    """An answer that may be kept, and is asked about each time."""
    response["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    return response


def without_parameters(view):
    """Refuse an address with parameters that the page does not know, by name."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        _refuse_all_but((), request)
        return view(request, *args, **kwargs)

    return answer


def dated(view):
    """A page that can be had as of a past day: ``on`` and ``known``, and no other parameter."""

    @wraps(view)
    def answer(request, snapshot, **kwargs):
        _refuse_all_but(DATES, request)
        return view(request, dates.snapshot_asked_for(request.GET, snapshot), **kwargs)

    return answer


def _refuse_all_but(known, request):
    for name in request.GET:
        if name not in known:
            raise BadRequest(_("This page takes no parameter “%(name)s”.") % {"name": name[:80]})
