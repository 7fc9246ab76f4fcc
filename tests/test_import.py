"""Many updates from one file: what is read, what is refused with a sentence, and that all rows are drafted or none."""

import csv
import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.conf import settings as site
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.actions.progress import draft, publish, submit
from tracker.imports import files, stash
from tracker.loader.dump import dump_folder
from tracker.loader.load import load_folder
from tracker.models import Body, Category, Evidence, LedgerEntry, Metric, Source, State, Update
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .conftest import VELLMARK
from .drafts import PIPED
from .factories import CommitmentFactory, ProvisionFactory, StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

IMPORT, CONFIRM = "/admin/tracker/update/import/", "/admin/tracker/update/process_import/"
EVIDENCE = site.BASE_DIR.parent / "shared" / "evidence" / "evidence.csv"
FINDING_COLUMNS = files.FINDINGS.columns


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path


@pytest.fixture
def editor(vellmark, edith, signed_in):
    """The browser of an editor, with the invented plan and one source."""
    drafts.source()
    return signed_in(edith)


def a_value(**cells):
    """A row of our own layout that nothing is wrong with."""
    given = {"what": "value", "metric": PIPED, "value": "81.5", "bound": "exact", "as_of": "2026-06-30"}
    given |= {"fits": "same", "how": "reported", "origin": "office-of-numbers", "summary": "Homes were counted."}
    return given | {"source": "village-census-2025", "locator": "p. 3"} | cells


def a_finding(**cells):
    """A row as the evidence was collected, about a paragraph of the invented plan."""
    given = dict.fromkeys(FINDING_COLUMNS, "") | {"ref": "I.1.1", "n": "1", "as_of": "2025", "value": "81.5"}
    given |= {"unit": "percent", "kind": "measurement", "finding": "Homes were counted.", "language": "en"}
    given |= {"source_title": "Village census", "publisher": "Vellmark Office of Numbers", "published": "2026-01"}
    return given | {"url": "https://numbers.example/village-census-2025"} | cells


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
    """Upload a file and return the page."""
    file = io.BytesIO(content)
    file.name = name
    return client.post(IMPORT, {"file": file, "plan": "vellmark-2030"} | fields)


def confirm(client, page):
    """Confirm what a page previews."""
    return client.post(CONFIRM, {"preview": page.context["preview"]}, follow=True)


def lines(page):
    """Number and word of each row of a preview."""
    return [(each["line"].number, each["line"].word) for each in page.context["lines"]]


def problems(page):
    """Row, column and sentence of all that is wrong."""
    return [(each["line"].number, *problem) for each in page.context["lines"] for problem in each["line"].problems]


def refusal(page):
    """Why a file was refused as a whole."""
    assert page.status_code == 200
    assert not page.context["lines"]
    return " ".join(page.context["form"].errors["file"])


def stored():
    return Update.objects.count(), LedgerEntry.objects.count(), LogEntry.objects.count(), Source.objects.count()


def test_a_preview_shows_each_row_with_its_effect_and_saves_nothing(editor):
    before = stored()
    page = send(editor, as_csv(a_value(value="89", as_of="2026-12-31"), a_value(value="70", as_of="2025-12-31")))
    assert lines(page) == [(2, "draft"), (3, "draft")]
    effects = page.context["lines"][0]["effects"]
    assert "I.1.1a" in [effect.commitment.code for effect in effects]
    shown = page.content.decode()
    assert all(effect.before in shown and effect.after in shown for effect in effects)
    assert page.context["preview"]
    assert stored() == before
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<script type" not in shown
    assert " style=" not in shown


def test_a_confirmed_file_becomes_drafts_and_nothing_else(editor, edith):
    entries = LedgerEntry.objects.count()
    page = confirm(editor, send(editor, as_csv(a_value(), a_value(value="0", as_of="2024-12-31", bound="about"))))
    assert "2 updates are drafted." in page.content.decode()
    new, zero = Update.objects.order_by("-as_of")
    assert (new.value, new.state, new.author, new.edited_by) == (Decimal("81.5"), State.DRAFT, edith, edith)
    assert zero.value == 0
    assert new.evidence.get().locator == "p. 3"
    assert LedgerEntry.objects.count() == entries
    assert LogEntry.objects.count() == 2
    assert list(stash._folder().iterdir()) == []
    assert submit(record=new, by=edith).state == State.SUBMITTED


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_the_same_file_twice_adds_nothing_whichever_way_it_is_saved(editor, write):
    rows = a_value(value=81.5), a_value(value=70, as_of="2025-12-31")
    confirm(editor, send(editor, as_csv(*rows)))
    page = send(editor, write(*rows))
    assert lines(page) == [(2, "there"), (3, "there")]
    assert page.context["preview"] is None
    assert Update.objects.count() == 2


def test_a_row_more_costs_few_queries_more(editor):
    def queries_of(count):
        content = as_csv(*(a_value(value=str(n)) for n in range(count)))
        with CaptureQueriesContext(connection) as found:
            page = send(editor, content)
        assert {word for _number, word in lines(page)} == {"draft"}
        return len(found)

    queries_of(1)  # what is read once is remembered
    assert queries_of(12) - queries_of(2) <= 10 * 16


def test_two_tabs_with_the_same_preview_add_the_rows_once(editor):
    content = as_csv(a_value())
    first, second = send(editor, content), send(editor, content)
    confirm(editor, first)
    confirm(editor, second)
    assert Update.objects.count() == 1


def test_a_preview_confirmed_twice_says_that_it_is_gone(editor):
    page = send(editor, as_csv(a_value()))
    confirm(editor, page)
    assert "no longer there" in confirm(editor, page).content.decode()
    assert Update.objects.count() == 1


def test_a_row_that_stands_twice_is_drafted_once(editor):
    page = send(editor, as_csv(a_value(), a_value(value="70"), a_value(value="81.50")))
    assert lines(page) == [(2, "draft"), (3, "draft"), (4, "twice")]
    assert "The same as row 2." in page.content.decode()
    confirm(editor, page)
    assert Update.objects.count() == 2


def test_one_wrong_row_stops_all_of_them(editor):
    before = stored()
    page = send(editor, as_csv(a_value(), a_value(as_of="2025-12-31", bound="roughly"), a_value(metric="atlantis")))
    assert lines(page) == [(2, "draft"), (3, "wrong"), (4, "wrong")]
    assert [(row, column) for row, column, _sentence in problems(page)] == [(3, "bound"), (4, "metric")]
    assert page.context["preview"] is None
    assert stored() == before


def test_what_became_wrong_between_preview_and_confirmation_stops_all(editor, monkeypatch):
    page = send(editor, as_csv(a_value(), a_value(value="70", as_of="2025-12-31")))
    real, calls = draft, []

    def refuse_the_second(**given):
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("the disk is full")
        return real(**given)

    monkeypatch.setattr("tracker.imports.drafting.draft", refuse_the_second)
    again = confirm(editor, page)
    assert "Nothing was imported" in again.content.decode()
    assert lines(again) == [(2, "draft"), (3, "wrong")]
    assert "disk" not in again.content.decode()
    assert (Update.objects.count(), LogEntry.objects.count()) == (0, 0)


NOT_A_NUMBER = [
    "N/A",
    "1e309",
    "NaN",
    "inf",
    "-Infinity",
    "1,234",
    "1 234",
    "１２",
    "1e3",
    "0x10",
    "12%",
    "--",
    "1.2.3",
]


@pytest.mark.parametrize("cell", NOT_A_NUMBER)
def test_what_is_no_number_is_said_by_row_and_column(editor, cell):
    [(row, column, sentence)] = problems(send(editor, as_csv(a_value(), a_value(value=cell))))
    assert (row, column) == (3, "value")
    assert "is not a number" in sentence
    assert Update.objects.count() == 0


@pytest.mark.parametrize(
    ("cell", "value"), [("0", 0), ("-0.5", Decimal("-0.5")), (" 7 ", 7), ("+1.25", Decimal("1.25"))]
)
def test_a_number_is_read_as_it_stands(editor, cell, value):
    confirm(editor, send(editor, as_csv(a_value(value=cell))))
    assert Update.objects.get().value == value


def test_numbers_of_a_spreadsheet_lose_the_noise_of_its_arithmetic(editor):
    confirm(editor, send(editor, as_xlsx(a_value(value=0.1 + 0.2)), "f.xlsx"))
    assert Update.objects.get().value == Decimal("0.3")


@pytest.mark.parametrize(
    ("value", "column"), [("1234567890123456", "value"), ("1" * 40, "value"), ("0.1234567", "value")]
)
def test_a_number_that_would_not_come_back_whole_is_refused(editor, value, column):
    assert {(row, col) for row, col, _words in problems(send(editor, as_csv(a_value(value=value))))} == {(2, column)}


def test_a_blank_cell_is_nothing_and_the_preview_says_what_is_lacking(editor):
    page = send(editor, as_csv(a_value(value="", bound="  "), a_value(as_of="2024-12-31")))
    assert "a person adds: value, bound." in page.content.decode()
    confirm(editor, page)
    assert Update.objects.get(bound="").value is None


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize("column", ["value", "summary", "locator", "as_of"])
def test_a_formula_is_refused_wherever_it_stands(editor, write, column):
    [(row, named, sentence)] = problems(send(editor, write(a_value(**{column: "=1+1"}))))
    assert (row, named) == (2, column)
    assert "formula" in sentence


@pytest.mark.parametrize("number", ["45291", 45291, 45291.5])
def test_a_date_as_a_spreadsheets_number_is_named_and_not_guessed(editor, number):
    [(row, column, sentence)] = problems(send(editor, as_xlsx(a_value(as_of=number)), "f.xlsx"))
    assert (row, column) == (2, "as_of")
    assert "2023-12-31" in sentence


@pytest.mark.parametrize(
    ("cell", "as_of", "precision"),
    [
        (datetime.datetime(2025, 3, 4), "2025-03-04", "day"),
        ("2025-03-04", "2025-03-04", "day"),
        ("2024-02", "2024-02-29", "month"),
        (2024, "2024-12-31", "year"),
    ],
)
def test_a_date_is_a_day_a_month_or_a_year(editor, cell, as_of, precision):
    confirm(editor, send(editor, as_xlsx(a_value(as_of=cell)), "f.xlsx"))
    update = Update.objects.get()
    assert (str(update.as_of), update.precision) == (as_of, precision)


@pytest.mark.parametrize("cell", ["", "31/12/2025", "2025-02-30", "soon", "12", "9999", "2025-1-1"])
def test_what_is_no_date_is_said(editor, cell):
    assert [(row, column) for row, column, _w in problems(send(editor, as_csv(a_value(as_of=cell))))] == [(2, "as_of")]


@pytest.mark.parametrize(
    "content", [as_csv(a_value(value="1e309")), as_xlsx(a_value(value="x")), as_xlsx(a_value(value=True))]
)
def test_values_of_other_types_are_refused(editor, content):
    [(row, column, _sentence)] = problems(send(editor, content))
    assert (row, column) == (2, "value")


def without(row, *names):
    return {name: cell for name, cell in row.items() if name not in names}


@pytest.mark.parametrize(
    ("content", "words"),
    [
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
        (as_csv(a_value()).decode().encode("utf-16"), "neither CSV"),
        (b"%PDF-1.7\n", "neither CSV"),
        (b"\xd0\xcf\x11\xe0 old", "neither CSV"),
        (b"PK\x03\x04 not a zip", "cannot be read as an XLSX"),
        (b"{}", "no row"),
        (b"{}\n{}\n", "missing"),
        (b"a," * 61 + b"b\nc\n", "more than 60 columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(editor, content, words):
    assert words in refusal(send(editor, content))


def test_a_file_of_another_type_is_refused_whatever_it_is_called(editor):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "cannot be read as an XLSX" in refusal(send(editor, file.getvalue(), "figures.xlsx"))


def test_a_zip_bomb_is_not_unpacked(editor):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (files.MOST_UNPACKED + 1))
    assert len(file.getvalue()) < files.MOST_BYTES
    assert "Unpacked" in refusal(send(editor, file.getvalue(), "figures.xlsx"))


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
    assert "Only the first sheet is read, and the sheet “Earlier” holds something too" in words


def test_a_workbook_with_sheets_that_hold_nothing_is_read(editor):
    content = workbook(Sheet2=[], Sheet3=[[None, "  "], [None]])
    assert lines(send(editor, content, "f.xlsx")) == [(2, "draft")]


def test_a_workbook_with_endless_blank_sheets_is_refused_soon(editor):
    far = [[None]] * (10 * files.MOST_ROWS) + [[" "]]
    assert "the sheet “Far” holds something too" in refusal(send(editor, workbook(Far=far), "f.xlsx"))


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
    assert lines(send(editor, content)) == [(2, "draft")]


def test_all_four_kinds_are_drafted(editor, edith):
    rung = {"what": "rung", "metric": "water-law", "rung": Metric.objects.get(code="water-law").rungs[0]}
    rows = [
        a_value(),
        rung | {"as_of": "2026-03", "summary": "Read in the gazette.", "origin": "chancery"},
        {"what": "judgement", "commitment": "vellmark-2030/I.2.2a", "verdict": "in_part", "as_of": "2026-03-01"}
        | {"summary": "Two valleys.", "source": "village-census-2025"},
        {"what": "search", "commitment": "vellmark-2030/I.1.1d", "as_of": "2026-03-01", "summary": "Nothing."},
    ]
    page = confirm(editor, send(editor, as_csv(*rows)))
    assert "4 updates are drafted." in page.content.decode()
    assert sorted(Update.objects.values_list("what", flat=True)) == ["judgement", "rung", "search", "value"]


def a_search(**cells):
    """A row of a search in vain."""
    given = {"what": "search", "commitment": "vellmark-2030/I.1.1d", "as_of": "2026-03-01", "summary": "It is secret."}
    return given | {"source": "village-census-2025"} | cells


@pytest.mark.parametrize(
    ("cell", "withheld"), [("yes", True), ("Yes ", True), (True, True), ("no", False), (False, False), ("", False)]
)
def test_a_search_says_whether_the_state_withholds(editor, edith, cell, withheld):
    page = send(editor, as_xlsx(a_search(withheld=cell)), "f.xlsx")
    assert ("Not published by the State: yes" in page.content.decode()) is withheld
    assert "Not published by the State: no" not in page.content.decode()
    confirm(editor, page)
    assert Update.objects.get().withheld is withheld
    assert submit(record=Update.objects.get(), by=edith).state == State.SUBMITTED


def test_a_search_that_the_state_withholds_is_another_row_than_one_in_vain(editor):
    confirm(editor, send(editor, as_csv(a_search())))
    assert lines(send(editor, as_csv(a_search(withheld="no")))) == [(2, "there")]
    assert lines(send(editor, as_csv(a_search(withheld="yes")))) == [(2, "draft")]


def test_that_the_state_withholds_takes_evidence_and_the_preview_says_so(editor):
    assert "a person adds" not in send(editor, as_csv(a_search(source=""))).content.decode()
    page = send(editor, as_csv(a_search(source="", withheld="yes")))
    assert "a person adds: evidence." in page.content.decode()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (a_search(withheld="perhaps"), "“perhaps” is neither yes nor no."),
        (a_search(withheld=1), "“1” is neither yes nor no."),
        (a_value(withheld="yes"), "Only a search finds"),
    ],
)
def test_a_withheld_that_cannot_be_is_said(editor, row, words):
    [(n, column, sentence)] = problems(send(editor, as_xlsx(row), "f.xlsx"))
    assert (n, column) == (2, "withheld")
    assert words in sentence


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"what": "amendment"}, "what"),
        ({"what": "withdrawal"}, "what"),
        ({"what": ""}, "what"),
        ({"metric": "water-law"}, "metric"),
        ({"metric": "", "commitment": "atlantis/I.1.1a"}, "commitment"),
        ({"metric": "", "commitment": "vellmark-2030/I.2.2a"}, "commitment"),
        ({"metric": PIPED, "commitment": "vellmark-2030/I.1.1e"}, "commitment"),
        ({"what": "judgement", "metric": "", "commitment": "vellmark-2030/I.2.2a", "value": "3"}, "value"),
        ({"origin": "nobody"}, "origin"),
        ({"source": "no-such-source"}, "source"),
        ({"starts_on": "2027"}, ""),
        ({"how": "derived"}, "arithmetic"),
        ({"summary": ""}, "summary"),
        ({"locator": "x" * 121}, "locator"),
        ({"precision": "hour"}, "precision"),
        ({"scope": "two\nlines"}, "scope"),
    ],
)
def test_what_a_record_may_not_be_is_said_by_column(editor, cells, column):
    assert column in [named for _row, named, _sentence in problems(send(editor, as_csv(a_value(**cells))))]
    assert Update.objects.count() == 0


def test_a_value_named_by_its_promise_belongs_to_the_promises_metric(editor):
    confirm(editor, send(editor, as_csv(a_value(metric="", commitment="vellmark-2030/I.1.1a"))))
    update = Update.objects.get()
    assert (update.metric.code, update.commitment) == (PIPED, None)


def described(**cells):
    """A row whose source is described, not named."""
    said = {"source_title": "Water report", "publisher": "Vellmark Office of Numbers", "published": "2026-02"}
    return a_value(source="", url="https://numbers.example/water", language="en") | said | cells


def test_a_source_that_is_described_is_found_by_its_address(editor):
    confirm(editor, send(editor, as_csv(described(url="https://numbers.example/village-census-2025"))))
    assert Evidence.objects.get().source.code == "village-census-2025"


def test_a_source_that_is_not_known_is_refused_unless_that_is_allowed(editor):
    [(row, column, sentence)] = problems(send(editor, as_csv(described())))
    assert (row, column) == (2, "url")
    assert "not known yet" in sentence
    before = stored()
    page = send(editor, as_csv(described(), described(value="70", as_of="2025-12-31")), new_sources="on")
    assert problems(page) == []
    assert "Registers the source “Water report”" in page.content.decode()
    assert stored() == before
    confirm(editor, page)
    source = Source.objects.get(address="https://numbers.example/water")
    assert (str(source.published), source.published_precision, source.evidence.count()) == ("2026-02-28", "month", 2)
    assert stored()[1] == before[1] + 1
    assert {word for _n, word in lines(send(editor, as_csv(described())))} == {"there"}


def test_a_body_is_never_registered_on_the_way(editor):
    bodies = Body.objects.count()
    page = send(editor, as_csv(described(publisher="Atlantis News")), new_sources="on")
    [(row, column, sentence)] = problems(page)
    assert (row, column) == (2, "publisher")
    assert "register it first" in sentence
    assert Body.objects.count() == bodies


def test_a_wrong_address_or_date_of_a_new_source_is_said_by_column(editor):
    page = send(editor, as_csv(described(url="not an address"), described(published="soon")), new_sources="on")
    assert [(row, column) for row, column, _w in problems(page)] == [(2, "url"), (3, "published")]


def person(page):
    """Why each row of a preview needs a person."""
    return [each["line"].notes[0] for each in page.context["lines"] if each["line"].word == "person"]


@pytest.fixture
def one_metric(editor):
    """A paragraph whose promises are all measured by the same number; its code."""
    here = Category.objects.filter(plan__code="vellmark-2030").first()
    metric = Metric.objects.get(code=PIPED)
    CommitmentFactory(provision=ProvisionFactory(category=here, code="I.9.9"), metric=metric)
    return "I.9.9", metric


def test_a_finding_that_decides_itself_becomes_a_draft(editor, one_metric):
    ref, metric = one_metric
    page = send(editor, as_csv(a_finding(ref=ref, unit=metric.unit, reread="confirmed", caveat="Rounded.")))
    assert lines(page) == [(2, "draft")], person(page)
    confirm(editor, page)
    update = Update.objects.get()
    assert (update.metric, update.value, str(update.as_of), update.precision) == (metric, 81.5, "2025-12-31", "year")
    assert update.as_published == f"81.5 {metric.unit}"
    assert (update.bound, update.fits, update.origin, update.reread) == ("", "", None, "confirmed")
    assert update.evidence.get().source.code == "village-census-2025"
    assert lines(send(editor, as_csv(a_finding(ref=ref, unit=metric.unit, reread="confirmed", caveat="Rounded.")))) == [
        (2, "there")
    ]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"kind": "criticism"}, "is no figure"),
        ({"kind": "assessment"}, "is no figure"),
        ({"kind": "plan"}, "is no figure"),
        ({"kind": "milestone"}, "is no figure"),
        ({"value": ""}, "no number"),
        ({"as_of": ""}, "which time"),
        ({"ref": "IX.9"}, "No paragraph"),
        ({"ref": "I.1.1"}, "do not share one metric"),
        ({"unit": "buckets"}, "is in “"),
        ({"publisher": "Atlantis News", "url": "https://news.example/1"}, "publisher: “Atlantis News”"),
        ({"url": "https://numbers.example/other"}, "url: This source is not known yet"),
    ],
)
def test_a_finding_that_a_reader_must_decide_is_said_and_stops_nothing(editor, one_metric, cells, words):
    ref, metric = one_metric
    row = a_finding(ref=ref, unit=metric.unit)
    page = send(editor, as_csv(row, row | {"as_of": "2024"} | cells))
    assert lines(page) == [(2, "draft"), (3, "person")]
    assert words in person(page)[0]
    confirm(editor, page)
    assert Update.objects.count() == 1


@pytest.mark.parametrize(("cells", "column"), [({"value": "N/A"}, "value"), ({"kind": "gossip"}, "kind")])
def test_a_finding_with_a_cell_that_cannot_be_read_is_an_error(editor, cells, column):
    assert [(row, named) for row, named, _w in problems(send(editor, as_csv(a_finding(**cells))))] == [(2, column)]


def test_the_collected_evidence_is_read_as_it_is(china, edith, signed_in):
    if not EVIDENCE.exists():
        pytest.skip("the collected evidence is not beside this repository")
    read_snapshot()
    page = send(signed_in(edith), EVIDENCE.read_bytes(), plan="hrap-2021-2025")
    found = [word for _number, word in lines(page)]
    assert len(found) == 1278
    assert found.count("wrong") == 0, problems(page)[:5]
    assert found.count("person") > 900


@pytest.mark.parametrize("who", ["analyst", "nobody"])
def test_a_role_that_may_not_add_updates_may_not_import(vellmark, signed_in, who):
    client = signed_in(StaffFactory(username=who, role=who if who == "analyst" else None))
    assert client.get(IMPORT).status_code == 403
    assert send(client, as_csv(a_value())).status_code == 403
    assert client.post(CONFIRM, {"preview": "x"}).status_code == 403
    assert Update.objects.count() == 0


@pytest.mark.parametrize("who", ["edith", "rana", "adam"])
def test_editors_reviewers_and_administrators_may_import(vellmark, edith, rana, adam, signed_in, who):
    drafts.source()
    client = signed_in({"edith": edith, "rana": rana, "adam": adam}[who])
    assert "Import a file" in client.get("/admin/tracker/update/").content.decode()
    assert client.get(IMPORT).status_code == 200
    confirm(client, send(client, as_csv(a_value())))
    assert Update.objects.get().author.username == who


def test_a_stranger_is_led_to_the_sign_in(client, vellmark):
    for answer in (client.get(IMPORT), client.post(IMPORT), client.post(CONFIRM)):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/")


def test_a_preview_is_the_persons_own_and_cannot_be_forged(editor, rana, signed_in):
    page = send(editor, as_csv(a_value()))
    assert "no longer there" in confirm(signed_in(rana), page).content.decode()
    for forged in ("", "x", "../../etc/passwd", page.context["preview"] + "x"):
        assert "no longer there" in editor.post(CONFIRM, {"preview": forged}, follow=True).content.decode()
    assert editor.get(CONFIRM).status_code == 405
    assert Update.objects.count() == 0


def test_an_imported_row_that_was_published_leaves_the_seed_files_alone(editor, edith, rana, tmp_path):
    confirm(editor, send(editor, as_csv(a_value())))
    publish(record=submit(record=Update.objects.get(), by=edith), by=rana)
    assert Update.objects.get().seed_key.startswith("import:")
    load_folder(VELLMARK)
    assert dump_folder("vellmark-2030", tmp_path / "dumped").by_hand == 1
    assert "import:" not in "".join(path.read_text() for path in (tmp_path / "dumped").rglob("*.toml"))
    page = send(editor, as_csv(a_value(summary="Homes were counted again.")))
    assert "public already" in page.content.decode()


def test_a_file_that_another_process_clears_away_meanwhile_is_no_obstacle():
    (stash._folder() / "0").symlink_to("gone")
    assert stash.fetch(stash.keep(b"figures")) == b"figures"
