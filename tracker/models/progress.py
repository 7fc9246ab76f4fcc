"""What happened and who says so: dated updates, others' findings, and the evidence behind both."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .commitments import Commitment
from .conditions import constraint, known, period_runs_forward
from .final import FinalModel
from .ledger import LedgerEntry
from .metrics import DECIMAL_PLACES, Metric, Shape, validate_digits
from .plan import Category, Precision
from .publishable import Publishable, State, WithFile, WithFileQuerySet, file_is_whole, publishable_constraints
from .sources import Body, Source, one_line


class What(models.TextChoices):
    """What an update records."""

    VALUE = "value", _("value")
    RUNG = "rung", _("stage reached")
    JUDGEMENT = "judgement", _("judgement against the test")
    SEARCH = "search", _("search in vain")
    AMENDMENT = "amendment", _("amendment")
    WITHDRAWAL = "withdrawal", _("withdrawal")


class Bound(models.TextChoices):
    """What a published number says about the true one."""

    EXACT = "exact", _("exactly")
    AT_LEAST = "at_least", _("at least")
    MORE_THAN = "more_than", _("more than")
    AT_MOST = "at_most", _("at most")
    LESS_THAN = "less_than", _("less than")
    ABOUT = "about", _("about")


class Fits(models.TextChoices):
    """Whether a figure is the metric's own statistic."""

    SAME = "same", _("the same statistic")
    NEAR = "near", _("a near statistic, computed with and said")
    OTHER = "other", _("another statistic, shown beside")


class How(models.TextChoices):
    """How the number came to be."""

    REPORTED = "reported", _("as reported")
    DERIVED = "derived", _("derived, with the arithmetic")
    CONVERTED = "converted", _("converted, with the factor")


class Verdict(models.TextChoices):
    """A judgement against a commitment's written test."""

    DONE = "done", _("done")
    IN_PART = "in_part", _("done in part")
    NOT_DONE = "not_done", _("not done")


class Says(models.TextChoices):
    """What a finding says of the promise."""

    KEPT = "kept", _("kept")
    PARTLY = "partly", _("partly kept")
    NOT_KEPT = "not_kept", _("not kept")
    QUALIFIES = "qualifies", _("qualifies")
    NOTES = "notes", _("notes, without a verdict")


OBSERVED = (What.VALUE, What.RUNG, What.JUDGEMENT, What.SEARCH)  # what a person or a file can record
# What a published row of a kind has, beside what each of its drafts has.
PUBLISHED_WITH: dict[str, tuple[str, ...]] = {
    What.VALUE: ("value", "bound", "fits", "how", "origin"),
    What.RUNG: ("origin",),
}


class Update(Publishable):
    """A dated record by staff. Values and stages belong to a metric; judgements and searches to a commitment."""

    what = models.CharField(_("what"), max_length=12, choices=What)
    metric = models.ForeignKey(
        Metric, models.PROTECT, related_name="updates", null=True, blank=True, verbose_name=_("metric")
    )
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="updates", null=True, blank=True, verbose_name=_("commitment")
    )
    value = models.DecimalField(
        _("value"), max_digits=20, decimal_places=DECIMAL_PLACES, validators=[validate_digits], null=True, blank=True
    )
    as_published = models.CharField(_("as published"), max_length=120, blank=True, validators=[one_line])
    bound = models.CharField(_("bound"), max_length=12, choices=Bound, blank=True)
    starts_on = models.DateField(_("period from"), null=True, blank=True)
    as_of = models.DateField(_("as of"), help_text=_("End of the period, or the moment; never the press conference."))
    precision = models.CharField(_("precision"), max_length=10, choices=Precision, default=Precision.DAY)
    fits = models.CharField(_("fits the metric"), max_length=10, choices=Fits, blank=True)
    how = models.CharField(_("how"), max_length=12, choices=How, blank=True)
    arithmetic = models.CharField(_("arithmetic"), max_length=200, blank=True, validators=[one_line])
    scope = models.CharField(
        _("scope"), max_length=120, blank=True, help_text=_("Only if other than the metric's."), validators=[one_line]
    )
    origin = models.ForeignKey(
        Body, models.PROTECT, related_name="updates", null=True, blank=True, verbose_name=_("whose figure or act")
    )
    rung = models.CharField(_("stage"), max_length=60, blank=True, validators=[one_line])
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    withheld = models.BooleanField(
        _("not published by the State"),
        default=False,
        help_text=_("With a search: evidence shows that the figure is secret, no longer published or never collected."),
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="amendments", null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="amendments", null=True, blank=True)
    changes = models.JSONField(_("changes"), null=True, blank=True)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        permissions = [("publish_update", "Can publish updates")]
        constraints = [
            *publishable_constraints("update"),
            constraint(
                "update_content_by_what",
                Q(what=What.VALUE, metric__isnull=False, commitment__isnull=True, rung="", verdict="")
                | Q(what=What.RUNG, metric__isnull=False, commitment__isnull=True, value__isnull=True, verdict="")
                & ~Q(rung="")
                | Q(what=What.JUDGEMENT, commitment__isnull=False, metric__isnull=True, value__isnull=True, rung="")
                & Q(verdict__in=Verdict.values)
                | Q(what=What.SEARCH, commitment__isnull=False, metric__isnull=True, value__isnull=True, rung="")
                & Q(verdict="")
                | Q(what=What.AMENDMENT, changes__isnull=False, value__isnull=True, rung="", verdict="")
                | Q(what=What.WITHDRAWAL, replaces__isnull=False),
                _(
                    "A value or a stage belongs to a metric, a judgement or a search to a commitment, "
                    "and each has what it records and nothing else."
                ),
            ),
            constraint(
                "update_published_value_is_whole",
                ~Q(state=State.PUBLISHED, what=What.VALUE)
                | Q(value__isnull=False, bound__in=Bound.values, fits__in=Fits.values, how__in=How.values)
                & Q(origin__isnull=False),
                _("A published value has a number, bound, fit, making and origin."),
            ),
            period_runs_forward("update_period_runs_forward"),
        ]
        indexes = [
            # the snapshot reads the published rows of each metric, newest period first
            models.Index(fields=["metric", "as_of"], condition=Q(state="published"), name="update_by_metric"),
            models.Index(fields=["replaces"], condition=Q(state="published"), name="update_by_replaced"),
        ]

    def __str__(self):
        return f"{self.get_what_display()}: {self.summary[:80]}"

    def clean(self):
        """What no constraint can see: that number, stage or judgement fit what they are about."""
        problems = self._misfits_of_metric() if self.metric_id else {}
        if self.what == What.JUDGEMENT and self.commitment_id and self.commitment.rule != "judge":
            problems["commitment"] = _("This commitment's rule is not judged by staff.")
        if self.how in (How.DERIVED, How.CONVERTED) and not self.arithmetic:
            problems["arithmetic"] = _("A derived or converted value shows its arithmetic.")
        if problems:
            raise ValidationError(problems)

    def _misfits_of_metric(self) -> dict[str, Any]:
        metric: Any = self.metric
        problems, number = {}, metric.shape == Shape.NUMBER
        if self.what == What.VALUE and not number:
            problems["metric"] = _("This metric is read off as a stage, not as a number.")
        if self.what == What.RUNG and number:
            problems["metric"] = _("This metric is read off as a number, not as a stage.")
        elif self.what == What.RUNG and self.rung not in metric.rungs:
            problems["rung"] = _("The metric's ladder has no such stage.")
        if self.what == What.VALUE and self.fits != Fits.OTHER and not self.starts_on and metric.spans_period:
            problems["starts_on"] = _("An amount or average speaks of a period: give its first day.")
        return problems

    @property
    def about(self) -> Any:
        """What was observed, or what an amendment changes."""
        return self.metric or self.commitment or self.body or self.source

    @property
    def log_noun(self) -> str:
        """The log names an update by its kind."""
        return self.what

    @property
    def amends(self) -> dict[str, list[Any]] | None:
        """An amendment's changes; none are left of them in one that was redacted."""
        return self.changes or {} if self.what == What.AMENDMENT else None

    @property
    def is_withdrawal(self) -> bool:
        """Whether what it replaces no longer counts, and nothing takes its place."""
        return self.what == What.WITHDRAWAL

    @property
    def needs_evidence(self) -> bool:
        """A search in vain has none; that the State does not publish a figure is a finding, not a gap."""
        return self.withheld or self.what in (What.VALUE, What.RUNG, What.JUDGEMENT)

    def unfilled(self) -> dict[str, Any]:
        """A value needs its number and all that says how to read it, a stage whose act it is, an amendment why."""
        sentence = _("A published value needs this.")
        if self.what == What.RUNG:
            sentence = _("Say whose act or announcement it is.")
        blank = {name: sentence for name in PUBLISHED_WITH.get(self.what, ()) if getattr(self, name) in (None, "")}
        if self.is_amendment and not self.reason.strip():
            blank["reason"] = _("An amendment says why.")
        return blank


class Assessment(Publishable):
    """Somebody else's published verdict or finding, on one promise or on a right as a whole."""

    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="assessments", null=True, blank=True, verbose_name=_("commitment")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="assessments", null=True, blank=True, verbose_name=_("right")
    )
    origin = models.ForeignKey(Body, models.PROTECT, related_name="assessments", verbose_name=_("whose finding"))
    says = models.CharField(_("says"), max_length=12, choices=Says)
    starts_on = models.DateField(_("speaks of the time from"), null=True, blank=True)
    as_of = models.DateField(_("date of the finding"))
    precision = models.CharField(_("precision"), max_length=10, choices=Precision, default=Precision.DAY)
    document = models.CharField(_("document and paragraph"), max_length=120, blank=True, validators=[one_line])
    replies_to = models.ForeignKey(
        "self", models.PROTECT, related_name="replies", null=True, blank=True, verbose_name=_("replies to")
    )
    finds_harm = models.BooleanField(
        _("finds harm"), default=False, help_text=_("It finds that keeping this promise itself harms the right.")
    )
    withdrawn = models.BooleanField(_("withdraws what it replaces"), default=False)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        permissions = [("publish_assessment", "Can publish assessments")]
        constraints = [
            *publishable_constraints("assessment"),
            constraint(
                "assessment_of_promise_or_right",
                Q(commitment__isnull=True) ^ Q(category__isnull=True),
                _("A finding is about one promise or about one right, not both."),
            ),
            known(
                "assessment_says_known", "says", Says, _("A finding says kept, partly, not_kept, qualifies or notes.")
            ),
        ]

    log_noun = "assessment"

    def __str__(self):
        return f"{self.origin}: {self.summary[:80]}"

    @property
    def about(self) -> Any:
        """The promise or the right that the finding is on."""
        return self.commitment or self.category

    @property
    def is_withdrawal(self) -> bool:
        """Whether what it replaces no longer counts, and nothing takes its place."""
        return self.withdrawn

    @property
    def needs_evidence(self) -> bool:
        """Every finding is read somewhere."""
        return not self.withdrawn


class EvidenceQuerySet(WithFileQuerySet):
    """Evidence is final with what it supports."""

    def final(self) -> Self:
        """Evidence of published rows."""
        return self.filter(entry__isnull=False)


class Evidence(WithFile, FinalModel):
    """A source cited by an update or an assessment, with the file that was seen, if any.

    Frozen by its own log entry once that is published.
    """

    update_record = models.ForeignKey(
        Update, models.PROTECT, related_name="evidence", null=True, blank=True, db_column="update_id"
    )
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence", null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="evidence", verbose_name=_("source"))
    locator = models.CharField(_("where in it"), max_length=120, blank=True, validators=[one_line])
    note = models.CharField(_("note"), max_length=400, blank=True, validators=[one_line])
    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+", null=True, blank=True)
    redacted_by = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="+", null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            constraint(
                "evidence_of_update_or_assessment",
                Q(update_record__isnull=True) ^ Q(assessment__isnull=True),
                _("Evidence supports one update or one assessment."),
            ),
            file_is_whole("evidence_file_is_whole"),
        ]

    def __str__(self):
        return f"{self.source} {self.locator}".strip()

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remember whether it was frozen when it was read."""
        record = super().from_db(db, field_names, values)
        record._final = record.__dict__.get("entry_id") is not None
        return record

    def is_final(self) -> bool:
        """Frozen when it was read, or about to join a row that is published already."""
        supported = self.update_record or self.assessment
        return self._final or (supported is not None and supported.is_final())
