"""What is remembered of the seed files as last loaded: the row by fingerprint, its place, and why it last changed."""

from tracker.models import SeedRow


class Memory:
    """The remembered rows of one plan's folder during a load. Nothing is written before ``write_down``."""

    def __init__(self, folder):
        self.folder = folder
        self.seen = {(seed.table, seed.key): seed for seed in SeedRow.objects.filter(folder=folder)}
        self._fresh, self._stale = [], []

    def of(self, row):
        """What is remembered of a row, or ``None``."""
        return self.seen.get((row.table.name, row.code))

    def keep(self, row, now=None):
        """Remember where a row stands; with ``now``, its new fingerprint and its reason too: it counts as loaded."""
        facts = {"file": row.file, "position": row.position}
        if now is not None:
            facts |= {"fingerprint": now, "reason": row.reason}
        seed = self.of(row)
        if seed is None:
            if now is not None:
                self._fresh.append(SeedRow(folder=self.folder, table=row.table.name, key=row.code, **facts))
            return
        if any(getattr(seed, name) != fact for name, fact in facts.items()):
            for name, fact in facts.items():
                setattr(seed, name, fact)
            self._stale.append(seed)

    def gone(self, tables, rows):
        """Table and key of each row that is remembered and stands in no file any more."""
        named = {(table.name, row.code) for table in tables for row in rows[table]}
        order = [table.name for table in tables]
        gone = [pair for pair in self.seen.keys() - named if pair[0] in order]
        return sorted(gone, key=lambda pair: (order.index(pair[0]), pair[1]))

    def write_down(self):
        """Write what was remembered."""
        SeedRow.objects.bulk_create(self._fresh)
        for seed in self._stale:
            seed.save()


def why_unchanged(row, seed):
    """Whether a row that changed gives no reason of its own: none, or the one that it gave for the change before."""
    return not row.reason or (seed is not None and row.reason == seed.reason)
