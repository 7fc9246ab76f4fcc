"""What the words of a paragraph might promise: comparator, value, unit, deadline, kind and stage."""

import datetime

import pytest

from tracker.plantext.figures import figures_in, open_figures
from tracker.plantext.suggest import Period, suggest, suggest_run

PERIOD = Period(datetime.date(2026, 1, 1), datetime.date(2030, 12, 31), datetime.date(2025, 10, 3))


def first(text, language="en"):
    """The first suggestion for a sentence."""
    return suggest(text, PERIOD, language)[0]


@pytest.mark.parametrize(
    ("text", "comparator", "value", "unit", "rule"),
    [
        ("Vellmark will bring water to 88 percent or more of homes.", "≥", "88", "percent", "reach"),
        ("Unemployment will stay below 5.5% in every year.", "<", "5.5", "percent", "hold"),
        ("Class sizes will not exceed 25 pupils.", "≤", "25", "pupils", "reach"),
        ("No fewer than 3.2 million new homes will be built.", "≥", "3.2", "million new homes", "total"),
        ("Accidents will fall by more than 20 percent compared to 2024.", "<", "-20", "percent", "change"),
        ("Wages will rise by at least 10 percent.", "≥", "10", "percent", "change"),
        ("The number of nurses per 1,000 people will be raised to 3.8.", "≥", "3.8", "per 1,000 people", "reach"),
        ("The age limit will be extended from 16 to 18.", "≥", "18", "years of age", "reach"),
        ("Twenty bases will be renovated.", "≥", "20", "bases", "total"),
    ],
)
def test_a_figure_is_suggested_as_the_text_has_it(text, comparator, value, unit, rule):
    made = first(text)
    assert (made.kind, made.comparator, str(made.value), made.unit, made.rule) == (
        "quantity", comparator, value, unit, rule,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "language", "comparator", "value", "unit"),
    [
        ("La asistencia escolar no bajará del 95 por ciento.", "es", "≥", "95", "percent"),
        ("Se repararán más de 1.200 viviendas.", "es", ">", "1200", "viviendas"),
        ("Mindestens 12,5 Prozent der Schulen werden saniert.", "de", "≥", "12.5", "percent"),
        ("不少于 90% 的村庄将有自来水。", "zh", "≥", "90", "percent"),
        ("Τουλάχιστον 40 % των σχολείων θα ανοίξουν.", "el", "≥", "40", "percent"),
    ],
)
def test_numbers_and_percent_are_read_in_other_languages(text, language, comparator, value, unit):
    made = first(text, language)
    assert (made.comparator, str(made.value), made.unit) == (comparator, value, unit)


@pytest.mark.parametrize(
    ("text", "kind", "stage", "basis"),
    [
        ("A water law will be enacted.", "law", "adopted", "period_end"),
        ("The state will draft a bill on lakes.", "law", "drafted", "period_end"),
        ("Vellmark will set up an ombudsman's office.", "institution", "running", "period_end"),
        ("It is forbidden to cut off water.", "safeguard", "", "standing"),
        ("Vellmark will submit its second report to the Council.", "reporting", "submitted", "period_end"),
        ("Free meals will be provided in schools.", "programme", "", "period_end"),
        ("Public esteem for teachers will grow.", "aim", "", "period_end"),
    ],
)
def test_the_kind_and_stage_follow_from_the_verb(text, kind, stage, basis):
    made = first(text)
    assert (made.kind, made.stage, made.basis) == (kind, stage, basis)


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("All wells will be mended in the next three years.", "2028-10-31"),
        ("A law will be enacted by 30 June 2027.", "2027-06-30"),
        ("A law will be enacted by June 2027.", "2027-06-30"),
        ("A law will be enacted before 2028.", "2027-12-31"),
        ("Antes del 30 de junio de 2028 abrirá la Defensoría.", "2028-06-30"),
        ("The Strategy 2035 will be carried out.", ""),
        ("Emissions will peak before 2040.", ""),
    ],
)
def test_a_stated_deadline_is_found_and_years_of_names_are_none(text, deadline):
    made = first(text)
    assert (made.deadline.isoformat(), made.basis) == (deadline or "2030-12-31", "stated" if deadline else "period_end")


def test_what_is_no_target_is_not_suggested_as_one():
    text = (
        "Under the 14th Plan (2021-2025), Agenda 2030 and Article 12, children under 16 and people aged 60 or above "
        "call the 12345 hotline on PM2.5 and Covid-19; one of the two lakes is safe."
    )
    assert [each.value for each in suggest(text, PERIOD) if each.value is not None] == []


def test_clauses_are_promises_of_their_own_and_no_quote_is_a_sentence_or_longer_than_25_words():
    text = "Vellmark will dig deep wells in the north, lay pipes to all villages, and a law on lakes will be enacted."
    made = suggest(text, PERIOD)
    assert [each.quote for each in made] == [
        "dig deep wells in the north", "lay pipes to all villages", "a law on lakes will be enacted",
    ]  # fmt: skip
    long = suggest("A law will be enacted on " + "wells and " * 30 + "pipes.", PERIOD)[0]
    assert len(long.quote.split()) <= 25
    whole = suggest("Wells will be dug.", PERIOD)[0]
    assert whole.quote not in ("Wells will be dug.", "Wells will be dug")


def test_selected_words_stay_as_they_were_selected_and_their_limits_stand_beside():
    text = "A water law will be enacted as soon as practicable, and 15 wells will be dug."
    made = suggest_run(text, 0, len("A water law will be enacted "), PERIOD)
    assert (made.quote, made.kind, made.qualifier) == ("A water law will be enacted", "law", "as soon as practicable")
    wells = suggest_run(text, text.index("15"), len(text) - 1, PERIOD)
    assert (wells.quote, str(wells.value)) == ("15 wells will be dug", "15")


def test_figures_stay_open_until_they_are_targets_or_set_aside():
    text = "From 16 to 18, in 2020, 3 × 16 and 1,000 beds."
    assert [str(each.value) for each in open_figures(text, [18], ["2 × 16: age", "2020: year"])] == ["3", "1000"]
    assert [str(figure) for figure in figures_in("1.200 casas y 3,5 por ciento", "es")] == ["1200", "3.5"]
