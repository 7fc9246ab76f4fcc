"""The explorer as an analyst's tool: ranges, counts by group, several sorts, columns, citation, parts for a script."""

import html
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tracker.filters.commitments import COLUMNS, SORTS, CommitmentFilter
from tracker.filters.counts import BY
from tracker.snapshot import bitsets
from tracker.snapshot.cache import read_snapshot

from .examples import examples
from .reading import squeezed

pytestmark = pytest.mark.django_db

EXPLORER = "/vellmark-2030/commitments/"
SCRIPT = {"HTTP_HX_REQUEST": "true"}


def page_of(client, query="", **headers):
    response = client.get(EXPLORER + query, **headers)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(squeezed(response.content.decode()))


def codes_of(page):
    return re.findall(r'<td class="num">([\w.]+)</td>', page)


def total_of(page):
    return int(re.search(r'<h2 id="found">([\d,]+) <span class="of">of', page)[1])


def measured(known):
    """A snapshot in which commitments have these distances and paces, by code; all others have none."""
    snapshot = read_snapshot()
    plan = snapshot.plan("vellmark-2030")
    none = {"distance": None, "pace": None, "value": None}
    rows = {code: replace(c, **none | known.get(code, {})) for code, c in plan.commitments.items()}
    return replace(snapshot, plans={plan.code: replace(plan, commitments=rows)})


def filter_of(snapshot, query="", **more):
    return CommitmentFilter(QueryDict(query), snapshot=snapshot, plan=snapshot.plan("vellmark-2030"), **more)


def codes(snapshot, query):
    return [c.code for c in filter_of(snapshot, query).answer()[0]]


KNOWN = {
    "I.1.1a": {"distance": Decimal("0.5"), "pace": Decimal("0.25"), "value": Decimal(84)},
    "I.1.1b": {"distance": Decimal(0), "pace": Decimal(0), "value": Decimal(0)},
    "I.2.1a": {"distance": Decimal("1.2"), "pace": Decimal("-0.1"), "value": Decimal("4.5")},
    "I.2.1c": {"distance": Decimal("-0.3"), "value": Decimal("-2")},
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("distance_min=0.5", ["I.1.1a", "I.2.1a"]),
        ("distance_min=0", ["I.1.1a", "I.1.1b", "I.2.1a"]),
        ("distance_max=0", ["I.1.1b", "I.2.1c"]),
        ("distance_min=0&distance_max=1", ["I.1.1a", "I.1.1b"]),
        ("distance_min=-1", ["I.1.1a", "I.1.1b", "I.2.1a", "I.2.1c"]),
        ("distance_min=1&distance_max=0", []),
        ("pace_max=0.25", ["I.1.1a", "I.1.1b", "I.2.1a"]),
        ("pace_min=0.25&distance_min=0.5", ["I.1.1a"]),
    ],
)
def test_a_range_has_its_ends_and_no_commitment_without_a_number(vellmark, query, expected):
    assert codes(measured(KNOWN), query) == expected


def test_it_says_how_many_have_a_number_at_all(vellmark):
    snapshot = measured(KNOWN)
    assert [(s.name, s.have, s.of) for s in filter_of(snapshot).spans()] == [("distance", 4, 14), ("pace", 3, 14)]
    filters = filter_of(snapshot, "category=I.1&distance_min=0.4")
    assert [(s.name, s.have, s.of) for s in filters.spans()] == [("distance", 2, 5), ("pace", 1, 1)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=value", ["I.2.1c", "I.1.1b", "I.2.1a", "I.1.1a"]),
        ("sort=-value", ["I.1.1a", "I.2.1a", "I.1.1b", "I.2.1c"]),
        ("sort=-distance", ["I.2.1a", "I.1.1a", "I.1.1b", "I.2.1c"]),
        ("sort=pace", ["I.2.1a", "I.1.1b", "I.1.1a"]),
    ],
)
def test_what_has_no_number_comes_last_whichever_way_up_and_zero_is_a_number(vellmark, query, expected):
    ordered = codes(measured(KNOWN), query)
    assert ordered[: len(expected)] == expected
    rest = [code for code in codes(measured(KNOWN), "") if code not in expected]
    assert ordered[len(expected) :] == rest


def test_it_sorts_by_one_thing_and_then_by_another(client, vellmark):
    rows = read_snapshot().plan(vellmark).rows
    kinds = ["quantity", "law", "institution", "programme", "safeguard", "reporting", "aim"]
    by_title = sorted(rows, key=lambda c: c.title.lower(), reverse=True)
    expected = sorted(by_title, key=lambda c: kinds.index(c.kind))
    page = page_of(client, "?sort=kind&sort=-title")
    assert codes_of(page) == [c.code for c in expected]
    assert '<option value="kind" selected>' in page
    assert '<option value="-title" selected>' in page
    assert codes_of(page_of(client, "?sort=-title&sort=kind")) == [c.code for c in by_title]


@pytest.mark.parametrize(
    ("query", "sorts"),
    [("?sort=code", ""), ("?sort=title&sort=-title", "?sort=title"), ("?sort=kind&sort=code&sort=title", "?sort=kind")],
)
def test_a_sort_that_decides_nothing_is_not_in_the_address(client, vellmark, query, sorts):
    (canonical,) = re.findall(r'<link rel="canonical" href="([^"]*)">', page_of(client, query))
    assert canonical == f"http://127.0.0.1:8000{EXPLORER}{sorts}"


def value_lists(plan):
    """Each filter with choices, and the values that occur."""
    return {name: sorted(by_value) for name, by_value in plan.bits.items()}


@pytest.mark.slow
def test_counts_and_results_are_those_of_a_count_one_by_one(vellmark_progress):
    snapshot = read_snapshot()
    plan = snapshot.plan("vellmark-2030")
    choices = value_lists(plan)
    some = {name: st.lists(st.sampled_from(values), min_size=1, max_size=3) for name, values in choices.items()}

    @examples(20)
    @given(st.fixed_dictionaries({}, optional=some))
    def holds(query):
        data = QueryDict(mutable=True)
        for name, values in query.items():
            data.setlist(name, values)
        filters = CommitmentFilter(data, snapshot=snapshot, plan=plan)

        def fits(commitment, leave_out=None):
            return all(
                set(bitsets.VALUES[name](plan, commitment)) & set(values)
                for name, values in query.items()
                if name != leave_out
            )

        rows, shown = filters.answer()
        assert rows == [c for c in plan.commitments.values() if fits(c)]
        for facet in shown:
            for choice in facet.choices:
                mine = [c for c in plan.commitments.values() if choice.value in bitsets.VALUES[facet.name](plan, c)]
                assert choice.count == sum(fits(c, facet.name) for c in mine), (facet.name, choice.value)

    holds()


def test_no_filter_leaves_a_commitment_without_a_choice(client, vellmark_progress):
    plan = read_snapshot().plan("vellmark-2030")
    for name, by_value in plan.bits.items():
        everything = 0
        for bits in by_value.values():
            everything |= bits
        assert everything.bit_count() == len(plan.rows), name
        assert total_of(page_of(client, "?" + "&".join(f"{name}={value}" for value in by_value))) == 14


def grouped(page):
    """The counts of the page: the groups across, and each row with its numbers and addresses."""
    table = re.search(r'<div class="grouping">.*?</table>', page, re.S)[0]
    heads = [
        " ".join(re.sub("<[^>]*>", "", each).split()) for each in re.findall('<th scope="col".*?</th>', table, re.S)
    ]
    rows = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\".*?</tr>", table, re.S):
        label = re.search(r"<th[^>]*>([^<]*)<", row)[1]
        cells = re.findall(r'<td class="n[^"]*">(?:<a href="([^"]*)">)?([\d,]+)', row)
        rows[label] = [(int(n), address) for address, n in cells]
    return heads, rows


def test_it_counts_by_level_with_what_became_of_each_part(client, vellmark_progress):
    heads, rows = grouped(page_of(client, "?by=level"))
    assert heads[0] == "Level"
    assert heads[-1] == "of"
    plan = read_snapshot().plan("vellmark-2030")
    assert {label: cells[-1][0] for label, cells in rows.items()} == {
        label: sum(c.level == value for c in plan.rows)
        for value, label in (("structure", "Structure"), ("process", "Process"), ("outcome", "Outcome"))
    }
    for cells in rows.values():
        assert sum(n for n, _address in cells[:-1]) == cells[-1][0]


SETS = ["", "category=I.1&", "flag=none&says=not_kept&says=none&group=not_known&", "kind=aim&"]


@pytest.mark.parametrize("query", SETS)
def test_every_number_of_a_count_leads_to_exactly_so_many(vellmark_progress, query):
    snapshot, known = read_snapshot(), {}
    for by in BY:
        parts = filter_of(snapshot, f"{query}by={by}").grouping().rows
        assert parts, by
        for part in parts:
            for n, address in [(part.of, part.address), *[(cell.n, cell.address) for cell in part.cells]]:
                assert n or not address
                assert address or query or not n
                if address and address not in known:
                    known[address] = len(codes(snapshot, address.removeprefix(f"{EXPLORER}?")))
                assert not address or known[address] == n, address


def test_a_part_that_no_address_can_show_alone_has_no_link(client, vellmark_progress):
    plan = read_snapshot().plan("vellmark-2030")
    assert plan.bits["category"]["I"] != plan.bits["category"]["I.1"]
    _heads, rows = grouped(page_of(client, "?category=I.1&by=category"))
    assert rows["I Daily life"][-1] == (5, "")
    assert rows["I.1 Water"][-1][1] == f"{EXPLORER}?category=I.1"


def test_a_deadline_that_cuts_a_year_cuts_its_row(client, vellmark):
    _heads, rows = grouped(page_of(client, "?deadline_before=2028-02-29&by=deadline"))
    assert rows == {"2028": [(1, rows["2028"][0][1]), (1, rows["2028"][1][1])]}
    assert "deadline_before=2028-02-29" in rows["2028"][1][1]


def test_an_empty_set_is_not_counted(client, vellmark):
    assert 'class="grouping"' not in page_of(client, "?kind=law&category=II&by=kind")


def test_columns_are_those_that_were_chosen_in_the_order_of_the_record(client, vellmark_progress):
    page = page_of(client, "?columns=deadline&columns=level&columns=status&columns=groups&columns=bodies&columns=flags")
    table = re.search(r'<table class="list found-list">.*?</table>', page, re.S)[0]
    heads = re.findall(r'<th scope="col">([^<]*)</th>', table)
    assert heads == [
        "Code",
        "Promise",
        "Level",
        "Deadline",
        "People it is meant for",
        "Bodies named",
        "Status",
        "Flags",
    ]
    row = re.search(r'<td class="num">II\.1a</td>.*?</tr>', table, re.S)[0]
    assert re.findall(r'<td data-label="(?:Level|Deadline|Bodies named)"[^>]*>([^<]*)<', row) == (
        ["Process", "31 Dec 2030", "Lake Council"]
    )
    assert 'name="columns" value="level" checked' in page
    assert "commitments.csv?columns=deadline" not in page
    query = "columns=level&columns=deadline&columns=groups&columns=bodies&columns=status&columns=flags"
    assert f"commitments.csv?{query}" in page


def test_every_column_can_be_shown(client, vellmark_progress):
    page = page_of(client, "?" + "&".join(f"columns={name}" for name in COLUMNS))
    heads = re.findall(r'<th scope="col">([^<]*)</th>', page)
    assert heads == ["Code", "Promise", *[str(label) for name, label in COLUMNS.items() if name != "title"]]
    assert "http://127.0.0.1:8000/vellmark-2030/commitments/I.1.1a/" in page


def test_the_filter_tells_files_which_columns(vellmark):
    snapshot = read_snapshot()
    assert filter_of(snapshot).columns == ()
    assert filter_of(snapshot, "columns=status&columns=title", paged=False).columns == ("title", "status")


def test_a_set_is_cited_with_its_words_its_date_its_place_in_the_log_and_its_address(client, vellmark):
    snapshot = read_snapshot()
    page = page_of(client, "?sort=title&kind=law&kind=aim&q=&by=level&page=1")
    cited = " ".join(re.search(r'<p class="cite">(.*?)</p>', page, re.S)[1].split())
    assert "2 of 14 promises. Kind: Law or policy document or Aim. Promise by promise, as of" in cited
    assert f"log entry {snapshot.known}" in cited
    assert snapshot.head_hash in cited
    assert cited.endswith(f"http://127.0.0.1:8000{EXPLORER}?kind=law&kind=aim&sort=title&by=level")


def test_a_script_gets_what_changes_and_the_same_of_it(client, vellmark):
    query = "?kind=law&kind=aim&q=&by=level"
    part, page = page_of(client, query, **SCRIPT), page_of(client, query)
    assert "<html" not in part
    assert "<form" not in part
    results = re.search(r'<div id="results">.*?</div>(?=<p id="said")', part, re.S)[0]
    assert results in page
    assert re.search(r'<p id="said"[^>]*>2 <span class="of">of 14 promises</span>', part)
    for name in bitsets.VALUES:
        inside = re.search(rf'<fieldset id="choices-{name}"[^>]*>(.*?)</fieldset>', part, re.S)[1]
        assert inside.strip() in page, name


def test_the_address_that_a_script_shows_is_the_canonical_one(client, vellmark):
    response = client.get(f"{EXPLORER}?q=&deadline_after=&kind=aim&sort=code&sort=&by=&page_size=50", **SCRIPT)
    assert response["HX-Push-Url"] == f"{EXPLORER}?kind=aim"


def test_page_and_part_are_kept_apart(client, vellmark):
    page, part = client.get(EXPLORER), client.get(EXPLORER, **SCRIPT)
    for response in (page, part):
        assert {"HX-Request", "HX-History-Restore-Request"} <= set(re.split(", ?", response["Vary"]))
    assert page["ETag"] != part["ETag"]
    assert client.get(EXPLORER, HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 304
    again = client.get(EXPLORER, HTTP_IF_NONE_MATCH=part["ETag"], **SCRIPT)
    assert again.status_code == 304
    assert "HX-Request" in again["Vary"]
    assert client.get(EXPLORER, HTTP_IF_NONE_MATCH=page["ETag"], **SCRIPT).status_code == 200


def test_the_history_of_a_script_gets_the_whole_page(client, vellmark):
    whole = page_of(client, "?kind=law", HTTP_HX_HISTORY_RESTORE_REQUEST="true", **SCRIPT)
    assert "<html" in whole


def test_a_bad_value_is_refused_to_a_script_by_the_same_sentence(client, vellmark):
    response = client.get(f"{EXPLORER}?kind=rule", **SCRIPT)
    assert response.status_code == 400
    assert "kind=rule: " in response.content.decode()


def test_every_sort_gives_all_of_the_set(client, vellmark_progress):
    plain = codes_of(page_of(client))
    for sort in SORTS:
        assert sorted(codes_of(page_of(client, f"?sort={sort}"))) == sorted(plain), sort


def test_what_shows_the_set_is_not_in_the_words_for_it(client, vellmark):
    filters = filter_of(read_snapshot(), "kind=law&sort=title&columns=level&by=kind&page_size=25&distance_min=0.5")
    assert filters.in_words() == "Kind: Law or policy document; Distance covered, at least: 0.5."
    assert filters.query() == "kind=law&distance_min=0.5&sort=title&columns=level"


def test_counting_costs_no_question(client, vellmark, django_assert_num_queries):
    client.get(EXPLORER)
    with django_assert_num_queries(1):
        page_of(client, "?by=category&columns=status&sort=value&distance_max=1")
    with django_assert_num_queries(2):
        page_of(client, "?by=category&q=water+wells&sort=relevance")
