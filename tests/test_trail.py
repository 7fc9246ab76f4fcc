"""The trail of the staff: every deed by name, for administrators alone, searched, taken away, and kept for a time."""

import csv
import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from tracker.actions import progress
from tracker.actions.changes import amend
from tracker.actions.drafts import take_back
from tracker.actions.progress import give_back, publish, submit
from tracker.models import TrailEntry

from . import drafts
from .drafts import redact
from .test_review import page

pytestmark = pytest.mark.django_db

LIST, EXPORT = "/admin/tracker/trailentry/", "/admin/tracker/trailentry/export/"
SECRET = "Jorun"


@pytest.fixture
def witness_row(vellmark, edith, rana):
    """A figure that went every way, and an amendment; its words name a witness."""
    row = drafts.drafted(drafts.value(80, "2025-12-31", summary=f"{SECRET} counted."), edith)
    row = give_back(record=submit(record=row, by=edith), by=rana, note=f"Did {SECRET} count?")
    row = take_back(record=submit(record=row, by=edith), by=edith)
    row = submit(record=progress.draft(record=row, by=edith, evidence=None), by=edith)
    row = publish(record=row, by=rana)
    amended = amend(record=drafts.promise(), changes={"title": SECRET}, reason=SECRET, by=edith)
    publish(record=submit(record=amended, by=edith), by=rana)
    redact(record=row, reason="A witness.", by=rana)
    return row


def test_each_deed_is_noted_with_who_did_it_and_no_word_of_the_row(witness_row):
    deeds = TrailEntry.objects.of(witness_row).order_by("pk").values_list("deed", "by__username")
    assert [*deeds] == [
        ("drafted", "edith"),
        ("submitted", "edith"),
        ("returned", "rana"),
        ("submitted", "edith"),
        ("taken_back", "edith"),
        ("edited", "edith"),
        ("submitted", "edith"),
        ("published", "rana"),
        ("redaction_asked", "rolf"),
        ("redacted", "rana"),
    ]
    assert SECRET not in repr(list(TrailEntry.objects.values()))


def test_it_is_for_administrators_alone_who_search_it_and_take_it_away(
    witness_row, client, signed_in, adam, edith, rana, anna
):
    for place in (LIST, EXPORT):
        assert client.get(place).status_code == 302
        for person in (edith, witness_row.reviewer, anna):
            assert signed_in(person).get(place).status_code == 403
    chief = signed_in(adam)
    words = page(chief.get(LIST, {"q": "rolf"}))
    assert "asked for a redaction" in words
    assert "handed in" not in words.split("By what was done")[0]
    for query, count in (({"q": str(witness_row.pk)}, 10), ({"deed__exact": "returned"}, 1), ({"q": "rana"}, 4)):
        answer = chief.get(EXPORT, query)
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) >= count
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert all("rana" in row["by"] for row in rows if query == {"q": "rana"})
    assert chief.get(f"{LIST}add/").status_code == 403
    entry = TrailEntry.objects.first()
    assert chief.post(f"{LIST}{entry.pk}/change/", {"detail": "x"}).status_code == 403
    assert chief.post(f"{LIST}{entry.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_list_costs_as_much_however_long_it_is(witness_row, signed_in, adam, django_assert_num_queries):
    chief = signed_in(adam)
    chief.get(LIST)
    with django_assert_num_queries(15):
        chief.get(LIST)
    TrailEntry.objects.bulk_create(TrailEntry(at=timezone.now(), by=adam, deed="edited") for _ in range(50))
    with django_assert_num_queries(15):
        chief.get(LIST)


def test_purge_takes_away_what_is_older_than_the_setting_says(witness_row, settings, capsys):
    old = timezone.now() - datetime.timedelta(days=500)
    TrailEntry.objects.create(at=old, deed="edited", detail="old")
    call_command("purge")
    assert "for good" in capsys.readouterr().out
    settings.TRAIL_DAYS = 600
    call_command("purge")
    assert TrailEntry.objects.filter(detail="old").exists()
    settings.TRAIL_DAYS = 400
    before = TrailEntry.objects.count()
    call_command("purge")
    assert "1 entries of the trail: old, and gone." in capsys.readouterr().out
    assert TrailEntry.objects.count() == before - 1
