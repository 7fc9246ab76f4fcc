"""A full disk: people are told so and keep what they typed, and nothing is half written."""

import contextlib
import errno
import gc
import io
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.http import HttpResponse
from lxml import etree
from PIL import Image

from tracker.actions import ledger, unsaved
from tracker.caching import apart
from tracker.exports import archive, workbook
from tracker.models import ReaderReport, UnsavedForm, Update
from tracker.planbook import sent_file
from tracker.serving import disk
from tracker.serving.disk import no_room, sweep, written
from tracker.uploads import storage
from tracker.uploads.incoming import IN_MEMORY

from . import drafts
from .forms import decision, value_form
from .office import PDF
from .test_concurrency import fresh_database, run
from .test_reports_of_readers import PROMISE
from .test_reports_of_readers import sent as reported
from .test_review import address, page
from .test_uploads import ADD, stored

pytestmark = pytest.mark.django_db
SENTENCE = "There is no room left on the disk of this site"


def full_disk(*_arguments, **_options):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_database(*_arguments, **_options):
    """What each database says, as Django passes it on."""
    said = psycopg.errors.DiskFull("could not extend file: No space left on device")
    if connection.vendor == "sqlite":
        said = sqlite3.OperationalError("database or disk is full")
        said.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise OperationalError(str(said)) from said


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Folders of the test, since some are looked through."""
    settings.VAR, settings.FILES = tmp_path, tmp_path / "files"
    return settings.FILES


@contextlib.contextmanager
def full(monkeypatch, where=full_disk):
    """Files or the database find no room; what a person typed cannot be kept in it either."""
    with monkeypatch.context() as patch:
        patch.setattr(storage, "store", where)
        patch.setattr(ledger.LedgerEntry.objects, "bulk_create", full_database)
        if where is full_database:
            patch.setattr(Update, "save", full_database)
            patch.setattr(UnsavedForm, "save", full_database)
            patch.setattr(unsaved, "begin", full_database)
        yield


def test_only_a_full_disk_is_called_one():
    for raise_it in (full_disk, full_database):
        with pytest.raises((OSError, OperationalError)) as caught:
            raise_it()
        assert no_room(caught.value).startswith(SENTENCE)
    for other in (None, OSError(errno.EACCES, "x"), ValueError("full"), OperationalError("database is locked")):
        assert no_room(other) == ""


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    path = tmp_path / "file"
    with written(path) as file:
        file.write(b"first")
    with contextlib.suppress(OSError), written(path) as file:
        file.write(b"sec")
        full_disk()
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("file", b"first")]


KILLED = """
import os, pathlib, signal, sys
from tracker.serving.disk import written
with written(pathlib.Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_process_left_half_written_that_was_killed_is_swept_and_no_other_file(settings, tmp_path):
    for folder in ("tiles", "backups"):
        (tmp_path / folder).mkdir()
        ended = subprocess.run([sys.executable, "-c", KILLED, tmp_path / folder / "file"], cwd=settings.BASE_DIR)
        assert ended.returncode == -signal.SIGKILL
    halves = list(tmp_path.glob("*/.*.part"))
    assert len(halves) == 2
    others = [tmp_path / "tiles" / name for name in (".a-download.part", "whole")]
    with written(tmp_path / "tiles" / "held"):
        (held,) = set(tmp_path.glob("tiles/.*.part")) - {*halves}
        for path in others:
            path.touch()
        assert sweep(tmp_path / "tiles", tmp_path / "backups") == 0  # perhaps it has only begun
        for path in (held, *halves, *others):
            os.utime(path, (0, 0))
        call_command("purge", stdout=io.StringIO())
        assert not any(path.exists() for path in halves)
        assert all(path.exists() for path in (held, *others))
    assert (tmp_path / "tiles" / "held").exists()


def nowhere(**_named):
    """As Python says where every folder for temporary files is full."""
    raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")


def full_folder(**_named):
    return open("/dev/full", "w+b")


@pytest.mark.parametrize("temporary", [nowhere, full_folder])
def test_a_large_file_that_finds_no_room_on_its_way_in_takes_no_word_with_it(
    vellmark, edith, client, signed_in, files, monkeypatch, temporary
):
    browser, form = signed_in(edith), value_form(summary="As somebody typed it.")
    client.raise_request_exception = False
    large = io.BytesIO()
    Image.frombytes("RGB", (400, 400), os.urandom(3 * 400 * 400)).save(large, "PNG")
    assert len(large.getvalue()) > IN_MEMORY

    def press():
        # What is typed below the file comes after it.
        file = {"evidence-0-file": SimpleUploadedFile("scan.png", large.getvalue())}
        return browser.post(ADD, file | form)

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", temporary)
        refused = press()
        told = reported(client, text="The clocks say 78.", file=SimpleUploadedFile("scan.png", large.getvalue()))
        file = client.get("/data/updates.csv")
    for each, words in ((refused, "As somebody typed it."), (told, "The clocks say 78.")):
        assert (each.status_code, each["Retry-After"]) == (503, "60")
        assert SENTENCE in page(each)
        assert words in each.content.decode()
    assert (file.status_code, file["Retry-After"]) == (503, "60")
    assert (stored(files), Update.objects.filter(summary="As somebody typed it.").count()) == ([], 0)
    assert press().status_code == 302
    assert Update.objects.get(summary="As somebody typed it.").evidence.get().stored in stored(files)


@pytest.mark.slow
@pytest.mark.parametrize("where", [full_disk, pytest.param(full_database, marks=pytest.mark.both_databases)])
def test_an_upload_comes_back_in_its_form_and_is_saved_by_the_next_press(
    vellmark, edith, signed_in, files, monkeypatch, where
):
    browser, form = signed_in(edith), value_form(summary="As somebody typed it.")

    def press():
        return browser.post(ADD, form | {"evidence-0-file": SimpleUploadedFile("scan.pdf", PDF)})

    with full(monkeypatch, where):
        refused = press()
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert SENTENCE in page(refused)
    assert "As somebody typed it." in refused.content.decode()
    assert stored(files) == []
    assert not Update.objects.filter(summary="As somebody typed it.").exists()
    assert press().status_code == 302
    assert Update.objects.get(summary="As somebody typed it.").evidence.get().stored in stored(files)


@pytest.mark.both_databases
def test_a_publication_and_the_words_with_it_come_back_to_be_sent_again(vellmark, edith, rana, signed_in, monkeypatch):
    row, browser = drafts.submitted(drafts.value(81), edith), signed_in(rana)
    at, sent = address(row, "review"), decision(row, _publish="1", note="Read <twice>.")
    with full(monkeypatch, full_database):
        refused = browser.post(at, sent)
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert "no-store" in refused["Cache-Control"]
    text = refused.content.decode()
    assert SENTENCE in text
    assert "Read &lt;twice&gt;.</textarea>" in text
    row.refresh_from_db()
    assert (row.state, row.entry) == ("submitted", None)
    again = dict(re.findall(r'name="([^"]+)" (?:value="([^"]*)"|rows="2">[^<]*)', text[text.index(f'action="{at}"') :]))
    assert again["_publish"] == "1"
    assert browser.post(at, sent).status_code == 302
    row.refresh_from_db()
    assert row.state == "published"


def test_a_password_is_in_no_page_of_what_was_not_done(vellmark, client, monkeypatch):
    monkeypatch.setattr("tracker.people.sign_in.SignIn.post", full_database)
    refused = client.post("/admin/login/", {"username": "edith", "password": "seven deep wells"})
    assert refused.status_code == 503
    assert SENTENCE in page(refused)
    assert "seven deep wells" not in refused.content.decode()
    assert "<textarea" not in refused.content.decode()


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["tracker.actions.reports.count_sending", "tracker.actions.reports.send"])
def test_a_reader_keeps_the_words_of_a_report(vellmark, client, monkeypatch, step):
    with monkeypatch.context() as patch:
        patch.setattr(step, full_database)
        refused = reported(client, text="The clocks say 78.")
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert SENTENCE in page(refused)
    assert "The clocks say 78." in refused.content.decode()
    assert not ReaderReport.objects.exists()
    assert client.post(PROMISE, {}).status_code == 400


def test_a_page_that_finds_no_room_is_a_503(vellmark, client, monkeypatch):
    monkeypatch.setattr("tracker.exports.answers.from_disk", full_disk)
    client.raise_request_exception = False
    response = client.get("/data/updates.csv")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json()["error"].startswith(SENTENCE)


@pytest.mark.parametrize("after", [0, 1])
def test_a_workbook_that_finds_no_room_leaves_no_half_in_tmpdir(db, tmp_path, monkeypatch, after):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sys, "unraisablehook", (said_later := []).append)
    rows = ({"name": str(number)} if number < after else full_disk() for number in range(2))
    column = SimpleNamespace(name="name", type="text")
    with pytest.raises(OSError, match="No space"):
        workbook.write(io.BytesIO(), columns=[column], rows=rows, about={})
    gc.collect()
    assert (list(tmp_path.iterdir()), said_later) == ([], [])
    assert no_room(etree.SerialisationError("IO_ENOSPC"))


def failing(after):
    """``written``, which finds no room from one file on."""
    count = iter(range(1000))

    @contextlib.contextmanager
    def full(path):
        with written(path) as file:
            if next(count) >= after:
                full_disk()
            yield file

    return full


def test_public_files_are_all_written_or_none(vellmark, tmp_path, monkeypatch):
    folder = tmp_path / "public"
    folder.mkdir()
    for before in ({}, {"updates.csv": b"of before", "mine": b"x"}):
        for name, content in before.items():
            (folder / name).write_bytes(content)
        monkeypatch.setattr(archive, "written", failing(12))
        with pytest.raises(CommandError, match=r"Nothing was written: .*No space left on device"):
            call_command("export_public", folder, stdout=io.StringIO())
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    monkeypatch.undo()


def test_where_an_answer_finds_no_room_older_ones_give_way(db, monkeypatch):
    for name in ("older", "lock"):
        (apart.folder() / name).write_text("x")
    monkeypatch.setattr(apart, "written", failing(0))
    with pytest.raises(OSError, match="No space"):
        apart._write(apart.folder() / "new", HttpResponse(b"PK", content_type="application/zip"))
    assert [path.name for path in apart.folder().iterdir()] == ["lock"]


def test_a_spreadsheet_that_finds_no_room_leaves_the_one_before(edith, monkeypatch):
    sent_file.put(7, b"PK first", name="first.xlsx", by=edith)
    monkeypatch.setattr(disk, "written", failing(1))
    with pytest.raises(OSError, match="No space"):
        sent_file.put(7, b"PK second", name="second.xlsx", by=edith)
    assert (sent_file.get(7).name, sent_file.content(7)) == ("first.xlsx", b"PK first")
    assert len(list(sent_file.folder().iterdir())) == 2


def execute(env, *statements):
    """Change the database of another process."""
    connect = psycopg.connect if connection.vendor == "postgresql" else sqlite3.connect
    with contextlib.closing(connect(env["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


@pytest.mark.slow
@pytest.mark.both_databases
def test_a_restore_goes_on_where_one_before_found_no_room_for_all_tables(vellmark, tmp_path):
    (tmp_path / "backups").mkdir()
    call_command("backup", tmp_path / "backups", stdout=io.StringIO())
    (path,) = (tmp_path / "backups").iterdir()
    (tmp_path / "elsewhere").mkdir()
    with fresh_database(tmp_path / "elsewhere", like="empty") as env:
        # A table that was begun by a migration which is not on record, as Django leaves it; and what is none of ours.
        begun = ["DROP TABLE tracker_cosignature", "CREATE TABLE tracker_cosignature (id integer)"]
        begun += ["DELETE FROM django_migrations WHERE app = 'tracker'"]
        execute(env, *begun, "CREATE TABLE somebodys (id integer)")
        assert " is restored: " in run(env, "manage.py", "restore", str(path))
        execute(env, "DROP TABLE somebodys")  # which is still there
