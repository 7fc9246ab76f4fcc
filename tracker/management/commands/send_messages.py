"""manage.py send_messages: tell people of what is due within a week, and send the mail whose time has come."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from tracker.actions.messages import deliver
from tracker.desk.messages import remind_of_next_week
from tracker.snapshot.cache import read_snapshot


class Command(BaseCommand):
    """Make reminders and send mail. It may run at any time: nothing is made or sent twice."""

    help = __doc__

    def handle(self, *, verbosity, **_options):
        reminders = remind_of_next_week(read_snapshot())
        sent, failed = deliver(timezone.now())
        if verbosity:
            self.stdout.write(f"{reminders} reminders made, {sent} mails sent, {failed} failed.")
