"""What happened and who says so: dated updates, and the findings of others."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .commitments import Commitment
from .conditions import constraint, known, one_of, period_runs_forward
from .metrics import Metric, Shape, number_field
from .plan import Category
from .publishable import Publishable, State, publishable_constraints
from .sources import Body, Precision, line, optional_key, prose


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


class Reach(models.TextChoices):
    """How far a search in vain went."""

    LIMITED = "limited", _("limited: some places were looked at")
    FULL = "full", _("full: the gazette, the responsible body's own site and a general search, in the State's language")


class Says(models.TextChoices):
    """What a finding says of the promise."""

    KEPT = "kept", _("kept")
    PARTLY = "partly", _("partly kept")
    NOT_KEPT = "not_kept", _("not kept")
    QUALIFIES = "qualifies", _("qualifies")
    NOTES = "notes", _("notes, without a verdict")


# What a person or a file can record, and what stands among updates in public files and the API: amendments have a table
# there, and what is withdrawn no longer counts.
OBSERVED = (What.VALUE, What.RUNG, What.JUDGEMENT, What.SEARCH)
# What a published row of a kind has, beside what each of its drafts has.
PUBLISHED_WITH: dict[str, tuple[str, ...]] = {
    What.VALUE: ("metric", "value", "bound", "fits", "how", "origin"),
    What.RUNG: ("metric", "rung", "origin"),
    What.JUDGEMENT: ("commitment", "verdict"),
    What.SEARCH: ("commitment", "reach"),
}
# What an amendment changes, one of these: fields of an update, each with the name of the kind in seed files and log.
AMENDED = (
    *("metric", "commitment", "body", "source", "group", "instrument", "norm", "plan", "category", "provision"),
    *("baseline", "passage", "adherence", "link", "recommendation", "recommendation_link"),
)


def _amended(model: str) -> Any:
    """A field that names a record which an amendment changes."""
    return models.ForeignKey(model, models.PROTECT, related_name="amendments", null=True, blank=True, db_index=False)


def _once_public(**needed: Any) -> Q:
    """What a public row has; a draft may lack it until it is handed in."""
    return ~Q(state=State.PUBLISHED) | Q(**needed)


class Update(Publishable):
    """A dated record by staff. Values and stages belong to a metric; judgements and searches to a commitment."""

    what = models.CharField(_("what"), max_length=12, choices=What)
    metric = optional_key(Metric, "updates", _("metric"))
    commitment = optional_key(Commitment, "updates", _("commitment"))
    value = number_field(_("value"))
    as_published = line(_("as published"), 120, blank=True)
    bound = models.CharField(_("bound"), max_length=12, choices=Bound, blank=True)
    starts_on = models.DateField(_("period from"), null=True, blank=True)
    as_of = models.DateField(_("as of"), help_text=_("End of the period, or the moment; never the press conference."))
    precision = models.CharField(_("precision"), max_length=10, choices=Precision, default=Precision.DAY)
    fits = models.CharField(_("fits the metric"), max_length=10, choices=Fits, blank=True)
    how = models.CharField(_("how"), max_length=12, choices=How, blank=True)
    arithmetic = line(_("arithmetic"), 200, blank=True)
    scope = line(_("scope"), 120, blank=True, help_text=_("Only if other than the metric's."))
    origin = optional_key(Body, "updates", _("whose figure or act"))
    rung = line(_("stage"), 60, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict, blank=True)
    withheld = models.BooleanField(
        _("not published by the State"),
        default=False,
        help_text=_("With a search: evidence shows that the figure is secret, no longer published or never collected."),
    )
    reach = models.CharField(_("reach"), max_length=10, choices=Reach, blank=True)
    places = prose(_("places looked at"), blank=True)
    words = prose(_("words looked for"), blank=True)
    languages = line(_("languages"), 120, blank=True)
    year_not_stated = models.BooleanField(
        _("year not stated"), default=False, help_text=_("The source does not say of which year the figure is.")
    )
    body = models.ForeignKey(Body, models.PROTECT, related_name="amendments", null=True, blank=True)
    source = models.ForeignKey("Source", models.PROTECT, related_name="amendments", null=True, blank=True)
    group = _amended("BeneficiaryGroup")
    instrument = _amended("Instrument")
    norm = _amended("Norm")
    plan = _amended("Plan")
    category = _amended("Category")
    provision = _amended("Provision")
    baseline = _amended("BaselineFigure")
    passage = _amended("BaselinePassage")
    adherence = _amended("Adherence")
    link = _amended("NormLink")
    recommendation = _amended("Recommendation")
    recommendation_link = _amended("RecommendationLink")
    changes = models.JSONField(_("changes"), null=True, blank=True)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        permissions = [("publish_update", "Can publish updates")]
        constraints = [
            *publishable_constraints("update"),
            constraint(
                "update_content_by_what",
                Q(what=What.VALUE, commitment__isnull=True, rung="", verdict="") & _once_public(metric__isnull=False)
                | Q(what=What.RUNG, commitment__isnull=True, value__isnull=True, verdict="")
                & (_once_public(metric__isnull=False) & (~Q(state=State.PUBLISHED) | ~Q(rung="")))
                | Q(what=What.JUDGEMENT, metric__isnull=True, value__isnull=True, rung="")
                & _once_public(commitment__isnull=False, verdict__in=Verdict.values)
                | Q(what=What.SEARCH, metric__isnull=True, value__isnull=True, rung="", verdict="")
                & _once_public(commitment__isnull=False)
                | Q(what=What.AMENDMENT, changes__isnull=False, value__isnull=True, rung="", verdict="")
                | Q(what=What.WITHDRAWAL, replaces__isnull=False),
                _(
                    "A value or a stage belongs to a metric, a judgement or a search to a commitment, "
                    "and each has what it records and nothing else."
                ),
            ),
            constraint(
                "update_amends_one_record",
                ~Q(what=What.AMENDMENT) & Q(**{f"{name}__isnull": True for name in AMENDED[2:]})
                | Q(what=What.AMENDMENT) & one_of(AMENDED),
                _("An amendment changes one record, and nothing else names one that is only amended."),
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
        if self.reach == Reach.FULL and not (self.places and self.words and self.languages):
            problems["reach"] = _("A full search names its places, words and languages.")
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
        elif self.what == What.RUNG and self.rung and self.rung not in metric.rungs:
            problems["rung"] = _("The metric has no such stage.")
        return problems

    @property
    def about(self) -> Any:
        """What was observed, or what an amendment changes."""
        return next((record for name in AMENDED if (record := getattr(self, name)) is not None), None)

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
        about, needed = _("Say what it is about."), _("A published value needs this.")
        say = {"metric": about, "commitment": about, "reach": _("Say how far the search went.")}
        say |= {"rung": _("Say which stage was reached."), "verdict": _("Say what the judgement is.")}
        say |= {"origin": _("Say whose act or announcement it is.")} if self.what == What.RUNG else {}
        names = PUBLISHED_WITH.get(self.what, ())
        blank: dict[str, Any] = {each: say.get(each, needed) for each in names if getattr(self, each) in (None, "")}
        of_period = self.what == What.VALUE and self.metric is not None and self.metric.spans_period
        if of_period and self.fits != Fits.OTHER and not self.starts_on:
            blank["starts_on"] = _("An amount or average speaks of a period: give its first day.")
        unexplained = self.is_amendment and not self.reason.strip()
        return blank | ({"reason": _("An amendment says why.")} if unexplained else {})


class Assessment(Publishable):
    """Somebody else's published verdict or finding, on one promise or on a right as a whole."""

    commitment = optional_key(Commitment, "assessments", _("commitment"))
    category = optional_key(Category, "assessments", _("right"))
    origin = optional_key(Body, "assessments", _("whose finding"))
    says = models.CharField(_("says"), max_length=12, choices=Says)
    starts_on = models.DateField(_("speaks of the time from"), null=True, blank=True)
    ends_on = models.DateField(_("speaks of the time to"), null=True, blank=True)
    as_of = models.DateField(_("date of the finding"))
    precision = models.CharField(_("precision"), max_length=10, choices=Precision, default=Precision.DAY)
    document = line(_("document and paragraph"), 120, blank=True)
    replies_to: Any = optional_key("self", "replies", _("replies to"))
    finds_harm = models.BooleanField(
        _("finds harm"), default=False, help_text=_("It finds that keeping this promise itself harms the right.")
    )
    withdrawn = models.BooleanField(_("withdraws what it replaces"), default=False)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        permissions = [("publish_assessment", "Can publish assessments")]
        constraints = [
            *publishable_constraints("assessment"),
            constraint(
                "assessment_of_promise_or_right",
                Q(commitment__isnull=True, category__isnull=True) & ~Q(state=State.PUBLISHED)
                | (Q(commitment__isnull=True) ^ Q(category__isnull=True)),
                _("A finding is about one promise or about one right, not both."),
            ),
            constraint(
                "assessment_published_with_origin", _once_public(origin__isnull=False), _("A finding says whose.")
            ),
            known(
                "assessment_says_known", "says", Says, _("A finding says kept, partly, not_kept, qualifies or notes.")
            ),
        ]

    log_noun = "assessment"

    def __str__(self):
        return f"{self.origin or '–'}: {self.summary[:80]}"

    def unfilled(self) -> dict[str, Any]:
        """A finding says whose it is and what it is about."""
        blank = {} if self.origin_id else {"origin": _("Say whose finding it is.")}
        about = _("A finding is about one promise or about one right, not both.")
        return blank | ({} if self.about is not None else {"commitment": about})

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
