"""What the log of the server never says, in either form: who asked, for what, and what stands in somebody's row."""

import io
import json
import logging
import logging.config
import smtplib

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult

from tracker.people import mail, sign_in
from tracker.serving import middleware
from tracker.snapshot import cache

pytestmark = pytest.mark.django_db

PRIVATE = ("amina", "Amina", "198.51.100.7", "seven-sisters", "sessionid-1", "Firefox", "elsewhere.example", "s3cret")


@pytest.fixture(params=["line", "json"])
def log(request):
    """All that is written, in the form that ``LOG_FORMAT`` names, as the settings have it."""
    maker, stream = logging.config.DictConfigurator(site.LOGGING), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(maker.configure_formatter(dict(site.LOGGING["formatters"][request.param])))
    handler.addFilter(middleware.with_number)
    logging.getLogger().addHandler(handler)
    yield lambda: stream.getvalue()
    logging.getLogger().removeHandler(handler)
    if request.param == "json":
        assert all(json.loads(line)["message"] for line in stream.getvalue().splitlines())


@pytest.fixture
def stranger():
    """A reader who says a good deal of themselves."""
    more = {"HTTP_USER_AGENT": "Firefox", "HTTP_REFERER": "https://elsewhere.example/", "HTTP_COOKIE": "a=sessionid-1"}
    return Client(raise_request_exception=False, REMOTE_ADDR="198.51.100.7", **more)


def test_nothing_of_a_reader_whatever_fails(vellmark, stranger, monkeypatch, log):
    form = {"text": "Amina says", "contact": "amina@lake.example"}
    report = "/corrections/report/promise/vellmark-2030/I.1.1a/"
    for ask in (
        lambda: stranger.get("/search/?q=seven-sisters"),
        lambda: stranger.get("/amina@lake.example/?q=seven-sisters"),
        lambda: stranger.get("/about/", headers={"host": "amina.example"}),
        lambda: stranger.post(report, form),
        lambda: stranger.post("/admin/login/", {"username": "amina", "password": "s3cret"}),
    ):
        ask()

    def fail(*_given):
        raise ValueError("no")

    monkeypatch.setattr(cache, "_version", fail)
    failed = [stranger.get("/search/?q=seven-sisters"), stranger.post(report, form)]
    assert [answer.status_code for answer in failed] == [500, 500]
    lines = [line for line in log().splitlines() if "tracker.signin" not in line]
    assert "Internal Server Error: /search/" in "".join(lines)
    assert [words for words in PRIVATE if words in "\n".join(lines)] == []


def test_no_link_that_opens_an_account(vellmark, stranger, monkeypatch, log):
    def fail(_token):
        raise ValueError("no")

    monkeypatch.setattr(sign_in, "link_of", fail)
    assert stranger.get("/desk/link/s3cret-of-hers/").status_code == 500
    assert "Internal Server Error: /desk/link/" in log()
    assert "s3cret" not in log()


@pytest.mark.both_databases
def test_no_row_that_the_database_refuses(log):
    row = {"username": "amina", "email": "amina@lake.example"}
    get_user_model().objects.create(**row)
    try:
        with transaction.atomic():
            get_user_model().objects.create(**row)
    except IntegrityError:
        try:
            raise RuntimeError("the next one")
        except RuntimeError:
            logging.getLogger("tracker").exception("It failed.")
    assert "IntegrityError: " in log()
    assert "the next one" in log()
    assert "amina" not in log()


def test_no_address_of_staff_whose_mail_is_refused_and_no_table_has_it(edith, monkeypatch, log):
    get_user_model().objects.filter(pk=edith.pk).update(email="amina@lake.example")

    def refuse(*_given):
        raise smtplib.SMTPRecipientsRefused({"amina@lake.example": (550, b"amina is not here")})

    monkeypatch.setattr(mail, "send_mail", refuse)
    mail.send_link.enqueue(edith.pk)
    assert "A link could not be mailed (SMTPRecipientsRefused)." in log()
    assert "amina" not in log()
    assert "amina" not in json.dumps(list(DBTaskResult.objects.values()), default=str)
