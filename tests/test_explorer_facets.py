"""The choices beside the explorer: their counts, the chips of what is in force, and random combinations of filters.

What should come out is computed here from the seed files, without any of the software's own code.
"""

import datetime
import html
import re
import tomllib
import unicodedata
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.models import Kind, Level, Rule

from . import factories
from .examples import examples
from .reading import source_of, squeezed

pytestmark = pytest.mark.django_db

EXPLORER = "/vellmark-2030/commitments/"
FOLDER = Path(__file__).parent / "plans" / "vellmark-2030"
DAYS = ["2028-02-28", "2028-02-29", "2028-03-01", "2030-12-30", "2030-12-31", "1999-01-01", "2999-01-01"]
FACETS = {
    "category": ["I", "I.1", "I.2", "II"],
    "kind": Kind.values,
    "level": Level.values,
    "rule": Rule.values,
    "beneficiary": ["everyone", "children", "villagers"],
    "body": ["none", "lake-council"],
}
WORDS = [
    "water",
    "WELLS",
    "déep",
    "kept",
    "percent",
    "2030",
    "I.2",
    "supply",
    "tap",
    "li",
    "nothing-such",
    "“as",
    "%",
    "'",
]
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)
            for name, values in FACETS.items()
        },
        "deadline_after": st.sampled_from(DAYS),
        "deadline_before": st.sampled_from(DAYS),
        "q": st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join),
    },
)


def words(text):
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return re.findall("[a-z0-9]+", "".join(each for each in decomposed if not unicodedata.combining(each)))


def rows_of(name):
    return tomllib.loads((FOLDER / f"{name}.toml").read_text())


def seeds():
    """The commitments of the seed files in order, each with its paragraph's category and what is searched."""
    provisions = {p["code"]: p for p in rows_of("provisions")["provision"]}
    rights = {c["code"]: c["title"] for c in rows_of("categories")["category"]}
    metrics = {m["code"]: m["name"] for m in rows_of("metrics")["metric"]}
    for name in ("I", "II"):
        for row in rows_of(f"commitments/{name}")["commitment"]:
            place = provisions[row["provision"]]
            texts = [row.get(key, "") for key in ("code", "title", "quote", "test", "other_reading")]
            texts += [place["title"], rights[place["category"]], rights[place["category"].split(".")[0]]]
            yield row | {
                "place": place,
                "texts": [words(text) for text in (*texts, metrics.get(row.get("metric"), ""))],
            }


def begins(text, terms):
    """Whether the words stand in a text side by side, the last of them as the beginning of one."""
    *whole, last = terms
    places = range(len(text) - len(whole))
    return any(text[at : at + len(whole)] == whole and text[at + len(whole)].startswith(last) for at in places)


ROWS = list(seeds())


def values_of(row, name):
    if name == "category":
        code = row["place"]["category"]
        return {code, code.split(".")[0]}
    if name == "beneficiary":
        return set(row.get("groups", ["everyone"]))
    if name == "body":
        return set(row.get("bodies", ["none"]))
    return {row[name]}


def fits(row, query):
    """Whether a row is in the set that a query asks for."""
    for name, chosen in query.items():
        if name in FACETS and not set(chosen) & values_of(row, name):
            return False
        if name == "deadline_after" and row["deadline"] < datetime.date.fromisoformat(chosen):
            return False
        if name == "deadline_before" and row["deadline"] > datetime.date.fromisoformat(chosen):
            return False
        if name == "q":
            terms = [words(each) for each in chosen.split()]
            if not any(terms):
                return False
            if not all(any(begins(text, each) for text in row["texts"]) for each in terms if each):
                return False
    return True


def page_of(client, query):
    response = client.get(f"{EXPLORER}?{urlencode(query, doseq=True)}")
    assert response.status_code == 200
    return html.unescape(squeezed(response.content.decode()))


def codes_of(page):
    return re.findall(r'<td class="num">([\w.]+)</td>', page)


def choices_of(page):
    """Each choice of the form: its count and whether it is ticked, by name and value."""
    pattern = r'name="(\w+)" value="([^"]*)"( checked)?> <span>[^<]*</span> <span class="num">(\d+)</span>'
    return {(name, value): (int(n), bool(on)) for name, value, on, n in re.findall(pattern, page)}


def without(query, name):
    return {key: value for key, value in query.items() if key != name}


def test_any_combination_of_filters_gives_what_a_count_by_hand_gives(client, vellmark):
    @examples(15)
    @given(QUERIES)
    def holds(query):
        page = page_of(client, query)
        assert codes_of(page) == [row["code"] for row in ROWS if fits(row, query)]
        choices = choices_of(page)
        mine = {(name, value) for name, values in FACETS.items() for value in values}
        assert {(name, value) for name, value in choices if name in FACETS} == mine
        for (name, value), (count, ticked) in choices.items():
            if name not in FACETS:  # what became of promises is not in the seed files of the registry
                continue
            rest = without(query, name)
            assert count == sum(fits(row, rest) and value in values_of(row, name) for row in ROWS), (name, value)
            assert ticked == (value in query.get(name, ()))

    holds()


@pytest.mark.slow
def test_any_chip_leads_to_the_set_without_its_part(client, vellmark):
    @examples(15)
    @given(QUERIES, st.sampled_from(["code", "title", "-deadline"]))
    def holds(query, sort):
        page = page_of(client, query | {"sort": sort})
        parts = [
            (name, each)
            for name in ("q", *FACETS, "deadline_after", "deadline_before")
            for each in (query.get(name, []) if name in FACETS else [query[name]] if name in query else [])
        ]
        chips = re.findall(r'<li><a href="([^"]*)"><span class="vh">Remove</span>', page)
        assert len(chips) == len(parts)
        for (name, value), address in zip(parts, chips, strict=True):
            left = without(query, name)
            if name in FACETS and len(query[name]) > 1:
                left = left | {name: [each for each in query[name] if each != value]}
            found = html.unescape(source_of(client, address))
            assert sorted(codes_of(found)) == sorted(row["code"] for row in ROWS if fits(row, left)), address
            assert f'<option value="{sort}" selected>' in found

    holds()


def test_the_counts_of_a_facet_do_not_respect_its_own_choice(client, vellmark):
    choices = choices_of(page_of(client, {"kind": ["law"], "category": ["I.1"]}))
    assert choices["kind", "quantity"] == (3, False)
    assert choices["kind", "law"] == (1, True)
    assert choices["category", "I.2"] == (0, False)
    assert choices["category", "I"] == (1, False)
    assert choices["category", "I.1"] == (1, True)


def test_a_chip_names_the_filter_and_the_choice_in_words(client, vellmark):
    page = page_of(
        client, {"q": "<b>", "category": ["I.1"], "beneficiary": ["everyone"], "deadline_after": "2030-01-01"}
    )
    chips = [
        " ".join(re.sub(r"<[^>]*>", "", chip).replace("×", "").split())
        for chip in re.findall(r'<li><a href="[^"]*">(<span class="vh">Remove.*?)</a></li>', page)
    ]
    assert chips[1:] == [
        "Remove Right: I.1 Water",
        "Remove People it is meant for: Everyone",
        "Remove Deadline on or after: 2030-01-01",
    ]
    assert "Words: <b>" in page


def test_only_bodies_and_groups_of_the_plan_are_offered(client, vellmark):
    other = factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a")
    other.groups.add(factories.BeneficiaryGroupFactory(code="strangers"))
    other.bodies.add(factories.BodyFactory(code="far-office"))
    names = choices_of(page_of(client, {}))
    assert ("beneficiary", "strangers") not in names
    assert ("body", "far-office") not in names
    assert client.get(EXPLORER + "?beneficiary=strangers").status_code == 400
    page = html.unescape(source_of(client, "/other-plan/commitments/"))
    assert ("beneficiary", "strangers") in choices_of(page)


def test_the_form_shows_again_what_was_asked_for(client, vellmark):
    page = page_of(
        client, {"q": 'a "b" & <c>', "deadline_after": "2028-01-01", "deadline_before": "2030-12-31", "page_size": 100}
    )
    assert 'name="q" value="a "b" & <c>"' in page
    assert 'name="deadline_after" value="2028-01-01"' in page
    assert 'name="deadline_before" value="2030-12-31"' in page
    assert '<option value="100" selected>' in page


def test_a_promise_under_no_right_is_in_the_set_and_in_no_category(client, db):
    plan = factories.PlanFactory(code="other-plan")
    top = factories.CategoryFactory(plan=plan, code="A")
    factories.CommitmentFactory(provision__category=top, code="A.1a")
    objective = factories.ProvisionFactory(plan=plan, category=None, form="objective", code="O.1")
    factories.CommitmentFactory(provision=objective, code="O.1a")
    page = source_of(client, "/other-plan/commitments/")
    assert sorted(codes_of(page)) == ["A.1a", "O.1a"]
    assert choices_of(page)["category", "A"] == (1, False)
