"""The assessment report: what it counts, what each row says, how sources are numbered, and as of which day."""

import html
import re
from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from tracker.actions.changes import amend_at_once
from tracker.models import Commitment, Plan
from tracker.pages import report
from tracker.snapshot.cache import forget, read_snapshot
from tracker.wording import labels

from . import drafts, factories
from .reading import source_of, squeezed
from .test_http import Seen

pytestmark = pytest.mark.django_db

REPORT = "/vellmark-2030/report/"


def page_of(client, query=""):
    response = client.get(REPORT + query)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(squeezed(response.content.decode()))


def text_of(markup):
    return " ".join(re.sub(r"<[^>]*>", " ", markup).split())


def section(page, name):
    """The text of one section of the report."""
    return text_of(re.search(rf'<section [^>]*aria-labelledby="{name}">.*?</section>', page, re.S)[0])


def row_of(page, code):
    """The cells of a promise as text, the first one its title."""
    row = re.search(rf'<tr id="promise-{re.escape(code)}">(.*?)</tr>', page, re.S)[1]
    return [text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]


def sources_of(page):
    """The list of sources: number and text."""
    return [(int(n), text_of(text)) for n, text in re.findall(r'<li id="source-(\d+)">(.*?)</li>', page, re.S)]


def refused(client, query):
    response = client.get(REPORT + query)
    assert response.status_code == 400, query
    return html.unescape(re.search(r'<p class="lead">(.*?)</p>', response.content.decode(), re.S)[1])


def test_its_title_page_says_of_what_and_when_it_speaks(client, vellmark_progress):
    page = page_of(client)
    snapshot = read_snapshot()
    front = text_of(re.search(r'<header class="front">.*?</header>', page, re.S)[0])
    assert "Assessment report Rights Programme of Vellmark (2026-2030)" in front
    assert "14 of the plan's 14" in front
    assert f"by what this site had published up to log entry {snapshot.known}" in front
    assert snapshot.head_hash in front
    assert "A promise kept is not a right protected." in front
    assert "<title>Assessment report: Vellmark 2026-2030 · Promise by promise</title>" in page


def test_it_begins_with_a_page_of_findings(client, accounts):
    brief = section(page_of(client), "brief")
    plan = read_snapshot().plan("vellmark-2030")
    unknown = sum(1 for c in plan.rows if c.group == "not_known")
    of, share = len(plan.rows), round(100 * unknown / len(plan.rows))
    assert brief.startswith(f"Findings {unknown} of {of} promises ({share} percent) have no answer yet. ")
    for group in labels.GROUPS:
        rows = [c for c in plan.rows if c.group == group]
        named = [f"{c.title} {c.code}, {labels.status(c)}" in brief for c in rows]
        assert sum(named) == (0 if group == "not_known" else min(len(rows), report.NAMED)), group
    first = brief.partition("Where accounts differ, what others find against a promise first ")[2]
    assert "The State says: kept; UN bodies find: nothing on record; Others find: not kept" in first
    # Where the State alone has spoken nobody says the opposite.
    assert not [c for c in plan.rows if c.missing == "claimed_only" and c.title in first]


def test_every_promise_has_one_row_in_the_order_of_the_plan(client, vellmark_progress):
    codes = re.findall(r'<tr id="promise-([\w.]+)">', page_of(client))
    assert codes == list(read_snapshot().plan("vellmark-2030").commitments)


def test_a_row_says_what_is_found_and_claimed_side_by_side_with_numbers(client, vellmark_progress):
    page = page_of(client)
    title, result, state, un, others = row_of(page, "I.1.1e")
    assert title.startswith("I.1.1e ")
    assert title.endswith("Upheld throughout · throughout")
    assert result.startswith("! contested , as others found")
    sources = dict(sources_of(page))
    for cell, said, title in (
        (state, "✓ kept", "Gazette of Vellmark"),
        (un, "✕ not kept", "Observations of the Lake Council"),
        (others, "✕ not kept", "Note of Valley Watch"),
    ):
        first = re.match(rf"{said} \[ ?(\d+) ?\]", cell)
        assert first, cell
        assert title in sources[int(first[1])]


def test_a_computed_row_gives_value_reason_and_what_lies_beside(client, vellmark_progress):
    result = row_of(page_of(client), "I.1.1a")[1]
    assert "computed" in result
    assert "86" in result
    assert "Also on record:" in result


def test_a_promise_that_nobody_looked_at_says_so_and_cites_nothing(client, vellmark_progress):
    commitments = read_snapshot().plan("vellmark-2030").commitments.values()
    code = next(c.code for c in commitments if c.missing == "nobody_looked")
    assert row_of(page_of(client), code)[1:] == ["? not known: not researched here yet", "–", "–", "–"]


def test_sources_are_numbered_as_they_are_first_cited_and_each_number_leads_to_one(client, vellmark_progress):
    page = page_of(client)
    cited = [int(n) for n in re.findall(r'<a href="#source-(\d+)">', page)]
    listed = [n for n, _text in sources_of(page)]
    assert listed == list(range(1, len(listed) + 1))
    assert set(cited) == set(listed)
    firsts = [cited.index(n) for n in listed]
    assert max(firsts[:1]) == 0
    assert len(listed) == 4


def test_a_source_has_publisher_title_place_and_address_or_why_there_is_none(client, vellmark_progress):
    texts = [text for _n, text in sources_of(page_of(client))]
    assert "Lake Council. Observations of the Lake Council (p. 7). https://lake.example/obs" in texts
    assert any(
        "Gazette of Vellmark (p. 7)" in text and "No address: No address was confirmed." in text for text in texts
    )


def test_what_was_taken_away_replaced_or_not_published_is_not_in_it(client, vellmark_progress, edith):
    drafts.submitted(drafts.finding("kept", "2026-05-01", summary="UNPUBLISHED"), edith)
    page = page_of(client)
    for word in ("SECRETNAME", "WRONG", "TAKENBACK", "UNPUBLISHED"):
        assert word not in page


def test_findings_on_a_right_stand_in_three_columns_of_one_size(client, vellmark_progress):
    whole = re.search(r'id="part-I.1">.*?<div class="whole">(.*?)<table', page_of(client), re.S)[1]
    columns = [text_of(each) for each in whole.split('<div class="column">')[1:]]
    assert [each.split(" Nothing")[0] for each in columns[::2]] == ["The State says", "Others find"]
    assert columns[1].startswith("UN bodies find")
    assert "WHOLE-RIGHT [ 1 ]" in columns[1]


def test_counts_are_out_of_all_and_by_kind_with_worst_and_best(client, vellmark_progress):
    page = page_of(client)
    plan = read_snapshot().plan("vellmark-2030")
    counts = section(page, "counts")
    groups = Counter(c.group for c in plan.rows)
    for group, label in (("kept", "✓ Kept"), ("in_part", "◐ In part"), ("contested", "! Contested")):
        assert f"{groups[group]} of 14 {label}" in counts
    quantities = [c for c in plan.commitments.values() if c.kind == "quantity"]
    worst = sum(c.group == "kept" for c in quantities)
    best = worst + sum(c.group in ("not_known", "running") for c in quantities)
    assert re.search(rf"Quantity [\d ]+ 6 {worst} to {best} of 6 ", counts)
    assert "no composite index and no ranking" in page


def test_it_counts_by_right_what_is_found_under_each(client, vellmark_progress):
    page = page_of(client)
    table = re.search(r'<table class="by-right">.*?</table>', page, re.S)[0]
    rows = [text_of(row) for row in re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", table, re.S)]
    assert [row.split()[0] for row in rows] == ["I", "I.1", "I.2", "II"]
    assert [int(row.split()[-1]) for row in rows] == [11, 5, 5, 3]
    for row in rows:
        *counts, of = [int(n) for n in re.findall(r" (\d+)(?= |$)", row)]
        assert sum(counts) == of, row


def test_what_is_not_known_is_counted_by_kind(client, vellmark_progress):
    plan = read_snapshot().plan("vellmark-2030").rows
    missing = Counter(c.missing for c in plan)
    unknown = section(page_of(client), "unknown")
    assert f"Not researched here yet {missing['nobody_looked']} of 14" in unknown
    assert f"Looked, nothing found {missing['nothing_found']} of 14" in unknown


def test_where_accounts_differ_it_says_how(client, vellmark_progress):
    differ = section(page_of(client), "disagreements")
    assert "A UN body or others find against it 1 of 14 Each of them I.1.1e" in differ
    assert "No two accounts" not in differ


def test_before_anything_is_on_record_it_says_so(client, vellmark):
    page = page_of(client)
    assert "No two accounts on record say the opposite." in page
    assert sources_of(page) == []
    assert "Not researched here yet 14 of 14" in section(page, "unknown")


def test_it_says_how_much_was_compiled_and_read_again(client, vellmark_progress, edith, rana):
    drafts.published(drafts.finding("notes", "2026-05-01", reread="confirmed"), edith, rana)
    compiled = section(page_of(client), "compiled")
    snapshot = read_snapshot()
    plan = snapshot.plan("vellmark-2030")
    updates = {u.entry for rows in plan.updates.values() for u in rows}
    findings = {f.entry for part in (plan.findings, plan.findings_on) for rows in part.values() for f in rows}
    assert f"Updates: dated facts {len(updates)} " in compiled
    assert f"Claims and findings {len(findings)} " in compiled
    every = len(updates) + len(findings)
    searches = sum(u.what == "search" for rows in plan.updates.values() for u in rows)
    assert f"Second reading at the source, of all of these {every} " in compiled
    assert f"all others are statements with one {searches} of {every} Read again: confirmed 1 of {every}" in compiled
    assert f"Not read a second time at the source {every - 1} of {every}" in compiled
    assert "Entries corrected or withdrawn since they were published 2" in compiled


def amended(plan, edith, rana, read, used):
    """Say in the plan how many findings were read and used."""
    changes = {"findings_read": read, "findings_used": used}
    amend_at_once(record=Plan.objects.get(code=plan), changes=changes, reason="Counted.", by=edith, reviewer=rana)


def test_the_findings_that_were_read_are_those_that_the_plan_names(client, vellmark, edith, rana):
    assert "findings in public sources were read" not in page_of(client)
    amended(vellmark, edith, rana, 4, 2)
    sentence = "4 findings in public sources were read: 2 of 4 are on record, 2 of 4 are context or were left out"
    assert sentence in page_of(client)
    assert sentence not in page_of(client, "?category=I")


def test_more_findings_than_were_read_cannot_be_used(vellmark, edith, rana):
    for read, used in ((4, 5), (4, None), (None, 4)):
        with pytest.raises(ValidationError, match="Findings that are used were read"):
            amended(vellmark, edith, rana, read, used)


def test_a_section_alone_has_its_promises_and_says_whose_it_is(client, vellmark_progress):
    page = page_of(client, "?category=I.1")
    assert re.findall(r'<tr id="promise-([\w.]+)">', page) == ["I.1.1a", "I.1.1b", "I.1.1c", "I.1.1d", "I.1.1e"]
    assert "5 of the plan's 14" in page
    assert "of the Rights Programme of Vellmark (2026-2030)" in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/vellmark-2030/report/?category=I.1">' in page
    assert '<option value="I.1" selected>' in page


def test_a_chapter_alone_has_its_sections(client, vellmark_progress):
    page = page_of(client, "?category=I")
    assert len(re.findall(r'<tr id="promise-', page)) == 11
    assert re.findall(r'<h[23] id="part-([\w.]+)">', page) == ["I", "I.1", "I.2"]


def test_a_past_day_leaves_out_what_came_later(client, vellmark_progress):
    page = page_of(client, "?on=2026-07-15")
    assert row_of(page, "I.1.1e")[3] == "–"
    assert "WHOLE-RIGHT" not in page
    assert "15 July 2026, by what this site had published up to log entry" in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<meta name="robots" content="noindex">' not in page_of(client)


def test_an_earlier_log_entry_leaves_out_what_was_published_later(vellmark_progress):
    before = vellmark_progress["right"].entry_id - 1
    snapshot = read_snapshot(known=before)
    parts = report.report(snapshot, snapshot.plan("vellmark-2030"))["parts"]
    assert parts[0]["sections"][0]["whole"] is None
    now = report.report(read_snapshot(), read_snapshot().plan("vellmark-2030"))["parts"]
    assert now[0]["sections"][0]["whole"] is not None


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?colour=red", "This page takes no parameter “colour”."),
        ("?category=IX", "category=IX: the plan has no such chapter or section."),
        ("?category=I&category=II", "The parameter “category” stands twice; give it once."),
        ("?on=2999-01-01", "on=2999-01-01: that day is still to come."),
        ("?on=yesterday", "on=yesterday: give a day such as 2025-12-31."),
    ],
)
def test_it_refuses_what_it_cannot_answer_by_name(client, vellmark, query, sentence):
    assert refused(client, query) == sentence


def test_blank_fields_of_its_form_ask_for_nothing(client, vellmark):
    assert len(re.findall(r'<tr id="promise-', page_of(client, "?category=&on=&known="))) == 14


def test_a_plan_that_is_not_there_is_a_404(client, vellmark):
    assert client.get("/atlantis/report/").status_code == 404


def test_it_is_a_sound_document(client, vellmark_progress):
    page = Seen(source_of(client, REPORT))
    assert page.levels[0] == page.levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(page.levels, page.levels[1:], strict=False))
    assert len(page.ids) == len(set(page.ids))
    assert page.references <= set(page.ids)
    assert page.inline == []
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


@pytest.mark.slow
def test_it_asks_once_and_no_more_with_ten_times_the_plan(
    client, vellmark_progress, edith, rana, django_assert_num_queries
):
    for query in ("", "?category=I.1"):
        client.get(REPORT + query)
        with django_assert_num_queries(1):
            client.get(REPORT + query)
    some = Commitment.objects.get(code="I.1.1a")
    factories.CommitmentFactory.create_batch(140, provision=some.provision, metric=some.metric)
    for n in range(20):
        drafts.published(drafts.finding("notes", f"2026-06-{n + 1:02}"), edith, rana)
    forget()
    client.get(REPORT)
    for query in ("", "?category=I.1"):
        with django_assert_num_queries(1):
            page = source_of(client, REPORT + query)
        assert page.count('<tr id="promise-') == {"": 154, "?category=I.1": 145}[query]


def test_an_unchanged_report_is_a_304(client, vellmark):
    etag = client.get(REPORT)["ETag"]
    assert client.get(REPORT, HTTP_IF_NONE_MATCH=etag).status_code == 304
    assert client.get(REPORT + "?category=I", HTTP_IF_NONE_MATCH=etag).status_code == 200
