"""A plan as its text is ordered: the rights that it stands under, and the paragraphs that promise."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracker.text.languages import language_tag
from tracker.text.plain import OTHER_FIGURE

from .conditions import constraint, known
from .sources import Body, Coded, Precision, line, optional_key, slug_code, state_field

text_code = RegexValidator(
    r"\A[A-Za-z0-9]+(\.[A-Za-z0-9]+)*\Z", _("Use letters and digits, with single full stops between them.")
)
RESERVED = (  # addresses of what plans share: a plan of that name could not be reached
    "about", "admin", "api", "bodies", "cards", "corrections", "data", "desk", "embed", "feeds", "files", "glossary",
    "healthz", "ledger", "livez", "method", "metrics", "norms", "oembed", "plans", "prometheus", "readyz",
    "recommendations", "search", "sources", "static",
)  # fmt: skip
TEXT = re.compile(r"\A(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*): (?P<address>https?://\S+)\Z")


def validate_other_figures(lines):
    """Every figure that is set aside has a reason. Raises ``ValidationError`` for the field ``other_figures``."""
    if not isinstance(lines, list) or not all(isinstance(line, str) and OTHER_FIGURE.match(line) for line in lines):
        raise ValidationError({"other_figures": _("Write each as “figure: reason”, such as “2020: year of a law”.")})


def validate_texts(lines):
    """Every address of a text names its language. Raises ``ValidationError`` for the field ``texts``."""
    if not isinstance(lines, list) or not all(isinstance(line, str) and TEXT.match(line) for line in lines):
        raise ValidationError({"texts": _("Write each as “language: address”, such as “en: https://…”.")})


def require_same_plan(record, name, sentence):
    """Raise ``ValidationError`` with this sentence where what a field names belongs to another plan."""
    related = getattr(record, f"{name}_id") and record.plan_id and getattr(record, name)
    if related and related.plan_id != record.plan_id:
        raise ValidationError({name: sentence})


class Form(models.TextChoices):
    """How a paragraph stands in the plan."""

    DASH = "dash", _("paragraph opened by a dash")
    INTRO = "intro", _("introduction to a chapter or section")
    OBJECTIVE = "objective", _("stated objective of the plan")


class Plan(Coded):
    """A published plan of action: its name, when it came out, and the period in which it binds."""

    code = models.CharField(_("code"), max_length=80, unique=True, validators=[slug_code])
    title = line(_("title"), 200)
    short_title = line(_("short title"), 60)
    language = models.CharField(_("language of the text"), max_length=12, default="en", validators=[language_tag])
    state = state_field(_("The State that made it. What its bodies say is what the State says."), blank=False)
    publisher = models.ForeignKey(Body, models.PROTECT, related_name="plans", verbose_name=_("publisher"))
    published_on = models.DateField(
        _("published on"), help_text=_("First day of the month or year where the day is not known.")
    )
    published_precision = models.CharField(
        _("precision of that date"), max_length=10, choices=Precision, default=Precision.DAY
    )
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    texts = models.JSONField(
        _("where its text can be read"),
        default=list,
        blank=True,
        help_text=_("Each as “language: address”, such as “en: https://…”: addresses at which the text was seen."),
    )
    findings_read = models.PositiveIntegerField(
        _("findings read"),
        null=True,
        blank=True,
        help_text=_("How many findings in public sources were read before release."),
    )
    findings_used = models.PositiveIntegerField(
        _("findings used"), null=True, blank=True, help_text=_("How many of them any record here rests on.")
    )

    page = ("plan-detail", "code")
    label = "{0.title}"

    class Meta:
        ordering = ["-starts_on", "code"]
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            constraint("plan_period_runs_forward", Q(ends_on__gt=F("starts_on")), _("A plan ends after it starts.")),
            known(
                "plan_precision_known",
                "published_precision",
                Precision,
                _("The precision of a date is day, month or year."),
            ),
            constraint(
                "plan_findings_used_were_read",
                Q(findings_read__isnull=True, findings_used__isnull=True)
                | Q(findings_read__isnull=False, findings_used__isnull=False, findings_used__lte=F("findings_read")),
                _("Findings that are used were read: give both numbers, or neither."),
            ),
        ]

    def clean(self):
        """The code is no address of the site's own, and no deadline is left outside the period."""
        problems = {}
        validate_texts(self.texts)
        if self.code in RESERVED:
            problems["code"] = _("“%(code)s” is an address of this site; take another code.") % {"code": self.code}
        if not self._state.adding and self.state:
            elsewhere = self.commitments.exclude(metric__state__in=("", self.state)).exclude(metric=None)
            if pair := elsewhere.values_list("code", "metric__state").first():
                sentence = _("%(code)s is measured by a metric of %(state)s.") % dict(
                    zip(("code", "state"), pair, strict=True)
                )
                problems["state"] = sentence
        if not self._state.adding and self.starts_on and self.ends_on:
            outside = self.commitments.exclude(deadline__range=(self.starts_on, self.ends_on))
            if code := outside.values_list("code", flat=True).first():
                early = outside.filter(code=code, deadline__lt=self.starts_on).exists()
                sentence = _("The deadline of %(code)s would lie outside the plan's period.")
                problems["starts_on" if early else "ends_on"] = sentence % {"code": code}
        if problems:
            raise ValidationError(problems)


class Category(Coded):
    """A node of the plan's tree of rights: a chapter, or a section within one. People filter by it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="categories", verbose_name=_("plan"))
    parent: Any = optional_key("self", "children", _("parent"))
    code = models.CharField(_("code"), max_length=40, validators=[text_code])
    title = line(_("title"), 200, help_text=_("As the plan has it."))
    short_title = line(_("short title"), 60, help_text=_("Label for pictures and menus."))
    order = models.PositiveIntegerField(_("order in the plan"))

    page = ("right-detail", "plan.code", "code")

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="category_code_unique"),
            constraint(
                "category_not_its_own_parent",
                Q(parent__isnull=True) | ~Q(parent=F("id")),
                _("A category cannot be its own parent."),
            ),
        ]

    def clean(self):
        """A parent is of the same plan and stands before its sections, and parents do not run in a circle."""
        if not self.parent_id or self.parent_id == self.pk:  # its own parent: a constraint says so
            return
        if self.parent.plan_id != self.plan_id:
            raise ValidationError({"parent": _("The parent belongs to another plan.")})
        seen, above = {self.pk}, self.parent
        while above is not None and self.pk:
            if above.pk in seen:
                raise ValidationError({"parent": _("The parents would run in a circle.")})
            seen.add(above.pk)
            above = above.parent
        if self.order is not None and self.parent.order >= self.order:
            raise ValidationError({"parent": _("The parent stands before its sections in the plan.")})


class Provision(Coded):
    """A paragraph of the plan that promises something."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="provisions", verbose_name=_("plan"))
    category = optional_key(Category, "provisions", _("category"))
    code = models.CharField(_("code"), max_length=40, validators=[text_code])
    form = models.CharField(_("form"), max_length=10, choices=Form)
    title = line(_("title"), 80, help_text=_("Short and neutral, in our own words."))
    heading = line(_("heading"), 200, blank=True, help_text=_("The plan's own heading, to the letter; may be blank."))
    other_figures = models.JSONField(
        _("figures that are no targets"),
        default=list,
        blank=True,
        help_text=_("Each with the reason why, such as “2020: year in the name of a law”; “3 × 16: …” for three."),
    )
    order = models.PositiveIntegerField(_("order in the plan"))

    page = ("provision-detail", "plan.code", "code")

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("provision")
        verbose_name_plural = _("provisions")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="provision_code_unique"),
            known("provision_form_known", "form", Form, _("The form of a provision is dash, intro or objective.")),
            constraint(
                "provision_has_category",
                Q(category__isnull=False) | Q(form=Form.OBJECTIVE),
                _("Only an objective may stand outside the plan's categories."),
            ),
        ]

    def clean(self):
        """The right is of the same plan, and every figure set aside has a reason."""
        require_same_plan(self, "category", _("The right belongs to another plan."))
        validate_other_figures(self.other_figures)
