"""manage.py check_quotes FILE [--baseline PAPER]: seed files against the text of the plan, and of what it rests on."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.check_text import check_against, check_baseline
from tracker.loader.files import read_folder
from tracker.loader.paper_text import PaperError, read_paragraphs
from tracker.loader.plan_text import PassageError, read_passages
from tracker.schema import BASELINE, COMMITMENTS, PASSAGES, PROVISIONS


class Command(BaseCommand):
    """Check every quote, heading and figure of a plan's seed files against the plan's text."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the plan as plain text in UTF-8")
        parser.add_argument("folder", nargs="?", type=Path, default=settings.SEEDS / settings.PLAN)
        parser.add_argument("--baseline", type=Path, metavar="PAPER", help="the paper of the baseline, likewise")

    def handle(self, *, file, folder, baseline, **_options):
        try:
            passages = read_passages(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, PassageError) as error:
            raise CommandError(f"{file.name} cannot be read as a plan: {error}") from error
        try:
            paragraphs = read_paragraphs(baseline.read_text(encoding="utf-8")) if baseline else {}
        except (OSError, UnicodeDecodeError, PaperError) as error:
            raise CommandError(f"{baseline.name} cannot be read as the paper of a baseline: {error}") from error
        reading = read_folder(folder)
        problems = reading.problems or check_against(passages, reading)
        if baseline and not reading.problems:
            problems += check_baseline(paragraphs, reading)
        if problems:
            raise CommandError(f"{len(problems)} problem(s):\n" + "\n".join(map(str, problems)))
        forms = Counter(row.values["form"] for row in reading.rows[PROVISIONS])
        self.stdout.write(
            f"{len(reading.rows[COMMITMENTS])} quotes to the letter; "
            f"{forms['dash']} dashes, {forms['intro']} introductions and {forms['objective']} objectives, "
            "every figure accounted for."
        )
        if baseline:
            aside = sum(len(row.values["other_figures"]) for row in reading.rows[PASSAGES])
            self.stdout.write(
                f"{len(reading.rows[BASELINE])} quotes of the baseline to the letter in {len(paragraphs)} paragraphs, "
                f"every figure recorded or in one of {aside} lines with the reason why not."
            )
