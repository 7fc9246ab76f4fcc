"""One plan as a snapshot holds it, and what pages ask of it."""

import dataclasses
from collections import Counter
from functools import cached_property

from django.urls import reverse

from tracker import search
from tracker.records.registry import BodyRecord

from . import bitsets
from .missing import found


@dataclasses.dataclass(frozen=True)
class PlanView:
    """One plan with everything in it, by code and in the plan's order."""

    code: str
    title: str
    short_title: str
    language: str
    publisher: BodyRecord
    published_on: object
    published_precision: str
    starts_on: object
    ends_on: object
    categories: dict
    provisions: dict
    commitments: dict
    assessed: dict  # the whole result of the method, by commitment
    updates: dict  # live updates by commitment, those of its metric included
    replaced: dict  # updates that were corrected or withdrawn since, by commitment
    findings: dict  # others' findings by commitment
    findings_on: dict  # others' findings on a right as a whole, by category
    replaced_findings: dict  # findings that were corrected or withdrawn since, by commitment or ("right", code)
    told: dict = dataclasses.field(repr=False, compare=False)  # changes of commitments that were asked for so far
    links: dict  # to norms, by commitment
    adherences: dict  # how the State that made the plan stands to each instrument
    bodies: dict  # who makes statements, shared by all plans
    baseline: dict = dataclasses.field(default_factory=dict)  # what was reported of the time before, by code
    passages: dict = dataclasses.field(default_factory=dict)  # paragraphs of that document, by place

    @cached_property
    def path(self):
        return reverse("plan-detail", args=[self.code])

    @cached_property
    def explorer_path(self):
        return reverse("commitment-list", args=[self.code])

    @cached_property
    def baseline_path(self):
        return reverse("baseline", args=[self.code])

    @cached_property
    def tree(self):
        """Children of each category by code, in order; those at the top under the empty code."""
        children = {}
        for category in self.categories.values():
            children.setdefault(category.parent, []).append(category)
        return children

    @cached_property
    def ancestry(self):
        """For each category its own code and those above it, nearest first."""
        lines = {"": ()}

        def line(code):
            if code not in lines:
                lines[code] = (code, *line(self.categories[code].parent))
            return lines[code]

        for code in self.categories:
            line(code)
        return lines

    @cached_property
    def by_category(self):
        """Commitments of each category, those of the categories below it included."""
        found = {code: [] for code in self.categories}
        for commitment in self.commitments.values():
            for code in self.ancestry[commitment.category]:
                found[code].append(commitment)
        return found

    @cached_property
    def by_provision(self):
        """Commitments of each paragraph."""
        found = {code: [] for code in self.provisions}
        for commitment in self.commitments.values():
            found[commitment.provision].append(commitment)
        return found

    @cached_property
    def provisions_of(self):
        """Paragraphs that stand directly under each category; those under none by the empty code."""
        found = {code: [] for code in ("", *self.categories)}
        for provision in self.provisions.values():
            found[provision.category].append(provision)
        return found

    @cached_property
    def by_norm(self):
        """Links by norm, in the plan's order. Norms without a link are not in it."""
        found = {}
        for links in self.links.values():
            for link in links:
                found.setdefault(link.norm, []).append(link)
        return found

    @cached_property
    def by_instrument(self):
        """Commitments that are linked to a norm of each instrument, in the plan's order."""
        found = {}
        for code, links in self.links.items():
            for instrument in dict.fromkeys(link.instrument for link in links):
                found.setdefault(instrument, []).append(self.commitments[code])
        return found

    @cached_property
    def sides_of_updates(self):
        """For each commitment, the sides whose figures or acts are on record."""
        sides = {code: body.side for code, body in self.bodies.items()}
        return {code: {sides[u.origin] for u in rows if u.origin in sides} for code, rows in self.updates.items()}

    @cached_property
    def rows(self):
        """Commitments in the plan's order. Their place in it is their bit in a set."""
        return tuple(self.commitments.values())

    @cached_property
    def bits(self):
        """For each filter with choices, the set of commitments that have each value, as a whole number."""
        return bitsets.bits_by_value(self)

    @cached_property
    def baseline_bits(self):
        """For each filter of the baseline with choices, the set of its records that have each value."""
        return bitsets.bits_by_value(self, bitsets.OF_BASELINE, self.baseline.values())

    @cached_property
    def baseline_texts(self):
        """For each record of the baseline the words that a search may meet."""
        texts = ((r.code, r.title, r.quote, r.note, r.unit, r.scope) for r in self.baseline.values())
        return tuple(map(search.text_of, texts))

    @cached_property
    def baseline_by_category(self):
        """Records of the baseline of each category, those of the categories below it included."""
        found = {code: [] for code in self.categories}
        for record in self.baseline.values():
            for code in self.ancestry[record.category]:
                found[code].append(record)
        return found

    @cached_property
    def baseline_by_commitment(self):
        """Records of the baseline that are context for each commitment."""
        found = {code: [] for code in self.commitments}
        for record in self.baseline.values():
            for code in record.commitments:
                if code in found:  # one that was registered after the day that is asked for is not there
                    found[code].append(record)
        return found

    def baseline_record(self, code):
        """The record of the baseline of that code. Raises ``NotInRegistry``."""
        return found(self.baseline, code, "figure or act of the baseline")

    def category(self, code):
        """The category of that code. Raises ``NotInRegistry``."""
        return found(self.categories, code, "chapter or section")

    def provision(self, code):
        """The paragraph of that code. Raises ``NotInRegistry``."""
        return found(self.provisions, code, "paragraph")

    def commitment(self, code):
        """The commitment of that code. Raises ``NotInRegistry``."""
        return found(self.commitments, code, "commitment")

    def counts(self, name, commitments=None):
        """How many commitments have each value of a field."""
        commitments = self.commitments.values() if commitments is None else commitments
        return Counter(getattr(commitment, name) for commitment in commitments)

    def trail(self, code):
        """Categories from the top down to the one of that code."""
        return [self.categories[each] for each in reversed(self.ancestry[code])]
