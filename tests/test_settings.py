"""Settings come from the environment: nonsense ends with its sentence, production is closed, SQLite is set up."""

import base64
import json
import logging.config
import os
import re
import runpy
import stat
import subprocess
import sys

import pytest
from django.conf import global_settings, settings
from django.core.exceptions import ImproperlyConfigured
from django.db import ConnectionHandler

from hrplan.settings import env_database

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
    *("API_RATE", "SEARCH_RATE", "FILES_RATE", "SIGNIN_RATE"),
    "EMAIL_URL",
    "EMAIL_FROM",
    "SECOND_FACTOR",
    "SIGNIN_DAYS",
    "LEDGER_KEY",
    "WITNESSES",
    "CHECKPOINT_MAIL",
    *("HOST", "WORKERS", "THREADS", "HSTS", "LOG_FORMAT", "PROMETHEUS_TOKEN"),
    *("DATABASE_REPLICA_URL", "MEDIA", "SENTRY_DSN", "TIME_ZONE"),
]
# The key of the example in Go's sumdb/note, and a witness that is public: nothing here is secret.
SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
KEY = "k3y-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2
HTTPS = {"SITE_URL": "https://example.org", "SECRET_KEY": KEY}


def run(*arguments, **environment):
    """Run a program of the project with only these variables of ours set."""
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    kept |= {"DJANGO_SETTINGS_MODULE": "hrplan.settings"} | {name: str(value) for name, value in environment.items()}
    return subprocess.run(
        [sys.executable, *arguments], cwd=settings.BASE_DIR, env=kept, capture_output=True, text=True, timeout=60
    )


def read(**environment):
    """What the settings are with only these variables of ours set, by name."""
    with pytest.MonkeyPatch.context() as patch:
        for name in NAMES:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, str(value))
        return runpy.run_path(str(settings.BASE_DIR / "hrplan" / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HOST", "my host", "HOST is “my host”: set it to an address of this machine, such as 127.0.0.1 or 0.0.0.0."),
        ("WORKERS", "0", "WORKERS is “0”: set it to a whole number from 1 to 64."),
        ("THREADS", "many", "THREADS is “many”: set it to a whole number from 1 to 256."),
        ("HSTS", "yes", "HSTS is “yes”: set it to off, host, subdomains or preload."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT is “xml”: set it to line or json."),
        ("PROMETHEUS_TOKEN", "short", "set it to 20 characters or more, without blanks."),
        ("PORT", "abc", "PORT is “abc”: set it to a whole number from 1 to 65535."),
        ("PORT", "0", "PORT is “0”: set it to a whole number from 1 to 65535."),
        ("PORT", "65536", "PORT is “65536”: set it to a whole number from 1 to 65535."),
        ("PORT", "８０００", "PORT is “８０００”: set it to a whole number from 1 to 65535."),
        ("API_RATE", "600", "API_RATE is “600”: set it to a rate such as 600/minute, by second, hour or day."),
        (
            "SEARCH_RATE",
            "often",
            "SEARCH_RATE is “often”: set it to a rate such as 600/minute",
        ),
        (
            "FILES_RATE",
            "1/week",
            "FILES_RATE is “1/week”: set it to a rate such as 600/minute",
        ),
        ("SIGNIN_RATE", "-1/hour", "SIGNIN_RATE is “-1/hour”: set it to a rate such as 600/minute"),
        ("API_RATE", "0/minute", "API_RATE is “0/minute”: set it to a rate such as 600/minute"),
        ("DEBUG", "maybe", "DEBUG is “maybe”: set it to 1 or 0."),
        ("TRUST_PROXY", "2", "TRUST_PROXY is “2”: set it to 1 or 0."),
        ("SITE_URL", "example.org", "SITE_URL is “example.org”: set it to an address such as https://example.org."),
        ("SITE_URL", "ftp://example.org", "set it to an address such as https://example.org."),
        ("SITE_URL", "https://", "set it to an address such as https://example.org."),
        ("SITE_URL", "http://example.org/plan", "set it to an address such as https://example.org."),
        ("SITE_URL", "http://[", "set it to an address such as"),
        ("SITE_URL", "http://example.org?a=1", "set it to an address such as"),
        ("SITE_URL", "http://me:pass@example.org", "set it to an address such as"),
        ("SITE_URL", "http://example.org:port", "set it to an address such as"),
        ("DATABASE_URL", "mysql://me@host/name", "DATABASE_URL begins with “mysql”: use sqlite:///PATH or postgres://"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL begins with “nonsense”: use sqlite:///PATH or postgres://"),
        ("DATABASE_URL", "postgres://", "DATABASE_URL names no database: use sqlite:///PATH or postgres://"),
        ("DATABASE_URL", "postgres://host:port/name", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "postgres://[", "DATABASE_URL cannot be read"),
        ("DATABASE_URL", "sqlite://", "DATABASE_URL names no database"),
        ("DATABASE_URL", "postgres:nonsense", "DATABASE_URL"),
        (
            "DATABASE_REPLICA_URL",
            "postgres://host/name",
            "DATABASE_REPLICA_URL is for PostgreSQL: set it and DATABASE_URL",
        ),
        (
            "DATABASE_REPLICA_URL",
            "mysql://host/name",
            "DATABASE_REPLICA_URL begins with “mysql”: use sqlite:///PATH or",
        ),
        ("DATABASE_REPLICA_URL", "postgres://host:port/name", "DATABASE_REPLICA_URL cannot be read"),
        (
            "MEDIA",
            "https://bucket.example/",
            "MEDIA cannot be read: set it to a folder or to s3://BUCKET/PREFIX?endpoint",
        ),
        ("MEDIA", "s3://", "MEDIA cannot be read"),
        ("MEDIA", "s3://KEY:secret@bucket", "MEDIA cannot be read"),
        ("MEDIA", "s3://bucket?endpoint=files.example", "MEDIA cannot be read"),
        ("MEDIA", "s3://bucket?acl=public-read", "MEDIA cannot be read"),
        ("MEDIA", "s3://bucket?endpoint", "MEDIA cannot be read"),
        ("MEDIA", "/proc/none", "MEDIA is “/proc/none”: set it to a folder that can be written to."),
        ("TIME_ZONE", "Mars", "TIME_ZONE is “Mars”: set it to a name such as UTC or Europe/Zurich."),
        ("TIME_ZONE", "Europe", "TIME_ZONE is “Europe”"),
        ("TIME_ZONE", "../etc/passwd", "TIME_ZONE is “../etc/passwd”"),
        ("SENTRY_DSN", "https://sentry.example/1", "SENTRY_DSN cannot be read: set it to https://KEY@HOST/NUMBER."),
        ("SENTRY_DSN", "secret@", "SENTRY_DSN cannot be read"),
        ("PLAN", "../no such plan", "PLAN is “../no such plan”"),
        ("ALLOWED_HOSTS", "https://example.org", "ALLOWED_HOSTS"),
        ("SECOND_FACTOR", "some", "SECOND_FACTOR is “some”: set it to reviewers, all or none."),
        ("SIGNIN_DAYS", "0", "SIGNIN_DAYS is “0”: set it to a whole number from 1 to 3650."),
        ("EMAIL_FROM", "nobody", "EMAIL_FROM is “nobody”: set it to an e-mail address."),
        ("EMAIL_URL", "mail.example.org", "EMAIL_URL cannot be read: set it to an address such as smtps://"),
        ("EMAIL_URL", "smtps://host:port", "EMAIL_URL cannot be read"),
        ("EMAIL_URL", "http://host", "EMAIL_URL cannot be read"),
        ("EMAIL_URL", "smtp://me:secret@example.org", "EMAIL_URL would send its password in the open: use smtps://"),
        ("LEDGER_KEY", "secret@", "LEDGER_KEY is no whole key: set it to what manage.py checkpoint --new-key prints."),
        ("LEDGER_KEY", SIGNER[:-4], "LEDGER_KEY is no whole key"),
        ("LEDGER_KEY", SIGNER.replace("c74f20a3", "c74f20a4"), "LEDGER_KEY is no whole key"),
        ("LEDGER_KEY", SIGNER.replace("PeterNeumann", "PeterNewmann"), "LEDGER_KEY is no whole key"),
        ("LEDGER_KEY", WITNESS, "LEDGER_KEY is no whole key"),
        ("WITNESSES", "https://w.example", "WITNESSES has “https://w.example”: give the key of a witness, a blank and"),
        ("WITNESSES", f"{WITNESS} http://w.example", "WITNESSES has “"),
        ("WITNESSES", f"{WITNESS[:-1]}3 https://w.example", "WITNESSES has “"),
        ("WITNESSES", f"{WITNESS} https://w.example", "WITNESSES cosign what is signed: set LEDGER_KEY to what"),
        ("CHECKPOINT_MAIL", "a@b.example, nobody", "CHECKPOINT_MAIL has “nobody”: give e-mail addresses, and commas"),
        ("CHECKPOINT_MAIL", "a@b.example", "CHECKPOINT_MAIL is to be sent and EMAIL_URL is not set: set both or none."),
        ("VAR", "/proc/none", "VAR"),
        ("VAR", "/etc/passwd", "VAR"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(tmp_path, name, value, sentence):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**{"VAR": tmp_path, name: value})
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "secret@" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("", {"MAIL": False, "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}),
        ("console:", {"MAIL": True, "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}),
        (
            "smtps://me%40example.org:p%2Fw@mail.example.org",
            {"EMAIL_HOST": "mail.example.org", "EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}
            | {"EMAIL_HOST_USER": "me@example.org", "EMAIL_HOST_PASSWORD": "p/w"},
        ),
        ("starttls://me:pw@mail.example.org", {"EMAIL_PORT": 587, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": False}),
        ("smtp://localhost:2525", {"EMAIL_HOST": "localhost", "EMAIL_PORT": 2525, "EMAIL_FROM": "no-reply@127.0.0.1"}),
    ],
)
def test_the_mail_server_is_one_address(tmp_path, address, wanted):
    found = read(VAR=tmp_path, EMAIL_URL=address)
    assert {name: found[name] for name in wanted} == wanted


def test_who_signs_cosigns_and_hears_of_checkpoints_is_set_by_name(tmp_path):
    assert [read(VAR=tmp_path)[name] for name in ("LEDGER_KEY", "WITNESSES", "CHECKPOINT_MAIL")] == [None, [], []]
    witnesses, mail = f"{WITNESS} https://w.example/w/,", "a@b.example, c@d.example"
    found = read(VAR=tmp_path, LEDGER_KEY=SIGNER, WITNESSES=witnesses, CHECKPOINT_MAIL=mail, EMAIL_URL="console:")
    name, signer = found["LEDGER_KEY"]
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    assert (name, base64.b64encode(bytes.fromhex("c74f20a3") + signer.sign(text.encode()).signature).decode()) == (
        "PeterNeumann",
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=",
    )
    assert [(str(key), address) for key, address in found["WITNESSES"]] == [(WITNESS, "https://w.example/w")]
    assert found["CHECKPOINT_MAIL"] == ["a@b.example", "c@d.example"]


@pytest.mark.parametrize("command", [["check"], ["serve", "--prepare-only"]])
def test_a_program_ends_with_that_sentence_and_no_traceback(tmp_path, command):
    ended = run("manage.py", *command, VAR=tmp_path, PORT="abc")
    assert ended.returncode == 1
    assert ended.stderr == "Error: PORT is “abc”: set it to a whole number from 1 to 65535.\n"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SITE_URL": "https://example.org"}, "SECRET_KEY is not set: give a long random string when SITE_URL begins"),
        ({"SITE_URL": "https://example.org", "SECRET_KEY": "  "}, "SECRET_KEY is not set"),
        (HTTPS | {"DEBUG": "1"}, "DEBUG is on and SITE_URL begins with https: switch one of them off."),
        (HTTPS | {"SECRET_KEY": "short"}, "SECRET_KEY"),
    ],
)
def test_an_https_site_is_refused_without_what_protects_it(tmp_path, environment, sentence):
    with pytest.raises(ImproperlyConfigured, match=f"^{sentence}"):
        read(VAR=tmp_path, **environment)
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.slow
@pytest.mark.parametrize("more", [{}, {"TRUST_PROXY": "1", "DATABASE_URL": "postgres://me@127.0.0.1:1/name"}])
def test_production_settings_pass_djangos_own_check_with_no_warning(tmp_path, more):
    ended = run("manage.py", "check", "--deploy", "--fail-level=INFO", VAR=tmp_path, HSTS="preload", **HTTPS, **more)
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )


def test_production_sends_cookies_over_https_only(tmp_path):
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_HTTPONLY", "DEBUG"]
    for given, expected in ((HTTPS, [True, True, True, True, False]), ({}, [False, False, False, True, False])):
        values = vars(global_settings) | read(VAR=tmp_path, **given)
        assert [values[name] for name in names] == expected


def test_a_proxy_is_believed_only_where_the_setting_says_so(tmp_path):
    assert "SECURE_PROXY_SSL_HEADER" not in read(VAR=tmp_path, **HTTPS)
    trusted = read(VAR=tmp_path, TRUST_PROXY="1", **HTTPS)["SECURE_PROXY_SSL_HEADER"]
    assert trusted == ("HTTP_X_FORWARDED_PROTO", "https")


def test_a_connection_is_tried_before_it_is_used_again(tmp_path):
    database = read(VAR=tmp_path, DATABASE_URL="postgres://me@127.0.0.1:1/name")["DATABASES"]["default"]
    assert database["CONN_HEALTH_CHECKS"] is True


def test_a_replica_is_read_and_never_migrated(tmp_path):
    assert set(read(VAR=tmp_path)["DATABASES"]) == {"default"}
    assert read(VAR=tmp_path)["DATABASE_ROUTERS"] == []
    both = {"DATABASE_URL": "postgres://me@a/name", "DATABASE_REPLICA_URL": "postgres://me@b/name?sslmode=require"}
    values = read(VAR=tmp_path, **both)
    assert values["DATABASE_ROUTERS"] == ["tracker.serving.replica.Router"]
    assert {alias: each["HOST"] for alias, each in values["DATABASES"].items()} == {"default": "a", "replica": "b"}
    wanted = {"connect_timeout": 2, "tcp_user_timeout": 4000, "sslmode": "require"}
    assert values["DATABASES"]["replica"]["OPTIONS"] == wanted


def test_further_hosts_are_allowed_by_name(tmp_path):
    values = read(VAR=tmp_path, ALLOWED_HOSTS=" a.example , ,b.example", SITE_URL="http://c.example")
    assert values["ALLOWED_HOSTS"] == ["c.example", "127.0.0.1", "localhost", "[::1]", "a.example", "b.example"]


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_and_fills_no_log(client, vellmark, caplog):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.post("/admin/login/", {f"a{n}": 1 for n in range(1001)}).status_code == 400
    assert caplog.records == []


def test_nobody_else_on_the_machine_reads_a_folder_that_the_site_makes(tmp_path):
    read(VAR=tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "new" / "folder"
    first, again = (read(VAR=folder)["SECRET_KEY"] for _ in range(2))
    assert first == again == (folder / "secret-key").read_text()
    assert len(first) >= 50
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert read(VAR=tmp_path / "other")["SECRET_KEY"] != first
    assert read(VAR=folder, SECRET_KEY="given")["SECRET_KEY"] == "given"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("sqlite:////srv/data/db.sqlite3", {"NAME": "/srv/data/db.sqlite3", "HOST": ""}),
        ("sqlite:///db.sqlite3", {"NAME": "db.sqlite3", "HOST": ""}),
        ("postgres://me:p%40ss@host:5433/name", {"NAME": "name", "USER": "me", "PASSWORD": "p@ss", "PORT": 5433}),
        ("postgresql://me@host/name", {"NAME": "name", "HOST": "host", "PASSWORD": ""}),
        ("postgres://me@%2Frun%2Fpostgres/name", {"HOST": "/run/postgres"}),
        ("", {"NAME": "default.sqlite3"}),
    ],
)
def test_the_address_of_a_database_is_read(monkeypatch, address, expected):
    monkeypatch.setenv("DATABASE_URL", address)
    found = env_database("DATABASE_URL", "sqlite:///default.sqlite3")
    assert {name: found[name] for name in expected} == expected
    engine = "postgresql" if address.startswith("postgres") else "sqlite3"
    assert found["ENGINE"] == f"django.db.backends.{engine}"
    assert ("connect_timeout" in found["OPTIONS"]) is (engine == "postgresql")


def test_options_in_the_address_of_a_database_are_kept(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://me@host/name?sslmode=require")
    assert env_database("DATABASE_URL", "")["OPTIONS"]["sslmode"] == "require"


def test_the_pragmas_are_in_force_on_a_database_file(tmp_path, django_db_blocker):
    expected = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
    expected |= {"recursive_triggers": 1, "temp_store": 2, "busy_timeout": 20000}
    database = ConnectionHandler(read(VAR=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3")["DATABASES"])
    with django_db_blocker.unblock(), database["default"].cursor() as cursor:
        assert {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in expected} == expected
    database.close_all()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["", "tracker/commitment/", "tracker/commitment/add/", "auth/user/add/", "password_change/", "login/"]
)
def test_staff_pages_keep_to_the_content_security_policy(vellmark, adam, signed_in, client, address):
    response = (client if address == "login/" else signed_in(adam)).get(f"/admin/{address}")
    assert response.status_code == 200
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = re.sub(r"<link rel=\"canonical\"[^>]*>", "", response.content.decode())  # the address of the page itself
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)


@pytest.mark.parametrize(
    ("chosen", "seconds", "subdomains", "preload"),
    [
        ("off", 0, False, False),
        (None, 31536000, False, False),
        ("subdomains", 31536000, True, False),
        ("preload", 31536000, True, True),
    ],
)
def test_what_browsers_keep_to_is_chosen(chosen, seconds, subdomains, preload):
    found = read(**HTTPS, **({"HSTS": chosen} if chosen else {}))
    kept = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert [found[name] for name in kept] == [seconds, subdomains, preload]


def test_a_line_of_the_log_as_json_has_the_number_and_no_request(tmp_path):
    made = logging.config.DictConfigurator(read(LOG_FORMAT="json", VAR=tmp_path)["LOGGING"])
    console = made.config["handlers"]["console"]
    assert made.config["root"]["handlers"] == ["console"]
    record = logging.makeLogRecord({"name": "x", "levelname": "ERROR", "msg": "A %s.", "args": ("line",), "request": 1})
    assert all(made.configure_filter(made.config["filters"][name]).filter(record) for name in console["filters"])
    line = json.loads(made.configure_formatter(made.config["formatters"][console["formatter"]]).format(record))
    assert {name: line[name] for name in ("level", "logger", "message", "request")} == {
        "level": "ERROR",
        "logger": "x",
        "message": "A line.",
        "request": "-",
    }


def test_nothing_is_measured_where_nobody_has_a_token():
    assert "tracker.serving.monitoring.measured" not in read()["MIDDLEWARE"]
    assert "tracker.serving.monitoring.measured" in read(PROMETHEUS_TOKEN="a-token-of-twenty-letters")["MIDDLEWARE"]
