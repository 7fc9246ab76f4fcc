"""The one application of the project, and what it changes of another."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.contrib.staticfiles import apps as staticfiles
from django.core import checks
from django.core.management.base import CommandError
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class TrackerConfig(AppConfig):
    """Plans, the promises in them, and what became of each."""

    default = True
    name = "tracker"
    verbose_name = _("Commitment tracker")

    def ready(self):
        """Guards come off before every migration and go back after it; what fails is sent to where a setting says."""
        pre_migrate.connect(_guards_off, sender=self)
        post_migrate.connect(_guards_on, sender=self)
        checks.register(_guards_in_place, checks.Tags.database)
        checks.register(_pages_of_staff, checks.Tags.admin)
        if settings.SENTRY_DSN:
            from tracker.serving.monitoring import report_failures

            report_failures()


class StaticFiles(staticfiles.StaticFilesConfig):
    """Files that browsers ask for, without long forms that no page names: they took half of the compressing."""

    ignore_patterns = (
        *staticfiles.StaticFilesConfig.ignore_patterns,
        *("jquery.js", "select2.full.js", "xregexp.js", "htmx-2.js", "*-4.js", "*-4.min.js"),
    )


def _pages_of_staff(*, app_configs=None, **kwargs):
    """Django checks the pages that it knows by then, which may be none of ours."""
    return import_module("tracker.admin").admin.site.check(app_configs)


def _guards_off(*, using, **kwargs):
    from tracker.models import triggers

    _not_halfway(using)
    triggers.remove(using)


def _not_halfway(using):
    """Refuse a database that ran only some of the migrations that are joined now, which Django would leave as it is.

    Raises CommandError.
    """
    joined = {*import_module("tracker.migrations.0001_squashed_0036_cosignatures").Migration.replaces}
    lacking = joined - {*MigrationRecorder(connections[using]).applied_migrations()}
    if lacking and lacking != joined:
        sentence = _("%(number)s of the first 36 migrations were not run in this database: docs/upgrading.md says how.")
        raise CommandError(sentence % {"number": len(lacking)})


def _guards_on(*, using, **kwargs):
    from tracker.models import triggers

    if triggers.has_tables(using):
        triggers.install(using)
        _search_filled(using)


def _search_filled(using):
    """Where migrations emptied the index of the search, it is made anew, once none waits."""
    from tracker.actions.searching import rebuild
    from tracker.models import LedgerEntry, SearchText, guards

    if not guards.behind(using) and not SearchText.objects.using(using).exists() and LedgerEntry.objects.exists():
        rebuild()


def _guards_in_place(*, databases=None, **kwargs):
    """``manage.py check --database default`` names every guard that is missing.

    A warning, not an error: the command that mends it, migrate, runs the same checks first. Nothing is said while
    migrations wait, which make them anew.
    """
    from tracker.models import guards, triggers

    hint = "Run manage.py migrate: it puts the guards back. The rest is for the owner of the database to put right."
    aliases = (using for using in databases or () if triggers.has_tables(using) and not guards.behind(using))
    sentences = (sentence for using in aliases for sentence in guards.amiss(using))
    return [checks.Warning(sentence, hint=hint, id="tracker.W001") for sentence in sentences]
