"""Pages that read a whole plan for one question: where accounts differ, what is not known, what changed, for whom."""

from django.shortcuts import render

from tracker.filters import dates
from tracker.pages.changes import BY
from tracker.pages.changes import changes as changes_page
from tracker.pages.compare import compare as compare_page
from tracker.pages.coverage import coverage as coverage_page
from tracker.pages.disagreements import disagreements as disagreements_page
from tracker.pages.gaps import gaps as gaps_page
from tracker.pages.people import people, people_group
from tracker.pages.wording import REMARKS

from .page import category_asked_for, dated, number_asked_for, public, value_asked_for, without_parameters


@public
@dated(also=("category",))
def disagreements(request, snapshot, plan):
    """Where accounts of a promise differ."""
    plan = snapshot.plan(plan)
    shown = disagreements_page(snapshot, plan, category_asked_for(request.GET, plan))
    return render(request, "tracker/disagreements.html", shown)


@public
@dated
def gaps(request, snapshot, plan):
    """What is not known, and why."""
    return render(request, "tracker/gaps.html", gaps_page(snapshot, snapshot.plan(plan)))


@public
@dated(also=("category", "by", "page"))
def changes(request, snapshot, plan):
    """Status changes by day."""
    plan, query = snapshot.plan(plan), request.GET
    by = value_asked_for(query, "by", BY, "events")
    category, number = category_asked_for(query, plan), number_asked_for(query)
    return render(request, "tracker/changes.html", changes_page(snapshot, plan, category, by, number))


@public
@without_parameters(but=("from", "to", "known"))
def compare(request, snapshot, plan):
    """Two days side by side."""
    before, after = dates.two_snapshots_asked_for(request.GET, snapshot.plan(plan))
    return render(request, "tracker/compare.html", compare_page(before, after, plan))


@public
@dated(also=("category", "remark"))
def coverage(request, snapshot, plan):
    """The plan paragraph by paragraph."""
    plan, query = snapshot.plan(plan), request.GET
    remark = value_asked_for(query, "remark", REMARKS, "") if query.get("remark") else ""
    shown = coverage_page(snapshot, plan, category_asked_for(query, plan), remark)
    return render(request, "tracker/coverage.html", shown)


@public
@dated
def people_list(request, snapshot, plan):
    """Groups of people whom promises are meant for."""
    return render(request, "tracker/people_list.html", people(snapshot, snapshot.plan(plan)))


@public
@dated
def people_detail(request, snapshot, plan, code):
    """One group of people."""
    return render(request, "tracker/people_detail.html", people_group(snapshot, snapshot.plan(plan), code))
