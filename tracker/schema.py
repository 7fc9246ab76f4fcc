"""The row of each table, for seed files, amendments and the log: read off the model's fields, exceptions named.

A row is a plain dictionary in which every key of the table is present, blank ones as ``None``: two rows can be
compared, fingerprinted and written without asking where they came from. A new table is one more declaration here.
"""

import datetime
import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from tracker import models
from tracker.models.sources import one_line
from tracker.text.plain import plain_number, subject

Row = dict[str, Any]

TEXT, PROSE, WHOLE, NUMBER, DATE, FLAG, WORDS = "text", "prose", "whole", "number", "date", "flag", "words"
ONE, MANY, CITED, REPEATED = "one", "many", "cited", "repeated"
AMENDED, CORRECTED = "amended_because", "corrected_because"
# Keys that rows had, blank or not, when the first plans were loaded: a blank one is part of the fingerprint. The list
# is closed: what came later, and is blank, leaves a row what it was.
FIRST = {
    "source": ("address", "reason_withheld", "published", "published_precision", "language", "archived", "sha256"),
    "metric": ("nature", "unit", "decimals", "rungs", "producer", "lag_months", "problems"),
    "instrument": ("symbol", "body", "address"),
    "recommendation": (
        *("verbatim", "recommended_by", "themes", "norms", "index_id"),
        *("reply", "reply_words", "reply_symbol", "reply_paragraph"),
    ),
    "category": ("parent",),
    "provision": ("category", "heading", "other_figures"),
    "commitment": (
        *("qualifier", "other_reading", "metric", "beside", "comparator", "target_value", "tolerance", "target_rung"),
        *("base_date", "groups", "bodies", "carried_from"),
    ),
    "baseline": (
        *("value", "as_published", "bound", "unit", "nature", "starts_on", "undated", "how", "scope"),
        *("category", "commitments", "metrics", "same_series", "note"),
    ),
    "adherence": ("since", "precision", "source", "note"),
    "update": (
        *("metric", "commitment", "value", "as_published", "bound", "withheld", "starts_on", "fits", "verdict", "how"),
        *("arithmetic", "scope", "origin", "rung", "caveat", "reread", "evidence"),
    ),
    "assessment": (
        *("category", "commitment", "origin", "starts_on", "document", "finds_harm", "replies_to"),
        *("caveat", "reread", "evidence"),
    ),
}
IMPORTED = "import:"  # begins the key of a draft from an imported file, which is no row of a seed file
# What one item of a list of citations may say.
PARTS = {CITED: ("source", "locator", "note"), REPEATED: ("source", "place", "said", "differs")}


@dataclass(frozen=True)
class Key:
    """One key of a row: its name (that of the model's field), its type, and for codes the model they point at."""

    name: str
    type: str = TEXT
    required: bool = True
    to: Any = None

    def in_row(self, value: Any) -> Any:
        """A value of a record as its row has it: codes for records, blanks as ``None``."""
        if value is not None and self.type in IN_ROW:
            value = IN_ROW[self.type](value)
        return None if value in ("", []) else value


IN_ROW: dict[str, Callable[[Any], object]] = {
    ONE: lambda record: record.code,
    MANY: lambda records: sorted(record.code for record in records),
    WORDS: list,
    NUMBER: plain_number,
    FLAG: lambda flag: flag or None,
    # A database may keep the order of their parts or not.
    REPEATED: lambda cited: [{part: each[part] for part in PARTS[REPEATED] if part in each} for each in cited],
    CITED: lambda evidence: [_citation(each) for each in evidence],
}
TYPES = {
    "ForeignKey": ONE,
    "ManyToManyField": MANY,
    "BooleanField": FLAG,
    "PositiveIntegerField": WHOLE,
    "PositiveSmallIntegerField": WHOLE,
    "DecimalField": NUMBER,
    "DateField": DATE,
    "JSONField": WORDS,
    "CharField": TEXT,
    "TextField": PROSE,  # with a validator that keeps it on one line it is a text like any
}
# The folder says which plan, the place in the file which order, and what is in preparation is in no file of the public.
LEFT_OUT = ("id", "plan", "order", "preparation")
EXCEPTIONS = {
    "key": Key("key"),  # the model's seed_key, which drafts made on the site lack
    "replies_to": Key("replies_to", required=False),  # the key of another row, which has no code
    "citations": Key("citations", REPEATED, to=models.Source),
    "evidence": Key("evidence", CITED, required=False, to=models.Source),  # records of their own, which name this one
}


def _citation(evidence: Any) -> dict[str, str]:
    cited = {"source": evidence.source.code, "locator": evidence.locator, "note": evidence.note}
    return {part: text for part, text in cited.items() if text}


def _key(model: type[Model], name: str) -> Key:
    """A field of a model as a key of its rows."""
    if name in EXCEPTIONS:
        return EXCEPTIONS[name]
    field: Any = model._meta.get_field(name)
    kind = TEXT if one_line in field.validators else TYPES[field.get_internal_type()]
    return Key(name, kind, required=not field.blank and kind != FLAG, to=field.related_model)


@dataclass(frozen=True, eq=False)
class Table:
    """A kind of row: the name of its TOML table, its model, its public file, and what a seed file of it begins with."""

    name: str
    model: Any
    public: str  # name of the table in the public files, and of the seed files where ``file`` gives no other
    about: str
    file: str = ""
    in_folder: bool = False  # several files, in a folder of their own
    needed: bool = False  # a second plan may have none of the others of its own, and a young one no progress
    because: str = AMENDED  # key in which a file says why a row differs from the one loaded before
    natural: str = "code"
    names: tuple[str, ...] = ()  # where they are not all fields of the model, in its order
    sorted_by: str = "code"  # "pk" as registered: by code, article 10 would stand before article 2
    part: Callable[[Any], str] | None = None  # the file of its folder that a record is written to
    through: str = ""  # the relations that say so
    numbered: bool = False  # files are read by name, and a preamble stands before part I

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The keys in the order in which they are written: the code, and then the model's fields in their order."""
        fields = [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]
        names = [field.name for field in sorted(fields, key=lambda field: field.creation_counter)]
        own = sorted((name for name in names if name not in LEFT_OUT), key=lambda name: name != "code")
        return tuple(_key(self.model, name) for name in self.names or own)

    @property
    def pattern(self) -> str:
        """The names of its seed files in a plan's folder."""
        return self.file or (f"{self.public}/*.toml" if self.in_folder else f"{self.public}.toml")

    @cached_property
    def of_plan(self) -> bool:
        """Each plan has its own, in an order."""
        return any(field.name == "order" for field in self.model._meta.concrete_fields)

    @property
    def shared(self) -> bool:
        """Plans share its records, by their codes."""
        return self.natural == "code" and not self.of_plan and self.model is not models.Plan

    def row_of(self, record: Any, values: Mapping[str, Any] | None = None) -> Row:
        """A record as a row of its seed file; ``values`` stand in for what is not written yet, or not in a field."""
        row = {}
        for key in self.keys:
            value = values[key.name] if values and key.name in values else getattr(record, key.name)
            row[key.name] = key.in_row(value.all() if hasattr(value, "all") else value)
        return row

    @cached_property
    def later(self) -> frozenset[str]:
        """The keys that may be blank and that rows did not have from the first."""
        return frozenset(key.name for key in self.keys if not key.required) - frozenset(FIRST.get(self.name, ()))

    def fingerprint(self, row: Row) -> str:
        """A short name for what a row says: a key that came after it was loaded, and is blank, leaves it the same."""
        return fingerprint({name: value for name, value in row.items() if value is not None or name not in self.later})

    def records(self, among: QuerySet[Any] | None = None) -> QuerySet[Any]:
        """Records with everything that a row names, in the order of the plan or of codes: public ones for ``None``."""
        queryset: QuerySet[Any] = self.model.objects.all() if among is None else among
        plan = {"plan"} & {field.name for field in self.model._meta.fields}  # by whose code the log names a record
        queryset = queryset.select_related(*plan, *[k.name for k in self.keys if k.type == ONE])
        return queryset.prefetch_related(*[k.name for k in self.keys if k.type == MANY])


def _chapter(commitment: models.Commitment) -> str:
    """Code of the topmost category that a commitment stands in; ``plan`` where it stands in none."""
    category = commitment.provision.category
    while category is not None and category.parent is not None:
        category = category.parent
    return category.code if category is not None else "plan"


ABOVE = "provision__category__parent__parent__parent"
# fmt: off
BODIES = Table("body", models.Body, "bodies",
    "Organisations: who promises, measures, publishes or finds.")
SOURCES = Table("source", models.Source, "sources",
    "Publications that evidence points at. Where no address was confirmed, none is shown.")
GROUPS = Table("group", models.BeneficiaryGroup, "groups", "People whom promises are meant for.")
METRICS = Table("metric", models.Metric, "metrics",
    "What is measured in the world. Shared by every commitment, and every plan, that it answers.")
INSTRUMENTS = Table("instrument", models.Instrument, "instruments",
    "Treaties, sets of goals and review mechanisms that promises can rest on.", sorted_by="pk")
NORMS = Table("norm", models.Norm, "norms",
    "Their articles, targets and cycles, by official number; titles are ours.", sorted_by="pk")
RECOMMENDATIONS = Table("recommendation", models.Recommendation, "recommendations",
    "What United Nations mechanisms recommended to the State, and what it replied.", sorted_by="pk")
PLAN = Table("plan", models.Plan, "plans", "The plan itself.", file="plan.toml", needed=True)
CATEGORIES = Table("category", models.Category, "categories",
    "The plan's tree of rights: chapters and the sections within them, in its order.", needed=True)
PROVISIONS = Table("provision", models.Provision, "provisions",
    "The plan's paragraphs, in its order. Titles are ours; headings are the plan's, to the letter.", needed=True)
COMMITMENTS = Table("commitment", models.Commitment, "commitments",
    "Promises that can be found kept or not kept one by one, in the order of the text.",
    needed=True, in_folder=True, part=_chapter, through=ABOVE)
BASELINE = Table("baseline", models.BaselineFigure, "baseline",
    "Figures and acts that an earlier document of the State reported, in the order of its text.",
    in_folder=True, part=lambda figure: figure.place.split(".")[0], numbered=True)
PASSAGES = Table("passage", models.BaselinePassage, "passages",
    "Figures of that document that are no records, paragraph by paragraph, each with the reason.",
    file="baseline-passages.toml")
ADHERENCES = Table("adherence", models.Adherence, "adherences",
    "Whether and since when the State takes part in each instrument, by the documents at hand.")
NORM_LINKS = Table("link", models.NormLink, "norm-links",
    "Links from promises to norms: editorial, each with a line that says why.",
    in_folder=True, part=lambda link: _chapter(link.commitment), through=f"commitment__{ABOVE}")
RECOMMENDATION_LINKS = Table("recommendation_link", models.RecommendationLink, "recommendation-links",
    "Links from promises to recommendations: editorial, each with a line that says why.")
UPDATES = Table("update", models.Update, "updates",
    "Dated updates: values and stages of metrics, judgements against tests, searches in vain.",
    in_folder=True, because=CORRECTED, natural="key", names=(
        *("key", "what", "metric", "commitment", "value", "as_published", "bound", "withheld", "starts_on", "as_of"),
        *("precision", "fits", "verdict", "how", "arithmetic", "scope", "origin", "rung"),
        *("reach", "places", "words", "languages", "year_not_stated", "summary", "caveat", "reread", "evidence"),
    ))
ASSESSMENTS = Table("assessment", models.Assessment, "assessments",
    "Others' findings and claims, each named as what it is.",
    in_folder=True, because=CORRECTED, natural="key", names=(
        *("key", "category", "commitment", "origin", "says", "starts_on", "ends_on", "as_of", "precision",
          "document"),
        *("finds_harm", "replies_to", "summary", "caveat", "reread", "evidence"),
    ))
# fmt: on
# In the order in which rows can name one another: the registry, and what was recorded about it since.
TABLES = (
    *(BODIES, SOURCES, GROUPS, METRICS, INSTRUMENTS, NORMS, RECOMMENDATIONS),
    *(PLAN, CATEGORIES, PROVISIONS, COMMITMENTS),
    *(BASELINE, PASSAGES, ADHERENCES, NORM_LINKS, RECOMMENDATION_LINKS),
)
PROGRESS = (UPDATES, ASSESSMENTS)
EVERY_TABLE = (*TABLES, *PROGRESS)


def table_of(record: Model) -> Table:
    """The table that a record of the registry is a row of."""
    return next(table for table in TABLES if isinstance(record, table.model))


def subject_of(record: Any) -> str:
    """How the log names a record of the registry: its kind, and its code behind the code of its plan."""
    plan = getattr(record, "plan", None)
    return subject(table_of(record).name, record.code, plan.code if plan is not None else "")


def record_of(named: str) -> Any:
    """The record of the registry that the log names so. Raises ``LookupError`` where there is none."""
    kind, _blank, code = named.partition(" ")
    plan, _slash, code = code.rpartition("/")
    model = {table.name: table.model for table in TABLES}[kind]
    return model.objects.get(code=code, **({"plan__code": plan} if plan else {}))


def records_named(record: Any, key: Key, codes: Collection[str]) -> QuerySet[Any]:
    """What codes in a record's row stand for, within the record's plan and what it is in preparation with."""
    own = {"plan": record.plan_id} if hasattr(record, "plan_id") and hasattr(key.to, "plan") else {}
    records: QuerySet[Any] = key.to.objects.offered(record.preparation_id).filter(code__in=codes, **own)
    return records


def record_named(record: Any, key: Key, code: str | None) -> Any:
    """What a code in a record's row stands for, within the record's plan; ``None`` where nothing has that code."""
    return records_named(record, key, [code]).first() if code else None


def set_field(record: Any, name: str, value: Any) -> None:
    """Give a record a plain value of its row, in the field's own type."""
    field = record._meta.get_field(name)
    setattr(record, name, field.get_default() if value is None else field.to_python(value))


def plain_value(value: Any) -> Any:
    """A value as JSON carries it without loss: dates and decimals as texts."""
    if isinstance(value, Decimal):
        return str(plain_number(value))
    return str(value) if isinstance(value, datetime.date) else value


def plain_row(record: Any, relations: Mapping[str, Any] | None = None) -> Row:
    """A record as a row of plain values, as the log and amendments keep it."""
    return {name: plain_value(value) for name, value in table_of(record).row_of(record, relations).items()}


def fingerprint(row: Row) -> str:
    """A short name for exactly this row: the SHA-256 of its canonical JSON."""

    def written(value: object) -> str:
        if isinstance(value, datetime.date | Decimal):
            return str(value)
        raise TypeError(value)

    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=written)
    return hashlib.sha256(text.encode()).hexdigest()
