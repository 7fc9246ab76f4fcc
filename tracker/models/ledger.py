"""The log of changes, and what is remembered of the seed files."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerQuerySet(models.QuerySet):
    """Questions about the log."""

    def head(self):
        """Number of the newest entry; 0 before the first. The version of everything that the site shows."""
        return self.aggregate(head=models.Max("seq"))["head"] or 0


class LedgerEntry(models.Model):
    """One change to what the site shows: when, what was done, to which record, in which role. Never edited."""

    seq = models.BigAutoField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    action = models.CharField(_("action"), max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    role = models.CharField(_("role"), max_length=40)
    summary = models.TextField(_("summary"), blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")

    def __str__(self):
        return f"{self.seq} {self.action} {self.subject}"


class SeedRow(models.Model):
    """A row of a seed file as it was last loaded, so that a record changed by hand since can be told apart."""

    folder = models.CharField(max_length=80)
    table = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("seed row")
        verbose_name_plural = _("seed rows")
        constraints = [models.UniqueConstraint(fields=["folder", "table", "key"], name="seed_row_unique")]

    def __str__(self):
        return f"{self.folder} {self.table} {self.key}"
