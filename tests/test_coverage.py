"""The plan paragraph by paragraph: every paragraph once, with its promises or that it has none."""

import json
import re

import pytest

from tracker.pages.coverage import MARKS, REMARKS
from tracker.snapshot.cache import read_snapshot

from .accounts import publish_many
from .reading import page_of, refused, words_of

pytestmark = pytest.mark.django_db

PAGE = "/vellmark-2030/coverage/"


def paragraphs(page):
    items = re.findall(r'<li id="p-([\w.]+)">(.*?)</li>\s*(?=<li id="p-|</ol>)', page, re.S)
    return {code: words_of(text) for code, text in items}


def test_every_paragraph_stands_there_once_in_order_with_every_promise(client, accounts):
    page = page_of(client, f"{PAGE}?on=2026-10-31")
    plan = read_snapshot().plan("vellmark-2030")
    codes = [p.code for category in ("", *plan.categories) for p in plan.provisions_of[category]]
    assert list(paragraphs(page)) == codes
    assert sorted(codes) == sorted(plan.provisions)
    assert re.findall(r'commitments/([\w.]+)/\?on=2026-10-31"', page) == [
        c.code for code in codes for c in plan.by_provision[code]
    ]


def test_a_paragraph_says_its_form_and_what_became_of_its_promises(client, accounts):
    by_code = paragraphs(page_of(client, f"{PAGE}?on=2026-10-31"))
    assert by_code["II.1"] == (
        "II.1 Report to the Lake Council paragraph opened by a dash, 1 promise "
        "… II.1a Second report to the Lake Council submitted reached "
        "✓ given: who, what, how much, measured by what – left open: by when"
    )
    assert by_code["I.1.0"].endswith("Promises nothing that the paragraphs below it do not promise.")
    assert by_code["O.1"].endswith("A general aim: what the plan promises under it stands in its chapters.")


def test_it_counts_forms_with_a_promise_of_their_own(client, vellmark):
    counts = re.search(r'<ul class="outcome">.*?</ul>', page_of(client, PAGE), re.S)[0]
    assert [words_of(each) for each in re.findall(r"<li>.*?</li>", counts, re.S)] == [
        "5 of 5 Paragraph opened by a dash: with a promise of its own",
        "1 of 4 Introduction to a chapter or section: with a promise of its own",
        "0 of 2 Stated objective of the plan: with a promise of its own",
    ]


def test_of_a_past_day_it_shows_what_was_known_of_that_day(client, accounts):
    by_code = paragraphs(page_of(client, f"{PAGE}?on=2026-06-30"))
    assert "II.1a Second report to the Lake Council submitted not known: not researched here yet" in by_code["II.1"]


def counted(page, name):
    """The counts of a list of remarks or marks, by label."""
    section = re.search(rf'aria-labelledby="{name}">(.*?)</section>', page, re.S)[1]
    counts = re.findall(r"<dt>(.*?) <span class=\"num\">(\d+) of (\d+)</span>", section)
    return {words_of(label): (int(n), int(of)) for label, n, of in counts}


def test_remarks_and_marks_are_counted_out_of_all_promises_each_with_its_meaning(client, vellmark_progress):
    page = page_of(client, f"{PAGE}?on=2026-10-31")
    remarks = counted(page, "remarks")
    assert len(remarks) == 9
    assert remarks["Target already met at the baseline"] == (1, 14)
    assert remarks["No usable figure on record"] == (2, 14)
    assert remarks["Two readings"] == remarks["Promised by an earlier plan already"] == (1, 14)
    assert remarks["No baseline"] == (0, 14)
    assert counted(page, "marks") == {
        "Who": (1, 14),
        "What": (13, 14),
        "How much": (9, 14),
        "By when": (2, 14),
        "Measured by what": (9, 14),
    }
    assert "not of whether it was kept" in page
    assert page.count("</dd>") >= 14


def test_each_promise_shows_its_marks_and_remarks_in_words(client, vellmark_progress):
    by_code = paragraphs(page_of(client, f"{PAGE}?on=2026-10-31"))
    assert "I.2.2a Advice for job seekers improved" in by_code["I.2.2"]
    assert by_code["I.2.2"].endswith(
        "✓ given: what – left open: who, how much, by when, measured by what promised by an earlier plan already"
    )


def test_a_remark_leaves_the_promises_that_draw_it_and_keeps_the_day(client, vellmark_progress):
    page = page_of(client, f"{PAGE}?on=2026-10-31")
    address = re.search(r'<a href="(\?remark=no_figure[^"]*)#paragraphs"', page)[1]
    assert address == "?remark=no_figure&on=2026-10-31"
    page = page_of(client, PAGE + address)
    assert list(paragraphs(page)) == ["I.1.1", "I.2.1"]
    assert re.findall(r'commitments/([\w.]+)/\?on=2026-10-31"', page) == ["I.1.1c", "I.2.1b"]
    assert "2 of 14 promises: no usable figure on record." in page
    assert counted(page, "remarks")["Two readings"] == (1, 14)


def test_a_right_leaves_its_paragraphs_and_counts_within_it(client, vellmark_progress):
    page = page_of(client, f"{PAGE}?category=I.2&on=2026-10-31")
    assert list(paragraphs(page)) == ["I.2.0", "I.2.1", "I.2.2"]
    assert counted(page, "remarks")["No usable figure on record"] == (1, 5)
    both = page_of(client, f"{PAGE}?category=I.2&remark=carried_from")
    assert list(paragraphs(both)) == ["I.2.2"]
    assert "1 of 5 promises: promised by an earlier plan already." in both


def test_it_refuses_what_it_does_not_know_by_name(client, vellmark):
    assert refused(client, f"{PAGE}?remark=ugly").startswith("remark=ugly: give one of met_at_baseline, ")
    assert refused(client, f"{PAGE}?category=IX") == "category=IX: the plan has no such chapter or section."
    assert refused(client, f"{PAGE}?colour=red") == "This page takes no parameter “colour”."
    assert "stands twice" in refused(client, f"{PAGE}?remark=no_figure&remark=no_baseline")


@pytest.mark.slow
def test_it_asks_the_database_once_however_long_the_history(client, accounts, edith, rana, django_assert_num_queries):
    address = f"{PAGE}?remark=no_figure"
    client.get(address)
    with django_assert_num_queries(1):
        client.get(address)
    publish_many(by=edith, reviewer=rana)
    client.get(address)
    with django_assert_num_queries(1):
        client.get(address)


def test_the_method_explains_every_remark_and_mark(client, vellmark):
    page = page_of(client, "/method/")
    for name in (*REMARKS, *MARKS):
        assert re.search(rf'id="(remark|mark)-{name}"', page), name


def test_an_earlier_plan_is_said_on_the_promises_page_and_is_a_filter(client, vellmark):
    page = page_of(client, "/vellmark-2030/commitments/I.2.2a/")
    assert '<a href="/method/#remark-carried_from">Promised by an earlier plan already</a>' in page
    assert "remark-carried_from" not in page_of(client, "/vellmark-2030/commitments/I.1.1a/")
    for value, codes in (("yes", ["I.2.2a"]), ("no", 13)):
        file = client.get(f"/vellmark-2030/commitments.json?carried_from={value}")
        rows = json.loads(b"".join(file.streaming_content))["results"]
        assert (len(rows) if isinstance(codes, int) else [row["code"] for row in rows]) == codes
