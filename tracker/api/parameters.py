"""What an address of the API may ask for beside the filters of pages: keys and pages of a list, codes, days."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.filters.dates import FROM_TO
from tracker.filters.parameters import LAST_PAGE, Choices, ExampleDay, PastDay, WholeNumber, refuse

LARGEST_PAGE, USUAL_PAGE = 1000, 100


class Codes(Choices):
    """Codes of records: any of them. The snapshot holds those that there are under a name, or each of its plans."""

    def __init__(self, label, collection, *, of_plans=False):
        super().__init__(label)
        self.collection, self.of_plans = collection, of_plans

    def validate(self, value):
        """Which codes there are is for a snapshot to say."""

    def check(self, name, values, snapshot):
        """Raise ``BadRequest`` for a code that nothing in the snapshot has."""
        known = [getattr(each, self.collection) for each in (snapshot.plans.values() if self.of_plans else [snapshot])]
        for code in values:
            if not any(code in records for records in known):
                refuse(name, [code], _("there is nothing with this code."))


class Listed(Choices):
    """Values of a closed list: any of them. A refusal gives the list."""

    default_error_messages = {"invalid_choice": gettext_lazy("choose from %(listed)s.")}


class Keys(Listed):
    """Keys of a row, which may also stand in one value with commas between."""

    def __init__(self, names):
        words = gettext_lazy("Keys to give, instead of all. Repeat it, or put commas between")
        super().__init__(words, [(name, "") for name in names])

    def to_python(self, value):
        return list(dict.fromkeys(name for text in value for name in text.split(",")))


class RecordDay(ExampleDay):
    """Records with a date on that day or on one side of it: ``passes(date, day)`` says on which."""

    def __init__(self, label, field, passes):
        super().__init__(label)
        self.field, self.passes = field, passes


ON = PastDay(gettext_lazy("What was true on a past day"))
KNOWN = PastDay(gettext_lazy("What this site had published by a past day"))
PAGE = WholeNumber(gettext_lazy("Page of the list, from 1"), most=LAST_PAGE, usual=1, sentence=FROM_TO)
PAGE_SIZE = WholeNumber(gettext_lazy("Rows on a page"), most=LARGEST_PAGE, usual=USUAL_PAGE, sentence=FROM_TO)


def matching(filters, values, items):
    """The items that pass every filter that was asked for, in their order."""
    for name, parameter in filters.items():
        if name not in values:
            continue
        if isinstance(parameter, RecordDay):
            items = [each for each in items if parameter.passes(getattr(each.record, parameter.field), values[name])]
        else:
            items = [each for each in items if not set(values[name]).isdisjoint(each.values(name))]
    return items
