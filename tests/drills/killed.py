"""SIGKILL on either database: of workers and of the whole server while 200 figures are published over HTTP; of commands
that write files or rows; of the process that does long work, during an import.

``python -m tests.drills.killed [sqlite|postgresql]``. What was answered as done is there, nothing is half there, or
twice, the log continues what a reader kept before, and the server is back without a hand. What a command has left is
taken for nothing whole, does not hinder the next, and is swept.
"""

import contextlib
import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

from tests.test_strangers import children, command_of

from . import data
from .data import Person, manage, publish, served, whole, within
from .stage import Drill

PUBLICATIONS, STAFF = 200, 8
EVERY = 20  # publications after which something is killed: a worker, each third time the server
TRIES = 4  # moments at which a command is killed, over the time that it takes
ROWS = 1000  # of an import
PUBLISHED = re.compile(r"Published as log entry (\d+)")


def main(vendors=data.VENDORS):
    """All of it, on each database."""
    with Drill(
        f"SIGKILL during {PUBLICATIONS} publications by {STAFF} people over HTTP, of commands, of an import"
    ) as drill:
        for vendor in vendors:
            drill.say(f"on {vendor}")
            with data.site(vendor, figures=PUBLICATIONS, reviewers=STAFF, WORKERS="2") as env:
                kept = Path(env["VAR"]) / "kept-checkpoint"
                kept.write_text(manage(env, "checkpoint")[1])
                with served(env) as port:
                    Killed(drill, env, port).run(kept)
                    imported(drill, env, port)
                with tempfile.TemporaryDirectory(prefix="drill-") as folder:
                    written(drill, env, Path(folder))
                    restored(drill, env, Path(folder), vendor)


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


def shot(env, took, each, *arguments):
    """Begin a command and have it killed at one of the moments of the time that it takes; whether it had ended."""
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "manage.py", *map(str, arguments)], cwd=data.ROOT, env=env, **silent)
    with contextlib.suppress(subprocess.TimeoutExpired):  # its beginning is that of any program
        process.wait(took * (0.4 + 0.6 * (each + random.random()) / TRIES))  # noqa: S311
    process.kill()
    return process.wait() == 0


def seconds(env, *arguments):
    """How long a command takes that nobody kills."""
    begun = time.monotonic()
    manage(env, *arguments)
    return time.monotonic() - begun


def killed(env, *arguments):
    """Run a command to its end, then have it killed at moments of the time that it took."""
    took = seconds(env, *arguments)
    for each in range(TRIES):
        yield shot(env, took, each, *arguments)


def contents(folder):
    """What is in each file of a folder, those apart that are not whole and say so by their names."""
    paths = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")]
    return {str(path.relative_to(folder)): _within(path) for path in paths}


def _within(path):
    """The hash of a file; of a workbook, which says when it was made, what it holds."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return str(sorted((part.filename, part.CRC) for part in book.infolist() if "core" not in part.filename))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hidden(folder):
    """What is left in a folder of what was not whole."""
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def an_hour_later(*folders):
    """As what is left in folders is an hour later, when nobody can be at it any more."""
    for path in (path for folder in folders for path in folder.rglob(".*.part")):
        os.utime(path, (time.time() - 3600,) * 2)


def written(drill, env, folder):
    """Commands that write files: what has its name is whole, the next try goes through, and nothing is left."""
    backups, public, site = (folder / name for name in ("backups", "public", "site"))
    backups.mkdir()
    left = 0
    for _each in killed(env, "backup", backups):
        left += len(hidden(backups))
        said = [manage(env, "restore", "--check", path, fine=False) for path in backups.glob("*.zip")]
        amiss = [words for status, words in said if status]
        drill.promise("backup: each archive is whole", said and not amiss, f"{len(said)} of them", *amiss)
    for name, where in (("export_public", public), ("export_site", site)):
        before = None
        for _each in killed(env, name, where):
            before = before or contents(where)
            there = where if where.exists() else where.with_name(f".{where.name}.old")
            left += len(hidden(where) if name == "export_public" else hidden(folder))
            changed = {path for path, _hash in contents(there).items() ^ before.items()}
            drill.promise(f"{name}: what was there before is whole", not changed, f"{len(before)} files", *changed)
    drill.promise("some were killed with a file that was not whole", left > 0, left)
    an_hour_later(folder)
    for name, where in (("backup", backups), ("export_public", public), ("export_site", site)):
        status, said = manage(env, name, where, fine=False)
        drill.promise(f"{name}: the next goes through", status == 0, said[-160:])
    still = [name for each in (folder, backups, public) for name in hidden(each)]
    drill.promise("nothing is left of those that were killed", not still, *still)
    temporary = list(Path(env["VAR"]).rglob(".*.part"))
    an_hour_later(Path(env["VAR"]))
    manage(env, "purge")
    still = [path.name for path in Path(env["VAR"]).rglob(".*.part")]
    drill.promise("nor in VAR, after purge", not still, f"{len(temporary)} before", *still)


def restored(drill, env, folder, vendor):
    """A restore, into an empty database and over a site that went on: all of the backup, or all that was there."""
    *_others, backup = sorted((folder / "backups").glob("*.zip"))
    kept = within(env, "state")
    with contextlib.ExitStack() as stack:
        for number in range(TRIES + 1):
            here = folder / f"new-{number}"
            here.mkdir()
            new = env | {"VAR": str(here), "DATABASE_URL": f"sqlite:///{here}/db.sqlite3"}
            if vendor == "postgresql":
                new["DATABASE_URL"] = stack.enter_context(data.server_on(here))
            if number == 0:
                took = seconds(new, "restore", backup)
                continue
            ended = shot(new, took, number - 1, "restore", backup)
            status, said = manage(new, "restore", backup, fine=False)
            there = "is not empty" in said  # killed after its last row, or ended
            fine, seen = status == 0 or there, within(new, "state")
            what = "it had ended, and all is there" if there else "the next goes through, and all is there"
            fine = fine and (there or not ended) and seen == kept and not whole(new)
            drill.promise(f"restore: {what}", fine, said[-160:], *seen["half"])
            still = [name for name in data.names_in(here / "files") if name.endswith(".part")]
            drill.promise("no file is left of it", not still, *still)
        seen, took = kept, seconds(new, "restore", "--overwrite", backup)
        for each in range(TRIES):
            ahead = seen if seen != kept else within(new, "submit", 3) or within(new, "state")
            shot(new, took, each, "restore", "--overwrite", backup)
            seen = within(new, "state")
            what = "as it was" if seen == ahead else "as it is kept"
            drill.promise(f"restore over a site: {what}, whole", seen in (kept, ahead) and not whole(new))
        manage(new, "restore", "--overwrite", backup)
        drill.promise("and the next goes through", within(new, "state") == kept and not whole(new))


def imported(drill, env, port):
    """The process that does long work is killed while it examines the rows of a file, and while it drafts them."""
    edith, before = Person(port, "edith"), within(env, "state")["drafts"]
    work = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=data.ROOT, env=env)
    try:
        job = edith.send(edith.get(data.IMPORT), "file", "plan", files={"file": data.rows(ROWS)})
        page = killed_at_it(drill, env, edith, job, work, f"{ROWS} rows are examined")
        job = edith.press(page, f"{page.url}draft/", which="all")
        killed_at_it(drill, env, edith, job, work, f"{ROWS} rows are drafted")
    finally:
        work.terminate()
        work.wait()
    drafts = within(env, "state")["drafts"] - before
    drill.promise("each row is a draft, and none is twice", drafts == ROWS and not whole(env), drafts, whole(env))


def killed_at_it(drill, env, edith, job, work, what):
    """Have whoever does a piece of work killed, and begin it again from its page; the page that it leads to at last."""
    at_it = data.until(lambda: re.search(r"\d of ", edith.get(job.url).words), 120)
    takes = [pid for pid in children(work.pid) if "--take" in command_of(pid)]
    for pid in takes:
        os.kill(pid, signal.SIGKILL)
    within(env, "later")
    lost = edith.get(job.url)
    fine = at_it and takes and "whoever did it has ended" in lost.words
    drill.promise(f"{what}: who does it is killed, and its page says so", fine, lost.words[:160])
    again = edith.press(lost, f"{job.url}again/")
    done = data.until(lambda: "/jobs/" not in edith.get(again.url).url, 300)
    page = edith.get(again.url)
    drill.promise(f"{what}, once it is begun again", done, "" if done else page.words[:160])
    return page


if __name__ == "__main__":
    main(sys.argv[1:] or data.VENDORS)
