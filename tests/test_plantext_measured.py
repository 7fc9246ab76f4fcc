"""The plan that nobody here wrote, cut and suggested from nothing, against what people made of it."""

import datetime
import re
import tomllib
from decimal import Decimal

import pytest

from tracker.plantext.cut import cut
from tracker.plantext.lines import lines_of_text
from tracker.plantext.suggest import MOST_WORDS, Period, suggest
from tracker.text.plain import span_of_quote

from .conftest import CHINA, CHINA_PAPER, CHINA_TEXT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHINA_TEXT.exists(), reason="the text of the real plan is not part of the repository"),
]
PERIOD = Period(datetime.date(2021, 1, 1), datetime.date(2025, 12, 31), datetime.date(2021, 9, 9))
NUMBERED = {"reach", "hold", "change", "total"}


@pytest.fixture(scope="module")
def paragraphs():
    """The text's paragraphs by code."""
    return cut(lines_of_text(CHINA_TEXT.read_text(encoding="utf-8"))).by_code()


@pytest.fixture(scope="module")
def suggestions(paragraphs):
    """What is suggested for each."""
    return {code: suggest(each.text, PERIOD) for code, each in paragraphs.items()}


@pytest.fixture(scope="module")
def promises():
    """What people made of it."""
    files = sorted((CHINA / "commitments").glob("*.toml"))
    return [row for file in files for row in tomllib.loads(file.read_text(encoding="utf-8"))["commitment"]]


@pytest.fixture(scope="module")
def units():
    """The unit of each metric."""
    rows = tomllib.loads((CHINA / "metrics.toml").read_text(encoding="utf-8"))["metric"]
    return {row["code"]: row.get("unit", "") for row in rows}


def same_unit(suggested, unit, rule):
    """Percent, scale and “per so many” alike; the noun is the text's own, and a change counts in percent."""
    if rule == "change":
        return suggested == "percent"
    scale = re.compile(r"million|billion")
    alike = (
        ("percent" in unit) == (suggested == "percent"),
        scale.findall(unit) == scale.findall(suggested),
        unit.startswith("per ") == suggested.startswith("per "),
    )
    return bool(suggested) and all(alike)


def test_95_in_100_figures_are_suggested_with_comparator_value_unit_and_deadline(suggestions, promises, units):
    figures = [row for row in promises if row["rule"] in NUMBERED]
    right = [
        row
        for row in figures
        for each in suggestions[row["provision"]]
        if (each.value, each.comparator, each.deadline)
        == (Decimal(str(row["target_value"])), row["comparator"], row["deadline"])
        and same_unit(each.unit, units[row["metric"]], row["rule"])
    ]
    missed = [row["code"] for row in figures if row not in right]
    assert len(figures) - len(missed) >= 0.95 * len(figures), missed


def test_no_figure_is_suggested_that_people_did_not_make_a_target(suggestions, promises):
    targets = {(row["provision"], abs(Decimal(str(row["target_value"])))) for row in promises if "target_value" in row}
    made = {(code, abs(each.value)) for code, given in suggestions.items() for each in given if each.value is not None}
    assert made - targets == set()


def test_nothing_is_suggested_that_is_not_in_the_text(paragraphs, suggestions):
    for code, given in suggestions.items():
        text = paragraphs[code].text
        for each in given:
            assert text[each.start : each.end] == each.quote
            assert len(re.findall(r"[^\W_]+", each.quote)) <= MOST_WORDS
            assert each.qualifier in text
            if each.value is not None:
                assert each.start <= each.figure[0] < each.end
                words = text[slice(*each.figure)]
                assert f"{abs(each.value):,f}" in words or f"{abs(each.value)}" in words or not re.search(r"\d", words)


def test_nine_in_ten_quotes_lie_within_one_suggested_run(paragraphs, suggestions, promises):
    def lies_in_one(row):
        start, end = span_of_quote(row["quote"], paragraphs[row["provision"]].text)
        return any(each.run[0] <= start and end <= each.run[1] for each in suggestions[row["provision"]])

    inside = sum(map(lies_in_one, promises))
    assert inside >= 0.9 * len(promises), f"{inside} of {len(promises)}"


def test_each_dash_has_a_suggestion(paragraphs, suggestions):
    assert [code for code, each in paragraphs.items() if each.form == "dash" and not suggestions[code]] == []


@pytest.mark.parametrize(
    ("name", "counts", "sentences"),
    [
        ("", {"P": 4, "I": 9, "II": 25, "III": 17, "IV": 8, "V": 11, "VI": 6, "C": 3}, []),
        ("-parts-5-6", {"V": 11, "VI": 6, "C": 3}, ["The first chapter is V:", "Lines 4 to 8 look like a list"]),
        ("-part-6-web", {"VI": 6}, ["The first chapter is VI:"]),
    ],
)
def test_the_extracts_of_the_paper_are_cut_by_paragraphs_and_what_they_lost_is_said(name, counts, sentences):
    text = CHINA_PAPER.with_name(f"white-paper-2017{name}.txt").read_text(encoding="utf-8")
    result = cut(lines_of_text(text))
    parts = [each.category for each in result.paragraphs]
    assert {part: parts.count(part) for part in dict.fromkeys(parts)} == counts
    said = [sentence for _line, sentence in result.remarks]
    for sentence in ["have no dashes, bullets or numbers", *sentences]:
        assert any(sentence in each for each in said), said
