"""What every public address costs the process that answers it, each asked once by a worker that has just begun.

A worker that has read today's snapshot, and answered nothing of it yet, is copied for each address; the copy counts its
own seconds of the processor and its own memory, so that what else the machine does falls on nobody. What is over the
limit is counted in the seconds that the machine takes for a known piece of work just then: busy cores share caches and
clocks. What a past day takes to be read is counted once and charged to each address that asks for that day.

``python -m tests.benchmarks.dear`` prints the dearest ten of the site that the environment names. With ``--all`` a copy
answers one address after another for as long as all of them together cost no more than one may: whatever one of them
makes, the others make too or find made, so that none of them costs more by itself. So it does with ``--day``, without
what costs as much as another address that is asked.
"""

import ast
import datetime
import gc
import json
import os
import re
import resource
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
from io import BytesIO
from pathlib import Path
from unittest import mock
from urllib.parse import unquote, urlencode, urlsplit

import django

from tests.costs import cost_of

SECONDS, MEGABYTES = 0.3, 64  # what a request may cost
SLACK = 1.5  # for what the known work does not show of a machine's other guests
KNOWN_WORK = 0.025  # seconds that it takes on the machine of which the limit speaks
MAKER = "manage.py make_answer"  # each answer that it makes, and the memory of the whole process
PROJECT = Path(__file__).parents[2]
MANY = 900  # values of one parameter: as many as an address holds
# Whose addresses are for the staff, or change something; sending is counted elsewhere.
NOT_ASKED = ("/admin/", "/desk/", "/corrections/report/", "/corrections/outcome/")
# Asked for as of today alone: what a past day costs more is the same for all of a kind, and these stand for theirs.
ONE_DAY = ("/data/", "/api/", "/cards/", "/corrections/", "/healthz", "/files/", "/favicon", "/robots", "/.well-known/")
# By day these too: what is short whatever the day, and what is refused as of a past day as the ledger is.
SHORT = re.compile(r"csv-metadata|chart\.vl|series\.csv|cite|annotation\.|^/(feeds/c|ledger.|oembed|search|\w+\.)")
FEW = 12  # values of a parameter: with fewer, a list costs what it costs without
BOTH_DAYS = ("/data/", "/data/everything.zip", "/data/ledger.csv", "/data/assessments.json", "/api/v1/updates/")


@dataclass(frozen=True)
class Asked:
    """What an address cost: seconds and MB, with the status of the answer and its bytes."""

    address: str
    seconds: float
    megabytes: float
    status: int
    length: int


def known_work():
    """Seconds that a known piece of work takes now: texts, pairs and a sorted list, as a page has them."""
    begun = time.process_time()
    sorted({str(number * 7919 % 30_011): (number, str(number)) for number in range(30_000)}.items())
    return time.process_time() - begun


def _at_its_pace(seconds):
    """What would take seconds now on the machine of which the limit speaks."""
    return seconds / max(1.0, (known_work() + known_work()) / 2 / KNOWN_WORK)


def ask(application, address):
    """Status and length of an answer, read to its end."""
    from django.conf import settings

    parts, answered = urlsplit(address), []
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path, "latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(settings.PORT),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_ACCEPT_ENCODING": "gzip",
        "REMOTE_ADDR": "",  # nobody, who is not asked to wait
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
    }
    response = application(environ, lambda status, _headers: answered.append(int(status[:3])))
    length = sum(map(len, response))
    response.close()
    return answered[0], length


def begin():
    """The site in this process, as a worker has it that has read today's snapshot, and answered nothing of it yet."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.template.loader import get_template

    from tracker.snapshot.cache import read_snapshot

    application = WSGIHandler()
    ask(application, "/nowhere/")
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        get_template(path.relative_to(settings.BASE_DIR / "templates").as_posix())
    read_snapshot()
    connection.close()  # each copy opens its own
    gc.collect()
    gc.freeze()  # a copy that looked at everything would be charged for it
    return application


def of_a_past_day(application, listed, on, known):
    """What addresses cost that ask for one past day, each with the reading of that day."""
    from django.db import connection

    from tracker.filters.dates import snapshot_of
    from tracker.snapshot.cache import read_snapshot

    def read():
        begun = time.process_time()
        snapshot_of({"on": on, "known": known}, read_snapshot())
        return _at_its_pace(time.process_time() - begun)

    days = [cost_of(read) for _try in range(3)]
    read()
    connection.close()
    gc.collect()
    gc.freeze()
    seconds, megabytes = min(float(day.outcome) for day in days), min(day.megabytes for day in days)
    yield from costs(application, listed, seconds, megabytes)


def costs(application, listed, seconds=0.0, megabytes=0.0):
    """What each of the addresses costs, and so much more."""
    waiting = list(listed)
    while waiting:
        asked = _together(application, waiting, seconds, megabytes) if sys.argv[1:] else []
        yield from (asked := asked or [cost(application, waiting[0], seconds, megabytes)])
        del waiting[: len(asked)]


def _together(application, waiting, more_seconds, more_megabytes):
    """What the first of some addresses cost together, up to the one that is too much; none where the first is that."""

    def work():
        begun, before, answered = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, []
        took = more_seconds
        for address in waiting:
            if took > (SLACK * SECONDS + more_seconds) / 2:  # the next one might be asked in vain
                break
            status, length = ask(application, address)
            took = time.process_time() - begun + more_seconds
            megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 + more_megabytes
            if took > SLACK * SECONDS or megabytes > MEGABYTES:
                break
            answered.append((took, megabytes, status, length))
        return answered

    answered = ast.literal_eval(cost_of(work, most_seconds=60).outcome)
    return [Asked(address, *each) for address, each in zip(waiting, answered, strict=False)]


def cost(application, address, seconds=0.0, megabytes=0.0):
    """What an address costs a copy of this process, and so much more; of three over a limit, the cheapest."""
    tries = []
    for _try in range(3):
        asked = _cost(application, address, seconds, megabytes)
        tries.append(asked)
        if asked.seconds <= SECONDS and asked.megabytes <= MEGABYTES:
            break
    return min(tries, key=lambda each: (each.megabytes > MEGABYTES, each.seconds))


def _cost(application, address, more_seconds, more_megabytes):
    def work():
        begun = time.process_time()
        status, length = ask(application, address)
        took = time.process_time() - begun
        if took + more_seconds > SECONDS:  # a busy machine makes it longer, never shorter
            took = _at_its_pace(took)
        return took + more_seconds, status, length

    charged = cost_of(work, most_seconds=60)
    try:
        seconds, status, length = ast.literal_eval(charged.outcome)
    except (SyntaxError, ValueError):
        raise AssertionError(f"{address}: {charged.outcome}") from None
    return Asked(address, seconds, charged.megabytes + more_megabytes, status, length)


def routes():
    """Routes of the site map that anybody may ask for: each with its name and the names of its parts."""
    from django.urls import get_resolver

    for route, (name, parts) in _routes(get_resolver().url_patterns):
        if not f"/{route}".startswith(NOT_ASKED):
            yield name, parts


def _routes(patterns, before="", outer=()):
    for pattern in patterns:
        route, parts = before + str(pattern.pattern), (*outer, *pattern.pattern.converters)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route, parts)
        else:
            yield route, (pattern.name, parts)


def _examples(snapshot):
    """For each part of an address the one of which most is known, by the first word of the route's name."""
    plan = snapshot.default_plan

    def most(rows, count):
        return max(rows, key=count, default="")

    def rows_of(code):
        return len(plan.updates[code]) + len(plan.findings[code])

    drawn = (code for code in plan.commitments if any(u.value is not None for u in plan.updates[code]))
    chart = most(drawn, rows_of)
    return {
        "right": most(plan.categories, lambda code: len(plan.by_category[code])),
        "plan": plan.code,
        "norm": next(iter(snapshot.norms), ""),
        "provision": most(plan.provisions, lambda code: len(plan.by_provision[code])),
        "commitment": most(plan.commitments, rows_of),
        "chart": chart,
        "series": plan.commitments[chart].metric if chart else "",
        "baseline": next(iter(plan.baseline), ""),
        "people": most(snapshot.groups, lambda code: sum(code in c.groups for c in plan.rows)),
        "metric": most(snapshot.metrics, lambda code: len(snapshot.by_metric[code])),
        "instrument": most(snapshot.instruments, lambda code: len(plan.by_instrument.get(code, ()))),
        "source": next(iter(snapshot.sources)),
        "recommendation": next(iter(snapshot.recommendations), ""),
        "recommendation-link": next((code for each in plan.by_recommendation.values() for code in [each[0].code]), ""),
        "link": next((link.code for links in plan.links.values() for link in links), ""),
        "body": most(snapshot.bodies, lambda code: len(snapshot.named_by[code])),
    }


def addresses(day, known):
    """What is asked for, as a list, said by a copy of this process, so that nothing that it takes is left in memory.

    Every route with the dearest example of each part, as of a past day, and with every parameter and many values.
    """
    from tracker.snapshot.cache import read_snapshot

    dated = {"on": day, "known": known}
    return ast.literal_eval(cost_of(lambda: list(dict.fromkeys(_addresses(read_snapshot(), dated)))).outcome)


def _addresses(snapshot, dated):
    from tracker.api.resources import RESOURCES

    paths = one_of_each_route(snapshot)
    yield from paths
    of_a_day = [path for path in paths if path in BOTH_DAYS or not path.startswith(ONE_DAY)]
    yield from (f"{path}?{urlencode(dated)}" for path in of_a_day if not (_by_day() and SHORT.search(path)))
    yield from _with_parameters(snapshot.default_plan, dated, [f"/api/v1/{each.name}/" for each in RESOURCES], snapshot)


def one_of_each_route(snapshot):
    """An address of each route that anybody may ask for, with the dearest example of its parts; of each table."""
    from django.urls import reverse

    from tracker.exports.tables import TABLES

    plan, examples = snapshot.default_plan, _examples(snapshot)
    paths = []
    for name, parts in routes():
        kind = name.removeprefix("api-").removeprefix("embed-").removeprefix("card-").removeprefix("feed-")
        given = {
            "plan": plan.code,
            "code": _code_of(kind, examples, name),
            "entry": str(snapshot.head),
            "seq": snapshot.head,
            "old": 1,
            "tile": ("entries", 0, 256),
        }
        given |= {"instrument": examples["instrument"], "file_hash": "0" * 64}
        if "instrument" in parts:
            given["number"] = snapshot.norms_of[examples["instrument"]][0].number
        if "table" in parts:
            paths += [reverse(name, kwargs={"table": table}) for table in TABLES]
        else:
            paths.append(reverse(name, kwargs={part: given[part] for part in parts}))
    return paths


def _code_of(kind, examples, name):
    if name in ("commitment-chart", "metric-chart"):
        return examples["chart" if name == "commitment-chart" else "series"]
    if name == "instrument-detail":
        return examples["instrument"]
    first = {"annotation": "commitment", "cite": "commitment", "adherences": "instrument"}.get(kind.split("-")[0])
    first = "link" if kind.startswith("norm-links") else first
    first = "recommendation-link" if kind.startswith("recommendation-links") else first
    kinds = {"commitments": "commitment", "categories": "right", "provisions": "provision", "metrics": "metric"}
    kinds |= {
        "plans": "plan",
        "norms": "norm",
        "bodies": "body",
        "sources": "source",
        "instruments": "instrument",
        "groups": "people",
        "recommendations": "recommendation",
    }
    return examples.get(first or kinds.get(kind.removesuffix("-detail"), kind.split("-")[0]), "")


def _with_parameters(plan, dated, lists, snapshot):
    """Each parameter of lists, files and feeds, by itself, repeated, and with the others."""
    from tracker.filters.base import form_of
    from tracker.filters.baseline import BaselineFilter
    from tracker.filters.commitments import SORTS, CommitmentFilter
    from tracker.filters.parameters import MOST_VALUES

    letters = " ".join("abcdefghijklmnopqrstuvwxyz")
    for filterset, name in ((CommitmentFilter, "commitments"), (BaselineFilter, "baseline")):
        page, rows = f"/{plan.code}/{name}/", f"/api/v1/{name}/?plan={plan.code}&page_size=1000"
        for parameter, field in form_of(snapshot, filterset, plan.code).base_fields.items():
            values = [value for value, _words in getattr(field, "pairs", ())]
            if not values or (_by_day() and len(values) < FEW):
                continue
            each = urlencode([(parameter, value) for value in values[:MOST_VALUES]])
            yield f"{page}?{each}"
            if parameter in ("category", "body", "commitment", "norm"):
                yield from (
                    f"{before}{urlencode([(parameter, values[0])] * MANY)}" for before in (f"{page}?", f"{rows}&")
                )
                yield from (f"{page}?{urlencode([(parameter, value) for value in values])}", f"{rows}&{each}")
    page = f"/{plan.code}/commitments/"
    queries = (letters, "the of and to in", "water " * 60, "the", '"the people"', "x" * 2000)
    for query in queries[:3] if _by_day() else queries:
        yield from (f"{page}?{urlencode({'q': query})}", f"{page}?{urlencode({'q': query, 'sort': 'relevance'})}")
        yield f"/api/v1/commitments/?{urlencode({'q': query, 'page_size': 1000})}"
    yield f"{page}?{urlencode([('sort', sort) for sort in SORTS] + [('page_size', '100'), *dated.items()])}"
    for form in ("csv", "json", "xlsx"):
        yield from (f"/{plan.code}/commitments.{form}?{urlencode(days)}" for days in ({"on": dated["on"]}, dated))
    yield from (f"{path}?page_size=1000" for path in lists)
    yield f"/api/v1/commitments/?{urlencode({'page_size': 1000, 'entry': snapshot.head // 2})}"
    yield from (f"/{plan.code}/changes/?by={by}&show=all" for by in ("publication", "events"))
    yield f"/{plan.code}/compare/?{urlencode({'from': plan.starts_on, 'to': dated['on'], 'known': dated['known']})}"
    yield f"/feeds/{plan.code}/changes.atom?{urlencode({'kind': 'law', **dated})}"
    parts = sorted((code for code in plan.categories if "." not in code), key=lambda code: -len(plan.by_category[code]))
    yield from (f"/{plan.code}/report/?category={code}" for code in (parts[:1] if _by_day() else parts))


def _by_day():
    return "--day" in sys.argv


def made(listed):
    """What the process costs that makes answers apart, and then each of those addresses, which lie in files."""
    known, before = known_work(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "manage.py", "make_answer", *listed, "--verbosity=0"]
    subprocess.run(command, check=True, cwd=PROJECT, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    pace = max(1.0, (known + known_work()) / 2 / KNOWN_WORK)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield Asked(MAKER, took / pace / len(listed), after.ru_maxrss / 1024, 200, len(listed))
    with made_apart():
        application = begin()
        yield from costs(application, listed)


def made_apart():
    """For as long as a block runs, the process that makes dear answers is not waited for: its seconds are its own."""
    return mock.patch("subprocess.run", return_value=None)


def table(costs, rows=10):
    """The dearest as lines."""
    dearest = sorted(costs, key=lambda each: -each.seconds)[:rows]
    lines = [f"{'CPU ms':>8}{'MB':>7}{'status':>8}{'bytes':>11}  address"]
    for each in dearest:
        address = each.address if len(each.address) < 90 else f"{each.address[:87]}…"
        lines.append(f"{each.seconds * 1000:8.0f}{each.megabytes:7.1f}{each.status:8}{each.length:11,}  {address}")
    return "\n".join(lines)


def main():
    """Ask for everything once, and print the dearest ten; with an argument all that was asked for, as JSON."""
    from django.utils import timezone

    from tracker.management.commands.make_answer import dear_addresses
    from tracker.models import LedgerEntry

    ends = LedgerEntry.objects.order_by("seq")
    first, last = (timezone.localtime(entry.at).date() for entry in (ends.first(), ends.last()))
    on, known = datetime.date(2024, 3, 5), first + (last - first) / 2
    with made_apart():
        application = begin()
        listed = addresses(str(on), str(known))
        of_that_day = [each for each in listed if each.endswith(urlencode({"on": on, "known": known}))]
        asked = list(costs(application, [each for each in listed if each not in of_that_day]))
    asked += made([each for each in dear_addresses() if each in listed])
    with made_apart():
        asked += of_a_past_day(application, of_that_day, on, known)
    print(json.dumps([astuple(each) for each in asked]) if sys.argv[1:] else table(asked))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrplan.settings")
    django.setup()
    main()
