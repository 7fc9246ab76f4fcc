"""The first page as a newspaper's: what changed last, what is disputed, what all rests on, and the ways in."""

import datetime
import re

import pytest

from tracker.snapshot.cache import read_snapshot

from .factories import PlanFactory
from .reading import page_of, words_of
from .vellmark_progress import DAY, _publish, _row

pytestmark = pytest.mark.django_db

HOME = "/vellmark-2030/"


def section(page, name):
    return re.search(rf'<section[^>]*aria-labelledby="{name}".*?</section>', page, re.S)[0]


def test_the_latest_changes_stand_by_day_with_what_was_and_what_is(client, vellmark_progress):
    latest = section(page_of(client, HOME), "changed")
    days = re.findall(r'<time datetime="([\d-]+)">', latest)
    assert days == sorted(days, reverse=True)
    assert days[0] == "2026-10-03"
    text = words_of(latest)
    assert re.search(r"3 October 2026 II\.1a .*? → … reached", text)
    assert re.search(r"I\.1\.1e .*? \? not known: claimed only → ! contested", text)
    assert '<a href="/vellmark-2030/commitments/I.1.1e/">' in latest


def test_no_more_than_ten_changes_are_named_and_the_rest_of_the_day_is_counted(client, vellmark_progress):
    changes = read_snapshot().happened["vellmark-2030"]
    latest = section(page_of(client, HOME), "changed")
    news = [change for change in changes if change.before.status != change.after.status]
    assert len(news) < len(changes)
    assert latest.count('class="step"') == min(10, len(news))
    assert f"All {len(changes)} changes since the plan began" in words_of(latest)
    assert 'href="/vellmark-2030/changes/"' in latest


def test_what_changes_with_time_alone_is_no_news(client, china):
    latest = words_of(section(page_of(client, "/hrap-2021-2025/?on=2026-01-01"), "changed"))
    plan = read_snapshot(datetime.date(2026, 1, 1)).happened["hrap-2021-2025"]
    silent = {c.code for c in plan if not c.entries} - {c.code for c in plan if c.entries}
    assert silent
    assert not silent & set(re.findall(r"\b[IV]+\.\d+\.\d+[a-z]\b", latest))
    assert "those by time alone among them" in latest


def test_changes_and_disputes_are_those_of_the_day_asked_for(client, vellmark_progress):
    page = page_of(client, f"{HOME}?on=2026-06-30")
    assert "August 2026" not in section(page, "changed")
    assert "contested" not in section(page, "changed")
    assert "Disputed most recently" not in page


def test_what_is_disputed_is_counted_and_set_side_by_side(client, vellmark_progress):
    page = page_of(client, HOME)
    text = words_of(section(page, "disputed"))
    assert "Accounts differ on 1 of 14 promises." in text
    assert "1 of 14 A UN body or others find against it" in text
    assert 'href="/vellmark-2030/disagreements/"' in page
    (row,) = re.findall(r"<tr>.*?</tr>", section(page, "side-by-side").split("<tbody>")[1], re.S)
    cells = [words_of(each) for each in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
    assert cells[0] == "I.1.1e Water not cut off from homes with children"
    assert [cell.split(" ", 1)[-1] for cell in cells[1:]] == [
        "verdict of its own",
        "kept 1 Jul 2026",
        "not kept 1 Aug 2026",
        "not kept 5 Jul 2026",
    ]


def test_it_says_what_it_rests_on_with_the_share_that_has_no_confirmed_address(client, vellmark_progress):
    text = words_of(section(page_of(client, HOME), "rests"))
    total, bare, share = map(int, re.search(r"(\d+) statements.*?(\d+) of \1 \((\d+) percent\)", text).group(1, 2, 3))
    assert 0 < bare < total
    assert share == round(100 * bare / total)
    for side in ("Official", "UN", "Independent", "Judged by this site"):
        assert re.search(rf"{side} \d+ of {total}", text), side


def test_there_is_a_way_in_by_group_of_people(client, vellmark):
    people = section(page_of(client, HOME), "people")
    assert re.findall(r'href="([^"]*)"', people) == [
        "/vellmark-2030/people/villagers/",
        "/vellmark-2030/people/children/",
    ]


def test_it_says_what_the_counts_of_kept_leave_out_and_how_many_of_the_kept_are_flagged(client, china):
    page = page_of(client, "/hrap-2021-2025/")
    text = words_of(section(page, "by-kind"))
    plan = read_snapshot().plans[china]
    commitments = plan.commitments.values()
    never = sum(1 for c in commitments if c.rule == "direction")
    assert f"Left out of both: {never} of {len(commitments)} that promise only a direction" in text
    laws = [c for c in commitments if c.kind == "law" and c.group == "kept"]
    flagged = [c for c in laws if set(c.flags) - {"one_origin", "no_address"}]
    assert 0 < len(flagged) < len(laws)
    assert re.search(rf"Law or policy document .*? {len(flagged)} of {len(laws)} ", text)


def test_rights_under_which_only_acts_are_promised_are_named(client, vellmark):
    page = page_of(client, HOME)
    levels = words_of(section(page, "levels"))
    assert "Only acts are promised, and no outcome, under: II Public life ." in levels


def test_a_plan_without_anything_in_it_says_so(client, db):
    PlanFactory(code="empty-plan")
    text = words_of(page_of(client, "/empty-plan/"))
    assert "No figure, act or finding on record has changed a status since the plan began." in text
    assert "Accounts differ on 0 of 0 promises." in text
    assert "percent) have no confirmed web address" not in text
    assert "Disputed most recently" not in text
    assert "Only acts are promised" not in text


@pytest.mark.slow
def test_it_asks_the_database_once_with_ten_times_the_history(
    client, vellmark_progress, edith, rana, django_assert_num_queries
):
    rows = {
        f"more-{n}": _row(
            "census-2026",
            metric="deep-wells-dug",
            value=n,
            starts_on=DAY(2026, 1, 1),
            as_of=DAY(2026, 1, 2 + n % 27),
            text="MORE",
        )
        for n in range(150)
    }
    _publish(rows, edith, rana)
    client.get(HOME)
    with django_assert_num_queries(1):
        client.get(HOME)


def test_a_right_says_how_deep_its_promises_go(client, vellmark):
    deep = words_of(section(page_of(client, f"{HOME}rights/I.1/"), "levels"))
    assert "2 of 5 promises are a change in what people enjoy. The others are acts" in deep
    acts = words_of(section(page_of(client, f"{HOME}rights/II/"), "levels"))
    assert "All 3 promises are acts: a law, a body or an effort. None is a change in what people enjoy." in acts
    assert "Process 3 of 3" in acts
    assert "Outcome 0 of 3" in acts


def test_a_chapter_says_on_which_of_its_rights_something_is_found(client, vellmark_progress):
    whole = section(page_of(client, f"{HOME}rights/I/"), "whole")
    assert "I.1 Water the State 0 · UN bodies 1 · others 0" in words_of(whole)
    assert 'href="/vellmark-2030/rights/I.1/#whole"' in whole
    assert "Silence is not compliance" not in whole.split("columns")[0]
    before = section(page_of(client, f"{HOME}rights/I/?on=2026-07-15"), "whole")
    assert "UN bodies 1" not in words_of(before)
