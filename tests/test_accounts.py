"""Staff accounts: signing in, guessing, and what an administrator by role may not do."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.test import Client

from hrplan import settings as site_settings
from tracker.roles import ANALYST, CHECKER, COMPILER

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


@pytest.fixture
def admin(adam, signed_in):
    """The browser of an administrator by role."""
    return signed_in(adam)


@pytest.fixture
def root(db):
    """A superuser."""
    return account("root", is_superuser=True)


def rights(**changes):
    """What the change form of an account sends."""
    return {"username": "anna", "is_active": "on", "is_staff": "on"} | changes


def test_a_password_is_kept_as_the_settings_say_and_opens_the_site(db, settings):
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    assert account("edith").password.startswith("argon2$argon2id$")
    response, _browser = sign_in("edith")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")


def test_staff_sign_in_with_name_and_password(db):
    account("edith")
    response, browser = sign_in("edith")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert browser.get("/admin/").status_code == 200
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


@pytest.mark.parametrize("username", [COMPILER, CHECKER])
def test_nobody_reaches_the_closed_accounts(admin, root, signed_in, username):
    person = get_user_model().objects.get(username=username)
    for client in (admin, signed_in(root)):
        assert not client.get("/admin/auth/user/", {"q": "seed"}).context["cl"].result_count
        assert client.get(f"/admin/auth/user/{person.pk}/change/").status_code == 302
        assert client.post(f"/admin/auth/user/{person.pk}/change/", rights(username=username)).status_code == 302
        assert client.get(f"/admin/auth/user/{person.pk}/password/").status_code == 404
    person.refresh_from_db()
    assert not person.is_active


def test_a_sign_in_that_should_lead_elsewhere_leads_to_the_staff_pages(db):
    account("edith")
    form = {"username": "edith", "password": PASSWORD, "next": "//evil.example/"}
    response = Client().post("/admin/login/?next=//evil.example/", form)
    assert response.headers["Location"] == "/admin/"


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


def test_nobody_deletes_the_record_of_attempts(root, signed_in):
    sign_in("edith", "guess")
    client = signed_in(root)
    for model in ("accessattempt", "accesslog", "accessfailurelog"):
        response = client.get(f"/admin/axes/{model}/")
        assert response.status_code == 404 or "delete_selected" not in response.content.decode()


def test_an_administrator_opens_an_account_and_gives_it_a_role(admin):
    form = {"username": "nell", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admin.post("/admin/auth/user/add/", form).status_code == 302
    nell = get_user_model().objects.get(username="nell")
    assert (nell.is_staff, nell.is_superuser, nell.check_password(PASSWORD)) == (False, False, True)
    role = Group.objects.get(name=ANALYST).pk
    assert admin.post(f"/admin/auth/user/{nell.pk}/change/", rights(username="nell", groups=role)).status_code == 302
    assert sign_in("nell")[0].status_code == 302
    assert list(nell.groups.values_list("name", flat=True)) == ["analyst"]


def test_a_weak_password_is_refused(admin):
    before = get_user_model().objects.count()
    for weak, sentence in (("12345678901", "entirely numeric"), ("password1", "too common"), ("nell", "too short")):
        form = {"username": "nell", "usable_password": "true", "password1": weak, "password2": weak}
        response = admin.post("/admin/auth/user/add/", form)
        assert response.status_code == 200
        assert sentence in response.content.decode()
    assert get_user_model().objects.count() == before


def test_an_administrator_makes_no_superuser_and_gives_no_single_permission(admin, anna, adam):
    every = list(Permission.objects.values_list("pk", flat=True))
    hostile = {"is_superuser": "on", "user_permissions": every, "date_joined_0": "2000-01-01", "password": "plain"}
    for person, own in ((anna, {}), (adam, {"groups": [g.pk for g in adam.groups.all()]})):
        password = person.password
        form = rights(username=person.username, **own) | hostile
        assert admin.post(f"/admin/auth/user/{person.pk}/change/", form).status_code == 302
        person.refresh_from_db()
        assert not person.is_superuser
        assert not person.user_permissions.exists()
        assert person.password == password
        assert person.date_joined.year > 2000
    form = {"username": "nell", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admin.post("/admin/auth/user/add/", form | hostile | {"is_staff": "on"}).status_code == 302
    nell = get_user_model().objects.get(username="nell")
    assert not nell.is_superuser
    assert not nell.user_permissions.exists()


def test_an_administrator_neither_sees_nor_changes_a_superuser(admin, root):
    password = root.password
    for query in ("", "?q=root", "?is_superuser__exact=1", f"?id={root.pk}"):
        listed = admin.get(f"/admin/auth/user/{query}", follow=True).context["cl"].result_list
        assert "root" not in {person.username for person in listed}
    change, secret = f"/admin/auth/user/{root.pk}/change/", f"/admin/auth/user/{root.pk}/password/"
    assert admin.get(change).status_code == 302
    assert admin.post(change, rights(username="root", is_active="")).status_code == 302
    assert admin.get(secret).status_code == 404
    assert admin.post(secret, {"password1": "other pass", "password2": "other pass"}).status_code == 404
    assert admin.get(f"/admin/auth/user/{root.pk}/history/").status_code == 302
    assert admin.post(f"/admin/auth/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403
    root.refresh_from_db()
    assert (root.is_active, root.is_superuser, root.password) == (True, True, password)


def test_bulk_actions_delete_no_account(admin, root, signed_in, anna):
    before = get_user_model().objects.count()
    form = {"action": "delete_selected", "_selected_action": anna.pk, "post": "yes"}
    for client in (admin, signed_in(root)):
        client.post("/admin/auth/user/", form)
        assert client.post(f"/admin/auth/user/{anna.pk}/delete/", {"post": "yes"}).status_code == 403
    assert get_user_model().objects.count() == before


def test_an_administrator_sets_the_password_of_an_account_below(admin, anna):
    secret = f"/admin/auth/user/{anna.pk}/password/"
    form = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert admin.post(secret, form).status_code == 302
    assert sign_in("anna")[0].status_code == 302


def test_a_superuser_makes_a_superuser(root, signed_in, anna):
    client = signed_in(root)
    assert "is_superuser" in client.get(f"/admin/auth/user/{anna.pk}/change/").content.decode()
    assert client.post(f"/admin/auth/user/{anna.pk}/change/", rights(is_superuser="on")).status_code == 302
    anna.refresh_from_db()
    assert anna.is_superuser


def test_everybody_changes_their_own_password_knowing_the_old_one(signed_in):
    client = signed_in(account("edith"))
    form = {"old_password": "wrong", "new_password1": "eleven dry wells", "new_password2": "eleven dry wells"}
    assert client.post("/admin/password_change/", form).status_code == 200
    assert sign_in("edith")[0].status_code == 302
    assert client.post("/admin/password_change/", form | {"old_password": PASSWORD}).status_code == 302
    assert sign_in("edith", "eleven dry wells")[0].status_code == 302
