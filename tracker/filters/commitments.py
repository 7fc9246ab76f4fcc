"""The filter itself: what was asked for, which commitments fit, and the addresses that ask for it again.

django-filter declares the parameters and validates what comes; which commitments match is answered by the snapshot,
and for words by the database's index.
"""

import operator
from urllib.parse import urlencode

import django_filters
from django.utils.translation import gettext_lazy

from tracker import search
from tracker.models import Commitment
from tracker.snapshot import bitsets

from .base import ONLY_ON_THE_PAGE, Asked, terms_of
from .columns import COLUMNS
from .facets import Span, choices_of
from .grouping import BY, grouping
from .parameters import Day, SeveralChoices, Share, WholeNumber
from .sorting import FOUND_BY_WORDS, SORTS, effective, in_order

PAGE_SIZES = (25, 50, 100, 250)
USUAL_SIZE = 50
NOT_OF_THE_SET = ("sort", "columns", *ONLY_ON_THE_PAGE)  # how the set is shown, not what is in it
SPANS = {"distance": gettext_lazy("Distance covered"), "pace": gettext_lazy("Pace")}


class CommitmentFilter(Asked):
    """Parameters of the explorer and of the files."""

    q = django_filters.CharFilter(label=gettext_lazy("Words"))
    category = SeveralChoices(label=gettext_lazy("Right"))
    group = SeveralChoices(label=gettext_lazy("What is known"))
    status = SeveralChoices(label=gettext_lazy("Status"))
    missing = SeveralChoices(label=gettext_lazy("Why it is not known"))
    flag = SeveralChoices(label=gettext_lazy("Flag"))
    kind = SeveralChoices(label=gettext_lazy("Kind"))
    level = SeveralChoices(label=gettext_lazy("Level"))
    rule = SeveralChoices(label=gettext_lazy("Rule"))
    beneficiary = SeveralChoices(label=gettext_lazy("People it is meant for"))
    origin_side = SeveralChoices(label=gettext_lazy("Whose statements are on record"))
    says = SeveralChoices(label=gettext_lazy("What a finding says"))
    has_evidence = SeveralChoices(label=gettext_lazy("Evidence"))
    body = SeveralChoices(label=gettext_lazy("Body that the text names"))
    norm = SeveralChoices(label=gettext_lazy("Norm that this site links it to"))
    carried_from = SeveralChoices(label=gettext_lazy("Promised by an earlier plan already"))
    deadline_after = Day(label=gettext_lazy("Deadline on or after"))
    deadline_before = Day(label=gettext_lazy("Deadline on or before"))
    distance_min = Share(label=gettext_lazy("Distance covered, at least"))
    distance_max = Share(label=gettext_lazy("Distance covered, at most"))
    pace_min = Share(label=gettext_lazy("Pace, at least"))
    pace_max = Share(label=gettext_lazy("Pace, at most"))
    on = Day(label=gettext_lazy("As of"))
    known = Day(label=gettext_lazy("As this site knew it on"))
    sort = SeveralChoices(label=gettext_lazy("Sort by"), choices=tuple(SORTS.items()))
    by = django_filters.ChoiceFilter(label=gettext_lazy("Count by"), choices=tuple(BY.items()))
    columns = SeveralChoices(label=gettext_lazy("Columns"), choices=tuple(COLUMNS.items()))
    page_size = django_filters.ChoiceFilter(
        label=gettext_lazy("Rows on a page"), choices=[(str(size), str(size)) for size in PAGE_SIZES]
    )
    page = WholeNumber(label=gettext_lazy("Page"), min_value=1, max_value=1_000_000)

    not_of_the_set = NOT_OF_THE_SET
    everything = gettext_lazy("All commitments of the plan.")

    class Meta:
        model = Commitment
        fields = ()

    @property
    def rows(self):
        return self.plan.rows

    @property
    def there(self):
        return self.plan.bits

    def _offered(self):
        return choices_of(self.plan, self.snapshot, self.data.getlist("status"))

    def _prepare(self):
        self.sorts = effective(self.asked.get("sort", ()))
        chosen = self.asked.get("columns", ())
        self.columns = tuple(name for name in COLUMNS if name in chosen)
        self.fits = {}  # how well each commitment matches the words, where it is sorted by that

    def _bits_of_the_rest(self):
        """For each other parameter that was asked for, the set of commitments that it lets through."""
        rows, asked, found = self.rows, self.asked, {}
        if day := asked.get("deadline_after"):
            found["deadline_after"] = bitsets.bits_where(lambda c: c.deadline >= day, rows)
        if last := asked.get("deadline_before"):
            found["deadline_before"] = bitsets.bits_where(lambda c: c.deadline <= last, rows)
        for name in SPANS:
            for end, beyond in (("min", operator.lt), ("max", operator.gt)):
                if (bound := asked.get(f"{name}_{end}")) is not None:
                    known = [getattr(c, name) for c in rows]
                    found[f"{name}_{end}"] = bitsets.bits_where(
                        lambda x, beyond=beyond, bound=bound: x is not None and not beyond(x, bound), known
                    )
        if "q" in asked:
            found["q"] = self._bits_of_words(asked["q"])
        return found

    def _bits_of_words(self, question):
        """The set of commitments whose texts have every word. What holds no word at all is found nowhere."""
        terms = terms_of(question)
        ranked = FOUND_BY_WORDS in self.sorts
        wordings, rows = self.snapshot.wordings[self.plan.code], self.plan.rows
        found = (1 << len(rows)) - 1 if terms else 0
        for keys in search.matches(terms, ranked=ranked):
            met = [(fit, *wordings[key]) for key, fit in keys.items() if key in wordings]
            found &= bitsets.bits_of((place for _fit, _weight, at in met for place in at), len(rows))
            for fit, weight, at in met if ranked else ():
                for place in at:
                    self.fits[rows[place].code] = self.fits.get(rows[place].code, 0) + fit * weight
        return found

    @property
    def found(self):
        """The set of commitments that was asked for, as a whole number."""
        return self.bits()

    def answer(self):
        """Every commitment that was asked for, sorted; and each facet with its choices and counts."""
        return self._sorted(bitsets.members(self.found, self.rows)), self.facets()

    def _sorted(self, rows):
        return in_order(rows, self.sorts, self.fits)

    def spans(self):
        """The filters from one number to another; how many of those that all other parameters choose have one."""
        for name, label in SPANS.items():
            ends = (f"{name}_min", f"{name}_max")
            others = self.bits(leave_out=ends)
            have = bitsets.bits_where(lambda c, name=name: getattr(c, name) is not None, self.plan.rows)
            least, most = (self.asked.get(end) for end in ends)
            yield Span(name, label, least, most, (others & have).bit_count(), others.bit_count())

    def grouping(self):
        """The set counted by what was asked for, or ``None``."""
        return grouping(self, self.asked["by"]) if "by" in self.asked else None

    @property
    def path(self):
        """The address of the explorer."""
        return self.plan.explorer_path

    @property
    def rows_on_a_page(self):
        return int(self.asked.get("page_size", USUAL_SIZE))

    def narrowed(self, chosen):
        """The address of the set with these values in place of what was chosen for their parameters; not counted."""
        kept = [pair for pair in self._asked_pairs(shown=("sort", "columns", "page_size")) if pair[0] not in chosen]
        return self.address([*kept, *chosen.items()])

    def query(self):
        """The parameters that choose, sort and cut records, as a query string for the files of the same set."""
        return urlencode(self._asked_pairs(shown=("sort", "columns")))

    def _asked_pairs(self, *, shown=()):
        """What was asked for as pairs of name and value: what chooses the set, and of how it is shown what is named."""
        pairs = []
        for name, value in self.asked.items():
            if name in NOT_OF_THE_SET and (name not in shown or name == "page"):
                continue
            if name == "page_size" and int(value) == USUAL_SIZE:
                continue
            values = {"sort": self.sorts, "columns": self.columns}.get(name, value if self._repeats(name) else [value])
            pairs += [(name, str(each)) for each in values]
        return pairs
