"""Many drafts from one file: every row becomes a draft or says why not, and what it leaves open is asked and kept."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.registering import register
from tracker import tasks
from tracker.actions import imports as acts
from tracker.actions.progress import draft, publish, submit
from tracker.imports import drafting, files
from tracker.imports import likely as guesses
from tracker.imports.layouts import FINDINGS, OURS
from tracker.loader.dump import dump_folder
from tracker.loader.load import load_folder
from tracker.models import (
    Assessment,
    Body,
    Category,
    Evidence,
    ImportBatch,
    ImportRow,
    Job,
    LedgerEntry,
    Metric,
    Source,
    State,
    TrailEntry,
    Update,
)
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .conftest import VELLMARK
from .drafts import PIPED
from .factories import CommitmentFactory, ProvisionFactory, StaffFactory

pytestmark = pytest.mark.django_db

IMPORT = "/admin/tracker/update/import/"
EVIDENCE = site.BASE_DIR.parent / "shared" / "evidence" / "evidence.csv"
FINDING_COLUMNS = ("ref", "n", "as_of", "value", "unit", "kind", "finding", "caveat", "source_title", "publisher")
FINDING_COLUMNS += ("publisher_type", "url", "published", "language", "reread")


@pytest.fixture
def editor(vellmark, edith, signed_in):
    """The browser of an editor, with the invented plan and one source."""
    drafts.source()
    return signed_in(edith)


def a_value(**cells):
    """A row of our own layout that nothing is wrong with."""
    row = {"what": "value", "metric": PIPED, "value": "81.5", "bound": "exact", "as_of": "2026-06-30"}
    row |= {"fits": "same", "how": "reported", "origin": "office-of-numbers", "summary": "Homes were counted."}
    return row | {"source": "village-census-2025", "locator": "p. 3"} | cells


def a_finding(**cells):
    """A row as the evidence was collected, about a paragraph of the invented plan."""
    row = dict.fromkeys(FINDING_COLUMNS, "") | {"ref": "I.1.1", "n": "1", "as_of": "2025", "value": "81.5"}
    row |= {"unit": "percent", "kind": "measurement", "finding": "Homes were counted.", "language": "en"}
    row |= {"source_title": "Village census", "publisher": "Vellmark Office of Numbers", "published": "2026-01"}
    return row | {"url": "https://numbers.example/village-census-2025"} | cells


def columns(rows):
    """Every column that a row has, once."""
    return list(dict.fromkeys(name for row in rows for name in row))


def as_csv(*rows, names=None, separator=","):
    """Rows as the bytes of a CSV file."""
    file = io.StringIO()
    writer = csv.DictWriter(file, names or columns(rows), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_xlsx(*rows):
    """Rows as the bytes of an XLSX file, cells with the types that they have here."""
    book = openpyxl.Workbook()
    names = columns(rows)
    book.active.append(names)
    for row in rows:
        book.active.append([row.get(name) for name in names])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(client, content, name="figures.csv", **fields):
    """Upload a file and return the page that comes: its rows, or why it is refused."""
    file = io.BytesIO(content)
    file.name = name
    return client.post(IMPORT, {"file": file, "plan": "vellmark-2030"} | fields, follow=True)


def address(page):
    """The address of an import, of one of its steps, or of a file of it."""
    return page.request["PATH_INFO"]


def press(client, page, which="all"):
    """Draft what a button says."""
    return client.post(f"{address(page)}draft/", {"which": which}, follow=True)


def answer(client, page, *, draft=(), **answers):
    """Answer row 2 by column, and draft rows that are ticked."""
    sent = {f"a-2-{column}": value for column, value in answers.items()}
    more = {"_draft": "1", "pick": draft} if draft else {}
    return client.post(address(page), sent | more, follow=True)


def rows():
    """The rows of the newest import."""
    return list(ImportBatch.objects.first().lines.all())


def lines(_page=None):
    """Number and fate of each row of the newest import."""
    return [(row.number, row.fate) for row in rows()]


def problems(_page=None):
    """Row, column and sentence of all that is refused."""
    return [(row.number, *problem) for row in rows() for problem in row.outcome.get("problems", ())]


def each_from_row_2(column, count):
    """Row and column of so many rows that are refused for the same column."""
    return [(number, column) for number in range(2, 2 + count)]


def questions_of(number=2):
    """What a row asks, by column: the likely answer, blank where none is."""
    return {each["column"]: each["likely"] for each in rows()[number - 2].outcome["asks"]}


def refusal(page):
    """Why a file was refused as a whole."""
    assert page.status_code == 400
    assert not ImportBatch.objects.exists()
    return " ".join(page.context["form"].errors["file"])


def stored():
    return Update.objects.count(), Assessment.objects.count(), LedgerEntry.objects.count(), Source.objects.count()


@pytest.mark.both_databases
def test_a_file_becomes_drafts_once_its_sender_says_so_and_the_whole_is_undone(editor, edith, rana, signed_in):
    before = stored()
    content = as_csv(a_value(value="89", as_of="2026-06-30"), a_value(value="0", as_of="2024-12-31", bound="about"))
    page = send(editor, content)
    assert lines() == [(2, "whole"), (3, "whole")]
    assert stored() == before
    effects = page.context["lines"][0]["effects"]
    assert "I.1.1a" in [effect.commitment.code for effect in effects]
    shown = page.content.decode()
    assert all(effect.before in shown and effect.after in shown for effect in effects)
    assert "Homes were counted." in shown
    assert "about 0 percent" in shown
    assert not any(word in shown for word in ("<script type", " style="))
    assert "2 rows are drafted." in press(editor, page, "whole").content.decode()
    new, zero = Update.objects.order_by("-as_of")
    assert (new.value, new.state, new.author, new.edited_by) == (89, State.DRAFT, edith, edith)
    assert (zero.value, zero.evidence.get().locator) == (0, "p. 3")
    assert {row.batch for row in (new, zero)} == {ImportBatch.objects.get().code}
    assert stored()[2:] == before[2:]
    assert [(row.cells, row.answers, row.outcome) for row in ImportRow.objects.all()] == [({}, {}, {})] * 2
    assert "2 of 2 rows drafted" in TrailEntry.objects.get(deed="imported").detail
    assert signed_in(rana).get(address(page)).status_code == 404
    undone = editor.post(f"{address(page)}undo/", follow=True).content.decode()
    assert "2 drafts are thrown away." in undone
    assert "undone" in undone
    assert stored() == before
    assert "was undone" in press(editor, page).content.decode()


def test_nothing_is_undone_as_soon_as_anything_is_public(editor, edith, rana):
    page = send(editor, as_csv(a_value(), a_value(value="70", as_of="2025-12-31")))
    press(editor, page)
    publish(record=submit(record=Update.objects.earliest("as_of"), by=edith), by=rana)
    answer = editor.post(f"{address(page)}undo/")
    assert answer.status_code == 409
    assert "is public" in answer.content.decode()
    assert Update.objects.count() == 2


@pytest.mark.both_databases
def test_what_is_left_of_an_import_goes_once_something_of_it_is_public(editor, edith, rana):
    page = send(editor, as_csv(a_value(), a_value(value="82", as_of="2025-06-30"), a_value(value="83", as_of="2024")))
    press(editor, page)
    first, second, third = Update.objects.order_by("pk")
    publish(record=submit(record=first, by=edith), by=rana)
    shown = editor.get(address(page)).content.decode()
    assert "Discard the other 2 drafts" in shown
    assert "Homes were counted." in shown  # what is drafted shows its text
    asked = editor.get(f"{address(page)}rest/").content.decode()
    assert f'name="seen-update-{second.pk}" value="1"' in asked
    assert f"seen-update-{first.pk}" not in asked
    draft(record=third, by=edith, evidence=None)  # changed meanwhile: it stays
    sent = {f"seen-update-{row.pk}": 1 for row in (first, second, third)} | {"seen-update-²": 1, "seen-x": 1}
    assert "1 draft is thrown away." in editor.post(f"{address(page)}rest/", sent, follow=True).content.decode()
    assert set(Update.objects.all()) == {first, third}


@pytest.mark.slow
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_the_same_file_twice_adds_nothing_whichever_way_it_is_saved(editor, write):
    sent = a_value(value=81.5), a_value(value=70, as_of="2025-12-31")
    press(editor, send(editor, as_csv(*sent)))
    press(editor, send(editor, write(*sent)))
    assert lines() == [(2, "again"), (3, "again")]
    assert Update.objects.count() == 2
    page = send(editor, as_csv(a_value(value="81.50", summary="Homes were counted, all of them.")))
    assert "same number for the same time is among the drafts" in page.content.decode()
    answer(editor, page, draft=["2"], row="anyway")
    assert Update.objects.count() == 3


def test_one_word_changed_is_noticed_in_the_file_and_on_record(editor):
    text = "The council counted homes with piped water in every valley of the land in spring"
    row = a_finding(kind="criticism", value="", unit="", origin="lake-council", commitment="I.1.1a", finding=text)
    twin = row | {"finding": text.replace("spring", "summer")}
    press(editor, send(editor, as_csv(row, twin, row | {"finding": "Nothing of the kind."})))
    assert Assessment.objects.count() == 2
    assert [row.outcome["again"] for row in rows() if row.fate == "again"] == [
        "Almost the same words as in row 2, from the same source."
    ]
    send(editor, as_csv(twin | {"caveat": "One council."}))
    assert rows()[0].outcome["again"] == "Almost the same words from this source are among the drafts."


@pytest.mark.slow
def test_a_row_more_costs_no_query_more_to_show_and_few_to_draft(editor):
    def queries_of(count):
        page = send(editor, as_csv(*(a_value(value=str(n), as_of=str(2010 + n)) for n in range(count))))
        with CaptureQueriesContext(connection) as shown:
            editor.get(address(page))
        with CaptureQueriesContext(connection) as drafted:
            press(editor, page)
        acts.undo(batch=ImportBatch.objects.first(), by=ImportBatch.objects.first().by)
        return len(shown), len(drafted)

    queries_of(1)  # what is read once is remembered
    few, many = queries_of(2), queries_of(12)
    assert few[0] == many[0] <= 30
    assert many[1] - few[1] <= 10 * 18


def test_each_row_is_a_matter_of_its_own_and_what_is_refused_comes_back_with_its_reason(editor):
    page = send(editor, as_csv(a_value(), a_value(as_of="2025-12-31", bound="roughly"), a_value(value="many")))
    assert lines() == [(2, "whole"), (3, "refused"), (4, "refused")]
    assert [(row, column) for row, column, _sentence in problems()] == [(3, "bound"), (4, "value")]
    press(editor, page)
    assert Update.objects.count() == 1
    back = editor.get(f"{address(page)}refused.csv").content.decode("utf-8-sig")
    again = list(csv.DictReader(io.StringIO(back)))
    assert [(row["row"], row["value"]) for row in again] == [("3", "81.5"), ("4", "many")]
    assert again[1]["reason"].startswith("value: “many” ")
    assert "Expected exact" in again[0]["reason"]
    mended = [row | {"bound": "exact", "value": "81.5"} for row in again]
    press(editor, send(editor, as_csv(mended[0])))
    assert Update.objects.count() == 2
    book = openpyxl.load_workbook(io.BytesIO(editor.get(f"{address(page)}refused.xlsx").content))
    assert book.worksheets[0].max_row == 3


def test_what_fails_only_when_it_is_drafted_is_refused_by_itself(editor, monkeypatch):
    page = send(editor, as_csv(a_value(), a_value(value="70", as_of="2025-12-31")))
    real = draft

    def refuse_the_second(**given):
        if given["record"].value == 70:
            raise drafting.ValidationError({"summary": "It is too late."})
        return real(**given)

    monkeypatch.setattr("tracker.actions.imports.draft", refuse_the_second)
    assert "1 row is drafted." in press(editor, page).content.decode()
    assert lines() == [(2, "drafted"), (3, "refused")]
    assert problems() == [(3, "summary", "It is too late.")]


NOT_A_NUMBER = [
    "N/A",
    "1e309",
    "NaN",
    "inf",
    "-Infinity",
    "1,234",
    "9 2",
    "12–15",
    "1.918 billion",
    "1e3",
    "0x10",
    "--",
    "1.2.3",
]


def test_what_is_no_number_is_said_by_row_and_column(editor):
    refusals = problems(send(editor, as_csv(*(a_value(value=cell) for cell in NOT_A_NUMBER), a_value())))
    assert [(row, column) for row, column, _words in refusals] == each_from_row_2("value", len(NOT_A_NUMBER))
    for (_row, _column, sentence), cell in zip(refusals, NOT_A_NUMBER, strict=True):
        assert sentence.startswith(f"“{cell}” ")
    assert Update.objects.count() == 0


def test_a_number_is_read_as_it_is_meant(editor):
    meant = {
        "0": 0,
        "−0.5": Decimal("-0.5"),
        " 7 ": 7,
        "12%": 12,
        "1.125": Decimal("1.125"),
        "92,9": Decimal("92.9"),
    }
    press(editor, send(editor, as_csv(*(a_value(value=cell, as_of=str(2001 + n)) for n, cell in enumerate(meant)))))
    assert [update.value for update in Update.objects.order_by("as_of")] == list(meant.values())


def test_numbers_of_a_spreadsheet_lose_the_noise_of_its_arithmetic(editor):
    press(editor, send(editor, as_xlsx(a_value(value=0.1 + 0.2)), "f.xlsx"))
    assert Update.objects.get().value == Decimal("0.3")


def test_a_number_that_would_not_come_back_whole_is_refused(editor):
    numbers = ("1234567890123456", "1" * 40, "0.1234567")
    refusals = problems(send(editor, as_csv(*(a_value(value=number) for number in numbers))))
    assert sorted({(row, column) for row, column, _words in refusals}) == each_from_row_2("value", 3)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_formula_is_refused_wherever_it_stands(editor, write):
    columns = ["value", "summary", "locator", "as_of"]
    refusals = problems(send(editor, write(*(a_value(**{column: "=1+1"}) for column in columns))))
    assert [(row, column) for row, column, _words in refusals] == list(enumerate(columns, 2))
    assert all("formula" in sentence for _row, _column, sentence in refusals)


def test_a_date_as_a_spreadsheets_number_is_named_and_not_guessed(editor):
    sent = [a_value(as_of=number) for number in ("45291", 45291, 45291.5)]
    refusals = problems(send(editor, as_xlsx(*sent), "f.xlsx"))
    assert [(row, column) for row, column, _words in refusals] == each_from_row_2("as_of", 3)
    assert all("2023-12-31" in sentence for _row, _column, sentence in refusals)


def test_a_date_is_a_day_a_month_or_a_year(editor):
    dates = [
        (datetime.datetime(2025, 3, 4), "2025-03-04", "day"),
        ("2025-03-04", "2025-03-04", "day"),
        ("2024-02", "2024-02-29", "month"),
        (2024, "2024-12-31", "year"),
    ]
    sent = [a_value(as_of=cell, value=number) for number, (cell, _as_of, _precision) in enumerate(dates)]
    press(editor, send(editor, as_xlsx(*sent), "f.xlsx"))
    read = [(str(update.as_of), update.precision) for update in Update.objects.order_by("value")]
    assert read == [(as_of, precision) for _cell, as_of, precision in dates]


def test_what_is_no_date_is_said(editor):
    cells = ["03/04/2025", "2025-02-30", "soon", "12", "9999", "31/12/25"]
    refusals = problems(send(editor, as_csv(*(a_value(as_of=cell) for cell in cells))))
    assert [(row, column) for row, column, _words in refusals] == each_from_row_2("as_of", len(cells))


def test_values_of_other_types_are_refused(editor):
    refusals = problems(send(editor, as_xlsx(a_value(value="x"), a_value(value=True))))
    assert [(row, column) for row, column, _words in refusals] == each_from_row_2("value", 2)


def without(row, *names):
    return {name: cell for name, cell in row.items() if name not in names}


UNREADABLE = [
    (as_csv(without(a_value(), "as_of", "summary")), "These columns are missing: as_of, summary."),
    (as_csv(without(a_value(), "metric")), "metric or commitment"),
    (as_csv(without(a_finding(), "kind")), "These columns are missing: kind."),
    (as_csv(a_value(colour="red")), "not known: colour."),
    (as_csv(a_finding(colour="red")), "not known: colour."),
    (b"what,metric,what\nvalue,a,b\n", "“what” stands twice"),
    (b"what,,metric\nvalue,a,b\n", "Column 2 has no name"),
    (b"what,metric,as_of,summary\nvalue,a,2025,b,c\n", "Row 2 has more cells"),
    (b"what,metric,as_of,summary\n", "no row"),
    (b"\n\n \n", "empty"),
    (b'what,metric,as_of,summary\nvalue,a,2025,"b\n', "Row 2 cannot be read as CSV"),
    (b"what,metric,as_of,summary\nvalue,a,2025,caf\xe9\n", "UTF-8 (byte"),
    (as_csv(a_value()).decode().encode("utf-16-le"), "neither CSV"),
    (b"%PDF-1.7\n", "neither CSV"),
    (b"\xd0\xcf\x11\xe0 old", "neither CSV"),
    (b"PK\x03\x04 not a zip", "cannot be read as an XLSX"),
    (b"{}", "no row"),
    (b"{}\n{}\n", "missing"),
    (b"a," * 61 + b"b\nc\n", "more than 60 columns"),
]


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(editor):
    for content, words in UNREADABLE:
        assert words in refusal(send(editor, content))


def test_a_file_of_another_type_is_refused_whatever_it_is_called(editor):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "cannot be read as an XLSX" in refusal(send(editor, file.getvalue(), "figures.xlsx"))


def test_a_sheet_with_entities_is_not_expanded(editor):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(as_xlsx(a_value()))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = bomb + content[content.index(b"<worksheet") :]
            new.writestr(name, content)
    assert "cannot be read as an XLSX" in refusal(send(editor, file.getvalue(), "figures.xlsx"))


def workbook(**sheets):
    """A workbook of these sheets behind one with a good row; each is a list of rows."""
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(a_value())))
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("cell", ["2024", 0, "=A1"])
def test_a_workbook_with_another_filled_sheet_is_refused_by_its_name(editor, cell):
    words = refusal(send(editor, workbook(Notes=[], Earlier=[[None], [None, cell]]), "f.xlsx"))
    assert "Only one sheet is read, and the sheet “Earlier” holds something too" in words


def test_a_workbook_with_sheets_that_hold_nothing_is_read(editor):
    content = workbook(Sheet2=[], Sheet3=[[None, "  "], [None]])
    assert lines(send(editor, content, "f.xlsx")) == [(2, "whole")]


def test_fifty_thousand_rows_are_refused_with_the_limit(editor):
    content = b"what,metric,as_of,summary\n" + b"value,a,2025,b\n" * 50_000
    assert "more than 2,000 rows" in refusal(send(editor, content))


def test_a_long_sheet_is_refused_with_the_limit(editor):
    rows = [{"what": "value", "metric": "a", "as_of": 2025, "summary": str(n)} for n in range(files.MOST_ROWS + 1)]
    assert "more than 2,000 rows" in refusal(send(editor, as_xlsx(*rows), "figures.xlsx"))


def test_a_file_of_more_than_five_megabytes_is_refused(editor):
    assert "larger than 5 MB" in refusal(send(editor, b"a" * (files.MOST_BYTES + 1)))


def test_semicolons_a_byte_order_mark_and_blank_rows_are_read(editor):
    content = b"\xef\xbb\xbf" + as_csv(a_value(), separator=";") + b"\r\n" + b";" * 3 + b"\r\n"
    assert lines(send(editor, content)) == [(2, "whole")]


def test_every_kind_of_row_of_our_own_layout_is_drafted(editor, edith):
    rung = {"what": "A stage reached", "metric": "Water law", "rung": Metric.objects.get(code="water-law").rungs[0]}
    rung["metric"] = Metric.objects.get(code="water-law").name
    sent = [
        a_value(),
        rung | {"as_of": "2026-03", "summary": "Read in the gazette.", "origin": "chancery"},
        {"what": "judgement", "commitment": "I.2.2a", "verdict": "in_part", "as_of": "2026-03-01"}
        | {"summary": "Two valleys.", "source": "village-census-2025"},
        {"what": "search", "commitment": "vellmark-2030/I.1.1d", "as_of": "2026-03-01", "summary": "Nothing."}
        | {"reach": "full", "places": "the gazette", "words": "fairs", "languages": "Vellmarkish"},
        {
            "what": "assessment",
            "commitment": "I.1",
            "says": "qualifies",
            "as_of": "2026-03-01",
            "origin": "lake-council",
        }
        | {"summary": "On the right as a whole.", "source": "village-census-2025", "document": "LC/2/7"},
    ]
    page = send(editor, as_csv(*sent))
    assert [fate for _n, fate in lines()] == ["whole", "open", "whole", "whole", "whole"]
    assert "5 rows are drafted." in press(editor, page).content.decode()
    assert sorted(Update.objects.values_list("what", flat=True)) == ["judgement", "rung", "search", "value"]
    finding = Assessment.objects.get()
    assert (finding.category.code, finding.says, finding.origin.code) == ("I.1", "qualifies", "lake-council")
    assert Update.objects.get(what="search").places == "the gazette"
    assert all(submit(record=row, by=edith) for row in (*Update.objects.exclude(what="rung"), finding))


def test_what_a_record_may_not_be_is_said_by_column(editor):
    refused = [
        ({"what": "amendment"}, "what"),
        ({"metric": "water-law"}, "metric"),
        ({"metric": PIPED, "commitment": "vellmark-2030/I.1.1e"}, "commitment"),
        ({"what": "judgement", "metric": "", "commitment": "vellmark-2030/I.2.2a", "value": "3"}, "value"),
        ({"starts_on": "2027"}, ""),
        ({"metric": "deep-wells-dug", "value": "12%"}, "value"),
        ({"how": "derived"}, "arithmetic"),
        ({"summary": ""}, "summary"),
        ({"locator": "x" * 121}, "locator"),
        ({"precision": "hour"}, "precision"),
        ({"scope": "two\nlines"}, "scope"),
        ({"withheld": "perhaps"}, "withheld"),
        ({"withheld": "yes"}, "withheld"),
        ({"places": "the gazette"}, "places"),
        ({"reach": "far"}, "reach"),
    ]
    send(editor, as_csv(*(a_value(**cells) for cells, _column in refused)))
    sentences = {(row, column) for row, column, _words in problems()}
    assert {(row, column) for row, (_cells, column) in enumerate(refused, 2)} <= sentences


def test_what_is_open_or_not_known_is_asked_with_the_nearest_names(editor):
    opened = [
        ({"metric": "village homes with pipes"}, "metric"),
        ({"metric": "", "commitment": "I.1.1z"}, "metric"),
        ({"origin": "Office for Numbers"}, "origin"),
        ({"bound": ""}, "bound"),
        ({"what": ""}, "what"),
    ]
    words = ("Homes were counted.", "A survey.", "From the gazette.", "Taps by valley.", "What it says.")
    sent = [a_value(**{"value": n, "summary": words[n]} | cells) for n, (cells, _column) in enumerate(opened)]
    page = send(editor, as_csv(*sent)).content.decode()
    assert lines() == [(row, "open") for row, _each in enumerate(opened, 2)]
    for row, (_cells, column) in enumerate(opened, 2):
        assert column in questions_of(row)
    assert page.count("Near are: ") == 2
    assert "Near are: Vellmark Office of Numbers" in page


def test_a_value_named_by_its_promise_belongs_to_the_promises_metric(editor):
    press(editor, send(editor, as_csv(a_value(metric="", commitment="I.1.1a"))))
    update = Update.objects.get()
    assert (update.metric.code, update.commitment) == (PIPED, None)


def test_columns_are_known_however_they_are_spelled(editor):
    row = a_value()
    names = {name: name.replace("_", " ").title() for name in row} | {"rung": "Stage", "as_of": "AS OF"}
    press(editor, send(editor, as_csv({names[name]: cell for name, cell in row.items()})))
    assert Update.objects.get().as_published == ""
    page = send(editor, as_csv(row | {"Date": "2025"}))
    assert "Two columns mean the same: as_of" in page.content.decode()


def described(**cells):
    """A row whose source is described, not named."""
    row = {"source_title": "Water report", "publisher": "Vellmark Office of Numbers", "published": "2026-02"}
    return a_value(source="", url="https://numbers.example/water", language="en") | row | cells


def test_a_source_is_known_by_its_address_however_that_is_written(editor):
    for n, url in enumerate(
        (
            "http://www.numbers.example/village-census-2025/#top",
            "https://numbers.example/village-census-2025?utm_source=x",
        )
    ):
        press(editor, send(editor, as_csv(described(url=url, as_of=f"202{n}"))))
    assert set(Evidence.objects.values_list("source__code", flat=True)) == {"village-census-2025"}


def test_a_source_that_is_not_known_waits_in_the_note_or_is_registered_where_that_is_allowed(editor):
    before = stored()
    page = send(editor, as_csv(described()))
    assert lines() == [(2, "open")]
    press(editor, page)
    note = Update.objects.get().returned_note
    assert "Water report · Vellmark Office of Numbers · https://numbers.example/water · 2026-02" in note
    assert stored()[3] == before[3]
    page = send(editor, as_csv(described(as_of="2024"), described(as_of="2023")), new_sources="on")
    assert "Brings the new source “Water report”" in page.content.decode()
    assert stored()[3] == before[3]
    press(editor, page)
    assert not Source.objects.filter(address="https://numbers.example/water").exists()
    source = Source.everything.get(address="https://numbers.example/water")
    assert (str(source.published), source.published_precision, source.evidence.count()) == ("2026-02-28", "month", 2)
    assert stored()[2] == before[2], "nothing of it is in the log"
    acts.undo(batch=ImportBatch.objects.first(), by=ImportBatch.objects.first().by)
    assert not Source.everything.filter(pk=source.pk).exists()


def test_a_publisher_that_is_not_known_is_chosen_or_left_open_and_never_registered(editor):
    bodies = Body.objects.count()
    page = send(editor, as_csv(described(publisher="Atlantis News")), new_sources="on")
    assert "“Atlantis News” is not known." in page.content.decode()
    page = answer(editor, page, publisher="Vellmark Office of Numbers")
    assert lines() == [(2, "whole")]
    page = answer(editor, page, publisher="")
    assert lines() == [(2, "open")]
    press(editor, page)
    assert "Atlantis News" in Update.objects.get().returned_note
    assert Body.objects.count() == bodies


def test_look_alike_sources_are_asked(editor, edith):
    for n in (1, 2):
        fresh = Source(code=f"twin-{n}", publisher=drafts.body(), title="Twin", reason_withheld="None was given.")
        register(record=fresh, by=edith)
    page = send(editor, as_csv(described(source_title="Twin", url="")))
    assert [value for value, _label in rows()[0].outcome["asks"][0]["options"]] == ["twin-1", "twin-2", "new"]
    press(editor, answer(editor, page, source="twin-2"))
    assert Evidence.objects.get().source.code == "twin-2"


def test_a_wrong_address_or_date_of_a_new_source_is_said_by_column(editor):
    send(editor, as_csv(described(url="not an address"), described(published="soon")), new_sources="on")
    assert [(row, column) for row, column, _w in problems()] == [(2, "url"), (3, "published")]


@pytest.fixture
def paragraph(editor):
    """A paragraph with two promises: a share of homes, and a law in stages; its code."""
    here = Category.objects.filter(plan__code="vellmark-2030").first()
    provision = ProvisionFactory(category=here, code="I.9.9")
    homes, law = Metric.objects.get(code=PIPED), Metric.objects.get(code="water-law")
    CommitmentFactory(code="I.9.9a", provision=provision, metric=homes, title="Village homes with piped water")
    law_of = {"rule": "milestone", "kind": "law", "target_rung": law.rungs[-1], "comparator": "", "target_value": None}
    CommitmentFactory(code="I.9.9b", provision=provision, metric=law, title="Water law adopted", **law_of)
    return "I.9.9"


def test_a_finding_is_asked_with_likely_answers_and_becomes_a_whole_draft_by_one_press(editor, paragraph, edith):
    text = "The Vellmark Office of Numbers counted piped water in more than 81.5 percent of village homes."
    page = send(editor, as_csv(a_finding(ref=paragraph, finding=text)))
    assert lines() == [(2, "likely")]
    fields = {"what": "value", "metric": PIPED, "bound": "more_than", "fits": "same", "how": "reported"}
    assert questions_of() == fields | {"origin": "office-of-numbers"}
    assert "The text names it" in page.content.decode()
    press(editor, page, "likely")
    update = Update.objects.get()
    assert (update.metric.code, update.value, update.bound) == (PIPED, Decimal("81.5"), "more_than")
    assert (str(update.as_of), update.precision, update.summary) == ("2025-12-31", "year", text)
    assert update.as_published == "81.5 percent"
    assert submit(record=update, by=edith).state == State.SUBMITTED


@pytest.mark.parametrize(
    ("cells", "likely"),
    [
        ({"kind": "plan"}, {"what": "leave"}),
        ({"kind": "criticism", "value": ""}, {"what": "assessment", "says": ""}),
        ({"kind": "assessment", "value": ""}, {"what": "assessment", "says": ""}),
        ({"unit": "wells", "finding": "Wells."}, {"what": "assessment"}),
        ({"kind": "milestone", "value": "", "finding": "A water law was adopted."}, {"rung": "adopted"}),
        ({"kind": "milestone", "value": "", "finding": "A draft of the water law was published."}, {"rung": "drafted"}),
        ({"ref": "I.1", "value": ""}, {"what": "assessment", "commitment": "I.1"}),
        ({"ref": "Z.1"}, {"what": "assessment", "commitment": ""}),
        ({"kind": "criticism", "as_of": "", "published": ""}, {"as_of": ""}),
    ],
)
def test_every_kind_of_finding_has_its_likely_answers_and_can_become_a_draft(editor, paragraph, cells, likely):
    page = send(editor, as_csv(a_finding(**({"ref": paragraph} | cells))))
    assert questions_of() | likely == questions_of()
    if rows()[0].fate == "left":
        page = answer(editor, page, what="assessment")
    assert "1 row is drafted." in press(editor, page).content.decode()


def test_answers_are_kept_followed_by_further_questions_and_taken_back(editor, paragraph, edith):
    page = send(editor, as_csv(a_finding(ref=paragraph, kind="criticism", value="", unit="", finding="It is late.")))
    assert {"what", "commitment", "origin", "says"} <= questions_of().keys()
    page = answer(editor, page, what="rung", metric="water-law")
    assert "rung" in questions_of()
    assert {"what", "metric"}.isdisjoint(questions_of())
    again = editor.get(address(page)).content.decode()
    assert 'value="water-law"' in again
    page = answer(editor, page, what="", metric="")
    assert questions_of()["what"] == "assessment"
    page = answer(editor, page, row="leave")
    assert lines() == [(2, "left")]
    press(editor, page)
    assert stored()[:2] == (0, 0)


def test_one_answer_serves_all_rows_that_share_a_paragraph(editor, paragraph):
    given = [a_finding(ref=ref, kind="criticism", value="", finding=f"Text {n}.") for n, ref in enumerate("III", 1)]
    page = send(editor, as_csv(*[row | {"ref": paragraph} for row in given], a_finding(ref="I.1.1")))
    assert (f"ref={paragraph}", paragraph, 3) in page.context["together"]
    sent = {"rows": f"ref={paragraph}", "column": "commitment", "value": "I.9.9b"}
    shown = editor.post(f"{address(page)}together/", sent)
    assert [row.number for row, _words, _now in shown.context["rows"]] == [2, 3, 4]
    assert not any(row.answers for row in rows())  # nothing is answered before it was shown which rows that concerns
    editor.post(f"{address(page)}together/", sent | {"confirmed": "1", "pick": [2, 3, 4]})
    assert [row.answers for row in rows()] == [{"commitment": "I.9.9b"}] * 3 + [{}]
    assert editor.post(f"{address(page)}together/", {"rows": "", "column": "seal", "value": "x"}).status_code == 409


@pytest.mark.slow
@pytest.mark.both_databases
def test_an_incomplete_row_is_drafted_with_what_it_lacks_and_cannot_be_handed_in(editor, edith):
    row = {"what": "value", "metric": "", "commitment": "", "as_of": "", "summary": "A figure.", "value": "12"}
    page = send(editor, as_csv(row | {"publisher": "Atlantis News", "source_title": "Flood"}))
    press(editor, page)
    update = Update.objects.get()
    assert (update.metric, update.year_not_stated) == (None, True)
    assert "Still open: What was measured" in update.returned_note
    assert "Flood · Atlantis News" in update.returned_note
    assert editor.get(f"/admin/tracker/update/{update.pk}/change/").status_code == 200
    assert editor.get("/desk/").status_code == 200
    with pytest.raises(drafting.ValidationError) as error:
        submit(record=update, by=edith)
    assert {"metric", "bound", "fits", "how", "origin"} <= error.value.message_dict.keys()
    press(editor, send(editor, as_csv(a_finding(ref="Z.1", kind="criticism", value=""))))
    finding = Assessment.objects.get()
    assert (finding.about, finding.says) == (None, "notes")
    assert editor.get(f"/admin/tracker/assessment/{finding.pk}/change/").status_code == 200
    with pytest.raises(drafting.ValidationError):
        submit(record=finding, by=edith)


def test_the_collected_evidence_is_read_as_it_is_and_every_row_can_be_drafted(china, edith, signed_in):
    if not EVIDENCE.exists():
        pytest.skip("the collected evidence is not beside this repository")
    read_snapshot()
    send(signed_in(edith), EVIDENCE.read_bytes(), plan="hrap-2021-2025")
    fates = [fate for _number, fate in lines()]
    assert len(fates) == 1278
    assert fates.count("refused") == 0, problems()[:5]
    assert fates.count("likely") + fates.count("open") > 800
    assert fates.count("again") > 200  # most of it is on record


@pytest.mark.parametrize("who", ["analyst", "nobody"])
def test_a_role_that_may_not_add_updates_may_not_import(vellmark, signed_in, who):
    client = signed_in(StaffFactory(username=who, role=who if who == "analyst" else None))
    assert client.get(IMPORT).status_code == 403
    assert send(client, as_csv(a_value())).status_code == 403
    assert client.get(f"{IMPORT}template/ours.xlsx").status_code == 403
    assert client.get(f"{IMPORT}{'a' * 32}/").status_code == 403


@pytest.mark.parametrize("who", ["edith", "rana", "adam"])
def test_editors_reviewers_and_administrators_may_import(vellmark, edith, rana, adam, signed_in, who):
    drafts.source()
    client = signed_in({"edith": edith, "rana": rana, "adam": adam}[who])
    assert "Import a file" in client.get("/admin/tracker/update/").content.decode()
    press(client, send(client, as_csv(a_value())))
    assert Update.objects.get().author.username == who


def test_a_stranger_is_led_to_the_sign_in(client, vellmark):
    for answer in (client.get(IMPORT), client.post(IMPORT), client.post(f"{IMPORT}abc/draft/")):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/")


def test_an_imported_row_that_was_published_leaves_the_seed_files_alone(editor, edith, rana, tmp_path):
    press(editor, send(editor, as_csv(a_value())))
    publish(record=submit(record=Update.objects.get(), by=edith), by=rana)
    assert Update.objects.get().seed_key.startswith("import:")
    load_folder(VELLMARK)
    assert dump_folder("vellmark-2030", tmp_path / "dumped").by_hand == 1
    assert "import:" not in "".join(path.read_text() for path in (tmp_path / "dumped").rglob("*.toml"))


def test_a_file_to_start_from_has_lists_and_help_and_comes_back(editor, paragraph):
    for layout in (OURS, FINDINGS):
        content = editor.get(f"{IMPORT}template/{layout.code}.xlsx?plan=vellmark-2030").content
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        header = [cell.value for cell in sheet[1]]
        assert tuple(header) == layout.columns
        lists = {cell.value: cell.column_letter for cell in book[files.LISTS][1]}
        ranges = {each.formula1.split("$")[1] for each in sheet.data_validations.dataValidation}
        assert {lists[name] for name in ("metric", "commitment", "origin", "says", "what")} <= ranges
        helped = [cell.value for cell in book[files.HELP]["A"]]
        assert set(layout.columns) <= set(helped)
    metric = f"{PIPED} · {Metric.objects.get(code=PIPED).name}"
    row = a_finding(ref=paragraph, metric=metric, what="a figure", origin="office-of-numbers · Office")
    for place, name in enumerate(header, 1):
        sheet.cell(2, place, row.get(name) or None)
    file = io.BytesIO()
    book.save(file)
    press(editor, send(editor, file.getvalue(), "findings.xlsx"))
    assert (Update.objects.get().metric.code, Update.objects.get().origin.code) == (PIPED, "office-of-numbers")
    assert editor.get(f"{IMPORT}template/ours.csv?plan=vellmark-2030").content.decode("utf-8-sig").startswith("what,")
    assert editor.get(f"{IMPORT}template/ours.doc").status_code == 404
    means = editor.get(IMPORT).content.decode()
    assert all(f"<code>{word}</code>" in means for word in ("more_than", "not_kept", "converted", "milestone"))


def test_what_nobody_drafted_goes_after_its_days(editor):
    send(editor, as_csv(a_value()))
    assert acts.purge() == 0
    assert acts.purge(on=timezone.now() + acts.KEPT_FOR + datetime.timedelta(hours=1)) == 1
    assert not ImportRow.objects.exists()
    assert ImportBatch.objects.get().count == 1


def test_a_long_file_is_examined_and_drafted_beside_the_server(editor, monkeypatch):
    rows = [a_value(value=str(n), as_of=f"{2000 + n}-12-31") for n in range(1, 4)]
    monkeypatch.setattr("tracker.admin.importing.SOON", 2)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("tracker.tasks.run", SimpleNamespace(enqueue=lambda _job: None))  # nobody does it yet
        page = send(editor, as_csv(*rows))
    job = Job.objects.get()
    assert page.redirect_chain[-1][0] == f"/desk/jobs/{job.pk}/"
    assert "It waits" in page.content.decode()
    assert ImportBatch.objects.get().examined_at is None
    tasks.run.enqueue(job.pk)
    assert ImportBatch.objects.get().examined_at is not None
    page = editor.get(f"/desk/jobs/{job.pk}/", follow=True)
    assert page.redirect_chain[-1][0] == job.address
    press(editor, page)
    assert [(each.kind, each.state, each.done) for each in Job.objects.order_by("pk")] == [
        ("examine", "done", 3),
        ("draft", "done", 3),
    ]
    assert Update.objects.count() == 3


def test_two_rows_that_cite_the_same_source_both_keep_it(editor):
    source = drafts.source()
    by_address = a_finding(kind="criticism", value="", unit="", commitment="I.1.1a", origin="lake-council")
    by_address |= {"url": source.address, "source_title": source.title, "publisher": source.publisher.name}
    sent = [by_address | {"finding": words} for words in ("Wells are dry.", "Taps were counted in one valley alone.")]
    press(editor, send(editor, as_csv(*sent)))
    assert [row.evidence.get().source for row in Assessment.objects.all()] == [source, source]


def test_a_number_in_another_unit_is_not_taken_until_somebody_writes_it_in_the_metrics_own(editor, paragraph):
    page = send(editor, as_csv(a_finding(ref=paragraph, unit="wells", value="81")))
    page = answer(editor, page, what="value", metric=PIPED)
    assert "It is in “wells”" in page.content.decode()
    assert rows()[0].outcome["draft"].get("value") in (None, "")
    assert "value" in questions_of()
    page = answer(editor, page, value="81.5")
    assert "value" not in questions_of()
    press(editor, page)
    update = Update.objects.get()
    assert (update.value, update.as_published) == (Decimal("81.5"), "81 wells")


def test_a_name_that_is_not_known_comes_back_in_its_one_box_and_no_guess_stands_for_it(editor, paragraph):
    page = send(editor, as_csv(a_finding(ref=paragraph, kind="criticism", value="", unit="", finding="It is late.")))
    page = editor.post(address(page), {"o-2-origin": "Committee of Nowhere"}, follow=True)
    html = page.content.decode()
    assert html.count('name="a-2-origin"') + html.count('name="o-2-origin"') <= 2
    assert 'value="Committee of Nowhere"' in html
    assert questions_of()["origin"] == ""


def test_likely_answers_that_were_only_left_standing_are_nobodys(editor, paragraph):
    page = send(editor, as_csv(a_finding(ref=paragraph, kind="criticism", value="", unit="", finding="It is late.")))
    before = questions_of()
    likely = {column: value for column, value in before.items() if value}
    assert likely
    answer(editor, page, **likely)
    assert (questions_of(), rows()[0].answers) == (before, {})


def test_what_is_left_out_says_why_on_the_page_and_in_the_file_and_a_year_is_no_thousand(editor, paragraph):
    page = send(editor, as_xlsx(a_finding(ref=paragraph, kind="plan", as_of=2022)), "findings.xlsx")
    shown = page.content.decode()
    assert "Left out: It restates an intention" in shown
    assert "<dd>2022</dd>" in shown
    assert "Still open" not in shown
    file = editor.get(f"{address(page)}open.csv").content.decode()
    assert "Left out: It restates an intention" in file


def test_why_a_number_is_not_taken_for_a_value_is_so(editor, paragraph):
    sent = [{"unit": "wells"}, {"finding": "Unlike."}]
    page = send(editor, as_csv(*(a_finding(**{"ref": paragraph, "source_title": "x"} | cells) for cells in sent)))
    shown = page.content.decode()
    assert "No promise here is measured in “wells”." in shown
    assert "but neither words nor range say that it is by this number" in shown


def test_the_nearest_bodies_are_choices(editor):
    drafts.body("lake-council")
    nearest = {
        "Numbers Office": "office-of-numbers",
        "VON / Daily": "office-of-numbers",
        "Lake Council, Daily": "lake-council",
    }
    send(editor, as_csv(*(a_finding(publisher=written, url="", source_title="Other") for written in nearest)))
    for row, code in zip(rows(), nearest.values(), strict=True):
        asks = {each["column"]: each["options"] for each in row.outcome["asks"]}
        assert code in [value for value, _label in asks["publisher"]]


@pytest.mark.parametrize(
    ("words", "unit", "bound"),
    [
        ("At the end there were no more than 5 wells.", "", "at_most"),
        ("Over the 5 wells of before.", "", "more_than"),
        ("There are 5 or more.", "", "at_least"),
        ("There are 5.", "wells (about)", "about"),
        ("There are 5, moreover.", "", "exact"),
        ("There are 15.", "", ""),
    ],
)
def test_a_number_is_likely_bounded_as_the_words_beside_it_say(words, unit, bound):
    assert guesses.bound(words, Decimal(5), unit).value == bound
