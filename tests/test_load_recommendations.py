"""manage.py load_recommendations: the export of the Universal Human Rights Index, all of it or nothing.

``tests/plans/uhri-export.csv`` was made by hand in the form that programs which read the export describe: their names
of columns, hyphens before each value, one value a line of a cell, days as a spreadsheet counts them.
"""

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tracker.actions.preparation import hand_in, open_preparation
from tracker.models import Body, Instrument, Norm, Preparation, Recommendation, Source, TrailEntry

from . import factories
from .reading import page_of, words_of
from .registering import register

pytestmark = pytest.mark.django_db

EXPORT = Path(__file__).parent / "plans" / "uhri-export.csv"
SOURCE = "ohchr-universal-human-rights-index"


@pytest.fixture
def index(vellmark, edith):
    """What the export names: who reviews, a development goal, and the Index as a source."""
    council = Body.objects.get(code="lake-council")
    register(record=factories.InstrumentFactory.build(code="UPR", kind="mechanism", body=council), by=edith)
    register(record=factories.InstrumentFactory.build(code="SDG", kind="goals"), by=edith)
    goals = Instrument.objects.get(code="SDG")
    register(record=factories.NormFactory.build(instrument=goals, number="6.1"), by=edith)
    register(record=factories.SourceFactory.build(code=SOURCE, publisher=council), by=edith)
    return EXPORT


def load(file=EXPORT, **options):
    out = io.StringIO()
    call_command("load_recommendations", str(file), by="edith", stdout=out, **options)
    return out.getvalue()


def rows_of_export():
    return list(csv.reader(EXPORT.read_text(encoding="utf-8").splitlines(keepends=True)))


def written(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def spoilt(path, row, column, cell):
    """The export with another cell: ``row`` as a spreadsheet counts."""
    rows = rows_of_export()
    rows[row - 1][rows[0].index(column)] = cell
    return written(path, rows)


@pytest.mark.both_databases
def test_rows_become_recommendations_in_preparation(index, client, edith):
    output = load(state="Vellmark")
    assert "left out: 1 (observations and concerns, which recommend nothing)" in output
    assert "left out: 1 (addressed to other States)" in output
    assert "Not read: the columns affected persons, upr session, regions concerned" in output
    preparation = Preparation.objects.get()
    assert f"in preparation: 3. Read them at /desk/preparations/{preparation.pk}/; somebody else opens them." in output
    assert not Recommendation.objects.exists()
    one, two, three = Recommendation.everything.order_by("pk")
    assert {each.preparation for each in (one, two, three)} == {preparation}
    assert (one.code, one.symbol, one.paragraph) == ("A-HRC-99-6-28.1", "A/HRC/99/6", "28.1")
    assert (one.text, one.verbatim) == ("Bring piped water to every village home", True)
    assert (one.mechanism, one.body.code, one.source.code) == ("upr", "lake-council", SOURCE)
    assert (one.published, one.published_precision) == (datetime.date(2027, 3, 2), "day")
    assert (one.reply, one.reply_symbol, one.reply_paragraph) == ("supported", "A/HRC/99/6/Add.1", "7")
    assert (one.recommended_by, one.themes) == (["Osmarra"], ["Right to water", "Rural areas"])
    assert [norm.code for norm in one.norms.all()] == ["SDG-6.1"]
    assert (two.text, two.recommended_by) == ("Abolish the toll on wells", ["Brumas", "Osmarra"])
    assert (two.reply, two.reply_symbol) == ("noted", "")
    assert (three.mechanism, three.paragraph, three.reply) == ("treaty_body", "49", "")
    assert three.text.startswith("The Council recommends that the State party: (a) Hear")
    assert three.published == datetime.date(2027, 5, 2)
    assert "No recommendation is recorded yet." in words_of(page_of(client, "/recommendations/"))


@pytest.mark.both_databases
def test_they_are_public_once_somebody_else_opened_them_and_are_not_loaded_twice(index, client, edith, rana):
    load(state="Vellmark")
    preparation = Preparation.objects.get()
    hand_in(preparation=preparation, by=edith)
    open_preparation(preparation=preparation, by=rana)
    assert "3 of 3 recommendations" in words_of(page_of(client, "/recommendations/"))
    output = load(state="Vellmark")
    assert "on record already: 3" in output
    assert "There is nothing new in the file." in output
    assert Recommendation.objects.count() == 3
    assert Preparation.objects.count() == 1


def test_a_workbook_is_read_alike(index, tmp_path):
    book = openpyxl.Workbook()
    for n, row in enumerate(rows_of_export()):
        cells = [cell or None for cell in row]
        if n and cells[7] and cells[7].isdecimal():
            cells[7] = datetime.datetime(1899, 12, 30) + datetime.timedelta(days=int(cells[7]))
        book.active.append(cells)
    book.save(tmp_path / "export.xlsx")
    assert "in preparation: 3." in load(tmp_path / "export.xlsx", state="Vellmark")
    assert Recommendation.everything.get(paragraph="28.1").published == datetime.date(2027, 3, 2)


@pytest.mark.parametrize(
    ("row", "column", "cell", "sentence"),
    [
        (2, "Text", "", "row 2, text: This is needed."),
        (2, "Text", "Bring water", "row 2, Paragraph: The text does not begin with the number of a paragraph"),
        (2, "UPR Position", "- Refused", "row 2, upr position: “Refused” is none of the positions known"),
        (2, "Document Symbol", "HRC 99", "row 2, document symbol: Write the symbol as the document has it"),
        (2, "Document Publication Date", "spring", "row 2, document publication date: "),
        (2, "Document Publication Date", "2027", "row 2, document publication date: Give the day of the document."),
        (2, "Document Publication Date", "", "row 2, document publication date: This is needed."),
        (4, "Reccomending Body", "- SKY", "row 4, reccomending body: No body on record reviews under “SKY”"),
        (4, "Reccomending Body", "- SR Water", "row 4, reccomending body: No body on record reviews under “SR Water”"),
        (2, "Countries Concerned", "- Vellmark\n- Brumas", "row 2, countries concerned: There are several"),
        (2, "Themes", "=1+1", "row 2, themes: “=1+1” is a formula"),
    ],
)
def test_each_problem_is_told_with_row_and_column_and_nothing_is_loaded(index, tmp_path, row, column, cell, sentence):
    trail = TrailEntry.objects.count()
    file = spoilt(tmp_path / "export.csv", row, column, cell)
    with pytest.raises(CommandError) as refused:
        load(file)
    assert sentence in str(refused.value)
    assert "export.csv: nothing was loaded, " in str(refused.value)
    assert not Recommendation.everything.exists()
    assert (Preparation.objects.count(), TrailEntry.objects.count()) == (0, trail)


def test_several_problems_are_told_at_once(index, tmp_path):
    file = spoilt(tmp_path / "one.csv", 2, "UPR Position", "- Refused")
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines(keepends=True)))
    rows[2][3] = ""
    with pytest.raises(CommandError, match="2 problem") as refused:
        load(written(tmp_path / "two.csv", rows))
    assert "row 2, upr position" in str(refused.value)
    assert "row 3, document symbol: This is needed." in str(refused.value)


def test_a_column_of_ours_gives_the_paragraph_that_a_text_lacks(index, tmp_path):
    rows = [[*row, name] for row, name in zip(rows_of_export(), ["Paragraph", "", "28.2 (b)", "", "", ""], strict=True)]
    load(written(tmp_path / "export.csv", rows), state="Vellmark")
    assert Recommendation.everything.filter(code="A-HRC-99-6-28.2-b").exists()


def test_two_of_one_paragraph_are_told_apart_by_a_number(index, tmp_path):
    rows = rows_of_export()
    rows.append([*rows[3][:11], "00000000-0000-0000-0000-000000000009", *rows[3][12:]])
    load(written(tmp_path / "export.csv", rows), state="Vellmark")
    codes = Recommendation.everything.filter(paragraph="49").values_list("code", flat=True)
    assert sorted(codes) == ["CERD-C-VEL-CO-3-49", "CERD-C-VEL-CO-3-49-2"]


def test_other_names_of_columns_are_read_too(index, tmp_path):
    rows = rows_of_export()
    rows[0][2], rows[0][8] = "Recommending Body", "UPR Recommending States"
    assert "in preparation: 3." in load(written(tmp_path / "export.csv", rows), state="Vellmark")


def test_a_file_of_something_else_is_refused_with_what_it_lacks(index, tmp_path):
    with pytest.raises(CommandError, match="These columns are missing: Text, Countries Concerned, Reccomending Body"):
        load(written(tmp_path / "other.csv", [["Wells", "Year"], ["400", "2025"]]))
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "none.csv")


def test_it_says_who_may_load_and_what_source_is_missing(index, vellmark, anna):
    with pytest.raises(CommandError, match="There is no account nobody"):
        call_command("load_recommendations", str(EXPORT), by="nobody")
    with pytest.raises(CommandError, match="Preparing is for those who write drafts"):
        call_command("load_recommendations", str(EXPORT), by="anna", state="Vellmark")
    with pytest.raises(CommandError, match="There is no source elsewhere"):
        load(source="elsewhere")
    assert not Recommendation.everything.exists()
    assert Norm.objects.filter(code="SDG-6.1").exists()
    assert Source.objects.filter(code=SOURCE).exists()
