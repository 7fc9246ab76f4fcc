"""What every dated row has in common: from draft to public, the people behind it, its log entry, its corrections.

Rows start as drafts in the same table as what is public. A published row is final: it carries its log entry, names the
reviewer, and can only be replaced by another row that says why.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_
from typing import Any, Self

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracker.standalone.assess import earliest
from tracker.text.plain import subject

from .conditions import constraint
from .final import FinalModel, FinalQuerySet
from .ledger import LedgerEntry
from .sources import optional_key
from .written import Written

Sentences = dict[str, Any]  # for people, by field: texts, or what a page translates
FOUR_EYES = _("It is published by somebody who wrote nothing of it, changed nothing of it and did not hand it in.")
UNWRITTEN = "…"  # the summary of what was drafted of a reader's report, until somebody has written one
FILE_FIELDS = ("file_hash", "file_name", "file_type", "file_size", "stored")


class State(models.TextChoices):
    """Where a row stands on its way to the public."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted for review")
    RETURNED = "returned", _("returned with a reason")
    PUBLISHED = "published", _("published")


class Reread(models.TextChoices):
    """What a second reading at the page found."""

    CONFIRMED = "confirmed", _("read again: confirmed")
    CORRECTED = "corrected", _("read again: corrected")
    NOT_FOUND = "not found again", _("not found again")


def open_to(*accounts: int) -> Q:
    """The condition that a row waits for review and that none of these accounts wrote, changed or handed it in."""
    theirs = (Q(contributors__contains=f",{each},") | Q(author=each) | Q(submitted_by=each) for each in accounts)
    return reduce(and_, (~each for each in theirs), Q(state=State.SUBMITTED))


class TwoPeopleQuerySet(FinalQuerySet):
    """Rows that one person writes and another makes public."""

    def final(self) -> Self:
        """Public rows of this set."""
        return self.filter(state=State.PUBLISHED)

    def open_to(self, *accounts: int) -> Self:
        """Rows that wait for review and that none of these accounts wrote, changed or handed in."""
        return self.filter(open_to(*accounts))


class ByTwoPeople(FinalModel):
    """What is made public by somebody who wrote nothing of it: its state, the people behind it, its log entry."""

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("last editor"))
    # Everybody who wrote or changed something of it since it was begun, as “,3,17,”: such a text only grows, and each
    # trigger can look for a number in it. Blank in rows that were public before it was kept.
    contributors = models.TextField(_("who wrote and changed it"), blank=True, editable=False)
    submitted_by = optional_key(User, "+", _("handed in by"))
    reviewer = optional_key(User, "+", _("reviewer"))
    entry = models.OneToOneField(
        LedgerEntry, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("log entry")
    )
    returned_note = models.TextField(_("reviewer's note"), blank=True, help_text=_("Never public."))
    version = models.PositiveIntegerField(_("version"), default=1)

    author_id: Any  # which Django makes of ``author``, and so on
    edited_by_id: Any
    submitted_by_id: Any
    reviewer_id: Any
    subject: str  # how messages and the trail name the row: by codes, no words of it

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        """Remember whether the row was public when it was read."""
        record = super().from_db(db, field_names, values)
        record._final = record.__dict__.get("state") == State.PUBLISHED
        return record

    def contributed(self, account: int) -> None:
        """Remember an account among those who wrote or changed something of it."""
        if f",{account}," not in self.contributors:
            self.contributors = f"{self.contributors or ','}{account},"

    @property
    def contributor_ids(self) -> set[int]:
        """Accounts that wrote or changed something of it; its author and last editor for a row of before."""
        stored = {int(each) for each in self.contributors.split(",") if each}
        return stored | {each for each in (self.author_id, self.edited_by_id) if each is not None}


class PublishableQuerySet(TwoPeopleQuerySet):
    """The one place that knows what is public."""

    def published(self, known: int | None = None) -> Self:
        """Rows that are public, or were by the log entry ``known``."""
        rows = self.filter(state=State.PUBLISHED)
        return rows if known is None else rows.filter(entry_id__lte=known)

    def live(self, known: int | None = None) -> Self:
        """Published rows that nothing published (by then) has replaced."""
        successors = type(self)(self.model).published(known).filter(replaces=OuterRef("pk"))
        return self.published(known).filter(~Exists(successors))


class Publishable(Written, ByTwoPeople):
    """What updates and assessments have in common: state, people, log entry, correction chain."""

    replaces: Any = optional_key("self", "successors", _("replaces"))
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it replaces what was published; public."))
    summary = models.TextField(_("summary"), help_text=_("What it records, in our own words; public."))
    caveat = models.TextField(_("caveat"), blank=True, help_text=_("What is weak about it; public."))
    reread = models.CharField(_("second reading"), max_length=20, choices=Reread, blank=True)
    # What it said when it was last returned, so that the review of what comes back shows what was mended; inside, and
    # gone once the row is public. ``None`` where no reviewer returned it.
    returned_as = models.JSONField(null=True, blank=True, editable=False)
    seed_key = models.CharField(_("key in the seed files"), max_length=120, blank=True)
    # Keys of the doubts that were answered with “I mean it”; none are kept once it is public.
    meant = models.TextField(_("questions that were answered"), blank=True, editable=False)
    batch = models.CharField(_("import that it came with"), max_length=32, blank=True, editable=False, db_index=True)
    redacted_by = optional_key(LedgerEntry, "+", _("redacted by"))
    # Random and never public: without it the numbers of a few accounts would be guessed from a hash of them.
    seal = models.CharField(max_length=32, blank=True, editable=False)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True

    # What an update and an assessment each say for themselves:
    as_of: Any  # the day that it speaks of, or the last of a period
    precision: Any  # how exactly that is known
    replaces_id: Any
    log_noun: str  # what the log calls such a row
    about: Any  # the record of the registry that it is about; ``None`` only while a form has not said it
    is_withdrawal: bool  # whether what it replaces no longer counts, and nothing takes its place
    needs_evidence: bool

    @property
    def amends(self) -> dict[str, list[Any]] | None:
        """Old and new value of each field that it changes in the registry; ``None`` for all but amendments."""
        return None

    @property
    def is_amendment(self) -> bool:
        """Whether it changes a record of the registry."""
        return self.amends is not None

    def unfilled(self) -> Sentences:
        """A sentence on each field that a public row needs and this one leaves blank."""
        return {}

    @property
    def subject(self) -> str:
        """How the log names the row; its key in the seed files stands in for a number that it has not got yet."""
        plan = getattr(self.about, "plan", None)
        code = self.about.code if self.about is not None else ""  # a draft may not say yet what it is about
        named = subject(self.log_noun, code, plan.code if plan is not None else "")
        return f"{named} {self.pk or self.seed_key}".strip()

    @property
    def people(self) -> str:
        """A hash of who wrote, changed, handed in and reviewed the row, and of its key; blank for rows of before.

        It is in the log, so that none of them can be changed afterwards, and says nothing to whoever lacks the seal.
        """
        if not self.seal:
            return ""
        parts = [self.seal, self.author_id, self.edited_by_id, self.submitted_by_id, self.reviewer_id, self.seed_key]
        if self.contributors:  # what was public before they were kept has the hash that it had
            parts.append(self.contributors)
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()

    @property
    def answers(self) -> set[str]:
        """Keys of the questions about it that somebody answered with “I mean it”."""
        return set(self.meant.split())

    @property
    def was_returned(self) -> bool:
        """Whether its note is a reviewer's: an import leaves one too."""
        return self.state == State.RETURNED or self.returned_as is not None

    @property
    def log_action(self) -> str:
        """The action under which the log has the publication of the row."""
        if self.is_withdrawal:
            return "withdraw"
        if self.is_amendment:
            return "amend"
        return "correct" if self.replaces_id else "publish"

    def what_it_lacks(self, *, on: datetime.date, evidence: Sequence[models.Model]) -> Sentences:
        """A sentence by field on what it lacks to be public on a day with this evidence; empty if it is whole."""
        begins = earliest(self.as_of, self.precision)  # of “2026-11” some days are past on the 29th
        lacks: Sentences = {"as_of": _("The period lies in the future.")} if begins > on else {}
        lacks |= self.unfilled()
        if self.summary.strip() == UNWRITTEN:
            lacks["summary"] = _("Say what it records, in our own words.")
        if self.needs_evidence and not evidence:
            lacks[NON_FIELD_ERRORS] = _("Nothing is published without evidence.")
        return lacks


def publishable_constraints(name):
    """Four eyes on the row, and a correction chain that is a line."""
    published = Q(state=State.PUBLISHED)
    return [
        constraint(
            f"{name}_published_with_four_eyes",
            ~published & Q(entry__isnull=True)
            | published
            & Q(reviewer__isnull=False, entry__isnull=False)
            & ~Q(reviewer=F("author"))
            & ~Q(reviewer=F("edited_by"))
            & (Q(contributors="") | ~Q(reviewer=F("submitted_by"))),
            FOUR_EYES,
        ),
        constraint(
            f"{name}_replaces_with_reason",
            Q(replaces__isnull=True) | ~Q(reason="") | Q(redacted_by__isnull=False),
            _("What replaces something published says why."),
        ),
        models.UniqueConstraint(fields=["replaces"], condition=published, name=f"{name}_corrections_are_a_line"),
        models.UniqueConstraint(
            fields=["seed_key"], condition=Q(replaces__isnull=True) & ~Q(seed_key=""), name=f"{name}_seed_key_unique"
        ),
    ]


class WithFileQuerySet(FinalQuerySet):
    """Questions about files, which are known by their hash."""

    def taken_away(self, hashes: Iterable[str]) -> set[str]:
        """Those of the hashes whose file was once redacted: it is not given out again, whoever else cites it."""
        rows = self.filter(file_hash__in=[each for each in hashes if each], redacted_by__isnull=False)
        return set(rows.values_list("file_hash", flat=True))


class WithFile(models.Model):
    """All of these are given or none. Hash, name, type and size are public once the row is; the place never is."""

    file_hash = models.CharField(_("hash of the file"), max_length=64, blank=True, db_index=True)
    file_name = models.CharField(_("name of the file"), max_length=120, blank=True)
    file_type = models.CharField(_("type of the file"), max_length=100, blank=True)
    file_size = models.PositiveIntegerField(_("size of the file in bytes"), default=0)
    stored = models.CharField(_("where the file is kept"), max_length=32, blank=True)

    class Meta:
        abstract = True

    def file_fields(self) -> dict[str, str | int]:
        """What another row that cites the same file is given."""
        return {name: getattr(self, name) for name in FILE_FIELDS}

    def file_path(self) -> str:
        """Address of the download; blank without a file."""
        return reverse("evidence-file", args=[self.file_hash]) if self.file_hash else ""


def file_is_whole(name: str) -> models.CheckConstraint:
    """A file with its hash, type, size and place, or none of them. The name alone may go, by redaction."""
    return constraint(
        name,
        Q(file_hash="", file_name="", file_type="", file_size=0, stored="")
        | Q(file_size__gt=0) & ~Q(file_hash="") & ~Q(file_type="") & ~Q(stored=""),
        _("A file has a hash, a type, a size and a place, or there is none."),
    )
