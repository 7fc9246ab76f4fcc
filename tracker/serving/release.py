"""Which code is running: part of the version of every page, so that a new release is never hidden by a cache."""

import hashlib
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver


@lru_cache(maxsize=1)
def release():
    """A short digest of the code and templates that are running."""
    digest = hashlib.sha256()
    for folder in ("hrplan", "tracker", "templates"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.is_file() and path.suffix in {".py", ".html", ".css", ".js", ".txt", ".svg", ".mo"}:
                digest.update(path.relative_to(settings.BASE_DIR).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


# Settings whose values stand on public pages.
SHOWN = (
    *("SITE_URL", "PLAN", "OPERATOR", "FUNDING", "INDEPENDENCE", "EDITORS", "CONTACT", "REPORT_DAYS", "API_RATE"),
    *("LANGUAGE_CODE", "TIME_ZONE", "WITNESSES"),
)


@lru_cache(maxsize=1)
def configuration():
    """A short digest of the settings that pages show: part of their version too, for an operator changes them."""
    values = [getattr(settings, name) for name in SHOWN]
    if settings.LEDGER_KEY:
        values.append(bytes(settings.LEDGER_KEY[1].verify_key))  # by which readers check a checkpoint
    return hashlib.sha256(repr(values).encode()).hexdigest()[:6]


@receiver(setting_changed)
def _read_again(**_setting):
    """Only a test changes a setting of a process that runs."""
    configuration.cache_clear()
