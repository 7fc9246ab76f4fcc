"""In which order a set of commitments stands: by one thing after another, the order of the plan last."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker import labels
from tracker.models import Kind, Level
from tracker.records.registry import CommitmentRecord
from tracker.text import folded

SORTS = {
    "code": _("Order of the plan"),
    "relevance": _("Best match of the words first"),
    "title": _("Title, A to Z"),
    "-title": _("Title, Z to A"),
    "deadline": _("Deadline, earliest first"),
    "-deadline": _("Deadline, latest first"),
    "kind": _("Kind"),
    "level": _("Level"),
    "status": _("Status"),
    "-distance": _("Distance covered, most first"),
    "distance": _("Distance covered, least first"),
    "-pace": _("Pace, fastest first"),
    "pace": _("Pace, slowest first"),
    "-value": _("Value, highest first"),
    "value": _("Value, lowest first"),
}
IN_ORDER = {"kind": Kind.values, "level": Level.values, "status": list(labels.STATUSES)}
FOUND_BY_WORDS = "relevance"


def effective(sorts: Iterable[str]) -> tuple[str, ...]:
    """The sorts that decide something: none twice, either way up, and nothing after the order of the plan."""
    deciding: dict[str, str] = {}
    for sort in sorts:
        if sort == "code":
            break
        deciding.setdefault(sort.removeprefix("-"), sort)
    return tuple(deciding.values())


def in_order(rows: list[CommitmentRecord], sorts: Sequence[str], fits: Mapping[str, float]) -> list[CommitmentRecord]:
    """The rows sorted; those without a value come last, whichever way up. ``fits`` is how well each code matches."""
    for sort in reversed(sorts):
        name = sort.removeprefix("-")
        if name == FOUND_BY_WORDS:
            rows = sorted(rows, key=lambda c: -fits.get(c.code, 0))
            continue
        keyed = [(_comparable(name, getattr(c, name)), c) for c in rows]
        known = sorted((pair for pair in keyed if pair[0] is not None), key=itemgetter(0), reverse=sort.startswith("-"))
        rows = [c for _value, c in known] + [c for value, c in keyed if value is None]
    return rows


def _comparable(name: str, value: Any) -> Any:
    if name in IN_ORDER:
        return IN_ORDER[name].index(value)
    return folded(value) if name == "title" else value
