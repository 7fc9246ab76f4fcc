"""The desk, who may do what on the staff pages of progress, and that the public never sees what is not published."""

import datetime
import re

import pytest
from django.conf import settings
from django.urls import get_resolver

from tracker.admin import desk
from tracker.models import LedgerEntry, Update
from tracker.roles import ADMINISTRATOR, ANALYST, EDITOR, REVIEWER
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .factories import StaffFactory
from .forms import decision
from .test_review import address, page

pytestmark = pytest.mark.django_db

STAFF = ("nobody", "analyst", "editor", "reviewer", "administrator", "superuser")
WRITERS = {"editor", "reviewer", "administrator", "superuser"}
REVIEWERS = WRITERS - {"editor"}


@pytest.fixture
def cast(vellmark, admin_user):
    """One account for each role; ``nobody`` is staff without one."""
    people = {
        name: StaffFactory(username=f"the-{name}", role=name) for name in (ANALYST, EDITOR, REVIEWER, ADMINISTRATOR)
    }
    return people | {"nobody": StaffFactory(username="the-nobody"), "superuser": admin_user}


def test_a_stranger_is_led_to_the_sign_in(client, vellmark, edith):
    row = drafts.drafted(drafts.value(), edith)
    steps = ("change", "review", "submit", "correct", "withdraw", "redact", "history", "delete")
    for place in ("/desk/", "/admin/tracker/update/add/", *(address(row, step) for step in steps)):
        for response in (client.get(place), client.post(place, {"reason": "x", "_publish": "1"})):
            assert response.status_code == (
                405 if (place, response.request["REQUEST_METHOD"]) == ("/desk/", "POST") else 302
            )
            assert response.status_code == 405 or response.headers["Location"].startswith("/admin/login/?next=")
    assert Update.objects.get().state == "draft"


@pytest.mark.parametrize("name", STAFF)
def test_the_desk_opens_by_role_and_drafts_are_for_those_who_write(cast, signed_in, name):
    drafts.submitted(drafts.value(), StaffFactory(username="edna", role="editor"))
    response = signed_in(cast[name]).get("/desk/")
    assert response.status_code == (403 if name == "nobody" else 200)
    assert ("Waiting for review" in page(response)) is (name in WRITERS)
    assert ("Piped water in 80 percent of homes." in page(response)) is (name in WRITERS)
    assert ('href="/admin/tracker/update/add/"' in response.content.decode()) is (name in WRITERS)


@pytest.mark.parametrize("name", STAFF)
def test_staff_find_the_desk_from_the_header_of_the_admin(cast, signed_in, name):
    assert '<a href="/desk/">Desk</a>' in signed_in(cast[name]).get("/admin/").content.decode()


@pytest.mark.parametrize("name", STAFF)
@pytest.mark.parametrize("make", [drafts.value, drafts.finding])
def test_every_step_is_open_by_role(cast, signed_in, name, make):
    author, second = StaffFactory(username="edna", role="editor"), StaffFactory(username="rudi", role="reviewer")
    client, writes, reviews = signed_in(cast[name]), name in WRITERS, name in REVIEWERS
    model = make()._meta.model_name
    draft, waiting, public = (
        drafts.drafted(make(), author),
        drafts.submitted(make(), author),
        drafts.published(make(), author, second),
    )
    rows = (draft, waiting, public)

    def states():
        return [type(row).objects.get(pk=row.pk).state for row in rows], LedgerEntry.objects.count()

    before = states()
    for row in rows:
        assert client.get(address(row)).status_code == (200 if writes else 403)
        assert client.get(address(row, "review")).status_code == (200 if writes else 403)
        assert client.get(address(row, "delete")).status_code == 403
        assert client.post(address(row, "delete"), {"post": "yes"}).status_code == 403
    assert client.get(f"/admin/tracker/{model}/").status_code == (200 if writes else 403)
    assert client.get(f"/admin/tracker/{model}/add/").status_code == (200 if writes else 403)
    assert client.get(address(draft, "submit")).status_code == 405
    for step, may in (("correct", writes), ("withdraw", writes), ("redact", reviews)):
        assert client.get(address(public, step)).status_code == (200 if may else 403), step
        assert client.post(address(public, step), {"reason": ""}).status_code == (200 if may else 403), step
    assert states() == before

    assert client.post(address(draft), {}).status_code == (200 if writes else 403)
    assert client.post(address(waiting, "review"), decision(waiting, _return="1", note="")).status_code == (
        200 if reviews else 403
    )
    assert states() == before
    assert client.post(address(draft, "submit"), decision(draft)).status_code == (302 if writes else 403)
    assert client.post(address(waiting, "review"), decision(waiting, _publish="1")).status_code == (
        302 if reviews else 403
    )
    expected = ["submitted" if writes else "draft", "published" if reviews else "submitted", "published"]
    assert states()[0] == expected
    seen = {f"seen_version-{draft.pk}": type(draft).objects.get(pk=draft.pk).version}
    action = {"action": "publish_selected", "_selected_action": draft.pk} | seen
    client.post(f"/admin/tracker/{model}/", action)
    assert states()[0][0] == ("published" if reviews else expected[0])


@pytest.mark.parametrize("name", STAFF)
def test_corrections_withdrawals_and_amendments_are_drafted_by_role(cast, signed_in, name):
    author, second = StaffFactory(username="edna", role="editor"), StaffFactory(username="rudi", role="reviewer")
    public = drafts.published(drafts.value(), author, second)
    client, writes = signed_in(cast[name]), name in WRITERS
    for step in ("correct", "withdraw"):
        assert client.post(address(public, step), {"reason": "Misread."}).status_code == (302 if writes else 403)
    assert Update.objects.filter(replaces=public, state="draft").count() == (2 if writes else 0)
    reviews = name in REVIEWERS
    assert client.post(address(public, "redact"), {"reason": "A child."}).status_code == (302 if reviews else 403)
    public.refresh_from_db()
    assert (public.redacted_by_id is not None) is reviews
    assert client.get(f"/admin/tracker/commitment/{drafts.promise().pk}/change/").status_code == (
        403 if name == "nobody" else 200
    )


def test_the_desk_shows_each_person_what_waits_for_them(vellmark, edith, rana, signed_in):
    other = StaffFactory(username="egon", role="editor")
    drafts.drafted(drafts.value(71), edith)
    drafts.drafted(drafts.value(72), other)
    drafts.submitted(drafts.value(73), edith)
    drafts.submitted(drafts.value(74), rana)
    drafts.submitted(drafts.finding(summary="Dry taps."), other)
    hers, reviews = page(signed_in(edith).get("/desk/")), page(signed_in(rana).get("/desk/"))
    assert "My drafts (1) value: Piped water in 71 percent" in hers
    assert "Waiting for review (2)" in hers
    assert "Waiting for review (2)" in reviews
    assert "73 percent" in reviews
    assert "Dry taps." in reviews
    assert "74 percent" not in reviews
    assert "72 percent" not in hers + reviews


def at(on):
    """The snapshot as of a day."""
    return read_snapshot(on=datetime.date.fromisoformat(on))


def overdue(on):
    """Periods that are overdue on a day, by metric."""
    return {each.metric.code: str(each.period) for each in desk.overdue(at(on))}


def test_a_figure_is_overdue_when_its_lag_is_over_and_not_a_day_before(vellmark, edith, rana):
    code = "accidents-at-work"  # appears six months after the year that it speaks of
    assert code not in overdue("2026-12-31")
    assert code not in overdue("2027-06-30")
    assert overdue("2027-07-01")[code] == "2026-12-31"
    assert overdue("2028-07-01")[code] == "2027-12-31"
    assert overdue("2035-01-01")[code] == "2030-12-31"


def test_a_figure_on_record_is_not_overdue_and_another_statistic_does_not_count(vellmark, edith, rana, monkeypatch):
    day = "2026-06-30"
    drafts.published(drafts.value(82, day, fits="other"), edith, rana)
    assert "village-homes-with-piped-water" in overdue("2027-12-01")
    drafts.published(drafts.value(82, day), edith, rana)
    assert "village-homes-with-piped-water" not in overdue("2027-12-01")
    assert "village-homes-with-piped-water" in overdue("2028-12-01")


def test_a_disagreement_is_listed_and_agreement_is_not(vellmark, edith, rana):
    assert not desk.disagreements(at("2031-06-01"))
    drafts.published(drafts.value(90, "2026-06-30"), edith, rana)
    drafts.published(drafts.finding("kept", commitment="I.1.1a", origin="valley-watch"), edith, rana)
    assert not [c.code for c in desk.disagreements(at("2026-11-01"))]
    differs = drafts.value(70, "2026-06-30", summary="A second count.")
    drafts.published(differs, edith, rana)
    assert [c.code for c in desk.disagreements(at("2031-06-01"))] == ["I.1.1a"]


def test_the_desk_and_the_public_page_list_the_same_disagreements(accounts, client, edith, signed_in):
    of_desk = signed_in(edith).get("/desk/").context["disagreements"]
    groups = client.get("/vellmark-2030/disagreements/").context["groups"]
    of_page = {row["commitment"].code for group in groups for row in group["rows"]}
    assert len(of_desk) == len(of_page) > 1
    assert {c.code for c in of_desk} == of_page


def links(response):
    """Addresses of this site that a page leads to."""
    return {
        each.split("#")[0].replace("&amp;", "&") for each in re.findall(r'href="(/[^"]*)"', response.content.decode())
    }


def test_the_public_never_sees_a_draft_a_note_or_a_name_of_the_staff(cast, client, edith, rana):
    drafts.published(drafts.value(80, summary="Public words."), edith, rana)
    drafts.published(drafts.finding(summary="Public finding."), edith, rana)
    hidden = {"caveat": "Hidden caveat.", "summary": "Hidden words."}
    drafts.drafted(drafts.value(11.125, **hidden), edith)
    drafts.drafted(drafts.finding(**hidden), edith)
    drafts.submitted(drafts.value(12.125, **hidden), edith)
    returned = drafts.submitted(drafts.finding("kept", commitment="II.2a", **hidden), edith)
    returned.returned_note, returned.state = "Hidden note.", "returned"
    returned.save()
    waiting, seen, text = ["/", "/robots.txt", "/sitemap.xml", "/ledger.jsonl", "/healthz", "/verify.py"], set(), ""
    while waiting:
        place = waiting.pop()
        kind = re.sub(r"[?].*", "?", place)
        if place in seen or place.startswith((f"/{settings.STATIC_URL.strip('/')}/", "/admin/")) or len(seen) > 600:
            continue
        if "?" in place and sum(each.startswith(kind) for each in seen) > 20:
            continue
        seen.add(place)
        response = client.get(place)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        found = body.decode(errors="replace")
        text += found
        for word in ("Hidden", "11.125", "12.125", "edith", "rana", "the-editor", "the-reviewer"):
            assert word not in found, (place, word)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            waiting += sorted(links(response) - seen)
    assert "Public words." in text
    assert "Public finding." in text
    assert len(seen) > 40
    names = {pattern.name for pattern in get_resolver().url_patterns if getattr(pattern, "name", None)}
    assert "desk" in names
    assert client.get("/desk/").status_code == 302
