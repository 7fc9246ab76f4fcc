"""What a filtered set can be of: commitments, or the figures and acts of a baseline; and how its files are named."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tracker.records.baseline import BaselineRecord
from tracker.records.registry import CommitmentRecord


@dataclass(frozen=True)
class Kind:
    """A kind of set: its record, the plan's field that holds them all, its names for files and for people."""

    name: str  # of its files, its addresses and its table in the dictionary
    address: str  # begins the names of its addresses
    record: type
    held: str
    sheet: str
    title: str
    counted: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "commitments",
            "commitment",
            CommitmentRecord,
            "commitments",
            _("Commitments"),
            _("Commitments of the %(title)s"),
            _("%(count)s of %(of)s commitments. %(filters)s"),
        ),
        Kind(
            "baseline",
            "baseline",
            BaselineRecord,
            "baseline",
            _("Baseline"),
            _("Before the %(title)s: what was reported"),
            _("%(count)s of %(of)s figures and acts. %(filters)s"),
        ),
    )
}


def kind_of(filters):
    """The kind of the set that a filter finds: commitments unless it says another."""
    return KINDS[getattr(filters, "kind", "commitments")]
