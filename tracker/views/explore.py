"""The explorer and the files of what it shows, today or as of a past day."""

from django.shortcuts import render

from tracker.exports.answers import as_csv, as_csv_metadata, as_json, as_xlsx
from tracker.filters import dates
from tracker.filters.commitments import CommitmentFilter
from tracker.pages.explorer import explorer

from .page import asks_for_part, public


def _filters(request, snapshot, plan, *, paged=False):
    snapshot.plan(plan)  # an unknown plan is a 404, whatever else the address asks for
    snapshot = dates.snapshot_asked_for(request.GET, snapshot)
    return CommitmentFilter(request.GET, snapshot=snapshot, plan=snapshot.plan(plan), paged=paged)


@public
def commitment_list(request, snapshot, plan):
    """The explorer: the filtered set a page at a time, with the counts of every filter. A script gets what changes."""
    filters = _filters(request, snapshot, plan, paged=True)
    if not asks_for_part(request):
        return render(request, "tracker/commitment_list.html", explorer(filters))
    response = render(request, "tracker/_explorer_update.html", explorer(filters))
    response["HX-Push-Url"] = filters.canonical()
    return response


@public
def commitment_csv(request, snapshot, plan):
    """The filtered set as CSV."""
    return as_csv(_filters(request, snapshot, plan))


@public
def commitment_csv_metadata(request, snapshot, plan):
    """What the CSV of the filtered set holds, as CSVW."""
    return as_csv_metadata(_filters(request, snapshot, plan))


@public
def commitment_xlsx(request, snapshot, plan):
    """The filtered set as an XLSX workbook."""
    return as_xlsx(_filters(request, snapshot, plan))


@public
def commitment_json(request, snapshot, plan):
    """The filtered set as JSON."""
    return as_json(_filters(request, snapshot, plan))
