"""The rules by which promises are recorded, and what the site is for."""

import re

import pytest

from tracker.models import RULES_BY_KIND, Kind, Level, Rule
from tracker.records.registry import ABOUT_COLUMNS, COMMITMENT_COLUMNS

from .reading import page_of

pytestmark = pytest.mark.django_db


def test_every_kind_level_and_rule_is_explained_under_its_own_label(client, vellmark):
    page = page_of(client, "/method/")
    for name, choices in (("kind", Kind), ("level", Level), ("rule", Rule)):
        for choice in choices:
            found = re.search(rf'<div id="{name}-{choice.value}"><dt>(.*?)</dt><dd>(.*?)</dd>', page, re.S)
            assert found, choice
            assert re.sub(r"<span.*?</span>", "", found.group(1)).strip() == choice.label
            assert len(found.group(2).split()) >= 5


def test_it_says_which_rules_a_kind_allows_and_how_often_the_kind_occurs(client, vellmark):
    page = page_of(client, "/method/")
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th><td data-label="Rules">([^<]*)</td>', page))
    assert rows == {kind.label: "; ".join(str(rule.label) for rule in rules) for kind, rules in RULES_BY_KIND.items()}
    counts = re.findall(r'<td class="n" data-label="Promises">(\d+)</td>', page)
    assert counts == ["6", "1", "1", "2", "1", "2", "1"]
    assert sum(map(int, counts)) == 14


def test_before_a_plan_is_loaded_the_rules_stand_without_counts(client, db):
    page = page_of(client, "/method/")
    assert "<h1>Method</h1>" in page
    assert '<td class="n">' not in page
    assert 'href="/vellmark-2030/' not in page


def test_the_sign_of_a_kind_is_the_sign_of_its_squares(client, vellmark):
    method, plan = page_of(client, "/method/"), page_of(client, "/vellmark-2030/")
    signs = dict(re.findall(r'<span class="sq k-(\w+)" aria-hidden="true">(.)</span>', method))
    squares = dict(re.findall(r'<a class="sq k-(\w+)"[^>]*>(.)</a>', plan))
    assert squares == {kind: signs[kind] for kind in squares}
    assert len(set(signs.values())) == len(Kind)


def test_it_says_that_no_person_is_claimed_for_what_was_compiled(client, vellmark):
    assert "compiled and checked against the text before release" in page_of(client, "/method/")


def test_about_says_what_the_site_does_not_do(client, vellmark):
    page = page_of(client, "/about/")
    assert "<title>About · Promise by promise</title>" in page
    assert "It does not say whether a right is enjoyed." in page
    assert "It gives no score and ranks nobody." in page


def test_the_dictionary_names_each_column_of_the_files_in_order_with_a_meaning(client, vellmark):
    page = page_of(client, "/about/")
    rows = re.findall(r'<th scope="row" class="num">([^<]*)</th><td data-label="Meaning">([^<]*)</td>', page)
    assert tuple(name for name, _words in rows) == COMMITMENT_COLUMNS
    header = b"".join(client.get("/vellmark-2030/commitments.csv").streaming_content).decode("utf-8-sig")
    assert header.split("\r\n")[0].split(",") == [*[name for name, _words in rows], *ABOUT_COLUMNS]
    assert all(len(words) > 3 for _name, words in rows)


def test_the_menu_says_where_the_reader_is(client, vellmark):
    for address, name in (("/method/", "Method"), ("/about/", "About")):
        assert re.findall(r'aria-current="page">(\w+)<', page_of(client, address)) == [name]


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("errors@vellmark.example", "mailto:errors@vellmark.example"),
        ("https://vellmark.example/r", "https://vellmark.example/r"),
    ],
)
def test_about_says_where_a_mistake_can_be_reported(client, vellmark, settings, contact, address):
    settings.CONTACT = contact
    page = page_of(client, "/about/")
    corrections = page[page.index("Corrections") : page.index("Taking the data away")]
    assert f'<a href="{address}">{contact}</a>' in corrections


def test_about_says_so_where_no_address_for_mistakes_is_set(client, vellmark):
    page = page_of(client, "/about/")
    assert "This copy of the site names no address for reports" in page
    assert 'stands in <a href="/ledger/">the log</a>' in page
