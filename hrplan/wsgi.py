"""The WSGI application that the server runs."""

import contextlib
import gc
import os

import django
from django.db import DatabaseError, connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrplan.settings")
django.setup(set_prefix=False)

from tracker.caching.doorway import Doorway  # noqa: E402  (it needs the settings)

application = Doorway()


def ready():
    """The application, once what is public is in memory: a worker takes no request before it can answer at once."""
    from tracker.snapshot.cache import read_snapshot

    gc.disable()  # hundreds of thousands of records that stay: to look through them for what can go holds everybody up
    with contextlib.suppress(DatabaseError):  # without its database it tells readers so
        read_snapshot()
    gc.freeze()
    gc.enable()
    connection.close()
    return application
