"""What every filter over a plan does with an address: refuse what it does not know, say again what was asked for."""

from urllib.parse import urlencode

import django_filters
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from tracker import search

from .facets import facet_of
from .parameters import LONGEST_REPEATED, SeveralChoices, shortened, without_blanks

ONLY_ON_THE_PAGE = ("by", "page", "page_size")


class Asked(django_filters.FilterSet):
    """A filter over the rows of a plan, with its parameters read into ``asked``. A bad one raises ``BadRequest``.

    A blank one says nothing. ``paged`` is false for files, which hold all rows and take no page. ``rows`` are the rows
    that there are, ``there`` has for each filter with ``choices`` the set of those that have each value, and
    ``_masks`` the sets that what was asked for lets through. ``path`` is the address of the filter's page,
    ``everything`` the sentence for no filter at all, ``not_of_the_set`` what says how a set is shown and not what is in
    it.
    """

    def __init__(self, data, *, snapshot, plan, paged=True):
        self.snapshot, self.plan, self.paged = snapshot, plan, paged
        model = self._meta.model
        super().__init__(without_blanks(data, type(self).base_filters), queryset=model.objects.none())
        self.choices = self._offered()
        for name, choices in self.choices.items():
            self.filters[name].extra["choices"] = choices
        self.facet_names = [name for name in self.filters if name in self.choices]
        self._refuse_what_it_does_not_know()
        self.asked = {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        self._prepare()
        self._masks = self._bits_of_choices() | self._bits_of_the_rest()

    def _prepare(self):
        """Read how the set is shown, before it is found."""

    def _bits_of_choices(self):
        """For each filter with choices that was asked for, the set of rows that it lets through."""
        found = {}
        for name in self.facet_names:
            if name in self.asked:
                found[name] = 0
                for value in self.asked[name]:
                    found[name] |= self.there[name].get(value, 0)
        return found

    def bits(self, leave_out=()):
        """The set of rows that was asked for, as a whole number; some parameters left out of account."""
        found = (1 << len(self.rows)) - 1
        for name, mask in self._masks.items():
            if name not in leave_out:
                found &= mask
        return found

    def facets(self):
        """Each filter with choices, with its counts.

        They respect all parameters but its own: they say what choosing another value of it would give.
        """
        return [
            facet_of(
                name,
                self.filters[name].label,
                self.choices[name],
                self.plan,
                set(self.asked.get(name, ())),
                self.bits(leave_out=(name,)),
                self.there[name],
            )
            for name in self.facet_names
        ]

    def canonical(self, page=None):
        """The address of exactly this page of the set, or of another, parameters in one order, none without effect."""
        pairs = self._asked_pairs(shown=self.not_of_the_set)
        if (page := page or self.asked.get("page", 1)) > 1:
            pairs.append(("page", str(page)))
        return self.address(pairs)

    def _refuse_what_it_does_not_know(self):
        """Raise ``BadRequest`` with a sentence that names the parameter."""
        for name in self.data:
            if name not in self.filters:
                words = {"name": shortened(name), "known": ", ".join(self.filters)}
                raise BadRequest(_("There is no parameter “%(name)s”. Known are: %(known)s.") % words)
            if name in ONLY_ON_THE_PAGE and not self.paged:
                words = {"name": name, "given": shortened(self.data[name])}
                raise BadRequest(_("%(name)s=%(given)s: a file holds all rows and has no pages.") % words)
            if not self._repeats(name) and len(self.data.getlist(name)) > 1:
                raise BadRequest(_("The parameter “%(name)s” stands twice; give it once.") % {"name": name})
        for name, errors in self.form.errors.items():
            sent = ", ".join(self.data.getlist(name))
            words = {"name": name, "given": shortened(sent), "error": errors[0]}
            for long in filter(lambda each: len(each) > LONGEST_REPEATED, self.data.getlist(name)):
                words["error"] = words["error"].replace(long, shortened(long))
            raise BadRequest(_("%(name)s=%(given)s: %(error)s") % words)

    def _repeats(self, name):
        return isinstance(self.filters[name], SeveralChoices)

    def chips(self):
        """What was asked for, each part with the address that would leave it out."""
        for name, value in self._asked_pairs():
            rest = [pair for pair in self._asked_pairs(shown=self.not_of_the_set) if pair != (name, value)]
            yield self.filters[name].label, self._label(name, value), self.address(rest)

    def address(self, pairs):
        """The address of the page with these parameters, and no page number."""
        query = urlencode(pairs)
        return f"{self.path}?{query}" if query else self.path

    def _label(self, name, value):
        return dict(self.filters[name].extra.get("choices", ())).get(value, value)

    def in_words(self):
        """What was asked for as a sentence; a file says with it what it holds."""
        parts = {}
        for name, value in self._asked_pairs():
            parts.setdefault(str(self.filters[name].label), []).append(str(self._label(name, value)))
        if not parts:
            return str(self.everything)
        joined = _(" or ")
        return "; ".join(f"{label}: {joined.join(values)}" for label, values in parts.items()) + "."


def terms_of(question):
    """What is looked for in ``q``. Raises ``BadRequest`` for more than a database is asked for at a time."""
    terms = search.terms_of(question)
    if len(terms) > search.MOST_TERMS:
        words = {"given": shortened(question), "most": search.MOST_TERMS}
        raise BadRequest(_("q=%(given)s: at most %(most)s different words at a time.") % words)
    return terms
