"""Recording and reviewing in the admin: a draft by one person, publication by another, and no other way."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tracker.actions.progress import draft, submit
from tracker.models import Assessment, Evidence, LedgerEntry, Update

from . import drafts
from .factories import StaffFactory
from .forms import decision, evidence_form, value_form
from .test_admin import Fields

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

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
    assert shown - {"withheld"} <= sent.keys()
    assert not hidden & sent.keys()
    about = "metric" if "metric" in sent else "commitment"
    assert sent[about]


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
    assert '<option value="adopted">adopted</option>' in stages


def test_a_preview_says_what_the_value_would_make_of_the_status_and_saves_nothing(editor, edith, rana):
    drafts.published(drafts.value(80), edith, rana)
    for number, word in (("84", "under way"), ("88", "reached")):
        response = editor.post(VALUE, value_form(number, _preview="1"))
        words = page(response)
        assert response.status_code == 200
        assert re.search(rf"What it would make of the status .* I\.1\.1a .* {word}", words), words
    assert Update.objects.count() == 1
    assert Evidence.objects.count() == 1


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
        ({"as_of": "2999-01-01"}, "future"),
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


def test_a_second_person_reads_the_difference_and_publishes(editor, reviewer, client, edith, rana):
    editor.post(VALUE, value_form("84", _submit="1"))
    update = Update.objects.get()
    assert update.state == "submitted"
    words = page(reviewer.get(address(update, "review")))
    assert "The difference to what is public now" in words
    assert "Village census , Vellmark Office of Numbers, p. 1" in words
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
        assert "by somebody who neither wrote it nor edited it last." in page(response)
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


@pytest.mark.parametrize("row", [drafts.value, drafts.finding])
def test_a_published_row_is_corrected_withdrawn_and_redacted_with_a_reason(editor, reviewer, edith, rana, row):
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

    assert reviewer.post(address(row, "redact"), {"reason": "It named a child."}).status_code == 302
    row.refresh_from_db()
    assert (row.summary, LedgerEntry.objects.first().action) == ("", "redact")


def test_a_draft_is_not_corrected_withdrawn_or_redacted(reviewer, edith):
    update = drafts.drafted(drafts.value(), edith)
    for step in ("correct", "withdraw", "redact"):
        response = reviewer.post(address(update, step), {"reason": "Because."})
        assert "Only what is published" in page(response)
    assert Update.objects.count() == 1


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
    same, changed = drafts.drafted(drafts.value(80), edith), drafts.drafted(drafts.value(81), edith)
    shown = listed(editor)
    draft(record=changed, by=adam, evidence=None)
    chosen = {"action": "submit_selected", "_selected_action": [same.pk, changed.pk]}
    words = page(editor.post(LIST, chosen | shown, follow=True))
    assert "1 record handed in for review." in words
    assert "Piped water in 81 percent of homes. It has changed since the list was shown: read it again." in words
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
    return dict(re.findall(r'name="(seen_version-\d+)" value="(\d+)"', client.get(LIST).content.decode()))


def test_bulk_actions_obey_four_eyes_row_by_row_and_say_what_was_refused(reviewer, edith, rana):
    rows = [
        drafts.submitted(drafts.value(80), edith),
        drafts.submitted(drafts.value(81), rana),
        drafts.drafted(drafts.value(82), edith),
    ]
    before = LedgerEntry.objects.count()
    chosen = {"_selected_action": [row.pk for row in rows]} | listed(reviewer)
    words = page(reviewer.post(LIST, {"action": "publish_selected", **chosen}, follow=True))
    assert "1 record published." in words
    assert "Refused: value: Piped water in 81 percent of homes. It is published by somebody who neither" in words
    assert "Refused: value: Piped water in 82 percent of homes. Only what was submitted for review" in words
    assert [Update.objects.get(pk=row.pk).state for row in rows] == ["published", "submitted", "draft"]
    assert LedgerEntry.objects.count() == before + 1
    words = page(reviewer.post(LIST, {"action": "submit_selected", **chosen}, follow=True))
    assert "Refused: value: Piped water in 80 percent of homes. It is published already" in words
    assert Update.objects.get(pk=rows[2].pk).state == "submitted"


def test_bulk_publishing_leaves_what_changed_since_the_list_was_shown(reviewer, edith):
    same, changed = drafts.submitted(drafts.value(80), edith), drafts.submitted(drafts.value(81), edith)
    shown = listed(reviewer)
    changed.value = 97
    drafts.submitted(changed, edith)
    before = LedgerEntry.objects.count()
    chosen = {"_selected_action": [same.pk, changed.pk]}
    words = page(reviewer.post(LIST, {"action": "publish_selected", **chosen, **shown}, follow=True))
    assert "1 record published." in words
    assert "Piped water in 81 percent of homes. It has changed since the list was shown: read it again." in words
    assert [Update.objects.get(pk=row.pk).state for row in (same, changed)] == ["published", "submitted"]
    assert LedgerEntry.objects.count() == before + 1


def test_bulk_publishing_leaves_what_was_on_no_page_that_was_shown(reviewer, edith):
    row = drafts.submitted(drafts.value(80), edith)
    chosen = {"action": "publish_selected", "_selected_action": [row.pk], "select_across": "1"}
    for sent in ("", "x", "²", "9" * 30, None):
        more = {} if sent is None else {f"seen_version-{row.pk}": sent}
        words = page(reviewer.post(LIST, chosen | more, follow=True))
        assert "1 record was not on the page that you saw, and is not published." in words
    row.refresh_from_db()
    assert row.state == "submitted"


def test_a_finding_is_drafted_previewed_and_handed_in(editor):
    add = "/admin/tracker/assessment/add/?commitment=vellmark-2030/I.1.1e"
    sent = Fields(editor.get(add)).sent
    assert sent["commitment"] == str(drafts.promise("I.1.1e").pk)
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
    drafts.published(drafts.value(80), edith, rana)
    commitment = f"/admin/tracker/commitment/{drafts.promise().pk}/change/"
    sent = Fields(editor.get(commitment)).sent | {"target_value": "70", "reason": "A slip of ours."}
    amendment = editor.post(commitment, sent).headers["Location"]
    words = page(editor.get(amendment))
    assert "Target 88 70" in words
    assert re.search(r"I\.1\.1a .* reached", words)
