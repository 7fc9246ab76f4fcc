"""manage.py sweep_files: files of evidence that a process which was killed has left behind."""

import contextlib
import time

from django.core.management.base import BaseCommand
from django.template.defaultfilters import filesizeformat

from tracker.actions.files import unnamed
from tracker.uploads import storage

HOUR = 60 * 60  # longer than any transaction whose rows are not to be seen yet


class Command(BaseCommand):
    """List files older than an hour that no evidence names; with --delete, take them away."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="take them away")

    def handle(self, *, delete, **_options):
        # The folder first: what is named between the two is young.
        old = storage.kept_before(time.time() - HOUR)
        nameless = sorted(unnamed(old))
        for name in nameless:
            with contextlib.suppress(FileNotFoundError):  # another process may sweep too
                self.stdout.write(f"{storage.path_of(name)} {filesizeformat(storage.path_of(name).stat().st_size)}")
        if delete:
            storage.forget(nameless)
        outcome = ": deleted" if delete else ": to be deleted with --delete"
        outcome = outcome if nameless else ""
        self.stdout.write(f"{len(nameless)} of {len(old)} files are named by no evidence{outcome}.")
