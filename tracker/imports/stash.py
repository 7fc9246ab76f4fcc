"""A file between its preview and its confirmation: kept under a name that only a signed form knows, a day at most."""

import contextlib
import secrets
import time

from django.conf import settings

KEPT_SECONDS = 24 * 60 * 60


def _folder():
    folder = settings.VAR / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def keep(content):
    """Keep a file's bytes and return the name to ask for them by; what others forgot here is cleared away."""
    folder, name = _folder(), secrets.token_hex(16)
    for old in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process clears away too
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
    (folder / name).write_bytes(content)
    return name


def fetch(name):
    """The bytes kept under a name, or ``None`` where they are gone."""
    try:
        return (_folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def forget(name):
    """Take a kept file away."""
    (_folder() / name).unlink(missing_ok=True)
