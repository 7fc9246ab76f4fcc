"""The filter of a baseline, its files and its list in the API: which of its figures and acts an address asks for."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import search
from tracker.models import BaselineFigure, BaselineForm, Bound, Nature
from tracker.records.baseline import BaselineRecord
from tracker.snapshot import bitsets
from tracker.snapshot.bitsets import NO_CATEGORY, NO_COMMITMENT, NO_METRIC, NO_NUMBER
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot

from .base import OfPlan, PlanFilterSet, terms_of
from .dates import KNOWN, ON
from .parameters import LAST_PAGE, Choice, Choices, ChoicesOfPlan, Filter, Pairs, WholeNumber, Words

USUAL_SORT = "document"
SORTS = {USUAL_SORT: gettext_lazy("Order of the document"), "right": gettext_lazy("By right")}
NO_FIGURE = (NO_NUMBER, gettext_lazy("An act, without a number"))
UNDATED = (("no", gettext_lazy("Dated by the document")), ("yes", gettext_lazy("Without a date of its own")))
TOLD = (
    ("once", gettext_lazy("In one place only")),
    ("repeated", gettext_lazy("In several places")),
    ("differs", gettext_lazy("Differently in one of them")),
)
CONTEXT = (("yes", gettext_lazy("Context for a commitment")), ("no", gettext_lazy("For none by itself")))


def _rights(plan: PlanView, _snapshot: Snapshot) -> Pairs:
    bits = plan.baseline_bits["category"]
    yield from ((c.code, f"{c.code} {c.short_title}") for c in plan.categories.values() if c.code in bits)
    if NO_CATEGORY in bits:
        yield NO_CATEGORY, _("Under no right")


def _metrics(plan: PlanView, snapshot: Snapshot) -> Pairs:
    yield from ((m.code, m.name) for m in snapshot.metrics.values() if m.code in plan.baseline_bits["metric"])
    yield NO_METRIC, _("None")


def _commitments(plan: PlanView, _snapshot: Snapshot) -> Pairs:
    yield from ((c.code, f"{c.code} {c.title}") for c in plan.commitments.values())
    yield NO_COMMITMENT, _("None")


class BaselineFilter(PlanFilterSet):
    """Parameters of a baseline's page and files."""

    q = Filter(Words(gettext_lazy("Words")))
    category = Filter(ChoicesOfPlan(gettext_lazy("Right"), _rights))
    form = Filter(Choices(gettext_lazy("Figure or act"), BaselineForm.choices))
    nature = Filter(Choices(gettext_lazy("Nature of the number"), (*Nature.choices, NO_FIGURE)))
    bound = Filter(Choices(gettext_lazy("What the number says"), (*Bound.choices, NO_FIGURE)))
    undated = Filter(Choices(gettext_lazy("Date"), UNDATED))
    told = Filter(Choices(gettext_lazy("Where it stands"), TOLD))
    metric = Filter(ChoicesOfPlan(gettext_lazy("Metric that it stands near"), _metrics))
    has_commitment = Filter(Choices(gettext_lazy("Commitments"), CONTEXT))
    commitment = Filter(ChoicesOfPlan(gettext_lazy("Context for the commitment"), _commitments))
    on = Filter(ON)
    known = Filter(KNOWN)
    sort = Filter(Choice(gettext_lazy("Order"), SORTS.items()))
    page = Filter(WholeNumber(gettext_lazy("Page"), most=LAST_PAGE))

    name, address, record = "baseline", "baseline", BaselineRecord
    sheet = gettext_lazy("Baseline")
    title = gettext_lazy("Before the %(title)s: what was reported")
    counted = gettext_lazy("%(count)s of %(of)s figures and acts. %(filters)s")
    everything = gettext_lazy("All figures and acts on record.")

    class Meta:
        model = BaselineFigure
        fields = ()

    def _of_plan(self) -> OfPlan:
        return self.plan.baseline_path, tuple(self.plan.baseline.values()), self.plan.baseline_bits

    def _prepare(self) -> None:
        self.sort = self.parameters.get("sort", USUAL_SORT)
        if self.sort == USUAL_SORT:
            self.parameters.pop("sort", None)

    def _masks_of_the_rest(self) -> dict[str, int]:
        if "q" not in self.parameters:
            return {}
        terms = terms_of(self.parameters["q"])  # what holds no word at all is found nowhere
        texts = self.plan.baseline_texts if terms else ()
        return {"q": bitsets.bits_where(lambda text: all(search.stands_in(each, text) for each in terms), texts)}

    def _sorted(self, rows: list[BaselineRecord]) -> list[BaselineRecord]:
        if self.sort == USUAL_SORT:
            return rows
        rank = {code: place for place, code in enumerate(self.plan.categories)}
        return sorted(rows, key=lambda record: rank.get(record.category, len(rank)))
