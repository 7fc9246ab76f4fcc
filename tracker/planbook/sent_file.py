"""A file on its way into a preparation, with what was last seen of it, so that it need not be sent again.

It lies beside the database's own files, for so long as somebody may come back to it: one spreadsheet a preparation,
known by its number, and one text, whose ``key`` is that of ``of_text``.
"""

import contextlib
import datetime
import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from tracker.serving.disk import write_files

DAYS = datetime.timedelta(days=14)
LONGEST_NAME = 120


@dataclass
class SentFile:
    """A file that was sent: its name, who sent it and when, and what examining it showed."""

    name: str
    by: int
    by_name: str
    at: str
    sha256: str
    version: int | None = None  # of the preparation when it was examined; ``None``: it is being examined
    loaded_by: int | None = None  # who wants it loaded
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def sent_at(self) -> datetime.datetime:
        """When it was sent."""
        return datetime.datetime.fromisoformat(self.at)


def folder() -> Path:
    """Where such files lie."""
    path = Path(settings.VAR) / "planbooks"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def of_text(preparation: int) -> str:
    """The key of the text of a plan in preparation."""
    return f"text-{preparation}"


def _of(key: int | str, ending: str) -> Path:
    return folder() / f"{key}.{ending}"


def put(key: int | str, content: bytes, *, name: str, by: Any) -> SentFile:
    """Keep a file in the place of the one before; what nobody came back for is taken away."""
    before = (timezone.now() - DAYS).timestamp()
    for path in folder().iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process may have taken it away
            if path.stat().st_mtime < before:
                path.unlink()
    sha256 = hashlib.sha256(content).hexdigest()
    file = SentFile(name[-LONGEST_NAME:], by.pk, by.get_username(), timezone.now().isoformat(), sha256)
    write_files((_of(key, "sent"), content), (_of(key, "json"), _as_json(file)))
    return file


def get(key: int | str) -> SentFile | None:
    """What is known of a file; ``None`` where none is kept."""
    try:
        return SentFile(**json.loads(_of(key, "json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def content(key: int | str) -> bytes:
    """The file itself; empty where none is kept."""
    try:
        return _of(key, "sent").read_bytes()
    except OSError:
        return b""


def write(key: int | str, file: SentFile) -> None:
    """Keep what is known of a file."""
    write_files((_of(key, "json"), _as_json(file)))


def forget(key: int | str, *, all_of_it: bool = True) -> None:
    """Take a file away; what is known of it stays where that is still to be shown."""
    _of(key, "sent").unlink(missing_ok=True)
    if all_of_it:
        _of(key, "json").unlink(missing_ok=True)


def _as_json(file: SentFile) -> bytes:
    return json.dumps(asdict(file)).encode()


def path_of_plan(plan: int, ending: str) -> Path:
    """Where a file made of a plan lies, whose making takes longer than a request may."""
    return _of(plan, f"made.{ending}")
