"""What the desk keeps inside: who works on what, and the addresses of people's own calendars. None of it is public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .commitments import Commitment
from .conditions import constraint, one_of
from .metrics import Metric
from .plan import Category
from .sources import line

ASSIGNABLE = ("commitment", "metric", "category")  # the nearest to a promise first


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Questions about who works on what."""

    def open(self) -> "AssignmentQuerySet":
        """Those that still hold, with what they are about and whom they name."""
        rows = self.filter(closed_at__isnull=True)
        return rows.select_related("person", "metric", "commitment__plan", "category__plan")


class Assignment(models.Model):
    """Somebody works on a promise, on whatever a metric answers, or on all of a right, until it is closed."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="+", null=True, blank=True)
    metric = models.ForeignKey(Metric, models.PROTECT, related_name="+", null=True, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("to whom"))
    due_on = models.DateField(_("by the day"), null=True, blank=True)
    note = line(_("note"), 300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by whom"))
    at = models.DateTimeField(_("since"), auto_now_add=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            constraint(
                "assignment_is_of_one_thing",
                one_of(ASSIGNABLE),
                _("One promise, one metric or one right is assigned."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[name], condition=Q(closed_at__isnull=True), name=f"assignment_of_a_{name}_once"
                )
                for name in ASSIGNABLE
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def about(self) -> Commitment | Metric | Category:
        """What is assigned."""
        about = self.commitment or self.metric or self.category
        assert about is not None  # a constraint of the table
        return about

    @property
    def subject(self) -> str:
        """What is assigned, by its codes: “category hrap-2021-2025/I.5”."""
        plan = getattr(self.about, "plan", None)
        code = f"{plan.code}/{self.about.code}" if plan else self.about.code
        return f"{self.about._meta.model_name} {code}"


class CalendarAddress(models.Model):
    """That somebody has an iCalendar address. Only the hash of what is secret in it is kept."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the token
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")

    def __str__(self) -> str:
        return str(self.person)
