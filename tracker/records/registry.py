"""The public shape of each thing, stated once: the header of a CSV file, the keys of JSON and the data dictionary.

Records are immutable and plain: texts, dates, decimals and tuples. Pages, files and the explorer read them and
nothing else.
"""

import dataclasses
import datetime
import re
from collections.abc import Hashable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import Any, TypeVar, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.models import UN_SYMBOL
from tracker.standalone.assess import STATE_KINDS, side_of

Record = TypeVar("Record")
Texts = tuple[str, ...]


def described(help_text: str | Promise, default: Any = dataclasses.MISSING) -> Any:
    """A field of a record with the sentence that the data dictionary gives for it."""
    return dataclasses.field(default=default, metadata={"help": help_text})


@dataclasses.dataclass(frozen=True, slots=True)
class BodyRecord:
    """An organisation."""

    code: str = described(_("Permanent code"))
    name: str = described(_("Name"))
    kind: str = described(_("What sort of organisation it is"))
    side: str = described(_("official (a State's own; to other States' plans independent), un, independent or unknown"))
    state: str = described(_("State that it belongs to; blank for none"))
    why: str = described(_("Why this kind and this side"))

    def as_seen_from(self, state: str) -> "BodyRecord":
        """The body as it stands to plans of a State: what another State's is, is named a foreign government."""
        side = side_of(self.kind, self.side, self.state, state)
        kind = self.kind
        if side == "official" and kind == "foreign_government":
            kind = "government"
        elif side == "independent" and (self.side == "official" or kind in STATE_KINDS):
            kind = "foreign_government"
        return self if (side, kind) == (self.side, self.kind) else dataclasses.replace(self, side=side, kind=kind)


@dataclasses.dataclass(frozen=True, slots=True)
class GroupRecord:
    """People whom promises are meant for."""

    code: str = described(_("Permanent code"))
    name: str = described(_("Name"))


@dataclasses.dataclass(frozen=True, slots=True)
class MetricRecord:
    """What is measured in the world."""

    code: str = described(_("Permanent code"))
    name: str = described(_("Name"))
    definition: str = described(_("Numerator, denominator, population, and the moment or period it speaks of"))
    shape: str = described(_("number, or ladder of stages"))
    nature: str = described(_("For a number: stock, average, flow or event"))
    unit: str = described(_("Unit of the number"))
    decimals: int | None = described(_("Decimals usually published"))
    rungs: Texts = described(_("Stages of the ladder, lowest first"))
    statistic: str = described(_("The statistic that answers it"))
    producer: str = described(_("Code of the body that publishes it"))
    state: str = described(_("State in which it is measured; blank for the world, or several States"))
    scope: str = described(_("Place and population that it speaks of"))
    lag_months: int | None = described(_("Months after a period's end at which a figure normally appears"))
    problems: str = described(_("Known problems"))
    period: str = described(_("What a period of it is; blank for a calendar year or a moment"))
    period_ends: int | None = described(_("Month in which a school or fiscal year ends"))
    term_years: int | None = described(_("Years of a term"))
    period_because: str = described(_("Why that period"))
    only_grows_because: str = described(_("Why what is reached once stays reached; blank where it can fall back"))
    no_statistic_because: str = described(_("Why no statistic shows it; blank where one does"))


@dataclasses.dataclass(frozen=True, slots=True)
class PlanRecord:
    """A published plan."""

    code: str = described(_("Permanent code"))
    title: str = described(_("Title as published"))
    short_title: str = described(_("Label for menus"))
    language: str = described(_("Language of the text that was recorded"))
    state: str = described(_("State that made it"))
    publisher: str = described(_("Code of the body that published it"))
    published_on: datetime.date = described(_("Date of publication"))
    published_precision: str = described(_("How exactly that date is known"))
    starts_on: datetime.date = described(_("First day of its period"))
    ends_on: datetime.date = described(_("Last day of its period"))
    texts: Texts = described(_("Addresses at which its text was seen, each with the language of the text"))
    findings_read: int | None = described(_("How many findings in public sources were read before release"))
    findings_used: int | None = described(_("How many of them any record here rests on"))
    path: str = described(_("Address on this site"))


@dataclasses.dataclass(frozen=True, slots=True)
class CategoryRecord:
    """A chapter or section of a plan."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Code within the plan"))
    position: int = described(_("Place in the order of the plan, from 1"))
    parent: str = described(_("Code of the category above it"))
    title: str = described(_("Title as the plan has it"))
    short_title: str = described(_("Label for pictures and menus"))
    path: str = described(_("Address on this site"))


@dataclasses.dataclass(frozen=True, slots=True)
class ProvisionRecord:
    """A paragraph of a plan that promises something."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Code within the plan"))
    position: int = described(_("Place in the order of the plan, from 1"))
    category: str = described(_("Code of the category"))
    form: str = described(_("dash, intro or objective"))
    title: str = described(_("Short title in this site's words"))
    heading: str = described(_("The plan's own heading"))
    other_figures: Texts = described(_("Figures of the paragraph that are no targets, each with the reason"))
    path: str = described(_("Address on this site"))


@dataclasses.dataclass(frozen=True, slots=True)
class CommitmentRecord:
    """One thing that can be found kept or not kept by itself."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Permanent code within the plan: paragraph and letter"))
    category: str = described(_("Code of the right that it stands under"))
    provision: str = described(_("Code of the paragraph that promises it"))
    title: str = described(_("Neutral title in this site's words"))
    quote: str = described(_("Words of the plan that carry the promise"))
    qualifier: str = described(_("Words of the paragraph outside the quote that limit the promise"))
    test: str = described(_("What counts as kept; written before any evidence was read where the next is blank"))
    test_changed_because: str = described(_("Why the test was written or changed after evidence was read"))
    other_reading: str = described(_("A second reading that the text allows, and what it would give"))
    kind: str = described(_("What sort of thing is promised"))
    level: str = described(_("Level of what is promised: structure, process or outcome"))
    rule: str = described(_("How it is decided whether the promise was kept"))
    metric: str = described(_("Code of the metric that answers it; blank for a judged or standing promise"))
    beside: Texts = described(_("Codes of other statistics shown beside it, never computed with"))
    comparator: str = described(_("How the value must stand to the target"))
    target_value: Decimal | None = described(_("Target, in the unit; for a change, percent with its sign"))
    target_rung: str = described(_("Stage to be reached"))
    tolerance: Decimal | None = described(_("With ≈: how far from the target still counts, in the unit"))
    unit: str = described(_("Unit of the target"))
    base_date: datetime.date | None = described(_("Day from which a change is counted"))
    deadline: datetime.date = described(_("Day by which it was due"))
    deadline_basis: str = described(_("stated in the text, end of the period, or standing throughout"))
    groups: Texts = described(_("Codes of the groups that it is meant for; blank means everyone"))
    bodies: Texts = described(_("Codes of the bodies that the text names"))
    norms: Texts = described(_("Codes of the articles and targets that this site links it to; editorial"))
    recommendations: Texts = described(_("Codes of the recommendations that this site links it to; editorial"))
    carried_from: str = described(_("Earlier plan that already made the promise"))
    settled_by: str = described(_("What would show what became of it, and who publishes that"))
    status: str = described(_("What became of the promise, by the method, as of the day asked for"))
    group: str = described(_("Group that the status is counted in"))
    status_basis: str = described(_("computed, judged against the test, reported by others, or none"))
    missing: str = described(_("Kind of not known"))
    decided_by: tuple[int, ...] = described(
        _("Log entries that decide the status, the baseline among them; those of updates and findings")
    )
    flags: Texts = described(_("Flags that qualify the status"))
    value: Decimal | None = described(_("Value that decides, in the unit"))
    value_bound: str = described(_("What the published number says of the true one"))
    value_starts_on: datetime.date | None = described(
        _("First day of the period that the value speaks of; blank for a moment")
    )
    value_as_of: datetime.date | None = described(_("Last day of that period, or the moment"))
    baseline_value: Decimal | None = described(_("Where things stood at the base date"))
    baseline_date: datetime.date | None = described(_("Day or end of period of the baseline"))
    distance: Decimal | None = described(_("Share of the way from the baseline to the target that was covered"))
    pace: Decimal | None = described(_("Distance by the share of time gone at the value's date"))
    projected: Decimal | None = described(_("Value that the same pace gives at the deadline"))
    official_says: str = described(
        _("What official bodies say of it: their verdict, mixed where verdicts differ, else their newest word")
    )
    un_says: str = described(
        _("What UN bodies say of it: their verdict, mixed where verdicts differ, else their newest word")
    )
    independent_says: str = described(
        _("What other bodies say of it: their verdict, mixed where verdicts differ, else their newest word")
    )
    evidence_count: int = described(_("Publications cited for it"))
    path: str = described(_("Address on this site"))


COMMITMENT_COLUMNS = (*[f.name for f in dataclasses.fields(CommitmentRecord) if f.name != "path"], "url")
# Behind them, in CSV files of a filtered set: what the file is, the same in every row.
ABOUT_COLUMNS = {
    "about_filters": _("What was asked for, in words"),
    "about_as_of": _("Day as of which the method was asked"),
    "about_ledger_entry": _("Log entry up to which the file knows"),
    "about_ledger_head": _("Hash of that log entry"),
    "about_method": _("Version of the method"),
    "about_licence": _("Licence of the data"),
    "about_address": _("Address at which the same set is found"),
}


def document_address(words: str) -> str:
    """Where the United Nations keep the document whose symbol stands in some words; nothing where none does."""
    symbol = re.search(UN_SYMBOL, words)
    return f"https://undocs.org/{symbol[0]}" if symbol else ""


@dataclasses.dataclass(frozen=True, slots=True)
class SourceRecord:
    """A publication."""

    code: str = described(_("Permanent code"))
    publisher: str = described(_("Code of the body that carried it"))
    title: str = described(_("Title"))
    address: str = described(_("Address; blank where none was confirmed"))
    reason_withheld: str = described(_("Why no address is shown"))
    un_symbol: str = described(
        _("Symbol of the UN document that it is, reprints or reports: https://undocs.org/SYMBOL")
    )
    published: datetime.date | None = described(_("Date of publication"))
    published_precision: str = described(_("How exactly that date is known"))
    language: str = described(_("Language"))
    archived: str = described(_("Address of an archived copy"), "")
    sha256: str = described(_("SHA-256 of the copy that was read"), "")

    @property
    def document_address(self) -> str:
        """Where the United Nations keep the document, by its symbol; nothing where it has none."""
        return document_address(self.un_symbol)


@dataclasses.dataclass(frozen=True, slots=True)
class LedgerRecord:
    """An entry of the public log."""

    seq: int = described(_("Number, without gaps from 1"))
    at: datetime.datetime = described(_("When"))
    action: str = described(_("What was done"))
    subject: str = described(_("To which record"))
    role: str = described(_("In which role"))
    body_hash: str = described(_("Salted hash of the text"))
    prev: str = described(_("Hash of the entry before"))
    hash: str = described(_("Hash of this entry"))
    salt: str = described(_("Salt of the text's hash; blank where the text was redacted"))
    text: str = described(_("What was published, as JSON; blank where it was redacted"))
    redacted_by: int | None = described(_("Entry that took the text away for somebody's safety"))


AS_IN_JSON = (str, int, NoneType)


@lru_cache
def field_names(kind: Hashable) -> tuple[str, ...]:
    """Names of the fields of a record, in their order."""
    return tuple(each.name for each in dataclasses.fields(cast(Any, kind)))


def _names(record: Any) -> tuple[str, ...]:
    kind: Any = type(record)
    return field_names(kind)


def json_value(value: Any) -> Any:
    """A value as JSON can carry it without loss: decimals and dates as texts, blanks as ``None``."""
    if isinstance(value, AS_IN_JSON):  # most are
        return None if value == "" else value
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, Decimal | datetime.date):
        return str(value)
    if isinstance(value, tuple):
        return [json_value(each) for each in value]
    if dataclasses.is_dataclass(value):
        return {name: json_value(getattr(value, name)) for name in _names(value)}
    return value


def code_of(stored: str) -> str:
    """A stored value as the code that files and the API have for it: without spaces, so that it is one word."""
    return stored.replace(" ", "_")


def row_of(record: Any, site_url: str) -> dict[str, Any]:
    """A record as files and the API give it: keys in order, exact numbers as texts, the full address of its page."""
    row = {name: json_value(getattr(record, name)) for name in _names(record)}
    if row.get("reread"):
        row["reread"] = code_of(row["reread"])
    return row | {"url": site_url + row.pop("path")} if "path" in row else row


def dictionary(record: type) -> dict[str, str]:
    """The data dictionary of a record: each public key with what it means."""
    names = {f.name: f.metadata["help"] for f in dataclasses.fields(record)}
    if "path" in names:
        del names["path"]
        names["url"] = _("Full address of its page")
    return names


def neighbours(records: Mapping[str, Record], code: str) -> tuple[Record | None, Record | None]:
    """The records before and after the one of that code, in order; ``None`` at either end."""
    codes = ["", *records, ""]
    place = codes.index(code)
    return records.get(codes[place - 1]), records.get(codes[place + 1])
