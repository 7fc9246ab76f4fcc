"""What all dashboards share: one question to the database, the day kept in links and forms, a place in the sitemap."""

import re

import pytest

from .accounts import publish_many
from .reading import page_of, source_of

pytestmark = pytest.mark.django_db

PLAN = "/vellmark-2030"
ADDRESSES = {
    "disagreements": f"{PLAN}/disagreements/",
    "gaps": f"{PLAN}/gaps/",
    "changes": f"{PLAN}/changes/",
    "changes as published": f"{PLAN}/changes/?by=publication",
    "compare": f"{PLAN}/compare/",
    "coverage": f"{PLAN}/coverage/",
    "people": f"{PLAN}/people/",
    "a group of people": f"{PLAN}/people/villagers/",
}


@pytest.mark.slow
def test_a_page_asks_one_question_and_no_more_with_ten_times_the_history(
    client, accounts, edith, rana, django_assert_num_queries
):
    # Two days ask for two snapshots, each of which asks whether the log has grown.
    expected = {address: 3 if "compare" in address else 1 for address in ADDRESSES.values()}
    for _turn in range(2):
        for address, count in expected.items():
            client.get(address)
            with django_assert_num_queries(count):
                client.get(address)
        if not _turn:
            publish_many(by=edith, reviewer=rana)


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name != "compare"])
def test_links_to_pages_of_the_plan_keep_the_day(client, accounts, name):
    address = ADDRESSES[name]
    page = page_of(client, f"{address}{'&' if '?' in address else '?'}on=2026-10-31")
    assert "links to other pages keep the day" in page
    main = page[page.index("<h1") : page.index('<details class="as-of"')]
    links = re.findall(rf'href="({PLAN}/[^"#]*)', main)
    first_shown = [link for link in links if "known=" in link]  # these lead to the day of publication
    assert links == first_shown or {"on=2026-10-31" in link for link in set(links) - set(first_shown)} == {True}


def test_the_form_for_a_day_carries_on_what_else_was_asked(client, accounts):
    page = page_of(client, f"{PLAN}/changes/?by=publication&category=I&page=1&on=2026-10-31")
    form = re.search(r'<details class="as-of".*?</details>', page, re.S)[0]
    assert re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form) == [
        ("by", "publication"),
        ("category", "I"),
    ]
    banner = re.search(r'<div class="then".*?</div>', page, re.S)[0]
    assert f'href="{PLAN}/changes/?by=publication&category=I"' in banner


def test_what_was_typed_into_an_address_is_shown_as_text(client, accounts):
    response = client.get(f'{PLAN}/disagreements/?category=I&on=2026-10-31&known="><script>')
    assert response.status_code == 400
    assert b"<script>" not in response.content


def test_search_engines_are_told_of_each(client, accounts):
    sitemap = source_of(client, "/sitemap.xml")
    for address in ADDRESSES.values():
        assert (f"<loc>http://127.0.0.1:8000{address}</loc>" in sitemap) == ("?" not in address), address
    assert f"{PLAN}/people/children/" in sitemap
