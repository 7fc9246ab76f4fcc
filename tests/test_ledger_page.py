"""The public log: to read, to take away, and to verify."""

import html
import json
import re
from itertools import pairwise

import pytest
from django.db import OperationalError

from tracker.ledger import log
from tracker.models import LedgerEntry
from tracker.standalone.verify import FIRST

from . import drafts
from .backdated import move_the_log_back
from .reading import page_of
from .vellmark_progress import DAY, _publish, _row

pytestmark = pytest.mark.django_db


def entries_of(page):
    return [int(number) for number in re.findall(r'<tr id="log-(\d+)">', page)]


@pytest.mark.both_databases
def test_it_shows_the_newest_entry_first_with_role_and_reason(client, vellmark_progress):
    page = page_of(client, "/ledger/")
    head = LedgerEntry.objects.head()
    assert entries_of(page)[:2] == [head, head - 1]
    assert "Says the same more plainly." in page
    assert "edith" not in page
    assert "rana" not in page


def test_it_shows_the_head_and_how_to_verify_it(client, vellmark_progress):
    page = page_of(client, "/ledger/")
    assert f'<code class="hash">{LedgerEntry.objects.first().hash}</code>' in page
    assert "python3 verify.py ledger.jsonl" in page
    assert b"def " in client.get("/verify.py").content


def test_a_text_taken_away_is_named_as_such(client, vellmark_progress):
    page = page_of(client, "/ledger/")
    assert re.search(r"text taken away by entry \d+", page)
    assert "It named a person." in page
    assert "SECRETNAME" not in page


def test_what_is_added_while_it_is_read_moves_none_of_its_pages(client, vellmark_progress, edith, rana, monkeypatch):
    monkeypatch.setattr("tracker.ledger.log.ON_A_PAGE", 30)
    head, address, entries = LedgerEntry.objects.head(), "/ledger/", []
    while address:
        page = page_of(client, address)
        entries += entries_of(page)
        drafts.published(drafts.value(77, "2020-12-31"), edith, rana)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"/ledger/{html.unescape(older[1])}" if older else None
    assert entries == list(range(head, 0, -1))
    newer = re.search(r'rel="prev" href="([^"]+)"', page)[1]
    assert f"entry={head}" in newer


@pytest.mark.slow
def test_an_entry_is_found_from_where_it_is_cited(client, vellmark_progress, edith, rana):
    more = {
        f"more-{n}": _row(
            "census-2026", metric="real-wages", value=3000, starts_on=DAY(2023, 1, 1), as_of=DAY(2023, 12, 31)
        )
        for n in range(120)
    }
    for record, _evidence in more.values():
        record.summary = "MORE"
    _publish(more, edith, rana)
    page = page_of(client, "/vellmark-2030/commitments/I.1.1a/")
    links = set(re.findall(r'href="(/ledger/(?:\?page=\d+)?)#log-(\d+)"', page))
    assert len(links) >= 5
    assert any("page=2" in address for address, _number in links)
    for address, number in links:
        assert int(number) in entries_of(page_of(client, address)), (address, number)


@pytest.mark.both_databases
def test_the_file_is_one_chain_from_the_first_entry(client, vellmark_progress):
    response = client.get("/ledger.jsonl")
    lines = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert len(lines) == LedgerEntry.objects.head()
    assert lines[0]["prev"] == FIRST
    assert all(after["prev"] == before["hash"] for before, after in pairwise(lines))
    assert sum("redacted_by" in line for line in lines) == 1


@pytest.mark.both_databases
def test_the_file_is_had_as_it_was_and_an_unchanged_one_is_not_sent_again(client, vellmark_progress):
    move_the_log_back(DAY(2026, 1, 1), up_to=5)
    response = client.get("/ledger.jsonl", {"known": "2026-01-01"})
    lines = [json.loads(line) for line in response.getvalue().splitlines()]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4, 5]
    assert [line.get("last") for line in lines] == [None, None, None, None, True]
    etag = client.get("/ledger.jsonl")["ETag"]
    assert client.get("/ledger.jsonl", HTTP_IF_NONE_MATCH=etag).status_code == 304
    for query in ({"known": "2025-12-31"}, {"known": "x"}, {"on": "2026-01-01"}, {"page": "1"}):
        assert client.get("/ledger.jsonl", query).status_code == 400, query


@pytest.mark.parametrize("address", ["/ledger.jsonl", "/data/ledger.csv", "/data/ledger.json"])
def test_half_a_log_is_never_given_out(client, vellmark_progress, monkeypatch, address):
    """A server ends an answer that broke off as it ends any other, so the log has a length or is no answer."""
    whole = client.get(address)
    assert int(whole["Content-Length"]) == len(whole.getvalue())

    def broken(columns):
        if columns[0] == 30:
            raise OperationalError("terminating connection due to administrator command")
        return row(columns)

    row = log.public_row
    monkeypatch.setattr(log, "public_row", broken)
    client.raise_request_exception = False
    assert client.get(address).status_code == 503


def test_it_refuses_pages_that_are_not_there(client, vellmark_progress):
    for page in ("0", "-1", "abc", "99", "9" * 50, "1.0", "²"):
        assert client.get("/ledger/", {"page": page}).status_code == 400, page
    for query in ("category=I", "entry=0", "entry=x", f"entry={LedgerEntry.objects.head() + 1}"):
        assert client.get(f"/ledger/?{query}").status_code == 400, query


def test_an_empty_log_has_a_page(client, db):
    assert "Verify it yourself" in page_of(client, "/ledger/")
    assert entries_of(page_of(client, "/ledger/")) == []


@pytest.mark.both_databases
def test_it_asks_three_questions_and_not_more_for_more(client, vellmark_progress, django_assert_num_queries):
    """The newest entry; a page of entries; those that are in no full tile. Two more where a key signs."""
    client.get("/ledger/")
    with django_assert_num_queries(3):
        client.get("/ledger/")
