"""Where accounts differ: four named groups, and the accounts of each promise side by side."""

import re

import pytest

from tracker.templatetags.tracker import sentences

from . import drafts
from .reading import page_of, part, refused, words_of

pytestmark = pytest.mark.django_db

PAGE = "/vellmark-2030/disagreements/"
THEN = f"{PAGE}?on=2026-10-31"


def test_it_counts_each_group_out_of_all_promises(client, accounts):
    page = page_of(client, THEN)
    assert "As of 31 October 2026, accounts differ on 4 of 18 promises . 1 of them stands in more than one" in (
        words_of(page).replace("promises.", "promises .")
    )
    heads = re.findall(r'<h2 id="\w+">(.*?)</h2>', page)
    assert [words_of(head) for head in heads] == [
        "A UN body or others find against it 2 of 18",
        "Claimed kept, and what is on record shows otherwise 1 of 18",
        "Sources give different figures 1 of 18",
        "Claimed kept, and nothing on record decides it 1 of 18",
    ]
    assert "nothing on record" not in words_of(page).replace("and nothing on record", "")  # no cell is empty


def test_a_claim_without_data_stands_beside_the_finding_against_it_in_both_groups(client, accounts):
    page = page_of(client, THEN)
    entry = accounts["bridges-against"].entry_id
    for name, other in (("no_data", "A UN body or others find against it"), ("contested", "Claimed kept, and nothing")):
        text = part(page, name)
        assert "II.2d Bridges built Also under: " + other in text
        assert "This site finds ? not known: accounts differ The State says ✓ kept BRIDGES-CLAIM Chancery" in text
        assert "Others find ✕ not kept BRIDGES-AGAINST Valley Watch, 9 Jul 2026" in text.replace(" ,", ",")
    assert page.count(f'href="/vellmark-2030/commitments/II.2d/?on=2026-10-31#entry-{entry}"') == 2


def test_a_claim_that_nobody_contradicts_is_not_painted_as_a_dispute(client, vellmark, edith, rana):
    drafts.published(drafts.finding("kept", commitment="I.2.2a", origin="chancery"), edith, rana)
    for page in (page_of(client, PAGE), page_of(client, "/vellmark-2030/")):
        text = words_of(page)
        assert "ccounts differ on 1 of 14 promises" in text
        assert "On 1 of these promises nobody on record says the opposite: the State says that it was kept" in text
    drafts.published(drafts.finding("not_kept", commitment="I.2.2a"), edith, rana)
    assert "nobody on record says the opposite" not in page_of(client, PAGE)


def test_a_claim_that_the_record_contradicts_is_no_claim_without_data(client, accounts):
    page = page_of(client, THEN)
    assert "II.2c Bells mended This site finds ◐ done in part BELLS this site, 1 Aug 2026 The State says ✓ kept" in (
        part(page, "data_differ").replace(" ,", ",")
    )
    assert "Bells" not in part(page, "no_data")


def test_a_standing_duty_has_no_verdict_of_this_site(client, accounts):
    text = part(page_of(client, THEN), "contested")
    assert "! contested as others found. This site finds no verdict of its own The State says ✓ kept CLAIM" in text
    assert "SECRETNAME" not in text


def test_figures_that_differ_are_listed_with_whose_each_is(client, accounts):
    text = part(page_of(client, THEN), "sources_differ").replace(" ,", ",")
    assert "I.1.1a Piped water" in text
    assert "This site finds … under way RIVAL Valley Watch, 30 Sep 2026" in text
    assert "about 86 percent, Vellmark Office of Numbers, 30 Sep 2026 85 percent, Valley Watch, 30 Sep 2026" in text
    assert "81 percent" not in text


def test_a_day_before_the_findings_shows_what_differed_then(client, accounts):
    page = page_of(client, f"{PAGE}?on=2026-07-03")
    assert "accounts differ on 3 of 18 promises" in words_of(page)
    assert "II.2c Bells mended" in part(page, "no_data")
    assert part(page, "contested").endswith("None on record.")


def test_it_can_be_asked_of_one_right(client, accounts):
    page = page_of(client, f"{THEN}&category=I.1")
    assert "accounts differ on 2 of 5 promises under “Water”" in words_of(page)
    assert "Bridges" not in page
    assert '<option value="I.1" selected>I.1 Water</option>' in page


def test_a_plan_without_findings_has_none(client, vellmark):
    page = page_of(client, PAGE)
    assert "accounts differ on 0 of 14 promises" in words_of(page)
    assert words_of(page).count("None on record.") == 4


def test_it_refuses_what_it_does_not_know(client, vellmark):
    assert refused(client, f"{PAGE}?colour=red") == "This page takes no parameter “colour”."
    assert refused(client, f"{PAGE}?category=IX") == "category=IX: the plan has no such chapter or section."
    assert "stands twice" in refused(client, f"{PAGE}?category=I&category=II")


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("One two three. Four five. Six.", 4, "One two three."),
        ("One two three. Four five. Six.", 5, "One two three. Four five."),
        ("One two three four five six seven.", 3, "One two three four five six seven."),
        ("In No. 3 of 2024 it rose, e.g. by 4.5. Nobody knows.", 3, "In No. 3 of 2024 it rose, e.g. by 4.5."),
        ("", 3, ""),
    ],
)
def test_a_summary_is_cut_between_sentences_and_never_within_one(text, most, shown):
    assert sentences(text, most) == shown
