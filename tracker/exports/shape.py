"""The shape of a table of the public files: its columns, its key, how its records are found and become rows."""

import dataclasses
import json
from dataclasses import dataclass

from django.conf import settings

from tracker.records.dictionary import CITED, JSON
from tracker.records.registry import json_value
from tracker.snapshot.plan import NotInRegistry


class NoTable(NotInRegistry):
    """There is no table of this name. The message is a sentence for people."""


@dataclass(frozen=True)
class Table:
    """A kind of record as a file. ``records`` gives its records from a snapshot; ``row`` makes plain values of one."""

    name: str
    title: str
    about: str
    columns: tuple
    primary: tuple
    records: object
    row: object
    refers: tuple = ()  # own columns, table that they name, its columns

    @property
    def csv_columns(self):
        """The columns of the CSV file: citations have a table of their own there."""
        return tuple(column for column in self.columns if column.type != CITED)

    def rows(self, snapshot):
        """The rows as plain values, one after the other."""
        return map(self.row, self.records(snapshot))

    def csv_rows(self, snapshot):
        """The rows as cells of the CSV file."""
        columns = [(column.name, column.type == JSON) for column in self.csv_columns]
        for row in self.rows(snapshot):
            yield [_json(row[name]) if as_json else row[name] for name, as_json in columns]


def _json(value):
    return json.dumps(value, ensure_ascii=False) if value else None


def row_of(record, **more):
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
