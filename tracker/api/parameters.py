"""What an address of the API may ask for: each parameter declared once, to read it, describe it and explain it."""

import dataclasses
import datetime

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.filters.dates import WRITTEN
from tracker.filters.parameters import shortened

LARGEST_PAGE, USUAL_PAGE = 1000, 100
LAST_NUMBER = 1_000_000


@dataclasses.dataclass(frozen=True)
class Parameter:
    """A parameter of an address.

    ``several`` may be repeated, any of its values will do. ``choices`` (pairs of a value and its words) is a closed
    list; ``codes`` gives those that there are in a snapshot. What is ``checked_elsewhere`` is described here and read
    by the explorer's own filter or by ``tracker.filters.dates``. ``test(item, value)`` stands in for comparing codes.
    """

    name: str
    help: str
    type: str = "string"  # string, date, integer or number, as OpenAPI has them
    several: bool = False
    choices: tuple = ()
    codes: object = None
    bounds: tuple = ()  # least and most of an integer
    usual: int | None = None
    longest: int | None = None  # characters
    commas: bool = False  # several values may also stand in one, with commas between
    checked_elsewhere: bool = False
    test: object = None

    def read(self, given):
        """The value of one text from the address. ``BadRequest`` with a sentence where it is none."""
        if self.choices and given not in dict(self.choices):
            listed = ", ".join(value for value, _words in self.choices)
            self.refuse(given, _("choose from %(listed)s.") % {"listed": listed})
        if self.type == "integer":
            least, most = self.bounds
            if not (given.isascii() and given.isdigit() and len(given) < 10 and least <= int(given) <= most):
                words = {"least": least, "most": most}
                self.refuse(given, _("give a whole number from %(least)s to %(most)s.") % words)
            return int(given)
        if self.type == "date":
            try:
                return datetime.date.fromisoformat(given if WRITTEN.fullmatch(given) else "")
            except ValueError:
                self.refuse(given, _("give a day such as 2025-12-31."))
        return given

    def refuse(self, given, sentence):
        """Raise ``BadRequest`` with a sentence that names the parameter and what was given."""
        raise BadRequest(f"{self.name}={shortened(given)}: {sentence}")


def read(parameters, query):
    """The values of an address by parameter; one that is blank says nothing, one that is not known is refused."""
    names = [each.name for each in parameters]
    for name in query:
        if name not in names:
            words = {"name": shortened(name), "known": ", ".join(names)}
            raise BadRequest(_("There is no parameter “%(name)s”. Known are: %(known)s.") % words)
    asked = {}
    for each in parameters:
        values = [value for value in query.getlist(each.name) if value.strip()]
        if each.checked_elsewhere or not values:
            continue
        if each.commas:
            values = [part for value in values for part in value.split(",")]
        if len(values) > 1 and not each.several:
            raise BadRequest(_("The parameter “%(name)s” stands twice; give it once.") % {"name": each.name})
        found = [each.read(value) for value in values]
        asked[each.name] = tuple(found) if each.several else found[0]
    return asked


def refuse_unknown_codes(parameters, asked, snapshot):
    """Raise ``BadRequest`` for a code that nothing in the snapshot has."""
    for each in parameters:
        if each.codes and each.name in asked:
            there = each.codes(snapshot)
            for code in asked[each.name]:
                if code not in there:
                    each.refuse(code, _("there is nothing with this code."))


def matching(parameters, asked, items):
    """The items that pass every parameter that was asked for, in their order."""
    tests = [(each, asked[each.name]) for each in parameters if each.name in asked and each.name not in NOT_OF_RECORDS]
    return [item for item in items if all(_passes(each, value, item) for each, value in tests)]


def _passes(parameter, value, item):
    if parameter.test:
        return parameter.test(item, value)
    return not set(value).isdisjoint(item.values(parameter.name))


def code(name, words, codes):
    """A parameter that takes codes of records."""
    return Parameter(name, words, several=True, codes=codes)


def choice(name, words, choices):
    """A parameter that takes values of a closed list; ``choices`` as Django has them."""
    return Parameter(name, words, several=True, choices=tuple(choices))


def after(name, words, field):
    """Records whose date is that day or later."""
    return Parameter(name, words, "date", test=lambda item, day: getattr(item.record, field) >= day)


def before(name, words, field):
    """Records whose date is that day or earlier."""
    return Parameter(name, words, "date", test=lambda item, day: getattr(item.record, field) <= day)


def fields_of(columns):
    """The parameter that chooses keys."""
    words = gettext_lazy("Keys to give, instead of all. Repeat it, or put commas between")
    return Parameter("fields", words, several=True, choices=tuple((name, "") for name in columns), commas=True)


ON = Parameter("on", gettext_lazy("What was true on a past day"), "date", checked_elsewhere=True)
KNOWN = Parameter("known", gettext_lazy("What this site had published by a past day"), "date", checked_elsewhere=True)
PAGE = Parameter("page", gettext_lazy("Page of the list, from 1"), "integer", bounds=(1, LAST_NUMBER), usual=1)
PAGE_SIZE = Parameter(
    "page_size", gettext_lazy("Rows on a page"), "integer", bounds=(1, LARGEST_PAGE), usual=USUAL_PAGE
)
NOT_OF_RECORDS = ("page", "page_size", "fields")
