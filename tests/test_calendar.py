"""Figures that are expected: by lag or custom, while some promise waits for them; on the desk and as a calendar."""

import dataclasses
import datetime

import pytest
from icalendar import Calendar

from tracker.actions.assignments import assign
from tracker.desk.calendar import custom_in_words
from tracker.desk.figures import Custom, custom_of, expected_by, figures
from tracker.models import CalendarAddress, Metric, TrailEntry
from tracker.snapshot.cache import read_snapshot

from . import databases, drafts
from .test_review import page

pytestmark = pytest.mark.django_db

WATER, ACCIDENTS = "village-homes-with-piped-water", "accidents-at-work"


@pytest.fixture
def both(vellmark_progress):
    """Vellmark, whose period runs, and Brumas, whose period ended in 2025, with what was recorded about both."""
    assert databases.holds("both")


def expected(on, code):
    """Periods of a metric that are waited for on a day, each with the day by which it should have appeared."""
    snapshot = read_snapshot(on=drafts.day(on))
    return {str(f.period): str(f.by) for f in figures(snapshot) if f.metric.code == code}


def due(on, code):
    """Periods of a metric whose figure should have appeared by a day."""
    return [period for period, by in expected(on, code).items() if by < on]


def test_a_figure_is_due_when_its_lag_is_over_and_not_a_day_before(vellmark):
    assert due("2027-06-30", ACCIDENTS) == []
    assert due("2027-07-01", ACCIDENTS) == ["2026-12-31"]
    assert due("2028-07-01", ACCIDENTS) == ["2027-12-31"]  # which stands for the one before
    assert due("2035-01-01", ACCIDENTS) == ["2030-12-31"]
    assert max(expected("2027-01-01", ACCIDENTS)) == "2030-12-31"
    every_year = [f"{year}-12-31" for year in range(2026, 2031)]
    assert due("2035-01-01", "unemployment-rate") == every_year  # to be held each year


def test_a_stage_is_due_when_its_deadline_and_the_lag_are_over_until_it_is_decided(vellmark, edith, rana, signed_in):
    [[deadline, by]] = expected("2027-01-01", "water-law").items()
    assert due(by, "water-law") == []
    later = str(drafts.day(by) + datetime.timedelta(days=1))
    assert due(later, "water-law") == [deadline]
    words = page(signed_in(edith).get("/desk/calendar/"))
    assert "Record a stage" in words
    assert "stage due by" in words
    drafts.published(drafts.rung("in force", "2026-01-31"), edith, rana)
    assert expected(later, "water-law") == {}


def test_a_figure_on_record_is_not_expected_and_another_statistic_does_not_count(vellmark, edith, rana):
    drafts.published(drafts.value(82, "2026-06-30", fits="other"), edith, rana)
    assert due("2027-12-01", WATER) == ["2026-12-31"]
    drafts.published(drafts.value(82, "2026-06-30"), edith, rana)
    assert due("2027-12-01", WATER) == []
    assert due("2028-12-01", WATER) == ["2027-12-31"]


def test_of_a_plan_that_is_over_only_what_can_still_decide_is_expected(both):
    snapshot = read_snapshot()
    decided = {c.code for c in snapshot.plan("brumas-2021").rows if c.group in ("kept", "not_kept", "in_part")}
    waited_for = {c.code: f for f in figures(snapshot) for c in f.commitments if c.plan == "brumas-2021"}
    assert decided
    assert not decided & waited_for.keys()
    assert "M07a" in waited_for  # a direction whose last year is not on record
    assert max(str(f.period) for f in waited_for.values()) == "2025-12-31"
    assert expected("2026-11-01", "homes-mended") == {}  # an amount that is whole


def test_what_is_elected_for_a_term_is_expected_when_the_last_term_ends(vellmark, edith, rana):
    values = {"period": "term", "term_years": 5, "period_because": "Elected for five years."}
    Metric.objects.filter(code=WATER).update(**values)
    assert list(expected("2027-01-01", WATER)) == ["2030-12-31"]
    drafts.published(drafts.value(82, "2024-06-30"), edith, rana)
    assert list(expected("2027-01-01", WATER)) == ["2029-06-30"]
    drafts.published(drafts.value(84, "2026-06-30"), edith, rana)
    assert expected("2027-01-01", WATER) == {}


def test_the_custom_of_a_publisher_goes_before_the_usual_lag(vellmark, edith, rana):
    published = ["2022-03-15", "2023-03-20", "2024-05-02", "2025-03-09"]
    for n in range(len(published)):
        drafts.published(drafts.value(70 + n, f"{2021 + n}-12-31"), edith, rana)
    snapshot = read_snapshot()
    rows = tuple(u for u in snapshot.updates[WATER])
    source = snapshot.sources[rows[0].evidence[0].source]
    sources, updates = dict(snapshot.sources), []
    for n, (u, day) in enumerate(zip(sorted(rows, key=lambda u: u.as_of), published, strict=True)):
        code = f"census-{n}"
        sources[code] = dataclasses.replace(source, code=code, published=drafts.day(day), published_precision="day")
        updates.append(dataclasses.replace(u, evidence=(dataclasses.replace(u.evidence[0], source=code),)))
    later = dataclasses.replace(updates[0], evidence=(dataclasses.replace(updates[0].evidence[0], source="census-3"),))
    shown = dataclasses.replace(snapshot, sources=sources, updates={WATER: (*updates, later)})
    custom = custom_of(shown, WATER)
    assert custom == Custom(3, 3, 4)
    assert custom_in_words(custom) == "usually in March, from 3 of 4 publications"
    assert custom_in_words(Custom(4, 4, 4)) == "usually in April, from 4 publications"
    metric = snapshot.metrics[WATER]
    assert str(expected_by(metric, custom, drafts.day("2026-12-31"))) == "2027-03-31"
    assert str(expected_by(metric, Custom(12, 3, 3), drafts.day("2026-12-31"))) == "2027-12-31"
    few = dataclasses.replace(snapshot, sources=sources, updates={WATER: tuple(updates[:2])})
    assert custom_of(few, WATER) is None


def events(content):
    """The events of a calendar by their names."""
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


@pytest.mark.slow
@pytest.mark.both_databases
def test_an_address_of_ones_own_gives_a_calendar_program_what_is_public_and_ones_own_days(
    both, client, edith, rana, signed_in, caplog
):
    hers = signed_in(edith)
    assign(things=[drafts.promise("I.1.1d")], to=edith, by=rana, due_on=drafts.day("2099-03-01"), note="Secret task")
    assign(things=[Metric.objects.get(code=WATER)], to=edith, by=rana)
    assign(things=[Metric.objects.get(code="real-wages")], to=rana, by=rana, due_on=drafts.day("2099-04-01"))
    assert "Expected figures" in page(hers.get("/desk/calendar/"))
    made = hers.post("/desk/calendar/", {"_make": "1"})
    address = made.context["address"]
    token = address.removeprefix("/desk/calendar/").removesuffix(".ics")
    assert token in made.content.decode()
    assert "no-store" in made.headers["Cache-Control"]
    assert token not in hers.get("/desk/calendar/").content.decode()  # shown once
    assert token not in str(list(CalendarAddress.objects.values())) + str(list(TrailEntry.objects.values()))

    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "private" in response.headers["Cache-Control"]
    text = response.content.decode()
    for inside in ("edith", "rana", "Secret", "real-wages-task"):
        assert inside not in text
    named = events(response.content)
    water = named[f"figure-{WATER}-2027-12-31@127.0.0.1"]
    assert "Assigned to you." in water["description"]
    own = [event for name, event in named.items() if name.startswith("assignment-")]
    assert [str(event["dtstart"].dt) for event in own] == ["2099-03-01"]
    others = [e for name, e in named.items() if name.startswith("figure-real-wages")]
    assert others
    assert not any("Assigned" in event["description"] for event in others)
    reminded = [name for name, event in named.items() if event.walk("VALARM")]
    assert reminded  # of one's own alone
    assert all("Assigned to you." in named[name]["description"] for name in reminded)
    again = client.get(address)
    assert again.content == response.content  # names and days stay, so that nothing stands twice
    assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304

    for wrong in ("x", "A" * 43, token[:-1], token + "A", token.swapcase()):
        missed = client.get(f"/desk/calendar/{wrong}.ics")
        assert missed.status_code == 404
        assert wrong == "x" or wrong not in missed.content.decode()
    new = hers.post("/desk/calendar/", {"_make": "1"}).context["address"]
    assert client.get(address).status_code == 404
    assert client.get(new).status_code == 200
    edith.is_active = False
    edith.save()
    assert client.get(new).status_code == 404
    edith.is_active = True
    edith.save()
    signed_in(edith).post("/desk/calendar/", {"_end": "1"})
    assert client.get(new).status_code == 404
    assert token not in caplog.text


def test_a_calendar_is_asked_for_so_often_and_an_error_does_not_say_its_address(
    both, client, edith, monkeypatch, caplog, settings, tmp_path
):
    settings.LIMITED, settings.VAR, settings.CALENDAR_RATE = True, tmp_path, "3/hour"
    statuses = [client.get(f"/desk/calendar/{'b' * 43}.ics").status_code for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    settings.LIMITED = False
    monkeypatch.setattr("tracker.desk.views.person_of", lambda token: 1 / 0)
    client.raise_request_exception = False
    assert client.get(f"/desk/calendar/{'c' * 43}.ics").status_code == 500
    assert "ccccc" not in caplog.text


def test_the_calendar_of_the_desk_shows_months_to_come_and_what_is_past_due(both, edith, rana, anna, signed_in):
    assign(things=[Metric.objects.get(code=WATER)], to=edith, by=rana, due_on=drafts.day("2099-03-01"))
    everything = page(signed_in(rana).get("/desk/calendar/"))
    assert "March 2099" in everything
    assert "Past due" in everything
    assert "Share of village homes with piped water for 2027, expected by" in everything
    mine = signed_in(edith).get("/desk/calendar/?assigned=me")
    assert {each.figure.metric.code for month in mine.context["months"] for each in month.expected} == {WATER}
    looks = page(signed_in(anna).get("/desk/calendar/"))
    assert "March 2099" not in looks
    assert "edith" not in looks
    assert signed_in(edith).get("/desk/calendar/?assigned=edith").status_code == 400
