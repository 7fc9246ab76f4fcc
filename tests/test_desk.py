"""The desk, who may do what on the staff pages of progress, and that the public never sees what is not published."""

import datetime
import re

import pytest
from django.conf import settings

from tracker.actions.assignments import assign
from tracker.actions.changes import correct
from tracker.actions.doubts import doubts
from tracker.actions.drafts import discard
from tracker.actions.progress import give_back
from tracker.actions.trail import note
from tracker.desk.todo import TODO, unread
from tracker.models import Deed, LedgerEntry, RedactionRequest, Update
from tracker.models.roles import ADMINISTRATOR, ANALYST, EDITOR, REVIEWER
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .examples import NIGHTLY
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
    steps = ("change", "review", "submit", "take_back", "discard", "correct", "withdraw", "redact", "history", "delete")
    pages = ("/desk/", "/desk/review/", "/desk/promises/vellmark-2030/", "/desk/assignments/", "/desk/calendar/")
    for place in (*pages, "/admin/tracker/update/add/", *(address(row, step) for step in steps)):
        for response in (client.get(place), client.post(place, {"reason": "x", "_publish": "1"})):
            assert response.status_code == (
                405 if place in pages[:3] and response.request["REQUEST_METHOD"] == "POST" else 302
            )
            assert response.status_code == 405 or response.headers["Location"].startswith("/admin/login/?next=")
    assert Update.objects.get().state == "draft"


@pytest.mark.parametrize("name", STAFF)
def test_the_desk_opens_by_role_and_drafts_are_for_those_who_write(cast, signed_in, name):
    drafts.submitted(drafts.value(), StaffFactory(username="edna", role="editor"))
    response = signed_in(cast[name]).get("/desk/")
    assert response.status_code == (403 if name == "nobody" else 200)
    assert ("Waits for me 1" in page(response)) is (name in REVIEWERS)
    assert ("Piped water in 80 percent of homes." in page(response)) is (name in REVIEWERS)
    assert ("My drafts" in page(response)) is (name in WRITERS)
    assert ('href="/admin/tracker/update/add/"' in response.content.decode()) is (name in WRITERS)


@pytest.mark.parametrize("name", STAFF)
def test_staff_find_the_desk_from_the_header_of_the_admin(cast, signed_in, name):
    assert '<a href="/desk/">Desk</a>' in signed_in(cast[name]).get("/admin/").content.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "make"),
    [(name, drafts.value) for name in STAFF]
    + [(name, drafts.finding) for name in (STAFF if NIGHTLY else ("analyst", "editor", "reviewer"))],
)
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
    meant = [doubt.key for doubt in doubts(type(draft).objects.get(pk=draft.pk))]
    assert client.post(address(draft, "submit"), decision(draft, meant=meant)).status_code == (302 if writes else 403)
    assert client.post(address(waiting, "review"), decision(waiting, _publish="1")).status_code == (
        302 if reviews else 403
    )
    expected = ["submitted" if writes else "draft", "published" if reviews else "submitted", "published"]
    assert states()[0] == expected
    other = drafts.submitted(make(), author)
    for row, after in ((draft, expected[0]), (other, "published" if reviews else "submitted")):
        seen = {f"seen-{model}-{row.pk}": type(row).objects.get(pk=row.pk).version}
        client.post("/desk/review/publish/", {"row": f"{model}-{row.pk}", "confirmed": "1"} | seen)
        assert type(row).objects.get(pk=row.pk).state == after  # who handed it in does not publish it


@pytest.mark.parametrize("name", STAFF)
def test_corrections_withdrawals_and_amendments_are_drafted_by_role(cast, signed_in, name):
    author, second = StaffFactory(username="edna", role="editor"), StaffFactory(username="rudi", role="reviewer")
    public = drafts.published(drafts.value(), author, second)
    client, writes = signed_in(cast[name]), name in WRITERS
    for step in ("correct", "withdraw"):
        assert client.post(address(public, step), {"reason": "Misread."}).status_code == (302 if writes else 403)
        assert Update.objects.filter(replaces=public, state="draft").count() == (1 if writes else 0)
        for row in Update.objects.filter(replaces=public):
            discard(record=row, by=cast[name])
    reviews = name in REVIEWERS
    assert client.post(address(public, "redact"), {"reason": "A child."}).status_code == (302 if reviews else 403)
    assert RedactionRequest.objects.exists() is reviews
    assert client.get(f"/admin/tracker/commitment/{drafts.promise().pk}/change/").status_code == (
        403 if name == "nobody" else 200
    )


def listed(client, address):
    """What a reader sees of a list, and the codes of the promises on it."""
    response = client.get(address)
    assert response.status_code == 200, address
    return page(response)


@pytest.mark.slow
def test_each_person_has_the_rows_that_she_can_act_on_and_none_of_her_own_waits_for_her(
    vellmark, edith, rana, signed_in
):
    other = StaffFactory(username="egon", role="editor")
    drafts.drafted(drafts.value(71), edith)
    drafts.drafted(drafts.value(72), other)
    waits = drafts.submitted(drafts.value(73), edith)
    drafts.submitted(drafts.value(74), rana)
    drafts.submitted(drafts.finding(summary="Dry taps."), other)
    back = drafts.submitted(drafts.judgement("done", "2026-05-01"), edith)
    give_back(record=back, by=rana, note="Which valleys?")
    note(by=edith, deed=Deed.SUBMITTED, record=waits)
    hers, reviews = signed_in(edith), signed_in(rana)
    first = listed(hers, "/desk/")
    assert "1 Came back to me 1 My drafts 1 What I handed in" in first
    assert "The reviewer's note: Which valleys?" in first
    assert "Waits for me" not in first
    assert "Came back 1" in first  # in the head of every page
    assert hers.get("/desk/review/").status_code == 403  # an editor has no list on which she could do nothing
    waiting = listed(reviews, "/desk/review/")
    assert "2 rows" in waiting
    assert "I.1.1a Share of village homes with piped water 73 percent, 31 Dec 2025" in waiting
    assert "0 minutes ago" in waiting
    assert "Lake Council: not kept Dry taps." in waiting
    assert "74 percent" not in waiting
    assert "74 percent" in listed(reviews, "/desk/mine/handed-in/")
    assert "71 percent" in listed(hers, "/desk/mine/drafts/")
    assert "72 percent" not in listed(hers, "/desk/mine/drafts/") + listed(reviews, "/desk/mine/drafts/")
    everything = listed(hers, "/desk/rows/")
    assert "6 rows" in everything
    for query, of in (
        ("what=finding", 1),
        ("right=vellmark-2030/I.2&right=vellmark-2030/II", 1),
        ("right=vellmark-2030/I", 6),
        ("author=egon&state=draft", 1),
        ("q=I.1.1a", 4),
        ("q=egon dry", 1),
        ("q=nothing such", 0),
    ):
        assert f"{of} row{'' if of == 1 else 's'}" in listed(hers, f"/desk/rows/?{query}"), query
    assert hers.get("/desk/rows/?colour=red").status_code == 400
    assert hers.get("/desk/rows/?page=2").status_code == 400


@pytest.mark.slow
def test_every_row_is_reached_page_by_page_and_more_rows_cost_no_more_questions(
    vellmark, edith, rana, signed_in, django_assert_num_queries
):
    client, pages = signed_in(rana), {"/desk/": 25, "/desk/review/": 15, "/desk/promises/vellmark-2030/": 15}
    pages |= {"/desk/calendar/": 13, "/desk/assignments/": 13}
    for n in (3, 49):
        drafts.submitted(drafts.finding(summary="First words."), edith)
        for k in range(n):
            drafts.drafted(drafts.value(k), edith)
            Update.objects.filter(state="draft").update(state="submitted")
        for place, questions in pages.items():
            client.get(place)
            with django_assert_num_queries(questions, info=place):
                assert client.get(place).status_code == 200
    assert "1 to 50 of 54" in listed(client, "/desk/review/")
    assert "51 to 54 of 54" in listed(client, "/desk/review/?page=2")


def at(on):
    """The snapshot as of a day."""
    return read_snapshot(on=datetime.date.fromisoformat(on))


def todo(client, name, **more):
    """Codes of the promises on a list of work, in its order."""
    response = client.get("/desk/promises/vellmark-2030/", {"todo": name, "page_size": "100"} | more)
    assert response.status_code == 200, response.content[:2000]
    return [line[0].code for line in response.context["lines"]]


@pytest.mark.slow
def test_what_is_to_be_done_is_a_filter_of_the_explorer_with_its_counts(accounts, client, edith, rana, signed_in):
    hers = signed_in(edith)
    groups = client.get("/vellmark-2030/disagreements/").context["groups"]
    public = {row["commitment"].code for group in groups for row in group["rows"]}
    assert set(todo(hers, "differ")) == public
    for kind, missing in (
        ("not_researched", "nobody_looked"),
        ("claimed_only", "claimed_only"),
        ("not_decided", "not_decided"),
    ):
        explorer = client.get("/vellmark-2030/commitments/", {"missing": missing, "page_size": "100"})
        assert todo(hers, kind) == [c.code for c, _cells in explorer.context["rows"]], kind
    plan = read_snapshot().plan("vellmark-2030")
    read_once = todo(hers, "second_reading")
    assert read_once == [c.code for c in plan.rows if unread(plan, c)[0]]
    counts = {
        choice.value: choice.count for choice in hers.get("/desk/promises/vellmark-2030/").context["facets"][0].choices
    }
    assert counts == {kind: len(todo(hers, kind)) for kind in TODO}
    assert todo(hers, "differ", kind="quantity") == [
        c for c in todo(hers, "differ") if plan.commitments[c].kind == "quantity"
    ]
    row = Update.objects.filter(state="published", metric__code=drafts.PIPED).last()
    correct(published=row, changes={}, reason="Misread.", by=edith)
    assert "I.1.1a" in todo(hers, "correction")
    assert client.get("/vellmark-2030/commitments/?todo=due").status_code == 400  # readers have no such filter
    assert hers.get("/desk/promises/vellmark-2030/?on=2026-01-01").status_code == 400
    assert hers.get("/desk/promises/atlantis/").status_code == 404


def test_a_promise_on_a_list_says_what_it_wants_and_leads_to_the_form_that_records_it(vellmark, edith, signed_in, anna):
    source = signed_in(edith).get("/desk/promises/vellmark-2030/?page_size=100").content.decode()
    for query in (
        "what=value&amp;metric=village-homes-with-piped-water",
        "what=rung&amp;metric=water-law",
        "what=judgement&amp;commitment=vellmark-2030/I.2.2a",
        "what=search&amp;commitment=vellmark-2030/I.1.1a",
    ):
        assert f'href="/admin/tracker/update/add/?{query}"' in source, query
    assert 'href="/admin/tracker/assessment/add/?commitment=vellmark-2030/I.1.1e"' in source
    looks = signed_in(anna)
    assert "/admin/tracker/update/add/" not in looks.get("/desk/promises/vellmark-2030/").content.decode()
    assert "Who has it" not in listed(looks, "/desk/promises/vellmark-2030/")


def test_signing_in_leads_to_the_desk(client, vellmark, edith):
    edith.set_password("a-long-word-for-edith")
    edith.save()
    for first in ("/admin/", "/admin/login/", "/desk/"):
        client.logout()
        form = client.get(first, follow=True).request
        sent = {"username": "edith", "password": "a-long-word-for-edith"}
        entered = client.post(f"{form['PATH_INFO']}?{form['QUERY_STRING']}", sent)
        assert (entered.status_code, entered.headers["Location"]) == (302, "/desk/"), first


def links(response):
    """Addresses of this site that a page leads to."""
    return {
        each.split("#")[0].replace("&amp;", "&") for each in re.findall(r'href="(/[^"]*)"', response.content.decode())
    }


@pytest.mark.slow
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
    assign(things=[drafts.promise("I.1.1a")], to=edith, by=rana, note="Hidden task.")
    waiting, seen, text = ["/", "/robots.txt", "/sitemap.xml", "/ledger.jsonl", "/healthz", "/verify.py"], set(), ""
    while waiting:
        place = waiting.pop()
        kind = re.sub(r"[?].*", "?", place)
        if place in seen or place.startswith((f"/{settings.STATIC_URL.strip('/')}/", "/admin/")) or len(seen) > 600:
            continue
        if "?" in place and sum(each.startswith(kind) for each in seen) > (20 if NIGHTLY else 4):
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
    assert client.get("/desk/").status_code == 302
