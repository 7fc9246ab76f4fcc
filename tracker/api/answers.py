"""How the API answers: rows as JSON, a list a page at a time, a failure as one sentence."""

import json
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from tracker.snapshot.plan import NotInRegistry


class WrittenRows(list):
    """Rows that are JSON already."""


def as_json(value):
    """A plain value as the bytes of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Json(JSONRenderer):
    """The answers of the API. ``results``, where they are ``WrittenRows``, come last and are not written again."""

    def render(self, data, *_negotiated):
        if data is None:
            return b""
        if not isinstance(data.get("results"), WrittenRows):
            return as_json(data)
        head = as_json({name: value for name, value in data.items() if name != "results"})
        return b'%s,"results":[%s]}' % (head[:-1], b",".join(data["results"]))


def beside(page, query, snapshot, request):
    """Addresses of the pages beside one page of a list, under the site's own name; ``None`` where there is none.

    They name the log entry, and the day where the list has one, of this page: so a list that is read to its end while
    something is published gives every row once.
    """
    path = settings.SITE_URL + request.path
    state = {"entry": snapshot.known} | ({"on": snapshot.on} if "on" in query.fields else {})
    parameters = [(name, values) for name, values in request.GET.lists() if name not in ("known", "page", *state)]
    numbers = {"next": page["number"] + 1, "previous": page["number"] - 1}
    return {
        relation: f"{path}?{urlencode([*parameters, *state.items(), ('page', number)], doseq=True)}"
        if 0 < number <= page["pages"]
        else None
        for relation, number in numbers.items()
    }


class VersionMissed(exceptions.APIException):
    """The reader asked for a version by ``If-Match`` that this is not."""

    status_code = 412


def failure(error, context):
    """The answer to an error raised in a view of the API, ``{"error": sentence}`` with the status that says so.

    ``None``, which ends as a 500, for an error of ours.
    """
    if isinstance(error, BadRequest):
        status, sentence = 400, str(error)
    elif isinstance(error, NotInRegistry | Http404):
        status, sentence = 404, str(error)
    elif isinstance(error, exceptions.APIException):
        status, sentence = error.status_code, _sentence(error, context["request"])
    else:
        return None
    return Response({"error": sentence}, status=status)


def _sentence(error, request):
    match error:
        case exceptions.MethodNotAllowed():
            return _("This API is for reading: it takes GET, HEAD and OPTIONS, not %s.") % request.method[:20]
        case exceptions.NotAcceptable():
            return _("This API answers in JSON alone: ask for application/json.")
        case VersionMissed():
            return _("This is not the version that If-Match names: it has changed, or versions here are weak.")
    return str(error.detail)
