"""What an update or a finding rests on: a source, where in it, and the file that was seen."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .conditions import constraint
from .final import FinalModel
from .ledger import LedgerEntry
from .progress import Assessment, Update
from .publishable import WithFile, WithFileQuerySet, file_is_whole
from .sources import Source, line
from .written import Written


class EvidenceQuerySet(WithFileQuerySet):
    """Evidence is final with what it supports."""

    def final(self) -> Self:
        """Evidence of published rows."""
        return self.filter(entry__isnull=False)


class Evidence(Written, WithFile, FinalModel):
    """A source cited by an update or an assessment, with the file that was seen, if any.

    Frozen by its own log entry once that is published.
    """

    update_record = models.ForeignKey(
        Update, models.PROTECT, related_name="evidence", null=True, blank=True, db_column="update_id"
    )
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence", null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="evidence", verbose_name=_("source"))
    locator = line(_("where in it"), 120, blank=True)
    note = line(_("note"), 400, blank=True)
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+", null=True, blank=True)
    redacted_by = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            constraint(
                "evidence_of_update_or_assessment",
                Q(update_record__isnull=True) ^ Q(assessment__isnull=True),
                _("Evidence supports one update or one finding."),
            ),
            file_is_whole("evidence_file_is_whole"),
        ]

    def __str__(self):
        return f"{self.source} {self.locator}".strip()

    @staticmethod
    def field_of(model: type[Update | Assessment]) -> str:
        """The field that names the row which evidence supports, where that is one of this model."""
        return "assessment" if model is Assessment else "update_record"

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remember whether it was frozen when it was read."""
        record = super().from_db(db, field_names, values)
        record._final = record.__dict__.get("entry_id") is not None
        return record

    def is_final(self) -> bool:
        """Frozen when it was read, or about to join a row that is published already."""
        supported = self.update_record or self.assessment
        return self._final or (supported is not None and supported.is_final())
