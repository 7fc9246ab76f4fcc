"""What the page of downloads shows: every table with its size and its dictionary."""

import json

from django.conf import settings
from django.urls import reverse

from tracker.exports.about import LICENCE
from tracker.exports.describe import about, dataset
from tracker.exports.tables import TABLES
from tracker.exports.text import csv_lines, json_pieces

SAMPLED = 40  # rows of a table that its size is estimated from
PANDAS = """import pandas as pd

promises = pd.read_csv("{address}")
print(promises.groupby(["kind", "group"]).size().unstack(fill_value=0))"""
R = """promises <- read.csv("{address}",
                     fileEncoding = "UTF-8-BOM")
table(promises$kind, promises$group)"""
VERIFY = """unzip {archive} -d data
python data/verify.py data/ledger.jsonl
python data/recompute.py data"""
IMPORT = "python manage.py import_records {archive}"


def data(snapshot):
    """Every table: rows, about how large its files are, and its columns; and how to start with them."""
    tables = [_table(snapshot, table) for table in TABLES.values()]
    address = settings.SITE_URL + reverse("data-csv", args=["commitments"])
    archive = f"promise-by-promise-{snapshot.on}.zip"
    return {
        "plan": snapshot.default_plan,
        "tables": tables,
        "rows": sum(each["count"] for each in tables),
        "descriptions": [
            (reverse("data-package"), "datapackage.json"),
            (reverse("data-jsonld"), "dataset.jsonld"),
            (reverse("data-catalogue"), "catalog.jsonld"),
        ],
        "dataset": dataset(snapshot),
        "licence": LICENCE,
        "examples": [("Python, pandas", PANDAS.format(address=address)), ("R", R.format(address=address))],
        "verify": VERIFY.format(archive=archive),
        "load": IMPORT.format(archive=archive),
    }


def _table(snapshot, table):
    """One table. Its size is that of some of its rows, evenly chosen, times how many there are."""
    records, columns = table.records(snapshot), table.columns_in(snapshot)
    count = len(records)
    step = -(-count // SAMPLED) or 1
    rows = [table.row(record) for record in records[::step]]
    names = [column.name for column in table.csv_columns(snapshot)]
    head, *lines = csv_lines(names, ([row.get(name) for name in names] for row in rows))
    share = count / len(rows) if rows else 0
    around = json_pieces([], about(snapshot, table, count))
    return {
        "table": table,
        "columns": columns,
        "count": count,
        "files": [
            (reverse(f"data-{kind}", args=[table.name]), f"{table.name}.{kind}", _bytes(frame) + round(size * share))
            for kind, frame, size in (("csv", [head], _bytes(lines)), ("json", around, _bytes(map(json.dumps, rows))))
        ],
    }


def _bytes(pieces):
    return sum(len(piece.encode()) for piece in pieces)
