"""What would have to be measured to know whether promises were kept."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .conditions import constraint, known
from .sources import Body, Coded, one_line, slug_code

DECIMAL_PLACES = 6  # kept of every number
DIGITS = 15  # what SQLite keeps of a number; PostgreSQL would keep more, and the two would part
MOST_LAG_MONTHS = 120


def validate_digits(value):
    """A number comes back from both databases as it was given."""
    if len(value.normalize().as_tuple().digits) > DIGITS:
        raise ValidationError(_("A number has %(limit)d digits at most."), params={"limit": DIGITS})


class Shape(models.TextChoices):
    """Whether a metric is read off as a number or as a rung of a ladder."""

    NUMBER = "number", _("number")
    LADDER = "ladder", _("ladder")


class Nature(models.TextChoices):
    """How a number relates to time."""

    STOCK = "stock", _("stock (level at a moment)")
    AVERAGE = "average", _("average over a period")
    FLOW = "flow", _("flow (amount during a period)")
    EVENT = "event", _("event")


class Metric(Coded):
    """What is measured in the world. Shared by every commitment, and every plan, that it answers."""

    code = models.CharField(
        _("code"), max_length=80, unique=True, validators=[slug_code], help_text=_("Permanent; part of addresses.")
    )
    name = models.CharField(_("name"), max_length=160, validators=[one_line])
    definition = models.TextField(
        _("definition"),
        help_text=_("Numerator, denominator, population, and the moment or period it speaks of."),
        validators=[one_line],
    )
    shape = models.CharField(_("shape"), max_length=10, choices=Shape)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True, validators=[one_line])
    decimals = models.PositiveSmallIntegerField(
        _("decimals"), null=True, blank=True, validators=[MaxValueValidator(DECIMAL_PLACES)]
    )
    rungs = models.JSONField(
        _("rungs"), default=list, blank=True, help_text=_("The stages of a ladder, lowest first, as a list of words.")
    )
    statistic = models.TextField(_("statistic that answers it"), validators=[one_line])
    producer = models.ForeignKey(
        Body, models.PROTECT, related_name="metrics", null=True, blank=True, verbose_name=_("published by")
    )
    scope = models.CharField(_("scope"), max_length=120, default="national", validators=[one_line])
    lag_months = models.PositiveSmallIntegerField(
        _("lag in months"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_LAG_MONTHS)],
        help_text=_("Months after a period's end at which a figure normally appears."),
    )
    problems = models.TextField(_("known problems"), blank=True, validators=[one_line])

    page = ("metric-detail", "code")
    label = "{0.name}"

    class Meta:
        ordering = ["name"]
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        constraints = [
            known("metric_shape_known", "shape", Shape, _("The shape of a metric is number or ladder.")),
            constraint(
                "metric_number_has_unit_and_nature",
                Q(shape=Shape.NUMBER, nature__in=Nature.values, decimals__isnull=False, rungs=[]) & ~Q(unit="")
                | Q(shape=Shape.LADDER, nature="", unit="", decimals__isnull=True, lag_months__isnull=True)
                & ~Q(rungs=[]),
                _("A number has a nature, a unit and decimals, and no rungs; a ladder has rungs and no others."),
            ),
        ]

    @property
    def spans_period(self):
        """Whether a number of it is of a period, so that it has a first day too, and not of a moment."""
        return self.nature in (Nature.FLOW, Nature.AVERAGE)

    def clean(self):
        """Rungs are a list of different, non-empty words, and what is in use keeps its shape and its rungs."""
        rungs = self.rungs
        if not isinstance(rungs, list) or not all(isinstance(rung, str) and rung.strip() for rung in rungs):
            raise ValidationError({"rungs": _("Rungs are a list of words.")})
        for rung in rungs:
            try:
                one_line(rung)
            except ValidationError as error:
                raise ValidationError({"rungs": error.messages}) from error
        if len(set(rungs)) != len(rungs):
            raise ValidationError({"rungs": _("A rung stands on the ladder once.")})
        if not self._state.adding:
            self._keep_what_is_in_use()

    def _keep_what_is_in_use(self):
        old = type(self).objects.get(pk=self.pk)
        if old.shape != self.shape and (self.commitments.exists() or self.updates.exists()):
            raise ValidationError({"shape": _("The metric is in use: its shape stays.")})
        for rung in old.rungs:
            if rung not in self.rungs and (
                self.commitments.filter(target_rung=rung).exists() or self.updates.filter(rung=rung).exists()
            ):
                raise ValidationError({"rungs": _("The rung “%(rung)s” is in use and stays.") % {"rung": rung}})
