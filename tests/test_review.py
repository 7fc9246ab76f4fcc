"""Recording and reviewing in the admin: a draft by one person, publication by another, and no other way."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.actions.progress import draft, submit
from tracker.admin.review import around
from tracker.models import Assessment, Evidence, LedgerEntry, Update

from . import drafts
from .factories import StaffFactory
from .forms import decision, evidence_form, value_form
from .test_admin import Fields

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/tracker/update/", "/admin/tracker/update/add/"
VALUE = f"{ADD}?what=value&metric=village-homes-with-piped-water"


@pytest.fixture
def editor(vellmark, edith, signed_in):
    """The browser of the editor."""
    return signed_in(edith)


@pytest.fixture
def reviewer(vellmark, rana, signed_in):
    """The browser of the reviewer."""
    return signed_in(rana)


def page(response):
    """The words of a page, blanks made single."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def address(row, step="change"):
    """The address of a step of a row."""
    return f"/admin/tracker/{row._meta.model_name}/{row.pk}/{step}/"


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("what=value&metric=village-homes-with-piped-water", {"value", "bound", "fits", "how"}, {"rung", "verdict"}),
        ("metric=village-homes-with-piped-water", {"value", "bound"}, {"rung", "verdict", "commitment"}),
        ("commitment=vellmark-2030/I.1.1a", {"value", "metric"}, {"rung", "verdict", "commitment"}),
        ("what=rung&metric=water-law", {"rung", "origin"}, {"value", "bound", "verdict", "commitment"}),
        ("commitment=vellmark-2030/I.1.1d", {"rung", "metric"}, {"value", "verdict", "commitment"}),
        ("commitment=vellmark-2030/I.2.2a", {"verdict", "commitment"}, {"value", "rung", "metric", "origin"}),
        ("commitment=vellmark-2030/I.1.1e", {"withheld", "commitment"}, {"value", "rung", "verdict", "metric"}),
        ("what=search&commitment=vellmark-2030/I.1.1a", {"withheld", "commitment"}, {"value", "metric", "verdict"}),
    ],
)
def test_a_form_shows_only_what_its_kind_needs_with_what_it_is_about_filled_in(editor, query, shown, hidden):
    sent = Fields(editor.get(f"{ADD}?{query}")).sent
    assert shown - {"withheld", "rung", "verdict"} <= sent.keys()  # a box or a list in which nothing is chosen
    assert not hidden & sent.keys()
    about = "metric" if "metric" in sent else "commitment"
    assert sent[about]


def test_what_can_only_be_read_is_said_as_exactly_as_it_was_typed(editor):
    typed = {"as_of": "2025", "value": "81.5"}
    assert (
        editor.post(VALUE, Fields(editor.get(VALUE)).sent | value_form() | typed | {"_submit": "1"}).status_code == 302
    )
    words = page(editor.get(address(Update.objects.get())))
    for told in ("Value 81.5 percent", "As of 2025 ", "Village census , p. 1"):
        assert told in words
    for never in ("81.500000", "31 Dec 2025", "Seen version"):
        assert never not in words


def test_a_row_that_was_replaced_leads_to_what_replaced_it_and_offers_no_correction(editor, edith, rana):
    first = drafts.published(drafts.value(80), edith, rana)
    second = drafts.published(drafts.correction(first, edith, 82), edith, rana)
    old, new = (editor.get(address(row)).content.decode() for row in (first, second))
    assert (address(second) in old, "Replaced since" in old) == (True, True)
    assert [
        address(row, step) in page for row, page in ((first, old), (second, new)) for step in ("correct", "withdraw")
    ] == [False, False, True, True]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("what=value&commitment=vellmark-2030/I.9.9z", "Record: value"),
        ("metric=nix", "What do you want to record?"),
        ("what=nix&commitment=vellmark-2030/I.1.1a", "Record: value"),
        ("commitment=vellmark-2030/I.1.1a", "Record: value"),
    ],
)
def test_a_code_of_the_address_that_nothing_has_is_said(editor, query, title):
    words = page(editor.get(f"{ADD}?{query}"))
    assert title in words
    assert ("Nothing on record has the code" in words) == ("I.9.9z" in query or "metric=nix" in query)


def test_without_an_address_that_says_what_one_is_asked(editor):
    response = editor.get(ADD)
    assert "What do you want to record?" in page(response)
    assert f'href="{ADD}?what=search"' in response.content.decode()
    for query in ("?what=zebra", "?metric=none", "?commitment=99999999999999999999", "?commitment=abc/x", "?metric=²"):
        assert "What do you want to record?" in page(editor.get(ADD + query))


def test_the_form_shows_the_last_values_on_record_and_the_stages_of_a_ladder(editor, edith, rana):
    drafts.published(drafts.value(80), edith, rana)
    assert "31 Dec 2025 80 percent Vellmark Office of Numbers" in page(editor.get(VALUE))
    stages = editor.get(f"{ADD}?metric=water-law").content.decode()
    assert '<input type="radio" name="rung" value="adopted"' in stages


def test_a_preview_says_what_the_value_would_make_of_the_status_and_saves_nothing(editor, edith, rana):
    drafts.published(drafts.value(80), edith, rana)
    for number, word in (("84", "under way"), ("88", "reached")):
        response = editor.post(VALUE, value_form(number, _preview="1"))
        words = page(response)
        assert response.status_code == 200
        assert re.search(rf"What it would make of the status .* I\.1\.1a .* {word}", words), words
    assert Update.objects.count() == 1
    assert Evidence.objects.count() == 1


@pytest.mark.both_databases
def test_an_editor_saves_a_draft_with_its_evidence_and_nothing_is_logged(editor, edith):
    sent = value_form(**evidence_form(drafts.source("one"), drafts.source("two")))
    before = LedgerEntry.objects.count()
    response = editor.post(VALUE, sent)
    update = Update.objects.get()
    assert response.headers["Location"] == address(update)
    assert (update.state, update.what, update.author, update.edited_by) == ("draft", "value", edith, edith)
    assert str(update.value.normalize()) == "81.5"
    assert [(e.source.code, e.locator) for e in update.evidence.order_by("pk")] == [("one", "p. 1"), ("two", "p. 2")]
    assert "What it would make of the status" in page(editor.get(address(update)))
    assert LedgerEntry.objects.count() == before


@pytest.mark.both_databases
def test_evidence_of_a_draft_can_be_taken_away_and_added(editor, edith):
    update = drafts.drafted(drafts.value(), edith)
    sent = Fields(editor.get(address(update))).sent
    sent |= {"evidence-0-DELETE": "on", "evidence-1-source": drafts.source("two").pk, "evidence-1-locator": "p. 9"}
    assert editor.post(address(update), sent).status_code == 302
    assert [(e.source.code, e.locator) for e in update.evidence.all()] == [("two", "p. 9")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": ""}, "A published value needs this."),
        ({"origin": ""}, "A published value needs this."),
        ({"evidence-0-source": "", "evidence-0-locator": ""}, "Nothing is published without evidence."),
        ({"as_of": "2099-01-01"}, "future"),
    ],
)
def test_what_is_not_whole_is_not_handed_in_and_the_words_come_back(editor, changes, sentence):
    response = editor.post(VALUE, value_form(caveat="Counted by hand.", _submit="1") | changes)
    assert response.status_code == 200
    assert sentence in page(response)
    assert "Counted by hand." in page(response)
    assert not Update.objects.exists()


def test_zero_is_a_value_and_blank_is_not(editor):
    assert editor.post(VALUE, value_form("0", _submit="1")).status_code == 302
    assert Update.objects.get().value == 0


@pytest.mark.both_databases
def test_a_second_person_reads_the_difference_and_publishes(editor, reviewer, client, edith, rana):
    editor.post(VALUE, value_form("84", _submit="1"))
    update = Update.objects.get()
    assert update.state == "submitted"
    words = page(reviewer.get(address(update, "review")))
    assert "What it records What value Value 84 percent" in words
    assert "Village census Vellmark Office of Numbers, p. 1" in words
    response = reviewer.post(address(update, "review"), decision(update, _publish="1"))
    assert response.headers["Location"] == "/desk/"
    update.refresh_from_db()
    assert (update.state, update.reviewer) == ("published", rana)
    entry = LedgerEntry.objects.first()
    assert (entry.pk, entry.action, entry.role) == (update.entry_id, "publish", "reviewer")
    assert "84" in page(client.get("/vellmark-2030/commitments/I.1.1a/"))


def test_the_author_and_the_last_editor_do_not_publish_their_own(vellmark, rana, signed_in, edith):
    second = StaffFactory(username="rob", role="reviewer")
    own = drafts.submitted(drafts.value(), rana)
    edited = drafts.submitted(drafts.drafted(drafts.value(81), edith), second)
    for row, person in ((own, rana), (edited, second)):
        client, before = signed_in(person), LedgerEntry.objects.count()
        assert "somebody else publishes it" in page(client.get(address(row, "review")))
        response = client.post(address(row, "review"), decision(row, _publish="1"))
        assert "changed something of it: somebody else publishes it." in page(response)
        row.refresh_from_db()
        assert (row.state, LedgerEntry.objects.count()) == ("submitted", before)


@pytest.mark.parametrize("step", ["_publish", "_return"])
def test_a_reviewer_decides_on_what_was_read_and_on_nothing_newer(reviewer, edith, step):
    row = drafts.submitted(drafts.value(), edith)
    read = decision(row, **{step: "1", "note": "Which census?"})
    row.refresh_from_db()
    row.value = 97
    submit(record=draft(record=row, by=edith, evidence=None), by=edith)
    before = LedgerEntry.objects.count()
    answer = reviewer.post(address(row, "review"), read)
    assert "Somebody else has changed this draft since you opened it." in page(answer)
    assert "Which census?" in answer.content.decode()
    for broken in ("", "x", "9" * 30, None):
        answer = reviewer.post(
            address(row, "review"), {step: "1"} | ({} if broken is None else {"seen_version": broken})
        )
        assert "The form does not say which version you read" in page(answer)
    row.refresh_from_db()
    assert (row.state, row.value, LedgerEntry.objects.count()) == ("submitted", 97, before)


@pytest.mark.slow
def test_a_reviewer_returns_with_words_that_the_author_sees(editor, reviewer, edith):
    update = drafts.submitted(drafts.value(), edith)
    assert "Say what is to be mended." in page(
        reviewer.post(address(update, "review"), decision(update, _return="1", note=" "))
    )
    assert (
        reviewer.post(address(update, "review"), decision(update, _return="1", note="Which census?")).status_code == 302
    )
    update.refresh_from_db()
    assert (update.state, update.returned_note) == ("returned", "Which census?")
    assert "Which census?" in page(editor.get(address(update)))
    assert "Which census?" in page(editor.get("/desk/"))
    sent = Fields(editor.get(address(update))).sent
    assert editor.post(address(update), sent | {"_submit": "1"}).status_code == 302
    update.refresh_from_db()
    assert update.state == "submitted"


@pytest.mark.parametrize("row", [drafts.value, drafts.finding])
def test_a_published_row_is_to_read_and_a_form_for_it_changes_nothing(editor, edith, rana, row):
    row = drafts.published(row(), edith, rana)
    stored = type(row).objects.filter(pk=row.pk).values().get()
    response = editor.get(address(row))
    assert 'name="_save"' not in response.content.decode()
    assert 'name="summary"' not in response.content.decode()
    sent = value_form() | {"seen_version": row.version, "says": "kept", "commitment": drafts.promise().pk}
    response = editor.post(address(row), sent)
    assert "what is published is not changed" in page(response)
    assert type(row).objects.filter(pk=row.pk).values().get() == stored


@pytest.mark.slow
@pytest.mark.parametrize("row", [drafts.value, pytest.param(drafts.finding, marks=pytest.mark.both_databases)])
def test_a_published_row_is_corrected_withdrawn_and_redacted(editor, reviewer, edith, rana, adam, signed_in, row):
    row = drafts.published(row(), edith, rana)
    for step, client in (("correct", editor), ("withdraw", editor), ("redact", reviewer)):
        response = client.post(address(row, step), {"reason": "  "})
        assert response.status_code == 200
        assert "says why." in page(response)
    response = editor.post(address(row, "correct"), {"reason": "Misread."})
    new = type(row).objects.get(replaces=row)
    assert response.headers["Location"] == address(new)
    assert (new.state, new.reason, new.evidence.count()) == ("draft", "Misread.", 1)
    sent = Fields(editor.get(address(new))).sent | {"summary": "Other words.", "_submit": "1"}
    assert editor.post(address(new), sent).status_code == 302
    assert "Other words." in page(reviewer.get(address(new, "review")))
    assert reviewer.post(address(new, "review"), decision(new, _publish="1")).status_code == 302
    assert LedgerEntry.objects.first().action == "correct"

    assert editor.post(address(new, "withdraw"), {"reason": "Not theirs."}).status_code == 302
    gone = type(row).objects.get(replaces=new)
    assert editor.post(address(gone, "submit"), decision(gone)).status_code == 302
    assert "Not theirs." in page(reviewer.get(address(gone, "review")))
    assert reviewer.post(address(gone, "review"), decision(gone, _publish="1")).status_code == 302
    assert not type(row).objects.live().filter(pk__in=[row.pk, new.pk]).exists()

    response = reviewer.post(address(row, "redact"), {"reason": "It named a child."})
    location = response.headers["Location"]
    assert "You asked for it: a second reviewer looks at what goes" in page(reviewer.get(location))
    assert "You asked for it" in page(reviewer.post(location, {"_confirm": "1"}))
    row.refresh_from_db()
    assert row.summary
    second = signed_in(adam)
    assert row.summary in unescape(page(second.get(location)))
    assert second.post(location, {"_confirm": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.summary, LedgerEntry.objects.first().action) == ("", "redact")
    assert "Confirmed by adam" in page(second.get(location))


def test_a_draft_is_not_corrected_withdrawn_or_redacted(reviewer, edith):
    update = drafts.drafted(drafts.value(), edith)
    for step in ("correct", "withdraw", "redact"):
        response = reviewer.post(address(update, step), {"reason": "Because."})
        assert "Only what is published" in page(response)
    assert Update.objects.count() == 1


@pytest.mark.slow
def test_two_people_edit_the_same_draft_and_the_second_is_told_and_loses_nothing(editor, edith, vellmark, signed_in):
    other = signed_in(StaffFactory(username="egon", role="editor"))
    update = drafts.drafted(drafts.value(), edith)
    mine, theirs = (Fields(client.get(address(update))).sent for client in (editor, other))
    assert editor.post(address(update), mine | {"summary": "Edith's words."}).status_code == 302
    response = other.post(address(update), theirs | {"summary": "Egon's words.", "caveat": "Egon's caveat."})
    assert response.status_code == 200
    words = page(response)
    assert "Somebody else has changed this draft since you opened it." in words
    assert all(each in words for each in ("Egon&#x27;s words.", "Egon&#x27;s caveat.", "Edith&#x27;s words."))
    update.refresh_from_db()
    assert update.summary == "Edith's words."
    assert other.post(address(update), Fields(response).sent).status_code == 302
    update.refresh_from_db()
    assert (update.summary, update.caveat, update.edited_by.username) == ("Egon's words.", "Egon's caveat.", "egon")
    assert update.evidence.count() == 1


def test_a_draft_that_was_handed_in_meanwhile_is_not_saved_over(editor, edith):
    update = drafts.drafted(drafts.value(), edith)
    sent = Fields(editor.get(address(update))).sent
    editor.post(address(update, "submit"), decision(update))
    response = editor.post(address(update), sent | {"summary": "Later words."})
    assert "Somebody else has changed this draft" in page(response)
    assert "Later words." in page(response)
    update.refresh_from_db()
    assert update.state == "submitted"


def test_a_draft_that_has_changed_since_it_was_shown_is_not_handed_in(editor, edith, adam):
    update = drafts.drafted(drafts.value(), edith)
    seen = decision(update)
    update.summary = "Adam's words."
    draft(record=update, by=adam, evidence=None)
    words = page(editor.post(address(update, "submit"), seen, follow=True))
    assert "Somebody else has changed this draft since you opened it." in words
    assert "does not say which version you read" in page(editor.post(address(update, "submit"), follow=True))
    update.refresh_from_db()
    assert (update.state, update.submitted_by) == ("draft", None)
    editor.post(address(update, "submit"), decision(update))
    update.refresh_from_db()
    assert (update.state, update.submitted_by) == ("submitted", edith)
    assert "Submitted for review , handed in by edith" in page(editor.get(address(update, "review")))


def test_drafts_that_changed_since_the_list_was_shown_are_not_handed_in(editor, edith, adam):
    same, changed = drafts.drafted(drafts.value(80, "2024-12-31"), edith), drafts.drafted(drafts.value(81), edith)
    shown = listed(editor)
    draft(record=changed, by=adam, evidence=None)
    chosen = {"action": "submit_selected", "_selected_action": [same.pk, changed.pk]}
    words = page(editor.post(LIST, chosen | shown, follow=True))
    assert "1 record handed in for review." in words
    assert f"Refused: Value: {PIPED_NAME}, 31 Dec 2025 . It has changed since the list was shown" in words
    words = page(editor.post(LIST, chosen, follow=True))
    assert "2 records were not on the page that you saw, and are not handed in for review." in words
    assert [Update.objects.get(pk=row.pk).state for row in (same, changed)] == ["submitted", "draft"]


@pytest.mark.parametrize("place", [VALUE, "/admin/tracker/commitment/add/", "draft", "public"])
def test_opening_a_form_begins_no_transaction(editor, edith, rana, place):
    """On SQLite one would wait for whoever writes, and fail after 20 seconds."""
    make = {"draft": lambda: drafts.drafted(drafts.value(), edith), "public": lambda: drafts.promise()}.get(place)
    row = make() if make else None
    with CaptureQueriesContext(connection) as queries:
        assert editor.get(address(row) if row else place).status_code in (200, 403)
    assert len(queries) > 1
    assert not [each["sql"] for each in queries if "SAVEPOINT" in each["sql"] or each["sql"].startswith("BEGIN")]


def listed(client):
    """The hidden fields of the list of updates: which version of each row it shows."""
    return dict(re.findall(r'name="(seen-update-\d+)" value="(\d+)"', client.get(LIST).content.decode()))


PIPED_NAME = "Share of village homes with piped water"


def marks(*rows):
    """Rows as the boxes and hidden fields of a page name them, each with the version that stands now."""
    marks = [f"{row._meta.model_name}-{row.pk}" for row in rows]
    versions = [type(row).objects.get(pk=row.pk).version for row in rows]
    return {"row": marks} | {f"seen-{mark}": version for mark, version in zip(marks, versions, strict=True)}


@pytest.mark.both_databases
def test_rows_of_both_kinds_are_ticked_on_the_desk_looked_at_and_published_at_once(reviewer, edith, rana):
    value, finding = drafts.submitted(drafts.value(80), edith), drafts.submitted(drafts.finding(), edith)
    own, whole = drafts.submitted(drafts.value(81), rana), drafts.drafted(drafts.value(82, "2024-12-31"), edith)
    before = LedgerEntry.objects.count()
    for place in ("/desk/", "/desk/review/"):
        desk = reviewer.get(place).content.decode()
        assert 'action="/desk/review/publish/"' in desk
        for row in (value, finding):
            [(mark,), seen] = marks(row).values()
            assert f'name="row" value="{mark}"' in desk
            assert f'name="seen-{mark}" value="{seen}"' in desk
        assert f"update-{own.pk}" not in desk  # what one wrote does not wait for one
    sent = marks(value, finding, own, whole)
    response = reviewer.post("/desk/review/publish/", sent)
    words = page(response)
    assert "Publish 2 records" in words
    assert f"Value: {PIPED_NAME}, 31 Dec 2025 . You wrote or changed something of it" in words
    assert f"Value: {PIPED_NAME}, 31 Dec 2024 . It was not handed in." in words
    assert re.search(
        r"Value 80 percent .* Village census .* I\.1\.1a .* not researched here yet .* does not answer the test", words
    ), words
    assert "Finding of others: I.1.1" in words
    assert LedgerEntry.objects.count() == before
    response = reviewer.post("/desk/review/publish/", sent | {"confirmed": "1"}, follow=True)
    assert response.redirect_chain == [("/desk/", 302)]
    words = page(response)
    assert re.search(rf"2 records published: Value: {PIPED_NAME}, 31 Dec 2025 ; Finding of others: I\.1\.1", words), (
        words
    )
    assert f"Not published: Value: {PIPED_NAME}, 31 Dec 2025 . You wrote or changed something of it" in words
    assert f"Not published: Value: {PIPED_NAME}, 31 Dec 2024 . Only what was submitted for review" in words
    assert [type(row).objects.get(pk=row.pk).state for row in (value, finding, own, whole)] == [
        *("published", "published", "submitted", "draft")
    ]
    assert LedgerEntry.objects.count() == before + 2


def test_all_that_a_page_shows_is_looked_at_by_one_press_and_nothing_ticked_is_said(reviewer, editor, edith):
    rows = [drafts.submitted(drafts.value(n, f"20{n}-12-31"), edith) for n in (21, 22)]
    everything = {name: text for name, text in marks(*rows).items() if name != "row"} | {"all": "1"}
    assert "Publish 2 records" in page(reviewer.post("/desk/review/publish/", everything))
    assert "Nothing was ticked." in page(reviewer.post("/desk/review/publish/", {}, follow=True))
    odd = {"row": ["update-²", "source-1", "update-99999999", "x", f"update-{'9' * 30}"]}
    assert "Nothing of it can be published." in page(reviewer.post("/desk/review/publish/", odd))
    assert reviewer.get("/desk/review/publish/").headers["Location"] == "/desk/review/"
    assert editor.post("/desk/review/publish/", everything).status_code == 403


def test_the_registrys_list_leads_to_the_same_page_and_what_moved_since_it_was_shown_is_left(reviewer, edith):
    same, changed = drafts.submitted(drafts.value(80), edith), drafts.submitted(drafts.value(81), edith)
    shown = listed(reviewer)
    changed.value = 97
    drafts.submitted(changed, edith)
    before = LedgerEntry.objects.count()
    chosen = {"action": "publish_selected", "_selected_action": [same.pk, changed.pk]}
    answer = reviewer.post(LIST, chosen | shown)
    assert f'name="seen-update-{same.pk}"' in answer.content.decode()
    assert f'name="seen-update-{changed.pk}"' not in answer.content.decode()
    sent = marks(same, changed) | {f"seen-update-{changed.pk}": 1, "confirmed": "1"}
    words = page(reviewer.post("/desk/review/publish/", sent, follow=True))
    assert "1 record published:" in words
    assert "31 Dec 2025 . It has changed since the list was shown: read it again." in words
    assert [Update.objects.get(pk=row.pk).state for row in (same, changed)] == ["published", "submitted"]
    assert LedgerEntry.objects.count() == before + 1


@pytest.mark.parametrize("sent", ["", "x", "²", "9" * 30, None])
def test_bulk_publishing_leaves_what_was_on_no_page_that_was_shown(reviewer, edith, sent):
    row = drafts.submitted(drafts.value(80), edith)
    seen = {} if sent is None else {f"seen-update-{row.pk}": sent}
    chosen = {"row": f"update-{row.pk}", "confirmed": "1"}
    words = page(reviewer.post("/desk/review/publish/", chosen | seen, follow=True))
    assert "It was not on the page that you saw." in words
    row.refresh_from_db()
    assert row.state == "submitted"


def test_drafts_are_ticked_on_their_list_and_handed_in_and_those_that_lack_something_say_what(editor, edith):
    empty = drafts.value(None)
    empty.origin = None
    whole, open_ = drafts.drafted(drafts.value(80), edith), drafts.drafted(empty, edith, cited=False)
    words = page(editor.get("/desk/mine/drafts/"))
    assert "Still open: value, whose figure or act, evidence" in words
    assert words.count("Still open") == 1
    words = page(editor.post("/desk/mine/drafts/hand-in/", marks(whole, open_), follow=True))
    assert "1 record is with the reviewers." in words
    assert "Not handed in: Value: " in words
    assert [Update.objects.get(pk=row.pk).state for row in (whole, open_)] == ["submitted", "draft"]
    assert "Nothing was ticked." in page(editor.post("/desk/mine/drafts/hand-in/", {}, follow=True))


@pytest.mark.slow
def test_what_came_back_shows_the_reviewer_what_was_mended(reviewer, editor, edith, rana):
    row = drafts.submitted(drafts.value(80), edith)
    assert "has changed since" not in page(reviewer.get(address(row, "review")))
    unseen = reviewer.post(address(row, "review"), decision(row, _return="1", note="Which\u202e census?"))
    assert "U+202E" in page(unseen)
    reviewer.post(address(row, "review"), decision(row, _return="1", note="Which census?"))
    sent = Fields(editor.get(address(row))).sent | {"value": "81", "evidence-0-locator": "p. 9", "_submit": "1"}
    assert editor.post(address(row), sent | {"caveat": "By hand."}).status_code == 302
    words = page(reviewer.get(address(row, "review")))
    assert "It was returned before, with this note: Which census?" in words
    assert re.search(
        r"What has changed since it was returned Field When returned Now Caveat – By hand\. "
        r"Value 80 percent 81 percent Evidence Village census, table 3 Village census, p\. 9",
        words,
    ), words
    assert reviewer.post(address(row, "review"), decision(row, _publish="1")).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.returned_as) == ("published", None)


def test_a_finding_is_drafted_previewed_and_handed_in(editor):
    add = "/admin/tracker/assessment/add/?commitment=vellmark-2030/I.1.1e"
    sent = Fields(editor.get(add)).sent
    assert sent["commitment"].startswith("vellmark-2030/I.1.1e · ")
    sent |= {
        "origin": drafts.body("valley-watch").pk,
        "says": "not_kept",
        "as_of": "2026-05-01",
        "summary": "Dry taps.",
    }
    sent |= evidence_form()
    assert re.search(r"I\.1\.1e .* contested", page(editor.post(add, sent | {"_preview": "1"})))
    assert not Assessment.objects.exists()
    assert editor.post(add, sent | {"_submit": "1"}).status_code == 302
    assert Assessment.objects.get().state == "submitted"


def test_an_amendment_shows_what_it_would_make_of_the_status(editor, reviewer, edith, rana):
    drafts.published(drafts.value(80, "2026-03-31"), edith, rana)
    commitment = f"/admin/tracker/commitment/{drafts.promise().pk}/change/"
    sent = Fields(editor.get(commitment)).sent | {"target_value": "70", "reason": "A slip of ours."}
    amendment = editor.post(commitment, sent).headers["Location"]
    words = page(editor.get(amendment))
    assert "Target 88 70" in words
    assert re.search(r"I\.1\.1a .* reached", words)


def test_the_review_page_says_who_what_and_what_becomes_of_it(editor, reviewer, edith, rana, adam, signed_in):
    """Names for codes, the series as it stands, flags that appear, the queue; for one's own the sentence why not."""
    drafts.published(drafts.value(Decimal("92.9"), "2026-06-30"), edith, rana)
    row = drafts.drafted(drafts.value(70, "2026-06-30", scope=""), edith)
    submit(record=draft(record=row, by=adam, evidence=None), by=edith)
    other = drafts.submitted(drafts.value(71), edith)
    answer = reviewer.get(address(row, "review"))
    words = unescape(page(answer))
    assert re.search(r"handed in by edith, 0\sminutes ago", words)
    assert re.search(r"Written by edith, \d+ \w+ \d+; changed by adam", words)
    assert "Review: value, Share of village homes with piped water" in words
    assert "Metric Share of village homes with piped water" in words
    assert "office-of-numbers" not in words
    assert "Vellmark Office of Numbers" in words
    assert re.search("Fits the metric the same statistic", words)
    assert re.search("As of 30 June 2026", words)
    assert "The test: " in words
    assert "Last on record As of What Whose 30 Jun 2026 92.9 percent" in words
    assert '<svg viewBox="0 0 ' in answer.content.decode()
    assert "Flag appears: sources differ" in words
    assert "1 of 2 that wait for you" in words
    assert f'rel="next" href="{address(other, "review")}"' in answer.content.decode()
    hers = page(editor.get(address(row, "review")))
    assert "A reviewer decides on it." in hers
    assert "Take it back" in hers
    assert "wait for you" not in hers
    assert "You wrote or changed something of it: somebody else publishes it." in page(
        signed_in(adam).get(address(row, "review"))
    )
    done = reviewer.post(address(row, "review"), decision(row, _publish="1"))
    assert done.headers["Location"] == address(other, "review")


@pytest.mark.slow
def test_drafts_are_taken_back_and_discarded_one_by_one_and_many_at_once(editor, reviewer, edith, rana):
    row = drafts.submitted(drafts.value(80), edith)
    assert address(row, "take_back") in editor.get(address(row)).content.decode()
    assert editor.post(address(row, "take_back"), decision(row)).status_code == 302
    assert address(row, "discard") in editor.get(address(row)).content.decode()
    assert "gone for good" in page(editor.get(address(row, "discard")))
    assert "by its author" in page(reviewer.post(address(row, "discard"), decision(row)))
    assert editor.post(address(row, "discard"), decision(row)).headers["Location"] == "/desk/"
    rows = [drafts.drafted(drafts.value(n), edith) for n in (81, 82)]
    rows += [drafts.drafted(drafts.value(83), rana), drafts.submitted(drafts.value(84), edith)]
    chosen = {"action": "discard_selected", "_selected_action": [row.pk for row in rows]} | listed(editor)
    words = page(editor.post(LIST, chosen))
    assert "Discard 2 drafts" in words
    assert "2 of those chosen are left out" in words
    assert Update.objects.count() == 4
    words = page(editor.post(LIST, chosen | {"confirmed": "1"}, follow=True))
    assert "2 records discarded." in words
    assert set(Update.objects.all()) == set(rows[2:])


def test_what_bulk_hand_in_refuses_names_the_fields(editor, edith):
    empty = drafts.value(None)
    empty.origin = None
    row = drafts.drafted(empty, edith)
    chosen = {"action": "submit_selected", "_selected_action": row.pk} | listed(editor)
    words = page(editor.post(LIST, chosen, follow=True))
    assert "Value: A published value needs this. Whose figure or act: A published value needs this." in words


def test_history_and_messages_hold_no_words_of_a_row(editor, reviewer, edith):
    editor.post(VALUE, value_form("84", _submit="1", summary="Secret words."))
    row = Update.objects.get()
    assert not LogEntry.objects.exists()
    reviewer.post(address(row, "review"), decision(row, _publish="1"))
    words = page(editor.get(address(row, "history")))
    assert re.search(r"rana published log entry \d+ .* edith handed in – .* edith drafted –", words)
    assert "Secret words." not in words


def test_the_text_with_which_a_record_was_registered_is_redacted_by_two(reviewer, signed_in, adam, edith):
    drafts.source("letter")
    entry = LedgerEntry.objects.get(subject="source letter")
    place = f"/admin/tracker/ledgerentry/{entry.pk}/change/?redact=1"
    assert "https://numbers.example/letter" in page(reviewer.get(place))
    location = reviewer.post(place, {"reason": "Names a person."}).headers["Location"]
    assert "https://numbers.example/letter" in page(signed_in(adam).get(location))
    assert signed_in(edith).get(location).status_code == 403
    signed_in(adam).post(location, {"_confirm": "1"})
    assert LedgerEntry.objects.get(pk=entry.pk).body.text is None


def test_a_row_that_left_the_queue_has_the_neighbours_of_its_place():
    queue = [("update", 3), ("update", 8), ("assessment", 2), ("assessment", 9)]
    address = "/admin/tracker/{}/{}/review/".format
    for kind, number, before, after in (
        ("update", 5, ("update", 3), ("update", 8)),
        ("update", 9, ("update", 8), ("assessment", 2)),
        ("assessment", 1, ("update", 8), ("assessment", 2)),
        ("assessment", 10, ("assessment", 9), None),
    ):
        record = {"update": Update, "assessment": Assessment}[kind](pk=number)
        beside = around(queue, record)
        assert beside["place"] is None
        assert (beside["before"], beside["after"]) == (address(*before), after and address(*after))
    assert around(queue, Update(pk=8))["place"] == 2
