"""manage.py open_account NAME: for whoever runs the site, when nobody else can let a person in."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from tracker.actions import people, signing_in
from tracker.people.mail import address_of


class Command(BaseCommand):
    """Open an account's locks, and the account where it was closed; print a link to a new password.

    What is done stands in the trail of the staff, done by nobody who has an account.
    """

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("name", help="the sign-in name")
        parser.add_argument("--lost-factor", action="store_true", help="take the second factor away: the phone is lost")
        parser.add_argument(
            "--met",
            action="store_true",
            help="say that you met the person who has the account: nobody vouches for it any more; no link is made",
        )

    def handle(self, *, name, lost_factor, met, **_options):
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"No account has the sign-in name “{name}”.")
        if met:
            people.confirm_person(user=user, by=None)
            self.stdout.write(f"{name}: noted that you met the person.")
            return
        signing_in.unlock(user=user, by=None)
        if not (user.is_active and user.is_staff):
            people.reopen(user=user, by=None)
        if lost_factor:
            signing_in.reset_factor(user=user, by=None)
        link = address_of(people.make_link(user=user, by=None, mailed=False))
        self.stdout.write(f"{name}: open. This link sets a new password, once:\n{link}")
