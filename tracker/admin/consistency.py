"""What a change at a form would contradict in records that come after it, which the record itself does not look at.

Asked at the form alone: a seed folder changes many records in a row, and may pass through such a state on its way.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.models import Category, DeadlineBasis, Plan


def contradictions(record):
    """Raise ``ValidationError`` by field for what other records say against these values."""
    if isinstance(record, Plan) and record.pk:
        implied = record.commitments.exclude(deadline_basis=DeadlineBasis.STATED)
        if implied.exclude(deadline=record.ends_on).exists():
            raise ValidationError({"ends_on": _("Commitments without a stated deadline end on the plan's last day.")})
    if isinstance(record, Category) and record.pk and record.children.filter(order__lte=record.order).exists():
        raise ValidationError({"order": _("A category stands before its sections in the plan.")})
