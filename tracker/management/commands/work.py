"""manage.py work: does what takes long, such as imports, and sends mail, beside the server, and yields to it."""

import logging
import os
import signal
import subprocess
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from tracker.actions.messages import deliver
from tracker.models import LedgerEntry

logger = logging.getLogger(__name__)

LOOKS_EVERY = 0.5  # seconds
MAILS_EVERY = 60  # seconds
MAKES_EVERY = 60  # seconds between two looks whether what takes long has to be made anew
REMINDS_EVERY = 6 * 60 * 60  # seconds; it reads the whole registry, so a process of its own does it
NICE = 15  # readers come first
TASKS_OF_A_LIFE = 20  # then a fresh process takes over, and memory is given back
LONGEST_PAUSE = 30  # seconds between two that die at once
WAITS = (5, 5)  # seconds for the piece of work to end, then for the process


def begin(*words, **options):
    """A command of the site in a process of its own."""
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    return subprocess.Popen(program, **options)  # noqa: S603  (our own program)


class Command(BaseCommand):
    """Keep as many processes at work as TASK_WORKERS says, one at least. They end with whatever started this."""

    help = __doc__
    requires_system_checks = []  # the server has run them

    def add_arguments(self, parser):
        parser.add_argument("--take", action="store_true", help="be one of these processes")

    def handle(self, *, take=False, **_options):
        if take:
            self._take()
            return
        os.nice(NICE)
        self.parent, self.ending = os.getppid(), False
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._end)
        running = [_Worker() for _number in range(max(1, settings.TASK_WORKERS))]
        self.mailed = self.looked = time.monotonic()
        self.made, self.making = None, None
        self.reminded = self.mailed - REMINDS_EVERY + MAILS_EVERY  # soon after the start
        try:
            while not self.ending and os.getppid() == self.parent:
                for worker in running:
                    worker.look()
                self._mail()
                self._make()
                time.sleep(LOOKS_EVERY)
        finally:
            for worker in running:
                worker.end()

    def _take(self):
        """Take one task after another. Where the database is away this ends, and whoever began it tries again."""
        call_command("db_worker", reload=False, startup_delay=False, max_tasks=TASKS_OF_A_LIFE, verbosity=0)

    def _mail(self):
        """Send what waits to be sent, and at times remind people of what is due."""
        now = time.monotonic()
        if now - self.reminded >= REMINDS_EVERY:
            self.reminded = now
            for command in ("send_messages", "purge"):
                begin(command, "--verbosity=0")
        if not settings.MAIL or now - self.mailed < MAILS_EVERY:
            return
        self.mailed = now
        try:
            close_old_connections()
            deliver(timezone.now())
        except DatabaseError as error:  # next time
            logger.warning("Mail has to wait: %s", type(error).__name__)

    def _make(self):
        """Have made what takes long, once something was published or a day began, before anybody asks for it."""
        now = time.monotonic()
        if now - self.looked < MAKES_EVERY or (self.making is not None and self.making.poll() is None):
            return
        self.looked = now
        try:
            close_old_connections()
            state = (LedgerEntry.objects.head(), timezone.localdate())
        except DatabaseError:  # next time
            return
        if state != self.made:
            self.made, self.making = state, begin("make_answer", "--verbosity=0", stdout=subprocess.DEVNULL)

    def _end(self, *_signal):
        self.ending = True


class _Worker:
    """A process that takes one task after another, and the next one once it has ended."""

    def __init__(self):
        self.process, self.started, self.pause = None, 0.0, 1.0

    def look(self):
        """Start the process where there is none; later each time, where it dies at once."""
        if self.process is not None and self.process.poll() is None:
            return
        lived = time.monotonic() - self.started
        if self.process is not None and lived < self.pause:
            return
        self.pause = min(self.pause * 2, LONGEST_PAUSE) if lived < LONGEST_PAUSE else 1.0
        # Of a group of its own, so that Ctrl+C reaches it from here, in its turn.
        self.process, self.started = begin("work", "--take", process_group=0), time.monotonic()

    def end(self):
        """Ask the process to end after its task, then to leave it, then end it."""
        for seconds in WAITS:
            if self.process is None or self.process.poll() is not None:
                return
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self.process.kill()
