"""make test: everything on SQLite, then in a browser, then on PostgreSQL what is about the database.

``--quick`` leaves out the browser, PostgreSQL and what is marked slow: that is make check. Other arguments go to
pytest. While it runs, pytest shows how far it is; the last lines say what ran on what, how long it took and which tests
were the slowest. Where something is needed and missing, they say so; with CI set, that is a failure.
"""

import datetime
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from xml.etree import ElementTree

from .postgres import server

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
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
        print(f"{title} …", flush=True)
        self.title, self.begun = title, time.monotonic()
        self.report = Path(var) / f"{len(list(Path(var).glob('*.xml')))}.xml"
        self.report.touch()
        environment = {name: value for name, value in os.environ.items() if name not in THEIR_OWN}
        environment |= {"DATABASE_URL": database or f"sqlite:///{var}/db.sqlite3", "VAR": str(var)}
        if database is None:
            (Path(var) / "states").mkdir(exist_ok=True)
            environment |= {"TRACKER_TEST_RUN": f"{var}/states", "TRACKER_TEST_DAY": DAY_BEFORE}
        if not (Path(var) / "static").exists():
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
            subprocess.run(command, env=environment, check=True)
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", marked, f"--junitxml={self.report}"]
        self.process = subprocess.Popen([*command, *arguments], env=environment)

    def end(self):
        """Wait for it; its exit status, its tests and how long it took."""
        status = self.process.wait()
        minutes, seconds = divmod(round(time.monotonic() - self.begun), 60)
        text = self.report.read_text(encoding="utf-8")
        tests = list(ElementTree.fromstring(text).iter("testcase")) if text else []  # noqa: S314  (our own)
        return status, tests, f"{minutes} min {seconds} s"


class Run:
    """What ran and what did not, and the time that each test took."""

    def __init__(self, arguments):
        self.arguments, self.lines, self.times, self.good = arguments, [], [], True

    def ended(self, part):
        """Wait for a part and note how it went."""
        status, tests, took = part.end()
        self.times += [(float(test.get("time")), part.title, test.get("classname"), test.get("name")) for test in tests]
        passed = status == 0 or (status == 5 and self.arguments)  # nothing of what was asked for is in this part
        self.good = self.good and passed
        self.lines.append(f"{part.title}: {'passed' if passed else 'FAILED'}, {len(tests)} tests in {took}")

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
        marked = "not browser and not slow" if quick else "not browser"
        run.ended(Part("Tests on SQLite", marked, var=var, arguments=arguments))
        if quick:
            return run.end()
        if any(Path(path).exists() for path in CHROMIUM):
            run.ended(Part("Tests in a browser", "browser", var=var, arguments=arguments))
        else:
            run.missing("Tests in a browser", "chromium")
        address = stack.enter_context(server())
        if address is None:
            run.missing("Tests on PostgreSQL", "postgresql")
        else:
            run.ended(Part("Tests on PostgreSQL", "both_databases", database=address, var=var, arguments=arguments))
    return run.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
