"""A plan from a spreadsheet: every problem by sheet and cell, what is suggested, the same registry as by seed files."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from tracker.actions.filling import fill
from tracker.actions.preparation import begin, clear
from tracker.loader.files import read_folder
from tracker.loader.load import load_folder
from tracker.models import Commitment
from tracker.planbook import rows, writing
from tracker.planbook.columns import head_of
from tracker.planbook.examine import examine
from tracker.planbook.reading import read
from tracker.planbook.sheets import PROMISES, SHEET_OF
from tracker.planbook.suggest import suggestions
from tracker.schema import BODIES, COMMITMENTS, PLAN, TABLES

from .conftest import VELLMARK
from .databases import BRUMAS

pytestmark = pytest.mark.django_db


def rows_of(folder):
    """The rows of a plan's seed files by table."""
    return {table: [row.values for row in each] for table, each in read_folder(folder).rows.items() if each}


def as_it_stands(plan):
    """Every row of the registry that a plan has, with its order."""
    rows = {}
    for table in TABLES:
        for record in table.model.everything.all():
            if not table.of_plan or record.plan.code == plan:
                rows[table.name, record.code] = table.row_of(record), getattr(record, "order", None)
    return rows


def changed(content, **cells):
    """A spreadsheet with other cells: ``Promises_D3="…"``."""
    book = load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        sheet, _mark, cell = place.rpartition("_")
        book[sheet.replace("_", " ")][cell] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def prepared(edith, plan="plan"):
    return begin(by=edith, subject=f"plan {plan}", of_plan=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "folder", [VELLMARK, pytest.param(BRUMAS, marks=pytest.mark.both_databases)], ids=["vellmark", "brumas"]
)
def test_a_plan_as_a_spreadsheet_is_the_registry_of_its_seed_files(folder, edith):
    """Both invented plans: of two levels; and in Spanish with Greek, of three, naming what the first one has."""
    if folder is BRUMAS:
        load_folder(VELLMARK)
    content, preparation = writing.workbook(rows_of(folder)), prepared(edith)
    examined = examine(content, preparation)
    assert [str(each) for each in examined.problems] == []
    fill(preparation=preparation, records=examined.built, by=edith)
    by_spreadsheet = as_it_stands(folder.name)
    again = examine(writing.workbook(rows.of_preparation(preparation)), preparation)
    assert (again.problems, again.changes) == ([], [])
    clear(preparation=preparation, by=edith)
    load_folder(folder)
    assert by_spreadsheet == as_it_stands(folder.name)


def test_the_command_writes_a_public_plan_as_a_spreadsheet(vellmark, tmp_path, edith):
    file = tmp_path / "plan.xlsx"
    call_command("dump_plan", vellmark, spreadsheet=file, verbosity=0)
    assert [str(each) for each in examine(file.read_bytes(), prepared(edith)).problems] == [
        "Plan, B4: Code: The plan “vellmark-2030” is public already: what is public changes by amendment."
    ]
    with pytest.raises(CommandError):
        call_command("dump_plan", "nowhere", spreadsheet=file)


def blank_codes():
    """The example as a person fills it who leaves to the site what it can suggest, and names things by their names."""
    book = load_workbook(io.BytesIO(writing.workbook(rows.of_example())))
    for name in ("Bodies", "Groups", "Metrics", "Rights", "Paragraphs", "Promises"):
        for row in book[name].iter_rows(min_row=3):
            row[1].value = None
    names = {
        "Rights": {"C4": "Water and Health"},
        "Paragraphs": {"A3": "Right to Water", "A4": "right to water", "A5": "Work and Safety"},
        "Stages": {"A3": "Law on drinking water", "A4": None, "A5": None, "A6": None},
    }
    for sheet, cells in names.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    promises = book["Promises"]
    paragraphs = ["Wells and taps", None, "Water for everybody", None, "Roads and care", None, None, None]
    metrics = [
        "Farms with safe water",
        "Law on drinking water",
        None,
        None,
        "Deaths on the roads",
        None,
        None,
        "Wages of care workers",
    ]
    for n, (paragraph, metric) in enumerate(zip(paragraphs, metrics, strict=True), 3):
        promises[f"A{n}"], promises[f"J{n}"] = paragraph, metric
        promises[f"P{n}"], promises[f"Q{n}"] = (promises[f"P{n}"].value if n == 4 else None), None
        promises[f"R{n}"], promises[f"S{n}"] = None, None
    for sheet, column in (("Metrics", "I"), ("Metrics", "D"), ("Promises", "I")):
        for row in book[sheet].iter_rows(min_row=3):
            if column != "I" or sheet == "Metrics" or row[5].value in ("Safeguard", "Law or policy document"):
                row["ABCDEFGHI".index(column)].value = None
    book["Plan"]["B4"] = book["Plan"]["B6"] = book["Bodies"]["E3"] = book["Metrics"]["J3"] = None
    book["Plan"]["B7"] = "Council of Osmarra"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_what_is_left_blank_is_suggested_and_names_are_made_codes(edith):
    examined = examine(blank_codes(), prepared(edith, "osmarra-2027"))
    assert [str(each) for each in examined.problems] == []
    promises = [each for each, _sets in examined.built[COMMITMENTS]]
    assert [each.code for each in promises] == [
        "I.1.1a",
        "I.1.1b",
        "I.1.2a",
        "I.1.2b",
        "II.1a",
        "II.1b",
        "II.1c",
        "II.1d",
    ]
    assert [each.rule for each in promises][1:3] == ["milestone", "uphold"]
    assert [each.deadline_basis for each in promises][:3] == ["period_end", "stated", "standing"]
    assert promises[1].metric.rungs == ["announced", "drafted", "adopted", "in force"]
    assert promises[0].metric.state == examined.built[BODIES][0][0].state == "Osmarra"
    assert examined.built[PLAN][0][0].code == "osmarra-2027"
    places = {line.problem(key, "").place: value for line, key, value in suggestions(examined.book)}
    assert places["Promises, B4"] == "I.1.1b"
    assert places["Bodies, B3"] == "council-of-osmarra"
    assert places["Rights, B5"] == "II"
    assert places["Paragraphs, B4"] == "I.1.2"


PROBLEMS = [
    ({"Promises_D3": "word " * 26}, "Promises, D3: Quote: I.1.1a: The quote has 26 words; 25 are the most."),
    ({"Promises_C3": None}, "Promises, C3: Title: This is missing."),
    (
        {"Promises_J3": "Farms with save water"},
        "Promises, J3: Metric: There is no metric with the code or name “Farms with save",
    ),
    ({"Promises_N4": "passed"}, "Promises, N4: Stage to reach: I.1.1b: The metric has no such stage."),
    ({"Promises_L3": "=1+1"}, "Promises, L3: Target: “=1+1” is a formula"),
    ({"Promises_P4": "2040"}, "Promises, P4: Deadline: I.1.1b: The deadline lies outside the plan's period."),
    ({"Promises_B4": "I.1.1a"}, "Promises, B4: Code: I.1.1a stands twice, first at Promises, row 3."),
    ({"Metrics_F3": None}, "Metrics, row 3: osmarra-farms-with-safe-water: A number has a nature, a unit and decimals"),
    ({"Bodies_C3": "ministry"}, "Bodies, C3: Kind: “ministry” is none of the words here: government; state media"),
    ({"Plan_B9": "01/02/2027"}, "Plan, B9: First day: “01/02/2027” is 1 February 2027 in some countries"),
    ({"Plan_B2": None}, "Plan, B2: Name of the plan: This is missing."),
    ({"Rights_A4": "two\nlines"}, "Rights, A4: Title: Write this on one line"),
]


@pytest.mark.slow
def test_every_problem_is_said_at_once_by_sheet_and_cell(edith):
    example, preparation = writing.workbook(rows.of_example()), prepared(edith)
    for cells, sentence in PROBLEMS:
        lines = [str(each) for each in examine(changed(example, **cells), preparation).problems]
        assert any(line.startswith(sentence) for line in lines), (sentence, lines)
        assert len(lines) <= 2, lines  # a rule of the whole row may say it too
    together = {name: value for cells, _sentence in PROBLEMS[:6] for name, value in cells.items()}
    assert len(examine(changed(example, **together), preparation).problems) == 6


def test_a_body_that_is_on_record_is_named_and_not_changed(vellmark, edith):
    example, preparation = writing.workbook(rows.of_example()), prepared(edith)
    cells = {
        "Bodies_A5": "Lake Council",
        "Bodies_C5": "government",
        "Bodies_D5": "official",
        "Bodies_E5": None,
        "Bodies_F5": "Ours.",
    }
    examined = examine(changed(example, **cells), preparation)
    assert examined.problems == []
    assert "“Lake Council” is on record already" in examined.book.notes[0]
    assert examined.built[BODIES][-1][0].code == "lake-council-2"
    examined = examine(changed(example, Bodies_B5="lake-council", **cells), preparation)
    assert "stays as it is there (otherwise: Kind, Side, State, Why)" in examined.book.notes[0]
    assert "lake-council" not in [each.code for each, _sets in examined.built[BODIES]]
    named = changed(example, Promises_S3="Lake Council\nStatistics Office of Osmarra")
    examined = examine(named, preparation).built[COMMITMENTS]
    assert {each.code for each in examined[0][1]["bodies"]} == {"lake-council", "osmarra-statistics"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7", "This is no XLSX file"),
        (b"PK" + b"x" * 100, "This cannot be read as an XLSX file"),
        (b"PK" + b"x" * 6_000_000, "larger than 5 MB"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(ValidationError) as refused:
        read(content)
    assert sentence in refused.value.messages[0]


@pytest.mark.slow
def test_a_bomb_and_macros_are_refused_before_they_cost_anything():
    example = writing.workbook(rows.of_example())
    bomb, macros = io.BytesIO(), io.BytesIO()
    parts = zipfile.ZipFile(io.BytesIO(example))
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new, zipfile.ZipFile(macros, "w") as other:
        for name in parts.namelist():
            text = parts.read(name)
            big = b"<worksheet>" + b"<row/>" * 3_000_000 if name == "xl/worksheets/sheet3.xml" else text
            new.writestr(name, big)
            other.writestr(name, text.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"))
    for file, sentence in ((bomb, "too much to read"), (macros, "has macros")):
        with pytest.raises(ValidationError) as refused:
            read(file.getvalue())
        assert sentence in refused.value.messages[0]


def test_every_key_of_a_row_has_a_column_or_is_named_as_left_out():
    for table in TABLES:
        sheet = SHEET_OF[table]
        names = {name for column in sheet.columns for name in (column.key, column.precision) if name}
        assert {key.name for key in table.keys} == names | {*sheet.left_out}, table.name


def test_a_key_that_no_column_is_worded_for_stands_behind_them_in_the_words_of_its_field():
    *worded, last = PROMISES.worded
    assert last.key == "test_changed_because"
    *same, derived = replace(PROMISES, worded=tuple(worded)).columns
    assert same == list(PROMISES.columns[:-1])
    assert (derived.key, head_of(derived, PROMISES)) == (last.key, "Why the test changed")
    assert derived.help == Commitment._meta.get_field(last.key).help_text
