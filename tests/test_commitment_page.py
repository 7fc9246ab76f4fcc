"""One promise: what it says, what would show it kept, and where it stands."""

import datetime
import html
import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from tracker.models import Commitment, Rule

from . import drafts, factories
from .reading import source_of, squeezed, words_of

pytestmark = pytest.mark.django_db


def page_of(client, code, plan="vellmark-2030"):
    response = client.get(f"/{plan}/commitments/{code}/")
    assert response.status_code == 200
    return html.unescape(squeezed(response.content.decode()))


def fact(page, name):
    """What the column of facts says under a name."""
    return words_of(re.search(rf"<dt>{name}</dt><dd>(.*?)</dd>", page, re.S).group(1))


def test_it_is_titled_and_described_by_the_promise(client, vellmark):
    page = page_of(client, "I.1.1d")
    title = "Not known, not researched here yet: Law on water enacted"
    assert f"<title>{title} · I.1.1d · Vellmark 2026-2030 · Promise by promise</title>" in page
    assert "<h1>Law on water enacted</h1>" in page
    description = re.search(r'<meta name="description" content="([^"]*)">', page)[1]
    assert description.startswith("Not known, not researched here yet, as of ")
    assert description.endswith(", by 31 December 2030. Kept if a law on water is adopted by 31 December 2030.")
    assert '<link rel="canonical" href="http://127.0.0.1:8000/vellmark-2030/commitments/I.1.1d/">' in page


def test_its_trail_leads_up_to_the_paragraph_by_links(client, vellmark):
    trail = re.search(r'<nav class="trail".*?</nav>', page_of(client, "I.1.1d"), re.S).group()
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', trail) == [
        ("/vellmark-2030/", "Vellmark 2026-2030"),
        ("/vellmark-2030/rights/I/", "I Daily life"),
        ("/vellmark-2030/rights/I.1/", "I.1 Water"),
        ("/vellmark-2030/provisions/I.1.1/", "I.1.1 Water supply"),
    ]


def test_it_quotes_the_plan_with_the_place_and_the_qualifier(client, vellmark):
    page = page_of(client, "I.1.1d")
    assert '<blockquote class="main">“A water law will be enacted”</blockquote>' in page
    assert 'paragraph <a href="/vellmark-2030/provisions/I.1.1/">I.1.1</a>, promise 4 of 5 in it' in page
    assert "the plan's heading: <q>Wells and pipes</q>" in page
    assert "Limited elsewhere in the paragraph by: “as soon as practicable”" in words_of(page)


def test_it_shows_the_test_and_the_other_reading(client, vellmark):
    page = page_of(client, "I.1.1d")
    assert '<p class="test">Kept if a law on water is adopted by 31 December 2030.</p>' in page
    assert "<h3>Another reading</h3>" in page
    assert "“As soon as practicable” may ask for less than the end of the period" in page


def test_what_is_not_there_is_not_headed(client, vellmark):
    page = page_of(client, "II.2a")
    for heading in ("Another reading", "Limited elsewhere", "What would show it", "The text names", "Carried from"):
        assert heading not in page


def test_it_shows_the_metric_with_its_statistic_publisher_scope_and_lag(client, vellmark):
    page = page_of(client, "I.1.1a")
    assert '<a href="/metrics/village-homes-with-piped-water/">Share of village homes with piped water</a>' in page
    assert "Village homes with a tap, as a share of all village homes, at the end of a year." in page
    assert fact(page, "Statistic") == "Village census"
    assert fact(page, "Published by") == "Vellmark Office of Numbers"
    assert fact(page, "Speaks of") == "villages"
    assert fact(page, "Appears") == "normally 3 months after the period ends"


def test_it_says_the_known_problems_of_the_metric(client, vellmark):
    assert fact(page_of(client, "I.2.1d"), "Known problems") == "Leaves out people who work for themselves."


def test_the_ladder_marks_the_promised_stage_and_no_other(client, vellmark):
    page = page_of(client, "I.1.1d")
    ladder = re.search(r'<ol class="track".*?</ol>', page, re.S).group()
    assert re.findall(r'<span class="rung">([^<]*)</span>', ladder) == [
        "repealed",
        "announced",
        "drafted",
        "adopted",
        "in force",
    ]
    goal = re.findall(
        r'<li class=" goal">\s*<span class="rung">(\w+)</span>\s*<span class="mark">promised</span>', ladder
    )
    assert goal == ["adopted"]
    assert ladder.count("promised") == 1


TARGETS = [
    ("I.1.1a", "At least 88 percent"),
    ("I.1.1b", "About 15 wells over the whole plan (give or take 1.5)"),
    ("I.1.1c", "At least 3 wells over the whole plan"),
    ("I.1.1d", "Stage “adopted”"),
    ("I.1.1e", "Upheld throughout"),
    ("I.2.1a", "Less than 5.5 percent, every year"),
    ("I.2.1b", "At least 20 thousand people over the whole plan"),
    ("I.2.1c", "A fall of at least 20 percent on 2020"),
    ("I.2.1d", "A rise"),
    ("I.2.2a", "Judged against the test"),
]


def test_it_says_the_target_in_words(client, vellmark):
    for code, words in TARGETS:
        assert fact(page_of(client, code), "Target") == words, code


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"comparator": "≤", "target_value": -20}, "A fall of at least 20 percent on 2020"),
        ({"comparator": "<", "target_value": -20}, "A fall of more than 20 percent on 2020"),
        ({"comparator": "≥", "target_value": -20}, "A fall of at most 20 percent on 2020"),
        ({"comparator": ">", "target_value": "-0.5"}, "A fall of less than 0.5 percent on 2020"),
        (
            {"comparator": "≈", "target_value": -20, "tolerance": 2},
            "A fall of about 20 percent on 2020 (give or take 2)",
        ),
        ({"comparator": "≥", "target_value": 10}, "A rise of at least 10 percent on 2020"),
        ({"comparator": "≤", "target_value": 10}, "A rise of at most 10 percent on 2020"),
    ],
)
def test_a_change_turns_its_comparator_with_its_sign(client, db, fields, words):
    base = datetime.date(2020, 12, 31)
    factories.CommitmentFactory(
        provision__category__plan__code="other-plan", code="C.1a", rule=Rule.CHANGE, base_date=base, **fields
    )
    page = page_of(client, "C.1a", "other-plan")
    assert fact(page, "Target") == words
    assert fact(page, "Counted from") == "31 December 2020"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"comparator": "≤", "target_value": 0}, "At most 0 percent"),
        ({"comparator": ">", "target_value": "1234567.5"}, "More than 1,234,567.5 percent"),
        ({"comparator": "≥", "target_value": "0.000001"}, "At least 0.000001 percent"),
        ({"comparator": "≥", "target_value": "100"}, "At least 100 percent"),
        ({"rule": Rule.DIRECTION, "kind": "aim", "comparator": "<", "target_value": None}, "A fall"),
    ],
)
def test_numbers_are_said_exactly(client, db, fields, words):
    factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a", **fields)
    assert fact(page_of(client, "C.1a", "other-plan"), "Target") == words


def test_it_says_the_deadline_with_its_basis(client, vellmark):
    assert fact(page_of(client, "I.1.1a"), "Deadline") == "31 December 2030, end of the plan's period"
    assert fact(page_of(client, "I.2.1b"), "Deadline") == "29 February 2028, stated in the text"
    duty = page_of(client, "I.1.1e")
    assert fact(duty, "Deadline") == "31 December 2030, standing duty, tested throughout"
    assert "due 31 December 2030" not in duty


def test_a_finding_against_a_standing_duty_decides_nothing(client, vellmark, edith, rana):
    drafts.published(drafts.finding(), edith, rana)
    page = page_of(client, "I.1.1e")
    assert fact(page, "Sources of what others find")
    assert "It stands in log entries" in page
    assert not re.search(r"decides|that decide|Decided by", page)


def test_it_names_the_groups_or_everyone(client, vellmark):
    page = page_of(client, "I.1.1e")
    assert fact(page, "Meant for") == "Children and adolescents , Villagers"
    assert '<a href="/vellmark-2030/commitments/?beneficiary=villagers">Villagers</a>' in page
    assert fact(page_of(client, "I.1.1d"), "Meant for") == "Everyone"


def test_it_names_the_bodies_of_the_text_and_the_earlier_plan(client, vellmark):
    page = page_of(client, "II.1a")
    assert '<dt>The text names</dt><dd><a href="/bodies/lake-council/">Lake Council</a></dd>' in page
    words = words_of(page_of(client, "I.2.2a"))
    assert "Promised by an earlier plan already : Rights Programme of Vellmark (2021-2025)" in words


def test_rule_kind_and_level_lead_to_the_method(client, vellmark):
    page = page_of(client, "I.1.1d")
    for anchor in ("rule-milestone", "kind-law", "level-structure"):
        assert f'<a href="/method/#{anchor}">' in page


def test_it_lists_all_promises_of_its_paragraph_unless_it_is_alone(client, vellmark):
    page = page_of(client, "I.1.1d")
    assert '<h2 id="siblings">All promises of paragraph I.1.1</h2>' in page
    assert (
        len(re.findall(r'<p class="quiet"><strong>[^<]*</strong> · <span class="num">I\.1\.1[a-e]</span>', page)) == 5
    )
    assert "All promises of paragraph" not in page_of(client, "I.2.2a")


def test_it_names_the_promises_of_its_own_plan_that_its_metric_answers_and_of_no_other(client, vellmark):
    promise = Commitment.objects.get(code="I.1.1a")
    factories.CommitmentFactory(provision=promise.provision, code="I.1.1z", metric=promise.metric, title="Taps for all")
    factories.CommitmentFactory(
        provision__category__plan__code="other-plan", code="C.1a", metric=promise.metric, title="Taps elsewhere"
    )
    page = page_of(client, "I.1.1a")
    assert "The same metric also answers: " in words_of(page)
    assert '<a href="/vellmark-2030/commitments/I.1.1z/">I.1.1z Taps for all</a>' in page
    assert "Taps elsewhere" not in page
    assert "also answers" not in page_of(client, "I.1.1b")


def test_its_neighbours_follow_the_plan(client, vellmark):
    page = page_of(client, "I.1.1a")
    assert 'rel="prev" href="/vellmark-2030/commitments/I.0.0a/"' in page
    assert 'rel="next" href="/vellmark-2030/commitments/I.1.1b/"' in page
    assert 'rel="prev"' not in page_of(client, "I.0.0a")
    assert 'rel="next"' not in page_of(client, "II.2b")


def test_it_can_be_cited_with_title_plan_log_entry_and_address(client, vellmark):
    page = page_of(client, "I.1.1d")
    entry = re.search(r">log entry ([\d,]+)<", page).group(1)
    today = date_format(timezone.localdate(), "j F Y")
    assert (
        "“Law on water enacted”: Not known, not researched here yet. Promise I.1.1d of the Rights Programme of "
        f"Vellmark (2026-2030). Promise by promise, as of {today}, log entry {entry}. "
        "http://127.0.0.1:8000/vellmark-2030/commitments/I.1.1d/"
    ) in words_of(page)


def test_an_unknown_commitment_is_a_404_with_a_sentence(client, vellmark):
    for code in ("I.1.1z", "I.1.1", "i.1.1z", "1", "9" * 40):
        response = client.get(f"/vellmark-2030/commitments/{code}/")
        assert response.status_code == 404
        assert f"There is no commitment with the code {code}." in response.content.decode()


def test_a_commitment_of_one_plan_is_not_found_in_another(client, vellmark):
    factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a")
    assert client.get("/other-plan/commitments/I.1.1a/").status_code == 404
    assert client.get("/vellmark-2030/commitments/C.1a/").status_code == 404


def test_words_with_signs_are_shown_as_text(client, db):
    wild = '<script>alert("x")</script> {{ 1 }} {% now "Y" %}'
    factories.CommitmentFactory(
        provision__category__plan__code="other-plan", code="C.1a", title=wild, quote=wild, qualifier=wild, test=wild
    )
    page = source_of(client, "/other-plan/commitments/C.1a/")
    assert "<script>" not in page
    assert "{{ 1 }} {% now &quot;Y&quot; %}" in page


def test_a_promise_under_an_objective_stands_under_the_plan(client, db):
    objective = factories.ProvisionFactory(
        plan=factories.PlanFactory(code="other-plan"), category=None, form="objective", code="O.1"
    )
    factories.CommitmentFactory(provision=objective, code="O.1a")
    trail = re.search(r'<nav class="trail".*?</nav>', page_of(client, "O.1a", "other-plan"), re.S).group()
    assert re.findall(r'href="([^"]*)"', trail) == ["/other-plan/", "/other-plan/provisions/O.1/"]
    assert 'aria-label="O.1a Piped water' in source_of(client, "/other-plan/")
