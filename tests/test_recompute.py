"""Every status computed anew from the public files alone, by a program that has nothing of the site but the method."""

import datetime
import json
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tracker.actions.changes import correct, withdraw
from tracker.actions.progress import draft, publish, submit
from tracker.models import Update
from tracker.models.roles import EDITOR, REVIEWER
from tracker.snapshot.cache import read_snapshot
from tracker.standalone.assess import METHOD
from tracker.standalone.verify import verify

from . import databases, drafts
from .conftest import CHINA, somebody

pytestmark = pytest.mark.django_db

YEAR = {"starts_on": datetime.date(2026, 1, 1)}


def publish_something_of_every_kind():
    """Rows of every kind on the invented plan, corrected and withdrawn ones among them."""
    edith, rana = somebody("edith", EDITOR), somebody("rana", REVIEWER)
    first = [
        drafts.value(60, "2025-12-31"),
        drafts.value("88.000000", "2026-09-30", fits="near", how="converted", arithmetic="22 of 25"),
        drafts.value(7, "2026-09-30", metric="deep-wells-dug", **YEAR, bound="at_least"),
        drafts.value("5.6", "2026-10-31", metric="unemployment-rate", **YEAR, fits="other"),
        drafts.value(100, "2020-12-31", metric="accidents-at-work", starts_on=datetime.date(2020, 1, 1)),
        drafts.value("92.5", "2026-10-31", metric="accidents-at-work", **YEAR),
        drafts.value("92.75", "2026-10-31", metric="accidents-at-work", **YEAR, bound="about"),
        drafts.rung("drafted", "2026-05-31"),
        drafts.judgement("in_part", "2026-06-30"),
        drafts.finding("kept", "2026-05-01", origin="chancery"),
        drafts.finding("not_kept", "2026-06-30"),
        drafts.finding("notes", "2026-06-30", origin="valley-watch"),
        drafts.finding("qualifies", "2026-06-30", origin="valley-watch", finds_harm=True),
        drafts.finding("not_kept", "2026-06-30", category="I.1"),
    ]
    rows = [drafts.published(row, edith, rana) for row in first]
    drafts.published(drafts.search("2026-06-30", commitment="II.1a"), edith, rana, cited=False)
    drafts.published(drafts.search("2026-06-30", commitment="II.2b", withheld=True), edith, rana)
    for row in (
        correct(published=rows[0], changes={"value": 65}, reason="Misread.", by=edith),
        withdraw(published=rows[7], reason="Another law.", by=edith),
    ):
        publish(record=submit(record=row, by=edith), by=rana)


databases.add("something_of_every_kind", after="vellmark", fill=publish_something_of_every_kind, module=__name__)


@pytest.fixture
def something_of_every_kind(vellmark):
    assert databases.holds("something_of_every_kind")


@pytest.fixture(scope="module")
def exported(tmp_path_factory, django_db_blocker):
    """The public files, written once."""
    folder = tmp_path_factory.mktemp("exported") / "public"
    with django_db_blocker.unblock():
        databases.export("something_of_every_kind", folder)
    return folder


@pytest.fixture
def folder(exported, something_of_every_kind, tmp_path):
    """A copy of the public files, to be changed."""
    return shutil.copytree(exported, tmp_path / "public")


def run(folder, *arguments, program="recompute.py"):
    """Run the program in the folder alone, with the standard library alone."""
    command = [sys.executable, "-E", "-S", "-s", program, *(arguments or ["."])]
    ended = subprocess.run(command, cwd=folder, env={}, capture_output=True, text=True, timeout=120)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout.splitlines()


def change(folder, name, do):
    """Change the results of a file."""
    path = folder / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    do(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def row(document, **values):
    return next(r for r in document["results"] if all(r[name] == value for name, value in values.items()))


@pytest.mark.slow
def test_the_invented_plan_with_progress_agrees(folder):
    code, output = run(folder)
    head = read_snapshot().head
    assert (code, output) == (
        0,
        [
            f"14 promises computed anew as of {read_snapshot().on}, log entry {head}.",
            "All agree with the site.",
        ],
    )
    statuses = {c.code: c.status for c in read_snapshot().plan("vellmark-2030").commitments.values()}
    assert set(statuses.values()) == {"reached", "contested", "under_way", "not_known"}
    assert (statuses["I.1.1a"], statuses["I.1.1e"], statuses["I.2.2a"]) == ("reached", "contested", "under_way")


@pytest.mark.slow
def test_it_runs_from_files_copied_to_an_empty_folder(folder, tmp_path):
    alone = tmp_path / "alone"
    alone.mkdir()
    for name in ("recompute.py", "assess.py"):
        shutil.copy(settings.BASE_DIR / "tracker" / "standalone" / name, alone)
    assert run(alone, str(folder))[0] == 0
    command = [sys.executable, "-m", "tracker.standalone.recompute", str(folder)]
    assert subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, timeout=120).returncode == 0


@pytest.mark.slow
def test_the_log_in_the_folder_verifies(folder):
    code, output = run(folder, "ledger.jsonl", program="verify.py")
    assert code == 0
    assert any(line.startswith(f"Intact: {read_snapshot().head} entries") for line in output)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("status", "met"),
        ("group", "kept"),
        ("status_basis", "judged"),
        ("missing", "nobody_looked"),
        ("flags", []),
        ("value", "88.1"),
        ("baseline_value", None),
        ("distance", "0.5"),
        ("un_says", "kept"),
        ("evidence_count", 7),
    ],
)
def test_a_column_of_the_site_that_differs_is_named(folder, column, wrong):
    change(folder, "commitments", lambda d: row(d, code="I.1.1a").update({column: wrong}))
    code, output = run(folder)
    assert code == 1
    assert output[0].startswith(f"vellmark-2030 I.1.1a: {column} is {wrong} on the site and ")
    assert output[-1] == "DIFFERENT: 1 of them."


def test_a_figure_that_was_changed_shows_in_the_status_that_rests_on_it(folder):
    change(folder, "updates", lambda d: row(d, value="88", metric="village-homes-with-piped-water").update(value="70"))
    code, output = run(folder)
    assert code == 1
    assert any(line.startswith("vellmark-2030 I.1.1a: status is reached on the site and ") for line in output)


def test_another_version_of_the_method_is_said(folder):
    change(folder, "commitments", lambda d: d["about"].update(method="0.9"))
    assert f"The site computed with method 0.9; this is method {METHOD}." in run(folder)[1]


@pytest.mark.slow
def test_files_that_are_missing_broken_or_of_different_days_are_said(folder):
    assert run(folder, "a", "b") == (2, ["usage: recompute.py FOLDER or ZIP"])
    assert run(folder, "--colour") == (2, ["usage: recompute.py FOLDER or ZIP"])
    for option in ("--help", "-h"):
        status, output = run(folder, option)
        assert (status, output[0]) == (0, "usage: recompute.py FOLDER or ZIP")
        assert "Needs Python 3.11 or newer" in "\n".join(output)
    change(folder, "updates", lambda d: d["about"].update(as_of="2020-01-01"))
    assert run(folder) == (2, ["The files are of different days or states of the site."])
    change(folder, "sources", lambda d: d["results"].clear())
    change(folder, "updates", lambda d: d["about"].update(as_of=str(read_snapshot().on)))
    code, output = run(folder)
    assert (code, output[0][:44]) == (2, "The files do not fit one another: KeyError: ")
    for text in ("", "[]", '{"results": []}', "{"):
        (folder / "bodies.json").write_text(text)
        assert run(folder)[0] == 2
    (folder / "bodies.json").unlink()
    code, output = run(folder)
    assert code == 2
    assert output[0].startswith("bodies.json cannot be read: FileNotFoundError")


def test_a_past_day_and_a_past_state_can_be_written_too(something_of_every_kind, tmp_path, capsys):
    known = Update.objects.get(what="value", metric__code="unemployment-rate").entry_id
    call_command("export_public", tmp_path, "--on=2026-06-30", f"--known={known}")
    assert run(tmp_path) == (
        0,
        [f"14 promises computed anew as of 2026-06-30, log entry {known}.", "All agree with the site."],
    )
    assert verify((tmp_path / "ledger.jsonl").read_text().splitlines())[0] == known
    assert "updates.json: 4" in capsys.readouterr().out


def test_the_command_refuses_a_file(something_of_every_kind, tmp_path):
    (tmp_path / "x").touch()
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("export_public", tmp_path / "x")


def test_a_replaced_row_is_not_in_the_files_and_no_draft_is(something_of_every_kind, edith, tmp_path, capsys):
    draft(record=drafts.value(99, "2026-10-31", summary="Not public yet."), by=edith)
    call_command("export_public", tmp_path)
    text = (tmp_path / "updates.json").read_text()
    assert "Not public yet." not in text
    values = [r["value"] for r in json.loads(text)["results"] if r["metric"] == "village-homes-with-piped-water"]
    assert values == ["88", "65"]


def test_the_real_plan_agrees(china, tmp_path, capsys):
    if not (CHINA / "updates").exists():
        pytest.skip(f"There is no progress in {CHINA}.")
    call_command("export_public", tmp_path)
    code, output = run(tmp_path)
    assert output[-1] == "All agree with the site."
    assert code == 0
    assert 400 <= int(output[-2].split()[0]) <= 900
