"""Long work, done by a process beside those that answer: what kinds there are, and how one is started.

Its arguments and results are numbers: what a task's table holds, no redaction reaches.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.utils.module_loading import import_string
from django_tasks import task

from tracker.actions import jobs
from tracker.models import Job, JobState

logger = logging.getLogger(__name__)

# What is done, by kind: a function of the number of its subject, and of one to be told how much is done of how much.
WORK = {
    "examine": "tracker.imports.drafting.examine_import",
    "draft": "tracker.imports.drafting.draft_import",
    "planbook_examine": "tracker.planbook.work.examine_file",
    "planbook_load": "tracker.planbook.work.load_file",
    "planbook_files": "tracker.planbook.work.make_files",
    "plantext_read": "tracker.desk.texts.read_sent",
    "open": "tracker.actions.preparation.open_asked",
}
SPEAKS_EVERY = 0.5  # seconds; each time is a short write


class Stopped(Exception):
    """Somebody wants the work to end."""


def start(*, kind: str, subject: int, by: User, address: str) -> Job:
    """Ask for a piece of work; ``address`` is the page that it leads to. Seen at ``/desk/jobs/…/``."""
    if kind not in WORK:
        raise ValueError(f"{kind!r} is no kind of work.")
    job = jobs.ask(kind=kind, subject=subject, by=by, address=address)
    run.enqueue(job.pk)
    job.refresh_from_db()  # it is done already where no process of its own does it
    return job


def again(*, job: Job, by: User) -> Job:
    """Ask once more for work that failed, was stopped or was lost."""
    if job.state == JobState.RUNNING:
        jobs.end(job=job.pk, state=JobState.FAILED)
    return start(kind=job.kind, subject=job.subject, by=by, address=job.address)


@task()
def run(job: int) -> None:
    """Do a piece of work. Whatever becomes of it is said by the row; an exception's words stay in the server's log."""
    row = jobs.begin(job=job)
    if row is None:
        return
    work: Callable[[int, jobs.Progress], Any] = import_string(WORK[row.kind])
    try:
        work(row.subject, _progress(job))
    except Stopped:
        jobs.end(job=job, state=JobState.STOPPED)
    except Exception:
        logger.exception("%s %s failed.", row.kind, row.subject)
        jobs.end(job=job, state=JobState.FAILED)
    except BaseException:  # the process is told to end; nobody else will say so
        jobs.end(job=job, state=JobState.FAILED)
        raise SystemExit(1) from None
    else:
        jobs.end(job=job, state=JobState.DONE)


def _progress(job: int) -> jobs.Progress:
    """Tells how much is done, not more often than anybody looks. Raises ``Stopped``."""
    last = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SPEAKS_EVERY or done == total:
            last = now
            if not jobs.count(job=job, done=done, total=total):
                raise Stopped

    return progress
