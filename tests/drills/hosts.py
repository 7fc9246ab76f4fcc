"""Two hosts behind the proxy, under load: reload, replace one after the other, publish. Nobody may notice.

``python -m tests.drills.hosts [caddy|nginx]``
"""

import contextlib
import re
import shutil
import signal
import sys
import threading
import time

from tests.drills.stage import DOMAIN, ROOT, Connection, Drill, Readers, Stage, needs, workers

HOSTS = ("site-a", "site-b")
REDIS = {"REDIS_URL": "redis://redis:6379/0"}
STYLE = re.compile(rb'/static/tracker/site[^"]*\.css')
PUBLICATIONS = 4
HEALTH = 5  # seconds between two looks of the proxy at a host


def reload(drill, stage, sites):
    """What ``systemctl reload`` sends, to one host and then to the other."""
    with Readers(stage) as readers, besides(stage, 24) as load:
        for host, process in sites.items():
            before = set(workers(process))
            process.send_signal(signal.SIGHUP)
            seconds = stage.wait_until(lambda p=process, old=before: len(set(workers(p)) - old) == 2 == len(workers(p)))
            drill.say(f"{host}: two fresh workers {seconds:.1f} s after SIGHUP")
            stage.ready(host)
            time.sleep(1)
        load.wait()
    report(drill, readers, load, "reload")


def replace(drill, stage, sites):
    """Each host ends and begins again with other code, the second once the first is ready."""
    fresh = stage.folder / "fresh"
    left_out = shutil.ignore_patterns(".git*", ".venv", "var", "tests", "__pycache__")
    shutil.copytree(ROOT, fresh, ignore=left_out)
    with open(fresh / "tracker/static/tracker/site.css", "a") as file:
        file.write("\n/* another release */\n")
    styles, missing = styled(stage)
    with Readers(stage) as readers, besides(stage, 50) as load:
        stop = styles()
        for host in HOSTS:
            begun = time.monotonic()
            stage.stop(sites[host])
            ended = time.monotonic() - begun
            sites[host] = stage.site(host, folder=fresh, **REDIS)
            seconds = stage.ready(host)
            drill.say(f"{host}: ended in {ended:.1f} s, ready with other code {seconds:.1f} s after its start")
            time.sleep(HEALTH + 1)
        load.wait()
        stop()
    report(drill, readers, load, "replacing one host after the other")
    drill.promise(f"no page without its style sheet ({missing or 'none missed'})", not missing)


def styled(stage):
    """A reader who asks for the style sheet that a page names, as a browser does; what was missed."""
    over, missing = threading.Event(), []

    def read():
        with stage.on("reader"):
            while not over.is_set():
                with contextlib.closing(Connection("proxy")) as connection:
                    _status, _headers, page = connection.ask("/about/")
                    for address in set(STYLE.findall(page)):
                        status, _headers, _style = connection.ask(address.decode())
                        if status != 200:
                            missing.append(f"{address.decode()}: {status}")
                over.wait(0.05)

    def begin():
        thread = threading.Thread(target=read)
        thread.start()
        return lambda: (over.set(), thread.join())

    return begin, missing


@contextlib.contextmanager
def besides(stage, seconds):
    """wrk, with four connections, while the block runs and no longer than so many seconds."""
    load = threading.Event()
    found = {}

    def run():
        found.update(stage.wrk("/hrap-2021-2025/", seconds=seconds, connections=4))

    thread = threading.Thread(target=run)
    load.wait, load.found = thread.join, found
    thread.start()
    try:
        yield load
    finally:
        thread.join()


def report(drill, readers, load, what):
    """What readers and wrk counted, and whether anybody was failed."""
    failed = sum(load.found[name] for name in ("connect", "read", "write", "status", "timeout"))
    drill.say(f"readers: {readers.say()}")
    drill.say(f"wrk: {load.found['requests']} requests, {failed} failed, 99 % within {load.found['p99']:.0f} ms")
    drill.promise(f"{what}: no request failed", readers.failed() == failed == 0 < len(readers.answers))


def publish(drill, stage, database):
    """Publications on one host, while somebody reads each host by itself, and a third the proxy."""
    at = {"site-a": None, "site-b": None, "proxy": None}
    shown = {name: [] for name in at}
    with contextlib.ExitStack() as stack:
        readers = {name: stack.enter_context(Readers(stage, 2, name, ("/about/",), 0.01)) for name in at}
        time.sleep(2)
        for _number in range(PUBLICATIONS):
            public = stage.publish("site-a")
            head = database.sql("select left(hash, 12) from tracker_ledgerentry order by seq desc limit 1")
            for name, each in readers.items():
                stage.wait_until(lambda e=each, h=head: any(h in answer[3] for answer in e.answers[-20:]), every=0.002)
                first = min(begun + took for begun, _s, took, etag, _p in list(each.answers) if head in etag)
                shown[name].append(first - public)
    sequence = dict(
        line.split("|") for line in database.sql("select left(hash, 12), seq from tracker_ledgerentry").splitlines()
    )
    for name, each in readers.items():
        drill.say(f"{name}: newest head after {', '.join(f'{max(s, 0):.2f}' for s in shown[name])} s; {each.say()}")
        drill.promise(f"{name}: never an older page after a newer one", not backwards(each.answers, sequence))
    drill.promise("the newest head everywhere within 5 s of a publication", max(map(max, shown.values())) < 5)
    drill.promise("no request failed meanwhile", not any(each.failed() for each in readers.values()))


def backwards(answers, sequence):
    """Answers that were asked for after a newer one had come."""
    told = [
        (begun, begun + took, int(sequence[etag.split('"')[1].split("-")[0]]))
        for begun, status, took, etag, _path in answers
        if status == 200
    ]
    by_end, newest, older = sorted(told, key=lambda each: each[1]), 0, []
    ended = iter(by_end)
    following = next(ended, None)
    for begun, _end, head in sorted(told):
        while following and following[1] < begun:
            newest, following = max(newest, following[2]), next(ended, None)
        if head < newest:
            older.append((begun, head, newest))
    return older


def hold(drill, proxy):
    """The whole drill with one proxy."""
    with Stage() as stage:
        database = stage.prepared()
        stage.redis()
        sites = {host: stage.site(host, **REDIS) for host in HOSTS}
        drill.say(f"both hosts ready after {stage.ready(*HOSTS):.1f} s")
        getattr(stage, proxy)()
        stage.wait_until(lambda: stage.ask("/about/")[0] == 200, patience=120)
        drill.say(f"{proxy} answers at https://{DOMAIN}/ with status 200")
        for inside in ("/readyz", "/livez", "/prometheus"):
            drill.promise(f"{inside} is not shown outside", stage.ask(inside)[0] == 404)
        reload(drill, stage, sites)
        replace(drill, stage, sites)
        publish(drill, stage, database)
        for host in HOSTS:
            status, _headers, body = stage.ask(
                "/prometheus", at=host, Authorization="Bearer drills-drills-drills-drills"
            )
            drill.promise(f"{host} is measured after all that", status == 200 and b"tracker_log_entries" in body)


if __name__ == "__main__":
    needs("ip", "wrk", "caddy", "nginx", "redis-server")
    with Drill("Two hosts: reload, replace, publish") as drill:
        for proxy in sys.argv[1:] or ("caddy", "nginx"):
            print(f"\nBehind {proxy}", flush=True)
            hold(drill, proxy)
