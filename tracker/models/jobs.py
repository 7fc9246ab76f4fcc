"""Long work outside the request: who asked for what, how far it is, and where it leads."""

import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SILENT = datetime.timedelta(minutes=3)  # without a word from whoever does it: it has ended without saying so


class JobState(models.TextChoices):
    """How far a piece of work is."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    STOPPED = "stopped", _("stopped")


class Job(models.Model):
    """One piece of work. It names rows by number and holds none of their words, so that a redaction leaves nothing."""

    kind = models.CharField(_("what is done"), max_length=30)  # a name in tracker.tasks.WORK
    subject = models.PositiveBigIntegerField(_("number of what it is done to"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who asked"))
    address = models.CharField(_("where it leads"), max_length=200)  # a page of this site
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    asked_at = models.DateTimeField(_("asked for"))
    said_at = models.DateTimeField(_("last heard of"))
    stop = models.BooleanField(_("to be stopped"), default=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("piece of work")
        verbose_name_plural = _("pieces of work")

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    def get_absolute_url(self) -> str:
        """Where its person goes on: its own page until it is done, and then the one that it leads to."""
        return self.address if self.state == JobState.DONE else reverse("desk-job", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in (JobState.DONE, JobState.FAILED, JobState.STOPPED)

    @property
    def is_lost(self) -> bool:
        """Whether it was being done and nobody has said anything for too long."""
        return self.state == JobState.RUNNING and timezone.now() - self.said_at > SILENT
