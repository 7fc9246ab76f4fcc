"""Pages that anyone reads: the plan, its rights, paragraphs and promises, and what plans share."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as sitemap_of
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.charts import vega
from tracker.filters.dates import DatedQuery, PageQuery
from tracker.filters.lists import BodyQuery, MetricQuery, SourceQuery
from tracker.filters.parameters import OneOf, Words
from tracker.filters.recommendations import RecommendationsQuery
from tracker.filters.search import SearchQuery
from tracker.ledger import log
from tracker.pages import about as about_page
from tracker.pages import baseline, commitment, front, lists, norms, recommendations, rights, shared
from tracker.pages import search as search_page
from tracker.uploads import storage

from . import sitemaps
from .errors import being_made, gone
from .page import answered, public, shown, without_parameters

VALID = timedelta(days=300)  # less than a year, as the RFC asks, and each day anew
# Whatever a file holds, a browser neither guesses its type nor runs anything in it.
DOWNLOAD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class MapQuery(PageQuery):
    """Which page of the map for search engines."""

    p = Words()


class PlanQuery(DatedQuery):
    """In which order the squares of each right stand."""

    order = OneOf(front.ORDERS, usual="result")


# What plans share.
plan_list = shown("plan_list", shared.plans, DatedQuery)
metric_list = shown("metric_list", lists.metrics, MetricQuery)
metric_detail = shown("metric_detail", shared.metric, DatedQuery)
norm_list = shown("norm_list", norms.norms, DatedQuery)
instrument_detail = shown("instrument_detail", norms.instrument, DatedQuery)
norm_detail = shown("norm_detail", norms.norm, DatedQuery)
recommendation_list = shown("recommendation_list", recommendations.recommendations, RecommendationsQuery)
recommendation_detail = shown("recommendation_detail", recommendations.recommendation, DatedQuery)
source_list = shown("source_list", lists.sources, SourceQuery)
source_detail = shown("source_detail", shared.source, DatedQuery)
body_list = shown("body_list", lists.bodies, BodyQuery)
body_detail = shown("body_detail", shared.body, DatedQuery)
method = shown("method", shared.method, DatedQuery)
glossary = shown("glossary", shared.glossary, DatedQuery)
about = shown("about", about_page.about, DatedQuery)
search = shown("search", search_page.search, SearchQuery)
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


def _chart(specification):
    """A picture of values as a Vega-Lite specification, for pages of any site."""

    def chart(snapshot, **names):
        figure, headers = specification(snapshot, **names), {"Access-Control-Allow-Origin": "*"}
        return JsonResponse(figure, headers=headers, json_dumps_params={"ensure_ascii": False})

    return answered(chart, DatedQuery)


commitment_chart, metric_chart = _chart(vega.specification), _chart(vega.specification_of_metric)


@without_parameters
def verifier(_request):
    """The program that verifies the log."""
    headers = {"Content-Disposition": 'attachment; filename="verify.py"'}
    return HttpResponse(log.verifier(), content_type="text/x-python; charset=utf-8", headers=headers)


@without_parameters
def evidence_file(request, file_hash):
    """A file that evidence carries, to be saved and never shown as a page of this site."""
    try:
        evidence, file, is_public = storage.find(file_hash, lambda: request.user)
    except storage.Gone:
        return gone(request, _("This file was taken away for somebody's safety; the log says why."))
    except storage.NotReached:
        return being_made(request, _("Files cannot be fetched at the moment: ask again in a minute."), 60)
    except storage.NoFile as error:
        raise Http404(_("There is no file at this address.")) from error
    headers = DOWNLOAD | {"Content-Type": evidence.file_type}
    headers["Cache-Control"] = "no-cache" if is_public else "private, no-store"
    return FileResponse(file, as_attachment=True, filename=evidence.file_name, headers=headers)


@without_parameters
def robots(_request):
    """What search engines may read."""
    sitemap = settings.SITE_URL + reverse("sitemap")
    return HttpResponse(
        f"User-agent: *\nDisallow: /admin/\nDisallow: /corrections/report/\n\nSitemap: {sitemap}\n",
        content_type="text/plain",
    )


@without_parameters
def security(_request):
    """How to report a hole in security, as RFC 9116 has it, where a setting says how those who run it are reached."""
    contact = about_page.as_link(settings.SECURITY_CONTACT)
    if not contact.startswith(("mailto:", "https://")):  # what else CONTACT may say is no address to write to
        raise Http404(_("This site names no address to which a hole in its security could be reported."))
    lines = {
        "Contact": contact,
        "Expires": f"{timezone.now() + VALID:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages": settings.LANGUAGE_CODE.partition("-")[0],
        "Canonical": settings.SITE_URL + reverse("security"),
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@without_parameters
def opensearch(request):
    """How a browser asks this site for words from its own box."""
    content_type = "application/opensearchdescription+xml"
    return render(request, "tracker/opensearch.xml", content_type=content_type)


@public(MapQuery)
def sitemap(request, snapshot, p):
    """Every public page for search engines."""
    del p  # Django reads it, and says which pages there are
    return sitemap_of(request, sitemaps=sitemaps.sections(snapshot))


@without_parameters
def favicon(_request):
    """The icon, where browsers look for it unasked."""
    icon = Path(__file__).parents[1] / "static" / "tracker" / "icon.svg"
    return HttpResponse(icon.read_bytes(), content_type="image/svg+xml")
