"""Accounts: who is invited, what each may do, how they sign in, and how nobody becomes two people.

No person sets the password of another. She gets a link that works once; whoever hands such a link over could use it
himself, so he counts as one person with her until it is proved that she has the account (``stand_in_for``).
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.models import Deed, StaffAccount, StaffLink
from tracker.models.roles import ADMINISTRATOR, ANALYST, CHECKER, COMPILER, EDITOR, REVIEWER, role_of
from tracker.text.plain import folded

from .errors import NotAllowed
from .trail import note

ROLES = (ANALYST, EDITOR, REVIEWER, ADMINISTRATOR)
INVITED_FOR, RESET_FOR = timedelta(days=7), timedelta(days=1)
OFTEN = timedelta(minutes=10)  # between two mails that anybody may ask for


def _noted(user: User, by: User | None, detail: str) -> None:
    note(by=by, deed=Deed.ACCOUNT, record=user, subject=user.get_username(), detail=detail)


def may_manage(*, user: User, by: User) -> bool:
    """Whether somebody may change an account: not her own, no superuser's unless one asks, none of the seed files."""
    known = user.username not in (COMPILER, CHECKER) and (by.is_superuser or not user.is_superuser)
    return by.is_active and by.has_perm("auth.change_user") and user != by and known


def _managed(user: User, by: User | None) -> None:
    """Refuse whoever may not change an account. Nobody at all is the operator, in the shell."""
    if by is not None and not may_manage(user=user, by=by):
        raise NotAllowed(_("Accounts are changed by another administrator, and one's own on the page “My account”."))


def _kept_of(user: User) -> StaffAccount:
    return StaffAccount.objects.get_or_create(user=user)[0]


def _checked(user: User, name: str, email: str) -> None:
    """Lay a name and an address on an account, or refuse them."""
    if email.casefold() != user.email.casefold() and User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("An account has this address already: one person, one account.")})
    user.first_name, user.email = name, email
    user.full_clean(exclude=["password"])


def sessions_of(user: User) -> Iterator[tuple[Session, dict[str, object]]]:
    """The sessions in which somebody is signed in, and what they hold. Only staff have sessions: they are few."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        content = session.get_decoded()
        if content.get("_auth_user_id") == str(user.pk):
            yield session, content


def _end_sessions(user: User, but: str | None = None) -> None:
    for session, _content in list(sessions_of(user)):
        if session.session_key != but:
            session.delete()


@transaction.atomic
def end_sessions(*, user: User, by: User, but: str | None = None) -> None:
    """Sign somebody out wherever she is signed in; of her own sessions, all but the one that asks."""
    if by != user:
        _managed(user, by)
    _end_sessions(user, but)
    _noted(user, by, _("ended the sessions"))


# Nobody becomes two people.


def stand_in_for(user: User) -> set[int]:
    """The ids of the accounts that this person may be acting as beside her own: she reviews nothing of theirs.

    Whoever vouches for an account may be acting in it, and so in all for which he vouches, and in those of whoever
    vouches for him.
    """
    pairs = list(StaffAccount.vouched_by.through.objects.values_list("staffaccount_id", "user_id"))
    one, before = {user.pk}, 0
    while len(one) > before:
        before = len(one)
        one.update(pk for pair in pairs if not one.isdisjoint(pair) for pk in pair)
    return one - {user.pk}


def vouched_by(user: User) -> list[User]:
    """Those who may still be acting in somebody's account, because they made it or opened it."""
    return list(User.objects.filter(vouches_for__user=user).order_by("username"))


def has_factor(user: User) -> bool:
    """Whether somebody has set up a second factor."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def _let_go(user: User) -> None:
    """Whoever vouched for an account leaves it once its owner has proved it and has a factor of her own."""
    account = StaffAccount.objects.filter(user=user, proved_at__isnull=False).first()
    if account and (settings.SECOND_FACTOR == "none" or has_factor(user)) and account.vouched_by.exists():
        account.vouched_by.clear()
        _noted(user, None, _("nobody vouches for it any more"))


@transaction.atomic
def confirm_person(*, user: User, by: User | None) -> None:
    """Another administrator says that he met the person who has the account: those who vouched for it leave it."""
    _managed(user, by)
    if by is not None and by.pk in stand_in_for(user):
        raise NotAllowed(_("You vouch for this account yourself, or somebody vouches for both: ask somebody else."))
    StaffAccount.objects.update_or_create(user=user, defaults={"proved_at": timezone.now(), "proved_by": by})
    _noted(user, by, _("confirmed: met the person who has it"))
    _let_go(user)


# Making, opening and closing.


@transaction.atomic
def invite(*, name: str, email: str, role: str, by: User) -> User:
    """Make an account with a role and without a password. The sign-in name is made of the address, and stays."""
    if not (by.is_active and by.has_perm("auth.add_user")):
        raise NotAllowed(_("People are invited by administrators."))
    start = re.sub(r"[^a-z0-9.-]+", "", folded(email.partition("@")[0]))[:40] or "staff"
    names = set(User.objects.filter(username__startswith=start).values_list("username", flat=True))
    username = next(each for n in range(1, len(names) + 3) if (each := f"{start}-{n}" if n > 1 else start) not in names)
    user = User(username=username, is_staff=True)
    user.set_unusable_password()
    _checked(user, name, email)
    user.save()
    user.groups.set([Group.objects.get(name=role)])
    _kept_of(user).vouched_by.add(by)
    StaffAccount.objects.filter(user=user).update(made_by=by)
    _noted(user, by, _("made the account, as %(role)s") % {"role": role})
    return user


@transaction.atomic
def change_role(*, user: User, role: str, by: User | None) -> None:
    """Give somebody one role in the place of what was there."""
    _managed(user, by)
    before = role_of(user)
    if before != role:
        user.groups.set([Group.objects.get(name=role)])
        _noted(user, by, f"{before} → {role}")


@transaction.atomic
def change_details(*, user: User, name: str, email: str, by: User) -> None:
    """Another name or address. The address is its owner's alone as soon as she has signed in: mail leads to links."""
    if by != user:
        _managed(user, by)
    if email != user.email:
        if by != user and user.has_usable_password():
            raise NotAllowed(_("Whoever has set a password changes the address herself."))
        if by == user and StaffAccount.objects.filter(user=user, vouched_by__isnull=False).exists():
            raise NotAllowed(_("As long as somebody vouches for your account, its address stays."))
        StaffLink.objects.filter(user=user).delete()
    before = (user.first_name, user.email)
    _checked(user, name, email)
    if before != (name, email):
        user.save(update_fields=["first_name", "email"])
        _noted(user, by, _("name or address changed"))


@transaction.atomic
def close(*, user: User, by: User) -> None:
    """Nobody signs in with the account any more; its sessions and links end at once."""
    _managed(user, by)
    User.objects.filter(pk=user.pk).update(is_active=False)
    StaffLink.objects.filter(user=user).delete()
    _end_sessions(user)
    _noted(user, by, _("closed"))


@transaction.atomic
def reopen(*, user: User, by: User | None) -> None:
    """The account signs in again, with the password that it had."""
    _managed(user, by)
    User.objects.filter(pk=user.pk).update(is_active=True, is_staff=True)
    _noted(user, by, _("reopened"))


# Links and passwords.


def digest_of(token: str) -> str:
    """What is kept of the secret in an address that opens something for whoever has it: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_link(*, user: User, by: User | None, mailed: bool) -> str:
    """What a link says that sets a password once: for a week where there is none yet, else for a day.

    One to hand over takes the place of those before it. What was mailed, the site alone has seen.
    """
    if not mailed:
        _managed(user, by)
        StaffLink.objects.filter(user=user, mailed=False).delete()
        _noted(user, by, _("made a link to hand over"))
    token, now = secrets.token_urlsafe(32), timezone.now()
    until = now + (RESET_FOR if user.has_usable_password() else INVITED_FOR)
    StaffLink.objects.create(user=user, digest=digest_of(token), mailed=mailed, made_by=by, made_at=now, until=until)
    return token


def link_of(token: str) -> StaffLink | None:
    """The link that says this, if it still opens something."""
    links = StaffLink.objects.select_related("user", "made_by").filter(until__gt=timezone.now(), user__is_active=True)
    return links.filter(digest=digest_of(token)).first()


@transaction.atomic
def use_link(*, token: str, password: str) -> User:
    """Set the password of whoever has the link. It, and every other, has then been used; all sessions end."""
    link = link_of(token)
    # Of two who press at once, the second finds nothing to delete.
    if link is None or not StaffLink.objects.filter(pk=link.pk).delete()[0]:
        raise NotAllowed(_("This link has been used, or its time is over."))
    user, account = link.user, _kept_of(link.user)
    user.set_password(password)
    user.save(update_fields=["password"])
    StaffLink.objects.filter(user=user).delete()
    _end_sessions(user)
    if link.mailed:
        account.proved_at, account.proved_by = timezone.now(), None
        _noted(user, user, _("set a password by a link that was mailed"))
    else:
        account.proved_at = None
        if link.made_by:
            account.vouched_by.add(link.made_by)
        _noted(user, user, _("set a password by the link of %(who)s") % {"who": link.made_by or _("the operator")})
    account.save()
    _let_go(user)
    return user


def asking(email: str) -> list[User]:
    """Those to whom a link to a new password is mailed when this address asks for one; few, and not often."""
    users = User.objects.filter(email__iexact=email, is_active=True, is_staff=True).exclude(email="")
    lately = StaffLink.objects.filter(mailed=True, made_at__gt=timezone.now() - OFTEN)
    return list(users.exclude(staff_links__in=lately)[:3])


@transaction.atomic
def change_password(*, user: User, password: str, session_key: str | None) -> None:
    """One's own, known to be hers by the old one: every other session ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    StaffLink.objects.filter(user=user).delete()
    _end_sessions(user, but=session_key)
    _noted(user, user, _("changed the password"))
