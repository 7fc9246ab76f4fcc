"""A replica that is behind, gone, and back: no wrong answer. ``python -m tests.drills.replica [SECONDS [PAUSE]]``.

A PostgreSQL server, another that replays what the first one wrote SECONDS later (30), and the site with both: readers
ask all the time while figures are published. PAUSE is for how long a replica that failed is let alone (30).
"""

import itertools
import logging
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import psycopg
from django.core.management import call_command

from tests.postgres import Standby, server

from .data import collected
from .stage import Drill

PLAN = "vellmark-2030"
PAGES = (
    "/",
    f"/{PLAN}/commitments/?sort=deadline",
    f"/{PLAN}/commitments/I.1.1a/",
    f"/{PLAN}/changes/",
    "/metrics/village-homes-with-piped-water/",
    "/search/?q=water",
    "/ledger/1/",
    "/ledger.jsonl",
    "/data/updates.csv",
    "/api/v1/updates/",
)
NEWEST = f"/api/v1/commitments/{PLAN}/I.1.1a/"  # says in a header up to which entry it knows
READERS = 3


class Lines(logging.Handler):
    """What the log says of the replica."""

    def __init__(self, drill):
        super().__init__()
        self.drill, self.new = drill, []
        logging.getLogger("tracker.serving.replica").addHandler(self)

    def emit(self, record):
        """Note a line."""
        self.new.append(record.getMessage())

    def taken(self):
        """The lines since the last time, which are printed."""
        lines, self.new = self.new, []
        for line in lines:
            self.drill.say(f"log: {line}")
        return lines


class Asked:
    """How many statements each database was sent, those apart that only ask for the newest entry."""

    def __init__(self, drill):
        from django.db.backends.utils import CursorWrapper

        from tracker.serving.replica import HAS
        from tracker.snapshot.head import NEWEST as HEAD

        self.drill, self.counts, plain = drill, Counter(), CursorWrapper.execute

        def execute(cursor, sql, params=None):
            self.counts[cursor.db.alias, sql in (HAS, HEAD)] += 1
            return plain(cursor, sql, params)

        CursorWrapper.execute = execute

    def taken(self):
        """The counts since the last time: for the database and for the replica, its newest entry and all else."""
        counts, self.counts = self.counts, Counter()
        head, rest, has, read = (counts[alias, entry] for alias in ("default", "replica") for entry in (True, False))
        self.drill.say(
            f"asked: the database {head} times for its newest entry and {rest} times more, the replica {has} and {read}"
        )
        return rest, read


def ask(path):
    """One request as the server makes it: status, headers by name, body."""
    from hrplan.wsgi import application

    given = {}
    path, _mark, query = path.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
    setup_testing_defaults(environ)
    answer = application(environ, lambda status, headers: given.update(headers, status=int(status[:3])))
    body = b"".join(answer)
    getattr(answer, "close", list)()  # one that was kept has nothing to close
    return given.pop("status"), given, body


class Readers:
    """Readers who ask all the time, each in a thread; what they were told that they must not be."""

    def __init__(self, drill, published):
        self.drill, self.published, self.over = drill, published, threading.Event()
        self.counts, self.slowest, self.older, self.back = Counter(), 0.0, 0, 0
        self.threads = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        for thread in self.threads:
            thread.join()
        answers = sum(self.counts.values())
        self.drill.say(f"{answers} answers: {dict(self.counts)}, the slowest after {self.slowest:.2f} s")

    def _read(self, number):
        seen = 0
        for path in itertools.cycle((NEWEST, *PAGES[number:], NEWEST, *PAGES[:number])):
            if self.over.is_set():
                return
            least, begun = self.published[-1], time.monotonic()
            status, headers, _body = ask(path)
            self.slowest = max(self.slowest, time.monotonic() - begun)
            self.counts[status] += 1
            if path == NEWEST:
                entry = int(headers["Ledger-Entry"])
                self.older += entry < least
                self.back += entry < seen
                seen = entry
            time.sleep(0.1)  # they are to ask at any moment, and not to keep those from it who publish

    def promises(self):
        """What each reader is promised."""
        self.drill.promise("every answer was a page", set(self.counts) == {200} and self.counts[200] > READERS)
        self.drill.promise("no answer was older than what was public when it was asked for", self.older == 0)
        self.drill.promise("nobody was given an older page after a newer one", self.back == 0)


def figures():
    """Publish one figure after another; the number of the log's entry of each."""
    from tests import drafts
    from tests.publishing import figures, somebody
    from tracker.actions.progress import publish

    edith, rana = somebody("edith", "editor"), somebody("rana", "reviewer")
    for figure in figures(1000):
        yield publish(record=drafts.submitted(figure, edith), by=rana).entry_id


def hold(drill, standby, seconds, pause):
    """All of it, one after the other."""
    from django.conf import settings
    from django.core.cache import caches

    from tracker.serving import replica
    from tracker.snapshot import cache

    settings.APART, replica.PAUSE, replica.LATE = False, pause, min(replica.LATE, seconds / 3)
    lines, asked, publishing = Lines(drill), Asked(drill), figures()
    published = [next(publishing)]

    def caught_up():
        return standby.sql("SELECT max(seq) FROM tracker_ledgerentry")[0] == published[-1]

    def wait_until(question, patience):
        begun = time.monotonic()
        while not question() and time.monotonic() - begun < patience:
            time.sleep(0.05)
        return time.monotonic() - begun

    def read_from_replica():
        caches["pages"].clear()  # what readers asked for since the last figure is kept, and asks no database
        for path in (NEWEST, "/search/?q=water", "/ledger/1/"):
            ask(path)
        return asked.taken()[1] > 0

    wait_until(caught_up, 30)
    drill.say("The replica has all of the log; every page is made anew.")
    asked.taken()
    cache.forget()
    statuses = [ask(path)[0] for path in (NEWEST, *PAGES)]
    rest, read = asked.taken()
    drill.promise("every page was given", statuses == [200] * len(statuses))
    drill.promise("everything but the newest entry was read from the replica", rest == 0 and read > len(PAGES))
    drill.promise("nothing had to be said in the log", lines.taken() == [])

    drill.say(f"The replica replays {seconds:g} s late from now on; a figure is published each half second.")
    standby.sql(f"ALTER SYSTEM SET recovery_min_apply_delay = '{seconds * 1000:.0f}ms'")
    standby.sql("SELECT pg_reload_conf()")
    time.sleep(0.5)
    published.append(next(publishing))
    asked.taken()
    with Readers(drill, published) as readers:
        until = time.monotonic() + seconds * 0.8
        while time.monotonic() < until:
            time.sleep(0.5)
            published.append(next(publishing))
        behind = published[-1] - (standby.sql("SELECT max(seq) FROM tracker_ledgerentry")[0] or 0)
    drill.say(f"{len(published)} figures are public; the replica lacks {behind} entries")
    readers.promises()
    drill.promise("the replica was asked for its newest entry and for nothing else", asked.taken()[1] == 0)
    drill.promise("the log has one line about it", len(lines.taken()) == 1)

    late = wait_until(caught_up, seconds * 3 + 30)
    drill.say(f"The replica has all of the log {late:.1f} s after the last figure.")
    asked.taken()
    drill.promise("it is read again", read_from_replica())
    drill.promise("the log has one line about it", len(lines.taken()) == 1)

    drill.say("The replica is killed under readers, and figures are published.")
    standby.sql("ALTER SYSTEM RESET recovery_min_apply_delay")
    with Readers(drill, published) as readers:
        wait_until(lambda: asked.counts["replica", False] > 0, 10)
        standby.stop("immediate")
        for _ in range(4):
            time.sleep(0.5)
            published.append(next(publishing))
        ready = ask("/readyz")
        asked.taken()
    readers.promises()
    drill.promise("/readyz says 200", ready[0] == 200)
    drill.promise("the log has one line about it", len(lines.taken()) == 1)

    drill.say("The replica is started again.")
    standby.start()
    wait_until(caught_up, 60)
    begun = time.monotonic()
    wait_until(lambda: ask(NEWEST) and time.monotonic() > replica._replica.paused_until, pause + 5)
    drill.say(f"It has all of the log; it was let alone {time.monotonic() - begun:.1f} s more.")
    asked.taken()
    drill.promise("it is read again", read_from_replica())
    drill.promise("the log has one line about it", len(lines.taken()) == 1)


def main(seconds=30, pause=30):
    """The two servers and the site. It ends with the exit status."""
    os.environ.pop("TEST_POSTGRES_URL", None)  # a server of its own, which is as it should be
    with server() as primary, tempfile.TemporaryDirectory() as var:
        if primary is None:
            sys.exit("No PostgreSQL server programs were found.")
        with psycopg.connect(primary, autocommit=True) as connection:
            connection.execute("CREATE DATABASE tracker")
        primary = primary.rpartition("/")[0] + "/tracker"
        (Path(var) / "static").symlink_to(collected())
        with Standby(primary) as standby:
            os.environ |= {"DATABASE_URL": primary, "DATABASE_REPLICA_URL": standby.address, "VAR": var, "PLAN": PLAN}
            os.environ |= {"DJANGO_SETTINGS_MODULE": "hrplan.settings", "API_RATE": "99999/minute"}
            import django

            django.setup()
            call_command("migrate", verbosity=0)
            call_command("load_plan", f"tests/plans/{PLAN}", verbosity=0)
            with Drill("A replica that is behind, gone, and back") as drill:
                hold(drill, standby, seconds, pause)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
