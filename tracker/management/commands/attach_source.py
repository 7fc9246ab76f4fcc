"""manage.py attach_source FILE: the text of a plan, for reading around its quotes."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.attaching import NotAttached, attach
from tracker.models import Plan


class Command(BaseCommand):
    """Attach the text of a plan, so that its pages show the paragraph around each quote. Safe to run again."""

    help = (
        "Attach a plan's own text, which is no part of this repository: pages then show the paragraph around a quote. "
        "A text in which fewer than half of the quotes stand is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the text as a plain file in UTF-8")
        parser.add_argument("--plan", default=settings.PLAN, help="its code; by default that of the first page")

    def handle(self, *, file, plan, **options):
        record = Plan.objects.filter(code=plan).first()
        if record is None:
            raise CommandError(f"There is no plan {plan}: load it first.")
        try:
            result = attach(file, record)
        except NotAttached as error:
            raise CommandError(f"Nothing was attached. {error}") from error
        found = result.quotes - len(result.missing)
        self.stdout.write(f"{found} of {result.quotes} quotes stand in their paragraphs, to the letter.")
        self.stdout.write(f"{len(result.tied)} of {result.paragraphs} paragraphs have a passage.")
        for label, codes in (
            ("Paragraphs without a passage", result.absent),
            ("Commitments whose quote stands nowhere in its paragraph", result.missing),
            ("Found under another number", [f"{code} as {there}" for code, there in result.moved.items()]),
        ):
            if codes:
                self.stdout.write(f"{label}: {', '.join(codes)}")
        self.stdout.write(f"{'Attached' if result.changed else 'Unchanged'}: SHA-256 {result.sha256}.")
