"""Atom feeds of changes of status: what an entry says, that it stays the same, and that the documents are valid."""

import datetime
import html
import re
from functools import partial
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree
from django.utils import timezone

from tracker.actions.changes import withdraw
from tracker.actions.progress import publish, submit
from tracker.actions.registry import register_all
from tracker.exports import feeds
from tracker.models import Commitment, LedgerEntry
from tracker.snapshot.cache import forget, read_snapshot
from tracker.snapshot.timeline import Change, Standing

from . import drafts, factories
from .backdated import move_the_log_back

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"
ALL = "/feeds/changes.atom"
PLAN = "/feeds/vellmark-2030/changes.atom"
ONE = "/feeds/vellmark-2030/commitments/I.1.1e.atom"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TAG = re.compile(r"tag:[0-9a-f]{32}\.invalid,\d{4}-\d\d-\d\d:[A-Za-z0-9._/?=&%-]+")


def feed_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries_of(feed):
    return feed.findall(f"{ATOM}entry")


def text(element, name):
    (child,) = element.findall(f"{ATOM}{name}")
    return child.text


def links(element):
    return {link.get("rel", "alternate"): link.get("href") for link in element.findall(f"{ATOM}link")}


def codes_of(client, address):
    """Codes of the promises of a feed, every page of it, each once."""
    codes, address = [], SITE + address
    while address:
        feed = feed_of(client, address.removeprefix(SITE))
        codes += [links(entry)["alternate"].rstrip("/").rpartition("/")[2] for entry in entries_of(feed)]
        address = links(feed).get("next")
    return sorted(set(codes))


def refused(client, address):
    response = client.get(address)
    assert response.status_code == 400, address
    return html.unescape(re.search(r'<p class="lead">(.*?)</p>', response.content.decode(), re.S)[1])


def check_valid(feed):
    """The rules of RFC 4287 that a feed of ours can break."""
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "subtitle", "rights", "generator"):
        assert text(feed, name), name
    (author,) = feed.findall(f"{ATOM}author")
    assert text(author, "name") == "Promise by promise"
    assert len([link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1
    ids = [text(feed, "id"), *(text(entry, "id") for entry in entries_of(feed))]
    assert len(ids) == len(set(ids))
    assert all(TAG.fullmatch(each) for each in ids), ids
    for element in (feed, *entries_of(feed)):
        assert RFC_3339.fullmatch(text(element, "updated"))
        assert text(element, "title").strip()
        alternates = [link for link in element.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert all(urlsplit(link.get("href")).netloc for link in element.findall(f"{ATOM}link"))
    for entry in entries_of(feed):
        (summary,) = entry.findall(f"{ATOM}summary")
        assert summary.get("type") == "html"
        assert all(c.get("term") and c.get("scheme") for c in entry.findall(f"{ATOM}category"))
    times = [datetime.datetime.fromisoformat(text(entry, "updated")) for entry in entries_of(feed)]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("address", [ALL, PLAN, ONE, f"{PLAN}?category=I.1&kind=quantity", f"{PLAN}?q=nothingatall"])
def test_every_feed_is_valid(client, vellmark_progress, address):
    check_valid(feed_of(client, address))


def test_every_promise_appears_with_its_first_publication(client, vellmark):
    feed = feed_of(client, ALL)
    assert codes_of(client, ALL) == sorted(read_snapshot().plan("vellmark-2030").commitments)
    titles = {text(entry, "title") for entry in entries_of(feed)}
    assert (
        "I.1.1e "
        + Commitment.objects.get(code="I.1.1e").title
        + (": not known: not researched here yet (first published)")
        in titles
    )


def test_a_change_says_before_and_after_why_and_when(client, vellmark, edith, rana):
    move_the_log_back(timezone.localdate() - datetime.timedelta(days=3))
    row = drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    newest, first = entries_of(feed_of(client, ONE))
    title = Commitment.objects.get(code="I.1.1e").title
    assert text(newest, "title") == f"I.1.1e {title}: contested (was not known: not researched here yet)"
    assert text(newest, "summary") == (
        "<p>Before: not known: not researched here yet</p><p>Now: contested</p><p>Due: throughout</p>"
        f"<p>Because: log entry {row.entry_id}</p>"
    )
    at = LedgerEntry.objects.get(seq=row.entry_id).at
    assert datetime.datetime.fromisoformat(text(newest, "updated")) == at
    assert links(newest)["alternate"] == f"{SITE}/vellmark-2030/commitments/I.1.1e/"
    authority = f"{LedgerEntry.objects.get(seq=1).hash[:32]}.invalid"
    day = timezone.localdate() - datetime.timedelta(days=3)
    assert text(newest, "id") == f"tag:{authority},{day}:vellmark-2030/I.1.1e/entry-{row.entry_id}"
    assert text(first, "title").endswith("(first published)")
    categories = {(c.get("scheme"), c.get("term")): c.get("label") for c in newest.findall(f"{ATOM}category")}
    assert list(categories) == [
        (f"{SITE}/vellmark-2030/rights/", "I.1"),
        (f"{SITE}/vellmark-2030/rights/", "I"),
        (f"{SITE}/method/#kind-", "safeguard"),
        (f"{SITE}/method/#group-", "contested"),
    ]
    assert categories[f"{SITE}/method/#group-", "contested"] == "Contested"


def test_ids_stay_when_the_feed_is_made_again_and_others_are_added(client, vellmark, edith, rana):
    move_the_log_back(timezone.localdate() - datetime.timedelta(days=3))
    before = [text(entry, "id") for entry in entries_of(feed_of(client, ALL))]
    drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    forget()
    after = [text(entry, "id") for entry in entries_of(feed_of(client, ALL))]
    assert after[1:] == before
    assert after[0] not in before


def test_what_was_published_and_withdrawn_within_a_day_leaves_two_entries(client, vellmark, edith, rana):
    ids = [text(entry, "id") for entry in entries_of(feed_of(client, ONE))]
    for _again in range(2):
        row = drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
        drafted = withdraw(published=row, reason="Not so.", by=edith)
        withdrawal = publish(record=submit(record=drafted, by=edith), by=rana)
        gone, shown, *before = entries_of(feed_of(client, ONE))
        assert text(shown, "title").endswith("contested (was not known: not researched here yet)")
        assert text(gone, "title").endswith("not known: not researched here yet (was contested)")
        assert f"log entry {withdrawal.entry_id}" in text(gone, "summary")
        assert [text(entry, "id") for entry in before] == ids
        ids = [text(entry, "id") for entry in (gone, shown, *before)]
    assert len(set(ids)) == len(ids) == 5


def test_updated_never_goes_back_when_a_promise_leaves_the_set(client, vellmark, edith, rana):
    move_the_log_back(timezone.localdate() - datetime.timedelta(days=3))
    address = f"{PLAN}?group=contested"
    row = drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    before = feed_of(client, address)
    drafted = withdraw(published=row, reason="Not so.", by=edith)
    withdrawal = publish(record=submit(record=drafted, by=edith), by=rana)
    after = feed_of(client, address)
    assert (len(entries_of(before)), len(entries_of(after))) == (2, 0)
    times = [datetime.datetime.fromisoformat(text(feed, "updated")) for feed in (before, after)]
    assert times == [LedgerEntry.objects.get(seq=seq).at for seq in (row.entry_id, withdrawal.entry_id)]


def test_ids_stay_when_the_site_moves_to_another_address(client, vellmark_progress, settings):
    def ids():
        feed = feed_of(client, f"{PLAN}?category=I.1")
        return [text(element, "id") for element in (feed, *entries_of(feed))]

    before = ids()
    settings.SITE_URL = "https://elsewhere.example"
    forget()
    assert ids() == before
    assert len(before) > 5


def test_a_change_by_time_alone_is_dated_midnight_and_says_so(client, vellmark, monkeypatch):
    day = timezone.localdate()
    standing = Standing("not_known", "not_known", "nothing_found")
    change = Change("I.1.1a", day, Standing("behind", "running", ""), standing, ())
    monkeypatch.setattr("tracker.snapshot.timeline.published", lambda snapshot, plan: (change,))
    forget()
    (entry,) = entries_of(feed_of(client, ALL))
    assert text(entry, "updated") == f"{day}T00:00:00+00:00"
    assert "(was behind)" in text(entry, "title")
    assert "Because: the day came; nothing new was published" in text(entry, "summary")


def test_a_title_with_marks_and_control_characters_stays_valid(client, vellmark, request):
    title = "Wells & <b>pipes</b> ]]> \x01\x0b\ufffe end"
    plan = read_snapshot().plan("vellmark-2030")
    commitment = plan.commitments["I.1.1a"]
    request.addfinalizer(partial(object.__setattr__, commitment, "title", commitment.title))  # others read it too
    object.__setattr__(commitment, "title", title)
    for address in (ALL, "/feeds/vellmark-2030/commitments/I.1.1a.atom"):
        feed = feed_of(client, address)
        check_valid(feed)
        titles = [text(entry, "title") for entry in entries_of(feed)]
        assert any(each.startswith("I.1.1a Wells & <b>pipes</b> ]]>  end: not known") for each in titles)


@pytest.mark.parametrize("query", ["", "category=I.1", "kind=quantity&kind=law", "q=water", "group=contested"])
def test_it_has_the_promises_of_the_explorer(client, vellmark_progress, query):
    listed = client.get(f"/vellmark-2030/commitments.json?{query}").getvalue().decode()
    assert codes_of(client, f"{PLAN}?{query}") == sorted(re.findall(r'"code": "([\w.]+)"', listed))


def test_it_says_its_filters_in_words_and_where_to_see_the_same(client, vellmark):
    feed = feed_of(client, f"{PLAN}?category=I.1&kind=quantity")
    assert text(feed, "title") == "Vellmark 2026-2030: changes of status"
    assert text(feed, "subtitle").startswith("Right: I.1 Water; Kind: Quantity.")
    assert links(feed)["alternate"] == f"{SITE}/vellmark-2030/commitments/?category=I.1&kind=quantity"
    assert links(feed)["self"] == f"{SITE}{PLAN}?category=I.1&kind=quantity"
    assert text(feed, "rights").startswith("Our words and data: CC BY 4.0")


def test_as_of_a_past_day_it_has_nothing_that_came_later(client, vellmark, edith, rana):
    move_the_log_back(timezone.localdate() - datetime.timedelta(days=3))
    drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    assert len(entries_of(feed_of(client, PLAN))) == 15
    assert len(entries_of(feed_of(client, f"{PLAN}?on={yesterday}&known={yesterday}"))) == 14


def test_pages_are_linked_and_hold_every_entry_once(client, vellmark, monkeypatch):
    monkeypatch.setattr(feeds, "ON_A_PAGE", 5)
    first, middle, last = (feed_of(client, f"{PLAN}?level=process&level=outcome&page={n}") for n in (1, 2, 3))
    query = "level=process&level=outcome"
    assert links(first) == {
        "alternate": f"{SITE}/vellmark-2030/commitments/?{query}",
        "self": f"{SITE}{PLAN}?{query}",
        "first": f"{SITE}{PLAN}?{query}",
        "last": f"{SITE}{PLAN}?{query}&page=3",
        "next": f"{SITE}{PLAN}?{query}&page=2",
    }
    assert links(middle)["previous"] == f"{SITE}{PLAN}?{query}"
    assert links(middle)["next"] == f"{SITE}{PLAN}?{query}&page=3"
    assert "next" not in links(last)
    ids = [text(entry, "id") for feed in (first, middle, last) for entry in entries_of(feed)]
    assert len(ids) == len(set(ids)) == 12
    assert len({text(feed, "updated") for feed in (first, middle, last)}) == 1
    assert len({text(feed, "id") for feed in (first, middle, last)}) == 1


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (f"{ALL}?category=I", "This page takes no parameter “category”."),
        (f"{ONE}?on=2026-01-01", "This page takes no parameter “on”."),
        (f"{PLAN}?category=IX", "category=IX: "),
        (f"{PLAN}?page=2", "page=2: there is 1 page."),
        (f"{PLAN}?page=0", "page=0: give a whole number from 1."),
        (f"{PLAN}?page=two", "page=two: give a whole number from 1."),
        (f"{PLAN}?page=1&page=1", "The parameter “page” stands twice; give it once."),
        (f"{PLAN}?page_size=25", "page_size=25: "),
        (f"{PLAN}?colour=red", "There is no parameter “colour”."),
    ],
)
def test_it_refuses_what_it_cannot_answer_by_name(client, vellmark, address, sentence):
    assert refused(client, address).startswith(sentence)


@pytest.mark.parametrize("address", ["/feeds/atlantis/changes.atom", "/feeds/vellmark-2030/commitments/IX.1a.atom"])
def test_what_is_not_there_is_a_404(client, vellmark, address):
    assert client.get(address).status_code == 404


def test_ids_stay_when_another_load_follows_at_once(client, vellmark):
    before = client.get(ALL).content.decode().split("><")
    drafts.source("another-census")  # by the account of the seed files
    forget()
    assert client.get(ALL).content.decode().split("><") == before


def test_a_draft_is_in_no_feed(client, vellmark, edith):
    before = client.get(ALL).content
    drafts.submitted(drafts.finding("not_kept", "2026-06-30"), edith)
    forget()
    assert client.get(ALL).content == before


def test_an_unchanged_feed_is_a_304(client, vellmark, edith, rana):
    etag = client.get(ALL)["ETag"]
    assert client.get(ALL, HTTP_IF_NONE_MATCH=etag).status_code == 304
    drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    assert client.get(ALL, HTTP_IF_NONE_MATCH=etag).status_code == 200


@pytest.mark.slow
def test_it_asks_twice_and_no_more_with_ten_times_the_plan(
    client, vellmark_progress, edith, rana, django_assert_num_queries
):
    addresses = (ALL, PLAN, f"{PLAN}?category=I.1", ONE)

    def ask():
        for address in addresses:
            client.get(address)
            with django_assert_num_queries(2):  # the head of the log, and when the entries of the page were made
                client.get(address)

    ask()
    for n in range(20):
        drafts.published(drafts.finding("notes", f"2026-06-{n + 1:02}"), edith, rana)
    some = Commitment.objects.get(code="I.1.1a")
    named = {"provision": some.provision, "metric": some.metric}
    more = [(factories.CommitmentFactory.build(order=1000 + n, **named), {}) for n in range(140)]
    register_all(records=more, by=edith)
    forget()
    ask()
    assert len(codes_of(client, ALL)) == 154
