"""Files as somebody sends them: cells as she sees them or a sentence why not, and hostile ones that cost little."""

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tracker.imports import cells, files

from .costs import cost_of
from .examples import NIGHTLY

NAMES = ["what", "metric", "as_of", "value", "summary"]
ROW = ["value", "piped", "2025", 81.5, "Homes were counted."]


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def sheet_of(*rows, names=NAMES, above=()):
    """A workbook with a sheet of these rows, to be changed."""
    book = openpyxl.Workbook()
    for row in [*above, names, *rows]:
        book.active.append(row)
    return book


def one_cell(value, code=None, column="D2"):
    """What a cell of a row is read as, in a format."""
    book = sheet_of(ROW)
    book.active[column] = value
    if code:
        book.active[column].number_format = code
    [(_n, row)] = files.read(saved(book)).rows
    return list(row.values())["ABCDE".index(column[0])]


@pytest.mark.parametrize(
    ("held", "code", "text"),
    [
        (81.5, None, "81.5"),
        (2025, "General", "2025"),
        (0.1 + 0.2, "General", "0.3"),
        (0.874, "0.0%", "87.4%"),
        (0.07, "0%", "7%"),
        (87.4, '0.0"%"', "87.4%"),
        (-0.05, "0%;(0%)", "-5%"),
        (1.1, "0.00", "1.10"),
        (7, "000", "007"),
        (1234567.5, "#,##0.00", "1234567.50"),
        (1.5, "0.###", "1.5"),
        (1250, '"¥"#,##0', "1250"),
        (1250, "[$CNY-804] #,##0", "1250"),
        (1250, '0" homes"', "1250 homes"),
        (-3, "0_);(0)", "-3"),
        (-3, "0;-0", "-3"),
        (-3, "[Red]0", "-3"),
        (5, "@", "5"),
    ],
)
def test_a_number_is_read_as_its_cell_shows_it(held, code, text):
    cell = one_cell(held, code)
    assert cells.text(cell) == text
    if text.strip("-0123456789.") == "":
        assert cells.number(cell) == Decimal(text)


@pytest.mark.parametrize(
    ("held", "code", "words"),
    [
        (92.8571428, "0.0", "shows “92.9” and holds 92.8571428"),
        (0.87436, "0%", "shows “87%” and holds 0.87436"),
        (1234567, '0.0,,"M"', "shows “1.2M” and holds 1234567"),
        (12000, "0,", "shows “12” and holds 12000"),
        (-5, "0;0", "shows “5” and holds -5"),
        (0, '0;-0;"-"', "shows “-” and holds 0"),
        (5, ";;;", "shows “” and holds 5"),
        (0.5, "# ?/?", "in the format “# ?/?”, which is not read"),
        (123456, "0.00E+00", "in the format “0.00E+00”"),
        (5, "[>3]0.0", "in the format “[&gt;3]0.0”"),
        (5, "0" * 300, "is not read here"),
        (1e300, "0.00", "is too long"),
        (0.5, "h:mm", "shows a time, and no day"),
        (36, "[h]:mm", "in the format"),
    ],
)
def test_a_number_that_is_not_what_is_seen_is_refused_with_both(held, code, words):
    with pytest.raises(ValidationError) as refused:
        cells.number(cells.usable(one_cell(held, code)))
    assert words.replace("&gt;", ">") in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("code", "as_of", "precision"),
    [
        ("yyyy-mm-dd", "2025-12-01", "day"),
        ("d/m/yy", "2025-12-01", "day"),
        ('yyyy"年"m"月"d"日"', "2025-12-01", "day"),
        ("yyyy-mm-dd h:mm", "2025-12-01", "day"),
        ("yyyy-mm", "2025-12-31", "month"),
        ("mmm-yy", "2025-12-31", "month"),
        ('yyyy"年"m"月"', "2025-12-31", "month"),
        ("yyyy", "2025-12-31", "year"),
    ],
)
def test_a_date_is_as_long_as_its_cell_shows_it(code, as_of, precision):
    cell = one_cell(datetime.datetime(2025, 12, 1), code, "C2")
    assert cells.day(cell) == (datetime.date.fromisoformat(as_of), precision)


@pytest.mark.parametrize("code", ["d-mmm", "[$-411]ge.m.d"])
def test_a_date_without_its_year_is_refused(code):
    with pytest.raises(ValidationError, match=r"shows no year|not read here"):
        cells.day(one_cell(datetime.datetime(2025, 12, 1), code, "C2"))


def test_dates_of_workbooks_that_count_from_1904_are_the_same_days():
    book = sheet_of(ROW)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["C2"] = datetime.datetime(2025, 12, 1)
    [(_n, row)] = files.read(saved(book)).rows
    assert row["as_of"] == datetime.datetime(2025, 12, 1)


def test_a_code_that_may_have_lost_a_nought_is_refused_and_one_that_is_shown_is_read():
    assert cells.code(one_cell(1.1, "0.00", "B2")) == "1.10"
    assert cells.code(one_cell("1.10", None, "B2")) == "1.10"
    assert cells.code(one_cell(12, None, "B2")) == "12"
    with pytest.raises(ValidationError, match="a nought at its end would be lost"):
        cells.code(one_cell(1.1, None, "B2"))


@pytest.mark.parametrize("value", ["=1+1", "#N/A", "#DIV/0!"])
def test_formulas_and_errors_are_refused(value):
    with pytest.raises(ValidationError, match="is a formula or its error"):
        cells.usable(one_cell(value))


def test_texts_are_read_whole_whatever_their_runs():
    bold = TextBlock(InlineFont(b=True), "were")
    assert one_cell(CellRichText("Homes ", bold, " counted."), None, "E2") == "Homes were counted."
    assert one_cell("81.5") == "81.5"
    assert one_cell(True) is True


def test_what_is_hidden_is_left_out_and_said_and_the_row_of_names_is_looked_for():
    above = [["Figures of the second valley"], [], ["as of today"]]
    rows = [[*ROW, "a note"], [], [*ROW, "x"], [*ROW, "y"], [*ROW, "z"]]
    book = sheet_of(*rows, names=[*NAMES, "inside"], above=above)
    book.active.title = "Figures"
    book.active.merge_cells("A1:F1")
    book.active.column_dimensions["F"].hidden = True
    for row in (8, 9):
        book.active.row_dimensions[row].hidden = True
    book.create_sheet("Lists").append(["value"])
    book["Lists"].sheet_state = "veryHidden"
    table = files.read(saved(book))
    assert table.columns == NAMES
    assert [n for n, _row in table.rows] == [5, 7]
    assert table.notes == [
        "Read is the sheet “Figures”.",
        "Hidden, and not read: the sheets “Lists”.",
        "Hidden or filtered away, and not read: 2 rows (8–9).",
        "Hidden, and not read: column F.",
        "Row 4 was taken for the names of the columns; what stands above it is not read.",
    ]


def test_what_stands_behind_many_hidden_rows_is_read_all_the_same():
    hidden = '<row hidden="1"><c t="str"><v>x</v></c></row>' * 3_000
    names = "".join(f'<c t="str"><v>{name}</v></c>' for name in NAMES)
    table = files.read(book_of(f"<sheetData><row>{names}</row>{hidden}<row>{names}</row></sheetData>"))
    assert [n for n, _row in table.rows] == [3_002]
    assert table.notes[1] == "Hidden or filtered away, and not read: 3000 rows (2–3001)."


def test_merged_cells_among_the_rows_are_refused():
    book = sheet_of(ROW, [*ROW[:1], None, *ROW[2:]])
    book.active.merge_cells("B2:B3")
    with pytest.raises(ValidationError, match="The cells B2:B3 are merged into one"):
        files.read(saved(book))


def test_the_only_filled_sheet_is_read_wherever_it_stands():
    book = sheet_of(ROW)
    book.create_sheet("Before", 0)
    assert len(files.read(saved(book)).rows) == 1


def changed(content, name, change):
    """A workbook with one part changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
    return made.getvalue()


GOOD = saved(sheet_of(ROW))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (GOOD.replace(b"PK\x05\x06", b"PK\x05\x07"), "cannot be read as an XLSX"),
        (GOOD[:-10], "cannot be read as an XLSX"),
        (changed(GOOD, "[Content_Types].xml", lambda text: text.replace(b"main+xml", b"x")), "cannot be read as an"),
        (
            changed(GOOD, "[Content_Types].xml", lambda text: text.replace(b"sheet.main", b"sheet.macroEnabled.main")),
            "The workbook has macros",
        ),
        (changed(GOOD, "xl/workbook.xml", lambda text: text[:-30]), "cannot be read as an XLSX"),
    ],
)
def test_what_is_no_plain_workbook_is_refused(content, words):
    with pytest.raises(ValidationError, match=words):
        files.read(content)


def test_an_opendocument_spreadsheet_is_told_apart():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(ValidationError, match="This is an OpenDocument spreadsheet"):
        files.read(file.getvalue())


CSV = 'what,metric,as_of,value,summary\nvalue,piped,2025,81.5,"Homes, counted"\n'


def semicolons(text=CSV):
    return text.replace("Homes, counted", "Homes").replace(",", ";")


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        b"\xef\xbb\xbf" + CSV.encode(),
        CSV.encode("utf-16"),
        CSV.replace("\n", "\r").encode(),
        CSV.replace("\n", "\r\n").encode(),
        semicolons().encode(),
        b"sep=;\r\n" + semicolons().replace("\n", "\r\n").encode(),
        b'"sep=;"\n' + semicolons().encode(),
        semicolons().replace(";", "\t").encode("utf-16"),
        semicolons().replace(";", "|").encode(),
        b"Figures, as of today, and, so, on, and, on\n\n" + semicolons().encode(),
    ],
)
def test_csv_is_read_however_it_is_separated_and_encoded(content):
    [(_n, row)] = files.read(content).rows
    assert list(row) == NAMES
    assert row["value"] == "81.5"


def test_rows_below_a_line_on_the_separator_have_the_numbers_of_the_file():
    assert [n for n, _row in files.read(b"sep=;\n" + semicolons().encode()).rows] == [3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CSV.replace("Homes", "Hütten").encode("cp1252"), r"not in UTF-8 \(byte"),
        (CSV.encode("utf-16-le"), "neither CSV in UTF-8 nor XLSX"),
        (b"\xff\xfe" + CSV.encode("utf-16-le")[:-1], "not in UTF-8"),
        (b"sep=x\n" + CSV.encode(), "“x” cannot separate cells"),
        (CSV.encode() + b"\n" * 30_000, "more than 2,000 rows"),
    ],
)
def test_csv_that_is_not_surely_read_is_refused(content, words):
    with pytest.raises(ValidationError, match=words):
        files.read(content)


def book_of(sheet="", strings="", styles="", workbook=None, sheets=1, **more):
    """A workbook written by hand, its parts whatever is given."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    leads = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    names = "".join(f'<sheet name="s{n}" r:id="r"/>' for n in range(sheets))
    parts = {
        "[Content_Types].xml": f'<Types><Override ContentType="{kind}.sheet.main+xml"/></Types>',
        "xl/workbook.xml": workbook or f'<workbook xmlns:r="{leads}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<R><Relationship Id="r" Type="{leads}/worksheet" Target="s.xml"/>'
        f'<Relationship Id="s" Type="{leads}/sharedStrings" Target="t.xml"/>'
        f'<Relationship Id="t" Type="{leads}/styles" Target="u.xml"/></R>',
        "xl/s.xml": f"<worksheet>{sheet}</worksheet>",
        "xl/t.xml": f"<sst>{strings}</sst>",
        "xl/u.xml": f"<styleSheet>{styles}</styleSheet>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | more).items():
            archive.writestr(name, content)
    return made.getvalue()


def far_cells(count):
    return "".join(f'<c r="{files.letter(column)}1"><v>1</v></c>' for column in range(count))


MANY = 10_000_000
HOSTILE = {
    "more than a million rows": lambda: book_of("<sheetData>" + "<row/>" * 1_600_000),
    "more than a million cells in a row": lambda: book_of("<sheetData><row>" + "<c/>" * 1_600_000),
    "more than a million elements of no meaning": lambda: book_of("<a/>" * 1_600_000),
    "hundreds of thousands of elements in one another": lambda: book_of("<a>" * 300_000),
    "a million attributes": lambda: book_of("<a " + " ".join(f'a{n}=""' for n in range(10**6)) + "/>"),
    "a text of 20 MB": lambda: book_of(strings="<si><t>" + "a" * 20_000_000 + "</t></si>"),
    "five million line ends": lambda: book_of(strings="<si><t>" + "\n" * (5 * 10**6) + "</t></si>"),
    "a million texts": lambda: book_of(strings="<si><t>a</t></si>" * 10**6),
    "texts in four bytes": lambda: book_of(strings="<si><t>" + ("𠮷" + "a" * 5000) * 2000 + "</t></si>"),
    "a million styles": lambda: book_of(styles="<cellXfs>" + '<xf numFmtId="1"/>' * 10**6 + "</cellXfs>"),
    "a million formats": lambda: book_of(styles='<numFmt numFmtId="9" formatCode="0"/>' * 10**6),
    "half a million merged cells": lambda: book_of('<mergeCell ref="A1:B2"/>' * (5 * 10**5)),
    "a million hidden columns": lambda: book_of('<col min="1" max="16384" hidden="1"/>' * 10**6),
    "a hundred thousand sheets": lambda: book_of("<sheetData/>", sheets=100_000),
    "sixteen thousand columns": lambda: book_of(f"<sheetData><row>{far_cells(16_384)}</row></sheetData>"),
    "a claim of seventeen billion cells": lambda: book_of('<dimension ref="A1:XFD1048576"/><sheetData/>'),
    "one cell in the farthest corner": lambda: book_of(
        '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a tag without end": lambda: book_of("<a b='" + "c" * MANY),
    "a comment without end": lambda: book_of("<!--" + "c" * MANY),
    "laughs": lambda: book_of(workbook='<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>'),
    "many parts": lambda: book_of(**{f"p{n}": "" for n in range(21_000)}),
    "an archive in an archive": lambda: book_of("<sheetData/>", **{"xl/a.zip": b"0" * 20_000_000}),
    "sixty thousand numbers in odd formats": lambda: book_of(
        "<sheetData>"
        + "".join(f'<row r="{n}" hidden="1"><c s="{n % 900}"><v>1</v></c></row>' for n in range(60_000))
        + "</sheetData>",
        styles="".join(f'<numFmt numFmtId="{n}" formatCode="{"0" * 200}{n}"/>' for n in range(900))
        + "<cellXfs>"
        + "".join(f'<xf numFmtId="{n}"/>' for n in range(900))
        + "</cellXfs>",
    ),
    "a hundred thousand hidden rows": lambda: book_of(
        "<sheetData>" + '<row hidden="1"><c><v>1</v></c></row>' * 150_000 + "</sheetData>"
    ),
    "a CSV of one line": lambda: b"a" * 5_000_000,
    "a CSV of five million columns": lambda: b"," * 5_000_000,
    "a CSV of blank lines": lambda: b"\n" * 5_000_000,
    "a CSV of old blank lines": lambda: b"\r" * 5_000_000,
    "a CSV of nulls": lambda: b"\0" * 5_000_000,
    "a CSV of open quotation marks": lambda: b'what,metric\n"' + b"\n" * 5_000_000,
    "a CSV of quoted line ends": lambda: b"what,metric\n" + b'"\na",' * 1_000_000,
    "a CSV of quotation marks": lambda: b'"' * 5_000_000,
    "a CSV in UTF-16": lambda: ("a,\n" * 800_000).encode("utf-16"),
}


# Of rows that are hidden, those with formats cost more; of elements that are too many, those that mean something.
BY_NIGHT = {"a hundred thousand hidden rows", "more than a million elements of no meaning"}


@pytest.mark.slow
@pytest.mark.parametrize("what", [what for what in HOSTILE if NIGHTLY or what not in BY_NIGHT])
def test_a_hostile_file_gets_a_sentence_soon_and_for_little_memory(what):
    content = HOSTILE[what]()
    assert len(content) <= files.MOST_BYTES
    cost = cost_of(lambda: files.read(content))
    assert cost.outcome.startswith("ValidationError(["), cost
    # Half of it on a machine of its own: this bounds what kind of cost it is.
    assert (cost.seconds < 4, cost.megabytes < 96) == (True, True), cost
