"""Datasette as a yardstick: the commitments that the site's own CSV file holds, as a table with full-text search."""

import csv
import io
import sqlite3

FACETS = "_facet=kind&_facet=level&_facet=status&_facet=category"
DATABASE = "peer"


def write(path, text):
    """A SQLite file with the rows of a CSV file of commitments, indexed for its facets, its key and its words."""
    rows = list(csv.DictReader(io.StringIO(text)))
    names = list(rows[0])
    with sqlite3.connect(path) as database:
        columns = ", ".join(f'"{name}" text{" primary key" if name == "code" else ""}' for name in names)
        database.execute(f"create table commitments ({columns})")
        marks = ", ".join("?" * len(names))
        database.executemany(f"insert into commitments values ({marks})", [tuple(row.values()) for row in rows])  # noqa: S608
        for name in ("kind", "level", "status", "category"):
            database.execute(f"create index by_{name} on commitments ({name})")
        words = "title, quote, test"
        database.execute(f'create virtual table commitments_fts using fts5({words}, content="commitments")')
        database.execute("insert into commitments_fts (commitments_fts) values ('rebuild')")
    database.close()
    return len(rows)


def command(datasette, path):
    """What starts it: one process, no settings of ours beyond pages as long as the site's files."""
    start = f"exec {datasette} {path} --host 127.0.0.1 --port $PORT --setting max_returned_rows 1000"
    return ["sh", "-c", f"{start} --setting default_page_size 50 2>/dev/null"]
