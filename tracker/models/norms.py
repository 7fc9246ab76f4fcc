"""What promises rest on: treaties and other instruments, their articles and targets, and this site's links to them."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .commitments import Commitment
from .conditions import constraint, known
from .plan import Plan, require_same_plan
from .registered import Registered
from .sources import Body, Coded, Precision, Source, line, optional_key, prose

norm_code = RegexValidator(
    r"\A[A-Za-z0-9]+([.-][A-Za-z0-9]+)*\Z", _("Use letters, digits, and single dots and hyphens, such as CRC or 3.8.")
)


class InstrumentKind(models.TextChoices):
    """What sort of instrument it is."""

    TREATY = "treaty", _("Treaty")
    GOALS = "goals", _("Development goals")
    MECHANISM = "mechanism", _("Review mechanism")


class Participation(models.TextChoices):
    """How the State that made the plan stands to an instrument."""

    PARTY = "party", _("party")
    SIGNED = "signed", _("signed, not a party")
    NONE = "none", _("neither signed nor a party")
    MEMBER = "member", _("takes part as a member of the United Nations")


class Instrument(Coded):
    """A treaty, a set of goals or a review mechanism. Shared by all plans."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[norm_code])
    kind = models.CharField(_("kind"), max_length=12, choices=InstrumentKind)
    title = line(_("title"), 200)
    symbol = line(_("official symbol"), 60, blank=True)
    body = optional_key(Body, "instruments", _("body that reviews it"))
    address = models.URLField(_("address of its text"), max_length=400, blank=True)

    page = ("instrument-detail", "code")

    class Meta:
        ordering = ["code"]
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = [
            known(
                "instrument_kind_known",
                "kind",
                InstrumentKind,
                _("The kind of an instrument is treaty, goals or mechanism."),
            )
        ]


class Adherence(Registered):
    """Whether and since when the State that made a plan takes part in an instrument, by a document at hand."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="adherences", verbose_name=_("plan"))
    code = models.CharField(_("code"), max_length=40, validators=[norm_code])
    order = models.PositiveIntegerField(_("order"))
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="adherences", verbose_name=_("instrument"))
    participation = models.CharField(_("participation"), max_length=10, choices=Participation)
    since = models.DateField(_("since"), null=True, blank=True)
    precision = models.CharField(_("precision"), max_length=10, choices=Precision, blank=True)
    source = optional_key(Source, "adherences", _("source"))
    note = prose(_("note"), blank=True)

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("adherence")
        verbose_name_plural = _("adherences")
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="adherence_code_unique"),
            models.UniqueConstraint(fields=["plan", "instrument"], name="adherence_once"),
            known(
                "adherence_known",
                "participation",
                Participation,
                _("A State is a party, has signed, is neither, or takes part as a member."),
            ),
            constraint(
                "adherence_date_has_precision",
                Q(since__isnull=True, precision="") | Q(since__isnull=False, precision__in=Precision.values),
                _("A date has a precision: day, month or year."),
            ),
        ]

    def __str__(self):
        return f"{self.code}: {self.get_participation_display()}"


class Norm(Coded):
    """An article, a target or a cycle of an instrument. Titles are in our own words."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[norm_code])
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="norms", verbose_name=_("instrument"))
    number = models.CharField(_("number"), max_length=20, validators=[norm_code], help_text=_("As it is cited."))
    title = line(_("title"), 120, help_text=_("In our own words."))

    page = ("norm-detail", "instrument.code", "number")

    class Meta:
        ordering = ["instrument", "pk"]
        verbose_name = _("norm")
        verbose_name_plural = _("norms")
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="norm_number_unique")]

    def clean(self):
        """The code is made of the instrument's and the number."""
        if self.instrument_id and self.code != f"{self.instrument.code}-{self.number}":
            raise ValidationError({"code": _("The code is the instrument's, a hyphen and the number.")})


class NormLink(Registered):
    """This site's own link from a promise to a norm, with a line that says why. Editorial: the plan names few."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="norm_links", verbose_name=_("plan"))
    code = models.CharField(_("code"), max_length=80, validators=[norm_code])
    order = models.PositiveIntegerField(_("order"))
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="norm_links", verbose_name=_("commitment"))
    norm = models.ForeignKey(Norm, models.PROTECT, related_name="links", verbose_name=_("norm"))
    rationale = line(_("why"), 240)

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("link to a norm")
        verbose_name_plural = _("links to norms")
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="norm_link_unique")]

    def clean(self):
        """The commitment is of the same plan, and the code is made of both."""
        require_same_plan(self, "commitment", _("The commitment belongs to another plan."))
        if self.commitment_id and self.norm_id and self.code != f"{self.commitment.code}-{self.norm.code}":
            raise ValidationError({"code": _("The code is the commitment's, a hyphen and the norm's.")})
