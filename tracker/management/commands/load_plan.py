"""manage.py load_plan: seed files into the registry."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.load import load_folder
from tracker.loader.state import CHANGED, GONE, KEPT, LoadError, forget_problems, is_loaded, note_problems
from tracker.management.progress import Progress
from tracker.models import Plan

DECIDE = """The site serves what it has. Mend the file; or amend the rows on the site to what the file says
(the desk shows them); or keep what is here: manage.py load_plan --keep-ours. The next start reads them again."""


class Command(BaseCommand):
    """Load a plan's seed files; without a folder, those of the plans that PLANS names, if they changed."""

    help = __doc__
    stealth_options = ("serving",)  # a site that has a plan is served whatever its seed files say

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, help="a folder of seed files, read in any case")
        parser.add_argument("--again", action="store_true", help="read those too that did not change since")
        parser.add_argument("--keep-ours", action="store_true", help="what changed here and in the file stays as here")

    def handle(self, *, folder, again, keep_ours, verbosity, serving=False, **_options):
        folders = [folder.resolve()] if folder else [settings.SEEDS / plan for plan in settings.PLANS]
        for each in folders:
            if not each.is_dir():
                raise CommandError(f"{each} is not a folder.")
        if not folders and verbosity:
            self.stdout.write("PLANS names no plan: nothing is loaded, and what is loaded stays.")
        if not folder:
            forget_problems(settings.PLANS)
        for each in folders:
            if not folder and not again and is_loaded(each):
                note_problems(each.name)
                if verbosity:
                    self.stdout.write(f"{each.name}: unchanged since it was loaded")
            else:
                self._load(each, verbosity, keep_ours, serving)

    def _load(self, folder, verbosity, keep, serving):
        try:
            with Progress(self.stdout, verbosity) as progress:
                outcomes = load_folder(folder, progress.show, keep=keep)
        except LoadError as error:
            sentence = f"{folder.name}: nothing was loaded, {len(error.problems)} problem(s):\n{error}"
            if not serving or not Plan.objects.exists():
                raise CommandError(sentence) from error
            note_problems(folder.name, error.problems)
            self.stdout.write(f"{sentence}\n{DECIDE}")
            return
        note_problems(folder.name)
        counts = Counter((outcome.table, outcome.word) for outcome in outcomes)
        for outcome in outcomes:
            if verbosity > 1 or outcome.word in (CHANGED, KEPT, GONE):
                self.stdout.write(str(outcome))
        if verbosity:
            for table in dict.fromkeys(outcome.table for outcome in outcomes):
                parts = [f"{n} {word}" for (name, word), n in counts.items() if name == table]
                self.stdout.write(f"{folder.name}: {table}: {', '.join(parts)}")
