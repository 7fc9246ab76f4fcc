"""What is measured: all statistics and ladders on one page, and a page for each."""

import csv
import datetime
import io
import re

import pytest

from tracker.models import Commitment
from tracker.snapshot.cache import read_snapshot

from . import factories
from .reading import page_of, source_of

pytestmark = pytest.mark.django_db


def fact(page, name):
    """What the list of facts says under a name, tags left out."""
    return re.sub(r"<[^>]*>", "", re.search(rf"<dt>{name}</dt><dd[^>]*>(.*?)</dd>", page, re.S).group(1))


def test_the_list_counts_statistics_and_ladders(client, vellmark):
    page = page_of(client, "/metrics/")
    assert "<title>Metrics · Promise by promise</title>" in page
    assert "7 statistics and 3 ladders of stages" in page
    assert len(re.findall(r'<th scope="row"><a href="/metrics/', page)) == 10


def test_the_list_is_by_name_with_unit_publisher_and_the_promises_answered(client, vellmark):
    page = page_of(client, "/metrics/")
    numbers = page[page.index('id="numbers"') : page.index('id="ladders"')]
    names = re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', numbers)
    assert names == sorted(names)
    row = re.search(r"metrics/unemployment-rate/.*?</tr>", page, re.S).group()
    assert '<td data-label="Unit">percent</td>' in row
    assert '<a href="/bodies/office-of-numbers/">Vellmark Office of Numbers</a>' in row
    assert '<a href="/vellmark-2030/commitments/I.2.1a/">I.2.1a</a>' in row


def test_the_list_shows_the_stages_of_a_ladder_lowest_first(client, vellmark):
    assert '<td data-label="Stages">repealed → announced → drafted → adopted → in force</td>' in page_of(
        client, "/metrics/"
    )


def test_a_cell_in_which_nothing_stands_is_empty_and_shows_no_heading_on_a_phone(client, db):
    factories.MetricFactory(code="lone", name="Lone")
    page = client.get("/metrics/").content.decode()  # as it is sent: white space would be something
    row = page[page.index("/metrics/lone/") :]
    assert '<td role="cell" class="num" data-label="Answers"></td>' in row[: row.index("</tr>")]


def test_an_empty_list_says_zero(client, db):
    assert "0 statistics and 0 ladders of stages" in page_of(client, "/metrics/")


def test_a_number_says_what_it_is_who_publishes_it_and_what_is_wrong_with_it(client, vellmark):
    page = page_of(client, "/metrics/real-wages/")
    assert "<title>Real wages · Metrics · Promise by promise</title>" in page
    assert "<h1>Real wages</h1>" in page
    assert "Average wage before tax over a year, at the prices of 2020." in page
    assert fact(page, "Unit") == "crowns a month"
    assert fact(page, "Nature") == "average over a period"
    assert fact(page, "Statistic") == "Wage index"
    assert fact(page, "Published by") == "Vellmark Office of Numbers"
    assert fact(page, "Speaks of") == "national"
    assert fact(page, "Appears") == "normally 4 months after the period ends"
    assert fact(page, "Known problems") == "Leaves out people who work for themselves."
    assert fact(page, "Code") == "real-wages"


def test_its_trail_leads_to_the_list(client, vellmark):
    page = page_of(client, "/metrics/real-wages/")
    trail = re.search(r'<nav class="trail".*?</nav>', page, re.S).group()
    assert re.findall(r'href="([^"]*)"', trail) == ["/metrics/"]
    assert re.findall(r'aria-current="page">(\w+)<', page) == ["Metrics"]


def test_a_ladder_has_stages_and_neither_unit_nor_lag(client, vellmark):
    page = page_of(client, "/metrics/water-law/")
    ladder = re.search(r'<ol class="ladder".*?</ol>', page, re.S).group()
    assert re.findall(r"<li>([^<]*)</li>", ladder) == ["repealed", "announced", "drafted", "adopted", "in force"]
    for name in ("Unit", "Nature", "Appears", "Known problems"):
        assert f"<dt>{name}</dt>" not in page


def test_a_metric_that_nobody_publishes_says_so(client, vellmark):
    assert fact(page_of(client, "/metrics/ombudsman-daily-life/"), "Published by") == "no publisher known"


@pytest.mark.parametrize(("months", "words"), [(0, "0 months"), (1, "1 month"), (14, "14 months")])
def test_a_lag_of_nothing_is_a_lag_and_one_month_is_singular(client, db, months, words):
    factories.MetricFactory(code="taps", lag_months=months)
    assert fact(page_of(client, "/metrics/taps/"), "Appears") == f"normally {words} after the period ends"


def test_it_lists_the_promises_of_every_plan_that_it_answers(client, vellmark):
    metric = Commitment.objects.get(code="I.2.1a").metric
    factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a", metric=metric)
    page = page_of(client, "/metrics/unemployment-rate/")
    assert set(re.findall(r'href="(/[\w-]+/commitments/[^"]+/)"', page)) == {
        "/vellmark-2030/commitments/I.2.1a/",
        "/other-plan/commitments/C.1a/",
    }
    assert "less than 5.5 percent, every year" in page


def test_a_metric_that_answers_nothing_says_so(client, db):
    factories.MetricFactory(code="taps")
    assert "answers no promise" in page_of(client, "/metrics/taps/")


@pytest.mark.parametrize("code", ["no-such", "Real-Wages", "1"])
def test_an_unknown_metric_is_a_404_with_a_sentence(client, db, code):
    response = client.get(f"/metrics/{code}/")
    assert response.status_code == 404
    assert f"There is no metric with the code {code}." in response.content.decode()


def test_words_with_signs_are_shown_as_text(client, db):
    factories.MetricFactory(code="taps", name="<script>1</script>", definition="<img src=x onerror=1>", problems="&lt;")
    page = source_of(client, "/metrics/taps/")
    assert "<script" not in page
    assert "<img" not in page
    assert "&amp;lt;" in page


SERIES = "/metrics/village-homes-with-piped-water/"


def test_its_values_are_a_picture_a_file_and_a_specification_and_none_of_them_has_a_target(client, vellmark_progress):
    page = page_of(client, SERIES)
    assert '<svg viewBox="0 0 420 240" role="img"' in page
    assert f'href="{SERIES}chart.vl.json"' in page
    assert f'href="{SERIES}series.csv"' in page
    assert "deadline" not in page[page.index('id="picture"') : page.index('id="series"')]
    values = [u for u in read_snapshot().updates["village-homes-with-piped-water"] if u.value is not None]
    response = client.get(f"{SERIES}chart.vl.json")
    assert response["Access-Control-Allow-Origin"] == "*"
    figure = response.json()
    assert [each["entry"] for each in figure["datasets"]["values"]] == [
        u.entry for u in sorted(values, key=lambda u: (u.as_of, u.entry))
    ]
    assert {layer["name"] for layer in figure["layer"]}.isdisjoint({"deadline", "target", "baseline"})
    assert figure["usermeta"]["metric"] == "village-homes-with-piped-water"
    text = b"".join(client.get(f"{SERIES}series.csv").streaming_content).decode().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["entry"]) for row in rows] == [each["entry"] for each in figure["datasets"]["values"]]


def test_of_a_past_day_neither_knows_what_came_later(client, vellmark_progress):
    day = max(u.as_of for u in read_snapshot().updates["village-homes-with-piped-water"])
    before = f"on={day - datetime.timedelta(days=1)}"
    later, earlier = (len(client.get(f"{SERIES}chart.vl.json?{q}").json()["datasets"]["values"]) for q in ("", before))
    assert earlier < later
    text = b"".join(client.get(f"{SERIES}series.csv?{before}").streaming_content).decode()
    assert str(day) not in text
    assert (
        f'id="entry-{max(read_snapshot().updates["village-homes-with-piped-water"], key=lambda u: u.as_of).entry}"'
        not in (page_of(client, f"{SERIES}?{before}"))
    )


def test_a_ladder_has_a_file_and_no_picture(client, vellmark_progress):
    (code, *_) = [m.code for m in read_snapshot().metrics.values() if m.shape == "ladder"]
    assert client.get(f"/metrics/{code}/chart.vl.json").status_code == 404
    assert client.get(f"/metrics/{code}/series.csv").status_code == 200
    assert client.get("/metrics/no-such/series.csv").status_code == 404


def test_the_list_is_searched_and_filtered(client, vellmark_progress):
    page = page_of(client, "/metrics/?q=WATER&shape=number")
    assert "/metrics/village-homes-with-piped-water/" in page
    assert 'id="ladders"' not in page
    assert "7 statistics and 3 ladders of stages" in page  # the list as a whole
    empty = page_of(client, "/metrics/?on_record=no")
    assert "/metrics/village-homes-with-piped-water/" not in empty
    assert '<option value="no" selected>With nothing on record' in empty
