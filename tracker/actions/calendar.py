"""The iCalendar address of a person: made, made anew, ended. The token in it is given once and only its hash kept."""

import re
import secrets

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from tracker.models import CalendarAddress, Deed

from .people import digest_of
from .trail import note

TOKEN = r"[A-Za-z0-9_-]{43}"  # noqa: S105 (what one looks like)


@transaction.atomic
def make_address(*, by: User) -> str:
    """A new token for the calendar of whoever asks; the one of before leads nowhere from now on."""
    token = secrets.token_urlsafe(32)
    values = {"digest": digest_of(token), "made_at": timezone.now()}
    CalendarAddress.objects.update_or_create(person=by, defaults=values)
    note(by=by, deed=Deed.ACCOUNT, record=by, subject=f"user {by.username}", detail="made a calendar address")
    return token


@transaction.atomic
def end_address(*, by: User) -> None:
    """The address of whoever asks leads nowhere any more."""
    if CalendarAddress.objects.filter(person=by).delete()[0]:
        note(by=by, deed=Deed.ACCOUNT, record=by, subject=f"user {by.username}", detail="ended the calendar address")


def person_of(token: str) -> User | None:
    """Whose calendar a token is, if they still work here; ``None`` for every other token."""
    if not re.fullmatch(TOKEN, token):
        return None
    rows = CalendarAddress.objects.filter(
        digest=digest_of(token), person__is_active=True, person__is_staff=True
    ).select_related("person")
    address = rows.first()
    return address.person if address is not None else None
