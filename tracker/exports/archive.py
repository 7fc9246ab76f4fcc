"""All public files together, in a folder or an archive: the same files with the same bytes for the same snapshot."""

import datetime
import hashlib
import json
import zipfile
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from tracker.ledger import checkpoint, log
from tracker.serving.disk import sweep, written

from .describe import about, csvw, package
from .tables import TABLES
from .text import csv_lines, in_blocks, json_pieces

PROGRAMS = ("verify.py", "recompute.py", "assess.py")
LICENCES = ("LICENSE", "LICENSE-DATA")


def csv_of(table, snapshot):
    """A table as lines of CSV."""
    return csv_lines(
        [column.name for column in table.csv_columns(snapshot)], table.cells(snapshot, table.records(snapshot))
    )


def json_of(table, snapshot):
    """A table as pieces of JSON."""
    return json_pieces(table.rows(snapshot), about(snapshot, table, len(table.records(snapshot))))


def _pack(snapshot, opened, done):
    """Write every file through ``opened(name)``. Returns how many rows each table has, and tells ``done`` of each."""
    files, counts = {}, {}

    def put(name, pieces):
        size, digest = 0, hashlib.sha256()
        with opened(name) as file:
            for data in in_blocks(pieces):
                file.write(data)
                size += len(data)
                digest.update(data)
        return {"bytes": size, "hash": f"sha256:{digest.hexdigest()}"}

    for name, table in TABLES.items():
        files[name] = put(f"{name}.csv", csv_of(table, snapshot))
        put(f"{name}.csv-metadata.json", [_document(csvw(snapshot, table, place=str))])
        put(f"{name}.json", json_of(table, snapshot))
        counts[name] = len(table.records(snapshot))
        done(name, counts[name])
    put("ledger.jsonl", log.lines(snapshot.known))
    put("checkpoint", [checkpoint.checkpoint(snapshot.known, None, cosigned=False)])
    folder = Path(__file__).parents[1] / "standalone"
    for path in (*map(folder.joinpath, PROGRAMS), *map(settings.BASE_DIR.joinpath, LICENCES)):
        put(path.name, [path.read_text(encoding="utf-8")])
    put("README.txt", [render_to_string("tracker/data_readme.txt", {"snapshot": snapshot, **about(snapshot)})])
    put("datapackage.json", [_document(package(snapshot, files=files))])
    return counts


def _document(document):
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def write(snapshot, folder, done=lambda _name, _count: None):
    """Write all files into a folder, which is made where it is missing; what else is in it stays. Returns counts.

    Where it fails, as on a full disk, files that were there are as they were, and no other is there.

    ``done`` is told of each table that is written: its name and how many rows it has.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    with ExitStack() as whole:  # none has its name before all are written
        return _pack(snapshot, partial(_opened, whole, folder), done)


@contextmanager
def _opened(whole, folder, name):
    file = whole.enter_context(written(folder / name))
    yield file
    file.flush()


def write_archive(snapshot, file):
    """Write all files into a ZIP archive, one after the other and none of them held in memory. Returns counts."""
    # The time of its files is the day that they speak of, so that their bytes depend on no clock.
    midnight = datetime.datetime.combine(snapshot.on, datetime.time()).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:

        @contextmanager
        def opened(name):
            info = zipfile.ZipInfo(name, date_time=midnight)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as part:
                yield part

        return _pack(snapshot, opened, lambda _name, _count: None)
