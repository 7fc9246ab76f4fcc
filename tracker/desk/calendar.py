"""Expected figures by month, and the same as an iCalendar file for one person."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Alarm, Calendar, Event

from tracker.models import Assignment
from tracker.snapshot.snapshot import Snapshot

from .figures import Custom, Figure, figures
from .people import Work
from .todo import period_in_words

MOST_EVENTS = 1000
REFRESH = datetime.timedelta(hours=12)
REMIND = datetime.timedelta(hours=-15)  # before the day begins


@dataclass(frozen=True)
class Expected:
    """The figures of one metric that are expected together, and who has them."""

    figure: Figure  # the newest of them
    periods: tuple[str, ...]
    holders: tuple[Assignment, ...]
    mine: bool

    @property
    def custom(self) -> str:
        """What is known of when they usually come out."""
        return custom_in_words(self.figure.custom)


@dataclass(frozen=True)
class Month:
    """What is expected in a month, and what is to be done by a day of it."""

    first: datetime.date
    expected: list[Expected]
    assignments: list[Assignment]


def custom_in_words(custom: Custom | None) -> str:
    """“Usually in March, from 4 publications”, and of how many where not all agree; nothing without a custom."""
    if custom is None:
        return ""
    words = {"month": MONTHS[custom.month], "n": custom.n, "of": custom.of}
    if custom.n < custom.of:
        return _("usually in %(month)s, from %(n)s of %(of)s publications") % words
    sentence = ngettext(
        "usually in %(month)s, from %(n)s publication", "usually in %(month)s, from %(n)s publications", custom.n
    )
    return sentence % words


def together(snapshot: Snapshot, rows: Iterable[Figure], work: Work, user: User) -> list[Expected]:
    """Figures metric by metric, each with its periods, in the order of the first."""
    by_metric: dict[str, list[Figure]] = {}
    for figure in rows:
        by_metric.setdefault(figure.metric.code, []).append(figure)
    expected = []
    for each in by_metric.values():
        holders = {row.pk: row for figure in each for row in work.of_figure(snapshot, figure)}
        mine = any(row.person_id == user.pk for row in holders.values())
        periods = tuple(period_in_words(figure.period) for figure in each)
        expected.append(Expected(each[-1], periods, tuple(holders.values()), mine))
    return expected


def calendar_of(snapshot: Snapshot, work: Work, user: User, *, mine: bool) -> dict[str, Any]:
    """What should have appeared, and month by month what is to come; of what is the person's own alone if ``mine``."""
    rows = [f for f in figures(snapshot) if not mine or _is_of(work.of_figure(snapshot, f), user)]
    own = [row for row in work.rows if row.person_id == user.pk or not mine]
    due = sorted(((row.due_on, row) for row in own if row.due_on), key=lambda pair: pair[0])
    later = [(day, row) for day, row in due if day >= snapshot.on]
    past = [figure for figure in rows if figure.is_due(snapshot.on)]
    coming = [figure for figure in rows if not figure.is_due(snapshot.on)]
    days = [figure.by for figure in coming] + [day for day, _row in later]
    months = [
        Month(
            first,
            together(snapshot, [f for f in coming if f.by.replace(day=1) == first], work, user),
            [row for day, row in later if day.replace(day=1) == first],
        )
        for first in sorted({day.replace(day=1) for day in days})
    ]
    overdue = [row for day, row in due if day < snapshot.on]
    return {"past": together(snapshot, past, work, user), "overdue": overdue, "months": months}


def _is_of(rows: Iterable[Assignment], user: User) -> bool:
    return any(row.person_id == user.pk for row in rows)


def as_icalendar(snapshot: Snapshot, work: Work, user: User) -> bytes:
    """Expected figures and a person's own days as a file for calendars: what is public, and “assigned to you”.

    It names nobody. An event keeps its name from day to day, so that a calendar moves it and makes no second one.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Promise by promise//Expected figures//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Expected figures"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    own = [row for row in work.of_person(user) if row.due_on]
    events = [_of_assignment(snapshot, row) for row in own]
    rows = sorted(figures(snapshot), key=lambda figure: figure.is_due(snapshot.on))  # what is to come first
    events += [_of_figure(snapshot, figure, work, user) for figure in rows]
    for event in events[:MOST_EVENTS]:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(
    snapshot: Snapshot, name: str, day: datetime.date, summary: str, text: list[str], path: str, *, mine: bool
) -> Event:
    """A whole day that blocks no time; of what is the person's own the program reminds at nine the day before."""
    event = Event()
    event.add("uid", f"{name}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", datetime.datetime.combine(snapshot.on, datetime.time(), datetime.UTC))
    event.add("dtstart", day)
    event.add("dtend", day + datetime.timedelta(days=1))
    event.add("summary", summary)
    event.add("description", "\n".join(filter(None, text)))
    event.add("url", settings.SITE_URL + path)
    event.add("transp", "TRANSPARENT")
    if mine:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", REMIND)
        event.add_component(alarm)
    return event


def _of_figure(snapshot: Snapshot, figure: Figure, work: Work, user: User) -> Event:
    words = {"metric": figure.metric.name, "period": period_in_words(figure.period)}
    text = [f"{c.code} {c.title}" for c in figure.commitments]
    text += [_("Past due.")] if figure.is_due(snapshot.on) else []
    text += [custom_in_words(figure.custom)]
    mine = _is_of(work.of_figure(snapshot, figure), user)
    text += [_("Assigned to you.")] if mine else []
    path = reverse("metric-detail", args=[figure.metric.code])
    summary = _("Expected: %(metric)s, %(period)s") % words
    if figure.is_stage:
        summary = _("Expected: %(metric)s, the stage due by %(period)s") % words
    return _event(snapshot, f"figure-{figure.key}", figure.by, summary, text, path, mine=mine)


def _of_assignment(snapshot: Snapshot, row: Assignment) -> Event:
    """A day by which something of the person's own is due."""
    about = row.about
    plan = snapshot.plans.get(row.subject.split(" ")[1].split("/")[0])
    named = plan.commitments.get(about.code) or plan.categories.get(about.code) if plan else None
    path = named.path if named else reverse("metric-detail", args=[about.code])
    name = f"{named.code} {named.title}" if named else str(about)
    assert row.due_on is not None  # the caller's
    summary, text = _("Due: %(name)s") % {"name": name}, [_("Assigned to you.")]
    return _event(snapshot, f"assignment-{row.pk}", row.due_on, summary, text, path, mine=True)
