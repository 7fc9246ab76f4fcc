"""Who makes statements: the organisations that promise, measure, publish and find."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

slug_code = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small letters, digits and single hyphens, such as rural-tap-water.")
)

one_line = RegexValidator(
    r"\A[^\0\s](?:[^\0\r\n]*[^\0\s])?\Z", _("Write this on one line, without blanks before or after it.")
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
    name = models.CharField(_("name"), max_length=200, validators=[one_line])
    kind = models.CharField(_("kind"), max_length=30, choices=BodyKind)
    side = models.CharField(
        _("side"),
        max_length=20,
        choices=Side,
        help_text=_("Official: bodies of the State that made the plan, its media, and what it founded or directs."),
    )
    why = models.TextField(_("why"), help_text=_("One sentence: why this kind and this side."), validators=[one_line])

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


class Source(models.Model):
    """A publication that this site cites: who carried it, its title, and its address or why none is shown."""

    code = models.CharField(_("code"), max_length=120, unique=True, validators=[slug_code])
    publisher = models.ForeignKey(Body, models.PROTECT, related_name="sources", verbose_name=_("publisher"))
    title = models.CharField(_("title"), max_length=400, validators=[one_line])
    address = models.URLField(_("address"), max_length=800, blank=True)
    reason_withheld = models.CharField(
        _("why no address is shown"),
        max_length=200,
        blank=True,
        help_text=_("Where no address was confirmed."),
        validators=[one_line],
    )
    published = models.DateField(_("published"), null=True, blank=True)
    published_precision = models.CharField(_("precision of that date"), max_length=10, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True, validators=[one_line])
    archived = models.URLField(_("archived copy"), max_length=800, blank=True)
    sha256 = models.CharField(_("hash of the copy"), max_length=64, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                name="source_address_or_reason",
                condition=models.Q(address="") ^ models.Q(reason_withheld=""),
                violation_error_message=_("A source has an address, or the reason why none is shown, and not both."),
            ),
            models.CheckConstraint(
                name="source_date_has_precision",
                condition=(
                    models.Q(published__isnull=True, published_precision="")
                    | models.Q(published__isnull=False, published_precision__in=["day", "month", "year"])
                ),
                violation_error_message=_("A date of publication has a precision: day, month or year."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Address of its public page."""
        return reverse("source-detail", args=[self.code])
