"""The databases that tests begin with: empty, with the invented plan, with what became of it, with the real plan.

Each is filled once a run, by whichever process needs it first, from the one that comes before it. Each process works on
a copy: in memory on SQLite, one more database of the server on PostgreSQL. A test undoes what it wrote, so that the
next one finds the same rows, to the letter, without loading them.
"""

import contextlib
import datetime
import fcntl
import io
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path
from unittest import mock

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

PLANS = Path(__file__).parent / "plans"
VELLMARK = PLANS / "vellmark-2030"
BRUMAS = PLANS / "brumas-2021"
CHINA = settings.SEEDS / "hrap-2021-2025"
DAY_BEFORE = "TRACKER_TEST_DAY"  # the day before the run began
RUN = "TRACKER_TEST_RUN"  # the folder that all processes of one run share; its name begins the names of databases


def _migrate():
    call_command("migrate", verbosity=0, interactive=False)


def _load(folder):
    from tracker.loader.load import load_folder

    load_folder(folder)


def _publish(name):
    from django.contrib.auth import get_user_model

    from tracker.models.roles import EDITOR, REVIEWER

    from .accounts import publish_accounts
    from .factories import StaffFactory
    from .vellmark_progress import publish_progress

    if name == "vellmark_progress":
        by, reviewer = (StaffFactory(username=who, role=role) for who, role in (("edith", EDITOR), ("rana", REVIEWER)))
        publish_progress(by=by, reviewer=reviewer)
    else:
        by, reviewer = (get_user_model().objects.get(username=who) for who in ("edith", "rana"))
        publish_accounts(by=by, reviewer=reviewer)


def _load_progress():
    with tempfile.TemporaryDirectory() as folder:
        _load(with_progress(VELLMARK, folder))


def _load_brumas():
    with tempfile.TemporaryDirectory() as folder:
        _load(with_progress(BRUMAS, folder))


def with_progress(plan, folder):
    """A copy of an invented plan's seed files in a folder, those of its progress among them."""
    copy = shutil.copytree(plan, Path(folder) / plan.name)
    return shutil.copytree(plan.with_name(f"{plan.name}-progress"), copy, dirs_exist_ok=True)


# By name, which is that of the fixture that asks for it: the state that it goes on from, and what is done to a copy of
# that. A file of tests whose set-up takes long adds one of its own.
STATES = {
    "empty": (None, _migrate),
    "vellmark": ("empty", lambda: _load(VELLMARK)),
    "vellmark_progress": ("vellmark", lambda: _publish("vellmark_progress")),
    "accounts": ("vellmark_progress", lambda: _publish("accounts")),
    "progress_from_files": ("vellmark", _load_progress),
    "both": ("vellmark_progress", _load_brumas),
    "china": ("empty", lambda: _load(CHINA)),
}

_OF_A_FILE = {}  # by the name of a state that only one file of tests asks for: the file's module
_raw = {}  # of this process, by the name of a database: the connection to it
_in_use = None


def begin():
    """Make the folder of this run, unless an outer process did; return what ends the run."""
    if RUN in os.environ:
        return _close_all
    os.environ[DAY_BEFORE] = str(timezone.localdate() - datetime.timedelta(days=1))
    os.environ[RUN] = tempfile.mkdtemp(prefix="tracker_test_")

    def end():
        _close_all()
        if connection.vendor == "postgresql":
            _drop("%")
        shutil.rmtree(os.environ.pop(RUN))

    return end


def add(state, *, after, fill, module):
    """Declare a state that one file of tests begins with, under a name that no other has."""
    if state in STATES:
        raise ValueError(f"{module}: a state of the databases is called {state} already")
    STATES[state] = after, fill
    _OF_A_FILE[state] = module


def state_for(fixtures, module):
    """The state that a test begins with, by the fixtures that it asks for; another file's fixture may have the name."""
    asked = (state for state in reversed(STATES) if state in fixtures and _OF_A_FILE.get(state, module) == module)
    return next(asked, "empty")


def holds(state):
    """Whether the database in use has all that is in a state."""
    name = _in_use
    while name in STATES and name != state:
        name = STATES[name][0]
    return name == state


def use(state):
    """Let Django ask this process's copy of a state."""
    global _in_use
    name = f"{state}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    if _in_use != state:
        if name not in _raw:
            _fill(state)
            _copy(state, name)
        _connect(name)
        _in_use = state


def use_a_spare():
    """Let Django ask an empty database made for one test, whose transactions are really ended."""
    global _in_use
    name = f"spare_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    _close(name)
    if connection.vendor == "postgresql":
        _drop(name)
    _fill("empty")
    _copy("empty", name)
    _connect(name)
    _in_use = None


def write(state, path):
    """Write a state to a file, as the database of another process. On SQLite only."""
    shutil.copy(address(state).removeprefix("sqlite:///"), path)


def export(state, folder):
    """Write the public files of a state to a folder."""
    from tracker.snapshot.cache import forget

    use(state)
    forget()
    call_command("export_public", folder, stdout=io.StringIO())
    forget()


def address(state):
    """A state's own database, as DATABASE_URL names it: another process may copy it, and leaves it as it is."""
    before = connection.settings_dict["NAME"], connection.connection
    _fill(state)
    _point(*before)
    if connection.vendor == "sqlite":
        return f"sqlite:///{_file(state)}"
    server = connection.settings_dict
    return f"postgres://{server['HOST']}/{_on_the_server(state)}"


@contextlib.contextmanager
def another(address):
    """Let Django ask a database that other processes use, which DATABASE_URL would name so."""
    name = address.removeprefix("sqlite:///") if connection.vendor == "sqlite" else address.rpartition("/")[2]
    before = connection.settings_dict["NAME"], connection.connection
    _point(name, None)
    try:
        yield
    finally:
        connection.close()
        _point(*before)


def _file(state):
    """A state as a file, or, for a state on the server, the sign that it is filled."""
    return Path(os.environ[RUN]) / f"{state}-{connection.vendor}"


@contextlib.contextmanager
def _alone(state):
    """One process of the run after another fills a state."""
    with open(_file(state).with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fill(state):
    """Fill a state, unless that was done in this run."""
    before, work = STATES[state]
    if _file(state).exists():
        return
    if before:
        _fill(before)
    with _alone(state):
        if _file(state).exists():
            return
        _copy(before, state)
        _connect(state)
        with _the_day_before() if before else contextlib.nullcontext():  # migrations hold on to the clock they find
            work()
        if connection.vendor == "sqlite":
            with contextlib.closing(sqlite3.connect(_file(state).with_suffix(".part"))) as file:
                connection.connection.backup(file)
        else:
            _file(state).with_suffix(".part").touch()
        _close(state)
        _file(state).with_suffix(".part").rename(_file(state))


@contextlib.contextmanager
def _the_day_before():
    """What tests begin with happened on one day, before theirs, which may end while they run."""
    noon = datetime.datetime.fromisoformat(os.environ[DAY_BEFORE]).replace(hour=12, tzinfo=datetime.UTC)
    begun = time.monotonic()

    def now():
        return noon + datetime.timedelta(seconds=time.monotonic() - begun)

    with mock.patch.object(timezone, "now", now):
        yield


def _copy(state, name):
    """Make a database like a state, or with nothing in it."""
    if connection.vendor == "sqlite":
        _connect(name)
        if state:
            with contextlib.closing(sqlite3.connect(_file(state))) as file:
                file.backup(connection.connection)
    else:
        template = _quoted(state) if state else "template1"
        with _admin() as admin:
            admin.execute(f"CREATE DATABASE {_quoted(name)} TEMPLATE {template}")


def _connect(name):
    """Let Django ask the database of this name."""
    given = f"file:{name}?mode=memory&cache=shared" if connection.vendor == "sqlite" else _on_the_server(name)
    _point(given, _raw.get(name))
    if name not in _raw:
        connection.connect()
        _raw[name] = connection.connection


def _point(name, raw):
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.connection = raw


def _close_all():
    for name in list(_raw):
        _close(name)


def _close(name):
    """Close a connection; on SQLite its database goes with it."""
    if raw := _raw.pop(name, None):
        raw.close()
        if connection.connection is raw:
            connection.connection = None


def _on_the_server(name):
    return f"{Path(os.environ[RUN]).name}_{name}"


def _quoted(name):
    return f'"{_on_the_server(name)}"'


@contextlib.contextmanager
def _admin():
    """A connection that makes and drops databases."""
    server = connection.settings_dict
    address = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    with psycopg.connect(**{k: v for k, v in address.items() if v}, dbname="postgres", autocommit=True) as admin:
        yield admin


def _drop(pattern):
    """Drop the databases of this run whose names are like the pattern."""
    with _admin() as admin:
        names = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [_on_the_server(pattern)])
        for (name,) in names.fetchall():
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
