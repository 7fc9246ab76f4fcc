"""The Merkle tree beside the chain (RFC 6962), a tile at a time: what is full is made once and kept as a file.

A full tile is a function of its entries, and each entry is named by the hash that links it to all before it. So a kept
tile has that of its last entry in its name: a log that was written anew finds none of the old ones.
"""

import contextlib
from pathlib import Path

from django.conf import settings

from tracker.models import LedgerEntry
from tracker.serving.disk import write_files
from tracker.standalone.verify import HEIGHT, LINKED, WIDTH, Tree, hash_of_leaf, leaf_of, top

IN_ONE_REQUEST = 32  # tiles: about 0.15 s of a processor
BYTES = 32  # of a hash


class NotMadeYet(Exception):
    """There are more tiles to make than one request may; those that it made are kept."""


def tree(size, most=None):
    """The tree over the first entries of the log. Making more than ``most`` full tiles ends in ``NotMadeYet``."""
    return Tree(size, Tiles(most))


def leaves(first, count):
    """So many entries after the first ones as they are hashed. An entry that is missing ends it."""
    rows = LedgerEntry.objects.filter(seq__gt=first, seq__lte=first + count).order_by("seq").values_list(*LINKED)
    hashed = [leaf_of(dict(zip(LINKED, row, strict=True)) | {"at": row[1].isoformat()}) for row in rows]
    if len(hashed) != count:
        raise LookupError(f"The log lacks entries between {first + 1} and {first + count}.")
    return hashed


class Tiles:
    """The tiles of the log, for one tree; at most so many full ones are made."""

    def __init__(self, most=None):
        self._left = most
        self._ends = {}  # by level and number of a full tile: the hash of its last entry

    def __call__(self, level, number, width=WIDTH):
        """The hashes of a tile, which has so many of them."""
        if width < WIDTH:
            return self._part_of_tile(level, number, width)
        data = self._full(level, number)
        return [data[n : n + BYTES] for n in range(0, WIDTH * BYTES, BYTES)]

    def _part_of_tile(self, level, number, width):
        first = number * WIDTH
        if level == 0:
            return list(map(hash_of_leaf, leaves(first, width)))
        self._find_ends(level - 1, first, width)
        return [self._full(level - 1, first + n)[-BYTES:] for n in range(width)]

    def _full(self, level, number):
        """The hashes of a full tile and the root over them, kept or made."""
        path = self._path(level, number)
        with contextlib.suppress(OSError):
            if len(data := path.read_bytes()) == (WIDTH + 1) * BYTES:
                return data
        if self._left is not None:
            if not self._left:
                raise NotMadeYet
            self._left -= 1
        hashes = self._part_of_tile(level, number, WIDTH)
        data = b"".join([*hashes, top(hashes)])
        with contextlib.suppress(OSError):  # a tile that cannot be kept is made again
            path.parent.mkdir(parents=True, exist_ok=True)
            write_files((path, data))
        return data

    def _path(self, level, number):
        if (level, number) not in self._ends:
            self._find_ends(level, number, 1)
        return Path(settings.VAR) / "tiles" / f"{level}-{number}-{self._ends[level, number][:40]}"

    def _find_ends(self, level, first, count):
        span = 1 << (HEIGHT * (level + 1))  # entries under a tile
        last_entries = LedgerEntry.objects.filter(seq__in=[(first + n + 1) * span for n in range(count)])
        self._ends |= {(level, seq // span - 1): end for seq, end in last_entries.values_list("seq", "hash")}


def keep_tiles(size):
    """Make and keep all full tiles, so that no reader waits for them."""
    tree(size).root()
