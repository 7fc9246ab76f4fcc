"""manage.py export_site FOLDER: a copy of the public site as files, for any file server or a memory stick."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.test.utils import override_settings

from tracker.exports import mirror
from tracker.management.progress import Progress

from .verify_ledger import one_state


class Command(BaseCommand):
    """Write every public page and file, with links that need no server, into a new folder or over an earlier copy."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *, folder, verbosity, **_options):
        try:
            if not settings.DEBUG and not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
                call_command("collectstatic", interactive=False, verbosity=0)
            # What takes long is made here: nobody waits for this process, and another would have to begin for each.
            with Progress(self.stdout, verbosity) as progress, one_state(), override_settings(APART=False):
                copy = mirror.into(folder, progress.show)
        except (mirror.Refused, OSError) as error:
            raise CommandError(f"Nothing was written: {error}") from error
        files = [path for path in folder.rglob("*") if path.is_file()]
        size = filesizeformat(sum(path.stat().st_size for path in files)).replace("\xa0", " ")
        size_in_words = f"{len(copy.pages)} pages, {len(files)} files, {size}"
        self.stdout.write(f"{folder}: {size_in_words}, log entry {copy.snapshot.head}, head {copy.snapshot.head_hash}.")
        self.stdout.write(f"Begin with {folder / 'index.html'}. What needs a server leads to {settings.SITE_URL}.")
