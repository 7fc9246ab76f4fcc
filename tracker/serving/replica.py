"""Reading what is public from a replica of the database, where there is one and it has all of the log.

A replica may be behind. The newest entry of the log is asked of the database itself; what a page shows is what was
written up to that entry, so that a replica which has this very entry has all of it, and one which has not is not read.
Whoever writes, and whatever the log does not say, keeps to the database. A replica that fails costs nobody an answer.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import cached_property
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

from .middleware import reason_of

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")

REPLICA = "replica"
PAUSE = 30  # seconds for which a replica that failed is not asked
LATE = 5  # seconds that a replica may be behind, as each is after a publication, before a line says so
HAS = "SELECT 1 FROM tracker_ledgerentry WHERE seq = %s AND hash = %s"


class _Replica:
    """What this process knows of it. A line says when it is not read any more, and one when it is again."""

    paused_until, behind_since, warned = 0.0, 0.0, False

    def has(self, head: int, head_hash: str) -> bool:
        """Whether it has that entry; not so while it cannot be asked."""
        try:
            with connections[REPLICA].cursor() as cursor:
                cursor.execute(HAS, [head, head_hash])
                has_entry = cursor.fetchone() is not None
        except Error as error:
            self.fail(error)
            return False
        if has_entry and time.monotonic() < self.paused_until:
            return has_entry  # it answered before another thread found it gone
        if has_entry:
            if self.warned:
                logger.warning("The replica has the newest entry of the log: what is public is read from it again.")
            self.behind_since, self.warned = 0.0, False
        else:
            self.behind_since = self.behind_since or time.monotonic()
            if time.monotonic() - self.behind_since > LATE:
                self._tell(f"has no entry {head} of the log yet")
        return has_entry

    def fail(self, error: Exception) -> None:
        """Let it alone for a while."""
        self.paused_until = time.monotonic() + PAUSE
        self._tell(f"cannot be read ({reason_of(error)})")

    def _tell(self, trouble: str) -> None:
        if not self.warned:
            logger.warning("The replica %s: what is public is read from the database itself.", trouble)
        self.warned = True


_replica = _Replica()


class _Reading:
    """An answer in the making, of the log up to an entry. Its first question decides which database is asked."""

    def __init__(self, head: int, head_hash: str) -> None:
        self.entry = head, head_hash

    @cached_property
    def database(self) -> str:
        return REPLICA if _replica.has(*self.entry) else DEFAULT_DB_ALIAS


_reading: ContextVar[_Reading | None] = ContextVar("reading", default=None)


def database() -> str:
    """The database to ask for what is being answered."""
    reading = _reading.get()
    return reading.database if reading else DEFAULT_DB_ALIAS


def reading(head: int, head_hash: str, answer: Callable[[], Answer]) -> Answer:
    """What ``answer`` makes of what is public up to the newest entry of the log, read from the replica if it has that.

    It is made a second time, of the database, where the replica fails meanwhile.
    """
    if REPLICA not in connections or connection.in_atomic_block or time.monotonic() < _replica.paused_until:
        return answer()
    this = _Reading(head, head_hash)
    copy: Any = connections[REPLICA]
    token = _reading.set(this)
    try:
        return answer()
    except (Error, copy.Database.Error) as error:  # the driver's own where a cursor is closed after its server
        if vars(this).get("database") != REPLICA:
            raise
        _replica.fail(error)
    finally:
        _reading.reset(token)
    return answer()


class Router:
    """Django's way to the database for each model: what is read within ``reading`` may come from the replica."""

    def db_for_read(self, _model: type[Any], **_hints: Any) -> str:
        """Where rows are read, whichever database the row came from that leads to them."""
        return database()

    def db_for_write(self, _model: type[Any], **_hints: Any) -> str:
        """Where rows are written."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Any, _other: Any, **_hints: Any) -> bool:
        """Rows of both databases are the same rows."""
        return True

    def allow_migrate(self, db: str, _app: str, **_hints: Any) -> bool:
        """Nothing is made in the replica but what it is sent."""
        return db != REPLICA
