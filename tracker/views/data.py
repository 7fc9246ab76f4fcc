"""All downloads: every table of the public files, today or as of a past day, and the feeds of changes."""

from tracker import feeds
from tracker.exports import table_answers
from tracker.filters.dates import DatedFileQuery, DatedQuery, NumberedQuery
from tracker.pages.data import data

from .page import public, shown

index = shown("data", data, DatedQuery)


@public(DatedFileQuery)
def table_csv(_request, snapshot, table, days):
    """A table as CSV."""
    return table_answers.table_csv(snapshot, table, days)


@public(DatedFileQuery)
def table_metadata(_request, snapshot, table, days):
    """What the CSV of a table holds, as CSVW."""
    return table_answers.table_metadata(snapshot, table, days)


@public(DatedQuery)
def table_json(_request, snapshot, table):
    """A table as JSON."""
    return table_answers.table_json(snapshot, table)


@public(DatedFileQuery)
def data_package(_request, snapshot, days):
    """All tables as a Data Package."""
    return table_answers.data_package(snapshot, days)


@public(DatedFileQuery)
def linked_data(_request, snapshot, days):
    """The data as a schema.org Dataset."""
    return table_answers.linked_data(snapshot, days)


@public(DatedQuery)
def archive(_request, snapshot):
    """Everything in one ZIP archive."""
    return table_answers.archive(snapshot)


@public(NumberedQuery)
def feed(_request, snapshot, page):
    """Changes of status of all plans."""
    return feeds.of_everything(snapshot, page)


@public(None)
def feed_of_plan(request, newest, plan):
    """Changes of status of the promises that the parameters choose."""
    return feeds.of_plan(newest, plan, request.GET)


@public(NumberedQuery)
def feed_of_commitment(_request, snapshot, plan, code, page):
    """Changes of status of one promise."""
    return feeds.of_commitment(snapshot, plan, code, page)
