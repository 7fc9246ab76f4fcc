"""manage.py restore FILE: a backup into an empty database, of SQLite or PostgreSQL, whichever it was made of."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tracker.backup import archive, rows
from tracker.management.passphrase import add_passphrase, passphrase_of
from tracker.management.progress import Progress
from tracker.models import guards
from tracker.serving.middleware import reason_of


class Command(BaseCommand):
    """Restore a backup: all rows and files, or nothing. What was restored has been verified against the log."""

    help = __doc__
    requires_system_checks = []  # they would warn of a database that has no tables yet

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="read it to its end and write nothing")
        parser.add_argument("--overwrite", action="store_true", help="in the place of what the database holds now")
        parser.add_argument("--even-so", action="store_true", help="although verify_ledger finds something amiss")
        add_passphrase(parser)

    def handle(self, *, file, check, overwrite, even_so, passphrase_file, verbosity, **_options):
        try:
            with (
                Progress(self.stdout, verbosity) as self.progress,
                archive.opened(file, lambda: passphrase_of(passphrase_file)) as opened,
            ):
                manifest = archive.checked(opened, self.progress.show)
                if not check:
                    self._restore(opened, manifest, overwrite, even_so)
        except (archive.Broken, rows.Misfit) as error:
            raise CommandError(f"{file} was not restored: {error}") from error
        except (OSError, DatabaseError) as error:
            sentence = f"{file} was not restored, and what was here is as it was: {reason_of(error)}."
            raise CommandError(sentence) from error
        outcome = "is whole" if check else "is restored"
        origin = f"made {manifest['made_at'][:19]}Z at {manifest['site']}"
        self.stdout.write(f"{file} {outcome}: {origin}, log entry {manifest['entries']}, head {manifest['head']}.")
        for line in manifest["amiss"]:
            self.stdout.write(f"When it was made: {line}")

    def _restore(self, opened, manifest, overwrite, even_so):
        if guards.behind() and not rows.holding():
            rows.clear_away()  # where an earlier try found no room for all tables
            call_command("migrate", interactive=False, verbosity=0)
        self._refuse_other_tables(manifest)
        if (tables := rows.holding()) and not overwrite:
            few = ", ".join(tables[:3])
            raise CommandError(
                f"The database is not empty ({few} and {len(tables)} tables in all hold rows): name a new one in "
                "DATABASE_URL. With --overwrite all of it is replaced; make a backup of it first."
            )
        entries, before = rows.head()
        with archive.restored(opened, manifest, self.progress.show):
            if rows.head() != (manifest["entries"], manifest["head"]):
                raise archive.Broken("Its log does not end with the head that it says it ends with.")
            self._verify(even_so)
        if entries:
            self.stdout.write(f"What was here before ended with log entry {entries}, head {before}.")

    def _refuse_other_tables(self, manifest):
        ours, theirs = set(rows.migrations()), set(manifest["migrations"])
        if ours != theirs:
            names = ", ".join(sorted(ours ^ theirs)[:5])
            raise rows.Misfit(
                f"Its tables are those of release {manifest['release']}, and not of this one (migrations: {names}). "
                "Restore it with that release into an empty database, then upgrade; where migrations wait here, "
                "run manage.py migrate."
            )

    def _verify(self, even_so):
        try:
            call_command("verify_ledger", verbosity=0, restoring=True, stdout=self.stdout, stderr=self.stderr)
        except CommandError as error:
            if not even_so:
                raise CommandError(f"Nothing was restored: {error} With --even-so it is.") from error
            self.stderr.write(f"Restored even so: {error}")
