"""Promises and what is recorded about them, in one line each: no database, the plan of 2021 to 2025 unless said."""

import datetime
import itertools
from fractions import Fraction

from tracker.standalone import assess

_entries = itertools.count(1)

STARTS = datetime.date(2021, 1, 1)
PUBLISHED = datetime.date(2021, 9, 1)
DEADLINE = datetime.date(2025, 12, 31)
LATER = datetime.date(2027, 6, 30)
LAW = ("repealed", "announced", "drafted", "adopted", "in force")
REPORT = ("announced", "drafted", "submitted", "reviewed")


def day(text):
    """A date from ``2024-06-30``, or the last day of a year from ``2024``."""
    if isinstance(text, datetime.date):
        return text
    return datetime.date.fromisoformat(f"{text}-12-31" if len(str(text)) == 4 else text)


def promise(rule="reach", comparator="≥", target=90, **more):
    """A promise, by default to reach 90 by the end of 2025."""
    fields = {"code": "W.1a", "deadline": DEADLINE, "plan_starts": STARTS, "plan_published": PUBLISHED}
    if rule in ("reach", "hold", "change", "total"):
        fields |= {"comparator": comparator, "target": Fraction(str(target)), "nature": "stock"}
    if rule == "direction":
        fields |= {"comparator": comparator, "nature": "stock"}
    if rule == "total":
        fields |= {"nature": "flow"}
    if rule == "change":
        fields |= {"base_date": day("2020")}
    if rule == "milestone":
        fields |= {"rungs": LAW, "target_rung": "adopted"}
    for name in ("target", "tolerance"):
        if more.get(name) is not None:
            more[name] = Fraction(str(more[name]))
    return assess.Promise(rule=rule, **(fields | more))


def value(number, as_of, bound="exact", **more):
    """A figure as of a day, or of the end of a year; ``since`` is the first day of its period."""
    since = more.pop("since", None)
    more = {"entry": next(_entries), "origin": "bureau", "starts_on": day(since) if since else None} | more
    return assess.Value(value=Fraction(str(number)), bound=bound, as_of=day(as_of), **more)


def year(number, period, bound="exact", **more):
    """A figure of a whole calendar year."""
    return value(number, period, bound, since=f"{period}-01-01", **more)


def rung(name, as_of, **more):
    """A dated stage."""
    return assess.Rung(**{"entry": next(_entries), "rung": name, "as_of": day(as_of), "origin": "assembly"} | more)


def judgement(verdict, as_of, **more):
    """A verdict of this site."""
    return assess.Judgement(**{"entry": next(_entries), "verdict": verdict, "as_of": day(as_of)} | more)


def search(as_of, withheld=False, full=False):
    """Somebody looked in vain."""
    return assess.Search(next(_entries), day(as_of), withheld, full)


def finding(says, side, as_of, **more):
    """Somebody else's verdict."""
    fields = {"entry": next(_entries), "says": says, "side": side, "as_of": day(as_of), "origin": f"{side} body"}
    return assess.Finding(**fields | more)


def record(*rows):
    """Everything recorded, sorted by what it is."""

    def of(kind):
        return tuple(row for row in rows if isinstance(row, kind))

    return assess.Record(of(assess.Value), of(assess.Rung), of(assess.Judgement), of(assess.Search), of(assess.Finding))


def result(promise, *rows, on=LATER):
    """What became of a promise."""
    return assess.assess(promise, record(*rows), day(on))


def status(promise, *rows, on=LATER):
    """The status, with its kind where it is not known."""
    assessed = result(promise, *rows, on=on)
    return f"not_known: {assessed.missing}" if assessed.missing else assessed.status
