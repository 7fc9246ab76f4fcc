"""Who makes statements: the organisations that promise, measure, publish and find."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

slug_code = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small letters, digits and single hyphens, such as rural-tap-water.")
)


class BodyKind(models.TextChoices):
    """What sort of organisation a body is."""

    GOVERNMENT = "government", _("government")
    STATE_MEDIA = "state_media", _("state media")
    STATE_SPONSORED = "state_sponsored", _("state-sponsored organisation")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental organisation")
    TREATY_BODY_OR_MANDATE = "treaty_body_or_mandate", _("treaty body or mandate")
    NATIONAL_INSTITUTION = "national_institution", _("national human rights institution")
    ACADEMIC = "academic", _("academic institution")
    CIVIL_SOCIETY = "civil_society", _("civil society organisation")
    MEDIA = "media", _("media")
    COMPANY = "company", _("company")
    FOREIGN_GOVERNMENT = "foreign_government", _("foreign government")


class Side(models.TextChoices):
    """Where a body stands relative to the plan: bodies of the State that made it, the United Nations, all others."""

    OFFICIAL = "official", _("official")
    UN = "un", _("UN")
    INDEPENDENT = "independent", _("independent")


class Body(models.Model):
    """An organisation, entered once and named by every record that it stands behind."""

    code = models.CharField(
        _("code"), max_length=80, unique=True, validators=[slug_code], help_text=_("Permanent; part of addresses.")
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=30, choices=BodyKind)
    side = models.CharField(
        _("side"),
        max_length=20,
        choices=Side,
        help_text=_("Official: bodies of the State that made the plan, its media, and what it founded or directs."),
    )
    why = models.TextField(_("why"), help_text=_("One sentence: why this kind and this side."))

    class Meta:
        ordering = ["name"]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [
            models.CheckConstraint(
                name="body_kind_known",
                condition=models.Q(kind__in=BodyKind.values),
                violation_error_message=_("The kind of a body is one of the kinds listed."),
            ),
            models.CheckConstraint(
                name="body_side_known",
                condition=models.Q(side__in=Side.values),
                violation_error_message=_("The side of a body is official, un or independent."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        """Address of its public page."""
        return reverse("body-detail", args=[self.code])
