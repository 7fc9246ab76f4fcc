"""What every filter over a plan does with an address: find the set, count its choices, say again what was asked for."""

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext as _

from tracker import search
from tracker.snapshot import bitsets
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot, once_for_a_snapshot

from .counts import Facet, facet_of
from .parameters import Choices, ChoicesOfPlan, Query, Text, refuse

OfPlan = tuple[str, Sequence[Any], Mapping[str, Mapping[str, int]]]
ONLY_ON_THE_PAGE = ("by", "page", "page_size")


@once_for_a_snapshot
def form_of(snapshot: Snapshot, filterset: type["PlanFilterSet"], plan: str) -> type[Query]:
    """The form that reads the parameters of a set of filters, with the choices that a plan offers."""
    fields = {name: each.field for name, each in filterset.base_filters.items()}
    of_plan = {name: each for name, each in fields.items() if isinstance(each, ChoicesOfPlan)}
    fields |= {name: each.of(snapshot.plans[plan], snapshot) for name, each in of_plan.items()}
    fields |= {name: each.written() for name, each in fields.items() if isinstance(each, Choices)}
    return type("Form", (Query,), fields)


class PlanFilterSet(django_filters.FilterSet):  # type: ignore[misc]  # it has no types
    """A filter over the rows of a plan, with its address read into ``parameters``. A bad one raises ``BadRequest``.

    django-filter declares the parameters, and its form validates what comes; which rows match is answered by the
    snapshot. ``paged`` is false for files, which hold all rows and take no page.
    """

    name: ClassVar[str]  # of its files and of its table in the dictionary
    address: ClassVar[str]  # begins the names of its addresses
    record: ClassVar[type]
    sheet: ClassVar[Text]
    title: ClassVar[Text]
    counted: ClassVar[Text]
    everything: ClassVar[Text]  # the sentence for no filter at all
    not_of_the_set: ClassVar[Collection[str]] = ("sort", "columns", *ONLY_ON_THE_PAGE)  # how it is shown
    columns: tuple[str, ...] = ()  # that were chosen

    def __init__(self, data: QueryDict, *, snapshot: Snapshot, plan: PlanView, paged: bool = True) -> None:
        self.snapshot, self.plan = snapshot, plan
        self.path, self.rows, self.bits_by_value = self._of_plan()
        super().__init__(data, queryset=self._meta.model._default_manager.none())
        self.data = data  # an empty one too
        for name in () if paged else data:
            if name in ONLY_ON_THE_PAGE and name in self.filters and data.get(name, "").strip():
                refuse(name, data.getlist(name)[-1:], _("a file holds all rows and has no pages."))
        self.parameters = self.form.values
        self.choices = {name: self.form.fields[name].pairs for name in self.filters if name in self.bits_by_value}
        self._prepare()
        self._masks = self._masks_of_the_rest()  # the set of rows that each parameter lets through
        for name in self.choices.keys() & self.parameters.keys():
            sets = (self.bits_by_value[name].get(value, 0) for value in self.parameters[name])
            self._masks[name] = reduce(operator.or_, sets, 0)

    def get_form_class(self) -> type[Query]:
        """The form that the snapshot has already made, or makes now."""
        return form_of(self.snapshot, type(self), self.plan.code)

    def _of_plan(self) -> OfPlan:
        """The address of the page, all rows, and by filter and value the set of rows that have it."""
        raise NotImplementedError

    def _prepare(self) -> None:
        """Read how the set is shown, before it is found; take from ``parameters`` what would change nothing."""

    def _masks_of_the_rest(self) -> dict[str, int]:
        """For each parameter without choices that was asked for, the set of rows that it lets through."""
        raise NotImplementedError

    def _sorted(self, rows: list[Any]) -> list[Any]:
        """The chosen rows in the order that was asked for."""
        raise NotImplementedError

    def over_plans(self, rows: list[Any]) -> list[Any]:
        """The rows that filters of several plans found by the same parameters, in one order."""
        return rows

    def bits(self, leave_out: Collection[str] = ()) -> int:
        """The set of rows that was asked for, as a whole number; some parameters left out of account."""
        masks = (mask for name, mask in self._masks.items() if name not in leave_out)
        return reduce(operator.and_, masks, (1 << len(self.rows)) - 1)

    def selected(self) -> list[Any]:
        return self._sorted(bitsets.members(self.bits(), self.rows))

    def answer(self) -> tuple[list[Any], list[Facet]]:
        """Every row that was asked for, sorted; and each filter with choices, with its counts.

        They respect all parameters but its own: they say what choosing another value of it would give.
        """
        return self.selected(), [facet_of(self, name) for name in self.choices]

    def _pairs(self, shown: Collection[str] = ()) -> list[tuple[str, str]]:
        """What was asked for as pairs of name and value: what chooses the set, and of how it is shown what is named."""
        return [
            (name, str(each))
            for name, value in self.parameters.items()
            if name != "page" and (name not in self.not_of_the_set or name in shown)
            for each in (value if self.form.fields[name].several else [value])
        ]

    def canonical(self, page: int | None = None) -> str:
        """The address of exactly this page of the set, or of another, parameters in one order, none without effect."""
        page = page or self.parameters.get("page", 1)
        return self._address(self._pairs(shown=self.not_of_the_set) + ([("page", str(page))] if page > 1 else []))

    def query(self) -> str:
        """The parameters that choose, sort and cut records, as a query string for the files of the same set."""
        return urlencode(self._pairs(shown=("sort", "columns")))

    def narrowed(self, chosen: Mapping[str, str]) -> str:
        """The address of the set with these values in place of what was chosen for their parameters; not counted."""
        pairs = [pair for pair in self._pairs(shown=("sort", "columns", "page_size")) if pair[0] not in chosen]
        return self._address([*pairs, *chosen.items()])

    def chips(self) -> Iterator[tuple[Text, Text, str]]:
        """What was asked for, each part with the address that would leave it out."""
        for name, value in self._pairs():
            others = [pair for pair in self._pairs(shown=self.not_of_the_set) if pair != (name, value)]
            yield self.filters[name].label, self._words(name, value), self._address(others)

    def _address(self, pairs: Sequence[tuple[str, str]]) -> str:
        """The address of the page with these parameters, and no page number."""
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path

    def _words(self, name: str, value: str) -> Text:
        words: Mapping[str, Text] = getattr(self.form.fields[name], "words", {})
        return words.get(value, value)

    def in_words(self) -> str:
        """What was asked for as a sentence; a file says with it what it holds."""
        parts: dict[str, list[str]] = {}
        for name, value in self._pairs():
            parts.setdefault(str(self.filters[name].label), []).append(str(self._words(name, value)))
        if not parts:
            return str(self.everything)
        joined = _(" or ")
        return "; ".join(f"{label}: {joined.join(values)}" for label, values in parts.items()) + "."


def terms_of(question: str) -> list[search.Term]:
    """What is looked for in ``q``. Raises ``BadRequest`` for more than a database is asked for at a time."""
    terms: list[search.Term] = search.terms_of(question)
    if len(terms) > search.MOST_TERMS:
        refuse("q", [question], _("at most %(most)s different words at a time.") % {"most": search.MOST_TERMS})
    return terms
