"""The page of all downloads, and every table of the public files, today or as of a past day."""

from urllib.parse import urlencode

from django.shortcuts import render

from tracker.exports import table_answers
from tracker.pages.data import data

from .page import DATES, dated, public


def _query(request):
    """The dates of an address as a query, for addresses of the same day."""
    return urlencode({name: request.GET[name] for name in DATES if request.GET.get(name)})


@public
@dated
def index(request, snapshot):
    """Every table as a download, with its dictionary."""
    return render(request, "tracker/data.html", data(snapshot))


@public
@dated
def table_csv(request, snapshot, table):
    """A table as CSV."""
    return table_answers.table_csv(snapshot, table, _query(request))


@public
@dated
def table_metadata(request, snapshot, table):
    """What the CSV of a table holds, as CSVW."""
    return table_answers.table_metadata(snapshot, table, _query(request))


@public
@dated
def table_json(request, snapshot, table):
    """A table as JSON."""
    return table_answers.table_json(snapshot, table)


@public
@dated
def data_package(request, snapshot):
    """All tables as a Data Package."""
    return table_answers.data_package(snapshot, _query(request))


@public
@dated
def linked_data(request, snapshot):
    """The data as a schema.org Dataset."""
    return table_answers.linked_data(snapshot, _query(request))


@public
@dated
def archive(request, snapshot):
    """Everything in one ZIP archive."""
    return table_answers.archive(snapshot)
