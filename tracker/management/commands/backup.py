"""manage.py backup FOLDER: the whole site as one file, while it runs."""

import io
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from tracker.actions.files import named
from tracker.backup import archive
from tracker.management.passphrase import add_passphrase, passphrase_of
from tracker.management.progress import Progress
from tracker.serving.disk import sweep
from tracker.serving.middleware import reason_of
from tracker.uploads.folder import private

from .verify_ledger import one_state

ATTEMPTS = 3  # where somebody takes a file away while it is read, which is rare


class Command(BaseCommand):
    """Write all rows and files of the site, as they stand at one moment, into one file in a folder, and check it."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where backups lie; it has to be there")
        parser.add_argument("--keep", type=int, default=0, help="afterwards only this many newest backups stay there")
        add_passphrase(parser)

    def handle(self, *, folder, keep, passphrase_file, verbosity, **_options):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder. It is not made, because a disk may be missing there.")
        passphrase = passphrase_of(passphrase_file) if passphrase_file else ""
        sweep(folder)  # what an earlier one that was killed has left takes room
        site = urlsplit(settings.SITE_URL).hostname
        path = folder / f"{site}-{timezone.now():%Y-%m-%dT%H-%M-%SZ}.zip"
        with Progress(self.stdout, verbosity) as self.progress:
            try:
                manifest = self._write(path, passphrase)
            except (OSError, DatabaseError, archive.Broken) as error:
                sentence = f"No backup was written, and earlier ones are as they were: {reason_of(error)}."
                raise CommandError(sentence) from error
        count = sum(part.get("lines", 1) - 1 for part in manifest["parts"].values())
        files = sum(name.startswith("files/") for name in manifest["parts"])
        size = filesizeformat(path.stat().st_size).replace("\xa0", " ")
        self.stdout.write(
            f"{path}: {count} rows, {files} files, {size}, log entry {manifest['entries']}, head {manifest['head']}. "
            "It was read back and is whole."
        )
        for name in manifest["lost"]:
            self.stderr.write(f"The file {name}, which a row names, is not there.")
        if manifest["amiss"] or manifest["lost"]:
            raise CommandError(f"The backup was written, but the site is not whole: {' '.join(manifest['amiss'])}")
        for old in sorted(folder.glob(f"{site}-????-??-??T??-??-??Z.zip"))[:-keep] if keep > 0 else ():
            if old != path:  # whose name is not the last where the clock was ahead
                old.unlink()

    def _write(self, path, passphrase):
        """Write the archive and read it back; only then does it have its name. Returns its manifest."""
        with private(path) as file:
            for _attempt in range(ATTEMPTS):
                file.seek(0)
                file.truncate()
                with one_state(), archive.new(file, passphrase) as new:
                    manifest = archive.write(new, {"amiss": self._amiss()}, self.progress.show)
                if named().issuperset(manifest["lost"]):  # none was taken away meanwhile
                    break
            with archive.opened(file, lambda: passphrase) as copy:
                if archive.checked(copy, self.progress.show) != manifest:
                    raise archive.Broken("What was read back is not what was written")
        return manifest

    def _amiss(self):
        """What verify_ledger finds wrong with the state that is being kept."""
        lines = io.StringIO()
        try:
            call_command("verify_ledger", verbosity=0, stdout=io.StringIO(), stderr=lines, no_color=True)
        except CommandError as error:
            return [*lines.getvalue().splitlines(), str(error)]
        return []
