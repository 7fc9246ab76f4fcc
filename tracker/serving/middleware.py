"""What happens to every request before a view sees it."""

import contextlib
import logging
import re
import sqlite3
import time
from contextvars import ContextVar
from functools import cache
from random import getrandbits

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousFileOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponseRedirect
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils import timezone
from django.utils._os import safe_join
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from pythonjsonlogger.json import JsonFormatter
from whitenoise.base import MissingFileError
from whitenoise.middleware import WhiteNoiseMiddleware

from .disk import no_room

# Parameters that other sites append to links. They say nothing to this site, and an address without them is shared.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_", "gad_", "_hs", "hsa_", "vero_", "wt_", "ns_", "trk_", "share_")
TRACKING_NAMES = frozenset(
    (
        *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "igshid", "igsh", "ttclid"),
        *("_ga", "_gl", "_ke", "_kx", "srsltid", "mkt_tok", "spm", "scm", "ref", "ref_src", "ref_url", "referrer"),
        *("li_fat_id", "epik", "rdt_cid", "sscid", "irclickid", "cmpid", "cid", "ocid", "ncid", "smid", "s_kwcid"),
        *("isappinstalled", "nsukey", "scene", "clicktime", "sharer_shareid", "wxshare_count", "__twitter_impression"),
        *("dm_i", "elqTrackId", "oly_enc_id", "oly_anon_id", "wickedid", "gi", "mibextid", "si", "sfnsn", "share"),
    )
)
# What WeChat and others append is a word of our own as well, on the page of two days.
ALSO_OURS = {"from": ("timeline", "groupmessage", "singlemessage", "message", "qrcode", "share")}

API = "/api/v1/"
OF_OPERATORS = ("/livez", "/readyz", "/healthz", "/prometheus")  # asked from inside
SHOWN_ELSEWHERE = ("/embed/", "/cards/", "/static/")
NOTHING_NEEDED = ", ".join(
    f"{name}=()"
    for name in ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
)
# Files that are compressed within; to compress them again costs time and gains nothing.
PACKED = {"application/zip", "image/png", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MOST_COOKIES = 8192  # bytes; those of a session, a token and a message are a few hundred


SAID_AWAY = "The database does not answer (%s): readers are given a 503."
SAID_FULL = "There is no room left on a disk (%s): people are given a 503."
OUTAGE = 60  # seconds for which a process says once that the database does not answer, not for each request

_number = ContextVar("number", default="-")
_said = -OUTAGE


def numbered(get_response):
    """Give each request a number, which stands in the header of its answer and in each line of the log about it."""

    def middleware(request):
        token = _number.set(f"{getrandbits(48):012x}")
        try:
            response = get_response(request)
            response["Request-Id"] = _number.get()
            return response
        finally:
            _number.reset(token)

    return middleware


def number_of_request():
    """The number of the request that is being answered; a dash where none is."""
    return _number.get()


def with_number(record):
    """Put the number of the request that is being answered into a line of the log, and nothing else of it.

    Nor does a line name a link that opens something for whoever has it.
    """
    request = record.__dict__.pop("request", None)  # which holds addresses and cookies
    match = getattr(request, "resolver_match", None)
    if match and (token := match.kwargs.get("token")):
        record.msg, record.args = record.getMessage().replace(token, "…"), None
    record.request_id = _number.get()
    return True


class WithoutRows:
    """Formatters of the log. What PostgreSQL adds to an error in detail are values of the row, perhaps somebody's."""

    def formatException(self, error):  # noqa: N802  (as logging names it)
        """The traceback of an error, with the sentence of the database and not its detail."""
        return re.sub(r"(?ms)^DETAIL: .*?(?=^\n(?:The above|During handling)|\Z)", "", super().formatException(error))


class Line(WithoutRows, logging.Formatter):
    """One line of text."""


class Json(WithoutRows, JsonFormatter):
    """One object of JSON."""


def is_away(error):
    """Whether an error says that the database does not answer now and may in a while, not that we are wrong."""
    raw = connection.Database  # a cursor that is closed after its server raises what Django has not made its own
    if isinstance(error, InterfaceError | raw.InterfaceError):
        return True
    code = getattr(error.__cause__ or error, "sqlite_errorcode", None) if error else None
    return isinstance(error, OperationalError | raw.OperationalError) and code != sqlite3.SQLITE_ERROR


def reason_of(error):
    """Why something failed, as a part of a sentence: the first line of what the error says; databases say several."""
    return str(error).strip().partition("\n")[0].strip().rstrip(".")


def said_once(record):
    """Whether a line of Django's about a failed request is written. A 503 is meant, and says to readers what it is of.

    Of a database that does not answer there is one line in a while, not one with a traceback for each reader.
    """
    global _said
    if getattr(record, "status_code", None) != 503 or record.msg in (SAID_AWAY, SAID_FULL):
        return True
    if not record.exc_info or time.monotonic() - _said < OUTAGE:
        return False
    _said = time.monotonic()
    error = record.exc_info[1]
    record.msg = SAID_AWAY if is_away(error) and not no_room(error) else SAID_FULL
    record.args, record.exc_info = (reason_of(error),), None
    return True


def with_strict_headers(get_response):
    """Say what no page of ours needs, so that no script that got in could have it, nor another site our answers.

    What may be framed, read elsewhere or kept by others says so itself. Some stand in Django's settings too, whose
    middleware does not come to saying them where it refuses the name of a host.
    """

    def middleware(request):
        response = get_response(request)
        elsewhere = response.get("Access-Control-Allow-Origin") or request.path.startswith(SHOWN_ELSEWHERE)
        private = response.status_code >= 400 or request.path.startswith(staff_paths())
        for name, value in {
            "Permissions-Policy": NOTHING_NEEDED,
            "Cross-Origin-Resource-Policy": "cross-origin" if elsewhere else "same-origin",
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cache-Control": "private, no-store" if private else "no-cache",
        }.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def is_tracking(name, values=()):
    """Whether a parameter is one that other sites append."""
    if name in ALSO_OURS:
        return bool(values) and all(value in ALSO_OURS[name] for value in values)
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def without_tracking_parameters(get_response):
    """Redirect a page asked for with tracking parameters to its address without them."""

    def middleware(request):
        if request.method in ("GET", "HEAD"):
            names = [name for name, values in request.GET.lists() if is_tracking(name, values)]
            if names:
                return without(request, names)
        return get_response(request)

    return middleware


def without(request, names):
    """Lead to the same address without some parameters."""
    query = request.GET.copy()
    for name in names:
        del query[name]
    ending = f"?{query.urlencode()}" if query else ""
    # From the root: a path such as //host would otherwise lead to another site.
    return HttpResponseRedirect("/" + escape_uri_path(request.path.lstrip("/")) + ending)


def asked_by_any_name(get_response):
    """Let those who start, balance and measure the site ask by whatever name they know it, which may be a number.

    Their answers depend on no name, and lead nowhere.
    """

    def middleware(request):
        if request.path in OF_OPERATORS:
            request.META["HTTP_HOST"] = "localhost"
        return get_response(request)

    return middleware


def with_few_cookies(get_response):
    """Refuse a long Cookie header before anything reads it.

    Python before 3.11.10 takes seconds over a crafted one of some kilobytes (CVE-2024-7592), minutes over a long one.
    """

    def middleware(request):
        if len(request.META.get("HTTP_COOKIE", "")) > MOST_COOKIES:
            del request.META["HTTP_COOKIE"]
            raise BadRequest(_("The cookies of this request are too long: clear those of this site and try again."))
        return get_response(request)

    return middleware


class StaticFiles(WhiteNoiseMiddleware):
    """Static files as they were at the start, and those that a newer release has put beside them since.

    While hosts are replaced one after the other, pages of a new one name files for which an old one is asked.
    """

    def __call__(self, request):
        """The file, or what an address is given that is none of them."""
        url = request.path_info
        if url.startswith(self.static_prefix) and url not in self.files and self.url_is_canonical(url):
            with contextlib.suppress(MissingFileError, SuspiciousFileOperation):
                path = safe_join(self.static_root, url.removeprefix(self.static_prefix))
                self.files[url] = self.find_file_at_path(path, url)
        return super().__call__(request)


class Compressed(GZipMiddleware):
    """Answers are compressed for those who take them so, but for what is compressed within or was so ahead of time."""

    def __call__(self, request):
        """The answer, compressed where that is of use."""
        response = self.get_response(request)
        if response.headers.get("Content-Type") in PACKED or "Content-Encoding" in response.headers:
            return response
        if request.path.startswith(settings.STATIC_URL):  # what has no compressed file beside it gains nothing
            return response
        return self.process_response(request, response)


def has_null(fields):
    """Whether a name or a value that was sent has a null character."""
    return any("\0" in text for name, values in fields.lists() for text in (name, *values))


@cache
def staff_paths():
    """How the addresses of pages for the staff begin."""
    return reverse("admin:index"), reverse("desk")


def without_null_characters(get_response):
    """Refuse an address with a null character: no text has one, and PostgreSQL stores none.

    What staff send is read once it is known who they are (``tracker.admin.carrying``), so that a refusal does not lose
    their text. Readers have one form (``tracker.corrections``), which refuses such characters by field; what is sent
    elsewhere is not read at all.
    """

    def middleware(request):
        if not request.path.startswith(staff_paths()):
            # Not waited for, neither now nor to look for a token in it: a reader has no session that could be misused.
            request._dont_enforce_csrf_checks = True
        if "\0" in request.path or has_null(request.GET):
            raise BadRequest(_("The address or a field has a null character in it; take it out and try again."))
        return get_response(request)

    return middleware


def in_time_of_staff(get_response):
    """Tell staff times as ``TIME_ZONE`` has them. Readers are told UTC, and days are those of UTC for everybody."""

    def middleware(request):
        if not request.path.startswith(staff_paths()):
            return get_response(request)
        with timezone.override(settings.OF_STAFF):
            return get_response(request)

    return middleware


def readable_from_anywhere(get_response):
    """Let pages of other sites read the API: its answers, and its failures and redirects too."""

    def middleware(request):
        response = get_response(request)
        if request.path.startswith(API):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = (
                "ETag, Link, Retry-After, As-Of, Ledger-Entry, Ledger-Head, Method-Version"
            )
            if request.method == "OPTIONS":
                response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
                response["Access-Control-Allow-Headers"] = "If-None-Match"
                response["Access-Control-Max-Age"] = "86400"
        return response

    return middleware


def client_address(request):
    """Where a request comes from: behind our proxy the last address that it noted, since a visitor can write others."""
    if settings.TRUST_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR")
