"""sweep_files: files that no evidence names are listed, and taken away only where that is asked."""

import io
import os
import time

import pytest
from django.core.management import call_command

from tracker.models import Evidence
from tracker.uploads import storage

from . import drafts
from .drafts import redact
from .office import PDF, PNG
from .test_uploads import drafted, published, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A folder for the files of each test."""
    settings.FILES = tmp_path / "files"
    return settings.FILES


def sweep(**options):
    """What the command says, line by line."""
    out = io.StringIO()
    call_command("sweep_files", stdout=out, **options)
    return out.getvalue().splitlines()


def age(folder, hours=2):
    """Make all files of a folder look older."""
    then = time.time() - hours * 60 * 60
    for path in folder.iterdir():
        os.utime(path, (then, then))


def test_it_lists_what_no_evidence_names_and_takes_it_away_only_if_asked(vellmark, edith, rana, folder):
    draft, public = drafted(edith, drafts.value(81)), published(edith, rana, content=PNG, name="scan.png")
    left = storage.store(PDF)
    age(folder)
    assert sweep() == [
        f"{folder / left} {len(PDF)}\xa0bytes",
        "1 of 3 files are named by no evidence: to be deleted with --delete.",
    ]
    assert len(stored(folder)) == 3
    assert sweep(delete=True)[-1] == "1 of 3 files are named by no evidence: deleted."
    assert stored(folder) == sorted(row.evidence.get().stored for row in (draft, public))
    assert sweep(delete=True) == ["0 of 2 files are named by no evidence."]


def test_it_leaves_what_is_young_and_what_is_not_ours(vellmark, folder):
    storage.store(PDF)
    age(folder, hours=0.9)
    (folder / "README.txt").write_text("Ours.")
    (folder / f"{'0' * 32}.part").write_text("Whose?")
    os.utime(folder / "README.txt", (0, 0))
    os.utime(folder / f"{'0' * 32}.part", (0, 0))
    assert sweep(delete=True) == ["0 of 1 files are named by no evidence."]
    assert len(stored(folder)) == 3


@pytest.mark.slow
def test_it_takes_what_a_redaction_was_kept_from_taking(
    vellmark, edith, rana, folder, django_capture_on_commit_callbacks
):
    row, again = published(edith, rana), drafted(edith, drafts.value(81))
    with django_capture_on_commit_callbacks(execute=False):
        redact(record=row, reason="A witness could be found.", by=rana)
    assert stored(folder) == sorted(each.stored for each in Evidence.objects.all())
    age(folder)
    assert sweep(delete=True)[-1] == "2 of 2 files are named by no evidence: deleted."
    assert again.evidence.exists()
    call_command("verify_ledger", stdout=io.StringIO())


def test_without_a_folder_there_is_nothing(vellmark, folder):
    assert sweep(delete=True) == ["0 of 0 files are named by no evidence."]
    assert not folder.exists()
