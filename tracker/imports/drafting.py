"""The import itself: every row of a table is drafted by the action in one transaction, all of them or none."""

import logging
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.actions.progress import draft
from tracker.actions.registry import register
from tracker.models import Evidence, Plan, Update

from .files import Table, layout_of
from .known import Known
from .rows import NeedsPerson, Row, built

logger = logging.getLogger(__name__)

DRAFT, THERE, TWICE, PERSON, WRONG = "draft", "there", "twice", "person", "wrong"


@dataclass
class Line:
    """What becomes of one row: a word, the draft that it is or would be, notes, and problems by column."""

    number: int
    word: str = DRAFT
    record: Update | None = None
    evidence: list[Evidence] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


class Drafting:
    """Drafts of updates from a table of either layout; ``lines`` says what became of each row.

    ``by`` becomes the author. ``plan`` is whose paragraphs a finding's ``ref`` names. With ``new_sources``, sources
    that a row describes and nobody registered yet are registered on the way, under bodies that are known.
    """

    def __init__(self, table: Table, *, by: User, plan: Plan | None = None, new_sources: bool = False) -> None:
        self.table, self.by, self.plan, self.new_sources = table, by, plan, new_sources
        self.layout, self.known = layout_of(table.columns), Known()
        self.lines: list[Line] = []
        self._numbers: dict[str, int] = {}  # of the first row with a key

    def run(self, *, dry_run: bool) -> bool:
        """Draft every row; whether all went well. Nothing is kept of a trial, nor where one row is wrong."""
        with transaction.atomic():
            self.lines = [self._drafted(number, cells) for number, cells in self.table.rows]
            well = all(line.word != WRONG for line in self.lines)
            if dry_run or not well:
                transaction.set_rollback(True)
        return well

    def drafted(self) -> list[Update]:
        """The drafts that the import made, or would make."""
        return [line.record for line in self.lines if line.record and line.word == DRAFT]

    def _drafted(self, number: int, cells: dict[str, object]) -> Line:
        """One row, drafted in a trial too: what would be refused is refused then. Each action undoes its own part."""
        line = Line(number)
        try:
            made = built(self.layout, Row(cells, self.known, plan=self.plan, new_sources=self.new_sources))
            line.record, line.evidence, line.notes = made.record, made.evidence, made.notes
            self._recognise(line, made.record.seed_key)
            if line.word == DRAFT:
                self._register_sources(made.evidence)
                draft(record=made.record, by=self.by, evidence=made.evidence)
        except NeedsPerson as reason:
            line.word, line.notes = PERSON, [str(reason)]
        except ValidationError as error:
            line.word, line.problems = WRONG, self._by_column(error)
        except Exception:  # whatever it is, the other rows are said too, and nothing is kept
            logger.exception("A row could not be imported.")
            line.word, line.problems = WRONG, [("", _("This row could not be imported."))]
        return line

    def _recognise(self, line: Line, key: str) -> None:
        """Rows that stand twice or are there already are recognised by their key, and left alone."""
        if key in self._numbers:
            line.word, line.notes = TWICE, [_("The same as row %(row)s.") % {"row": self._numbers[key]}]
        elif key in self.known.keys:
            line.word, line.notes = THERE, [_("It was imported before.")]
        self._numbers.setdefault(key, line.number)

    def _register_sources(self, evidence: list[Evidence]) -> None:
        for each in evidence:
            if each.source._state.adding:
                register(record=each.source, by=self.by)
                self.known.add_source(each.source)
                each.source = each.source  # now that it has a number

    def _by_column(self, error: ValidationError) -> list[tuple[str, str]]:
        """Pairs of a column, blank where none is meant, and a sentence."""
        if not hasattr(error, "error_dict"):
            return [("", message) for message in error.messages]
        return [
            ("" if name == NON_FIELD_ERRORS else self.layout.column(name), message)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
