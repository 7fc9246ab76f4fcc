"""The clock an hour back, a day forward and right again, under the running site, on either database.

``python -m tests.drills.clock [sqlite|postgresql]``, with a C compiler: by how much the site's clock is wrong stands
in a file, which the drill rewrites. Only the time of day is moved, as when somebody sets a machine's clock; Debian's
faketime moves, or breaks, the other clocks as well.
"""

import datetime
import json
import re
import subprocess
import sys
import time
from pathlib import Path

from tracker.corrections import stamp

from . import data
from .data import PASSWORD, Person, publish, served, whole, within
from .stage import Drill

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
WRONG_CLOCK = r"""
#include <stdlib.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long seconds(void) {
    char text[32] = {0};
    const char *path = getenv("DRILL_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    long got = read(file, text, sizeof text - 1);
    close(file);
    return got > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    int failed = syscall(SYS_clock_gettime, which, now);
    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += seconds();
    return failed;
}

time_t time(time_t *also) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (also) *also = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec at;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &at);
    now->tv_sec = at.tv_sec;
    now->tv_usec = at.tv_nsec / 1000;
    return 0;
}
"""
TYPED = "It was 78, as somebody typed it."
REPORT = "/corrections/report/promise/vellmark-2030/I.1.1a/"
WRONG = 8  # passwords after which a name is locked


def main(vendors=data.VENDORS):
    """All of it, on each database."""
    with Drill("The clock an hour back, a day forward, and right again") as drill:
        for vendor in vendors:
            drill.say(f"on {vendor}")
            with data.site(vendor, figures=8, reviewers=3) as env:
                clock = Path(env["VAR"]) / "clock"
                clock.write_text("+0")
                library = clock.with_name("clock.so")
                build = ["cc", "-shared", "-fPIC", "-o", str(library), "-x", "c", "-"]
                subprocess.run(build, input=WRONG_CLOCK, text=True, check=True)
                moved = {"LD_PRELOAD": str(library), "DRILL_CLOCK": str(clock), "API_RATE": "100/minute"}
                with served(env, **moved) as port:
                    Clock(drill, env, port, clock).run()
                drill.promise("chain, tables, files and guards are whole", not whole(env), whole(env))


class Clock:
    """The site, its clock, and people who are at it all the while."""

    def __init__(self, drill, env, port, clock):
        self.drill, self.env, self.port, self.clock = drill, env, port, clock
        self.reader = Person(port)
        self.rana = Person(port, "rana-0")
        self.rows = iter(within(env, "state")["waiting"])

    def run(self):
        """Each hour and what is done in it."""
        self.publishes("the clock is right")
        self.asks_the_api("the clock is right")
        form = self.reader.get(REPORT)
        for _time in range(WRONG):
            self.guess("rana-2")
        self.drill.promise("wrong passwords lock a name", self.guess("rana-2").status in (403, 429))

        self.to(-HOUR)
        self.publishes("an hour back: what is published has the date of the entry before")
        self.reads("an hour back")
        self.ahead(said=True)
        again = self.reader.send(form, "text", wrong="fact", text=TYPED)
        time.sleep(stamp.LEAST + 1)
        sent = self.reader.send(again, "text")
        became = "the form came back filled, and went with its next press"
        fine = TYPED in again.text and "/corrections/outcome/" in sent.url
        self.drill.promise("a reader's form from before the change is sent", fine, became if fine else sent.words[:200])
        self.drill.promise("who was signed in still is", "/login" not in self.rana.get("/desk/").url)
        self.asks_the_api("an hour back")

        self.to(DAY)
        self.drill.promise("sessions of twelve hours are over", "/login" in self.rana.get("/desk/").url)
        self.rana = Person(self.port, "rana-0")
        self.publishes("a day forward: dated tomorrow")
        self.reads("a day forward")
        self.asks_the_api("a day forward")
        for _time in range(WRONG):
            self.guess("rana-1")
        locked = self.guess("rana-1").status

        self.to(datetime.timedelta(0))
        self.publishes("right again: dated tomorrow still")
        self.reads("right again")
        self.ahead(said=True)
        self.asks_the_api("right again")
        other = Person(self.port, "rana-0")  # with whom locks of tomorrow are forgotten
        free = self.guess("rana-1", PASSWORD)
        fine = locked in (403, 429) and "/login" not in free.url
        self.drill.promise(
            "a name that was locked tomorrow is free", fine, f"it was {locked}", "" if fine else free.words[:200]
        )
        self.drill.promise("and one locked an hour ago is, too, once the hour is over", self.freed("rana-2"))
        self.drill.promise("sessions of tomorrow hold", "/login" not in other.get("/desk/").url)

    def freed(self, name):
        """Whether a name can sign in an hour later."""
        self.to(HOUR + datetime.timedelta(minutes=5))
        try:
            return "/login" not in self.guess(name, PASSWORD).url
        finally:
            self.to(datetime.timedelta(0))

    def to(self, offset):
        """Set the clock."""
        self.clock.write_text(f"{offset.total_seconds():+.0f}")
        self.now = datetime.datetime.now(datetime.UTC) + offset

    def guess(self, name, word="nothing like it"):
        """Somebody signs in."""
        person = Person(self.port)
        return person.send(person.get("/admin/login/"), "username", username=name, password=word)

    def publishes(self, words):
        """A publication is answered, and its date is not before the date of the entry before."""
        answer = publish(self.rana, next(self.rows))
        match = re.search(r"Published as log entry (\d+)", answer.words)
        state = within(self.env, "state")
        seen = f"entry {match[1]} is dated {state['dated'][:16]}" if match else answer.words[:300]
        self.drill.promise(words, match and not state["half"], seen, *state["half"])

    def reads(self, words):
        """Pages are of the day that the clock shows, and of the newest entry."""
        pages = ("/", "/vellmark-2030/", "/ledger/", "/vellmark-2030/commitments/I.1.1a/")
        wrong = [path for path in pages if self.reader.get(path).status != 200]
        named = self.reader.get("/data/updates.csv").headers.get("Content-Disposition", "")
        fine = not wrong and f"{self.now:%Y-%m-%d}" in named
        self.drill.promise(f"{words}: pages and files are of that day", fine, named, *wrong)

    def ahead(self, *, said):
        """Whether those who run it are told that the log is ahead of the clock."""
        status = json.loads(self.reader.get("/healthz").text)["status"]
        self.drill.promise("/healthz says that the log is ahead", ("after the clock" in status) is said, status)

    def asks_the_api(self, words):
        """The limit of the API is one of a minute, whatever the clock says: nobody is locked out for longer."""
        statuses = {self.reader.get("/api/v1/plans/").status for _time in range(3)}
        self.drill.promise(f"{words}: the API answers", statuses == {200}, *statuses)


if __name__ == "__main__":
    main(sys.argv[1:] or data.VENDORS)
