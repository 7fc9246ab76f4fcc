"""What lies on a disk: written whole or not at all; and what people are told where a disk is full."""

import contextlib
import errno
import fcntl
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

FULL = (errno.ENOSPC, errno.EDQUOT)
FULL_IN_POSTGRESQL = "53100"
FULL_IN_WORDS = ("No usable temporary directory", "IO_ENOSPC")  # of Python where TMPDIR was full at first, of lxml
AGAIN = 60  # seconds after which to try again what found no room
HALF = f".{'[0-9a-f]' * 16}.part"  # the name of a file that is not whole
YOUNG = 60  # seconds for which such a file is left alone in any case


@contextlib.contextmanager
def written(path: Path, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file that has its name once it is whole. Nothing is left of one that was not, as on a full disk.

    What is left of one whose process was killed is found by ``sweep``: nobody holds it.
    """
    half = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with open(half, "x+b", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            with contextlib.suppress(OSError):  # not every disk of a network has locks
                fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            os.utime(file.fileno())  # held until here, and young until it has its name
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def sweep(*folders: Path) -> int:
    """Take away what processes that were killed left half written in folders; how many files that were."""
    gone = 0
    for half in (half for folder in folders for half in folder.glob(HALF)):
        with contextlib.suppress(OSError), half.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if half.stat().st_mtime < time.time() - YOUNG:
                half.unlink()
                gone += 1
    return gone


def write_files(*files: tuple[Path, bytes]) -> None:
    """Write files: all of them, or those of before stay."""
    with contextlib.ExitStack() as whole:  # none has its name before all are written
        for path, content in files:
            file = whole.enter_context(written(path))
            file.write(content)
            file.flush()


def no_room(error: BaseException | None) -> str:
    """A sentence where something failed because a disk is full, that of files or the database's; otherwise blank."""
    while error is not None:
        full = isinstance(error, OSError) and error.errno in FULL
        full = full or any(words in str(error) for words in FULL_IN_WORDS)
        full = full or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        if full or getattr(error, "sqlstate", None) == FULL_IN_POSTGRESQL:
            return _(
                "There is no room left on the disk of this site, so nothing was saved or made. Whoever runs it has to "
                "make some; please try again then."
            )
        error = error.__cause__
    return ""
