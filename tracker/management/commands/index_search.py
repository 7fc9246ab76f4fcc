"""manage.py index_search: compare the index of the search with what is public, and put it right."""

from django.core.management.base import BaseCommand

from tracker.actions.searching import rebuild
from tracker.models import SearchText


class Command(BaseCommand):
    """Compare the index of the search with what is public, and put it right.

    Whatever changes what is public keeps the index in step, and migrations that empty it fill it; this is for a
    database that something else wrote to.
    """

    help = __doc__.splitlines()[0]

    def handle(self, **_options):
        lacking, outdated = rebuild()
        count = SearchText.objects.count()
        if lacking or outdated:
            self.stdout.write(f"Put right: {lacking} texts were missing, {outdated} were wrong; {count} are indexed.")
        else:
            self.stdout.write(f"The index of the search is right: {count} texts.")
