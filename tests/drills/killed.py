"""SIGKILL while 200 figures are published over HTTP, on either database: of workers, and of the whole server.

``python -m tests.drills.killed [sqlite|postgresql]``. What was answered as done is there, nothing is half
there, nothing twice, the log continues what a reader kept before, and the server is back without a hand.
"""

import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.test_strangers import children, command_of

from . import data
from .data import Person, manage, publish, served, whole, within
from .stage import Drill

PUBLICATIONS, STAFF = 200, 8
EVERY = 20  # publications after which something is killed: a worker, each third time the server
PUBLISHED = re.compile(r"Published as log entry (\d+)")


def main(vendors=data.VENDORS):
    """All of it, on each database."""
    with Drill(f"SIGKILL during {PUBLICATIONS} publications by {STAFF} people over HTTP") as drill:
        for vendor in vendors:
            drill.say(f"on {vendor}")
            with data.site(vendor, figures=PUBLICATIONS, reviewers=STAFF, WORKERS="2") as env:
                kept = Path(env["VAR"]) / "kept-checkpoint"
                kept.write_text(manage(env, "checkpoint")[1])
                with served(env) as port:
                    Killed(drill, env, port).run(kept)


class Killed:
    """People who publish, and somebody who kills what answers them."""

    def __init__(self, drill, env, port):
        self.drill, self.env, self.port = drill, env, port
        self.done, self.broke, self.problems, self.dead, self.gaps = {}, [], [], {"worker": 0, "server": 0}, []

    def run(self, kept):
        """Publish and kill, then look at what became of it."""
        waiting = within(self.env, "state")["waiting"]
        people = [Person(self.port, f"rana-{n}") for n in range(STAFF)]
        begun = time.monotonic()
        at_work = [threading.Thread(target=self.work, args=(who, waiting[n::STAFF])) for n, who in enumerate(people)]
        for each in at_work:
            each.start()
        for kill in range(1, PUBLICATIONS // EVERY):
            while len(self.done) < kill * EVERY and any(map(threading.Thread.is_alive, at_work)):
                time.sleep(0.05)
            time.sleep(random.random() / 5)  # noqa: S311  (anywhere within a publication)
            self.kill("worker" if kill % 3 else "server")
        for each in at_work:
            each.join()
        seconds, state = time.monotonic() - begun, within(self.env, "state")
        told = f"{seconds:.0f} s, {self.dead['worker']} workers and {self.dead['server']} servers killed"
        self.drill.promise(f"{len(self.done)} publications are answered as done", len(self.done) == PUBLICATIONS, told)
        self.drill.promise("times that nobody answered, or not to the end", len(self.broke) > 0, len(self.broke))
        self.drill.promise("no other answer than done, done already or 503", not self.problems, *self.problems[:5])
        there = {int(pk): entry for pk, entry in state["published"].items()}
        lost = {pk: entry for pk, entry in self.done.items() if entry not in (there.get(pk), None) or pk not in there}
        self.drill.promise("each of them is there, with the entry that was named", not lost, lost or "")
        self.drill.promise(
            "nothing is half there, twice or left", not state["half"] and not state["waiting"], *state["half"]
        )
        self.drill.promise("chain, tables, files and guards are whole", not whole(self.env), whole(self.env))
        longest = max(self.gaps, default=0)
        self.drill.promise("the server is back by itself", longest < 60, f"after {longest:.1f} s at the most")
        self.compare(kept)

    def work(self, person, rows):
        """Publish each row; where the answer broke off, look whether it is done, and press again if not."""
        for pk in rows:
            while pk not in self.done:
                try:
                    answer = publish(person, pk)
                except ConnectionError as error:
                    self.broke.append(str(error))
                    time.sleep(0.3)
                    continue
                except LookupError:  # the page has no button: it is public already, or the page says 503
                    answer = person.get(f"/admin/tracker/update/{pk}/review/")
                if found := PUBLISHED.search(answer.words):
                    self.done[pk] = int(found[1])
                elif answer.status == 200 and "published" in answer.words.lower():
                    self.done[pk] = None
                elif answer.status != 503:
                    since = time.monotonic() - self.killed
                    self.problems.append(f"{answer.status} {since:.1f} {dict(answer.headers)} {answer.words[:200]}")
                    time.sleep(0.3)

    def kill(self, what):
        """End a worker, or the server with its workers, at once; how long nobody answered."""
        try:
            (keeper,) = [pid for pid in children(os.getpid()) if "keeping.py" in command_of(pid)]
            (server,) = children(keeper)
            victim = server if what == "server" else random.choice(children(server))  # noqa: S311
        except (ValueError, IndexError):
            return  # it is being begun again
        self.killed = time.monotonic()
        os.kill(victim, signal.SIGKILL)
        self.dead[what] += 1
        begun = time.monotonic()
        data.until(lambda: Person(self.port, patience=5).get("/livez").status == 200)
        self.gaps.append(time.monotonic() - begun)

    def compare(self, kept):
        """The pages in memory, moved forward one publication at a time, are what a new process reads."""
        reader = Person(self.port)
        with tempfile.TemporaryDirectory(prefix="drill-public-") as folder:
            manage(self.env, "export_public", folder, "-v0")
            for name in ("updates.csv", "commitments.csv", "ledger.jsonl"):
                address = f"/data/{name}" if name.endswith("csv") else f"/{name}"
                data.until(lambda address=address: reader.get(address).status == 200, 300)  # made after all readers
                served_now = [reader.get(address).body for _worker in range(4)]
                same = {(Path(folder) / name).read_bytes()} == {*served_now}
                self.drill.promise(f"{name} of the server is what a new process reads", same)
            said = data.run(self.env, str(Path(folder) / "verify.py"), str(Path(folder) / "ledger.jsonl"), str(kept))
            self.drill.promise("the log continues the checkpoint that was kept before", said[0] == 0, said[1][-200:])


if __name__ == "__main__":
    main(sys.argv[1:] or data.VENDORS)
