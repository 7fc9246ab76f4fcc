"""manage.py build_report [PLAN]: the assessment report as one HTML file that needs nothing else."""

from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from tracker.filters import dates
from tracker.management.progress import Progress
from tracker.pages import report
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.plan import NotInRegistry


class Command(BaseCommand):
    """Write the assessment report of a plan, a chapter or a section as one HTML file that stands alone."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("plan", nargs="?", default=settings.PLAN, help="code of the plan (default: PLAN)")
        parser.add_argument("--category", default="", help="one chapter or section, such as I.5")
        parser.add_argument("--on", default="", help="what was true on this day, such as 2025-12-31")
        parser.add_argument("--known", default="", help="what this site had published by the end of this day")
        parser.add_argument("--output", type=Path, help="file to write (default: PLAN-report-CATEGORY-DAY.html)")

    def handle(self, *, plan, category, on, known, output, verbosity, **_options):
        with Progress(self.stdout, verbosity) as progress:
            progress.show("reading what is public", 0, 2)
            snapshot, plan, right = self._chosen(plan, category, on, known)
            progress.show("writing the report", 1, 2)
            context = report.report(snapshot, plan, right, site=settings.SITE_URL)
            # The stylesheets are elements of the document; they name no file of their own.
            sheets = (Path(finders.find(f"tracker/{name}.css")) for name in ("site", "report"))
            style = "\n".join(f"<style>\n{sheet.read_text(encoding='utf-8')}</style>" for sheet in sheets)
            context["style"] = mark_safe(style)  # noqa: S308, our own file
            text = render_to_string("tracker/report_file.html", context)
        parts = (plan.code, "report", *([right.code] if right else ()), str(snapshot.on))
        output = output or Path("-".join(parts) + ".html")
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{output}: {context['total']} promises, as of {snapshot.on}, log entry {snapshot.known}.")

    def _chosen(self, plan, category, on, known):
        """The snapshot, the plan in it, and the chapter or section, if one is named."""
        query = QueryDict(urlencode({"on": on, "known": known}))
        try:
            snapshot = dates.snapshot_of_address(query, read_snapshot())
            record = snapshot.plan(plan)
            return snapshot, record, record.category(category) if category else None
        except (BadRequest, NotInRegistry) as error:
            raise CommandError(str(error)) from error
