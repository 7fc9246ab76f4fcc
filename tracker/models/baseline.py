"""Where things stood before a plan: figures and acts that an earlier document of the State reported."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .commitments import TITLE_LENGTH, Commitment, validate_quote
from .conditions import constraint, known, period_runs_forward
from .metrics import Metric, Nature, number_field
from .plan import Category, Plan, require_same_plan, text_code, validate_other_figures
from .progress import Bound, How
from .registered import Registered
from .sources import Coded, Precision, Source, line, one_line, optional_key, prose, slug_code

DIFFERS = {
    "wording": _("in wording"),
    "rounding": _("in rounding"),
    "currency": _("in currency"),
    "value": _("in the value"),
}


class BaselineForm(models.TextChoices):
    """What the document reports: a number, or something done."""

    FIGURE = "figure", _("figure")
    ACT = "act", _("act")


class BaselineFigure(Coded):
    """A figure or an act that a document reported of the time before the plan, and every place that repeats it.

    The report is the State's own. Another document that repeats it is a further citation and no confirmation.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="baseline", verbose_name=_("plan"))
    code = models.CharField(_("code"), max_length=80, validators=[slug_code], help_text=_("Permanent."))
    order = models.PositiveIntegerField(_("order in the document"))
    form = models.CharField(_("form"), max_length=10, choices=BaselineForm)
    title = line(_("title"), TITLE_LENGTH, help_text=_("Our neutral words: what was counted or done."))
    source = models.ForeignKey(Source, models.PROTECT, related_name="baseline", verbose_name=_("document"))
    place = models.CharField(_("part and paragraph"), max_length=20, validators=[text_code])
    quote = models.CharField(_("quote"), max_length=300, validators=[one_line, validate_quote])
    value = number_field(_("value"))
    as_published = line(_("as published"), 120, blank=True)
    bound = models.CharField(_("bound"), max_length=12, choices=Bound, blank=True)
    unit = line(_("unit"), 60, blank=True)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, blank=True)
    starts_on = models.DateField(_("period from"), null=True, blank=True)
    as_of = models.DateField(_("as of"), help_text=_("End of the period, or the moment."))
    precision = models.CharField(_("precision"), max_length=10, choices=Precision)
    undated = models.BooleanField(
        _("undated"), default=False, help_text=_("The text gives no date of its own: the document's last year stands.")
    )
    how = models.CharField(_("how"), max_length=12, choices=How, blank=True)
    scope = line(_("scope"), 120, blank=True)
    category = optional_key(Category, "baseline", _("right"))
    commitments = models.ManyToManyField(
        Commitment, related_name="baseline", blank=True, verbose_name=_("commitments that it is context for")
    )
    metrics = models.ManyToManyField(
        Metric, related_name="baseline", blank=True, verbose_name=_("metrics that it stands near")
    )
    same_series = models.BooleanField(
        _("same series"),
        default=False,
        help_text=_("Its definition agrees with that of the metrics; the note says why."),
    )
    note = prose(_("note"), blank=True)
    citations = models.JSONField(
        _("citations"),
        default=list,
        help_text=_("Every place that gives it: source, place, and what is said otherwise there."),
    )

    page = ("baseline-detail", "plan.code", "code")

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("baseline figure")
        verbose_name_plural = _("baseline figures")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="baseline_code_unique"),
            constraint(
                "baseline_number_by_form",
                Q(form=BaselineForm.FIGURE, value__isnull=False, bound__in=Bound.values, nature__in=Nature.values)
                & Q(how__in=How.values)
                & ~Q(unit="")
                & ~Q(as_published="")
                | Q(form=BaselineForm.ACT, value__isnull=True, bound="", unit="", as_published="", nature="", how=""),
                _("A figure has a number, bound, unit, nature and making; an act has none."),
            ),
            known(
                "baseline_precision_known", "precision", Precision, _("The precision of a date is day, month or year.")
            ),
            period_runs_forward("baseline_period_runs_forward"),
            constraint(
                "baseline_same_series_has_note",
                Q(same_series=False) | ~Q(note=""),
                _("A figure of the metric's own series says why it is one."),
            ),
        ]

    def clean(self):
        """The right is of the same plan, and each citation names its source and how what it says differs."""
        require_same_plan(self, "category", _("The right belongs to another plan."))
        for each in self.citations:
            if each.get("differs") and each["differs"] not in DIFFERS:
                known = {"given": each["differs"], "known": ", ".join(DIFFERS)}
                raise ValidationError({"citations": _("“%(given)s” is none of: %(known)s.") % known})
            if bool(each.get("said")) != bool(each.get("differs")):
                raise ValidationError(
                    {"citations": _("Where a text differs, give what it says and in what it differs.")}
                )
            if each.get("said"):
                try:
                    validate_quote(each["said"])
                except ValidationError as error:
                    raise ValidationError({"citations": error.messages}) from error


class BaselinePassage(Registered):
    """A paragraph of the document with figures that are no records, each with the reason why not."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="baseline_passages", verbose_name=_("plan"))
    code = models.CharField(_("part and paragraph"), max_length=20, validators=[text_code])
    order = models.PositiveIntegerField(_("order in the document"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="baseline_passages", verbose_name=_("document"))
    other_figures = models.JSONField(
        _("figures that are not recorded"),
        help_text=_("Each with the reason why, such as “2016: year of the figure beside it”; “3 × 16: …” for three."),
    )

    label = "{0.source_id} {0.code}"

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("passage of the baseline")
        verbose_name_plural = _("passages of the baseline")
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="baseline_passage_unique")]

    def clean(self):
        """Every figure set aside has a reason."""
        validate_other_figures(self.other_figures)
