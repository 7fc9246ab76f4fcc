"""manage.py attach_source FILE: the text of a plan or of what its baseline is from, for reading around quotes."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.attach import NotAttached, attach
from tracker.management.progress import Progress
from tracker.models import Plan, Source


class Command(BaseCommand):
    """Attach the text of a plan, or of a source of its baseline, which is no part of this repository: pages then show
    the paragraph around a quote. A text in which fewer than half of the quotes stand is refused."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the text as TXT, HTML, DOCX or PDF")
        parser.add_argument("--plan", default=settings.PLAN, help="its code; by default that of the first page")
        parser.add_argument("--source", help="code of the source of the baseline whose text it is, not the plan's")
        parser.add_argument("--corrections", type=Path, metavar="JSON", help="lines that were cut wrongly, and how to")

    def handle(self, *, file, plan, verbosity, source=None, corrections=None, **_options):
        record = Plan.objects.filter(code=plan).first()
        if record is None:
            raise CommandError(f"There is no plan {plan}: load it first.")
        document = Source.objects.filter(code=source).first()
        if source and document is None:
            raise CommandError(f"There is no source {source}.")
        try:
            with Progress(self.stdout, verbosity) as progress:
                result = attach(file, record, document, progress.show, corrections)
        except NotAttached as error:
            raise CommandError(f"Nothing was attached. {error}") from error
        standing = result.quotes - len(result.missing)
        self.stdout.write(f"{standing} of {result.quotes} quotes stand in their paragraphs, to the letter.")
        self.stdout.write(f"{len(result.tied)} of {result.paragraphs} paragraphs have a passage.")
        tied = "Records of the baseline" if source else "Commitments"
        for label, codes in (
            ("Paragraphs without a passage", result.absent),
            (f"{tied} whose quote stands nowhere in its paragraph", result.missing),
            ("Found under another number", [f"{code} as {number}" for code, number in result.moved.items()]),
        ):
            if codes:
                self.stdout.write(f"{label}: {', '.join(codes)}")
        for sentence in result.remarks:
            self.stdout.write(sentence)
        self.stdout.write(f"{'Attached' if result.changed else 'Unchanged'}: SHA-256 {result.sha256}.")
