"""The public log, each entry linked to the one before it by its hash; and what is remembered of the seed files."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .conditions import constraint
from .final import FinalModel, FinalQuerySet


def public_day(moment: datetime.datetime | None = None) -> datetime.date:
    """The day of a moment, today by default, for everything that is public: in UTC, wherever its server and its people
    are, so that two hosts never give two statuses to one address, and the day of an entry is that of its time.
    """
    return timezone.localdate(moment, datetime.UTC)


class LedgerQuerySet(FinalQuerySet):
    """Questions about the log."""

    def head(self):
        """Number of the newest entry; 0 before the first. The version of everything that the site shows."""
        return self.aggregate(head=models.Max("seq"))["head"] or 0


class LedgerEntry(FinalModel):
    """One link of the public log: when, what was done, to which record, in which role, and the hashes."""

    seq = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    role = models.CharField(_("role"), max_length=40)
    body_hash = models.CharField(_("hash of the text"), max_length=64)
    prev = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        indexes = [models.Index(fields=["subject", "seq"], name="ledger_by_subject")]

    def __str__(self):
        return f"{self.seq} {self.action} {self.subject}"

    def is_final(self):
        """Every entry is final as soon as it is there."""
        return not self._state.adding


class LedgerBody(models.Model):
    """The text of an entry and its salt. Redaction takes both away; nothing else changes them."""

    entry = models.OneToOneField(LedgerEntry, models.PROTECT, primary_key=True, related_name="body")
    salt = models.CharField(max_length=64, blank=True)
    text = models.TextField(null=True)  # noqa: DJ001  (NULL is redacted, blank is blank)
    redacted_by = models.ForeignKey(LedgerEntry, models.PROTECT, null=True, blank=True, related_name="redactions")

    class Meta:
        verbose_name = _("text of a log entry")
        verbose_name_plural = _("texts of log entries")
        constraints = [
            constraint(
                "ledger_body_gone_only_with_reason",
                Q(text__isnull=False, redacted_by__isnull=True)
                | Q(text__isnull=True, salt="", redacted_by__isnull=False),
                _("A text is gone only where another entry says why."),
            )
        ]

    def __str__(self):
        return f"text of {self.entry_id}"


class Cosignature(models.Model):
    """A witness's signature of a checkpoint, as it came. Whoever has the witness's key can check it, so it is no secret
    and needs no guard: one that is taken away or changed convinces nobody.
    """

    size = models.BigIntegerField(_("entries"))
    text = models.TextField(_("text that is signed"))
    witness = models.CharField(_("witness"), max_length=200)
    at = models.DateTimeField(_("at"))
    line = models.TextField(_("signature"))

    class Meta:
        ordering = ["-size", "witness"]
        verbose_name = _("cosignature")
        verbose_name_plural = _("cosignatures")
        constraints = [models.UniqueConstraint(fields=["text", "witness"], name="cosignature_unique")]

    def __str__(self):
        return f"{self.witness}: {self.size}"


class SeedProblem(models.Model):
    """What kept the seed files of a plan from being loaded at the last start; gone once they are loaded."""

    folder = models.CharField(max_length=80)
    place = models.CharField(max_length=220, blank=True)  # file and line
    message = models.TextField()
    subject = models.CharField(max_length=200, blank=True)  # as the log names it: what was changed on both sides
    differences = models.JSONField(default=dict)  # by field, what it is here and what in the file

    class Meta:
        ordering = ["pk"]
        verbose_name = _("problem with seed files")
        verbose_name_plural = _("problems with seed files")

    def __str__(self):
        return f"{self.folder} {self.place}"


class SeedRow(models.Model):
    """A row of a seed file as it was last loaded, so that a record changed by hand since can be told apart."""

    folder = models.CharField(max_length=80)
    table = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)
    file = models.CharField(max_length=200)
    position = models.PositiveIntegerField()  # among the rows of its table, so that a dump keeps their order
    reason = models.TextField(blank=True)  # why it was amended or corrected, as the file says

    class Meta:
        verbose_name = _("seed row")
        verbose_name_plural = _("seed rows")
        constraints = [models.UniqueConstraint(fields=["folder", "table", "key"], name="seed_row_unique")]

    def __str__(self):
        return f"{self.folder} {self.table} {self.key}"
