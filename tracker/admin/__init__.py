"""Where staff work. Everything is saved through ``tracker.actions``; nothing is deleted."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from . import accounts, progress, redaction, registry, trail  # noqa: F401  (registers the pages)

admin.site.unregister(DBTaskResult)  # what there is to see of long work is on a page of its own
