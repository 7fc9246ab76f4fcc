"""The process that does long work beside the server: it takes what the database asks for, comes back, and ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from hrplan.settings import TASKS
from tracker import tasks
from tracker.management.commands import work
from tracker.models import Job

from . import databases

PROGRAM = """
import django; django.setup()
from django.core.management import call_command
from tracker import tasks
for name in ("count_up", "fail"): tasks.WORK[name] = f"tests.test_jobs.{name}"
call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
"""


@pytest.mark.slow
def test_another_process_does_it_and_its_table_holds_numbers_alone(
    tmp_path, write_database, django_db_blocker, monkeypatch
):
    """The real queue on a file of its own: what the request writes, a process of its own reads and does."""
    address = f"sqlite:///{tmp_path}/db.sqlite3"
    write_database("vellmark_progress", tmp_path / "db.sqlite3")
    with django_db_blocker.unblock(), databases.another(address), override_settings(TASKS=TASKS):
        by = get_user_model().objects.get(username="edith")
        for kind in ("count_up", "fail"):
            monkeypatch.setitem(tasks.WORK, kind, f"tests.test_jobs.{kind}")
            assert tasks.start(kind=kind, subject=7, by=by, address="/desk/").state == "waiting"
    environment = os.environ | {"VAR": str(tmp_path), "DATABASE_URL": address}
    command = [sys.executable, "-c", PROGRAM]
    ended = subprocess.run(command, cwd=site.BASE_DIR, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    with django_db_blocker.unblock(), databases.another(address):
        done, results = (list(each.objects.order_by("pk").values()) for each in (Job, DBTaskResult))
    assert [(each["state"], each["done"]) for each in done] == [("done", 3), ("failed", 1)]
    assert [each["status"] for each in results] == ["SUCCESSFUL", "SUCCESSFUL"]
    assert "Jorun" not in str(done) + str(results)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"


def until(condition):
    """What a condition says once it says anything, within half a minute."""
    end = time.monotonic() + 30
    while not (outcome := condition()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return outcome


@pytest.mark.slow
def test_the_process_beside_the_server_comes_back_when_it_dies_and_ends_with_what_started_it(tmp_path):
    stand_in = tmp_path / "db_worker"
    touch = f"pathlib.Path({str(tmp_path)!r}, f'pid-{{os.getpid()}}-{{os.nice(0)}}').touch()"
    stand_in.write_text(f"import os, pathlib, time\n{touch}\ntime.sleep(99)\n")
    (tmp_path / "manage.py").symlink_to(stand_in)
    program = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'hrplan.settings'; import django; django.setup()\n"
        "from pathlib import Path; from django.conf import settings\n"
        "from tracker.management.commands import work\n"
        f"settings.BASE_DIR = Path({str(tmp_path)!r}); work.Command().handle()"
    )
    # A shell stands for the server: the supervisor is its child, and it alone is ended.
    server = subprocess.Popen(
        ["sh", "-c", f'"{sys.executable}" -c "$PROGRAM" & echo $!; wait'],
        cwd=site.BASE_DIR,
        env=os.environ | {"PROGRAM": program},
        stdout=subprocess.PIPE,
        text=True,
    )
    supervisor = int(server.stdout.readline())
    [first] = until(lambda: list(tmp_path.glob("pid-*")))
    _pid, pid, nice = first.name.split("-")
    assert int(nice) >= min(19, os.nice(0) + work.NICE)
    os.kill(int(pid), signal.SIGKILL)
    second = until(lambda: [each for each in tmp_path.glob("pid-*") if each != first])
    pid = int(second[0].name.split("-")[1])
    server.kill()
    server.wait()
    until(lambda: not alive(supervisor) and not alive(pid))
