"""What a load says: the outcome of each row in a word, with both values where a file and the record differ."""

from dataclasses import dataclass, field

ADDED, UNCHANGED, CHANGED, KEPT, GONE = "added", "unchanged", "changed", "kept", "gone"


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


def changed_twice(row, differences):
    """The sentence for a row that was changed by hand and in its file."""
    both = "; ".join(f"{name}: here {was!s}, in the seed file {new!s}" for name, (was, new) in differences.items())
    return f"{row.code} was changed here and in the seed file. {both}. Make them agree."
