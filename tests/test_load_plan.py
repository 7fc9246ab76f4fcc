"""load_plan: what is new is added, what the file changed changes with its reason, what a person changed stays."""

import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tracker import models
from tracker.actions.changes import amend as changes_amend
from tracker.actions.progress import publish, submit
from tracker.loader.load import LoadError, load_folder

from .conftest import VELLMARK
from .examples import NIGHTLY
from .seeds import edit

pytestmark = pytest.mark.django_db

I_TOML = "commitments/I.toml"
COUNTS = {"body": 4, "source": 2, "group": 2, "metric": 10, "instrument": 2, "norm": 4, "plan": 1, "category": 4}
COUNTS |= {"provision": 11, "commitment": 14, "baseline": 6, "passage": 5, "adherence": 2, "link": 4}


def run(*arguments, **options):
    """What the command says."""
    out = io.StringIO()
    call_command("load_plan", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


def log():
    """The whole log, oldest first."""
    return list(models.LedgerEntry.objects.order_by("seq").values_list("action", "subject", "role"))


def last_text():
    """What the newest entry of the log says."""
    return json.loads(models.LedgerEntry.objects.first().body.text)


def amend_row(folder, file, old, new, why="The text was read again."):
    """Change a row of a file and say why."""
    edit(folder, file, old, f'{new}\namended_because = "{why}"')


def water():
    return models.Commitment.objects.get(code="I.1.1a")


def amend(edith, rana, **changes):
    """Change I.1.1a by hand: one person drafts, another publishes."""
    drafted = changes_amend(record=water(), changes=changes, reason="Seen in print.", by=edith)
    return publish(record=submit(record=drafted, by=edith), by=rana)


def test_the_first_run_adds_every_row_and_counts_by_table(folder):
    said = run(folder)
    assert said.splitlines() == [f"vellmark-2030: {table}: {count} added" for table, count in COUNTS.items()]
    assert models.Commitment.objects.filter(plan__code="vellmark-2030").count() == 14
    assert models.Provision.objects.get(code="I.1.1").heading == "Wells and pipes"
    assert [group.code for group in water().groups.all()] == ["villagers"]
    assert [b.code for b in models.Commitment.objects.get(code="II.1a").bodies.all()] == ["lake-council"]


@pytest.mark.both_databases
def test_the_first_run_writes_one_log_entry_for_each_row_in_the_role_of_the_compiler(folder):
    run(folder)
    assert len(log()) == sum(COUNTS.values()) == 71
    assert {(action, role) for action, _subject, role in log()} == {("register", "seed-compiler")}
    assert log()[0][1] == "body chancery"
    assert log()[-1][1] == "link vellmark-2030/II.1a-LAKES-9"


def test_a_load_is_one_line_of_the_trail_and_one_that_changes_nothing_is_none(folder):
    before = models.TrailEntry.objects.count()
    for _time in range(2):
        run(folder)
    entry = models.TrailEntry.objects.first()
    assert models.TrailEntry.objects.count() == before + 1
    assert (entry.deed, entry.subject, entry.detail) == (
        "loaded",
        "vellmark-2030",
        f"{sum(COUNTS.values())} rows added, 0 changed",
    )


@pytest.mark.both_databases
def test_it_keeps_the_order_of_the_text(folder, vellmark):
    codes = list(models.Commitment.objects.order_by("order").values_list("code", flat=True))
    assert codes[:4] == ["I.0.0a", "I.1.1a", "I.1.1b", "I.1.1c"]
    assert codes[-3:] == ["II.1a", "II.2a", "II.2b"]


@pytest.mark.both_databases
def test_the_second_run_finds_every_row_unchanged_and_adds_no_log_entry(folder, vellmark):
    before = log()
    said = run(folder)
    assert said.splitlines() == [f"vellmark-2030: {table}: {count} unchanged" for table, count in COUNTS.items()]
    assert log() == before
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}


def test_without_a_folder_a_plan_whose_files_are_those_last_loaded_is_not_read_again(folder, settings, monkeypatch):
    settings.SEEDS, settings.PLANS = folder.parent, [folder.name]
    assert f"vellmark-2030: commitment: {COUNTS['commitment']} added\n" in run()
    with monkeypatch.context() as patched:
        patched.setattr("tracker.management.commands.load_plan.load_folder", None)
        assert run() == "vellmark-2030: unchanged since it was loaded\n"
        assert run(verbosity=0) == ""
    assert f"vellmark-2030: commitment: {COUNTS['commitment']} unchanged\n" in run(again=True)
    amend_row(folder, I_TOML, TITLE, 'title = "Taps in villages"')
    assert "commitment I.1.1a: changed\n" in run()
    assert run() == "vellmark-2030: unchanged since it was loaded\n"


def test_another_release_of_the_code_reads_the_files_again(folder, settings, monkeypatch):
    settings.SEEDS, settings.PLANS = folder.parent, [folder.name]
    run()
    monkeypatch.setattr("tracker.loader.state.release", lambda: "another")
    assert f"vellmark-2030: commitment: {COUNTS['commitment']} unchanged\n" in run()


def test_files_that_were_refused_are_read_again(folder, settings):
    settings.SEEDS, settings.PLANS = folder.parent, [folder.name]
    edit(folder, "groups.toml", 'name = "Villagers"', "name = 3")
    for _run in range(2):
        with pytest.raises(CommandError, match="nothing was loaded, 1 problem"):
            run()


def test_files_put_back_as_they_were_before_the_last_load_are_read(folder, settings):
    settings.SEEDS, settings.PLANS = folder.parent, [folder.name]
    run()
    kept = (folder / "groups.toml").read_text(encoding="utf-8")
    amend_row(folder, "groups.toml", 'name = "Villagers"', 'name = "People in villages"')
    run()
    (folder / "groups.toml").write_text(kept, encoding="utf-8")
    with pytest.raises(CommandError, match=r"groups\.toml:9: name: villagers changed here since it was"):
        run()


def test_at_verbosity_2_it_names_every_row_and_at_0_none(folder):
    assert "commitment I.1.1a: added\n" in run(folder, verbosity=2)
    assert run(folder, verbosity=0) == ""


TITLE = 'title = "Piped water in 88 percent or more of village homes"'


@pytest.mark.both_databases
def test_a_changed_row_without_a_reason_is_a_problem_with_its_place_and_nothing_loads(folder, vellmark):
    edit(folder, I_TOML, TITLE, 'title = "Taps in villages"')
    amend_row(folder, "groups.toml", 'name = "Villagers"', 'name = "People in villages"')
    before = log()
    with pytest.raises(LoadError) as refused:
        load_folder(folder)
    (problem,) = refused.value.problems
    assert str(problem) == (f"{I_TOML}:20: title: I.1.1a changed here since it was loaded: say why in amended_because.")
    assert water().title.startswith("Piped water")
    assert models.BeneficiaryGroup.objects.get(code="villagers").name == "Villagers"
    assert log() == before


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("bodies.toml", '"Valley Watch"', '"Valley Guard"', "bodies.toml:28: name: valley-watch"),
        ("metrics.toml", "lag_months = 2", "lag_months = 3", "metrics.toml:107: lag_months: unemployment-rate"),
        (I_TOML, 'groups = ["villagers"]', 'groups = ["children"]', f"{I_TOML}:31: groups: I.1.1a"),
        (I_TOML, 'qualifier = "as soon as practicable"\n', "", f"{I_TOML}:64: qualifier: I.1.1d"),
        ("groups.toml", '"Villagers"', '"People in villages"', "groups.toml:9: name: villagers"),
        ("plan.toml", "2026-02-03", "2026-02-04", "plan.toml:10: published_on: vellmark-2030"),
        ("categories.toml", '"Daily Life"', '"Every Day"', "categories.toml:5: title: I"),
        ("provisions.toml", '"Fairs and choirs"', '"Fairs"', "provisions.toml:70: title: II.2"),
        ("instruments.toml", '"Goals of the Lake', '"Aims of the Lake', "instruments.toml:6: title: GOALS"),
        ("norms.toml", '"Safe water in', '"Clean water in', "norms.toml:7: title: GOALS-6.1"),
        ("adherences.toml", '"member"', '"none"', "adherences.toml:12: participation: GOALS"),
        ("norm-links/I.toml", '"The target counts', '"It counts', "norm-links/I.toml:13: rationale: I.1.1a-GOALS-6.1"),
        ("baseline/0-I.toml", "value = 400", "value = 1400", "baseline/0-I.toml:10: value: wells-in-use-2025"),
        ("baseline-passages.toml", "Year of the edition", "A year", "baseline-passages.toml:6: other_figures: P.0"),
    ],
)
def test_every_row_whose_change_counts_needs_a_reason(folder, vellmark, file, old, new, place):
    edit(folder, file, old, new)
    with pytest.raises(CommandError, match=f"{place} changed here since it was loaded"):
        run(folder)


@pytest.mark.both_databases
def test_with_a_reason_it_becomes_an_amendment_of_two_accounts_with_both_values(folder, vellmark):
    amend_row(folder, I_TOML, TITLE, 'title = "Taps in villages"')
    before = log()
    said = run(folder)
    change = "title: Piped water in 88 percent or more of village homes → Taps in villages"
    assert f"commitment I.1.1a: changed\n    {change}\n" in said
    assert "vellmark-2030: commitment: 13 unchanged, 1 changed\n" in said
    assert water().title == "Taps in villages"
    amendment = models.Update.objects.get()
    assert (amendment.what, amendment.state, amendment.commitment) == ("amendment", "published", water())
    assert (amendment.author.username, amendment.reviewer.username) == ("seed-compiler", "seed-checker")
    assert amendment.changes == {"title": ["Piped water in 88 percent or more of village homes", "Taps in villages"]}
    assert amendment.reason == "The text was read again."
    (entry,) = log()[len(before) :]
    assert (entry[0], entry[2]) == ("amend", "seed-compiler")
    assert entry[1].startswith("amendment vellmark-2030/I.1.1a")
    assert last_text()["changes"] == amendment.changes
    assert last_text()["reason"] == "The text was read again."


def test_after_a_change_the_next_run_changes_nothing(folder, vellmark):
    amend_row(folder, I_TOML, "target_value = 88", "target_value = 89.5")
    run(folder)
    assert water().target_value == pytest.approx(89.5)
    before = log()
    assert "changed" not in run(folder).replace("unchanged", "")
    assert log() == before


def test_a_second_change_needs_a_reason_of_its_own(folder, vellmark):
    amend_row(folder, I_TOML, "target_value = 88", "target_value = 89")
    run(folder)
    edit(folder, I_TOML, "target_value = 89", "target_value = 90")
    with pytest.raises(CommandError, match=r"I\.toml:28: target_value: I\.1\.1a changed here since it was loaded"):
        run(folder)
    edit(folder, I_TOML, "The text was read again.", "A misprint.")
    run(folder)
    reasons = models.Update.objects.order_by("entry_id").values_list("reason", flat=True)
    assert list(reasons) == ["The text was read again.", "A misprint."]


def test_a_reason_is_a_text(folder, vellmark):
    for blank in ('""', '" "', "true", "[]"):
        edit(folder, I_TOML, TITLE, f"{TITLE}\namended_because = {blank}")
        with pytest.raises(CommandError, match=r"I\.toml:21: amended_because: Say in words why the row changed\."):
            run(folder)
        edit(folder, I_TOML, f"\namended_because = {blank}", "")


def test_what_orders_and_labels_the_text_is_amended_too(folder, vellmark):
    amend_row(folder, "provisions.toml", 'title = "Fairs and choirs"', 'title = "Fairs, and choirs"')
    amend_row(folder, "groups.toml", 'name = "Villagers"', 'name = "People in villages"')
    before = log()
    said = run(folder)
    assert "provision II.2: changed\n    title: Fairs and choirs → Fairs, and choirs\n" in said
    assert log()[len(before) :] == [
        ("amend", "amendment villagers", "seed-compiler"),
        ("amend", "amendment vellmark-2030/II.2", "seed-compiler"),
    ]
    call_command("verify_ledger", verbosity=0)


def test_what_is_registered_after_an_amendment_of_its_plan_is_checked_against_that(folder, vellmark):
    amend_row(folder, "plan.toml", "starts_on = 2026-01-01", "starts_on = 2025-06-01")
    text = (folder / I_TOML).read_text(encoding="utf-8")
    first = text[text.index("[[commitment]]") : text.index("[[commitment]]", text.index("[[commitment]]") + 1)]
    more = first.replace('"I.0.0a"', '"I.0.0b"').replace("2030-12-31", "2025-12-31").replace("period_end", "stated")
    (folder / I_TOML).write_text(text.replace(first, first + more), encoding="utf-8")
    assert "plan vellmark-2030: changed\n    starts_on: 2026-01-01 → 2025-06-01\n" in run(folder)
    assert models.Commitment.objects.filter(code="I.0.0b").exists()


@pytest.mark.both_databases
def test_a_changed_list_of_codes_replaces_the_set(folder, vellmark):
    amend_row(folder, I_TOML, 'groups = ["villagers"]', 'groups = ["children"]')
    run(folder)
    assert [group.code for group in water().groups.all()] == ["children"]
    assert last_text()["changes"] == {"groups": [["villagers"], ["children"]]}


def test_a_key_taken_out_of_a_row_blanks_the_field(folder, vellmark):
    edit(folder, I_TOML, 'qualifier = "as soon as practicable"\n', 'amended_because = "No limit."\n')
    run(folder)
    assert models.Commitment.objects.get(code="I.1.1d").qualifier == ""


def test_an_amended_row_that_names_nothing_that_is_there_is_a_problem(folder, vellmark):
    amend_row(folder, I_TOML, 'groups = ["villagers"]', 'groups = ["elders"]')
    with pytest.raises(CommandError, match=r"I\.toml:31: groups: There is no beneficiary group with the code “elders”"):
        run(folder)


def test_a_row_added_later_is_the_only_thing_added(folder, vellmark):
    edit(folder, "groups.toml", "[[group]]", '[[group]]\ncode = "elders"\nname = "Elders"\n\n[[group]]')
    before = log()
    assert "vellmark-2030: group: 1 added, 2 unchanged" in run(folder)
    assert log()[len(before) :] == [("register", "group elders", "seed-compiler")]


@pytest.mark.both_databases
def test_a_row_that_moved_takes_its_place_in_the_text(folder, vellmark):
    path = folder / "provisions.toml"
    head, *rows = path.read_text(encoding="utf-8").split("\n[[provision]]\n")
    path.write_text("\n[[provision]]\n".join([head, rows[1], rows[0], *rows[2:]]), encoding="utf-8")
    before = log()
    assert "provision O.2: changed\n    order: 2 → 1\n" in run(folder)
    assert log()[len(before) :] == [("reorder", "plan vellmark-2030", "seed-compiler")]
    assert last_text() == {"order": {f"provision vellmark-2030/O.{n}": [n, 3 - n] for n in (1, 2)}}
    assert list(models.Provision.objects.order_by("order").values_list("code", flat=True))[:2] == ["O.2", "O.1"]


def test_a_row_that_is_gone_is_reported_and_not_deleted(folder, vellmark):
    text = (folder / "commitments/II.toml").read_text(encoding="utf-8")
    (folder / "commitments/II.toml").write_text(text[: text.rindex("[[commitment]]")], encoding="utf-8")
    before = log()
    for _run in (1, 2):
        said = run(folder)
        assert "commitment II.2b: gone\n" in said
        assert "vellmark-2030: commitment: 13 unchanged, 1 gone" in said
    assert models.Commitment.objects.get(code="II.2b").title == "Choirs supported"
    assert log() == before


@pytest.mark.both_databases
def test_a_record_changed_by_hand_stays_and_both_values_are_said_at_every_run(folder, vellmark, edith, rana):
    amend(edith, rana, title="Water for villages")
    before = log()
    for _run in (1, 2):
        said = run(folder)
        assert (
            "commitment I.1.1a: kept\n    title: here Water for villages, in the seed file Piped water in 88 percent "
            "or more of village homes\n"
        ) in said
        assert "vellmark-2030: commitment: " in said
        assert "1 kept" in said
    assert water().title == "Water for villages"
    assert log() == before


def test_a_set_changed_by_hand_stays(folder, vellmark, edith, rana):
    amend(edith, rana, groups=None)
    assert "groups: here None, in the seed file ['villagers']" in run(folder)
    assert not water().groups.exists()


def test_a_hand_change_that_the_file_takes_over_counts_as_loaded(folder, vellmark, edith, rana):
    amend(edith, rana, title="Water for villages")
    edit(folder, I_TOML, TITLE, 'title = "Water for villages"')
    before = log()
    assert "kept" not in run(folder)
    assert log() == before
    amend_row(folder, I_TOML, 'title = "Water for villages"', 'title = "Taps"')
    run(folder)
    assert water().title == "Taps"


def test_a_record_changed_on_both_sides_is_a_problem_with_its_place_and_nothing_loads(folder, vellmark, edith, rana):
    amend(edith, rana, title="Water for villages")
    amend_row(folder, I_TOML, TITLE, 'title = "Taps in villages"')
    amend_row(folder, "groups.toml", 'name = "Villagers"', 'name = "People in villages"')
    before = log()
    with pytest.raises(LoadError) as refused:
        load_folder(folder)
    (problem,) = refused.value.problems
    assert (problem.file, problem.line, problem.field) == (I_TOML, 20, "title")
    assert problem.message == (
        "I.1.1a was changed here and in the seed file. title: here Water for villages, in the seed file Taps in "
        "villages. Make them agree."
    )
    assert water().title == "Water for villages"
    assert models.BeneficiaryGroup.objects.get(code="villagers").name == "Villagers"
    assert log() == before


def test_different_fields_changed_on_either_side_are_a_problem_too(folder, vellmark, edith, rana):
    amend(edith, rana, title="Water for villages")
    amend_row(folder, I_TOML, "target_value = 88", "target_value = 89")
    with pytest.raises(CommandError, match=r"commitments/I\.toml:20: title: I\.1\.1a was changed here and in the seed"):
        run(folder)
    assert water().target_value == 88


def second_plan(tmp_path):
    """A second plan that brings nothing of what plans share and names what the first brought."""
    other = shutil.copytree(VELLMARK, tmp_path / "second")
    edit(other, "plan.toml", 'code = "vellmark-2030"', 'code = "vellmark-2031"')
    for name in ("bodies", "groups", "metrics", "sources", "instruments", "norms"):
        (other / f"{name}.toml").unlink()
    return other


@pytest.mark.both_databases
def test_a_second_folder_that_names_what_the_first_brought_loads(folder, vellmark, tmp_path):
    said = run(second_plan(tmp_path))
    assert said.splitlines() == [
        f"second: {table}: {COUNTS[table]} added"
        for table in ("plan", "category", "provision", "commitment", "baseline", "passage", "adherence", "link")
    ]
    assert (models.Metric.objects.count(), models.Norm.objects.count()) == (10, 4)
    assert models.Metric.objects.get(code="water-law").commitments.count() == 2
    assert models.Commitment.objects.filter(code="I.1.1a").count() == 2
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}


def test_a_second_folder_cannot_overwrite_what_the_first_brought(folder, vellmark, tmp_path):
    other = second_plan(tmp_path)
    shutil.copy(folder / "groups.toml", other)
    edit(other, "groups.toml", '"Villagers"', '"Peasants"')
    assert "group villagers: kept\n    name: here Villagers, in the seed file Peasants\n" in run(other)
    assert models.BeneficiaryGroup.objects.get(code="villagers").name == "Villagers"


def test_without_a_folder_it_loads_every_plan_of_the_setting(folder, tmp_path, settings):
    settings.SEEDS, settings.PLANS = tmp_path, ["vellmark-2030", "vellmark-2031"]
    second_plan(tmp_path).rename(tmp_path / "vellmark-2031")
    run()
    assert set(models.Plan.objects.values_list("code", flat=True)) == {"vellmark-2030", "vellmark-2031"}


@pytest.mark.both_databases
@pytest.mark.skipif(connection.vendor == "postgresql" and not NIGHTLY, reason="by day on SQLite alone")
def test_the_real_plan_loads_and_a_second_run_changes_nothing(china, settings):
    forms = models.Provision.objects.filter(plan__code=china).values_list("form", flat=True)
    assert [list(forms).count(form) for form in ("dash", "intro", "objective")] == [187, 41, 7]
    before = models.LedgerEntry.objects.head()
    assert {outcome.word for outcome in load_folder(settings.SEEDS / china)} == {"unchanged"}
    assert models.LedgerEntry.objects.head() == before


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("plan.toml", "ends_on = 2030-12-31", "ends_on = 2029-12-31", "The deadline lies outside the plan's period."),
        ("plan.toml", "ends_on = 2030-12-31", "ends_on = 2029-12-31", "The deadline of I.0.0a would lie outside"),
        ("plan.toml", "ends_on = 2030-12-31", "ends_on = 2031-12-31", "A deadline that the text does not state is the"),
        ("metrics.toml", '"adopted", "in force"]', '"in force"]', "The stage “adopted” is in use and stays."),
    ],
)
def test_what_an_empty_registry_refuses_a_loaded_one_refuses_too(folder, vellmark, file, old, new, sentence):
    because = '\namended_because = "Read again."' if file == "metrics.toml" else ""
    edit(folder, file, old, new + because)
    before = log()
    with pytest.raises(CommandError, match=sentence):
        run(folder)
    assert log() == before


def test_a_folder_under_the_seeds_without_a_plan_is_a_problem(folder, tmp_path, settings):
    settings.SEEDS, settings.PLANS = tmp_path, [folder.name]
    (folder / "plan.toml").unlink()
    with pytest.raises(CommandError, match=r"plan\.toml: The file is missing\."):
        run()


def test_it_says_so_when_there_is_no_plan_to_load(tmp_path, settings):
    settings.PLANS = []
    assert run() == "PLANS names no plan: nothing is loaded, and what is loaded stays.\n"
    settings.SEEDS, settings.PLANS = tmp_path, ["vellmark-2030"]
    with pytest.raises(CommandError, match="is not a folder"):
        run()


def test_it_names_the_folder_when_run_inside_it(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert "vellmark-2030: body: 4 added" in run(".")


def test_rows_after_one_that_moved_keep_their_wording_and_their_history(folder, vellmark):
    path = folder / "provisions.toml"
    head, *rows = path.read_text(encoding="utf-8").split("\n[[provision]]\n")
    path.write_text("\n[[provision]]\n".join([head, *rows[:2], rows[3], rows[2], *rows[4:]]), encoding="utf-8")
    run(folder)
    assert not models.Update.objects.exists()
    assert "changed" not in run(folder).replace("unchanged", "")
