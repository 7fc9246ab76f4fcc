"""The explorer and the files of what it shows."""

from django.shortcuts import render

from tracker import exports, pages
from tracker.filters import CommitmentFilter

from .page import public


@public
def commitment_list(request, snapshot, plan):
    filters = CommitmentFilter(request.GET, snapshot=snapshot, plan=snapshot.plan(plan))
    return render(request, "tracker/commitment_list.html", pages.explorer(filters))


@public
def commitment_csv(request, snapshot, plan):
    return exports.as_csv(CommitmentFilter(request.GET, snapshot=snapshot, plan=snapshot.plan(plan)))


@public
def commitment_json(request, snapshot, plan):
    return exports.as_json(CommitmentFilter(request.GET, snapshot=snapshot, plan=snapshot.plan(plan)))
