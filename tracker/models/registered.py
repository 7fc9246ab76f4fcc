"""What every record of the registry has in common: it is public, or in preparation and seen by staff alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .written import Written

if TYPE_CHECKING:
    from .preparation import Preparation


class RegisteredQuerySet(models.QuerySet):
    """The one place that knows which records are public."""

    def public(self) -> Self:
        """Records that everybody sees."""
        return self.filter(preparation__isnull=True)

    def offered(self, preparation: Preparation | int | None) -> Self:
        """What a record of this preparation may name: public records and those of its own."""
        if preparation is None:
            return self.public()
        return self.filter(Q(preparation__isnull=True) | Q(preparation=preparation))

    def citable(self) -> Self:
        """What a draft may cite: public records, and those in preparation by themselves, which it takes along."""
        return self.filter(Q(preparation__isnull=True) | Q(preparation__of_plan=False))


class PublicManager(models.Manager.from_queryset(RegisteredQuerySet)):  # type: ignore[misc]
    """Asks public records, unless a preparation is named."""

    def get_queryset(self) -> Any:
        return super().get_queryset().public()

    def offered(self, preparation: Preparation | int | None) -> Any:
        """Public records, and those of a preparation."""
        return super().get_queryset().offered(preparation)


class Registered(Written):
    """A record of the registry. ``objects`` asks public ones; whoever asks ``everything`` says why."""

    preparation = models.ForeignKey(
        "tracker.Preparation",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=gettext_lazy("in preparation with"),
    )

    everything = RegisteredQuerySet.as_manager()  # the first is what Django itself asks: uniqueness, relations, admin
    objects = PublicManager()
    label = "{0.code}"

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label.format(self)

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        """Where something in preparation has the code already, the code is said to be taken: no page shows by what."""
        lookup = {name: getattr(self, name) for name in unique_check}
        prepared = type(self).everything.exclude(pk=self.pk).exclude(preparation=None).filter(**lookup).first()
        if prepared is None or "code" not in unique_check:
            return super().unique_error_message(model_class, unique_check)
        taken = ValidationError({"code": code_taken(self.code)})  # type: ignore[attr-defined]
        taken.code = "unique"  # as Django asks of it
        return taken


def code_taken(code: str) -> str:
    """The sentence on a code that something in preparation has."""
    return _("The code “%(code)s” is taken by something that is in preparation.") % {"code": code}
