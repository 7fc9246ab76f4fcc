"""What a commitment has for each filter with choices, and sets of commitments as whole numbers.

The commitment at place i of a plan is bit i. To choose is then to AND and OR whole numbers, and a count is their
number of ones: fourteen filters over ten thousand commitments are counted in a millisecond.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from typing import Any, TypeVar

Row = TypeVar("Row")
ONES = bytes.maketrans(b"01", b"\0\1")
ValuesOf = Callable[[Any, Any], Iterable[str]]  # what a record of a plan has for a filter
Sets = dict[str, dict[str, int]]  # for each filter, the set that has each value

NO_BODY = NO_FLAG = NO_CATEGORY = NOBODY = NO_METRIC = NO_COMMITMENT = NO_NUMBER = NO_NORM = "none"
NO_RECOMMENDATION, ANY_RECOMMENDATION = "none", "any"
NO_GROUP, NOT_MISSING = "everyone", "known"


def _sides_that_speak(plan: Any, c: Any) -> Iterable[str]:
    """Sides with a finding on record, or whose figure or act is."""
    verdicts = {"official": c.official_says, "un": c.un_says, "independent": c.independent_says}
    spoken = {side for side, says in verdicts.items() if says} | plan.sides_of_updates[c.code]
    return spoken | {f.side for f in plan.findings[c.code] if f.side == "unknown"} or (NOBODY,)


# Each value by which a commitment is found, filter by filter; none is without one, so that a blank can be chosen too.
VALUES: Mapping[str, ValuesOf] = {
    "category": lambda plan, c: plan.ancestry[c.category] or (NO_CATEGORY,),
    "group": lambda _plan, c: (c.group,),
    "status": lambda _plan, c: (c.status,),
    "missing": lambda _plan, c: (c.missing or NOT_MISSING,),
    "flag": lambda _plan, c: c.flags or (NO_FLAG,),
    "kind": lambda _plan, c: (c.kind,),
    "level": lambda _plan, c: (c.level,),
    "rule": lambda _plan, c: (c.rule,),
    "beneficiary": lambda _plan, c: c.groups or (NO_GROUP,),
    "origin_side": _sides_that_speak,
    "says": lambda plan, c: {f.says for f in plan.findings[c.code]} or (NOBODY,),
    "has_evidence": lambda _plan, c: ("yes" if c.evidence_count else "no",),
    "body": lambda _plan, c: c.bodies or (NO_BODY,),
    "norm": lambda plan, c: {n for link in plan.links[c.code] for n in (link.instrument, link.norm)} or (NO_NORM,),
    "recommendation": lambda _plan, c: (
        (ANY_RECOMMENDATION, *c.recommendations) if c.recommendations else (NO_RECOMMENDATION,)
    ),
    "carried_from": lambda _plan, c: ("yes" if c.carried_from else "no",),
    "settled_by": lambda _plan, c: ("yes" if c.settled_by else "no",),
}


def _told(record: Any) -> Iterable[str]:
    """Whether one document gives it, or several, and whether these differ."""
    if record.differences:
        return ("repeated", "differs")
    return ("repeated",) if record.repeats else ("once",)


# The same for the figures and acts of a baseline.
OF_BASELINE: Mapping[str, ValuesOf] = {
    "category": lambda plan, r: plan.ancestry[r.category] or (NO_CATEGORY,),
    "form": lambda _plan, r: (r.form,),
    "nature": lambda _plan, r: (r.nature or NO_NUMBER,),
    "bound": lambda _plan, r: (r.bound or NO_NUMBER,),
    "undated": lambda _plan, r: ("yes" if r.undated else "no",),
    "told": lambda _plan, r: _told(r),
    "metric": lambda _plan, r: r.metrics or (NO_METRIC,),
    "has_commitment": lambda _plan, r: ("yes" if r.commitments else "no",),
    "commitment": lambda _plan, r: r.commitments or (NO_COMMITMENT,),
}


def bits_of(places: Iterable[int], size: int) -> int:
    """The set of these places, of so many."""
    octets = bytearray(size // 8 + 1)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")


def bits_where(test: Callable[[Row], bool], rows: Sequence[Row]) -> int:
    """The set of the rows that pass a test."""
    return bits_of((place for place, row in enumerate(rows) if test(row)), len(rows))


def members(bits: int, rows: Sequence[Row]) -> list[Row]:
    """The rows of a set, in order."""
    return list(compress(rows, f"{bits:b}"[::-1].encode().translate(ONES)))


def bits_by_value(plan: Any, filters: Mapping[str, ValuesOf], rows: Sequence[Any]) -> Sets:
    """For each filter with choices, the set of a plan's commitments, or of other rows, that have each value."""
    sets: Sets = {}
    for name, values_of in filters.items():
        places: dict[str, list[int]] = {}
        for place, row in enumerate(rows):
            for value in values_of(plan, row):
                places.setdefault(value, []).append(place)
        sets[name] = {value: bits_of(at, len(rows)) for value, at in places.items()}
    return sets
