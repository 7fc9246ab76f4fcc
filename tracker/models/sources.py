"""Who makes statements: the organisations that promise, measure, publish and find. And what all records share."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CharField, ForeignKey, Q, TextField
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.text.languages import language_tag

from .conditions import constraint, known
from .registered import Registered

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

Row = TypeVar("Row", bound=models.Model)

slug_code = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small letters, digits and single hyphens, such as rural-tap-water.")
)

one_line = RegexValidator(
    r"\A[^\0\s](?:[^\0\r\n]*[^\0\s])?\Z", _("Write this on one line, without blanks before or after it.")
)

UN_SYMBOL = r"\b(?:A|E|S|ST|HRI|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD)(?:/[A-Z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)+"
symbol_form = RegexValidator(
    rf"\A{UN_SYMBOL}\Z",
    _("Write the symbol as the document has it, such as E/C.12/CHN/CO/3 or A/HRC/56/6, without blanks."),
)


def line(label: Any, max_length: int, **options: Any) -> CharField[str | int | Combinable, str]:
    """A field for text on one line."""
    return models.CharField(label, max_length=max_length, validators=[one_line], **options)


def prose(label: Any, **options: Any) -> TextField[str | Combinable, str]:
    """A field for a text of any length on one line."""
    return models.TextField(label, validators=[one_line], **options)


def state_field(help_text: Any, **options: Any) -> CharField[str | int | Combinable, str]:
    """A field that names a State: one spelling for each, that of the United Nations where it is a member."""
    return line(_("State"), 80, **{"blank": True, "default": "", "help_text": help_text} | options)


def optional_key(
    to: type[Row] | str, related_name: str, label: Any, **options: Any
) -> ForeignKey[Row | Combinable | None, Row | None]:
    """A field that may name a record, which is then not deleted."""
    return models.ForeignKey(
        to, models.PROTECT, related_name=related_name, verbose_name=label, null=True, blank=True, **options
    )


class Coded(Registered):
    """A record that has a code and a public page."""

    page: tuple[str, ...]  # the name of its address, and what stands in it
    label = "{0.code} {0.title}"

    class Meta:
        abstract = True

    def get_absolute_url(self):
        """Address of its public page."""
        name, *parts = self.page
        return reverse(name, args=[attrgetter(part)(self) for part in parts])


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
    FOREIGN_GOVERNMENT = "foreign_government", _("foreign government, or what it funds")


class Side(models.TextChoices):
    """Where a body stands: a State's own, the United Nations, all others.

    For each plan it is derived: what is official in another State stands to it as a foreign government.
    Unknown: nobody could find out whose it is. It is shown, speaks for no side and decides nothing.
    """

    OFFICIAL = "official", _("official")
    UN = "un", _("UN")
    INDEPENDENT = "independent", _("independent")
    UNKNOWN = "unknown", _("side unknown")


SPEAKING = (Side.OFFICIAL, Side.UN, Side.INDEPENDENT)  # sides of which it can be said what they say


class Body(Coded):
    """An organisation, entered once and named by every record that it stands behind."""

    code = models.CharField(
        _("code"), max_length=80, unique=True, validators=[slug_code], help_text=_("Permanent; part of addresses.")
    )
    name = line(_("name"), 200)
    kind = models.CharField(_("kind"), max_length=30, choices=BodyKind)
    side = models.CharField(
        _("side"),
        max_length=20,
        choices=Side,
        help_text=_(
            "Official: bodies of a State, its media, and what it founded, funds or directs; to plans of other States "
            "they are foreign governments. Unknown: nobody could find out whose it is; never independent by default."
        ),
    )
    state = state_field(_("The State that it belongs to; blank for none, such as UN bodies and associations."))
    why = prose(_("why"), help_text=_("One sentence: why this kind and this side."))

    page = ("body-detail", "code")
    label = "{0.name}"

    class Meta:
        ordering = ["name"]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        constraints = [
            known("body_kind_known", "kind", BodyKind, _("The kind of a body is one of the kinds listed.")),
            known("body_side_known", "side", Side, _("The side of a body is official, un, independent or unknown.")),
        ]

    def clean(self):
        """What is official is so in a State."""
        if self.side == Side.OFFICIAL and not self.state:
            raise ValidationError({"state": _("Whose is it? What is official belongs to a State.")})


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Source(Coded):
    """A publication that this site cites: who carried it, its title, and its address or why none is shown."""

    code = models.CharField(_("code"), max_length=120, unique=True, validators=[slug_code])
    publisher = models.ForeignKey(Body, models.PROTECT, related_name="sources", verbose_name=_("publisher"))
    title = line(_("title"), 400)
    address = models.URLField(_("address"), max_length=800, blank=True)
    reason_withheld = line(
        _("why no address is shown"), 200, blank=True, help_text=_("Where no address was confirmed.")
    )
    un_symbol = models.CharField(
        _("symbol of the UN document"),
        max_length=60,
        blank=True,
        validators=[symbol_form],
        help_text=_("Of the document that it is, reprints or reports, where it is certain. The link follows from it."),
    )
    published = models.DateField(_("published"), null=True, blank=True)
    published_precision = models.CharField(_("precision of that date"), max_length=10, choices=Precision, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True, validators=[language_tag])
    archived = models.URLField(_("archived copy"), max_length=800, blank=True)
    sha256 = models.CharField(_("hash of the copy"), max_length=64, blank=True)

    page = ("source-detail", "code")
    label = "{0.title}"

    class Meta:
        ordering = ["code"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            constraint(
                "source_address_or_reason",
                Q(address="") ^ Q(reason_withheld=""),
                _("A source has an address, or the reason why none is shown, and not both."),
            ),
            constraint(
                "source_date_has_precision",
                Q(published__isnull=True, published_precision="")
                | Q(published__isnull=False, published_precision__in=["day", "month", "year"]),
                _("A date of publication has a precision: day, month or year."),
            ),
        ]
