"""What is made to be printed or followed: the assessment report and the feeds."""

from django.shortcuts import render

from tracker import feeds
from tracker import report as assessment

from .page import category_asked_for, dated, public


@public
@dated(also=("category",))
def report(request, snapshot, plan):
    """The assessment report of a plan, a chapter or a section."""
    plan = snapshot.plan(plan)
    shown = assessment.report(snapshot, plan, category_asked_for(request.GET, plan))
    return render(request, "tracker/report.html", shown)


@public
def feed(request, snapshot):
    """Changes of status of all plans."""
    return feeds.of_everything(snapshot, request.GET)


@public
def feed_of_plan(request, snapshot, plan):
    """Changes of status of the promises that the parameters choose."""
    return feeds.of_plan(snapshot, plan, request.GET)


@public
def feed_of_commitment(request, snapshot, plan, code):
    """Changes of status of one promise."""
    return feeds.of_commitment(snapshot, plan, code, request.GET)
