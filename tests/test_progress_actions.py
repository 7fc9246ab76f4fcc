"""From a draft to the public and on: each action does its one thing, logs it, or refuses and changes nothing."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tracker.actions import progress
from tracker.actions.changes import correct, withdraw
from tracker.actions.drafts import discard, take_back, undo_import
from tracker.actions.errors import Conflict, NotAllowed
from tracker.actions.progress import give_back, publish, publish_all, submit, why_not
from tracker.models import Assessment, Evidence, LedgerEntry, TrailEntry, Update
from tracker.models.roles import CHECKER, COMPILER
from tracker.snapshot.cache import read_snapshot

from . import drafts
from .factories import StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(vellmark, edith):
    """80 percent of homes at the end of 2025, with the reviewers."""
    return drafts.submitted(drafts.value(80, "2025-12-31"), edith)


@pytest.fixture
def public_value(waiting, rana):
    return publish(record=waiting, by=rana)


@pytest.fixture
def seeders(vellmark, django_user_model):
    """The two closed accounts: compiler and checker."""
    return [django_user_model.objects.get(username=name) for name in (COMPILER, CHECKER)]


def newest_entry():
    """The newest log entry: action, subject, role and text."""
    entry = LedgerEntry.objects.order_by("-seq").first()
    return entry.action, entry.subject, entry.role, json.loads(entry.body.text)


def review(draft, by, reviewer):
    return publish(record=submit(record=draft, by=by), by=reviewer)


def test_a_draft_is_saved_with_its_evidence_and_nothing_is_logged(vellmark, edith):
    cited = drafts.evidence()
    head = LedgerEntry.objects.head()
    row = progress.draft(record=drafts.value(80, "2025-12-31"), by=edith, evidence=cited)
    row = Update.objects.get(pk=row.pk)
    assert (row.state, row.author, row.edited_by, row.reviewer, row.entry, row.version) == (
        "draft", edith, edith, None, None, 1,
    )  # fmt: skip
    assert [e.locator for e in row.evidence.all()] == ["table 3"]
    assert LedgerEntry.objects.head() == head
    assert read_snapshot().updates == {}


def test_another_editor_may_go_on_with_it_and_the_author_stays(vellmark, edith, adam):
    row = progress.draft(record=drafts.value(80, "2025-12-31"), by=edith, evidence=drafts.evidence())
    mine = Update.objects.get(pk=row.pk)
    mine.value, mine.author = 81, adam
    progress.draft(record=mine, by=adam, evidence=None)
    row.refresh_from_db()
    assert (row.value, row.author, row.edited_by, row.version) == (81, edith, adam, 2)
    assert row.evidence.count() == 1


@pytest.mark.both_databases
def test_two_people_with_the_same_draft_the_second_is_told_and_nothing_is_lost(vellmark, edith, adam):
    row = progress.draft(record=drafts.value(80, "2025-12-31"), by=edith, evidence=drafts.evidence())
    first, second = (Update.objects.get(pk=row.pk) for _ in range(2))
    first.value, second.value = 81, 82
    progress.draft(record=first, by=edith, evidence=None, version=1)
    with pytest.raises(Conflict, match="Your words are still here"):
        progress.draft(record=second, by=adam, evidence=[], version=1)
    assert second.value == 82
    row.refresh_from_db()
    assert (row.value, row.edited_by, row.version, row.evidence.count()) == (81, edith, 2, 1)
    progress.draft(record=second, by=adam, evidence=None, version=2)
    row.refresh_from_db()
    assert (row.value, row.edited_by, row.version) == (82, adam, 3)


@pytest.mark.both_databases
def test_a_reviewer_does_not_publish_words_that_changed_under_the_pen(waiting, edith, rana):
    seen = waiting.version
    row = Update.objects.get(pk=waiting.pk)
    row.value = 99
    submit(record=progress.draft(record=row, by=edith, evidence=None), by=edith)
    for act in (
        lambda: publish(record=waiting, by=rana, version=seen),
        lambda: give_back(record=waiting, by=rana, note="Which table?", version=seen),
        lambda: submit(record=waiting, by=edith, version=seen),
    ):
        with pytest.raises(Conflict):
            act()
    assert Update.objects.get(pk=waiting.pk).state == "submitted"


def test_a_draft_that_no_rule_allows_is_refused_by_field(vellmark, edith):
    cases = [
        (drafts.value(80, "2025-12-31", metric="water-law"), "metric"),
        (drafts.rung("flying", "2026-01-31"), "rung"),
        (drafts.rung("drafted", "2026-01-31", metric="real-wages"), "metric"),
        (drafts.judgement("done", "2026-01-31", commitment="I.1.1e"), "commitment"),
        (drafts.judgement("done", "2026-01-31", commitment="I.1.1a"), "commitment"),
        (drafts.value(80, "2025-12-31", how="derived"), "arithmetic"),
        (drafts.value(80, "2025-12-31", summary=""), "summary"),
        (drafts.value(80, "2025-12-31", bound="roughly"), "bound"),
    ]
    for record, field in cases:
        with pytest.raises(ValidationError) as error:
            progress.draft(record=record, by=edith)
        assert field in error.value.message_dict, field
    assert not Update.objects.exists()


@pytest.mark.both_databases
def test_submitting_asks_for_what_a_public_row_needs(vellmark, edith):
    tomorrow = str(timezone.localdate() + datetime.timedelta(days=1))
    cases = [
        (drafts.value(None, "2025-12-31"), True, "value"),
        (drafts.value(80, "2025-12-31", bound=""), True, "bound"),
        (drafts.value(80, "2025-12-31", fits=""), True, "fits"),
        (drafts.value(80, "2025-12-31", how=""), True, "how"),
        (drafts.value(80, tomorrow), True, "as_of"),
        (drafts.value(80, "2025-12-31"), False, "__all__"),
        (drafts.judgement("done", "2026-01-31"), False, "__all__"),
        (drafts.rung("drafted", "2026-01-31"), False, "__all__"),
        (drafts.rung("drafted", "2026-01-31", origin=None), True, "origin"),
        (drafts.finding("kept", "2026-01-31"), False, "__all__"),
        (drafts.search("2026-01-31", withheld=True), False, "__all__"),
    ]
    for record, cited, field in cases:
        with pytest.raises(ValidationError) as error:
            drafts.submitted(record, edith, cited=cited)
        assert list(error.value.message_dict) == [field]
    assert set(Update.objects.values_list("state", flat=True)) == {"draft"}


@pytest.mark.both_databases
def test_zero_is_a_value_and_a_search_needs_no_evidence(vellmark, edith, rana):
    assert drafts.published(drafts.value(0, "2025-12-31"), edith, rana).value == 0
    assert newest_entry()[3]["value"] == "0"
    assert drafts.published(drafts.search("2026-01-31"), edith, rana, cited=False).state == "published"


def test_submitting_twice_is_refused_and_editing_takes_it_back(waiting, edith, rana):
    with pytest.raises(NotAllowed, match="with the reviewers already"):
        submit(record=waiting, by=edith)
    progress.draft(record=Update.objects.get(pk=waiting.pk), by=edith, evidence=None)
    with pytest.raises(NotAllowed, match="Only what was submitted for review"):
        publish(record=waiting, by=rana)


def test_who_handed_it_in_is_kept_until_the_row_is_a_draft_again(vellmark, edith, adam, anna):
    row = drafts.drafted(drafts.value(80, "2025-12-31"), edith)
    with pytest.raises(NotAllowed, match="for those who write drafts"):
        submit(record=row, by=anna)
    with pytest.raises(NotAllowed, match="for those who write drafts"):
        submit(record=row, by=StaffFactory(role="editor", is_active=False))
    assert submit(record=row, by=adam).submitted_by == adam
    row = progress.draft(record=Update.objects.get(pk=row.pk), by=edith, evidence=None)
    assert (Update.objects.get().state, Update.objects.get().submitted_by) == ("draft", None)
    assert submit(record=row, by=edith).submitted_by == edith


def test_an_authors_save_does_not_let_a_colleague_publish_words_of_their_own(vellmark, edith, rana, adam):
    row = drafts.drafted(drafts.value(80, "2025-12-31"), edith)
    changed = Update.objects.get(pk=row.pk)
    changed.value = 97
    progress.draft(record=changed, by=rana, evidence=None)
    progress.draft(record=Update.objects.get(pk=row.pk), by=edith, evidence=None)
    row = submit(record=row, by=edith)
    assert (row.author, row.edited_by, row.contributor_ids) == (edith, edith, {edith.pk, rana.pk})
    with pytest.raises(NotAllowed, match="wrote or changed something of it: somebody else publishes it"):
        publish(record=row, by=rana)
    assert publish(record=row, by=adam).value == 97


@pytest.mark.both_databases
def test_whoever_contributed_anything_or_handed_it_in_does_not_publish_it(vellmark, edith, rana, adam):
    """Also where others changed it afterwards, it was returned meanwhile, or only evidence was changed."""
    row = drafts.drafted(drafts.value(80, "2025-12-31"), edith)
    progress.draft(record=Update.objects.get(pk=row.pk), by=rana, evidence=drafts.evidence("Seen."))
    for person in (adam, edith):
        progress.draft(record=Update.objects.get(pk=row.pk), by=person, evidence=None)
    row = give_back(record=submit(record=row, by=edith), by=adam, note="Which table?")
    row = submit(record=progress.draft(record=row, by=edith, evidence=None), by=edith)
    for person in (rana, adam):
        assert why_not(record=row, by=person)
        with pytest.raises(NotAllowed, match="wrote or changed something"):
            publish(record=row, by=person)
    ruth, rolf = StaffFactory(role="reviewer"), StaffFactory(role="reviewer")
    row = submit(record=take_back(record=row, by=edith), by=ruth)
    with pytest.raises(NotAllowed, match="You handed it in"):
        publish(record=row, by=ruth)
    assert list(Update.objects.open_to(ruth.pk)) == list(Update.objects.open_to(adam.pk)) == []
    assert list(Update.objects.open_to(rolf.pk)) == [row]
    assert why_not(record=row, by=rolf) == ""
    assert publish(record=row, by=rolf).reviewer == rolf
    assert correct(published=row, changes={"value": 81}, reason="Misread.", by=ruth).contributor_ids == {ruth.pk}
    call_command("verify_ledger")


def test_two_accounts_of_one_person_are_no_two_people(waiting, edith, rana, monkeypatch):
    monkeypatch.setattr(progress, "stand_in_for", lambda user: {edith.pk} if user == rana else set())
    assert why_not(record=waiting, by=rana)
    with pytest.raises(NotAllowed, match="account or set its password"):
        publish(record=waiting, by=rana)


@pytest.mark.both_databases
def test_what_was_handed_in_is_taken_back_and_a_draft_is_discarded_with_its_files(waiting, edith, rana, adam, anna):
    for person in (rana, adam):
        with pytest.raises(NotAllowed, match="by its author or by whoever handed it in"):
            take_back(record=waiting, by=person)
    with pytest.raises(NotAllowed, match="take it back first"):
        discard(record=waiting, by=edith)
    row = take_back(record=waiting, by=edith)
    assert (row.state, row.submitted_by, row.version) == ("draft", None, waiting.version + 1)
    with pytest.raises(NotAllowed, match="Only what is with the reviewers"):
        take_back(record=row, by=edith)
    with pytest.raises(Conflict):
        discard(record=row, by=edith, version=row.version - 1)
    for person in (rana, adam, anna):
        with pytest.raises(NotAllowed, match="by its author"):
            discard(record=row, by=person)
    edith.is_active = False
    edith.save()
    head = LedgerEntry.objects.head()
    discard(record=row, by=adam)
    assert not Update.objects.exists()
    assert not Evidence.objects.exists()
    assert LedgerEntry.objects.head() == head
    with pytest.raises(NotAllowed, match="was discarded"):
        submit(record=row, by=rana)
    deeds = list(TrailEntry.objects.filter(kind="update", row=row.pk).values_list("deed", "by__username", "subject"))
    subject = f"value village-homes-with-piped-water {row.pk}"
    done = [("discarded", "adam"), ("taken_back", "edith"), ("submitted", "edith"), ("drafted", "edith")]
    assert deeds == [(*each, subject) for each in done]


@pytest.mark.both_databases
def test_an_import_is_undone_as_a_whole_while_nothing_of_it_is_public(vellmark, edith, rana, adam):
    first, second = (drafts.drafted(drafts.value(n, "2025-12-31", batch="b1"), edith) for n in (80, 81))
    draft = drafts.drafted(drafts.finding(batch="b1"), edith)
    other = drafts.drafted(drafts.value(82, "2025-12-31"), edith)
    submit(record=second, by=edith)
    for batch, person, sentence in (
        ("b1", rana, "whoever imported it"),
        ("b2", edith, "Nothing"),
        ("", edith, "Nothing"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            undo_import(batch=batch, by=person)
    assert undo_import(batch="b1", by=edith) == 3
    assert [*Update.objects.all(), *Assessment.objects.all()] == [other]
    assert TrailEntry.objects.filter(deed="discarded", detail="with its import").count() == 3
    public = drafts.published(drafts.value(80, "2025-12-31", batch="b3"), edith, rana)
    drafts.drafted(drafts.value(81, "2025-12-31", batch="b3"), edith)
    with pytest.raises(NotAllowed, match="is public"):
        undo_import(batch="b3", by=adam)
    assert correct(published=public, changes={"value": 81}, reason="Misread.", by=edith).batch == ""
    assert (first.batch, draft.batch) == ("b1", "b1")


def test_a_reviewer_returns_it_with_words_that_stay_inside(waiting, edith, rana):
    head = LedgerEntry.objects.head()
    row = give_back(record=waiting, by=rana, note=" Which table? ")
    assert (row.state, row.returned_note) == ("returned", "Which table?")
    with pytest.raises(NotAllowed, match="Only what was submitted can be returned"):
        give_back(record=waiting, by=rana, note="Again.")
    assert LedgerEntry.objects.head() == head
    row = publish(record=submit(record=row, by=edith), by=rana)
    assert "Which table?" not in json.dumps(newest_entry()[3])


def test_returning_is_for_reviewers_and_takes_words(waiting, edith, rana):
    with pytest.raises(ValidationError, match="Say what is to be mended"):
        give_back(record=waiting, by=rana, note=" ")
    with pytest.raises(NotAllowed, match="for reviewers"):
        give_back(record=waiting, by=edith, note="Which table?")
    assert Update.objects.get().state == "submitted"


@pytest.mark.both_databases
def test_publishing_makes_it_public_with_its_entry_and_freezes_its_evidence(waiting, edith, rana):
    head = LedgerEntry.objects.head()
    row = publish(record=waiting, by=rana)
    assert (row.state, row.reviewer, row.entry_id) == ("published", rana, head + 1)
    assert [e.entry_id for e in Evidence.objects.all()] == [head + 1]
    assert newest_entry() == (
        "publish",
        f"value village-homes-with-piped-water {row.pk}",
        "reviewer",
        {
            "what": "value",
            "value": "80",
            "bound": "exact",
            "as_of": "2025-12-31",
            "precision": "day",
            "fits": "same",
            "how": "reported",
            "summary": "Piped water in 80 percent of homes.",
            "metric": "village-homes-with-piped-water",
            "origin": "office-of-numbers",
            "evidence": [{"source": "village-census-2025", "locator": "table 3", "note": ""}],
            "people": row.people,
        },
    )
    assert [u.value for u in read_snapshot().updates["village-homes-with-piped-water"]] == [80]


@pytest.mark.parametrize(
    ("make", "subject"),
    [
        pytest.param(lambda: drafts.rung("drafted", "2026-05-31"), "rung water-law", marks=pytest.mark.both_databases),
        (lambda: drafts.judgement("in_part", "2026-06-30"), "judgement vellmark-2030/I.2.2a"),
        (lambda: drafts.search("2026-06-30"), "search vellmark-2030/I.1.1d"),
        (lambda: drafts.finding("kept", "2026-06-30"), "assessment vellmark-2030/I.1.1e"),
        (lambda: drafts.finding("kept", "2026-06-30", category="I.1"), "assessment vellmark-2030/I.1"),
    ],
)
def test_each_kind_of_row_is_published_under_its_subject(vellmark, edith, rana, make, subject):
    row = drafts.published(make(), edith, rana)
    assert newest_entry()[:3] == ("publish", f"{subject} {row.pk}", "reviewer")
    call_command("verify_ledger")


@pytest.mark.both_databases
def test_nobody_publishes_alone_and_only_reviewers_publish(vellmark, edith, rana, anna, adam):
    own = drafts.submitted(drafts.value(80, "2025-12-31"), rana)
    with pytest.raises(NotAllowed, match="somebody else publishes it"):
        publish(record=own, by=rana)
    edited = progress.draft(record=Update.objects.get(pk=own.pk), by=adam, evidence=None)
    submit(record=edited, by=edith)
    for person, sentence in (
        (adam, "somebody else publishes it"),
        (rana, "somebody else publishes it"),
        (edith, "for reviewers"),
        (anna, "for reviewers"),
        (StaffFactory(role="reviewer", is_active=False), "for reviewers"),
    ):
        with pytest.raises(NotAllowed, match=sentence):
            publish(record=own, by=person)
    assert publish(record=own, by=StaffFactory(role="reviewer")).state == "published"


def test_what_is_public_is_not_drafted_submitted_returned_or_published_again(public_value, edith, rana, adam):
    head = LedgerEntry.objects.head()
    for act in (
        lambda: progress.draft(record=public_value, by=edith),
        lambda: submit(record=public_value, by=edith),
        lambda: give_back(record=public_value, by=rana, note="No."),
        lambda: publish(record=public_value, by=adam),
    ):
        with pytest.raises(NotAllowed, match="published already"):
            act()
    assert LedgerEntry.objects.head() == head


def test_a_correction_names_what_it_replaces_and_why(public_value, edith, rana):
    row = correct(published=public_value, changes={"value": 81}, reason=" Misread. ", by=edith)
    assert (row.state, row.replaces, row.reason, row.value) == ("draft", public_value, "Misread.", 81)
    assert read_snapshot().updates["village-homes-with-piped-water"][0].value == 80
    row = review(row, edith, rana)
    action, subject, _role, text = newest_entry()
    assert (action, subject) == ("correct", f"value village-homes-with-piped-water {row.pk}")
    assert (text["replaces"], text["reason"], text["value"]) == (public_value.entry_id, "Misread.", "81")
    assert text["evidence"] == [{"source": "village-census-2025", "locator": "table 3", "note": ""}]
    assert [u.value for u in read_snapshot().updates["village-homes-with-piped-water"]] == [81]
    assert [u.value for u in read_snapshot().plan("vellmark-2030").replaced["I.1.1a"]] == [80]


@pytest.mark.both_databases
def test_a_chain_of_corrections_is_a_line(public_value, edith, rana, seeders):
    first = submit(record=correct(published=public_value, changes={"value": 81}, reason="Misread.", by=edith), by=edith)
    for again in (lambda **more: correct(changes={"value": 82}, **more), withdraw):
        with pytest.raises(NotAllowed, match=f"begun already, as draft {first.pk}"):
            again(published=public_value, reason="Misread.", by=rana)
    late, second = (drafts.correction(public_value, edith, n) for n in (83, 82))
    submit(record=second, by=edith)
    publish(record=first, by=rana)
    with pytest.raises(NotAllowed, match="replaced already"):
        publish(record=second, by=rana)
    with pytest.raises(NotAllowed, match="replaced already"):
        submit(record=late, by=edith)
    discard(record=late, by=edith)
    discard(record=take_back(record=second, by=edith), by=edith)
    with pytest.raises(NotAllowed, match="not replaced yet"):
        correct(published=public_value, changes={"value": 83}, reason="Misread.", by=edith)
    pair = drafts.value(84, "2025-12-31", replaces=public_value, reason="Misread."), drafts.evidence()
    with pytest.raises(IntegrityError), transaction.atomic():
        publish_all(records=[pair], by=seeders[0], reviewer=seeders[1])
    third = review(correct(published=first, changes={"value": 83}, reason="Again.", by=edith), edith, rana)
    assert list(Update.objects.live()) == [third]


def test_a_correction_says_why_and_only_what_is_public_is_corrected(public_value, edith, rana):
    with pytest.raises(ValidationError, match="says why"):
        correct(published=public_value, changes={"value": 81}, reason=" ", by=edith)
    draft = progress.draft(record=drafts.value(70, "2024-12-31"), by=edith)
    for act in (withdraw, lambda **more: correct(changes={"value": 71}, **more)):
        with pytest.raises(NotAllowed, match="Only what is public"):
            act(published=draft, reason="No.", by=edith)
    assert Update.objects.count() == 2


@pytest.mark.both_databases
def test_a_withdrawn_row_no_longer_counts_and_stays_readable(public_value, edith, rana):
    with pytest.raises(ValidationError, match="says why"):
        withdraw(published=public_value, reason="", by=edith)
    row = review(withdraw(published=public_value, reason="Not a census.", by=edith), edith, rana)
    assert newest_entry()[:2] == ("withdraw", f"withdrawal village-homes-with-piped-water {row.pk}")
    assert newest_entry()[3]["replaces"] == public_value.entry_id
    view = read_snapshot().plan("vellmark-2030")
    assert (view.updates["I.1.1a"], [u.value for u in view.replaced["I.1.1a"]]) == ((), [80])
    for act in (withdraw, lambda **more: correct(changes={}, **more)):
        with pytest.raises(NotAllowed, match="stays withdrawn"):
            act(published=row, reason="No.", by=edith)


@pytest.mark.both_databases
def test_a_finding_is_corrected_and_withdrawn(vellmark, edith, rana):
    row = drafts.published(drafts.finding("not_kept", "2026-06-30"), edith, rana)
    row = review(correct(published=row, changes={"says": "partly"}, reason="Misread.", by=edith), edith, rana)
    assert newest_entry()[:2] == ("correct", f"assessment vellmark-2030/I.1.1e {row.pk}")
    gone = review(withdraw(published=row, reason="Another promise.", by=edith), edith, rana)
    assert newest_entry()[:2] == ("withdraw", f"assessment vellmark-2030/I.1.1e {gone.pk}")
    assert read_snapshot().plan("vellmark-2030").findings["I.1.1e"] == ()
    with pytest.raises(NotAllowed, match="stays withdrawn"):
        withdraw(published=gone, reason="No.", by=edith)
    assert Assessment.objects.live().count() == 1
    call_command("verify_ledger")
