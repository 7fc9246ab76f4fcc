"""Pages that anyone reads: the plan, its rights, paragraphs and promises, and what plans share."""

from pathlib import Path

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tracker.charts import vega
from tracker.filters.dates import DatedQuery, OfStateQuery
from tracker.filters.parameters import OneOf
from tracker.ledger import log
from tracker.pages import about as about_page
from tracker.pages import baseline, commitment, front, norms, rights, shared
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


class PlanQuery(DatedQuery):
    """In which order the squares of each right stand."""

    order = OneOf(front.ORDERS, usual="result")


# What plans share.
plan_list = shown("plan_list", shared.plans)
metric_list = shown("metric_list", shared.metrics, OfStateQuery)
metric_detail = shown("metric_detail", shared.metric)
norm_list = shown("norm_list", norms.norms)
instrument_detail = shown("instrument_detail", norms.instrument)
norm_detail = shown("norm_detail", norms.norm)
source_list = shown("source_list", shared.sources)
source_detail = shown("source_detail", shared.source)
body_list = shown("body_list", shared.bodies, OfStateQuery)
body_detail = shown("body_detail", shared.body)
method = shown("method", shared.method)
glossary = shown("glossary", shared.glossary)
about = shown("about", about_page.about)
# A plan and what it holds, today or as of a past day.
plan_detail = shown("plan_detail", front.plan, PlanQuery)
right_list = shown("right_list", rights.rights, DatedQuery)
right_detail = shown("right_detail", rights.right, DatedQuery)
provision_detail = shown("provision_detail", rights.provision, DatedQuery)
commitment_detail = shown("commitment_detail", commitment.commitment, DatedQuery)
baseline_detail = shown("baseline_detail", baseline.baseline_record, DatedQuery)


@public(PlanQuery, forgiving=True)
def home(request, snapshot, order):
    """The plan that the setting names, else the newest; before there is any, a page that says so."""
    if (plan := snapshot.default_plan) is None:
        return render(request, "tracker/no_plan.html", {"snapshot": snapshot})
    context = {"snapshot": snapshot, "plan": plan, **front.plan(snapshot, plan, order)}
    return render(request, "tracker/plan_detail.html", context)


@public(DatedQuery)
def commitment_chart(_request, snapshot, plan, code):
    """The picture of a promise's values as a Vega-Lite specification, for pages of any site."""
    figure, headers = vega.specification(snapshot, plan, code), {"Access-Control-Allow-Origin": "*"}
    return JsonResponse(figure, headers=headers, json_dumps_params={"ensure_ascii": False})


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
    return HttpResponse(
        f"User-agent: *\nDisallow: /admin/\nDisallow: /corrections/report/\n\nSitemap: {sitemap}\n",
        content_type="text/plain",
    )


@require_safe
def security(_request):
    """How to report a hole in security, as RFC 9116 has it, where a setting says how those who run it are reached."""
    if not (contact := about_page.contact_address()):
        raise Http404(_("This site names no contact."))
    lines = {
        "Contact": contact,
        "Expires": f"{timezone.localdate().year + 1}-12-31T23:59:59Z",
        "Preferred-Languages": settings.LANGUAGE_CODE.partition("-")[0],
        "Canonical": settings.SITE_URL + reverse("security"),
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@public(None)
def sitemap(request, snapshot):
    """Every public page for search engines."""
    return sitemap_of(request, sitemaps=sitemaps.sections(snapshot))


@require_safe
def favicon(_request):
    """The icon, where browsers look for it unasked."""
    icon = Path(__file__).parents[1] / "static" / "tracker" / "icon.svg"
    return HttpResponse(icon.read_bytes(), content_type="image/svg+xml")
