"""A SQLite file with far more than any plan has: ten thousand promises, and a million published updates.

The real plan's promises and metrics again under new codes, each with a hundred published rows like one on record. The
rows are written past the actions and their guards, in a file that is only measured; pages, files and the snapshot read
it as they read any other. To write it takes longer than to measure it, so the last one is kept.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import django
from django.db import connection, transaction

COPIES = 13  # of 813 promises: a little more than ten thousand
ROWS_EACH = 100  # for each metric, and for each promise that has none

_COPY = r"-c\d+$"
# The nth row of a subject ends 37 days after the one before; the last ends in 2026.
_DAY = "date('2016-01-31', '+' || (37 * n) || ' days')"
# Amounts and averages are of the year so far.
_SINCE = f"case when m.nature in ('flow', 'average') then date({_DAY}, 'start of year') end"
_NUMBERS = "with recursive numbers (n) as (select {first} union all select n + 1 from numbers where n < {last}) "


def fill(copies=COPIES, rows_each=ROWS_EACH):
    """Multiply what the database holds. Returns how many promises and updates it holds then."""
    from tracker.actions.searching import index_new
    from tracker.models import Commitment, Metric, triggers

    triggers.remove()
    with connection.cursor() as cursor:  # what makes a file safe and small in memory makes it slow to write
        for setting in ("synchronous = off", "journal_mode = memory", "cache_size = -600000", "temp_store = memory"):
            cursor.execute(f"pragma {setting}")
        indexes = _without_indexes(cursor)
    with transaction.atomic(), connection.cursor() as cursor:
        _copy_registry(cursor, copies)
        for what in ("value", "rung", "judgement"):
            _publish(cursor, what, rows_each)
    with connection.cursor() as cursor:
        for index in indexes:
            cursor.execute(index)
    triggers.install()
    index_new(Metric.objects.filter(code__regex=_COPY))
    index_new(Commitment.objects.filter(code__regex=_COPY).select_related("plan"))
    with connection.cursor() as cursor:
        cursor.execute("select (select count(*) from tracker_commitment), (select count(*) from tracker_update)")
        size = cursor.fetchone()
        cursor.execute("pragma journal_mode = wal")
    return size


def _without_indexes(cursor):
    """Drop the indexes of the tables that grow most. Returns what makes them again, which is quicker at the end."""
    cursor.execute(
        "select name, sql from sqlite_master where type = 'index' and sql is not null "
        "and tbl_name in ('tracker_ledgerentry', 'tracker_update', 'tracker_evidence') and name not like '%update_id%'"
    )
    indexes = cursor.fetchall()
    for name, _sql in indexes:
        cursor.execute(f'drop index "{name}"')
    return [sql for _name, sql in indexes]


def kept(site, env):
    """The file made of a site's, written anew where what it is made of has changed since one was kept."""
    root, digest = Path(__file__).parents[2], hashlib.sha256()
    for path in sorted([Path(__file__), *root.glob("seeds/**/*"), *root.glob("tracker/migrations/*.py")]):
        digest.update(path.read_bytes() if path.is_file() else b"")
    folder = Path(os.environ.get("VAR", root / "var")) / "benchmarks"
    path = folder / f"large-{digest.hexdigest()[:16]}.sqlite3"
    if not path.exists():
        shutil.rmtree(folder, ignore_errors=True)  # one is over a gigabyte
        folder.mkdir(parents=True)
        half = shutil.copy(site, folder / "half.sqlite3")
        fill = [sys.executable, "-m", "tests.benchmarks.large"]
        subprocess.run(fill, env=env | {"DATABASE_URL": f"sqlite:///{half}"}, stdout=subprocess.DEVNULL, check=True)
        Path(half).replace(path)
    return path


def _columns(cursor, table, **changed):
    """Names of the columns of a table and what a copy has in each; its number is the database's to give."""
    cursor.execute("select name from pragma_table_info(%s)", [f"tracker_{table}"])
    names = [name for (name,) in cursor.fetchall() if name != "id"]
    return ", ".join(f'"{name}"' for name in names), ", ".join(changed.get(name, f't."{name}"') for name in names)


def _copy_registry(cursor, copies):
    numbers = _NUMBERS.format(first=2, last=copies)
    names, values = _columns(cursor, "metric", code="t.code || '-c' || n")
    cursor.execute(f"{numbers} insert into tracker_metric ({names}) select {values} from tracker_metric t, numbers")
    its_metric = "(select c.id from tracker_metric c where c.code = m.code || '-c' || n)"
    names, values = _columns(cursor, "commitment", code="t.code || '-c' || n", metric_id=its_metric)
    cursor.execute(
        f"{numbers} insert into tracker_commitment ({names}) select {values} from tracker_commitment t "
        "cross join numbers left join tracker_metric m on m.id = t.metric_id"
    )
    _log(
        cursor,
        "select 'register' as action, 'commitment ' || p.code || '/' || c.code as subject "
        "from tracker_commitment c join tracker_plan p on p.id = c.plan_id where c.code glob '*-c[0-9]*'",
    )


def _log(cursor, rows):
    """Entries for rows that have an action and a subject, in their order. Their hashes link nothing."""
    cursor.execute(
        "insert into tracker_ledgerentry (seq, at, action, subject, role, body_hash, prev, hash) "
        "select (select max(seq) from tracker_ledgerentry) + row_number() over (), "
        f"'2026-01-01 00:00:00', action, subject, 'reviewer', '', '', lower(hex(randomblob(32))) from ({rows})"
    )


def _publish(cursor, what, rows_each):
    """Rows of one sort, with an entry in the log and one source each. They resemble rows that were on record."""
    cursor.execute("select max(seq) from tracker_ledgerentry")
    head = cursor.fetchone()[0]
    subjects = {
        "value": "tracker_metric s join tracker_metric m on m.id = s.id where s.shape = 'number'",
        "rung": "tracker_metric s join tracker_metric m on m.id = s.id where s.shape = 'ladder'",
        "judgement": "tracker_commitment s left join tracker_metric m on 0 where s.metric_id is null",
    }[what]
    cursor.execute(
        "create temporary table models as select row_number() over (order by u.id) - 1 as number, u.id as model, "
        "(select min(id) from tracker_evidence where update_id = u.id) as cited from tracker_update u where what = %s",
        [what],
    )
    cursor.execute("select count(*) from models")
    models = cursor.fetchone()[0]
    cursor.execute(
        f"create temporary table rows_to_write as {_NUMBERS.format(first=0, last=rows_each - 1)} "
        f"select row_number() over () + {head} as seq, s.id as subject, {_DAY} as day, {_SINCE} as since, "
        f"json_extract(m.rungs, '$[' || (n * json_array_length(m.rungs) / {rows_each}) || ']') as rung, "
        f"(s.id * 31 + n) % {models} as model from numbers cross join {subjects}"
    )
    _log(cursor, "select 'publish' as action, 'update ' || seq as subject from rows_to_write order by seq")
    own = {"judgement": ("null", "r.subject")}.get(what, ("r.subject", "null"))
    names, values = _columns(
        cursor,
        "update",
        metric_id=own[0],
        commitment_id=own[1],
        entry_id="r.seq",
        seed_key="''",
        as_of="r.day",
        starts_on="r.since",
        rung="coalesce(r.rung, '')",
    )
    joined = "from rows_to_write r join models on models.number = r.model join tracker_update t on t.id = models.model"
    cursor.execute(f"insert into tracker_update ({names}) select {values} {joined}")
    names, values = _columns(cursor, "evidence", update_id="u.id", entry_id="r.seq")
    cursor.execute(
        f"insert into tracker_evidence ({names}) select {values} from rows_to_write r "
        "join models on models.number = r.model join tracker_update u on u.entry_id = r.seq "
        "join tracker_evidence t on t.id = models.cited"
    )
    for table in ("rows_to_write", "models"):
        cursor.execute(f"drop table {table}")


if __name__ == "__main__":
    django.setup()
    print("{:,} promises and {:,} updates".format(*fill()))
