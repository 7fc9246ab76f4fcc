"""What a load remembers and says: each row as it was last loaded, and what became of it, in a word."""

import hashlib
from dataclasses import dataclass, field

from tracker.models import SeedProblem, SeedRow
from tracker.schema import plain_value
from tracker.serving.release import release

ADDED, UNCHANGED, CHANGED, KEPT, GONE = "added", "unchanged", "changed", "kept", "gone"
FOLDER = "folder"  # in place of a table: all files of a folder together


class LoadError(Exception):
    """The seed files were not loaded. ``problems`` has all that is wrong with them, each with its place."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


@dataclass
class Outcome:
    """What became of one row: a word, and for changed and kept rows the values of each field on both sides."""

    table: str
    code: str
    word: str
    differences: dict = field(default_factory=dict)

    def __str__(self):
        line = f"{self.table} {self.code}: {self.word}"
        for name, (was, now) in self.differences.items():
            both = f"{was!s} → {now!s}" if self.word == CHANGED else f"here {was!s}, in the seed file {now!s}"
            line += f"\n    {name}: {both}"
        return line


def why_unchanged(row, seed):
    """Whether a row that changed gives no reason of its own: none, or the one that it gave for the change before."""
    return not row.reason or (seed is not None and row.reason == seed.reason)


def print_of(folder):
    """The fingerprint of all seed files of a folder and of the code that reads them; blank where one is unreadable."""
    digest = hashlib.sha256(release().encode())
    try:
        for path in sorted(folder.rglob("*.toml")):
            content = path.read_bytes()
            digest.update(f"\0{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode() + content)
    except OSError:
        return ""
    return digest.hexdigest()


def is_loaded(folder):
    """Whether what stands in a folder is what was last loaded from it, so that there is nothing to do."""
    whole = print_of(folder)
    return bool(whole) and SeedRow.objects.filter(table=FOLDER, fingerprint=whole).exists()


def note_problems(folder, problems=()):
    """Note for administrators what keeps a folder from being loaded; nothing where it was."""
    SeedProblem.objects.filter(folder=folder).delete()
    SeedProblem.objects.bulk_create(
        SeedProblem(
            folder=folder,
            place=each.place,
            message=": ".join(filter(None, (each.field, each.message))),
            subject=each.subject,
            differences={name: [plain_value(was), plain_value(new)] for name, (was, new) in each.differences.items()},
        )
        for each in problems
    )


def forget_problems(folders):
    """Forget what kept other folders than these from being loaded: nobody loads them any more."""
    SeedProblem.objects.exclude(folder__in=folders).delete()


class Memory:
    """The remembered rows of one plan's folder during a load. Nothing is written before ``write_down``."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = {(seed.table, seed.key): seed for seed in SeedRow.objects.filter(folder=folder)}
        self._fresh, self._stale = [], []

    def of(self, row):
        """What is remembered of a row, or ``None``."""
        return self.rows.get((row.table.name, row.code))

    def keep(self, row, now=None):
        """Remember where a row stands; with ``now``, its new fingerprint and its reason too: it counts as loaded."""
        facts = {"file": row.file, "position": row.position}
        if now is not None:
            facts |= {"fingerprint": now, "reason": row.reason}
        if now is not None or self.of(row) is not None:
            self._remember(row.table.name, row.code, facts)

    def _remember(self, table, key, facts):
        seed = self.rows.get((table, key))
        if seed is None:
            self._fresh.append(SeedRow(folder=self.folder, table=table, key=key, **facts))
        elif any(getattr(seed, name) != fact for name, fact in facts.items()):
            for name, fact in facts.items():
                setattr(seed, name, fact)
            self._stale.append(seed)

    def gone(self, tables, rows):
        """Table and key of each row that is remembered and stands in no file any more."""
        named = {(table.name, row.code) for table in tables for row in rows[table]}
        order = [table.name for table in tables]
        pairs = [pair for pair in self.rows.keys() - named if pair[0] in order]
        return sorted(pairs, key=lambda pair: (order.index(pair[0]), pair[1]))

    def write_down(self, whole):
        """Write what was remembered, with the fingerprint of the whole folder where one was read."""
        if whole:
            self._remember(FOLDER, self.folder, {"file": "", "position": 0, "fingerprint": whole})
        SeedRow.objects.bulk_create(self._fresh)
        facts = ("file", "position", "fingerprint", "reason")
        SeedRow.objects.bulk_create(self._stale, update_conflicts=True, unique_fields=["pk"], update_fields=facts)
