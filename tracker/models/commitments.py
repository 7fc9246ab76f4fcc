"""The promises: what each says, what counts as kept, and what would show it."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .conditions import constraint, known
from .metrics import Metric, Shape, number_field
from .plan import Plan, Provision, text_code
from .registered import Registered
from .sources import Body, Coded, line, one_line, optional_key, prose, slug_code

TITLE_LENGTH = 90
QUOTE_WORDS = 25


def validate_quote(value):
    """A quotation is a short run of the plan's words, 25 at most; “wage/salary” and “R&D” are two words each."""
    count = len(re.findall(r"[^\W_]+", value))
    if not count:
        raise ValidationError(_("The quote has no words."))
    if count > QUOTE_WORDS:
        raise ValidationError(
            _("The quote has %(count)d words; %(limit)d are the most."), params={"count": count, "limit": QUOTE_WORDS}
        )


class Kind(models.TextChoices):
    """What sort of thing is promised."""

    QUANTITY = "quantity", _("Quantity")
    LAW = "law", _("Law or policy document")
    INSTITUTION = "institution", _("Institution or facility")
    PROGRAMME = "programme", _("Programme or service")
    SAFEGUARD = "safeguard", _("Safeguard")
    REPORTING = "reporting", _("Report, review or event")
    AIM = "aim", _("Aim")


class Level(models.TextChoices):
    """The level of what is promised, as in the OHCHR indicator guide (HR/PUB/12/5)."""

    STRUCTURE = "structure", _("Structure")
    PROCESS = "process", _("Process")
    OUTCOME = "outcome", _("Outcome")


class Rule(models.TextChoices):
    """How it is decided whether the promise was kept."""

    REACH = "reach", _("Reach a level")
    HOLD = "hold", _("Hold a level every year")
    CHANGE = "change", _("Change from a base year")
    TOTAL = "total", _("Amount over the whole plan")
    MILESTONE = "milestone", _("Reach a stage")
    JUDGE = "judge", _("Judged against a written test")
    UPHOLD = "uphold", _("Standing duty")
    DIRECTION = "direction", _("Move in a direction")


class Comparator(models.TextChoices):
    """How the value must stand to the target."""

    AT_LEAST = "≥", _("at least")
    MORE_THAN = ">", _("more than")
    AT_MOST = "≤", _("at most")
    LESS_THAN = "<", _("less than")
    ABOUT = "≈", _("about")


class DeadlineBasis(models.TextChoices):
    """Where a deadline comes from."""

    STATED = "stated", _("stated in the text")
    PERIOD_END = "period_end", _("end of the plan's period")
    STANDING = "standing", _("standing duty, tested throughout")


NUMBER_RULES = (Rule.REACH, Rule.HOLD, Rule.CHANGE, Rule.TOTAL)
MEASURED_RULES = (*NUMBER_RULES, Rule.MILESTONE, Rule.DIRECTION)
RULES_BY_KIND = {
    Kind.QUANTITY: NUMBER_RULES,
    Kind.LAW: (Rule.MILESTONE,),
    Kind.INSTITUTION: (Rule.MILESTONE, Rule.JUDGE),
    Kind.PROGRAMME: (Rule.MILESTONE, Rule.JUDGE),
    Kind.SAFEGUARD: (Rule.UPHOLD,),
    Kind.REPORTING: (Rule.MILESTONE, Rule.JUDGE),
    Kind.AIM: (Rule.DIRECTION, Rule.JUDGE),
}


def rule_fits_kind():
    """The condition that a commitment's rule is one that its kind allows."""
    condition = Q()
    for kind, rules in RULES_BY_KIND.items():
        condition |= Q(kind=kind, rule__in=rules)
    return condition


class BeneficiaryGroup(Registered):
    """People whom a promise is meant for."""

    code = models.CharField(_("code"), max_length=80, unique=True, validators=[slug_code])
    name = line(_("name"), 120)

    label = "{0.name}"

    class Meta:
        ordering = ["name"]
        verbose_name = _("beneficiary group")
        verbose_name_plural = _("beneficiary groups")


class Commitment(Coded):
    """One thing that can be found kept or not kept by itself."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="commitments", verbose_name=_("plan"))
    provision = models.ForeignKey(Provision, models.PROTECT, related_name="commitments", verbose_name=_("provision"))
    code = models.CharField(
        _("code"), max_length=40, validators=[text_code], help_text=_("Permanent: never reused or renumbered.")
    )
    order = models.PositiveIntegerField(_("order in the plan"))
    title = line(_("title"), TITLE_LENGTH, help_text=_("Our neutral words: the act, not the plan's frame."))
    quote = models.CharField(
        _("quote"),
        max_length=400,
        validators=[one_line, validate_quote],
        help_text=_("The shortest run of the plan's words that carries the promise, to the letter; 25 words at most."),
    )
    qualifier = line(
        _("qualifier"),
        200,
        blank=True,
        help_text=_("Words of the passage outside the quote that limit the promise, to the letter."),
    )
    test = prose(
        _("test"), help_text=_("One sentence, written before any evidence is read, that says what counts as kept.")
    )
    test_changed_because = prose(
        _("why the test changed"),
        blank=True,
        help_text=_("Where the test was written or changed after evidence was read: why, and what it asked before."),
    )
    other_reading = prose(
        _("other reading"), blank=True, help_text=_("Where the text allows two readings: the other, and its result.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    level = models.CharField(_("level"), max_length=20, choices=Level)
    rule = models.CharField(_("rule"), max_length=20, choices=Rule)
    metric = optional_key(Metric, "commitments", _("metric"))
    beside = models.ManyToManyField(
        Metric,
        related_name="stands_beside",
        blank=True,
        verbose_name=_("statistics shown beside"),
        help_text=_("Other statistics that bear on the promise: shown with it, never computed with."),
    )
    comparator = models.CharField(_("comparator"), max_length=1, choices=Comparator, blank=True)
    target_value = number_field(
        _("target"),
        help_text=_("In the metric's unit; for a change, percent with its sign (−20 for a fall by 20 percent)."),
    )
    tolerance = number_field(
        _("tolerance"),
        help_text=_(
            "For “about”, in the metric's unit; 10 percent of the target unless the text says more. With ≥ or ≤, where "
            "more, or less, is better, it is the room that “about” leaves."
        ),
    )
    target_rung = line(_("target stage"), 60, blank=True)
    base_date = models.DateField(_("base date"), null=True, blank=True)
    deadline = models.DateField(_("deadline"))
    deadline_basis = models.CharField(_("basis of the deadline"), max_length=20, choices=DeadlineBasis)
    groups = models.ManyToManyField(
        BeneficiaryGroup, related_name="commitments", blank=True, verbose_name=_("beneficiary groups")
    )
    bodies = models.ManyToManyField(
        Body, related_name="commitments", blank=True, verbose_name=_("bodies that the text names")
    )
    carried_from = line(_("carried from an earlier plan"), 200, blank=True)
    settled_by = prose(
        _("what would settle it"),
        blank=True,
        help_text=_("What would show what became of it, and who publishes that."),
    )

    page = ("commitment-detail", "plan.code", "code")

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="commitment_code_unique"),
            constraint(
                "commitment_rule_fits_kind", rule_fits_kind(), _("This kind of commitment does not allow this rule.")
            ),
            known("commitment_level_known", "level", Level, _("The level is structure, process or outcome.")),
            constraint(
                "commitment_target_with_number_rule",
                Q(rule__in=NUMBER_RULES, target_value__isnull=False, comparator__in=Comparator.values)
                | Q(rule=Rule.DIRECTION, target_value__isnull=True, comparator__in=[">", "<"])
                | Q(target_value__isnull=True, comparator="") & ~Q(rule__in=[*NUMBER_RULES, Rule.DIRECTION]),
                _(
                    "A rule about a number has a target and a comparator; a direction has > or < and no target; "
                    "the other rules have neither."
                ),
            ),
            constraint(
                "commitment_metric_with_measured_rule",
                Q(rule__in=MEASURED_RULES, metric__isnull=False) | Q(metric__isnull=True) & ~Q(rule__in=MEASURED_RULES),
                _("A rule about a number, a stage or a direction has a metric; a judged or standing one has none."),
            ),
            constraint(
                "commitment_rung_with_milestone",
                Q(rule=Rule.MILESTONE) & ~Q(target_rung="") | ~Q(rule=Rule.MILESTONE) & Q(target_rung=""),
                _("A milestone has a target stage, and nothing else has one."),
            ),
            constraint(
                "commitment_tolerance_with_about",
                Q(tolerance__isnull=False, tolerance__gt=0)
                & Q(rule__in=[Rule.REACH, Rule.HOLD, Rule.CHANGE, Rule.TOTAL])
                | Q(tolerance__isnull=True) & ~Q(comparator=Comparator.ABOUT),
                _("“About” has a tolerance above 0, and only a rule with a number has one."),
            ),
            constraint(
                "commitment_change_has_base_date",
                ~Q(rule=Rule.CHANGE) | Q(base_date__isnull=False),
                _("A change is counted from a base date."),
            ),
            constraint(
                "commitment_standing_is_upheld",
                Q(rule=Rule.UPHOLD, deadline_basis=DeadlineBasis.STANDING)
                | ~Q(rule=Rule.UPHOLD) & Q(deadline_basis__in=[DeadlineBasis.STATED, DeadlineBasis.PERIOD_END]),
                _("A standing duty has a standing deadline, and nothing else has one."),
            ),
        ]

    @property
    def unit(self):
        """Unit of the target: that of the metric; empty where none measures it."""
        return self.metric.unit if self.metric else ""

    def clean(self):
        """What no database constraint can see: that provision, metric and deadline fit the commitment."""
        problems = {}
        if self.provision_id and self.plan_id and self.provision.plan_id != self.plan_id:
            problems["provision"] = _("The provision belongs to another plan.")
        if self.provision_id and not re.fullmatch(rf"{re.escape(self.provision.code)}[a-z]+", self.code):
            code = self.provision.code
            problems["code"] = _("The code is that of its paragraph, %(code)s, and a letter.") % {"code": code}
        if self.metric_id and self.rule:
            problems |= self._problems_of_metric()
        if self.plan_id and self.deadline:
            if not self.plan.starts_on <= self.deadline <= self.plan.ends_on:
                problems["deadline"] = _("The deadline lies outside the plan's period.")
            elif self.deadline_basis != DeadlineBasis.STATED and self.deadline != self.plan.ends_on:
                problems["deadline"] = _("A deadline that the text does not state is the last day of the plan.")
        if self.base_date and self.deadline and self.base_date >= self.deadline:
            problems["base_date"] = _("The base date lies before the deadline.")
        if problems:
            raise ValidationError(problems)

    def _problems_of_metric(self):
        if self.plan_id and not self.metric.serves(self.plan):
            names = {"state": self.metric.state, "own": self.plan.state}
            return {"metric": _("This metric is one of %(state)s; the promise is one of %(own)s.") % names}
        ladder = self.metric.shape == Shape.LADDER
        if ladder != (self.rule == Rule.MILESTONE):
            return {"metric": _("A milestone is read off stages, and every other rule off a number.")}
        if ladder and self.target_rung and self.target_rung not in self.metric.rungs:
            return {"target_rung": _("The metric has no such stage.")}
        return {}
