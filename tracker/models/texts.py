"""Texts that are no public data: documents as they were attached, and the words that a search looks through."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracker.standalone.verify import canonical

from .ledger import LedgerEntry
from .plan import Plan, text_code
from .sources import Source, optional_key


class AttachedText(models.Model):
    """A document that is attached to a plan: the plan's own text, or that of a source. One edition of each at a time.

    What was attached when stays in the log; an edition that was replaced is gone from here.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="attached", verbose_name=_("plan"))
    source = optional_key(Source, "attached", _("document"), help_text=_("Blank for the plan's own text."))
    sha256 = models.CharField(_("SHA-256 of the whole text"), max_length=64)
    quotes = models.PositiveIntegerField(_("quotes"))
    missing = models.JSONField(_("codes of the quotes that stand nowhere in it"), default=list, blank=True)
    entry = models.OneToOneField(LedgerEntry, models.PROTECT, related_name="attached", verbose_name=_("log entry"))

    class Meta:
        default_permissions = ()
        verbose_name = _("attached text")
        verbose_name_plural = _("attached texts")
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(source__isnull=True), name="attached_plan_text_unique"
            ),
            models.UniqueConstraint(
                fields=["plan", "source"], condition=Q(source__isnull=False), name="attached_source_unique"
            ),
        ]

    def __str__(self):
        return f"{self.plan_id} {self.source_id or ''} {self.sha256[:12]}"

    @staticmethod
    def hash_of(passages):
        """SHA-256 of texts by code, in hexadecimal: by it the log knows whether they are those that were attached."""
        return hashlib.sha256(canonical(passages).encode()).hexdigest()


class Passage(models.Model):
    """One paragraph of an attached text, under the code of the paragraph of the registry that it is tied to."""

    document = models.ForeignKey(AttachedText, models.CASCADE, related_name="passages", verbose_name=_("document"))
    code = models.CharField(_("code"), max_length=40, validators=[text_code])
    text = models.TextField(_("text"))

    class Meta:
        default_permissions = ()
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [models.UniqueConstraint(fields=["document", "code"], name="passage_code_unique")]

    def __str__(self):
        return f"{self.document_id} {self.code}"


class SearchText(models.Model):
    """One wording of a record, today's or one that an amendment replaced, or of a statement; folded, cut into words.

    Derived by ``tracker.actions.searching``; which wording is in force is the snapshot's to say. The databases index
    ``text`` each in its own way (``index`` in the first migration).
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
