"""Migrations: they agree with the models, have names, give the roles their permissions, and can be undone.

Those of before the first release are joined in one; an older site has run them one by one.
"""

import re
import sqlite3

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tracker.models import guards, roles

from . import databases
from .conftest import VELLMARK

JOINED = "0001_squashed_0036_cosignatures"


@pytest.mark.both_databases
@pytest.mark.django_db
def test_they_agree_with_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_has_a_name_and_a_number_of_its_own():
    names = sorted(path.stem for path in (settings.BASE_DIR / "tracker" / "migrations").glob("[0-9]*.py"))
    assert names[0] == JOINED
    for number, name in enumerate(names[1:], start=2):
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


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_site_that_ran_those_that_are_joined_goes_on_and_one_in_the_midst_of_them_is_told(capsys):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("tracker", JOINED)
    assert not guards.behind()
    call_command("migrate", verbosity=0, interactive=False)
    recorder.record_unapplied("tracker", JOINED)
    recorder.record_unapplied("tracker", "0036_cosignatures")
    with pytest.raises(CommandError, match=r"^1 of the first 36 migrations were not run .* docs/upgrading\.md"):
        call_command("migrate", verbosity=0, interactive=False)
    assert guards.missing() == []  # nothing was touched


def ask(folder, query):
    """The rows of a query on that database file."""
    database = sqlite3.connect(folder / "db.sqlite3")
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


@pytest.mark.slow
def test_they_can_be_undone_and_done_again_with_a_plan_in_the_database(
    write_database, tmp_path, django_db_blocker, capsys
):
    tables = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'tracker_%' ORDER BY name"
    allowed = (
        "SELECT g.name, p.codename FROM auth_group g JOIN auth_group_permissions gp ON gp.group_id = g.id "
        "JOIN auth_permission p ON p.id = gp.permission_id ORDER BY 1, 2"
    )
    write_database("vellmark", tmp_path / "db.sqlite3")
    before = ask(tmp_path, tables), ask(tmp_path, allowed)
    assert len(before[1]) > 40
    assert ask(tmp_path, "SELECT count(*) FROM tracker_commitment") == [(14,)]

    with django_db_blocker.unblock(), databases.another(f"sqlite:///{tmp_path}/db.sqlite3"):
        call_command("migrate", "tracker", "zero", verbosity=0)
        assert ask(tmp_path, tables) == []
        assert ask(tmp_path, "SELECT * FROM auth_group") == []

        call_command("migrate", verbosity=0)
        assert (ask(tmp_path, tables), ask(tmp_path, allowed)) == before
        assert ask(tmp_path, "SELECT count(*) FROM auth_user WHERE username LIKE 'seed-%'") == [(2,)]
        call_command("load_plan", VELLMARK)
    ContentType.objects.clear_cache()
    said = capsys.readouterr()
    assert ("vellmark-2030: commitment: 14 added" in said.out, said.err) == (True, "")
