"""A paragraph of the plan and each promise in it."""

import re

import pytest

from .reading import source_of

pytestmark = pytest.mark.django_db


def test_it_shows_its_title_form_and_the_plans_heading(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.1.1/")
    assert "<title>I.1.1 Water supply · Vellmark 2026-2030 · Promise by promise</title>" in page
    assert '<h1><span class="num">I.1.1</span> Water supply</h1>' in page
    assert "Paragraph opened by a dash, headed by the plan <q>Wells and pipes</q>." in page
    assert '<link rel="canonical" href="http://127.0.0.1:8000/vellmark-2030/provisions/I.1.1/">' in page


def test_it_shows_each_promise_with_quote_test_target_and_deadline(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.1.1/")
    assert '<h2 id="promises">5 promises</h2>' in page
    assert re.findall(r'<h3><a href="([^"]*)"', page) == [
        f"/vellmark-2030/commitments/I.1.1{letter}/" for letter in "abcde"
    ]
    law = re.search(r'<h3><a href="/vellmark-2030/commitments/I\.1\.1d/">.*?</article>', page, re.S).group()
    assert "“A water law will be enacted”" in law
    assert "limited by “as soon as practicable”" in re.sub(r"<[^>]*>", "", law)
    assert "Kept if a law on water is adopted by 31 December 2030." in law
    assert "Law or policy document · Structure · stage “adopted” · due 31 December 2030" in law


def test_a_standing_duty_is_due_throughout(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.1.1/")
    duty = re.search(r"commitments/I\.1\.1e/.*?</article>", page, re.S).group()
    assert "Safeguard · Outcome · upheld throughout · standing duty, tested throughout" in duty
    assert "due 31" not in duty


def test_it_lists_figures_that_are_no_targets(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.1.1/")
    assert "Figures in this paragraph that are no targets" in page
    assert "<li>1998: year in the name of a charter</li>" in page
    assert "that are no targets" not in source_of(client, "/vellmark-2030/provisions/I.2.2/")


def test_its_trail_leads_up_by_links(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.1.1/")
    trail = re.search(r'<nav class="trail".*?</nav>', page, re.S).group()
    assert re.findall(r'<a href="([^"]*)">([^<]*)</a>', trail) == [
        ("/vellmark-2030/", "Vellmark 2026-2030"),
        ("/vellmark-2030/rights/I/", "I Daily life"),
        ("/vellmark-2030/rights/I.1/", "I.1 Water"),
    ]


def test_an_introduction_that_promises_nothing_of_its_own_says_so(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.1.0/")
    assert '<h2 id="promises">0 promises</h2>' in page
    assert "This introduction promises nothing that the paragraphs below it do not promise." in page


def test_an_objective_is_a_general_aim_and_its_trail_is_the_plan(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/O.2/")
    assert "Stated objective of the plan." in page
    assert "A general aim. What the plan promises under it is recorded in its chapters." in page
    trail = re.search(r'<nav class="trail".*?</nav>', page, re.S).group()
    assert re.findall(r'href="([^"]*)"', trail) == ["/vellmark-2030/"]


def test_one_promise_is_counted_in_the_singular(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.2.2/")
    assert '<h2 id="promises">1 promise</h2>' in page


def test_its_neighbours_follow_the_text(client, vellmark):
    page = source_of(client, "/vellmark-2030/provisions/I.1.1/")
    assert 'rel="prev" href="/vellmark-2030/provisions/I.1.0/"' in page
    assert 'rel="next" href="/vellmark-2030/provisions/I.2.0/"' in page
    assert 'rel="prev"' not in source_of(client, "/vellmark-2030/provisions/O.1/")
    assert 'rel="next"' not in source_of(client, "/vellmark-2030/provisions/II.2/")


def test_an_unknown_paragraph_is_a_404_with_a_sentence(client, vellmark):
    for code in ("I.9.9", "I.1.1a", "i.1.9", "0"):
        response = client.get(f"/vellmark-2030/provisions/{code}/")
        assert response.status_code == 404
        assert f"There is no paragraph with the code {code}." in response.content.decode()


def test_a_paragraph_of_an_unknown_plan_is_a_404_that_names_the_plan(client, vellmark):
    response = client.get("/atlantis-2040/provisions/I.1.1/")
    assert response.status_code == 404
    assert "There is no plan with the code atlantis-2040." in response.content.decode()
