"""What the seed files hold: one table per kind of record, one field per key. Read by load and dump alike.

A row is a plain dictionary in which every key of the table is present, blank ones as ``None``: two rows can be
compared, fingerprinted and written without asking where they came from.
"""

import datetime
from decimal import Decimal

from tracker.text import plain_number

from .foundations import ADHERENCES, BASELINE, INSTRUMENTS, NORM_LINKS, NORMS, PASSAGES
from .keys import (
    AMENDED,
    CITED,
    CORRECTED,
    DATE,
    EXPECTED,
    FLAG,
    IMPORTED,
    MANY,
    NUMBER,
    ONE,
    PARTS,
    PROSE,
    REPEATED,
    TEXT,
    WHOLE,
    WORDS,
    Key,
    Table,
    fingerprint,
)
from .progress import ASSESSMENTS, UPDATES
from .registry import BODIES, CATEGORIES, COMMITMENTS, GROUPS, METRICS, PLAN, PROVISIONS, SOURCES

__all__ = [
    "ADHERENCES",
    "AMENDED",
    "ASSESSMENTS",
    "BASELINE",
    "BODIES",
    "CATEGORIES",
    "CITED",
    "COMMITMENTS",
    "CORRECTED",
    "DATE",
    "EXPECTED",
    "FLAG",
    "GROUPS",
    "IMPORTED",
    "INSTRUMENTS",
    "MANY",
    "METRICS",
    "NORMS",
    "NORM_LINKS",
    "NUMBER",
    "ONE",
    "PARTS",
    "PASSAGES",
    "PLAN",
    "PROGRESS",
    "PROSE",
    "PROVISIONS",
    "REPEATED",
    "SOURCES",
    "TABLES",
    "TEXT",
    "UPDATES",
    "WHOLE",
    "WORDS",
    "Key",
    "Table",
    "fingerprint",
    "plain",
    "plain_row",
    "set_field",
    "table_of",
]

# In the order in which rows can name one another: the registry, and what was recorded about it since.
PROGRESS = (UPDATES, ASSESSMENTS)
TABLES = (
    *(BODIES, SOURCES, GROUPS, METRICS, INSTRUMENTS, NORMS, PLAN, CATEGORIES, PROVISIONS, COMMITMENTS),
    *(BASELINE, PASSAGES, ADHERENCES, NORM_LINKS),
)


def table_of(record):
    """The table that a record of the registry is a row of."""
    return next(table for table in TABLES if isinstance(record, table.model))


def plain(value):
    """A value as JSON carries it without loss: dates and decimals as texts."""
    if isinstance(value, Decimal):
        return str(plain_number(value))
    return str(value) if isinstance(value, datetime.date) else value


def plain_row(record, relations=None):
    """A record as a row of plain values, as the log and amendments keep it."""
    return {name: plain(value) for name, value in table_of(record).row_of(record, relations).items()}


def set_field(record, key, value):
    """Give a record a plain value of its row, in the field's own type."""
    field = record._meta.get_field(key.name)
    setattr(record, key.name, field.get_default() if value is None else field.to_python(value))
