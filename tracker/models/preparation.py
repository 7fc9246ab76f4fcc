"""Records of the registry that are not public yet: a plan with all that it holds, or one shared record by itself.

Staff see them, nobody else does. Until they are opened each is changed and removed without a word in the log; they
become public together, by somebody who wrote nothing of them.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .conditions import constraint
from .publishable import FOUR_EYES, ByTwoPeople, State, TwoPeopleQuerySet
from .sources import line


class Preparation(ByTwoPeople):
    """A bundle of records that become public together. Once opened it stays, as the record of who opened it."""

    subject = line(_("what it is for"), 200)  # as the log names it
    of_plan = models.BooleanField(_("a plan"), default=False)
    # A source typed with the row that cites it: it becomes public with the first such row, or goes with the last.
    of_row = models.BooleanField(_("typed with a row that cites it"), default=False)
    begun_at = models.DateTimeField(_("begun"))
    changed_at = models.DateTimeField(_("last changed"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    # The log entries of its opening follow one another: ``entry`` is the first of so many.
    count = models.PositiveIntegerField(_("records"), default=0)

    objects = TwoPeopleQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("preparation")
        verbose_name_plural = _("preparations")
        constraints = [
            constraint(
                "preparation_opened_with_four_eyes",
                ~Q(state=State.PUBLISHED) & Q(entry__isnull=True, opened_at__isnull=True)
                | Q(state=State.PUBLISHED, reviewer__isnull=False, entry__isnull=False, opened_at__isnull=False)
                & ~Q(reviewer=F("author"))
                & ~Q(reviewer=F("edited_by"))
                & Q(submitted_by__isnull=False)
                & ~Q(reviewer=F("submitted_by")),
                FOUR_EYES,
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether what it held is public."""
        return self.state == State.PUBLISHED
