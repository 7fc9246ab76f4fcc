"""What is not known: kinds by right, figures not published, promises that rest on one origin."""

import re

import pytest

from .reading import page_of, part, refused, rows_of, words_of

pytestmark = pytest.mark.django_db

PAGE = "/vellmark-2030/gaps/"
THEN = f"{PAGE}?on=2026-10-31"


def tables(page):
    return [rows_of(table) for table in re.findall(r'<table class="list counts gaps">.*?</table>', page, re.S)]


def test_it_counts_kinds_of_not_known_by_right(client, accounts):
    page = page_of(client, THEN)
    assert "what became of 10 of 18 promises is not known" in page
    assert tables(page)[0] == [
        "Chapter or section Not known, of all Not researched here yet Looked, nothing found Not published by the State "
        "Accounts differ Evidence found, does not answer the test",
        "The whole plan 10 of 18 4 1 1 1 3",
        "I Daily life 6 of 11 3 0 0 0 3",
        "I.1 Water 1 of 5 1 0 0 0 0",
        "I.2 Work 4 of 5 1 0 0 0 3",
        "II Public life 4 of 7 1 1 1 1 0",
    ]


def test_each_count_leads_to_exactly_those_promises_as_of_the_same_day(client, accounts):
    page = page_of(client, THEN)
    table = re.search(r'<table class="list counts gaps">.*?</table>', page, re.S)[0]
    links = re.findall(r'href="([^"]*commitments/\?[^"]*)">(\d+)(?: of \d+)?</a>', table)
    assert len(links) == 19
    for address, count in links:
        assert "&on=2026-10-31" in address
        assert f'<h2 id="found">{count} <span' in page_of(client, address), address


def test_a_figure_that_the_state_withholds_is_shown_with_its_evidence(client, accounts):
    text = part(page_of(client, THEN), "withheld")
    assert text.startswith("Figures that the State does not publish 1 of 18 II.2e List of ferries published")
    assert "not known: not published by the State FERRIES 3 Aug 2026 ; Valley Watch (p. 7)" in text
    assert "No entry on record shows" in part(page_of(client, f"{PAGE}?on=2026-08-02"), "withheld")


def test_numbers_without_a_number_say_what_the_registry_says_of_the_statistic(client, accounts):
    text = part(page_of(client, THEN), "unmeasured")
    assert text.startswith("Promises of a number without a number on record 2 of 8")
    assert "I.1.1c Three deep wells dug in the north Yearly well list not known: not researched here yet" in text


def test_what_rests_on_one_origin_is_counted_by_the_side_of_that_origin(client, accounts):
    page = page_of(client, THEN)
    assert tables(page)[1] == [
        "Chapter or section One origin, of the known Official UN Independent Side unknown",
        "The whole plan 6 of 8 4 1 1 0",
        "I Daily life 3 of 5 3 0 0 0",
        "I.1 Water 2 of 4 2 0 0 0",
        "I.2 Work 1 of 1 1 0 0 0",
        "II Public life 3 of 3 1 1 1 0",
    ]
    text = part(page, "one-origin")
    assert "II.2c Bells mended ◐ done in part, Valley Watch, independent" in text
    assert "II.1a Second report to the Lake Council submitted … reached, Lake Council, UN" in text


def test_promises_that_nobody_looked_at_are_counted_by_kind(client, accounts):
    text = part(page_of(client, THEN), "unseen")
    assert text.startswith("Promises that nobody has looked at 4 of 18")
    assert "Quantity 2 of 7 Institution or facility 1 of 1 Report, review or event 1 of 2" in text
    assert "II.2a Fairs held" in text


def test_a_plan_without_progress_is_all_unknown(client, vellmark):
    page = page_of(client, PAGE)
    assert tables(page)[0][1] == "The whole plan 14 of 14 14"
    assert "Known from one origin only 0 of 0" in words_of(page)


def test_it_refuses_a_parameter_by_name(client, vellmark):
    assert refused(client, f"{PAGE}?category=I") == "This page takes no parameter “category”."
