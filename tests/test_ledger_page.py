"""The public log: to read, to take away, and to verify."""

import json
import re
from itertools import pairwise

import pytest

from tracker.models import LedgerEntry
from tracker.standalone.verify import FIRST

from .reading import page_of
from .vellmark_progress import DAY, _publish, _row

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def entries_of(page):
    return [int(number) for number in re.findall(r'<tr id="log-(\d+)">', page)]


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


def test_the_file_is_one_chain_from_the_first_entry(client, vellmark_progress):
    response = client.get("/ledger.jsonl")
    lines = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert len(lines) == LedgerEntry.objects.head()
    assert lines[0]["prev"] == FIRST
    assert all(after["prev"] == before["hash"] for before, after in pairwise(lines))
    assert sum("redacted_by" in line for line in lines) == 1


def test_it_refuses_pages_that_are_not_there(client, vellmark_progress):
    for page in ("0", "-1", "abc", "99", "9" * 50, "1.0", "²"):
        assert client.get("/ledger/", {"page": page}).status_code == 400, page
    assert client.get("/ledger/?colour=red").status_code == 400


def test_an_empty_log_has_a_page(client, db):
    assert "Verify it yourself" in page_of(client, "/ledger/")
    assert entries_of(page_of(client, "/ledger/")) == []


def test_it_asks_two_questions_and_not_more_for_more(client, vellmark_progress, django_assert_num_queries):
    client.get("/ledger/")
    with django_assert_num_queries(2):
        client.get("/ledger/")
