"""Who works on what: given and given back by role, the nearest wins, in the trail, and never public."""

import pytest
from django.core.exceptions import ValidationError
from django.template import engines
from django.test import Client

from tracker.actions.assignments import assign, close
from tracker.actions.errors import NotAllowed
from tracker.desk.people import Work
from tracker.models import Assignment, Category, Metric, TrailEntry
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .factories import StaffFactory
from .test_review import page

pytestmark = pytest.mark.django_db


def right(code):
    """A chapter or section of the invented plan."""
    return Category.objects.get(plan__code="vellmark-2030", code=code)


def holders(user):
    """Who has each promise of the invented plan, by code."""
    plan, work = read_snapshot().plan("vellmark-2030"), Work.read(user)
    return {c.code: row.person.username for c in plan.rows if (row := work.of(plan, c)) is not None}


@pytest.mark.both_databases
def test_the_nearest_assignment_wins_and_what_is_given_anew_leaves_whoever_had_it(vellmark, edith, rana, adam):
    assign(things=[right("I")], to=edith, by=rana, due_on=drafts.day("2099-01-01"), note="All of it")
    assert set(holders(rana).values()) == {"edith"}
    assert {code[:2] for code in holders(rana)} == {"I."}
    assign(things=[right("I.1")], to=rana, by=adam)
    assign(things=[Metric.objects.get(code=drafts.PIPED)], to=adam, by=adam)
    assign(things=[drafts.promise("I.1.1d")], to=edith, by=rana)
    by_code = holders(rana)
    assert (by_code["I.1.1a"], by_code["I.1.1b"], by_code["I.1.1d"], by_code["I.2.1a"]) == (
        "adam",
        "rana",
        "edith",
        "edith",
    )
    assign(things=[right("I.1")], to=edith, by=rana)
    assert holders(rana)["I.1.1b"] == "edith"
    assert Assignment.objects.filter(category=right("I.1"), closed_at__isnull=True).count() == 1
    assert close(assignments=Assignment.objects.all(), by=rana) == 4
    assert holders(rana) == {}
    deeds = list(
        TrailEntry.objects.filter(deed="assigned").order_by("pk").values_list("by__username", "subject", "detail")
    )
    assert deeds[0] == ("rana", "category vellmark-2030/I", "to edith until 2099-01-01")
    assert len(deeds) == 5 + 4


def test_an_editor_takes_and_gives_back_her_own_and_reviewers_give_to_anybody_who_records(vellmark, edith, rana, anna):
    egon = StaffFactory(username="egon", role="editor")
    hers = assign(things=[drafts.promise("I.1.1a")], to=edith, by=edith)
    with pytest.raises(NotAllowed, match="for reviewers"):
        assign(things=[drafts.promise("I.1.1b")], to=egon, by=edith)
    with pytest.raises(NotAllowed, match="with a colleague"):
        assign(things=[drafts.promise("I.1.1b"), drafts.promise("I.1.1a")], to=egon, by=egon)
    with pytest.raises(NotAllowed, match="what is yours"):
        close(assignments=hers, by=egon)
    with pytest.raises(ValidationError):
        assign(things=[drafts.promise("I.1.1b")], to=anna, by=rana)
    assert holders(rana) == {"I.1.1a": "edith"}  # all of what was asked for, or none
    assert close(assignments=hers, by=edith) == 1
    assert close(assignments=hers, by=edith) == 0


def test_many_are_given_from_a_list_in_one_go_and_are_marked_there(vellmark, edith, rana, signed_in):
    reviews, hers = signed_in(rana), signed_in(edith)
    here = "/desk/promises/vellmark-2030/?kind=quantity"
    what = ["commitment vellmark-2030/I.1.1a", "commitment vellmark-2030/I.1.1b"]
    sent = {
        "what": what,
        "person": edith.pk,
        "due_on": "2099-12-31",
        "note": "Look again",
        "then": here,
        "_assign": "1",
    }
    response = reviews.post("/desk/assignments/", sent)
    assert (response.status_code, response.headers["Location"]) == (302, here)
    assert "2 things are now with edith." in page(reviews.get(here))
    assert "edith 31 Dec 2099" in page(reviews.get(here))
    mine = hers.get("/desk/promises/vellmark-2030/?assigned=me")
    assert [line[0].code for line in mine.context["lines"]] == ["I.1.1a", "I.1.1b"]
    assert "2 Mine to work on" in page(hers.get("/desk/"))
    assert "“Look again”" in page(hers.get("/desk/assignments/"))
    nobodys = reviews.get("/desk/promises/vellmark-2030/?assigned=nobody&page_size=100").context["lines"]
    assert len(nobodys) == 14 - 2
    closing = [str(pk) for pk in Assignment.objects.values_list("pk", flat=True)]
    assert hers.post("/desk/assignments/", {"closing": closing, "_close": "1"}).status_code == 302
    assert holders(rana) == {}


@pytest.mark.slow
def test_what_is_wrong_is_said_and_what_was_typed_stays(vellmark, edith, rana, signed_in):
    reviews = signed_in(rana)
    good = {"code": "I.1, water-law, vellmark-2030/II.2a", "person": edith.pk, "note": "First these"}
    assert reviews.post("/desk/assignments/", good).status_code == 302
    assert holders(rana) == dict.fromkeys([*(c for c in holders(rana) if c.startswith("I.1.")), "II.2a"], "edith")
    for changed, sentence in (
        ({"code": "I.9"}, "There is no promise, right or metric with the code “I.9”."),
        ({"code": ""}, "Choose something on a list, or give its code."),
        ({"due_on": "31.12.2099"}, "Give a day such as 2026-12-31, or none."),
        ({"due_on": "2001-01-01"}, "That day is over."),
        ({"person": ""}, "Say who is to do it."),
        ({"note": "a\nb"}, "Write this on one line"),
        ({"note": "x" * 301}, "at most 300 characters"),
        ({"_close": "1"}, "Choose what is done or given back"),
    ):
        response = reviews.post("/desk/assignments/", good | changed)
        assert response.status_code == 400, changed
        assert sentence in page(response), changed
    assert (
        'value="I.1, water-law, vellmark-2030/II.2a"'
        in reviews.post("/desk/assignments/", good | {"person": "x"}).content.decode()
    )
    taken = signed_in(StaffFactory(username="egon", role="editor"))
    assert "Select a valid choice" in page(taken.post("/desk/assignments/", good))
    elsewhere = reviews.post("/desk/assignments/", good | {"then": "//evil.example/"})
    assert elsewhere.headers["Location"] == "/desk/assignments/"
    form = reviews.get("/admin/tracker/update/add/?what=search&commitment=vellmark-2030/II.2a")
    assert '<span class="who-has">edith</span>' in form.content.decode()  # beside the promise that is recorded
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(rana, backend="django.contrib.auth.backends.ModelBackend")
    assert guarded.post("/desk/assignments/", good).status_code == 403


def test_a_form_beside_a_promise_can_say_who_has_it(vellmark, edith, rana, rf, django_assert_num_queries):
    assign(things=[right("I.1")], to=edith, by=rana)
    request = rf.get("/")
    request.user = rana
    text = "{% load desk %}{% assignment_of one as a %}{{ a.person.username }},{% assignment_of other as b %}"
    template = engines["django"].from_string(text + "{{ b.person.username }}")
    rana.get_all_permissions()
    records = {"one": drafts.promise("I.1.1a"), "other": Metric.objects.get(code="water-law")}
    read_snapshot()
    with django_assert_num_queries(4):  # the log's end, twice; the promise's plan; all that is assigned
        assert template.render(records, request) == "edith,"
