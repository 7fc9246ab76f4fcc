"""Publishing as processes of their own, for tests of threads and of sudden ends: ``python -m tests.publishing WHAT``.

``prepare N`` submits N figures and prints nothing; ``threads N`` publishes all of them by N threads; ``one-by-one``
publishes all that are left, or N of them, and prints the number of each; ``at-once N`` publishes N more in one
transaction and prints each statement that writes.
"""

import datetime
import os
import sys
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hrplan.settings")
django.setup()

# ruff: noqa: E402  (models are there once the settings are)
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection

from tests import drafts
from tracker.actions.progress import publish, publish_all
from tracker.models import Update
from tracker.models.roles import CHECKER, COMPILER, EDITOR, REVIEWER


def somebody(name, role):
    """An account with a role, made once."""
    person, _is_new = get_user_model().objects.get_or_create(username=name, defaults={"is_staff": True})
    person.groups.add(Group.objects.get(name=role))
    return person


def figures(count):
    """Unsaved figures, each for a day of its own."""
    first = datetime.date(2024, 1, 1)
    return [drafts.value(n % 100, str(first + datetime.timedelta(days=n))) for n in range(count)]


def prepare(count):
    edith = somebody("edith", EDITOR)
    for name in range(50):
        somebody(f"rana-{name}", REVIEWER)
    for figure in figures(count):
        drafts.submitted(figure, edith)


def waiting():
    return list(Update.objects.filter(state="submitted").order_by("pk"))


def threads(count):
    """Each thread has a person and a share of what waits; all begin at once. Prints what went wrong."""
    rows, problems, gate = waiting(), [], threading.Barrier(count)
    connection.close()

    def work(number):
        try:
            person = get_user_model().objects.get(username=f"rana-{number}")
            gate.wait(timeout=60)
            for row in rows[number::count]:
                publish(record=row, by=person)
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    running = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    print("\n".join(problems), end="")


def one_by_one(count=None):
    rana = somebody("rana-0", REVIEWER)
    for row in waiting()[:count]:
        print(publish(record=row, by=rana).pk, flush=True)


def at_once(count):
    compiler, checker = (get_user_model().objects.get(username=name) for name in (COMPILER, CHECKER))
    pairs = [(figure, drafts.evidence()) for figure in figures(count)]

    def tell(execute, sql, *arguments):
        if sql.startswith("INSERT"):
            print(sql[:40], flush=True)
        return execute(sql, *arguments)

    with connection.execute_wrapper(tell):
        publish_all(records=pairs, by=compiler, reviewer=checker)


if __name__ == "__main__":
    what, *number = sys.argv[1:]
    {"prepare": prepare, "threads": threads, "one-by-one": one_by_one, "at-once": at_once}[what](*map(int, number))
