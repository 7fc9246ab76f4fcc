"""Filtered sets and tables as answers to a request: streamed, under a name, for reading by any site's programs."""

import tempfile
from functools import partial

from django.http import FileResponse, JsonResponse, StreamingHttpResponse
from django.urls import reverse

from tracker.ledger import log
from tracker.records.dictionary import Column
from tracker.records.registry import ABOUT_COLUMNS

from . import archive, describe, linked, tables
from .about import about, about_cells, address_of, columns_chosen, rows_of
from .describe import CSVW_TYPE, csvw_metadata
from .text import csv_lines, in_blocks, json_pieces

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ_ANYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link",
}


def described_by(address):
    """The header that leads from a CSV file to its description."""
    return {"Link": f'<{address}>; rel="describedby"; type="{CSVW_TYPE}"'}


def named(name, disposition="attachment"):
    """The headers of a file with a name, which programs of other sites may read too."""
    return {"Content-Disposition": f'{disposition}; filename="{name}"', **READ_ANYWHERE}


def from_disk(write, *, content_type, headers):
    """What ``write`` puts into a file on disk, given out from there; the file is gone with the answer."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    try:
        write(file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return FileResponse(file, content_type=content_type, headers=headers)


def whole(pieces, *, content_type, headers):
    """What is read from the database as it is written: put together first, so that half of it is never given out.

    A server ends an answer that broke off as it ends any other; this one has a length, or is none.
    """

    def write(file):
        file.writelines(in_blocks(pieces))

    return from_disk(write, content_type=content_type, headers=headers)


def as_csv(filters):
    """All rows of the filters as a CSV file to download."""
    records = filters.selected()
    about_it = about_cells(about(filters, records))
    rows = ([*row.values(), *about_it] for row in rows_of(filters, records))
    lines = csv_lines([*(column.name for column in columns_chosen(filters)), *ABOUT_COLUMNS], rows)
    headers = named(_name(filters, "csv")) | described_by(_address(filters, "csv-metadata"))
    return StreamingHttpResponse(in_blocks(lines), content_type=CSV, headers=headers)


def as_csv_metadata(filters):
    """What that CSV file holds, as CSVW."""
    records = filters.selected()
    facts = about(filters, records)
    document = csvw_metadata(
        address=_address(filters, "csv"),
        title=filters.title % {"title": facts["title"]},
        description=filters.counted % {name: facts[name] for name in ("count", "of", "filters")},
        columns=[*columns_chosen(filters), *[Column(name, words) for name, words in ABOUT_COLUMNS.items()]],
        primary=["code"],
        modified=facts["as_of"],
    )
    return JsonResponse(document, content_type=CSVW_TYPE, headers=READ_ANYWHERE)


def as_json(filters):
    """All rows of the filters as JSON."""
    records = filters.selected()
    pieces = json_pieces(rows_of(filters, records), about(filters, records))
    headers = named(_name(filters, "json"), disposition="inline")
    return StreamingHttpResponse(in_blocks(pieces), content_type="application/json", headers=headers)


def as_xlsx(filters):
    """All rows of the filters as a workbook, which is put together on disk and given out from there."""
    from . import workbook  # what writes it is a tenth of the start of every command

    records = filters.selected()
    rows, facts, sheet = rows_of(filters, records), about(filters, records), str(filters.sheet)
    write = partial(workbook.write, columns=columns_chosen(filters), rows=rows, about=facts, sheet=sheet)
    return from_disk(write, content_type=XLSX, headers=named(_name(filters, "xlsx")))


def _name(filters, extension):
    return f"{filters.plan.code}-{filters.name}-{filters.snapshot.on}.{extension}"


def _address(filters, file):
    return address_of(filters, reverse(f"{filters.address}-{file}", args=[filters.plan.code]))


def table_csv(snapshot, table, days=""):
    """A table as a CSV file. Raises ``NoTable``."""
    lines = archive.csv_of(tables.table(table), snapshot)
    headers = named(f"{table}-{snapshot.on}.csv")
    headers |= described_by(describe.address(f"{table}.csv-metadata.json", days))
    return whole(lines, content_type=CSV, headers=headers)


def table_json(snapshot, table):
    """A table as JSON. Raises ``NoTable``."""
    pieces = archive.json_of(tables.table(table), snapshot)
    headers = named(f"{table}-{snapshot.on}.json", disposition="inline")
    return whole(pieces, content_type="application/json", headers=headers)


def series_csv(snapshot, code):
    """What is on record of a metric as CSV, oldest first: rows of the table of updates. Raises ``NotInRegistry``."""
    metric, table = snapshot.metric(code), tables.table("updates")
    rows = (row for row in snapshot.updates.get(code, ()) if row.earliest <= snapshot.on)
    records = [({"plan": None}, row) for row in sorted(rows, key=lambda row: (row.as_of, row.entry))]
    lines = csv_lines([column.name for column in table.csv_columns(snapshot)], table.cells(snapshot, records))
    return whole(lines, content_type=CSV, headers=named(f"{metric.code}-{snapshot.on}.csv"))


def ledger(snapshot):
    """The log as a file: a line an entry, up to what the snapshot knows."""
    return whole(log.lines(snapshot.known), content_type="application/jsonl", headers=named("ledger.jsonl"))


def table_metadata(snapshot, table, days=""):
    """What a table's CSV file holds, as CSVW. Raises ``NoTable``."""
    document = describe.csvw(snapshot, tables.table(table), lambda file: describe.address(file, days))
    return JsonResponse(document, content_type=CSVW_TYPE, headers=READ_ANYWHERE)


def data_package(snapshot, days=""):
    """All tables as a Data Package."""
    return JsonResponse(describe.package(snapshot, query=days), headers=READ_ANYWHERE)


def linked_data(snapshot, days=""):
    """The data as a schema.org Dataset."""
    return _linked(describe.dataset(snapshot, days, log.written_at(snapshot.known)))


def catalogue(snapshot, days=""):
    """All tables as a DCAT catalogue."""
    return _linked(linked.catalogue(snapshot, days))


def annotation(snapshot, plan, code):
    """The quote of a promise as a Web Annotation. Raises ``NotInRegistry``."""
    return _linked(linked.annotation_of(snapshot, plan, code), linked.ANNOTATION_TYPE)


def annotations(snapshot, plan):
    """The quotes of a plan as Web Annotations."""
    return _linked(linked.annotations(snapshot, plan), linked.ANNOTATION_TYPE)


def _linked(document, content_type="application/ld+json"):
    characters = {"ensure_ascii": False}
    return JsonResponse(document, content_type=content_type, headers=READ_ANYWHERE, json_dumps_params=characters)


def everything(snapshot):
    """All files as one ZIP archive, which is put together on disk and given out from there."""
    headers = named(f"promise-by-promise-{snapshot.on}.zip")
    return from_disk(partial(archive.write_archive, snapshot), content_type="application/zip", headers=headers)
