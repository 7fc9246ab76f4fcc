"""The filtered set as CSV, XLSX and JSON: same rows, same keys, same order as the page; each says what it is."""

import csv
import datetime
import html
import io
import itertools
import json
import re
import types
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracker.exports import answers, workbook
from tracker.exports.text import csv_cell, csv_lines
from tracker.models import Commitment, Kind, Level, Rule
from tracker.records import dictionary
from tracker.records.registry import ABOUT_COLUMNS, COMMITMENT_COLUMNS
from tracker.snapshot.cache import forget, read_snapshot

from . import factories
from .examples import examples
from .reading import source_of

pytestmark = pytest.mark.django_db

CSV, JSON = "/vellmark-2030/commitments.csv", "/vellmark-2030/commitments.json"
XLSX, METADATA = "/vellmark-2030/commitments.xlsx", "/vellmark-2030/commitments.csv-metadata.json"
FILES = (CSV, XLSX, JSON, METADATA)
ABOUT = [
    "about_filters",
    "about_as_of",
    "about_ledger_entry",
    "about_ledger_head",
    "about_method",
    "about_licence",
    "about_address",
]
KEYS = [
    "plan",
    "code",
    "category",
    "provision",
    "title",
    "quote",
    "qualifier",
    "test",
    "test_changed_because",
    "other_reading",
    "kind",
    "level",
    "rule",
    "metric",
    "beside",
    "comparator",
    "target_value",
    "target_rung",
    "tolerance",
    "unit",
    "base_date",
    "deadline",
    "deadline_basis",
    "groups",
    "bodies",
    "norms",
    "recommendations",
    "carried_from",
    "settled_by",
    "status",
    "group",
    "status_basis",
    "missing",
    "decided_by",
    "flags",
    "value",
    "value_bound",
    "value_starts_on",
    "value_as_of",
    "baseline_value",
    "baseline_date",
    "distance",
    "pace",
    "projected",
    "official_says",
    "un_says",
    "independent_says",
    "evidence_count",
    "url",
]
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.lists(st.sampled_from(Kind.values), min_size=1, max_size=4, unique=True),
        "level": st.lists(st.sampled_from(Level.values), min_size=1, max_size=2, unique=True),
        "rule": st.lists(st.sampled_from(Rule.values), min_size=1, max_size=4, unique=True),
        "category": st.lists(st.sampled_from(["I", "I.1", "I.2", "II"]), min_size=1, max_size=2, unique=True),
        "beneficiary": st.lists(st.sampled_from(["everyone", "children", "villagers"]), min_size=1, unique=True),
        "body": st.sampled_from(["none", "lake-council"]),
        "deadline_before": st.sampled_from(["2028-02-28", "2028-02-29", "2030-12-31"]),
        "q": st.sampled_from(["water", "2030", "water kept", "%", "“As", "ø"]),
        "sort": st.sampled_from(["code", "title", "-title", "deadline", "-deadline", "kind", "level"]),
    },
)


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def rows_of(client, address=CSV):
    return list(csv.DictReader(io.StringIO(text_of(client, address).removeprefix("\ufeff"), newline="")))


def results_of(client, address=JSON):
    return json.loads(text_of(client, address))["results"]


def book_of(client, address=XLSX):
    response = client.get(address)
    assert response.status_code == 200
    return load_workbook(io.BytesIO(b"".join(response.streaming_content)))


def cells_of(client, address=XLSX):
    """The cells of each row of the first sheet, by column."""
    header, *rows = book_of(client, address).worksheets[0].iter_rows()
    return [{name.value: cell for name, cell in zip(header, row, strict=True)} for row in rows]


@pytest.mark.slow
def test_files_hold_the_rows_of_the_page_in_the_same_order(client, vellmark):
    @examples(12)
    @given(QUERIES)
    def holds(query):
        asked = "?" + urlencode(query, doseq=True)
        page = source_of(client, "/vellmark-2030/commitments/" + asked)
        codes = re.findall(r'<td class="num">([\w.]+)</td>', page)
        assert [row["code"] for row in rows_of(client, CSV + asked)] == codes
        document = json.loads(text_of(client, JSON + asked))
        assert [row["code"] for row in document["results"]] == codes
        assert document["about"]["count"] == len(codes)
        assert [row["code"].value for row in cells_of(client, XLSX + asked)] == codes

    holds()


def test_the_page_links_to_the_files_of_its_own_set(client, vellmark):
    page = client.get("/vellmark-2030/commitments/?kind=law&kind=aim&q=a%26b%22&page_size=25").content.decode()
    links = [html.unescape(link) for link in re.findall(r'href="([^"]*commitments\.(?:csv|json)\?[^"]*)"', page)]
    assert links == [f"{file}?q=a%26b%22&kind=law&kind=aim" for file in (CSV, JSON)]
    for link in links:
        assert client.get(link).status_code == 200


def test_the_links_to_the_files_keep_the_order_of_the_page(client, vellmark):
    page = client.get("/vellmark-2030/commitments/?sort=-title").content.decode()
    assert f'href="{CSV}?sort=-title"' in page


def test_columns_and_keys_are_the_dictionary(client, vellmark):
    header = text_of(client, CSV).removeprefix("\ufeff").split("\r\n")[0].split(",")
    assert header == [*KEYS, *ABOUT]
    assert (list(COMMITMENT_COLUMNS), list(ABOUT_COLUMNS)) == (KEYS, ABOUT)
    assert [cell.value for cell in next(book_of(client).worksheets[0].iter_rows())] == KEYS
    for row in results_of(client):
        assert list(row) == KEYS


def test_each_cell_says_what_its_key_says(client, vellmark):
    for row, result in zip(rows_of(client), results_of(client), strict=True):
        for key in KEYS:
            value = result[key]
            expected = "" if value is None else "; ".join(value) if isinstance(value, list) else str(value)
            assert row[key].removeprefix("'") == expected.removeprefix("'"), (row["code"], key)


def test_exact_numbers_are_texts_and_blanks_are_blank_and_never_zero(client, vellmark):
    results = {row["code"]: row for row in results_of(client)}
    rows = {row["code"]: row for row in rows_of(client)}
    assert results["I.1.1a"]["target_value"] == rows["I.1.1a"]["target_value"] == "88"
    assert results["I.1.1b"]["tolerance"] == rows["I.1.1b"]["tolerance"] == "1.5"
    assert results["I.2.1c"]["target_value"] == rows["I.2.1c"]["target_value"] == "-20"
    assert results["I.2.1c"]["base_date"] == rows["I.2.1c"]["base_date"] == "2020-12-31"
    assert results["I.2.1b"]["deadline"] == rows["I.2.1b"]["deadline"] == "2028-02-29"
    for key in ("target_value", "tolerance", "comparator", "metric", "unit", "base_date", "other_reading"):
        assert results["I.2.2a"][key] is None, key
        assert rows["I.2.2a"][key] == "", key
    assert results["I.1.1e"]["groups"] == ["children", "villagers"]
    assert rows["I.1.1e"]["groups"] == "children; villagers"
    assert (results["I.1.1d"]["groups"], rows["I.1.1d"]["groups"]) == ([], "")
    assert results["II.1a"]["bodies"] == ["lake-council"]
    assert results["II.1a"]["url"] == "http://127.0.0.1:8000/vellmark-2030/commitments/II.1a/"


@pytest.mark.parametrize(
    ("value", "written"),
    [("0", "0"), ("0.000001", "0.000001"), ("12345678901234", "12345678901234"), ("100", "100"), ("-0.5", "-0.5")],
)
def test_a_target_is_written_in_full_and_zero_is_a_number(client, db, value, written):
    change = {"rule": Rule.CHANGE, "base_date": datetime.date(2020, 12, 31)}
    factories.CommitmentFactory(
        provision__category__plan__code="other-plan", code="C.1a", target_value=Decimal(value), **change
    )
    assert rows_of(client, "/other-plan/commitments.csv")[0]["target_value"] == written
    assert results_of(client, "/other-plan/commitments.json")[0]["target_value"] == written


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://evil.example","x")',
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "-",
        "\n=1+1",
        "＝1+1",
        "--5",
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_neutralised_in_csv_only(client, db, text):
    factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a", test=text)
    assert rows_of(client, "/other-plan/commitments.csv")[0]["test"] == "'" + text
    assert results_of(client, "/other-plan/commitments.json")[0]["test"] == text


def test_quotes_commas_newlines_and_other_scripts_come_back_as_they_were(client, db):
    text = 'He said "so", and\r\nleft; 人权 – “über” \\ ,'
    factories.CommitmentFactory(
        provision__category__plan__code="other-plan", code="C.1a", test=text, title="</script>,\"'"
    )
    (row,) = rows_of(client, "/other-plan/commitments.csv")
    assert (row["test"], row["title"]) == (text, "</script>,\"'")
    (result,) = results_of(client, "/other-plan/commitments.json")
    assert (result["test"], result["title"]) == (text, "</script>,\"'")
    assert "人权" in text_of(client, "/other-plan/commitments.json")


def test_csv_is_utf8_with_a_mark_to_download_under_the_plans_name(client, vellmark):
    response = client.get(CSV)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        response["Content-Disposition"] == f'attachment; filename="vellmark-2030-commitments-{read_snapshot().on}.csv"'
    )
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbfplan,code,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert content.count(b"\r\n") == 15


def test_json_is_for_programs_anywhere(client, vellmark):
    response = client.get(JSON)
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == f'inline; filename="vellmark-2030-commitments-{read_snapshot().on}.json"'
    assert response["Access-Control-Allow-Origin"] == "*"


def test_json_says_what_it_is(client, vellmark):
    document = json.loads(
        text_of(client, JSON + "?kind=law&kind=aim&category=I.1&deadline_after=2030-01-01&sort=title")
    )
    about = document["about"]
    assert list(document) == ["about", "results"]
    assert about["plan"] == "vellmark-2030"
    assert about["title"] == "Rights Programme of Vellmark (2026-2030)"
    assert about["filters"] == (
        "Right: I.1 Water; Kind: Law or policy document or Aim; Deadline on or after: 2030-01-01."
    )
    assert (about["count"], about["of"]) == (1, 14)
    assert about["licence"] == "https://creativecommons.org/licenses/by/4.0/"
    assert about["url"].startswith("http://127.0.0.1:8000/vellmark-2030/commitments/?")
    address = about["url"].removeprefix("http://127.0.0.1:8000")
    assert '1 <span class="of">of 14' in client.get(address).content.decode()
    page = client.get("/vellmark-2030/").content.decode()
    assert f"log entry {about['ledger_entry']:,}<" in page
    assert json.loads(text_of(client, JSON))["about"]["filters"] == "All promises of the plan."


def test_an_empty_set_is_a_header_and_an_empty_list(client, vellmark):
    assert text_of(client, CSV + "?kind=law&category=II") == "\ufeff" + ",".join([*KEYS, *ABOUT]) + "\r\n"
    assert cells_of(client, XLSX + "?kind=law&category=II") == []
    document = json.loads(text_of(client, JSON + "?kind=law&category=II"))
    assert (document["results"], document["about"]["count"]) == ([], 0)


REFUSED = [
    ("?colour=red", "There is no parameter “colour”."),
    ("?kind=rule", "kind=rule: "),
    ("?q=a&q=b", "The parameter “q” stands twice"),
    ("?q=%00", "null character"),
    ("?page=abc", "page=abc: "),
    ("?deadline_after=x", "deadline_after=x: "),
]


def test_a_bad_request_is_refused_in_json_by_name(client, vellmark):
    for file, (query, words) in itertools.product(FILES, REFUSED):
        response = client.get(file + query)
        assert response.status_code == 400
        assert response["Content-Type"] == "application/json"
        assert words in response.json()["error"]


def test_a_file_does_not_take_a_page_number_without_effect(client, vellmark):
    for file in FILES:
        assert client.get(file + "?page=7&page_size=25").status_code == 400, file


def test_files_of_an_unknown_plan_are_a_404_in_json(client, vellmark):
    for extension in ("csv", "xlsx", "json", "csv-metadata.json"):
        response = client.get(f"/atlantis-2040/commitments.{extension}")
        assert response.status_code == 404
        assert response.json() == {"error": "There is no plan with the code atlantis-2040."}


@pytest.mark.slow
def test_a_file_holds_all_rows_of_a_set_of_several_pages(client, db):
    provision = factories.ProvisionFactory(category__plan__code="other-plan")
    factories.CommitmentFactory.create_batch(300, provision=provision)
    expected = list(Commitment.objects.order_by("order").values_list("code", flat=True))
    assert [row["code"] for row in rows_of(client, "/other-plan/commitments.csv")] == expected
    assert len(results_of(client, "/other-plan/commitments.json")) == 300


def test_each_row_of_csv_says_at_its_end_what_the_file_is(client, vellmark):
    for query in ("", "?kind=law&category=I.1&sort=title", "?on=2026-05-01&q=water"):
        about = json.loads(text_of(client, JSON + query))["about"]
        rows = rows_of(client, CSV + query)
        assert rows
        for row in rows:
            assert [row[name] for name in ABOUT] == [
                about["filters"],
                about["as_of"],
                str(about["ledger_entry"]),
                about["ledger_head"],
                about["method"],
                about["licence"],
                about["url"],
            ]


def test_csv_leads_to_its_description_for_programs(client, vellmark):
    query = "?kind=law&kind=aim&on=2026-05-01"
    link = client.get(CSV + query)["Link"]
    address = f"http://127.0.0.1:8000{METADATA}{query.replace('&on=2026-05-01', '')}&on=2026-05-01"
    assert link == f'<{address}>; rel="describedby"; type="application/csvm+json"'
    response = client.get(address.removeprefix("http://127.0.0.1:8000"))
    assert response["Content-Type"] == "application/csvm+json"
    described = response.json()
    assert described["@context"][0] == "http://www.w3.org/ns/csvw"
    assert described["url"] == f"http://127.0.0.1:8000{CSV}{query}"
    assert described["dc:license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert "Kind: Law or policy document or Aim" in described["dc:description"]
    columns = described["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == [*KEYS, *ABOUT]
    by_name = {column["name"]: column for column in columns}
    assert by_name["target_value"]["datatype"] == "decimal"
    assert by_name["deadline"]["datatype"] == {"base": "date", "format": "yyyy-MM-dd"}
    assert (by_name["groups"]["separator"], by_name["code"]["required"]) == ("; ", True)
    assert by_name["base_date"]["required"] is False


def test_files_keep_to_the_columns_that_were_chosen_with_the_code_first(client, vellmark):
    chosen, asked = ["code", "title", "target_value"], "?columns=target_value&columns=title"
    assert list(rows_of(client, CSV + asked)[0]) == [*chosen, *ABOUT]
    assert list(results_of(client, JSON + asked)[0]) == chosen
    assert list(cells_of(client, XLSX + asked)[0]) == chosen
    described = client.get(METADATA + asked).json()["tableSchema"]["columns"]
    assert [column["name"] for column in described] == [*chosen, *ABOUT]
    assert [row["code"] for row in rows_of(client)] == [row["code"] for row in results_of(client, JSON + asked)]


def test_every_file_can_be_read_by_programs_of_any_site_its_refusals_too(client, vellmark):
    for file in FILES:
        assert client.get(file)["Access-Control-Allow-Origin"] == "*", file
        assert client.get(file + "?colour=red")["Access-Control-Allow-Origin"] == "*", file


def test_the_head_of_a_file_says_what_the_file_would(client, vellmark):
    for file in FILES:
        head, whole = client.head(file), client.get(file)
        assert head.status_code == 200
        assert b"".join(head) == b""
        for name in ("Content-Type", "ETag", "Content-Disposition", "Link"):
            assert head.headers.get(name) == whole.headers.get(name), (file, name)


def test_an_unchanged_file_is_a_304(client, vellmark):
    for file in FILES:
        etag = client.get(file)["ETag"]
        assert client.get(file, HTTP_IF_NONE_MATCH=etag).status_code == 304, file


def test_a_file_asks_the_database_once_however_long_it_is(client, vellmark, django_assert_num_queries):
    for count in (0, 140):
        some = Commitment.objects.select_related("provision").get(code="I.1.1a")
        factories.CommitmentFactory.create_batch(count, provision=some.provision, metric=some.metric)
        forget()
        client.get("/")
        for file in FILES:
            with django_assert_num_queries(1):
                assert b"".join(client.get(file))


# XLSX: typed cells, and nothing in it is ever run.


def test_a_workbook_holds_typed_cells_with_their_decimals(client, vellmark):
    cells = {row["code"].value: row for row in cells_of(client)}
    assert (cells["I.1.1a"]["target_value"].value, cells["I.1.1a"]["target_value"].number_format) == (88, "0")
    assert (cells["I.1.1b"]["tolerance"].value, cells["I.1.1b"]["tolerance"].number_format) == (1.5, "0.0")
    deadline = cells["I.2.1b"]["deadline"]
    assert (deadline.value, deadline.number_format) == (datetime.datetime(2028, 2, 29), "yyyy-mm-dd")
    assert cells["I.1.1e"]["groups"].value == "children; villagers"
    for row in cells.values():
        assert row["evidence_count"].value == 0  # a count of nothing is a zero
        assert row["evidence_count"].data_type == "n"
    for key in ("target_value", "tolerance", "base_date", "metric", "bodies"):
        assert cells["I.2.2a"][key].value is None, key  # what does not apply is a blank


def test_a_workbook_says_what_each_cell_of_csv_says(client, vellmark_progress):
    for row, cells in zip(rows_of(client), cells_of(client), strict=True):
        for key in KEYS:
            value = cells[key].value
            if isinstance(value, datetime.datetime):
                value = value.date()
            assert row[key] == ("" if value is None else str(value)), (row["code"], key)


def test_the_head_of_a_workbook_stays_in_sight_and_filters(client, vellmark):
    book = book_of(client, XLSX + "?kind=law&kind=aim")
    assert book.sheetnames == ["Commitments", "About", "Dictionary"]
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(KEYS)).column_letter}{sheet.max_row}"


def test_a_workbook_says_what_it_is_and_what_its_columns_mean(client, vellmark):
    book = book_of(client, XLSX + "?kind=law&sort=title")
    about = json.loads(text_of(client, JSON + "?kind=law&sort=title"))["about"]
    assert {name: value for name, value in list(book["About"].values)[1:]} == about  # noqa: C416
    header, *rows = book["Dictionary"].values
    assert header == ("Column", "Type", "Can be blank", "Meaning", "Codes")
    assert [row[0] for row in rows] == KEYS
    assert ("deadline", "date, as 2025-12-31", "no", "Day by which it was due", None) in rows
    meaning = "Target, in the unit; for a change, percent with its sign"
    assert ("target_value", "exact number", "yes", meaning, None) in rows
    codes = {row[0]: row[4] for row in rows}
    assert "milestone – Reach a stage; judge – Judged against a written test; uphold – Standing duty" in codes["rule"]
    assert codes["flags"].startswith("met_at_baseline – already met at the baseline; ")
    assert codes["official_says"].endswith("notes – noted, without a verdict; mixed – different things")
    assert codes["level"] == "structure; process; outcome"  # their own words
    assert (book.properties.creator, book.properties.title) == ("Promise by promise", about["title"])


def through_a_workbook(value, type_=dictionary.TEXT):
    """A value written into a workbook, and the cell as it is read back."""
    file = io.BytesIO()
    columns = [dictionary.Column("code", "Code"), dictionary.Column("it", "It", type_)]
    workbook.write(file, columns=columns, rows=[{"code": "x", "it": value}], about={})
    return load_workbook(file).worksheets[0]["B2"]


SIGNS = "=+-@\t\r\n＝＋－＠'\"0123456789.,;#N/A _x000D_\u0001\ufffe人🙂"
TEXTS = st.text(st.sampled_from(SIGNS), min_size=1, max_size=12) | st.text(min_size=1, max_size=40)


@pytest.mark.slow
@examples(60)
@given(TEXTS)
def test_no_text_becomes_a_formula_an_error_or_a_number_in_a_workbook(text):
    cell = through_a_workbook(text)
    shown = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", re.sub(r"\r\n?", "\n", text))
    assert cell.data_type == "s"
    assert cell.value == shown
    assert bool(cell.quotePrefix) == (csv_cell(shown) != shown)


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "#REF!", "＝1+1", "=cmd|' /C calc'!A0"])
def test_what_begins_like_a_formula_is_a_text_in_a_workbook(client, db, text):
    factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a", test=text)
    (row,) = cells_of(client, "/other-plan/commitments.xlsx")
    assert (row["test"].value, row["test"].data_type) == (text, "s")


@pytest.mark.slow
@examples(60)
@given(TEXTS)
def test_a_cell_of_csv_is_never_a_formula_and_gives_its_text_back(text):
    ((cell,),) = csv.reader(io.StringIO("".join(csv_lines([], [[text]])).split("\r\n", 1)[1], newline=""))
    assert cell in (text, "'" + text)
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell, re.ASCII):
        assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))


@pytest.mark.slow
@examples(60)
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**8), max_value=10**8))
def test_a_number_in_a_workbook_is_that_number_with_its_decimals(number):
    text = f"{number:f}".rstrip("0").rstrip(".")
    text = "0" if text in ("-0", "") else text
    cell = through_a_workbook(text, dictionary.NUMBER)
    assert cell.data_type == "n"
    assert Decimal(str(cell.value)) == Decimal(text)
    assert len(cell.number_format.partition(".")[2]) == len(text.partition(".")[2])


def test_a_number_too_long_for_a_spreadsheet_is_a_text_and_zero_is_no_blank():
    cell = through_a_workbook("12345678901234.000001", dictionary.NUMBER)
    assert (cell.value, cell.data_type) == ("12345678901234.000001", "s")
    assert through_a_workbook("123456789012345", dictionary.NUMBER).value == 123456789012345
    assert (through_a_workbook("0", dictionary.NUMBER).value, through_a_workbook(None).value) == (0, None)
    assert csv_cell("0") == "0"
    assert csv_cell(0) == "0"
    assert csv_cell(None) == csv_cell([]) == ""


def test_a_text_longer_than_a_cell_says_that_it_was_cut():
    cell = through_a_workbook("a" * 40_000)
    assert len(cell.value) == 32_767
    assert cell.value.endswith("(longer than a cell can hold; CSV and JSON have all of it)")


def test_a_workbook_that_cannot_be_written_leaves_no_file_behind(vellmark, monkeypatch):
    closed = []
    file = types.SimpleNamespace(close=lambda: closed.append(True))
    monkeypatch.setattr(answers.tempfile, "TemporaryFile", lambda: file)
    with pytest.raises(ZeroDivisionError):
        answers.from_disk(lambda file: 1 / 0, content_type="x", headers={})
    assert closed == [True]


# The baseline as files


def test_files_of_the_baseline_give_every_value_in_its_type(client, vellmark):
    rows = {row["code"]: row for row in rows_of(client, "/vellmark-2030/baseline.csv")}
    cost, law = rows["cost-of-wells-2024"], rows["lake-law-2023"]
    assert (cost["value"], cost["bound"], cost["undated"], cost["as_of"]) == ("3.2", "exact", "false", "2024-12-31")
    assert (law["value"], law["unit"], law["form"]) == ("", "", "act")
    assert rows["wells-dug-2024"]["commitments"] == "I.1.1b"
    assert json.loads(cost["citations"])[1]["differs"] == "currency"
    assert cost["url"] == "http://127.0.0.1:8000/vellmark-2030/baseline/cost-of-wells-2024/"
    results = {row["code"]: row for row in json.loads(text_of(client, "/vellmark-2030/baseline.json"))["results"]}
    assert results["cost-of-wells-2024"]["citations"] == json.loads(cost["citations"])
    assert results["lake-law-2023"]["value"] is None
    answer = client.get("/vellmark-2030/baseline.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["Baseline", "About", "Dictionary"]
    header, *cells = book.worksheets[0].iter_rows(values_only=True)
    sheet = {row[1]: dict(zip(header, row, strict=True)) for row in cells}
    assert sheet["cost-of-wells-2024"]["value"] == 3.2
    assert sheet["cost-of-wells-2024"]["as_of"] == datetime.datetime(2024, 12, 31)
    assert sheet["advice-offices-by-2025"]["undated"] == "true"
    assert sheet["lake-law-2023"]["value"] is None


def test_files_of_the_baseline_say_what_they_are(client, vellmark):
    about = json.loads(text_of(client, "/vellmark-2030/baseline.json?form=act"))["about"]
    assert (about["count"], about["of"], about["filters"]) == (1, 6, "Figure or act: act.")
    assert about["url"] == "http://127.0.0.1:8000/vellmark-2030/baseline/?form=act"
    assert about["dictionary"].endswith("/data/#baseline")
    answer = client.get("/vellmark-2030/baseline.csv?form=act")
    assert answer["Content-Disposition"].startswith('attachment; filename="vellmark-2030-baseline-')
    assert "/vellmark-2030/baseline.csv-metadata.json?form=act>" in answer["Link"]
    described = client.get("/vellmark-2030/baseline.csv-metadata.json?form=act").json()
    assert described["dc:description"] == "1 of 6 figures and acts. Figure or act: act."
    names = [column["name"] for column in described["tableSchema"]["columns"]]
    assert names == list(rows_of(client, "/vellmark-2030/baseline.csv")[0])
