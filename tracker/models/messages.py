"""What staff are told of each other's work, and how each wants to hear of it. None of it is public."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Notice(models.TextChoices):
    """What happened that somebody should know."""

    REVIEW = "review", _("Something waits for my review")
    RETURNED = "returned", _("Something came back to me")
    PUBLISHED = "published", _("Something of mine was published")
    DUE = "due", _("Something of mine is due within a week")
    REPORT = "report", _("A report came in from a reader")


class By(models.TextChoices):
    """When mail is sent; the desk has every message in any case."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, all together")
    NEVER = "never", _("Never: I look at the desk")


class Message(models.Model):
    """One thing that one person is told. It names a row by codes and holds none of its words."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("to"))
    notice = models.CharField(_("what happened"), max_length=10, choices=Notice)
    kind = models.CharField(max_length=30)  # of row: a model's name
    row = models.PositiveBigIntegerField(null=True)
    subject = models.CharField(_("about"), max_length=200)
    due_on = models.DateField(_("due"), null=True)
    at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(null=True)
    # Of mail: whose turn it is to send, when that was done, how often it failed, and when to try again.
    claim = models.CharField(max_length=32, blank=True)
    mailed_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["to", "read_at"], name="messages_of_a_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["to", "kind", "subject", "due_on"],
                condition=models.Q(due_on__isnull=False),
                name="message_of_what_is_due_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_notice_display()}: {self.subject}"


class MessageChoice(models.Model):
    """How somebody wants to hear: of what, and by mail or not. Who has not chosen gets all of it once a day."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by = models.CharField(_("By mail"), max_length=10, choices=By, default=By.DAILY)
    not_of = models.JSONField(default=list, blank=True)  # notices of which no message is made
    digest_on = models.DateField(null=True)  # the day of the last mail of the day

    class Meta:
        verbose_name = _("choice of messages")
        verbose_name_plural = _("choices of messages")

    def __str__(self) -> str:
        return str(self.person)
