"""The working copy of a plan's text: its lines, how a person corrected their cut, and what figures are no targets."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .plan import Plan


class PlanText(models.Model):
    """The text from which promises of a plan are made, one at a time. Inside only: in no file, feed, page or log.

    ``lines`` are those of ``plantext.lines.Line``, ``corrections`` those of ``plantext.shapes.Correction``, ``aside``
    has for the code of a paragraph lines such as “16: an age”, ``nothing`` the reason why it promises nothing, and
    ``said`` what was said when the file was read.
    """

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="working_text", verbose_name=_("plan"))
    file_name = models.CharField(_("name of the file"), max_length=200)
    kind = models.CharField(_("kind of file"), max_length=10)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    lines = models.JSONField(_("lines"))
    corrections = models.JSONField(_("corrections of the cut"), default=list, blank=True)
    aside = models.JSONField(_("figures set aside, by paragraph"), default=dict, blank=True)
    nothing = models.JSONField(_("paragraphs that promise nothing, with the reason"), default=dict, blank=True)
    said = models.JSONField(_("what was said of the file"), default=list, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("whose change"))
    at = models.DateTimeField(_("when"))

    class Meta:
        default_permissions = ()
        verbose_name = _("text of a plan")
        verbose_name_plural = _("texts of plans")

    def __str__(self) -> str:
        return f"{self.plan_id} {self.file_name}"
