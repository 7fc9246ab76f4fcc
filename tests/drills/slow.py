"""What strangers do to stop a site, done to it without a proxy while others read: slow, silent, greedy, guessing.

``tests/drills/proxy.py`` does the same behind each proxy that ships.
"""

import contextlib
import http.client
import socket
import threading
import time
from collections import Counter

from tests.drills.stage import CLOCK, DOMAIN, PAGES, Connection, Drill, Readers, Stage, needs, signing_in, workers

FORM = "/corrections/report/promise/vellmark-2030/I.1.1a/"
HEAD = f"Host: {DOMAIN}\r\nX-Forwarded-Proto: https\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SECONDS = 12  # for which each of them goes on
PATIENCE = 5  # seconds for a page meanwhile, on a machine that does everything at once
SIGN_INS = 120


class Strangers:
    """So many connections, each of which has sent something, and goes on with a byte a second where it is to."""

    def __init__(self, stage, at, count, first=b"", drips=False, small=False, speaks=True):
        self.stage, self.at, self.count, self.first = stage, at, count, first
        self.drips, self.small, self.speaks = drips, small, speaks
        self.opened, self.refused, self.over = [], 0, threading.Event()

    def __enter__(self):
        with self.stage.on("stranger"):
            for _number in range(self.count):
                try:
                    self.opened.append(self._open())
                except OSError:
                    self.refused += 1
        self.thread = threading.Thread(target=self._drip)
        self.thread.start()
        return self

    def _open(self):
        plain = Connection(self.at)
        connection = socket.socket()
        if self.small:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(15)
        connection.connect((plain.host, plain.port))
        if self.speaks and self.at == "proxy":
            connection = plain.context.wrap_socket(connection, server_hostname=DOMAIN)
        if self.first:
            connection.sendall(self.first)
        return connection

    def _drip(self):
        while not self.over.wait(1):
            for connection in self.opened if self.drips else ():
                with contextlib.suppress(OSError):
                    connection.sendall(b"a")

    def __exit__(self, *_error):
        self.over.set()
        self.thread.join()
        for connection in self.opened:
            connection.close()


def lasting(drill, stage, site, what, strangers):
    """Let strangers do something for a while; whether everybody else was given pages, and what it cost."""
    before = processor(site)
    with strangers, Readers(stage, 4, strangers.at, PAGES, 0.05) as others:
        time.sleep(SECONDS)
    slowest = max((answer[2] for answer in others.answers), default=SECONDS)
    cost = processor(site) - before
    drill.say(f"{what}: others: {others.say()}; {cost:.1f} s of the site's processor")
    fine = others.failed() == 0 and slowest < PATIENCE
    drill.promise(f"{what}: others have their pages within {PATIENCE} s", fine)


def processor(site):
    """Seconds of the processor that the workers of a site have taken."""
    found = 0.0
    for pid in workers(site):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
            found += sum(map(int, file.read().rpartition(")")[2].split()[11:13])) / CLOCK
    return found


def cookies(drill, stage, site, at):
    """A Cookie header that takes Python before 3.11.10 seconds to minutes."""
    for size in (9_000, 190_000):
        before, begun = processor(site), time.monotonic()
        try:
            with stage.on("stranger"), contextlib.closing(Connection(at, 30)) as connection:
                status = connection.ask("/", Cookie='a="' + '\\"' * (size // 2) + '"')[0]
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__  # hung up on
        cost = processor(site) - before
        drill.say(f"Cookie of {size} bytes: {status} after {time.monotonic() - begun:.2f} s, {cost:.2f} s of processor")
        drill.promise("it is refused and costs nothing", status != 200 and cost < 0.5)


def half_open(drill, stage, site, at, address):
    """Connections that say nothing, or never end what they say, with wrk beside."""
    slow = f"GET /about/ HTTP/1.1\r\n{HEAD}X-Slow: ".encode()
    for what, count, options in (
        ("130 who say nothing", 130, {"speaks": False}),
        ("500 who say nothing", 500, {"speaks": False}),
        ("200 whose request never ends", 200, {"first": slow, "drips": True}),
    ):
        with Strangers(stage, at, count, **options) as strangers:
            load = stage.wrk("/about/", seconds=8, connections=8, at=address)
        failed = sum(load[name] for name in ("connect", "read", "write", "status", "timeout"))
        drill.say(
            f"{what} ({len(strangers.opened)} connected): wrk: {load['requests']} requests, {failed} failed, "
            f"99 % within {load['p99']:.0f} ms"
        )
        drill.promise(f"{what}: others have their pages", load["requests"] > 100 and failed == 0)
        stage.ready("site-a", patience=60)


def sign_ins(drill, stage, database, at):
    """Somebody who guesses at one account, with much said beside it."""
    size = "select coalesce(sum(pg_total_relation_size(relid)), 0) from pg_stat_user_tables"
    before, counts, begun = int(database.sql(size)), Counter(), time.monotonic()
    query = "&".join(f"a{n}={'x' * 100}" for n in range(8))
    with stage.on("stranger"), contextlib.closing(Connection(at, 30)) as connection:
        for _number in range(SIGN_INS):
            body = f"username=edith&password=wrong&junk={'x' * 900}"
            status = connection.ask(f"/admin/login/?{query}", "POST", body, **signing_in())[0]
            counts[status] += 1
    grown = int(database.sql(size)) - before
    told = ", ".join(f"{count} × {status}" for status, count in counts.items())
    drill.say(f"{SIGN_INS} sign-ins under one name in {time.monotonic() - begun:.1f} s: {told}; {grown / 1024:.0f} kB")
    drill.promise("locked after eight, and a few kB kept of it", counts[200] <= 8 and grown < 256 * 1024)


def hold(drill, proxy):
    """All of it behind a proxy, or without one."""
    with Stage() as stage:
        database = stage.prepared()
        site = stage.site("site-a")
        at, address = ("site-a", "http://site-a:8000") if proxy == "alone" else ("proxy", f"https://{DOMAIN}")
        if proxy != "alone":
            getattr(stage, proxy)()
        stage.ready("site-a")
        begun_with = workers(site)
        stage.wait_until(lambda: stage.ask("/about/", at=at)[0] == 200, patience=120)
        stage.wait_until(lambda: stage.ask("/ledger.jsonl", at=at, patience=120)[0] == 200, patience=120)
        cookies(drill, stage, site, at)
        for count, where in ((4, "/"), (4, FORM), (40, "/"), (40, FORM)):
            slow = f"POST {where} HTTP/1.1\r\n{HEAD}Content-Length: 100000\r\n\r\na".encode()
            senders = Strangers(stage, at, count, slow, drips=True)
            lasting(drill, stage, site, f"{count} slow senders to {where[:13]}", senders)
        lazy = f"GET /ledger.jsonl HTTP/1.1\r\n{HEAD}\r\n".encode()
        for count in (6, 40):
            readers = Strangers(stage, at, count, lazy, small=True)
            lasting(drill, stage, site, f"{count} who ask for the log and do not read", readers)
        half_open(drill, stage, site, at, address)
        if proxy != "alone":
            addresses(drill, stage, site)  # before one address has tried so often that it is asked to wait
        sign_ins(drill, stage, database, at)
        drill.promise("no worker died", workers(site) == begun_with)


def addresses(drill, stage, site):
    """Somebody who writes other addresses than his own into what the proxy notes."""
    with stage.on("stranger"), contextlib.closing(Connection("proxy", 30)) as connection:
        named = {"X_Forwarded_For": "203.0.113.9, 203.0.113.8", "Forwarded": "for=203.0.113.9"}
        connection.ask("/admin/login/", "POST", "username=forger&password=wrong", **signing_in(), **named)
    with stage.on("stranger"), contextlib.closing(Connection("proxy", 30)) as connection:
        connection.putrequest("POST", "/admin/login/", skip_host=True)
        body = b"username=forger&password=wrong"
        lines = {"Host": DOMAIN, "Content-Length": str(len(body)), "X_Forwarded_For": "203.0.113.9"} | {
            name.replace("_", "-"): value for name, value in signing_in().items()
        }
        for name, value in lines.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        connection.getresponse().read()
    refused = [line for line in site.log.read_text().splitlines() if "'forger'" in line]
    own = [line for line in refused if "refused from 192.0.2.31 as" in line]
    drill.promise("who forges an address is noted with his own", len(refused) == len(own) == 2)


if __name__ == "__main__":
    needs("ip", "wrk")
    with Drill("Strangers at the door, without a proxy") as drill:
        hold(drill, "alone")
