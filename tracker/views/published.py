"""What is made to be printed or followed: the assessment report and the feeds."""

from django.shortcuts import render

from tracker import feeds
from tracker import report as assessment

from .page import category_asked_for, dated, number_asked_for, public, without_parameters


@public
@dated(also=("category",))
def report(request, snapshot, plan):
    """The assessment report of a plan, a chapter or a section."""
    plan = snapshot.plan(plan)
    shown = assessment.report(snapshot, plan, category_asked_for(request.GET, plan))
    return render(request, "tracker/report.html", shown)


@public
@without_parameters(but=("page",))
def feed(request, snapshot):
    """Changes of status of all plans."""
    return feeds.of_everything(snapshot, number_asked_for(request.GET))


@public
def feed_of_plan(request, snapshot, plan):
    """Changes of status of the promises that the parameters choose."""
    return feeds.of_plan(snapshot, plan, number_asked_for(request.GET), request.GET)


@public
@without_parameters(but=("page",))
def feed_of_commitment(request, snapshot, plan, code):
    """Changes of status of one promise."""
    return feeds.of_commitment(snapshot, plan, code, number_asked_for(request.GET))
