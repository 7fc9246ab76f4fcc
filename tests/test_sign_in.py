"""Signing in and out: names and addresses, guessing and locks, what is logged and for how long, one's own account."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from hrplan import settings as site_settings
from tracker.actions.signing_in import purge
from tracker.models import Deed, TrailEntry
from tracker.models.roles import CHECKER, COMPILER

from .factories import StaffFactory

pytestmark = pytest.mark.django_db

PASSWORD = "seven deep wells"


def account(username, **fields):
    """An account with a password."""
    person = StaffFactory(username=username, **fields)
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(username, password=PASSWORD, address="192.0.2.1", **headers):
    """Send the sign-in form from an address; the answer and the browser."""
    browser = Client(REMOTE_ADDR=address, **headers)
    form = {"username": username, "password": password, "next": "/admin/"}
    return browser.post("/admin/login/", form), browser


def test_a_password_is_kept_as_the_settings_say_and_opens_the_site(db, settings):
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    assert account("edith").password.startswith("argon2$argon2id$")
    response, _browser = sign_in("edith")
    assert (response.status_code, response.headers["Location"]) == (302, "/desk/")


def test_staff_sign_in_with_name_and_password(db):
    edith = account("edith")
    response, browser = sign_in("edith")
    assert (response.status_code, response.headers["Location"]) == (302, "/desk/")
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/login/").headers["Location"] == "/desk/"
    assert (TrailEntry.objects.get().by, TrailEntry.objects.get().deed) == (edith, Deed.SIGNED_IN)
    assert browser.post("/admin/logout/").status_code == 200
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}])
def test_a_closed_account_and_one_that_is_not_staff_cannot_sign_in(db, fields):
    account("edith", **fields)
    response, browser = sign_in("edith")
    assert response.status_code == 200
    assert "Please enter the correct username and password for a staff account." in response.content.decode()
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("username", [COMPILER, CHECKER])
def test_the_closed_accounts_of_the_seed_files_cannot_sign_in(db, username):
    person = get_user_model().objects.get(username=username)
    assert (person.is_active, person.is_staff, person.is_superuser) == (False, False, False)
    assert not person.has_usable_password()
    assert not person.groups.exists()
    for password in ("", username, "!", person.password):
        response, browser = sign_in(username, password)
        assert response.status_code == 200
        assert browser.get("/admin/").status_code == 302
    person.set_password(PASSWORD)
    person.save()
    assert sign_in(username)[0].status_code == 200


def test_a_sign_in_that_should_lead_elsewhere_leads_to_the_desk(db):
    account("edith")
    form = {"username": "edith", "password": PASSWORD, "next": "//evil.example/"}
    response = Client().post("/admin/login/?next=//evil.example/", form)
    assert response.headers["Location"] == "/desk/"


def test_guessing_is_locked_by_name_and_address_and_says_so(db):
    account("edith")
    account("rana")
    for _attempt in range(7):
        assert sign_in("edith", "guess")[0].status_code == 200
    assert sign_in("edith", "guess")[0].status_code == 429
    locked, browser = sign_in("edith")
    assert locked.status_code == 429
    assert "Account locked: too many login attempts. Please try again later." in locked.content.decode()
    assert browser.get("/admin/").status_code == 302
    assert sign_in("edith", address="198.51.100.7")[0].status_code == 302
    assert sign_in("rana")[0].status_code == 302


def test_once_locked_no_attempt_is_written(db):
    account("edith")
    for _attempt in range(8):
        sign_in("edith", "guess")
    before = list(AccessAttempt.objects.values())
    assert [(row["username"], row["failures_since_start"]) for row in before] == [("edith", 8)]
    assert [(row["get_data"], row["post_data"]) for row in before] == [("", "")]
    for _attempt in range(5):
        assert sign_in("edith", "guess")[0].status_code == 429
    assert list(AccessAttempt.objects.values()) == before


def test_another_browser_from_the_same_address_is_locked_too(db):
    account("edith")
    for n in range(8):
        sign_in("edith", "guess", HTTP_USER_AGENT=f"browser {n}")
    for name in ("edith", " edith", "edith "):
        assert sign_in(name, HTTP_USER_AGENT="another")[0].status_code == 429


def test_an_address_that_the_visitor_claims_does_not_open_the_lock(db):
    account("edith")
    for n in range(8):
        sign_in("edith", "guess", HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    assert sign_in("edith", HTTP_X_FORWARDED_FOR="203.0.113.99")[0].status_code == 429


def test_behind_a_proxy_the_visitor_is_locked_and_not_the_proxy(db, settings):
    settings.TRUST_PROXY = True
    settings.AXES_IPWARE_PROXY_COUNT = 1
    account("edith")
    for _attempt in range(8):
        sign_in("edith", "guess", address="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.5")
    assert sign_in("edith", address="127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.6")[0].status_code == 302


def test_the_page_of_a_locked_account_is_a_page(db):
    for _attempt in range(8):
        locked, _browser = sign_in("edith", "guess")
    assert locked.status_code == 429
    assert "<h1" in locked.content.decode()


def test_everybody_changes_their_own_password_knowing_the_old_one(db):
    account("edith")
    new = "eleven dry wells"
    client, other = sign_in("edith")[1], sign_in("edith")[1]
    form = {"what": "password", "password": "wrong", "new_password1": new, "new_password2": new}
    assert "This is not your password." in client.post("/admin/password_change/", form).content.decode()
    assert other.get("/desk/account/").status_code == 200
    answer = client.post("/desk/account/", form | {"password": PASSWORD, "new_password2": "eleven wet wells"})
    assert "didn’t match" in answer.content.decode()
    assert client.post("/desk/account/", form | {"password": PASSWORD}).status_code == 302
    assert client.get("/desk/account/").status_code == 200
    assert other.get("/desk/account/").status_code == 302
    assert sign_in("edith")[0].status_code == 200
    assert sign_in("edith", new)[0].status_code == 302
    assert [entry.detail for entry in TrailEntry.objects.filter(deed=Deed.ACCOUNT)] == ["changed the password"]


@pytest.mark.both_databases
def test_her_address_does_as_well_as_her_name_where_it_is_hers_alone(db):
    account("edith", email="Edith@vellmark.example")
    assert sign_in("edith@Vellmark.example")[0].status_code == 302
    assert sign_in("edith@vellmark.example", "guess")[0].status_code == 200
    assert AccessAttempt.objects.get().username == "edith"
    assert sign_in("e" * 300)[0].status_code == 200
    account("other", email="edith@vellmark.example")
    assert sign_in("edith@vellmark.example")[0].status_code == 200


def test_each_refusal_is_one_line_with_name_and_address_and_without_password(db, caplog):
    account("edith")
    with caplog.at_level(logging.WARNING, logger="tracker.signin"):
        sign_in("edith", "guess")
        sign_in("edith\nrefused from 1.2.3.4", "guess")
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("tracker.signin", "refused from 192.0.2.1 as 'edith'"),
        ("tracker.signin", "refused from 192.0.2.1 as 'edith\\nrefused from 1.2.3.4'"),
    ]


def test_an_administrator_sees_a_lock_and_opens_it(adam, signed_in, admin_user):
    edith = account("edith")
    for name in ("edith", "stranger", "admin"):
        for _attempt in range(8):
            sign_in(name, "guess")
    admin, place = signed_in(adam), f"/admin/auth/user/{edith.pk}/change/"
    listed = admin.get("/admin/auth/user/locks/").content.decode()
    assert f'href="{place}#locks">edith</a>' in listed
    assert "stranger" in listed
    assert "admin</" not in listed.split("<main")[1], "a superuser is not seen by administrators"
    assert "locked" in admin.get("/admin/auth/user/?q=edith").content.decode()
    assert "8 failures from 192.0.2.1" in admin.get(place).content.decode()
    assert sign_in("edith")[0].status_code == 429
    assert admin.post(place, {"what": "unlock"}).status_code == 302
    assert sign_in("edith")[0].status_code == 302
    assert sign_in("stranger")[0].status_code == 429


def test_one_sees_where_one_is_signed_in_and_ends_it(db, adam, signed_in):
    edith = account("edith")
    here = sign_in("edith", HTTP_USER_AGENT="Lake browser")[1]
    there = sign_in("edith", address="198.51.100.7", HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux) Firefox/140")[1]
    page = here.get("/desk/account/").content.decode()
    assert all(text in page for text in ("Lake browser", "Firefox, Linux", "198.51.100.7", "192.0.2.1"))
    assert here.post("/desk/account/", {"what": "sessions"}).status_code == 302
    assert here.get("/desk/account/").status_code == 200
    assert there.get("/desk/account/").status_code == 302
    place = f"/admin/auth/user/{edith.pk}/change/"
    assert "Lake browser" in signed_in(adam).get(place).content.decode()
    assert signed_in(adam).post(place, {"what": "sessions"}).status_code == 302
    assert here.get("/desk/account/").status_code == 302


def test_a_session_ends_after_twelve_hours_however_busy_she_is(db, monkeypatch):
    account("edith")
    browser = sign_in("edith")[1]
    later = timezone.now() + timedelta(hours=11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    session = browser.session
    session["busy"] = True
    session.save()
    assert browser.session.get_expiry_age() <= 60 * 60
    later += timedelta(hours=1, seconds=1)
    assert browser.get("/desk/account/").status_code == 302


def test_what_is_kept_of_signing_in_is_forgotten_after_some_days(db, settings):
    account("edith")
    sign_in("edith")
    sign_in("edith", "guess", address="192.0.2.9")
    old = timezone.now() - timedelta(days=91)
    for model in (AccessLog, AccessAttempt):
        assert model.objects.count() == 1
        model.objects.update(attempt_time=old)
    settings.SIGNIN_DAYS = 92
    sign_in("edith")
    assert (AccessLog.objects.count(), AccessAttempt.objects.count()) == (2, 0)
    settings.SIGNIN_DAYS = 90
    sign_in("edith")
    assert AccessLog.objects.count() == 2
    sign_in("edith", "guess", address="192.0.2.9")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=2))
    purge()
    assert AccessAttempt.objects.count() == 0


def test_one_changes_ones_own_name_and_address_by_password(db):
    edith = account("edith")
    browser = sign_in("edith")[1]
    form = {"what": "details", "name": "Edith Vell", "email": "edith@vellmark.example"}
    assert browser.post("/desk/account/", form).status_code == 200
    assert browser.post("/desk/account/", form | {"password": PASSWORD}).status_code == 302
    edith.refresh_from_db()
    assert (edith.first_name, edith.email) == ("Edith Vell", "edith@vellmark.example")


def test_the_forms_of_staff_take_nothing_from_another_site(db):
    account("edith")
    browser = Client(enforce_csrf_checks=True)
    for address in ("/desk/forgotten/", "/admin/login/", "/desk/link/x/", "/desk/account/"):
        assert browser.post(address, {"email": "a@b.example"}).status_code == 403
