"""What drills of the record share: a site of its own on either database, people at browsers, disks of a set size.

``python -m tests.drills.data WHAT`` does what has to be done within the site: ``staff N`` makes an editor and so many
reviewers, ``submit N`` hands in so many figures, ``state`` prints as JSON what is published, waits or is half there,
``later`` has long work that was killed count as lost.
"""

import contextlib
import datetime
import functools
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

import lxml.html

from tests import postgres
from tests.browser.serving import SERVER_ALONE, environment, serving
from tests.reading import words_of

VENDORS = ("sqlite", "postgresql")
PASSWORD = "a-long-word-for-drills"
ROOT = Path(__file__).parents[2]
PLAN = ROOT / "tests" / "plans" / "vellmark-2030"
MEGABYTE = 1 << 20
IMPORT = "/admin/tracker/update/import/"
COLUMNS = "what,metric,value,bound,as_of,fits,how,origin,summary,source,locator"
ROW = "value,village-homes-with-piped-water,81.5,exact,{},same,reported,office-of-numbers,{},census,p. 3"


# Disks


@contextlib.contextmanager
def disk(size):
    """A folder on a disk of its own, of so many megabytes. It takes root, and a kernel that mounts tmpfs."""
    with tempfile.TemporaryDirectory(prefix="drill-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m,mode=0755", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextlib.contextmanager
def full(folder, left=0):
    """The disk of a folder, full but for so many bytes."""
    ballast = Path(folder) / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for piece in (MEGABYTE, 4096):
            with contextlib.suppress(OSError):
                while file.write(bytes(piece)) == piece:
                    pass
        file.truncate(max(0, file.tell() - left))
    try:
        yield
    finally:
        ballast.unlink()


def until(true, seconds=120):
    """Wait until something is so, or for so long; whether it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            if true():
                return True
        time.sleep(0.5)
    return False


def names_in(*folders):
    """Every file in folders, by path, with its size."""
    return {str(path): path.stat().st_size for folder in folders for path in Path(folder).rglob("*") if path.is_file()}


# A site


@contextlib.contextmanager
def server_on(folder):
    """The address of a PostgreSQL server whose files lie in a folder."""
    for each in (Path(folder), Path(folder).parent):
        each.chmod(each.stat().st_mode | 0o711)  # the server is another account's
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        with postgres.server() as address:
            tempfile.tempdir = before
            yield address
    finally:
        tempfile.tempdir = before


@contextlib.contextmanager
def site(vendor, folder=None, *, var=None, figures=0, reviewers=1, **more):
    """The environment of a site with the invented plan, its staff and figures that wait for review.

    Its database lies in ``folder``, all else in ``var``; by default in one of its own, which is ``VAR``.
    """
    with contextlib.ExitStack() as stack:
        folder = folder or stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-"))
        var = Path(var or folder)
        env = environment(Path(folder) / "db.sqlite3", var, PLANS="", PLAN="vellmark-2030", TASK_WORKERS="0", **more)
        env |= {"DJANGO_SETTINGS_MODULE": "hrplan.settings", "PYTHONPATH": str(ROOT)}
        env |= {"SITE_URL": "http://127.0.0.1:8000"} | more
        if vendor == "postgresql":
            env["DATABASE_URL"] = stack.enter_context(server_on(folder))
        shutil.copytree(collected(), var / "static")
        manage(env, "restore", _prepared(env, figures, reviewers), "-v0")
        yield env


def _prepared(env, figures, reviewers):
    """A backup of such a site, made once."""
    path = _kept() / f"{figures}-{reviewers}.zip"
    if not path.exists():
        with tempfile.TemporaryDirectory(prefix="drill-site-") as var:
            env = env | {"VAR": var, "DATABASE_URL": f"sqlite:///{var}/db.sqlite3"}
            manage(env, "migrate", "-v0")
            manage(env, "load_plan", str(PLAN), "-v0")
            within(env, "staff", reviewers)
            within(env, "submit", figures)
            manage(env, "backup", var, "-v0")
            (archive,) = Path(var).glob("*.zip")
            shutil.copy(archive, path)
    return path


@functools.cache
def _made():
    return tempfile.TemporaryDirectory(prefix="drill-made-")


def _kept():
    """Where what all sites begin with lies: a folder of this process, or that of all drills of one run."""
    return Path(os.environ.get("TRACKER_DRILL_STATE") or _made().name)


def collected():
    """The static files, which are the same for all sites: collected once in a process."""
    if not (_kept() / "static").exists():
        manage(environment("unused", _kept()), "collectstatic", "--noinput", "-v0")
    return _kept() / "static"


def manage(env, *arguments, fine=True):
    """Run a command of the site: its status and what it said. One that may not fail ends the drill."""
    status, output = run(env, "manage.py", *arguments)
    if fine and status:
        raise RuntimeError(f"manage.py {arguments}: {output}")
    return status, output


def run(env, *arguments):
    """Run Python with these arguments beside the site: its status and what it said."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def within(env, *arguments):
    """Have something done within the site by another process; what it prints, as JSON."""
    command = [sys.executable, "-m", "tests.drills.data", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout or "null")


@contextlib.contextmanager
def served(env, **more):
    """The port of the real server, with what keeps it running."""
    with serving(SERVER_ALONE, env=env | more, path="/readyz", patience=120) as port:
        yield port


def whole(env):
    """What is not whole in the record: rows half there, the log, and the database's own examination; blank for fine."""
    status, output = manage(env, "verify_ledger", "-v0", fine=False)
    return " ".join([*within(env, "state")["half"], "" if status == 0 else output]).strip()


# People at browsers


class Answer:
    """What the server said: status, headers, address at last, text; its forms as a browser reads them."""

    def __init__(self, response):
        self.status, self.headers, self.url = response.status, response.headers, response.url
        self.body = response.read()

    @property
    def text(self):
        """The page as it was sent."""
        return self.body.decode(errors="replace")

    @property
    def words(self):
        """What a reader sees of the page's own part."""
        return words_of(self.text.partition("<main")[2].partition("</main")[0] or self.text)

    def form(self, *names):
        """Fields and address of the first form that has fields of these names."""
        for form in lxml.html.fromstring(self.text).forms if self.body else ():
            if {*names} <= set(form.fields):
                fields = {}
                for name, value in form.form_values():
                    fields.setdefault(name, []).append(value)
                return fields, form.action or ""
        raise LookupError(f"{self.url} ({self.status}) has no form with {names}: {self.words[:300]}")


class Person:
    """Somebody at a browser without script, who keeps cookies and sends forms as pages show them."""

    def __init__(self, port, name="", patience=120):
        self.port, self.root, self.patience = port, f"http://127.0.0.1:{port}", patience
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        if name and "/login" in (answer := self.sign_in(name)).url:
            raise RuntimeError(f"{name} cannot sign in: {answer.status} {answer.words[:300]}")

    def sign_in(self, name):
        """Sign in; the answer."""
        return self.send(self.get("/admin/login/"), "username", username=name, password=PASSWORD)

    def get(self, path, body=None, **headers):
        """What stands at an address. ``ConnectionError`` where the server did not answer to the end."""
        request = Request(path if "://" in path else self.root + path, body, headers)
        try:
            with self.opener.open(request, timeout=self.patience) as response:
                return Answer(response)
        except HTTPError as error:
            with error:
                return Answer(error)
        except (OSError, HTTPException) as error:
            raise ConnectionError(str(error)) from error

    def send(self, page, *names, files=None, without=(), **fields):
        """Send the form of a page that has these fields, with others typed into it."""
        given, action = page.form(*names)
        given |= {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
        pairs = [(name, each) for name, values in given.items() if name not in without for each in values]
        address = action if action.startswith("http") else self.root + action if action else page.url
        body, kind = _written(pairs, files or {})
        return self.get(address, body, **{"Content-Type": kind, "Referer": page.url})

    def press(self, page, address, **fields):
        """Press a button of a page that sends little besides its own name."""
        fields |= {"csrfmiddlewaretoken": page.form("csrfmiddlewaretoken")[0]["csrfmiddlewaretoken"][0]}
        body, kind = _written(list(fields.items()), {})
        return self.get(address, body, **{"Content-Type": kind, "Referer": page.url})


def _written(pairs, files):
    if not files:
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    line, out = uuid4().hex, io.BytesIO()
    for name, value in pairs:
        out.write(f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, (shown, content) in files.items():
        head = f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="{shown}"\r\n\r\n'
        out.write(head.encode() + content + b"\r\n")
    out.write(f"--{line}--\r\n".encode())
    return out.getvalue(), f"multipart/form-data; boundary={line}"


def rows(count):
    """A file of so many rows to import: its name and its bytes."""
    first = datetime.date(2020, 1, 1)
    words = "Homes that have piped water were counted house by house."
    lines = (ROW.format(first + datetime.timedelta(days=number), words) for number in range(count))
    return "figures.csv", "\n".join([COLUMNS, *lines]).encode()


def publish(person, pk):
    """A reviewer opens a figure that was handed in and presses the button; the answer."""
    return person.send(person.get(f"/admin/tracker/update/{pk}/review/"), "seen_version", "note", _publish="1")


# Within the site


def _staff(count):
    from django.contrib.auth.hashers import make_password

    from tests.publishing import somebody
    from tracker.models.roles import EDITOR, REVIEWER

    password = make_password(PASSWORD)
    for name, role in [("edith", EDITOR), *((f"rana-{n}", REVIEWER) for n in range(count))]:
        person = somebody(name, role)
        person.password = password
        person.save()


def _submit(count):
    from tests.drafts import submitted
    from tests.publishing import figures, somebody
    from tracker.models import Update
    from tracker.models.roles import EDITOR

    edith, there = somebody("edith", EDITOR), Update.objects.filter(as_of__gte="2024-01-01").count()
    for figure in figures(there + count)[there:]:
        submitted(figure, edith)


def _state():
    """Published figures with their entries, those that wait, the log's length, and what is half there."""
    from django.db import connection
    from django.db.models import Count, F

    from tracker.models import Evidence, LedgerEntry, TrailEntry, Update

    rows = Update.objects.all()
    published = rows.filter(state="published")
    loose = rows.exclude(state="published")
    log = LedgerEntry.objects.filter(action__in=("publish", "correct", "withdraw", "amend"))
    twice = TrailEntry.objects.filter(deed="published").values("kind", "row").annotate(n=Count("pk")).filter(n__gt=1)
    dates = list(LedgerEntry.objects.order_by("seq").values_list("at", flat=True))
    with connection.cursor() as cursor:
        examined = ["ok"]
        if connection.vendor == "sqlite":
            examined = [row[0] for row in cursor.execute("PRAGMA integrity_check").fetchall()]
    half = {
        "rows with a log entry or reviewer that are not published": loose.exclude(entry=None, reviewer=None).count(),
        "evidence frozen with rows that are not": Evidence.objects.filter(update_record__in=loose, entry__gt=0).count(),
        "evidence of published rows that is not frozen with them": Evidence.objects.filter(
            update_record__state="published"
        )
        .exclude(entry=F("update_record__entry"))
        .count(),
        "entries without a row, or rows without an entry": abs(log.count() - published.count()),
        "entries without a text": LedgerEntry.objects.filter(body=None).count(),
        "numbers that the log left out": LedgerEntry.objects.head() - LedgerEntry.objects.count(),
        "rows that were published twice": twice.count(),
        "entries dated before the one before": sum(b < a for a, b in itertools.pairwise(dates)),
        "pages that SQLite finds damaged": len(examined) - (examined == ["ok"]),
    }
    return {
        "published": {row.pk: row.entry_id for row in published},
        "waiting": list(loose.filter(state="submitted").order_by("pk").values_list("pk", flat=True)),
        "drafts": loose.filter(state="draft").count(),
        "entries": LedgerEntry.objects.head(),
        "dated": dates[-1].isoformat(),
        "half": [f"{count} {what}." for what, count in half.items() if count],
    }


def _later():
    """As if nothing had been heard of long work for so long that it counts as lost."""
    from django.db.models import F

    from tracker.models.jobs import SILENT, Job

    Job.objects.update(said_at=F("said_at") - SILENT)


def _typed():
    """What somebody types into the form of a figure, as a browser sends it."""
    from tests.forms import value_form

    return value_form()


def counted(values):
    """How often each value occurs, in words."""
    return ", ".join(f"{n} × {value}" for value, n in Counter(values).most_common())


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrplan.settings")
    django.setup()
    what, *number = sys.argv[1:]
    does = {"staff": _staff, "submit": _submit, "state": _state, "typed": _typed, "later": _later}
    print(json.dumps(does[what](*map(int, number))))
