"""Forms of staff read what was typed: a field gets the value that was meant, or says what to write."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tracker.models import Adherence, Assessment, Body, Comparator, Metric, Reread, Source, Update
from tracker.schema import TABLES
from tracker.wording.meanings import MEANINGS, meanings_of

from . import drafts
from .forms import value_form
from .test_admin import Fields, change_page, page_of, promise, submit

pytestmark = pytest.mark.django_db

CLOSED = [
    f for model in (Update, Assessment, *(table.model for table in TABLES)) for f in model._meta.fields if f.choices
]
ADD = "/admin/tracker/update/add/"
VALUE = f"{ADD}?what=value&metric={drafts.PIPED}"


@pytest.fixture
def editor(vellmark, edith, signed_in):
    """The browser of the editor."""
    return signed_in(edith)


@pytest.fixture
def admin(vellmark, adam, signed_in):
    """The browser of an administrator by role."""
    return signed_in(adam)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        *(("92,9", "92.9"), ("92.9 %", "92.9"), ("−5", "-5"), ("1 234", "1234")),
        pytest.param("1.2340", "1.2340", marks=pytest.mark.both_databases),
    ],
)
def test_a_number_is_stored_as_it_was_meant_and_shown_without_zeros(editor, typed, shown):
    assert editor.post(VALUE, value_form(typed)).status_code == 302
    update = Update.objects.get()
    assert update.value == Decimal(shown)
    assert Fields(editor.get(change_page(update))).sent["value"] == shown


@pytest.mark.parametrize("typed", ["12–15", "1.918 billion", "1,234", "9 2", "0x10", "1e400", "½"])
def test_what_is_no_number_comes_back_with_a_sentence_and_nothing_is_saved(editor, typed):
    response = editor.post(VALUE, value_form(typed))
    assert f"“{typed}” is " in page_of(response)
    assert Fields(response).sent["value"] == typed
    assert not Update.objects.exists()


def test_a_percent_sign_stands_only_where_the_unit_is_percent(editor):
    metric = Metric.objects.filter(shape="number").exclude(unit="percent").first()
    response = editor.post(VALUE, value_form("5 %", metric=metric.pk, starts_on="2026"))
    assert f"A percent sign, and the unit here is {metric.unit}." in page_of(response)


@pytest.mark.parametrize(
    ("typed", "as_of", "precision", "shown"),
    [
        ("2025", "2025-12-31", "year", "2025"),
        ("2025-06", "2025-06-30", "month", "2025-06"),
        ("31/12/2025", "2025-12-31", "day", "2025-12-31"),
    ],
)
def test_the_precision_of_a_day_follows_from_what_was_typed(editor, typed, as_of, precision, shown):
    response = editor.post(VALUE, value_form(as_of=typed, starts_on=""), follow=True)
    update = Update.objects.get()
    assert (str(update.as_of), update.precision) == (as_of, precision)
    assert Fields(response).sent["as_of"] == shown
    assert ("was read as 31 December 2025" in page_of(response)) == ("/" in typed)
    assert editor.post(change_page(update), Fields(response).sent).status_code == 302
    update.refresh_from_db()
    assert (str(update.as_of), update.precision) == (as_of, precision)


def test_a_day_that_two_countries_read_differently_is_refused_with_both(editor):
    response = editor.post(VALUE, value_form(as_of="03/04/2025"))
    assert "3 April 2025 in some countries and 4 March 2025 in others" in page_of(response)


@pytest.mark.parametrize(("name", "words"), [("bell\a", "bell, U+0007"), ("\u202eabc", "right-to-left override")])
def test_what_nobody_sees_is_refused_in_forms_and_records_alike(editor, edith, name, words):
    assert words in page_of(editor.post(VALUE, value_form(summary=name)))
    with pytest.raises(ValidationError, match=re.escape(words)):
        drafts.drafted(drafts.value(summary=name), edith)
    with pytest.raises(ValidationError, match="2,000 are the most"):
        drafts.drafted(drafts.value(caveat="x" * 2_001), edith)
    record = drafts.drafted(drafts.value(summary="e\u0301t\u00e9\r\nb"), edith)
    assert record.summary == "été\nb"


@pytest.mark.slow
def test_no_form_of_staff_has_a_wheel_and_each_says_what_is_needed(admin):
    for model in ("plan", "category", "commitment", "metric", "baselinefigure", "source", "adherence", "update"):
        html = admin.get(f"/admin/tracker/{model}/add/?what=value").content.decode()
        assert 'type="number"' not in html
        assert 'type="date"' not in html
        assert "(required)" in html or model == "update"
    words = page_of(admin.get(VALUE))
    assert "The value as a number (required to hand in)" in words
    assert "Caveat (optional)" in words
    assert "Such as 2025-12-31, 2025-12 or 2025." in words
    assert "2,000 characters at most." in words
    assert "“Over 60”, “more than 60”, “exceeded 60”." in words


@pytest.mark.both_databases
def test_a_ladder_is_written_one_stage_a_line_and_its_stages_are_a_list(admin, editor):
    sent = {
        "code": "ring-road",
        "name": "Ring road",
        "definition": "Its stages.",
        "scope": "national",
        "shape": "ladder",
    }
    sent |= {"rungs": "planned\r\n\r\n built \r\n", "statistic": "The gazette."}
    assert admin.post("/admin/tracker/metric/add/", sent).status_code == 302
    metric = Metric.everything.get(code="ring-road")
    assert metric.rungs == ["planned", "built"]
    assert Fields(admin.get(change_page(metric))).sent["rungs"] == "planned\nbuilt"
    Metric.everything.filter(pk=metric.pk).update(preparation=None)  # as two people make it public
    form = {"metric": metric.pk, "rung": "passed", "as_of": "2025", "summary": "It was built."}
    response = editor.post(f"{ADD}?what=rung", form | {"evidence-TOTAL_FORMS": 0, "evidence-INITIAL_FORMS": 0})
    assert 'name="rung" value="built"' in response.content.decode()


def test_language_and_date_of_a_source_are_read_and_not_invented(admin):
    sent = {
        "code": "gazette-9",
        "publisher": Body.objects.first().pk,
        "title": "Gazette",
        "address": "https://g.example/9",
    }
    response = admin.post("/admin/tracker/source/add/", sent | {"language": "english", "published": "2025-03"})
    assert "Select a valid choice" in page_of(response)
    assert (
        admin.post("/admin/tracker/source/add/", sent | {"language": "zh", "published": "2025-03"}).status_code == 302
    )
    source = Source.everything.get(code="gazette-9")
    assert (str(source.published), source.published_precision, source.language) == ("2025-03-01", "month", "zh")
    with pytest.raises(ValidationError, match="is not the tag of a language: write it as “en” for English"):
        Source(
            code="x", publisher=source.publisher, title="X", address="https://x.example/", language="English"
        ).full_clean()


@pytest.mark.slow
def test_a_target_is_amended_in_words_and_the_rest_of_the_form_is_no_change(admin):
    response = submit(admin, change_page(promise()))
    assert response.headers["Location"].endswith("/commitment/")  # nothing was changed by sending it as it stands
    submit(admin, change_page(promise()), target_value="90,5", reason="Misread.")
    assert Update.objects.get().changes == {"target_value": ["88", "90.5"]}
    for record in (*Metric.objects.all(), *Source.objects.all()[:2], *Adherence.objects.all()):
        assert submit(admin, change_page(record)).headers["Location"].endswith(f"/{record._meta.model_name}/")


def test_every_word_of_a_closed_list_has_a_meaning_where_it_is_chosen():
    for words, meanings in MEANINGS.items():
        assert list(meanings) == words.values
        assert meanings_of(["", *words.values]) == meanings
    chosen = {tuple(value for value, _label in field.flatchoices if value) for field in CLOSED}
    without = {("draft", "submitted", "returned", "published"), tuple(Reread.values), tuple(Comparator.values)}
    assert {each for each in chosen if not meanings_of(each)} <= without
