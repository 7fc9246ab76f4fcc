"""make test: everything on SQLite, then in a browser, then on PostgreSQL what is about the database.

``--quick`` leaves out the browser and PostgreSQL: that is make check. Other arguments go to pytest. While it runs,
pytest shows how far it is; the last lines say what ran on what, how long it took and which tests were the slowest.
Where something is needed and missing, they say so; with CI set, that is a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

from .postgres import server

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
THEIR_OWN = ("SITE_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "PLAN", "PORT", "TRUST_PROXY")
SLOWEST = 10


class Run:
    """What ran and what did not, and the time that each test took."""

    def __init__(self, arguments):
        self.arguments, self.lines, self.times, self.good = arguments, [], [], True

    def pytest(self, title, marked, *, database=None, var):
        """Run the tests that are marked so, on a database; note how it went."""
        print(f"{title} …", flush=True)
        report, begun = Path(var) / "report.xml", time.monotonic()
        environment = {name: value for name, value in os.environ.items() if name not in THEIR_OWN}
        environment |= {"DATABASE_URL": database or f"sqlite:///{var}/db.sqlite3", "VAR": str(var)}
        if not (Path(var) / "static").exists():
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
            subprocess.run(command, env=environment, check=True)
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-m", marked, f"--junitxml={report}"]
        ended = subprocess.run([*command, *self.arguments], env=environment, check=False).returncode
        minutes, seconds = divmod(round(time.monotonic() - begun), 60)
        tests = list(ElementTree.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314  (our own)
        self.times += [(float(test.get("time")), title, test.get("classname"), test.get("name")) for test in tests]
        passed = ended == 0 or (ended == 5 and self.arguments)  # nothing of what was asked for is in this part
        self.good = self.good and passed
        how = "passed" if passed else "FAILED"
        self.lines.append(f"{title}: {how}, {len(tests)} tests in {minutes} min {seconds} s")

    def missing(self, title, package):
        """Note that something is not installed."""
        if os.environ.get("CI"):
            self.good = False
            self.lines.append(f"{title}: FAILED, it is not installed")
        else:
            self.lines.append(f"{title}: skipped, it is not installed (on Debian: apt install {package})")

    def end(self):
        """Say all of it; the exit status."""
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
    run = Run([argument for argument in arguments if argument != "--quick"])
    with tempfile.TemporaryDirectory(prefix="tracker-test-") as var:
        run.pytest("Tests on SQLite", "not browser", var=var)
        if quick:
            return run.end()
        if any(Path(path).exists() for path in CHROMIUM):
            run.pytest("Tests in a browser", "browser", var=var)
        else:
            run.missing("Tests in a browser", "chromium")
        with server() as address:
            if address is None:
                run.missing("Tests on PostgreSQL", "postgresql")
            else:
                run.pytest("Tests on PostgreSQL", "both_databases", database=address, var=var)
    return run.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
