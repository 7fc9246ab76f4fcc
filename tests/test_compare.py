"""Two days side by side: counts, a matrix of moves, and the promises that moved."""

import datetime
import re

import pytest
from django.utils import timezone

from .reading import page_of, refused, rows_of, words_of

pytestmark = pytest.mark.django_db

PAGE = "/vellmark-2030/compare/"
TWO = f"{PAGE}?from=2026-06-30&to=2026-10-31"


def tables(page):
    return [rows_of(table) for table in re.findall(r"<table.*?</table>", page, re.S)]


def test_it_counts_groups_on_both_days_by_kind(client, accounts):
    page = page_of(client, TWO)
    assert "Between 30 June 2026 and 31 October 2026 the status of 6 of 18 promises changed." in words_of(page)
    kinds = tables(page)[0]
    assert kinds[0] == "Kind of promise ✓ Kept ◐ In part ! Contested … Running ? Not known of"
    assert kinds[1] == "Quantity 0 → 1 0 → 0 0 → 0 2 → 2 5 → 4 7"
    assert kinds[-1] == "All kinds 0 → 1 0 → 1 0 → 1 3 → 5 15 → 10 18"


def test_its_matrix_adds_up_to_all_promises(client, accounts):
    matrix = tables(page_of(client, TWO))[1]
    assert matrix[-2:] == ["… Running 1 0 0 2 0 3", "? Not known 0 1 1 3 10 15"]
    assert sum(int(row.split()[-1]) for row in matrix[1:]) == 18


def test_it_lists_what_moved_with_both_statuses_and_values(client, accounts):
    page = page_of(client, TWO)
    moved = tables(page)[2]
    assert len(moved) == 1 + 6
    assert "II.2f Nine roofs laid … reached 9 roofs ✓ met 9 roofs" in moved
    assert "I.1.1e Water not cut off from homes with children ? not known: not researched here yet ! contested" in moved
    assert 'href="/vellmark-2030/commitments/II.2f/?on=2026-06-30"' in page
    assert "3 of 18 are not known on both days, for another reason" in words_of(page)
    assert "Not researched here yet → then looked, nothing found: 1 of 3" in words_of(page)


def test_without_days_it_compares_the_start_with_today(client, accounts):
    page = page_of(client, PAGE)
    today = timezone.localdate()
    first = datetime.date(2026, 12, 31) if today > datetime.date(2026, 12, 31) else datetime.date(2026, 1, 1)
    assert f'name="from" value="{first}"' in page
    assert f'name="to" value="{today}"' in page
    assert "noindex" not in page
    assert "noindex" in page_of(client, TWO)


def test_one_day_twice_shows_no_move(client, accounts):
    page = page_of(client, f"{PAGE}?from=2026-10-31&to=2026-10-31")
    assert "the status of 0 of 18 promises changed" in words_of(page)
    assert len(tables(page)) == 2


def test_both_days_can_be_had_by_what_was_known_then(client, accounts):
    today = timezone.localdate()
    page = page_of(client, f"{TWO}&known={today}")
    assert f"By what this site had published at the end of {today}" in words_of(page)
    assert f'href="/vellmark-2030/commitments/II.2f/?on=2026-06-30&known={today}"' in page


def test_it_refuses_days_that_are_none_and_days_in_the_wrong_order(client, vellmark):
    assert refused(client, f"{PAGE}?from=2026-10-31&to=2026-06-30") == (
        "from=2026-10-31, to=2026-06-30: give the earlier day first."
    )
    assert refused(client, f"{PAGE}?from=soon") == "from=soon: give a day such as 2025-12-31."
    assert refused(client, f"{PAGE}?to=2026-02-30") == "to=2026-02-30: give a day such as 2025-12-31."
    assert "that day is still to come" in refused(client, f"{PAGE}?to=2999-01-01")
    assert "this site began on" in refused(client, f"{PAGE}?known=2001-01-01")
    assert refused(client, f"{PAGE}?on=2026-06-30") == "This page takes no parameter “on”."
    assert refused(client, "/atlantis-2040/compare/", 404) == "There is no plan with the code atlantis-2040."
