"""Where staff work. Everything is saved through ``tracker.actions``; nothing is deleted.

Imported with the addresses of the site, and not before: commands that answer none of them begin in two thirds of the
time.
"""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

admin.autodiscover()  # what other apps show is changed here

from . import accounts, progress, redaction, registry, trail  # noqa: E402, F401  (registers the pages)

admin.site.unregister(DBTaskResult)  # what there is to see of long work is on a page of its own
