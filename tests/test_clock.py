"""A clock that was wrong: ahead for a day, or set back an hour. Nobody is locked out by it for long."""

import datetime
import io
import time

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.actions.signing_in import purge
from tracker.models import LedgerEntry, ReaderReport, ReaderSending

from . import drafts
from .test_reports_of_readers import opened, sent
from .test_second_factor import CODE, WORDS, code_of, give, person, set_up

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def test_the_log_goes_on_with_the_last_date_and_healthz_says_that_it_is_ahead(
    vellmark, edith, rana, client, monkeypatch
):
    assert client.get("/healthz").json()["status"] == "ok"
    with monkeypatch.context() as patch:
        now = timezone.now()
        patch.setattr(timezone, "now", lambda: now + DAY)
        ahead = drafts.published(drafts.value(81), edith, rana).entry
    after = drafts.published(drafts.value(82), edith, rana).entry
    assert after.at == ahead.at == now + DAY
    assert client.get("/healthz").json()["status"].startswith("ok; the newest entry of the log is dated ")
    assert client.get("/healthz").status_code == 200
    assert LedgerEntry.objects.head() == after.seq


def test_an_authenticator_that_was_used_tomorrow_opens_today(db, settings):
    settings.SECOND_FACTOR = "reviewers"
    ruth = person("ruth", "reviewer")
    set_up(ruth, give(ruth)[1])
    tomorrow = timezone.now() + DAY
    step = int(tomorrow.timestamp()) // 30
    failed = {"throttling_failure_count": 3, "throttling_failure_timestamp": tomorrow}
    TOTPDevice.objects.update(last_t=step, **failed)
    browser = give(ruth)[1]
    assert "wait: try again in 4 seconds" in browser.post(CODE, {"code": code_of(ruth)}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert browser.post(CODE, {"code": code_of(ruth)}).headers["Location"] == "/desk/"
    again = give(ruth)[1].post(CODE, {"code": code_of(ruth)})
    assert "was used already" in again.content.decode()


def test_a_lock_of_tomorrow_is_forgotten_and_one_of_today_is_not(db):
    person("ruth")
    for _time in range(8):
        give_wrong = Client().post("/admin/login/", {"username": "ruth", "password": "x"})
    assert give_wrong.status_code == 429
    purge()
    assert AccessAttempt.objects.exists()
    AccessAttempt.objects.update(attempt_time=timezone.now() + DAY)
    assert Client().post("/admin/login/", {"username": "ruth", "password": WORDS}).status_code == 429
    call_command("purge", verbosity=0)
    assert Client().post("/admin/login/", {"username": "ruth", "password": WORDS}).status_code == 302


def test_what_waits_for_a_code_since_tomorrow_waits_no_longer(db, settings, monkeypatch):
    settings.SECOND_FACTOR = "reviewers"
    ruth = person("ruth", "reviewer")
    set_up(ruth, give(ruth)[1])
    browser, now = give(ruth)[1], time.time()
    monkeypatch.setattr("tracker.people.sign_in.time.time", lambda: now - 3600)
    assert browser.get(CODE).headers["Location"] == "/admin/login/"


def test_a_form_of_a_later_hour_gets_a_stamp_of_now_and_sendings_of_tomorrow_do_not_count(vellmark, client):
    refused = sent(client, ago=-3600)
    assert refused.status_code == 400
    assert "send it again" in refused.content.decode()
    assert opened(ago=-3600) not in refused.content.decode()
    for _time in range(11):
        sent(client)
    assert ReaderSending.objects.count() == 10
    assert sent(client).status_code == 429
    ReaderSending.objects.update(at=timezone.now() + DAY)
    before = ReaderReport.objects.count()
    assert sent(client).status_code == 302
    assert ReaderReport.objects.count() == before + 1


def test_a_clock_that_was_wrong_makes_nobody_wait_longer_than_a_minute(
    vellmark, client, settings, monkeypatch, tmp_path
):
    settings.LIMITED, settings.VAR, settings.API_RATE = True, tmp_path, "1/minute"
    now = time.time() // 60 * 60 + 5
    for moment in (now, now + 86_400, now - 3600, now):
        monkeypatch.setattr(time, "time", lambda moment=moment: moment)
        answers = [client.get("/api/v1/plans/") for _time in range(2)]
        assert answers[-1].status_code == 429
        assert int(answers[-1]["Retry-After"]) <= 60
    monkeypatch.setattr(time, "time", lambda: now + 60)
    assert client.get("/api/v1/plans/").status_code == 200


def test_a_backup_of_now_is_kept_though_one_of_tomorrow_is_there(vellmark, tmp_path, settings):
    settings.FILES = tmp_path / "files"
    place = tmp_path / "backups"
    place.mkdir()
    later = place / "127.0.0.1-2999-01-01T00-00-00Z.zip"
    later.touch()
    call_command("backup", place, keep=1, stdout=io.StringIO())
    assert len(list(place.iterdir())) == 2
