"""What staff are told: written with what happened, in its transaction, and mailed afterwards.

A message is a row, so that what is rolled back is never told, and what a dead mail server refuses waits here. Mail goes
out by ``deliver``, which the server's worker and ``manage.py send_messages`` call.
"""

import datetime
import logging
import secrets
import smtplib
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext

from tracker.models import (
    Assessment,
    By,
    Message,
    MessageChoice,
    Notice,
    Preparation,
    ReaderReport,
    RedactionRequest,
    Update,
)
from tracker.models.roles import ADMINISTRATOR, EDITOR, REVIEWER

logger = logging.getLogger(__name__)

TOGETHER = datetime.timedelta(minutes=1)  # what happens within it goes in one mail
DIGEST_HOUR = 6  # of the site's own time
LONGEST = datetime.timedelta(hours=6)  # between two attempts at a mail
KEPT_FOR = datetime.timedelta(days=180)
URGENT = RedactionRequest._meta.model_name  # somebody may be in danger: it waits for no mail of the day
ToTell = Update | Assessment | Preparation | RedactionRequest | ReaderReport


def tell(*, notice: Notice, record: ToTell, to: Iterable[User], by: User | None) -> None:
    """Tell people, all but whoever did it, of a row. Inside the transaction of what happened."""
    people = {person.pk: person for person in to if person != by and person.is_active}
    deaf = {c.person_id for c in MessageChoice.objects.filter(person__in=people) if notice in c.not_of}
    about = {"kind": record._meta.model_name, "row": record.pk, "subject": record.subject[:200]}
    now = timezone.now()
    Message.objects.bulk_create(
        Message(to=person, notice=notice, at=now, **about) for pk, person in people.items() if pk not in deaf
    )


def tell_reviewers(record: Update | Assessment | Preparation | RedactionRequest, by: User) -> None:
    """Something waits for a second person: tell those who may be it, until ``settle`` says that one has decided."""
    roles = Q(is_superuser=True) | Q(groups__name__in=(REVIEWER, ADMINISTRATOR))
    reviewers = User.objects.filter(roles).exclude(pk__in=getattr(record, "contributor_ids", ())).distinct()
    tell(notice=Notice.REVIEW, record=record, to=reviewers, by=by)


def tell_of_report(report: ReaderReport) -> None:
    """A reader reported something: tell those who may decide on it, unless they were told of one that still waits."""
    roles = Q(is_superuser=True) | Q(groups__name__in=(EDITOR, REVIEWER, ADMINISTRATOR))
    unread = Message.objects.filter(notice=Notice.REPORT, read_at__isnull=True).values("to")
    tell(notice=Notice.REPORT, record=report, to=User.objects.filter(roles).exclude(pk__in=unread).distinct(), by=None)


def tell_authors(notice: Notice, record: Update | Assessment | Preparation, by: User) -> None:
    """Something came back or was published: tell those who wrote it and handed it in."""
    people = (record.author, record.edited_by, record.submitted_by)
    tell(notice=notice, record=record, to=[person for person in people if person is not None], by=by)


def settle(model: type[ToTell], numbers: Iterable[int]) -> None:
    """Rows no longer wait for review, or a decision: nobody is sent to them any more."""
    notices = (Notice.REVIEW, Notice.REPORT)
    waiting = Message.objects.filter(notice__in=notices, kind=model._meta.model_name, row__in=numbers)
    waiting.filter(read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def remind(*, person: User, kind: str, subject: str, due_on: datetime.date) -> bool:
    """Tell somebody once that something of theirs is due on a day; whether that is new."""
    choice = MessageChoice.objects.filter(person=person).first()
    if not person.is_active or (choice is not None and Notice.DUE in choice.not_of):
        return False
    _message, is_new = Message.objects.get_or_create(
        to=person,
        kind=kind,
        subject=subject[:200],
        due_on=due_on,
        defaults={"notice": Notice.DUE, "at": timezone.now()},
    )
    return is_new


@transaction.atomic
def mark_read(*, by: User) -> int:
    """Mark the person's own messages read; how many were not."""
    return Message.objects.filter(to=by, read_at__isnull=True).update(read_at=timezone.now())


@transaction.atomic
def choose(*, by: User, mail: By, not_of: Iterable[Notice]) -> None:
    """How somebody wants to hear from now on."""
    MessageChoice.objects.update_or_create(person=by, defaults={"by": mail, "not_of": sorted(not_of)})


def deliver(now: datetime.datetime) -> tuple[int, int]:
    """Send the mail whose time has come: how many were sent, and how many failed and wait for another attempt.

    Nothing is sent twice: a batch is claimed in a transaction of its own before its mail leaves, and two processes
    never claim the same message. Where a process dies between the two, the mail may be lost; the message is on the
    desk.
    """
    if not settings.MAIL:
        return 0, 0
    waiting = Message.objects.filter(mailed_at__isnull=True, claim="", read_at__isnull=True, at__lte=now - TOGETHER)
    waiting = waiting.filter(Q(not_before__isnull=True) | Q(not_before__lte=now))
    people = User.objects.filter(pk__in=waiting.values("to"), is_active=True).exclude(email="")
    choices = {choice.person_id: choice for choice in MessageChoice.objects.filter(person__in=people)}
    sent = failed = 0
    for person in people.order_by("pk"):
        choice = choices.get(person.pk) or MessageChoice(person=person)
        whole, rows = _is_time(choice, now), waiting.filter(to=person)
        if not whole and choice.by == By.DAILY:
            rows = rows.filter(kind=URGENT)
        elif not whole:
            continue
        token = secrets.token_hex(16)
        claimed = rows.update(claim=token)
        if not claimed:
            continue
        if _mailed(person, token, now):
            sent += 1
            if whole and choice.by == By.DAILY:
                MessageChoice.objects.update_or_create(
                    person=person, defaults={"digest_on": timezone.localdate(now, settings.OF_STAFF)}
                )
        else:
            failed += 1
    return sent, failed


def _is_time(choice: MessageChoice, now: datetime.datetime) -> bool:
    """Whether somebody's mail may go now."""
    if choice.by == By.DAILY:
        local = timezone.localtime(now, settings.OF_STAFF)
        return local.hour >= DIGEST_HOUR and choice.digest_on != local.date()
    return choice.by == By.AT_ONCE


def _mailed(person: User, token: str, now: datetime.datetime) -> bool:
    """Send what was claimed under a token in one mail; where the server refuses it, put it back for later."""
    rows = list(Message.objects.filter(claim=token).order_by("at", "pk"))
    subject = ngettext("%(n)s message from the desk", "%(n)s messages from the desk", len(rows)) % {"n": len(rows)}
    text = render_to_string("desk/mail.txt", {"rows": rows, "site": settings.SITE_URL, "person": person})
    headers = {"Message-ID": f"<{token}@{urlsplit(settings.SITE_URL).hostname}>", "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, text, settings.EMAIL_FROM, [person.email], headers=headers).send()
    except (smtplib.SMTPException, OSError) as error:
        failures = max(row.failures for row in rows) + 1
        later = now + min(LONGEST, datetime.timedelta(minutes=2**failures))
        Message.objects.filter(claim=token).update(claim="", failures=failures, not_before=later)
        logger.warning(
            "Mail could not be sent (%s); %s messages wait until %s.", type(error).__name__, len(rows), later
        )
        return False
    Message.objects.filter(claim=token).update(mailed_at=now)
    return True


def forget_old(now: datetime.datetime) -> int:
    """Take away messages of half a year ago and older; how many."""
    return Message.objects.filter(at__lt=now - KEPT_FOR).delete()[0]
