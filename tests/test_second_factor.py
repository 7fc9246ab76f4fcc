"""The second factor: who needs one, setting it up, signing in with it, recovery codes, and what is closed without."""

import re
import time

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.models import Deed, TrailEntry
from tracker.models.roles import EDITOR, REVIEWER

from .factories import StaffFactory

pytestmark = pytest.mark.django_db

WORDS = "seven deep wells in a row"
SETUP, CODE = "/desk/account/factor/", "/admin/login/code/"


@pytest.fixture(autouse=True)
def _for_reviewers(settings):
    settings.SECOND_FACTOR = "reviewers"


@pytest.fixture
def ruth(db):
    """A reviewer with a password and no factor yet."""
    return person("ruth", REVIEWER)


def person(username, role=None, **fields):
    """Somebody with a password."""
    user = StaffFactory(username=username, role=role, **fields)
    user.set_password(WORDS)
    user.save()
    return user


def give(user, next_="/desk/", password=WORDS):
    """Give name and password in a fresh browser; the answer and the browser."""
    browser = Client(REMOTE_ADDR="192.0.2.5", HTTP_USER_AGENT="Lake browser")
    form = {"username": user.username, "password": password, "next": next_}
    return browser.post("/admin/login/", form), browser


def code_of(user, later=0, **which):
    """What the authenticator shows, now or some steps of thirty seconds later."""
    totp = TOTP(TOTPDevice.objects.get(user=user, **which).bin_key)
    totp.time = time.time() + 30 * later
    return f"{totp.token():06}"


def set_up(user, browser):
    """Set the second factor up; the recovery codes that are shown."""
    assert browser.get(SETUP).status_code == 200
    page = browser.post(SETUP, {"code": code_of(user, confirmed=False)}).content.decode()
    TOTPDevice.objects.filter(user=user).update(last_t=-1)  # as if half a minute had passed
    return re.findall(r"<code>(\w{4} \w{4})</code>", page)


def test_a_reviewer_sets_a_factor_up_before_anything_else_is_reachable(vellmark, ruth):
    answer, browser = give(ruth)
    assert answer.headers["Location"] == "/desk/"
    closed = ["/desk/", "/desk/account/", "/admin/", "/admin/tracker/update/", "/admin/login/code/x", "/admin/nothing/"]
    for address in closed:
        assert browser.get(address).headers["Location"] == SETUP
        assert browser.post(address, {"what": "sessions"}).headers["Location"] == SETUP
    assert browser.get("/vellmark-2030/").status_code == 200
    page = browser.get(SETUP)
    text = page.content.decode()
    secret = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', text)[1].replace(" ", "")
    assert f"secret={secret}&amp;" in text
    assert 'src="data:image/svg+xml' in text
    assert secret in browser.get(SETUP).content.decode(), "the same when the page is loaded again"
    codes = set_up(ruth, browser)
    assert len(set(codes)) == 10
    assert browser.get("/desk/").status_code == 200
    assert codes[0] not in browser.get("/desk/account/").content.decode()
    assert "10 recovery codes are left" in " ".join(browser.get("/desk/account/").content.decode().split())


@pytest.mark.parametrize(
    ("whose", "role", "superuser", "needed"),
    [
        ("reviewers", "analyst", False, False),
        ("reviewers", EDITOR, False, False),
        ("reviewers", "administrator", False, True),
        ("reviewers", None, True, True),
        ("all", "analyst", False, True),
        ("none", None, True, False),
    ],
)
def test_the_setting_says_who_needs_one(db, settings, whose, role, superuser, needed):
    settings.SECOND_FACTOR = whose
    _answer, browser = give(person("somebody", role, is_superuser=superuser))
    assert (browser.get("/desk/account/").status_code == 302) is needed


@pytest.mark.both_databases
def test_with_a_factor_the_password_alone_opens_nothing(ruth):
    set_up(ruth, give(ruth)[1])
    answer, browser = give(ruth, next_="/admin/tracker/update/")
    assert answer.headers["Location"] == CODE
    assert browser.get("/desk/").headers["Location"].startswith("/admin/login/")
    assert TrailEntry.objects.filter(deed=Deed.SIGNED_IN).count() == 1, "that of setting it up"
    refused = browser.post(CODE, {"code": "000000"})
    assert "This code is not right" in refused.content.decode()
    assert "After a wrong code, wait" in browser.post(CODE, {"code": code_of(ruth)}).content.decode()
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    code = code_of(ruth)
    opened = browser.post(CODE, {"code": f"{code[:3]} {code[3:]}"})
    assert opened.headers["Location"] == "/admin/tracker/update/"
    assert browser.get("/desk/").status_code == 200
    again = give(ruth)[1].post(CODE, {"code": code})
    assert "was used already" in again.content.decode()


@pytest.mark.both_databases
def test_a_recovery_code_opens_once_and_is_noted(ruth):
    codes = set_up(ruth, give(ruth)[1])
    browser = give(ruth)[1]
    assert browser.post(CODE, {"code": codes[0].upper()}).status_code == 302
    assert StaticToken.objects.count() == 9
    assert browser.get("/desk/").status_code == 200
    assert give(ruth)[1].post(CODE, {"code": codes[0]}).status_code == 200
    assert TrailEntry.objects.filter(deed=Deed.ACCOUNT, detail="signed in with a recovery code").count() == 1
    renewed = browser.post("/desk/account/", {"what": "codes", "password": WORDS})
    fresh = re.findall(r"<code>(\w{4} \w{4})</code>", renewed.content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert browser.post("/desk/account/", {"what": "codes", "password": "wrong"}).status_code == 200
    assert StaticToken.objects.filter(token=fresh[0].replace(" ", "")).exists()


def test_the_code_is_asked_for_some_minutes_and_not_after_the_password_has_changed(ruth, monkeypatch):
    set_up(ruth, give(ruth)[1])
    browser = give(ruth)[1]
    get_user_model().objects.filter(pk=ruth.pk).update(password="!other")
    assert browser.post(CODE, {"code": code_of(ruth)}).headers["Location"] == "/admin/login/"
    ruth.save()
    browser = give(ruth)[1]
    now = time.time()
    monkeypatch.setattr("tracker.people.sign_in.time.time", lambda: now + 11 * 60)
    assert browser.get(CODE).headers["Location"] == "/admin/login/"
    assert "It took too long" in browser.get("/admin/login/").content.decode()
    assert Client().get(CODE).status_code == 302


def test_guessing_codes_locks_as_guessing_passwords_does(ruth):
    set_up(ruth, give(ruth)[1])
    browser = give(ruth)[1]
    for _attempt in range(8):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        answer = browser.post(CODE, {"code": "000000"})
    assert answer.status_code == 429
    assert AccessAttempt.objects.get().username == "ruth"
    assert browser.post(CODE, {"code": code_of(ruth)}).status_code == 429
    assert give(ruth)[0].status_code == 429


def test_another_phone_takes_the_password_and_ends_other_sessions(ruth):
    browser = give(ruth)[1]
    set_up(ruth, browser)
    other = give(ruth)[1]
    other.post(CODE, {"code": code_of(ruth)})
    assert other.get("/desk/").status_code == 200
    assert browser.get(SETUP).status_code == 200
    device = TOTPDevice.objects.get(user=ruth, confirmed=True)
    sent = {"code": code_of(ruth, confirmed=False)}
    assert "This field is required." in browser.post(SETUP, sent).content.decode()
    assert "This is not your password." in browser.post(SETUP, sent | {"password": "wrong"}).content.decode()
    assert "they are not shown again" in browser.post(SETUP, sent | {"password": WORDS}).content.decode()
    assert TOTPDevice.objects.get(user=ruth).pk != device.pk
    assert browser.get("/desk/").status_code == 200
    assert other.get("/desk/").status_code == 302


def test_whoever_is_raised_to_reviewer_sets_a_factor_up_at_once_and_an_editor_may(vellmark, adam, settings):
    settings.SECOND_FACTOR = "reviewers"
    erik = person("erik", EDITOR)
    browser = give(erik)[1]
    assert browser.get("/desk/").status_code == 200
    assert "whoever learns your password is you" in browser.get("/desk/account/").content.decode()
    elsewhere = give(erik)[1]
    set_up(erik, browser)
    assert browser.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302, "it began without the factor"
    other = person("other", EDITOR)
    session = give(other)[1]
    assert session.get("/desk/").status_code == 200
    other.groups.set(adam.groups.all())
    assert session.get("/desk/").headers["Location"] == SETUP


def test_half_signed_in_is_a_stranger_on_every_other_page(vellmark, ruth):
    """Files of evidence that are not public, for one, are given to staff alone."""
    browser = give(ruth)[1]
    assert browser.get("/vellmark-2030/").wsgi_request.user.is_authenticated is False
    set_up(ruth, browser)
    assert browser.get("/vellmark-2030/").wsgi_request.user.is_authenticated is True


def test_no_page_of_the_admin_shows_or_changes_a_secret(ruth, admin_user, settings):
    settings.SECOND_FACTOR = "none"
    browser = Client()
    browser.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    for address in ("otp_totp/totpdevice/", "otp_static/staticdevice/"):
        assert browser.get(f"/admin/{address}").status_code == 404
