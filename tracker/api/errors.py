"""What went wrong, always as ``{"error": sentence}`` with the status that says so to a program."""

from math import ceil

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rest_framework import exceptions
from rest_framework.response import Response

from tracker.snapshot.plan import NotInRegistry


class VersionMissed(exceptions.APIException):
    """The reader asked for a version by ``If-Match`` that this is not."""

    status_code = 412


def answer(error, context):
    """The answer to an error raised in a view of the API; ``None``, which ends as a 500, for one of ours."""
    headers = {}
    if isinstance(error, BadRequest):
        status, sentence = 400, str(error)
    elif isinstance(error, NotInRegistry | Http404):
        status, sentence = 404, str(error)
    elif isinstance(error, exceptions.APIException):
        status, sentence = error.status_code, _sentence(error, context["request"])
        if isinstance(error, exceptions.Throttled) and error.wait:
            headers["Retry-After"] = str(ceil(error.wait))
    else:
        return None
    return Response({"error": sentence}, status=status, headers=headers)


def _sentence(error, request):
    match error:
        case exceptions.MethodNotAllowed():
            return _("This API is for reading: it takes GET, HEAD and OPTIONS, not %s.") % request.method[:20]
        case exceptions.NotAcceptable():
            return _("This API answers in JSON alone: ask for application/json.")
        case exceptions.Throttled():
            seconds = ceil(error.wait or 1)
            wait = ngettext("wait %d second", "wait %d seconds", seconds) % seconds
            most, period = settings.API_RATE.split("/")
            words = {"most": most, "period": period, "wait": wait}
            return _("More than %(most)s requests in one %(period)s came from your address: %(wait)s.") % words
        case VersionMissed():
            return _("This is not the version that If-Match names: it has changed, or versions here are weak.")
    return str(error.detail)
