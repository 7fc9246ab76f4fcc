"""Fifty people press “Publish” at once, on either database: each on a figure of her own, then all on the same one.

``python -m tests.drills.publishers [sqlite|postgresql]``. Each figure is published once and has one entry; whoever came
later reads a sentence; nobody is given a 500.
"""

import re
import statistics
import sys
import threading
import time

from . import data
from .data import Person, counted, served, whole, within
from .stage import Drill

STAFF = 50
PUBLISHED = re.compile(r"Published as log entry (\d+)")
ALREADY = "It is published already, and what is published is not changed."


def main(vendors=data.VENDORS):
    """All of it, on each database."""
    with Drill(f"{STAFF} people publish at once") as drill:
        for vendor in vendors:
            drill.say(f"on {vendor}")
            with data.site(vendor, figures=STAFF + 1, reviewers=STAFF, WORKERS="2") as env:
                with served(env) as port:
                    at_once(drill, env, [Person(port, f"rana-{n}") for n in range(STAFF)])
                drill.promise("chain, tables, files and guards are whole", not (amiss := whole(env)), amiss)


def at_once(drill, env, people):
    """Everybody has opened a page, and all press the button at one moment."""
    *own, same = within(env, "state")["waiting"]
    entries = within(env, "state")["entries"]
    for what, rows in (("a figure of her own", own), ("the same figure", [same] * STAFF)):
        answers = pressed(people, rows)
        done = [int(found[1]) for answer, _s in answers if (found := PUBLISHED.search(answer.words))]
        statuses = counted(answer.status for answer, _s in answers)
        seconds = sorted(s for _answer, s in answers)
        times = f"{statistics.median(seconds):.2f} s at the median, {seconds[-1]:.2f} s for the last"
        drill.promise(
            f"each publishes {what}: nobody is given a 500", {a.status for a, _s in answers} == {200}, statuses, times
        )
        wanted = len({*rows})
        drill.promise(
            f"{wanted} told that it is published, each under its own entry", len({*done}) == len(done) == wanted
        )
        later = [a.words for a, _s in answers if not PUBLISHED.search(a.words)]
        told = [words for words in later if ALREADY not in words]
        drill.promise(f"{len(later)} others are told in a sentence", not told, ALREADY if later else "", *told[:2])
        state = within(env, "state")
        there = {pk: state["published"].get(str(pk)) for pk in rows}
        right = sorted(there.values()) == sorted(done) and state["entries"] == entries + wanted and not state["half"]
        drill.promise(
            "in the log once each, and nothing else is",
            right,
            f"entries {entries} to {state['entries']}",
            *state["half"],
        )
        entries = state["entries"]


def pressed(people, rows):
    """The answer that each is given and after how many seconds."""
    pages = [who.get(f"/admin/tracker/update/{pk}/review/") for who, pk in zip(people, rows, strict=True)]
    gate, answers = threading.Barrier(len(people)), [None] * len(people)

    def press(number):
        gate.wait()
        begun = time.monotonic()
        answer = people[number].send(pages[number], "seen_version", "note", _publish="1")
        answers[number] = answer, time.monotonic() - begun

    at_work = [threading.Thread(target=press, args=(number,)) for number in range(len(people))]
    for each in at_work:
        each.start()
    for each in at_work:
        each.join()
    return answers


if __name__ == "__main__":
    main(sys.argv[1:] or data.VENDORS)
