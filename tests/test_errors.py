"""Pages for what went wrong: each says what in a sentence, gives nothing away, and leads on."""

import html
import re

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def sentence_of(response):
    return re.search(r'<p class="lead">(.*?)</p>', html.unescape(response.content.decode()), re.S).group(1)


@pytest.fixture
def no_log(db):
    """The log's table under another name, so that every question about it fails."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tracker_ledgerentry RENAME TO tracker_ledgerentry_away")


def test_an_address_with_nothing_behind_it_is_a_404_that_leads_home(client, vellmark):
    response = client.get("/no/such/page")
    page = response.content.decode()
    assert response.status_code == 404
    assert sentence_of(response) == "There is no page at this address."
    assert "<h1>Nothing is here</h1>" in page
    assert '<a href="/">To the first page</a>' in page
    assert '<meta name="robots" content="noindex">' in page


def test_every_sort_of_code_is_missed_by_its_own_name(client, vellmark):
    for address, sentence in {
        "/atlantis-2040/": "There is no plan with the code atlantis-2040.",
        "/atlantis-2040/rights/": "There is no plan with the code atlantis-2040.",
        "/vellmark-2030/rights/X/": "There is no chapter or section with the code X.",
        "/vellmark-2030/provisions/X/": "There is no paragraph with the code X.",
        "/vellmark-2030/commitments/X/": "There is no commitment with the code X.",
        "/metrics/x/": "There is no metric with the code x.",
        "/bodies/x/": "There is no body with the code x.",
    }.items():
        response = client.get(address)
        assert response.status_code == 404, address
        assert sentence_of(response) == sentence, address


def test_before_any_plan_is_open_the_first_page_says_so(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "<h1>No plan is open yet</h1>" in response.content.decode()


def test_what_an_address_holds_is_shown_as_text(client, vellmark):
    for address in ("/<script>alert(1)</script>/", "/vellmark-2030/commitments/?<script>alert(1)</script>=1"):
        response = client.get(address)
        assert response.status_code in (400, 404)
        assert b"<script" not in response.content
    response = client.get("/vellmark-2030/commitments/", {"kind": '"><script>alert(1)</script>'})
    assert response.status_code == 400
    assert b"<script" not in response.content


def test_a_bad_request_leads_to_the_page_without_parameters(client, vellmark):
    page = client.get("/vellmark-2030/rights/I.1/?sort=title").content.decode()
    assert "<h1>This address asks for something the page cannot give</h1>" in page
    assert '<a href="/vellmark-2030/rights/I.1/">The same page without parameters</a>' in page


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"path": "/", "HTTP_HOST": "evil.example"}, id="another host"),
        pytest.param({"path": "/vellmark-2030/commitments/?" + "kind=law&" * 1001}, id="too many parameters"),
    ],
)
def test_what_is_refused_before_any_page_is_a_400(client, vellmark, asked):
    response = client.get(**asked)
    assert response.status_code == 400
    assert "<h1>This address asks for something the page cannot give</h1>" in response.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"path": "/", "HTTP_HOST": "evil.example"}, id="another host"),
        pytest.param({"path": "/vellmark-2030/commitments/?" + "kind=law&" * 1001}, id="too many parameters"),
    ],
)
def test_a_refusal_does_not_speak_of_settings(client, vellmark, asked):
    sentence = sentence_of(client.get(**asked))
    assert "ALLOWED_HOSTS" not in sentence
    assert "settings" not in sentence


def test_staff_in_another_role_are_told_so(vellmark, anna, signed_in):
    response = signed_in(anna).get("/admin/tracker/plan/add/")
    assert response.status_code == 403
    assert sentence_of(response) == "This page is for staff with another role."


def test_a_failure_of_ours_says_so_and_gives_nothing_away(client, no_log):
    client.raise_request_exception = False
    response = client.get("/vellmark-2030/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "<h1>Something failed on our side</h1>" in page
    assert '<a href="/">To the first page</a>' in page
    assert "ledgerentry" not in page
    assert "Traceback" not in page
    assert 'style="' not in page
    assert "ETag" not in response


def test_a_failure_of_ours_is_told_to_programs_in_json(client, no_log):
    client.raise_request_exception = False
    response = client.get("/vellmark-2030/commitments.json")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/json"


def test_the_icon_that_browsers_ask_for_is_not_looked_for_among_the_plans(client, vellmark):
    assert client.get("/favicon.ico").status_code in (200, 404)
