"""What readers report as wrong or missing, and what became of it. Who sent it, and their words, are never public."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .commitments import Commitment
from .conditions import constraint, one_of
from .ledger import LedgerEntry
from .progress import Assessment, Update
from .publishable import State, WithFile, file_is_whole
from .sources import Source

REPORTABLE = ("commitment", "assessment", "source")
SENDER = ("name", "contact")  # who sent it
WORDS = (*SENDER, "text", "link", "answer")  # all that somebody typed


class Wrong(models.TextChoices):
    """What a reader says is wrong."""

    FACT = "fact", _("A figure, a date or a fact is wrong")
    MISSING = "missing", _("Something is missing: a newer figure, a document, a finding")
    SOURCE = "source", _("A source or its link is wrong, or does not say this")
    READING = "reading", _("The promise, the test or a finding is misread")
    PERSON = "person", _("Somebody could be found or harmed by what stands here")
    REPLY = "reply", _("We are named here, or are responsible, and reply")
    OTHER = "other", _("Something else")


class Became(models.TextChoices):
    """What became of a report."""

    WAITING = "waiting", _("not looked at yet")
    NEEDS_SOURCE = "needs_source", _("needs a source before anything can be done")
    DRAFTED = "drafted", _("being worked on: nothing changes before two people have looked at it")
    CHANGED = "changed", _("something was changed")
    ANSWERED = "answered", _("looked at; nothing had to be changed")
    REFUSED = "refused", _("not followed")
    DUPLICATE = "duplicate", _("reported by somebody else already")
    NO_REPORT = "no_report", _("advertising or abuse, and no report")


class Because(models.TextChoices):
    """Why a report is not followed."""

    SOURCE_SAYS_OTHERWISE = "source_says_otherwise", _("the source does not say what was reported")
    NO_SOURCE = "no_source", _("no source was given, and none was found")
    METHOD = "method", _("the method decides this, and was followed")
    OPINION = "opinion", _("it is an opinion on the promise, and not on what is recorded")
    OUTSIDE = "outside", _("it is about something that this site does not record")
    SAFETY = "safety", _("it would put somebody in danger")


SETTLED = (Became.CHANGED, Became.ANSWERED, Became.REFUSED, Became.DUPLICATE)


class ReaderReportQuerySet(models.QuerySet["ReaderReport"]):
    """Questions about what readers reported."""

    def whole(self) -> Self:
        """With what each is about, and what was drafted of it."""
        about = ("commitment__plan", "source", "assessment__origin")
        about += ("assessment__commitment__plan", "assessment__category__plan")
        return self.select_related(*about, "update_draft__entry", "finding_draft__entry", "same_as")

    def waiting(self) -> Self:
        """Those that nobody has looked at."""
        return self.filter(became=Became.WAITING)

    def settled(self) -> Self:
        """Those whose outcome is public, with the moment ``settled_at``; one that is drafted once its draft is."""
        public = Q(update_draft__state=State.PUBLISHED) | Q(finding_draft__state=State.PUBLISHED)
        rows = self.filter(Q(became__in=SETTLED) | Q(became=Became.DRAFTED) & public)
        return rows.annotate(settled_at=Coalesce("update_draft__entry__at", "finding_draft__entry__at", "decided_at"))


class ReaderReport(WithFile, models.Model):
    """One report. Its words and its sender are for those who may act on it; its outcome is one of a closed list."""

    at = models.DateTimeField(_("when"), db_index=True)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="+", null=True, blank=True)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="+", null=True, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", null=True, blank=True)
    wrong = models.CharField(_("what is wrong"), max_length=10, choices=Wrong)
    text = models.TextField(_("in the reader's words"), blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True)
    name = models.CharField(_("who"), max_length=120, blank=True)
    contact = models.CharField(_("where to reach them"), max_length=200, blank=True)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of what is secret in the address of its outcome
    became = models.CharField(_("what became of it"), max_length=15, choices=Became, default=Became.WAITING)
    because = models.CharField(_("because"), max_length=25, choices=Because, blank=True)
    answer = models.TextField(_("answer"), blank=True)  # to the sender alone
    same_as = models.ForeignKey("self", models.SET_NULL, related_name="+", null=True, blank=True)
    # What was drafted of it, and which further entries of the log answer it.
    update_draft = models.ForeignKey(Update, models.SET_NULL, related_name="+", null=True, blank=True)
    finding_draft = models.ForeignKey(Assessment, models.SET_NULL, related_name="+", null=True, blank=True)
    entries = models.ManyToManyField(LedgerEntry, related_name="+", blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReaderReportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("report of a reader")
        verbose_name_plural = _("reports of readers")
        indexes = [models.Index(fields=["became", "at"], name="reports_by_outcome")]
        constraints = [
            constraint(
                "report_is_about_one_thing",
                one_of(REPORTABLE),
                _("A report is about one promise, one finding or one source."),
            ),
            constraint(
                "report_refused_says_why",
                ~Q(became=Became.REFUSED) | Q(because__in=Because.values),
                _("A report that is not followed says why."),
            ),
            file_is_whole("report_file_is_whole"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def about(self) -> Commitment | Assessment | Source:
        """What it is about."""
        about = self.commitment or self.assessment or self.source
        assert about is not None  # a constraint of the table
        return about

    @property
    def subject(self) -> str:
        """How messages and trail name it: by its number and codes, and by no word of it."""
        if self.assessment is not None:
            return f"report {self.pk} on {self.assessment.subject}"
        plan = f"{self.commitment.plan.code}/" if self.commitment is not None else ""
        return f"report {self.pk} on {self.about._meta.model_name} {plan}{self.about.code}"  # type: ignore[union-attr]

    def file_path(self) -> str:
        """Address of its file, which those alone open who decide on it."""
        return reverse("desk-report-file", args=[self.pk]) if self.stored else ""

    @property
    def draft(self) -> Update | Assessment | None:
        """What was drafted of it."""
        return self.update_draft or self.finding_draft

    @property
    def outcome(self) -> Became:
        """What became of it: changed, as soon as what was drafted is public."""
        draft, became = self.draft, Became(self.became)
        public = draft is not None and draft.state == State.PUBLISHED
        return Became.CHANGED if became == Became.DRAFTED and public else became

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide on it, or to publish what was drafted of it."""
        return self.outcome in (Became.WAITING, Became.NEEDS_SOURCE, Became.DRAFTED)


class ReaderSending(models.Model):
    """That somebody sent a form, for a day: under a hash that nobody without the site's key can make of an address."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("sending of a reader")
        verbose_name_plural = _("sendings of readers")
        indexes = [models.Index(fields=["key", "at"], name="sendings_of_an_address")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M}"
