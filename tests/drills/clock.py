"""The clock of the machine an hour back, and a day forward and right again, under the running site, on either database.

``python -m tests.drills.clock [sqlite|postgresql]``, with Debian's package ``faketime``: what the site takes for the
time stands in a file, which the drill rewrites.
"""

import datetime
import glob
import json
import re
import sys
import time
from pathlib import Path

from tracker.corrections import stamp

from . import data
from .data import PASSWORD, Person, publish, served, whole, within

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
LIBRARY = "/usr/lib/*/faketime/libfaketimeMT.so.1"
TYPED = "It was 78, as somebody typed it."
REPORT = "/corrections/report/promise/vellmark-2030/I.1.1a/"
WRONG = 8  # passwords after which a name is locked


def main(vendors=data.VENDORS):
    """All of it, on each database."""
    drill = data.Drill("The clock an hour back, a day forward, and right again")
    libraries = glob.glob(LIBRARY)
    if not libraries:
        drill.expect("faketime is installed: apt-get install faketime", False)
        drill.end()
    for vendor in vendors:
        print(f"-- {vendor}", flush=True)
        with data.site(vendor, figures=8, reviewers=3) as env:
            clock = Path(env["VAR"]) / "clock"
            clock.write_text("+0")
            moved = {"LD_PRELOAD": libraries[0], "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_CACHE_DURATION": "1"}
            moved |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "API_RATE": "100/minute"}
            with served(env, **moved) as port:
                Clock(drill, env, port, clock).run()
            drill.expect("chain, tables, files and guards are whole", not whole(env), whole(env))
    drill.end()


class Clock:
    """The site, its clock, and people who are at it all the while."""

    def __init__(self, drill, env, port, clock):
        self.drill, self.env, self.port, self.clock = drill, env, port, clock
        self.reader = Person(port)
        self.rana, self.ruth = Person(port, "rana-0"), Person(port, "rana-1")
        self.rows = iter(within(env, "state")["waiting"])
        self.last = None

    def run(self):
        """Each hour and what is done in it."""
        self.publishes("the clock is right")
        form = self.reader.get(REPORT)
        for _time in range(WRONG):
            self.guess("rana-2")
        self.drill.expect("wrong passwords lock a name", self.guess("rana-2").status in (403, 429))

        self.to(-HOUR, "an hour back")
        self.publishes("an hour back: what is published has the date of the entry before")
        self.reads("an hour back")
        self.ahead(said=True)
        again = self.reader.send(form, "text", wrong="fact", text=TYPED)
        time.sleep(stamp.LEAST + 1)
        sent = self.reader.send(again, "text")
        told = "the form came back filled, and went with its next press"
        fine = TYPED in again.text and "/corrections/outcome/" in sent.url
        self.drill.expect("a reader's form from before the change is sent", fine, told if fine else sent.words[:200])
        self.drill.expect(
            "who was signed in still is",
            self.rana.get("/desk/").status == 200 and "/login" not in self.rana.get("/desk/").url,
        )
        self.asks_the_api("an hour back")

        self.to(DAY, "a day forward")
        self.drill.expect("sessions of twelve hours are over", "/login" in self.rana.get("/desk/").url)
        self.rana = Person(self.port, "rana-0")
        self.publishes("a day forward: dated tomorrow")
        self.reads("a day forward")
        self.asks_the_api("a day forward")
        for _time in range(WRONG):
            self.guess("rana-1")
        locked = self.guess("rana-1").status

        self.to(datetime.timedelta(0), "right again")
        self.publishes("right again: dated tomorrow still")
        self.reads("right again")
        self.ahead(said=True)
        self.asks_the_api("right again")
        other = Person(self.port, "rana-0")  # with whom locks of tomorrow are forgotten
        free = self.guess("rana-1", PASSWORD)
        self.drill.expect(
            "a name that was locked tomorrow is free", locked in (403, 429) and "/login" not in free.url, locked
        )
        self.drill.expect("and one locked an hour ago is, too, once the hour is over", self.freed("rana-2"))
        self.drill.expect("sessions of tomorrow hold", "/login" not in other.get("/desk/").url)

    def freed(self, name):
        """Whether a name can sign in an hour later."""
        self.to(HOUR + datetime.timedelta(minutes=5), "")
        try:
            return "/login" not in self.guess(name, PASSWORD).url
        finally:
            self.to(datetime.timedelta(0), "")

    def to(self, offset, _words):
        """Set the clock; the library looks into its file each second."""
        self.clock.write_text(f"{offset.total_seconds():+.0f}")
        time.sleep(2.5)
        self.now = datetime.datetime.now(datetime.UTC) + offset

    def guess(self, name, word="nothing like it"):
        """Somebody signs in."""
        person = Person(self.port)
        return person.send(person.get("/admin/login/"), "username", username=name, password=word)

    def publishes(self, words):
        """A publication is answered, and its date is not before the date of the entry before."""
        answer = publish(self.rana, next(self.rows))
        found = re.search(r"Published as log entry (\d+)", answer.words)
        lines = self.reader.get("/ledger.jsonl").text.splitlines()
        times = [datetime.datetime.fromisoformat(json.loads(line)["at"]) for line in lines]
        fine = found and times == sorted(times)
        told = f"entry {found[1]} at {times[-1]:%d %b %H:%M}" if found else answer.words[:300]
        self.drill.expect(words, fine, told)

    def reads(self, words):
        """Pages are of the day that the clock shows, and of the newest entry."""
        day = f"{self.now.day} {self.now:%B %Y}"
        newest = json.loads(self.reader.get("/readyz").text)["entry"]
        pages = {
            path: self.reader.get(path)
            for path in ("/", "/vellmark-2030/", "/ledger/", "/vellmark-2030/commitments/I.1.1a/")
        }
        wrong = [path for path, page in pages.items() if page.status != 200]
        csv = self.reader.get("/data/updates.csv").headers
        as_of = csv.get("Content-Disposition", "")
        self.drill.expect(
            f"{words}: pages are of that day",
            not wrong and f"{self.now:%Y-%m-%d}" in as_of,
            f"{day}, entry {newest}",
            *wrong,
            as_of,
        )

    def ahead(self, *, said):
        """Whether those who run it are told that the log is ahead of the clock."""
        status = json.loads(self.reader.get("/healthz").text)["status"]
        self.drill.expect("/healthz says that the log is ahead", ("after the clock" in status) is said, status)

    def asks_the_api(self, words):
        """The limit of the API is one of a minute, whatever the clock says: nobody is locked out for longer."""
        statuses = set()
        for _time in range(3):
            statuses.add(self.reader.get("/api/v1/plans/").status)
        self.drill.expect(f"{words}: the API answers", statuses == {200}, *statuses)


if __name__ == "__main__":
    main(sys.argv[1:] or data.VENDORS)
