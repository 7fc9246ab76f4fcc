"""The search of everything public: what an address asks for, and which records have the words, best match first.

What is found is what a snapshot holds: the index of the database only says which wordings have which words.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy

from tracker import search
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot, once_for_a_snapshot
from tracker.snapshot.stored import Deciding, deciding
from tracker.text.plain import folded

from .base import terms_of
from .dates import KnownQuery, NumberedQuery
from .parameters import Choice, Text, Words

# Kinds of what is found, named like their lists in the API, in the order of the counts and of what matches alike.
KINDS: dict[str, Text] = {
    "commitments": gettext_lazy("Promises"),
    "assessments": gettext_lazy("Findings"),
    "updates": gettext_lazy("Updates"),
    "categories": gettext_lazy("Rights"),
    "provisions": gettext_lazy("Paragraphs"),
    "metrics": gettext_lazy("Metrics"),
    "baseline": gettext_lazy("Before the plan"),
    "instruments": gettext_lazy("Treaties and goals"),
    "norms": gettext_lazy("Articles and targets"),
    "recommendations": gettext_lazy("UN recommendations"),
    "bodies": gettext_lazy("Bodies"),
    "sources": gettext_lazy("Sources"),
    "plans": gettext_lazy("Plans"),
}
LONGEST_QUESTION = 400  # characters
OF_A_STATEMENT = 2.0  # what its words count for: they are many, and each counts for the less
BY_ITS_NAME = 0.1  # what the name of its body or instrument counts for in what is found by it
ROWS_ON_A_PAGE = 20
MOST_SLIPS = 3  # words of a question that are looked for by their spelling
TOO_LONG = gettext_lazy("at most %(limit_value)s characters; this has %(show_value)s.")
Q = Words(gettext_lazy("Words"), max_length=LONGEST_QUESTION, error_messages={"max_length": TOO_LONG})
KIND = Choice(gettext_lazy("Kind"), KINDS.items())


class SearchQuery(KnownQuery, NumberedQuery):
    """A page of what has the words, of one kind or of all."""

    filters = True

    q, kind = Q, KIND

    def arguments(self, plan: PlanView | None) -> dict[str, Any]:
        """What is asked, and the day that the addresses around it keep."""
        days = [(name, day) for name, day in self.values.items() if name == "known"]
        return super().arguments(plan) | {"q": self.get("q") or "", "kind": self.get("kind") or "", "days": days}


class Document(NamedTuple):
    """Something that can be found: its kind, its record, and what a statement is about."""

    kind: str
    record: Any
    about: Any = None  # of an update or a finding: the metric, promise or right


def in_full(snapshot: Snapshot, document: Document) -> Document:
    """A document with its record: an update that is not in memory is its log entry until then."""
    if not isinstance(document.record, int):
        return document
    about = document.about
    rows = (snapshot.plans[about.plan] if hasattr(about, "plan") else snapshot).updates[about.code]
    return document._replace(record=next(row for row in rows if row.entry == document.record))


@dataclass
class Documents:
    """Everything that can be found in a snapshot, in order, and at which places of it by which wording."""

    all: list[Document] = field(default_factory=list)
    by_key: dict[int, list[tuple[int, float]]] = field(default_factory=dict)  # with what each counts for
    by_name: dict[int, list[int]] = field(default_factory=dict)  # of another record: a body, an instrument
    by_entry: dict[int, int] = field(default_factory=dict)  # statements, of which there may be a million

    def add(self, document: Document) -> int:
        """Put it behind the others, findable by its own wordings. Returns its place."""
        self.all.append(document)
        place = len(self.all) - 1
        for key, _subject, _texts, weight in search.wordings_of(document.record):
            self.by_key.setdefault(key, []).append((place, weight))
        return place

    def find_by_name(self, place: int, record: Any) -> None:
        """Let it be found by the name of another record too, where there is one."""
        for key, *_texts in islice(search.wordings_of(record), 1) if record else ():
            self.by_name.setdefault(key, []).append(place)

    def having(self, key: int) -> Iterator[tuple[int, float]]:
        """The places of those that a wording finds, and what that counts for."""
        if key in self.by_entry:
            yield self.by_entry[key], OF_A_STATEMENT
        yield from self.by_key.get(key, ())
        yield from ((place, BY_ITS_NAME) for place in self.by_name.get(key, ()))


@once_for_a_snapshot
def documents_of(snapshot: Snapshot) -> Documents:
    """Everything that can be found in a snapshot."""
    documents = Documents()
    for plan in snapshot.plans.values():
        # A promise is found as in the explorer, by what it stands under too.
        start = len(documents.all)
        documents.all += [Document("commitments", record) for record in plan.rows]
        for key, (weight, places) in snapshot.wordings[plan.code].items():
            documents.by_key.setdefault(key, []).extend((start + place, weight) for place in places)
    for kind, record, about in _statements(snapshot):
        documents.all.append(Document(kind, record.entry if isinstance(record, Deciding) else record, about))
        place = len(documents.all) - 1
        documents.by_entry[record.entry] = place
        documents.find_by_name(place, snapshot.bodies.get(record.origin))
    for plan in snapshot.plans.values():
        _add_plan(documents, plan, snapshot)
    shared = (("metrics", snapshot.metrics), ("instruments", snapshot.instruments), ("bodies", snapshot.bodies))
    for kind, records in shared:
        for record in records.values():
            documents.add(Document(kind, record))
    for norm in snapshot.norms.values():
        documents.find_by_name(documents.add(Document("norms", norm)), snapshot.instruments[norm.instrument])
    for each in snapshot.recommendations.values():
        documents.find_by_name(documents.add(Document("recommendations", each)), snapshot.bodies.get(each.body))
    for source in snapshot.sources.values():
        documents.find_by_name(documents.add(Document("sources", source)), snapshot.bodies.get(source.publisher))
    return documents


def _add_plan(documents: Documents, plan: PlanView, snapshot: Snapshot) -> None:
    """A plan, its rights, its paragraphs, by their own text too where that is attached, and its baseline."""
    documents.add(Document("plans", plan))
    text = snapshot.attachment(plan.code)
    for kind in ("categories", "provisions", "baseline"):
        for code, record in getattr(plan, kind).items():
            place = documents.add(Document(kind, record))
            if kind == "provisions" and text:
                documents.by_key[search.key_of_passage(plan.code, code, text.sha256)] = [(place, 1.0)]


def _statements(snapshot: Snapshot) -> Iterator[tuple[str, Any, Any]]:
    """Every statement that counts and was not taken away: its kind, and what it is about."""
    for code, rows in snapshot.updates.items():
        yield from (("updates", row, snapshot.metrics[code]) for row in deciding(rows) if not row.redacted)
    for plan in snapshot.plans.values():
        for code, about in plan.commitments.items():
            own = (row for row in deciding(plan.updates[code]) if not row.metric)
            yield from (("updates", row, about) for row in own if not row.redacted)
            yield from (("assessments", row, about) for row in plan.findings[code] if not row.redacted)
        for code, findings in plan.findings_on.items():
            yield from (("assessments", row, plan.categories[code]) for row in findings if not row.redacted)


class SearchResult:
    """What has all the words of a question: documents, best match first, and how many there are of each kind."""

    def __init__(self, snapshot: Snapshot, question: str, kind: str = "") -> None:
        self.question, self.kind, self.terms = question, kind, terms_of(question)
        documents = documents_of(snapshot)
        self._by_term = _fits(documents, self.terms)
        fits = _in_all(self._by_term)
        self.every = ranked = [documents.all[place] for place in sorted(fits, key=lambda place: (-fits[place], place))]
        self.counts = Counter(each.kind for each in ranked)
        self.documents = [each for each in ranked if kind in ("", each.kind)]
        self.instead = "" if ranked else self._instead(documents)
        # Of words that stand nowhere together, how many records have each: to see which of them to leave out.
        apart = () if ranked or len(self.terms) < 2 else zip(self.terms, self._by_term, strict=True)
        self.apart = [(term.typed, len(places)) for term, places in apart]

    def _instead(self, documents: Documents) -> str:
        """The question with words that stand somewhere in place of those that stand nowhere; blank without any."""
        meant, changed = folded(self.question), False
        nowhere = [term for term, places in zip(self.terms, self._by_term, strict=True) if not places]
        for term in nowhere if len(nowhere) <= MOST_SLIPS else ():
            if term.inside or len(term.words) > 1 or not (near := search.nearest(term.words[0])):
                continue
            fits = _fits(documents, [search.Term((word,), open=False) for word in near])
            if word := next((word for word, each in zip(near, fits, strict=True) if each), ""):
                meant, changed = re.sub(rf"(?<!\w){term.words[0]}(?!\w)", word, meant), True
        return meant if changed and _in_all(_fits(documents, terms_of(meant))) else ""


def _fits(documents: Documents, terms: list[search.Term]) -> list[dict[int, float]]:
    """For each term the places of the documents that have it, with how well each fits."""
    by_term = []
    for keys in search.matches(terms, ranked=True, statements=True):
        fits: dict[int, float] = {}
        for key, fit in keys.items():
            for place, weight in documents.having(key):
                fits[place] = fits.get(place, 0) + fit * weight
        by_term.append(fits)
    return by_term


def _in_all(by_term: list[dict[int, float]]) -> dict[int, float]:
    """The places of documents that have all terms, with how well all of them fit together."""
    fits, *more = by_term or [{}]
    for each in more:
        fits = {place: fit + each[place] for place, fit in fits.items() if place in each}
    return fits
