"""One plan as a snapshot holds it, and what pages ask of it."""

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

from django.urls import reverse

from tracker import search
from tracker.records.baseline import (
    AdherenceRecord,
    BaselineRecord,
    NormLinkRecord,
    PassageRecord,
    RecommendationLinkRecord,
)
from tracker.records.progress import Findings, Updates
from tracker.records.registry import BodyRecord, CategoryRecord, CommitmentRecord, PlanRecord, ProvisionRecord
from tracker.standalone.assess import Assessed

from . import bitsets

Record = TypeVar("Record")
Key = TypeVar("Key", bound=Hashable)


class NotInRegistry(LookupError):
    """Nothing has this code. The message is a sentence for the page that says so."""


def by_code(part: str, kind: type[Record], noun: str) -> Callable[[Any, str], Record]:
    """A method that gives the record of a code in a part of what it is a method of. Raises ``NotInRegistry``."""
    del kind  # it says what comes out, to whoever checks types

    def look_up(self: Any, code: str) -> Record:
        records: Mapping[str, Record] = getattr(self, part)
        if code not in records:
            raise NotInRegistry(f"There is no {noun} with the code {code}.")
        return records[code]

    return look_up


def grouped(
    records: Iterable[Record], keys_of: Callable[[Record], Iterable[Key]], among: Iterable[Key] = ()
) -> dict[Key, list[Record]]:
    """Records by each of the keys that one names, in order; each key of ``among`` is there, with none if need be."""
    groups: dict[Key, list[Record]] = {key: [] for key in among}
    for record in records:
        for key in keys_of(record):
            groups.setdefault(key, []).append(record)
    return groups


@dataclasses.dataclass(frozen=True, kw_only=True)
class PlanView(PlanRecord):
    """One plan with everything in it, by code and in the plan's order."""

    publisher: BodyRecord  # type: ignore[assignment]  # its record in place of its code
    categories: dict[str, CategoryRecord]
    provisions: dict[str, ProvisionRecord]
    commitments: dict[str, CommitmentRecord]
    assessed: dict[str, Assessed]  # the whole result of the method, by commitment
    updates: dict[str, Updates]  # live updates by commitment, those of its metric included
    origins: dict[str, frozenset[str]]  # whose figures or acts these are
    replaced: dict[str, Updates]  # updates that were corrected or withdrawn since, by commitment
    findings: dict[str, Findings]  # others' findings by commitment
    findings_on: dict[str, Findings]  # others' findings on a right as a whole, by category
    replaced_findings: dict[str | tuple[str, str], Findings]  # the same of findings, by commitment or ("right", code)
    changes_by_code: dict[str, tuple[Any, ...]] = dataclasses.field(
        repr=False, compare=False
    )  # changes asked for so far
    links: dict[str, tuple[NormLinkRecord, ...]]  # to norms, by commitment
    recommended: dict[str, tuple[RecommendationLinkRecord, ...]]  # links to recommendations, by commitment
    adherences: dict[str, AdherenceRecord]  # how the State that made the plan stands to each instrument
    bodies: dict[str, BodyRecord]  # who makes statements, each with the side on which it stands to this plan
    baseline: dict[str, BaselineRecord]  # what was reported of the time before, by code
    passages: dict[str, PassageRecord]  # paragraphs of that document, by place

    category = by_code("categories", CategoryRecord, "chapter or section")
    provision = by_code("provisions", ProvisionRecord, "paragraph")
    commitment = by_code("commitments", CommitmentRecord, "commitment")
    baseline_record = by_code("baseline", BaselineRecord, "figure or act of the baseline")

    @cached_property
    def texts_by_language(self) -> dict[str, list[str]]:
        """Where its text can be read: addresses by the code of the language."""
        languages = grouped(self.texts, lambda text: (text.split(": ")[0],))
        return {code: [text.split(": ")[1] for text in texts] for code, texts in languages.items()}

    @cached_property
    def explorer_path(self) -> str:
        return reverse("commitment-list", args=[self.code])

    @cached_property
    def baseline_path(self) -> str:
        return reverse("baseline", args=[self.code])

    @cached_property
    def tree(self) -> dict[str, list[CategoryRecord]]:
        """Children of each category by code, in order; those at the top under the empty code."""
        return grouped(self.categories.values(), lambda category: (category.parent,))

    @cached_property
    def ancestry(self) -> dict[str, tuple[str, ...]]:
        """For each category its own code and those above it, nearest first."""
        lines: dict[str, tuple[str, ...]] = {"": ()}

        def line(code: str) -> tuple[str, ...]:
            if code not in lines:
                lines[code] = (code, *line(self.categories[code].parent))
            return lines[code]

        for code in self.categories:
            line(code)
        return lines

    def within(self, category: CategoryRecord) -> Iterable[CategoryRecord]:
        """A category and all below it, in the order of the text."""
        yield category
        for child in self.tree.get(category.code, ()):
            yield from self.within(child)

    @cached_property
    def by_category(self) -> dict[str, list[CommitmentRecord]]:
        """Commitments of each category, those of the categories below it included."""
        return grouped(self.commitments.values(), lambda c: self.ancestry[c.category], self.categories)

    @cached_property
    def by_provision(self) -> dict[str, list[CommitmentRecord]]:
        """Commitments of each paragraph."""
        return grouped(self.commitments.values(), lambda c: (c.provision,), self.provisions)

    @cached_property
    def provisions_of(self) -> dict[str, list[ProvisionRecord]]:
        """Paragraphs that stand directly under each category; those under none by the empty code."""
        return grouped(self.provisions.values(), lambda p: (p.category,), ("", *self.categories))

    @property
    def promising_paragraphs(self) -> int:
        """How many paragraphs promise. Stated objectives are general aims and no paragraphs."""
        return sum(1 for provision in self.provisions.values() if provision.form != "objective")

    def directly_under(self, code: str) -> list[CommitmentRecord]:
        """Commitments of the paragraphs that stand directly under a category."""
        return [c for provision in self.provisions_of[code] for c in self.by_provision[provision.code]]

    @cached_property
    def by_norm(self) -> dict[str, list[NormLinkRecord]]:
        """Links by norm, in the plan's order. Norms without a link are not in it."""
        return grouped((link for links in self.links.values() for link in links), lambda link: (link.norm,))

    @cached_property
    def by_recommendation(self) -> dict[str, list[RecommendationLinkRecord]]:
        """Links by recommendation, in the plan's order. Recommendations without a link are not in it."""
        links = (link for of_promise in self.recommended.values() for link in of_promise)
        return grouped(links, lambda link: (link.recommendation,))

    @cached_property
    def by_instrument(self) -> dict[str, list[CommitmentRecord]]:
        """Commitments that are linked to a norm of each instrument, in the plan's order."""
        linked = grouped(self.links, lambda code: dict.fromkeys(link.instrument for link in self.links[code]))
        return {instrument: [self.commitments[code] for code in codes] for instrument, codes in linked.items()}

    @cached_property
    def sides_of_updates(self) -> dict[str, set[str]]:
        """For each commitment, the sides whose figures or acts are on record."""
        sides = {code: body.side for code, body in self.bodies.items()}
        return {code: {sides[each] for each in bodies if each in sides} for code, bodies in self.origins.items()}

    @cached_property
    def rows(self) -> tuple[CommitmentRecord, ...]:
        """Commitments in the plan's order. Their place in it is their bit in a set."""
        return tuple(self.commitments.values())

    @cached_property
    def bits(self) -> bitsets.Sets:
        """For each filter with choices, the set of commitments that have each value, as a whole number."""
        return bitsets.bits_by_value(self, bitsets.VALUES, self.rows)

    @cached_property
    def baseline_bits(self) -> bitsets.Sets:
        """For each filter of the baseline with choices, the set of its records that have each value."""
        return bitsets.bits_by_value(self, bitsets.OF_BASELINE, tuple(self.baseline.values()))

    @cached_property
    def baseline_texts(self) -> tuple[str, ...]:
        """For each record of the baseline the words that a search may meet."""
        texts = ((r.code, r.title, r.quote, r.note, r.unit, r.scope) for r in self.baseline.values())
        return tuple(map(search.text_of, texts))

    @cached_property
    def baseline_by_category(self) -> dict[str, list[BaselineRecord]]:
        """Records of the baseline of each category, those of the categories below it included."""
        return grouped(self.baseline.values(), lambda record: self.ancestry[record.category], self.categories)

    @cached_property
    def baseline_by_commitment(self) -> dict[str, list[BaselineRecord]]:
        """Records of the baseline that are context for each commitment."""
        return grouped(self.baseline.values(), lambda record: record.commitments, self.commitments)

    def trail(self, code: str) -> list[CategoryRecord]:
        """Categories from the top down to the one of that code."""
        return [self.categories[each] for each in reversed(self.ancestry[code])]
