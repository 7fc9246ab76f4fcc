"""/data/: every table as a download with its dictionary, one archive of everything, descriptions for programs."""

import csv
import hashlib
import html
import io
import json
import re
import subprocess
import sys
import zipfile

import jsonschema
import pytest
from django.conf import settings
from django.core.management import call_command

from tests.registering import register
from tracker.actions.changes import correct, withdraw
from tracker.actions.progress import draft, publish, submit
from tracker.exports import tables
from tracker.models import Commitment
from tracker.snapshot.cache import forget, read_snapshot
from tracker.standalone.assess import METHOD

from . import drafts, factories
from .reading import source_of, squeezed

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
TABLES = (
    "plans",
    "categories",
    "provisions",
    "commitments",
    "baseline",
    "passages",
    "metrics",
    "updates",
    "series-wide",
    "assessments",
    "citations",
    "sources",
    "bodies",
    "instruments",
    "norms",
    "adherences",
    "norm-links",
    "recommendations",
    "recommendation-links",
    "groups",
    "amendments",
    "ledger",
)
ALONE = ("/data/everything.zip", "/data/datapackage.json", "/data/dataset.jsonld")
FILES = (*ALONE, *[f"/data/{name}.{end}" for name in TABLES for end in ("csv", "json", "csv-metadata.json")])
CC_BY = "https://creativecommons.org/licenses/by/4.0/"

# What the standard asks of a tabular Data Package (version 1), as far as it concerns these files, in our own words: the
# published schema comes with no package that is worth installing for it.
NAME = {"type": "string", "pattern": r"^[-a-z0-9._/]+$"}
FIELD_TYPES = ("string", "number", "integer", "boolean", "date", "datetime", "object", "array")
NAMES = {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}
PACKAGE = {
    "type": "object",
    "required": ["name", "resources", "profile"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": NAME,
        "title": {"type": "string"},
        "description": {"type": "string"},
        "homepage": {"type": "string", "format": "uri"},
        "version": {"type": "string"},
        "created": {"type": "string", "format": "date-time"},
        "keywords": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "licenses": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "anyOf": [{"required": ["name"]}, {"required": ["path"]}],
                "properties": {"name": {"type": "string", "pattern": r"^[-a-zA-Z0-9._]+$"}, "path": {"type": "string"}},
            },
        },
        "sources": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["title"]}},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "profile", "schema"],
                "properties": {
                    "profile": {"const": "tabular-data-resource"},
                    "name": NAME,
                    "path": {"type": "string", "pattern": r"^(?=^[^./~])(^((?!\.{2}).)*$).*$"},
                    "encoding": {"type": "string"},
                    "bytes": {"type": "integer", "minimum": 1},
                    "hash": {"type": "string", "pattern": "^[^:]+:[a-fA-F0-9]+$"},
                    "schema": {
                        "type": "object",
                        "required": ["fields"],
                        "properties": {
                            "primaryKey": NAMES,
                            "missingValues": {"type": "array", "items": {"type": "string"}},
                            "fields": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "object",
                                    "required": ["name", "type"],
                                    "properties": {
                                        "name": {"type": "string"},
                                        "type": {"enum": FIELD_TYPES},
                                        "format": {"type": "string"},
                                        "constraints": {
                                            "type": "object",
                                            "properties": {
                                                "required": {"type": "boolean"},
                                                "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
                                            },
                                            "additionalProperties": False,
                                        },
                                    },
                                },
                            },
                            "foreignKeys": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "object",
                                    "required": ["fields", "reference"],
                                    "properties": {
                                        "fields": NAMES,
                                        "reference": {
                                            "type": "object",
                                            "required": ["resource", "fields"],
                                            "properties": {"resource": {"type": "string"}, "fields": NAMES},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


def body_of(response):
    assert response.status_code == 200
    return b"".join(response).decode("utf-8-sig")


def rows_of(client, name, query=""):
    return list(csv.DictReader(io.StringIO(body_of(client.get(f"/data/{name}.csv{query}")), newline="")))


def header_of(client, file):
    return next(csv.reader(io.StringIO(body_of(client.get(f"/data/{file}")))))


def results_of(client, name, query=""):
    return json.loads(body_of(client.get(f"/data/{name}.json{query}")))["results"]


def page_of(client, query=""):
    return html.unescape(squeezed(body_of(client.get(f"/data/{query}"))))


def archive_of(client, query=""):
    return zipfile.ZipFile(io.BytesIO(b"".join(client.get(f"/data/everything.zip{query}"))))


@pytest.fixture
def lived(vellmark_progress, edith, rana):
    """The invented plan with all that can happen to a record: corrected, withdrawn, redacted, amended, answered."""
    drafts.published(drafts.value("88.5", "2026-10-31", summary="By hand."), edith, rana)
    return vellmark_progress


# The page


def test_it_lists_every_table_with_its_rows_and_both_files(client, lived):
    page = page_of(client)
    assert "<title>Data · Promise by promise</title>" in page
    assert tuple(tables.TABLES) == TABLES
    total = 0
    for name in TABLES:
        row = re.search(rf'<th scope="row"><a href="#{name}">.*?</tr>', page, re.S).group()
        count = int(re.search(r'data-label="Rows">([\d,]+)<', row).group(1).replace(",", ""))
        assert re.findall(r'href="(/[^"]*)"', row) == [f"/data/{name}.csv", f"/data/{name}.json"]
        assert len(re.findall(r"about [\d.]+\s(?:bytes|KB|MB)", row)) == 2
        assert len(rows_of(client, name)) == len(results_of(client, name)) == count, name
        total += count
    assert f"22 tables with {total:,} rows" in page
    assert total > 100


def test_what_it_says_of_sizes_is_about_right(client, lived):
    for table in client.get("/data/").context["tables"]:
        for address, _name, size in table["files"]:
            assert size == pytest.approx(len(b"".join(client.get(address))), rel=0.25), address


def test_its_dictionary_names_each_column_with_type_blanks_and_meaning(client, lived):
    page = page_of(client)
    for name in TABLES:
        section = page[page.index(f'<h3 id="{name}">') :]
        section = section[: section.index("</section>")]
        rows = re.findall(r'<th scope="row" class="num"[^>]*>(.*?)</th>(.*?)</tr>', section)
        header = header_of(client, f"{name}.csv")
        assert [column for column, _rest in rows if column != "evidence"] == header, name
        for column, rest in rows:
            type_, blank, meaning = (re.sub("<[^>]*>", "", cell).strip() for cell in rest.split("</td>")[:3])
            assert type_, column
            assert blank in ("yes", "no"), column
            assert len(meaning) > 2, column


def test_it_says_licence_citation_and_how_to_begin_verify_and_load(client, lived):
    page = page_of(client)
    snapshot = read_snapshot()
    assert f'<a href="{CC_BY}" rel="license">CC BY 4.0</a>' in page
    assert "Quotations from a plan belong to its publisher" in page
    assert "The programs are under the MIT licence." in page
    assert f"log entry {snapshot.known} ({snapshot.head_hash[:12]}). {SITE}/data/" in page
    assert f'pd.read_csv("{SITE}/data/commitments.csv")' in page
    assert "python data/verify.py data/ledger.jsonl" in page
    assert f"manage.py import_records promise-by-promise-{snapshot.on}.zip" in page


def test_it_leads_programs_to_the_descriptions(client, vellmark):
    head = page_of(client, "?on=2026-05-01").split("</head>")[0]
    assert '<link rel="alternate" type="application/ld+json" href="/data/dataset.jsonld?on=2026-05-01">' in head
    assert '<link rel="describedby" type="application/json" href="/data/datapackage.json?on=2026-05-01">' in head
    assert '<meta name="robots" content="noindex">' in head
    assert "noindex" not in page_of(client)


def test_before_any_plan_is_loaded_every_file_is_there_and_empty(client, db):
    assert "22 tables with 0 rows" in page_of(client)
    for name in TABLES:
        assert rows_of(client, name) == results_of(client, name) == []
    check_package(client.get("/data/datapackage.json").json())
    assert client.get("/data/dataset.jsonld").json()["@type"] == "Dataset"
    assert "plans.csv" in archive_of(client).namelist()


# The tables


def test_both_formats_of_a_table_say_the_same(client, lived):
    snapshot = read_snapshot()
    for name in TABLES:
        table = tables.TABLES[name]
        for row, result in zip(rows_of(client, name), results_of(client, name), strict=True):
            assert list(result) == [column.name for column in table.columns_in(snapshot)], name
            for column in table.csv_columns(snapshot):
                value = result[column.name]
                if column.type in ("json", "repeats"):
                    value = json.dumps(value, ensure_ascii=False) if value else None
                elif column.type in ("list", "entries"):
                    value = "; ".join(map(str, value))
                elif column.type == "truth":
                    value = str(value).lower()
                assert row[column.name].removeprefix("'") == ("" if value is None else str(value)), column


def test_the_file_of_series_has_every_value_once_in_the_year_in_which_its_period_ends(client, lived, edith, rana):
    def held():
        rows = rows_of(client, "series-wide")
        years = [name for name in rows[0] if name.isdigit()]
        cells = [(row, year, row[year]) for row in rows for year in years if row[year]]
        return years, sorted((row["metric"], year, value) for row, year, value in cells), rows

    def recorded():
        values = [u for rows in read_snapshot().updates.values() for u in rows if u.value is not None]
        return sorted((u.metric, str(u.as_of.year), format(u.value, "f")) for u in values)

    years, cells, before = held()
    assert cells == recorded()
    assert years == [str(year) for year in range(int(years[0]), int(years[-1]) + 1)]
    # A second figure of the same, for the same year, and one of another place: rows of their own.
    drafts.published(drafts.value(83, "2026-03-31"), edith, rana)
    drafts.published(drafts.value(84, "2026-03-31"), edith, rana)
    drafts.published(drafts.value(11, "2026-03-31", scope="the hills"), edith, rana)
    _years, cells, rows = held()
    assert cells == recorded()
    assert len(rows) >= len(before) + 2
    assert {row["scope"] for row in rows} == {"", "the hills"}
    assert len({(row["metric"], row["series"]) for row in rows}) == len(rows)
    page = page_of(client)
    assert 'id="series-wide.2026"' in page
    (resource,) = [r for r in client.get("/data/datapackage.json").json()["resources"] if r["name"] == "series-wide"]
    assert [field["name"] for field in resource["schema"]["fields"]] == list(rows[0])


def check_dictionary(client):
    """What the dictionary says of blanks and vocabularies is true of every row."""
    for name in TABLES:
        rows = rows_of(client, name)
        for column in tables.TABLES[name].csv_columns(read_snapshot()):
            cells = {row[column.name] for row in rows}
            if column.type == "list":
                cells = {part for cell in cells for part in cell.split("; ")}
            assert "" not in cells or not column.filled, (name, column.name)
            assert not column.values or cells - {""} <= set(column.values), (name, column.name)


def test_the_dictionary_is_true_of_the_invented_plan(client, lived):
    check_dictionary(client)


def test_the_dictionary_is_true_of_the_real_plan(client, china):
    check_dictionary(client)


def test_updates_and_findings_carry_permanent_keys_that_corrections_keep(client, lived):
    updates = {row["summary"]: row for row in results_of(client, "updates")}
    assert updates["LAST"]["key"] == "test-last"  # its seed file's
    entry = next(row for row in results_of(client, "ledger") if row["seq"] == updates["By hand."]["entry"])
    assert updates["By hand."]["key"] == f"log-{entry['hash'][:12]}"  # recorded by hand
    assert "WRONG" not in updates
    assert updates["FIXED"]["key"] == "test-wrong"


def test_an_answer_names_the_finding_as_it_stands_now(client, lived, edith, rana):
    breach = lived["un_breach"]
    fixed = correct(published=breach, changes={"summary": "PUT RIGHT"}, reason="A slip.", by=edith)
    publish(record=submit(record=fixed, by=edith), by=rana)
    findings = {row["summary"]: row for row in results_of(client, "assessments")}
    assert findings["ANSWER"]["replies_to"] == findings["PUT RIGHT"]["entry"] > breach.entry_id
    fixed.refresh_from_db()
    gone = withdraw(published=fixed, reason="Not theirs.", by=edith)
    publish(record=submit(record=gone, by=edith), by=rana)
    findings = {row["summary"]: row for row in results_of(client, "assessments")}
    assert findings["ANSWER"]["replies_to"] is None


def test_what_was_amended_and_what_was_redacted_is_said(client, lived):
    (row,) = results_of(client, "amendments")
    assert (row["plan"], row["table"], row["code"]) == ("vellmark-2030", "commitments", "I.1.1d")
    assert row["changes"]["test"][1] == "Kept if a law on water is adopted by the last day of 2030."
    (redacted,) = [row for row in results_of(client, "assessments") if row["redacted"]]
    assert (redacted["summary"], redacted["says"]) == (None, "not_kept")
    assert "SECRETNAME" not in body_of(client.get("/data/ledger.json"))


def test_no_draft_is_in_any_table(client, lived, edith):
    draft(record=drafts.value(99, "2026-10-31", summary="Not public yet."), by=edith)
    for name in TABLES:
        assert "Not public yet." not in body_of(client.get(f"/data/{name}.json")), name


def test_a_table_says_which_state_of_the_site_it_is_of(client, lived):
    snapshot = read_snapshot()
    document = json.loads(body_of(client.get("/data/updates.json")))
    assert document["about"] == {
        "as_of": str(snapshot.on),
        "ledger_entry": snapshot.known,
        "ledger_head": snapshot.head_hash,
        "method": METHOD,
        "licence": CC_BY,
        "url": SITE,
        "table": "updates",
        "count": len(document["results"]),
        "dictionary": f"{SITE}/data/#updates",
    }


# As files


@pytest.mark.slow
def test_every_file_answers_under_a_name_with_its_day_for_programs_of_any_site(client, lived):
    on = read_snapshot().on
    types = {"csv": "text/csv; charset=utf-8", "jsonld": "application/ld+json", "zip": "application/zip"}
    for address in FILES:
        head, response = client.head(address), client.get(address)
        ending = address.rpartition(".")[2]
        metadata = address.endswith(".csv-metadata.json")
        assert head.status_code == response.status_code == 200, address
        assert b"".join(head) == b""
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Content-Type"] == (
            "application/csvm+json" if metadata else types.get(ending, "application/json")
        )
        assert client.get(address, HTTP_IF_NONE_MATCH=response["ETag"]).status_code == 304, address
    for name in TABLES:
        assert f'"{name}-{on}.csv"' in client.get(f"/data/{name}.csv")["Content-Disposition"]
    assert f'"promise-by-promise-{on}.zip"' in client.get("/data/everything.zip")["Content-Disposition"]


@pytest.mark.slow
def test_every_file_can_be_had_as_of_a_past_day_and_a_past_state(client, lived):
    before = {row["code"]: row["status"] for row in rows_of(client, "commitments", "?on=2026-01-31")}
    today = {row["code"]: row["status"] for row in rows_of(client, "commitments")}
    assert before.keys() == today.keys()
    assert before != today
    for address in FILES:
        assert client.get(f"{address}?on=2026-05-01").status_code == 200, address
        assert client.get(f"{address}?known=2001-01-01").status_code == 400, address
    about = json.loads(body_of(client.get("/data/bodies.json?on=2026-05-01")))["about"]
    assert about["as_of"] == "2026-05-01"
    page = page_of(client, "?on=2026-05-01")
    assert 'href="/data/bodies.json?on=2026-05-01"' in page
    assert 'href="/data/everything.zip?on=2026-05-01"' in page
    package = client.get("/data/datapackage.json?on=2026-05-01").json()
    assert package["resources"][0]["path"] == f"{SITE}/data/plans.csv?on=2026-05-01"
    link = client.get("/data/bodies.csv?on=2026-05-01")["Link"]
    assert link.startswith(f"<{SITE}/data/bodies.csv-metadata.json?on=2026-05-01>")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?category=I", "This page takes no parameter “category”."),
        ("?on=soon", "on=soon: give a day such as 2025-12-31."),
        ("?on=2999-01-01", "that day is still to come"),
        ("?known=2020-01-01&known=2021-01-01", "“known” stands twice"),
    ],
)
def test_a_bad_parameter_is_refused_by_name_in_json_for_files(client, vellmark, query, sentence):
    assert sentence in client.get(f"/data/{query}").content.decode()
    for address in FILES:
        response = client.get(address + query)
        assert response.status_code == 400, address
        assert sentence in response.json()["error"], address


def test_a_table_that_is_not_there_is_a_404_by_name(client, vellmark):
    for ending in ("csv", "json", "csv-metadata.json"):
        response = client.get(f"/data/secrets.{ending}")
        assert response.status_code == 404
        assert response.json() == {"error": "There is no table with the name secrets."}


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 10])
def test_files_ask_the_log_and_nothing_else_however_many_rows_there_are(
    client, lived, times, django_assert_num_queries
):
    if times > 1:
        some = Commitment.objects.select_related("provision").get(code="I.1.1a")
        factories.CommitmentFactory.create_batch(14 * (times - 1), provision=some.provision, metric=some.metric)
    forget()
    client.get("/")
    costs = {"/data/": 2, "/data/everything.zip": 6} | dict.fromkeys(ALONE[1:], 2)
    costs |= {"/data/ledger.csv": 2, "/data/ledger.json": 2}
    for address in ("/data/", *FILES):
        with django_assert_num_queries(costs.get(address, 1)):
            assert b"".join(client.get(address))


# Descriptions for programs


def check_package(document):
    """The description keeps to the standard."""
    jsonschema.Draft202012Validator(PACKAGE, format_checker=jsonschema.FormatChecker()).validate(document)


def test_the_data_package_keeps_to_its_standard(client, lived):
    document = client.get("/data/datapackage.json").json()
    check_package(document)
    snapshot = read_snapshot()
    assert [resource["name"] for resource in document["resources"]] == list(TABLES)
    assert document["version"] == snapshot.head_hash
    assert document["licenses"] == [{"name": "CC-BY-4.0", "path": CC_BY, "title": "Creative Commons Attribution 4.0"}]
    assert document["created"] == results_of(client, "ledger")[-1]["at"]
    assert "Rights Programme of Vellmark (2026-2030)" in document["sources"][0]["title"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: d.pop("resources"),
        lambda d: d["resources"][0].update(path="../plans.csv"),
        lambda d: d["resources"][0]["schema"]["fields"][0].update(type="text"),
        lambda d: d["resources"][0].update(hash="abc"),
        lambda d: d.update(sources=[]),
    ],
)
def test_the_check_of_the_data_package_sees_what_is_wrong(client, vellmark, spoil):
    document = client.get("/data/datapackage.json").json()
    spoil(document)
    with pytest.raises(jsonschema.ValidationError):
        check_package(document)


def check_keys(client):
    """Every field is a column, keys are unique, and every reference is to a row that is there."""
    resources = {each["name"]: each for each in client.get("/data/datapackage.json").json()["resources"]}
    texts = {name: body_of(client.get(f"/data/{each['path']}")) for name, each in resources.items()}
    files = {name: csv.DictReader(io.StringIO(text, newline="")) for name, text in texts.items()}
    rows = {name: list(file) for name, file in files.items()}
    checked = 0
    for name, resource in resources.items():
        schema, header = resource["schema"], files[name].fieldnames
        assert [field["name"] for field in schema["fields"]] == header
        primary = [tuple(row[column] for column in schema["primaryKey"]) for row in rows[name]]
        assert len(set(primary)) == len(primary), name
        for key in schema.get("foreignKeys", ()):
            target = key["reference"]
            known = {tuple(row[column] for column in target["fields"]) for row in rows[target["resource"] or name]}
            named = {tuple(row[column] for column in key["fields"]) for row in rows[name]}
            named.discard(("",) * len(key["fields"]))
            assert named <= known, (name, key)
            checked += len(named)
    return checked


def test_keys_and_references_of_the_data_package_hold(client, lived):
    assert check_keys(client) > 80


def test_keys_and_references_hold_on_the_real_plan(client, china):
    assert check_keys(client) > 4000


def test_csvw_describes_each_table(client, lived):
    for name in TABLES:
        document = client.get(f"/data/{name}.csv-metadata.json").json()
        header = header_of(client, f"{name}.csv")
        assert document["url"] == f"{SITE}/data/{name}.csv"
        assert [column["name"] for column in document["tableSchema"]["columns"]] == header
        assert set(document["tableSchema"]["primaryKey"]) <= set(header)
        link = client.get(f"/data/{name}.csv")["Link"]
        assert link == f'<{SITE}/data/{name}.csv-metadata.json>; rel="describedby"; type="application/csvm+json"'
    kind = next(
        column
        for column in client.get("/data/bodies.csv-metadata.json").json()["tableSchema"]["columns"]
        if column["name"] == "side"
    )
    assert kind["datatype"] == {"base": "string", "format": "official|un|independent|unknown"}


def test_the_dataset_is_described_to_search_engines(client, lived):
    document = client.get("/data/dataset.jsonld").json()
    assert (document["@context"], document["@type"]) == ("https://schema.org/", "Dataset")
    assert 50 <= len(document["description"]) <= 5000
    assert document["license"] == CC_BY
    assert document["temporalCoverage"] == "2026-01-01/2030-12-31"
    files = [each["contentUrl"] for each in document["distribution"]]
    assert len(files) == 1 + 2 * len(TABLES)
    for address in files:
        assert client.head(address.removeprefix(SITE)).status_code == 200, address


# Everything in one archive


def test_the_archive_holds_every_file_with_the_bytes_of_each_by_itself(client, lived):
    archive = archive_of(client)
    names = [f"{name}.{end}" for name in TABLES for end in ("csv", "csv-metadata.json", "json")]
    names += [
        "checkpoint",
        "ledger.jsonl",
        "verify.py",
        "recompute.py",
        "assess.py",
        "LICENSE",
        "LICENSE-DATA",
        "README.txt",
    ]
    assert sorted(archive.namelist()) == sorted([*names, "datapackage.json"])
    for name in TABLES:
        for end in ("csv", "json"):
            assert archive.read(f"{name}.{end}") == b"".join(client.get(f"/data/{name}.{end}")), name
    assert archive.read("ledger.jsonl") == b"".join(client.get("/ledger.jsonl"))
    assert archive.read("checkpoint") == client.get("/ledger/checkpoint").content
    assert "CC BY 4.0" in archive.read("LICENSE-DATA").decode()
    assert "MIT License" in archive.read("LICENSE").decode()
    assert read_snapshot().head_hash in archive.read("README.txt").decode()


def test_the_package_in_the_archive_has_size_and_hash_of_each_file(client, lived):
    archive = archive_of(client)
    document = json.loads(archive.read("datapackage.json"))
    check_package(document)
    for resource in document["resources"]:
        content = archive.read(resource["path"])
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    for name in TABLES:
        described = json.loads(archive.read(f"{name}.csv-metadata.json"))
        assert described["url"] == f"{name}.csv"  # beside it


def test_the_same_state_gives_the_same_bytes_and_another_gives_others(client, lived, edith):
    first, again = (b"".join(client.get("/data/everything.zip")) for _ in range(2))
    assert first == again
    register(record=factories.BodyFactory.build(code="new-office"), by=edith)
    assert b"".join(client.get("/data/everything.zip")) != first


def test_the_command_writes_the_files_of_the_archive(client, lived, tmp_path, capsys):
    call_command("export_public", tmp_path / "public")
    archive = archive_of(client)
    written = {path.name: path.read_bytes() for path in (tmp_path / "public").iterdir()}
    assert written == {name: archive.read(name) for name in archive.namelist()}
    assert f"commitments.json: {len(rows_of(client, 'commitments'))}" in capsys.readouterr().out


@pytest.mark.slow
def test_the_archive_verifies_and_recomputes_by_itself(client, lived, tmp_path):
    (tmp_path / "e.zip").write_bytes(b"".join(client.get("/data/everything.zip")))
    archive_of(client).extractall(tmp_path)
    for program, argument, last in (
        ("verify.py", "ledger.jsonl checkpoint", "Intact: "),
        ("recompute.py", ".", "All agree with the site."),
        ("recompute.py", "e.zip", "All agree with the site."),
    ):
        command = [sys.executable, "-E", "-S", "-s", program, *argument.split()]
        ended = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, timeout=120)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert any(line.startswith(last) for line in ended.stdout.splitlines())


def test_the_licence_of_the_data_stands_apart_from_that_of_the_code():
    data = (settings.BASE_DIR / "LICENSE-DATA").read_text()
    assert CC_BY in data
    assert "MIT" not in data
    assert "LICENSE-DATA" in (settings.BASE_DIR / "README.md").read_text()


def test_a_past_day_is_asked_for_by_a_form(client, vellmark):
    form = re.search(r'<details class="as-of".*?</details>', source_of(client, "/data/"), re.S)[0]
    assert re.findall(r'<input type="date" id="\w+" name="(\w+)"', form) == ["on", "known"]
    assert 'action="/data/"' in form
