"""manage.py check_quotes FILE [--baseline PAPER]: seed files against the text of the plan, and of what it rests on."""

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.loader.check_text import check_against, check_baseline
from tracker.loader.files import read_folder
from tracker.loader.texts import NotCut, cut_file, passages_of
from tracker.schema import BASELINE, COMMITMENTS, PASSAGES, PROVISIONS


class Command(BaseCommand):
    """Check every quote, heading and figure of a plan's seed files against the plan's text."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the plan as TXT, HTML, DOCX or PDF")
        parser.add_argument("folder", nargs="?", type=Path, default=settings.SEEDS / settings.PLAN)
        parser.add_argument("--baseline", type=Path, metavar="PAPER", help="the paper of the baseline, likewise")
        parser.add_argument("--corrections", type=Path, metavar="JSON", help="lines that were cut wrongly, and how to")

    def handle(self, *, file, folder, baseline, corrections=None, **_options):
        try:
            reading_of_file, text = cut_file(file, corrections)
            paragraphs = passages_of(cut_file(baseline)[1]) if baseline else {}
        except NotCut as error:
            raise CommandError(str(error)) from error
        reading = read_folder(folder)
        problems = reading.problems or check_against(text.by_code(), reading)
        if baseline and not reading.problems:
            problems += check_baseline(paragraphs, reading)
        remarks = [*reading_of_file.remarks, *(sentence for _line, sentence in text.remarks)]
        if problems:
            raise CommandError("\n".join([*remarks, f"{len(problems)} problem(s):", *map(str, problems)]))
        forms = Counter(row.values["form"] for row in reading.rows[PROVISIONS])
        for sentence in remarks:
            self.stdout.write(sentence)
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
