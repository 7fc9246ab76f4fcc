"""What belongs to signing in: the second factor and its recovery codes, locks, and how long all that is kept."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.models import Deed, StaffLink

from .errors import NotAllowed
from .people import _end_sessions, _kept_of, _let_go, _managed, _noted
from .trail import note

CODES = 10  # for the day on which the phone is lost
AHEAD = 10  # steps of an authenticator, of half a minute: no phone is so far ahead


@transaction.atomic
def signed_in(*, user: User) -> None:
    """Say in the trail that somebody has signed in, and forget what is kept of signing in for long enough."""
    note(by=user, deed=Deed.SIGNED_IN, record=user, subject=user.get_username())
    purge()


def purge() -> int:
    """Take away sign-ins of longer ago than SIGNIN_DAYS, and attempts, sessions and links that are over; how many."""
    now = timezone.now()
    old = AccessLog.objects.filter(attempt_time__lt=now - timedelta(days=settings.SIGNIN_DAYS))
    # Axes forgets attempts that lock nobody any more as well, but not before somebody tries to sign in again. Those of
    # a clock that was ahead would lock somebody until then.
    cooled = timedelta(hours=settings.AXES_COOLOFF_TIME)
    idle = AccessAttempt.objects.exclude(attempt_time__range=(now - cooled, now + cooled))
    over = idle, Session.objects.filter(expire_date__lt=now), StaffLink.objects.filter(until__lt=now)
    return sum(rows.delete()[0] for rows in (old, *over))


# The second factor.


@transaction.atomic
def begin_factor(*, user: User) -> TOTPDevice:
    """The secret that somebody is about to give to her authenticator; the same until she has."""
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "authenticator"})[0]


def _patient(device: TOTPDevice | StaticDevice) -> None:
    """Refuse a code while the device waits after wrong ones: a second after the first, twice as long each time."""
    if (failed := device.throttling_failure_timestamp) and failed > timezone.now():  # by a clock that was ahead
        device.throttling_failure_timestamp = timezone.now()
    allowed, why = device.verify_is_allowed()
    if not allowed:
        wait = max(1, round((why["locked_until"] - timezone.now()).total_seconds())) if why else 1
        raise NotAllowed(
            ngettext(
                "After a wrong code, wait: try again in %(wait)s second.",
                "After wrong codes, wait: try again in %(wait)s seconds.",
                wait,
            )
            % {"wait": wait}
        )


@transaction.atomic
def confirm_factor(*, user: User, code: str, session_key: str | None) -> list[str]:
    """The authenticator gives the code that the site expects: from now on it is asked for. New recovery codes.

    Sessions that began without it end, but for the one that asks. An empty list says that the code is not right.
    """
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None:
        return []
    _patient(device)
    if not device.verify_token(code):
        return []
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    _end_sessions(user, but=session_key)
    _noted(user, user, _("set up a second factor"))
    _let_go(user)
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _number in range(CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=device, token=code) for code in codes])
    return codes


@transaction.atomic
def renew_codes(*, user: User) -> list[str]:
    """Recovery codes in the place of those before them."""
    _noted(user, user, _("renewed the recovery codes"))
    return _new_codes(user)


def codes_left(user: User) -> int:
    """How many recovery codes somebody has not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def verify(*, user: User, code: str) -> bool:
    """Whether a code is the authenticator's of now, or one of the recovery codes, which it uses up."""
    code = "".join(code.split()).replace("-", "").lower()
    kind = TOTPDevice if len(code) == 6 and code.isdigit() else StaticDevice
    device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is None:
        return False
    _patient(device)
    if kind is TOTPDevice and device.last_t > (time.time() - device.t0) // device.step + AHEAD:
        device.last_t = -1  # of a clock that was ahead: no code would be taken until then
    right = bool(device.verify_token(code))
    if right and kind is StaticDevice:
        _noted(user, user, _("signed in with a recovery code"))
    return right


@transaction.atomic
def reset_factor(*, user: User, by: User | None) -> None:
    """Take a lost factor away: she signs in with her password and sets up another. Until then, he vouches for her."""
    _managed(user, by)
    for kind in (TOTPDevice, StaticDevice):
        kind.objects.filter(user=user).delete()
    _end_sessions(user)
    if by is not None:
        _kept_of(user).vouched_by.add(by)
    _noted(user, by, _("took the second factor away"))


# Locks.


@dataclass(frozen=True)
class Lock:
    """A name that is closed for one address after too many failures, and until when."""

    username: str
    address: str
    failures: int
    since: datetime
    until: datetime


def locks(username: str | None = None) -> list[Lock]:
    """What is locked now, of all names or of one; the newest first."""
    length = timedelta(hours=settings.AXES_COOLOFF_TIME)
    rows = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - length)
    if username is not None:
        rows = rows.filter(username=username)
    pairs = (
        rows.values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), since=Min("attempt_time"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("-last", "username")
    )
    return [
        Lock(row["username"] or "", row["ip_address"] or "", row["failures"], row["since"], row["last"] + length)
        for row in pairs
    ]


@transaction.atomic
def unlock(*, user: User, by: User | None) -> None:
    """Forget the failures for a name, so that its owner can sign in from where it was locked."""
    _managed(user, by)
    AccessAttempt.objects.filter(username=user.get_username()).delete()
    _noted(user, by, _("unlocked"))
