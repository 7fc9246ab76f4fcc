"""What was asked to be taken away for people's safety, and the two persons who decided so."""

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .conditions import constraint
from .ledger import LedgerEntry
from .sources import optional_key


class RedactionRequest(models.Model):
    """One redaction and the two people behind it. What is declined is deleted; what was confirmed is final.

    It names what it is about by kind and number, and holds none of its words. The reason is public once the redaction
    is, in the log's entry, and then no longer kept here.
    """

    kind = models.CharField(_("kind of record"), max_length=30)  # a model's name: update, assessment, ledgerentry
    row = models.PositiveBigIntegerField(_("number of the record"))
    reason = models.TextField(_("reason"), blank=True)
    asked_at = models.DateTimeField(_("asked for at"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    confirmed_by = optional_key(User, "+", _("confirmed by"))
    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("log entry")
    )

    class Meta:
        verbose_name = _("redaction asked for")
        verbose_name_plural = _("redactions asked for")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "row"], condition=Q(entry__isnull=True), name="redaction_asked_for_once"
            ),
            constraint(
                "redaction_takes_two_people",
                Q(confirmed_by__isnull=True, entry__isnull=True) & ~Q(reason="")
                | Q(confirmed_by__isnull=False, entry__isnull=False, reason="") & ~Q(confirmed_by=F("asked_by")),
                _("A redaction says why, and is confirmed by somebody who did not ask for it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"

    @property
    def subject(self) -> str:
        """How messages name it: by codes, as all that is kept of it."""
        return f"redaction of {self}"
