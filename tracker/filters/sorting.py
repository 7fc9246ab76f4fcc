"""In which order a set of commitments stands: by one thing after another, the order of the plan last."""

from django.utils.translation import gettext_lazy as _

from tracker import labels
from tracker.models import Kind, Level
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


def effective(asked):
    """The sorts that decide something: none twice, either way up, and nothing after the order of the plan."""
    found = {}
    for sort in asked:
        if sort == "code":
            break
        found.setdefault(sort.removeprefix("-"), sort)
    return tuple(found.values())


def in_order(rows, sorts, fits):
    """The rows sorted; those without a value come last, whichever way up. ``fits`` is how well each code matches."""
    for sort in reversed(sorts):
        name = sort.removeprefix("-")
        if name == FOUND_BY_WORDS:
            rows = sorted(rows, key=lambda c: -fits.get(c.code, 0))
        elif name in IN_ORDER:
            rank = {value: place for place, value in enumerate(IN_ORDER[name])}
            rows = sorted(rows, key=lambda c, name=name, rank=rank: rank[getattr(c, name)])
        else:
            key = (lambda c: folded(c.title)) if name == "title" else lambda c, name=name: getattr(c, name)
            known = sorted((c for c in rows if getattr(c, name) is not None), key=key, reverse=sort.startswith("-"))
            rows = known + [c for c in rows if getattr(c, name) is None]
    return rows
