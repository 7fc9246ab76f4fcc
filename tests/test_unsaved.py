"""Nothing typed is lost: a lost session, an old token, a second press, a form that is left and opened again."""

import datetime
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from tracker.actions import unsaved
from tracker.models import Source, UnsavedForm, Update

from . import drafts
from .factories import StaffFactory
from .forms import value_form
from .test_accounts import PASSWORD, account
from .test_admin import Fields
from .test_review import ADD, VALUE, address, page
from .test_second_factor import code_of

pytestmark = pytest.mark.django_db

HERE = {"HTTP_ORIGIN": "http://testserver"}
NOTICE = "was not saved. It is restored below"


@pytest.fixture
def strict(vellmark):
    """A browser whose tokens are looked at, in which an editor has signed in with her password."""
    client = Client(enforce_csrf_checks=True)
    account("edda", role="editor")
    sign_in(client)
    return client


def token(response):
    """The token of the first form of a page."""
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]


def sign_in(client, name="edda", **more):
    """Sign in as a browser does, in another tab, and so with another token from now on."""
    client.cookies.pop("sessionid", None)
    sent = {"csrfmiddlewaretoken": token(client.get("/admin/login/")), "username": name, "password": PASSWORD, **more}
    response = client.post("/admin/login/", {"next": "/admin/"} | sent, **HERE)
    assert response.status_code == 302, page(response)
    return response


def written(client, at=VALUE, **fields):
    """A form that somebody opened and filled in, as the browser would send it."""
    response = client.get(at)
    return Fields(response).sent | {"csrfmiddlewaretoken": token(response)} | value_form() | fields


def restored(client, at=VALUE):
    """What a form holds when it is opened again, and the words of its page."""
    response = client.get(at)
    return Fields(response).sent, page(response)


@pytest.mark.slow
def test_a_session_that_is_gone_sends_the_text_through_the_sign_in_and_stores_nothing_of_a_stranger(strict):
    sent = written(strict, summary="Typed before lunch.")
    strict.cookies.pop("sessionid")
    response = strict.post(VALUE, sent, **HERE)
    assert response.status_code == 403
    words = page(response)
    assert "You are signed out, and nothing was saved yet." in words
    assert "What you typed is in this page." in words
    assert "no-store" in response.headers["Cache-Control"]
    assert not UnsavedForm.objects.exists()
    carried = re.search(r'name="carried" value="([^"]+)"', response.content.decode())[1]
    wrong = {"csrfmiddlewaretoken": token(response), "username": "edda", "password": "no", "carried": carried}
    again = strict.post("/admin/login/", {"next": VALUE, **wrong}, **HERE)
    assert f'value="{carried}"' in again.content.decode()  # a wrong password does not lose it
    answer = strict.post("/admin/login/", {"next": VALUE, **wrong, "password": PASSWORD}, **HERE)
    assert answer.headers["Location"] == VALUE
    fields, words = restored(strict)
    assert fields["summary"] == "Typed before lunch."
    assert NOTICE in words
    assert not Update.objects.exists()
    fields |= {"csrfmiddlewaretoken": token(strict.get(VALUE))}
    assert strict.post(VALUE, fields | {"_save": "1"}, **HERE).status_code == 302
    assert Update.objects.get().summary == "Typed before lunch."
    assert list(UnsavedForm.objects.values_list("fields", flat=True)) == [{}]
    assert NOTICE not in restored(strict)[1]


def test_text_that_was_carried_is_given_to_whoever_typed_it_and_to_nobody_else(strict, vellmark):
    sent = written(strict, summary="Edda's own.")
    strict.cookies.pop("sessionid")
    carried = re.search(r'name="carried"[^>]* value="([^"]+)"', strict.post(VALUE, sent, **HERE).content.decode())[1]
    account("olga", role="editor")
    sign_in(strict, "olga", carried=carried, next=VALUE)
    fields, words = restored(strict)
    assert "it is kept for that person alone" in words
    assert "Edda" not in words + str(fields)
    assert UnsavedForm.objects.get().person.username == "edda"
    row = UnsavedForm.objects.get()
    assert strict.get(f"/admin/unsaved/{row.pk}/").status_code == 404
    forged = sign_in(Client(enforce_csrf_checks=True), "olga", carried=carried[:-3] + "abc")
    assert (forged.status_code, UnsavedForm.objects.count()) == (302, 1)


def test_a_token_of_another_session_brings_the_text_back_and_saves_nothing_unasked(strict):
    sent = written(strict, summary="Typed in the first tab.")
    sign_in(strict)
    response = strict.post(VALUE, sent | {"_submit": "1"}, **HERE)
    assert (response.status_code, response.headers["Location"]) == (302, VALUE)
    assert not Update.objects.exists()
    fields, words = restored(strict)
    assert fields["summary"] == "Typed in the first tab."
    assert "You signed in anew since this form was opened, so nothing was saved yet." in words


@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}]
)
def test_what_another_site_sends_is_refused_and_not_kept(strict, headers):
    sent = value_form() | {"csrfmiddlewaretoken": "a" * 64}
    response = strict.post(VALUE, sent, **headers)
    assert response.status_code == 403
    assert "did not come from a page of this site" in page(response)
    assert not UnsavedForm.objects.exists()
    assert not Update.objects.exists()


def test_a_sign_in_page_that_is_too_old_goes_on_where_one_is_signed_in_already(strict):
    sent = {"csrfmiddlewaretoken": "a" * 64, "username": "edda", "password": PASSWORD, "next": VALUE}
    assert strict.post("/admin/login/", sent, **HERE).headers["Location"] == VALUE
    assert strict.post("/admin/login/", sent | {"next": "//evil.example"}, **HERE).headers["Location"] == "/admin/"
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post("/admin/login/", sent, **HERE)
    assert (response.status_code, "sign in once more" in page(response)) == (403, True)


def test_a_note_to_an_author_that_was_not_sent_comes_back_in_a_form_of_its_own(strict, edith):
    row = drafts.submitted(drafts.value(), edith)
    account("rosa", role="reviewer")
    sign_in(strict, "rosa")
    response = strict.get(address(row, "review"))
    sent = {"csrfmiddlewaretoken": "b" * 64, "seen_version": row.version, "note": "Which census?", "_return": "1"}
    response = strict.post(address(row, "review"), sent, **HERE)
    stored = UnsavedForm.objects.get()
    assert response.headers["Location"] == f"/admin/unsaved/{stored.pk}/"
    row.refresh_from_db()
    assert row.state == "submitted"
    again = strict.get(f"/admin/unsaved/{stored.pk}/")
    fields = Fields(again).sent | {"csrfmiddlewaretoken": token(again)}
    assert strict.post(address(row, "review"), fields, **HERE).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.returned_note) == ("returned", "Which census?")
    assert strict.get(f"/admin/unsaved/{stored.pk}/").status_code == 404


@pytest.mark.slow
def test_a_draft_keeps_itself_while_it_is_written_and_stays_as_it_was(vellmark, edith, rana, signed_in):
    row = drafts.drafted(drafts.value(), edith)
    client, at = signed_in(edith), address(row)
    before = Update.objects.filter(pk=row.pk).values().get()
    sent = Fields(client.get(at)).sent | {"summary": "Half a sent", "_address": at, "password": "x"}
    answer = client.post("/admin/unsaved/", sent)
    assert re.fullmatch(r"Kept at \d\d:\d\d\.", answer.json()["sentence"])
    assert Update.objects.filter(pk=row.pk).values().get() == before
    assert "password" not in UnsavedForm.objects.get().fields
    assert restored(client, at)[0]["summary"] == "Half a sent"
    assert "Half a sent" not in page(signed_in(rana).get(at))  # another person sees nothing of it
    theirs = signed_in(rana).post("/admin/unsaved/", sent)
    assert (theirs.status_code, UnsavedForm.objects.count()) == (409, 1)
    assert Client().post("/admin/unsaved/", sent).json() == {"signed_out": True}
    stored = UnsavedForm.objects.get()
    assert signed_in(rana).post(f"/admin/unsaved/{stored.pk}/discard/").status_code == 404
    assert client.post(f"/admin/unsaved/{stored.pk}/discard/").headers["Location"] == at
    assert restored(client, at)[0]["summary"] == row.summary


def test_a_kept_text_of_a_row_that_is_public_by_now_is_there_to_copy(vellmark, edith, rana, signed_in):
    row = drafts.submitted(drafts.value(), edith)
    client = signed_in(edith)
    client.post("/admin/unsaved/", written_key(client) | {"summary": "My other words.", "_address": address(row)})
    drafts.publish(record=row, by=rana)
    words = page(client.get(address(row)))
    assert "This form can be read only now; your words are here to copy:" in words
    assert "My other words." in words


def written_key(client):
    """The key of a form that was just opened."""
    return {"_form": Fields(client.get(VALUE)).sent["_form"]}


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_form_is_saved_once_however_often_it_is_sent(vellmark, edith, signed_in):
    client = signed_in(edith)
    sent = Fields(client.get(VALUE)).sent | value_form() | {"_save": "1"}
    first = client.post(VALUE, sent)
    second = client.post(VALUE, sent)
    assert (second.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert Update.objects.count() == 1
    other = client.post(VALUE, sent | {"summary": "Another figure of the same form."})
    assert "This form was saved once already." in page(other)
    assert Update.objects.count() == 1
    again = Fields(other).sent
    assert again["_form"] != sent["_form"]
    assert client.post(VALUE, again | {"_save": "1"}).status_code == 302
    assert Update.objects.count() == 2
    change = address(Update.objects.order_by("pk")[0])
    sent = Fields(client.get(change)).sent | {"summary": "Changed."}
    assert [client.post(change, sent).status_code for _n in range(2)] == [302, 302]
    assert Update.objects.order_by("pk")[0].version == 2


@pytest.mark.slow
def test_a_form_that_a_colleague_opened_is_not_saved_under_another_name_unasked(vellmark, edith, signed_in):
    sent = Fields(signed_in(edith).get(VALUE)).sent | value_form()
    client = signed_in(StaffFactory(username="egon", role="editor"))
    response = client.post(VALUE, sent)
    assert "You are signed in as egon now" in page(response)
    assert not Update.objects.exists()
    assert client.post(VALUE, Fields(response).sent | {"_save": "1"}).status_code == 302
    assert Update.objects.get().author.username == "egon"


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_refused_form_a_preview_and_a_null_character_lose_nothing(vellmark, edith, signed_in):
    client = signed_in(edith)
    for more in ({"as_of": "soon"}, {"_preview": "1"}, {"caveat": "a\0b"}):
        UnsavedForm.objects.all().delete()
        sent = Fields(client.get(VALUE)).sent | value_form(summary="Words.") | more
        assert client.post(VALUE, sent).status_code == (302 if "caveat" in more else 200)
        fields, words = restored(client)
        assert (fields["summary"], NOTICE in words) == ("Words.", True)
        assert "This field is required" not in words
    assert (fields["caveat"], "A null character, which nobody sees, is taken out." in words) == ("ab", True)


def test_a_right_that_goes_while_somebody_types_takes_no_text_with_it(vellmark, edith, signed_in):
    client = signed_in(edith)
    sent = Fields(client.get(VALUE)).sent | value_form(summary="Half a day's work.")
    editors = edith.groups.get()
    edith.groups.clear()
    response = client.post(VALUE, sent)
    assert (response.status_code, "What you typed is kept until you may again." in page(response)) == (403, True)
    edith.groups.add(editors)
    assert restored(client)[0]["summary"] == "Half a day's work."


def test_the_forms_of_the_registry_lose_nothing_either(vellmark, adam, signed_in):
    client, at = signed_in(adam), "/admin/tracker/source/add/"
    sent = Fields(client.get(at)).sent
    assert client.post("/admin/unsaved/", sent | {"title": "A gazette", "_address": at}).status_code == 200
    fields, words = restored(client, at)
    assert (fields["title"], NOTICE in words) == ("A gazette", True)
    whole = {"code": "gazette-9", "publisher": drafts.body().pk, "address": "https://gazette.example/9"}
    assert [client.post(at, fields | whole).status_code for _n in range(2)] == [302, 302]
    assert Source.everything.filter(code="gazette-9").count() == 1
    assert NOTICE not in restored(client, at)[1]


def test_a_form_can_be_brought_back_by_the_browser_and_is_not_stored_for_others(vellmark, edith, signed_in):
    assert signed_in(edith).get(VALUE).headers["Cache-Control"] == "private, no-cache, max-age=0"


@pytest.mark.both_databases
def test_what_is_kept_is_bounded_and_goes_after_some_weeks(vellmark, edith, settings):
    def keep(key, text="x"):
        return unsaved.keep(by=edith, key=key, address=ADD, typed={"summary": [text]})

    assert keep("long", "x" * (unsaved.MOST_CHARACTERS + 1)) is None
    old = keep("old")
    UnsavedForm.objects.filter(pk=old.pk).update(at=timezone.now() - datetime.timedelta(days=settings.UNSAVED_DAYS + 1))
    for n in range(unsaved.MOST_FORMS + 2):
        keep(f"key-{n}", f"words {n}")
    assert UnsavedForm.objects.count() == unsaved.MOST_FORMS
    assert not UnsavedForm.objects.filter(key__in=["old", "key-0"]).exists()


@pytest.mark.both_databases
def test_what_is_redacted_is_in_no_unsaved_text_either(vellmark, edith, rana):
    row = drafts.published(drafts.value(summary="It names Ana of the mill."), edith, rana)
    for key, at, text in (
        ("own", address(row), "Other words."),
        ("copied", ADD, "As before: It names Ana of the mill."),
        ("another", ADD, "table 3, another thing"),
    ):
        unsaved.keep(by=edith, key=key, address=at, typed={"summary": [text]})
    drafts.redact(record=row, reason="It named a person.", by=rana)
    assert list(UnsavedForm.objects.values_list("key", flat=True)) == ["another"]


def test_an_address_that_a_login_leads_to_is_one_of_ours(strict):
    strict.cookies.pop("sessionid")
    away = f"/admin/tracker/update/?next={quote('//evil.example')}"
    sent = {"csrfmiddlewaretoken": "a" * 64, "note": "x"}
    response = strict.post(away, sent, **HERE)
    assert 'name="next" value="/admin/unsaved/"' in response.content.decode()


def test_text_goes_with_its_person_over_the_step_of_the_second_factor_too(strict, settings):
    settings.SECOND_FACTOR = "reviewers"
    ruth = account("ruth", role="reviewer")
    sign_in(strict, "ruth")
    setup = strict.get("/desk/account/factor/")
    code = {"csrfmiddlewaretoken": token(setup), "code": code_of(ruth, confirmed=False)}
    assert strict.post("/desk/account/factor/", code, **HERE).status_code == 200
    sent = written(strict, summary="Ruth's words.")
    strict.cookies.pop("sessionid")
    carried = re.search(r'name="carried" value="([^"]+)"', strict.post(VALUE, sent, **HERE).content.decode())[1]
    assert sign_in(strict, "ruth", carried=carried, next=VALUE).headers["Location"] == "/admin/login/code/"
    assert not UnsavedForm.objects.exists()
    code = {"csrfmiddlewaretoken": token(strict.get("/admin/login/code/")), "code": code_of(ruth, later=1)}
    assert strict.post("/admin/login/code/", code, **HERE).headers["Location"] == VALUE
    assert restored(strict)[0]["summary"] == "Ruth's words."
