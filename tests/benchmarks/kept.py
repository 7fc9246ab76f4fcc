"""A page that is kept, and a 304, beside a bare Django view and nginx giving the same bytes; and what lies between.

Asked by wrk over one connection and over sixteen. In the process itself each part of an answer is timed by the
processor's clock, so that what else the machine does falls on nobody.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from io import BytesIO

from tests.browser.serving import BECOME, serving

BARE = [sys.executable, "-c", f"{BECOME}('tests.benchmarks.bare:ready')"]
SECONDS, ROUNDS, CONNECTIONS = 2, 3, (1, 16)
NGINX = """
daemon off; worker_processes 1; pid FOLDER/nginx.pid; error_log FOLDER/nginx.log;
events { worker_connections 64; }
http {
  access_log off; keepalive_requests 1000000; default_type text/html;
  client_body_temp_path FOLDER; proxy_temp_path FOLDER; fastcgi_temp_path FOLDER; uwsgi_temp_path FOLDER;
  scgi_temp_path FOLDER;
  server { listen 127.0.0.1:PORT; root FOLDER/nginx; add_header Content-Encoding gzip; }
}
"""


def nginx(body, folder):
    """The command that starts nginx with these bytes as its only page; ``None`` where it is not installed."""
    if not (program := shutil.which("nginx") or shutil.which("/usr/sbin/nginx")):
        return None
    (folder / "nginx").mkdir()
    (folder / "nginx" / "index.html").write_bytes(body)
    (folder / "nginx.conf").write_text(NGINX.replace("FOLDER", str(folder)), encoding="ascii")
    sed = f"sed s/PORT/$PORT/ {folder}/nginx.conf > {folder}/nginx-port.conf"
    return ["sh", "-c", f"{sed}; exec {program} -p {folder} -c {folder}/nginx-port.conf 2>/dev/null"]


def rate(port, connections, headers=()):
    """Answers a second that wrk gets over so many connections."""
    named = [each for header in ("Accept-Encoding: gzip", *headers) for each in ("-H", header)]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", *named, f"http://127.0.0.1:{port}/"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"Requests/sec:\s*([0-9.]+)", said)[1])


def beside(client, bare_env, folder):
    """What the site that keeps its pages, the bare view and nginx answer a second, in turn: lines of a table."""
    if not shutil.which("wrk"):
        return "wrk is not installed (apt install wrk), so kept pages are not asked for over several connections."
    client.connection.request("GET", "/", headers={"Accept-Encoding": "gzip"})
    response = client.connection.getresponse()
    body, etag = response.read(), f"If-None-Match: {response.headers['ETag']}"
    (folder / "body").write_bytes(body)
    with ExitStack() as servers:
        bare = servers.enter_context(serving(BARE, env=bare_env))
        same = servers.enter_context(serving(BARE, env=bare_env | {"BODY": str(folder / "body")}))
        asked = {
            "bare Django view": (bare, ()),
            "bare view, same bytes": (same, ()),
            "kept page": (client.connection.port, ()),
            "kept page, 304": (client.connection.port, (etag,)),
        }
        if command := nginx(body, folder):
            asked["nginx, same bytes"] = (servers.enter_context(serving(command, env=dict(os.environ), path="/")), ())
        rates = {(label, n): [] for n in CONNECTIONS for label in asked}
        for _n in range(ROUNDS):
            for (label, n), found in rates.items():
                found.append(rate(asked[label][0], n, asked[label][1]))
    best = {key: max(found) for key, found in rates.items()}
    lines = [f"{'':26}" + "".join(f"{f'req/s at {n}':>12}{'× bare':>9}{'× same':>9}" for n in CONNECTIONS)]
    for label in asked:
        cells = "".join(
            f"{best[label, n]:12.0f}{best['bare Django view', n] / best[label, n]:9.2f}"
            f"{best['bare view, same bytes', n] / best[label, n]:9.2f}"
            for n in CONNECTIONS
        )
        lines.append(f"{label:26}{cells}")
    if not command:
        lines.append("nginx is not installed (apt install nginx), so nothing is said of it.")
    return "\n".join(lines)


def _environ(**more):
    names = {"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "SERVER_PORT": "80"}
    names |= {"SERVER_NAME": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_ACCEPT_ENCODING": "gzip"}
    return names | {"wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "wsgi.errors": BytesIO()} | more


def _microseconds(work, times=400):
    """What a piece of work takes the processor, the best of five."""
    best = float("inf")
    for _try in range(5):
        begun = time.thread_time()
        for _n in range(times):
            work()
        best = min(best, (time.thread_time() - begun) / times * 1e6)
    return best


def parts():
    """Microseconds of the processor that a kept page takes in the process, and its parts."""
    from django.core.cache import caches
    from django.core.handlers.wsgi import WSGIRequest
    from django.db import close_old_connections
    from django.http import HttpResponse

    from tracker.caching.doorway import Doorway
    from tracker.caching.pages import version_of
    from tracker.snapshot.cache import read_snapshot

    application, headers = Doorway(), {}

    def answered(**more):
        b"".join(application(_environ(**more), lambda _status, named: headers.update(named)))

    answered()
    answered()
    snapshot, page = read_snapshot(), (dict.fromkeys(headers, "x" * 40), b"x" * int(headers["Content-Length"]))
    caches["pages"].set("example", page)
    measured = {
        "a kept page in the process": answered,
        "a 304 in the process": lambda: answered(HTTP_IF_NONE_MATCH=headers["ETag"]),
        "of that: has the log grown": read_snapshot,
        "of that: its version and address": lambda: version_of(WSGIRequest(_environ()), snapshot),
        "of that: the store of pages": lambda: caches["pages"].get("example"),
        "of that: an answer with its headers": lambda: HttpResponse(page[1], headers=page[0]),
        "of that: a connection that has ended?": close_old_connections,
        "of that: the request as Django has it": lambda: WSGIRequest(_environ()),
    }
    return "\n".join(f"{label:40}{_microseconds(work):8.0f} µs" for label, work in measured.items())


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(parts() + "\n")
