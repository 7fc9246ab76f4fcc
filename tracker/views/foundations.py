"""Pages of what a plan rests on: where things stood before it, as a list, as files, and record by record."""

from django.shortcuts import render

from tracker import dates, exports, pages
from tracker.filters import BaselineFilter

from .page import dated, public


def _filters(request, snapshot, plan, *, paged=False):
    snapshot.plan(plan)  # an unknown plan is a 404, whatever else the address asks for
    snapshot = dates.snapshot_asked_for(request.GET, snapshot)
    return BaselineFilter(request.GET, snapshot=snapshot, plan=snapshot.plan(plan), paged=paged)


@public
def baseline(request, snapshot, plan):
    """What was reported of the time before the plan, a page at a time."""
    return render(request, "tracker/baseline_list.html", pages.baseline(_filters(request, snapshot, plan, paged=True)))


@public
def baseline_csv(request, snapshot, plan):
    """The filtered set as CSV."""
    return exports.as_csv(_filters(request, snapshot, plan))


@public
def baseline_csv_metadata(request, snapshot, plan):
    """What the CSV of the filtered set holds, as CSVW."""
    return exports.as_csv_metadata(_filters(request, snapshot, plan))


@public
def baseline_xlsx(request, snapshot, plan):
    """The filtered set as an XLSX workbook."""
    return exports.as_xlsx(_filters(request, snapshot, plan))


@public
def baseline_json(request, snapshot, plan):
    """The filtered set as JSON."""
    return exports.as_json(_filters(request, snapshot, plan))


@public
@dated
def baseline_detail(request, snapshot, plan, code):
    """One figure or act."""
    shown = pages.baseline_record(snapshot, snapshot.plan(plan), code)
    return render(request, "tracker/baseline_detail.html", shown)
