"""Whether the site answers, for those who run it and for what restarts it. They answer over plain http from inside."""

import datetime
import hmac

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tracker.models import LedgerEntry, SeedProblem, guards
from tracker.serving import monitoring
from tracker.serving.release import release
from tracker.snapshot.cache import read_snapshot

from .errors import AWAY
from .page import without_parameters

AHEAD = datetime.timedelta(minutes=1)  # by which the clocks of two hosts may differ
MEASURES = "text/plain; version=1.0.0; charset=utf-8"


def _gone():
    return JsonResponse({"status": "the database cannot be reached"}, status=503, headers={"Retry-After": str(AWAY)})


@never_cache
@without_parameters
def livez(_request):
    """Whether this process answers. It asks nothing else: one that is alone without its database is not restarted."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@without_parameters
def readyz(_request):
    """Whether this process can show pages: database, guards, and what is public held in memory."""
    try:
        amiss = guards.amiss()
        snapshot = read_snapshot()
    except DatabaseError:
        return _gone()
    return JsonResponse({"status": " ".join(amiss) or "ok", "entry": snapshot.head}, status=503 if amiss else 200)


@never_cache
@without_parameters
def healthz(_request):
    """Whether the site can answer: 200 with the newest log entry; 503 with what is wrong with the database."""
    try:
        newest = LedgerEntry.objects.order_by("-seq").first()
        amiss = guards.amiss()
        unloaded = SeedProblem.objects.count()
    except DatabaseError:
        return _gone()
    head = {"entry": newest.seq, "hash": newest.hash} if newest else None
    answer = {"status": " ".join(amiss) or _fine(newest, unloaded), "ledger_head": head, "release": release()}
    return JsonResponse(answer, status=503 if amiss else 200)


def _fine(newest, unloaded):
    """That the site answers, and what its operator has to look at all the same."""
    words = ["ok", _("seeds not loaded: %(n)s") % {"n": unloaded} if unloaded else ""]
    if newest and newest.at > timezone.now() + AHEAD:
        sentence = _("the newest entry of the log is dated %(at)s, which is after the clock of this machine")
        words.append(sentence % {"at": newest.at.isoformat()})
    return "; ".join(filter(None, words))


@never_cache
@without_parameters
def prometheus(request, count_due):
    """What is measured, for whoever has the token; where none is set there is no such page."""
    if not settings.PROMETHEUS_TOKEN:
        raise Http404(_("This site is not measured."))
    token = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(token, f"Bearer {settings.PROMETHEUS_TOKEN}".encode()):
        response = HttpResponse(_("The token is missing or another.") + "\n", status=401, content_type="text/plain")
        response["WWW-Authenticate"] = "Bearer"
        return response
    try:
        return HttpResponse(monitoring.measures(count_due(read_snapshot())), content_type=MEASURES)
    except DatabaseError:
        return _gone()
