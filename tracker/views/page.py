"""What public pages have in common: reading only, one snapshot, and a version that makes an unchanged page a 304."""

import hashlib
from functools import partial, wraps

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.filters import dates
from tracker.filters.parameters import shortened
from tracker.release import release
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.plan import NotInRegistry

DATES = ("on", "known")


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


def _has_it(request, etag):
    """Whether the reader names this version. Not for ``*``, which asks whether there is a page at all."""
    return etag in parse_etags(request.headers.get("If-None-Match", ""))


def versioned(request, make):
    """What ``make`` answers to the newest snapshot, with its version; a 304 for a reader who names that version."""
    snapshot = read_snapshot()
    etag = _version(request, snapshot)
    if not settings.DEBUG and _has_it(request, etag):
        return _kept(get_conditional_response(request, etag=etag), etag)
    response = make(snapshot)
    if response.status_code == 200 and not settings.DEBUG:
        return get_conditional_response(request, etag=etag, response=_kept(response, etag))
    return response


def public(view):
    """A page that anyone may read. The view gets the snapshot behind the request; an unknown code is a 404.

    An unchanged page is answered without making it again.
    """

    @require_safe
    @wraps(view)
    def answer(request, **kwargs):
        try:
            return versioned(request, lambda snapshot: view(request, snapshot, **kwargs))
        except NotInRegistry as error:
            raise Http404(str(error)) from error

    return answer


def _kept(response, etag):
    """An answer that may be kept, and is asked about each time."""
    response["ETag"] = etag
    patch_cache_control(response, public=True, no_cache=True)
    patch_vary_headers(response, ("HX-Request", "HX-History-Restore-Request"))
    return response


def without_parameters(view=None, *, but=()):
    """Refuse an address with parameters that the page does not know, by name: all but those named here."""
    if view is None:
        return partial(without_parameters, but=but)

    @wraps(view)
    def answer(request, *args, **kwargs):
        _refuse_all_but(but, request)
        return view(request, *args, **kwargs)

    return answer


def dated(view=None, *, also=()):
    """A page that can be had as of a past day: ``on`` and ``known``, and no parameter but those named besides."""
    if view is None:
        return partial(dated, also=also)

    @wraps(view)
    def answer(request, snapshot, **kwargs):
        _refuse_all_but((*DATES, *also), request)
        return view(request, dates.snapshot_asked_for(request.GET, snapshot), **kwargs)

    return answer


def _refuse_all_but(known, request):
    for name in request.GET:
        if name not in known:
            raise BadRequest(_("This page takes no parameter “%(name)s”.") % {"name": shortened(name)})


def value_asked_for(query, name, choices, default):
    """The value of a parameter that takes one of some values; the default where the address gives none."""
    value = _once(query, name) or default
    if value not in choices:
        words = {"name": name, "value": shortened(value), "choices": ", ".join(choices)}
        raise BadRequest(_("%(name)s=%(value)s: give one of %(choices)s.") % words)
    return value


def category_asked_for(query, plan):
    """The chapter or section that ``category`` names; ``None`` where the address names none."""
    code = _once(query, "category")
    if code and code not in plan.categories:
        raise BadRequest(_("category=%(code)s: the plan has no such chapter or section.") % {"code": shortened(code)})
    return plan.categories[code] if code else None


def number_asked_for(query, name="page"):
    """A whole number from 1 up, 1 without one. Whether there is such a page is for the page to say."""
    value = _once(query, name) or "1"
    if not (value.isascii() and value.isdigit() and len(value) < 9 and int(value)):
        words = {"name": name, "value": shortened(value)}
        raise BadRequest(_("%(name)s=%(value)s: give a whole number from 1.") % words)
    return int(value)


def _once(query, name):
    values = query.getlist(name)
    if len(values) > 1:
        raise BadRequest(_("The parameter “%(name)s” stands twice; give it once.") % {"name": name})
    return values[0] if values else ""
