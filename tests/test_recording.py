"""Recording: the promise beside the form, records found by code and words, a new source with its draft."""

import json
import re
from decimal import Decimal

import pytest

from tests.registering import register
from tracker.actions.doubts import doubts
from tracker.actions.preparation import prepare_by_itself
from tracker.actions.progress import give_back, submit
from tracker.admin.finding import find
from tracker.admin.suggest import number_in
from tracker.models import Assessment, Body, LedgerEntry, Metric, Source, Update

from . import drafts
from .factories import BodyFactory
from .forms import value_form
from .test_admin import Fields
from .test_review import ADD, VALUE, address, page

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.both_databases
FINDING = "/admin/tracker/assessment/add/"
NEW = {
    "evidence-TOTAL_FORMS": 1,
    "evidence-INITIAL_FORMS": 0,
    "evidence-0-source": "",
    "evidence-0-new_title": "Bulletin of homes, no. 3",
    "evidence-0-new_publisher": "office-of-numbers",
    "evidence-0-new_address": "numbers.example/bulletin",
    "evidence-0-new_published": "2026-07",
    "evidence-0-new_language": "en",
    "evidence-0-locator": "p. 4",
}


@pytest.fixture
def editor(vellmark, edith, signed_in):
    """The browser of the editor."""
    return signed_in(edith)


@pytest.mark.parametrize("query", ["?commitment=vellmark-2030/I.1.1a", "?metric=village-homes-with-piped-water"])
def test_the_promise_stands_beside_the_form_from_the_start(editor, accounts, query):
    response = editor.get(ADD + query)
    words, html = page(response), response.content.decode()
    promise = drafts.promise()
    for part in (promise.title, promise.quote, promise.test, promise.metric.definition, promise.metric.unit):
        assert part in words
    for part in ("This site finds", "The State says", "UN bodies find", "Others find", "Last on record"):
        assert part in words
    assert '<figure class="series">' in html
    assert 'href="/vellmark-2030/commitments/I.1.1a/"' in html
    assert 'class="beside"' in html


@pytest.mark.slow
def test_a_finding_on_a_right_and_a_draft_that_is_opened_again_have_it_too(editor, edith, vellmark_progress):
    assert "WHOLE-RIGHT" in page(editor.get(f"{FINDING}?category=vellmark-2030/I.1"))
    assert drafts.promise("I.1.1e").test in page(editor.get(f"{FINDING}?commitment=vellmark-2030/I.1.1e"))
    assert drafts.promise().test in page(editor.get(address(drafts.drafted(drafts.value(), edith))))


def test_the_first_step_finds_a_promise_and_says_what_it_needs(editor):
    words = page(editor.get(f"{ADD}?q=I.1.1d"))
    assert "1 promise fits" in words
    assert "A stage reached a law adopted, a report submitted, a body set up what this promise needs" in words
    html = editor.get(f"{ADD}?q=real+wages").content.decode()
    assert 'href="/admin/tracker/update/add/?what=value&amp;commitment=vellmark-2030%2FI.2.1d"' in html
    assert "0 promises fit" in page(editor.get(f"{ADD}?q=atlantis"))


@pytest.mark.parametrize(
    ("kind", "words", "codes"),
    [
        ("metric", "I.1.1a", ["village-homes-with-piped-water"]),
        ("metric", "vellmark-2030/I.1.1a", ["village-homes-with-piped-water"]),
        ("metric", "piped village", ["village-homes-with-piped-water"]),
        ("commitment", "I.2.1b", ["vellmark-2030/I.2.1b"]),
        ("commitment", "REAL wages", ["vellmark-2030/I.2.1d"]),
        ("body", "numbers", ["office-of-numbers"]),
        ("category", "I.1", ["vellmark-2030/I.1"]),
        ("source", "lake council obs", ["lake-report"]),
        ("source", "watch.example", ["watch-note"]),
        ("assessment", "I.1.1e breach", 1),
        ("metric", "", []),
    ],
)
def test_a_box_finds_by_code_and_by_words(editor, vellmark_progress, kind, words, codes):
    results = json.loads(editor.get("/admin/find/", {"kind": kind, "q": words}).content)["results"]
    assert (len(results) if isinstance(codes, int) else [each["code"] for each in results]) == codes
    assert all(each["label"] and each["text"].startswith(each["code"]) for each in results)


def test_sources_are_offered_with_publisher_and_date_and_only_to_staff(editor, client, vellmark_progress):
    (census,) = find("source", "village census")
    assert census.detail == "Vellmark Office of Numbers, no date"
    assert client.get("/admin/find/?kind=body&q=lake").status_code == 302
    assert editor.get("/admin/find/?kind=user&q=adam").status_code == 403


@pytest.mark.slow
def test_without_a_script_a_code_or_words_that_fit_one_record_are_enough(editor):
    drafts.source()
    named = {"metric": "I.1.1a", "origin": "office of numbers", "evidence-0-source": "village census"}
    assert editor.post(VALUE, value_form(**named)).status_code == 302
    update = Update.objects.get()
    assert (update.metric.code, update.origin.code) == ("village-homes-with-piped-water", "office-of-numbers")
    assert update.evidence.get().source.code == "village-census-2025"
    words = page(editor.post(VALUE, value_form(origin="vellmark")))
    assert "fit “vellmark”: write the code of one, such as" in words
    assert "Nothing on record fits “atlantis”" in page(editor.post(VALUE, value_form(origin="atlantis")))


@pytest.mark.slow
def test_a_new_source_comes_with_the_draft_or_not_at_all(editor, edith):
    sent = value_form(**NEW)
    before = LedgerEntry.objects.count(), Source.everything.count()
    words = page(editor.post(VALUE, sent | {"_preview": "1"}))
    assert "becomes public with it" in words
    assert "Its code will be office-of-numbers-2026-bulletin-of-homes-no-3." in words
    for wrong in (
        {"as_of": "2999-01-01", "_submit": "1"},
        {"evidence-0-new_title": ""},
        {"evidence-0-locator": "a\nb"},
    ):
        assert editor.post(VALUE, sent | wrong).status_code == 200
    torn = page(editor.post(VALUE, sent | {"evidence-0-new_address": "numbers.example/bul letin"}))
    assert "This is no web address: write all of it, such as https://example.org/page" in torn
    assert (LedgerEntry.objects.count(), Source.everything.count()) == before
    early = sent | {"as_of": "2026-09-30", "_submit": "1"}
    assert "came out in July 2026, before what it shall show" in page(editor.post(VALUE, early))
    assert editor.post(VALUE, sent | {"_submit": "1"}).status_code == 302
    source = Source.everything.order_by("-pk")[0]
    assert source.preparation is not None
    assert (source.code, source.address) == (
        "office-of-numbers-2026-bulletin-of-homes-no-3",
        "https://numbers.example/bulletin",
    )
    assert (str(source.published), source.published_precision, source.language) == ("2026-07-01", "month", "en")
    assert Update.objects.get().state == "submitted"
    assert LedgerEntry.objects.count() == before[0]
    both = {"evidence-0-source": source.pk}
    assert "a source on record or a new one, not both" in page(editor.post(VALUE, sent | both))
    answer = editor.post(VALUE, sent)
    meant = re.findall(r'name="meant" value="([^"]+)"', answer.content.decode())
    assert meant, page(answer)  # the same address is on record: is it meant?
    assert editor.post(VALUE, sent | {"meant": meant}).status_code == 302
    assert Source.everything.filter(code__endswith="no-3-2").exists()  # the suggested code is free


@pytest.mark.slow
@pytest.mark.parametrize("form", [VALUE, pytest.param(f"{FINDING}?commitment=vellmark-2030/I.1.1e", marks=BOTH)])
def test_a_draft_that_names_what_is_not_public_yet_is_opened_reviewed_and_published(
    form, editor, edith, rana, signed_in
):
    prepare_by_itself(record=BodyFactory.build(code="well-watch", side="independent", kind="civil_society"), by=edith)
    fields = {"says": "not_kept", "summary": "It ran dry."} if form != VALUE else {"value": "81.5"}
    fields |= NEW | {"as_of": "2026-06-30", "origin": "well-watch"}
    response = editor.post(form, Fields(editor.get(form)).sent | fields | {"_save": "1"})
    row = (Update if form == VALUE else Assessment).objects.get()
    assert response.headers["Location"] == address(row)
    assert "What it would make of the status" in page(editor.get(address(row)))
    submit(record=row, by=edith, meant=[each.key for each in doubts(row)])
    reviewer = signed_in(rana)
    assert "With this record" in page(reviewer.get(address(row, "review")))
    row.refresh_from_db()
    give_back(record=row, by=rana, note="Which table?", version=row.version)
    submit(record=row, by=edith, meant=[each.key for each in doubts(row)])
    assert "Nothing has changed since it was returned." in page(reviewer.get(address(row, "review")))
    mark = f"{row._meta.model_name}-{row.pk}"
    row.refresh_from_db()
    chosen = {"row": mark, f"seen-{mark}": row.version}
    assert "With this record" in page(reviewer.post("/desk/review/publish/", chosen))
    words = page(reviewer.post("/desk/review/publish/", chosen | {"confirmed": "1"}, follow=True))
    assert "1 record published:" in words
    assert Body.objects.filter(code="well-watch").exists()


@pytest.mark.slow
def test_a_figure_needs_few_fields_and_the_rest_is_filled_in_and_shown(editor):
    sent = Fields(editor.get(VALUE)).sent | {"as_published": "81.5 percent", "as_of": "2026-06-30"}
    assert sent["origin"].startswith("office-of-numbers · ")
    words = editor.post(VALUE, sent | {"_preview": "1"}).content.decode()
    assert "The Vellmark" not in words
    assert "Vellmark Office of Numbers gives 81.5 percent for 30 June 2026." in words
    assert 'value="81.5"' in words
    assert "exactly; the same statistic; as reported" in page(editor.get(VALUE))
    response = editor.post(VALUE, sent | {"_save": "1"})
    update = Update.objects.get()
    assert response.headers["Location"] == address(update)
    assert str(update.value.normalize()) == "81.5"
    assert update.summary == "Vellmark Office of Numbers gives 81.5 percent for 30 June 2026."
    average = "/admin/tracker/update/add/?what=value&metric=unemployment-rate"
    sent = Fields(editor.get(average)).sent | {"value": "5.2", "as_of": "2025"}
    assert editor.post(average, sent).status_code == 302
    update = Update.objects.order_by("-pk")[0]
    assert (str(update.starts_on), "for 2025." in update.summary) == ("2025-01-01", True)


@pytest.mark.slow
def test_what_the_form_made_follows_the_fields_that_it_was_made_of(editor):
    average = "/admin/tracker/update/add/?what=value&metric=unemployment-rate"
    first = Fields(editor.get(average)).sent | {"value": "5.2", "as_of": "2025"}
    shown = Fields(editor.post(average, first | {"_preview": "1"})).sent
    assert (shown["summary"][-21:], shown["starts_on"]) == ("5.2 percent for 2025.", "2025-01-01")
    assert editor.post(average, shown | {"value": "5.4", "as_of": "2024"}).status_code == 302
    row = Update.objects.get()
    assert (row.summary[-21:], str(row.starts_on)) == ("5.4 percent for 2024.", "2024-01-01")
    sent = Fields(editor.get(address(row))).sent | {"value": "5.6", "as_of": "2023"}
    assert editor.post(address(row), sent).status_code == 302
    row.refresh_from_db()
    assert (row.summary[-21:], str(row.starts_on)) == ("5.6 percent for 2023.", "2023-01-01")
    own = Fields(editor.get(address(row))).sent | {"summary": "It rose.", "starts_on": "2023-07", "value": "5.7"}
    assert editor.post(address(row), own).status_code == 302
    again = Fields(editor.get(address(row))).sent | {"value": "5.8"}
    assert editor.post(address(row), again).status_code == 302
    row.refresh_from_db()
    assert (row.summary, str(row.starts_on), row.value) == ("It rose.", "2023-07-01", Decimal("5.8"))


@pytest.mark.parametrize(
    ("words", "unit", "number"),
    [
        ("92.9 percent", "percent", "92.9"),
        ("92.9%", "percent", "92.9"),
        ("-5", "percent", "-5"),
        ("4 wells", "wells", "4"),
        ("1.918 billion", "people", "1918000000"),
        ("12-15 percent", "percent", None),
        ("92,9 percent", "percent", "92.9"),
        ("more than 60 percent", "percent", None),
    ],
)
def test_only_a_number_with_its_unit_is_read_from_the_words_of_a_source(words, unit, number):
    read = number_in(words, unit)
    assert (None if read is None else str(read)) == number


def test_a_stage_is_chosen_from_the_metrics_own_as_soon_as_it_is_known(editor):
    at = f"{ADD}?what=rung"
    assert "then “Preview”: they come" in page(editor.get(at))
    named = {"metric": Metric.objects.get(code="water-law").pk, "_preview": "1"}
    assert 'name="rung" value="adopted"' in editor.post(at, named).content.decode()


def test_another_source_is_one_more_row_without_a_script_and_loses_nothing(editor):
    response = editor.post(VALUE, value_form(summary="Two places.", _more="1"))
    fields = Fields(response).sent
    assert (fields["summary"], fields["evidence-TOTAL_FORMS"]) == ("Two places.", "2")
    assert "evidence-1-source" in fields
    assert "is to be mended" not in page(response)


@pytest.mark.parametrize(
    "words",
    [
        *("I.1.1a", "village-census-2025", "Village census"),
        *(pytest.param(words, marks=BOTH) for words in ("81.5", "office of numbers")),
    ],
)
def test_the_list_of_updates_finds_codes_sources_and_numbers(editor, words):
    editor.post(VALUE, value_form())
    response = editor.get("/admin/tracker/update/", {"q": words})
    assert response.context["cl"].result_count == 1, words


def test_a_promise_leads_to_the_form_from_its_public_page_and_from_the_admin(client, editor, vellmark):
    at = f"{ADD}?commitment=vellmark-2030/I.1.1a"
    assert f'href="{at}"' in client.get("/vellmark-2030/commitments/I.1.1a/").content.decode()
    change = f"/admin/tracker/commitment/{drafts.promise().pk}/change/"
    assert f'href="{at}"' in editor.get(change).content.decode()


def test_the_form_of_a_source_makes_a_code_and_takes_no_word_for_a_language(editor):
    at = "/admin/tracker/source/add/"
    sent = Fields(editor.get(at)).sent | {"title": "Gazette of wells", "publisher": drafts.body().pk}
    sent |= {"address": "https://gazette.example/1", "published": "2026-05-01"}
    words = page(editor.post(at, sent | {"language": "english"}))
    assert "english is not one of the available choices." in words
    assert "permanent once public" in words
    assert editor.post(at, sent | {"language": "en"}).status_code == 302
    assert Source.everything.filter(code="office-of-numbers-2026-gazette-of-wells", language="en").exists()


def test_the_form_asks_the_database_as_often_for_many_as_for_few(editor, edith, rana, django_assert_max_num_queries):
    for n in range(4):
        drafts.published(drafts.value(80 + n, f"202{n}-12-31"), edith, rana)
        register(record=Body(code=f"body-{n}", name=f"Body {n}", kind="media", side="unknown", why="?"), by=edith)
    editor.get(VALUE)
    with django_assert_max_num_queries(24):
        editor.get(VALUE)


def test_a_finding_names_its_promise_and_what_it_answers_by_words(editor, vellmark_progress):
    sent = {
        "commitment": "I.1.1e",
        "origin": "chancery",
        "says": "notes",
        "as_of": "2026-09-01",
        "summary": "It heard.",
    }
    sent |= {"precision": "day", "replies_to": "BREACH", "evidence-TOTAL_FORMS": 1, "evidence-INITIAL_FORMS": 0}
    assert editor.post(FINDING, sent | {"evidence-0-source": "gazette"}).status_code == 302
    assert Assessment.objects.order_by("-pk")[0].replies_to == vellmark_progress["un_breach"]


@pytest.mark.parametrize(
    ("words", "unit", "number"),
    [
        ("430,000 persons", "million persons", "0.43"),
        ("1.43 million persons", "million persons", "1.43"),
        ("92,9 percent", "percent", "92.9"),
        ("91 to 93 percent", "percent", None),
        ("fell by 3 percent", "percent", None),
        ("1,234 percent", "percent", None),
    ],
)
def test_a_number_is_taken_from_words_that_say_one_number_and_its_unit(words, unit, number):
    assert number_in(words, unit) == (number and Decimal(number))


def test_a_number_that_is_not_read_is_asked_for_where_it_belongs(editor):
    answer = editor.post(VALUE, value_form(as_published="nine in ten", value="", summary=""))
    assert "It was not read from “nine in ten”: write it as a number, in percent." in page(answer)
    assert Update.objects.count() == 0


def test_what_is_meant_is_taken_from_a_new_form(editor, edith, rana):
    drafts.published(drafts.value(89, "2025-12-31"), edith, rana)
    sent = value_form(value="89", as_of="2025-12-31") | {"_submit": "1"}
    answer = editor.post(VALUE, sent)
    meant = re.findall(r'name="meant" value="([^"]+)"', answer.content.decode())
    assert meant, page(answer)
    assert editor.post(VALUE, sent | {"meant": meant}).status_code == 302
    assert Update.objects.filter(state="submitted").count() == 1
