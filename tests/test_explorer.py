"""The explorer: what an address may ask for, what it refuses, how it is sorted and cut into pages."""

import html
import re

import pytest
from django.http import QueryDict

from tracker.filters.commitments import CommitmentFilter
from tracker.snapshot.cache import forget, read_snapshot
from tracker.wording import labels

from . import drafts, factories
from .reading import source_of, squeezed, words_of

pytestmark = pytest.mark.django_db

EXPLORER = "/vellmark-2030/commitments/"


def page_of(client, query="", explorer=EXPLORER):
    response = client.get(explorer + query)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(squeezed(response.content.decode()))


def codes_of(page):
    return re.findall(r'<td class="num">([\w.]+)</td>', page)


def total_of(page):
    return int(re.search(r'<h2 id="found">([\d,]+) <span class="of">of', page).group(1).replace(",", ""))


def refusal(client, query, explorer=EXPLORER):
    """The sentence with which an address is refused."""
    response = client.get(explorer + query)
    assert response.status_code == 400, query
    page = html.unescape(squeezed(response.content.decode()))
    assert f'<a href="{explorer}">The same page without parameters</a>' in page
    return re.search(r'<p class="lead">(.*?)</p>', page, re.S).group(1)


def test_it_shows_all_promises_in_the_order_of_the_plan(client, vellmark):
    page = page_of(client)
    assert "<title>All promises · Vellmark 2026-2030 · Promise by promise</title>" in page
    assert "<h1>Promises</h1>" in page
    assert '14 <span class="of">of 14 promises</span>' in page
    assert codes_of(page) == (
        [
            "I.0.0a",
            "I.1.1a",
            "I.1.1b",
            "I.1.1c",
            "I.1.1d",
            "I.1.1e",
            "I.2.1a",
            "I.2.1b",
            "I.2.1c",
            "I.2.1d",
            "I.2.2a",
            "II.1a",
            "II.2a",
            "II.2b",
        ]
    )
    assert 'aria-label="Filters in force"' not in page
    assert '<nav class="pages"' not in page


def test_a_row_says_kind_target_and_deadline(client, vellmark):
    page = page_of(client)
    row = re.sub(r"<[^>]*>", " ", re.search(r'<td class="num">I\.2\.1b</td>.*?</tr>', page, re.S).group())
    assert "Twenty thousand people trained" in row
    assert "at least 20 thousand people over the whole plan" in row
    assert "29 Feb 2028" in row
    duty = re.search(r'<td class="num">I\.1\.1e</td>.*?</tr>', page, re.S).group()
    assert '<span class="quiet">throughout</span>' in duty


def test_several_values_of_one_filter_mean_or_and_several_filters_mean_and(client, vellmark):
    assert codes_of(page_of(client, "?kind=law&kind=aim")) == ["I.1.1d", "I.2.1d"]
    assert codes_of(page_of(client, "?kind=law&kind=aim&category=I.2")) == ["I.2.1d"]
    assert codes_of(page_of(client, "?category=I.2&category=II&level=process&rule=judge")) == [
        "I.2.2a",
        "II.2a",
        "II.2b",
    ]


def test_a_category_holds_what_stands_below_it(client, vellmark):
    assert total_of(page_of(client, "?category=I")) == 11
    assert total_of(page_of(client, "?category=I.1")) == 5
    assert total_of(page_of(client, "?category=I&category=I.1")) == 11


def test_everyone_and_none_are_values_of_their_own(client, vellmark):
    assert total_of(page_of(client, "?beneficiary=everyone")) == 12
    assert codes_of(page_of(client, "?beneficiary=children")) == ["I.1.1e"]
    assert total_of(page_of(client, "?beneficiary=everyone&beneficiary=children")) == 13
    assert codes_of(page_of(client, "?body=lake-council")) == ["II.1a"]
    assert total_of(page_of(client, "?body=none")) == 13


def test_the_bounds_of_a_deadline_belong_to_the_set(client, vellmark):
    assert codes_of(page_of(client, "?deadline_before=2028-02-29")) == ["I.2.1b"]
    assert codes_of(page_of(client, "?deadline_before=2028-02-28")) == []
    assert total_of(page_of(client, "?deadline_after=2028-02-29")) == 14
    assert total_of(page_of(client, "?deadline_after=2028-03-01")) == 13
    assert total_of(page_of(client, "?deadline_after=2030-12-31&deadline_before=2030-12-31")) == 13
    assert codes_of(page_of(client, "?deadline_after=2030-01-01&deadline_before=2029-01-01")) == []


WORDS = [
    ("WELLS deep", ["I.1.1b", "I.1.1c"]),
    ("dëep   wélls  15", ["I.1.1b"]),
    ("i.1.1d", ["I.1.1d"]),
    ("piped homes census", ["I.1.1a"]),
    ("“As soon as", ["I.1.1d"]),
    ("advice seekers valleys", ["I.2.2a"]),
    ("ombudsman's", ["I.0.0a"]),
    ("water nothing-such", []),
    ("%", []),
    ("_", []),
    ("88%", ["I.1.1a"]),
    ("wel dee", ["I.1.1b", "I.1.1c"]),
    ("ells", []),
    ("wells NOT deep", []),
    ("wells*", ["I.1.1b", "I.1.1c"]),
    ("-wells", ["I.1.1b", "I.1.1c"]),
    ('"deep wells"', ["I.1.1b", "I.1.1c"]),
    ('"wells deep"', []),
    ('"deep well"', []),
    ("“deep wells” 15", ["I.1.1b"]),
    ('"deep wel', ["I.1.1b", "I.1.1c"]),
    ("\\", []),
    ("' OR '1'='1", ["I.1.1a"]),
    ("'; DROP TABLE tracker_commitment; --", []),
    ("<script>alert(1)</script>", []),
    ('"><img src=x onerror=alert(1)>', []),
    ("{{ 7*7 }} {% csrf_token %}", []),
    ("\U0001f6b0", []),
]


def test_words_are_all_looked_for_without_case_or_accents_and_taken_literally(client, vellmark):
    for words, codes in WORDS:
        response = client.get(EXPLORER, {"q": words})
        assert response.status_code == 200
        raw = response.content.decode()
        assert codes_of(squeezed(raw)) == codes
        assert "<script>" not in raw
        assert "<img" not in raw
        assert f'value="{html.escape(words)}"' in raw


def test_a_typographic_apostrophe_and_a_typed_one_are_the_same(client, vellmark):
    assert codes_of(source_of(client, f"{EXPLORER}?q=ombudsman’s")) == ["I.0.0a"]


def test_bytes_that_are_no_text_are_looked_for_and_not_found(client, vellmark):
    assert codes_of(page_of(client, "?q=%FF%FE")) == []


def test_a_form_sent_without_script_may_leave_fields_blank(client, vellmark):
    page = page_of(client, "?q=&kind=law&deadline_after=&deadline_before=&sort=code&page_size=50")
    assert codes_of(page) == ["I.1.1d"]
    assert page.count('class="vh">Remove</span>') == 1
    assert total_of(page_of(client, "?q=&deadline_after=&sort=&page_size=&page=")) == 14
    assert total_of(page_of(client, "?q=%20%20")) == 14


def test_a_blank_choice_is_left_out_like_any_other_blank(client, vellmark):
    assert codes_of(page_of(client, "?kind=&kind=law&category=")) == ["I.1.1d"]


REFUSED = [
    ("?colour=red", "There is no parameter “colour”. Known are: q, category, group, status,"),
    ("?Kind=law", "There is no parameter “Kind”."),
    ("?kind[]=law", "There is no parameter “kind[]”."),
    ("?%00=1", "null character"),
    ("?%FF=1", "There is no parameter “"),
    ("?<b>=1", "There is no parameter “<b>”."),
    ("?kind=rule", "kind=rule: "),
    ("?kind=law&kind=rule", "kind=law, rule: "),
    ("?category=I.9", "category=I.9: "),
    ("?category=i.1", "category=i.1: "),
    ("?level=high", "level=high: "),
    ("?rule=win", "rule=win: "),
    ("?beneficiary=nobody", "beneficiary=nobody: "),
    ("?body=valley-watch", "body=valley-watch: "),
    ("?kind=law%00", "null character"),
    ("?q=a%00b", "null character"),
    ("?q=" + "+".join(map(str, range(65))), "at most 64 different words at a time."),
    ("?distance_min=half", "distance_min=half: Enter a number such as 0.5."),
    ("?distance_min=0,5", "distance_min=0,5: Enter a number such as 0.5."),
    ("?pace_max=NaN", "pace_max=NaN: Enter a number such as 0.5."),
    ("?pace_max=1e5", "pace_max=1e5: Enter a number such as 0.5."),
    ("?pace_min=1&pace_min=2", "The parameter “pace_min” stands twice; give it once."),
    ("?by=title", "by=title: "),
    ("?by=kind&by=level", "The parameter “by” stands twice; give it once."),
    ("?columns=colour", "columns=colour: "),
    ("?columns=code", "columns=code: "),
    ("?deadline_after=2030-02-31", "deadline_after=2030-02-31: Enter a valid date."),
    ("?deadline_before=soon", "deadline_before=soon: Enter a valid date."),
    ("?deadline_before=2030", "deadline_before=2030: Enter a valid date."),
    ("?deadline_after=99999-01-01", "deadline_after=99999-01-01: Enter a valid date."),
    ("?sort=colour", "sort=colour: "),
    ("?sort=-code", "sort=-code: "),
    ("?page_size=26", "page_size=26: "),
    ("?page_size=100000", "page_size=100000: "),
    ("?page=0", "page=0: "),
    ("?page=-1", "page=-1: "),
    ("?page=abc", "page=abc: Enter a whole number."),
    ("?page=1.5", "page=1.5: Enter a whole number."),
    ("?page=" + "9" * 40, "page=" + "9" * 40),
    ("?page=" + "9" * 5000, "page=999"),
    ("?page=2", "page=2: there "),
    ("?kind=law&page=2", "page=2: there "),
    ("?page=1&page=1", "The parameter “page” stands twice; give it once."),
    ("?q=a&q=b", "The parameter “q” stands twice; give it once."),
    ("?sort=title&sort=colour", "sort=title, colour: "),
    ("?deadline_after=2030-01-01&deadline_after=2029-01-01", "The parameter “deadline_after” stands twice"),
]


def test_it_refuses_what_makes_no_sense_and_names_it(client, vellmark):
    for query, words in REFUSED:
        assert words in refusal(client, query), query


def test_what_a_plan_offers_is_listed_once_for_a_snapshot_and_never_copied(client, vellmark, monkeypatch):
    listed, body = [], CommitmentFilter.base_filters["body"].field
    offered = body.offered
    monkeypatch.setattr(body, "offered", lambda *args: listed.append(args) or offered(*args))
    forget()
    for query in ("", "?kind=law", "?body=none", "?body=none&on="):
        page_of(client, query)
    snapshot = read_snapshot()
    filters = [CommitmentFilter(QueryDict(), snapshot=snapshot, plan=snapshot.plan(vellmark)) for _n in range(2)]
    assert len(listed) == 1
    assert filters[0].form.fields["body"] is filters[1].form.fields["body"]


def test_a_page_too_many_of_one_is_said_in_the_singular(client, vellmark):
    assert refusal(client, "?page=2") == "page=2: there is 1 page."


def test_a_refusal_of_very_long_words_stays_short(client, vellmark):
    assert len(refusal(client, "?kind=" + "x" * 20000)) < 1000


@pytest.mark.parametrize("date", ["03/04/2028", "1/2/28"])
def test_a_date_is_written_in_one_way_only(client, vellmark, date):
    assert refusal(client, f"?deadline_after={date}").startswith(f"deadline_after={date}: ")


def test_an_empty_set_says_so_and_how_to_go_on(client, vellmark):
    page = page_of(client, "?kind=law&category=II")
    assert '0 <span class="of">of 14 promises</span>' in page
    assert "No promise fits all of these filters. Remove one of them." in page
    assert '<a class="clear" href="/vellmark-2030/commitments/">Remove all</a>' in page


def test_a_plan_without_promises_does_not_blame_the_filters(client, db):
    factories.PlanFactory(code="empty-plan")
    assert "Remove one of them" not in page_of(client, explorer="/empty-plan/commitments/")


def test_sorting_keeps_the_order_of_the_plan_among_equals(client, vellmark):
    plain = codes_of(page_of(client))
    by_deadline = codes_of(page_of(client, "?sort=deadline"))
    assert by_deadline == ["I.2.1b", *[code for code in plain if code != "I.2.1b"]]
    assert codes_of(page_of(client, "?sort=-deadline")) == [*[code for code in plain if code != "I.2.1b"], "I.2.1b"]
    assert codes_of(page_of(client, "?sort=code")) == plain
    assert codes_of(page_of(client, "?sort=kind"))[:8] == (
        ["I.1.1a", "I.1.1b", "I.1.1c", "I.2.1a", "I.2.1b", "I.2.1c", "I.1.1d", "I.0.0a"]
    )
    assert codes_of(page_of(client, "?sort=level"))[:4] == ["I.0.0a", "I.1.1d", "I.1.1b", "I.1.1c"]


def test_titles_sort_both_ways(client, vellmark):
    page = page_of(client, "?sort=title")
    titles = re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', page)
    assert titles == sorted(titles)
    assert titles[0] == "About 15 deep wells dug"
    assert codes_of(page_of(client, "?sort=-title")) == codes_of(page)[::-1]
    assert '<option value="title" selected>' in page


def test_small_letters_and_accents_do_not_change_the_alphabet(client, db):
    provision = factories.ProvisionFactory(category__plan__code="other-plan")
    for title in ("Zoo", "Élan", "apple", "Bread"):
        factories.CommitmentFactory(provision=provision, title=title)
    page = page_of(client, "?sort=title", "/other-plan/commitments/")
    titles = re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', page)
    assert titles == ["apple", "Bread", "Élan", "Zoo"]


def test_a_long_set_is_cut_into_pages_that_hold_each_promise_once(client, db):
    provision = factories.ProvisionFactory(category__plan__code="other-plan")
    expected = [c.code for c in factories.CommitmentFactory.create_batch(60, provision=provision)]
    explorer = "/other-plan/commitments/"
    pages = [page_of(client, f"?page_size=25&kind=quantity&page={number}", explorer) for number in (1, 2, 3)]
    assert [len(codes_of(page)) for page in pages] == [25, 25, 10]
    assert [code for page in pages for code in codes_of(page)] == expected
    assert "26 to 50 of 60" in pages[1]
    assert 'rel="prev"' not in pages[0]
    assert 'rel="next"' not in pages[2]
    after = re.search(r'<a rel="next" href="([^"]*)"', pages[1]).group(1)
    assert codes_of(page_of(client, after, "")) == expected[50:]
    before = re.search(r'<a rel="prev" href="([^"]*)"', pages[1]).group(1)
    assert codes_of(page_of(client, before, "")) == expected[:25]
    assert "page=4: there are 3 pages." in refusal(client, "?page_size=25&page=4", explorer)
    assert len(codes_of(page_of(client, "", explorer))) == 50
    for size in (100, 250):
        assert len(codes_of(page_of(client, f"?page_size={size}", explorer))) == 60


def test_its_canonical_address_has_one_order_and_nothing_without_effect(client, vellmark):
    for query in ("?q=&sort=title&level=process&kind=quantity&page=1", "?level=process&page=&kind=quantity&sort=title"):
        (canonical,) = re.findall(r'<link rel="canonical" href="([^"]*)">', page_of(client, query))
        assert canonical == "http://127.0.0.1:8000/vellmark-2030/commitments/?kind=quantity&level=process&sort=title"
    assert len(codes_of(page_of(client, "?kind=quantity&level=process&sort=title"))) == 3


def test_the_explorer_of_an_unknown_plan_is_a_404(client, vellmark):
    response = client.get("/atlantis-2040/commitments/?colour=red")
    assert response.status_code == 404
    assert "There is no plan with the code atlantis-2040." in response.content.decode()


def test_the_value_that_was_reached_has_a_column_of_its_own(client, vellmark_progress):
    row = re.search(r'<td class="num">I\.1\.1a</td>.*?</tr>', page_of(client), re.S).group()
    c = read_snapshot().plans["vellmark-2030"].commitments["I.1.1a"]
    cell = re.sub(r"<[^>]*>", "", re.search(r'<td data-label="Value">(.*?)</td>', row, re.S)[1])
    assert cell.split() == [*labels.bounded(c.value, c.value_bound).split(), *c.unit.split(), str(c.value_as_of.year)]


def test_a_change_says_what_it_is_counted_from_beside_the_figure(client, vellmark, edith, rana):
    """Or 30 accidents are read as a fall by 30."""
    for number, year in ((40, "2020"), (1, "2025")):
        figure = drafts.value(
            number, f"{year}-12-31", metric="accidents-at-work", starts_on=drafts.day(f"{year}-01-01")
        )
        drafts.published(figure, edith, rana)
    row = re.search(r'<td class="num">I\.2\.1c</td>.*?</tr>', page_of(client), re.S).group()
    cells = [words_of(cell) for cell in re.findall(r'<td data-label="(?:Value|Target)">(.*?)</td>', row, re.S)]
    unit = read_snapshot().metrics["accidents-at-work"].unit
    assert cells == [f"1 {unit.removesuffix('s')} 2025", f"a fall of at least 20 percent on 2020, from 40 {unit}"]
    assert (
        f"a fall of at least 20 percent on 2020, from 40 {unit}, by"
        in client.get("/vellmark-2030/commitments/I.2.1c/").content.decode()
    )


def test_the_button_says_how_many_and_leads_to_them(client, vellmark):
    page = page_of(client, "?kind=law")
    assert f'action="{EXPLORER}#found"' in page
    assert re.findall(r'<button type="submit" id="show">Show (\d+)', page) == ["1"]
    assert '<a class="skip" href="#found">Skip to the results</a>' in page
    part = client.get(f"{EXPLORER}?kind=law", headers={"HX-Request": "true"}).content.decode()
    assert re.findall(r'id="show" hx-swap-oob="innerHTML">Show (\d+)', part) == ["1"]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("kind=law&colour=red", "kind=law"),
        ("kind=law&kind=lore&level=outcome", "kind=law&level=outcome"),
        ("q=water&deadline_before=soon", "q=water"),
        ("kind=law&page=9", "kind=law"),
        ("kind=law&known=2001-01-01", "kind=law"),
        ("kind=law&on=2026-07-15&on=2026-07-16", "kind=law&on=2026-07-15"),
        ("level=outcome&category=IX", "level=outcome"),
    ],
)
def test_what_is_good_in_an_address_that_is_refused_stays_in_a_link(client, vellmark, query, kept):
    response = client.get(f"{EXPLORER}?{query}")
    assert response.status_code == 400
    link = f'<a href="{EXPLORER}?{kept}">The same without what is wrong, all else kept</a>'
    assert link in html.unescape(response.content.decode())
    assert client.get(f"{EXPLORER}?{kept}").status_code == 200
