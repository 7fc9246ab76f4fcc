"""manage.py load_plan: seed files into the registry."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.load import load_folder
from tracker.loader.state import CHANGED, GONE, KEPT, LoadError, is_loaded
from tracker.management.progress import Progress


class Command(BaseCommand):
    """Load a plan's seed files; without a folder, those of every plan under seeds/ that changed. Safe to run again."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, help="a folder of seed files, read in any case")
        parser.add_argument("--again", action="store_true", help="read those too that did not change since")

    def handle(self, *, folder, again, verbosity, **_options):
        plans = sorted(path for path in settings.SEEDS.glob("[!.]*") if path.is_dir())
        folders = [folder.resolve()] if folder else plans
        if folder and not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        if not folders:
            raise CommandError(f"There is no plan in {settings.SEEDS}.")
        for each in folders:
            if folder or again or not is_loaded(each):
                self._load(each, verbosity)
            elif verbosity:
                self.stdout.write(f"{each.name}: unchanged since it was loaded")

    def _load(self, folder, verbosity):
        try:
            with Progress(self.stdout, verbosity) as progress:
                outcomes = load_folder(folder, progress.show)
        except LoadError as error:
            count = len(error.problems)
            raise CommandError(f"{folder.name}: nothing was loaded, {count} problem(s):\n{error}") from error
        counts = Counter((outcome.table, outcome.word) for outcome in outcomes)
        for outcome in outcomes:
            if verbosity > 1 or outcome.word in (CHANGED, KEPT, GONE):
                self.stdout.write(str(outcome))
        if verbosity:
            for table in dict.fromkeys(outcome.table for outcome in outcomes):
                parts = [f"{n} {word}" for (name, word), n in counts.items() if name == table]
                self.stdout.write(f"{folder.name}: {table}: {', '.join(parts)}")
