"""Files that staff sent, on their way to drafts: each row with what it says, what was answered, and what it became."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .plan import Plan


class Fate(models.TextChoices):
    """What a row of a file is, or would become."""

    WHOLE = "whole", _("whole")
    LIKELY = "likely", _("whole with the likely answers")
    OPEN = "open", _("open")
    AGAIN = "again", _("there already")
    REFUSED = "refused", _("refused")
    LEFT = "left", _("left out")
    DRAFTED = "drafted", _("drafted")


class ImportBatch(models.Model):
    """One file: who sent it, when, and what came of it. Its words are in its rows, and go with them."""

    code = models.CharField(max_length=32, unique=True)  # random; drafts carry it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"))
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    file_hash = models.CharField(_("hash of the file"), max_length=64)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name=_("plan"))
    layout = models.CharField(_("layout"), max_length=10)
    columns = models.JSONField(default=list)  # as the file names them
    new_sources = models.BooleanField(_("registers sources"), default=False)
    count = models.PositiveIntegerField(_("rows"))
    examined_at = models.DateTimeField(null=True, blank=True)
    chosen = models.JSONField(null=True, blank=True)  # which rows shall be drafted: a task reads it
    drafted = models.PositiveIntegerField(_("drafted"), default=0)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return self.file_name or self.code


class ImportRow(models.Model):
    """One row of a file. Its words are emptied once it is drafted, and it goes when the import is over."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)  # by column, in the place of what the cell says
    fate = models.CharField(_("what becomes of it"), max_length=10, choices=Fate, default=Fate.OPEN)
    outcome = models.JSONField(default=dict)  # what examining it made of it: questions, likely answers, what it lacks
    key = models.CharField(max_length=120, blank=True)  # of the draft that it would be
    kind = models.CharField(max_length=12, blank=True)  # of the draft that it became: update or assessment
    made = models.PositiveBigIntegerField(null=True, blank=True)  # its number

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.number}"
