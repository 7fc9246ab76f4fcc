"""Who asks too often for what is dear, or holds too much at once, is asked to wait; pages can be read meanwhile.

What is kept (``tracker.caching.pages``) is given out before anything is counted.
"""

import threading
from collections import Counter

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tracker.serving import limits
from tracker.serving.middleware import API, client_address, staff_paths

from .errors import FILES, being_made, too_many

AGAIN = 5  # seconds
FEEDS = (".atom",)
# Each takes what the page cache has not: words to look for, or a day to lay back to.
ASKED_ANEW = ("q", "on", "known", "from", "to")
PERIODS = {
    "second": gettext_lazy("second"),
    "minute": gettext_lazy("minute"),
    "hour": gettext_lazy("hour"),
    "day": gettext_lazy("day"),
}
SIGNING_IN = ("sign-in", "sign-in-code", "forgotten", "staff-link")
WORDS = {
    "API": gettext_lazy("More than %(most)s requests in one %(period)s came from your address: %(wait)s."),
    "SEARCH": gettext_lazy(
        "More than %(most)s searches or past days in one %(period)s were asked for from your address: %(wait)s."
    ),
    "FILES": gettext_lazy("More than %(most)s files in one %(period)s were asked for from your address: %(wait)s."),
    "SIGNIN": gettext_lazy(
        "Signing in was tried more than %(most)s times in one %(period)s from your address: %(wait)s."
    ),
}


def kind_of(request):
    """Of which kind a request is, by the settings that end in ``_RATE``; blank where it is never refused."""
    if request.method == "POST":
        return "SIGNIN" if request.resolver_match.view_name in SIGNING_IN else ""
    if request.path.startswith(API):
        return "API"
    if request.path.startswith(staff_paths()):
        return ""
    if request.path.endswith((*FILES, *FEEDS)):
        return "FILES"
    return "SEARCH" if any(map(request.GET.get, ASKED_ANEW)) else ""


class Limited:
    """Middleware that answers a 429 in the place of a view, with the seconds after which to come again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """The answer of what comes next."""
        return self.get_response(request)

    def process_view(self, request, _view, _arguments, _named):
        """``None`` lets the view answer."""
        kind = kind_of(request)
        if not kind or not (seconds := limits.spend(kind, client_address(request))):
            return None
        most, period = limits.rate_of(kind)
        wait = ngettext("wait %d second", "wait %d seconds", seconds) % seconds
        return too_many(request, WORDS[kind] % {"most": most, "period": PERIODS[period], "wait": wait}, seconds)


class Places:
    """Threads of a process that those who send or read slowly may hold: half of all, and one fewer of one address."""

    def __init__(self, most):
        self.most, self.held, self.lock = most, Counter(), threading.Lock()

    def take(self, address):
        """Whether there is one for an address."""
        with self.lock:
            free = self.held.total() < self.most and self.held[address] < max(1, self.most - 1)
            self.held[address] += free
            return free

    def leave(self, address):
        """Give one back."""
        with self.lock:
            self.held[address] -= 1
            self.held = +self.held  # nobody is remembered who holds none


class Held:
    """Pieces of an answer that hold a place until the last one has gone, or the reader has."""

    def __init__(self, pieces, leave):
        self.pieces, self.leave = iter(pieces), leave

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.pieces)

    def close(self):
        """Django calls it once, however the answer ended."""
        self.leave()


def _is_signed_in(request):
    """Whether the session that a request names is of somebody who signed in: one question of the database."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return bool(key) and SESSION_KEY in SessionStore(key)


class Unhurried:
    """Middleware that leaves threads for pages, whoever sends a form byte by byte or does not read what was asked for.

    The server has no deadline for either. A proxy that buffers takes both upon itself (docs/operating.md). Staff are
    let in where no place is left: what they typed is not turned away, and a newsroom has one address.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.places = Places(max(1, settings.THREADS // 2))

    def __call__(self, request):
        """The answer, or a 503 that says when to come again; what is being sent is not waited for then."""
        address = client_address(request) if settings.LIMITED else ""
        if not address:
            return self.get_response(request)
        sends = request.method not in ("GET", "HEAD", "OPTIONS")
        has_place = sends and self.places.take(address)
        if sends and not has_place and not _is_signed_in(request):
            return self._later(request)
        try:
            response = self.get_response(request)
        finally:
            if has_place:
                self.places.leave(address)
        if response.streaming:
            if self.places.take(address):
                response.streaming_content = Held(response.streaming_content, lambda: self.places.leave(address))
            elif not _is_signed_in(request):
                response.close()
                return self._later(request)
        return response

    def _later(self, request):
        return being_made(request, _("Many files and forms are on their way just now: please try again."), AGAIN)
