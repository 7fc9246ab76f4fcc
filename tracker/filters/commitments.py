"""The filter of the explorer, its files, its feed and its list in the API: which commitments an address asks for."""

import operator
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import labels, search
from tracker.models import Commitment, Kind, Level, Rule, Side
from tracker.records.registry import CommitmentRecord
from tracker.snapshot import bitsets
from tracker.snapshot.bitsets import NO_BODY, NO_CATEGORY, NO_FLAG, NO_GROUP, NO_NORM, NOBODY, NOT_MISSING
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot

from .base import OfPlan, PlanFilterSet, terms_of
from .columns import COLUMNS
from .dates import KNOWN, ON
from .facets import Span
from .grouping import BY, Grouping, grouping
from .parameters import LAST_PAGE, Choice, Choices, ChoicesOfPlan, Day, Filter, Pairs, Share, WholeNumber, Words
from .sorting import FOUND_BY_WORDS, SORTS, effective, in_order

PAGE_SIZES = ("25", "50", "100", "250")
USUAL_SIZE = "50"
SPANS = {"distance": gettext_lazy("Distance covered"), "pace": gettext_lazy("Pace")}


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


MISSING = ((NOT_MISSING, gettext_lazy("It is known")), *labels.MISSING.items())
FLAGS = ((NO_FLAG, gettext_lazy("No flag")), *labels.FLAGS.items())
SIDES = (*Side.choices, (NOBODY, gettext_lazy("Nobody's")))
SAYS = tuple((value, words) for value, words in labels.SAYS.items() if value not in ("", "mixed"))
EVIDENCE = (("yes", gettext_lazy("With evidence")), ("no", gettext_lazy("Without evidence")))
SETTLED = (("yes", gettext_lazy("It is said here")), ("no", gettext_lazy("It is not said")))
CARRIED = (("yes", gettext_lazy("Yes, by a source on record")), ("no", gettext_lazy("Nothing on record says so")))


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
    counted = gettext_lazy("%(count)s of %(of)s commitments. %(filters)s")
    everything = gettext_lazy("All commitments of the plan.")

    class Meta:
        model = Commitment
        fields = ()

    def _of_plan(self) -> OfPlan:
        return self.plan.explorer_path, self.plan.rows, self.plan.bits

    def _prepare(self) -> None:
        self.sorts = effective(self.asked.get("sort", ()))
        chosen = self.asked.get("columns", ())
        self.columns = tuple(name for name in COLUMNS if name in chosen)  # type: ignore[assignment]  # no filter here
        self.asked |= {"sort": self.sorts} if "sort" in self.asked else {}
        self.asked |= {"columns": self.columns} if self.columns else {}
        self.rows_on_a_page = int(self.asked.get("page_size", USUAL_SIZE))
        if self.asked.get("page_size") == USUAL_SIZE:
            del self.asked["page_size"]
        self.fits: dict[str, float] = {}  # how well each commitment matches the words, where it is sorted by that

    def _masks_of_the_rest(self) -> dict[str, int]:
        rows, asked, masks = self.rows, self.asked, {}
        if day := asked.get("deadline_after"):
            masks["deadline_after"] = bitsets.bits_where(lambda c: c.deadline >= day, rows)
        if last := asked.get("deadline_before"):
            masks["deadline_before"] = bitsets.bits_where(lambda c: c.deadline <= last, rows)
        for name in SPANS:
            for end, within in (("min", operator.ge), ("max", operator.le)):
                if (bound := asked.get(f"{name}_{end}")) is not None:
                    masks[f"{name}_{end}"] = bitsets.bits_where(
                        lambda x, within=within, bound=bound: x is not None and within(x, bound),
                        [getattr(c, name) for c in rows],
                    )
        if "q" in asked:
            masks["q"] = self._mask_of_words(asked["q"])
        return masks

    def _mask_of_words(self, question: str) -> int:
        """The set of commitments whose texts have every word. What holds no word at all is found nowhere."""
        terms = terms_of(question)
        ranked = FOUND_BY_WORDS in self.sorts
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
        """The same, sorted. How well words match says nothing across plans, so there each plan's own order stays."""
        return in_order(rows, self.sorts, {})

    def spans(self) -> Iterator[Span]:
        """The filters from one number to another; how many of those that all other parameters choose have one."""
        for name, label in SPANS.items():
            ends = (f"{name}_min", f"{name}_max")
            others = self.bits(leave_out=ends)
            have = bitsets.bits_where(lambda c, name=name: getattr(c, name) is not None, self.rows)
            least, most = (self.asked.get(end) for end in ends)
            yield Span(name, label, least, most, (others & have).bit_count(), others.bit_count())

    def grouping(self) -> Grouping | None:
        """The set counted by what was asked for, or ``None``."""
        return grouping(self, self.asked["by"]) if "by" in self.asked else None
