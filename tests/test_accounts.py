"""Staff accounts: what an administrator by role may not do, and what nobody may."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

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


@pytest.fixture
def admin(adam, signed_in):
    """The browser of an administrator by role."""
    return signed_in(adam)


@pytest.fixture
def root(db):
    """A superuser."""
    return account("root", is_superuser=True)


def rights(**changes):
    """What somebody might send to the page of an account by hand."""
    return {"what": "role", "role": "analyst", "username": "anna", "is_active": "on", "is_staff": "on"} | changes


@pytest.mark.slow
@pytest.mark.parametrize("username", [COMPILER, CHECKER])
def test_nobody_reaches_the_closed_accounts(admin, root, signed_in, username):
    person = get_user_model().objects.get(username=username)
    for client in (admin, signed_in(root)):
        assert not client.get("/admin/auth/user/", {"q": "seed"}).context["cl"].result_count
        assert client.get(f"/admin/auth/user/{person.pk}/change/").status_code == 302
        assert client.post(f"/admin/auth/user/{person.pk}/change/", rights(username=username)).status_code == 302
        assert client.get(f"/admin/auth/user/{person.pk}/password/").status_code in (302, 404)
    person.refresh_from_db()
    assert not person.is_active


def test_nobody_deletes_the_record_of_attempts(root, signed_in):
    Client().post("/admin/login/", {"username": "edith", "password": "guess"})
    client = signed_in(root)
    for model in ("accessattempt", "accesslog", "accessfailurelog"):
        response = client.get(f"/admin/axes/{model}/")
        assert response.status_code == 404 or "delete_selected" not in response.content.decode()


def test_an_administrator_makes_no_superuser_and_gives_no_single_permission(admin, anna):
    every = list(Permission.objects.values_list("pk", flat=True))
    hostile = {"is_superuser": "on", "user_permissions": every, "date_joined_0": "2000-01-01", "password": "plain"}
    password = anna.password
    assert admin.post(f"/admin/auth/user/{anna.pk}/change/", rights() | hostile).status_code == 302
    invited = {"name": "Nell", "email": "nell@vellmark.example", "role": "analyst"}
    assert admin.post("/admin/auth/user/add/", invited | hostile).status_code == 200
    for person in (get_user_model().objects.get(username=name) for name in ("anna", "nell")):
        assert not person.is_superuser
        assert not person.user_permissions.exists()
        assert person.date_joined.year > 2000
        assert person.password == password or not person.has_usable_password()


def test_an_administrator_neither_sees_nor_changes_a_superuser(admin, root):
    password = root.password
    for query in ("", "?q=root", "?is_superuser__exact=1", f"?id={root.pk}"):
        listed = admin.get(f"/admin/auth/user/{query}", follow=True).context["cl"].result_list
        assert "root" not in {person.username for person in listed}
    change, secret = f"/admin/auth/user/{root.pk}/change/", f"/admin/auth/user/{root.pk}/password/"
    assert admin.get(change).status_code == 302
    assert admin.post(change, rights(username="root", is_active="")).status_code == 302
    for what in ("close", "link", "factor", "sessions", "met", "unlock"):
        assert admin.post(change, {"what": what}).headers["Location"] == "/admin/"
    assert admin.get(secret, follow=True).redirect_chain[-1] == ("/admin/", 302)
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


def test_nobody_sets_the_password_of_another(admin, root, signed_in, anna):
    password = anna.password
    form = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", "what": "password"}
    for client in (admin, signed_in(root)):
        for place in ("password", "change"):
            client.post(f"/admin/auth/user/{anna.pk}/{place}/", form)
    anna.refresh_from_db()
    assert anna.password == password


def test_a_superuser_is_made_in_the_shell_alone(root, signed_in, anna):
    client = signed_in(root)
    page = client.get(f"/admin/auth/user/{anna.pk}/change/").content.decode()
    assert "is_superuser" not in page
    assert client.post(f"/admin/auth/user/{anna.pk}/change/", rights(is_superuser="on")).status_code == 302
    anna.refresh_from_db()
    assert not anna.is_superuser


def test_make_admin_without_a_terminal_says_what_to_set_and_fails():
    names = ("DJANGO_SUPERUSER_USERNAME", "DJANGO_SUPERUSER_EMAIL", "DJANGO_SUPERUSER_PASSWORD")
    env = {name: value for name, value in os.environ.items() if name not in names}
    ended = subprocess.run(
        [sys.executable, "manage.py", "createsuperuser"],
        cwd=settings.BASE_DIR,
        env=env | {names[0]: "root"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "Error: no administrator was made, because there is no terminal to ask in: "
        "set DJANGO_SUPERUSER_EMAIL, DJANGO_SUPERUSER_PASSWORD.\n"
    )
