"""What would have to be measured to know whether promises were kept."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .conditions import constraint, known
from .sources import Body, Coded, line, one_line, optional_key, prose, slug_code, state_field

DECIMAL_PLACES = 6  # kept of every number
DIGITS = 15  # what SQLite keeps of a number; PostgreSQL would keep more, and the two would part
MOST_LAG_MONTHS = 120


def validate_digits(value):
    """A number comes back from both databases as it was given."""
    if len(value.normalize().as_tuple().digits) > DIGITS:
        raise ValidationError(_("A number has %(limit)d digits at most."), params={"limit": DIGITS})


def number_field(label: Any, help_text: Any = "") -> "models.DecimalField[Any, Decimal | None]":
    """A field for a number that both databases keep exactly; blank where none is given."""
    return models.DecimalField(
        label,
        max_digits=20,
        decimal_places=DECIMAL_PLACES,
        validators=[validate_digits],
        null=True,
        blank=True,
        help_text=help_text,
    )


class Shape(models.TextChoices):
    """Whether a metric is read off as a number or as a rung of a ladder."""

    NUMBER = "number", _("number")
    LADDER = "ladder", _("stages")


class Nature(models.TextChoices):
    """How a number relates to time."""

    STOCK = "stock", _("stock (level at a moment)")
    AVERAGE = "average", _("average over a period")
    FLOW = "flow", _("flow (amount during a period)")
    EVENT = "event", _("event")


class Period(models.TextChoices):
    """What a period of a metric is, where it is no calendar year."""

    SCHOOL_YEAR = "school_year", _("school year")
    FISCAL_YEAR = "fiscal_year", _("fiscal year")
    TERM = "term", _("term of a body")


class Metric(Coded):
    """What is measured in the world. Shared by every commitment, and every plan, that it answers."""

    code = models.CharField(
        _("code"), max_length=80, unique=True, validators=[slug_code], help_text=_("Permanent; part of addresses.")
    )
    name = line(_("name"), 160)
    definition = prose(
        _("definition"), help_text=_("Numerator, denominator, population, and the moment or period it speaks of.")
    )
    shape = models.CharField(_("shape"), max_length=10, choices=Shape)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, blank=True)
    unit = line(_("unit"), 60, blank=True)
    decimals = models.PositiveSmallIntegerField(
        _("decimals"), null=True, blank=True, validators=[MaxValueValidator(DECIMAL_PLACES)]
    )
    rungs = models.JSONField(
        _("stages"), default=list, blank=True, help_text=_("The stages, lowest first, as a list of words.")
    )
    statistic = prose(_("statistic that answers it"))
    producer = optional_key(Body, "metrics", _("published by"))
    state = state_field(_("The State in which it is measured; blank for the world, or several States."))
    scope = line(_("scope"), 120, default="national")
    lag_months = models.PositiveSmallIntegerField(
        _("lag in months"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_LAG_MONTHS)],
        help_text=_("Months after a period's end at which a figure normally appears."),
    )
    problems = prose(_("known problems"), blank=True)
    period = models.CharField(
        _("period"), max_length=12, choices=Period, blank=True, help_text=_("Blank for a calendar year, or a moment.")
    )
    period_ends = models.PositiveSmallIntegerField(
        _("month in which its year ends"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    term_years = models.PositiveSmallIntegerField(
        _("years of a term"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    period_because = prose(_("why that period"), blank=True, help_text=_("Needed where it is no calendar year."))
    only_grows_because = prose(
        _("why it can only grow"),
        blank=True,
        help_text=_("Why what is reached once stays so: a count that cannot fall, a rule that stands. Else blank."),
    )
    no_statistic_because = prose(
        _("why no statistic shows it"),
        blank=True,
        help_text=_("Where none is known that could: what was looked at. Else blank."),
    )

    page = ("metric-detail", "code")
    label = "{0.name}"

    class Meta:
        ordering = ["name"]
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        constraints = [
            known("metric_shape_known", "shape", Shape, _("The shape of a metric is a number or stages.")),
            constraint(
                "metric_number_has_unit_and_nature",
                Q(shape=Shape.NUMBER, nature__in=Nature.values, decimals__isnull=False, rungs=[]) & ~Q(unit="")
                | Q(shape=Shape.LADDER, nature="", unit="", decimals__isnull=True) & ~Q(rungs=[]),
                _("A number has a nature, a unit and decimals, and no stages; what has stages has no others."),
            ),
            constraint(
                "metric_period_is_whole",
                Q(period="", period_ends__isnull=True, term_years__isnull=True)
                | Q(period__in=[Period.SCHOOL_YEAR, Period.FISCAL_YEAR], period_ends__isnull=False)
                & Q(term_years__isnull=True)
                & ~Q(period_because="")
                | Q(period=Period.TERM, period_ends__isnull=True, term_years__isnull=False) & ~Q(period_because=""),
                _("A school or fiscal year has the month in which it ends, a term its years, and both say why."),
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
            raise ValidationError({"rungs": _("Stages are a list of words.")})
        for rung in rungs:
            try:
                one_line(rung)
            except ValidationError as error:
                raise ValidationError({"rungs": error.messages}) from error
        if len(set(rungs)) != len(rungs):
            raise ValidationError({"rungs": _("Each stage is named once.")})
        self._name_what_is_missing()
        if not self._state.adding:
            self._keep_what_is_in_use()

    def serves(self, plan):
        """Whether it may measure what a plan promises: it is of the plan's State, or of none."""
        return self.state in ("", plan.state)

    def _name_what_is_missing(self):
        """Beside the field that lacks it; that a shape has nothing of the other is the constraint's sentence."""
        needed = {Shape.NUMBER: ("nature", "unit", "decimals"), Shape.LADDER: ("rungs",)}.get(self.shape, ())
        missing = [name for name in needed if getattr(self, name) in ("", None, [])]
        words = _("A number needs this.") if self.shape == Shape.NUMBER else _("A ladder needs its stages.")
        if missing:
            raise ValidationError(dict.fromkeys(missing, words))

    def _keep_what_is_in_use(self):
        old = type(self).everything.get(pk=self.pk)
        if self.state and old.state != self.state:
            elsewhere = self.commitments.exclude(plan__state__in=("", self.state))
            if pair := elsewhere.values_list("code", "plan__state").first():
                names = dict(zip(("code", "state"), pair, strict=True))
                raise ValidationError({"state": _("It measures %(code)s, a promise of %(state)s.") % names})
        if old.shape != self.shape and (self.commitments.exists() or self.updates.exists()):
            raise ValidationError({"shape": _("The metric is in use: its shape stays.")})
        for rung in old.rungs:
            if rung not in self.rungs and (
                self.commitments.filter(target_rung=rung).exists() or self.updates.filter(rung=rung).exists()
            ):
                raise ValidationError({"rungs": _("The stage “%(rung)s” is in use and stays.") % {"rung": rung}})
