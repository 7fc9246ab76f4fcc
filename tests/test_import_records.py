"""manage.py import_records: the public files into an empty database, which then exports the same; or nothing at all."""

import io
import json
import shutil
import zipfile
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tracker import models
from tracker.exports.archive import write_archive
from tracker.exports.tables import TABLES as PUBLIC_TABLES
from tracker.loader import restore
from tracker.loader.files import read_folder
from tracker.loader.load import load_folder
from tracker.loader.state import UNCHANGED
from tracker.models import SearchText, triggers
from tracker.models.roles import EDITOR, REVIEWER
from tracker.schema import COMMITMENTS, EVERY_TABLE, PROGRESS, TABLES
from tracker.snapshot.cache import forget, read_snapshot

from . import databases, drafts, factories
from .conftest import CHINA, somebody
from .drafts import redact
from .examples import NIGHTLY

pytestmark = pytest.mark.django_db

MODELS = (*[table.model for table in (*TABLES, *PROGRESS)], models.Evidence, models.LedgerEntry, models.SeedRow)
# What a new database says otherwise: its log is its own, and history stays with the site that published.
OWN = {"entry", "at", "replies_to", "reason", "decided_by"}
NOT_THE_REGISTRY = {"amendments", "ledger"}


def empty_the_database():
    """Take away every record, as in a database that was only just made. The guards come off for it."""
    triggers.remove()
    through = [field.remote_field.through for model in MODELS for field in model._meta.many_to_many]
    through += [models.BaselineFigure, models.BaselinePassage, models.RedactionRequest]
    tables = [model._meta.db_table for model in (*through, models.Evidence, models.Assessment, models.Update)]
    tables += [m._meta.db_table for m in (models.RecommendationLink, models.Recommendation)]
    tables += [m._meta.db_table for m in (models.NormLink, models.Adherence, models.Norm, models.Instrument)]
    tables += [m._meta.db_table for m in (models.BaselineFigure, models.BaselinePassage, SearchText)]
    tables += [m._meta.db_table for m in (models.Commitment, models.Metric, models.Provision, models.Category)]
    tables += [m._meta.db_table for m in (models.Plan, models.Source, models.Body, models.BeneficiaryGroup)]
    tables += [m._meta.db_table for m in (models.SearchText, models.SeedRow, models.LedgerBody, models.LedgerEntry)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608, our own names
        if connection.vendor == "postgresql":  # what was put off is checked before the guards change the tables
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    triggers.install()
    forget()


def is_empty():
    return not any(model.objects.exists() for model in MODELS)


def shown():
    """Every table as the site publishes it, without what a new database has of its own; answers by key."""
    forget()
    snapshot = read_snapshot()
    found = {}
    for name, table in PUBLIC_TABLES.items():
        if name in NOT_THE_REGISTRY:
            continue
        rows = list(table.rows(snapshot))
        keys = {row["entry"]: row["key"] for row in rows if "key" in row}
        found[name] = [{column: value for column, value in row.items() if column not in OWN} for row in rows]
        for row, kept in zip(rows, found[name], strict=True):
            if "replies_to" in row:
                kept["answers"] = keys.get(row["replies_to"])
    return found


def by_key(rows):
    """Rows in an order that no log decides."""
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def publish_by_hand():
    edith, rana = somebody("edith", EDITOR), somebody("rana", REVIEWER)
    drafts.published(drafts.value("88.500001", "2026-10-31", summary="By hand,\nin two lines."), edith, rana)
    derived = drafts.value(0, "2026-11-01", how="derived", arithmetic="1 - 1", as_published="none", summary="Secret.")
    redact(record=drafts.published(derived, edith, rana), reason="It named a village.", by=rana)


databases.add("redacted_too", after="vellmark_progress", fill=publish_by_hand, module=__name__)


@pytest.fixture
def redacted_too(vellmark):
    """The invented plan with rows from files and by hand, answered, corrected, withdrawn, redacted and amended."""
    assert databases.holds("redacted_too")


@pytest.fixture(scope="module")
def exported(tmp_path_factory, django_db_blocker):
    """The public files of it, written once."""
    folder = tmp_path_factory.mktemp("exported") / "public"
    with django_db_blocker.unblock():
        databases.export("redacted_too", folder)
    return folder


@pytest.fixture
def folder(exported, tmp_path):
    """A copy of the public files, to be changed; the database holds nothing unless a test asks for more."""
    return shutil.copytree(exported, tmp_path / "public")


def zipped(folder, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    return path


def load(path):
    """Run the command; what it says."""
    said = io.StringIO()
    call_command("import_records", path, stdout=said)
    return said.getvalue()


def refused(path):
    """What the command says against a folder or archive, line by line; nothing was written."""
    with pytest.raises(CommandError) as error:
        call_command("import_records", path)
    assert is_empty()
    first, *lines = str(error.value).splitlines()
    assert first == f"{path.name}: nothing was loaded, {len(lines)} problem(s):"
    return lines


def change(folder, name, do):
    """Change what stands in a file."""
    path = folder / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    do(document["results"])
    path.write_text(json.dumps(document), encoding="utf-8")


def place(results, **wanted):
    """The number and the values of the first row that has these."""
    number, row = next((n, r) for n, r in enumerate(results, 1) if all(r[k] == v for k, v in wanted.items()))
    return number, row


# There and back


@pytest.mark.slow
def test_what_is_read_of_the_real_plan_are_the_rows_of_its_seed_files(china, tmp_path):
    """By day nothing is written: what the load makes of such rows is asked of the invented plan."""
    with (tmp_path / "all.zip").open("wb") as file:
        write_archive(read_snapshot(), file)
    (reading,) = restore._Files(restore._contents(tmp_path / "all.zip"), Counter()).readings()
    seeds = read_folder(CHINA)
    assert len(seeds.rows[COMMITMENTS]) >= 400
    for table in EVERY_TABLE:
        rows, wanted = (
            [(row.code, table.fingerprint(row.values)) for row in each.rows[table]] for each in (reading, seeds)
        )
        assert sorted(rows) == sorted(wanted), table.name


@pytest.mark.skipif(connection.vendor == "postgresql" or not NIGHTLY, reason="by day an invented plan on both")
def test_the_real_plan_comes_back_as_it_was(china, tmp_path):
    before = shown()
    with (tmp_path / "all.zip").open("wb") as file:
        write_archive(read_snapshot(), file)
    empty_the_database()
    said = load(tmp_path / "all.zip")
    after = shown()
    for name in before:
        assert after[name] == before[name], name
    assert f"commitment: {len(before['commitments'])}\n" in said
    assert len(before["commitments"]) >= 400
    # The seed files and the imported rows are the same rows.
    assert {outcome.word for outcome in load_folder(CHINA)} == {UNCHANGED}
    call_command("verify_ledger", stdout=io.StringIO())


@pytest.mark.slow
@pytest.mark.parametrize("packed", [pytest.param(False, marks=pytest.mark.both_databases), True])
def test_the_invented_plan_comes_back_with_all_that_counts(redacted_too, folder, tmp_path, packed):
    before = shown()
    empty_the_database()
    said = load(zipped(folder, tmp_path / "all.zip") if packed else folder)
    after = shown()
    for row in (*before["assessments"], *before["updates"]):
        if row["redacted"]:  # a row is not recorded without a text, so a sentence stands for it
            row |= {"redacted": False, "summary": restore.REDACTED}
            if row.get("how") == "derived":
                row["arithmetic"] = restore.REDACTED
    for name in before.keys() - {"updates", "assessments", "citations"}:
        assert after[name] == before[name], name
    for name in ("updates", "assessments", "citations"):
        assert by_key(after[name]) == by_key(before[name]), name
    assert "Redacted where they were published, here with a sentence for their text: 2\n" in said
    assert "stays in the log of the site that published." in said
    answers = [row["answers"] for row in after["assessments"] if row["summary"] == "ANSWER"]
    assert answers == ["test-un_breach"]
    call_command("verify_ledger", stdout=io.StringIO())


@pytest.mark.slow
def test_what_was_imported_exports_and_imports_the_same_again(folder, tmp_path):
    load(folder)
    first = shown()
    call_command("export_public", tmp_path / "again", stdout=io.StringIO())
    empty_the_database()
    load(tmp_path / "again")
    assert shown() == first


@pytest.mark.slow
def test_what_was_imported_can_be_dumped_and_loaded_as_seed_files(folder, tmp_path):
    load(folder)
    first = shown()
    call_command("dump_plan", "vellmark-2030", tmp_path / "seeds", stdout=io.StringIO())
    assert {outcome.word for outcome in load_folder(tmp_path / "seeds")} == {UNCHANGED}
    empty_the_database()
    load_folder(tmp_path / "seeds")
    assert by_key(shown()["updates"]) == by_key(first["updates"])
    assert shown()["commitments"] == first["commitments"]


@pytest.mark.slow
def test_two_plans_come_back_each_with_its_own(vellmark, edith, rana, tmp_path):
    own = drafts.search("2026-06-30")
    own.commitment = factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a")
    drafts.published(own, edith, rana)
    before = shown()
    call_command("export_public", tmp_path, stdout=io.StringIO())
    empty_the_database()
    load(tmp_path)
    after = shown()
    assert {row["plan"] for row in after["commitments"]} == {"vellmark-2030", "other-plan"}
    for name in before:
        assert by_key(after[name]) == by_key(before[name]), name
    assert [row["plan"] for row in after["updates"]] == ["other-plan"]


@pytest.mark.slow
def test_the_order_of_the_plan_comes_back_whatever_the_order_of_the_rows(folder):
    change(folder, "provisions", lambda rows: rows.reverse())
    change(folder, "categories", lambda rows: rows.reverse())
    load(folder)
    assert [row["position"] for row in shown()["provisions"]] == list(range(1, len(shown()["provisions"]) + 1))
    assert [row["code"] for row in shown()["categories"]] == ["I", "I.1", "I.2", "II"]


def test_files_of_evidence_are_counted_and_left_behind(folder):
    def with_a_file(rows):
        rows[0]["evidence"][0] |= {"file": "0" * 64, "file_name": "a.pdf", "file_size": 7}

    change(folder, "updates", with_a_file)
    assert "Files of evidence, which the public files name and do not hold: 1\n" in load(folder)


# What it refuses


@pytest.mark.both_databases
def test_a_database_that_is_not_empty_is_left_as_it_is(redacted_too, folder):
    before = shown()
    with pytest.raises(CommandError, match="The database is not empty: the files load into a new one only"):
        call_command("import_records", folder)
    assert shown() == before


def test_a_draft_or_a_body_alone_make_it_not_empty(folder):
    factories.BodyFactory()
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("import_records", folder)
    assert models.Body.objects.count() == 1


WRONG = [
    ("bodies", {"code": "valley-watch"}, {"side": "both"}, "side: valley-watch: “both” is none of the words here"),
    ("updates", {"summary": "LAST"}, {"value": "many"}, "value: Expected a number, found “many”."),
    ("updates", {"summary": "LAST"}, {"value": "1e999"}, "value: Expected a number, found “1e999”."),
    ("updates", {"summary": "LAST"}, {"value": "9" * 60}, "value: Expected a number, found 999999"),
    ("updates", {"summary": "LAST"}, {"as_of": "2026-02-30"}, "as_of: Expected a date such as 2025-12-31, found “2026"),
    ("updates", {"summary": "LAST"}, {"as_of": None}, "as_of: This is missing."),
    ("updates", {"summary": "LAST"}, {"metric": "no-such"}, "metric: There is no metric with the code “no-such”."),
    (
        "updates",
        {"summary": "LAST"},
        {"what": "guess"},
        "what: Expected value, rung, judgement, search, found “guess”.",
    ),
    ("updates", {"summary": "LAST"}, {"evidence": "all"}, "evidence: Expected a list such as"),
    ("updates", {"summary": "LAST"}, {"evidence": []}, ": test-last: Nothing is published without evidence."),
    ("updates", {"summary": "ADVICE"}, {"plan": "atlantis"}, "plan: There is no plan with the code “atlantis”."),
    (
        "assessments",
        {"summary": "ANSWER"},
        {"replies_to": 9999},
        "There is no assessment with the key “log entry 9999”.",
    ),
    ("assessments", {"summary": "ANSWER"}, {"origin": "no-such"}, "origin: There is no body with the code “no-such”."),
    ("metrics", {"code": "real-wages"}, {"lag_months": "four"}, "lag_months: Expected a whole number, found “four”."),
    ("metrics", {"code": "real-wages"}, {"lag_months": -1}, "lag_months: real-wages: Ensure this value is greater"),
    (
        "commitments",
        {"code": "I.1.1a"},
        {"deadline": "soon"},
        "deadline: Expected a date such as 2025-12-31, found “soon”.",
    ),
    ("commitments", {"code": "I.1.1a"}, {"groups": ["x"]}, "groups: There is no beneficiary group with the code “x”."),
    ("commitments", {"code": "I.1.1a"}, {"plan": "atlantis"}, "plan: There is no plan with the code “atlantis”."),
    ("commitments", {"code": "I.1.1a"}, {"code": "I.1.1b"}, "code: I.1.1b stands twice, first at "),
    ("categories", {"code": "I.1"}, {"parent": "IX"}, "parent: There is no category with the code “IX”."),
    (
        "plans",
        {"code": "vellmark-2030"},
        {"publisher": "no-such"},
        "publisher: There is no body with the code “no-such”.",
    ),
    ("sources", {"code": "gazette"}, {"address": "javascript:alert(1)"}, "gazette: This is no address of the web"),
]


@pytest.mark.parametrize(("name", "which", "wrong", "sentence"), WRONG)
def test_a_wrong_value_is_named_with_file_row_and_field(folder, name, which, wrong, sentence):
    numbers = []

    def spoil(rows):
        number, row = place(rows, **which)
        row |= wrong
        numbers.append(number)

    change(folder, name, spoil)
    lines = refused(folder)
    said = [line for line in lines if sentence in line]
    assert said, lines
    rows = range(numbers[0], numbers[0] + 2)  # a code that stands twice is named where it stands again
    assert any(said[0].startswith(f"{name}.json row {number}: ") for number in rows), said


def test_all_problems_come_in_one_report(folder):
    change(folder, "updates", lambda rows: rows[0].update(value="many"))
    change(folder, "bodies", lambda rows: rows[0].update(kind=7))
    lines = refused(folder)
    assert any(line.startswith("updates.json row 1: value: ") for line in lines)
    assert any(line.startswith("bodies.json row 1: kind: ") for line in lines)


@pytest.mark.parametrize("name", ["bodies", "commitments", "updates"])
def test_wrong_columns_are_named(folder, name):
    def rename(rows):
        rows[0]["colour"] = rows[0].pop("code" if name != "updates" else "key")

    change(folder, name, rename)
    lines = refused(folder)
    column = "code" if name != "updates" else "key"
    assert f"{name}.json row 1: {column}: The column is missing." in lines
    assert f"{name}.json row 1: colour: The table has no such column." in lines


def test_a_row_that_is_none_and_a_table_that_is_none_are_named(folder):
    change(folder, "groups", lambda rows: rows.insert(0, "children"))
    assert "groups.json row 1: Expected a row with a value for each column." in refused(folder)
    (folder / "groups.json").write_text('{"about": {}, "results": {}}')
    assert refused(folder) == ["groups.json: Expected what the file is under “about” and its rows under “results”."]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"about": {}, "results": [NaN]}',
        b"[" * 100_000,
        b'{"about": ' + b"9" * 5000 + b"}",
        b'{"about": {}, "results": ["\\ud800"]}',
    ],
    ids=["empty", "cut", "other bytes", "no number", "too deep", "too long a number", "half a sign"],
)
def test_a_file_that_is_no_json_is_named(folder, content):
    (folder / "sources.json").write_bytes(content)
    assert refused(folder) == ["sources.json: The file cannot be read as JSON."]


def test_a_missing_file_is_named(folder, tmp_path):
    (folder / "metrics.json").unlink()
    assert refused(folder) == ["metrics.json: The file is missing."]
    assert refused(zipped(folder, tmp_path / "all.zip")) == ["metrics.json: The file is missing."]


def test_files_of_different_days_are_refused(folder):
    path = folder / "updates.json"
    document = json.loads(path.read_text())
    document["about"]["as_of"] = "2020-01-01"
    path.write_text(json.dumps(document))
    assert refused(folder) == ["The files are of different days or states of the site."]


def test_no_plan_is_refused(folder):
    change(folder, "plans", lambda rows: rows.clear())
    assert refused(folder) == ["plans.json: The file holds no plan."]


@pytest.mark.parametrize("name", ["../bodies.json", "/etc/passwd", "a/../../b", "..\\b.json", "C:/b.json"])
def test_an_archive_that_names_a_place_outside_itself_is_refused(folder, tmp_path, name):
    path = zipped(folder, tmp_path / "all.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "{}")
    assert refused(path) == [f"{name}: The archive names a place outside itself."]


def test_an_archive_with_a_file_twice_or_with_too_many_is_refused(folder, tmp_path, monkeypatch):
    path = zipped(folder, tmp_path / "all.zip")
    monkeypatch.setattr(restore, "MOST_PARTS", 5)
    assert refused(path) == ["The archive holds more files than the public files are."]
    monkeypatch.undo()
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("bodies.json", "{}")
    assert refused(path) == ["The archive holds a file twice."]


def test_a_file_that_unpacks_to_too_much_is_refused_whatever_its_archive_says(folder, tmp_path, monkeypatch):
    path = zipped(folder, tmp_path / "all.zip")
    monkeypatch.setattr(restore, "MOST_BYTES", 10)
    assert refused(path) == ["bodies.json: The file is too large to be read."]
    assert refused(folder) == ["bodies.json: The file is too large to be read."]


def test_what_is_neither_a_folder_nor_an_archive_is_refused(folder, tmp_path):
    broken = tmp_path / "broken.zip"
    broken.write_bytes(zipped(folder, tmp_path / "all.zip").read_bytes()[:-100])
    (tmp_path / "text.zip").write_text("not an archive")
    for path in (broken, tmp_path / "text.zip"):
        said = "This is neither a folder of public files nor a ZIP archive of them that can be read."
        assert refused(path) == [f"{path.name}: {said}"]
    assert refused(tmp_path / "nowhere.zip") == ["nowhere.zip: The file is missing."]


@pytest.mark.both_databases
def test_a_problem_in_the_second_plan_leaves_nothing_of_the_first(vellmark, tmp_path):
    factories.CommitmentFactory(provision__category__plan__code="other-plan", code="C.1a")
    call_command("export_public", tmp_path, stdout=io.StringIO())
    empty_the_database()
    change(tmp_path, "commitments", lambda rows: place(rows, plan="other-plan")[1].update(kind="rule"))
    assert any("kind: C.1a: “rule” is none of the words here" in line for line in refused(tmp_path))


@pytest.mark.both_databases
def test_a_baseline_comes_back_with_everything_that_repeats_it(folder):
    load(folder)
    figure = models.BaselineFigure.objects.get(code="cost-of-wells-2024")
    assert figure.citations[1] == {
        "source": "valley-post-2025",
        "place": "3",
        "said": "3.2 million crowns (some 2 million dollars)",
        "differs": "currency",
    }
    assert [each.code for each in models.BaselineFigure.objects.order_by("order")][:2] == [
        "wells-in-use-2025",
        "village-homes-with-piped-water-2025",
    ]
    assert [c.code for c in models.BaselineFigure.objects.get(code="wells-dug-2024").commitments.all()] == ["I.1.1b"]


def test_a_baseline_that_names_what_is_not_there_is_refused(folder):
    change(folder, "baseline", lambda rows: rows[0].update(commitments=["IX.9z"]))
    change(folder, "baseline", lambda rows: rows[3]["citations"][1].update(source="no-such"))
    lines = refused(folder)
    assert any(line.startswith("baseline.json row 1: commitments: There is no commitment with") for line in lines)
    assert any(line.startswith("baseline.json row 4: citations: There is no source with the code") for line in lines)
