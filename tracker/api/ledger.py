"""The log for programs: its lines as rows, cut in the database."""

from django.utils.translation import gettext as _

from tracker.ledger import log
from tracker.records.registry import LedgerRecord, dictionary, json_value
from tracker.snapshot.plan import NotInRegistry


class Entries:
    """The entries after one, up to another, oldest first. Only what is cut out of them is read."""

    def __init__(self, after, until):
        self.after, self.until = min(after, until), until

    def __len__(self):
        return self.until - self.after

    def __getitem__(self, cut):
        start, stop, _step = cut.indices(len(self))
        return log.Rows(self.until)[self.after + start : self.after + stop]


def find(number, known):
    """The row of an entry. Raises ``NotInRegistry``."""
    if not 0 < number <= known:
        words = {"number": number, "last": known}
        raise NotInRegistry(_("The log has no entry %(number)s; its last is %(last)s.") % words)
    (row,) = log.Rows(known)[number - 1 : number]
    return row


def row_of(row):
    """An entry with every key in every row, and blanks as null."""
    return {name: json_value(row.get(name, "")) for name in dictionary(LedgerRecord)}
