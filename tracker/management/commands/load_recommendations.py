"""manage.py load_recommendations FILE: what the Universal Human Rights Index exports, into a preparation."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from tracker.actions.errors import NotAllowed
from tracker.imports.recommendations import NotLoaded, load_export
from tracker.models import Source

INDEX = "ohchr-universal-human-rights-index"


class Command(BaseCommand):
    """Load the recommendations of a file that the Universal Human Rights Index exports. They are in preparation until
    somebody else opens them. Either all of it is loaded or nothing."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the export as XLSX or CSV")
        parser.add_argument(
            "--by", required=True, metavar="NAME", help="account of the member of the staff who loads it"
        )
        parser.add_argument("--state", default="", help="load only what is addressed to this State")
        parser.add_argument("--source", default=INDEX, help=f"code of the source that it is; by default {INDEX}")

    def handle(self, *, file, by, state, source, **_options):
        person = get_user_model().objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no account {by}.")
        publication = Source.objects.filter(code=source).first()
        if publication is None:
            raise CommandError(f"There is no source {source}: register the Index as a source, or name one by --source.")
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            loaded = load_export(content, name=file.name, source=publication, by=person, state=state)
        except NotLoaded as error:
            count = len(error.problems)
            raise CommandError(f"{file.name}: nothing was loaded, {count} problem(s):\n{error}") from error
        except (NotAllowed, ValidationError) as error:
            raise CommandError(f"{file.name}: nothing was loaded. {error}") from error
        for note in loaded.notes:
            self.stdout.write(note)
        for why, count in loaded.left.items():
            self.stdout.write(f"left out: {count} ({why})")
        if loaded.on_record:
            self.stdout.write(f"on record already: {loaded.on_record}")
        if loaded.preparation is None:
            self.stdout.write("There is nothing new in the file.")
            return
        address = reverse("desk-preparation", args=[loaded.preparation.pk])
        self.stdout.write(f"in preparation: {loaded.count}. Read them at {address}; somebody else opens them.")
