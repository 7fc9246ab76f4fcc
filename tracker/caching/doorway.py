"""Where requests come in: what is kept is given out here, at little more than what the server itself costs."""

from contextlib import suppress
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from tracker.serving.middleware import numbered
from tracker.serving.monitoring import measured

from .pages import KeptPages


class NotKeptError(LookupError):
    """Nothing is kept for a request, or whoever asks is given nothing that is kept."""


def _not_kept(_request):
    raise NotKeptError


class Written:
    """An answer whose headers were written by Django once, and are not looked through anew."""

    def __init__(self, content, status, headers):
        self.content, self.status_code, self.headers = content, status, headers
        self.reason_phrase, self.items = HTTPStatus(status).phrase, headers.items

    def __setitem__(self, name, value):
        self.headers[name] = value


class Doorway(WSGIHandler):
    """Django's handler, but an answer that is kept is given before Django begins with the request.

    Of the middleware it has been through what stands before ``KeptPages``, and that after it when it was made.
    """

    def __init__(self):
        super().__init__()
        try:
            give = KeptPages(_not_kept, Written)
        except MiddlewareNotUsed:
            give = _not_kept
        self.give = numbered(measured(give) if settings.PROMETHEUS_TOKEN else give)

    def __call__(self, environ, start_response):
        """The answer, as WSGI has it."""
        connection.close_if_unusable_or_obsolete()  # as Django does; one that its server ended is then opened anew
        response = None
        with suppress(NotKeptError):
            response = self.give(self.request_class(environ.copy()))  # in which a request puts its path, decoded
        if response is None:
            return super().__call__(environ, start_response)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return [response.content]
