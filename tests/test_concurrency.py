"""Many at once, and the end in the middle: every entry lands, the chain is whole, nothing is half there."""

import contextlib
import os
import random
import shutil
import subprocess
import sys
import time
import uuid

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from . import databases

pytestmark = pytest.mark.both_databases

PUBLICATIONS = 200


def run(env, *command, check=True):
    """Run Python with these arguments beside the site; what it wrote."""
    ended = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=300
    )
    assert not check or (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@contextlib.contextmanager
def fresh_database(folder, like):
    """The environment of a process with a database of its own, like that of another environment.

    A file in the folder, or one more database on the tests' PostgreSQL server.
    """
    env = os.environ | {"VAR": str(folder), "SITE_URL": "", "PLAN": "vellmark-2030"}
    if connection.vendor == "sqlite":
        shutil.copy(like["DATABASE_URL"].removeprefix("sqlite:///"), folder / "db.sqlite3")
        yield env | {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
        return
    server = connection.settings_dict
    name = f"tracker_{uuid.uuid4().hex[:12]}"
    where = {"host": server["HOST"], "port": server["PORT"] or 5432, "user": server["USER"]}
    where |= {"password": server["PASSWORD"]} if server["PASSWORD"] else {}
    template = like["DATABASE_URL"].rsplit("/", 1)[1]
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            secret = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
            at = f"{server['USER']}{secret}@{where['host']}:{where['port']}"
            yield env | {"DATABASE_URL": f"postgres://{at}/{name}"}
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, django_db_blocker):
    """A database with the invented plan and figures that wait for review, made once."""
    with django_db_blocker.unblock():
        vellmark = databases.address("vellmark")
    with fresh_database(tmp_path_factory.mktemp("prepared"), like={"DATABASE_URL": vellmark}) as env:
        run(env, "-m", "tests.publishing", "prepare", str(PUBLICATIONS))
        yield env


@pytest.fixture
def site(tmp_path, prepared):
    """A site of its own like the prepared one."""
    with fresh_database(tmp_path, like=prepared) as env:
        yield env


STATE = """
from django.db.models import F
from tracker.models import *
rows = Update.objects.filter(what="value")
loose = rows.exclude(state="published")
print(rows.filter(state="published").count(), loose.count())
print(loose.exclude(state="submitted").count() + loose.exclude(entry=None, reviewer=None).count())
print(Evidence.objects.filter(update_record__in=loose).exclude(entry=None).count())
print(Evidence.objects.filter(update_record__state="published").exclude(entry=F("update_record__entry")).count())
print(LedgerEntry.objects.filter(action="publish").count(), LedgerEntry.objects.filter(body=None).count())
print(LedgerEntry.objects.head() - LedgerEntry.objects.count())
"""


def state(env):
    """Published and waiting figures; every other number of what is half there is asserted to be 0 here."""
    lines = run(env, "manage.py", "shell", "-v0", "-c", STATE).split("\n")
    published, waiting = map(int, lines[0].split())
    assert lines[1:4] == ["0", "0", "0"]
    assert lines[4:6] == [f"{published} 0", "0"]
    assert "Tables and log agree." in run(env, "manage.py", "verify_ledger")
    return published, waiting


def test_many_publish_at_once_and_every_entry_lands(site):
    """50 people on PostgreSQL, 8 on SQLite, where one writer follows another."""
    run_by = 50 if connection.vendor == "postgresql" else 8
    assert run(site, "-m", "tests.publishing", "threads", str(run_by)) == ""
    assert state(site) == (PUBLICATIONS, 0)


def killed(env, *command, after):
    """Begin a process, wait until it wrote so many lines and a moment more, and end it at once. Lines it wrote."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.publishing", *command],
        cwd=settings.BASE_DIR,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = [process.stdout.readline() for _ in range(after)]
        time.sleep(random.random() / 50)  # noqa: S311  (anywhere within a publication)
    finally:
        process.kill()
        lines += process.stdout.readlines()
        process.wait()
        process.stdout.close()
    assert process.returncode == -9
    return [line for line in lines if line.strip()]


def test_a_process_killed_in_the_middle_leaves_each_publication_whole_or_not_there(site):
    done = 0
    for after in (31, 44):
        said = len(killed(site, "one-by-one", after=after))
        published, waiting = state(site)
        assert published + waiting == PUBLICATIONS
        # What it said is there; the one that it was at may be there too.
        assert done + said <= published <= done + said + 1
        done = published
    assert 0 < done < PUBLICATIONS
    run(site, "-m", "tests.publishing", "one-by-one")
    assert state(site) == (PUBLICATIONS, 0)


def test_a_load_killed_in_the_middle_leaves_nothing(site):
    killed(site, "at-once", "2000", after=1)
    assert state(site) in {(0, PUBLICATIONS), (2000, PUBLICATIONS)}
    run(site, "-m", "tests.publishing", "one-by-one")
    assert state(site)[1] == 0


def test_guards_survive_a_migration_that_makes_a_table_anew(tmp_path, prepared):
    """On SQLite a changed column makes the table anew and drops its triggers; ``migrate`` puts them back."""
    changed = (
        "from django.db import connection\n"
        "from tracker.models import Update\n"
        "from tracker.models import triggers\n"
        "old = Update._meta.get_field('scope'); new = old.clone(); new.max_length += 1\n"
        "new.set_attributes_from_name('scope'); new.model = Update\n"
        "triggers.remove()\n"
        "with connection.schema_editor() as editor: editor.alter_field(Update, old, new)\n"
        "with connection.schema_editor() as editor: editor.alter_field(Update, new, old)\n"
    )
    with fresh_database(tmp_path, like=prepared) as env:
        run(env, "manage.py", "shell", "-v0", "-c", changed)
        ended = subprocess.run(
            [sys.executable, "manage.py", "check", "--database", "default"],
            cwd=settings.BASE_DIR,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert "(tracker.W001) The guard tracker_update_no_change is missing in the database." in ended.stderr
        run(env, "manage.py", "migrate", "-v0", check=False)  # it warns of what it is about to mend
        assert "tracker.W001" not in run(env, "manage.py", "check", "--database", "default")
        asked = "from tracker.models import triggers; print(triggers.missing())"
        assert run(env, "manage.py", "shell", "-v0", "-c", asked) == "[]\n"
