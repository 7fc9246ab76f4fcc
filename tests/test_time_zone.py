"""TIME_ZONE is of what staff are told: days and pages are those of UTC, on every host."""

import datetime
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from tracker.models import LedgerEntry, public_day
from tracker.serving import middleware
from tracker.snapshot import cache

from . import drafts
from .reading import page_of, words_of

pytestmark = pytest.mark.django_db

AHEAD, BEHIND = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")  # where it is tomorrow, and yesterday
PAGES = ("/", "/vellmark-2030/changes/", "/ledger/", "/ledger/1/", "/vellmark-2030/?known={day}", "/data/ledger.csv")


@pytest.fixture(params=[AHEAD, BEHIND], ids=lambda zone: zone.key)
def zone(request, settings):
    """A time zone in which it is another day than in UTC for half of the day, and at the moment of the test."""
    settings.OF_STAFF = request.param
    hour = 23 if request.param is AHEAD else 1
    moment = timezone.now().replace(hour=hour, minute=30)
    with mock.patch.object(timezone, "now", return_value=moment):
        assert moment.astimezone(request.param).date() != public_day() == moment.date()
        yield request.param


def test_staff_pages_are_of_the_public_day(vellmark_progress, edith, rana, signed_in, zone):
    for path in ("/desk/", "/admin/", "/desk/promises/vellmark-2030/", "/desk/calendar/"):
        assert signed_in(edith).get(path).status_code == 200
    assert {version.on for version in cache._snapshots} == {public_day()}
    row = drafts.published(drafts.value(83), edith, rana)
    with timezone.override(zone):
        day = row.entry.at.date()
        assert cache.entry_on(day) == LedgerEntry.objects.head()
        assert cache.entry_on(day - datetime.timedelta(days=1)) < row.entry_id


def test_public_pages_are_the_same_on_every_host(vellmark_progress, zone, settings):
    day = LedgerEntry.objects.first().at.date()
    paths = [path.format(day=day) for path in PAGES]
    ours = [Client().get(path) for path in paths]
    settings.OF_STAFF = ZoneInfo("UTC")
    for path, here, there in zip(paths, ours, map(Client().get, paths), strict=True):
        assert (here.status_code, here["ETag"], here.getvalue()) == (200, there["ETag"], there.getvalue()), path


@pytest.mark.parametrize(("path", "local"), [("/desk/", True), ("/admin/x/", True), ("/", False), ("/ledger/", False)])
def test_staff_are_told_their_time_and_readers_utc(zone, path, local):
    name = middleware.in_time_of_staff(lambda _request: timezone.get_current_timezone_name())
    assert name(RequestFactory().get(path)) == (zone.key if local else "UTC")
    assert timezone.get_current_timezone_name() == "UTC"


def test_each_page_of_the_staff_names_the_zone_once_and_no_stranger_learns_it(vellmark, edith, signed_in, client, zone):
    browser = signed_in(edith)
    for path in ("/desk/", "/desk/messages/", "/desk/account/", "/admin/", "/admin/tracker/update/add/"):
        assert words_of(page_of(browser, path)).count(f"Times on pages of the staff: {zone.key}. Days,") == 1, path
    assert zone.key not in page_of(browser, "/admin/tracker/source/add/?_popup=1")
    for path in ("/admin/login/", "/desk/forgotten/", "/about/"):
        assert zone.key not in page_of(client, path), path
    assert zone.key not in page_of(browser, "/about/")
