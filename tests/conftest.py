"""The known cast: an invented plan of an invented country, loaded once per database, and staff in every role."""

import shutil
from copy import copy
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.test import Client

from tracker.loader.load import load_folder
from tracker.models import triggers
from tracker.roles import ADMINISTRATOR, ANALYST, EDITOR, REVIEWER
from tracker.snapshot.cache import forget

from .accounts import publish_accounts
from .factories import StaffFactory
from .vellmark_progress import publish_progress

VELLMARK = Path(__file__).parent / "plans" / "vellmark-2030"
VELLMARK_PROGRESS = VELLMARK.with_name("vellmark-2030-progress")
VELLMARK_TEXT = Path(__file__).parent / "plans" / "vellmark-2030.txt"
VELLMARK_PAPER = Path(__file__).parent / "plans" / "vellmark-2025-report.txt"
CHINA = settings.SEEDS / "hrap-2021-2025"
CHINA_TEXT = settings.BASE_DIR.parent / "shared" / "sources" / "action-plan-2021-2025.txt"
CHINA_PAPER = CHINA_TEXT.with_name("white-paper-2017.txt")


@pytest.fixture(autouse=True)
def _fresh_memory(settings):
    """Each test reads its own registry, and ``/`` shows the invented plan."""
    settings.PLAN = "vellmark-2030"
    forget()
    yield
    forget()


@pytest.fixture
def lasting_db(django_db_serialized_rollback, transactional_db):
    """A database whose transactions are really ended, for tests with several connections.

    It is emptied afterwards, which the guards would refuse, so they come off first; ``flush`` puts them back. The
    roles and accounts that migrations made are there again for the next such test.
    """
    yield
    triggers.remove()


_loaded = {}  # rows of the invented plan by model, as its first load in this process left them


@pytest.fixture
def vellmark(db):
    """The invented plan, loaded; its code. Loaded from its files once a process, and copied for every other test."""
    if not _loaded:
        load_folder(VELLMARK)
        models = apps.get_app_config("tracker").get_models(include_auto_created=True)
        _loaded.update({model: list(QuerySet(model).order_by("pk")) for model in models})
        return "vellmark-2030"
    for model, rows in _loaded.items():
        QuerySet(model).bulk_create(copy(row) for row in rows)
    return "vellmark-2030"


@pytest.fixture
def folder(tmp_path):
    """A copy of the invented plan's seed files, to be spoilt."""
    return shutil.copytree(VELLMARK, tmp_path / "vellmark-2030")


@pytest.fixture
def with_progress(folder):
    """Seed files of progress beside those of the plan, in the same copy."""
    shutil.copytree(VELLMARK_PROGRESS, folder, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def _china_rows():
    """The real plan takes seconds to load, so a test that needs it says so."""
    return CHINA


@pytest.fixture
def china(db, _china_rows, settings):
    """The real plan, loaded; its code."""
    settings.PLAN = "hrap-2021-2025"
    load_folder(_china_rows)
    return "hrap-2021-2025"


@pytest.fixture
def edith(db):
    """An editor."""
    return StaffFactory(username="edith", role=EDITOR)


@pytest.fixture
def rana(db):
    """A reviewer."""
    return StaffFactory(username="rana", role=REVIEWER)


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


@pytest.fixture
def vellmark_progress(vellmark, edith, rana):
    """Updates and findings on the invented plan, published; the rows by name."""
    return publish_progress(by=edith, reviewer=rana)


@pytest.fixture
def accounts(vellmark_progress, edith, rana):
    """Promises already due on which accounts differ, with the rest of the progress; the rows by name."""
    return vellmark_progress | publish_accounts(by=edith, reviewer=rana)
