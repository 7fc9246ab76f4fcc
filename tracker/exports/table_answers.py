"""The public files as answers to a request: streamed, and for reading by any site's programs."""

from functools import partial

from django.http import JsonResponse, StreamingHttpResponse

from . import archive as pack
from . import describe
from .answers import READ_ANYWHERE, described_by, from_disk, named
from .csvw import MEDIA_TYPE
from .tables import table as table_of


def table_csv(snapshot, name, query=""):
    """A table as a CSV file. Raises ``NoTable``."""
    table = table_of(name)
    headers = named(f"{name}-{snapshot.on}.csv")
    headers |= described_by(describe.address(f"{name}.csv-metadata.json", query))
    return StreamingHttpResponse(pack.csv_of(table, snapshot), content_type="text/csv; charset=utf-8", headers=headers)


def table_json(snapshot, name):
    """A table as JSON. Raises ``NoTable``."""
    pieces = pack.json_of(table_of(name), snapshot)
    headers = named(f"{name}-{snapshot.on}.json", disposition="inline")
    return StreamingHttpResponse(pieces, content_type="application/json", headers=headers)


def table_metadata(snapshot, name, query=""):
    """What a table's CSV file holds, as CSVW. Raises ``NoTable``."""
    document = describe.csvw(snapshot, table_of(name), lambda file: describe.address(file, query))
    return JsonResponse(document, content_type=MEDIA_TYPE, headers=READ_ANYWHERE)


def data_package(snapshot, query=""):
    """All tables as a Data Package."""
    return JsonResponse(describe.package(snapshot, query=query), headers=READ_ANYWHERE)


def linked_data(snapshot, query=""):
    """The data as a schema.org Dataset."""
    document = describe.dataset(snapshot, query)
    return JsonResponse(document, content_type="application/ld+json", headers=READ_ANYWHERE)


def archive(snapshot):
    """Everything as one ZIP archive, which is put together on disk and given out from there."""
    headers = named(f"promise-by-promise-{snapshot.on}.zip")
    return from_disk(partial(pack.write_archive, snapshot), content_type="application/zip", headers=headers)
