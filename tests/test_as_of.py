"""Pages of a plan as of a past day: ``on`` and ``known``, on every page of a plan."""

import datetime
import html
import json
import re
from urllib.parse import parse_qs, parse_qsl

import pytest
from django.utils import timezone

from tracker.views.page import days_of

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


def test_it_shows_what_was_true_then(client, vellmark_progress):
    address = f"{PLAN}/commitments/I.1.1a/"
    assert "about 86 percent" in page_of(client, address)
    then = page_of(client, f"{address}?on=2026-07-15")
    assert "about 86 percent" not in then
    assert "84 percent" in then
    assert "LAST" not in then
    right = page_of(client, f"{PLAN}/rights/I.1/?on=2026-07-15")
    assert "WHOLE-RIGHT" not in right


def test_a_duty_is_not_contested_before_anybody_found_so(client, vellmark_progress):
    address = f"{PLAN}/commitments/I.1.1e/"
    assert "badge g-contested" in page_of(client, address)
    assert "badge g-not_known" in page_of(client, f"{address}?on=2026-06-30")


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
    overmorrow = timezone.localdate() + datetime.timedelta(days=2)
    for day_text, words in (
        ("2026-02-30", "give a day such as 2025-12-31"),
        ("20260201", "give a day such as 2025-12-31"),
        ("2026-W05-1", "give a day such as 2025-12-31"),
        ("soon", "give a day such as 2025-12-31"),
        (str(overmorrow), "that day is still to come"),
        ("1066-10-14", "before any plan here"),
    ):
        for name in ("on", "known"):
            assert words in sentence(client, f"{address}?{name}={day_text}"), (name, day_text)
    assert "stands twice" in sentence(client, f"{address}?on=2026-01-01&on=2026-01-02")
    assert "this site began on" in sentence(client, f"{address}?known=2001-01-01")


def test_a_blank_day_is_today(client, vellmark):
    assert 'role="status"' not in page_of(client, f"{PLAN}/?on=&known=")


SHARED = ("/metrics/", "/bodies/", "/sources/", "/method/", "/glossary/", "/about/", "/plans/", "/data/", "/norms/")
LINKS = re.compile(r'<a [^>]*?href="(/[^"]*)"')


@pytest.mark.parametrize("query", ["on=2026-07-15", "known={today}", "on=2026-07-15&known={today}"])
def test_every_link_to_a_page_that_can_be_had_as_of_the_day_keeps_it(client, vellmark_progress, query):
    query = query.format(today=timezone.localdate())
    more = (f"{PLAN}/report/", f"{PLAN}/baseline/", "/metrics/village-homes-with-piped-water/", "/bodies/lake-council/")
    seen = 0
    for address in (*DATED, *SHARED, *more):
        page = client.get(f"{address}?{query}").content.decode()
        assert "links to other pages keep the day" in page or address.endswith("commitments/"), address
        for link in {html.unescape(each) for each in LINKS.findall(page)}:
            path, _, rest = link.partition("#")[0].partition("?")
            parameters = dict(parse_qsl(rest))
            if path != address and (taken := [name for name in days_of(path) if name in parse_qs(query)]):
                assert {name: parameters.get(name) for name in taken} == {
                    name: value for name, value in parse_qsl(query) if name in taken
                }, (address, link)
                seen += 1
            elif path != address:
                assert parameters.keys().isdisjoint({"on", "known"} - set(days_of(path))), (address, link)
    assert seen > 100


def test_one_link_leads_back_to_today_and_today_has_no_day_in_any_link(client, vellmark_progress):
    for address in (*DATED[1:5], *SHARED):
        page = page_of(client, f"{address}?on=2026-07-15")
        assert f'<a href="{address}">This page as of today</a>' in page, address
        assert not re.search(r'href="/[^"]*[?;]on=', page_of(client, address)), address


def test_the_search_box_of_every_page_keeps_what_was_known_by_a_day(client, vellmark_progress):
    today = timezone.localdate()
    box = f'<input type="hidden" name="known" value="{today}"> <button type="submit" aria-label="Search">'
    for address in (*DATED[1:5], *SHARED):
        assert box in page_of(client, f"{address}?known={today}"), address
        assert box not in page_of(client, address), address
    refused = client.get(f"{DATED[1]}?known=soon").content.decode()
    assert 'value="soon"> <button' not in squeezed(refused)


def test_what_a_link_asks_for_stays_and_its_place_too(client, vellmark_progress):
    page = page_of(client, f"{PLAN}/commitments/I.1.1a/?on=2026-07-15")
    for link in re.findall(r'href="(/[^"]*#[^"]*)"', page):
        assert "on=" not in link.partition("#")[2]
    page = client.get(f"{PLAN}/rights/I.1/?on=2026-07-15").content.decode()
    assert re.search(r'href="/vellmark-2030/commitments/\?[^"]*&amp;on=2026-07-15"', page)


def test_no_file_is_changed_by_it(client, vellmark_progress):
    response = client.get(f"{PLAN}/commitments.json?on=2026-07-15")
    first = json.loads(b"".join(response.streaming_content))["results"][0]
    assert first["url"].endswith("/vellmark-2030/commitments/I.0a/") or "?" not in first["url"]
    assert days_of("/ledger.jsonl") == ("known",)
    assert days_of("/nothing/of/ours/here/") == ()


def test_what_a_body_said_later_is_not_counted_yet(client, vellmark_progress):
    counts = {}
    for query in ("", "?on=2026-01-02"):
        page = page_of(client, f"/bodies/office-of-numbers/{query}")
        counts[query] = int((re.search(r"(\d+) statements? of its own", page) or [0, 0])[1])
    assert counts[""] > counts["?on=2026-01-02"]


def test_the_log_is_of_no_day(client, vellmark):
    assert sentence(client, "/ledger/?on=2026-07-15") == "This page takes no parameter “on”."
