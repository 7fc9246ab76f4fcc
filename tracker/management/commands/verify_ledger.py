"""manage.py verify_ledger: the chain, and whether the tables say what the log says."""

import contextlib
import json

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from tracker.actions.searching import compared
from tracker.ledger import log
from tracker.ledger.checkpoint import not_continued
from tracker.ledger.content import public_content
from tracker.management.progress import Progress
from tracker.models import (
    FOUR_EYES,
    Assessment,
    AttachedText,
    Evidence,
    LedgerEntry,
    RedactionRequest,
    Update,
    What,
    broken_checks,
    guards,
)
from tracker.models.progress import AMENDED
from tracker.schema import TABLES, plain_row, subject_of
from tracker.standalone.verify import verify
from tracker.uploads import storage


@contextlib.contextmanager
def one_state():
    """Log and tables are read as they stood at the first question; nobody who publishes meanwhile is kept waiting.

    Within a transaction that runs already, it is that one's state.
    """
    alone = not connection.in_atomic_block
    connection.ensure_connection()
    mode = getattr(connection, "transaction_mode", None)
    if alone and connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # the site's own transactions begin with the write lock
    try:
        with transaction.atomic():
            if alone and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        connection.transaction_mode = mode


class Command(BaseCommand):
    """Verify the log: its chain of hashes, the guards, and that published rows and the registry are what it says."""

    help = __doc__
    stealth_options = ("restoring",)  # a backup may be older than a checkpoint: that is said, and it is restored

    def handle(self, *, verbosity, restoring=False, **_options):
        with one_state(), Progress(self.stdout, verbosity) as self.progress:
            amiss = guards.amiss(thorough=True)
            for line in amiss:
                self.stderr.write(line)
            lines = self.progress.each("entries", log.lines(), LedgerEntry.objects.count())
            with contextlib.closing(lines):  # where the chain breaks, the rest is not read: its cursor ends here
                count, head, redacted, broken = verify(lines)
            if broken:
                raise CommandError(f"BROKEN. {broken}")
            for seq, by in redacted:
                self.progress.event(f"Entry {seq} is redacted; entry {by} says why.")
            self.left = self._left_by_redaction()
            differences = [*self._progress(), *self._evidence(), *self._redactions()]
            differences += [*self._attached(), *self._registry(), *self._places()]
            differences = differences or [*self._search()]  # which is made of the tables
            cut = list(not_continued())
        for line in [*differences, *cut]:
            self.stderr.write(line)
        words = [f"{len(differences)} rows are not what the log says."] if differences else []
        words += [f"{len(amiss)} guards or constraints are not as they were made."] if amiss else []
        words += [f"The log does not continue {len(cut)} checkpoints."] if cut and not restoring else []
        if words:
            raise CommandError(" ".join(words))
        self.stdout.write(f"Intact: {count} entries, head {head}. Tables and log agree.")

    def _left_by_redaction(self):
        """What redactions left of rows, by the number of the entry whose text is gone."""
        left = {}
        for entry in LedgerEntry.objects.filter(action="redact").select_related("body"):
            content = _content_of(entry)
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
                    continue
                try:
                    yield from [*self._compared(row, entry)]
                except (AttributeError, ObjectDoesNotExist):
                    yield f"{model.__name__} {row.pk} names a record that is not there."
        for seq, entry in named.items():
            yield f"Entry {seq} ({entry.subject}) published a row that is not there."

    def _compared(self, row, entry):
        name = f"{type(row).__name__} {row.pk}"
        text, subject = row.entry.body.text, row.subject.rsplit(" ", 1)[0]
        # A constraint or its trigger may have been off when the row came: four eyes above all.
        for error in broken_checks(row):
            yield f"{name} breaks a rule: {' '.join(error.messages)}"
        if f",{row.reviewer_id}," in row.contributors:
            yield f"{name} breaks a rule: {FOUR_EYES}"
        if entry.action != row.log_action or entry.subject not in (row.subject, f"{subject} {row.seed_key}".strip()):
            yield f"{name} is not what entry {entry.seq} ({entry.action} {entry.subject}) speaks of."
        elif (text is None) != (row.redacted_by_id is not None):
            yield f"{name} and entry {entry.seq} do not agree on whether the text was taken away."
        elif text is None and self.left.get(entry.seq) != public_content(row):
            yield f"{name} is not what its redaction left."
        elif text is not None and _content_of(row.entry) != public_content(row):
            yield f"{name} is not what entry {entry.seq} published."

    def _evidence(self):
        """Evidence is shown from its own entry on, which is that of the row it supports."""
        hashes = Evidence.objects.taken_away(Evidence.objects.exclude(file_hash="").values_list("file_hash", flat=True))
        frozen = Evidence.objects.filter(entry__isnull=False).order_by("pk")
        for each in frozen.select_related("update_record", "assessment"):
            row = each.update_record or each.assessment
            if row is None:
                yield f"Evidence {each.pk} supports a row that is not there."
            elif each.entry_id != row.entry_id or each.redacted_by_id != row.redacted_by_id:
                yield f"Evidence {each.pk} is not frozen with the row that it supports."
            elif each.stored and each.file_hash not in hashes and not storage.intact(each.stored, each.file_hash):
                yield f"The file of evidence {each.pk} is missing or is not the one that was published."

    def _redactions(self):
        """Since redactions take two people, each entry of one is that of a request that names both."""
        named = set(RedactionRequest.objects.exclude(entry=None).values_list("entry", flat=True))
        entries = (
            LedgerEntry.objects.filter(action="redact", seq__gt=min(named)).exclude(seq__in=named) if named else ()
        )
        for seq in sorted(entry.seq for entry in entries):
            yield f"The redaction of entry {seq} was not asked for and confirmed by two people."

    def _attached(self):
        """Attached texts, whose passages the log knows by their hash alone."""
        for text in AttachedText.objects.select_related("entry__body", "plan", "source"):
            content = _content_of(text.entry)
            now = text.hash_of(dict(text.passages.values_list("code", "text")))
            subject = subject_of(text.source or text.plan)
            logged = content.get("sha256"), content.get("passages_sha256")
            if logged != (text.sha256, now) or text.entry.subject != subject:
                named = f"The text of {text.source.code}" if text.source else "The text"
                yield f"{named} attached to {text.plan.code} is not what entry {text.entry_id} attached."

    def _amendments(self):
        """Amendments in order. One of nothing, or without changes, is named among the rows."""
        rows = Update.objects.published().filter(what=What.AMENDMENT).order_by("entry_id")
        for update in rows.select_related("commitment__plan", *AMENDED):
            if update.about is not None and isinstance(update.amends, dict):
                yield update

    def _registry(self):
        """The newest word on each record: its registration, then amendments in order."""
        logged, emptied = {}, set()  # emptied: records whose text was taken away, so that nothing is left to compare
        entries = LedgerEntry.objects.filter(action__in=("register", "rearrange"))
        for entry in entries.select_related("body").order_by("seq"):
            logged[entry.subject] = _content_of(entry)
            (emptied.add if entry.body.text is None else emptied.discard)(entry.subject)
        for update in self._amendments():
            subject = subject_of(update.about)
            if subject in logged:
                logged[subject] |= {name: new for name, (_old, new) in update.amends.items()}
            if update.redacted_by_id is not None:
                emptied.add(subject)
        for table in TABLES:
            for record in self.progress.each(table.public, table.records(), table.model.objects.count()):
                subject = subject_of(record)
                row = logged.pop(subject, None)
                if row is None:
                    yield f"The log does not know {subject}."
                elif _stated(row) != _stated(plain_row(record)) and subject not in emptied:
                    yield f"{subject} is not what the log says."
        for subject in logged:
            yield f"The log registered {subject}, which is not there."

    def _places(self):
        """Where the log moved records in the order of a text."""
        places = {}
        for entry in LedgerEntry.objects.filter(action="reorder").select_related("body").order_by("seq"):
            places |= {subject: new for subject, (_old, new) in _content_of(entry).get("order", {}).items()}
        for table in TABLES if places else ():
            for record in table.records():
                if places.get(subject_of(record)) not in (None, getattr(record, "order", None)):
                    yield f"{subject_of(record)} does not stand where the log moved it."

    def _search(self):
        """The index of the search, by which readers find what is public, and nothing else."""
        lacking, outdated = compared()
        if lacking or outdated:
            numbers = f"{len(lacking)} texts are missing, {len(outdated)} are wrong"
            yield f"The index of the search is not what is public: {numbers}. manage.py index_search puts it right."


def _content_of(entry):
    """What the text of an entry says; nothing where it was taken away, or is not what the site writes."""
    with contextlib.suppress(TypeError, ValueError):
        content = json.loads(entry.body.text)
        return content if isinstance(content, dict) else {}
    return {}


def _stated(row):
    """What a row says. A blank says nothing: a key that came later is blank in rows of before."""
    return {name: value for name, value in row.items() if value is not None}
