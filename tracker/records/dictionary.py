"""The data dictionary: what each column of a public file holds, of which type, and whether it can be blank.

Names, types and meanings come from the records; vocabularies from the words of the site.
"""

import datetime
import typing
from dataclasses import dataclass, fields
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tracker import labels, models

from . import baseline, registry
from .registry import dictionary, types_of

TEXT, NUMBER, WHOLE, DATE, TIME, TRUTH, LIST, JSON, CITED, REPEATS = (
    "text",
    "number",
    "whole",
    "date",
    "time",
    "truth",
    "list",
    "json",
    "cited",
    "repeats",
)
TYPES = {
    str: TEXT,
    Decimal: NUMBER,
    int: WHOLE,
    datetime.date: DATE,
    datetime.datetime: TIME,
    bool: TRUTH,
    tuple: LIST,
    dict: JSON,
}
# Tuples that are no lists of codes: of records, and of sentences, in which the separator of lists may stand.
NAMED = {"evidence": CITED, "citations": REPEATS, "other_figures": JSON}
TYPE_WORDS = {
    TEXT: _("text"),
    NUMBER: _("exact number"),
    WHOLE: _("whole number"),
    DATE: _("date, as 2025-12-31"),
    TIME: _("date and time, ISO 8601"),
    TRUTH: _("true or false"),
    LIST: _("list; in CSV and XLSX separated by “; ”"),
    JSON: _("JSON"),
    CITED: _("list of citations; in CSV the table citations"),
    REPEATS: _("list of source, place, said and differs; in CSV and XLSX as JSON"),
}
PRECISIONS = ("day", "month", "year")
SAYS = tuple(code for code in labels.SAYS if code)
FINDING = tuple(code for code in SAYS if code != "mixed")
OPINION = dict.fromkeys(("official_says", "un_says", "independent_says"), SAYS)

# Columns that may hold one of these values and no other, or blank.
VALUES = {
    registry.PlanRecord: {"published_precision": PRECISIONS},
    registry.BodyRecord: {"kind": models.BodyKind.values, "side": models.Side.values},
    registry.MetricRecord: {"shape": models.Shape.values, "nature": models.Nature.values},
    registry.ProvisionRecord: {"form": models.Form.values},
    registry.SourceRecord: {"published_precision": PRECISIONS},
    registry.CommitmentRecord: {
        "kind": models.Kind.values,
        "level": models.Level.values,
        "rule": models.Rule.values,
        "comparator": models.Comparator.values,
        "deadline_basis": models.DeadlineBasis.values,
        "status": tuple(labels.STATUSES),
        "group": tuple(labels.GROUPS),
        "status_basis": tuple(labels.BASES),
        "missing": tuple(labels.MISSING),
        "value_bound": models.Bound.values,
        **OPINION,
    },
    registry.UpdateRecord: {
        "what": ("value", "rung", "judgement", "search"),
        "bound": models.Bound.values,
        "precision": PRECISIONS,
        "fits": models.Fits.values,
        "how": models.How.values,
        "verdict": models.Verdict.values,
        "reread": models.Reread.values,
    },
    registry.AssessmentRecord: {
        "side": models.Side.values,
        "says": FINDING,
        "precision": PRECISIONS,
        "reread": models.Reread.values,
    },
    baseline.BaselineRecord: {
        "form": models.BaselineForm.values,
        "bound": models.Bound.values,
        "nature": models.Nature.values,
        "precision": PRECISIONS,
        "how": models.How.values,
    },
    baseline.RepeatRecord: {"differs": tuple(models.DIFFERS)},
    baseline.InstrumentRecord: {"kind": models.InstrumentKind.values},
    baseline.AdherenceRecord: {"participation": models.Participation.values, "precision": PRECISIONS},
}
# Texts that are never blank; of other types the record itself says so.
FILLED = {
    registry.PlanRecord: {"code", "title", "short_title", "language", "publisher", "published_precision", "url"},
    registry.CategoryRecord: {"plan", "code", "title", "short_title", "url"},
    registry.ProvisionRecord: {"plan", "code", "form", "title", "url"},
    registry.GroupRecord: {"code", "name"},
    registry.BodyRecord: {"code", "name", "kind", "side", "why"},
    registry.SourceRecord: {"code", "publisher", "title"},
    registry.MetricRecord: {"code", "name", "definition", "shape", "statistic", "scope"},
    registry.CommitmentRecord: {"plan", "code", "provision", "title", "quote", "test", "kind", "level", "rule"}
    | {"deadline_basis", "status", "group", "status_basis", "url"},
    registry.UpdateRecord: {"key", "what", "precision"},
    registry.AssessmentRecord: {"key", "origin", "side", "says", "precision"},
    baseline.InstrumentRecord: {"code", "kind", "title", "url"},
    baseline.NormRecord: {"code", "instrument", "number", "title", "url"},
    baseline.AdherenceRecord: {"plan", "code", "instrument", "participation"},
    baseline.NormLinkRecord: {"plan", "code", "commitment", "norm", "instrument", "rationale", "url"},
    registry.CitedRecord: {"source"},
    baseline.BaselineRecord: {"plan", "code", "form", "title", "source", "place", "quote", "precision", "url"},
    baseline.RepeatRecord: {"source", "place"},
    baseline.PassageRecord: {"plan", "code", "source", "other_figures"},
    registry.AmendmentRecord: set(),
    registry.LedgerRecord: {"action", "subject", "role", "body_hash", "prev", "hash"},
}


@dataclass(frozen=True)
class Column:
    """One column: its name, what it means, its type, whether it is never blank, and its vocabulary where it has one."""

    name: str
    help: str
    type: str = TEXT
    filled: bool = True
    values: tuple = ()

    @property
    def type_words(self):
        """The type for people."""
        return TYPE_WORDS[self.type]


def columns_of(record):
    """The columns of a record, in the order of its files."""
    hints = typing.get_type_hints(record)
    declared = {each.name for each in fields(record)}
    columns = []
    for name, meaning in dictionary(record).items():
        types = types_of(hints[name]) if name in declared else {str}
        type_ = NAMED.get(name) or TYPES[(types - {type(None)}).pop()]
        may_be_blank = type(None) in types or (
            type_ in (TEXT, LIST, JSON, CITED, REPEATS) and name not in FILLED[record]
        )
        values = tuple(VALUES.get(record, {}).get(name, ()))
        columns.append(Column(name, meaning, type_, not may_be_blank, values))
    return tuple(columns)
