"""What the seed files hold: one table per kind of record, one field per key. Read by load and dump alike.

A row is a plain dictionary in which every key of the table is present, blank ones as ``None``: two rows can be
compared, fingerprinted and written without asking where they came from.
"""

import datetime
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from tracker.models import (
    Assessment,
    BeneficiaryGroup,
    Body,
    Category,
    Commitment,
    Metric,
    Plan,
    Provision,
    Source,
    Update,
)
from tracker.numbers import plain_number

TEXT, WHOLE, NUMBER, DATE, ONE, MANY, WORDS = "text", "whole", "number", "date", "one", "many", "words"
PROSE, FLAG, CITED = "prose", "flag", "cited"
AMENDED, CORRECTED = "amended_because", "corrected_because"
IMPORTED = "import:"  # begins the key of a draft from an imported file, which is no row of a seed file

EXPECTED = {
    TEXT: "a text in quotation marks, on one line and without blanks around it",
    PROSE: "a text in quotation marks",
    FLAG: "true",
    CITED: 'a list such as [{ source = "code", locator = "p. 3" }], with source, locator and note',
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
    because: str = ""  # key in which a file says why a row differs from the one loaded before
    natural: str = "code"

    @property
    def amended(self):
        """Changes to what is there take two people and stay visible."""
        return self.because == AMENDED

    def row_of(self, record, relations=None):
        """A record as a row of its seed file; ``relations`` stands in for sets that are not written yet."""
        row = {}
        for key in self.keys:
            if key.type == MANY:
                related = relations.get(key.name, ()) if relations is not None else getattr(record, key.name).all()
                value = sorted(each.code for each in related)
            else:
                value = getattr(record, key.name)
            if key.type == ONE:
                value = value.code if value else None
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
BODIES = Table("body", Body, (Key("code"), Key("name"), Key("kind"), Key("side"), Key("why")), because=AMENDED)
SOURCES = Table(
    "source",
    Source,
    (
        Key("code"),
        Key("publisher", ONE, to=Body),
        Key("title"),
        Key("address", required=False),
        Key("reason_withheld", required=False),
        Key("published", DATE, required=False),
        Key("published_precision", required=False),
        Key("language", required=False),
        Key("archived", required=False),
        Key("sha256", required=False),
    ),
    because=AMENDED,
)
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
    because=AMENDED,
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
        Key("beside", MANY, required=False, to=Metric),
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
    because=AMENDED,
)

UPDATES = Table(
    "update",
    Update,
    (
        Key("key"),
        Key("what"),
        Key("metric", ONE, required=False, to=Metric),
        Key("commitment", ONE, required=False, to=Commitment),
        Key("value", NUMBER, required=False),
        Key("as_published", required=False),
        Key("bound", required=False),
        Key("withheld", FLAG, required=False),
        Key("starts_on", DATE, required=False),
        Key("as_of", DATE),
        Key("precision"),
        Key("fits", required=False),
        Key("verdict", required=False),
        Key("how", required=False),
        Key("arithmetic", required=False),
        Key("scope", required=False),
        Key("origin", ONE, required=False, to=Body),
        Key("rung", required=False),
        Key("summary", PROSE),
        Key("caveat", PROSE, required=False),
        Key("reread", required=False),
        Key("evidence", CITED, required=False, to=Source),
    ),
    because=CORRECTED,
    natural="key",
)
ASSESSMENTS = Table(
    "assessment",
    Assessment,
    (
        Key("key"),
        Key("category", ONE, required=False, to=Category),
        Key("commitment", ONE, required=False, to=Commitment),
        Key("origin", ONE, to=Body),
        Key("says"),
        Key("starts_on", DATE, required=False),
        Key("as_of", DATE),
        Key("precision"),
        Key("document", required=False),
        Key("finds_harm", FLAG, required=False),
        Key("replies_to", required=False),
        Key("summary", PROSE),
        Key("caveat", PROSE, required=False),
        Key("reread", required=False),
        Key("evidence", CITED, required=False, to=Source),
    ),
    because=CORRECTED,
    natural="key",
)

# In the order in which rows can name one another: the registry, and what was recorded about it since.
PROGRESS = (UPDATES, ASSESSMENTS)
TABLES = (BODIES, SOURCES, GROUPS, METRICS, PLAN, CATEGORIES, PROVISIONS, COMMITMENTS)


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
