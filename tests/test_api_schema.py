"""The OpenAPI description: valid, always the same, and true of what the API answers."""

import jsonschema
import pytest
import schemathesis
from django.http import QueryDict
from django.utils.translation import override

from tests.registering import link, recommend
from tracker.api import openapi
from tracker.api.resources import RESOURCES
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.parameters import ChoicesOfPlan
from tracker.snapshot.cache import forget, read_snapshot
from tracker.wording import labels

from . import drafts

pytestmark = pytest.mark.django_db


@pytest.fixture
def description(client, vellmark_progress, edith):
    """What the site gives."""
    link(recommend(edith), "I.1.1a", edith)  # the invented plan has none
    response = client.get("/api/v1/openapi.json")
    assert response["Content-Type"] == "application/json"
    return response.json()


def parameters_of(description, path):
    return {each["name"]: each for each in description["paths"][path]["get"]["parameters"]}


def test_it_is_valid_openapi(description):
    schemathesis.openapi.from_dict(description).validate()
    assert description["openapi"].startswith("3.")
    assert description["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_an_error_in_it_would_be_found(description):
    description["paths"]["/api/v1/plans/"]["get"]["parameters"][0]["in"] = "somewhere"
    with pytest.raises(ValueError, match="is not valid"):
        schemathesis.openapi.from_dict(description).validate()


def test_it_is_the_same_whenever_it_is_made(description, client):
    forget()
    assert client.get("/api/v1/openapi.json").json() == description


def test_it_is_made_once_for_a_snapshot_and_language(vellmark):
    snapshot = read_snapshot()
    assert openapi.document(snapshot) is openapi.document(snapshot)
    with override("fr"):
        in_french = openapi.document(snapshot)
    assert in_french is not openapi.document(snapshot)


def test_it_has_every_list_and_every_detail_and_nothing_that_writes(description):
    paths = description["paths"]
    assert len(paths) == 2 * len(RESOURCES) + 2  # the start and the search
    for each in RESOURCES:
        assert f"/api/v1/{each.name}/" in paths
        assert f"/api/v1/{each.name}/" + "".join(f"{{{part}}}/" for part in each.key) in paths
    assert {method for operations in paths.values() for method in operations} == {"get"}
    assert len({operations["get"]["operationId"] for operations in paths.values()}) == len(paths)


def test_the_filters_of_commitments_are_those_of_the_explorer(description, vellmark):
    parameters = parameters_of(description, "/api/v1/commitments/")
    declared = set(CommitmentFilter.base_filters) - {"by", "columns"}
    assert set(parameters) == declared | {"plan", "fields", "entry", "page", "page_size"}
    snapshot = read_snapshot()
    explorer = CommitmentFilter(QueryDict(), snapshot=snapshot, plan=snapshot.plan(vellmark))
    for name, choices in explorer.choices.items():
        if isinstance(CommitmentFilter.base_filters[name].field, ChoicesOfPlan):
            assert "enum" not in parameters[name]["schema"]["items"]
        else:
            assert [value for value, _words in choices] == parameters[name]["schema"]["items"]["enum"], name


def test_each_parameter_says_what_it_asks_for(description):
    for path, operations in description["paths"].items():
        for each in operations["get"].get("parameters", ()):
            assert len(each["description"]) > 3, (path, each["name"])
    level = parameters_of(description, "/api/v1/commitments/")["level"]
    assert level["schema"] == {
        "type": "array",
        "items": {"type": "string", "enum": ["structure", "process", "outcome"]},
        "maxItems": 100,
    }
    assert "outcome – Outcome" in level["description"]
    size = parameters_of(description, "/api/v1/metrics/")["page_size"]["schema"]
    assert size == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert parameters_of(description, "/api/v1/updates/")["on"]["schema"] == {"type": "string", "format": "date"}


def test_each_key_of_a_row_says_what_it_means(description):
    for each in RESOURCES:
        schema = description["components"]["schemas"][each.schema]
        assert list(schema["properties"]) == [column.name for column in each.columns]
        for column in each.columns:
            words = f"{column.help}: {column.in_words}." if column.words else str(column.help)
            assert schema["properties"][column.name]["description"] == words, (each.name, column.name)
    keys = description["components"]["schemas"]["Commitment"]["properties"]
    assert "uphold – Standing duty" in keys["rule"]["description"]
    assert keys["flags"]["items"]["enum"] == list(labels.FLAGS)
    assert keys["decided_by"]["items"] == {"type": "integer"}


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
            "$ref": f"#/components/schemas/{each.schema}",
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
        schema = {name: turned(each) for name, each in node.items() if name != "nullable"}
        if node.get("nullable") is True and "type" in schema:
            schema["type"] = [schema["type"], "null"]
        return schema | ({"additionalProperties": False} if "properties" in node else {})

    return turned(description["components"])


def test_a_draft_is_in_no_example(client, vellmark, edith):
    drafts.submitted(drafts.value(77, "2026-03-31", summary="SECRET-DRAFT"), edith)
    forget()
    assert "SECRET-DRAFT" not in client.get("/api/v1/openapi.json").content.decode()
