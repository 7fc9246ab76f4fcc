"""All downloads: every table of the public files, today or as of a past day, and the feeds of changes."""

from tracker.exports import answers, cite, feeds
from tracker.filters.dates import DatedFileQuery, DatedQuery, KnownQuery, NumberedQuery
from tracker.pages.data import data

from .page import answered, public, shown


def _is_log(table, **_names):
    return table == "ledger"


index = shown("data", data, DatedQuery)
table_csv = answered(answers.table_csv, DatedFileQuery, dear=_is_log)
table_metadata = answered(answers.table_metadata, DatedFileQuery)
table_json = answered(answers.table_json, DatedQuery, dear=_is_log)
data_package = answered(answers.data_package, DatedFileQuery)
linked_data = answered(answers.linked_data, DatedFileQuery)
catalogue = answered(answers.catalogue, DatedFileQuery)
annotation = answered(answers.annotation, DatedQuery)
metric_csv = answered(answers.series_csv, DatedQuery)
citation = answered(cite.answer, DatedFileQuery)
annotations = answered(answers.annotations, DatedQuery)
ledger_file = answered(answers.ledger, KnownQuery, dear=lambda: True)
archive = answered(answers.everything, DatedQuery, dear=lambda: True)
feed = answered(feeds.of_everything, NumberedQuery)
feed_of_commitment = answered(feeds.of_commitment, NumberedQuery)


@public(None)
def feed_of_plan(request, newest, plan):
    """Changes of status of the promises that the parameters choose."""
    return feeds.of_plan(newest, plan, request.GET)
