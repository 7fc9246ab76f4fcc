"""Migrations: they agree with the models, have names, give the roles their permissions, and can be undone.

Those of the first releases are joined in one, by which a new site begins; an older one has run them one by one.
"""

import re
import sqlite3
from unittest import mock

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tracker.backup import rows
from tracker.models import guards, roles

from . import databases
from .conftest import VELLMARK
from .examples import NIGHTLY

JOINED = "0001_squashed_0036_cosignatures"
_load_disk = MigrationLoader.load_disk


def _without_the_joined(loader):
    _load_disk(loader)
    del loader.disk_migrations["tracker", JOINED]


def _one_by_one():
    with mock.patch.object(MigrationLoader, "load_disk", _without_the_joined):
        call_command("migrate", verbosity=0, interactive=False)


databases.STATES["one_by_one"] = (None, _one_by_one)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_they_agree_with_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_each_has_a_name_and_a_number_of_its_own():
    names = sorted(path.stem for path in (settings.BASE_DIR / "tracker" / "migrations").glob("[0-9]*.py"))
    assert names
    names.remove(JOINED)
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


# What PostgreSQL holds, in its own words; the order of columns is no matter.
POSTGRESQL = (
    "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, is_nullable, "
    "column_default, is_identity, identity_generation, generation_expression, collation_name "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace AND conrelid <> 0",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
    "SELECT p.oid::regprocedure::text, prosrc, provolatile, proisstrict FROM pg_proc p "
    "WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'tracker%'",
    "SELECT sequencename, data_type::text, start_value, increment_by FROM pg_sequences WHERE schemaname = 'public'",
    "SELECT extname, '' FROM pg_extension",
)
ROWS = (
    "SELECT app_label, model FROM django_content_type",
    "SELECT g.name, t.app_label, p.codename FROM auth_group g "
    "JOIN auth_group_permissions gp ON gp.group_id = g.id JOIN auth_permission p ON p.id = gp.permission_id "
    "JOIN django_content_type t ON t.id = p.content_type_id",
    "SELECT t.app_label, p.codename FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id",
    "SELECT username, is_active FROM auth_user",
    "SELECT key, text FROM tracker_searchtext",
)


def parts(sql):
    """What stands between the commas of a CREATE TABLE, whatever its order."""
    head, _bracket, rest = sql.partition("(")
    inside, _bracket, tail = rest.rpartition(")")
    found, depth = [""], 0
    for sign in inside:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            found.append("")
        else:
            found[-1] += sign
    return head, tail, *sorted(each.strip() for each in found)


def held():
    """Tables, indexes, guards and the rows that migrations make, of the database in use."""
    with connection.cursor() as cursor:

        def ask(query):
            return sorted(map(repr, cursor.execute(query).fetchall()))

        if connection.vendor == "sqlite":
            cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
            made = [(kind, *names, parts(sql) if kind == "table" else sql) for kind, *names, sql in cursor.fetchall()]
            schema = [sorted(map(repr, made))]
        else:
            schema = [ask(query) for query in POSTGRESQL]
        return schema + [ask(query) for query in ROWS]


@pytest.mark.skipif(connection.vendor == "postgresql" and not NIGHTLY, reason="by day on SQLite alone")
@pytest.mark.slow
@pytest.mark.both_databases
def test_the_joined_one_leaves_what_those_that_it_stands_for_leave(django_db_blocker):
    with django_db_blocker.unblock():
        databases.use("empty")
        joined, of_archives = held(), rows.migrations()
        assert ("tracker", JOINED) in MigrationRecorder(connection).applied_migrations()
        databases.use("one_by_one")
        for mine, of_joined in zip(held(), joined, strict=True):
            assert sorted({*mine} ^ {*of_joined}) == []
        assert min(map(len, joined[:-1])) > 1
        assert guards.amiss(thorough=True) == []
        assert not guards.behind()  # a site that is older goes on
        assert rows.migrations() == of_archives  # and either takes the archives of the other
        call_command("migrate", verbosity=0, interactive=False)
        assert held() == joined


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
