"""The import itself: django-import-export walks the rows in one transaction, and each is drafted by the action."""

import logging
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from import_export import resources

from tracker.actions.progress import draft
from tracker.actions.registry import register
from tracker.models import Update

from .files import ROW
from .known import Known
from .layouts import layout_of
from .rows import NeedsPerson, Row, built

logger = logging.getLogger(__name__)

DRAFT, THERE, TWICE, PERSON, WRONG = "draft", "there", "twice", "person", "wrong"


@dataclass
class Line:
    """What becomes of one row: a word, the draft that it is or would be, notes, and problems by column."""

    number: int
    word: str = DRAFT
    record: Update = None
    evidence: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    effects: list = field(default_factory=list)


class UpdateResource(resources.ModelResource):
    """Drafts of updates from a table of either layout; ``lines`` says what became of each row.

    ``by`` becomes the author. ``plan`` is whose paragraphs a finding's ``ref`` names. With ``new_sources``, sources
    that a row describes and nobody registered yet are registered on the way, under bodies that are known.
    """

    class Meta:
        model = Update
        fields = ()
        import_id_fields = ()
        force_init_instance = True  # rows are recognised by their key, never changed by a file
        skip_diff = True
        use_transactions = True

    def __init__(self, *, by, plan=None, new_sources=False, **kwargs):
        super().__init__(**kwargs)
        self.by, self.plan, self.new_sources = by, plan, new_sources
        self.lines = []

    def run(self, table, *, dry_run):
        """Import a table, or try what an import would do; whether every row went well. All rows or none are kept."""
        self.layout, self.known, self.lines, self._seen = layout_of(table), Known(), [], {}
        result = self.import_data(table, dry_run=dry_run, rollback_on_validation_errors=True)
        if result.base_errors:
            raise result.base_errors[0].error
        return not (result.has_errors() or result.has_validation_errors())

    def import_row(self, row, instance_loader, **kwargs):
        """Import one row, and keep its line."""
        self._line = Line(int(row[ROW]))
        self.lines.append(self._line)
        result = super().import_row(row, instance_loader, **kwargs)
        if result.validation_error is not None:
            self._line.word, self._line.problems = WRONG, self._by_column(result.validation_error)
        elif result.errors:
            logger.error("A row could not be imported.", exc_info=result.errors[0].error)
            self._line.word, self._line.problems = WRONG, [("", _("This row could not be imported."))]
        return result

    def _by_column(self, error):
        """Pairs of a column, blank where none is meant, and a sentence."""
        if not hasattr(error, "error_dict"):
            return [("", message) for message in error.messages]
        return [
            ("" if name == NON_FIELD_ERRORS else self.layout.column(name), message)
            for name, messages in error.message_dict.items()
            for message in messages
        ]

    def import_instance(self, instance, row, **kwargs):
        """Read the row; the draft that it makes takes the place of the empty record on saving."""
        line = self._line
        try:
            made = built(self.layout, Row(row, self.known, plan=self.plan, new_sources=self.new_sources))
        except NeedsPerson as reason:
            line.word, line.notes = PERSON, [str(reason)]
            return
        line.record, line.evidence, line.notes = made.record, made.evidence, made.notes
        key = made.record.seed_key
        if key in self._seen:
            line.word, line.notes = TWICE, [_("The same as row %(row)s.") % {"row": self._seen[key]}]
        elif key in self.known.keys:
            line.word, line.notes = THERE, [_("It was imported before.")]
        self._seen.setdefault(key, line.number)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """Rows that are there already, stand twice or need a person are left alone."""
        return not import_validation_errors and self._line.word != DRAFT

    def save_instance(self, instance, is_create, row, **kwargs):
        """Draft the row through the action, in a trial too: what would be refused is refused there."""
        line = self._line
        for each in line.evidence:
            if each.source._state.adding:
                register(record=each.source, by=self.by)
                self.known.add_source(each.source)
                each.source = each.source  # now that it has a number
        draft(record=line.record, by=self.by, evidence=line.evidence)

    def save_m2m(self, instance, row, **kwargs):
        """Nothing: a draft has no such relations."""

    def drafted(self):
        """The drafts that the import made."""
        return [line.record for line in self.lines if line.word == DRAFT]
