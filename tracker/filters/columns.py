"""The fields of a commitment that a reader can choose as columns, in the order of the record."""

from django.utils.translation import gettext_lazy as _

from tracker.labels import ACCOUNTS
from tracker.records.registry import COMMITMENT_COLUMNS

LABELS = {
    "plan": _("Plan"),
    "category": _("Right"),
    "provision": _("Paragraph"),
    "title": _("Title"),
    "quote": _("Quotation"),
    "qualifier": _("Qualifier"),
    "test": _("Test"),
    "other_reading": _("Other reading"),
    "kind": _("Kind"),
    "level": _("Level"),
    "rule": _("Rule"),
    "metric": _("Metric"),
    "beside": _("Statistics beside it"),
    "comparator": _("Comparator"),
    "target_value": _("Target"),
    "target_rung": _("Stage to be reached"),
    "tolerance": _("Tolerance"),
    "unit": _("Unit"),
    "base_date": _("Base date"),
    "deadline": _("Deadline"),
    "deadline_basis": _("Basis of the deadline"),
    "groups": _("People it is meant for"),
    "bodies": _("Bodies named"),
    "norms": _("Norms linked to it"),
    "carried_from": _("Carried from"),
    "settled_by": _("What would settle it"),
    "status": _("Status"),
    "group": _("Group of the status"),
    "status_basis": _("Basis of the status"),
    "missing": _("Why it is not known"),
    "flags": _("Flags"),
    "value": _("Value"),
    "value_bound": _("Bound of the value"),
    "value_period": _("Period of the value"),
    "baseline_value": _("Baseline"),
    "baseline_date": _("Date of the baseline"),
    "distance": _("Distance covered"),
    "pace": _("Pace"),
    "projected": _("Projected value"),
    "official_says": _("State claims"),
    "un_says": ACCOUNTS["un"],
    "independent_says": ACCOUNTS["independent"],
    "evidence_count": _("Publications cited"),
    "url": _("Address"),
}
# The code stands first in every list and file, so it is not chosen. A field without a label here shows its name.
COLUMNS = {name: LABELS.get(name, name) for name in COMMITMENT_COLUMNS if name != "code"}
