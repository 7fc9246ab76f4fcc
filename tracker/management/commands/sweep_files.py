"""manage.py sweep_files: files of evidence that a process which was killed has left behind."""

import contextlib
import datetime

from django.conf import settings
from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from tracker.actions.files import unnamed
from tracker.uploads import storage

HOUR = datetime.timedelta(hours=1)  # longer than any transaction whose rows are not to be seen yet


class Command(BaseCommand):
    """List files older than an hour that no evidence names; with --delete, take them away."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="take them away")

    def handle(self, *, delete, **_options):
        # What is stored first: what is named between the two is young.
        stored = storage.stored_names()
        nameless = []
        for name in sorted(unnamed(stored)):
            with contextlib.suppress(FileNotFoundError):  # another process may sweep too
                age, size = storage.age_and_size(name)
                if age > HOUR:
                    nameless.append(name)
                    self.stdout.write(f"{settings.FILES or settings.MEDIA}/{name} {filesizeformat(size)}")
        if delete:
            storage.forget(nameless)
        outcome = ": deleted" if delete else ": to be deleted with --delete"
        outcome = outcome if nameless else ""
        self.stdout.write(f"{len(nameless)} of {len(stored)} files are named by no evidence{outcome}.")
