"""Many at once, and the end in the middle: every entry lands, the chain is whole, nothing is half there."""

import contextlib
import io
import os
import random
import subprocess
import sys
import time
import uuid
from functools import partial

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from tracker.management.commands.verify_ledger import one_state
from tracker.models import Evidence, LedgerEntry, Update, guards, triggers

from . import databases, publishing

pytestmark = pytest.mark.slow

PUBLICATIONS = 50
# Figures that wait for review.
databases.add("figures_waiting", after="vellmark", fill=partial(publishing.prepare, PUBLICATIONS), module=__name__)


def run(env, *command, check=True):
    """Run Python with these arguments beside the site; what it wrote."""
    ended = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=300
    )
    assert not check or (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@contextlib.contextmanager
def fresh_database(folder, like):
    """The environment of a process with a database of its own, like the one of a state; ``like`` none without tables.

    A file in the folder, or one more database on the tests' PostgreSQL server.
    """
    env = os.environ | {"VAR": str(folder), "SITE_URL": "", "PLAN": "vellmark-2030"}
    if connection.vendor == "sqlite":
        if like:
            databases.write(like, folder / "db.sqlite3")
        yield env | {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"}
        return
    server = connection.settings_dict
    name = f"tracker_{uuid.uuid4().hex[:12]}"
    where = {"host": server["HOST"], "port": server["PORT"] or 5432, "user": server["USER"]}
    where |= {"password": server["PASSWORD"]} if server["PASSWORD"] else {}
    template = databases.address(like).rsplit("/", 1)[1] if like else "template0"
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            secret = f":{server['PASSWORD']}" if server["PASSWORD"] else ""
            at = f"{server['USER']}{secret}@{where['host']}:{where['port']}"
            yield env | {"DATABASE_URL": f"postgres://{at}/{name}"}
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def site(tmp_path, django_db_blocker):
    """A site of its own, with the invented plan and figures that wait for review."""
    with django_db_blocker.unblock(), fresh_database(tmp_path, like="figures_waiting") as env:
        yield env


def state(site):
    """Published and waiting figures; every other number of what is half there is asserted to be 0 here."""
    with databases.another(site["DATABASE_URL"]):
        rows = Update.objects.filter(what="value")
        loose = rows.exclude(state="published")
        published = rows.filter(state="published").count()
        assert not loose.exclude(state="submitted").exists()
        assert not loose.exclude(entry=None, reviewer=None).exists()
        assert not Evidence.objects.filter(update_record__in=loose).exclude(entry=None).exists()
        its_own = F("update_record__entry")
        assert not Evidence.objects.filter(update_record__state="published").exclude(entry=its_own).exists()
        assert LedgerEntry.objects.filter(action="publish").count() == published
        assert not LedgerEntry.objects.filter(body=None).exists()
        assert LedgerEntry.objects.head() == LedgerEntry.objects.count()
        said = io.StringIO()
        call_command("verify_ledger", stdout=said)
        assert "Tables and log agree." in said.getvalue()
        return published, loose.count()


def publish_more(site, count):
    """Publish so many of what waits, in this process; it goes on where others were ended."""
    with databases.another(site["DATABASE_URL"]):
        publishing.one_by_one(count)


@pytest.mark.both_databases
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


@pytest.mark.both_databases
def test_a_process_killed_in_the_middle_leaves_each_publication_whole_or_not_there(site):
    done = 0
    for after in (4, 7):
        said = len(killed(site, "one-by-one", after=after))
        published, waiting = state(site)
        assert published + waiting == PUBLICATIONS
        # What it said is there; the one that it was at may be there too.
        assert done + said <= published <= done + said + 1
        done = published
    assert 0 < done < PUBLICATIONS - 5
    publish_more(site, 5)
    assert state(site) == (done + 5, PUBLICATIONS - done - 5)


def test_a_load_killed_in_the_middle_leaves_nothing(site):
    killed(site, "at-once", "200", after=2)
    done, waiting = state(site)
    assert (done, waiting) in {(0, PUBLICATIONS), (200, PUBLICATIONS)}
    publish_more(site, 5)
    assert state(site) == (done + 5, waiting - 5)


@pytest.mark.both_databases
def test_nobody_waits_for_verify_ledger_and_it_reads_one_state(site):
    with databases.another(site["DATABASE_URL"]), one_state():
        before = LedgerEntry.objects.head()
        run(site, "-m", "tests.publishing", "one-by-one", "5")  # which would give up after 20 seconds on SQLite
        assert LedgerEntry.objects.head() == before
    assert state(site) == (5, PUBLICATIONS - 5)


@pytest.mark.both_databases
def test_guards_survive_a_migration_that_makes_a_table_anew(site, capsys):
    """On SQLite a changed column makes the table anew and drops its triggers; ``migrate`` puts them back."""
    old = Update._meta.get_field("scope")
    new = old.clone()
    new.max_length += 1
    new.set_attributes_from_name("scope")
    new.model = Update
    missing = "(tracker.W001) The guard tracker_update_no_change is missing in the database."
    with databases.another(site["DATABASE_URL"]):
        triggers.remove()
        for pair in ((old, new), (new, old)):
            with connection.schema_editor() as editor:
                editor.alter_field(Update, *pair)
        call_command("check", databases=["default"])
        assert missing in capsys.readouterr().err
        call_command("migrate", verbosity=0)  # it warns of what it is about to mend
        capsys.readouterr()
        call_command("check", databases=["default"])
        assert "tracker.W001" not in capsys.readouterr().err
        assert guards.missing() == []


# But for the static files, which take longest and are each host's own.
PREPARE = """import django; django.setup()
from django.core.management import call_command
from tracker.management.commands import serve
serve.Command._collect_static = lambda self: None
call_command("serve", prepare_only=True)"""


@pytest.mark.both_databases
def test_hosts_that_start_at_once_prepare_their_database_one_after_the_other(tmp_path):
    if connection.vendor == "sqlite":
        pytest.skip("a file is of one host")
    with fresh_database(tmp_path, like=None) as env:
        hosts = [
            subprocess.Popen(
                [sys.executable, "-c", PREPARE],
                cwd=settings.BASE_DIR,
                env=env | {"PLANS": "", "PLAN": "", "VAR": str(tmp_path / host)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for host in "ab"
        ]
        for host in hosts:
            said, wrong = host.communicate(timeout=300)
            assert (host.returncode, wrong) == (0, "")
            assert "Prepared" in said
