"""manage.py export_public FOLDER: the public files, the log, and the programs that check both."""

import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tracker.exports.archive import write
from tracker.management.progress import Progress
from tracker.snapshot.cache import read_snapshot


class Command(BaseCommand):
    """Write the public files, the log and the programs that verify both into a folder."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--on", type=datetime.date.fromisoformat, help="day as of which the method is asked")
        parser.add_argument("--known", type=int, help="log entry up to which the files know")

    def handle(self, *, folder, on, known, verbosity, **_options):
        if folder.suffix == ".zip":
            raise CommandError(f"{folder} would be a folder of that name: leave .zip out; the site has it packed.")
        if folder.exists() and not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        with Progress(self.stdout, verbosity) as progress:
            progress.show("reading what is public", 0, 1)
            snapshot = read_snapshot(on=on, known=known)
            try:
                write(snapshot, folder, lambda name, count: progress.event(f"{name}.json: {count}"))
            except OSError as error:
                raise CommandError(f"Nothing was written: {error}") from error
        self.stdout.write(f"Check them with: python {folder / 'recompute.py'} {folder}")
