"""The words that a search looks through, derived from the wording of the registry."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchText(models.Model):
    """One wording of one record, today's or one that an amendment replaced, folded and cut into words.

    Derived by ``tracker.actions``; which wording is in force is the snapshot's to say. The databases index ``text``
    each in its own way (migration 0004).
    """

    key = models.BigIntegerField(_("key of the wording"), primary_key=True)
    subject = models.CharField(_("subject"), max_length=200, db_index=True)
    text = models.TextField(_("words"), blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("text for searching")
        verbose_name_plural = _("texts for searching")

    def __str__(self):
        return f"{self.subject}: {self.text[:60]}"
