"""make bench: how long the real server takes for the real plan, beside Datasette on the same rows and a bare view.

One connection that is kept open, one request after the other, as one reader's browser would ask. Nothing is asserted:
the figures depend on the machine, and so they are printed with it. The store of pages is off, so that each answer is
made anew, but for the addresses marked kept; those marked 304 are asked for with the version that the reader has.
Parts of pages that are the same for every reader are kept all the same, as they are in operation: so promises are also
asked for in turn, each once, of which next to nothing was written before.
"""

import contextlib
import csv
import dataclasses
import io
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path

import django

from tests.benchmarks import kept as kept_pages
from tests.benchmarks import large, peer
from tests.browser.serving import SERVER_ALONE, environment, serving

WARM_UP, ROUNDS, REQUESTS, SECONDS = 20, 4, 75, 0.8
PLAN = "/hrap-2021-2025"
API = "/api/v1/commitments/?plan=hrap-2021-2025"
ALL_FILTERS = (
    "category=I&category=II&kind=quantity&kind=law&kind=programme&level=outcome&level=process&level=structure"
    "&rule=reach&rule=milestone&rule=judge&beneficiary=everyone&beneficiary=children&body=none"
    "&deadline_after=2021-01-01&deadline_before=2025-12-31&q=the&sort=-title&page_size=100"
)

FILTERED = f"kind=law&level=structure&{peer.FACETS}"
SEARCHED = f"_search=water&kind=quantity&{peer.FACETS}"
ROWS = "_size=500&_shape=objects"


class Client:
    """A connection that stays open; opened anew, outside what is timed, where the server ended it between rounds."""

    def __init__(self, port, patience=30):
        self.connection = HTTPConnection("127.0.0.1", port, timeout=patience)

    def get(self, path, headers=None):
        """The answer, its length when read to its end, and the milliseconds that it took."""
        try:
            return self._timed(path, headers or {})
        except RemoteDisconnected:
            self.connection.close()
            self.connection.connect()
            return self._timed(path, headers or {})

    def _timed(self, path, headers):
        start = time.perf_counter()
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        length = len(response.read())
        return response, length, (time.perf_counter() - start) * 1000


@dataclasses.dataclass
class Address:
    """Something to ask for, and how long each answer took in milliseconds."""

    label: str
    client: Client
    path: str | Iterator  # several are asked for in turn
    headers: dict = dataclasses.field(default_factory=dict)
    status: int = 200
    length: int = 0
    times: list = dataclasses.field(default_factory=list)

    def ask(self, requests, seconds):
        """Ask so many times, or for so long."""
        until = time.monotonic() + seconds
        for _n in range(requests):
            path = self.path if isinstance(self.path, str) else next(self.path)
            response, self.length, took = self.client.get(path, self.headers)
            if response.status != self.status:
                raise SystemExit(f"{path} answered {response.status} where {self.status} was expected.")
            self.times.append(took)
            if time.monotonic() > until:
                break

    def at(self, share):
        """The time within which this share of the answers came."""
        return sorted(self.times)[int(len(self.times) * share)]

    @property
    def rate(self):
        return 1000 * len(self.times) / sum(self.times)


def measure(addresses):
    """Ask for each in turn, several times around, so that what else the machine does falls on all of them alike."""
    for address in addresses:
        address.ask(WARM_UP, SECONDS)
        address.times.clear()
    for _n in range(ROUNDS):
        for address in addresses:
            address.ask(REQUESTS, SECONDS)


def addresses(site, other, kept, bare):
    """What is measured: addresses of the site with what Datasette answers likewise, and others; the bare view last."""
    etag = site.get("/")[0].headers["ETag"]
    promise, codes = first_promise(site), promises(site)
    list_, rows = f"{PLAN}/commitments/", f"/{peer.DATABASE}/commitments"
    pairs = [
        (Address("home, every row", site, "/"), f"{rows}?_size=max&{peer.FACETS}"),
        (Address(f"commitment {promise}", site, f"{list_}{promise}/"), f"{rows}/{promise.replace('.', '~2E')}"),
        (
            Address("commitments, each once", site, (f"{list_}{code}/" for code in codes)),
            (f"{rows}/{code.replace('.', '~2E')}" for code in codes),
        ),
        (Address("explorer, facets", site, list_), f"{rows}?{peer.FACETS}"),
        (Address("explorer, filtered", site, f"{list_}?kind=law&level=structure"), f"{rows}?{FILTERED}"),
        (Address("explorer, searched", site, f"{list_}?q=water&kind=quantity"), f"{rows}?{SEARCHED}"),
        (Address("search of everything", site, "/search/?q=water"), f"{rows}?_search=water"),
        (Address("JSON of 500 rows", site, f"{API}&page_size=500"), f"{rows}.json?{ROWS}"),
    ]
    alone = [
        Address("section I.5", site, f"{PLAN}/rights/I.5/"),
        Address("explorer, all filters", site, f"{list_}?{ALL_FILTERS}"),
        Address("search, a slip", site, "/search/?q=kindergarden"),
        Address("CSV of all", site, f"{PLAN}/commitments.csv"),
        Address("JSON of all", site, f"{PLAN}/commitments.json"),
        Address("home, 304", site, "/", {"If-None-Match": etag}, 304),
        Address("home, kept", kept, "/", {"Accept-Encoding": "gzip"}),
        Address("home, kept, 304", kept, "/", {"If-None-Match": kept.get("/")[0].headers["ETag"]}, 304),
        Address("bare Django view", bare, "/"),
    ]
    beside = (
        [(mine, Address(mine.label, other, path)) for mine, path in pairs] if other else [(m, None) for m, _ in pairs]
    )
    return beside, alone


def promises(client, query=""):
    """Codes of promises in the order of the plan, by its file."""
    client.connection.request("GET", f"{PLAN}/commitments.csv{query}")
    file = io.StringIO(client.connection.getresponse().read().decode("utf-8-sig"))
    return [row["code"] for row in csv.DictReader(file)]


def first_promise(client):
    """Code of the first promise of section I.5."""
    return promises(client, "?category=I.5")[0]


def machine():
    """Where and on what the figures were taken."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True, check=False).stdout
    where = commit.stdout.strip() or "no git"
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, Django {django.get_version()}; "
        f"commit {where}{' with changes' if changed.strip() else ''}"
    )


def table(rows):
    """The figures side by side, each with how many times the bare view's p50 it takes."""
    floor = rows[-1].at(0.5)
    lines = [f"{'':26}{'p50 ms':>9}{'p95 ms':>9}{'req/s':>9}{'× bare':>9}{'bytes':>11}"]
    for each in rows:
        p50, p95 = each.at(0.5), each.at(0.95)
        lines.append(f"{each.label:26}{p50:9.2f}{p95:9.2f}{each.rate:9.0f}{p50 / floor:9.1f}{each.length:11,}")
    return "\n".join(lines)


def side_by_side(pairs):
    """The site beside Datasette: p50 and requests a second of both, and how many times as fast the site is."""
    lines = [f"{'':26}{'p50 ms':>9}{'req/s':>9}{'Datasette p50':>16}{'req/s':>9}{'× as fast':>11}"]
    for mine, theirs in pairs:
        ratio = theirs.at(0.5) / mine.at(0.5)
        ours = f"{mine.label:26}{mine.at(0.5):9.2f}{mine.rate:9.0f}"
        lines.append(f"{ours}{theirs.at(0.5):16.2f}{theirs.rate:9.0f}{ratio:11.1f}")
    return "\n".join(lines)


@contextlib.contextmanager
def beside(site, folder):
    """A client of Datasette on the rows of the site, for as long as the block runs; ``None`` where it is not there."""
    datasette = os.environ.get("PEER")
    if not datasette:
        print("Datasette is not installed, so nothing is compared with it: make bench installs it.")
        yield None
        return
    path = Path(folder) / f"{peer.DATABASE}.db"
    site.connection.request("GET", f"{PLAN}/commitments.csv")
    peer.write(path, site.connection.getresponse().read().decode("utf-8-sig"))
    with serving(peer.command(datasette, path), env=dict(os.environ), path="/-/versions.json") as port:
        yield Client(port)


def measure_larger(env, database):
    """The same questions of a site with ten thousand promises and a million updates: a table of the answers."""
    env = env | {"DATABASE_URL": f"sqlite:///{large.kept(database, env)}"}
    begun = time.monotonic()
    with serving(SERVER_ALONE, env=env, path="/livez") as port:  # a worker answers once it has read what is public
        ready = time.monotonic() - begun
        site, list_ = Client(port, patience=300), f"{PLAN}/commitments/"
        rows = [
            Address("explorer, facets", site, list_),
            Address("explorer, filtered", site, f"{list_}?kind=law&level=structure"),
            Address("explorer, searched", site, f"{list_}?q=water&kind=quantity"),
            Address("search of everything", site, "/search/?q=water"),
            Address("JSON of 500 rows", site, f"{API}&page_size=500"),
            Address("commitment", site, f"{list_}{first_promise(site)}/"),
        ]
        measure(rows)
    said = f"Ten thousand promises, a million updates; a worker is ready after {ready:.0f} s, and then, made anew:"
    return said + "".join(f"\n{each.label:26}{each.at(0.5):9.2f}{each.at(0.95):9.2f}{each.rate:9.0f}" for each in rows)


def main():
    """Measure the site, Datasette and the bare view, all up at once, and print them."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-", ignore_cleanup_errors=True) as folder:
        env = environment(Path(folder) / "db.sqlite3", folder)
        settings = env | {"DJANGO_SETTINGS_MODULE": "hrplan.settings"}
        uncached = env | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.uncached"}
        bare = env | {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.bare"}
        with (
            serving([sys.executable, "manage.py", "serve"], env=uncached) as site_port,
            serving(SERVER_ALONE, env=settings) as kept_port,
            serving(kept_pages.BARE, env=bare) as bare_port,
            beside(site := Client(site_port), folder) as other,
        ):
            pairs, alone = addresses(site, other, Client(kept_port), Client(bare_port))
            measure([each for pair in pairs for each in pair if each] + alone)
            crowd = kept_pages.beside(Client(kept_port), bare, Path(folder))
        within = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.kept"], env=settings, capture_output=True, text=True, check=True
        )
        dearest = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.dear"], env=settings, capture_output=True, text=True, check=True
        )
        larger = measure_larger(uncached, Path(folder) / "db.sqlite3")
    print(f"One connection, kept open; {ROUNDS} rounds of {REQUESTS} requests or {SECONDS} seconds for each address.")
    print(machine() + "\n")
    print(table([mine for mine, _theirs in pairs] + alone))
    if other:
        print("\n" + side_by_side(pairs))
    print(f"\nA kept page and a 304 beside others, asked by wrk, the best of {kept_pages.ROUNDS}:\n{crowd}")
    print(f"\nWhat they take the processor before the server sends anything:\n{within.stdout}")
    print(f"The dearest ten addresses, each made anew, by the process's own clock:\n{dearest.stdout}")
    print("\n" + larger)


if __name__ == "__main__":
    main()
