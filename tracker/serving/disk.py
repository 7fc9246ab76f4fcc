"""What lies on a disk: written whole or not at all; and what people are told where a disk is full."""

import contextlib
import errno
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

FULL = (errno.ENOSPC, errno.EDQUOT)
FULL_IN_POSTGRESQL = "53100"
AGAIN = 60  # seconds after which to try again what found no room


@contextlib.contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A file that has its name once it is whole. Nothing is left of one that was not, as on a full disk."""
    half = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with half.open("w+b") as file:
            yield file
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


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
        full = full or getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        if full or getattr(error, "sqlstate", None) == FULL_IN_POSTGRESQL:
            return _(
                "There is no room left on the disk of this site, so nothing was saved or made. Whoever runs it has to "
                "make some; please try again then."
            )
        error = error.__cause__
    return ""
