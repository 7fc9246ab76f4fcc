"""The trail inside the house: which person did what to which row, and when. It is never public."""

from functools import reduce
from operator import or_
from typing import Self

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .sources import optional_key


class Deed(models.TextChoices):
    """What somebody did."""

    DRAFTED = "drafted", _("drafted")
    EDITED = "edited", _("edited")
    SUBMITTED = "submitted", _("handed in")
    TAKEN_BACK = "taken_back", _("took back")
    RETURNED = "returned", _("returned")
    PUBLISHED = "published", _("published")
    DISCARDED = "discarded", _("discarded")
    REDACTION_ASKED = "redaction_asked", _("asked for a redaction")
    REDACTION_DECLINED = "redaction_declined", _("declined a redaction")
    REDACTED = "redacted", _("redacted")
    REGISTERED = "registered", _("registered")  # by hand, when that made a record public at once
    IMPORTED = "imported", _("imported")
    LOADED = "loaded", _("loaded seed files")
    ASSIGNED = "assigned", _("assigned")
    REPORT = "report", _("decided on a reader's report")
    SIGNED_IN = "signed_in", _("signed in")
    ACCOUNT = "account", _("changed an account")


class TrailQuerySet(models.QuerySet):
    """Questions about the trail."""

    def of(self, *records: models.Model) -> Self:
        """What was done to these rows, newest first; also what was done to one that is gone."""
        return self.filter(reduce(or_, (Q(kind=record._meta.model_name, row=record.pk) for record in records)))


class TrailEntry(models.Model):
    """One deed. It names rows by kind and number and holds none of their words, so that a redaction leaves nothing."""

    at = models.DateTimeField(_("when"), db_index=True)
    by = optional_key(User, "+", _("who"))
    deed = models.CharField(_("what was done"), max_length=20, choices=Deed)
    kind = models.CharField(_("kind of record"), max_length=30, blank=True)  # a model's name: update, source, user
    row = models.PositiveBigIntegerField(_("number of the record"), null=True, blank=True)
    subject = models.CharField(_("what it was done to"), max_length=200, blank=True)  # codes, no words
    detail = models.CharField(_("detail"), max_length=300, blank=True)  # of our own making: no words of a row

    objects = TrailQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("entry of the trail")
        verbose_name_plural = _("trail")
        indexes = [models.Index(fields=["kind", "row"], name="trail_of_a_row")]

    def __str__(self) -> str:
        return f"{self.get_deed_display()} {self.subject}".strip()
