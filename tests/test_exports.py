"""The filtered set as CSV and JSON: same rows, same keys, same order as the page."""

import csv
import datetime
import html
import io
import itertools
import json
import re
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.models import Commitment, Kind, Level, Rule
from tracker.records import COMMITMENT_COLUMNS

from . import factories

pytestmark = pytest.mark.django_db

CSV, JSON = "/vellmark-2030/commitments.csv", "/vellmark-2030/commitments.json"
KEYS = [
    "plan",
    "code",
    "category",
    "provision",
    "title",
    "quote",
    "qualifier",
    "test",
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
    "carried_from",
    "status",
    "group",
    "status_basis",
    "missing",
    "flags",
    "value",
    "value_bound",
    "value_period",
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


def test_files_hold_the_rows_of_the_page_in_the_same_order(client, vellmark):
    @settings(
        max_examples=30, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(QUERIES)
    def holds(query):
        asked = "?" + urlencode(query, doseq=True)
        page = client.get("/vellmark-2030/commitments/" + asked).content.decode()
        codes = re.findall(r'<td class="num">([\w.]+)</td>', page)
        assert [row["code"] for row in rows_of(client, CSV + asked)] == codes
        document = json.loads(text_of(client, JSON + asked))
        assert [row["code"] for row in document["results"]] == codes
        assert document["about"]["count"] == len(codes)

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
    assert header == KEYS == list(COMMITMENT_COLUMNS)
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
    assert response["Content-Disposition"] == 'attachment; filename="vellmark-2030-commitments.csv"'
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbfplan,code,")
    assert content.count(b"\xef\xbb\xbf") == 1
    assert content.count(b"\r\n") == 15


def test_json_is_for_programs_anywhere(client, vellmark):
    response = client.get(JSON)
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"] == 'inline; filename="vellmark-2030-commitments.json"'
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
    assert json.loads(text_of(client, JSON))["about"]["filters"] == "All commitments of the plan."


def test_an_empty_set_is_a_header_and_an_empty_list(client, vellmark):
    assert text_of(client, CSV + "?kind=law&category=II") == "\ufeff" + ",".join(KEYS) + "\r\n"
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
    for file, (query, words) in itertools.product((CSV, JSON), REFUSED):
        response = client.get(file + query)
        assert response.status_code == 400
        assert response["Content-Type"] == "application/json"
        assert words in response.json()["error"]


def test_a_file_does_not_take_a_page_number_without_effect(client, vellmark):
    assert client.get(CSV + "?page=7&page_size=25").status_code == 400


def test_files_of_an_unknown_plan_are_a_404_in_json(client, vellmark):
    for extension in ("csv", "json"):
        response = client.get(f"/atlantis-2040/commitments.{extension}")
        assert response.status_code == 404
        assert response.json() == {"error": "There is no plan with the code atlantis-2040."}


def test_a_file_holds_all_rows_of_a_set_of_several_pages(client, db):
    provision = factories.ProvisionFactory(category__plan__code="other-plan")
    factories.CommitmentFactory.create_batch(300, provision=provision)
    expected = list(Commitment.objects.order_by("order").values_list("code", flat=True))
    assert [row["code"] for row in rows_of(client, "/other-plan/commitments.csv")] == expected
    assert len(results_of(client, "/other-plan/commitments.json")) == 300
