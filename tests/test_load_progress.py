"""load_plan on updates, findings and sources: published by two accounts, corrected with a reason, never taken away."""

import io
import json

import pytest
from django.core.management import call_command

from tracker import models
from tracker.actions.changes import correct, withdraw
from tracker.actions.progress import draft, publish, submit
from tracker.loader.load import LoadError, load_folder

from . import databases
from .drafts import redact
from .seeds import edit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("with_progress")]


@pytest.fixture
def progress_from_files(vellmark):
    """The invented plan and its progress, loaded from the folder as it is before it is changed."""
    assert databases.holds("progress_from_files")


UPDATES, FINDINGS, SOURCES = "updates/I.toml", "assessments/I.toml", "sources.toml"


def run(folder, command="load_plan", *arguments):
    """What the command says."""
    out = io.StringIO()
    call_command(command, *map(str, (*arguments, folder)), stdout=out)
    return out.getvalue()


def refused(folder):
    """What the report says, line by line; the database holds what it held before."""
    tables = (models.Update, models.Assessment, models.Evidence, models.SeedRow, models.LedgerEntry, models.Source)
    before = [list(model.objects.order_by("pk").values()) for model in tables]
    with pytest.raises(LoadError) as error:
        load_folder(folder)
    assert [list(model.objects.order_by("pk").values()) for model in tables] == before
    return str(error.value).splitlines()


def head():
    return models.LedgerEntry.objects.head()


@pytest.mark.both_databases
def test_a_stage_that_the_same_load_gives_a_ladder_can_be_recorded(folder, progress_from_files):
    ladder = 'rungs = ["repealed", "announced", "drafted", "adopted", "in force"]'
    longer = ladder.replace('"adopted"', '"debated", "adopted"')
    edit(folder, "metrics.toml", ladder, f'{longer}\namended_because = "Debates are a stage."')
    row = 'rung = "debated"\ncorrected_because = "It was debated."'
    edit(folder, UPDATES, 'rung = "drafted"', row)
    run(folder)
    assert models.Update.objects.live().get(metric__code="water-law", what="rung").rung == "debated"


def homes():
    """What stands now of the first value."""
    return models.Update.objects.live().get(metric__code="village-homes-with-piped-water")


def correct_by_hand(edith, rana, **changes):
    """A correction of the first value that one person drafts and another publishes."""
    drafted = correct(published=homes(), changes=changes, reason="Misread.", by=edith)
    return publish(record=submit(record=drafted, by=edith), by=rana)


@pytest.mark.both_databases
def test_the_first_run_publishes_every_row_by_two_accounts_with_a_log_entry_each(folder):
    output = run(folder)
    assert output.splitlines()[-3:] == [
        "vellmark-2030: link: 4 added",
        "vellmark-2030: update: 5 added",
        "vellmark-2030: assessment: 3 added",
    ]
    for row in (*models.Update.objects.all(), *models.Assessment.objects.all()):
        assert (row.state, row.author.username, row.reviewer.username) == ("published", "seed-compiler", "seed-checker")
        assert row.entry.action == "publish"
    assert head() == 71 + 2 + 8
    value = homes()
    assert value.entry.subject == "value village-homes-with-piped-water homes-2025"
    assert json.loads(value.entry.body.text) == {
        "what": "value",
        "metric": "village-homes-with-piped-water",
        "value": "71.5",
        "as_published": "71.5 percent",
        "bound": "exact",
        "as_of": "2025-12-31",
        "precision": "year",
        "fits": "same",
        "how": "reported",
        "origin": "office-of-numbers",
        "summary": "71.5 percent of village homes had a tap at the end of 2025.",
        "caveat": "Three valleys were not counted.",
        "reread": "confirmed",
        "people": value.people,
        "evidence": [
            {"source": "village-census-2027", "locator": "table 3", "note": "first column"},
            {"source": "watch-letter", "locator": "", "note": ""},
        ],
    }
    assert all(evidence.entry_id for evidence in models.Evidence.objects.all())
    assert models.Update.objects.get(seed_key="wells-0").value == 0


@pytest.mark.both_databases
def test_an_answer_is_published_after_what_it_answers(folder, progress_from_files):
    answer = models.Assessment.objects.get(seed_key="chancery-answers")
    assert answer.replies_to.seed_key == "watch-cut-off"
    assert answer.replies_to.entry_id < answer.entry_id
    assert json.loads(answer.entry.body.text)["replies_to"] == answer.replies_to.entry_id


@pytest.mark.both_databases
def test_the_second_run_finds_every_row_unchanged_and_adds_no_log_entry(folder, progress_from_files):
    before = head()
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}
    assert head() == before


def test_a_row_that_only_moved_or_is_written_otherwise_is_unchanged(folder, progress_from_files):
    edit(folder, UPDATES, "value = 71.5\n", "value = 71.500\n")
    edit(folder, UPDATES, "[[update]]", "# A remark.\n\n[[update]]")
    before = head()
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}
    assert head() == before


def test_a_changed_row_without_a_reason_is_a_problem_with_its_place(folder, progress_from_files):
    edit(folder, UPDATES, "value = 71.5\n", "value = 72\n")
    assert refused(folder) == [
        f"{UPDATES}:7: value: homes-2025 changed since it was published: say why in corrected_because."
    ]


@pytest.mark.both_databases
def test_with_a_reason_it_becomes_a_correction_that_replaces_the_live_row(folder, progress_from_files):
    old = homes()
    edit(folder, UPDATES, "value = 71.5\n", 'value = 72\ncorrected_because = "Misread."\n')
    edit(folder, UPDATES, 'source = "village-census-2027", ', 'source = "watch-letter", ')
    before = head()
    output = run(folder)
    assert "update homes-2025: changed\n    value: 71.5 → 72\n" in output
    new = homes()
    assert (new.replaces, new.value, new.reason) == (old, 72, "Misread.")
    assert [cited.source.code for cited in new.evidence.order_by("pk")] == ["watch-letter", "watch-letter"]
    assert head() == before + 1
    assert (new.entry.action, new.entry.subject) == ("correct", "value village-homes-with-piped-water homes-2025")
    assert models.Update.objects.get(pk=old.pk).value == old.value
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}
    edit(folder, UPDATES, "value = 72\n", "value = 73\n")
    assert "say why in corrected_because" in refused(folder)[0]
    edit(folder, UPDATES, '"Misread."', '"Misread again."')
    run(folder)
    assert (homes().replaces, homes().value) == (new, 73)


@pytest.mark.both_databases
def test_a_corrected_answer_still_answers(folder, progress_from_files):
    edit(folder, FINDINGS, '"The Chancery said that', 'corrected_because = "Wrong word."\nsummary = "It said that')
    edit(folder, FINDINGS, "summary = corrected_because", "corrected_because")
    run(folder)
    live = models.Assessment.objects.live().get(origin__code="chancery")
    assert live.summary == "It said that nobody was cut off."
    assert live.replies_to.seed_key == "watch-cut-off"


def test_a_row_that_is_gone_is_reported_and_stays(folder, progress_from_files):
    text = (folder / UPDATES).read_text(encoding="utf-8")
    (folder / UPDATES).write_text(text[: text.rindex("[[update]]")], encoding="utf-8")
    before = head()
    for _run in (1, 2):
        output = run(folder)
        assert "update fairs-search: gone\n" in output
        assert "vellmark-2030: update: 4 unchanged, 1 gone" in output
    assert models.Update.objects.live().count() == 5
    assert head() == before


def test_a_row_corrected_by_hand_stays_and_both_values_are_said(folder, progress_from_files, edith, rana):
    correct_by_hand(edith, rana, value=73)
    before = head()
    assert "update homes-2025: kept\n    value: here 73, in the seed file 71.5\n" in run(folder)
    assert head() == before
    edit(folder, UPDATES, "value = 71.5\n", 'value = 74\ncorrected_because = "Misread."\n')
    assert refused(folder) == [
        f"{UPDATES}:7: value: homes-2025 was changed here and in the seed file. value: here 73, in the seed file 74. "
        "Make them agree."
    ]
    edit(folder, UPDATES, "value = 74\n", "value = 73\n")
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}


@pytest.mark.parametrize("how", ["withdrawn", "redacted"])
def test_what_was_withdrawn_or_redacted_here_stays_so(folder, progress_from_files, edith, rana, how):
    if how == "withdrawn":
        drafted = withdraw(published=homes(), reason="Not theirs.", by=edith)
        publish(record=submit(record=drafted, by=edith), by=rana)
    else:
        redact(record=homes(), reason="Names a person.", by=rana)
    before = head()
    assert "update homes-2025: kept\n" in run(folder)
    assert head() == before
    edit(folder, UPDATES, "value = 71.5\n", 'value = 72\ncorrected_because = "Misread."\n')
    assert refused(folder) == [f"{UPDATES}:4: key: homes-2025 was withdrawn or redacted here: its row stays as it was."]


def test_a_key_of_another_plan_is_a_problem(folder, progress_from_files):
    edit(folder, "plan.toml", '"vellmark-2030"', '"vellmark-2031"')
    assert refused(folder)[-1] == f"{UPDATES}:58: key: fairs-search is the key of a row of another plan."


def files_of(folder):
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.both_databases
def test_what_was_loaded_is_written_back_byte_for_byte(folder, progress_from_files, tmp_path):
    out = tmp_path / "out"
    assert run(out, "dump_plan", "vellmark-2030") == f"19 files written to {out}\n"
    assert files_of(out) == files_of(folder)


def test_rows_added_between_others_and_corrected_ones_keep_their_place(folder, progress_from_files, tmp_path):
    edit(folder, UPDATES, "value = 71.5\n", "value = 72\n")
    edit(
        folder, UPDATES, 'source = "watch-letter" }]\n', 'source = "watch-letter" }]\ncorrected_because = "Misread."\n'
    )
    row = '[[update]]\nkey = "fairs-2"\nwhat = "search"\ncommitment = "II.2a"\nas_of = 2026-11-02\n'
    row += 'precision = "day"\nreach = "limited"\nsummary = "Nothing."\n'
    edit(folder, UPDATES, '\n[[update]]\nkey = "advice"', f'\n{row}\n[[update]]\nkey = "advice"')
    output = run(folder)
    assert "vellmark-2030: update: 1 changed, 4 unchanged, 1 added" in output
    run(tmp_path / "out", "dump_plan", "vellmark-2030")
    assert files_of(tmp_path / "out") == files_of(folder)


def test_a_correction_by_hand_is_written_with_its_reason_and_counts_as_loaded_then(
    folder, progress_from_files, edith, rana
):
    correct_by_hand(edith, rana, value=73, summary="73 percent.\nOf homes.")
    before = (folder / UPDATES).read_text(encoding="utf-8").splitlines()
    run(folder, "dump_plan", "vellmark-2030")
    after = (folder / UPDATES).read_text(encoding="utf-8").splitlines()
    assert set(after) - set(before) == {
        "value = 73",
        'summary = "73 percent.\\nOf homes."',
        'corrected_because = "Misread."',
    }
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}


def test_rows_published_by_hand_and_taken_back_are_counted_and_not_written(folder, progress_from_files, edith, rana):
    for key in ("law-drafted", "advice"):
        drafted = withdraw(published=models.Update.objects.get(seed_key=key), reason="No.", by=edith)
        publish(record=submit(record=drafted, by=edith), by=rana)
    redact(record=models.Assessment.objects.get(seed_key="council-on-water"), reason="A name.", by=rana)
    commitment = models.Commitment.objects.get(code="II.2a")
    fields = {"what": "search", "commitment": commitment, "as_of": "2026-11-02", "reach": "limited"}
    drafted = draft(record=models.Update(**fields, summary="Nothing again."), by=edith)
    draft(record=models.Update(**fields, summary="?"), by=edith)
    publish(record=submit(record=drafted, by=edith), by=rana)
    assert run(folder, "dump_plan", "vellmark-2030").splitlines() == [
        f"19 files written to {folder}",
        "Published here by hand and in no file: 1",
        "Withdrawn or redacted here and in no file: 3",
    ]
    written = (folder / UPDATES).read_text(encoding="utf-8") + (folder / FINDINGS).read_text(encoding="utf-8")
    assert [key for key in ("law-drafted", "advice", "fairs-search", "council-on-water") if f'"{key}"' in written] == [
        "fairs-search"
    ]
    assert "Nothing again" not in written
