"""What drills have in common: hosts in network namespaces, what runs on them, readers that count, and a verdict.

Every host is a namespace of this machine with an address of its own (192.0.2.0/24, which exists nowhere); no packet
leaves them. Nothing here is pretended but the distance: PostgreSQL, Redis, the proxy and the site are the programs that
an operator runs, with the configuration that ``deploy/`` ships.
"""

import contextlib
import ctypes
import http.client
import json
import os
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import yaml

from tests.postgres import programs

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = "tracker.localhost"  # a name for which Caddy makes a certificate without asking anybody
HOSTS = {"proxy": 10, "site-a": 11, "site-b": 12, "database": 20, "redis": 21, "reader": 30, "stranger": 31}
PAGES = ("/", "/about/", "/method/", "/plans/", "/hrap-2021-2025/", "/hrap-2021-2025/commitments/", "/metrics/")
SETTINGS = {
    "DATABASE_URL": "postgres://tracker@database/tracker",
    "SITE_URL": f"https://{DOMAIN}",
    "SECRET_KEY": "drills-" * 10 + "abcdefgh",
    "TRUST_PROXY": "1",
    "LOG_FORMAT": "json",
    "HOST": "0.0.0.0",  # noqa: S104  (within a namespace)
    "TASK_WORKERS": "0",
    "SECOND_FACTOR": "none",
    "PROMETHEUS_TOKEN": "drills-drills-drills-drills",
    "PYTHONUNBUFFERED": "1",
}
CLONE_NEWNET = 0x40000000
CLOCK = os.sysconf("SC_CLK_TCK")


class Drill:
    """What is done, printed as it happens, and whether each promise was kept. ``with Drill(…)`` ends the process."""

    def __init__(self, title):
        self.title, self.broken, self.begun = title, [], time.monotonic()

    def __enter__(self):
        print(f"{self.title}\n{'=' * len(self.title)}", flush=True)
        return self

    def say(self, text):
        """A line of what was done or counted, with the seconds since the drill began."""
        print(f"{time.monotonic() - self.begun:6.1f} s  {text}", flush=True)

    def promise(self, text, kept, *seen):
        """A line for a promise, whether it was kept, and what was seen, at length where it was not."""
        seen = [" ".join(str(each).split())[: 160 if kept else 2000] for each in seen if each not in ("", None)]
        text += f": {'; '.join(seen)}" if seen else ""
        print(f"{'':10}{'KEPT  ' if kept else 'BROKEN'}  {text}", flush=True)
        if not kept:
            self.broken.append(text)

    def __exit__(self, kind, error, _trace):
        if error is not None:
            print(f"{'':10}BROKEN  {kind.__name__}: {error}", flush=True)
            self.broken.append(str(error))
        print(
            f"\nVerdict: {'every promise was kept' if not self.broken else f'{len(self.broken)} broken'}.", flush=True
        )
        if error is None:
            sys.exit(1 if self.broken else 0)


def needs(*names):
    """End with status 2 where a drill cannot be held: not as root, or a program is missing."""
    missing = [name for name in names if shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None]
    if os.geteuid() != 0:
        sys.exit("A drill needs root, for hosts in network namespaces. Nothing was tried.")
    if missing:
        print(f"Not to be found: {', '.join(missing)}. Nothing was tried.", file=sys.stderr)
        sys.exit(2)


class Stage:
    """The hosts, and what runs on them, for as long as the block runs."""

    def __init__(self):
        self.prefix = f"drill{os.getpid()}"
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-drill-"))
        self.folder.chmod(0o755)
        self.running = []

    def __enter__(self):
        wire = f"{self.prefix}-wire"
        names = "".join(f"192.0.2.{number} {name}\n" for name, number in HOSTS.items())
        _ip("netns", "add", wire)
        _ip("-n", wire, "link", "add", "wire", "type", "bridge")
        _ip("-n", wire, "link", "set", "wire", "up")
        for name, number in HOSTS.items():
            inside = self.inside(name)
            _ip("netns", "add", inside)
            known = Path("/etc/netns") / inside
            known.mkdir(parents=True)
            (known / "hosts").write_text(f"127.0.0.1 localhost\n192.0.2.{HOSTS['proxy']} {DOMAIN}\n{names}")
            _ip("-n", wire, "link", "add", f"to{number}", "type", "veth", "peer", "name", "eth0", "netns", inside)
            _ip("-n", wire, "link", "set", f"to{number}", "master", "wire", "up")
            _ip("-n", inside, "addr", "add", f"192.0.2.{number}/24", "dev", "eth0")
            for link in ("lo", "eth0"):
                _ip("-n", inside, "link", "set", link, "up")
            if name.startswith("site"):  # as compose.yaml and tracker.service set it
                self.run(name, "sysctl", "-q", "-w", "net.ipv4.tcp_migrate_req=1")
        return self

    def __exit__(self, *_error):
        for process in reversed(self.running):
            self.stop(process, patience=10)
        for name in [*HOSTS, "wire"]:
            _ip("netns", "delete", self.inside(name))
            shutil.rmtree(Path("/etc/netns") / self.inside(name), ignore_errors=True)
        if kept := os.environ.get("TRACKER_DRILL_LOGS"):
            for log in self.folder.glob("*.log"):
                shutil.copy(log, kept)
        shutil.rmtree(self.folder, ignore_errors=True)

    def inside(self, name):
        """The namespace of a host."""
        return f"{self.prefix}-{name}"

    def command(self, host, *command):
        """A command as it is run on a host, or on the machine itself: after whatever else this machine does."""
        within = ["ip", "netns", "exec", self.inside(host)] if host else []
        return [*within, "nice", "-n", "5", *map(str, command)]

    def run(self, host, *command, env=None, check=True):
        """Run a command on a host to its end; what it printed."""
        done = subprocess.run(
            self.command(host, *command), cwd=ROOT, env=_environment(env), capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))} on {host}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, host, *command, env=None, cwd=ROOT):
        """Begin a program on a host; what it says lies in a file of its own."""
        log = self.folder / f"{host}-{len(list(self.folder.glob('*.log')))}.log"
        with log.open("w") as file:
            process = subprocess.Popen(
                self.command(host, *command), cwd=cwd, env=_environment(env), stdout=file, stderr=file
            )
        process.host, process.log = host, log
        self.running.append(process)
        return process

    def stop(self, process, patience=60):
        """End a program as systemd does: ask it, wait, then end it."""
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(patience)
        if process.poll() is None:
            process.kill()
            process.wait()
        if process in self.running:
            self.running.remove(process)

    def wire(self, host, up):
        """Pull the cable of a host, or put it back."""
        _ip("-n", self.inside("wire"), "link", "set", f"to{HOSTS[host]}", "up" if up else "down")

    # What an operator runs.

    def redis(self):
        """Redis, by the command of compose.yaml."""
        compose = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
        command = compose["services"]["redis"]["command"]
        return self.start("redis", *command, "--bind", "*", "--protected-mode", "no")

    def site(self, host, folder=ROOT, **more):
        """The site on a host, and its process, which is the one that systemd would call main."""
        command = (sys.executable, "manage.py", "serve")
        return self.start(host, *command, env=SETTINGS | {"VAR": str(self.folder / "data")} | more, cwd=folder)

    def prepared(self, **more):
        """A database with the real plan and the invented one, by the service ``prepare`` of compose.yaml.

        Where ``TRACKER_DRILL_STATE`` names a folder, what is in it is taken, or left there for the next drill.
        """
        kept, data = os.environ.get("TRACKER_DRILL_STATE"), self.folder / "data"
        if kept and Path(kept, "postgres").is_dir():
            database = Postgres(self, Path(kept, "postgres"))
            shutil.copytree(Path(kept, "data"), data)
            return database
        database = Postgres(self)
        env = SETTINGS | {"VAR": str(data), "PLANS": "hrap-2021-2025"} | more
        self.run("site-a", sys.executable, "manage.py", "serve", "--prepare-only", env=env)
        self.run("site-a", sys.executable, "manage.py", "load_plan", "tests/plans/vellmark-2030", env=env)
        if kept:
            database.stop()
            subprocess.run(["cp", "-a", database.data, Path(kept, "postgres")], check=True)
            shutil.copytree(data, Path(kept, "data"))
            database.start()
        return database

    def publish(self, host):
        """Publish a figure on a host, by a process of its own; when it was public (``time.monotonic``)."""
        env = SETTINGS | {"VAR": str(self.folder / "data")}
        self.run(host, sys.executable, "-m", "tests.publishing", "prepare", 1, env=env)
        command = self.command(host, sys.executable, "-m", "tests.publishing", "one-by-one")
        with subprocess.Popen(command, cwd=ROOT, env=_environment(env), stdout=subprocess.PIPE) as process:
            if not process.stdout.readline().strip():
                raise RuntimeError("Nothing was published.")
            return time.monotonic()

    def caddy(self):
        """Caddy with the Caddyfile that ships; what Debian's older Caddy calls otherwise is put into its words."""
        text = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
        if self.run("proxy", "caddy", "version").lstrip("v").startswith(("2.4.", "2.5.", "2.6.")):
            text = text.replace("\t\trequest_buffers 1MB\n", "\t\tbuffer_requests\n")
            text = text.replace("\t\tresponse_buffers 4MB\n", "\t\tbuffer_responses\n\t\tmax_buffer_size 4MB\n")
        (self.folder / "Caddyfile").write_text(text, encoding="utf-8")
        home = {"DOMAIN": DOMAIN, "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder / "certificates")}
        return self.start("proxy", "caddy", "run", "--config", self.folder / "Caddyfile", env=home)

    def nginx(self):
        """nginx with the configuration that ships: the name and the certificate are put in, as an operator does."""
        key, certificate = self.folder / "key.pem", self.folder / "certificate.pem"
        self.run(
            *("proxy", "openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", f"/CN={DOMAIN}"),
            *("-keyout", key, "-out", certificate),
        )
        text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
        for written, ours in {
            "/etc/letsencrypt/live/tracker.example.org/fullchain.pem": certificate,
            "/etc/letsencrypt/live/tracker.example.org/privkey.pem": key,
            "tracker.example.org": DOMAIN,
        }.items():
            text = text.replace(written, str(ours))
        (self.folder / "tracker.conf").write_text(text, encoding="utf-8")
        # What is around it in Debian's own nginx.conf, but for its folders.
        whole = self.folder / "nginx.conf"
        whole.write_text(
            f"user www-data; worker_processes auto; pid {self.folder}/nginx.pid; daemon off; error_log stderr;\n"
            "events { worker_connections 768; }\n"
            "http { sendfile on; tcp_nopush on; include /etc/nginx/mime.types; access_log off;\n"
            f"include {self.folder}/tracker.conf; }}\n",
            encoding="utf-8",
        )
        return self.start("proxy", "nginx", "-c", whole)

    @contextlib.contextmanager
    def on(self, host):
        """Let this thread open its connections on a host."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as before, open(f"/run/netns/{self.inside(host)}") as there:
            if libc.setns(there.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(before.fileno(), CLONE_NEWNET)

    def ask(self, path, at="proxy", host="reader", patience=30, **headers):
        """One request on a connection of its own: status, headers, body; status 0 where there was no answer."""
        with self.on(host):
            return _ask(Connection(at, patience), path, headers)

    def wait_until(self, question, patience=240, every=0.05):
        """Seconds until a question has an answer that is true."""
        begun = time.monotonic()
        while not question():
            if time.monotonic() - begun > patience:
                raise RuntimeError(f"Nothing came of it in {patience} seconds.")
            time.sleep(every)
        return time.monotonic() - begun

    def ready(self, *hosts, patience=240):
        """Seconds until each of the hosts says that it can show pages."""
        return self.wait_until(lambda: all(self.ask("/readyz", at=host)[0] == 200 for host in hosts), patience)

    def wrk(self, path="/about/", seconds=10, connections=8, at=f"https://{DOMAIN}"):
        """What wrk counted: a dictionary of requests, failures by kind, and the 99th percentile in milliseconds."""
        script = self.folder / "count.lua"
        script.write_text(
            "done = function(s, l, r) e = s.errors\n"
            'io.write(string.format(\'\\n{"requests":%d,"connect":%d,"read":%d,"write":%d,"status":%d,'
            '"timeout":%d,"p99":%.1f}\', s.requests, e.connect, e.read, e.write, e.status, e.timeout, '
            "l:percentile(99)/1000)) end\n"
        )
        headers = ("-H", f"Host: {DOMAIN}", "-H", "X-Forwarded-Proto: https")  # where a host is asked by itself
        options = ("-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script, *headers)
        return json.loads(self.run("reader", "wrk", *options, f"{at}{path}").splitlines()[-1])


class Postgres:
    """A server of its own on the host of that name, which can be stopped and begun again."""

    def __init__(self, stage, copy_of=None):
        self.stage, self.data, self.programs = stage, stage.folder / "postgres", programs()
        if copy_of:
            subprocess.run(["cp", "-a", copy_of, self.data], check=True)
            self.start()
            return
        self.data.mkdir()
        shutil.chown(self.data, "postgres")
        self._do(
            "initdb", "--auth=trust", "--username=tracker", "--encoding=UTF8", "--no-sync", "-D", f"{self.data}/db"
        )
        with open(self.data / "db/pg_hba.conf", "a") as file:
            file.write("host all all 192.0.2.0/24 trust\n")
        self.start()
        self._do("createdb", "-h", str(self.data), "-U", "tracker", "tracker")

    def _do(self, program, *arguments):
        return self.stage.run("database", "runuser", "-u", "postgres", "--", self.programs / program, *arguments)

    def start(self):
        """Begin it, and wait until it answers."""
        options = f"-c listen_addresses=* -k {self.data} -c fsync=off -c shared_buffers=128MB"
        self._do("pg_ctl", "-D", f"{self.data}/db", "-o", options, "-w", "-s", "-l", f"{self.data}/log", "start")

    def stop(self, mode="fast"):
        """End it: ``fast`` sends its clients away, ``immediate`` is what a lost machine does."""
        self._do("pg_ctl", "-D", f"{self.data}/db", "-m", mode, "-w", "-s", "stop")

    def sql(self, text):
        """What a statement answers, as text."""
        return self._do("psql", "-h", str(self.data), "-U", "tracker", "-qAt", "-c", text, "tracker").strip()


class Connection(http.client.HTTPConnection):
    """A connection to the proxy by TLS, or to a host of the site as the proxy reaches it."""

    context = ssl._create_unverified_context()  # noqa: S323  (a certificate that the proxy made for the drill)

    def __init__(self, at, patience=30):
        super().__init__(f"192.0.2.{HOSTS[at]}", 443 if at == "proxy" else 8000, timeout=patience)
        self.at = at

    def connect(self):
        """Connect, with TLS where the proxy is asked."""
        super().connect()
        if self.at == "proxy":
            self.sock = self.context.wrap_socket(self.sock, server_hostname=DOMAIN)

    def ask(self, path, method="GET", body=None, **headers):
        """Status, headers and body of an answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.at != "proxy":
            named |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.30"}
        self.request(method, path, body=body, headers={"Host": DOMAIN} | named)
        response = self.getresponse()
        return response.status, response.headers, response.read()


def _ask(connection, path, headers):
    with contextlib.closing(connection):
        try:
            return connection.ask(path, **headers)
        except (OSError, http.client.HTTPException):
            return 0, {}, b""


class Readers:
    """Some readers, each with a connection that stays open, who ask for pages in turn and count what they are given.

    ``counts`` has how often each status came; whoever was given no answer has the name of the error in its place.
    ``answers`` has, for each answer, when it was asked for, its status, its seconds, its ETag and its address.
    """

    def __init__(self, stage, count=6, at="proxy", paths=PAGES, pause=0.02, host="reader"):
        self.stage, self.at, self.paths, self.pause, self.host = stage, at, paths, pause, host
        self.counts, self.answers, self._over = Counter(), [], threading.Event()
        self.threads = [threading.Thread(target=self._read, args=(number,)) for number in range(count)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._over.set()
        for thread in self.threads:
            thread.join()

    def _read(self, number):
        with self.stage.on(self.host):
            connection = Connection(self.at)
            while not self._over.is_set():
                path = self.paths[number % len(self.paths)]
                number += 1
                begun = time.monotonic()
                try:
                    status, headers, _body = connection.ask(path)
                    etag = headers.get("ETag", "")
                    if status == 503 and "Retry-After" not in headers:
                        status = "503 without Retry-After"
                except (OSError, http.client.HTTPException) as error:
                    status, etag = type(error).__name__, ""
                    connection.close()
                self.counts[status] += 1
                self.answers.append((begun, status, time.monotonic() - begun, etag, path))
                self._over.wait(self.pause)
            connection.close()

    def failed(self):
        """How many were given neither a page nor “it is the one that you have”."""
        return sum(count for status, count in self.counts.items() if status not in (200, 304))

    def say(self):
        """What was counted, in a line."""
        seconds = sorted(answer[2] for answer in self.answers) or [0]
        statuses = ", ".join(f"{count} × {status}" for status, count in self.counts.most_common())
        middle, slowest = statistics.median(seconds) * 1000, seconds[-1] * 1000
        return f"{len(self.answers)} requests: {statuses}; median {middle:.0f} ms, slowest {slowest:.0f} ms"


def signing_in():
    """Headers with the token that the form of the sign-in asks for."""
    token = "a" * 32
    return {
        "Cookie": f"csrftoken={token}",
        "X_CSRFToken": token,
        "Origin": SETTINGS["SITE_URL"],
        "Referer": SETTINGS["SITE_URL"] + "/",
        "Content_Type": "application/x-www-form-urlencoded",
    }


def workers(process):
    """The processes of the server below the one that keeps it running, as they are at the moment."""
    below = [pid for pid in children(process.pid) for pid in children(pid)]
    return sorted(below)


def children(pid):
    """Processes that a process has begun and that still run."""
    with contextlib.suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _environment(more):
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPYCACHEPREFIX") if name in os.environ}
    kept["PATH"] += ":/usr/sbin:/sbin"
    return kept | (more or {})


def interrupted(*_signal):
    """End a drill from outside so that its hosts go too."""
    raise KeyboardInterrupt


signal.signal(signal.SIGTERM, interrupted)
