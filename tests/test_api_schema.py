"""The OpenAPI description: valid, always the same, and true of what the API answers."""

import json

import jsonschema
import pytest
from django.core.management import call_command
from django.http import QueryDict
from drf_spectacular.validation import validate_schema

from tracker.api import schema
from tracker.api.commitments import OF_A_PLAN
from tracker.api.resources import RESOURCES
from tracker.filters.commitments import CommitmentFilter
from tracker.snapshot.cache import forget, read_snapshot

from . import drafts

pytestmark = pytest.mark.django_db


@pytest.fixture
def description(client, vellmark_progress):
    """What the site gives."""
    response = client.get("/api/v1/openapi.json")
    assert response["Content-Type"] == "application/json"
    return response.json()


def parameters_of(description, path):
    return {each["name"]: each for each in description["paths"][path]["get"]["parameters"]}


def test_it_is_valid_openapi(description):
    validate_schema(description)
    assert description["openapi"].startswith("3.")
    assert description["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_the_command_makes_it_without_a_warning(tmp_path, db):
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", tmp_path / "out")
    assert json.loads((tmp_path / "out").read_text())["paths"]


def test_it_is_the_same_whenever_it_is_made(description, client):
    schema.declared.cache_clear()
    forget()
    assert client.get("/api/v1/openapi.json").json() == description


def test_it_has_every_list_and_every_detail_and_nothing_that_writes(description):
    paths = description["paths"]
    assert len(paths) == 2 * len(RESOURCES) + 1
    for each in RESOURCES:
        assert f"/api/v1/{each.name}/" in paths
        assert f"/api/v1/{each.name}/" + "".join(f"{{{part}}}/" for part in each.key) in paths
    assert {method for operations in paths.values() for method in operations} == {"get"}
    assert len({operations["get"]["operationId"] for operations in paths.values()}) == len(paths)


def test_the_filters_of_commitments_are_those_of_the_explorer(description, vellmark):
    asked = parameters_of(description, "/api/v1/commitments/")
    declared = set(CommitmentFilter.base_filters) - {"by", "columns"}
    assert set(asked) == declared | {"plan", "fields", "page", "page_size"}
    snapshot = read_snapshot()
    explorer = CommitmentFilter(QueryDict(), snapshot=snapshot, plan=snapshot.plan(vellmark))
    for name in set(explorer.facet_names) - set(OF_A_PLAN):
        offered = {value for value, _words in explorer.filters[name].extra["choices"]}
        assert offered <= set(asked[name]["schema"]["items"]["enum"]), name
    for name in OF_A_PLAN:
        assert "enum" not in asked[name]["schema"]["items"]


def test_each_parameter_says_what_it_asks_for(description):
    for path, operations in description["paths"].items():
        for each in operations["get"].get("parameters", ()):
            assert len(each["description"]) > 3, (path, each["name"])
    level = parameters_of(description, "/api/v1/commitments/")["level"]
    assert level["schema"] == {
        "type": "array",
        "items": {"type": "string", "enum": ["structure", "process", "outcome"]},
    }
    assert "outcome – Outcome" in level["description"]
    size = parameters_of(description, "/api/v1/metrics/")["page_size"]["schema"]
    assert size == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert parameters_of(description, "/api/v1/updates/")["on"]["schema"] == {"type": "string", "format": "date"}


def test_each_key_of_a_row_says_what_it_means(description):
    for each in RESOURCES:
        made = description["components"]["schemas"][each.serializer.__name__]
        assert list(made["properties"]) == [column.name for column in each.columns]
        for column in each.columns:
            assert made["properties"][column.name]["description"] == str(column.help), (each.name, column.name)


def test_each_failure_is_one_sentence(description):
    for path, operations in description["paths"].items():
        answers = operations["get"]["responses"]
        assert set(answers) == {"200", "304", "400", "406", "429", "500"} | ({"404"} if "{" in path else set())
        for status in set(answers) - {"200", "304"}:
            content = answers[status]["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Failure"}
            (example,) = content["examples"].values()
            assert list(example["value"]) == ["error"]


def test_each_list_has_an_example_that_is_on_the_site(description, client):
    for each in RESOURCES:
        content = description["paths"][f"/api/v1/{each.name}/"]["get"]["responses"]["200"]["content"]
        row = client.get(f"/api/v1/{each.name}/").json()["results"][0]
        assert content["application/json"]["example"]["results"] == [row]


def test_every_row_fits_its_schema(description, client):
    for each in RESOURCES:
        checked = {
            "$ref": f"#/components/schemas/{each.serializer.__name__}",
            "components": in_json_schema(description),
        }
        for row in client.get(f"/api/v1/{each.name}/?page_size=1000").json()["results"]:
            jsonschema.Draft202012Validator(checked).validate(row)


def in_json_schema(description):
    """The components with OpenAPI's nullable as JSON Schema has it, and no key beside those that are described."""

    def turned(node):
        if isinstance(node, list):
            return [turned(each) for each in node]
        if not isinstance(node, dict):
            return node
        made = {name: turned(each) for name, each in node.items() if name != "nullable"}
        if node.get("nullable") is True and "type" in made:
            made["type"] = [made["type"], "null"]
        return made | ({"additionalProperties": False} if "properties" in node else {})

    return turned(description["components"])


def test_a_draft_is_in_no_example(client, vellmark, edith):
    drafts.submitted(drafts.value(77, "2026-03-31", summary="SECRET-DRAFT"), edith)
    forget()
    assert "SECRET-DRAFT" not in client.get("/api/v1/openapi.json").content.decode()
