"""The page of one piece of long work: how far it is, a way to stop it, and where it leads."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tracker import tasks
from tracker.actions import jobs
from tracker.models import Job, JobState
from tracker.serving.staff import PRESS, READ, staff_page


@staff_page(READ)
def job(request, pk):
    """How far one's own work is. Once it is done, the page that it leads to comes by itself."""
    row = get_object_or_404(Job, pk=pk, by=request.user)
    if row.state == JobState.DONE:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": row.address})
        return redirect(row)
    return render(request, "desk/job.html", {"title": _("Work in progress"), "job": row})


@staff_page(PRESS)
def stop(request, pk):
    """Have it end."""
    row = get_object_or_404(Job, pk=pk, by=request.user)
    jobs.stop(job=row, by=request.user)
    return redirect("desk-job", pk=pk)


@staff_page(PRESS)
def again(request, pk):
    """Begin it once more, where it ended without being done."""
    row = get_object_or_404(Job, pk=pk, by=request.user)
    if row.state == JobState.DONE or not (row.is_over or row.is_lost):
        return redirect("desk-job", pk=pk)
    return redirect("desk-job", pk=tasks.again(job=row, by=request.user).pk)
