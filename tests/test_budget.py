"""What one request of a stranger may cost: 300 ms of the processor and 64 MB, whatever it asks for, made anew.

Asked of the real plan, with amendments on fourteen days, in copies of one process (``tests.benchmarks.dear``), so that
a busy machine changes little: seconds are those that the machine would take idle, and what was over the limit is asked
again twice. The dearest address takes about two thirds of it.
"""

import datetime
import gc
from unittest import mock

import pytest
from django.db import connection
from django.utils import timezone

from tracker.actions.changes import amend_at_once
from tracker.models import Source
from tracker.roles import EDITOR, REVIEWER

from . import databases
from .backdated import move_the_log_back
from .benchmarks import dear
from .factories import StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAYS = 14
# Nothing is at the first three: no such file, no contact, and the newest entry is an amendment.
MISSED = {f"/files/{'0' * 64}/", "/.well-known/security.txt"}


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


databases.STATES["china_amended"] = ("china", amend_on_many_days)


@pytest.fixture
def china_amended(db):
    """The real plan, with amendments on fourteen days."""
    assert databases.holds("china_amended")


@pytest.fixture
def worker(china_amended, settings, tmp_path):
    """The site as a worker has it that has just begun, and what there is to ask it."""
    if connection.vendor != "sqlite":
        pytest.skip("a copy of this process cannot share its connection")
    settings.VAR, settings.APART, settings.PLAN = tmp_path, True, "hrap-2021-2025"
    known = timezone.localdate() - datetime.timedelta(days=DAYS // 2)
    addresses = dear.addresses("2024-03-05", str(known))
    with dear.made_apart():
        yield dear.begin(), addresses
    gc.unfreeze()


def test_no_address_costs_more_than_a_request_may(worker):
    application, addresses = worker
    costs = [dear.cost(application, address) for address in addresses]
    over = [each for each in costs if each.seconds > dear.SECONDS or each.megabytes > dear.MEGABYTES]
    assert over == [], "\n" + dear.table(over, len(over))
    assert {each.status for each in costs} <= {200, 301, 302, 400, 404, 503}
    missed = {each.address for each in costs if each.status == 404 and not each.address.startswith("/api/")}
    assert {address.partition("?")[0] for address in missed} <= MISSED
    assert sum(each.status == 200 for each in costs) > 200
