"""What the lists of things that plans share may be asked: words, and one value of each closed list."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.models import BodyKind, Side
from tracker.models.metrics import Shape
from tracker.snapshot.plan import PlanView
from tracker.wording import labels

from .dates import PAGE, DatedQuery
from .parameters import Choice, Words

ADDRESSED = {"yes": _("With a confirmed web address"), "no": _("Without one")}
ON_RECORD = {"yes": _("With something on record"), "no": _("With nothing on record")}
SHAPES = {Shape.NUMBER: _("Statistics"), Shape.LADDER: _("Ladders of stages")}


class ListQuery(DatedQuery):
    """A page of a list, of those that have every word and each value that the address names."""

    filters = True

    q = Words(_("Words"), usual="")
    page = PAGE

    def arguments(self, _plan: PlanView | None) -> dict[str, Any]:
        """The query itself, which knows its parameters by name."""
        return {"query": self}


class SourceQuery(ListQuery):
    """Publications, by those who carried them."""

    side = Choice(_("Side of who carried it"), Side.choices, usual="")
    kind = Choice(_("What sort of body carried it"), BodyKind.choices, usual="")
    address = Choice(_("Address"), ADDRESSED.items(), usual="")


class BodyQuery(ListQuery):
    """Organisations."""

    side = Choice(_("Side"), Side.choices, usual="")
    kind = Choice(_("What sort of body"), BodyKind.choices, usual="")
    state = Words(_("State"), usual="")


class MetricQuery(ListQuery):
    """What is measured."""

    shape = Choice(_("Number or stages"), SHAPES.items(), usual="")
    nature = Choice(_("Nature"), labels.LABELS["nature"].items(), usual="")
    on_record = Choice(_("On record"), ON_RECORD.items(), usual="")
    state = Words(_("State"), usual="")
