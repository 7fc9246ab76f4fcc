"""Settings, from the environment only. A value that makes no sense ends the start with a sentence that mends it.

====================  ======================================================================================
``DATABASE_URL``      ``sqlite:///PATH`` or ``postgres://USER:PASSWORD@HOST:PORT/NAME``; default: a file in ``var/``
``DATABASE_REPLICA_URL``  a replica of that PostgreSQL, from which public pages are read while it is not behind
``SITE_URL``          where the public finds the site; ``https://…`` switches the production settings on
``SECRET_KEY``        needed with ``https``; otherwise made once and kept in ``var/secret-key``
``ALLOWED_HOSTS``     further host names, separated by commas
``TRUST_PROXY``       ``1`` where a proxy in front sets ``X-Forwarded-Proto`` and ``X-Forwarded-For``
``PLAN``              code of the plan that ``/`` shows; default: the first of ``PLANS``, else the newest
``PLANS``             folders of ``seeds/`` that are loaded at each start, separated by commas; default: hrap-2021-2025;
                      set to nothing: none. What is loaded stays, whatever becomes of this setting
``OPERATOR``          who runs this site: a sentence in plain words, shown on ``/about/`` as are the next three
``FUNDING``           who pays for it, and who else gives money or work to those who run it
``INDEPENDENCE``      how those who run it stand to the State, to parties and to whoever else is judged here
``EDITORS``           who records and reviews: names, posts, or how many and of what training
``CONTACT``           how to reach them: an e-mail or web address, shown there and in ``/.well-known/security.txt``
``SECURITY_CONTACT``  where a hole in security is reported, an e-mail or https address; default: ``CONTACT``
``TIME_ZONE``         in which staff are told times and mailed, such as Europe/Zurich; default UTC. What is public is in
                      UTC wherever the server is: today, the days of the log, deadlines
``REPORT_DAYS``       days after which it is forgotten who sent a report, and what was sent once it is decided; 90
``PORT``              where ``manage.py serve`` listens; default 8000
``HOST``              the address on which it does; default 127.0.0.1, in a container 0.0.0.0
``WORKERS``           how many processes of the server answer; each holds what is public in memory; default 2
``THREADS``           how many requests a process answers at a time; default 8
``HSTS``              with ``https``, what browsers keep to for a year: ``host`` (default), ``subdomains``, ``preload``
                      or ``off``. They cannot be asked to forget it: begin with ``host``
``LOG_FORMAT``        ``line`` (default) or ``json``: one object a line, with the number of the request
``PROMETHEUS_TOKEN``  what ``/prometheus`` asks for (``Authorization: Bearer …``); blank: nothing is measured
``SENTRY_DSN``        where failures are sent, as Sentry writes it: kinds of failures and lines of code, nobody's data
``API_RATE``          how often one address may ask the API; default 600/minute
``SEARCH_RATE``       the same for searches and past days that are not kept already; default 240/minute
``FILES_RATE``        the same for files and feeds; default 120/minute. Pages are not limited
``SIGNIN_RATE``       how often one address may try to sign in, whatever the names; default 100/hour
``EMAIL_URL``         the mail server: ``smtps://USER:PASSWORD@HOST``, ``starttls://…``, ``smtp://HOST``; blank: no mail
``EMAIL_FROM``        whom its mails are from; default: no-reply at the host of ``SITE_URL``
``REDIS_URL``         where pages that were made are kept for all workers and hosts: ``redis://…``, ``rediss://…`` or
                      ``unix://…``; default: each worker keeps its own in memory
``SECOND_FACTOR``     whose sign-in takes a code of an authenticator too: ``reviewers`` (default), ``all`` or ``none``
``SIGNIN_DAYS``       days for which it is kept who signed in, and who tried, when and from where; default 90
``DEBUG``             ``1`` for development
``TRAIL_DAYS``        how long the staff's trail is kept, 365 days or more; default 0: for good (``manage.py purge``)
``LEDGER_KEY``        the private key that signs checkpoints of the log; ``manage.py checkpoint --new-key`` prints one;
                      blank: they are not signed, and say so
``WITNESSES``         who cosigns them: ``KEY ADDRESS`` with commas between, public keys and where add-checkpoint is
``CHECKPOINT_MAIL``   to whom ``manage.py checkpoint --send`` mails them: e-mail addresses, separated by commas
``TASK_WORKERS``      how many processes do long work beside the server, such as imports; 0 where another host does
``MEDIA``             where files of evidence lie: a folder, or ``s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME``
                      with the keys where boto3 looks (``AWS_ACCESS_KEY_ID`` …); default: ``files`` in ``VAR``
``VAR``               folder for the database file, files of evidence, collected static files and the key
====================  ======================================================================================
"""

import base64
import os
import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from nacl.signing import SigningKey

from tracker.standalone.verify import OF_LOG, OF_WITNESS, Key, read_key

BASE_DIR = Path(__file__).resolve().parent.parent
AN_ADDRESS = r"[^\s<>@,]+@[^\s<>@,]+"
A_HOST = r"(?i:\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])"  # no scheme, no port, no path, and not everything
RATE = r"[1-9][0-9]{0,8}/(second|minute|hour|day)", "a rate such as 600/minute, by second, hour or day"


def env(name, default="", pattern=".*", wanted=""):
    """A variable of the environment, or what stands for one that is not set. Refused if it is not like the pattern."""
    value = os.environ.get(name, "").strip() or default
    if not re.fullmatch(pattern, value, re.DOTALL):
        raise ImproperlyConfigured(f"{name} is “{value}”: set it to {wanted}.")
    return value


def env_bool(name):
    """True for 1, true, yes or on; False for 0, false, no, off or nothing. Anything else is refused."""
    value = env(name, "0", "(?ai:1|true|yes|on|0|false|no|off)", "1 or 0")
    return value.lower() in {"1", "true", "yes", "on"}


def env_number(name, default, least, most):
    """A whole number within bounds."""
    value = env(name, default)
    if not re.fullmatch("[0-9]{1,9}", value, re.ASCII) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is “{value}”: set it to a whole number from {least} to {most}.")
    return int(value)


def env_mail(name):
    """Django's settings for a mail server; none where no address is given. A password never goes over an open line."""
    value = env(name)
    if not value:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if value == "console:":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    ports = {"smtp": 25, "starttls": 587, "smtps": 465}
    try:
        parts = urlsplit(value)
        port = parts.port  # reading it raises where it is no number
        more = parts.path.strip("/") or parts.query or parts.fragment or port == 0
    except ValueError:
        parts, port, more = urlsplit(""), None, True
    # The value itself is not repeated: it may hold a password, and this sentence ends in a log.
    if more or parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            f"{name} cannot be read: set it to an address such as smtps://USER:PASSWORD@mail.example.org, with "
            "starttls:// or smtp:// for other servers and %40 for an @ in the name, or to console: for development."
        )
    if parts.password and parts.scheme == "smtp" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ImproperlyConfigured(f"{name} would send its password in the open: use smtps:// or starttls://.")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,  # seconds; a server that is down holds nobody for longer
    }


def env_url(name, default):
    """An http or https address without a path; its scheme decides whether production settings are on."""
    value = env(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        # Reading the port raises where it is no number.
        more = parts.path or parts.query or parts.fragment or parts.username or parts.password or parts.port == 0
    except ValueError:
        parts, more = None, True
    if more or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} is “{value}”: set it to an address such as https://example.org.")
    return value


def env_database(name, default):
    """The database settings for an address, with the options measured for each engine."""
    value = env(name, default)
    scheme = value.split(":", 1)[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} begins with “{scheme}”: use sqlite:///PATH or postgres://USER@HOST/NAME.")
    try:
        database = dj_database_url.parse(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read ({error}): use postgres://USER@HOST:PORT/NAME.") from error
    # A database in memory would be gone before the server starts.
    if not database["NAME"] or database["NAME"] == ":memory:" or not value.startswith(f"{scheme}://"):
        raise ImproperlyConfigured(f"{name} names no database: use sqlite:///PATH or postgres://USER@HOST/NAME.")
    if scheme == "sqlite":
        # Kept open, because opening runs the pragmas again. IMMEDIATE takes the write lock at the start of a
        # transaction, so that two writers queue instead of one of them losing its work. FULL: no power loss takes a
        # publication back whose log entry somebody has seen.
        database["CONN_MAX_AGE"] = None
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=27103364; "
                "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON; "
                "PRAGMA secure_delete=ON;"  # what was redacted is not left in pages that are free
            ),
        }
    else:
        # One for each thread that answers, kept open; one that the server has closed is opened anew.
        database["CONN_MAX_AGE"] = None
        database["CONN_HEALTH_CHECKS"] = True
        # A database whose machine is gone answers nothing, not even no: seconds to connect, milliseconds for the rest.
        limits = {"connect_timeout": 2, "tcp_user_timeout": 4000}
        database["OPTIONS"] = limits | database.get("OPTIONS", {})
    return database


def env_replica(name, database):
    """The settings of databases: the one that is written to, and the replica of it where one is named."""
    if not env(name):
        return {"default": database}
    replica = env_database(name, "")
    if not database["ENGINE"] == replica["ENGINE"] == "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} is for PostgreSQL: set it and DATABASE_URL to postgres://USER@HOST/NAME.")
    replica |= {"CONN_MAX_AGE": 60, "TEST": {"MIRROR": "default"}}
    return {"default": database, "replica": replica}


def env_list(name, pattern=".*", wanted=""):
    """What stands between the commas of a variable. Refused if one of these is not like the pattern."""
    values = list(filter(None, map(str.strip, env(name).split(","))))
    for value in values:
        if not re.fullmatch(pattern, value, re.DOTALL):
            raise ImproperlyConfigured(f"{name} has “{value}”: give {wanted}, and commas between.")
    return values


def env_plans(name, default, seeds):
    """Names of folders of seed files, separated by commas: those loaded at each start; none where it is set to nothing.

    What is loaded stays, whatever becomes of this setting.
    """
    bundled = sorted(path.name for path in seeds.glob("[!.]*") if path.is_dir())
    plans = [plan.strip() for plan in os.environ.get(name, default).split(",") if plan.strip()]
    for plan in plans:
        if plan not in bundled:
            raise ImproperlyConfigured(f"{name} has “{plan}”: {seeds.name}/ holds {', '.join(bundled) or 'no plan'}.")
    return list(dict.fromkeys(plans))


def env_folder(name, default):
    """A folder, made where it is not there yet."""
    folder = Path(env(name, default))
    try:
        # The database in it holds drafts and hashes of passwords: nobody else on the machine reads a folder of ours.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is “{folder}”: set it to a folder that can be written to.") from error
    return folder


def env_media(name, default):
    """The storage of files of evidence, for Django: a folder, or a bucket that speaks S3."""
    value = env(name, str(default))
    if "://" not in value:
        # Made by the first file, for nobody else to read; one that is named is tried now.
        return {"BACKEND": "tracker.uploads.folder.Folder"}, env_folder(name, value) if env(name) else default
    sentence = f"{name} cannot be read: set it to a folder or to s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME."
    try:
        parts = urlsplit(value)
        more = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        endpoint = urlsplit(more.get("endpoint", "https://s3"))
        broken = parts.fragment or parts.scheme != "s3" or set(more) - {"endpoint", "region"} or not endpoint.hostname
    except ValueError:
        broken = True
    # Neither is the value repeated, nor are keys taken from it: this sentence ends in a log.
    if broken or endpoint.scheme not in ("http", "https") or not re.fullmatch("[a-z0-9][a-z0-9.-]{2,62}", parts.netloc):
        raise ImproperlyConfigured(sentence)
    if not (find_spec("storages") and find_spec("boto3")):
        raise ImproperlyConfigured(
            f"{name} names a bucket, and the packages for it are not installed: pip install -r requirements-s3.lock."
        )
    options = {"bucket_name": parts.netloc, "location": parts.path.strip("/"), "region_name": more.get("region")}
    options["endpoint_url"] = more.get("endpoint")
    return {"BACKEND": "tracker.uploads.bucket.Bucket", "OPTIONS": options}, None


def env_secret(name, required):
    """The signing key; blank where none is given. A site that needs one is refused a weak one."""
    value = env(name)
    if required and not value:
        raise ImproperlyConfigured(f"{name} is not set: give a long random string when SITE_URL begins with https.")
    if required and (len(value) < 50 or len(set(value)) < 5):
        raise ImproperlyConfigured(f"{name} is too easy to guess: give a random string of 50 characters or more.")
    return value


def env_note_key(name):
    """The name under which checkpoints are signed and the key that signs them; ``None`` where none is given.

    It is written as Go's ``sumdb/note`` writes one. What is wrong with it is said without repeating it.
    """
    value = env(name)
    if not value:
        return None
    try:
        private, key, signs_as, digest, data = value.split("+", 4)
        raw = base64.b64decode(data, validate=True)
        signer = SigningKey(raw[1:])
        public = read_key(str(Key(signs_as, OF_LOG, bytes(signer.verify_key))))
        whole = (private, key, raw[0], public.id.hex()) == ("PRIVATE", "KEY", OF_LOG, digest)
    except (ValueError, TypeError):  # too few parts, no base64, another length, a blank in the name
        whole = False
    if not whole:
        raise ImproperlyConfigured(f"{name} is no whole key: set it to what manage.py checkpoint --new-key prints.")
    return signs_as, signer


def env_witnesses(name):
    """Public keys of witnesses and their addresses, ``KEY ADDRESS`` with commas between."""
    witnesses = []
    for each in env_list(name):
        try:
            text, address = each.split()
            key, parts = read_key(text), urlsplit(address)
        except ValueError:
            key = None
        local = key and parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
        if not key or key.kind != OF_WITNESS or not parts.hostname or (parts.scheme != "https" and not local):
            raise ImproperlyConfigured(
                f"{name} has “{each}”: give the key of a witness, a blank and its https address, and commas between."
            )
        witnesses.append((key, address.rstrip("/")))
    return witnesses


def env_zone(name, default):
    """A time zone of the IANA database, by name."""
    value = env(name, default)
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:  # no such name, no name, a folder of names
        raise ImproperlyConfigured(f"{name} is “{value}”: set it to a name such as UTC or Europe/Zurich.") from error


def env_dsn(name):
    """Where failures are sent; blank: nowhere. It is not repeated: it holds a key."""
    if value := env(name):
        from sentry_sdk.utils import Dsn  # a fifth of a second, for those who use it

        try:
            Dsn(value)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} cannot be read: set it to https://KEY@HOST/NUMBER.") from error
    return value


def kept_secret(path):
    """The key kept in a file that only its owner can read; made on first use."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        key = get_random_secret_key()
    except OSError as error:
        raise ImproperlyConfigured(f"VAR is “{path.parent}”: {path.name} in it cannot be read.") from error
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except FileExistsError:  # another process was first
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"VAR is “{path.parent}”: set it to a folder that can be written to.") from error
    return key


VAR = env_folder("VAR", str(BASE_DIR / "var"))
PORT = env_number("PORT", "8000", 1, 65535)
HOST = env("HOST", "127.0.0.1", r"[0-9a-fA-F.:]+", "an address of this machine, such as 127.0.0.1 or 0.0.0.0")
WORKERS = env_number("WORKERS", "2", 1, 64)
THREADS = env_number("THREADS", "8", 1, 256)
PROMETHEUS_TOKEN = env("PROMETHEUS_TOKEN", "", r"|[\x21-\x7e]{20,}", "20 characters or more, without blanks")
SENTRY_DSN = env_dsn("SENTRY_DSN")
SITE_URL = env_url("SITE_URL", f"http://127.0.0.1:{PORT}")
PRODUCTION = SITE_URL.startswith("https://")
DEBUG = env_bool("DEBUG")
TRUST_PROXY = env_bool("TRUST_PROXY")
TASK_WORKERS = int(env("TASK_WORKERS", "1", "[0-8]", "a number between 0 and 8"))
OPERATOR, FUNDING, INDEPENDENCE, EDITORS = map(env, ("OPERATOR", "FUNDING", "INDEPENDENCE", "EDITORS"))
CONTACT = env("CONTACT")  # how those who run it are reached: an e-mail or a web address
SECURITY_CONTACT = env("SECURITY_CONTACT", "", rf"|{AN_ADDRESS}|https://\S+", "an e-mail or https address") or CONTACT
REPORT_DAYS = env_number("REPORT_DAYS", "90", 1, 3650)
SEEDS = BASE_DIR / "seeds"
PLANS = env_plans("PLANS", "hrap-2021-2025", SEEDS)
PLAN = env("PLAN", PLANS[0] if PLANS else "", r"([a-z0-9]+(-[a-z0-9]+)*)?", "a plan's code, such as hrap-2021-2025")

SECRET_KEY = env_secret("SECRET_KEY", required=PRODUCTION)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on and SITE_URL begins with https: switch one of them off.")
SECRET_KEY = SECRET_KEY or kept_secret(VAR / "secret-key")

ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname, "127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS += env_list("ALLOWED_HOSTS", A_HOST, "host names such as example.org")

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # its pages come with the addresses (tracker/admin/__init__.py)
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "tracker.apps.StaticFiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_tasks_db",
    "tracker",
]

MIDDLEWARE = [
    "tracker.serving.middleware.numbered",
    *(["tracker.serving.monitoring.measured"] if PROMETHEUS_TOKEN else []),
    "tracker.serving.middleware.Compressed",
    "tracker.caching.pages.KeptPages",  # a page that is kept has been through all below, with its headers
    # Before all that answers by itself: files, redirects and refusals bear these too.
    "tracker.serving.middleware.with_strict_headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tracker.serving.middleware.asked_by_any_name",
    "django.middleware.security.SecurityMiddleware",
    "tracker.serving.middleware.StaticFiles",
    "tracker.caching.pages.unless_away",
    "tracker.serving.middleware.with_few_cookies",
    "tracker.views.limited.Unhurried",
    "tracker.serving.middleware.readable_from_anywhere",
    "tracker.serving.middleware.without_null_characters",
    "tracker.serving.middleware.without_tracking_parameters",
    "tracker.serving.middleware.in_time_of_staff",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tracker.people.gate.with_second_factor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tracker.admin.carrying.KeepsText",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "tracker.views.limited.Limited",
]

ROOT_URLCONF = "hrplan.urls"
WSGI_APPLICATION = "hrplan.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                *("django.templatetags.i18n", "django.templatetags.static"),
                *("tracker.templatetags.constant", "tracker.templatetags.tracker"),
            ],
        },
    }
]

DATABASES = env_replica("DATABASE_REPLICA_URL", env_database("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}"))
DATABASE_ROUTERS = ["tracker.serving.replica.Router"] if "replica" in DATABASES else []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarity": {"user_attributes": ("username", "first_name", "email")},
        "MinimumLength": {"min_length": 12},
        "CommonPassword": {},
        "NumericPassword": {},
    }.items()
]
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
# A stranger who guesses at one account locks himself out of it, not its owner.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 1  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # each attempt would be added to one row, without end
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # its pages would let a superuser delete the record of attempts
AXES_CLIENT_IP_CALLABLE = "tracker.serving.middleware.client_address"
CSRF_FAILURE_VIEW = "tracker.admin.carrying.csrf_failure"
UNSAVED_DAYS = 30  # for so long text that was typed into a form of the staff and not saved is kept for its person
AXES_LOCKOUT_TEMPLATE = "people/locked.html"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "desk"
SECOND_FACTOR = env("SECOND_FACTOR", "reviewers", "reviewers|all|none", "reviewers, all or none")
OTP_TOTP_ISSUER = urlsplit(SITE_URL).hostname
SIGNIN_DAYS = env_number("SIGNIN_DAYS", "90", 1, 3650)

MAIL = bool(env("EMAIL_URL"))  # whether the site sends any
vars().update(env_mail("EMAIL_URL"))
EMAIL_FROM = env("EMAIL_FROM", f"no-reply@{urlsplit(SITE_URL).hostname}", AN_ADDRESS, "an e-mail address")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = EMAIL_FROM

# Checkpoints of the log. Without a key nothing is signed: a key that was made up would be one that nobody knows.
LEDGER_KEY = env_note_key("LEDGER_KEY")
WITNESSES = env_witnesses("WITNESSES")
CHECKPOINT_MAIL = env_list("CHECKPOINT_MAIL", AN_ADDRESS, "e-mail addresses")
if WITNESSES and not LEDGER_KEY:
    raise ImproperlyConfigured("WITNESSES cosign what is signed: set LEDGER_KEY to what checkpoint --new-key prints.")
if CHECKPOINT_MAIL and not MAIL:
    raise ImproperlyConfigured("CHECKPOINT_MAIL is to be sent and EMAIL_URL is not set: set both or none.")

# What one address may ask for, counted by all processes together. Many readers may share an address, so that pages
# are not limited, and the rest is for a newsroom or a university rather than for one person.
API_RATE = env("API_RATE", "600/minute", *RATE)
SEARCH_RATE = env("SEARCH_RATE", "240/minute", *RATE)
FILES_RATE = env("FILES_RATE", "120/minute", *RATE)
SIGNIN_RATE = env("SIGNIN_RATE", "100/hour", *RATE)
MAIL_RATE, CALENDAR_RATE = "20/hour", "120/hour"  # new passwords asked for by mail; calendars of staff
LIMITED = True  # whether anybody is asked to wait
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Pages that were made. Their keys name the version, so that none is ever stale and each can go at any time.
    "pages": {
        "BACKEND": "tracker.caching.pages.PagesInMemory",
        "LOCATION": "pages",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 4000},
    },
}
if REDIS_URL := env("REDIS_URL", "", r"(rediss?|unix)://\S+|", "an address such as redis://127.0.0.1:6379/0"):
    in_redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    patience = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
    # How often an address has asked, for all hosts (tracker.serving.limits).
    CACHES["default"] = in_redis | {"KEY_PREFIX": "limits", "OPTIONS": patience}
    # Redis takes out what nobody asked for in a day, and more where its own limit (maxmemory) says so.
    CACHES["pages"] = in_redis | {
        "KEY_PREFIX": "pages",
        "TIMEOUT": 60 * 60 * 24,
        "OPTIONS": {"serializer": "tracker.caching.pages.Codec", **patience},
    }
# The API is for reading, by anyone, without an account; it knows no session and no language but JSON. REST framework
# is no installed app: its pages for browsers are not used, and their 4 MB of scripts and styles are not collected.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["tracker.api.answers.Json"],
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "tracker.api.answers.failure",
}
APART = True  # what takes long is made by a process of its own, into var/made
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
TIME_ZONE = "UTC"  # of days and of what is public, and never another: what a page says could not be checked elsewhere
OF_STAFF = env_zone("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# What takes long is asked for in the database, and done by a process that answers nobody.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Files of evidence: outside every folder that is served, and given out by a view alone.
STORED, FILES = env_media("MEDIA", VAR / "files")
MEDIA = env("MEDIA").partition("?")[0]  # as those who run the site are told of a bucket
FILE_LIMIT = 10 * 1024 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_HANDLERS = ["tracker.uploads.incoming.Incoming"]

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": STORED,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages name no other, and compressing each twice doubles the first start
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
# For good unless somebody decides otherwise: who published a row is asked years later, and the log names nobody.
TRAIL_DAYS = int(env("TRAIL_DAYS", "0", "0|36[5-9]|3[7-9][0-9]|[4-9][0-9]{2}|[1-9][0-9]{3,4}", "0, or 365 and more"))
SESSION_COOKIE_AGE = 60 * 60 * 12
HSTS = env("HSTS", "host", "off|host|subdomains|preload", "off, host, subdomains or preload")
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^(livez|readyz|healthz|prometheus)$"]  # asked from inside, where there is no https
    SECURE_HSTS_SECONDS = 0 if HSTS == "off" else 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS in ("subdomains", "preload")
    SECURE_HSTS_PRELOAD = HSTS == "preload"
    # Chosen, and not forgotten: whether names below this one and lists of browsers are bound is the operator's to say.
    left_out = {"off": ("W004",), "host": ("W005", "W021"), "subdomains": ("W021",), "preload": ()}[HSTS]
    SILENCED_SYSTEM_CHECKS = [f"security.{name}" for name in left_out]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [SITE_URL]
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LOG_FORMAT = env("LOG_FORMAT", "line", "line|json", "line or json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "tracker.serving.middleware.Line",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {
            "()": "tracker.serving.middleware.Json",
            "format": "{asctime}{levelname}{name}{request_id}{message}",
            "style": "{",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger", "request_id": "request"},
        },
    },
    "filters": {
        "number": {"()": "django.utils.log.CallbackFilter", "callback": "ext://tracker.serving.middleware.with_number"},
        "outage": {"()": "django.utils.log.CallbackFilter", "callback": "ext://tracker.serving.middleware.said_once"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["number"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # A bad address is answered with a sentence; it is no event of ours.
    "loggers": {
        "django.request": {"level": "ERROR", "filters": ["outage"]},
        "django.security": {"level": "CRITICAL"},  # a stranger would write a page of it with each wrong host name
        # Who was refused is said by tracker.signin, in one line that a guard can read; axes hides name and address.
        "axes": {"level": "ERROR"},
    },
}
