"""What the seed files hold: one table per kind of record, one field per key. Read by load and dump alike.

A row is a plain dictionary in which every key of the table is present, blank ones as ``None``: two rows can be
compared, fingerprinted and written without asking where they came from.
"""

import datetime
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from tracker.models import BeneficiaryGroup, Body, Category, Commitment, Metric, Plan, Provision
from tracker.numbers import plain_number

TEXT, WHOLE, NUMBER, DATE, ONE, MANY, WORDS = "text", "whole", "number", "date", "one", "many", "words"

EXPECTED = {
    TEXT: "a text in quotation marks",
    WHOLE: "a whole number",
    NUMBER: "a number",
    DATE: "a date such as 2025-12-31",
    ONE: "a code in quotation marks",
    MANY: "a list of codes",
    WORDS: "a list of words",
}


@dataclass(frozen=True)
class Key:
    """One key of a row: its name (that of the model's field), its type, and for codes the model they point at."""

    name: str
    type: str = TEXT
    required: bool = True
    to: type = None


@dataclass(frozen=True)
class Table:
    """A kind of row: the name of its TOML table, the model, the keys in the order in which they are written."""

    name: str
    model: type
    keys: tuple
    of_plan: bool = False

    def row_of(self, record):
        """A record as a row of its seed file."""
        row = {}
        for key in self.keys:
            value = getattr(record, key.name)
            if key.type == ONE:
                value = value.code if value else None
            elif key.type == MANY:
                value = sorted(related.code for related in value.all())
            elif key.type == WORDS:
                value = list(value)
            elif key.type == NUMBER and value is not None:
                value = plain_number(value)
            row[key.name] = None if value in ("", []) else value
        return row

    def records(self):
        """The model's records with everything that a row names, in the order of the plan or of their codes."""
        queryset = self.model.objects.select_related(*[k.name for k in self.keys if k.type == ONE])
        return queryset.prefetch_related(*[k.name for k in self.keys if k.type == MANY])


def fingerprint(row):
    """A short name for exactly this row: the SHA-256 of its canonical JSON."""

    def plain(value):
        if isinstance(value, datetime.date | Decimal):
            return str(value)
        raise TypeError(value)

    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain)
    return hashlib.sha256(text.encode()).hexdigest()


PLAN = Table(
    "plan",
    Plan,
    (
        Key("code"),
        Key("title"),
        Key("short_title"),
        Key("language"),
        Key("publisher", ONE, to=Body),
        Key("published_on", DATE),
        Key("published_precision"),
        Key("starts_on", DATE),
        Key("ends_on", DATE),
    ),
)
BODIES = Table("body", Body, (Key("code"), Key("name"), Key("kind"), Key("side"), Key("why")))
GROUPS = Table("group", BeneficiaryGroup, (Key("code"), Key("name")))
CATEGORIES = Table(
    "category",
    Category,
    (Key("code"), Key("parent", ONE, required=False, to=Category), Key("title"), Key("short_title")),
    of_plan=True,
)
PROVISIONS = Table(
    "provision",
    Provision,
    (
        Key("code"),
        Key("category", ONE, required=False, to=Category),
        Key("form"),
        Key("title"),
        Key("heading", required=False),
        Key("other_figures", WORDS, required=False),
    ),
    of_plan=True,
)
METRICS = Table(
    "metric",
    Metric,
    (
        Key("code"),
        Key("name"),
        Key("definition"),
        Key("shape"),
        Key("nature", required=False),
        Key("unit", required=False),
        Key("decimals", WHOLE, required=False),
        Key("rungs", WORDS, required=False),
        Key("statistic"),
        Key("producer", ONE, required=False, to=Body),
        Key("scope"),
        Key("lag_months", WHOLE, required=False),
        Key("problems", required=False),
    ),
)
COMMITMENTS = Table(
    "commitment",
    Commitment,
    (
        Key("code"),
        Key("provision", ONE, to=Provision),
        Key("title"),
        Key("quote"),
        Key("qualifier", required=False),
        Key("test"),
        Key("other_reading", required=False),
        Key("kind"),
        Key("level"),
        Key("rule"),
        Key("metric", ONE, required=False, to=Metric),
        Key("comparator", required=False),
        Key("target_value", NUMBER, required=False),
        Key("tolerance", NUMBER, required=False),
        Key("target_rung", required=False),
        Key("base_date", DATE, required=False),
        Key("deadline", DATE),
        Key("deadline_basis"),
        Key("groups", MANY, required=False, to=BeneficiaryGroup),
        Key("bodies", MANY, required=False, to=Body),
        Key("carried_from", required=False),
    ),
    of_plan=True,
)

# In the order in which rows can name one another.
TABLES = (BODIES, GROUPS, METRICS, PLAN, CATEGORIES, PROVISIONS, COMMITMENTS)
