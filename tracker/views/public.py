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
from tracker.ledger import log
from tracker.models import LedgerEntry, triggers
from tracker.pages import commitment, front, norms, rights, shared
from tracker.release import release
from tracker.uploads import download

from . import sitemaps
from .errors import gone
from .page import dated, number_asked_for, public, without_parameters

# Whatever a file holds, a browser neither guesses its type nor runs anything in it.
DOWNLOAD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@public
@dated
def home(request, snapshot):
    """The plan that the setting names."""
    return render(request, "tracker/plan_detail.html", front.plan(snapshot, snapshot.plan(settings.PLAN)))


@public
@dated
def plan_detail(request, snapshot, plan):
    """A whole plan on one screen."""
    return render(request, "tracker/plan_detail.html", front.plan(snapshot, snapshot.plan(plan)))


@public
@without_parameters
def plan_list(request, snapshot):
    """All plans."""
    return render(request, "tracker/plan_list.html", shared.plans(snapshot))


@public
@dated
def right_list(request, snapshot, plan):
    """Chapters and sections of a plan."""
    return render(request, "tracker/right_list.html", rights.rights(snapshot, snapshot.plan(plan)))


@public
@dated
def right_detail(request, snapshot, plan, code):
    """A chapter or a section."""
    return render(request, "tracker/right_detail.html", rights.right(snapshot, snapshot.plan(plan), code))


@public
@dated
def provision_detail(request, snapshot, plan, code):
    """A paragraph."""
    return render(request, "tracker/provision_detail.html", rights.provision(snapshot, snapshot.plan(plan), code))


@public
@dated
def commitment_detail(request, snapshot, plan, code):
    """One promise."""
    return render(request, "tracker/commitment_detail.html", commitment.commitment(snapshot, snapshot.plan(plan), code))


@public
@dated
def commitment_chart(request, snapshot, plan, code):
    """The picture of a promise's values as a Vega-Lite specification, for pages of any site."""
    specification = vega.specification(snapshot, snapshot.plan(plan), code)
    return JsonResponse(
        specification, headers={"Access-Control-Allow-Origin": "*"}, json_dumps_params={"ensure_ascii": False}
    )


@public
@without_parameters
def metric_list(request, snapshot):
    """All metrics."""
    return render(request, "tracker/metric_list.html", shared.metrics(snapshot))


@public
@without_parameters
def metric_detail(request, snapshot, code):
    """One metric."""
    return render(request, "tracker/metric_detail.html", shared.metric(snapshot, code))


@public
@without_parameters
def norm_list(request, snapshot):
    """All instruments that promises are linked to."""
    return render(request, "tracker/norm_list.html", norms.norms(snapshot))


@public
@without_parameters
def instrument_detail(request, snapshot, code):
    """One treaty, set of goals or review mechanism."""
    return render(request, "tracker/instrument_detail.html", norms.instrument(snapshot, code))


@public
@without_parameters
def norm_detail(request, snapshot, instrument, number):
    """One article or target."""
    return render(request, "tracker/norm_detail.html", norms.norm(snapshot, instrument, number))


@public
@without_parameters
def source_list(request, snapshot):
    """All sources."""
    return render(request, "tracker/source_list.html", shared.sources(snapshot))


@public
@without_parameters
def source_detail(request, snapshot, code):
    """One source and what rests on it."""
    return render(request, "tracker/source_detail.html", shared.source(snapshot, code))


@public
@without_parameters(but=("page",))
def ledger(request, snapshot):
    """The log, a page at a time."""
    return render(request, "tracker/ledger.html", log.page(snapshot, number_asked_for(request.GET)))


@require_safe
def ledger_file(request):
    """The whole log as a file."""
    response = StreamingHttpResponse(log.lines(), content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="ledger.jsonl"'
    return response


@require_safe
def verifier(request):
    """The program that verifies the log."""
    response = HttpResponse(log.verifier(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    return response


@require_safe
def evidence_file(request, file_hash):
    """A file that evidence carries, to be saved and never shown as a page of this site."""
    try:
        evidence, file, is_public = download.find(file_hash, lambda: request.user)
    except download.Gone:
        return gone(request, _("This file was taken away for somebody's safety; the log says why."))
    except download.NoFile as error:
        raise Http404(_("There is no file at this address.")) from error
    headers = DOWNLOAD | {"Content-Type": evidence.file_type}
    headers["Cache-Control"] = "no-cache" if is_public else "private, no-store"
    return FileResponse(file, as_attachment=True, filename=evidence.file_name, headers=headers)


@public
@without_parameters
def body_list(request, snapshot):
    """All organisations."""
    return render(request, "tracker/body_list.html", shared.bodies(snapshot))


@public
@without_parameters
def body_detail(request, snapshot, code):
    """One organisation."""
    return render(request, "tracker/body_detail.html", shared.body(snapshot, code))


@public
@without_parameters
def method(request, snapshot):
    """The rules by which it is decided."""
    return render(request, "tracker/method.html", shared.method(snapshot))


@public
@without_parameters
def about(request, snapshot):
    """What the site is for, and its limits."""
    return render(request, "tracker/about.html", shared.about(snapshot))


@require_safe
def robots(request):
    """What search engines may read."""
    sitemap = settings.SITE_URL + reverse("sitemap")
    return HttpResponse(f"User-agent: *\nDisallow: /admin/\n\nSitemap: {sitemap}\n", content_type="text/plain")


@public
def sitemap(request, snapshot):
    """Every public page for search engines."""
    return sitemap_of(request, sitemaps=sitemaps.sections(snapshot))


@require_safe
def favicon(request):
    """The icon, where browsers look for it unasked."""
    icon = Path(__file__).parents[1] / "static" / "tracker" / "icon.svg"
    return HttpResponse(icon.read_bytes(), content_type="image/svg+xml")


@never_cache
@require_safe
def healthz(request):
    """Whether the site can answer: 200 with the newest log entry, 503 when the database cannot be reached."""
    try:
        newest = LedgerEntry.objects.order_by("-seq").first()
        missing = triggers.missing()
    except DatabaseError:
        return JsonResponse({"status": "the database cannot be reached"}, status=503)
    status = f"guards are missing: {', '.join(missing)}" if missing else "ok"
    head = {"entry": newest.seq, "hash": newest.hash} if newest else None
    return JsonResponse({"status": status, "ledger_head": head, "release": release()}, status=503 if missing else 200)
