"""The pages for what went wrong: each says what, and where to go on. Programs that asked for data get JSON."""

import sys
from traceback import walk_tb

from django.core.exceptions import SuspiciousOperation
from django.db import Error
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.exports.answers import READ_ANYWHERE
from tracker.serving.disk import AGAIN, no_room
from tracker.serving.middleware import API, is_away
from tracker.snapshot.cache import read_snapshot

AWAY = 10  # seconds after which to ask again where the database does not answer
FILES = (".json", ".jsonl", ".jsonld", ".csv", ".xlsx", ".zip")


def _for_a_program(request):
    return request.path.endswith(FILES) or request.path.startswith((API, reverse("oembed"), reverse("healthz")))


def _answer(request, status, sentence, *, seconds=None, **more):
    """The page or the JSON of a status; ``seconds`` after which to ask again."""
    if _for_a_program(request):
        response = JsonResponse({"error": sentence}, status=status, headers=READ_ANYWHERE)
    else:
        response = render(request, f"{status}.html", {"sentence": sentence, **_around(request), **more}, status=status)
    if seconds is not None:
        response["Retry-After"] = str(seconds)
    return response


def _around(request):
    """The plan that an address is of, so that its pages can be reached from what went wrong; nothing where none is."""
    try:
        # What cannot be asked for its parameters raises so here, and not within the page.
        snapshot = request.GET is not None and (getattr(request, "newest", None) or read_snapshot())
    except (Error, SuspiciousOperation):
        return {}
    code = request.path.strip("/").partition("/")[0]
    return {"plan": snapshot.plans.get(code), "snapshot": snapshot}


def bad_request(request, exception):
    """400: the address asks for what the page cannot give; what is good in it stays in a link."""
    names = getattr(exception, "names", ())
    good = request.GET.copy() if names else None
    for name in names:
        good.setlist(name, getattr(exception, "good", ()))
    sentence = _sentence(exception, _("The request cannot be understood."))
    return _answer(request, 400, sentence, good=good.urlencode() if good else "")


def permission_denied(request, exception):
    """403: for staff with another role."""
    del exception  # its words are Django's
    return _answer(request, 403, _("This page is for staff with another role."))


def not_found(request, exception):
    """404: nothing is at this address."""
    return _answer(request, 404, _sentence(exception, _("There is no page at this address.")))


def gone(request, sentence):
    """410: something was here and was taken away on purpose."""
    return _answer(request, 410, sentence)


def being_made(request, sentence, seconds):
    """503: what was asked for is being made, and after how many seconds to ask for it again."""
    return _answer(request, 503, sentence, seconds=seconds)


def too_many(request, sentence, seconds):
    """429: so much was asked for from one address that it waits, and for how many seconds."""
    return _answer(request, 429, sentence, seconds=seconds)


def server_error(request):
    """500, or 503 where a disk is full or the database does not answer, which is asked for nothing then."""
    error = sys.exc_info()[1]
    if sentence := no_room(error):
        return being_made(request, sentence, AGAIN)
    status, headers = (503, {"Retry-After": str(AWAY), "Cache-Control": "no-store"}) if is_away(error) else (500, {})
    if _for_a_program(request):
        sentence = _("Something failed on our side. Nothing was lost; please try again in a minute.")
        return JsonResponse({"error": sentence}, status=status, headers=READ_ANYWHERE | headers)
    return HttpResponse(render_to_string("500.html", {"status": status}), status=status, headers=headers)


def _sentence(exception, otherwise):
    """The exception's own words where our code raised it: those were written for people, Django's were not."""
    words = exception.args[0] if exception.args else ""
    frames = [frame for frame, _line in walk_tb(exception.__traceback__)]
    ours = bool(frames) and frames[-1].f_globals.get("__name__", "").startswith("tracker.")
    return words if isinstance(words, str) and words and ours else otherwise
