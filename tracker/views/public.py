"""Pages that anyone reads: the plan, its rights, paragraphs and promises, and what plans share."""

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker import pages
from tracker.models import LedgerEntry
from tracker.release import release

from .page import public, without_parameters


@public
@without_parameters
def home(request, snapshot):
    return render(request, "tracker/plan_detail.html", pages.plan(snapshot, snapshot.plan(settings.PLAN)))


@public
@without_parameters
def plan_detail(request, snapshot, plan):
    return render(request, "tracker/plan_detail.html", pages.plan(snapshot, snapshot.plan(plan)))


@public
@without_parameters
def plan_list(request, snapshot):
    return render(request, "tracker/plan_list.html", {"plans": snapshot.plans.values()})


@public
@without_parameters
def right_list(request, snapshot, plan):
    return render(request, "tracker/right_list.html", pages.rights(snapshot, snapshot.plan(plan)))


@public
@without_parameters
def right_detail(request, snapshot, plan, code):
    return render(request, "tracker/right_detail.html", pages.right(snapshot, snapshot.plan(plan), code))


@public
@without_parameters
def provision_detail(request, snapshot, plan, code):
    return render(request, "tracker/provision_detail.html", pages.provision(snapshot, snapshot.plan(plan), code))


@public
@without_parameters
def commitment_detail(request, snapshot, plan, code):
    return render(request, "tracker/commitment_detail.html", pages.commitment(snapshot, snapshot.plan(plan), code))


@public
@without_parameters
def metric_list(request, snapshot):
    return render(request, "tracker/metric_list.html", pages.metrics(snapshot))


@public
@without_parameters
def metric_detail(request, snapshot, code):
    return render(request, "tracker/metric_detail.html", pages.metric(snapshot, code))


@public
@without_parameters
def body_list(request, snapshot):
    return render(request, "tracker/body_list.html", pages.bodies(snapshot))


@public
@without_parameters
def body_detail(request, snapshot, code):
    return render(request, "tracker/body_detail.html", pages.body(snapshot, code))


@public
@without_parameters
def method(request, snapshot):
    return render(request, "tracker/method.html", pages.method(snapshot))


@public
@without_parameters
def about(request, snapshot):
    return render(request, "tracker/about.html", pages.about(snapshot))


@require_safe
def robots(request):
    sitemap = settings.SITE_URL + reverse("sitemap")
    return HttpResponse(f"User-agent: *\nDisallow: /admin/\n\nSitemap: {sitemap}\n", content_type="text/plain")


@never_cache
@require_safe
def healthz(request):
    """Whether the site can answer: 200 with the newest log entry, 503 when the database cannot be reached."""
    try:
        head = LedgerEntry.objects.head()
    except DatabaseError:
        return JsonResponse({"status": "the database cannot be reached"}, status=503)
    return JsonResponse({"status": "ok", "ledger_head": head, "release": release()})
