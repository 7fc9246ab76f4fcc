"""Promises by the people whom they are meant for, and what figures on record can show of them."""

import re

import pytest

from .reading import page_of, part, refused, words_of

pytestmark = pytest.mark.django_db

LIST = "/vellmark-2030/people/"
VILLAGERS = f"{LIST}villagers/?on=2026-10-31"


def test_the_list_counts_each_group_and_everyone_out_of_all(client, accounts):
    page = page_of(client, f"{LIST}?on=2026-10-31")
    bars = " ".join(re.findall(r'<ul class="results">.*?</ul>', page, re.S))
    rows = [words_of(each) for each in re.findall(r"<li>.*?</li>", bars, re.S)]
    assert [(row.split(" ")[0], row.rpartition(" ")[2]) for row in rows] == [
        ("Everyone", "14"),
        ("Villagers", "4"),
        ("Children", "1"),
    ]
    assert "14 of 18 promises name no group" in page
    assert 'href="/vellmark-2030/people/villagers/?on=2026-10-31"' in page
    assert "for 1 of the 8 promises that a number would answer, a figure for a place or a group of people apart" in page
    assert "for 2 of 8 no figure is on record at all" in page


def test_a_group_has_its_counts_by_status_and_kind(client, accounts):
    page = page_of(client, VILLAGERS)
    assert "4 of 18 promises are meant for them" in page
    assert "On 2 of 4 a UN body or others have said something by 31 October 2026." in page
    counts = words_of(re.search(r'<ul class="outcome">.*?</ul>', page, re.S)[0])
    assert counts.startswith("1 of 4, 25 percent ? Not known 1 of 4, 25 percent ✓ Kept 0 of 4, 0 percent ◐ In part")
    assert "Quantity 0 1 0 0 0 0 0 1 2 1 to 2 of 2" in part(page, "by-kind")


def test_each_count_leads_to_exactly_those_promises(client, accounts):
    page = page_of(client, VILLAGERS)
    for address, count in (
        ("beneficiary=villagers&group=kept&on=2026-10-31", 1),
        ("beneficiary=villagers&missing=accounts_differ&on=2026-10-31", 1),
        ("beneficiary=villagers&kind=quantity&on=2026-10-31", 2),
        ("beneficiary=villagers&flag=sources_differ&on=2026-10-31", 1),
    ):
        assert f'href="/vellmark-2030/commitments/?{address}"' in page
        assert f'<h2 id="found">{count} <span' in page_of(client, f"/vellmark-2030/commitments/?{address}")


def test_it_says_which_figures_on_record_speak_of_a_place_or_group_apart(client, accounts):
    text = part(page_of(client, VILLAGERS), "figures")
    assert "On 1 of 2 a figure for a place or a group apart is on record here; on 0 of 2 no figure is." in text
    assert "II.2f Nine roofs laid New roofs speaks of: national 1 of 2 for a place or group apart: the eastern" in text
    assert "6, all for “villages” as a whole: no breakdown on record" in text
    children = part(page_of(client, f"{LIST}children/"), "figures")
    assert "No promise meant for them would be answered by a number." in children


def test_promises_stand_by_right_with_what_others_find(client, accounts):
    text = part(page_of(client, VILLAGERS), "rights")
    assert text.index("I.1 Water") < text.index("II Public Life")
    assert "the State: kept ✕ not kept Lake Council, 1 Aug 2026 UN : BREACH" in text.replace(" ,", ",")
    assert "SECRETNAME" not in text


def test_a_group_that_is_not_there_is_a_404_with_a_sentence(client, vellmark):
    assert refused(client, f"{LIST}giants/", 404) == "There is no group of people with the code giants."


def test_it_refuses_a_parameter_by_name(client, vellmark):
    for address in (LIST, f"{LIST}villagers/"):
        assert refused(client, f"{address}?category=I") == "This page takes no parameter “category”."
