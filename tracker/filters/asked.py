"""What every filter over a plan does with an address: refuse what it does not know, say again what was asked for."""

from urllib.parse import urlencode

import django_filters
from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from .parameters import LONGEST_REPEATED, SeveralChoices, shortened

ONLY_ON_THE_PAGE = ("by", "page", "page_size")


class Asked(django_filters.FilterSet):
    """A filter whose parameters are read already into ``asked``; ``path`` is the address of its page.

    ``everything`` is the sentence for no filter at all, ``not_of_the_set`` what says how a set is shown and not what is
    in it.
    """

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
