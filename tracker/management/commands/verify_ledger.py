"""manage.py verify_ledger: the chain, and whether the tables say what the log says."""

import contextlib
import json

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tracker.actions.ledger import take_turn
from tracker.ledger import log
from tracker.ledger.content import public_content
from tracker.management.progress import Progress
from tracker.models import Assessment, AttachedText, Evidence, LedgerEntry, Update, What, triggers
from tracker.schema import TABLES, plain_row, subject_of
from tracker.standalone.verify import verify
from tracker.uploads import storage


class Command(BaseCommand):
    """Verify the log: its chain of hashes, and that published rows and the registry are what it says."""

    help = __doc__

    @transaction.atomic
    def handle(self, *, verbosity, **_options):
        take_turn()  # nobody publishes between the reading of the log and that of the tables
        for name in triggers.missing():
            self.stderr.write(f"The guard {name} is missing in the database.")
        with Progress(self.stdout, verbosity) as self.progress:
            lines = self.progress.each("entries", log.lines(), LedgerEntry.objects.count())
            with contextlib.closing(lines):  # where the chain breaks, the rest is not read: its cursor ends here
                count, head, redacted, broken = verify(lines)
            if broken:
                raise CommandError(f"BROKEN. {broken}")
            for seq, by in redacted:
                self.progress.event(f"Entry {seq} is redacted; entry {by} says why.")
            self.left = self._left_by_redaction()
            differences = [*self._progress(), *self._evidence(), *self._attached(), *self._registry()]
        for line in differences:
            self.stderr.write(line)
        if differences:
            raise CommandError(f"{len(differences)} rows are not what the log says.")
        self.stdout.write(f"Intact: {count} entries, head {head}. Tables and log agree.")

    def _left_by_redaction(self):
        """What redactions left of rows, by the number of the entry whose text is gone."""
        left = {}
        for entry in LedgerEntry.objects.filter(action="redact").select_related("body"):
            content = json.loads(entry.body.text) if entry.body.text is not None else {}
            left[content.get("entry")] = content.get("left")
        return left

    def _progress(self):
        actions = ("publish", "correct", "withdraw", "amend")
        named = {entry.seq: entry for entry in LedgerEntry.objects.filter(action__in=actions)}
        related = ("entry__body", "replaces", "commitment__plan", "origin")
        own = {Update: ("metric", "body", "source"), Assessment: ("category__plan", "replies_to")}
        for model in (Update, Assessment):
            rows = model.objects.published().select_related(*related, *own[model]).order_by("entry_id")
            every = rows.prefetch_related("evidence__source").iterator(chunk_size=500)
            for row in self.progress.each(str(model._meta.verbose_name_plural), every, rows.count()):
                entry = named.pop(row.entry_id, None)
                if entry is None:
                    yield f"{model.__name__} {row.pk} names entry {row.entry_id}, which published nothing."
                else:
                    yield from self._compared(row, entry)
        for seq, entry in named.items():
            yield f"Entry {seq} ({entry.subject}) published a row that is not there."

    def _compared(self, row, entry):
        name = f"{type(row).__name__} {row.pk}"
        text = row.entry.body.text
        if entry.action != row.log_action or not entry.subject.startswith(row.subject.rsplit(" ", 1)[0]):
            yield f"{name} is not what entry {entry.seq} ({entry.action} {entry.subject}) speaks of."
        elif (text is None) != (row.redacted_by_id is not None):
            yield f"{name} and entry {entry.seq} do not agree on whether the text was taken away."
        elif text is None and self.left.get(entry.seq) != public_content(row):
            yield f"{name} is not what its redaction left."
        elif text is not None and json.loads(text) != public_content(row):
            yield f"{name} is not what entry {entry.seq} published."

    def _evidence(self):
        """Evidence is shown from its own entry on, which is that of the row it supports."""
        gone = Evidence.objects.taken_away(Evidence.objects.exclude(file_hash="").values_list("file_hash", flat=True))
        frozen = Evidence.objects.filter(entry__isnull=False).order_by("pk")
        for each in frozen.select_related("update_record", "assessment"):
            row = each.update_record or each.assessment
            if each.entry_id != row.entry_id or each.redacted_by_id != row.redacted_by_id:
                yield f"Evidence {each.pk} is not frozen with the row that it supports."
            elif each.stored and each.file_hash not in gone and not storage.intact(each.stored, each.file_hash):
                yield f"The file of evidence {each.pk} is missing or is not the one that was published."

    def _attached(self):
        """Attached texts, whose passages the log knows by their hash alone."""
        for text in AttachedText.objects.select_related("entry__body", "plan", "source"):
            content = json.loads(text.entry.body.text)
            now = text.hash_of(dict(text.passages.values_list("code", "text")))
            subject = subject_of(text.source or text.plan)
            logged = content.get("sha256"), content.get("passages_sha256")
            if logged != (text.sha256, now) or text.entry.subject != subject:
                named = f"The text of {text.source.code}" if text.source else "The text"
                yield f"{named} attached to {text.plan.code} is not what entry {text.entry_id} attached."

    def _registry(self):
        """The newest word on each record: its registration, then amendments in order."""
        logged, gone = {}, set()  # gone: records whose own text was taken away, so that nothing is left to compare
        entries = LedgerEntry.objects.filter(action__in=("register", "rearrange"))
        for entry in entries.select_related("body").order_by("seq"):
            logged[entry.subject] = {} if entry.body.text is None else json.loads(entry.body.text)
            (gone.add if entry.body.text is None else gone.discard)(entry.subject)
        amendments = Update.objects.published().filter(what=What.AMENDMENT).order_by("entry_id")
        for update in amendments.select_related("commitment__plan", "metric", "body", "source"):
            subject = subject_of(update.about)
            if subject in logged:
                logged[subject] |= {name: new for name, (_old, new) in update.changes.items()}
            if update.redacted_by_id is not None:
                gone.add(subject)
        for table in TABLES:
            for record in self.progress.each(table.public, table.records(), table.model.objects.count()):
                subject = subject_of(record)
                row = logged.pop(subject, None)
                if row is None:
                    yield f"The log does not know {subject}."
                elif _stated(row) != _stated(plain_row(record)) and subject not in gone:
                    yield f"{subject} is not what the log says."
        for subject in logged:
            yield f"The log registered {subject}, which is not there."


def _stated(row):
    """What a row says. A blank says nothing: a key that came later is blank in rows of before."""
    return {name: value for name, value in row.items() if value is not None}
