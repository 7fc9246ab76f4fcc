"""Verify the public log by itself: ``python verify.py ledger.jsonl [HASH]``. Needs Python 3.8 and nothing else.

Each line of the file is one entry. Its ``hash`` is the SHA-256 of its other fields and of the hash before it, so no
entry can be changed, dropped or moved without breaking every later one. The text of an entry is hashed together with a
random salt; where a text was withdrawn for somebody's safety, text and salt are gone, the salted hash stays in its
place, and a later entry gives the reason: such a chain still verifies.

The last line of a file says that the file ends with it (``"last": true``). A file without that line broke off while it
was downloaded, or is older than the mark; this program then says that it cannot know.

A chain that its keeper cut short, or wrote anew from the start, is whole in itself, mark and all. Give the hash of an
entry that you noted earlier (the foot of every page shows the newest one): the chain must still hold it.
"""

from __future__ import annotations  # Python 3.8 does not know the types by these names

import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

USAGE = "usage: verify.py ledger.jsonl [HASH]"
FIRST = "0" * 64
LINKED = ("seq", "at", "action", "subject", "role", "body_hash", "prev")


def canonical(value: Any) -> str:
    """One spelling for one value: JSON with sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of_body(salt: str, text: str) -> str:
    """The salted hash of an entry's text, in hexadecimal."""
    return hashlib.sha256((salt + "\n" + text).encode()).hexdigest()


def hash_of_entry(entry: dict[str, Any]) -> str:
    """The hash of an entry, in hexadecimal, from its linked fields and the hash before it."""
    return hashlib.sha256(canonical({name: entry[name] for name in LINKED}).encode()).hexdigest()


def verify(lines: Iterable[str]) -> tuple[int, str, list[tuple[int, Any]], str | None]:
    """Walk the chain. Returns ``(count, head, redacted, broken)``.

    ``redacted`` lists pairs of an entry whose text is gone and the entry that says why; ``broken`` is ``None`` or a
    sentence that names the first entry that does not fit.
    """
    prev, count, at = FIRST, 0, None
    redacted: list[tuple[int, Any]] = []
    reasons: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            broken = _misfit(entry, number, count, prev) or _goes_back(entry, at)
        except (ValueError, TypeError, RecursionError):  # a lone surrogate, an endless list, a number for a text
            broken = f"Line {number} is not an entry."
        if broken:
            return count, prev, redacted, broken
        prev, count, at = entry["hash"], entry["seq"], entry["at"]
        if entry["text"] is None:
            redacted.append((count, entry.get("redacted_by")))
        if entry["action"] == "redact":
            reasons[count] = entry["subject"]
    for seq, by in redacted:
        # Only a later entry that names this very one gives the reason.
        if not isinstance(by, int) or by <= seq or reasons.get(by) != f"entry {seq}":
            return count, prev, redacted, f"The text of entry {seq} is gone and no entry says why."
    return count, prev, redacted, None


def _misfit(entry: Any, number: int, count: int, prev: str) -> str | None:
    """What is wrong with the entry on a line, after ``count`` good ones; ``None`` where it fits."""
    if not isinstance(entry, dict):
        return f"Line {number} is not an entry."
    missing = [name for name in (*LINKED, "hash", "salt", "text") if name not in entry]
    if missing:
        return f"Line {number} lacks {', '.join(missing)}."
    seq = entry["seq"]
    if seq != count + 1:
        return f"Entry {count + 1} is missing; line {number} holds entry {seq}."
    if entry["prev"] != prev:
        return f"Entry {seq} does not follow on entry {count}: its link is another."
    if hash_of_entry(entry) != entry["hash"]:
        return f"Entry {seq} was changed: its hash does not fit its fields."
    if entry["text"] is not None and hash_of_body(entry["salt"], entry["text"]) != entry["body_hash"]:
        return f"The text of entry {seq} was changed: its hash does not fit."
    return None


def _goes_back(entry: Any, before: str | None) -> str | None:
    """Whether an entry is dated before the one that it follows: then nobody can say what was public on a day."""
    if before is None or datetime.fromisoformat(entry["at"]) >= datetime.fromisoformat(before):
        return None
    return f"Entry {entry['seq']} is dated before entry {entry['seq'] - 1}: the dates of the log go back."


def says_it_ends(lines: Iterable[str]) -> bool:
    """Whether the last entry of a chain that verifies says that the file ends with it."""
    last = "{}"
    for line in lines:
        last = line if line.strip() else last
    return json.loads(last).get("last") is True


def place_of(hash_noted: str, lines: Iterable[str]) -> int | None:
    """Number of the entry with that hash in a chain that verifies; ``None`` where it holds no such entry."""
    for line in lines:
        if line.strip() and json.loads(line)["hash"] == hash_noted:
            return int(json.loads(line)["seq"])
    return None


def main(arguments: Sequence[str]) -> int:
    """Print what was found; 0 for an intact chain, 1 for a broken one, 2 for a call that makes no sense."""
    if set(arguments) & {"-h", "--help"}:
        print(f"{USAGE}\n\n{__doc__}")
        return 0
    if len(arguments) not in (1, 2):
        print(USAGE)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as lines:
            count, head, redacted, broken = verify(lines)
        for seq, by in redacted:
            print(f"Entry {seq} is redacted; entry {by} says why.")
        if broken:
            print(f"BROKEN. {broken}")
            return 1
        if not count:
            print("BROKEN. There is no entry in it.")
            return 1
        place = None
        if len(arguments) == 2:
            with open(arguments[0], encoding="utf-8") as lines:
                place = place_of(arguments[1], lines)
            if place is None:
                print("BROKEN. No entry has the hash that you noted: the chain was cut short or written anew.")
                return 1
            print(f"The hash that you noted is that of entry {place}.")
        with open(arguments[0], encoding="utf-8") as lines:
            ends = says_it_ends(lines)
        if not ends and place != count:
            print(f"NOT KNOWN TO BE WHOLE. {count} entries fit, head {head}; the file does not say that it ends there.")
            print("The download broke off, or the file is older than that mark: download it again.")
            return 1
        print(f"Intact: {count} entries, head {head}.")
        print("Compare this head with the foot of the site's pages and with what others noted: who keeps a log can cut")
        print("its end off or write it anew, and it is intact in itself.")
    except (OSError, UnicodeDecodeError) as error:
        print(f"{arguments[0]} cannot be read: {error}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
