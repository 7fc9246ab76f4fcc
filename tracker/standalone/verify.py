"""Verify the public log by itself: ``python verify.py WHAT [KEPT ...]``. Needs Python 3.8 and nothing else. WHAT is

- ``ledger.jsonl``, the whole log;
- ``entry-12.tlog-proof``, the proof that one entry is in it, from that entry's page;
- ``consistency.txt``, the proof that the log of a kept checkpoint is the beginning of a newer one;
- ``https://example.org/ledger``, the log where it is published: its checkpoint and as many tiles as it takes.

KEPT is what you noted earlier: the hash of an entry (the foot of every page shows the newest one), a file with a
checkpoint (``/ledger/checkpoint``), or the public key of the site or of a witness (``/ledger/`` shows them).

Each line of the log is one entry. Its ``hash`` is the SHA-256 of its other fields and of the hash before it, so no
entry can be changed, dropped or moved without breaking every later one. The text of an entry is hashed together with a
random salt; where a text was withdrawn for somebody's safety, text and salt are gone, the salted hash stays in its
place, and a later entry gives the reason: such a chain still verifies.

The last line of a file says that the file ends with it (``"last": true``). A file without that line broke off while it
was downloaded, or is older than the mark; this program then says that it cannot know.

A chain that its keeper cut short, or wrote anew from the start, is whole in itself, mark and all: only what you kept
shows that. A checkpoint is the number of entries and the root of a Merkle tree (RFC 6962) over them, signed by the site
and perhaps by witnesses (C2SP tlog-checkpoint, tlog-cosignature). A leaf of the tree is an entry's linked fields, as
they are hashed for the chain. From one kept checkpoint it can be proved, without all of the log, that everything in it
is still there (tlog-tiles), and of one entry that it is in the log (tlog-proof).
"""

from __future__ import annotations  # Python 3.8 does not know the types by these names

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timezone
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.request import urlopen

FIRST = "0" * 64
LINKED = ("seq", "at", "action", "subject", "role", "body_hash", "prev")


def canonical(value: Any) -> str:
    """One spelling for one value: JSON with sorted keys, no blanks, UTF-8."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of_body(salt: str, text: str) -> str:
    """The salted hash of an entry's text, in hexadecimal."""
    return hashlib.sha256((salt + "\n" + text).encode()).hexdigest()


def leaf_of(entry: dict[str, Any]) -> bytes:
    """An entry as it is hashed, for the chain and as a leaf of the tree: its linked fields and the hash before it."""
    return canonical({name: entry[name] for name in LINKED}).encode()


def hash_of_entry(entry: dict[str, Any]) -> str:
    """The hash of an entry, in hexadecimal, from its linked fields and the hash before it."""
    return hashlib.sha256(leaf_of(entry)).hexdigest()


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


# The tree beside the chain: RFC 6962, section 2.1.

NOTHING = hashlib.sha256(b"").digest()  # the root over no entries
WIDTH, HEIGHT = 256, 8  # hashes in a full tile, and how many levels of the tree lie below its root


def hash_of_leaf(data: bytes) -> bytes:
    """The hash of a leaf, which is none of a node."""
    return hashlib.sha256(b"\0" + data).digest()


def hash_of_node(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two."""
    return hashlib.sha256(b"\1" + left + right).digest()


def top(hashes: Sequence[bytes]) -> bytes:
    """The root over 1, 2, 4, 8, … hashes."""
    while len(hashes) > 1:
        hashes = [hash_of_node(hashes[n], hashes[n + 1]) for n in range(0, len(hashes), 2)]
    return hashes[0]


def roots(leaves: Iterable[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """The root over the first so many leaves, by their number; for numbers that there are."""
    by_size = {0: NOTHING}
    peaks: list[bytes] = []  # roots of full trees, each smaller than the one before it
    for count, leaf in enumerate(leaves, start=1):
        peaks.append(hash_of_leaf(leaf))
        size = count
        while size % 2 == 0:
            right = peaks.pop()
            peaks[-1] = hash_of_node(peaks[-1], right)
            size //= 2
        if count in sizes:
            root = peaks[-1]
            for peak in reversed(peaks[:-1]):
                root = hash_of_node(peak, root)
            by_size[count] = root
    return by_size


class Tree:
    """The tree over so many entries. ``tile(level, number, width)`` gives its hashes, 256 of one level at a time.

    Level 0 is that of leaves; a hash of level 1 is the root over a full tile of level 0, and so on. Only the last tile
    of a level is less wide than 256.
    """

    def __init__(self, size: int, tile: Callable[[int, int, int], Sequence[bytes]]) -> None:
        self.size, self._tile = size, tile
        self._tiles: dict[tuple[int, int], Sequence[bytes]] = {}  # each is asked for once

    def root(self) -> bytes:
        """The root over all entries."""
        return self._over(0, self.size) if self.size else NOTHING

    def inclusion(self, index: int) -> list[bytes]:
        """The path from a leaf, counted from 0, to the root: what it takes to prove that the leaf is in the tree."""
        return [self._over(*part) for part in beside(index, self.size)]

    def consistency(self, old: int) -> list[bytes]:
        """What it takes to prove that the first ``old`` entries are those of the tree over them, as it was then."""
        path: list[bytes] = []
        start, end, known = 0, self.size, True  # known: whether the old root is that of this very part
        while 0 < old < self.size and old != end:
            middle = start + _left(end - start)
            if old <= middle:
                path.append(self._over(middle, end))
                end = middle
            else:
                path.append(self._over(start, middle))
                start, known = middle, False
        return ([] if known else [self._over(start, end)]) + path[::-1]

    def _over(self, start: int, end: int) -> bytes:
        """The root over some leaves, of which the first is where a full tree of that size may begin."""
        if (size := end - start) & (size - 1):
            middle = start + _left(size)
            return hash_of_node(self._over(start, middle), self._over(middle, end))
        level, height = divmod(size.bit_length() - 1, HEIGHT)
        number, first = divmod(start >> (HEIGHT * level), WIDTH)
        if (level, number) not in self._tiles:
            width = min(WIDTH, (self.size >> (HEIGHT * level)) - number * WIDTH)
            self._tiles[level, number] = self._tile(level, number, width)
        return top(self._tiles[level, number][first : first + (1 << height)])


def _left(size: int) -> int:
    """How many of two or more leaves are in the left part of their tree: 1, 2, 4, 8, …, and fewer than all."""
    return 1 << ((size - 1).bit_length() - 1)


def beside(index: int, size: int) -> list[tuple[int, int]]:
    """The parts of a tree by whose roots a leaf is proved, from the leaf up: where each starts, and where it ends."""
    parts, start, end = [], 0, size
    while end - start > 1:
        middle = start + _left(end - start)
        if index < middle:
            parts.append((middle, end))
            end = middle
        else:
            parts.append((start, middle))
            start = middle
    return parts[::-1]


def root_over(index: int, size: int, leaf: bytes, path: Iterable[bytes]) -> bytes | None:
    """The root over ``size`` entries by a proof that the one at ``index`` is a leaf; ``None`` for no such proof."""
    if not 0 <= index < size:
        return None
    place, last, root = index, size - 1, hash_of_leaf(leaf)
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = hash_of_node(sibling, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = hash_of_node(root, sibling)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def continues(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> bool:
    """Whether a proof shows that the entries of an old checkpoint are the first ones of a new one."""
    if old.size == 0 or old.size >= new.size:
        return not path and (old.size == 0 or (old.size, old.root) == (new.size, new.root))
    path = list(path) if old.size & (old.size - 1) else [old.root, *path]
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not path:
        return False
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = hash_of_node(sibling, before), hash_of_node(sibling, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = hash_of_node(after, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and (before, after) == (old.root, new.root)


def address_of_tile(level: int | str, number: int, width: int = WIDTH) -> str:
    """Where a tile stands below the address of the log: ``tile/0/x001/234.p/5``; level ``entries`` for the leaves."""
    parts = [f"{number % 1000:03}"]
    while number := number // 1000:
        parts.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(parts)}" + (f".p/{width}" if width < WIDTH else "")


# Signatures: Ed25519 (RFC 8032), to verify and not to sign, because it takes longer for some keys than for others.

PRIME, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME


def _added(p: Any, q: Any) -> Any:
    """The sum of two points, each of them x, y, z and x · y, by which nothing is divided."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % PRIME, (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c, d = 2 * p[3] * q[3] * CURVE % PRIME, 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(number: int, point: Any) -> Any:
    product = (0, 1, 1, 0)
    while number:
        if number & 1:
            product = _added(product, point)
        point, number = _added(point, point), number >> 1
    return product


def _point(data: bytes) -> Any:
    """The point of the curve that 32 bytes stand for; a ``ValueError`` where they stand for none."""
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & ((1 << 255) - 1)
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if y >= PRIME or (x * x - square) % PRIME or (x == 0 and odd):
        raise ValueError("no point of the curve")
    x = PRIME - x if x & 1 != odd else x
    return x, y, 1, x * y % PRIME


BASE = _point((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature of 64 bytes is that of a message by the key of which 32 bytes are public."""
    try:
        point, number = _point(public), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, _xy = _added(_times(number, BASE), _times(digest, (PRIME - point[0], point[1], 1, PRIME - point[3])))
    inverse = pow(z, PRIME - 2, PRIME)
    encoded = (y * inverse % PRIME | (x * inverse % PRIME & 1) << 255).to_bytes(32, "little")
    return len(signature) == 64 and number < ORDER and encoded == signature[:32]


# Notes: C2SP signed-note, tlog-checkpoint, tlog-cosignature.

OF_LOG, OF_WITNESS = 1, 4  # kinds of keys: Ed25519 over the text; Ed25519 over the time and the text


class Key(NamedTuple):
    """A public key by name, as notes write it: ``example.org/ledger+1a2b3c4d+AQ…``."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"


def read_key(text: str) -> Key:
    """A public key from its text. Raises ``ValueError``."""
    name, digest, data = text.split("+", 2)
    raw = base64.b64decode(data, validate=True)
    key = Key(name, raw[0] if raw else 0, raw[1:])
    if not name or re.search(r"\s", name) or key.kind not in (OF_LOG, OF_WITNESS) or len(key.public) != 32:
        raise ValueError(f"{text} is no Ed25519 key of a note")
    if key.id.hex() != digest:
        raise ValueError(f"{text} is not whole: its name, number and key do not fit each other")
    return key


class Checkpoint(NamedTuple):
    """How many entries a log had, and the root over them; with the text that is signed, and its signatures."""

    text: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...]  # name of the key; its id and what it signed with

    def signed_at(self, key: Key) -> int | None:
        """Seconds since 1970 at which a witness signed; 0 for a log, ``None`` for a key that did not sign.

        Raises ``ValueError`` for a signature under the name and number of the key that is not the key's.
        """
        for name, raw in self.signatures:
            if (name, raw[:4]) != (key.name, key.id):
                continue
            time, signature = (int.from_bytes(raw[4:12], "big"), raw[12:]) if key.kind == OF_WITNESS else (0, raw[4:])
            text = f"cosignature/v1\ntime {time}\n{self.text}" if key.kind == OF_WITNESS else self.text
            if not ed25519_verifies(key.public, text.encode(), signature):
                raise ValueError(f"the signature under the name of {name} is not by its key")
            return time
        return None


def read_checkpoint(note: str) -> Checkpoint:
    """A checkpoint from its text, signed or not. Raises ``ValueError``."""
    text, between, signed = note.strip().rpartition("\n\n")
    text, signed = (text + "\n", signed) if between else (signed + "\n", "")
    origin, size, root, *_more = text.split("\n")
    signatures = []
    for line in signed.splitlines():
        dash, name, data = line.split(" ")
        signatures.append((name, base64.b64decode(data, validate=True)))
        if dash != "—":
            raise ValueError("a signature begins with a dash")
    decoded = base64.b64decode(root, validate=True)
    if not origin or not re.fullmatch("0|[1-9][0-9]{0,18}", size) or len(decoded) != 32:
        raise ValueError("no checkpoint")
    return Checkpoint(text, origin, int(size), decoded, tuple(signatures))


PROOF = "c2sp.org/tlog-proof@v1"


def read_proof(text: str) -> tuple[dict[str, str], list[bytes], Checkpoint]:
    """What a proof says by name (``index``, ``extra``, ``old``), its hashes, its checkpoint. Raises ``ValueError``."""
    head, _blank, note = text.partition("\n\n")
    named, hashes = {}, []
    for line in head.splitlines():
        name, _space, value = line.partition(" ")
        if value:
            named[name] = value
        elif line != PROOF:
            hashes.append(base64.b64decode(line, validate=True))
    return named, hashes, read_checkpoint(note)


# The program.

USAGE = """usage: verify.py WHAT [KEPT ...]
WHAT: ledger.jsonl, a proof, or the address of a log such as https://example.org/ledger
KEPT: the hash of an entry, a file with a checkpoint, or a public key"""
MOST_BYTES = 1_000_000  # of an answer; a tile has 8,192
UNSIGNED = "Whose it is was not checked: give the key of the site too, as you noted it."


class Broken(Exception):
    """The log is not what it was, or not what it says; the sentence says how."""


def _plain(text: str) -> str:
    """What somebody else wrote, without what a terminal would obey."""
    return "".join(each if each.isprintable() else "?" for each in text)


class Anchors(NamedTuple):
    """What somebody noted earlier."""

    hashes: list[str]
    keys: list[Key]
    checkpoints: list[Checkpoint]


def _anchors_of(arguments: Iterable[str]) -> Anchors:
    """What was kept, told apart by its form. Raises ``ValueError`` and ``OSError``."""
    anchors = Anchors([], [], [])
    for each in arguments:
        if re.fullmatch("[0-9a-f]{64}", each):
            anchors.hashes.append(each)
        elif re.fullmatch(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", each):
            anchors.keys.append(read_key(each))
        else:
            with open(each, encoding="utf-8") as file:
                anchors.checkpoints.append(read_checkpoint(file.read()))
    return anchors


def _who_signed(checkpoints: Sequence[Checkpoint], keys: Sequence[Key]) -> None:
    """Say who signed checkpoints. A key that was given has to have signed: each of a log's own, one of a witness's."""
    for checkpoint in checkpoints:
        name = f"the checkpoint of {checkpoint.size} entries"
        for key in keys:
            try:
                at = checkpoint.signed_at(key)
            except ValueError as error:
                raise Broken(f"In {name}, {error}.") from error
            if at:
                when = datetime.fromtimestamp(at, timezone.utc)  # noqa: UP017  (Python 3.8 has no other name for it)
                print(f"{key.name} signed {name} on {when:%Y-%m-%d %H:%M} UTC.")
            elif at == 0:
                print(f"{key.name} signed {name}.")
            elif key.kind == OF_LOG:
                raise Broken(f"{key.name} did not sign {name}.")
    for key in keys:
        if not any(checkpoint.signed_at(key) is not None for checkpoint in checkpoints):
            raise Broken(f"{key.name} signed none of these checkpoints.")
    if checkpoints and not any(key.kind == OF_LOG for key in keys):
        print(UNSIGNED)


def _leaves(path: str) -> Iterator[bytes]:
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield leaf_of(json.loads(line))


def _whole_log(path: str, anchors: Anchors) -> int:
    with open(path, encoding="utf-8") as lines:
        count, head, redacted, broken = verify(lines)
    for seq, by in redacted:
        print(f"Entry {seq} is redacted; entry {by} says why.")
    if broken or not count:
        raise Broken(broken or "There is no entry in it.")
    places = set()
    for noted in anchors.hashes:
        with open(path, encoding="utf-8") as lines:
            place = place_of(noted, lines)
        if place is None:
            raise Broken("No entry has the hash that you noted: the chain was cut short or written anew.")
        print(f"The hash that you noted is that of entry {place}.")
        places.add(place)
    sizes = {checkpoint.size for checkpoint in anchors.checkpoints}
    tree = roots(_leaves(path), {count, *sizes})
    for checkpoint in anchors.checkpoints:
        if checkpoint.size > count:
            raise Broken(
                f"The checkpoint that you kept has {checkpoint.size} entries, the log {count}: it was cut short."
            )
        if tree[checkpoint.size] != checkpoint.root:
            raise Broken(
                f"The first {checkpoint.size} entries are not those that you kept a checkpoint of: written anew."
            )
        print(f"The first {checkpoint.size} entries are those of the checkpoint that you kept.")
    _who_signed(anchors.checkpoints, anchors.keys)
    with open(path, encoding="utf-8") as lines:
        ends = says_it_ends(lines)
    if not ends and count not in places | sizes:
        print(f"NOT KNOWN TO BE WHOLE. {count} entries fit, head {head}; the file does not say that it ends there.")
        print("The download broke off, or the file is older than that mark: download it again.")
        return 1
    print(f"Intact: {count} entries, head {head}.")
    if not anchors.checkpoints:
        print("Compare this head with the foot of the site's pages and with what others noted: who keeps a log can cut")
        print("its end off or write it anew, and it is intact in itself.")
    print(f"The root of its tree, as a checkpoint of {count} entries has it: {base64.b64encode(tree[count]).decode()}")
    return 0


def _one_entry(text: str, anchors: Anchors) -> None:
    named, path, checkpoint = read_proof(text)
    leaf, index = base64.b64decode(named["extra"], validate=True), int(named["index"])
    if root_over(index, checkpoint.size, leaf, path) != checkpoint.root:
        raise Broken("The proof does not lead from this entry to the checkpoint in it.")
    entry, hash_of_it = json.loads(leaf), hashlib.sha256(leaf).hexdigest()
    if entry["seq"] != index + 1:
        raise Broken(f"What stands at the place of entry {index + 1} calls itself entry {entry['seq']}.")
    for noted in anchors.hashes:
        if noted != hash_of_it:
            raise Broken("It is not the entry whose hash you noted.")
    for other in anchors.checkpoints:
        if other.size != checkpoint.size:
            print(
                f"The checkpoint that you kept has {other.size} entries, this one {checkpoint.size}: compare the two by"
            )
            print("the address of the log, by a proof of consistency or by ledger.jsonl.")
        elif other.root != checkpoint.root:
            raise Broken(f"The checkpoint that you kept has other entries among its {other.size}.")
    _who_signed([checkpoint, *anchors.checkpoints], anchors.keys)
    words = "{action} {subject}, by {role}, {at}".format(**entry)
    print(f"Entry {entry['seq']} ({_plain(words)})")
    print(f"is in the log of {checkpoint.size} entries. Its hash is {hash_of_it}.")


def _compared(new: Checkpoint, anchors: Anchors, prove: Callable[[int], Sequence[bytes]]) -> None:
    """Whether the log still holds everything that checkpoints had which somebody kept. ``prove`` gives the proof."""
    for old in anchors.checkpoints:
        if old.origin != new.origin:
            raise Broken(
                f"The checkpoint that you kept is of {_plain(old.origin)}, and this is of {_plain(new.origin)}."
            )
        if old.size > new.size:
            raise Broken(f"The checkpoint that you kept has {old.size} entries, the log {new.size}: it was cut short.")
        if not continues(old, new, prove(old.size)):
            raise Broken(f"The first {old.size} entries are not those that you kept a checkpoint of: written anew.")
    _who_signed([new, *anchors.checkpoints], anchors.keys)
    for old in anchors.checkpoints:
        print(f"Intact: the {old.size} entries that you kept a checkpoint of are the first of the {new.size} of now.")


def _two_checkpoints(text: str, anchors: Anchors) -> None:
    named, path, new = read_proof(text)
    if {old.size for old in anchors.checkpoints} != {int(named["old"])}:
        raise ValueError(f"it proves from a checkpoint of {named['old']} entries: give the file in which you kept that")
    _compared(new, anchors, lambda _size: path)


def _published(address: str, anchors: Anchors) -> None:
    def read(part: str) -> bytes:
        with urlopen(f"{address}/{part}", timeout=30) as answer:  # noqa: S310  (an address of the web, as main asks)
            return bytes(answer.read(MOST_BYTES))

    def tile(level: int, number: int, width: int) -> list[bytes]:
        data = read(address_of_tile(level, number, width))
        return [data[n : n + 32] for n in range(0, len(data), 32)]

    new = read_checkpoint(read("checkpoint").decode())
    tree = Tree(new.size, tile)
    if tree.root() != new.root:
        raise Broken("The tiles that the log gives out are not those of its checkpoint.")
    _compared(new, anchors, tree.consistency)
    if not anchors.checkpoints:
        print(f"Checkpoint and tiles agree on {new.size} entries. Keep {address}/checkpoint to compare with later.")


def main(arguments: Sequence[str]) -> int:
    """Print what was found; 0 for what is intact, 1 for what is broken, 2 for a call that makes no sense."""
    if set(arguments) & {"-h", "--help"}:
        print(f"{USAGE}\n\n{__doc__}")
        return 0
    if not arguments or arguments[0].startswith("-"):
        print(USAGE)
        return 2
    source = arguments[0]
    try:
        anchors = _anchors_of(arguments[1:])
        if source.startswith(("http://", "https://")):
            _published(source.rstrip("/"), anchors)
            return 0
        with open(source, encoding="utf-8") as file:
            beginning = file.read(len(PROOF))
            if beginning != PROOF and not beginning.startswith("old "):
                return _whole_log(source, anchors)
            (_one_entry if beginning == PROOF else _two_checkpoints)(beginning + file.read(), anchors)
    except Broken as broken:
        print(f"BROKEN. {broken}")
        return 1
    except (OSError, HTTPException, ValueError, LookupError, TypeError, RecursionError) as error:
        print(_plain(f"{' '.join(arguments)} cannot be read: {error}"))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
