"""The page of one piece of long work: how far it is, a way to stop it, and where it leads."""

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tracker import tasks
from tracker.actions import jobs
from tracker.models import Job, JobState


@require_safe
@never_cache
@staff_member_required(login_url="admin:login")
def job(request, pk):
    """How far one's own work is. Once it is done, the page that it leads to comes by itself."""
    asked = get_object_or_404(Job, pk=pk, by=request.user)
    if asked.state == JobState.DONE:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": asked.address})
        return redirect(asked)
    return render(request, "desk/job.html", {"title": _("Work in progress"), "job": asked})


@require_POST
@staff_member_required(login_url="admin:login")
def stop(request, pk):
    """Have it end."""
    asked = get_object_or_404(Job, pk=pk, by=request.user)
    jobs.stop(job=asked, by=request.user)
    return redirect("desk-job", pk=pk)


@require_POST
@staff_member_required(login_url="admin:login")
def again(request, pk):
    """Begin it once more, where it ended without being done."""
    asked = get_object_or_404(Job, pk=pk, by=request.user)
    if asked.state == JobState.DONE or not (asked.is_over or asked.is_lost):
        return redirect("desk-job", pk=pk)
    return redirect("desk-job", pk=tasks.again(job=asked, by=request.user).pk)
