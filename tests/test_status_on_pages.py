"""What became of promises, on the pages: results, whose statements, corrections, redactions, and at what cost."""

import re

import pytest
from django.utils.text import capfirst

from tracker.models import Kind
from tracker.snapshot.cache import read_snapshot
from tracker.wording import labels as words

from .reading import page_of, words_of
from .vellmark_progress import DAY, _publish, _row

pytestmark = pytest.mark.django_db

PLAN = "/vellmark-2030"
WATER = f"{PLAN}/commitments/I.1.1a/"
DUTY = f"{PLAN}/commitments/I.1.1e/"


def section(page, name):
    return re.search(
        rf'<section[^>]*aria-labelledby="{name}".*?</section>\s*(?=<section|</article|<details|$)', page, re.S
    )[0]


def test_a_promise_shows_its_status_with_sign_and_word_and_the_arithmetic(client, vellmark_progress):
    page = page_of(client, WATER)
    why = words_of(section(page, "why"))
    assert re.search(r'<span class="badge g-\w+"><span aria-hidden="true">\S</span> \w+', page)
    assert "Distance covered, from baseline to target (86 − 80) ÷ (88 − 80) = 0.75" in why
    assert "Target less value 88 − 86 = 2 percent" in why
    assert "The last published number is “about 86”: it is read as within 5 percent of that." in why


def test_the_four_accounts_stand_side_by_side(client, vellmark_progress):
    accounts = re.search(r'<ul class="accounts">.*?</ul>', page_of(client, DUTY), re.S)[0]
    texts = [words_of(each) for each in re.findall(r"<li>.*?</li>", accounts, re.S)]
    assert texts == [
        "This site finds no verdict of its own As others found: "
        "It says what others found, and this site adds no verdict.",
        "The State says ✓ kept It says that what was promised was done.",
        "UN bodies find ✕ not kept It says that what was promised was not done.",
        "Others find ✕ not kept It says that what was promised was not done.",
    ]


def test_findings_stand_under_their_side_with_document_source_and_answer(client, vellmark_progress):
    page = page_of(client, DUTY)
    un = words_of(section(page, "side-un"))
    assert "Lake Council , 1 Aug 2026 : ✕ not kept" in un
    assert "LC/2026/4, para. 12" in un
    assert "Answered by Chancery of Vellmark" in un
    official = words_of(section(page, "side-official"))
    assert "ANSWER" in official
    assert "Answers the finding of Lake Council" in official
    assert "BREACH" not in official


def test_a_redacted_text_is_gone_and_the_page_says_why_it_is(client, vellmark_progress):
    page = page_of(client, DUTY)
    assert "SECRETNAME" not in page
    assert "The text was taken away for somebody's safety; the log says why:" in page
    assert "SECRETNAME" not in page_of(client, "/ledger/")


def test_the_record_says_whose_each_figure_is_and_tells_near_and_other_apart(client, vellmark_progress):
    page = page_of(client, WATER)
    rows = [words_of(row) for row in re.findall(r'<tr id="entry-\d+".*?</tr>', section(page, "history"), re.S)]
    by_text = {text: row for row in rows for text in ("LAST", "OTHER", "NEAR", "BASELINE", "FIXED") if text in row}
    assert "about 86 percent decides" in by_text["LAST"]
    assert "a near statistic" in by_text["NEAR"]
    assert "less than 70 percent another statistic: shown beside, not computed with" in by_text["OTHER"]
    assert "Valley Watch independent" in by_text["OTHER"]
    assert "Vellmark Office of Numbers official Vellmark Office of Numbers (p. 7)" in by_text["BASELINE"]
    assert "Corrects an earlier entry: A slip of the pen." in by_text["FIXED"]


def test_what_was_corrected_or_withdrawn_stays_readable_with_the_reason(client, vellmark_progress):
    page = page_of(client, WATER)
    replaced = words_of(re.search(r'<details class="replaced">.*?</details>', page, re.S)[0])
    assert "2 entries corrected or withdrawn since" in replaced
    assert "48 percent" in replaced
    assert re.search(r"WRONG Corrected \d+ \w+ \d+, log entry \d+ : A slip of the pen\.", replaced)
    assert re.search(r"TAKENBACK Withdrawn \d+ \w+ \d+, log entry \d+ : The census took it back\.", replaced)


def test_an_amendment_shows_old_and_new_wording(client, vellmark_progress):
    amended = words_of(section(page_of(client, f"{PLAN}/commitments/I.1.1d/"), "amended"))
    assert "Why: Says the same more plainly." in amended
    assert "was Kept if a law on water is adopted by 31 December 2030." in amended
    assert "is Kept if a law on water is adopted by the last day of 2030." in amended
    assert 'id="amended"' not in page_of(client, WATER)


def test_values_are_drawn_with_shape_by_side_line_by_fit_and_arrows_for_bounds(client, vellmark_progress):
    page = page_of(client, WATER)
    (drawing,) = re.findall(r'<svg viewBox="0 0 420 240" role="img".*?</svg>', page, re.S)
    assert '<title id="series-title">Share of village homes with piped water, percent</title>' in drawing
    assert "5 values between 2025 and 2026. Promised: at least 88 percent, by 31 December 2030." in drawing
    dots = re.findall(r'<g class="dot (side-\w+ fits-\w+)"><title>([^<]*)</title>', drawing)
    assert ("side-independent fits-other", "31 May 2026: less than 70 percent, Valley Watch") in dots
    assert ("side-official fits-near", "31 Mar 2026: 81 percent, Vellmark Office of Numbers") in dots
    assert drawing.count("<circle") == 4
    assert drawing.count("<polygon") == 1
    assert drawing.count('class="bound"') == 2
    assert 'class="target"' in drawing
    assert 'class="deadline"' in drawing
    assert not re.search(r'="[^"]*\d,\d{3}[^"]*[a-z]"', drawing)
    assert "<svg viewBox" not in page_of(client, f"{PLAN}/commitments/I.2.2a/")


def test_a_right_shows_findings_on_the_whole_beside_its_counts(client, vellmark_progress):
    page = page_of(client, f"{PLAN}/rights/I.1/")
    (said,) = re.findall(r'<ul class="outcome said">.*?</ul>', page, re.S)
    assert [words_of(each) for each in re.findall(r"<li.*?</li>", said, re.S)] == [
        "0 The State says",
        "1 UN bodies find",
        "0 Others find",
    ]
    assert "WHOLE-RIGHT" in page
    assert page.index('class="outcome"') < page.index('class="outcome said"') < page.index("WHOLE-RIGHT")
    empty = page_of(client, f"{PLAN}/rights/I.2/")
    assert "No finding on this right as a whole is on record yet, from the State, UN bodies or others." in empty
    assert 'class="outcome said"' not in empty
    assert "Silence is not compliance" not in empty  # no standing duty stands under it


def test_reports_stand_as_a_dated_track_on_their_right(client, vellmark_progress):
    track = re.search(r'<ol class="track".*?</ol>', page_of(client, f"{PLAN}/rights/II/"), re.S)[0]
    stages = [words_of(each) for each in re.findall(r"<li.*?</li>", track, re.S)]
    assert stages == [
        "announced passed, no date on record",
        "drafted passed, no date on record",
        "submitted promised 3 Oct 2026 REPORT",
        "reviewed not on record",
    ]
    assert 'class="track"' not in page_of(client, f"{PLAN}/rights/I.1/")


def test_counts_are_kept_at_worst_and_at_best_and_a_direction_never(client, vellmark_progress):
    page = page_of(client, f"{PLAN}/rights/I.2/")
    row = words_of(re.search(r'<table class="list counts by-kind">.*</table>', page, re.S)[0])
    assert "Aim 1 0 0 0 0 0 0 0 1 0 of 1" in row
    snapshot = read_snapshot().plan("vellmark-2030")
    assert {c.code: c.group for c in snapshot.by_category["I.2"]}["I.2.2a"] == "running"


def test_the_first_page_paints_and_names_each_square_by_its_status(client, vellmark_progress):
    page = page_of(client, f"{PLAN}/")
    assert 'aria-label="I.1.1e Water not cut off from homes with children: contested">!</a>' in page
    assert re.search(r'class="sq g-not_known looked" href="[^"]*/II\.2b/"', page)
    assert re.search(r"\d+ statements, by whose they are:", words_of(page))


def test_the_method_explains_every_result_kind_of_not_known_flag_and_group(client, vellmark):
    page = page_of(client, "/method/")
    for kind, labels in (("status", words.STATUSES), ("missing", words.MISSING), ("flag", words.FLAGS)):
        for value, label in labels.items():
            assert re.search(rf'id="{kind}-{value}"', page), value
            assert capfirst(str(label)) in page or value == "not_known", value
    for value in words.GROUPS:
        assert f'id="group-{value}"' in page
    assert "read as within 5 percent: 57 to 63" in page
    assert "is the last whole period of the metric that ends by it" in page
    assert "On track from 0.95, behind from 0.60, far behind from 0" in page


def test_each_explanation_on_a_promise_leads_to_its_place_in_the_method(client, vellmark_progress):
    method, glossary = page_of(client, "/method/"), page_of(client, "/glossary/")
    for code in read_snapshot().plan("vellmark-2030").commitments:
        page = page_of(client, f"{PLAN}/commitments/{code}/")
        for fragment in re.findall(r'href="/method/#([\w-]+)"', page):
            assert f'id="{fragment}"' in method, fragment
        for fragment in re.findall(r'href="/glossary/#([\w-]+)"', page):
            assert f'id="{fragment}"' in glossary, fragment


WARM = (
    WATER,
    DUTY,
    f"{PLAN}/",
    f"{PLAN}/rights/I.1/",
    f"{PLAN}/rights/II/",
    f"{PLAN}/provisions/I.1.1/",
    "/sources/",
    "/metrics/",
    "/bodies/",
)


@pytest.mark.slow
def test_a_page_asks_one_question_and_no_more_with_ten_times_the_history(
    client, vellmark_progress, edith, rana, django_assert_num_queries
):
    rows = {
        f"more-{n}": _row(
            "census-2026",
            metric="village-homes-with-piped-water",
            value=80,
            as_of=DAY(2024, 1, 1 + n % 28),
            text="MORE",
        )
        for n in range(150)
    }
    for address in WARM:
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)
    _publish(rows, edith, rana)
    for address in WARM:
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)


def test_every_kind_has_its_row_only_where_it_occurs(client, vellmark):
    page = page_of(client, f"{PLAN}/rights/II/")
    table = re.search(r'<table class="list counts by-kind">.*</table>', page, re.S)[0]
    assert str(Kind.QUANTITY.label) not in table
    assert str(Kind.REPORTING.label) in table
