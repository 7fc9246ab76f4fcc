"""manage.py dump_plan: the registry back into seed files."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.dump import dump_folder
from tracker.models import Plan


class Command(BaseCommand):
    """Write a plan's registry back as seed files (default folder: seeds/CODE). Files that no row stands in any more
    are removed, but never one with a row that was not loaded."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("plan", nargs="?", default=settings.PLAN, help="code of the plan")
        parser.add_argument("folder", nargs="?", type=Path, help="where to write")

    def handle(self, *, plan, folder, verbosity, **_options):
        folder = folder or settings.SEEDS / plan
        try:
            dump = dump_folder(plan, folder)
        except Plan.DoesNotExist as error:
            raise CommandError(f"There is no plan with the code {plan}.") from error
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        if verbosity:
            self.stdout.write(f"{len(dump.paths)} files written to {folder}")
        for name in dump.left:
            self.stdout.write(f"Left as it is, with rows that were never loaded: {folder / name}")
        if verbosity and dump.by_hand:
            self.stdout.write(f"Published here by hand and in no file: {dump.by_hand}")
        if verbosity and dump.over:
            self.stdout.write(f"Withdrawn or redacted here and in no file: {dump.over}")
