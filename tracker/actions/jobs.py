"""Long work outside the request: asked for, counted while it is done, stopped, ended."""

import datetime
from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tracker.models import Job, JobState

KEPT_FOR = datetime.timedelta(days=30)
Progress = Callable[[int, int], None]  # told how much is done, of how much


def nobody_told(_done: int, _of: int) -> None:
    """For whoever shows no progress."""


@transaction.atomic
def ask(*, kind: str, subject: int, by: User, address: str) -> Job:
    """Put a piece of work on the list, and take those off it that ended long ago."""
    purge()
    now = timezone.now()
    return Job.objects.create(kind=kind, subject=subject, by=by, address=address, asked_at=now, said_at=now)


def purge() -> int:
    """Take away what is known of work that was asked for long ago; how many pieces of it."""
    before = timezone.now() - KEPT_FOR
    DBTaskResult.objects.filter(enqueued_at__lt=before).delete()  # also where whoever did it was killed
    return Job.objects.filter(asked_at__lt=before).delete()[0]


def begin(*, job: int) -> Job | None:
    """The work, to be done now; ``None`` where it was stopped, or somebody does it already."""
    waiting = Job.objects.filter(pk=job, state=JobState.WAITING, stop=False)
    if not waiting.update(state=JobState.RUNNING, said_at=timezone.now()):
        return None
    return Job.objects.select_related("by").get(pk=job)


def count(*, job: int, done: int, total: int) -> bool:
    """Say how much is done; whether it may go on."""
    running = Job.objects.filter(pk=job, state=JobState.RUNNING, stop=False)
    return bool(running.update(done=done, total=total, said_at=timezone.now()))


def end(*, job: int, state: JobState) -> None:
    """Say how it ended."""
    Job.objects.filter(pk=job, state=JobState.RUNNING).update(state=state, said_at=timezone.now())


def stop(*, job: Job, by: User) -> None:
    """Have the work end: at once where nobody does it yet or any more, otherwise when it next says how far it is."""
    mine = Job.objects.filter(pk=job.pk, by=by)
    mine.filter(state__in=(JobState.WAITING, JobState.RUNNING)).update(stop=True)
    if job.state == JobState.WAITING or job.is_lost:
        mine.filter(state=job.state).update(state=JobState.STOPPED)
