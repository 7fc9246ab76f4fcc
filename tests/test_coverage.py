"""The plan paragraph by paragraph: every paragraph once, with its promises or that it has none."""

import re

import pytest

from tracker import queries

from .reading import page_of, words_of

pytestmark = pytest.mark.django_db

PAGE = "/vellmark-2030/coverage/"


def paragraphs(page):
    found = re.findall(r'<li id="p-([\w.]+)">(.*?)</li>\s*(?=<li id="p-|</ol>)', page, re.S)
    return {code: words_of(text) for code, text in found}


def test_every_paragraph_stands_there_once_in_order_with_every_promise(client, accounts):
    page = page_of(client, f"{PAGE}?on=2026-10-31")
    plan = queries.snapshot().plan("vellmark-2030")
    codes = [p.code for category in ("", *plan.categories) for p in plan.provisions_of[category]]
    assert list(paragraphs(page)) == codes
    assert sorted(codes) == sorted(plan.provisions)
    assert re.findall(r'commitments/([\w.]+)/\?on=2026-10-31"', page) == [
        c.code for code in codes for c in plan.by_provision[code]
    ]


def test_a_paragraph_says_its_form_and_what_became_of_its_promises(client, accounts):
    found = paragraphs(page_of(client, f"{PAGE}?on=2026-10-31"))
    assert found["II.1"] == (
        "II.1 Report to the Lake Council paragraph opened by a dash, 1 promise "
        "… II.1a Second report to the Lake Council submitted reached"
    )
    assert found["I.1.0"].endswith("Promises nothing that the paragraphs below it do not promise.")
    assert found["O.1"].endswith("A general aim: what the plan promises under it stands in its chapters.")


def test_it_counts_forms_with_a_promise_of_their_own(client, vellmark):
    counts = re.search(r'<ul class="outcome">.*?</ul>', page_of(client, PAGE), re.S)[0]
    assert [words_of(each) for each in re.findall(r"<li>.*?</li>", counts, re.S)] == [
        "5 of 5 Paragraph opened by a dash: with a promise of its own",
        "1 of 4 Introduction to a chapter or section: with a promise of its own",
        "0 of 2 Stated objective of the plan: with a promise of its own",
    ]


def test_of_a_past_day_it_shows_what_was_known_of_that_day(client, accounts):
    found = paragraphs(page_of(client, f"{PAGE}?on=2026-06-30"))
    assert "II.1a Second report to the Lake Council submitted not known: nobody has looked" in found["II.1"]
