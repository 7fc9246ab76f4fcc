"""manage.py import_records FOLDER|ZIP: the public files into an empty database."""

from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tracker.loader.restore import import_public
from tracker.loader.state import LoadError
from tracker.management.progress import Progress


class Command(BaseCommand):
    """Load the public files, a folder or the ZIP archive of them, into an empty database."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="folder or ZIP archive")

    def handle(self, *, path, verbosity, **_options):
        try:
            with Progress(self.stdout, verbosity) as progress:
                imported = import_public(path, progress.show)
        except LoadError as error:
            count = len(error.problems)
            raise CommandError(f"{path.name}: nothing was loaded, {count} problem(s):\n{error}") from error
        for table, count in Counter(outcome.table for outcome in imported.outcomes).items():
            self.stdout.write(f"{table}: {count}")
        if redacted := imported.left["redacted"]:
            self.stdout.write(f"Redacted where they were published, here with a sentence for their text: {redacted}")
        if files := imported.left["files"]:
            self.stdout.write(f"Files of evidence, which the public files name and do not hold: {files}")
        self.stdout.write("What was replaced, amended or withdrawn before stays in the log of the site that published.")
