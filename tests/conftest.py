"""The known cast: an invented plan of an invented country, loaded once a run, and staff in every role."""

import dataclasses
import gc
import re
import shutil
import subprocess
import time
from itertools import takewhile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, override_settings
from django.test import client as of_tests
from redis import Redis, RedisError
from whitenoise import WhiteNoise
from xdist.scheduler import LoadScopeScheduling

from tracker.caching import pages
from tracker.models import Assessment, Update, triggers
from tracker.models.roles import ADMINISTRATOR, ANALYST, EDITOR, REVIEWER
from tracker.schema import TABLES
from tracker.snapshot import cache

from . import databases
from .factories import StaffFactory
from .postgres import free_port

VELLMARK, CHINA = databases.VELLMARK, databases.CHINA
VELLMARK_PROGRESS = VELLMARK.with_name("vellmark-2030-progress")
VELLMARK_TEXT = Path(__file__).parent / "plans" / "vellmark-2030.txt"
VELLMARK_PAPER = Path(__file__).parent / "plans" / "vellmark-2025-report.txt"
CHINA_TEXT = settings.BASE_DIR.parent / "shared" / "sources" / "action-plan-2021-2025.txt"
CHINA_PAPER = CHINA_TEXT.with_name("white-paper-2017.txt")


def pytest_configure(config):
    gc.set_threshold(100_000, 50, 50)  # a run ends before there is much to collect, and looking costs a tenth of it
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is meant to be slow
    settings.SECOND_FACTOR = "none"  # a forced sign-in is enough where a test does not speak of factors
    settings.LIMITED = False  # all tests ask from one address
    settings.APART = False  # another process does not see the database of a test
    del settings.CACHES["pages"]  # tests change what is shown without an entry of the log; its own put it back
    # As an override, so that the tasks hear of it that were declared when the site was set up.
    override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}).enable()
    config.add_cleanup(databases.begin())
    patch = pytest.MonkeyPatch()
    patch.setattr(WhiteNoise, "update_files_dictionary", _static_files_read_once(WhiteNoise.update_files_dictionary))
    patch.setattr(of_tests, "store_rendered_templates", _of_the_page_alone(of_tests.store_rendered_templates))
    config.add_cleanup(patch.undo)


def pytest_collection_modifyitems(items):
    for item in items:
        if "china" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)  # so that no process waits for another's last


def _static_files_read_once(read):
    """Every client of a test starts the site anew, which would look at each static file again."""
    known = {}

    def update_files_dictionary(self, root, prefix):
        if (root, prefix) not in known:
            others, self.files = self.files, {}
            read(self, root, prefix)
            known[root, prefix], self.files = self.files, others
        self.files |= known[root, prefix]

    return update_files_dictionary


def _of_the_page_alone(store):
    """``response.context`` holds what the page was given, not a copy more for each of its hundreds of parts."""

    def store_rendered_templates(so_far, *arguments, **named):
        if not so_far:
            store(so_far, *arguments, **named)

    return store_rendered_templates


# Tests that share what takes seconds to make: a file; in a browser, the public pages, and all the rest.
TOGETHER = re.compile(
    r"tests/(test_(api_schemathesis|concurrency|http|serve)\.py|browser/(test_pages\.py::test_a_public_page)?)"
)


def pytest_xdist_make_scheduler(config, log):
    """Such tests run in one process; every other test goes to the process that is free.

    That is what ``--dist=loadgroup`` is for, but pytest-xdist 3.8 writes the group into an attribute that pytest 9.2
    reads no more.
    """

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            shared = TOGETHER.match(nodeid)
            return shared[0] if shared else nodeid

        def _pending_of(self, workload):
            """Counted from the last that a process was given: what it did before that grows with every test."""
            left = (list(scope.values()).count(False) for scope in reversed(workload.values()))
            return sum(takewhile(bool, left))

    return Together(config, log)


@pytest.fixture
def django_db_setup(request, django_test_environment, django_db_blocker):
    """Before a test: the database that its fixtures ask for, in place of the one that pytest-django would make."""
    with django_db_blocker.unblock():
        if "lasting_db" in request.fixturenames:
            databases.use_a_spare()
        else:
            databases.use(databases.state_for(request.fixturenames, request.module.__name__))


@pytest.fixture(autouse=True)
def _template_string_if_invalid_marker():
    """pytest-django's own asks for ``monkeypatch`` in every test, by which the next one knows those that put something
    in the place of a part."""


_snapshots = {}  # what was read in this process from a database that nothing was written to yet
_registries = {}  # and the registry alone, by the name of the database
OF_THE_REGISTRY = [
    f'"{model._meta.db_table}"'
    for each in TABLES
    for model in (each.model, *(many.remote_field.through for many in each.model._meta.local_many_to_many))
]


@pytest.fixture(autouse=True)
def _fresh_memory(request):
    """Each test reads its own registry, and ``/`` shows the invented plan.

    A snapshot never changes, so that what one test read of a database serves the next that begins with the same one,
    until it writes something that a snapshot holds; the registry in it, until it writes something of that. A test that
    changes settings has a copy, of which nothing is written yet; one that puts something in the place of a part reads
    for itself.
    """
    alone = bool({"monkeypatch", "lasting_db", "unshared"} & set(request.fixturenames))
    wrote = registered = False

    def watch(execute, sql, *arguments):
        nonlocal wrote, registered
        if "tracker_" in (text := str(sql)) and not text.startswith("SELECT"):
            wrote = True
            registered = registered or any(table in text for table in OF_THE_REGISTRY)
        return execute(sql, *arguments)

    def read(*asked):
        name = connection.settings_dict["NAME"]
        if alone or registered:
            return build(*asked)
        if not cache._registries:
            cache._registries.update(_registries.get(name, {}))
        if wrote:
            return build(*asked)
        if (name, *asked) not in _snapshots:
            _snapshots[name, *asked] = build(*asked), dict(cache._registries)
        snapshot, _registries[name] = _snapshots[name, *asked]
        cache._registries.update(_registries[name])
        return dataclasses.replace(snapshot) if "settings" in request.fixturenames else snapshot

    build = cache._read
    plan = "hrap-2021-2025" if "china" in request.fixturenames else "vellmark-2030"
    cache.forget()
    pages.KeptPages.away_at = -pages.PAUSE_OF_DATABASE  # whatever the database was to the test before
    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(watch), override_settings(PLAN=plan):
        patch.setattr(cache, "_read", read)
        yield
    cache.forget()


@pytest.fixture
def unshared():
    """For a test of the reading itself: it reads everything by itself."""


@pytest.fixture
def lasting_db(transactional_db):
    """An empty database whose transactions are really ended, for tests with several connections.

    It is emptied afterwards, which the guards would refuse, so they come off first; ``flush`` puts them back.
    """
    yield
    triggers.remove()


@pytest.fixture(scope="session")
def write_database(django_db_blocker):
    """``write_database(state, path)`` copies one of ``databases.STATES`` to a file, for a process of its own."""

    def write(state, path):
        with django_db_blocker.unblock():
            databases.write(state, path)

    return write


@pytest.fixture
def vellmark(db):
    """The invented plan, loaded; its code."""
    assert databases.holds("vellmark")
    return "vellmark-2030"


@pytest.fixture
def folder(tmp_path):
    """A copy of the invented plan's seed files, to be spoilt."""
    return shutil.copytree(VELLMARK, tmp_path / "vellmark-2030")


@pytest.fixture
def with_progress(folder):
    """Seed files of progress beside those of the plan, in the same copy."""
    shutil.copytree(VELLMARK_PROGRESS, folder, dirs_exist_ok=True)


@pytest.fixture
def china(db):
    """The real plan, loaded; its code."""
    assert databases.holds("china")
    return "hrap-2021-2025"


def somebody(name, role):
    """An account with a role, which the database may have already."""
    return get_user_model().objects.filter(username=name).first() or StaffFactory(username=name, role=role)


@pytest.fixture
def edith(db):
    """An editor."""
    return somebody("edith", EDITOR)


@pytest.fixture
def rana(db):
    """A reviewer."""
    return somebody("rana", REVIEWER)


@pytest.fixture
def anna(db):
    """An analyst."""
    return StaffFactory(username="anna", role=ANALYST)


@pytest.fixture
def adam(db):
    """An administrator by role, no superuser."""
    return StaffFactory(username="adam", role=ADMINISTRATOR)


@pytest.fixture
def signed_in():
    """Clients signed in as somebody: ``signed_in(edith).get(…)``."""

    def sign_in(user):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def published():
    """The rows that tests name, by that name."""
    rows = [row for model in (Update, Assessment) for row in model.objects.filter(seed_key__startswith="test-")]
    return {row.seed_key.removeprefix("test-"): row for row in rows}


@pytest.fixture
def vellmark_progress(vellmark, edith, rana):
    """Updates and findings on the invented plan, published; the rows by name."""
    assert databases.holds("vellmark_progress")
    return published()


@pytest.fixture
def accounts(vellmark_progress, edith, rana):
    """Promises already due on which accounts differ, with the rest of the progress; the rows by name."""
    assert databases.holds("accounts")
    return published()


@pytest.fixture(scope="session")
def redis(tmp_path_factory):
    """The port of a Redis server on this machine alone."""
    if not (program := shutil.which("redis-server")):
        pytest.skip("redis-server is not installed")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, cwd=tmp_path_factory.mktemp("redis"), stdout=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            Redis(port=port).ping()
            break
        except RedisError:
            time.sleep(0.05)
    yield port
    server.terminate()
    server.wait(10)
