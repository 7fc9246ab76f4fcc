"""Pictures of series: on the page of a promise, and small ones on the pages of rights."""

import re

import pytest

from tracker.charts.picture import Frame

from . import past
from .reading import page_of, words_of

pytestmark = pytest.mark.django_db

FRAME = Frame(420, 240, left=46, top=22, right=408, bottom=206, radius=4.8, most_ticks=5, most_years=6, letter=6.3)


@pytest.fixture
def pictures(vellmark, edith, rana):
    """Promises of every rule that a number answers, with figures; their codes by name."""
    return past.kinds(edith, rana)


def figure(client, code, query=""):
    return re.search(
        r'<figure class="series">.*?</figure>', page_of(client, f"/past-plan/commitments/{code}/{query}"), re.S
    )[0]


def notes(drawing):
    return re.findall(r'<text class="note \w+"[^>]*>([^<]*)</text>', drawing)


def test_it_marks_baseline_target_deadline_and_the_straight_way_between(client, pictures):
    drawing = figure(client, pictures["reach"])
    assert notes(drawing) == ["deadline", "target: at least 88", "baseline 80", "91"]
    for part in ("zone", "target", "deadline", "way", "baseline"):
        assert drawing.count(f'class="{part}" ') >= 1, part
    x, y, x2, y2 = map(float, re.findall(r'class="way" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', drawing)[-1])
    assert x < x2
    assert y > y2  # it rises
    (deadline,) = re.findall(r'class="deadline" d="M([\d.]+) ', drawing)
    (target,) = re.findall(r'class="target" d="M\d+ ([\d.]+)H', drawing)
    assert (f"{x2:.1f}", f"{y2:.1f}") == (deadline, target)
    assert "Baseline: 80, 31 December 2020." in drawing


def test_a_level_to_hold_has_a_sign_for_each_year_and_marks_those_that_failed(client, pictures):
    drawing = figure(client, pictures["hold"])
    signs = re.findall(r'<text class="answer g-(\w+)"[^>]*>(.)</text>', drawing)
    assert signs == [("kept", "✓"), ("not_kept", "✕"), ("kept", "✓"), ("not_known", "?"), ("kept", "✓")]
    assert drawing.count('class="failed"') == 1
    assert "Year by year: 2021 held, 2022 not held, 2023 held, 2024 not on record, 2025 held." in words_of(drawing)
    assert 'class="way"' not in re.search(r'<svg viewBox="0 0 420.*?</svg>', drawing, re.S)[0]


def test_an_amount_is_added_up_in_a_line_that_says_what_is_missing(client, pictures):
    drawing = figure(client, pictures["total"])
    assert drawing.count('<rect class="sum"') == 3
    assert "31 December 2022 at least 9; 31 December 2024 at least 15." in words_of(drawing)
    assert "so the line is the least that it can be" in drawing


def test_a_direction_says_which_way_is_promised(client, pictures):
    drawing = figure(client, pictures["direction"])
    assert notes(drawing) == ["deadline", "baseline 53; promised: a fall", "40"]
    assert 'class="target"' not in drawing
    assert "Promised is a fall, without a level." in drawing


def test_bounds_and_sides_are_told_apart_by_shape(client, pictures):
    drawing = re.search(r'<svg viewBox="0 0 420.*?</svg>', figure(client, pictures["bounds"]), re.S)[0]
    assert drawing.count('class="bound"') == 3
    dots = re.findall(r'<g class="dot (side-\w+ fits-\w+)">.*?<(circle|rect|polygon)', drawing, re.S)
    assert dots.count(("side-official fits-same", "circle")) == 3
    assert ("side-independent fits-other", "polygon") in dots
    assert ("side-un fits-same", "rect") in dots


def test_one_value_of_zero_is_drawn_and_no_value_is_not(client, pictures):
    drawing = figure(client, pictures["one value"])
    assert "1 value between 2022 and 2022." in words_of(drawing)
    assert drawing.count('<g class="dot side-official fits-same"><title>') == 1
    before = page_of(client, f"/past-plan/commitments/{pictures['one value']}/?on=2021-06-30")
    assert '<figure class="series">' not in before


def test_the_picture_leads_to_its_specification_as_of_the_same_day(client, pictures):
    link = f'href="/past-plan/commitments/{pictures["reach"]}/chart.vl.json'
    assert f'{link}"' in figure(client, pictures["reach"])
    assert f'{link}?on=2024-01-01"' in figure(client, pictures["reach"], "?on=2024-01-01")


def test_a_right_shows_each_number_small_with_status_figures_and_target(client, pictures):
    page = page_of(client, "/past-plan/rights/C/")
    items = re.findall(r'<figure class="series small">.*?</figure>', page, re.S)
    assert len(items) == len(pictures)
    first = items[0]
    assert 'role="img" aria-labelledby="small-C.1a-title small-C.1a-desc"' in first
    assert first.count('class="way"') == 1
    assert first.count('class="target"') == 1
    text = words_of(first)
    assert "✓ met" in text
    assert "From 80 in 2020. Promised: at least 88 percent, by 31 Dec 2025." in text
    rows = [words_of(row) for row in re.findall(r"<tr class.*?</tr>", first, re.S)]
    assert rows == [
        "31 Dec 2020 80 official",
        "31 Dec 2022 84 official",
        "31 Dec 2023 86 official, near statistic",
        "31 Dec 2025 91 official",
    ]
    assert "2022: not held." in words_of(items[1])
    assert "7 of 7 promises are answered by a number" in words_of(page)


def test_numbers_without_a_figure_are_named_and_not_drawn(client, vellmark_progress):
    page = page_of(client, "/vellmark-2030/rights/I.1/")
    figures = re.search(r'<section class="block" aria-labelledby="figures">.*?</section>', page, re.S)[0]
    assert figures.count('<figure class="series small">') == 2
    assert "1 of 3 has no figure on record to draw:" in words_of(figures)
    assert re.search(r"I\.1\.1c .*? not known: not researched here yet", words_of(figures))
    assert 'aria-labelledby="figures"' not in page_of(client, "/vellmark-2030/rights/II/")


def test_a_page_of_small_pictures_asks_the_database_once(client, pictures, django_assert_num_queries):
    client.get("/past-plan/rights/C/")
    with django_assert_num_queries(1):
        client.get("/past-plan/rights/C/")


@pytest.mark.parametrize(
    ("levels", "ticks"),
    [
        ([1.02, 1.1], ["1.02", "1.04", "1.06", "1.08", "1.10"]),
        ([0], ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ([70, 96], ["70", "80", "90"]),
        ([0, 2_310_000], ["0", "500000", "1000000", "1500000", "2000000"]),
    ],
)
def test_marks_on_the_scale_are_round(levels, ticks):
    assert [str(tick) if abs(tick) < 100 else f"{tick:f}" for tick in FRAME.levels(levels)[1]] == ticks


def test_words_keep_clear_of_marks_and_then_count_as_marks_themselves():
    spots = [(60, 100, "start"), (60, 150, "start")]
    assert FRAME.label("target", spots, [(70.0, 96.0)])["y"] == "150.0"
    marks = []
    assert FRAME.label("target", spots, marks)["y"] == "100.0"
    assert FRAME.label("baseline", spots, marks)["y"] == "150.0"


def test_the_plot_leaves_room_for_long_numbers():
    assert FRAME.fitted(["5"]).left == 46
    assert FRAME.fitted(["2,000,000"]).left > 60
