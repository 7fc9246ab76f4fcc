"""What one request of a stranger may cost: 300 ms of the processor and 64 MB, whatever it asks for, made anew.

Asked of the real plan, with amendments on fourteen days, in copies of one process (``tests.benchmarks.dear``). A busy
machine changes little: seconds over the limit are counted in those of a known piece of work, and what was over it is
asked again twice, of which the cheapest counts. What is made by a process apart is a 503 at first; then it is made, and
given out of its file within the same limits. By day what can be dear is asked and one of each kind, at night all.
"""

import datetime
import json
import subprocess
import sys
from unittest import mock

import pytest
from django.conf import settings
from django.utils import timezone

from tracker.actions.changes import amend_at_once
from tracker.models import Source
from tracker.models.roles import EDITOR, REVIEWER

from . import databases
from .backdated import move_the_log_back
from .benchmarks import dear
from .browser.serving import environment
from .examples import NIGHTLY
from .factories import StaffFactory

pytestmark = pytest.mark.slow

DAYS = 14
MAKER = 6, 512  # seconds for an answer that is made apart, after all readers, and MB of the process
# Nothing is there: no such file, and no contact.
MISSED = {f"/files/{'0' * 64}/", "/.well-known/security.txt", "/prometheus"}  # no file, no address, no token


def amend_on_many_days():
    """Addresses of sources that are cited, each corrected on a day of its own."""
    today = timezone.now()
    move_the_log_back(today.date() - datetime.timedelta(days=30))
    edith, rana = (StaffFactory(username=name, role=role) for name, role in (("edith", EDITOR), ("rana", REVIEWER)))
    cited = Source.objects.filter(evidence__update_record__isnull=False).exclude(address="").distinct()
    for number, source in enumerate(cited.order_by("pk")[:DAYS]):
        moment = today - datetime.timedelta(days=DAYS + 1 - number)
        with mock.patch("django.utils.timezone.now", return_value=moment):
            changes = {"address": f"{source.address}#moved"}
            amend_at_once(record=source, changes=changes, reason="It moved.", by=edith, reviewer=rana)


databases.add("china_amended", after="china", fill=amend_on_many_days, module=__name__)


def test_no_address_costs_more_than_a_request_may(write_database, tmp_path):
    write_database("china_amended", tmp_path / "db.sqlite3")
    env = environment(tmp_path / "db.sqlite3", tmp_path, DJANGO_SETTINGS_MODULE="hrplan.settings")
    (tmp_path / "static").symlink_to(settings.STATIC_ROOT)
    ask = [sys.executable, "-m", "tests.benchmarks.dear", "--all" if NIGHTLY else "--day"]
    done = subprocess.run(ask, env=env, capture_output=True, text=True, check=False, cwd=settings.BASE_DIR)
    assert done.returncode == 0, done.stderr
    costs = [dear.Asked(*each) for each in json.loads(done.stdout)]
    (maker,) = [each for each in costs if each.address == dear.MAKER]
    assert (maker.seconds < MAKER[0], maker.megabytes < MAKER[1]) == (True, True), dear.table([maker])
    costs.remove(maker)
    for address in [each.address for each in costs if each.status == 503 and "?" not in each.address]:
        assert [each.status for each in costs if each.address == address] == [503, 200], address  # made meanwhile
    over = [each for each in costs if each.seconds > dear.SLACK * dear.SECONDS or each.megabytes > dear.MEGABYTES]
    assert over == [], "\n" + dear.table(over, len(over))
    assert {each.status for each in costs} <= {200, 301, 302, 400, 404, 503}
    missed = {each.address.partition("?")[0] for each in costs if each.status == 404}
    assert {address for address in missed if not address.startswith("/api/")} <= MISSED
    assert sum(each.status == 200 for each in costs) > 200
