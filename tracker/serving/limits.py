"""How often one address may ask for what is dear: searches, files, the API, signing in. Reading is never limited.

All processes of a machine count together, in a small file of their own; where ``REDIS_URL`` is set all hosts do, in
Redis. Of an address nothing is kept but a hash under the site's key and the present minute, hour or day, and that goes
when the next one begins. Where nothing can be counted everybody is let through, which the log says in a line.
"""

import ipaddress
import logging
import os
import sqlite3
import threading
import time

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)
refusals = logging.getLogger("tracker.signin")  # which a guard such as fail2ban reads

PERIODS = {"second": 1, "minute": 60, "hour": 60 * 60, "day": 24 * 60 * 60}
FILE = "limits.sqlite3"
TABLE = """
    PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;
    CREATE TABLE IF NOT EXISTS counts (key BLOB PRIMARY KEY, until INTEGER NOT NULL, n INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS counts_over ON counts (until);
"""
COUNT = "INSERT INTO counts VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n"
PATIENCE = 0.5  # seconds to wait for others who count
PAUSE = 30  # seconds for which nothing is counted where that failed
_failed_at = -PAUSE * 1.0
_mine = threading.local()


def network(address: str) -> str:
    """What one household has: an address, or of the sixth version the first half of one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 6 and ip.ipv4_mapped:  # as a server that listens on both writes the fourth version
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def rate_of(kind: str) -> tuple[int, str]:
    """How many requests of a kind one address may send, and in which period, by the setting ``KIND_RATE``."""
    most, period = getattr(settings, f"{kind}_RATE").split("/")
    return int(most), period


def spend(kind: str, address: str | None) -> int:
    """Count a request of a kind; the seconds to wait where it was one too many, 0 where it may be answered.

    Who has no address is the site itself, which makes answers apart and copies.
    """
    global _failed_at
    if not address or not settings.LIMITED or time.monotonic() - _failed_at < PAUSE:
        return 0
    most, period = rate_of(kind)
    now, seconds = time.time(), PERIODS[period]
    number = int(now // seconds)
    until = (number + 1) * seconds
    key = salted_hmac(f"limit {kind} {period} {number}", network(address), algorithm="sha256")
    try:
        if settings.REDIS_URL:
            cache.add(key.hexdigest(), 0, 2 * seconds)
            n = cache.incr(key.hexdigest())
        else:
            n = _count(key.digest(), now, until)
    except Exception as error:  # whatever it is, readers get their answers
        _failed_at = time.monotonic()
        logger.warning("Requests cannot be counted (%s): nobody is asked to wait for %s seconds.", error, PAUSE)
        return 0
    if kind == "SIGNIN" and n == most + 1:  # once for an address and a period, however many follow
        refusals.warning("refused from %s as too many", address)
    return 0 if n <= most else max(1, round(until - now))


def _count(key: bytes, now: float, until: int) -> int:
    """One more for a key, in the file; how many that makes. What is over is taken out whenever a new key comes."""
    try:
        counts = _file()
        n = int(counts.execute(COUNT, (key, until)).fetchone()[0])
        if n == 1:
            counts.execute("DELETE FROM counts WHERE until <= ?", (now,))
        return n
    except sqlite3.OperationalError:  # busy, or no room
        raise
    except sqlite3.DatabaseError:  # no database any more, after a power loss: nothing in it is missed
        _mine.where = None
        (settings.VAR / FILE).unlink(missing_ok=True)
        raise


def _file() -> sqlite3.Connection:
    """The file as this thread has it open; a process that was copied opens it anew."""
    where = os.getpid(), settings.VAR
    if getattr(_mine, "where", None) != where:
        _mine.where = None
        counts = sqlite3.connect(settings.VAR / FILE, timeout=PATIENCE, isolation_level=None)
        counts.executescript(TABLE)
        _mine.counts, _mine.where = counts, where
    return _mine.counts
