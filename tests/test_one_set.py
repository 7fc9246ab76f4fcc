"""One set everywhere: whatever an address asks for, page, files, API and feed answer with the same promises.

Thirty promises of the invented plan, some due and some not, on which some progress was published later than the rest,
are asked for by random combinations of every parameter.
"""

import csv
import datetime
import io
import json
import re
from urllib.parse import urlencode

import pytest
from defusedxml import ElementTree
from django.db.models import Max
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracker.exports import feeds
from tracker.filters.base import ONLY_ON_THE_PAGE
from tracker.filters.commitments import COLUMNS, SORTS, CommitmentFilter
from tracker.models import LedgerEntry
from tracker.snapshot.cache import read_snapshot

from .accounts import promised, publish_accounts
from .backdated import move_the_log_back
from .examples import NIGHTLY, examples
from .reading import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PLAN = "vellmark-2030"
ATOM = "{http://www.w3.org/2005/Atom}"
REGISTERED, PUBLISHED = datetime.date(2026, 1, 2), datetime.date(2026, 7, 1)
DEADLINES = st.sampled_from(["2026-06-29", "2026-06-30", "2028-02-29", "2030-12-30", "2030-12-31"])
SHARES = st.sampled_from(["-1", "0", "0.125", "0.5", "0.75", "1", "2.5"])
WORDS = [
    "water",
    "WELLS",
    "déep",
    "2026",
    "I.2",
    "choir",
    "bells mended",
    "“deep wells”",
    '"by 30 June"',
    "nought",
    "%'",
]
FREE = {
    "q": st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join),
    "deadline_after": DEADLINES,
    "deadline_before": DEADLINES,
    "distance_min": SHARES,
    "distance_max": SHARES,
    "pace_min": SHARES,
    "pace_max": SHARES,
    "on": st.sampled_from(["2026-01-02", "2026-05-01", "2026-07-15", "2026-10-31"]),
    "known": st.sampled_from(["2026-01-02", "2026-06-30", "2026-07-01"]),
    "sort": st.lists(st.sampled_from(list(SORTS)), min_size=1, max_size=3, unique=True),
    "columns": st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=4, unique=True),
}


@pytest.fixture
def many(vellmark_progress, edith, rana):
    """Progress, accounts that differ, and a dozen promises more, so that every list has several pages."""
    for letter in "ghijklmnopqr":
        promised(f"II.2{letter}", f"Choir {letter} heard", by=edith, groups=["children"] if letter < "k" else ())
    publish_accounts(by=edith, reviewer=rana)
    registered = LedgerEntry.objects.filter(action="register").aggregate(last=Max("seq"))["last"]
    move_the_log_back(PUBLISHED)
    move_the_log_back(REGISTERED, up_to=registered)
    return read_snapshot().plan(PLAN)


def queries_of(plan):
    """For each parameter of the explorer, addresses that ask for it and for a few others beside it."""
    declared = CommitmentFilter(QueryDict(), snapshot=read_snapshot(), plan=plan)
    facets = {
        name: st.lists(st.sampled_from([value for value, _words in choices]), min_size=1, max_size=4, unique=True)
        for name, choices in declared.choices.items()
    }
    drawn = facets | FREE
    assert set(drawn) == set(declared.filters) - set(ONLY_ON_THE_PAGE), "a parameter is not drawn here"
    few = st.sets(st.sampled_from(sorted(set(drawn) - {"sort", "columns"})), max_size=3)
    shown = st.sets(st.sampled_from(["sort", "columns"]))

    def with_others(name):
        sets = st.tuples(few, shown).map(lambda names: sorted({name} | names[0] | names[1]))
        return sets.flatmap(lambda names: st.fixed_dictionaries({each: drawn[each] for each in names}))

    return {name: with_others(name) for name in sorted(drawn)}


def answered(client, address):
    response = client.get(address)
    assert response.status_code == 200, (address, response.content[:400])
    return b"".join(response) if response.streaming else response.content


def on_pages(client, query):
    """Codes of the list, page after page as they lead on, and how many pages there are."""
    address, codes, pages = f"/{PLAN}/commitments/?{urlencode([*query, ('page_size', 25)])}", [], 0
    while address:
        page = squeezed(answered(client, address).decode())
        codes += re.findall(r'<td class="num">([\w.]+)</td>', page)
        after = re.search(r'<a rel="next" href="([^"]*)">', page)
        address, pages = after and after[1].replace("&amp;", "&"), pages + 1
    return codes, pages


def in_csv(client, query):
    text = answered(client, f"/{PLAN}/commitments.csv?{query}").decode("utf-8-sig")
    return [row["code"] for row in csv.DictReader(io.StringIO(text, newline=""))]


def in_xlsx(client, query):
    book = load_workbook(io.BytesIO(answered(client, f"/{PLAN}/commitments.xlsx?{query}")), read_only=True)
    header, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [row[header.index("code")] for row in rows]


def in_json(client, query):
    return [row["code"] for row in json.loads(answered(client, f"/{PLAN}/commitments.json?{query}"))["results"]]


def in_api(client, query):
    """The same from the API, which calls columns fields."""
    chosen = [("fields", value) for name, value in query if name == "columns"]
    others = [pair for pair in query if pair[0] != "columns"]
    more = [("fields", "code")] if chosen else []
    address = f"/api/v1/commitments/?{urlencode([*others, *chosen, *more, ('plan', PLAN), ('page_size', 20)])}"
    codes = []
    while address:
        page = json.loads(answered(client, address))
        codes += [row["code"] for row in page["results"]]
        address = page["next"]
    return codes


def in_feed(client, query):
    """Codes of the feed, all pages of it, each once."""
    address, codes = f"/feeds/{PLAN}/changes.atom?{query}", set()
    while address:
        feed = ElementTree.fromstring(answered(client, address))
        links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
        codes |= {link.rstrip("/").rpartition("/")[2] for link in links}
        address = next((each.get("href") for each in feed.findall(f"{ATOM}link") if each.get("rel") == "next"), None)
    return codes


def test_any_question_has_the_same_answer_everywhere(client, many, monkeypatch):
    monkeypatch.setattr(feeds, "ON_A_PAGE", 20)
    sizes, most = [], 0

    def holds(query):
        nonlocal most
        asked = [
            (name, each) for name, value in query.items() for each in ([value] if isinstance(value, str) else value)
        ]
        address = urlencode(asked)
        codes, pages = on_pages(client, asked)
        assert in_csv(client, address) == codes
        # Half of the time: by day a workbook for the second question of each parameter, and for the longest sets.
        if NIGHTLY or len(sizes) % 2 or len(codes) > max(sizes, default=0):
            assert in_xlsx(client, address) == codes
        assert in_json(client, address) == codes
        assert in_api(client, asked) == codes
        assert in_feed(client, address) == set(codes)
        sizes.append(len(codes))
        most = max(most, pages)

    a_few = examples(2)
    for queries_with_it in queries_of(many).values():  # so that none is left to chance
        a_few(given(queries_with_it)(holds))()
    assert most == 2
    assert len(sizes) == 2 * len(queries_of(many)) or NIGHTLY
    assert len([size for size in sizes if size]) > len(sizes) / 3
    assert len(set(sizes)) > 5
