"""Whether the site answers, for those who run it and for what restarts it. They answer over plain http from inside."""

import hmac

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tracker import monitoring
from tracker.models import LedgerEntry, SeedProblem, guards
from tracker.release import release
from tracker.snapshot.cache import read_snapshot

from .errors import AWAY
from .page import plain


def _gone():
    return JsonResponse({"status": "the database cannot be reached"}, status=503, headers={"Retry-After": str(AWAY)})


@never_cache
@plain
def livez(_request):
    """Whether this process answers. It asks nothing else: one that is alone without its database is not restarted."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@plain
def readyz(_request):
    """Whether this process can show pages: database, guards, and what is public held in memory."""
    try:
        wrong = guards.amiss()
        snapshot = read_snapshot()
    except DatabaseError:
        return _gone()
    return JsonResponse({"status": " ".join(wrong) or "ok", "entry": snapshot.head}, status=503 if wrong else 200)


@never_cache
@plain
def healthz(_request):
    """Whether the site can answer: 200 with the newest log entry; 503 with what is wrong with the database."""
    try:
        newest = LedgerEntry.objects.order_by("-seq").first()
        wrong = guards.amiss()
        unloaded = SeedProblem.objects.count()
    except DatabaseError:
        return _gone()
    head = {"entry": newest.seq, "hash": newest.hash} if newest else None
    fine = _("ok; seeds not loaded: %(n)s") % {"n": unloaded} if unloaded else "ok"
    answer = {"status": " ".join(wrong) or fine, "ledger_head": head, "release": release()}
    return JsonResponse(answer, status=503 if wrong else 200)


@never_cache
@plain
def prometheus(request):
    """What is measured, for whoever has the token; where none is set there is no such page."""
    if not settings.PROMETHEUS_TOKEN:
        raise Http404(_("This site is not measured."))
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {settings.PROMETHEUS_TOKEN}".encode()):
        response = HttpResponse(_("The token is missing or another.") + "\n", status=401, content_type="text/plain")
        response["WWW-Authenticate"] = "Bearer"
        return response
    try:
        return HttpResponse(monitoring.measures(), content_type="text/plain; version=1.0.0; charset=utf-8")
    except DatabaseError:
        return _gone()
