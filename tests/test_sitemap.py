"""Every public page for search engines."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from tests.registering import register

from . import factories

pytestmark = pytest.mark.django_db

PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
SITE = "http://127.0.0.1:8000"


def addresses_of(client, **headers):
    response = client.get("/sitemap.xml", **headers)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    return [each.text for each in ElementTree.fromstring(response.content).iter(PLACE)]  # noqa: S314, our own document


def test_it_names_every_page_of_the_plan_and_what_plans_share_once(client, vellmark):
    addresses = addresses_of(client)
    assert len(addresses) == len(set(addresses)) == 13 + 2 + 4 + 10 + 4 + 2 + 3 + 6 + 2 + 5 + 11 + 14 + 1 + 6
    for path in (
        "/vellmark-2030/",
        "/vellmark-2030/rights/",
        "/vellmark-2030/rights/I.1/",
        "/vellmark-2030/commitments/",
        "/vellmark-2030/report/",
        "/vellmark-2030/provisions/O.1/",
        "/vellmark-2030/commitments/I.1.1a/",
        "/metrics/water-law/",
        "/bodies/valley-watch/",
        "/about/",
    ):
        assert SITE + path in addresses


@pytest.mark.slow
def test_every_address_in_it_answers_under_that_very_address(client, vellmark):
    for address in addresses_of(client):
        response = client.get(address.removeprefix(SITE))
        assert response.status_code == 200, address
        assert f'<link rel="canonical" href="{address}">' in response.content.decode()


def test_its_addresses_are_the_sites_own_whatever_name_it_was_asked_by(client, vellmark):
    assert all(each.startswith(SITE + "/") for each in addresses_of(client, HTTP_HOST="localhost"))


def test_it_leaves_out_staff_pages_and_files(client, vellmark):
    assert not [each for each in addresses_of(client) if re.search(r"/admin/|\.csv|\.json|\?", each)]


def test_a_new_body_is_in_it_at_once(client, vellmark, edith):
    assert SITE + "/bodies/new-office/" not in addresses_of(client)
    register(record=factories.BodyFactory.build(code="new-office"), by=edith)
    assert SITE + "/bodies/new-office/" in addresses_of(client)


def test_before_any_plan_is_loaded_it_names_the_shared_pages(client, db):
    assert addresses_of(client) == [
        SITE + path
        for path in (
            "/plans/",
            "/metrics/",
            "/bodies/",
            "/sources/",
            "/ledger/",
            "/data/",
            "/method/",
            "/glossary/",
            "/about/",
            "/corrections/",
            "/api/",
            "/norms/",
            "/recommendations/",
        )
    ]


def test_a_page_of_it_that_is_not_there_is_a_404(client, vellmark):
    for page in ("0", "2", "abc", "9" * 40):
        assert client.get(f"/sitemap.xml?p={page}").status_code == 404, page


def test_robots_may_read_everything_but_staff_pages_and_are_shown_the_map(client, db):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.decode().split("\n") == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /corrections/report/",
        "",
        "Sitemap: http://127.0.0.1:8000/sitemap.xml",
        "",
    ]
