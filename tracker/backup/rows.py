"""Every row of the database as lines of JSON, the same from SQLite and PostgreSQL, and back into either.

The lines of a table begin with the names of its columns; each further one is a row, in the order of its key. Sessions
are left out: whoever finds a backup shall not be signed in by it.
"""

import base64
import datetime
import decimal
import itertools
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import AutoField, BigAutoField, Field, Max, Model, QuerySet

from tracker.models import LedgerEntry, triggers
from tracker.models.roles import CHECKER, COMPILER

BATCH = 1000  # rows that are read or written at once
LEFT_OUT: list[type[Model]] = [Session]
NOBODY = (COMPILER, CHECKER)  # accounts that migrations make, and nobody signs in to
MADE_BY_MIGRATE = (ContentType, Permission, Group, Group.permissions.through)


class Misfit(Exception):
    """Rows that the tables of this release do not take, in one sentence."""


def tables() -> list[type[Model]]:
    """The model of every table that is kept, those that only join two others among them."""
    every = apps.get_models(include_auto_created=True)
    return [each for each in every if each._meta.managed and not each._meta.proxy and each not in LEFT_OUT]


def migrations() -> list[str]:
    """The migrations that made the tables, as APP.NAME; one that stands for others is on record beside them."""
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if "_squashed_" not in name)


def holding() -> list[str]:
    """Names of the tables that hold more than what migrations put there; those that are not made yet hold nothing."""
    names, present = [], set(connection.introspection.table_names())
    for model in tables():
        if model._meta.db_table not in present:
            continue
        rows: QuerySet[Any] = QuerySet(model)
        if model is User:
            rows = rows.exclude(username__in=NOBODY)
        if model not in MADE_BY_MIGRATE and rows.exists():
            names.append(model._meta.db_table)
    return names


def clear_away() -> None:
    """Drop the site's tables, in a database that holds nothing: migrations that broke off cannot go on from there."""
    ours = ("django_", *(f"{config.label}_" for config in apps.get_app_configs()))
    names = [name for name in connection.introspection.table_names() if name.startswith(ours)]
    cascade = " CASCADE" if connection.vendor == "postgresql" else ""
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for name in names:
            # The index of the search takes tables of its own with it.
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)}{cascade}")
        if cascade:
            cursor.execute(
                "SELECT oid::regprocedure::text FROM pg_proc"
                " WHERE proname LIKE 'tracker%' AND pronamespace = current_schema()::regnamespace"
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP FUNCTION {name} CASCADE")


def head() -> tuple[int, str]:
    """Number and hash of the newest entry of the log; 0 and a blank before the first."""
    newest = LedgerEntry.objects.order_by("-seq").first()
    return (newest.seq, newest.hash) if newest else (0, "")


def _fields(model: type[Model]) -> list[Field[Any, Any]]:
    return [each for each in model._meta.local_concrete_fields if not each.generated]


def lines(model: type[Model]) -> Iterator[str]:
    """A table, as lines."""
    fields = _fields(model)
    yield _line([each.column for each in fields])
    rows: QuerySet[Any, Any] = QuerySet(model).order_by("pk").values_list(*(each.attname for each in fields))
    yield from map(_line, rows.iterator(chunk_size=BATCH))


def _line(row: Iterable[Any]) -> str:
    return json.dumps(list(row), default=_plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _plain(value: Any) -> str:
    """A value that JSON has no type for, to the last digit; its field reads it back."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"A {type(value).__name__} cannot be kept.")


def last_numbers() -> dict[str, int]:
    """The highest number that each table ever gave out, so that none is given twice: the trail names rows by number."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            known = dict(cursor.fetchall())
            return {model._meta.db_table: known.get(model._meta.db_table, 0) for model, _column in _numbered()}
        last = {}
        for model, column in _numbered():
            table = model._meta.db_table
            cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", [table, column])
            last[table] = cursor.fetchone()[0] or 0
        return last


def _numbered() -> list[tuple[type[Model], str]]:
    """Tables that number their rows by themselves, and the column of the number."""
    return [(m, str(m._meta.pk.column)) for m in tables() if isinstance(m._meta.pk, AutoField | BigAutoField)]


class Refilling:
    """All tables emptied and filled again, within the transaction that runs; the guards are off until it ends.

    That is for a transaction that nobody else sees into: what it leaves is to be verified before it is committed.
    """

    def __enter__(self) -> "Refilling":
        triggers.remove()
        with connection.cursor() as cursor:
            for model in [*LEFT_OUT, *tables()]:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        return self

    def fill(self, model: type[Model], lines: Iterator[bytes]) -> int:
        """Write the lines of a table. Returns how many rows there were. Raises ``Misfit``."""
        fields, quoted, count = _fields(model), connection.ops.quote_name, 0
        if json.loads(next(lines, b"[]")) != [each.column for each in fields]:
            raise Misfit(f"The table {model._meta.db_table} has other columns.")
        into = f"INSERT INTO {quoted(model._meta.db_table)} ({', '.join(quoted(str(each.column)) for each in fields)})"
        sql = f"{into} VALUES ({', '.join(['%s'] * len(fields))})"
        with connection.cursor() as cursor:
            while batch := list(itertools.islice(lines, BATCH)):
                try:
                    rows = [_row(fields, json.loads(line)) for line in batch]
                except (ValueError, TypeError, ValidationError) as error:
                    raise Misfit(f"A row of the table {model._meta.db_table} cannot be read.") from error
                cursor.executemany(sql, rows)
                count += len(rows)
        return count

    def number(self, last: dict[str, int]) -> None:
        """Let each table go on with the number after the last that it ever gave out."""
        with connection.cursor() as cursor:
            for model, column in _numbered():
                table = model._meta.db_table
                number = max(last.get(table, 0), QuerySet(model).aggregate(last=Max("pk"))["last"] or 0)
                if connection.vendor == "sqlite":
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
                else:
                    sequence = "pg_get_serial_sequence(%s, %s)"
                    arguments = [table, column, max(number, 1), number > 0]
                    cursor.execute(f"SELECT setval({sequence}, %s, %s)", arguments)

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is None:
            connection.check_constraints()
            triggers.install()
            ContentType.objects.clear_cache()


def _row(fields: list[Field[Any, Any]], values: list[Any]) -> list[Any]:
    pairs = zip(fields, values, strict=True)
    return [field.get_db_prep_save(field.to_python(value), connection) for field, value in pairs]
