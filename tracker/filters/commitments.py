"""The filter of the explorer, its files, its feed and its list in the API: which commitments an address asks for."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import search
from tracker.models import Commitment, Kind, Level, Rule, Side
from tracker.records.registry import COMMITMENT_COLUMNS, CommitmentRecord
from tracker.snapshot import bitsets
from tracker.snapshot.bitsets import (
    ANY_RECOMMENDATION,
    NO_BODY,
    NO_CATEGORY,
    NO_FLAG,
    NO_GROUP,
    NO_NORM,
    NO_RECOMMENDATION,
    NOBODY,
    NOT_MISSING,
)
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot, once_for_a_snapshot
from tracker.text.plain import folded
from tracker.wording import labels

from .base import OfPlan, PlanFilterSet, terms_of
from .counts import BY, Grouping, Span, grouping
from .dates import KNOWN, ON
from .parameters import LAST_PAGE, Choice, Choices, ChoicesOfPlan, Day, Filter, OneOf, Pairs, Share, WholeNumber, Words

PAGE_SIZES = ("25", "50", "100", "250")
USUAL_SIZE = "50"
# What the model calls a field, but for those that readers know by another name and those that it has not.
COLUMN_LABELS = {field.name: capfirst(field.verbose_name) for field in Commitment._meta.fields} | {
    "category": gettext_lazy("Right"),
    "provision": gettext_lazy("Paragraph"),
    "quote": gettext_lazy("Quotation"),
    "beside": gettext_lazy("Statistics beside it"),
    "target_rung": gettext_lazy("Stage to be reached"),
    "unit": gettext_lazy("Unit"),
    "groups": gettext_lazy("People it is meant for"),
    "bodies": gettext_lazy("Bodies named"),
    "norms": gettext_lazy("Norms linked to it"),
    "recommendations": gettext_lazy("Recommendations linked to it"),
    "carried_from": gettext_lazy("Carried from"),
    "status": gettext_lazy("Status"),
    "group": gettext_lazy("Group of the status"),
    "status_basis": gettext_lazy("Basis of the status"),
    "missing": gettext_lazy("Why it is not known"),
    "decided_by": gettext_lazy("Decided by log entries"),
    "flags": gettext_lazy("Flags"),
    "value": gettext_lazy("Value"),
    "value_bound": gettext_lazy("Bound of the value"),
    "value_starts_on": gettext_lazy("Start of the value's period"),
    "value_as_of": gettext_lazy("End of the value's period"),
    "baseline_value": gettext_lazy("Baseline"),
    "baseline_date": gettext_lazy("Date of the baseline"),
    "distance": gettext_lazy("Distance covered"),
    "pace": gettext_lazy("Pace"),
    "projected": gettext_lazy("Projected value"),
    "official_says": gettext_lazy("State claims"),
    "un_says": labels.ACCOUNTS["un"],
    "independent_says": labels.ACCOUNTS["independent"],
    "evidence_count": gettext_lazy("Publications cited"),
    "url": gettext_lazy("Address"),
}
# The code stands first in every list and file, so it is not chosen. A field without a label here shows its name.
COLUMNS = {name: COLUMN_LABELS.get(name, name) for name in COMMITMENT_COLUMNS if name != "code"}
SORTS = {
    "code": gettext_lazy("Order of the plan"),
    "relevance": gettext_lazy("Best match of the words first"),
    "title": gettext_lazy("Title, A to Z"),
    "-title": gettext_lazy("Title, Z to A"),
    "deadline": gettext_lazy("Deadline, earliest first"),
    "-deadline": gettext_lazy("Deadline, latest first"),
    "kind": gettext_lazy("Kind"),
    "level": gettext_lazy("Level"),
    "status": gettext_lazy("Status"),
    "-distance": gettext_lazy("Distance covered, most first"),
    "distance": gettext_lazy("Distance covered, least first"),
    "-pace": gettext_lazy("Pace, fastest first"),
    "pace": gettext_lazy("Pace, slowest first"),
    "-value": gettext_lazy("Value, highest first"),
    "value": gettext_lazy("Value, lowest first"),
}
IN_ORDER = {"kind": Kind.values, "level": Level.values, "status": list(labels.STATUSES)}
BEST_MATCH = "relevance"
SPANS = {name: COLUMN_LABELS[name] for name in ("distance", "pace")}
# The parameters that are an end of a range, each with the field that has to lie on its side.
LIMITS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "deadline_after": ("deadline", operator.ge),
    "deadline_before": ("deadline", operator.le),
    "distance_min": ("distance", operator.ge),
    "distance_max": ("distance", operator.le),
    "pace_min": ("pace", operator.ge),
    "pace_max": ("pace", operator.le),
}


def _rights(plan: PlanView, _snapshot: Snapshot) -> Pairs:
    yield from ((c.code, f"{c.code} {c.short_title}") for c in plan.categories.values())
    if NO_CATEGORY in plan.bits["category"]:
        yield NO_CATEGORY, _("Under no right")


def _groups(plan: PlanView, snapshot: Snapshot) -> Pairs:
    yield NO_GROUP, _("Everyone")
    yield from ((g.code, g.name) for g in snapshot.groups.values() if g.code in plan.bits["beneficiary"])


def _bodies(plan: PlanView, snapshot: Snapshot) -> Pairs:
    yield NO_BODY, _("None named")
    yield from ((b.code, b.name) for b in snapshot.bodies.values() if b.code in plan.bits["body"])


def _norms(plan: PlanView, snapshot: Snapshot) -> Pairs:
    """Instruments that promises of a plan are linked to, each with those of its norms that are, below it."""
    yield NO_NORM, _("Linked to none")
    for instrument in snapshot.instruments.values():
        if instrument.code in plan.bits["norm"]:
            yield instrument.code, f"{instrument.code} {instrument.title}"
        for norm in snapshot.norms_of[instrument.code]:
            if norm.code in plan.by_norm:
                yield norm.code, f"{instrument.code} {norm.number} {norm.title}"


def _recommendations(plan: PlanView, snapshot: Snapshot) -> Pairs:
    """With any, without, or one: those that promises of a plan are linked to."""
    yield NO_RECOMMENDATION, _("Linked to none")
    yield ANY_RECOMMENDATION, _("Linked to a recommendation")
    for each in snapshot.recommendations.values():
        if each.code in plan.by_recommendation:
            yield each.code, each.cited


MISSING = ((NOT_MISSING, gettext_lazy("It is known")), *labels.MISSING.items())
FLAGS = ((NO_FLAG, gettext_lazy("No flag")), *labels.FLAGS.items())
SIDES = (*Side.choices, (NOBODY, gettext_lazy("Nobody's")))
SAYS = tuple((value, words) for value, words in labels.SAYS.items() if value not in ("", "mixed"))
THEMES = ("light", "dark")  # of embeds
EVIDENCE = (("yes", gettext_lazy("With evidence")), ("no", gettext_lazy("Without evidence")))
SETTLED = (("yes", gettext_lazy("It is said here")), ("no", gettext_lazy("It is not said")))
CARRIED = (("yes", gettext_lazy("Yes, by a source on record")), ("no", gettext_lazy("Nothing on record says so")))


def deciding(sorts: Iterable[str]) -> tuple[str, ...]:
    """The sorts that decide something: none twice, either way up, and nothing after the order of the plan."""
    by_field: dict[str, str] = {}
    for sort in takewhile(lambda sort: sort != "code", sorts):
        by_field.setdefault(sort.removeprefix("-"), sort)
    return tuple(by_field.values())


def in_order(rows: list[CommitmentRecord], sorts: Sequence[str], fits: Mapping[str, float]) -> list[CommitmentRecord]:
    """The rows sorted; those without a value come last, whichever way up. ``fits`` is how well each code matches."""
    for sort in reversed(sorts):
        name = sort.removeprefix("-")
        if name == BEST_MATCH:
            rows = sorted(rows, key=lambda c: -fits.get(c.code, 0))
            continue
        keyed = [(_comparable(name, getattr(c, name)), c) for c in rows]
        known = [pair for pair in keyed if pair[0] is not None]
        known.sort(key=operator.itemgetter(0), reverse=sort.startswith("-"))
        rows = [c for _value, c in known] + [c for value, c in keyed if value is None]
    return rows


def _comparable(name: str, value: Any) -> Any:
    if name in IN_ORDER:
        return IN_ORDER[name].index(value)
    return folded(value) if name == "title" else value


@once_for_a_snapshot
def _with_number(snapshot: Snapshot, plan: str) -> dict[str, int]:
    """For each filter from one number to another, the set of the commitments of a plan that have one."""
    rows = snapshot.plans[plan].rows
    having = {name: [place for place, c in enumerate(rows) if getattr(c, name) is not None] for name in SPANS}
    return {name: bitsets.bits_of(places, len(rows)) for name, places in having.items()}


class CommitmentFilter(PlanFilterSet):
    """Parameters of the explorer and of the files."""

    q = Filter(Words(gettext_lazy("Words")))
    category = Filter(ChoicesOfPlan(gettext_lazy("Right"), _rights))
    group = Filter(Choices(gettext_lazy("What is known"), labels.GROUPS.items()))
    status = Filter(Choices(gettext_lazy("Status"), labels.STATUSES.items()))
    missing = Filter(Choices(gettext_lazy("Why it is not known"), MISSING))
    flag = Filter(Choices(gettext_lazy("Flag"), FLAGS))
    kind = Filter(Choices(gettext_lazy("Kind"), Kind.choices))
    level = Filter(Choices(gettext_lazy("Level"), Level.choices))
    rule = Filter(Choices(gettext_lazy("Rule"), Rule.choices))
    beneficiary = Filter(ChoicesOfPlan(gettext_lazy("People it is meant for"), _groups))
    origin_side = Filter(Choices(gettext_lazy("Whose statements are on record"), SIDES))
    says = Filter(Choices(gettext_lazy("What a finding says"), (*SAYS, (NOBODY, gettext_lazy("No finding")))))
    has_evidence = Filter(Choices(gettext_lazy("Evidence"), EVIDENCE))
    body = Filter(ChoicesOfPlan(gettext_lazy("Body that the text names"), _bodies))
    norm = Filter(ChoicesOfPlan(gettext_lazy("Norm that this site links it to"), _norms))
    recommendation = Filter(ChoicesOfPlan(gettext_lazy("Recommendation that this site links it to"), _recommendations))
    carried_from = Filter(Choices(gettext_lazy("Promised by an earlier plan already"), CARRIED))
    settled_by = Filter(Choices(gettext_lazy("What would settle it"), SETTLED))
    deadline_after = Filter(Day(gettext_lazy("Deadline on or after")))
    deadline_before = Filter(Day(gettext_lazy("Deadline on or before")))
    distance_min = Filter(Share(gettext_lazy("Distance covered, at least")))
    distance_max = Filter(Share(gettext_lazy("Distance covered, at most")))
    pace_min = Filter(Share(gettext_lazy("Pace, at least")))
    pace_max = Filter(Share(gettext_lazy("Pace, at most")))
    on = Filter(ON)
    known = Filter(KNOWN)
    sort = Filter(Choices(gettext_lazy("Sort by"), SORTS.items()))
    by = Filter(Choice(gettext_lazy("Count by"), BY.items()))
    columns = Filter(Choices(gettext_lazy("Columns"), COLUMNS.items()))
    page_size = Filter(Choice(gettext_lazy("Rows on a page"), [(size, size) for size in PAGE_SIZES]))
    page = Filter(WholeNumber(gettext_lazy("Page"), most=LAST_PAGE))

    name, address, record = "commitments", "commitment", CommitmentRecord
    sheet = gettext_lazy("Commitments")
    title = gettext_lazy("Commitments of the %(title)s")
    counted = gettext_lazy("%(count)s of %(of)s promises. %(filters)s")
    everything = gettext_lazy("All promises of the plan.")

    class Meta:
        model = Commitment
        fields = ()

    def _of_plan(self) -> OfPlan:
        return self.plan.explorer_path, self.plan.rows, self.plan.bits

    def _prepare(self) -> None:
        values, chosen = self.parameters, self.parameters.get("columns", ())
        self.sorts = deciding(values.get("sort", ()))
        self.columns = tuple(name for name in COLUMNS if name in chosen)  # type: ignore[assignment]  # no filter here
        values |= {name: new for name, new in (("sort", self.sorts), ("columns", self.columns)) if name in values}
        self.rows_on_a_page = int(values.get("page_size", USUAL_SIZE))
        if values.get("page_size") == USUAL_SIZE:
            del values["page_size"]
        self.fits: dict[str, float] = {}  # how well each commitment matches the words, where it is sorted by that

    def _masks_of_the_rest(self) -> dict[str, int]:
        masks = {}
        for name, (field, within) in LIMITS.items():
            if (limit := self.parameters.get(name)) is not None:
                values = enumerate(getattr(c, field) for c in self.rows)
                places = [place for place, value in values if value is not None and within(value, limit)]
                masks[name] = bitsets.bits_of(places, len(self.rows))
        if "q" in self.parameters:
            masks["q"] = self._mask_of_words(self.parameters["q"])
        return masks

    def _mask_of_words(self, question: str) -> int:
        """The set of commitments whose texts have every word. What holds no word at all is found nowhere."""
        terms = terms_of(question)
        ranked = BEST_MATCH in self.sorts
        wordings, rows = self.snapshot.wordings[self.plan.code], self.rows
        mask = (1 << len(rows)) - 1 if terms else 0
        for keys in search.matches(terms, ranked=ranked):
            met = [(fit, *wordings[key]) for key, fit in keys.items() if key in wordings]
            mask &= bitsets.bits_of((place for _fit, _weight, at in met for place in at), len(rows))
            for fit, weight, at in met if ranked else ():
                for place in at:
                    self.fits[rows[place].code] = self.fits.get(rows[place].code, 0) + fit * weight
        return mask

    def _sorted(self, rows: list[CommitmentRecord]) -> list[CommitmentRecord]:
        return in_order(rows, self.sorts, self.fits)

    def over_plans(self, rows: list[CommitmentRecord]) -> list[CommitmentRecord]:
        """Sorted. How well words match says nothing across plans, so there each plan's own order stays."""
        return in_order(rows, self.sorts, {})

    def spans(self) -> Iterator[Span]:
        """The filters from one number to another; how many of those that all other parameters choose have one."""
        for name, label in SPANS.items():
            ends = (f"{name}_min", f"{name}_max")
            by_others = self.bits(leave_out=ends)
            have = by_others & _with_number(self.snapshot, self.plan.code)[name]
            least, most = map(self.parameters.get, ends)
            yield Span(name, label, least, most, have.bit_count(), by_others.bit_count())

    def grouping(self) -> Grouping | None:
        return grouping(self, self.parameters["by"]) if "by" in self.parameters else None


class EmbeddedFilter(CommitmentFilter):
    """The same for an embed, light or dark whatever the reader's own preference."""

    theme = Filter(OneOf(THEMES, usual=""))

    not_of_the_set = (*CommitmentFilter.not_of_the_set, "theme")
