"""manage.py serve: everything between a fresh checkout and a page in the browser."""

import errno
import hashlib
import os
import platform
import shutil
import socket
import sys
from http import cookies
from importlib.metadata import version

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from tracker.actions.searching import rebuild
from tracker.ledger.checkpoint import not_continued
from tracker.ledger.tree import keep_tiles
from tracker.management import keeping
from tracker.models import LedgerEntry, SearchText, guards
from tracker.serving import monitoring
from tracker.serving.middleware import reason_of

from .work import begin

TO_BEGIN = 15  # seconds that a fresh worker is given, at a reload, before the one that it follows is ended
LEAST_MEMORY = 512  # MB; a worker of a site of usual size takes about a third of that


def most_memory():
    """MB at which a worker is replaced by a fresh one: its share of half the machine.

    Every worker holds all published rows in memory. A fixed limit below what they take would replace it for ever.
    """
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2**20
    return max(LEAST_MEMORY, machine // 2 // settings.WORKERS)


def _named(host):
    """An address as a browser takes it."""
    return f"[{host}]" if ":" in host else host


class Command(BaseCommand):
    """Prepare the database and serve the site on 127.0.0.1 (HOST, PORT and DATABASE_URL change where)."""

    help = __doc__
    requires_system_checks = []  # a second at each start, for what `manage.py check` and CI say

    def add_arguments(self, parser):
        parser.add_argument("--prepare-only", action="store_true", help="stop before the server starts")

    def handle(self, *, prepare_only, **_options):
        if not prepare_only:  # a new release is prepared while the one before serves
            self._refuse_busy_port()
        self._refuse_unwritable_folder()
        self._refuse_unreachable_database()
        guards.take_turn()
        if guards.behind() or guards.missing():
            call_command("migrate", interactive=False, verbosity=0)
        call_command("load_plan", stdout=self.stdout, serving=True)
        if not SearchText.objects.exists():
            rebuild()
        keep_tiles(LedgerEntry.objects.head())
        for sentence in not_continued():
            self.stdout.write(f"ATTENTION: {sentence} See docs/checkpoints.md.")
        if settings.LEDGER_KEY is None:
            self.stdout.write("Checkpoints of the log are not signed: LEDGER_KEY is not set (see hrplan/settings.py).")
        # Python 3.11.10 and 3.12.6 mended it, and so did Debian in its 3.11.2: the version says little.
        if settings.PRODUCTION and not hasattr(cookies, "_unquote_sub"):
            self.stdout.write(
                f"Python {platform.python_version()} takes long over crafted cookies (CVE-2024-7592): install 3.11.10 "
                "or newer. Those beyond 8 KB are refused meanwhile."
            )
        if settings.PRODUCTION and not settings.TRUST_PROXY:
            self.stdout.write("TRUST_PROXY is not set: behind a proxy with TLS each address would lead to itself.")
        self._collect_static()
        connection.close()
        if prepare_only:
            self.stdout.write("Prepared: manage.py serve starts the server.")
            return
        self.stdout.write(f"\nServing on http://{_named(settings.HOST)}:{settings.PORT}/   (Ctrl+C stops it)")
        self.stdout.write("To sign in at /admin/, make an administrator in another window: make admin")
        self.stdout.write("Two warnings of the server may follow; both are meant (docs/operating.md).\n")
        self.stdout.flush()
        if settings.TASK_WORKERS:
            begin("work")  # which ends when this process does
        self._measure()
        self._become_server()

    def _measure(self):
        """An empty folder in which the workers count, where anybody reads what they do."""
        if settings.PROMETHEUS_TOKEN:
            folder = settings.VAR / "measures"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            os.environ[monitoring.FOLDER] = str(folder)

    def _collect_static(self):
        """Collect and compress the static files, which takes seconds, where they are not those collected last."""
        digest = hashlib.sha256(f"{version('django')} {version('whitenoise')}".encode())
        for finder in finders.get_finders():
            for name, storage in finder.list([]):
                with storage.open(name) as file:
                    digest.update(name.encode() + b"\0" + hashlib.sha256(file.read()).digest())
        note = settings.VAR / "static.sha256"
        collected = settings.STATIC_ROOT / "staticfiles.json"
        if not (collected.exists() and note.exists() and note.read_text(encoding="ascii") == digest.hexdigest()):
            call_command("collectstatic", interactive=False, verbosity=0)
            note.write_text(digest.hexdigest(), encoding="ascii")

    def _refuse_busy_port(self):
        family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.HOST, settings.PORT))
            except OSError as error:
                if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
                    raise CommandError(f"HOST is “{settings.HOST}”: this machine has no such address.") from error
                if error.errno == errno.EACCES:
                    raise CommandError(
                        f"Port {settings.PORT} is not for this user: set PORT to 1024 or more."
                    ) from error
                raise CommandError(
                    f"Port {settings.PORT} is busy: stop what uses it, or choose another, such as PORT=8001 make run."
                ) from error

    def _refuse_unwritable_folder(self):
        if not os.access(settings.VAR, os.W_OK):
            raise CommandError(f"VAR is “{settings.VAR}”: set it to a folder that can be written to.")

    def _refuse_unreachable_database(self):
        try:
            connection.ensure_connection()
        except (DatabaseError, OSError) as error:
            sentence = f"The database cannot be reached ({reason_of(error)}): check DATABASE_URL."
            raise CommandError(sentence) from error

    def _become_server(self, application="hrplan.wsgi:ready"):
        """Replace this process by the one that keeps the server running, and hands signals on to it."""
        server = os.path.join(os.path.dirname(sys.executable), "granian")
        arguments = [
            sys.executable,
            keeping.__file__,
            server,
            "--interface=wsgi",
            f"--host={settings.HOST}",
            f"--port={settings.PORT}",
            f"--workers={settings.WORKERS}",
            f"--blocking-threads={settings.THREADS}",  # those who send or read slowly hold one each
            "--backpressure=1024",  # counts connections, also those that say nothing until their time is over
            "--http1-buffer-size=16384",  # the longest head of a request
            "--http1-header-read-timeout=10000",
            "--respawn-failed-workers",
            f"--respawn-interval={TO_BEGIN}",
            f"--workers-max-rss={most_memory()}",
            "--no-ws",
            "--log-level=warning",
            "--factory",
            application,
        ]
        os.execv(sys.executable, arguments)  # noqa: S606
