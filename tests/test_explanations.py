"""Why a promise has its status: each reason and each kind of not known has a sentence of its own that reads as one."""

import re
from fractions import Fraction
from types import SimpleNamespace

import pytest

from tracker.explain.reasons import REASONS, WHY_NOT_KNOWN, arithmetic, explain
from tracker.standalone import assess
from tracker.wording.labels import MISSING, unit_of

from .promises import day, promise, result, rung, value, year

FACTS = {"rung": "adopted", "stands": "drafted", "date": day("2024-05-06"), "verdict": "in_part"}
FACTS |= {"held": [2021], "failed": [2022], "years": [2021, 2022, 2023], "complete": False}
# Kinds whose sentence is worded from figures, with the reason that words it.
WORDED = {"held_on_record": "held_on_record", "no_late_figure": "no_late_figure"}


def commitment(**more):
    fields = {"rule": "reach", "unit": "percent", "missing": "", "target_value": Fraction(90)}
    return SimpleNamespace(**(fields | {"deadline": day("2025"), "base_date": None} | more))


def sentences(assessed, **more):
    return [str(each) for each in explain(commitment(missing=assessed.missing, **more), assessed)]


def reads_as_a_sentence(text):
    return re.fullmatch(r"[A-Z“].*[.:]", text) and len(text.split()) >= 4 and "%(" not in text


def test_each_kind_of_not_known_has_a_sentence_of_its_own():
    words = {}
    for kind in assess.MISSING:
        reason = WORDED.get(kind, kind)
        shown = assess.Assessed("not_known", "none", missing=kind, reason=reason, facts=FACTS, value=value(91, "2022"))
        words[kind] = sentences(shown)[0]
        assert reads_as_a_sentence(words[kind]), words[kind]
        assert words[kind].rstrip(".").casefold() != str(MISSING[kind]).casefold()
    assert len(set(words.values())) == len(assess.MISSING)
    assert set(WHY_NOT_KNOWN) | set(WORDED) == set(assess.MISSING) == set(MISSING)


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_is_worded_with_its_numbers(reason):
    fields = {"value": value(91, "2024"), "baseline": value(80, "2020"), "facts": FACTS}
    first, *_rest = sentences(assess.Assessed("met", "computed", reason=reason, **fields))
    assert reads_as_a_sentence(first), first


def test_no_sentence_names_a_day_that_nobody_published():
    (text, *_rest) = sentences(result(promise("milestone"), rung("adopted", "2023-12-31", precision="year")))
    assert text == "The promised stage “adopted” was reached: 2023."
    (text, *_rest) = sentences(result(promise(), value(91, "2025-12-31", precision="month")))
    assert "91 percent (December 2025)" in text
    (text, *_rest) = sentences(result(promise(), year(91, 2025, precision="year")))
    assert "91 percent (2025)" in text


def test_a_number_below_zero_stands_in_brackets_behind_a_minus():
    assessed = result(promise(target=5), value(-10, "2020"), value("-2.5", "2025"))
    lines = arithmetic(commitment(target_value=5), assessed, day("2026-06-30"))
    assert lines[0][1] == "5 − (−2.5)"
    assert lines[1][1] == "(−2.5 − (−10)) ÷ (5 − (−10))"


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (1, "hours per day", "hour per day"),
        (2, "hours per day", "hours per day"),
        (1, "people", "person"),
        (1, "countries", "country"),
        (-1, "percent", "percent"),
        (1, "billion voters", "billion voters"),
    ],
)
def test_a_unit_behind_one_is_no_plural(number, unit, words):
    assert unit_of(number, unit) == words
