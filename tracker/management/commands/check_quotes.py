"""manage.py check_quotes FILE: seed files against the text of the plan."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.files import read_folder
from tracker.loader.passages import PassageError, read_passages
from tracker.loader.quotes import check_against
from tracker.tables import COMMITMENTS, PROVISIONS


class Command(BaseCommand):
    """Say where quotes, headings and figures of the seed files differ from the plan's text."""

    help = "Check every quote, heading and figure of a plan's seed files against the plan's text."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the plan as plain text in UTF-8")
        parser.add_argument("folder", nargs="?", type=Path, default=settings.SEEDS / settings.PLAN)

    def handle(self, *, file, folder, **options):
        try:
            passages = read_passages(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, PassageError) as error:
            raise CommandError(f"{file.name} cannot be read as a plan: {error}") from error
        reading = read_folder(folder)
        problems = reading.problems or check_against(passages, reading)
        if problems:
            raise CommandError(f"{len(problems)} problem(s):\n" + "\n".join(map(str, problems)))
        forms = Counter(row.values["form"] for row in reading.rows[PROVISIONS])
        self.stdout.write(
            f"{len(reading.rows[COMMITMENTS])} quotes to the letter; "
            f"{forms['dash']} dashes, {forms['intro']} introductions and {forms['objective']} objectives, "
            "every figure accounted for."
        )
