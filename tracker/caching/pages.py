"""Answers that were made once, kept for whoever asks next: in memory, or in Redis for all workers and hosts.

A kept answer is never stale: whatever could change it is in its key, which is the head of the log with the day, the
code, the settings that pages show and the language (its version), and the full address. So nothing is ever taken out
because something was published; what nobody asks for any more falls out by itself. Staff are never given one.
"""

import gzip
import json
import logging
import time
from hashlib import sha256

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse, HttpResponseNotModified
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django_htmx.middleware import HtmxDetails

from tracker.serving.middleware import API, MOST_COOKIES, OF_OPERATORS, PACKED, is_away, staff_paths
from tracker.serving.release import configuration, release
from tracker.snapshot.cache import read_snapshot

logger = logging.getLogger(__name__)

# For programs, or files already; /livez has to answer without the database.
NEVER_KEPT = (*OF_OPERATORS, API, settings.STATIC_URL)
LONGEST = 512 * 1024  # bytes of an answer, compressed
IN_MEMORY = 32 * 1024 * 1024  # bytes of all that a worker keeps
SHORTEST = 200  # bytes that are worth compressing
LEVEL = 6
PAUSE = 30  # seconds for which a store that failed is not asked
PAUSE_OF_DATABASE = 1  # the same of a database that does not answer, so that not every reader waits for it to say so
CONDITIONS = {f"HTTP_IF_{name}" for name in ("MATCH", "NONE_MATCH", "MODIFIED_SINCE", "UNMODIFIED_SINCE")}
# Of an answer that carries nothing these say nothing.
OF_A_BODY = {"Content-Encoding", "Content-Length", "Content-Type", "Content-Disposition"}
OF_A_VERSION = {"ETag", "Cache-Control", "Vary"}


class PagesInMemory(LocMemCache):
    """Django's cache in memory, bounded by the bytes that it holds: the entries asked for longest ago go first."""

    def validate_key(self, key):
        """Every key is a digest: no need to look at each of its letters."""

    def _set(self, key, value, timeout=None):
        super()._set(key, value, timeout)
        size = sum(map(len, self._cache.values()))
        while size > IN_MEMORY:
            oldest, dropped = self._cache.popitem()
            del self._expire_info[oldest]
            size -= len(dropped)


class Codec:
    """How an answer lies in Redis: its headers as JSON, then its body. Nothing that is read from there is ever run."""

    def dumps(self, answer):
        """An answer as bytes."""
        headers, body = answer
        return json.dumps(headers).encode() + b"\n" + body

    def loads(self, data):
        """The answer of such bytes."""
        headers, _line, body = data.partition(b"\n")
        return json.loads(headers), body


def asks_for_part(request):
    """Whether a script asks for what changes on a page that is open already, and not for the page."""
    if "HTTP_HX_REQUEST" not in request.META:
        return False
    htmx = HtmxDetails(request)
    return bool(htmx) and not htmx.history_restore_request


def version_of(request, snapshot, more=""):
    """The ETag of an address: it changes with the log, the day, the code and the language, and with what else is named.

    The address is part of it, so that whoever names it was once given this very page: no unknown address has one.
    """
    site = f"{release()}{configuration()}"
    return f'W/"{snapshot.head_hash[:12]}-{snapshot.on}-{site}-{get_language()}-{address_of(request)[:12]}{more}"'


def address_of(request):
    """A digest of the full address of a request, and of whether it is for a part of the page."""
    if not hasattr(request, "digest_of_address"):
        address = request.get_full_path() + (" part" if asks_for_part(request) else "")
        request.digest_of_address = sha256(address.encode()).hexdigest()
    return request.digest_of_address


def _for_everybody(request):
    """Whether the answer could be the same for everybody who asks for the address. Whoever has a session is staff."""
    if request.method not in ("GET", "HEAD") or request.path.startswith(NEVER_KEPT + staff_paths()):
        return False
    cookies = request.META.get("HTTP_COOKIE", "")
    if len(cookies) > MOST_COOKIES or settings.SESSION_COOKIE_NAME in cookies:
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return "\0" not in request.path


def _answer(body, status, headers):
    return HttpResponseNotModified(headers=headers) if status == 304 else HttpResponse(body, headers=headers)


class KeptPages:
    """Give an answer that is kept; keep one that is made, where its ETag says that it is of this version alone."""

    away_at = -PAUSE_OF_DATABASE  # when the database last did not answer this process

    def __init__(self, get_response, answer=_answer):
        if settings.DEBUG or "pages" not in settings.CACHES:
            raise MiddlewareNotUsed
        self.get_response, self.answer = get_response, answer

    def __call__(self, request):
        """The answer, kept or made."""
        if not _for_everybody(request):
            return self.get_response(request)
        try:
            snapshot = request.newest = self._newest()
        except DatabaseError as error:
            request.away = error if is_away(error) else None
            return self.get_response(request)  # whoever answers says so
        version = version_of(request, snapshot)
        # By its scheme too: only over https are browsers asked to stay there, and over http they may be sent there.
        named = f"{version} {snapshot.head_hash} {request.scheme} {address_of(request)}"
        key = sha256(named.encode()).hexdigest()
        answer = request.kept_page = store.get(key)
        if answer is not None:
            return self._response(request, version, *answer)
        response = self.get_response(request)
        mine = response.status_code == 200 and response.get("ETag") == version and not response.cookies
        if mine and not hasattr(response, "lies_in_a_file"):
            self._keep(key, response)
        return response

    def _newest(self):
        if time.monotonic() - KeptPages.away_at < PAUSE_OF_DATABASE:
            raise OperationalError("it did not a moment ago")
        try:
            return read_snapshot()
        except DatabaseError as error:
            if is_away(error):
                KeptPages.away_at = time.monotonic()
            raise

    def _response(self, request, version, headers, body):
        if version in request.META.get("HTTP_IF_NONE_MATCH", "") and "HTTP_IF_MATCH" not in request.META:
            return self.answer(b"", 304, {n: v for n, v in headers.items() if n not in OF_A_BODY})
        packed = "Content-Encoding" in headers
        if packed and not re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            headers, body = (
                {name: headers[name] for name in headers if name != "Content-Encoding"},
                gzip.decompress(body),
            )
        headers = headers | {"Content-Length": str(len(body))}
        if CONDITIONS.isdisjoint(request.META):
            return self.answer(body, 200, headers)
        whole = HttpResponse(body, headers=headers)
        answer = get_conditional_response(request, etag=version, response=whole)
        for name in headers.keys() - OF_A_BODY - OF_A_VERSION:
            answer.headers.setdefault(name, headers[name])  # a refusal is an answer of ours too
        return answer

    def _keep(self, key, response):
        headers = {name: value for name, value in response.items() if name != "Content-Length"}
        if response.streaming:
            response.streaming_content = self._noted(key, headers, response.streaming_content)
        else:
            self._put(key, headers, response.content)

    def _noted(self, key, headers, pieces):
        """The pieces as they go out; what they were together is kept once the last one has gone."""
        noted, size = [], 0
        for piece in pieces:
            size += len(piece)
            if size <= LONGEST:
                noted.append(piece)
            else:
                noted.clear()
            yield piece
        if noted and size <= LONGEST:
            self._put(key, headers, b"".join(noted))

    def _put(self, key, headers, body):
        if len(body) >= SHORTEST and headers.get("Content-Type") not in PACKED:
            # Whoever asks for it compressed is given these bytes. Nothing in them is secret, so that their length may
            # be known.
            packed = gzip.compress(body, LEVEL, mtime=0)
            if len(packed) < len(body):
                vary = HttpResponse(headers={"Vary": headers.get("Vary", "")})
                patch_vary_headers(vary, ("Accept-Encoding",))
                body, headers = packed, headers | {"Content-Encoding": "gzip", "Vary": vary["Vary"]}
        if len(body) <= LONGEST:
            store.put(key, (headers, body))


def unless_away(get_response):
    """Ask nothing more where the database did not answer; the sentence about it has the headers of every page."""

    def respond(request):
        if error := getattr(request, "away", None):
            raise error
        return get_response(request)

    return respond


class Store:
    """Where answers lie. One that fails costs nobody an answer: it says so in a line, and is let alone for a while."""

    failed_at = None

    def get(self, key):
        """What is kept under a key; ``None`` where nothing is, or nothing can be had."""
        return self._ask(lambda: caches["pages"].get(key))

    def put(self, key, answer):
        """Keep something, where that can be done."""
        self._ask(lambda: caches["pages"].set(key, answer))

    def _ask(self, question):
        if self.failed_at is not None and time.monotonic() - self.failed_at < PAUSE:
            return None
        try:
            answer = question()
        except Exception as error:  # whatever it is, readers get their pages
            if self.failed_at is None:
                logger.warning("The store of pages fails (%s): each page is made anew until it can be asked.", error)
            self.failed_at = time.monotonic()
            return None
        if self.failed_at is not None:
            self.failed_at = None
            logger.warning("The store of pages can be asked again.")
        return answer


store = Store()  # of this process
