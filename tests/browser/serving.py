"""The site as a process of its own, as its users meet it: the real server, on a database that nobody else reads."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException

from tests.postgres import free_port

# What somebody may have set for their own site says nothing to this one.
THEIR_OWN = ("SITE_URL", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "PLAN", "PORT", "TRUST_PROXY", "DATABASE_URL", "VAR")
# What manage.py serve ends with, without the loading before it, and with one worker.
BECOME = "import django; django.setup(); from tracker.management.commands import serve; serve.Command()._become_server"
SERVER_ALONE = [sys.executable, "-c", f"{BECOME}()"]


def environment(database, var, **more):
    """Variables for a site with its own SQLite file; a password alone signs in and nobody waits, unless said."""
    kept = {name: value for name, value in os.environ.items() if name not in THEIR_OWN}
    return (
        kept
        | {"DATABASE_URL": f"sqlite:///{database}", "VAR": str(var), "SECOND_FACTOR": "none", "WORKERS": "1"}
        | dict.fromkeys(("API_RATE", "SEARCH_RATE", "FILES_RATE", "SIGNIN_RATE"), "1000000/second")
        | more
    )


def manage(*arguments, env):
    """Run a command of manage.py; what it says is shown only when it fails."""
    done = subprocess.run([sys.executable, "manage.py", *arguments], env=env, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}")


@contextlib.contextmanager
def serving(command, *, env, path="/healthz", patience=300):
    """The port of the server that the command starts, once it answers, for as long as the block runs."""
    port = free_port()
    process = subprocess.Popen(command, env=env | {"PORT": str(port)}, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port, path, patience)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process, port, path, patience):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode} before it answered.")
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            status = connection.getresponse().status
            connection.close()
            if status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError(f"The server did not answer {path} within {patience} seconds.")
