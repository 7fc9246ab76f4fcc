"""What staff are told: with what happened or not at all, once, by mail or on the desk, and never a word of a row."""

import datetime
import smtplib

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from tracker.actions.assignments import assign
from tracker.actions.messages import choose, deliver
from tracker.actions.progress import give_back, publish, submit
from tracker.actions.redaction import ask_redaction
from tracker.models import By, Message, MessageChoice
from tracker.models.roles import EDITOR, REVIEWER

from . import drafts
from .factories import StaffFactory
from .test_review import page

pytestmark = pytest.mark.django_db
MINUTES = datetime.timedelta(minutes=2)
WORDS = "Piped water"


@pytest.fixture
def posted(settings):
    """A mail server that keeps what it is given."""
    settings.MAIL = True
    mail.outbox = []
    return mail.outbox


@pytest.fixture
def team(vellmark):
    """An editor, two reviewers, one of them without a mail address, and what each hears at once."""
    people = [StaffFactory(username=n, role=r, email=m) for n, r, m in TEAM]
    for person in people:
        choose(by=person, mail=By.AT_ONCE, not_of=[])
    return people


TEAM = (("eva", EDITOR, "eva@desk.example"), ("rolf", REVIEWER, "rolf@desk.example"), ("rita", REVIEWER, ""))


def notices_of(person):
    return list(Message.objects.filter(to=person, read_at__isnull=True).values_list("notice", flat=True))


@pytest.mark.both_databases
def test_each_step_tells_those_whom_it_concerns_and_ends_what_it_answers(team, posted):
    eva, rolf, rita = team
    row = submit(record=drafts.drafted(drafts.value(), eva), by=eva)
    assert [notices_of(each) for each in team] == [[], ["review"], ["review"]]
    row = give_back(record=row, by=rolf, note="Which table?")
    assert [notices_of(each) for each in team] == [["returned"], [], []]
    row = submit(record=row, by=eva)
    publish(record=row, by=rita)
    assert [notices_of(each) for each in team] == [["published", "returned"], [], []]
    assert deliver(timezone.now() + MINUTES) == (1, 0)  # Rita has no address, and nothing waits for Rolf any more
    assert [m.to for m in posted] == [["eva@desk.example"]]
    assert "I.1.1a" not in posted[0].body or WORDS not in posted[0].body
    assert WORDS not in posted[0].body
    assert "Which table?" not in posted[0].body
    assert "/desk/messages/" in posted[0].body
    assert deliver(timezone.now() + 2 * MINUTES) == (0, 0)


def test_what_is_rolled_back_is_never_told(team):
    eva, rolf, _rita = team
    row = drafts.drafted(drafts.value(), eva)
    with transaction.atomic():
        submit(record=row, by=eva)
        assert notices_of(rolf) == ["review"]
        transaction.set_rollback(True)
    assert notices_of(rolf) == []


def test_a_dead_server_loses_nothing_and_nothing_is_sent_twice(team, posted, monkeypatch):
    eva, _rolf, _rita = team
    drafts.submitted(drafts.value(), eva)
    now = timezone.now() + MINUTES
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        assert deliver(now) == (0, 1)
    assert posted == []
    assert deliver(now) == (0, 0)  # not at once again
    assert deliver(now + MINUTES) == (1, 0)
    assert deliver(now + 2 * MINUTES) == (0, 0)
    assert [m.to for m in posted] == [["rolf@desk.example"]]
    assert posted[0].extra_headers["Message-ID"].endswith("@127.0.0.1>")


def refuse(_mail):
    raise smtplib.SMTPServerDisconnected("gone")


def test_a_batch_that_another_process_has_claimed_is_left_to_it(team, posted):
    eva, rolf, _rita = team
    drafts.submitted(drafts.value(), eva)
    Message.objects.filter(to=rolf).update(claim="another")
    assert deliver(timezone.now() + MINUTES) == (0, 0)


def test_each_chooses_what_and_how(team, posted, signed_in):
    eva, rolf, rita = team
    client = signed_in(rolf)
    client.post("/desk/messages/", {"_choose": "", "by": "daily", "notices": ["returned", "published", "due"]})
    drafts.submitted(drafts.value(), eva)
    assert [notices_of(rolf), notices_of(rita)] == [[], ["review"]]
    client.post("/desk/messages/", {"_choose": "", "by": "daily", "notices": ["review"]})
    drafts.submitted(drafts.value(81, "2024-12-31"), eva)
    drafts.submitted(drafts.value(82, "2023-12-31"), eva)
    morning = timezone.localtime().replace(hour=7, minute=0) + datetime.timedelta(days=1)
    assert deliver(morning.replace(hour=5)) == (0, 0)
    assert deliver(morning) == (1, 0)
    assert posted[0].subject == "2 messages from the desk"
    drafts.submitted(drafts.value(83, "2022-12-31"), eva)
    assert deliver(morning + MINUTES) == (0, 0)  # one a day
    assert deliver(morning + datetime.timedelta(days=1)) == (1, 0)
    shown = page(client.get("/desk/messages/"))
    assert "3 unread" in shown
    assert WORDS not in shown
    client.post("/desk/messages/")
    assert notices_of(rolf) == []
    assert client.post("/desk/messages/", {"_choose": "", "by": "hourly"}).status_code == 400
    assert MessageChoice.objects.get(person=rolf).by == By.DAILY


def test_without_a_mail_server_messages_stand_on_the_desk(team, settings, signed_in):
    settings.MAIL = False
    eva, rolf, _rita = team
    drafts.submitted(drafts.value(), eva)
    assert deliver(timezone.now() + MINUTES) == (0, 0)
    assert Message.objects.get(to=rolf).mailed_at is None
    assert "Something waits for my review" in page(signed_in(rolf).get("/desk/messages/"))


def test_what_is_due_within_a_week_is_said_once(team, capsys):
    eva, rolf, _rita = team
    today = timezone.localdate()
    for code, days in (("I.1.1a", 7), ("I.1.1d", 8)):
        assign(things=[drafts.promise(code)], to=eva, by=rolf, due_on=today + datetime.timedelta(days=days))
    call_command("send_messages")
    call_command("send_messages")
    assert capsys.readouterr().out.splitlines() == [
        "1 reminders made, 0 mails sent, 0 failed.",
        "0 reminders made, 0 mails sent, 0 failed.",
    ]
    assert [m.subject for m in Message.objects.filter(to=eva)] == ["commitment vellmark-2030/I.1.1a"]
    Message.objects.update(at=timezone.now() - datetime.timedelta(days=181))
    call_command("purge")
    assert "1 messages; " in capsys.readouterr().out
    assert not Message.objects.exists()


def test_that_a_redaction_waits_is_mailed_at_once(team, posted):
    eva, rolf, rita = team
    choose(by=rolf, mail=By.DAILY, not_of=[])
    MessageChoice.objects.filter(person=rolf).update(digest_on=timezone.localdate())
    row = drafts.published(drafts.value(), eva, rita)
    drafts.submitted(drafts.value(81, "2024-12-31"), eva)
    ask_redaction(record=row, reason="It names a witness.", by=rita)
    assert deliver(timezone.now() + MINUTES) == (2, 0)  # to Eva, that hers was published
    assert posted[1].to == ["rolf@desk.example"]
    assert posted[1].subject == "1 message from the desk"
    assert "witness" not in posted[1].body


def test_nobody_reads_the_messages_of_another(team, client, signed_in):
    eva, rolf, _rita = team
    drafts.submitted(drafts.value(), eva)
    assert "No messages." in page(signed_in(eva).get("/desk/messages/"))
    signed_in(eva).post("/desk/messages/")
    assert notices_of(rolf) == ["review"]
    assert client.get("/desk/messages/").status_code == 302
