"""Migrations: they agree with the models, have names, give the roles their permissions, and can be undone."""

import os
import re
import sqlite3
import subprocess
import sys

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command

from tracker.models import roles

from .conftest import VELLMARK


@pytest.mark.both_databases
@pytest.mark.django_db
def test_they_agree_with_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_has_a_name_and_a_number_of_its_own():
    names = sorted(path.stem for path in (settings.BASE_DIR / "tracker" / "migrations").glob("[0-9]*.py"))
    assert names
    for number, name in enumerate(names, start=1):
        assert re.fullmatch(rf"{number:04}_[a-z]+(_[a-z0-9]+)*", name), name
        assert not re.search(r"_auto_|_initial$|_and_more$|_alter_|_remove_|_rename_", name), name


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("role", roles.PERMISSIONS)
def test_each_role_has_exactly_its_permissions(role):
    expected = {f"tracker.{verb}_{model}" for verb, models in roles.PERMISSIONS[role].items() for model in models}
    if role == roles.ADMINISTRATOR:
        expected |= {f"auth.{codename}" for codename in roles.USER_PERMISSIONS}
    found = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    assert {f"{app}.{codename}" for app, codename in found} == expected
    assert not any("delete" in permission for permission in expected)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_there_are_no_other_groups_and_no_open_accounts():
    assert set(Group.objects.values_list("name", flat=True)) == {"analyst", "editor", "reviewer", "administrator"}
    accounts = get_user_model().objects.values_list("username", "is_active", "is_staff", "is_superuser")
    assert set(accounts) == {("seed-compiler", False, False, False), ("seed-checker", False, False, False)}


@pytest.mark.both_databases
@pytest.mark.django_db
def test_every_permission_named_for_a_role_is_one_of_a_model():
    models = {model._meta.model_name for model in apps.get_app_config("tracker").get_models()}
    apart = {
        "ledgerentry",
        "ledgerbody",
        "cosignature",
        "seedrow",
        "seedproblem",
        "searchtext",
        "attachedtext",
        "passage",
        "trailentry",
        "unsavedform",
        "message",
        "messagechoice",
        "redactionrequest",
        "readerreport",
        "readersending",
        "preparation",
        "plantext",
    }
    apart |= {"job", "importbatch", "importrow", "assignment", "calendaraddress", "staffaccount", "stafflink"}
    assert {*roles.REGISTRY, *roles.PROGRESS} == models - apart


def manage(folder, *arguments):
    """Run a command on a database file of its own; what it wrote."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "VAR": str(folder)}
    command = [sys.executable, "manage.py", *map(str, arguments)]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def ask(folder, query):
    """The rows of a query on that database file."""
    database = sqlite3.connect(folder / "db.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


@pytest.mark.slow
def test_they_can_be_undone_and_done_again_with_a_plan_in_the_database(write_database, tmp_path):
    tables = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'tracker_%' ORDER BY name"
    allowed = (
        "SELECT g.name, p.codename FROM auth_group g JOIN auth_group_permissions gp ON gp.group_id = g.id "
        "JOIN auth_permission p ON p.id = gp.permission_id ORDER BY 1, 2"
    )
    write_database("vellmark", tmp_path / "db.sqlite3")
    before = ask(tmp_path, tables), ask(tmp_path, allowed)
    assert len(before[1]) > 40
    assert ask(tmp_path, "SELECT count(*) FROM tracker_commitment") == [(14,)]

    manage(tmp_path, "migrate", "tracker", "zero", "--verbosity=0")
    assert ask(tmp_path, tables) == []
    assert ask(tmp_path, "SELECT * FROM auth_group") == []

    manage(tmp_path, "migrate", "--verbosity=0")
    assert (ask(tmp_path, tables), ask(tmp_path, allowed)) == before
    assert ask(tmp_path, "SELECT count(*) FROM auth_user WHERE username LIKE 'seed-%'") == [(2,)]
    assert "vellmark-2030: commitment: 14 added" in manage(tmp_path, "load_plan", VELLMARK)
