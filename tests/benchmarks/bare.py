"""Settings, addresses and view in one: the least that Django can answer, as the floor of every other figure."""

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

DEBUG = False
SECRET_KEY = "nothing here is signed"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = __name__
# manage.py serve's last step, which starts both sites, reads them.
HOST, PORT, WORKERS, THREADS = "127.0.0.1", int(os.environ["PORT"]), 1, 8
USE_I18N, SENTRY_DSN = False, ""
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "tracker"]  # serve imports the models


# A short answer, or the bytes of a file, to be compared with who sends as many.
BODY = Path(os.environ["BODY"]).read_bytes() if "BODY" in os.environ else b"Vellmark"


def view(request):
    """An answer that nothing was asked for."""
    return HttpResponse(BODY)


urlpatterns = [path("", view), path("healthz", view)]

ready = get_wsgi_application
