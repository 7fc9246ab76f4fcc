"""What is asked before something is handed in or registered: each doubt by its sentence, answered by “I mean it”."""

from decimal import Decimal

import pytest

from tracker.actions.alike import address_key, looks_like, name_key
from tracker.actions.doubts import Doubtful, doubts
from tracker.actions.progress import submit
from tracker.actions.quantities import numbers_in
from tracker.models import Body, Evidence, Source, State, Update
from tracker.models.roles import EDITOR, REVIEWER

from . import databases, drafts
from .conftest import somebody
from .forms import value_form
from .test_admin import Fields, change_page, page_of

pytestmark = pytest.mark.django_db

VALUE = f"/admin/tracker/update/add/?what=value&metric={drafts.PIPED}"


def publish_a_series():
    """Piped water, 80 to 86 percent in four years."""
    edith, rana = somebody("edith", EDITOR), somebody("rana", REVIEWER)
    for year, value in ((2022, 80), (2023, 82), (2024, 84), (2025, 86)):
        drafts.published(drafts.value(value, f"{year}-12-31", as_published=f"{value} percent"), edith, rana)


databases.add("series", after="vellmark", fill=publish_a_series, module=__name__)


@pytest.fixture
def series(db, edith, rana):
    """The figures of four years."""


def kinds(record):
    """Kinds of the doubts about a record, in order."""
    return [doubt.key.split("-")[0] for doubt in doubts(record)]


@pytest.mark.parametrize(
    ("value", "given", "expected"),
    [
        ("88", {"as_published": "88 percent"}, []),
        ("88", {"as_published": "88.0% of village homes"}, []),
        ("88", {"as_published": "more than 88 percent", "bound": "more_than"}, []),
        ("88", {"as_published": "88% and more than 20 valleys"}, []),
        ("88", {"as_published": "from 84% to more than 88%"}, ["bound"]),
        ("88", {"as_published": "nearly 88 percent"}, ["bound"]),
        ("88", {"as_published": "no less than 88 percent"}, ["bound"]),
        ("88", {"as_published": "超过88%"}, ["bound"]),
        ("88", {"as_published": "8.8 percent"}, ["published"]),
        ("88", {"as_published": "8.8 of ten", "how": "derived", "arithmetic": "8.8 × 10"}, []),
        ("9290", {"as_published": "92.9 percent"}, ["published", "percent", "jump"]),
        ("-5", {}, ["percent", "jump"]),
        ("46", {}, ["jump"]),
        ("46", {"fits": "other"}, []),
        ("46", {"scope": "Upper Vale"}, []),
        ("88.123", {}, ["decimals"]),
        ("86", {"as_of": "2025-12-31"}, ["there"]),
        ("85", {"as_of": "2025-12-31"}, ["there"]),
    ],
)
def test_a_value_is_compared_with_its_words_and_with_what_is_on_record(series, value, given, expected):
    record = drafts.value(Decimal(value), given.pop("as_of", "2026-06-30"), **given)
    assert kinds(record) == expected


@pytest.mark.both_databases
def test_a_day_long_before_the_plan_is_asked_about(vellmark):
    [doubt] = doubts(drafts.rung("drafted", "1925-12-31"))
    assert doubt.sentence == "31 December 1925 is more than 10 years before the plan, which begins in 2026."
    assert kinds(drafts.value(80, "1925-12-31")) == kinds(drafts.finding(as_of="1925-12-31")) == ["long"]
    assert kinds(drafts.finding(as_of="1925-12-31", category="I.1")) == ["long"]
    assert kinds(drafts.rung("drafted", "2016-01-01")) == []


@pytest.mark.both_databases
def test_a_doubt_names_what_is_there_in_public_and_in_open_drafts(series, edith):
    [doubt] = doubts(drafts.value(86, "2025-12-31"))
    assert doubt.sentence == "The same number of the same body for the same period is there already."
    assert doubt.links[0][0] == "86 percent, 31 December 2025 (published)"
    drafts.drafted(drafts.value(87, "2026-06-30"), edith)
    [doubt] = doubts(drafts.value(88, "2026-06-30"))
    assert doubt.sentence == "The same body has other numbers for 30 June 2026 already."
    assert doubt.links[0][0] == "87 percent, 30 June 2026 (draft)"


def test_a_correction_is_not_compared_with_what_it_replaces(series):
    old = Update.objects.get(value=86)
    assert kinds(drafts.value(85, "2025-12-31", replaces=old, reason="Misread.")) == []


@pytest.mark.both_databases
def test_stages_judgements_searches_and_findings_are_asked_about_once_they_are_there(vellmark, edith, rana):
    pairs = [
        (drafts.rung("adopted", "2025-05-01"), drafts.rung("adopted", "2025-06-01")),
        (drafts.judgement("done", "2025-05-01"), drafts.judgement("in_part", "2025-05-01")),
        (drafts.search("2025-05-01"), drafts.search("2025-05-01")),
        (drafts.finding(), drafts.finding("kept")),
    ]
    for first, second in pairs:
        assert kinds(second) == []
        drafts.published(first, edith, rana)
        assert kinds(second) == ["there"]


def test_a_record_that_is_not_whole_raises_no_error(vellmark):
    assert doubts(Update(what="value")) == []
    assert doubts(Update(what="value", value=5)) == []
    assert doubts(Source()) == doubts(Body()) == []


def test_handing_in_asks_until_each_doubt_is_meant_and_a_new_one_asks_again(series, edith):
    record = drafts.drafted(drafts.value(46, "2026-06-30"), edith)
    with pytest.raises(Doubtful) as refused:
        submit(record=record, by=edith, meant=())
    assert "46 percent is far from what is on record: 4 values from 80 to 86." in refused.value.messages
    meant = [doubt.key for doubt in refused.value.doubts]
    assert submit(record=record, by=edith, meant=meant).state == State.SUBMITTED
    other = drafts.drafted(drafts.value(45, "2026-03-31"), edith)
    with pytest.raises(Doubtful):
        submit(record=other, by=edith, meant=meant)
    assert submit(record=other, by=edith).state == State.SUBMITTED  # where nobody could answer, nothing is asked


@pytest.mark.slow
def test_the_form_asks_saves_a_draft_without_an_answer_and_keeps_the_answer_at_a_preview(series, edith, signed_in):
    editor = signed_in(edith)
    form = value_form("9290", as_published="92.9 percent")
    assert editor.post(VALUE, form).status_code == 302  # a draft needs no answer
    draft = Update.objects.get(state=State.DRAFT)
    words = page_of(editor.get(change_page(draft)))
    assert "“As published” says “92.9 percent”, and the value is 9,290 percent." in words
    sent = Fields(editor.get(change_page(draft))).sent
    response = editor.post(change_page(draft), sent | {"_submit": "1"})
    assert "Not sent yet" in page_of(response)
    meant = [doubt.key for doubt in doubts(draft)]
    assert len(meant) == 3
    preview = editor.post(change_page(draft), sent | {"_preview": "1", "meant": meant})
    assert all(f'aria-describedby="doubt-{key}" checked' in preview.content.decode() for key in meant)
    assert "Not sent yet" in page_of(editor.post(change_page(draft), sent | {"_submit": "1", "meant": meant[:2]}))
    assert editor.post(change_page(draft), sent | {"_submit": "1", "meant": meant}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED


@pytest.mark.both_databases
def test_handing_in_many_names_those_with_open_doubts(series, edith, signed_in):
    rows = [drafts.drafted(drafts.value(n, f"2026-0{n // 30}-20"), edith) for n in (46, 88)]
    sent = {"action": "submit_selected", "_selected_action": [row.pk for row in rows]}
    sent |= {f"seen-{row._meta.model_name}-{row.pk}": row.version for row in rows}
    words = page_of(signed_in(edith).post("/admin/tracker/update/", sent, follow=True))
    assert "is far from what is on record" in words
    assert "1 record handed in for review." in words


@pytest.mark.both_databases
def test_a_source_and_a_body_that_look_like_one_there_are_asked_about_before_they_are_registered(
    vellmark, edith, signed_in
):
    known, editor = drafts.source(), signed_in(edith)
    sent = {"code": "census-again", "publisher": known.publisher_id, "title": "The  Village Census"}
    sent |= {"address": known.address.replace("https", "http") + "/?utm_source=x#top"}
    response = editor.post("/admin/tracker/source/add/", sent)
    words = page_of(response)
    assert "A source with this address, but for how it is written, is there already. Village census" in words
    assert "A source of this publisher with this title" in words
    assert not Source.objects.filter(code="census-again").exists()
    keys = [
        doubt.key for doubt in doubts(Source(publisher=known.publisher, title=sent["title"], address=sent["address"]))
    ]
    assert editor.post("/admin/tracker/source/add/", sent | {"meant": keys}).status_code == 302
    body = {
        "code": "office-of-numbers-2",
        "name": "Vellmark Office of Numberѕ",
        "kind": "government",
        "side": "official",
        "state": "Vellmark",
    }
    response = editor.post("/admin/tracker/body/add/", body | {"why": "It counts."})
    assert "A body with a name much like this is there already." in page_of(response)
    assert not Body.objects.filter(code="office-of-numbers-2").exists()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.Example.org/a/", "http://example.org/a", True),
        ("https://example.org/a?utm_source=x&b=1#top", "https://example.org:443/a?b=1", True),
        ("https://example.org/%E4%BA%BA", "https://example.org/人", True),
        ("example.org/a", "https://example.org/a", True),
        ("https://A.example/b?q=1&p=2", "https://a.example/b?p=2&q=1", True),
        ("https://example.org/a?b=1", "https://example.org/a?b=2", False),
        ("https://example.org/A", "https://example.org/a", False),
    ],
)
def test_addresses_are_the_same_but_for_how_they_are_written(one, other, same):
    assert (address_key(one) == address_key(other)) == same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ministry of Education", "ministry  of éducation", True),
        ("Ministry of Education", "Ministry of Educaton", True),
        ("Ministry of Education", "Мinistry оf Еducаtiоn", True),
        ("The State Council", "State Council", True),
        ("Valley Watch", "Valley Witch Trials", False),
        ("Report 2024 of the committee", "Report 2025 of the committee", False),
        ("北京大学", "北京大學", False),
        ("UNESCO", "UNICEF", False),
    ],
)
def test_names_that_look_alike(one, other, same):
    assert looks_like(one, other) == same
    assert name_key("  ") == ""


def test_numbers_are_read_in_words_of_others():
    assert [str(number) for number, _b, _a in numbers_in("up 1.9 points to 1,234 homes, 1.5 million and 217万")] == [
        "1.9",
        "1234",
        "1500000",
        "2170000",
    ]


def test_evidence_that_came_out_before_what_it_shall_show_is_asked_about(series, edith):
    source = drafts.source()
    for published, precision, asked in (
        ("2025-06-29", "day", True),
        ("2025-06-30", "day", False),
        ("2025-05-01", "month", True),
        ("2025-06-01", "month", False),
        ("2024-01-01", "year", True),
        ("2025-01-01", "year", False),
    ):
        source.published, source.published_precision = drafts.day(published), precision
        raised = doubts(drafts.value(84, "2025-06-30"), [Evidence(source=source)])
        assert any(each.key.startswith("older-") for each in raised) is asked, published
    raised = doubts(drafts.search("2025-06-30"), [Evidence(source=source)])
    assert not any(each.key.startswith("older-") for each in raised)
