"""The rules by which promises are recorded, and what the site is for."""

import datetime
import re

import pytest
from django.utils import timezone

from tests import drafts
from tracker.models import RULES_BY_KIND, Assessment, Kind, LedgerEntry, Level, Metric, Rule, Update
from tracker.pages.about import evidence
from tracker.records.registry import COMMITMENT_COLUMNS
from tracker.snapshot.cache import read_snapshot

from .reading import page_of, words_of
from .registering import register

pytestmark = pytest.mark.django_db


def test_every_kind_level_and_rule_is_explained_under_its_own_label(client, vellmark):
    page = page_of(client, "/method/")
    for name, choices in (("kind", Kind), ("level", Level), ("rule", Rule)):
        for choice in choices:
            found = re.search(rf'<div id="{name}-{choice.value}"><dt>(.*?)</dt><dd>(.*?)</dd>', page, re.S)
            assert found, choice
            assert re.sub(r"<span.*?</span>", "", found.group(1)).strip() == choice.label
            assert len(found.group(2).split()) >= 5


def test_it_says_which_rules_a_kind_allows_and_how_often_the_kind_occurs(client, vellmark):
    page = page_of(client, "/method/")
    rows = dict(re.findall(r'<tr><th scope="row">([^<]*)</th><td data-label="Rules">([^<]*)</td>', page))
    assert rows == {kind.label: "; ".join(str(rule.label) for rule in rules) for kind, rules in RULES_BY_KIND.items()}
    counts = re.findall(r'<td class="n" data-label="Promises">(\d+)</td>', page)
    assert counts == ["6", "1", "1", "2", "1", "2", "1"]
    assert sum(map(int, counts)) == 14


def test_before_a_plan_is_loaded_the_rules_stand_without_counts(client, db):
    page = page_of(client, "/method/")
    assert "<h1>Method</h1>" in page
    assert '<td class="n">' not in page
    assert 'href="/vellmark-2030/' not in page


def test_the_sign_of_a_kind_is_the_sign_of_its_squares(client, vellmark):
    method, plan = page_of(client, "/method/"), page_of(client, "/vellmark-2030/")
    signs = dict(re.findall(r'<span class="sq k-(\w+)" aria-hidden="true">(.)</span>', method))
    squares = dict(re.findall(r'<a class="sq k-(\w+)"[^>]*>(.)</a>', plan))
    assert squares == {kind: signs[kind] for kind in squares}
    assert len(set(signs.values())) == len(Kind)


def test_it_says_that_no_person_is_claimed_for_what_was_compiled(client, vellmark):
    assert "compiled and checked against the text before release" in page_of(client, "/method/")


def test_about_says_what_the_site_does_not_do(client, vellmark):
    page = page_of(client, "/about/")
    assert "<title>About · Promise by promise</title>" in page
    assert "It does not say whether a right is enjoyed." in page
    assert "It gives no score and ranks nobody." in page
    assert "Nothing on a promise's page says by itself" not in page  # each has a line of the site's own


def test_about_says_why_it_counts_more_statements_than_the_plan(client, vellmark, edith, rana):
    piped = Metric.objects.get(code=drafts.PIPED)
    fields = {f.attname: getattr(piped, f.attname) for f in Metric._meta.concrete_fields if f.name != "id"}
    register(record=Metric(**fields | {"code": "taps"}), by=edith)
    drafts.published(drafts.value(metric="taps"), edith, rana)
    drafts.published(drafts.value(), edith, rana)
    about = words_of(page_of(client, "/about/"))
    assert "2 statements with a source count today: figures, acts, and findings of somebody. 1 of them is of a" in about
    assert "1 statements, by whose they are" in words_of(page_of(client, "/"))


def test_about_says_where_the_text_can_be_read_in_each_language(client, vellmark):
    page = page_of(client, "/about/")
    for language, word, address in (("en", "English", "programme"), ("de", "German", "programm")):
        href = f"https://chancery.example/{address}"
        link = f'<a class="address" rel="noreferrer nofollow external" href="{href}" hreflang="{language}">{href}</a>'
        assert re.search(rf"Its text in {word}:\s*{re.escape(link)}", page), word


def test_the_dictionary_names_each_column_of_the_files_in_order_at_an_address_of_its_own(client, vellmark):
    page = page_of(client, "/data/")
    names = re.findall(r'id="commitments\.(\w+)">(\w+)</th>', page)
    assert tuple(name for name, _shown in names) == COMMITMENT_COLUMNS
    assert all(name == shown for name, shown in names)
    assert 'href="/data/#dictionary"' in page_of(client, "/about/")


def test_the_menu_says_where_the_reader_is(client, vellmark):
    for address, name in (("/method/", "Method"), ("/about/", "About")):
        assert re.findall(r'aria-current="page">(\w+)<', page_of(client, address)) == [name]


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("errors@vellmark.example", "mailto:errors@vellmark.example"),
        ("https://vellmark.example/r", "https://vellmark.example/r"),
    ],
)
def test_about_says_who_is_behind_it_from_the_settings_and_where_a_hole_is_reported(
    client, vellmark, settings, contact, address
):
    settings.CONTACT, settings.OPERATOR = contact, "The office for promises"
    settings.SECURITY_CONTACT = contact
    page = page_of(client, "/about/")
    assert f'<a href="{address}">{contact}</a>' in page
    assert "<dt>Who runs it</dt><dd>The office for promises</dd>" in page
    assert "<dt>Who pays</dt><dd>not said</dd>" in page
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0] == f"Contact: {address}"
    expires = datetime.datetime.fromisoformat(lines[1].removeprefix("Expires: "))
    assert datetime.timedelta(days=180) < expires - timezone.now() < datetime.timedelta(days=365)
    assert lines[-1] == "Canonical: http://127.0.0.1:8000/.well-known/security.txt"


def test_where_the_settings_are_empty_it_says_that_this_installation_names_nobody(client, vellmark):
    page = page_of(client, "/about/")
    assert "This installation names nobody" in page
    assert "Who pays" not in page
    response = client.get("/.well-known/security.txt")
    assert response.status_code == 404
    assert "names no address to which a hole in its security could be reported" in response.content.decode()


def test_a_hole_is_reported_to_whom_the_setting_names_and_only_to_an_address(client, vellmark, settings):
    settings.CONTACT, settings.SECURITY_CONTACT = "office@vellmark.example", "https://vellmark.example/holes"
    assert client.get("/.well-known/security.txt").content.startswith(b"Contact: https://vellmark.example/holes\n")
    settings.SECURITY_CONTACT = "1 Market Square, Vellmark"
    assert client.get("/.well-known/security.txt").status_code == 404


def test_about_tells_readers_what_is_kept_of_them(client, vellmark, settings):
    settings.REPORT_DAYS = 30
    page = page_of(client, "/about/")
    assert '<h2 id="readers">What is kept of readers</h2>' in page
    assert "no cookie" in page
    assert "deleted after 30 days" in page


def test_about_counts_how_far_the_evidence_can_be_trusted(client, accounts, django_assert_num_queries):
    about = evidence(read_snapshot())
    read = [about["rests"][name].n for name in ("twice", "once", "not_found")]
    cited = [row for model in (Update, Assessment) for row in model.objects.live() if row.evidence.exists()]
    assert sum(read) == about["statements"] == len(cited)
    assert read[0] == sum(row.reread in ("confirmed", "corrected") for row in cited)
    assert sum(said.n for _side, said, _carried in about["by_side"]) == about["statements"]
    assert sum(n for _role, n in about["roles"]) == LedgerEntry.objects.count()
    page = page_of(client, "/about/")
    assert f'<td class="n" data-label="Statements">{read[1]} of {len(cited)}</td>' in page
    with django_assert_num_queries(1):
        client.get("/about/")
