"""The filter of a baseline: which of its figures and acts an address asks for, and how many each choice would give."""

from functools import cached_property

import django_filters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import search
from tracker.models import BaselineFigure, BaselineForm, Bound, Nature
from tracker.snapshot import bitsets
from tracker.snapshot.bitsets import NO_CATEGORY, NO_COMMITMENT, NO_METRIC, NO_NUMBER

from .base import ONLY_ON_THE_PAGE, Asked, terms_of
from .parameters import Day, SeveralChoices, WholeNumber

USUAL_SORT = "document"
SORTS = {USUAL_SORT: gettext_lazy("Order of the document"), "right": gettext_lazy("By right")}
TOLD = {
    "once": gettext_lazy("In one place only"),
    "repeated": gettext_lazy("In several places"),
    "differs": gettext_lazy("Differently in one of them"),
}


class BaselineFilter(Asked):
    """Parameters of a baseline's page and files."""

    q = django_filters.CharFilter(label=gettext_lazy("Words"))
    category = SeveralChoices(label=gettext_lazy("Right"))
    form = SeveralChoices(label=gettext_lazy("Figure or act"))
    nature = SeveralChoices(label=gettext_lazy("Nature of the number"))
    bound = SeveralChoices(label=gettext_lazy("What the number says"))
    undated = SeveralChoices(label=gettext_lazy("Date"))
    told = SeveralChoices(label=gettext_lazy("Where it stands"))
    metric = SeveralChoices(label=gettext_lazy("Metric that it stands near"))
    has_commitment = SeveralChoices(label=gettext_lazy("Commitments"))
    commitment = SeveralChoices(label=gettext_lazy("Context for the commitment"))
    on = Day(label=gettext_lazy("As of"))
    known = Day(label=gettext_lazy("As this site knew it on"))
    sort = django_filters.ChoiceFilter(label=gettext_lazy("Order"), choices=tuple(SORTS.items()))
    page = WholeNumber(label=gettext_lazy("Page"), min_value=1, max_value=1_000_000)

    kind = "baseline"  # of the files, as tracker.exports names them
    not_of_the_set = ("sort", *ONLY_ON_THE_PAGE)
    everything = gettext_lazy("All figures and acts on record.")

    class Meta:
        model = BaselineFigure
        fields = ()

    @cached_property
    def rows(self):
        return tuple(self.plan.baseline.values())

    @property
    def there(self):
        return self.plan.baseline_bits

    def _offered(self):
        return _choices_of(self.plan, self.snapshot)

    def _prepare(self):
        self.sort = self.asked.get("sort", USUAL_SORT)

    def _bits_of_the_rest(self):
        if "q" not in self.asked:
            return {}
        return {"q": bitsets.bits_where(has_words_of(self.asked["q"]), self.plan.baseline_texts)}

    @property
    def path(self):
        """The address of the baseline's page."""
        return self.plan.baseline_path

    def answer(self):
        """Every record that was asked for, in order; and each facet with its choices and counts."""
        rows = bitsets.members(self.bits(), self.rows)
        if self.sort == "right":
            rank = {code: place for place, code in enumerate(self.plan.categories)}
            rows = sorted(rows, key=lambda record: rank.get(record.category, len(rank)))
        return rows, self.facets()

    def query(self):
        """The parameters that choose and sort records, as a query string for the files of the same set."""
        return self.canonical(page=1).partition("?")[2]

    def _asked_pairs(self, *, shown=()):
        """What was asked for as pairs of name and value: what chooses the set, and of how it is shown what is named."""
        pairs = []
        for name, value in self.asked.items():
            if (name in self.not_of_the_set and name not in shown) or (name == "sort" and value == USUAL_SORT):
                continue
            pairs += [(name, str(each)) for each in (value if self._repeats(name) else [value]) if name != "page"]
        return pairs


def has_words_of(question):
    """A test whether a text has every word of a question. What holds no word at all is found nowhere."""
    terms = terms_of(question)
    return lambda text: bool(terms) and all(search.stands_in(term, text) for term in terms)


def _choices_of(plan, snapshot):
    """For each filter the choices that a plan's baseline offers, as pairs of value and words."""
    there = plan.baseline_bits
    rights = [(c.code, f"{c.code} {c.short_title}") for c in plan.categories.values() if c.code in there["category"]]
    if NO_CATEGORY in there["category"]:
        rights.append((NO_CATEGORY, _("Under no right")))
    promised = [(c.code, f"{c.code} {c.title}") for c in plan.commitments.values()]
    metrics = [(m.code, m.name) for m in snapshot.metrics.values() if m.code in there["metric"]]
    return {
        "category": rights,
        "form": BaselineForm.choices,
        "nature": [*Nature.choices, (NO_NUMBER, _("An act, without a number"))],
        "bound": [*Bound.choices, (NO_NUMBER, _("An act, without a number"))],
        "undated": [("no", _("Dated by the document")), ("yes", _("Without a date of its own"))],
        "told": list(TOLD.items()),
        "metric": [*metrics, (NO_METRIC, _("None"))],
        "has_commitment": [("yes", _("Context for a commitment")), ("no", _("For none by itself"))],
        "commitment": [*promised, (NO_COMMITMENT, _("None"))],
    }
