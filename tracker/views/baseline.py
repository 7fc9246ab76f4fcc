"""Pages of what a plan rests on: where things stood before it, as a list, as files, and record by record."""

from django.shortcuts import render

from tracker.exports.answers import as_csv, as_csv_metadata, as_json, as_xlsx
from tracker.filters import dates
from tracker.filters.baseline import BaselineFilter
from tracker.pages.baseline import baseline as baseline_page
from tracker.pages.baseline import baseline_record

from .page import dated, public


def _filters(request, snapshot, plan, *, paged=False):
    snapshot.plan(plan)  # an unknown plan is a 404, whatever else the address asks for
    snapshot = dates.snapshot_asked_for(request.GET, snapshot)
    return BaselineFilter(request.GET, snapshot=snapshot, plan=snapshot.plan(plan), paged=paged)


@public
def baseline(request, snapshot, plan):
    """What was reported of the time before the plan, a page at a time."""
    return render(request, "tracker/baseline_list.html", baseline_page(_filters(request, snapshot, plan, paged=True)))


@public
def baseline_csv(request, snapshot, plan):
    """The filtered set as CSV."""
    return as_csv(_filters(request, snapshot, plan))


@public
def baseline_csv_metadata(request, snapshot, plan):
    """What the CSV of the filtered set holds, as CSVW."""
    return as_csv_metadata(_filters(request, snapshot, plan))


@public
def baseline_xlsx(request, snapshot, plan):
    """The filtered set as an XLSX workbook."""
    return as_xlsx(_filters(request, snapshot, plan))


@public
def baseline_json(request, snapshot, plan):
    """The filtered set as JSON."""
    return as_json(_filters(request, snapshot, plan))


@public
@dated
def baseline_detail(request, snapshot, plan, code):
    """One figure or act."""
    shown = baseline_record(snapshot, snapshot.plan(plan), code)
    return render(request, "tracker/baseline_detail.html", shown)
