"""A PostgreSQL server for the tests: the one that TEST_POSTGRES_URL names, or one of our own that goes away again.

``python -m tests.postgres COMMAND …`` runs a command with TEST_POSTGRES_URL set.
"""

import contextlib
import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg


def programs():
    """Folder with the newest PostgreSQL server programs, or ``None``."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    if folders:
        return Path(folders[-1])
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def free_port():
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server():
    """Address of a PostgreSQL server for as long as the block runs, or ``None`` where there is none to be had."""
    if address := os.environ.get("TEST_POSTGRES_URL"):
        yield address
        return
    folder = programs()
    if folder is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="tracker-postgres-", ignore_cleanup_errors=True) as data:
        # The server refuses to run as root, so there it runs as the account that Debian's package made for it.
        run_as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if run_as:
            shutil.chown(data, "postgres")
        port = free_port()

        def run(program, *arguments):
            command = [*run_as, str(folder / program), *arguments]
            subprocess.run(command, check=True, cwd=data, stdout=subprocess.DEVNULL)

        run("initdb", "--auth=trust", "--username=tracker", "--encoding=UTF8", "--no-sync", "-D", f"{data}/db")
        # Each test undoes what it wrote, so that tables hold dead rows and the planner takes them for empty: it is to
        # use the indexes all the same, as it does on a database that is lived in.
        planning = "-c enable_seqscan=off -c jit=off -c autovacuum_naptime=10s"
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data} -c fsync=off -c max_connections=120 {planning}"
        run("pg_ctl", "-D", f"{data}/db", "-o", options, "-w", "-l", f"{data}/log", "start")
        try:
            yield f"postgres://tracker@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", f"{data}/db", "-m", "immediate", "stop")


class Standby:
    """A replica of a server of ours, for as long as the block runs; ``address`` is its DATABASE_URL."""

    def __init__(self, primary):
        self.folder, self.port = tempfile.mkdtemp(prefix="tracker-standby-"), free_port()
        self.primary = int(primary.rpartition(":")[2].partition("/")[0])
        self.address = primary.replace(f":{self.primary}/", f":{self.port}/")

    def __enter__(self):
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        source = ("-h", "127.0.0.1", "-p", str(self.primary), "-U", "tracker")
        self._run("pg_basebackup", *source, "-D", f"{self.folder}/db", "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.start()
        return self

    def __exit__(self, *_error):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program, *arguments):
        run_as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*run_as, str(programs() / program), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)

    def start(self):
        """Begin it, and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off -c max_connections=120"
        self._run("pg_ctl", "-D", f"{self.folder}/db", "-o", options, "-w", "-l", f"{self.folder}/log", "start")

    def stop(self, mode):
        """End it, if it runs: ``fast`` sends its clients away, ``immediate`` is what a lost machine does."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "-D", f"{self.folder}/db", "-m", mode, "-w", "-s", "stop")

    def sql(self, text):
        """The first row that a statement answers with; ``None`` where it answers with none."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            cursor = connection.execute(text)
            return cursor.fetchone() if cursor.description else None


if __name__ == "__main__":
    with server() as found:
        if found is None:
            sys.exit("No PostgreSQL server programs were found.")
        environment = {**os.environ, "TEST_POSTGRES_URL": found}
        sys.exit(subprocess.run(sys.argv[1:], env=environment, check=False).returncode)
