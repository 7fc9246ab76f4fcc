"""make test: everything on SQLite, then everything on PostgreSQL where a server can be had.

Where something is needed and missing, the last lines say so; with CI set, that is a failure.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .postgres import server

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def pytest(database, *arguments):
    """Run the tests on a database; True if they passed."""
    with tempfile.TemporaryDirectory(prefix="tracker-test-") as folder:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("SITE_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "PLAN", "PORT", "TRUST_PROXY")
        }
        environment |= {"DATABASE_URL": database or f"sqlite:///{folder}/db.sqlite3", "VAR": folder}
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], env=environment, check=True)
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", *arguments]
        return subprocess.run(command, env=environment, check=False).returncode == 0


def main(arguments):
    """Run both, and say at the end what ran and what did not."""
    said, good = [], True

    def passed(where, ok):
        nonlocal good
        good = good and ok
        said.append(f"{where}: {'passed' if ok else 'FAILED'}")

    def missing(what, package):
        nonlocal good
        if os.environ.get("CI"):
            good = False
            said.append(f"{what}: FAILED, it is not installed")
        else:
            said.append(f"{what}: skipped, it is not installed (on Debian: apt install {package})")

    if not any(Path(path).exists() for path in CHROMIUM):
        missing("Browser tests", "chromium")
    passed("Tests on SQLite", pytest(None, *arguments))
    with server() as address:
        if address is None:
            missing("Tests on PostgreSQL", "postgresql")
        else:
            # The browser sees the same pages on either database, so it looks once. So do tests of what stands on a
            # page: test_http, test_several_plans and test_one_set ask for every page and file on both.
            passed("Tests on PostgreSQL", pytest(address, "-m", "not browser and not once", *arguments))
    print("\n" + "\n".join(said))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
