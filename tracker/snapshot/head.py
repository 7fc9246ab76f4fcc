"""Which entry of the log is the newest: every request asks, for what is public depends on it and on the day alone.

SQLite tells its readers by the first bytes of a file that they share, its WAL-index, whether anything was committed
(https://sqlite.org/walformat.html#the_wal_index_header): every commit changes them, and a reader that finds them as
they were knows that it has all. What SQLite compares is compared here, which costs a hundredth of a query.
"""

import ctypes
import mmap
import os
import sqlite3
from functools import cache
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections

NEWEST = "SELECT seq, hash FROM tracker_ledgerentry ORDER BY seq DESC LIMIT 1"
HEADER = 96  # bytes: the header of the index, twice, so that a reader can tell one that is being written

Entry = tuple[int, str]


def newest_entry() -> Entry:
    """The number and the hash of the newest entry; 0 and nothing where there is none.

    Whatever was committed before the call is in it. Within a transaction, so is what was written there.
    """
    own = connections[DEFAULT_DB_ALIAS]  # through ``connection`` each word of it would be looked for in every thread
    if own.in_atomic_block:
        return _ask()
    index = _index(own.settings_dict["NAME"]) if own.vendor == "sqlite" else None
    return _ask() if index is None else index.newest()


def _ask() -> Entry:
    with connection.cursor() as cursor:  # to have Django write it anew takes most of the time
        cursor.execute(NEWEST)
        return cursor.fetchone() or (0, "")


class _Index:
    """The shared index of a file of SQLite, and the newest entry as of what it said then."""

    def __init__(self, path: str | Path, pin: sqlite3.Connection) -> None:
        pin.execute("SELECT 1 FROM sqlite_schema").fetchone()
        # While a connection stands, SQLite leaves the index in its place; else the last one to close takes it away.
        self._pin = pin
        self._header = mmap.mmap(os.open(f"{path}-shm", os.O_RDONLY), HEADER, prot=mmap.PROT_READ)
        # Nothing closes the file, not even the end: a process that closes one loses the locks that SQLite has there.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._header))
        self._last_read: tuple[bytes, Entry] | None = None

    def newest(self) -> Entry:
        """The newest entry: as it was last read, where nothing was committed since."""
        state = self._header[:]  # before the question, so that what is committed meanwhile is asked for again
        last_read = self._last_read
        if last_read is None or last_read[0] != state:
            self._last_read = last_read = (state, _ask())
        return last_read[1]


@cache
def _index(path: str | Path) -> _Index | None:
    """That of the database at a path; ``None`` where it keeps none that others share, as one in memory."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        if cursor.fetchone() != ("wal",):
            return None
    pin = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    return _Index(path, pin)
