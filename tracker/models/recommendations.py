"""What United Nations mechanisms recommended to States, what these replied, and this site's links to promises."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .commitments import Commitment
from .conditions import constraint, known
from .norms import Norm, norm_code
from .plan import Plan, require_same_plan
from .registered import Registered
from .sources import Body, Coded, Precision, Source, line, prose, state_field, symbol_form


class Mechanism(models.TextChoices):
    """Which of the three mechanisms recommends."""

    UPR = "upr", _("Universal Periodic Review")
    TREATY_BODY = "treaty_body", _("treaty body")
    SPECIAL_PROCEDURE = "special_procedure", _("special procedure")


class Reply(models.TextChoices):
    """What the State said to it. Blank: no reply is on record here, which is no refusal."""

    SUPPORTED = "supported", _("supported")
    PARTLY = "partly", _("supported in part")
    NOTED = "noted", _("noted")
    ANSWERED = "answered", _("answered, without saying whether it supports it")


def recommendation_code(symbol: str, paragraph: str) -> str:
    """The code of what a paragraph of a document recommends: CRC/C/CHN/CO/3-4, 7 (c) is CRC-C-CHN-CO-3-4-7-c."""
    words = (re.sub(r"[^A-Za-z0-9.]+", "-", word).strip("-.") for word in (symbol, paragraph))
    return re.sub(r"\.?-\.?", "-", "-".join(filter(None, words)))


class Recommendation(Coded):
    """One recommendation to a State, by symbol and paragraph. Shared by the State's plans."""

    code = models.CharField(_("code"), max_length=100, unique=True, validators=[norm_code])
    state = state_field(_("The State that it is addressed to."), blank=False)
    mechanism = models.CharField(_("mechanism"), max_length=20, choices=Mechanism)
    body = models.ForeignKey(Body, models.PROTECT, related_name="recommendations", verbose_name=_("whose"))
    symbol = models.CharField(_("symbol of the document"), max_length=60, validators=[symbol_form])
    paragraph = line(_("paragraph"), 20, help_text=_("As it is cited: 28.12, or 7 (c)."))
    published = models.DateField(_("published"))
    published_precision = models.CharField(_("precision of that date"), max_length=10, choices=Precision)
    text = prose(_("what is recommended"), help_text=_("In our own words, or as the document has it."))
    verbatim = models.BooleanField(_("in the document's words"), default=False)
    recommended_by = models.JSONField(
        _("recommending States"), default=list, blank=True, help_text=_("In a review by States: who recommends it.")
    )
    themes = models.JSONField(_("themes"), default=list, blank=True)
    norms = models.ManyToManyField(
        Norm,
        related_name="recommendations",
        blank=True,
        verbose_name=_("norms"),
        help_text=_("Articles, targets or the cycle of review that it is about."),
    )
    reply = models.CharField(
        _("the State's reply"), max_length=12, choices=Reply, blank=True, help_text=_("Blank: none is on record.")
    )
    reply_words = line(_("the reply in its own words"), 240, blank=True)
    reply_symbol = models.CharField(_("document of the reply"), max_length=60, blank=True, validators=[symbol_form])
    reply_paragraph = line(_("paragraph of the reply"), 20, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="recommendations", verbose_name=_("read in"))
    index_id = line(_("id in the Universal Human Rights Index"), 40, blank=True)

    page = ("recommendation-detail", "code")
    label = "{0.symbol}, {0.paragraph}"

    class Meta:
        ordering = ["pk"]
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            known(
                "recommendation_mechanism_known",
                "mechanism",
                Mechanism,
                _("The mechanism is upr, treaty_body or special_procedure."),
            ),
            constraint(
                "recommendation_reply_known",
                Q(reply="", reply_words="", reply_symbol="", reply_paragraph="") | Q(reply__in=Reply.values),
                _("A reply is supported, partly, noted or answered. Without one, nothing is said of it."),
            ),
        ]

    def clean(self):
        """Lists are of words, and the code is made of symbol and paragraph; a second one of it has a number behind."""
        problems = {}
        for name in ("recommended_by", "themes"):
            words = getattr(self, name)
            if not isinstance(words, list) or not all(isinstance(each, str) and each.strip() for each in words):
                problems[name] = _("Write a list of words.")
        code = recommendation_code(self.symbol, self.paragraph)
        if self.symbol and self.paragraph and not re.fullmatch(rf"{re.escape(code)}(-[0-9]+)?", self.code):
            sentence = _("The code is made of symbol and paragraph: %(code)s.")
            problems["code"] = sentence % {"code": code}
        if problems:
            raise ValidationError(problems)


class RecommendationLink(Registered):
    """This site's own link from a promise to a recommendation on the same subject. Editorial: it judges neither."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="recommendation_links", verbose_name=_("plan"))
    code = models.CharField(_("code"), max_length=140, validators=[norm_code])
    order = models.PositiveIntegerField(_("order"))
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, related_name="recommendation_links", verbose_name=_("commitment")
    )
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="links", verbose_name=_("recommendation")
    )
    rationale = line(_("why"), 240)

    class Meta:
        ordering = ["plan", "order"]
        verbose_name = _("link to a recommendation")
        verbose_name_plural = _("links to recommendations")
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="recommendation_link_unique")]

    def clean(self):
        """The commitment is of the same plan, the recommendation to its State, and the code is made of both."""
        require_same_plan(self, "commitment", _("The commitment belongs to another plan."))
        if not (self.commitment_id and self.recommendation_id):
            return
        if self.recommendation.state != self.plan.state:
            raise ValidationError({"recommendation": _("It is addressed to another State.")})
        if self.code != f"{self.commitment.code}-{self.recommendation.code}":
            raise ValidationError({"code": _("The code is the commitment's, a hyphen and the recommendation's.")})
