"""Keys and tables: how a row of a seed file is described, compared and read off a record."""

import datetime
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal

from tracker.text import plain_number

TEXT, WHOLE, NUMBER, DATE, ONE, MANY, WORDS = "text", "whole", "number", "date", "one", "many", "words"
PROSE, FLAG, CITED, REPEATED = "prose", "flag", "cited", "repeated"
AMENDED, CORRECTED = "amended_because", "corrected_because"
IMPORTED = "import:"  # begins the key of a draft from an imported file, which is no row of a seed file
# What one item of a list of citations may say.
PARTS = {CITED: ("source", "locator", "note"), REPEATED: ("source", "place", "said", "differs")}

EXPECTED = {
    TEXT: "a text in quotation marks, on one line and without blanks around it",
    PROSE: "a text in quotation marks",
    FLAG: "true",
    CITED: 'a list such as [{ source = "code", locator = "p. 3" }], with source, locator and note',
    REPEATED: 'a list such as [{ source = "code", place = "III.2" }], with source, place, said and differs',
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
            elif key.type == FLAG:
                value = True if value else None
            elif key.type == REPEATED:  # a database may keep their order or not
                value = [{name: each[name] for name in PARTS[REPEATED] if name in each} for each in value]
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
