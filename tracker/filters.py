"""What an address may ask of the commitments: declared once, for the page and for the files.

django-filter declares the parameters and validates what comes; whether a record matches is answered by the record.
"""

import dataclasses
import re
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import words
from .folding import folded
from .models import Commitment, Kind, Level, Rule, Side

PAGE_SIZES = (25, 50, 100, 250)
SORTS = {
    "code": gettext_lazy("Order of the plan"),
    "title": gettext_lazy("Title, A to Z"),
    "-title": gettext_lazy("Title, Z to A"),
    "deadline": gettext_lazy("Deadline, earliest first"),
    "-deadline": gettext_lazy("Deadline, latest first"),
    "kind": gettext_lazy("Kind"),
    "level": gettext_lazy("Level"),
    "status": gettext_lazy("Status"),
}
ONLY_ON_THE_PAGE = ("page", "page_size")
LONGEST_REPEATED = 80  # characters of what was sent that a refusal repeats
NO_BODY, NO_GROUP, NO_FLAG, NOT_MISSING = "none", "everyone", "none", "known"


@dataclasses.dataclass(frozen=True)
class Facet:
    """A filter with a fixed list of choices, and how many records each choice would give."""

    name: str
    label: str
    choices: list
    chosen: int


@dataclasses.dataclass(frozen=True)
class Choice:
    """One choice of a facet."""

    value: str
    label: str
    count: int
    chosen: bool
    depth: int


class SeveralChoices(django_filters.MultipleChoiceFilter):
    """A choice that may be repeated in the address. ``values`` gives a record's values for it."""

    def __init__(self, *, values, **kwargs):
        self.values = values
        super().__init__(choices=(), **kwargs)


class WholeNumber(django_filters.Filter):
    """A whole number from 1 up."""

    field_class = forms.IntegerField


class DayField(forms.DateField):
    """A day written in one way only, whatever the language of the page."""

    def strptime(self, value, format):
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        return super().strptime(value, format)


class Day(django_filters.Filter):
    """A day such as 2025-12-31."""

    field_class = DayField

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


def shortened(text):
    """What was sent, no longer than a sentence can carry."""
    return text if len(text) <= LONGEST_REPEATED else text[:LONGEST_REPEATED] + "…"


def _values_of_category(plan, commitment):
    return plan.ancestry[commitment.category]


def _values_of_body(plan, commitment):
    return commitment.bodies or (NO_BODY,)


def _values_of_group(plan, commitment):
    return commitment.groups or (NO_GROUP,)


def _values_of_flags(plan, commitment):
    return commitment.flags or (NO_FLAG,)


def _values_of_missing(plan, commitment):
    return (commitment.missing or NOT_MISSING,)


def _sides_that_speak(plan, commitment):
    """Sides with a finding on record, or whose figure or act is."""
    said = {"official": commitment.official_says, "un": commitment.un_says, "independent": commitment.independent_says}
    sides = {side for side, says in said.items() if says}
    return tuple(sides | plan.sides_of_updates[commitment.code]) or ("none",)


def _what_is_said(plan, commitment):
    """What anybody's findings say of it."""
    return tuple({f.says for f in plan.findings[commitment.code]}) or ("none",)


def _has_evidence(plan, commitment):
    return ("yes" if commitment.evidence_count else "no",)


def _without_blanks(data):
    """What was sent, without values that are blank: a form sends its empty fields too."""
    kept = data.copy()
    for name, values in data.lists():
        if filled := [value for value in values if value.strip()]:
            kept.setlist(name, filled)
        elif name in CommitmentFilter.base_filters:
            del kept[name]
    return kept


class CommitmentFilter(django_filters.FilterSet):
    """Parameters of the explorer and of the files. A bad one raises ``BadRequest``; a blank one says nothing.

    ``paged`` is false for files, which hold all rows and take no page.
    """

    q = django_filters.CharFilter(label=gettext_lazy("Words"), max_length=200)
    category = SeveralChoices(label=gettext_lazy("Right"), values=_values_of_category)
    group = SeveralChoices(label=gettext_lazy("What is known"), values=lambda plan, c: (c.group,))
    status = SeveralChoices(label=gettext_lazy("Status"), values=lambda plan, c: (c.status,))
    missing = SeveralChoices(label=gettext_lazy("Why it is not known"), values=_values_of_missing)
    flag = SeveralChoices(label=gettext_lazy("Flag"), values=_values_of_flags)
    kind = SeveralChoices(label=gettext_lazy("Kind"), values=lambda plan, c: (c.kind,))
    level = SeveralChoices(label=gettext_lazy("Level"), values=lambda plan, c: (c.level,))
    rule = SeveralChoices(label=gettext_lazy("Rule"), values=lambda plan, c: (c.rule,))
    beneficiary = SeveralChoices(label=gettext_lazy("People it is meant for"), values=_values_of_group)
    origin_side = SeveralChoices(label=gettext_lazy("Whose statements are on record"), values=_sides_that_speak)
    says = SeveralChoices(label=gettext_lazy("What a finding says"), values=_what_is_said)
    has_evidence = SeveralChoices(label=gettext_lazy("Evidence"), values=_has_evidence)
    body = SeveralChoices(label=gettext_lazy("Body that the text names"), values=_values_of_body)
    deadline_after = Day(label=gettext_lazy("Deadline on or after"))
    deadline_before = Day(label=gettext_lazy("Deadline on or before"))
    on = Day(label=gettext_lazy("As of"))
    known = Day(label=gettext_lazy("As this site knew it on"))
    sort = django_filters.ChoiceFilter(label=gettext_lazy("Sort by"), choices=tuple(SORTS.items()))
    page_size = django_filters.ChoiceFilter(
        label=gettext_lazy("Rows on a page"), choices=[(str(size), str(size)) for size in PAGE_SIZES]
    )
    page = WholeNumber(label=gettext_lazy("Page"), min_value=1, max_value=1_000_000)

    class Meta:
        model = Commitment
        fields = ()

    def __init__(self, data, *, snapshot, plan, paged=True):
        self.snapshot, self.plan, self.paged = snapshot, plan, paged
        super().__init__(_without_blanks(data), queryset=Commitment.objects.none())
        self.facet_names = [name for name, each in self.filters.items() if isinstance(each, SeveralChoices)]
        for name, choices in self._choices().items():
            self.filters[name].extra["choices"] = choices
        self._refuse_what_it_does_not_know()
        self.asked = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    def _choices(self):
        found = {c.status for c in self.plan.commitments.values()} | set(self.data.getlist("status")) & set(
            words.STATUSES
        )
        named = {code for c in self.plan.commitments.values() for code in c.bodies}
        meant = {code for c in self.plan.commitments.values() for code in c.groups}
        return {
            "category": [(c.code, f"{c.code} {c.short_title}") for c in self.plan.categories.values()],
            "group": list(words.GROUPS.items()),
            "status": [(s, w) for s, w in words.STATUSES.items() if s in found],
            "missing": [(NOT_MISSING, _("It is known")), *words.MISSING.items()],
            "flag": [(NO_FLAG, _("No flag")), *words.FLAGS.items()],
            "origin_side": [*Side.choices, ("none", _("Nobody's"))],
            "says": [*[(s, w) for s, w in words.SAYS.items() if s not in ("", "mixed")], ("none", _("No finding"))],
            "has_evidence": [("yes", _("With evidence")), ("no", _("Without evidence"))],
            "kind": Kind.choices,
            "level": Level.choices,
            "rule": Rule.choices,
            "beneficiary": [
                (NO_GROUP, _("Everyone")),
                *[(g.code, g.name) for g in self.snapshot.groups.values() if g.code in meant],
            ],
            "body": [
                (NO_BODY, _("None named")),
                *[(b.code, b.name) for b in self.snapshot.bodies.values() if b.code in named],
            ],
        }

    def _refuse_what_it_does_not_know(self):
        """Raise ``BadRequest`` with a sentence that names the parameter."""
        for name in self.data:
            if name not in self.filters:
                words = {"name": shortened(name), "known": ", ".join(self.filters)}
                raise BadRequest(_("There is no parameter “%(name)s”. Known are: %(known)s.") % words)
            if name in ONLY_ON_THE_PAGE and not self.paged:
                words = {"name": name, "given": shortened(self.data[name])}
                raise BadRequest(_("%(name)s=%(given)s: a file holds all rows and has no pages.") % words)
            if name not in self.facet_names and len(self.data.getlist(name)) > 1:
                raise BadRequest(_("The parameter “%(name)s” stands twice; give it once.") % locals())
        for name, errors in self.form.errors.items():
            sent = ", ".join(self.data.getlist(name))
            words = {"name": name, "given": shortened(sent), "error": errors[0]}
            for long in filter(lambda each: len(each) > LONGEST_REPEATED, self.data.getlist(name)):
                words["error"] = words["error"].replace(long, shortened(long))
            raise BadRequest(_("%(name)s=%(given)s: %(error)s") % words)

    def _tests(self):
        """A test of a record for each parameter that was asked for, by name."""
        tests = {}
        for name in self.facet_names:
            if chosen := set(self.asked.get(name, ())):
                values = self.filters[name].values
                tests[name] = lambda c, values=values, chosen=chosen: not chosen.isdisjoint(values(self.plan, c))
        if day := self.asked.get("deadline_after"):
            tests["deadline_after"] = lambda c: c.deadline >= day
        if last := self.asked.get("deadline_before"):
            tests["deadline_before"] = lambda c: c.deadline <= last
        if words := folded(self.asked.get("q", "")).split():
            texts = self.plan.search_texts
            tests["q"] = lambda c: all(word in texts[c.code] for word in words)
        return tests

    def answer(self):
        """Every commitment that was asked for, sorted; and each facet with its choices and counts.

        One walk through the plan. A facet's counts respect all parameters but its own: they say what choosing
        another value of it would give.
        """
        tests = self._tests()
        facets = [(name, self.filters[name].values, {}) for name in self.facet_names]
        results = []
        for commitment in self.plan.commitments.values():
            failed = [name for name, test in tests.items() if not test(commitment)]
            if len(failed) > 1:
                continue
            if not failed:
                results.append(commitment)
            for name, values, counts in facets:
                if not failed or failed[0] == name:
                    for value in values(self.plan, commitment):
                        counts[value] = counts.get(value, 0) + 1
        return self._sorted(results), [self._facet(name, counts) for name, _values, counts in facets]

    def _sorted(self, results):
        sort = self.asked.get("sort", "code")
        name = sort.removeprefix("-")
        if name != "code":
            kinds = {"kind": Kind.values, "level": Level.values, "status": list(words.STATUSES)}
            if name in kinds:
                results.sort(key=lambda c: kinds[name].index(getattr(c, name)))
            elif name == "title":
                results.sort(key=lambda c: folded(c.title), reverse=sort.startswith("-"))
            else:
                results.sort(key=lambda c: getattr(c, name), reverse=sort.startswith("-"))
        return results

    def _facet(self, name, counts):
        chosen = set(self.asked.get(name, ()))
        choices = [
            Choice(
                value=value,
                label=label,
                count=counts.get(value, 0),
                chosen=value in chosen,
                depth=len(self.plan.ancestry[value]) - 1 if name == "category" else 0,
            )
            for value, label in self.filters[name].extra["choices"]
        ]
        return Facet(name, self.filters[name].label, choices, len(chosen))

    @property
    def rows_on_a_page(self):
        return int(self.asked.get("page_size", 50))

    def chips(self):
        """What was asked for, each part with the address that would leave it out."""
        for name, value in self._asked_pairs():
            rest = [pair for pair in self._asked_pairs(extra=("sort", "page_size")) if pair != (name, value)]
            yield self.filters[name].label, self._label(name, value), self.address(rest)

    def address(self, pairs):
        """The explorer's address with these parameters, and no page number."""
        query = urlencode(pairs)
        return f"{self.plan.explorer_path}?{query}" if query else self.plan.explorer_path

    def canonical(self):
        """The address of exactly this page of the set, parameters in one order and none without effect."""
        pairs = self._asked_pairs(extra=("sort", "page_size"))
        if (page := self.asked.get("page", 1)) > 1:
            pairs.append(("page", str(page)))
        return self.address(pairs)

    def query(self):
        """The parameters that choose and sort records, as a query string for the files of the same set."""
        return urlencode(self._asked_pairs(extra=("sort",)))

    def _asked_pairs(self, *, extra=()):
        pairs = []
        for name, value in self.asked.items():
            if name in self.facet_names:
                pairs += [(name, each) for each in value]
            elif name not in ("sort", "page_size", "page") or name in extra:
                pairs.append((name, str(value)))
        return pairs

    def _label(self, name, value):
        return dict(self.filters[name].extra.get("choices", ())).get(value, value)

    def in_words(self):
        """What was asked for as a sentence; a file says with it what it holds."""
        parts = {}
        for name, value in self._asked_pairs():
            parts.setdefault(str(self.filters[name].label), []).append(str(self._label(name, value)))
        if not parts:
            return _("All commitments of the plan.")
        joined = _(" or ")
        return "; ".join(f"{label}: {joined.join(values)}" for label, values in parts.items()) + "."
