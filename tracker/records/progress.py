"""The public shape of what was recorded: updates, others' findings, what they cite, and what replaced or amended it."""

import dataclasses
import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from tracker.standalone.assess import earliest

from .registry import described, document_address


@dataclasses.dataclass(frozen=True, slots=True)
class CitedRecord:
    """A source cited for an update or a finding."""

    source: str = described(_("Code of the source"))
    locator: str = described(_("Where in it"))
    note: str = described(_("Note"))
    file: str = described(_("SHA-256 of the file that was seen, which is its address under /files/"), "")
    file_name: str = described(_("Name of that file"), "")
    file_size: int | None = described(_("Size of that file in bytes"), None)


class _Statement:
    """What is dated and rests on something."""

    __slots__ = ()
    as_of: datetime.date
    precision: str
    evidence: tuple[CitedRecord, ...]

    @property
    def earliest(self) -> datetime.date:
        """The first day that its date may be."""
        return earliest(self.as_of, self.precision)

    @property
    def sources(self) -> tuple[str, ...]:
        """Codes of what it cites."""
        return tuple(cited.source for cited in self.evidence)


@dataclasses.dataclass(frozen=True, slots=True)
class UpdateRecord(_Statement):
    """A published update, live or replaced since."""

    entry: int = described(_("Log entry that published it"))
    key: str = described(_("Permanent key, which corrections and copies of the data keep"))
    what: str = described(_("What it records"))
    metric: str = described(_("Metric that a value or stage belongs to"))
    commitment: str = described(_("Commitment that a judgement or search belongs to"))
    value: Decimal | None = described(_("Number, in the metric's unit"))
    as_published: str = described(_("The number as the source gives it"))
    bound: str = described(_("What the number says of the true one"))
    starts_on: datetime.date | None = described(_("First day of the period"))
    as_of: datetime.date = described(_("End of the period, or the moment"))
    precision: str = described(_("How exactly that date is known"))
    fits: str = described(_("same, near or other statistic than the metric's"))
    how: str = described(_("reported, derived or converted"))
    arithmetic: str = described(_("Arithmetic of a derived or converted number"))
    scope: str = described(_("Place or population, where other than the metric's"))
    origin: str = described(_("Body whose figure or act it is"))
    rung: str = described(_("Stage reached"))
    verdict: str = described(_("Judgement against the test"))
    withheld: bool = described(_("Evidence shows that the State does not publish it"))
    reach: str = described(_("Of a search: limited or full"))
    places: str = described(_("Places that were looked at"))
    words: str = described(_("Words that were looked for"))
    languages: str = described(_("Languages that were looked in"))
    year_not_stated: bool = described(_("The source does not say of which year the figure is"))
    summary: str = described(_("What it records"))
    caveat: str = described(_("What is weak about it"))
    reread: str = described(_("What a second reading at the page found"))
    reason: str = described(_("Why it replaces another row"))
    redacted: bool = described(_("Whether its text was taken away for somebody's safety"))
    at: datetime.datetime = described(_("When it was published here"))
    evidence: tuple[CitedRecord, ...] = described(_("Sources"))

    @property
    def is_usable(self) -> bool:
        """Whether the method computes with it: a value of the metric's own statistic or a near one, place and group."""
        return self.what == "value" and self.fits in ("same", "near") and not self.scope


@dataclasses.dataclass(frozen=True, slots=True)
class AssessmentRecord(_Statement):
    """A published finding or claim of somebody else."""

    entry: int = described(_("Log entry that published it"))
    key: str = described(_("Permanent key, which corrections and copies of the data keep"))
    commitment: str = described(_("Commitment that it is about"))
    category: str = described(_("Right that it is about"))
    origin: str = described(_("Body whose finding it is"))
    side: str = described(_("Side of that body: official, un, independent or unknown"))
    says: str = described(_("kept, partly, not_kept, qualifies or notes"))
    starts_on: datetime.date | None = described(_("Start of the time that it speaks of"))
    ends_on: datetime.date | None = described(_("End of the time that it speaks of"))
    as_of: datetime.date = described(_("Date of the finding"))
    precision: str = described(_("How exactly that date is known"))
    document: str = described(_("Document and paragraph; a UN document by its symbol: https://undocs.org/SYMBOL"))
    replies_to: int | None = described(_("Log entry of the finding that it answers"))
    finds_harm: bool = described(_("It finds that keeping the promise itself harms the right"))
    reason: str = described(_("Why it replaces another row"))
    summary: str = described(_("What it says"))
    caveat: str = described(_("What is weak about it"))
    reread: str = described(_("What a second reading at the page found"))
    redacted: bool = described(_("Whether its text was taken away for somebody's safety"))
    at: datetime.datetime = described(_("When it was published here"))
    evidence: tuple[CitedRecord, ...] = described(_("Sources"))

    @property
    def document_address(self) -> str:
        """Where the document is kept, if it is one of the United Nations."""
        return document_address(self.document)


Updates = Sequence[UpdateRecord]
Findings = tuple[AssessmentRecord, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ReplacedRecord:
    """What replaced a row that no longer counts."""

    entry: int = described(_("Log entry of the correction or withdrawal"))
    withdrawn: bool = described(_("Whether it was withdrawn, and not corrected"))
    reason: str = described(_("Why"))
    at: datetime.datetime = described(_("When that was published here"))


@dataclasses.dataclass(frozen=True, slots=True)
class AmendmentRecord:
    """A change of what the registry says of something."""

    entry: int = described(_("Log entry that published it"))
    changes: dict[str, list[Any]] = described(_("Old and new value of each field that changed"))
    reason: str = described(_("Why"))
    redacted: bool = described(_("Whether its text was taken away for somebody's safety"))
    at: datetime.datetime = described(_("When it was published here"))
