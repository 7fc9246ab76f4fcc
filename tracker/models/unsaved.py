"""What a person typed into a form of the staff and has not saved: theirs alone, never public, gone after some weeks."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class UnsavedForm(models.Model):
    """One opened form: its text until it is saved, and afterwards only what it became, so that it is saved once."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("whose text")
    )
    key = models.CharField(_("key of the opened form"), max_length=32, unique=True)
    address = models.CharField(_("address of the form"), max_length=600)
    fields = models.JSONField(_("what was typed, by field"), default=dict)
    digest = models.CharField(_("seal of what was saved"), max_length=64, blank=True)
    became = models.CharField(_("address of what it became"), max_length=600, blank=True)
    at = models.DateTimeField(_("when"), db_index=True)

    class Meta:
        verbose_name = _("unsaved form")
        verbose_name_plural = _("unsaved forms")
        indexes = [models.Index(fields=["person", "address"], name="unsaved_of_a_person")]

    def __str__(self):
        return f"{self.address} {self.at:%Y-%m-%d %H:%M}"
