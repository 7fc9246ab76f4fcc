"""manage.py purge: take away what is kept for a time only; ``manage.py work``, beside ``serve``, does so by itself."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.actions import imports, jobs, messages, reports, signing_in, trail, unsaved
from tracker.serving.disk import sweep


class Command(BaseCommand):
    """Take away what is old: messages, sign-ins, imports, unsaved forms, senders of reports, by TRAIL_DAYS the trail"""

    help = __doc__

    def handle(self, *, verbosity, **_options):
        folders = [settings.VAR, *settings.VAR.glob("*/"), *([Path(settings.FILES)] if settings.FILES else [])]
        counts = {
            "messages": messages.forget_old(timezone.now()),
            "imports": imports.purge(),
            "pieces of long work": jobs.purge(),
            "unsaved forms": unsaved.purge(),
            "senders and words of readers' reports": reports.purge(),
            "sign-ins, sessions and links": signing_in.purge(),
            "files that a process which was killed left half written": sweep(*folders),
        }
        if settings.TRAIL_DAYS:
            counts["entries of the trail"] = trail.purge(days=settings.TRAIL_DAYS)
        if verbosity:
            self.stdout.write("; ".join(f"{n} {noun}" for noun, n in counts.items()) + ": old, and gone.")
            if not settings.TRAIL_DAYS:
                self.stdout.write("The trail is kept for good: TRAIL_DAYS is 0.")
