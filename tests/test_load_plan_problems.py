"""load_plan on files with mistakes: every problem in one report with file, line and field, and nothing is loaded."""

import pytest
from django.core.management import CommandError, call_command

from tracker import models
from tracker.loader.load import LoadError, load_folder

from .conftest import VELLMARK
from .seeds import edit

pytestmark = pytest.mark.django_db

BODIES, METRICS, PLAN, TREE = "bodies.toml", "metrics.toml", "plan.toml", "categories.toml"
PROVISIONS, ONE, TWO = "provisions.toml", "commitments/I.toml", "commitments/II.toml"
TABLES = (models.Body, models.BeneficiaryGroup, models.Metric, models.Plan, models.Category, models.Provision)
NEITHER = (
    "A rule about a number has a target and a comparator; a direction has > or < and no target; "
    "the other rules have neither."
)
LONG = "The quote has 26 words; 25 are the most."
TITLE_91 = "Ensure this value has at most 90 characters (it has 91)."
KEYS = "a group has code, name"


def refused(folder):
    """What the report says, line by line; the registry is empty afterwards."""
    with pytest.raises(LoadError) as error:
        load_folder(folder)
    assert not any(model.objects.exists() for model in (*TABLES, models.Commitment, models.LedgerEntry, models.SeedRow))
    return str(error.value).splitlines()


REPORTS = [
    # what a row may hold
    (ONE, 'title = "Law on water enacted"\n', "", f"{ONE}:64: title: This is missing."),
    (PLAN, 'code = "vellmark-2030"\n', "", "plan.toml:3: code: This is missing."),
    ("groups.toml", "name =", "nmae =", f"groups.toml:5: nmae: Unknown key; {KEYS}."),
    (
        ONE,
        'qualifier = "as soon as practicable"',
        'qualifier = ""',
        f"{ONE}:69: qualifier: Leave out a key that has no",
    ),
    (ONE, 'groups = ["villagers"]', "groups = []", f"{ONE}:31: groups: Leave out a key that has no value."),
    (ONE, "target_value = 88", 'target_value = "88"', f"{ONE}:28: target_value: Expected a number, found “88”."),
    (ONE, "target_value = 88", 'target_value = "l"', f"{ONE}:28: target_value: Expected a number, found “l”."),
    (ONE, "target_value = 88", "target_value = true", f"{ONE}:28: target_value: Expected a number, found True."),
    (ONE, "target_value = 88", "target_value = nan", f"{ONE}:28: target_value: Expected a number, found NaN."),
    (ONE, "target_value = 88", "target_value = -inf", f"{ONE}:28: target_value: Expected a number, found -Infinity."),
    (METRICS, "decimals = 0", "decimals = 0.5", f"{METRICS}:10: decimals: Expected a whole number, found 0.5."),
    (ONE, "= 2030-12-31", '= "2030-12-31"', f"{ONE}:14: deadline: Expected a date such as 2025-12-31, found “2030-1"),
    (ONE, "= 2030-12-31", "= 2030-12-31T10:00:00", f"{ONE}:14: deadline: Expected a date such as 2025-12-31, found 20"),
    (ONE, "= 2030-12-31", "= 2030-02-31", f"{ONE}:14: deadline: Not TOML here: Invalid date or datetime."),
    (ONE, 'groups = ["villagers"]', 'groups = "villagers"', f"{ONE}:31: groups: Expected a list of codes, found “vil"),
    # what the registry may hold
    (ONE, "bring piped water to", f"{'word ' * 19}", f"{ONE}:21: quote: I.1.1a: {LONG}"),
    (ONE, '"Law on water enacted"', f'"{"t" * 91}"', f"{ONE}:67: title: I.1.1d: {TITLE_91}"),
    (ONE, "target_value = 88", "target_value = 123456789012345", f"{ONE}:28: target_value: I.1.1a: Ensure that there"),
    (
        ONE,
        "target_value = 88",
        "target_value = 88.1234567",
        f"{ONE}:28: target_value: I.1.1a: Ensure that there are no",
    ),
    (ONE, "= 2030-12-31", "= 2031-01-01", f"{ONE}:14: deadline: I.0.0a: The deadline lies outside the plan's period."),
    (ONE, 'rule = "reach"', 'rule = "judge"', f"{ONE}:17: I.1.1a: This kind of commitment does not allow this rule."),
    (ONE, "target_value = 88\n", "", f"{ONE}:17: I.1.1a: {NEITHER}"),
    (ONE, 'target_rung = "running"\n', "", f"{ONE}:3: I.0.0a: A milestone has a target stage, and nothing else has on"),
    (ONE, 'rung = "running"', 'rung = "built"', f"{ONE}:13: target_rung: I.0.0a: The metric has no such stage"),
    (BODIES, '"lake-council"', '"lake/council"', f"{BODIES}:12: code: lake/council: Use small letters, digits and"),
    (BODIES, '"lake-council"', '"lake council"', f"{BODIES}:12: code: lake council: Use small letters, digits and"),
    (TREE, 'code = "I.2"', 'code = "I/2"', f"{TREE}:15: code: I/2: Use letters and digits, with single full stops"),
    (TREE, 'code = "I.2"', 'code = "I 2"', f"{TREE}:15: code: I 2: Use letters and digits, with single full stops"),
    (METRICS, "decimals = 0", "decimals = -1", f"{METRICS}:10: decimals: accidents-at-work: Ensure this value is"),
    # what a row may name
    (PROVISIONS, 'category = "I"\n', 'category = "X"\n', f"{PROVISIONS}:15: category: There is no category with the"),
    (ONE, '"water-law"', '"wine-law"', f"{ONE}:75: metric: There is no metric with the code “wine-law”."),
    (TWO, '["lake-council"]', '["sea-council"]', f"{TWO}:16: bodies: There is no body with the code “sea-council”."),
    (ONE, '["villagers"]', '["elders"]', f"{ONE}:31: groups: There is no beneficiary group with the code “elders”."),
    (
        ONE,
        'provision = "I.0.0"',
        'provision = "I.9"',
        f"{ONE}:5: provision: There is no provision with the code “I.9”.",
    ),
    (PLAN, '"chancery"', '"court"', f"{PLAN}:9: publisher: There is no body with the code “court”."),
    (
        TREE,
        'code = "I.1"\nparent = "I"',
        'code = "I.1"\nparent = "II"',
        f"{TREE}:10: parent: ",
    ),
    (TREE, 'parent = "I"', 'parent = "I.1"', f"{TREE}:10: parent: "),
    # codes that stand twice
    (ONE, 'code = "I.1.1b"', 'code = "I.1.1a"', f"{ONE}:34: code: I.1.1a stands twice, first at {ONE}:17."),
    (TWO, 'code = "II.1a"', 'code = "I.1.1a"', f"{TWO}:4: code: I.1.1a stands twice, first at {ONE}:17."),
    (PLAN, "[[plan]]", '[[plan]]\ncode = "b"\n[[plan]]', f"{PLAN}:3: title: This is missing."),
    # what a file may hold
    (ONE, "Law on water", b"Law on w\xe4ter", f"{ONE}:67: Byte 1806 is not UTF-8; save the file as UTF-8."),
    (ONE, 'title = "Law on', "title = Law on", f"{ONE}:67: title: Not TOML here: Invalid value."),
    (
        ONE,
        'title = "Law on',
        'title "Law on',
        f"{ONE}:67: Not TOML here: Expected '=' after a key in a key/value pair.",
    ),
    (METRICS, "[[metric]]", "[[metrics]]", f"{METRICS}: Unknown table metrics: this file holds [[metric]]."),
    (PLAN, "[[plan]]", "[plan]", f"{PLAN}: Write each row under a line [[plan]]."),
    # what no reader expects
    (ONE, "= 88", "= 1e309", f"{ONE}:28: target_value: "),
    (ONE, "= 88", "= 1e9999999", f"{ONE}:28: target_value: "),
    (ONE, "= 88", f"= {'1' * 40}", f"{ONE}:28: target_value: "),
    (ONE, "= 88", f"= {'1' * 5000}", ONE),
    (ONE, "= 88", f"= 0x{'f' * 5000}", f"{ONE}:28: target_value: "),
    (ONE, 'carried_from = "Rights', 'groups = ["Rights', ONE),
    (ONE, '["villagers"]', "[" * 5000 + "]" * 5000, ONE),
    (ONE, "= 88", f"= 88.{'0' * 30}1", f"{ONE}:28: target_value: "),
    (ONE, "= 88", "= 1e-9999999", f"{ONE}:28: target_value: "),
    (ONE, '"Law on', r'"\u0000Law on', f"{ONE}:67: title: "),
    (METRICS, '["announced",', r'["\u0000",', f"{METRICS}:36: rungs: "),
    (PLAN, '"vellmark-2030"', '"about"', f"{PLAN}:4: code: "),
]


@pytest.mark.parametrize(("file", "old", "new", "report"), REPORTS, ids=map(str, range(len(REPORTS))))
def test_it_names_file_line_and_field_and_loads_nothing(folder, file, old, new, report):
    edit(folder, file, old, new)
    lines = refused(folder)
    assert any(line.startswith(report) for line in lines), lines


def test_what_is_just_allowed_loads(folder):
    edit(folder, ONE, "bring piped water to", f"{'word ' * 18}")
    edit(folder, ONE, '"Law on water enacted"', f'"{"t" * 90}"')
    edit(folder, ONE, "target_value = 15", "target_value = 12345678901.1234")
    assert {outcome.word for outcome in load_folder(folder)} == {"added"}
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}


def test_the_problems_of_all_files_stand_in_one_report_in_order(folder):
    edit(folder, TWO, 'title = "Fairs held"\n', "")
    edit(folder, BODIES, "side =", "sied =")
    edit(folder, ONE, "target_value = 88", 'target_value = "many"')
    assert [line.split(":")[0] for line in refused(folder)] == [BODIES, BODIES, ONE, TWO]
    with pytest.raises(CommandError) as error:
        call_command("load_plan", str(folder))
    assert str(error.value).startswith("vellmark-2030: nothing was loaded, 4 problem(s):\nbodies.toml:3: side: This")


def test_the_problems_of_all_rows_of_a_file_stand_in_one_report(folder):
    edit(folder, ONE, '"water-law"', '"wine-law"')
    edit(folder, ONE, '"unemployment-rate"', '"joblessness"')
    assert [line.split(":")[1] for line in refused(folder)] == ["75", "102"]


@pytest.mark.both_databases
def test_a_problem_in_the_last_file_leaves_nothing_half_loaded_nor_half_changed(vellmark, folder):
    before = models.LedgerEntry.objects.head()
    edit(folder, BODIES, '"Valley Watch"', '"Valley Guard"')
    edit(folder, "groups.toml", "[[group]]", '[[group]]\ncode = "elders"\nname = "Elders"\n\n[[group]]')
    edit(folder, TWO, '"Fairs held"', f'"{"t" * 91}"')
    with pytest.raises(LoadError, match=r"commitments/II\.toml:21: title: II\.2a: Ensure this value has at most 90"):
        load_folder(folder)
    assert models.Body.objects.get(code="valley-watch").name == "Valley Watch"
    assert not models.BeneficiaryGroup.objects.filter(code="elders").exists()
    assert models.LedgerEntry.objects.head() == before
    assert len(load_folder(VELLMARK)) == 71


def test_an_empty_folder_lacks_every_file_that_a_plan_needs(tmp_path):
    assert refused(tmp_path) == [
        f"{name}: The file is missing." for name in ("categories.toml", "commitments/*.toml", PLAN, PROVISIONS)
    ]


@pytest.mark.parametrize("name", ["plan.toml", "categories.toml", "provisions.toml"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    assert refused(folder) == [f"{name}: The file is missing."]


@pytest.mark.parametrize("name", ["extra.toml", "commitments/old/I.toml"])
def test_a_stray_file_is_named(folder, name):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("", encoding="utf-8")
    assert refused(folder) == [f"{name}: No table is read from a file of this name."]


def test_a_file_without_a_plan_is_a_problem(folder):
    (folder / PLAN).write_text("", encoding="utf-8")
    assert refused(folder) == ["plan.toml: The file holds no [[plan]]."]


def test_a_folder_holds_one_plan(folder):
    text = (folder / PLAN).read_text(encoding="utf-8")
    (folder / PLAN).write_text(text + text.replace("vellmark-2030", "vellmark-2040"), encoding="utf-8")
    assert refused(folder) == ["plan.toml:18: code: A folder holds one plan."]


@pytest.mark.parametrize("place", ["nowhere", "plan.toml"])
def test_a_folder_that_is_not_there_gives_a_sentence(folder, place):
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("load_plan", str(folder / place))


def test_a_provision_of_another_plan_cannot_be_promised_under(vellmark, folder):
    edit(folder, PLAN, '"vellmark-2030"', '"vellmark-2031"')
    edit(folder, PROVISIONS, 'code = "II.2"', 'code = "II.9"')
    with pytest.raises(LoadError) as error:
        load_folder(folder)
    assert {problem.message for problem in error.value.problems} == {"There is no provision with the code “II.2”."}
    assert [problem.line for problem in error.value.problems] == [20, 32]


def test_a_right_cannot_become_its_own_parent(vellmark, folder):
    edit(folder, TREE, 'parent = "I"', 'parent = "I.1"')
    with pytest.raises(LoadError, match=r"categories\.toml:8: I\.1: A category cannot be its own parent\."):
        load_folder(folder)
    assert models.Category.objects.get(code="I.1").parent.code == "I"


def test_parents_cannot_run_in_a_circle(vellmark, folder):
    edit(folder, TREE, 'code = "I"', 'code = "I"\nparent = "I.1"')
    with pytest.raises(LoadError, match="parent"):
        load_folder(folder)


def test_a_parent_that_stands_further_down_is_refused_by_a_loaded_registry_too(vellmark, folder):
    edit(folder, TREE, 'code = "I.1"\nparent = "I"', 'code = "I.1"\nparent = "II"')
    with pytest.raises(LoadError, match="parent"):
        load_folder(folder)


def test_a_parent_that_stands_further_down_is_not_called_missing(folder):
    edit(folder, TREE, 'code = "I.1"\nparent = "I"', 'code = "I.1"\nparent = "II"')
    assert "There is no category" not in refused(folder)[0]


def test_problems_that_only_the_registry_finds_stand_in_one_report_too(folder):
    edit(folder, BODIES, '"official"', '"offical"')
    edit(folder, TWO, '"Fairs held"', f'"{"t" * 91}"')
    assert {line.split(":")[0] for line in refused(folder)} == {BODIES, TWO}


def test_an_unknown_code_does_not_hide_another_mistake(folder):
    edit(folder, ONE, '"water-law"', '"wine-law"')
    edit(folder, TWO, '"Fairs held"', f'"{"t" * 91}"')
    assert {line.split(":")[0] for line in refused(folder)} == {ONE, TWO}


def test_a_line_separator_inside_a_text_does_not_shift_the_lines_below(folder):
    edit(folder, ONE, "Ombudsman's office for", "Ombudsman's\u2028office for")
    edit(folder, ONE, '"Law on water enacted"', "7")
    assert refused(folder)[-1].startswith(f"{ONE}:67: title: ")


def test_a_blank_around_a_text_is_called_a_blank(folder):
    edit(folder, ONE, '"Law on water enacted"', '" Law on water enacted"')
    (line,) = refused(folder)
    assert "blank" in line


def test_a_file_that_cannot_be_opened_is_a_problem(folder):
    (folder / "groups.toml").unlink()
    (folder / "groups.toml").mkdir()
    assert refused(folder)[0].startswith("groups.toml: ")


@pytest.mark.both_databases
def test_a_number_of_decimals_that_one_database_refuses_no_database_takes(folder):
    edit(folder, METRICS, "decimals = 0", "decimals = 40000")
    assert refused(folder)[0].startswith(f"{METRICS}:10: decimals: accidents-at-work: Ensure this value is")


@pytest.mark.both_databases
def test_a_number_comes_back_as_it_was_loaded_or_is_refused(folder):
    edit(folder, ONE, "target_value = 15", "target_value = 12345678901234.123456")
    try:
        load_folder(folder)
    except LoadError:
        return
    assert {outcome.word for outcome in load_folder(folder)} == {"unchanged"}
