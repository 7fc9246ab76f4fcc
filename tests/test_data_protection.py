"""docs/data-protection.md names every table and says how long: what comes new is decided there, or this fails."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models

from tracker.actions import imports, jobs, messages

PAGE = (settings.BASE_DIR / "docs/data-protection.md").read_text(encoding="utf-8")
TABLES = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def section(title):
    """The text under a heading."""
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)[1]


def named(text):
    """The tables that a text names."""
    return {name for name in re.findall(r"`([a-z_]+\.[A-Za-z_]+)`", text) if name in TABLES or name[-1].islower()}


def rows():
    """How long something is kept and by what it goes, each with the table in which it is."""
    cells = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ") and "---" not in line]
    return [(table, long, by) for _what, where, long, by in cells for table in named(where)]


def test_every_table_is_named_and_no_other():
    tables = {name for name in named(PAGE) if not name.startswith(("tracker.signin", "limits."))}
    assert set(TABLES) - tables == set()
    assert {name for name in tables if re.search(r"\.[A-Z]", name)} - set(TABLES) == set()


def test_a_table_that_points_at_people_stands_among_those_that_are_about_them():
    people = get_user_model()
    about_somebody = {
        label
        for label, model in TABLES.items()
        for field in model._meta.get_fields()
        if (isinstance(field, models.ForeignKey | models.ManyToManyField) and field.related_model is people)
        or isinstance(field, models.GenericIPAddressField | models.EmailField)
        or field.name in ("user_agent", "contact", "username")
    }
    tables = named(section("Readers")) | named(section("Staff"))
    assert {
        label for label in about_somebody if label not in named(section("Nobody")) and label != "auth.Group"
    } <= tables


@pytest.mark.parametrize(
    ("table", "time"),
    [
        ("tracker.ReaderReport", timedelta(days=settings.REPORT_DAYS)),
        ("axes.AccessLog", timedelta(days=settings.SIGNIN_DAYS)),
        ("axes.AccessAttempt", timedelta(hours=settings.AXES_COOLOFF_TIME)),
        ("sessions.Session", timedelta(seconds=settings.SESSION_COOKIE_AGE)),
        ("tracker.UnsavedForm", timedelta(days=settings.UNSAVED_DAYS)),
        ("tracker.Message", messages.KEPT_FOR),
        ("tracker.ImportRow", imports.KEPT_FOR),
        ("tracker.Job", jobs.KEPT_FOR),
        ("django_tasks_database.DBTaskResult", jobs.KEPT_FOR),
    ],
)
def test_how_long_is_as_the_code_has_it(table, time):
    hours = time // timedelta(hours=1)
    sentence = f"{hours // 24} days" if time >= timedelta(days=1) else "1 hour" if hours == 1 else f"{hours} hours"
    assert [by for each, long, by in rows() if each == table and re.search(rf"\b{sentence}\b", long) and "purge" in by]


@pytest.mark.django_db
def test_what_is_said_of_nobody_is_empty(vellmark_progress):
    assert LogEntry.objects.count() == 0


@pytest.mark.django_db
def test_purge_names_all_that_it_takes_away(capsys):
    call_command("purge")
    words = capsys.readouterr().out
    for kind in (
        "messages",
        "imports",
        "long work",
        "unsaved forms",
        "readers' reports",
        "sign-ins, sessions and links",
    ):
        assert kind in words
