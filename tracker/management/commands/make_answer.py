"""manage.py make_answer: makes answers that take long, so that the server gives them out of a file."""

import os
from io import BytesIO
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand
from django.urls import reverse

from tracker.caching import apart
from tracker.snapshot.cache import read_snapshot


def dear_addresses():
    """The addresses of today's state that take long."""
    yield from (reverse("data-zip"), reverse("ledger-file"))
    yield from (reverse(f"data-{form}", args=["ledger"]) for form in ("csv", "json"))
    yield from (reverse(page, args=[plan]) for plan in read_snapshot().plans for page in ("report", "coverage"))


def ask(application, address):
    """Ask the site within this process, as a reader would under its own name. Returns the status."""
    site, parts, answered = urlsplit(settings.SITE_URL), urlsplit(address), []
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or {"http": 80, "https": 443}[site.scheme]),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "REMOTE_ADDR": "",  # nobody, so that nothing is counted
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
    }
    response = application(environ, lambda status, _headers: answered.append(int(status[:3])))
    response.close()
    return answered[0]


class Command(BaseCommand):
    """Make the answer of an address, or of all that take long as of today; what is there already is not made again."""

    help = __doc__
    requires_system_checks = []  # the server has run them

    def add_arguments(self, parser):
        parser.add_argument("address", nargs="*", help="path and query; default: all of today that take long")

    def handle(self, *, address, **_options):
        os.environ[apart.MAKING] = "1"
        os.nice(max(0, apart.NICE - os.nice(0)))
        with apart.alone():
            application = WSGIHandler()
            for each in address or dear_addresses():
                self.stdout.write(f"{ask(application, each)} {each}")
