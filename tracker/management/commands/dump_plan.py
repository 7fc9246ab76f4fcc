"""manage.py dump_plan: the registry back into seed files, or into a spreadsheet."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.dump import dump_folder
from tracker.models import Plan
from tracker.planbook.rows import of_plan
from tracker.planbook.writing import workbook


class Command(BaseCommand):
    """Write a plan's registry back as seed files (default folder: seeds/CODE). Files that no row stands in any more
    are removed, but never one with a row that was not loaded. With --spreadsheet, write what a spreadsheet carries of
    it into one XLSX file instead: all but updates and findings."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("plan", nargs="?", default=settings.PLAN, help="code of the plan")
        parser.add_argument("folder", nargs="?", type=Path, help="where to write")
        parser.add_argument("--spreadsheet", type=Path, metavar="FILE.xlsx", help="write a spreadsheet instead")

    def handle(self, *, plan, folder, spreadsheet, verbosity, **_options):
        target = spreadsheet or folder or settings.SEEDS / plan
        try:
            if spreadsheet:
                target.write_bytes(workbook(of_plan(Plan.objects.get(code=plan))))
            else:
                self._say(dump_folder(plan, target), target, verbosity)
        except Plan.DoesNotExist as error:
            raise CommandError(f"There is no plan with the code {plan}.") from error
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        if spreadsheet and verbosity:
            self.stdout.write(f"Written to {target}")

    def _say(self, dump, folder, verbosity):
        if verbosity:
            self.stdout.write(f"{len(dump.paths)} files written to {folder}")
        for name in dump.left:
            self.stdout.write(f"Left as it is, with rows that were never loaded: {folder / name}")
        if verbosity and dump.by_hand:
            self.stdout.write(f"Published here by hand and in no file: {dump.by_hand}")
        if verbosity and dump.over:
            self.stdout.write(f"Withdrawn or redacted here and in no file: {dump.over}")
