"""The data dictionary: what each column of a public file holds, of which type, and whether it can be blank.

Names, types and meanings come from the records; blanks and vocabularies from the models' fields, exceptions named.
"""

import datetime
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker import models
from tracker.models.progress import OBSERVED
from tracker.wording import labels

from . import baseline, progress, registry
from .registry import dictionary

TEXT, NUMBER, WHOLE, DATE, TIME, TRUTH = "text", "number", "whole", "date", "time", "truth"
LIST, ENTRIES, JSON, CITED, REPEATS = "list", "entries", "json", "cited", "repeats"
LISTED = (LIST, ENTRIES)  # whose parts stand in one cell of a table
TYPES = {str: TEXT, Decimal: NUMBER, int: WHOLE, bool: TRUTH, tuple: LIST, dict: JSON}
TYPES |= {datetime.date: DATE, datetime.datetime: TIME}
# Tuples that are no lists of codes: of records, and of sentences, in which the separator of lists may stand.
NAMED = {"decided_by": ENTRIES, "evidence": CITED, "citations": REPEATS, "other_figures": JSON}
TYPE_WORDS = {
    TEXT: _("text"),
    NUMBER: _("exact number"),
    WHOLE: _("whole number"),
    DATE: _("date, as 2025-12-31"),
    TIME: _("date and time, ISO 8601"),
    TRUTH: _("true or false"),
    LIST: _("list; in CSV and XLSX separated by “; ”"),
    ENTRIES: _("list of whole numbers; in CSV and XLSX separated by “; ”"),
    JSON: _("JSON"),
    CITED: _("list of citations; in CSV the table citations"),
    REPEATS: _("list of source, place, said and differs; in CSV and XLSX as JSON"),
}
SAYS = {code: words for code, words in labels.SAYS.items() if code}
# The models of records that do not bear their name.
MODELS: dict[type, type[Model]] = {
    registry.GroupRecord: models.BeneficiaryGroup,
    progress.CitedRecord: models.Evidence,
    registry.LedgerRecord: models.LedgerEntry,
    progress.AmendmentRecord: models.Update,
    baseline.BaselineRecord: models.BaselineFigure,
    baseline.RepeatRecord: models.BaselineFigure,  # what one of its fields lists
    baseline.PassageRecord: models.BaselinePassage,
}
# What no field of the model says: columns that are computed, or of another record, or that redaction may empty.
VALUES: dict[type, dict[str, Mapping[str, Any]]] = {
    registry.SourceRecord: {"published_precision": dict(models.Precision.choices)},
    registry.CommitmentRecord: {
        "status": labels.STATUSES,
        "group": labels.GROUPS,
        "status_basis": labels.BASES,
        "missing": labels.MISSING,
        "flags": labels.FLAGS,
        "value_bound": dict(models.Bound.choices),
        **dict.fromkeys(("official_says", "un_says", "independent_says"), SAYS),
    },
    progress.UpdateRecord: {"what": {code: words for code, words in models.What.choices if code in OBSERVED}},
    progress.AssessmentRecord: {"side": dict(models.Side.choices)},
    baseline.RepeatRecord: {"differs": models.DIFFERS},
}
FILLED: dict[type, set[str]] = {
    registry.CommitmentRecord: {"status", "group", "status_basis"},
    progress.UpdateRecord: {"key"},
    progress.AssessmentRecord: {"key", "side"},
    baseline.NormLinkRecord: {"instrument"},
}
NOT_FILLED = {"summary", "citations"}


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, its type, whether it is never blank.

    Where it has a vocabulary, ``words`` says by each code what pages say for it.
    """

    name: str
    help: str | Promise
    type: str = TEXT
    filled: bool = True
    words: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> tuple[str, ...]:
        """The codes of its vocabulary."""
        return tuple(self.words)

    @property
    def in_words(self) -> str:
        """Its vocabulary for people: each code with its words, where those say more than the code."""
        return "; ".join(f"{code} – {words}" if words else code for code, words in self.pairs)

    @property
    def pairs(self) -> list[tuple[str, Any]]:
        """Each code with its words; without any where the code is its own word."""
        return [
            (code, "" if code.replace("_", " ") == str(words).lower() else words) for code, words in self.words.items()
        ]

    @property
    def type_words(self) -> Promise:
        """The type for people."""
        return TYPE_WORDS[self.type]


def types_of(hint: Any) -> set[type]:
    """The types that a field may hold, whatever a list in it holds in its turn."""
    if isinstance(hint, types.UnionType):
        return set().union(*map(types_of, typing.get_args(hint)))
    return {typing.get_origin(hint) or hint}


def columns_of(record: type) -> tuple[Column, ...]:
    """The columns of a record, in the order of its files."""
    model = MODELS.get(record) or getattr(models, record.__name__.removesuffix("Record"))
    stored = {each.name: each for each in (*model._meta.fields, *model._meta.many_to_many)}
    hints = {"url": str} | typing.get_type_hints(record)
    columns = []
    for name, meaning in dictionary(record).items():
        stored_as, types_ = stored.get(name), types_of(hints[name])
        type_ = NAMED.get(name) or TYPES[(types_ - {type(None)}).pop()]
        # Whether a text or list is never blank says the field of its model; of other types the record itself says so.
        filled = name == "url" or name in FILLED.get(record, ())
        filled |= name not in NOT_FILLED and stored_as is not None and not stored_as.blank
        filled |= type_ in (WHOLE, NUMBER, DATE, TIME, TRUTH)
        choices = stored_as.flatchoices if stored_as is not None else ()
        words = VALUES.get(record, {}).get(name) or {registry.code_of(value): words for value, words in choices}
        columns.append(Column(name, meaning, type_, type(None) not in types_ and filled, words))
    return tuple(columns)
