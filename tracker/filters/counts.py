"""What each choice of a filter would give, and a set of commitments counted part by part."""

import dataclasses
import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from tracker.snapshot.bitsets import bits_of
from tracker.snapshot.plan import PlanView
from tracker.wording import labels

from .parameters import Text

if TYPE_CHECKING:
    from .base import PlanFilterSet
    from .commitments import CommitmentFilter

BY = {
    "chapter": _("Chapter"),
    "category": _("Right"),
    "kind": _("Kind"),
    "level": _("Level"),
    "rule": _("Rule"),
    "status": _("Status"),
    "missing": _("Why it is not known"),
    "flag": _("Flag"),
    "beneficiary": _("People it is meant for"),
    "body": _("Body that the text names"),
    "norm": _("Norm that this site links it to"),
    "recommendation": _("Recommendation that this site links it to"),
    "origin_side": _("Whose statements are on record"),
    "says": _("What a finding says"),
    "has_evidence": _("Evidence"),
    "deadline": _("Year of the deadline"),
}
# A promise may stand in several rows of these.
OVERLAPPING = ("category", "flag", "beneficiary", "body", "norm", "recommendation", "origin_side", "says")


@dataclasses.dataclass(frozen=True)
class FacetChoice:
    """One choice of a facet."""

    value: str
    label: Text
    count: int
    chosen: bool
    depth: int


@dataclasses.dataclass(frozen=True)
class Facet:
    """A filter with a fixed list of choices, and how many records each choice would give."""

    name: str
    label: Text
    choices: list[FacetChoice]
    chosen: int


@dataclasses.dataclass(frozen=True)
class Span:
    """A filter from one number to another, and how many of the records have such a number at all."""

    name: str
    label: Text
    least: Decimal | None
    most: Decimal | None
    have: int
    of: int


def depth_of(plan: PlanView, name: str, value: str) -> int:
    """How deep a choice stands below others of its filter: sections under chapters, articles under treaties."""
    if name == "category":
        return len(plan.ancestry.get(value, "_")) - 1
    below = name == "norm" and value in plan.by_norm, name == "recommendation" and value in plan.by_recommendation
    return int(any(below))


def facet_of(filters: "PlanFilterSet", name: str) -> Facet:
    """A facet with its counts among the records that all other parameters choose.

    Of statuses it has those that occur, and those that were asked for: one of another day is no bad value.
    """
    plan, bits, by_others = filters.plan, filters.bits_by_value[name], filters.bits(leave_out=(name,))
    chosen = set(filters.parameters.get(name, ()))
    choices = [
        FacetChoice(
            value,
            label,
            count=(bits.get(value, 0) & by_others).bit_count(),
            chosen=value in chosen,
            depth=depth_of(plan, name, value),
        )
        for value, label in filters.choices[name]
        if name != "status" or value in bits or value in chosen
    ]
    return Facet(name, filters.filters[name].label, choices, len(chosen))


@dataclasses.dataclass(frozen=True)
class Cell:
    """How many of a row have one group of statuses, and where they are listed."""

    n: int
    address: str


@dataclasses.dataclass(frozen=True)
class Row:
    """One part of the set: how many it has, and in which groups of statuses."""

    label: Text
    depth: int
    of: int
    address: str
    cells: list[Cell]


@dataclasses.dataclass(frozen=True)
class Grouping:
    """The set in parts. ``groups`` are the groups of statuses that stand across, those that occur."""

    label: Text
    overlapping: bool
    groups: list[tuple[str, Text]]
    rows: list[Row]


def _parts(filters: "CommitmentFilter", by: str) -> Iterator[tuple[Text, int, int, dict[str, str]]]:
    """The parts by which a set is counted: label, depth, members, and the parameters that choose each part alone."""
    plan = filters.plan
    if by == "deadline":
        for year in sorted({c.deadline.year for c in plan.rows}):
            first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
            first = max(first, filters.parameters.get("deadline_after", first))
            last = min(last, filters.parameters.get("deadline_before", last))
            places = [place for place, c in enumerate(plan.rows) if first <= c.deadline <= last]
            bits = bits_of(places, len(plan.rows))
            yield str(year), 0, bits, {"deadline_after": str(first), "deadline_before": str(last)}
        return
    name = "category" if by == "chapter" else by
    for value, label in filters.choices[name]:
        depth = depth_of(plan, name, value)
        if by != "chapter" or depth == 0:
            yield label, depth, plan.bits[name].get(value, 0), {name: value}


def grouping(filters: "CommitmentFilter", by: str) -> Grouping:
    """The chosen set counted by something, with the groups of statuses across. Parts without members are left out.

    A number is a link where the explorer can show exactly these: several values of one filter mean any of them, so a
    part of a set that was chosen by the same filter may have no address of its own.
    """
    chosen, groups = filters.bits(), filters.plan.bits["group"]
    across = [group for group in labels.GROUPS if groups.get(group, 0) & chosen]
    rows = []
    for label, depth, bits, chooses in _parts(filters, by):
        part = bits & chosen
        if not part:
            continue
        exact = filters.bits(leave_out=chooses) & bits == part
        cells = []
        for group in across:
            n = (part & groups[group]).bit_count()
            narrow = chooses | {"group": group}
            linked = n and exact and filters.bits(leave_out=narrow) & bits & groups[group] == part & groups[group]
            cells.append(Cell(n, filters.narrowed(narrow) if linked else ""))
        rows.append(Row(label, depth, part.bit_count(), filters.narrowed(chooses) if exact else "", cells))
    return Grouping(BY[by], by in OVERLAPPING, [(group, labels.GROUPS[group]) for group in across], rows)
