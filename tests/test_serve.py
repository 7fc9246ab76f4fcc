"""manage.py serve: from an empty folder to a prepared database, and a sentence for what stands in the way."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from http.cookies import SimpleCookie

import pytest
from django.conf import settings

from tracker.management.commands import serve as serving

from .databases import CHINA, VELLMARK
from .examples import NIGHTLY
from .postgres import free_port

NAMES = [
    "DATABASE_URL",
    "SITE_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "TRUST_PROXY",
    "PLAN",
    "PLANS",
    "PORT",
    "DEBUG",
    "VAR",
    "LEDGER_KEY",
    "HOST",
]


def serve(folder, *, option="--prepare-only", **environment):
    """``manage.py serve --prepare-only`` with a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    kept |= {"VAR": str(folder), "PORT": str(free_port())} | {name: str(v) for name, v in environment.items()}
    command = [sys.executable, "manage.py", "serve", option]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=kept, capture_output=True, text=True, timeout=300)


def rows(path):
    """Everything in a database file, as SQL."""
    database = sqlite3.connect(path)
    try:
        return list(database.iterdump())
    finally:
        database.close()


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Code of the plan that is loaded, and what ``serve`` is told for it: by day the invented one, at night its own.

    Where seed files lie is not for the environment to say, so that takes settings of another name.
    """
    if NIGHTLY:
        return CHINA.name, {}
    folder = tmp_path_factory.mktemp("settings")
    code = f"from pathlib import Path\nfrom hrplan.settings import *\nSEEDS = Path({str(VELLMARK.parent)!r})\n"
    (folder / "invented.py").write_text(f"{code}PLANS = [{VELLMARK.name!r}]\n")
    return VELLMARK.name, {"PYTHONPATH": folder, "DJANGO_SETTINGS_MODULE": "invented"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, seeds):
    """An empty folder, prepared: the folder and what was said."""
    folder, (_plan, more) = tmp_path_factory.mktemp("prepared"), seeds
    return folder, serve(folder, **more)


@pytest.mark.slow
def test_it_migrates_and_loads_the_plan_and_a_second_run_changes_nothing(prepared, seeds):
    (folder, first), (plan, more) = prepared, seeds
    assert (first.returncode, first.stderr) == (0, "")
    assert "Serving on" not in first.stdout
    assert f"{plan}: plan: 1 added" in first.stdout
    assert "Checkpoints of the log are not signed: LEDGER_KEY is not set" in first.stdout
    assert f"{plan}: commitment: " in first.stdout
    assert (folder / "static" / "staticfiles.json").exists()
    before, collected = rows(folder / "db.sqlite3"), (folder / "static" / "staticfiles.json").stat().st_mtime_ns
    assert any(line.startswith('INSERT INTO "tracker_ledgerentry"') for line in before)
    second = serve(folder, **more)
    assert (second.returncode, second.stderr) == (0, "")
    lines = [line for line in second.stdout.splitlines() if line.startswith(f"{plan}: ")]
    assert lines == [f"{plan}: unchanged since it was loaded"]
    assert rows(folder / "db.sqlite3") == before
    assert (folder / "static" / "staticfiles.json").stat().st_mtime_ns == collected


@pytest.mark.slow
def test_static_files_are_collected_again_where_one_is_missing_or_they_are_others(prepared, settings, monkeypatch):
    folder, _first = prepared
    settings.VAR, settings.STATIC_ROOT = folder, folder / "static"
    commands = []
    monkeypatch.setattr(serving, "call_command", lambda name, **_options: commands.append(name))
    collected, note = folder / "static" / "staticfiles.json", folder / "static.sha256"
    before = note.read_text()
    serving.Command()._collect_static()
    assert commands == []
    collected.rename(folder / "aside.json")
    serving.Command()._collect_static()
    assert commands == ["collectstatic"]
    (folder / "aside.json").rename(collected)
    note.write_text("of other files")
    serving.Command()._collect_static()
    assert commands == ["collectstatic"] * 2
    assert note.read_text() == before


@pytest.mark.slow
def test_a_release_is_prepared_while_the_one_before_serves_and_puts_back_a_guard_that_is_missing(prepared, seeds):
    (folder, _first), (_plan, more) = prepared, seeds
    database = sqlite3.connect(folder / "db.sqlite3")
    database.execute('DROP TRIGGER "tracker_update_no_change"')
    database.commit()
    database.close()
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        done = serve(folder, PORT=busy.getsockname()[1], **more)
    assert (done.returncode, "Prepared" in done.stdout) == (0, True), done.stderr
    assert any('CREATE TRIGGER "tracker_update_no_change"' in line for line in rows(folder / "db.sqlite3"))


def refused(ended, sentence):
    """It ended with one sentence, and prepared nothing."""
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert sentence in ended.stderr


@pytest.mark.slow
def test_it_refuses_a_busy_port_and_names_another_way(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = f"Port {port} is busy: stop what uses it, or choose another, such as PORT=8001 make run."
        refused(serve(tmp_path, option="--no-color", PORT=port), sentence)
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.slow
@pytest.mark.parametrize("host", ["192.0.2.1", "99999999"])
def test_it_refuses_an_address_that_is_not_of_this_machine(tmp_path, host):
    refused(serve(tmp_path, option="--no-color", HOST=host), f"HOST is “{host}”: this machine has no such address.")


@pytest.mark.slow
def test_it_refuses_a_database_file_in_a_folder_that_is_not_there(tmp_path):
    ended = serve(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/none/db.sqlite3")
    refused(ended, "The database cannot be reached (unable to open database file): check DATABASE_URL.")


@pytest.mark.slow
def test_it_refuses_a_file_that_is_no_database(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Chancery of Vellmark, " * 100)
    ended = serve(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/letter.txt")
    refused(ended, "The database cannot be reached (file is not a database): check DATABASE_URL.")
    assert (tmp_path / "letter.txt").read_text().startswith("Dear Chancery")


@pytest.mark.slow
def test_an_unreachable_server_is_not_waited_for_for_ever(tmp_path):
    ended = serve(tmp_path, DATABASE_URL=f"postgres://me:hush@127.0.0.1:{free_port()}/name")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    assert ended.stderr.rstrip().endswith(": check DATABASE_URL.")
    assert "hush" not in ended.stderr


@pytest.mark.slow
def test_an_unreachable_server_is_one_sentence_with_the_reason(tmp_path):
    ended = serve(tmp_path, DATABASE_URL=f"postgres://me@127.0.0.1:{free_port()}/name")
    refused(ended, "Connection refused")


@pytest.mark.slow
@pytest.mark.parametrize("given", [{}, {"SECRET_KEY": "x" * 60}])
def test_it_refuses_a_folder_that_cannot_be_written_to(tmp_path, given):
    (tmp_path / "file").write_text("not a folder")
    ended = serve(tmp_path / "file" / "var", **given)
    refused(ended, "VAR")


def test_it_refuses_a_database_that_would_be_gone_at_once(tmp_path):
    refused(serve(tmp_path, DATABASE_URL="sqlite://"), "DATABASE_URL names no database")


@pytest.mark.slow
def test_a_site_behind_tls_is_told_of_an_old_python_and_that_it_trusts_no_proxy(prepared):
    folder, _first = prepared
    https = {"SITE_URL": "https://example.org", "SECRET_KEY": "".join(map(str, range(40))), "PLANS": ""}
    sentence = "TRUST_PROXY is not set: behind a proxy with TLS each address would lead to itself."
    said = serve(folder, **https).stdout
    assert sentence in said
    begun = time.process_time()
    SimpleCookie('a="' + '\\"' * 12_000 + '"')
    assert ("crafted cookies (CVE-2024-7592)" in said) == (time.process_time() - begun > 0.1)
    assert sentence not in serve(folder, **https, TRUST_PROXY=1).stdout
