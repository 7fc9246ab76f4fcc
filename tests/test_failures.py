"""What leaves the machine where failures are sent: kinds and lines of code, and nobody's words, address or cookies."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tracker.serving.release import release

# What nobody else is to see: words searched for, a name, an address, cookies, what was sent, what was in memory.
PRIVATE = (
    "Amina",
    "198.51.100.7",
    "seven-sisters",
    "sessionid",
    "Firefox",
    "my-own-words",
    "in-memory",
    "elsewhere.example",
)
PROGRAM = """
import io, logging, sys
import django; django.setup()
import sentry_sdk
from sentry_sdk.transport import Transport
from tracker.serving import monitoring
from tracker.corrections import views
from tracker.views import page
from hrplan.wsgi import application

class Collecting(Transport):
    def capture_envelope(self, envelope):
        print(envelope.serialize().decode().replace(chr(10), " "))

def failing(*given):
    memory = "in-memory"
    raise ValueError("Amina's row was " + memory)

monitoring.report_failures(transport=Collecting())
page.read_snapshot = views.read_snapshot = failing
def ask(method, path, query=""):
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80", "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "198.51.100.7", "HTTP_COOKIE": "a=sessionid",
        "HTTP_USER_AGENT": "Firefox", "HTTP_REFERER": "https://elsewhere.example/",
        "HTTP_X_FORWARDED_FOR": "198.51.100.7",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": "17", "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b"text=my-own-words"), "wsgi.errors": sys.stderr,
    }
    with_headers = lambda status, headers: print("NUMBER", status, dict(headers)["Request-Id"])
    application(environ, with_headers).close()
ask("GET", "/search/", "q=seven-sisters")
logging.getLogger("tracker").error("Nothing came of %s.", "Amina")
ask("POST", "/corrections/report/promise/vellmark-2030/I.1.1a/")
sentry_sdk.flush()
"""


@pytest.mark.slow
def test_a_failure_leaves_without_anybodys_data(tmp_path):
    env = {name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX") if name in os.environ}
    env |= {
        "VAR": str(settings.VAR),
        "DATABASE_URL": f"sqlite:///{tmp_path}/empty",
        "SENTRY_DSN": "https://key@sentry.example/1",
        "DJANGO_SETTINGS_MODULE": "hrplan.settings",
    }
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    envelopes = [line for line in done.stdout.splitlines() if not line.startswith("NUMBER")]
    number = re.search(r"NUMBER 500 .* (\w+)$", done.stdout, re.MULTILINE)[1]
    assert [words for words in PRIVATE if words in "".join(envelopes)] == []
    assert len(envelopes) == 3
    failure, line, form = (
        json.loads(envelope[envelope.index("} {", envelope.index("} {") + 1) + 2 :]) for envelope in envelopes
    )
    (kind,) = failure["exception"]["values"]
    assert kind["type"] == "ValueError"
    assert "value" not in kind
    assert kind["stacktrace"]["frames"][-2]["function"] == "versioned"
    assert not any("vars" in frame for frame in kind["stacktrace"]["frames"])
    assert (failure["release"], failure["tags"], failure["transaction"]) == (release(), {"request": number}, "/search/")
    assert form["transaction"] == "/corrections/report/promise/{plan}/{code}/"
    assert line["logentry"] == {"message": "Nothing came of %s."}
    assert set(failure) | set(line) <= {
        *("event_id", "timestamp", "platform", "level", "logger", "transaction", "release", "environment", "sdk"),
        *("exception", "logentry", "tags"),
    }
