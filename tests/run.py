"""make test: everything on SQLite, in a browser, and on PostgreSQL what is about the database.

They run beside each other, the first in two processes and the others in one each, because a second one would begin a
browser, sites and databases anew; the others begin when the first has read all tests. ``--quick`` leaves out the
browser, PostgreSQL and what is marked slow: that is make check. Other arguments go to pytest. While it runs, a line
shows how far each part is; what pytest wrote of a part that failed is shown when it ends. The last lines say what ran
on what, how long it took by the clock and of the processor, and which tests were the slowest. Where something is needed
and missing, they say so; with CI set, that is a failure.
"""

import datetime
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from .postgres import programs, server

# The first is the same browser without a window, and takes a quarter less of the processor.
CHROMIUM = (
    *("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser"),
    "/usr/bin/google-chrome",
)
# Settings are the tests' own; without compiled modules each of the many processes would compile the site anew.
THEIR_OWN = ("SITE_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "PLAN", "PORT", "TRUST_PROXY")
THEIR_OWN += ("EMAIL_URL", "EMAIL_FROM", "SECOND_FACTOR", "SIGNIN_DAYS", "TRAIL_DAYS", "TASK_WORKERS")
THEIR_OWN += ("HOST", "WORKERS", "THREADS", "HSTS", "LOG_FORMAT", "PROMETHEUS_TOKEN", "PYTHONDONTWRITEBYTECODE")
THEIR_OWN += ("DATABASE_REPLICA_URL", "MEDIA", "SENTRY_DSN", "TIME_ZONE")
SLOWEST = 10
DAY_BEFORE = str(datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=1))


class Part:
    """One run of pytest, of the tests that are marked so, on a database.

    On SQLite all begin with the same prepared databases; the first process that needs one makes it (databases.py).
    """

    def __init__(self, title, marked, *, database=None, var, arguments=()):
        self.title, self.begun = title, time.monotonic()
        name = title.rpartition(" ")[2]
        self.report, self.output = Path(var) / f"{name}.xml", Path(var) / f"{name}.txt"
        environment = {name: value for name, value in os.environ.items() if name not in THEIR_OWN}
        environment |= {"DATABASE_URL": database or f"sqlite:///{var}/db.sqlite3", "VAR": str(var)}
        if database is None:
            (Path(var) / "states").mkdir(exist_ok=True)
            environment |= {"TRACKER_TEST_RUN": f"{var}/states", "TRACKER_TEST_DAY": DAY_BEFORE}
        if not (Path(var) / "static").exists():
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
            subprocess.run(command, env=environment, check=True)
        processes = "2" if "not browser" in marked else "0"
        command = [sys.executable, "-m", "pytest", "-q", "-n", processes, "-m", marked, f"--junitxml={self.report}"]
        command += ["-o", f"testpaths={_files(marked)}"]
        command += [] if marked == "browser" else ["--ignore=tests/browser"]
        with self.output.open("w") as output:
            self.process = subprocess.Popen([*command, *arguments], env=environment, stdout=output, stderr=output)

    def so_far(self):
        """How far it is, as pytest says, and how many tests failed."""
        lines = self.output.read_text(encoding="utf-8", errors="replace").partition("\n=")[0]
        dots = [line for line in lines.splitlines() if re.fullmatch(r"[.FEsxX]+( *\[ *\d+%\])?", line)]
        done = re.findall(r"(\d+)%", " ".join(dots)) or ["0"]
        failed = sum(line.count("F") + line.count("E") for line in dots)
        return f"{self.title.rpartition(' ')[2]} {done[-1]} %" + (f" ({failed} failed)" if failed else "")

    def wait_until_it_is_under_way(self):
        """Both cores read and compile the tests until then: what begins later finds that done."""
        while not self.ended() and not self.output.stat().st_size:
            time.sleep(0.2)

    def ended(self):
        """Whether it ended; if so, ``took`` says how long that was."""
        if self.process.returncode is None:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                passed, used = time.monotonic() - self.begun, usage.ru_utime + usage.ru_stime
                self.took = f"{_minutes(passed)}, {_minutes(used)} of the processor"
        return self.process.returncode is not None

    def tests(self):
        """The tests that ran."""
        text = self.report.read_text(encoding="utf-8") if self.report.exists() else ""
        return list(ElementTree.fromstring(text).iter("testcase")) if text else []  # noqa: S314  (our own)


def _files(marked):
    """Where tests with a mark are, so that each process imports no other ones."""
    if marked != "both_databases":
        return "tests/browser" if marked == "browser" else "tests"
    files = sorted(Path("tests").glob("test_*.py"))
    return " ".join(str(path) for path in files if marked in path.read_text(encoding="utf-8"))


def _minutes(seconds):
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds} s"


class Run:
    """What ran and what did not, and the time that each test took."""

    def __init__(self, arguments):
        self.arguments, self.lines, self.times, self.good = arguments, [], [], True
        self.said = 0  # when it was last said how far it is

    def follow(self, parts):
        """See each of some running parts to its end."""
        running = list(parts)
        try:
            while running:
                time.sleep(0.2)
                self._say_how_far(running)
                for part in [part for part in running if part.ended()]:
                    running.remove(part)
                    self._note(part)
        finally:
            for part in running:
                part.process.terminate()
                part.process.wait()

    def _say_how_far(self, running):
        """On a terminal in one line that is always the newest, elsewhere each minute in one more."""
        shown = sys.stdout.isatty()
        if time.monotonic() - self.said > (1 if shown else 60):
            self.said = time.monotonic()
            line = ", ".join(part.so_far() for part in running)
            print(f"\r{line:<78}" if shown else line, end="" if shown else "\n", flush=True)

    def _note(self, part):
        """Note how a part went, and show what pytest wrote of it where it failed."""
        status, tests = part.process.returncode, part.tests()
        self.times += [(float(test.get("time")), part.title, test.get("classname"), test.get("name")) for test in tests]
        passed = status == 0 or (status == 5 and self.arguments)  # nothing of what was asked for is in this part
        self.good = self.good and passed
        self.lines.append(f"{part.title}: {'passed' if passed else 'FAILED'}, {len(tests)} tests in {part.took}")
        if not passed:
            print("\n" + part.output.read_text(encoding="utf-8", errors="replace"))
        print(f"\r{self.lines[-1]:<78}", flush=True)

    def missing(self, title, package):
        """Note that something is not installed."""
        if os.environ.get("CI"):
            self.good = False
            self.lines.append(f"{title}: FAILED, it is not installed")
        else:
            self.lines.append(f"{title}: skipped, it is not installed (on Debian: apt install {package})")

    def end(self):
        """Say all of it; the exit status."""
        files = Counter()
        for seconds, title, module, _name in self.times:
            files[title, module] += seconds
        print(f"\nThe {SLOWEST} files that took longest:")
        for (title, module), seconds in files.most_common(SLOWEST):
            print(f"{seconds:6.1f} s  {title}: {module.replace('.', '/')}.py")
        print(f"\nThe {SLOWEST} slowest tests:")
        for seconds, title, module, name in sorted(self.times, reverse=True)[:SLOWEST]:
            print(f"{seconds:6.1f} s  {title}: {module.replace('.', '/')}.py::{name}")
        print("\n" + "\n".join(self.lines))
        return 0 if self.good else 1


def main(arguments):
    """Run all of it, and say at the end what ran and what did not."""
    quick = "--quick" in arguments
    if os.environ.get("PROFILE", "ci") not in ("ci", "nightly"):
        return f"PROFILE is “{os.environ['PROFILE']}”: set it to ci or nightly."
    arguments = [argument for argument in arguments if argument != "--quick"]
    run = Run(arguments)
    with ExitStack() as stack:
        var = stack.enter_context(tempfile.TemporaryDirectory(prefix="tracker-test-"))

        part = partial(Part, var=var, arguments=arguments)
        if quick:
            run.follow([part("Tests on SQLite", "not browser and not slow")])
            return run.end()
        here = programs() is not None or "TEST_POSTGRES_URL" in os.environ
        database = stack.enter_context(server()) if here else None
        parts = [part("Tests on SQLite", "not browser")]
        parts[0].wait_until_it_is_under_way()
        if any(Path(path).exists() for path in CHROMIUM):
            parts.append(part("Tests in a browser", "browser"))
        else:
            run.missing("Tests in a browser", "chromium")
        if database:
            parts.append(part("Tests on PostgreSQL", "both_databases", database=database))
        else:
            run.missing("Tests on PostgreSQL", "postgresql")
        run.follow(parts)
    return run.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
