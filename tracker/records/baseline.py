"""The public shape of what stands around a plan: where things stood before it, and the norms that it rests on."""

import dataclasses
import datetime
from decimal import Decimal

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from .registry import Texts, described, document_address

NO_REPLY = "none"  # to whoever asks for recommendations by reply


@dataclasses.dataclass(frozen=True, slots=True)
class RepeatRecord:
    """A place that gives a figure or an act of the baseline: the document itself, or one that repeats it."""

    source: str = described(_("Code of the source"))
    place: str = described(_("Part and paragraph in it"))
    said: str = described(_("What is said there, where it differs"), "")
    differs: str = described(_("In what it differs: wording, rounding, currency or value"), "")


@dataclasses.dataclass(frozen=True, slots=True)
class BaselineRecord:
    """A figure or an act that a document of the State reported of the time before the plan."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Permanent code within the plan"))
    position: int = described(_("Place in the order of the document, from 1"))
    form: str = described(_("figure, or act: something done"))
    title: str = described(_("What was counted or done, in this site's words"))
    source: str = described(_("Code of the document"))
    place: str = described(_("Part and paragraph of the document"))
    quote: str = described(_("Words of the document that carry it"))
    value: Decimal | None = described(_("Number, in the unit; blank for an act"))
    as_published: str = described(_("The number as the document gives it"))
    bound: str = described(_("What the number says of the true one"))
    unit: str = described(_("Unit of the number"))
    nature: str = described(_("stock, average, flow or event"))
    starts_on: datetime.date | None = described(_("First day of the period"))
    as_of: datetime.date = described(_("End of the period, or the moment"))
    precision: str = described(_("How exactly that date is known"))
    undated: bool = described(_("The document gives no date of its own: its last year stands"))
    how: str = described(_("reported, or derived by the document itself"))
    scope: str = described(_("Place or population, where not the whole country"))
    category: str = described(_("Code of the right that it is about"))
    commitments: Texts = described(_("Codes of the commitments that it is context for"))
    metrics: Texts = described(_("Codes of the metrics that it stands near; never computed with"))
    same_series: bool = described(_("Its definition agrees with that of the metrics"))
    note: str = described(_("What is weak or unclear about it, or why it is of the same series"))
    citations: tuple[RepeatRecord, ...] = described(_("Every place that gives it, and what is said otherwise there"))
    path: str = described(_("Address on this site"))

    @property
    def repeats(self) -> tuple[RepeatRecord, ...]:
        """The places that give it besides its own in the document."""
        return tuple(each for each in self.citations if (each.source, each.place) != (self.source, self.place))

    @property
    def differences(self) -> Texts:
        """In what the places that give it differ, each once."""
        return tuple(dict.fromkeys(each.differs for each in self.citations if each.differs))


@dataclasses.dataclass(frozen=True, slots=True)
class PassageRecord:
    """A paragraph of that document with figures that are no records."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Part and paragraph of the document"))
    position: int = described(_("Place in the order of the document, from 1"))
    source: str = described(_("Code of the document"))
    other_figures: Texts = described(_("Figures of the paragraph that are not recorded, each with the reason"))


@dataclasses.dataclass(frozen=True, slots=True)
class InstrumentRecord:
    """A treaty, a set of goals or a review mechanism."""

    code: str = described(_("Permanent code"))
    kind: str = described(_("What sort of instrument it is"))
    title: str = described(_("Title"))
    symbol: str = described(_("Official symbol; blank where no document at hand gives it"))
    body: str = described(_("Code of the body that reviews it"))
    address: str = described(_("Address of its text; blank where none was seen"))
    path: str = described(_("Address on this site"))


@dataclasses.dataclass(frozen=True, slots=True)
class NormRecord:
    """An article, a target or a step of an instrument."""

    code: str = described(_("Permanent code: the instrument's, a hyphen and the number"))
    instrument: str = described(_("Code of the instrument"))
    number: str = described(_("Number as it is cited"))
    title: str = described(_("Title in this site's words"))
    path: str = described(_("Address on this site"))


@dataclasses.dataclass(frozen=True, slots=True)
class RecommendationRecord:
    """What a United Nations mechanism recommended to a State, and what the State replied."""

    code: str = described(_("Permanent code, made of symbol and paragraph"))
    state: str = described(_("State that it is addressed to"))
    mechanism: str = described(_("Which of the three mechanisms recommends"))
    body: str = described(_("Code of the body that recommends"))
    symbol: str = described(_("Symbol of the document: https://undocs.org/SYMBOL"))
    paragraph: str = described(_("Paragraph in it, as it is cited"))
    published: datetime.date = described(_("Date of the document"))
    published_precision: str = described(_("How exactly that date is known"))
    text: str = described(_("What is recommended: in this site's words, or in the document's where verbatim is true"))
    verbatim: bool = described(_("Whether the text is in the document's words"))
    recommended_by: Texts = described(_("In a review by States: who recommends it"))
    themes: Texts = described(_("Themes under which it is filed"))
    norms: Texts = described(_("Codes of the articles, targets or cycles that it is about"))
    reply: str = described(_("What the State replied; blank: no reply is on record here, which is no refusal"))
    reply_words: str = described(_("The reply in the State's own words"))
    reply_symbol: str = described(_("Symbol of the document of the reply"))
    reply_paragraph: str = described(_("Paragraph of the reply"))
    source: str = described(_("Code of the source in which it was read"))
    index_id: str = described(_("Its id in the Universal Human Rights Index; blank where it was not loaded from there"))
    path: str = described(_("Address on this site"))

    @property
    def cited(self) -> str:
        """Symbol and paragraph, as the United Nations cite it."""
        return f"{self.symbol}, {_('para.')} {self.paragraph}"

    @property
    def title(self) -> str:
        """Its first words, where a list or a link needs a title."""
        return Truncator(self.text).chars(80)

    @property
    def document_address(self) -> str:
        """Where the United Nations keep the document."""
        return document_address(self.symbol)

    @property
    def reply_address(self) -> str:
        """Where they keep the document of the reply; nothing where none is known."""
        return document_address(self.reply_symbol)


@dataclasses.dataclass(frozen=True, slots=True)
class AdherenceRecord:
    """Whether and since when the State that made a plan takes part in an instrument."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Permanent code within the plan: the instrument's"))
    instrument: str = described(_("Code of the instrument"))
    participation: str = described(_("How the State takes part"))
    since: datetime.date | None = described(_("Since when; blank where no document at hand says it"))
    precision: str = described(_("How exactly that date is known"))
    source: str = described(_("Code of the source"))
    note: str = described(_("Reservations, limits and what the source records besides"))


@dataclasses.dataclass(frozen=True, slots=True)
class NormLinkRecord:
    """This site's own link from a promise to a norm. Editorial: it says nothing of the norm being respected."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Permanent code within the plan: the commitment's, a hyphen and the norm's"))
    commitment: str = described(_("Code of the commitment"))
    norm: str = described(_("Code of the norm"))
    instrument: str = described(_("Code of the norm's instrument"))
    rationale: str = described(_("Why it is linked, in this site's words"))
    path: str = described(_("Address on this site"))


@dataclasses.dataclass(frozen=True, slots=True)
class RecommendationLinkRecord:
    """This site's own link from a promise to a recommendation. Editorial: it judges neither."""

    plan: str = described(_("Code of the plan"))
    code: str = described(_("Permanent code within the plan: the commitment's, a hyphen and the recommendation's"))
    commitment: str = described(_("Code of the commitment"))
    recommendation: str = described(_("Code of the recommendation"))
    rationale: str = described(_("Why it is linked, in this site's words"))
    path: str = described(_("Address on this site"))
