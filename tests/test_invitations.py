"""People are invited by a link that works once, set their own passwords, and nobody becomes two people."""

import logging
import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.actions.people import stand_in_for
from tracker.models import Deed, StaffLink, TrailEntry
from tracker.models.roles import EDITOR, REVIEWER, role_of

from .conftest import somebody
from .factories import StaffFactory

pytestmark = pytest.mark.django_db

WORDS, OTHERS = "seven deep wells in a row", "eleven dry wells in a ring"
NELL = {"name": "Nell Vell", "email": "nell@vellmark.example", "role": "editor"}
USERS = get_user_model().objects


@pytest.fixture
def admin(adam, signed_in):
    """The browser of an administrator."""
    return signed_in(adam)


@pytest.fixture
def mailing(settings):
    """A site that sends mail."""
    settings.MAIL = True


def link_in(text):
    """The path of the link that a page or a mail shows."""
    return re.search(r"/desk/link/[\w-]+/", text)[0]


def invited(admin, **fields):
    """Invite Nell, or somebody like her; the account, and the path of the link to hand over."""
    response = admin.post("/admin/auth/user/add/", NELL | fields)
    assert response.status_code == 200
    return USERS.get(email=fields.get("email", NELL["email"])), link_in(response.content.decode())


def set_password(path, password=WORDS):
    """Use a link in a fresh browser; the answer and the browser."""
    browser = Client()
    return browser.post(path, {"new_password1": password, "new_password2": password}), browser


def do(browser, user, deed, **fields):
    """Press a button on the page of a person."""
    return browser.post(f"/admin/auth/user/{user.pk}/change/", {"what": deed} | fields)


def with_factor(user):
    """Give somebody a second factor."""
    return TOTPDevice.objects.create(user=user, confirmed=True)


def trail_of(user):
    """What the trail says of an account, the oldest first."""
    return list(
        TrailEntry.objects.filter(kind="user", row=user.pk, deed=Deed.ACCOUNT)
        .order_by("pk")
        .values_list("detail", flat=True)
    )


@pytest.mark.both_databases
def test_a_person_is_invited_by_name_address_and_role_and_sets_her_own_password(admin, adam):
    page = admin.get("/admin/auth/user/add/").content.decode()
    assert set(re.findall(r'<input[^>]* name="(\w+)"', page)) == {"csrfmiddlewaretoken", "name", "email", "role"}
    assert "publishes or returns what others have handed in" in page
    nell, link = invited(admin)
    assert (nell.username, nell.first_name, role_of(nell)) == ("nell", "Nell Vell", EDITOR)
    assert (nell.is_staff, nell.is_superuser, nell.has_usable_password()) == (True, False, False)
    assert mail.outbox == []
    assert link.split("/")[-2] not in str(list(StaffLink.objects.values()))
    page = Client().get(link).content.decode()
    assert "Your sign-in name is <b>nell</b>" in page
    answer, browser = set_password(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/")
    assert browser.get("/desk/").status_code == 200
    nell.refresh_from_db()
    assert nell.check_password(WORDS)
    assert trail_of(nell) == [
        "made the account, as editor",
        "made a link to hand over",
        "set a password by the link of adam",
    ]
    assert USERS.get(pk=nell.pk).staff_account.made_by == adam
    for again in (Client().get(link), set_password(link, OTHERS)[0]):
        assert again.status_code == 410
    assert USERS.get(pk=nell.pk).check_password(WORDS)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short words", "too short. It must contain at least 12 characters"),
        ("123456789012", "entirely numeric"),
        ("qwerty123456", "too common"),
        ("nell@vellmark.example", "too similar to the email address"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_still_works(admin, password, sentence):
    _nell, link = invited(admin)
    answer, _browser = set_password(link, password)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert set_password(link)[0].status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"email": "nell"}, "Enter a valid email address."),
        ({"email": "EDITH@vellmark.example"}, "An account has this address already: one person, one account."),
        ({"role": "superuser"}, "is not one of the available choices"),
    ],
)
def test_an_invitation_that_lacks_something_is_refused_and_nothing_typed_is_lost(admin, edith, fields, sentence):
    USERS.filter(pk=edith.pk).update(email="edith@vellmark.example")
    before = USERS.count()
    response = admin.post("/admin/auth/user/add/", NELL | fields)
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert all(f'value="{value}"' in page for value in (NELL | fields).values() if value and value != "superuser")
    assert USERS.count() == before


def test_two_people_with_one_name_before_the_at_have_two_sign_in_names(admin):
    assert [invited(admin, email=f"nell@{place}.example")[0].username for place in "abc"] == [
        "nell",
        "nell-2",
        "nell-3",
    ]


def test_where_mail_is_sent_the_invitation_goes_by_mail_with_another_link(admin, mailing, settings, client):
    settings.SITE_URL = "https://promises.example"
    nell, to_hand_over = invited(admin)
    (message,) = mail.outbox
    assert message.to == ["nell@vellmark.example"]
    assert "https://promises.example/desk/link/" in message.body
    assert "Your sign-in name is nell." in message.body
    mailed = link_in(message.body)
    assert mailed != to_hand_over
    assert set_password(mailed)[0].status_code == 302
    assert client.get(to_hand_over).status_code == 410
    assert "set a password by a link that was mailed" in trail_of(nell)


def test_a_link_ends_after_its_days_with_its_account_and_with_the_next_one(admin, client):
    nell, first = invited(admin)
    second = link_in(do(admin, nell, "link").content.decode())
    assert [client.get(path).status_code for path in (first, second)] == [410, 200]
    assert StaffLink.objects.get().until > timezone.now() + timezone.timedelta(days=6, hours=23)
    StaffLink.objects.update(until=timezone.now())
    assert client.get(second).status_code == 410
    third = link_in(do(admin, nell, "link").content.decode())
    assert do(admin, nell, "close").status_code == 302
    assert client.get(third).status_code == 410
    assert do(admin, nell, "reopen").status_code == 302
    assert client.get(third).status_code == 410
    assert client.get("/desk/link/nonsense/").status_code == 410


# Nobody becomes two people.


@pytest.mark.both_databases
def test_who_handed_a_link_over_counts_as_one_with_her_until_another_has_met_her(admin, adam, signed_in, settings):
    settings.SECOND_FACTOR = "none"
    nell, link = invited(admin)
    assert stand_in_for(adam) == {nell.pk}
    set_password(link)
    assert (stand_in_for(adam), stand_in_for(nell)) == ({nell.pk}, {adam.pk})
    rolf, link = invited(admin, email="rolf@vellmark.example", role=REVIEWER)
    set_password(link)
    assert stand_in_for(nell) == {adam.pk, rolf.pk}, "he could draft as one and publish as the other"
    do(admin, nell, "met")
    assert stand_in_for(nell), "whoever vouches for her does not free himself of it"
    arne = StaffFactory(username="arne", role="administrator")
    assert "I have met this person" in signed_in(arne).get(f"/admin/auth/user/{nell.pk}/change/").content.decode()
    do(signed_in(arne), nell, "met")
    assert (stand_in_for(nell), stand_in_for(adam)) == (set(), {rolf.pk})
    assert trail_of(nell)[-2:] == ["confirmed: met the person who has it", "nobody vouches for it any more"]


def test_an_administrator_made_by_him_frees_nobody(admin, adam, signed_in):
    nell, link = invited(admin)
    set_password(link)
    other, link = invited(admin, email="other@vellmark.example", role="administrator")
    _answer, browser = set_password(link)
    assert do(browser, nell, "met").status_code == 302
    assert stand_in_for(nell) == {adam.pk, other.pk}


def test_a_mailed_link_and_a_factor_of_her_own_free_her(admin, adam, mailing, settings):
    nell, _link = invited(admin)
    set_password(link_in(mail.outbox[0].body))
    assert stand_in_for(nell) == set(), "without second factors, the password alone"
    rolf, _link = invited(admin, email="rolf@vellmark.example", role=EDITOR)
    settings.SECOND_FACTOR = "reviewers"
    _answer, browser = set_password(link_in(mail.outbox[1].body))
    assert stand_in_for(rolf) == {adam.pk}, "no factor of his own yet"
    assert browser.get("/desk/account/factor/").status_code == 200
    device = TOTPDevice.objects.get(user=rolf)
    totp = TOTP(device.bin_key)
    assert browser.post("/desk/account/factor/", {"code": f"{totp.token():06}"}).status_code == 200
    assert stand_in_for(rolf) == set()


def test_a_link_to_a_new_password_binds_when_it_is_used_and_ends_her_sessions(admin, adam, edith, signed_in):
    hers = signed_in(edith)
    link = link_in(do(admin, edith, "link").content.decode())
    assert hers.get("/desk/").status_code == 200
    assert stand_in_for(edith) == set()
    set_password(link)
    assert hers.get("/desk/").status_code == 302
    assert stand_in_for(edith) == {adam.pk}
    edith.refresh_from_db()
    assert "vouches for you" in signed_in(edith).get("/desk/account/").content.decode()


def test_a_factor_that_was_taken_away_binds_until_there_is_another(admin, adam, rana, signed_in):
    with_factor(rana)
    hers = signed_in(rana)
    assert do(admin, rana, "factor").status_code == 302
    assert hers.get("/desk/").status_code == 302
    assert not TOTPDevice.objects.filter(user=rana).exists()
    assert stand_in_for(rana) == {adam.pk}
    assert trail_of(rana) == ["took the second factor away"]


# What an administrator does, and does not.


def test_what_is_done_on_the_page_of_a_person_stands_in_the_trail(admin, adam, anna):
    assert do(admin, anna, "role", role=REVIEWER).status_code == 302
    assert role_of(USERS.get(pk=anna.pk)) == REVIEWER
    assert do(admin, anna, "details", name="Anna Ann", email="").status_code == 200
    assert do(admin, anna, "sessions").status_code == 302
    assert do(admin, anna, "unlock").status_code == 302
    assert do(admin, anna, "close").status_code == 302
    assert do(admin, anna, "reopen").status_code == 302
    assert trail_of(anna) == ["analyst → reviewer", "ended the sessions", "unlocked", "closed", "reopened"]
    assert {entry.by for entry in TrailEntry.objects.filter(kind="user", row=anna.pk)} == {adam}
    page = admin.get(f"/admin/auth/user/{anna.pk}/change/").content.decode()
    assert "analyst → reviewer" in page
    assert do(admin, anna, "elevate").status_code == 302
    assert "nothing that can be done to an account" in admin.get(f"/admin/auth/user/{anna.pk}/change/").content.decode()


def test_the_address_of_somebody_who_has_a_password_is_hers_alone(admin, edith, signed_in):
    nell, link = invited(admin)
    sent = {"name": "Nell", "email": "nell@elsewhere.example"}
    assert do(admin, nell, "details", **sent).status_code == 302
    assert Client().get(link).status_code == 410, "a link to the old address opens nothing"
    link = link_in(do(admin, nell, "link").content.decode())
    set_password(link)
    response = do(admin, nell, "details", name="Nell", email="mine@vellmark.example")
    assert "Whoever has set a password changes the address herself." in response.content.decode()
    nell.refresh_from_db()
    assert nell.email == "nell@elsewhere.example"
    own = signed_in(nell).post("/desk/account/", {"what": "details", "password": WORDS, **sent, "email": "a@b.example"})
    assert "As long as somebody vouches for your account, its address stays." in own.content.decode()


def test_nobody_changes_her_own_account_on_the_page_of_a_person(admin, adam):
    for what in ("role", "close", "factor", "link", "met", "sessions"):
        assert do(admin, adam, what, role="editor").status_code == 403
    adam.refresh_from_db()
    assert adam.is_active
    assert trail_of(adam) == []


@pytest.mark.parametrize("role", ["analyst", "editor", "reviewer"])
def test_only_administrators_reach_accounts(signed_in, anna, role):
    browser = signed_in(somebody(f"some-{role}", role))
    assert browser.get("/admin/auth/user/locks/").status_code == 403
    assert browser.post("/admin/auth/user/add/", NELL).status_code == 403
    assert do(browser, anna, "close").status_code == 403
    assert not USERS.filter(email=NELL["email"]).exists()


@pytest.mark.both_databases
def test_the_list_says_role_factor_and_state_and_asks_no_more_for_more_people(
    admin, adam, edith, rana, django_assert_num_queries
):
    invited(admin)
    with_factor(rana)
    USERS.filter(pk=edith.pk).update(is_active=False)
    rows = admin.get("/admin/auth/user/").content.decode().split("<tr")
    text = {name: next(row for row in rows if f">{name}<" in row) for name in ("nell", "edith", "rana")}
    assert "Editor" in text["nell"]
    assert "invited" in text["nell"]
    assert "closed" in text["edith"]
    assert "open" in text["rana"]
    with django_assert_num_queries(12):
        admin.get("/admin/auth/user/")
    StaffFactory.create_batch(5, role=EDITOR)
    with django_assert_num_queries(12):
        admin.get("/admin/auth/user/")


# By mail, from the sign-in page.


def ask(email, **more):
    """Ask for a link to a new password."""
    return Client(**more).post("/desk/forgotten/", {"email": email})


def test_a_forgotten_password_is_set_anew_by_mail_and_the_answer_tells_a_stranger_nothing(edith, mailing, signed_in):
    USERS.filter(pk=edith.pk).update(email="edith@vellmark.example")
    hers, other = ask("Edith@Vellmark.example"), ask("nobody@vellmark.example")
    assert hers.status_code == other.status_code == 200
    assert hers.content == other.content
    (message,) = mail.outbox
    assert message.to == ["edith@vellmark.example"]
    assert ask("edith@vellmark.example").status_code == 200
    assert len(mail.outbox) == 1, "one in ten minutes"
    session = signed_in(edith)
    assert set_password(link_in(message.body))[0].headers["Location"] == "/desk/"
    assert session.get("/desk/").status_code == 302
    assert USERS.get(pk=edith.pk).check_password(WORDS)


def test_one_address_asks_for_twenty_mails_an_hour_and_a_closed_account_for_none(
    db, mailing, edith, settings, tmp_path
):
    settings.LIMITED, settings.VAR = True, tmp_path
    for n in range(22):
        StaffFactory(username=f"many-{n}", email=f"many-{n}@vellmark.example")
        assert ask(f"many-{n}@vellmark.example", REMOTE_ADDR="192.0.2.77").status_code == 200
    assert len(mail.outbox) == 20
    USERS.filter(pk=edith.pk).update(email="edith@vellmark.example", is_active=False)
    ask("edith@vellmark.example")
    assert len(mail.outbox) == 20


def test_a_site_without_mail_says_whom_to_ask(client, edith):
    assert "This site sends no mail." in client.get("/desk/forgotten/").content.decode()
    USERS.filter(pk=edith.pk).update(email="edith@vellmark.example")
    ask("edith@vellmark.example")
    assert mail.outbox == []


def test_a_mail_server_that_is_down_breaks_no_page(admin, mailing, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with caplog.at_level(logging.CRITICAL):
        _nell, link = invited(admin)
    assert set_password(link)[0].status_code == 302


# In the shell.


def test_open_account_lets_the_only_administrator_in_again(adam, capsys):
    with_factor(adam)
    USERS.filter(pk=adam.pk).update(is_active=False)
    call_command("open_account", "adam", "--lost-factor")
    answer, browser = set_password(link_in(capsys.readouterr().out))
    assert answer.status_code == 302
    assert browser.get("/desk/").status_code == 200
    assert stand_in_for(adam) == set()
    assert trail_of(adam)[:3] == ["unlocked", "reopened", "took the second factor away"]
    with pytest.raises(CommandError, match="No account has the sign-in name “nobody”"):
        call_command("open_account", "nobody")


def test_open_account_says_that_the_operator_has_met_somebody(admin, adam):
    nell, link = invited(admin)
    set_password(link)
    call_command("open_account", "nell", "--met")
    assert stand_in_for(nell) == set()
