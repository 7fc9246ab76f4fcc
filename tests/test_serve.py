"""manage.py serve: from an empty folder to a prepared database, and a sentence for what stands in the way."""

import os
import socket
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings

from .postgres import free_port

NAMES = ["DATABASE_URL", "SITE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "TRUST_PROXY", "PLAN", "PORT", "DEBUG", "VAR"]


def serve(folder, **environment):
    """``manage.py serve --prepare-only`` with a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    kept |= {"VAR": str(folder), "PORT": str(free_port())} | {name: str(v) for name, v in environment.items()}
    command = [sys.executable, "manage.py", "serve", "--prepare-only"]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=kept, capture_output=True, text=True, timeout=300)


def rows(path):
    """Everything in a database file, as SQL."""
    database = sqlite3.connect(path)
    try:
        return list(database.iterdump())
    finally:
        database.close()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """An empty folder, prepared: the folder and what was said."""
    folder = tmp_path_factory.mktemp("prepared")
    return folder, serve(folder)


def test_it_migrates_and_loads_the_plan_and_a_second_run_changes_nothing(prepared):
    folder, first = prepared
    assert (first.returncode, first.stderr) == (0, "")
    assert "hrap-2021-2025: plan: 1 added" in first.stdout
    assert "hrap-2021-2025: commitment: " in first.stdout
    assert (folder / "static" / "staticfiles.json").exists()
    before = rows(folder / "db.sqlite3")
    assert any(line.startswith('INSERT INTO "tracker_ledgerentry"') for line in before)
    second = serve(folder)
    assert (second.returncode, second.stderr) == (0, "")
    lines = [line for line in second.stdout.splitlines() if line.startswith("hrap-2021-2025: ")]
    assert lines == ["hrap-2021-2025: unchanged since it was loaded"]
    assert rows(folder / "db.sqlite3") == before


def test_a_second_run_collects_no_static_file_again_and_makes_one_that_is_missing(prepared):
    folder, _first = prepared
    collected = folder / "static" / "staticfiles.json"
    before = collected.stat().st_mtime_ns
    serve(folder)
    assert collected.stat().st_mtime_ns == before
    collected.unlink()
    serve(folder)
    assert collected.exists()
    (folder / "static.sha256").write_text("of other files")
    before = collected.stat().st_mtime_ns
    serve(folder)
    assert collected.stat().st_mtime_ns > before


def test_a_second_run_puts_back_a_guard_that_is_missing(prepared):
    folder, _first = prepared
    database = sqlite3.connect(folder / "db.sqlite3")
    database.execute('DROP TRIGGER "tracker_update_no_change"')
    database.commit()
    database.close()
    serve(folder)
    assert any('CREATE TRIGGER "tracker_update_no_change"' in line for line in rows(folder / "db.sqlite3"))


def refused(ended, sentence):
    """It ended with one sentence, and prepared nothing."""
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert sentence in ended.stderr


def test_it_refuses_a_busy_port_and_names_another_way(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = f"Port {port} is busy: stop what uses it, or choose another, such as PORT=8001 make run."
        refused(serve(tmp_path, PORT=port), sentence)
    assert not (tmp_path / "db.sqlite3").exists()


def test_it_refuses_a_database_file_in_a_folder_that_is_not_there(tmp_path):
    ended = serve(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/none/db.sqlite3")
    refused(ended, "The database cannot be reached (unable to open database file): check DATABASE_URL.")


def test_it_refuses_a_file_that_is_no_database(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Chancery of Vellmark, " * 100)
    ended = serve(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/letter.txt")
    refused(ended, "The database cannot be reached (file is not a database): check DATABASE_URL.")
    assert (tmp_path / "letter.txt").read_text().startswith("Dear Chancery")


def test_an_unreachable_server_is_not_waited_for_for_ever(tmp_path):
    ended = serve(tmp_path, DATABASE_URL=f"postgres://me:hush@127.0.0.1:{free_port()}/name")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    assert ended.stderr.rstrip().endswith(": check DATABASE_URL.")
    assert "hush" not in ended.stderr


def test_an_unreachable_server_is_one_sentence_with_the_reason(tmp_path):
    ended = serve(tmp_path, DATABASE_URL=f"postgres://me@127.0.0.1:{free_port()}/name")
    refused(ended, "Connection refused")


@pytest.mark.parametrize("given", [{}, {"SECRET_KEY": "x" * 60}])
def test_it_refuses_a_folder_that_cannot_be_written_to(tmp_path, given):
    (tmp_path / "file").write_text("not a folder")
    ended = serve(tmp_path / "file" / "var", **given)
    refused(ended, "VAR")


def test_it_refuses_a_database_that_would_be_gone_at_once(tmp_path):
    refused(serve(tmp_path, DATABASE_URL="sqlite://"), "DATABASE_URL names no database")


def test_preparing_only_does_not_claim_to_serve(prepared):
    assert "Serving on" not in prepared[1].stdout
