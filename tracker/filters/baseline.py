"""The filter of a baseline: which of its figures and acts an address asks for, and how many each choice would give."""

import django_filters
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import facets, search
from tracker.facets import NO_CATEGORY, NO_COMMITMENT, NO_METRIC, NO_NUMBER
from tracker.models import BaselineFigure, BaselineForm, Bound, Nature

from .asked import ONLY_ON_THE_PAGE, Asked
from .facets import facet_of
from .parameters import Day, SeveralChoices, WholeNumber, shortened, without_blanks

USUAL_SORT = "document"
SORTS = {USUAL_SORT: gettext_lazy("Order of the document"), "right": gettext_lazy("By right")}
TOLD = {
    "once": gettext_lazy("In one place only"),
    "repeated": gettext_lazy("In several places"),
    "differs": gettext_lazy("Differently in one of them"),
}


class BaselineFilter(Asked):
    """Parameters of a baseline's page and files. A bad one raises ``BadRequest``; a blank one says nothing.

    ``paged`` is false for files, which hold all rows and take no page.
    """

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

    def __init__(self, data, *, snapshot, plan, paged=True):
        self.snapshot, self.plan, self.paged = snapshot, plan, paged
        self.rows = tuple(plan.baseline.values())
        data = without_blanks(data, type(self).base_filters)
        super().__init__(data, queryset=BaselineFigure.objects.none())
        self.choices = _choices_of(plan, snapshot)
        for name, choices in self.choices.items():
            self.filters[name].extra["choices"] = choices
        self._refuse_what_it_does_not_know()
        self.asked = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        self.sort = self.asked.get("sort", USUAL_SORT)
        self._masks = self._bits_of_each()

    @property
    def path(self):
        """The address of the baseline's page."""
        return self.plan.baseline_path

    def _bits_of_each(self):
        """For each parameter that was asked for, the set of records that it lets through."""
        found = {}
        for name in self.choices:
            if name in self.asked:
                found[name] = 0
                for value in self.asked[name]:
                    found[name] |= self.plan.baseline_bits[name].get(value, 0)
        if "q" in self.asked:
            found["q"] = facets.bits_where(has_words_of(self.asked["q"]), self.plan.baseline_texts)
        return found

    def _bits(self, leave_out=""):
        found = (1 << len(self.rows)) - 1
        for name, mask in self._masks.items():
            if name != leave_out:
                found &= mask
        return found

    def answer(self):
        """Every record that was asked for, in order; and each facet with its choices and counts.

        A facet's counts respect all parameters but its own: they say what choosing another value of it would give.
        """
        rows = facets.members(self._bits(), self.rows)
        if self.sort == "right":
            rank = {code: place for place, code in enumerate(self.plan.categories)}
            rows = sorted(rows, key=lambda record: rank.get(record.category, len(rank)))
        return rows, [self._facet(name) for name in self.choices]

    def _facet(self, name):
        chosen, there = set(self.asked.get(name, ())), self.plan.baseline_bits[name]
        others = self._bits(leave_out=name)
        return facet_of(name, self.filters[name].label, self.choices[name], self.plan, chosen, others, there)

    def canonical(self, page=None):
        """The address of exactly this page of the set, or of another, parameters in one order, none without effect."""
        pairs = self._asked_pairs(shown=("sort",))
        if (page := page or self.asked.get("page", 1)) > 1:
            pairs.append(("page", str(page)))
        return self.address(pairs)

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
    terms = search.terms_of(question)
    if len(terms) > search.MOST_TERMS:
        words = {"given": shortened(question), "most": search.MOST_TERMS}
        raise BadRequest(_("q=%(given)s: at most %(most)s different words at a time.") % words)
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
