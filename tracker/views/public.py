"""Pages that anyone reads: the plan, its rights, paragraphs and promises, and what plans share."""

from pathlib import Path

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.charts import vega
from tracker.filters.dates import DatedQuery, NumberedQuery
from tracker.ledger import log
from tracker.models import LedgerEntry, triggers
from tracker.pages import baseline, commitment, front, norms, rights, shared
from tracker.release import release
from tracker.uploads import storage

from . import sitemaps
from .errors import gone
from .page import public, shown

# Whatever a file holds, a browser neither guesses its type nor runs anything in it.
DOWNLOAD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# What plans share.
plan_list = shown("plan_list", shared.plans)
metric_list = shown("metric_list", shared.metrics)
metric_detail = shown("metric_detail", shared.metric)
norm_list = shown("norm_list", norms.norms)
instrument_detail = shown("instrument_detail", norms.instrument)
norm_detail = shown("norm_detail", norms.norm)
source_list = shown("source_list", shared.sources)
source_detail = shown("source_detail", shared.source)
body_list = shown("body_list", shared.bodies)
body_detail = shown("body_detail", shared.body)
method = shown("method", shared.method)
about = shown("about", shared.about)
# A plan and what it holds, today or as of a past day.
plan_detail = shown("plan_detail", front.plan, DatedQuery)
right_list = shown("right_list", rights.rights, DatedQuery)
right_detail = shown("right_detail", rights.right, DatedQuery)
provision_detail = shown("provision_detail", rights.provision, DatedQuery)
commitment_detail = shown("commitment_detail", commitment.commitment, DatedQuery)
baseline_detail = shown("baseline_detail", baseline.baseline_record, DatedQuery)


@public(DatedQuery)
def home(request, snapshot):
    """The plan that the setting names."""
    plan = snapshot.plan(settings.PLAN)
    return render(
        request, "tracker/plan_detail.html", {"snapshot": snapshot, "plan": plan, **front.plan(snapshot, plan)}
    )


@public(DatedQuery)
def commitment_chart(_request, snapshot, plan, code):
    """The picture of a promise's values as a Vega-Lite specification, for pages of any site."""
    figure, headers = vega.specification(snapshot, plan, code), {"Access-Control-Allow-Origin": "*"}
    return JsonResponse(figure, headers=headers, json_dumps_params={"ensure_ascii": False})


@public(NumberedQuery)
def ledger(request, snapshot, page):
    """The log, a page at a time."""
    return render(request, "tracker/ledger.html", log.page(snapshot, page))


@require_safe
def ledger_file(_request):
    """The whole log as a file."""
    headers = {"Content-Disposition": 'attachment; filename="ledger.jsonl"'}
    return StreamingHttpResponse(log.lines(), content_type="application/jsonl", headers=headers)


@require_safe
def verifier(_request):
    """The program that verifies the log."""
    headers = {"Content-Disposition": 'attachment; filename="verify.py"'}
    return HttpResponse(log.verifier(), content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
def evidence_file(request, file_hash):
    """A file that evidence carries, to be saved and never shown as a page of this site."""
    try:
        evidence, file, is_public = storage.find(file_hash, lambda: request.user)
    except storage.Gone:
        return gone(request, _("This file was taken away for somebody's safety; the log says why."))
    except storage.NoFile as error:
        raise Http404(_("There is no file at this address.")) from error
    headers = DOWNLOAD | {"Content-Type": evidence.file_type}
    headers["Cache-Control"] = "no-cache" if is_public else "private, no-store"
    return FileResponse(file, as_attachment=True, filename=evidence.file_name, headers=headers)


@require_safe
def robots(_request):
    """What search engines may read."""
    sitemap = settings.SITE_URL + reverse("sitemap")
    return HttpResponse(f"User-agent: *\nDisallow: /admin/\n\nSitemap: {sitemap}\n", content_type="text/plain")


@public(None)
def sitemap(request, snapshot):
    """Every public page for search engines."""
    return sitemap_of(request, sitemaps=sitemaps.sections(snapshot))


@require_safe
def favicon(_request):
    """The icon, where browsers look for it unasked."""
    icon = Path(__file__).parents[1] / "static" / "tracker" / "icon.svg"
    return HttpResponse(icon.read_bytes(), content_type="image/svg+xml")


@never_cache
@require_safe
def healthz(_request):
    """Whether the site can answer: 200 with the newest log entry, 503 when the database cannot be reached."""
    try:
        newest = LedgerEntry.objects.order_by("-seq").first()
        missing = triggers.missing()
    except DatabaseError:
        return JsonResponse({"status": "the database cannot be reached"}, status=503)
    status = f"guards are missing: {', '.join(missing)}" if missing else "ok"
    head = {"entry": newest.seq, "hash": newest.hash} if newest else None
    return JsonResponse({"status": status, "ledger_head": head, "release": release()}, status=503 if missing else 200)
