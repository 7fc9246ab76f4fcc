"""Filtered sets, today or as of a past day: the explorer, the baseline of a plan, and the files of what they show."""

from django.shortcuts import render

from tracker.caching.pages import asks_for_part
from tracker.exports import answers
from tracker.filters.baseline import BaselineFilter
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.dates import snapshot_of_address
from tracker.pages.baseline import baseline as baseline_page
from tracker.pages.explorer import explorer

from .page import public


def filters_of(request, newest, plan, filterset, *, paged):
    """The set that an address asks for, as of the day that it asks for."""
    newest.plan(plan)  # an unknown plan is a 404, whatever else the address asks for
    snapshot = snapshot_of_address(request.GET, newest)
    return filterset(request.GET, snapshot=snapshot, plan=snapshot.plan(plan), paged=paged)


@public(None, days=("on", "known"))
def commitment_list(request, newest, plan):
    """The explorer: the filtered set a page at a time, with the counts of every filter. A script gets what changes."""
    filters = filters_of(request, newest, plan, CommitmentFilter, paged=True)
    if not asks_for_part(request):
        return render(request, "tracker/commitment_list.html", explorer(filters))
    response = render(request, "tracker/_explorer_update.html", explorer(filters))
    response["HX-Push-Url"] = filters.canonical()
    return response


@public(None, days=("on", "known"))
def baseline(request, newest, plan):
    """What was reported of the time before the plan, a page at a time."""
    filters = filters_of(request, newest, plan, BaselineFilter, paged=True)
    return render(request, "tracker/baseline_list.html", baseline_page(filters))


def _file(make):
    return public(None, days=("on", "known"))(
        lambda request, newest, plan, filterset: make(filters_of(request, newest, plan, filterset, paged=False))
    )


csv, csv_metadata, xlsx, json = map(_file, (answers.as_csv, answers.as_csv_metadata, answers.as_xlsx, answers.as_json))
