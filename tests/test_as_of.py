"""Pages of a plan as of a past day: ``on`` and ``known``, on every page of a plan."""

import datetime
import html
import re

import pytest
from django.utils import timezone

from .reading import page_of, squeezed

pytestmark = pytest.mark.django_db

PLAN = "/vellmark-2030"
DATED = (
    "/",
    f"{PLAN}/",
    f"{PLAN}/rights/",
    f"{PLAN}/rights/I.1/",
    f"{PLAN}/provisions/I.1.1/",
    f"{PLAN}/commitments/",
    f"{PLAN}/commitments/I.1.1a/",
    f"{PLAN}/disagreements/",
    f"{PLAN}/gaps/",
    f"{PLAN}/changes/",
    f"{PLAN}/coverage/",
    f"{PLAN}/people/",
    f"{PLAN}/people/villagers/",
)


def sentence(client, address):
    response = client.get(address)
    assert response.status_code == 400, address
    return re.search(r'<p class="lead">(.*?)</p>', html.unescape(squeezed(response.content.decode())), re.S)[1]


def test_every_page_of_a_plan_says_which_day_it_shows_and_leads_back(client, vellmark_progress):
    for address in DATED:
        page = page_of(client, f"{address}?on=2026-07-15")
        assert "s things stood on 15 July 2026" in page, address
        assert 'role="status"' in page, address
        assert 'value="2026-07-15"' in page, address
        assert 'role="status"' not in page_of(client, address), address


@pytest.mark.both_databases
def test_it_shows_what_was_true_then(client, vellmark_progress):
    address = f"{PLAN}/commitments/I.1.1a/"
    assert "about 86 percent" in page_of(client, address)
    then = page_of(client, f"{address}?on=2026-07-15")
    assert "about 86 percent" not in then
    assert "84 percent" in then
    assert "LAST" not in then
    right = page_of(client, f"{PLAN}/rights/I.1/?on=2026-07-15")
    assert "WHOLE-RIGHT" not in right


@pytest.mark.both_databases
def test_a_duty_is_not_contested_before_anybody_found_so(client, vellmark_progress):
    address = f"{PLAN}/commitments/I.1.1e/"
    assert "badge g-contested" in page_of(client, address)
    assert "badge g-not_known" in page_of(client, f"{address}?on=2026-06-30")


@pytest.mark.both_databases
def test_known_today_is_the_newest(client, vellmark_progress):
    today = timezone.localdate()
    page = page_of(client, f"{PLAN}/commitments/I.1.1a/?known={today}")
    assert "about 86 percent" in page
    assert f"As this site knew it at the end of {today}" in page


def test_a_past_page_names_todays_as_canonical_and_is_not_for_search_engines(client, vellmark_progress):
    address = f"{PLAN}/rights/I.1/"
    page = page_of(client, f"{address}?on=2026-07-15")
    assert f'<link rel="canonical" href="http://127.0.0.1:8000{address}">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "noindex" not in page_of(client, address)


@pytest.mark.parametrize("address", DATED)
def test_it_refuses_a_day_that_is_none_to_come_or_too_long_ago(client, vellmark, address):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    for given, words in (
        ("2026-02-30", "give a day such as 2025-12-31"),
        ("20260201", "give a day such as 2025-12-31"),
        ("2026-W05-1", "give a day such as 2025-12-31"),
        ("soon", "give a day such as 2025-12-31"),
        (str(tomorrow), "that day is still to come"),
        ("1066-10-14", "before any plan here"),
    ):
        for name in ("on", "known"):
            assert words in sentence(client, f"{address}?{name}={given}"), (name, given)
    assert "stands twice" in sentence(client, f"{address}?on=2026-01-01&on=2026-01-02")
    assert "this site began on" in sentence(client, f"{address}?known=2001-01-01")


def test_a_blank_day_is_today(client, vellmark):
    assert 'role="status"' not in page_of(client, f"{PLAN}/?on=&known=")


def test_what_plans_share_takes_no_day(client, vellmark):
    for address in ("/metrics/", "/bodies/", "/sources/", "/method/", "/about/", "/plans/", "/ledger/"):
        assert sentence(client, f"{address}?on=2026-07-15") == "This page takes no parameter “on”.", address
