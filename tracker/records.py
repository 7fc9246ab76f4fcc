"""The public shape of each thing, stated once: the header of a CSV file, the keys of JSON and the data dictionary.

Records are immutable and plain: texts, dates, decimals and tuples. Pages, files and the explorer read them and
nothing else.
"""

import dataclasses
import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _


def described(help_text):
    """A field of a record with the sentence that the data dictionary gives for it."""
    return dataclasses.field(metadata={"help": help_text})


@dataclasses.dataclass(frozen=True, slots=True)
class BodyRecord:
    """An organisation."""

    code: str = described(_("Permanent code"))
    name: str = described(_("Name"))
    kind: str = described(_("What sort of organisation it is"))
    side: str = described(_("Where it stands relative to the plan: official, un or independent"))
    why: str = described(_("Why this kind and this side"))


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
    rungs: tuple = described(_("Stages of the ladder, lowest first"))
    statistic: str = described(_("The statistic that answers it"))
    producer: str = described(_("Code of the body that publishes it"))
    scope: str = described(_("Place and population that it speaks of"))
    lag_months: int | None = described(_("Months after a period's end at which a figure normally appears"))
    problems: str = described(_("Known problems"))


@dataclasses.dataclass(frozen=True, slots=True)
class CategoryRecord:
    """A chapter or section of a plan."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Code within the plan"))
    parent: str = described(_("Code of the category above it"))
    title: str = described(_("Title as the plan has it"))
    short_title: str = described(_("Label for pictures and menus"))
    path: str = described(_("Address on this site"))


@dataclasses.dataclass(frozen=True, slots=True)
class ProvisionRecord:
    """A paragraph of a plan that promises something."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Code within the plan"))
    category: str = described(_("Code of the category"))
    form: str = described(_("dash, intro or objective"))
    title: str = described(_("Short title in this site's words"))
    heading: str = described(_("The plan's own heading"))
    other_figures: tuple = described(_("Figures of the paragraph that are no targets, each with the reason"))
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
    test: str = described(_("What counts as kept, written before any evidence was read"))
    other_reading: str = described(_("A second reading that the text allows, and what it would give"))
    kind: str = described(_("What sort of thing is promised"))
    level: str = described(_("Level of what is promised: structure, process or outcome"))
    rule: str = described(_("How it is decided whether the promise was kept"))
    metric: str = described(_("Code of the metric that answers it; blank for a judged or standing promise"))
    comparator: str = described(_("How the value must stand to the target"))
    target_value: Decimal | None = described(_("Target, in the unit; for a change, percent with its sign"))
    target_rung: str = described(_("Stage to be reached"))
    tolerance: Decimal | None = described(_("With ≈: how far from the target still counts, in the unit"))
    unit: str = described(_("Unit of the target"))
    base_date: datetime.date | None = described(_("Day from which a change is counted"))
    deadline: datetime.date = described(_("Day by which it was due"))
    deadline_basis: str = described(_("stated in the text, end of the period, or standing throughout"))
    groups: tuple = described(_("Codes of the groups that it is meant for; blank means everyone"))
    bodies: tuple = described(_("Codes of the bodies that the text names"))
    carried_from: str = described(_("Earlier plan that already made the promise"))
    path: str = described(_("Address on this site"))

    def public(self, site_url):
        """The record as files and the API give it: keys in order, exact numbers as texts, the full address last."""
        row = {name: plain(getattr(self, name)) for name in COMMITMENT_COLUMNS[:-1]}
        row["url"] = site_url + self.path
        return row


COMMITMENT_COLUMNS = (*[f.name for f in dataclasses.fields(CommitmentRecord) if f.name != "path"], "url")


def plain(value):
    """A value as JSON can carry it without loss: decimals and dates as texts, blanks as ``None``."""
    if isinstance(value, Decimal | datetime.date):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return None if value == "" else value


def dictionary(record):
    """The data dictionary of a record: each public key with what it means."""
    names = {f.name: f.metadata["help"] for f in dataclasses.fields(record)}
    if "path" in names:
        del names["path"]
        names["url"] = _("Full address of its page")
    return names
