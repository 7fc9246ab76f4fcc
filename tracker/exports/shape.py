"""The shape of a table of the public files: its columns, its key, how its records are found and become rows."""

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings

from tracker.records.dictionary import CITED, JSON, Column, columns_of
from tracker.records.registry import json_value
from tracker.snapshot.plan import NotInRegistry

# The table, by its name and its columns, that a column names, with the columns that stand before it there.
NAMED = {
    "entry": ("ledger", "seq"),
    "plan": ("plans", "code"),
    "provision": ("provisions", "plan", "code"),
    "commitment": ("commitments", "plan", "code"),
    "metric": ("metrics", "code"),
    "source": ("sources", "code"),
    "instrument": ("instruments", "code"),
    "norm": ("norms", "code"),
    "replies_to": ("", "entry"),  # of the same table
} | dict.fromkeys(("publisher", "producer", "origin", "body"), ("bodies", "code"))


class NoTable(NotInRegistry):
    """There is no table of this name. The message is a sentence for people."""


@dataclass(frozen=True)
class Table:
    """A kind of record as a file: each record is found in a snapshot by ``records``, with columns before its own."""

    name: str
    title: Any
    about: Any
    record: type
    records: Callable[[Any], Any]
    names: tuple[str, ...] = ()  # columns that name a row of another table
    primary: tuple[str, ...] = ("code",)
    before: tuple[Column, ...] = ()  # what ``records`` then gives of each record, in a dictionary beside it
    read: Callable[[Any], dict[str, Any]] | None = None  # makes a row of what is no record

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in the order of the file."""
        return (*self.before, *columns_of(self.record))

    @property
    def csv_columns(self) -> tuple[Column, ...]:
        """The columns of the CSV file: citations have a table of their own there."""
        return tuple(column for column in self.columns if column.type != CITED)

    @property
    def refers(self) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
        """Own columns, the table that they name, and its columns."""
        named = [(name, *NAMED[name]) for name in self.names]
        return [((*theirs[:-1], name), table, tuple(theirs)) for name, table, *theirs in named]

    def row(self, item: Any) -> dict[str, Any]:
        """What ``records`` gives as plain values."""
        if self.read is not None:
            return self.read(item)
        return row_of(item[1], **item[0]) if self.before else row_of(item)

    def rows(self, snapshot: Any) -> Iterable[dict[str, Any]]:
        """The rows as plain values, one after the other."""
        return map(self.row, self.records(snapshot))

    def csv_rows(self, snapshot: Any) -> Iterator[list[Any]]:
        """The rows as cells of the CSV file."""
        columns = [(column.name, column.type == JSON) for column in self.csv_columns]
        for row in self.rows(snapshot):
            yield [_json(row[name]) if as_json else row[name] for name, as_json in columns]


def _json(value):
    return json.dumps(value, ensure_ascii=False) if value else None


def row_of(record: Any, **more: Any) -> dict[str, Any]:
    """A record as plain values, what it cites included; ``more`` goes first, the full address last."""
    row = dict(more)
    for each in dataclasses.fields(record):
        value = getattr(record, each.name)
        if each.name == "path":
            row["url"] = settings.SITE_URL + value
        elif each.name == "evidence":
            row[each.name] = [{name: json_value(part) for name, part in dataclasses.asdict(e).items()} for e in value]
        else:
            row[each.name] = json_value(value)
    return row
