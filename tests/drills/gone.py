"""The database gone and back, Redis gone and back, and a file database that somebody holds locked, each under load."""

import contextlib
import json
import sqlite3
import sys
import time
from pathlib import Path

from tests.drills.stage import PAGES, SETTINGS, Connection, Drill, Readers, Stage, children, needs, signing_in, workers

REDIS = {"REDIS_URL": "redis://redis:6379/0"}
PATIENCE = 8  # seconds in which whoever asks is told, and in which pages are there again


class Outage:
    """What happened to readers while something was away."""

    def __init__(self, drill, stage, site, what):
        self.drill, self.stage, self.site, self.what = drill, stage, site, what
        self.log = site.log.stat().st_size
        self.workers = workers(site)
        self.readers = Readers(stage, 4, "site-a", PAGES)
        self.outside = Readers(stage, 2, "proxy", PAGES)

    def __enter__(self):
        self.drill.say(self.what)
        self.readers.__enter__()
        self.outside.__enter__()
        time.sleep(2)
        return self

    def back(self, since):
        """Wait until it answers as before, without a hand; say after how many seconds."""
        seconds = self.stage.wait_until(lambda: self.stage.ask("/about/", at="site-a")[0] == 200, patience=120)
        self.drill.say(f"pages again {time.monotonic() - since:.1f} s after it was back")
        self.drill.promise(f"pages are there again within {PATIENCE} s", seconds < PATIENCE)
        time.sleep(2)

    def __exit__(self, kind, *error):
        self.outside.__exit__()
        self.readers.__exit__()
        if kind is not None:
            return
        for name, readers in (("the host", self.readers), ("the proxy", self.outside)):
            self.drill.say(f"{name}: {readers.say()}")
            statuses, slowest = set(readers.counts), max(took for _b, _s, took, _e, _p in readers.answers)
            self.drill.promise(f"{name}: a page, or a 503 that says when to come again", statuses <= {200, 503})
            self.drill.promise(f"{name}: everybody is told within {PATIENCE} s", slowest < PATIENCE)
            versions = {etag for _b, status, _t, etag, path in readers.answers if status == 200 and path == "/about/"}
            self.drill.promise(f"{name}: one version of a page, before and after", len(versions) == 1)
        self.drill.promise("no worker died", workers(self.site) == self.workers)
        with self.site.log.open() as log:
            log.seek(self.log)
            lines = log.read().splitlines()
        self.drill.say(f"{len(lines)} lines in the log of {len(self.workers)} workers")
        for line in lines[:3]:
            with contextlib.suppress(ValueError):
                line = json.loads(line)["message"]
            print(f"{'':12}{line[:150]}")
        self.drill.promise("a line for each worker, and one where it is back", len(lines) <= 2 * len(self.workers))


def databases(drill, stage, database, site):
    """PostgreSQL ended in two ways, and its machine taken off the network."""
    for mode, seconds in (("fast", 10), ("immediate", 30)):
        with Outage(drill, stage, site, f"PostgreSQL is stopped ({mode}) for {seconds} s") as outage:
            database.stop(mode)
            time.sleep(seconds / 2)
            told(drill, stage)
            time.sleep(seconds / 2)
            database.start()
            outage.back(time.monotonic())
    with Outage(drill, stage, site, "the cable of the database's machine is pulled for 20 s") as outage:
        stage.wire("database", False)
        time.sleep(12)
        told(drill, stage)
        time.sleep(8)
        stage.wire("database", True)
        outage.back(time.monotonic())


def below(process):
    """What a program has begun, as a line."""
    lines = [Path(f"/proc/{pid}/cmdline").read_text().split("\0") for pid in children(process.pid)]
    return ", ".join(line[2] for line in lines if len(line) > 2)


def told(drill, stage):
    """What each of those who ask is told meanwhile."""
    begun = time.monotonic()
    status = {path: stage.ask(path, at="site-a")[0] for path in ("/livez", "/readyz", "/healthz")}
    seconds = time.monotonic() - begun
    drill.say(f"{', '.join(f'{path} {code}' for path, code in status.items())}, in {seconds:.1f} s together")
    drill.promise("alive, and not ready", status == {"/livez": 200, "/readyz": 503, "/healthz": 503})
    for path, said in (("/", b"<h1>Please ask again in a moment</h1>"), ("/api/v1/commitments/", b'{"error": ')):
        code, headers, body = stage.ask(path, at="site-a")
        again = headers.get("Retry-After")
        drill.promise(
            f"{path}: {code}, Retry-After {again}, in words", (code, bool(again)) == (503, True) and said in body
        )
    code, headers, body = stage.ask("/")
    drill.say(f"the proxy: {code}, Retry-After {headers.get('Retry-After')}, {len(body)} bytes")


def stores(drill, stage, redis, site):
    """Redis ended, begun again, and taken off the network."""
    with Outage(drill, stage, site, "Redis is stopped for 10 s") as outage:
        stage.stop(redis)
        time.sleep(10)
        stage.redis()
        outage.back(time.monotonic())
    drill.promise("nobody was without a page", outage.readers.failed() == outage.outside.failed() == 0)
    time.sleep(31)  # so long a worker leaves a store alone that failed
    with Outage(drill, stage, site, "the cable of Redis' machine is pulled for 10 s") as outage:
        stage.wire("redis", False)
        time.sleep(10)
        stage.wire("redis", True)
        outage.back(time.monotonic())
    drill.promise("nobody was without a page", outage.readers.failed() == outage.outside.failed() == 0)


def locked(drill, stage):
    """A site on a file, whose write lock somebody holds for longer than anybody waits for it."""
    data = stage.folder / "file"
    data.mkdir()
    env = {"VAR": str(data), "DATABASE_URL": f"sqlite:///{data}/db.sqlite3", "PLANS": ""}
    stage.run("site-b", sys.executable, "manage.py", "migrate", "-v0", env=SETTINGS | env)
    stage.run("site-b", sys.executable, "manage.py", "load_plan", "tests/plans/vellmark-2030", env=SETTINGS | env)
    site = stage.site("site-b", **env)
    stage.ready("site-b")
    drill.say("a site on SQLite: the write lock is held for 30 s")
    pages = ("/", "/about/", "/vellmark-2030/commitments/", "/readyz")
    holder = sqlite3.connect(data / "db.sqlite3", isolation_level=None)
    before = workers(site)
    with Readers(stage, 4, "site-b", pages) as readers:
        holder.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        begun = time.monotonic()
        with stage.on("stranger"), contextlib.closing(Connection("site-b", 40)) as connection:
            code, headers, _body = connection.ask(
                "/admin/login/", "POST", "username=somebody&password=wrong", **signing_in()
            )
        drill.say(
            f"who signs in meanwhile: {code} after {time.monotonic() - begun:.0f} s, Retry-After "
            f"{headers.get('Retry-After')}"
        )
        drill.promise("who has to write is told to come again", (code, "Retry-After" in headers) == (503, True))
        time.sleep(max(0.0, 30 - (time.monotonic() - begun)))
        holder.execute("ROLLBACK")
        with stage.on("stranger"), contextlib.closing(Connection("site-b", 40)) as connection:
            code = connection.ask("/admin/login/", "POST", "username=somebody&password=wrong", **signing_in())[0]
        drill.promise("and is answered once the lock is free", code == 200)
    holder.close()
    drill.say(f"readers: {readers.say()}")
    drill.promise("readers noticed nothing", readers.failed() == 0)
    drill.promise("no worker died", workers(site) == before)


if __name__ == "__main__":
    needs("ip", "caddy", "redis-server")
    with Drill("The database, Redis, or a lock: gone and back") as drill, Stage() as stage:
        database, redis = stage.prepared(), stage.redis()
        site = stage.site("site-a", **REDIS)
        stage.caddy()
        stage.ready("site-a")
        stage.wait_until(lambda: stage.ask("/about/")[0] == 200, patience=120)
        drill.say("a host behind Caddy is ready")
        work = stage.start(
            "site-b", sys.executable, "manage.py", "work", env=SETTINGS | {"VAR": f"{stage.folder}/data"}
        )
        databases(drill, stage, database, site)
        stage.wait_until(lambda: "work" in below(work), patience=60)
        lines = work.log.read_text().splitlines()
        drill.say(f"what does long work says {len(lines)} lines, such as: {(lines or ['none'])[0][:150]}")
        drill.promise("it does it again, and says a line each time that it could not", len(lines) < 20)
        stage.stop(work)
        stores(drill, stage, redis, site)
        locked(drill, stage)
