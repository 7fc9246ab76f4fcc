"""Filters with choices: how many records each choice would give."""

import dataclasses
from decimal import Decimal
from typing import TYPE_CHECKING

from tracker.snapshot.plan import PlanView

from .parameters import Text

if TYPE_CHECKING:
    from .base import PlanFilterSet


@dataclasses.dataclass(frozen=True)
class Choice:
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
    choices: list[Choice]
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
    return 1 if name == "norm" and value in plan.by_norm else 0


def facet_of(filters: "PlanFilterSet", name: str) -> Facet:
    """A facet with its counts among the records that all other parameters choose.

    Of statuses it has those that occur, and those that were asked for: one of another day is no bad value.
    """
    plan, bits, others = filters.plan, filters.bits_by_value[name], filters.bits(leave_out=(name,))
    chosen = set(filters.asked.get(name, ()))
    choices = [
        Choice(value, label, (bits.get(value, 0) & others).bit_count(), value in chosen, depth_of(plan, name, value))
        for value, label in filters.choices[name]
        if name != "status" or value in bits or value in chosen
    ]
    return Facet(name, filters.filters[name].label, choices, len(chosen))
