"""The picture of a promise's values as a Vega-Lite specification: what it holds, and that it draws."""

import json
import re
from collections import Counter

import pytest
import vl_convert

from tracker.charts import vega
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.plan import NotInRegistry

from . import past
from .examples import NIGHTLY

pytestmark = pytest.mark.django_db

WATER = "/vellmark-2030/commitments/I.1.1a/chart.vl.json"


@pytest.fixture
def pictures(vellmark, edith, rana):
    """Promises of every rule that a number answers, with figures; their codes by name."""
    return past.kinds(edith, rana)


def chart_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return json.loads(response.content)


def layers_of(chart):
    """Rows of each layer by its name."""
    return {
        layer["name"]: chart["datasets"][layer["data"]["name"]] if "name" in layer["data"] else layer["data"]["values"]
        for layer in chart["layer"]
    }


def drawn(chart):
    """How many marks of each sort the specification draws."""
    svg = vl_convert.vegalite_to_svg(chart)
    return Counter(re.findall(r'aria-roledescription="(point|rule mark|line mark|text mark|rect mark)"', svg))


def test_it_is_json_that_any_site_may_read(client, vellmark_progress):
    response = client.get(WATER)
    assert response["Content-Type"] == "application/json"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get(WATER, headers={"if-none-match": response["ETag"]}).status_code == 304


def test_it_says_what_it_shows_and_where_it_comes_from(client, vellmark_progress):
    chart = chart_of(client, WATER)
    assert chart["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    assert chart["title"] == {
        "text": "I.1.1a Piped water in 88 percent or more of village homes",
        "subtitle": "Share of village homes with piped water, percent",
    }
    assert "Promised: at least 88 percent, by 31 December 2030." in chart["description"]
    assert "A promise kept is not a right protected." in chart["description"]
    about = chart["usermeta"]
    assert about["address"] == "http://127.0.0.1:8000/vellmark-2030/commitments/I.1.1a/"
    assert about["licence"] == "CC BY 4.0"
    assert about["log_entry"] == read_snapshot().head


def test_each_value_says_its_bound_whose_it_is_and_what_carried_it(client, vellmark_progress):
    rows = {row["exact"]: row for row in chart_of(client, WATER)["datasets"]["values"]}
    assert sorted(rows) == ["70", "80", "81", "84", "86"]
    assert (rows["86"]["low"], rows["86"]["high"]) == (81.7, 90.3)
    assert (rows["70"]["low"], rows["70"]["high"]) == (None, 70.0)
    assert (rows["70"]["side"], rows["70"]["fits"], rows["81"]["fits"]) == ("independent", "other", "near")
    assert rows["80"]["origin"] == "Vellmark Office of Numbers"
    assert rows["80"]["sources"] == [
        {
            "title": "Village census 2026",
            "publisher": "Vellmark Office of Numbers",
            "published": None,
            "address": "https://numbers.vellmark.example/census",
            "reason_withheld": None,
            "locator": "p. 7",
        }
    ]
    assert rows["80"]["entry"] == vellmark_progress["baseline"].entry.pk


PICTURES = {
    "reach": (["target", "deadline", "way to the target", "baseline", "values"], {"point": 5, "line mark": 1}),
    "hold": (["target", "deadline", "years in which it was not held", "years", "values"], {"point": 4}),
    "total": (
        ["levels that meet the target", "target", "deadline", "added up from the start of the plan", "values"],
        {"point": 7, "line mark": 1, "rect mark": 1},
    ),
    "change": (["target", "deadline", "way to the target", "baseline", "values"], {"point": 3, "line mark": 1}),
    "direction": (["deadline", "baseline", "values"], {"point": 3}),
    "bounds": (["target", "deadline", "bounds open up", "bounds open down", "bounds of about", "values"], {"point": 5}),
    "one value": (["target", "deadline", "values"], {"point": 1}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_every_kind_of_picture_draws_its_marks(client, pictures, name):
    layers, marks = PICTURES[name]
    chart = chart_of(client, f"/past-plan/commitments/{pictures[name]}/chart.vl.json")
    assert [layer for layer in layers_of(chart) if not layer.endswith("label")] == layers
    counts = drawn(chart)
    assert {mark: counts[mark] for mark in marks} == marks
    assert counts["rule mark"] >= len({"target", "deadline"} & set(layers))


def test_a_level_to_hold_has_a_sign_for_every_year_and_marks_those_that_failed(client, pictures):
    rows = layers_of(chart_of(client, f"/past-plan/commitments/{pictures['hold']}/chart.vl.json"))
    assert [(row["day"][:4], row["sign"]) for row in rows["years"]] == [
        ("2021", "✓"),
        ("2022", "✕"),
        ("2023", "✓"),
        ("2024", "?"),
        ("2025", "✓"),
    ]
    assert [row["day"] for row in rows["years in which it was not held"]] == ["2022-12-31"]


def test_an_amount_is_added_up_as_the_method_adds(client, pictures):
    rows = layers_of(chart_of(client, f"/past-plan/commitments/{pictures['total']}/chart.vl.json"))
    sums = rows["added up from the start of the plan"]
    assert [(row["day"], row["value"], row["bound"]) for row in sums] == [
        ("2021-01-01", 0.0, "exact"),
        ("2021-12-31", 4.0, "at_least"),
        ("2022-12-31", 9.0, "at_least"),
        ("2024-12-31", 15.0, "at_least"),
    ]


def test_a_change_has_its_level_reckoned_from_the_baseline(client, pictures):
    rows = layers_of(chart_of(client, f"/past-plan/commitments/{pictures['change']}/chart.vl.json"))
    assert rows["target"] == [{"value": 14.8, "label": "target: at most 14.8"}]
    assert rows["way to the target"] == [{"day": "2015-12-31", "value": 18.5}, {"day": "2025-12-31", "value": 14.8}]


def test_zero_is_a_value_and_missing_is_none(client, pictures):
    chart = chart_of(client, f"/past-plan/commitments/{pictures['one value']}/chart.vl.json")
    assert [(row["value"], row["exact"]) for row in chart["datasets"]["values"]] == [(0.0, "0")]
    assert "baseline" not in layers_of(chart)
    nothing = chart_of(client, f"/past-plan/commitments/{pictures['reach']}/chart.vl.json?on=2022-12-31")
    assert [row["exact"] for row in nothing["datasets"]["values"]] == ["80", "84"]


@pytest.mark.parametrize("code", ["I.1.1d", "I.2.2a", "I.1.1b"])
def test_without_a_figure_there_is_no_picture_and_a_sentence_says_so(client, vellmark, code):
    response = client.get(f"/vellmark-2030/commitments/{code}/chart.vl.json")
    assert response.status_code == 404
    assert response.json() == {"error": f"There is no picture of {code}: no figure for it is on record."}


def test_what_cannot_be_answered_is_said_in_json(client, vellmark_progress):
    unknown = client.get("/vellmark-2030/commitments/X.1a/chart.vl.json")
    assert (unknown.status_code, unknown.json()) == (404, {"error": "There is no commitment with the code X.1a."})
    for query, words in (("colour=red", "“colour”"), ("on=soon", "on=soon"), ("known=2001-01-01", "this site began")):
        response = client.get(f"{WATER}?{query}")
        assert response.status_code == 400
        assert words in response.json()["error"]


def test_it_asks_the_database_once(client, vellmark_progress, django_assert_num_queries):
    client.get(WATER)
    with django_assert_num_queries(1):
        client.get(WATER)


def kind_of(chart):
    """What a picture is made of: the marks of its layers, with what each of them shows."""
    return frozenset((layer["mark"]["type"], *layer["encoding"]) for layer in chart["layer"])


def test_every_series_of_the_real_plan_draws_a_point_for_each_value(china):
    """By day one of each kind is drawn."""
    snapshot = read_snapshot()
    plan = snapshot.plans[china]
    count, kinds = 0, set()
    for code, commitment in plan.commitments.items():
        try:
            chart = vega.specification(snapshot, plan, code)
        except NotInRegistry:
            continue
        count += 1
        assert len(chart["datasets"]["values"]) > 0, code
        assert chart["usermeta"]["status"] == commitment.status
        kind = kind_of(chart)
        if NIGHTLY or kind not in kinds:  # drawing takes a hundred times as long as saying what to draw
            assert drawn(chart)["point"] >= len(chart["datasets"]["values"]), code
        kinds.add(kind)
    assert count >= 50
