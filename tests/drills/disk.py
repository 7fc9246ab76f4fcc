"""A full disk, on either database: in an upload, a publication, a draft, a reader's report, files, backup, restore.

``python -m tests.drills.disk [sqlite|postgresql]``, as root, which mounts the small disks: one each for VAR, for the
database, for temporary files (TMPDIR), for what commands write, and for PostgreSQL's own log. Where a disk is full
people are told so, nothing is half written, what was typed is in the page that says so, and with room again the same
button does what was asked.
"""

import contextlib
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import time

import psycopg
from PIL import Image

from tests import postgres
from tests.office import PDF
from tracker.corrections import stamp

from . import data
from .data import Person, disk, full, manage, names_in, publish, served, whole, within
from .stage import Drill

SENTENCE = "There is no room left on the disk"
SCAN = {"evidence-0-file": ("scan.pdf", PDF)}
TYPED = "Piped water in more homes, as somebody typed it."
ADD = "/admin/tracker/update/add/?what=value"
REPORT = "/corrections/report/promise/vellmark-2030/I.1.1a/"
EMPTY = ("/ballast", "/made/lock", "/turns/0", "/turns/1")  # of the drill, and places in a line
LARGE = io.BytesIO()
Image.frombytes("RGB", (600, 600), os.urandom(3 * 600 * 600)).save(LARGE, "PNG")
LARGE = LARGE.getvalue()
# Pieces of PostgreSQL's own log that lie ready for what comes.
IN_STORE = "SELECT count(*) FROM pg_ls_waldir() WHERE name > pg_walfile_name(pg_current_wal_insert_lsn())"
# Of the piece of 1 MB that is being written, all but room for a publication or some.
FILL_PIECE = """SELECT pg_logical_emit_message(false, 'drill', repeat('x', greatest(0,
    1000000 - pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') % 1048576)::int))"""
FIGURES = 60  # that are published until one is refused: the pages of a table have room for some


def main(vendors=data.VENDORS):
    """All of it, on each database."""
    with Drill("A full disk") as drill:
        for vendor in vendors:
            drill.say(f"on {vendor}")
            with (
                disk(64) as var,
                disk(200 if vendor == "postgresql" else 48) as database,
                disk(24) as place,
                disk(24) as temporary,
                data.site(vendor, database, var=var, figures=FIGURES, TMPDIR=str(temporary)) as env,
            ):
                with served(env) as port:
                    site = Site(drill, env, port, var, database)
                    site.files()
                    site.on_their_way(temporary)
                    site.rows()
                commands(drill, env, place)
                restoring(drill, env, place, vendor)
            if vendor == "postgresql":
                own_log(drill)


def settle(env):
    """Give back what files of the database hold and do not need, so that the next row needs room."""
    if env["DATABASE_URL"].startswith("postgres"):
        with psycopg.connect(env["DATABASE_URL"], autocommit=True) as opened:
            opened.execute("VACUUM FULL")
            for _time in range(
                2
            ):  # its own log has room that is set aside: without, it ends, and is begun by who keeps it
                opened.execute("CHECKPOINT")
                opened.execute("SELECT pg_switch_wal()")
    else:
        with contextlib.closing(sqlite3.connect(env["DATABASE_URL"].removeprefix("sqlite:///"))) as opened:
            opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def first_refused(asks):
    """The first answer that is none of a page, and how many were before it."""
    done = 0
    for ask in asks:
        if (answer := ask()).status != 200:
            break
        done += 1
    return answer, done


class Site:
    """The site over HTTP, with its files on one disk and its database on another."""

    def __init__(self, drill, env, port, var, database):
        self.drill, self.env, self.var, self.database = drill, env, var, database
        self.edith, self.rana, self.reader = Person(port, "edith"), Person(port, "rana-0"), Person(port)
        self.typed = within(env, "typed") | {"summary": TYPED}

    def refused(self, what, answer):
        """Somebody was told that the disk is full, and when to come again."""
        retry = answer.headers.get("Retry-After")
        status = f"{answer.status}, Retry-After {retry}"
        sentence = answer.words if SENTENCE not in answer.words else SENTENCE + " …"
        self.drill.promise(
            f"{what}: a sentence", answer.status == 503 and retry and SENTENCE in answer.words, status, sentence
        )

    def state(self, what, **expected):
        """So many rows are there, none of them half."""
        seen = within(self.env, "state")
        seen["published"], seen["waiting"] = len(seen["published"]), len(seen["waiting"])
        got = {name: seen[name] for name in expected}
        self.drill.promise(what, got == expected and not whole(self.env), got, *seen["half"], whole(self.env))

    def files(self):
        """The disk of files is full."""
        form, report = self.edith.get(ADD), self.reader.get(REPORT)
        before = names_in(self.var)
        time.sleep(stamp.LEAST + 1)  # nobody writes a report sooner
        sent = {"wrong": "fact", "text": TYPED}
        with full(self.var):
            upload = self.edith.send(form, "summary", files=SCAN, **self.typed)
            self.refused("upload", upload)
            self.drill.promise("upload: the form is filled", upload.form("summary")[0]["summary"][0].strip() == TYPED)
            sent_form = self.reader.send(report, "text", files={"file": ("scan.pdf", PDF)}, **sent)
            self.drill.promise("reader's report: its words are in the form", TYPED in sent_form.text, sent_form.status)
            made = self.reader.get("/data/everything.zip")
            retry = made.headers.get("Retry-After")
            self.drill.promise(
                "everything.zip: 503", made.status == 503 and retry, made.status, f"Retry-After {retry}", made.words
            )
            pages = [self.reader.get(path).status for path in ("/", "/vellmark-2030/", "/ledger/")]
            self.drill.promise("pages are there", set(pages) == {200}, *pages)
            new = [path for path in names_in(self.var).keys() - before.keys() if not path.endswith(EMPTY)]
            self.drill.promise("no file and no half of one is left", not new, *new)
        self.edith.send(upload, "summary", files=SCAN)
        self.state("with room again: the form that came back is saved, its file whole", drafts=1)
        made = data.until(lambda: self.reader.get("/data/everything.zip").body[:2] == b"PK", 300)
        self.drill.promise("everything.zip is made", made)

    def on_their_way(self, temporary):
        """The disk of temporary files is full, where large files lie that come in, and answers before they go out."""
        form, report, imports = self.edith.get(ADD), self.reader.get(REPORT), self.edith.get(data.IMPORT)
        self.reader.get("/data/updates.csv")  # from here on it is known where temporary files lie
        answers = ("/data/commitments.csv", "/vellmark-2030/commitments.xlsx")
        time.sleep(stamp.LEAST + 1)
        file, sent = data.rows(2000), {"wrong": "fact", "text": TYPED}
        with full(temporary):
            upload = self.edith.send(form, "summary", files={"evidence-0-file": ("scan.png", LARGE)}, **self.typed)
            self.refused("a large upload, and no room for it on its way in", upload)
            filled = upload.form("summary")[0]["summary"][0].strip() == TYPED
            self.drill.promise("large upload: the form is filled", filled)
            told = self.reader.send(report, "text", files={"file": ("scan.png", LARGE)}, **sent)
            self.refused("a reader's report with a large file", told)
            self.drill.promise("reader's report: its words are in the form", TYPED in told.text)
            imported = self.edith.send(imports, "file", "plan", files={"file": file})
            self.refused(f"import file of {len(file[1]) // 1000} kB", imported)
            for path in answers:
                made = self.reader.get(path)
                retry = made.headers.get("Retry-After")
                self.drill.promise(f"{path}: 503", made.status == 503 and retry, made.status, made.words[:100])
            pages = [self.reader.get(path).status for path in ("/", "/vellmark-2030/", "/ledger/")]
            self.drill.promise("pages are there", set(pages) == {200}, *pages)
            new = [path for path in names_in(temporary) if not path.endswith(EMPTY)]
            self.drill.promise("no temporary file is left", not new, *new)
        self.edith.send(upload, "summary", files={"evidence-0-file": ("scan.png", LARGE)})
        self.state("with room again: the form that came back is saved, its file whole", drafts=2)
        told = self.reader.send(told, "text", files={"file": ("scan.png", LARGE)})
        self.drill.promise("reader's report: sent by its button", "/corrections/outcome/" in told.url, told.words[:100])
        imported = self.edith.send(imports, "file", "plan", files={"file": file})
        self.drill.promise("the file is imported", "/desk/jobs/" in imported.url, imported.status, imported.words[:100])
        fine = [self.reader.get(path).status for path in answers]
        self.drill.promise(f"{' and '.join(answers)} are made", set(fine) == {200}, *fine)

    def rows(self):
        """The disk of the database is full."""
        before = within(self.env, "state")
        waiting = before["waiting"]
        notes = [self.rana.get(f"/admin/tracker/update/{pk}/review/") for pk in waiting[-15:]]
        settle(self.env)
        with full(self.database):
            decided, done = first_refused(lambda pk=pk: publish(self.rana, pk) for pk in waiting[:-15])
            self.refused(f"publication after {done} that were done", decided)
            draft, saved = first_refused([lambda: self.edith.send(self.edith.get(ADD), "summary", **self.typed)] * 20)
            self.refused(f"draft after {saved} that were saved", draft)
            self.drill.promise("draft: the form is filled", draft.form("summary")[0]["summary"][0].strip() == TYPED)
            written = {"note": TYPED, "_return": "1"}
            note, given = first_refused(lambda page=page: self.rana.send(page, "note", **written) for page in notes)
            self.refused(f"note of a reviewer after {given} that were given", note)
            self.drill.promise("note: its words are in the page", note.form("note")[0]["note"][0].strip() == TYPED)
            files = names_in(self.var / "files")
            upload = self.edith.send(self.edith.get(ADD), "summary", files=SCAN, **self.typed)
            self.refused("upload", upload)
            self.drill.promise("upload: no file is left of it", names_in(self.var / "files") == files)
            exported(self.drill, self.env, self.var / "meanwhile")
            signing, _done = first_refused([lambda: Person(self.rana.port).sign_in("rana-0")] * 20)
            self.refused("signing in", signing)
            pages = [self.reader.get(path).status for path in ("/", "/vellmark-2030/", "/ledger/", "/healthz")]
            self.drill.promise("pages are there", set(pages) == {200}, *pages)
        self.rana.send(decided, "seen_version")
        self.edith.send(draft, "summary")
        self.rana.send(note, "note")
        expected = {
            "published": done + 1,
            "drafts": before["drafts"] + saved + 1,
            "waiting": FIGURES - done - 1 - given - 1,
        }
        self.state("with room again: each was done by its button", **expected)


def exported(drill, env, folder):
    """An export while the database has no room: it needs none, and says so where it cannot be read."""
    status, output = manage(env, "export_public", folder, fine=False)
    fine = (status, "Traceback" in output, folder.exists()) in ((1, False, False), (0, False, True))
    drill.promise("export_public: all of it, or a sentence and nothing left", fine, status, output[-160:])


@contextlib.contextmanager
def begun_again(folder, wal):
    """PostgreSQL, whose files lie in a folder, with its own log on another disk, begun again wherever it ends.

    That is what ``Restart=on-failure`` and ``restart: unless-stopped`` do.
    """
    (data,) = folder.glob("tracker-postgres-*/db")
    as_it, programs = ["runuser", "-u", "postgres", "--"], postgres.programs()
    command = (data / "postmaster.opts").read_text().strip()
    command += " -c wal_recycle=off -c min_wal_size=2MB -c max_wal_size=8MB"  # so that each piece needs room anew
    subprocess.run([*as_it, programs / "pg_ctl", "-D", data, "-m", "fast", "-w", "-s", "stop"], check=True)
    subprocess.run([*as_it, programs / "pg_resetwal", "--wal-segsize=1", data], check=True, stdout=subprocess.DEVNULL)
    wal.chmod(0o755)
    shutil.copytree(data / "pg_wal", wal / "pg_wal")
    shutil.rmtree(data / "pg_wal")
    (data / "pg_wal").symlink_to(wal / "pg_wal")
    subprocess.run(["chown", "-R", "postgres", wal / "pg_wal"], check=True)
    with (folder / "begun.log").open("w") as log:
        loop = f"while :; do {command}; echo ENDED; sleep 1; done"
        as_it = [
            "setpriv",
            "--reuid=postgres",
            "--regid=postgres",
            "--clear-groups",
        ]  # which is then the program itself
        keeper = subprocess.Popen([*as_it, "sh", "-c", loop], stdout=log, stderr=log, cwd=data)
        try:
            yield lambda: [(folder / "begun.log").read_text().count(word) for word in ("reinitializing", "ENDED")]
        finally:
            keeper.kill()


def own_log(drill):
    """PostgreSQL's own log finds no room: it sends everybody away, and comes back by itself."""
    drill.say("on postgresql, whose own log has a small disk")
    with (
        disk(200) as database,
        disk(24) as wal,
        disk(24) as place,
        data.site("postgresql", database, figures=FIGURES) as env,
        begun_again(database, wal) as ends,
        served(env) as port,
    ):
        edith, rana, reader = Person(port, "edith"), Person(port, "rana-0"), Person(port)
        waiting, typed = within(env, "state")["waiting"], within(env, "typed")
        pages = [rana.get(f"/admin/tracker/update/{pk}/review/") for pk in waiting]
        form = edith.get(ADD)
        settle(env)
        with full(wal):
            with psycopg.connect(env["DATABASE_URL"], autocommit=True) as opened:
                while opened.execute(IN_STORE).fetchone()[0]:
                    opened.execute("SELECT txid_current()")
                    opened.execute("SELECT pg_switch_wal()")
                opened.execute(FILL_PIECE)
            presses = [lambda page=page: rana.send(page, "seen_version", "note", _publish="1") for page in pages[1:]]
            decided, done = first_refused(presses)
            asked = {f"publication after {done} that were done": decided}
            asked["upload"] = edith.send(form, "summary", files=SCAN, **typed)
            time.sleep(5)
            asked |= {path: reader.get(path) for path in ("/", "/ledger/", "/data/updates.csv", "/data/everything.zip")}
            for what, answer in asked.items():
                retry = answer.headers.get("Retry-After")
                fine = answer.status == 200 or (answer.status == 503 and retry)  # begun anew, it has a little room
                drill.promise(f"{what}: 503, or done", fine, answer.status, f"Retry-After {retry}", answer.words[:80])
            exported(drill, env, place / "public")
        back = data.until(lambda: reader.get("/readyz").status == 200, 60)
        anew, ended = ends()
        told = f"PostgreSQL sent everybody away and began anew {anew} times, and ended {ended} times"
        drill.promise("with room again it is back without a hand", back, told)
        left = [each for each in within(env, "state")["waiting"] if each in waiting]
        drill.promise("what was answered as done is done", len(left) in (FIGURES - done, FIGURES - done - 1), len(left))
        again = rana.send(rana.get(f"/admin/tracker/update/{left[0]}/review/"), "seen_version", "note", _publish="1")
        drill.promise("a publication goes through", "Published as log entry" in again.words, again.words[:100])
        upload = edith.send(form, "summary", files=SCAN, **typed)
        drill.promise("and the upload by the same press", upload.status == 200, upload.status)
        seen = within(env, "state")
        fine = len(seen["published"]) == FIGURES - len(left) + 1 and seen["drafts"] == 1 and not whole(env)
        drill.promise("nothing is half there", fine, *seen["half"], whole(env))


def commands(drill, env, place):
    """Commands that write files, onto a disk that has room for the beginning of each."""
    for name, arguments, left in (
        ("backup", ("backup", place), 30_000),
        ("export_public", ("export_public", place / "public"), 200_000),
        ("export_site", ("export_site", place / "site"), 2_000_000),
    ):
        with full(place, left=left):
            before = names_in(place)
            status, output = manage(env, *arguments, fine=False)
            new = names_in(place).keys() - before.keys()
            fine = status == 1 and "No space left" in output and "Traceback" not in output and not new
            drill.promise(f"{name}: status 1, a sentence and nothing left", fine, status, output[-300:], *new)
        status, output = manage(env, *arguments, fine=False)
        drill.promise(f"{name} with room again", status == 0, output[-160:])
    drill.promise("the record is whole", not whole(env), whole(env))


def restoring(drill, env, place, vendor):
    """A backup into a new database, and over a site, where either finds no room."""
    (backup,) = place.glob("*.zip")
    before = within(env, "state")
    with contextlib.ExitStack() as stack:
        size = 200 if vendor == "postgresql" else 24
        small = stack.enter_context(disk(size))
        new = env | {"VAR": str(small), "DATABASE_URL": f"sqlite:///{small}/db.sqlite3"}
        if vendor == "postgresql":
            new["DATABASE_URL"] = stack.enter_context(data.server_on(small))
        for left in (300_000, 3_500_000):
            with full(small, left=left):
                status, said = manage(new, "restore", backup, fine=False)
                fine = status == 1 and "was not restored" in said and "Traceback" not in said
                drill.promise(f"restore with {left // 1000} kB: status 1 and a sentence", fine, status, said[-300:])
        names = [name for name in names_in(small) if "/files/" in name or name.endswith(".part")]
        drill.promise("no files are left of it", not names, *names)
        status, said = manage(new, "restore", backup, fine=False)
        drill.promise("restore with room again", status == 0 and "is restored" in said, said[-300:])
        seen = within(new, "state") if status == 0 else {}
        drill.promise("what is restored is what was kept", seen == before and not whole(new), *seen.get("half", ()))
        settle(new)
        with full(small):
            status, said = manage(new, "restore", "--overwrite", backup, fine=False)
            fine = status == 1 and "as it was" in said and "Traceback" not in said
            drill.promise("restore over a site: status 1 and a sentence", fine, status, said[-300:])
        drill.promise("and the site is as it was", within(new, "state") == before and not whole(new), whole(new))


if __name__ == "__main__":
    main(sys.argv[1:] or data.VENDORS)
