"""What the seed files published, each row with what corrections made of it since."""

from django.db.models import Prefetch

from tracker.models import Evidence
from tracker.schema import IMPORTED, ONE


class Chains:
    """The published rows of a table of progress that have a key of the seed files.

    ``current`` has by key the row that stands now, which a correction by hand may have made.
    """

    def __init__(self, table):
        self.table = table
        cited = Evidence.objects.select_related("source").order_by("pk")
        published = table.model.objects.published().prefetch_related(Prefetch("evidence", queryset=cited))
        published = published.select_related(*[key.name for key in table.keys if key.type == ONE])
        successors = {row.replaces_id: row for row in published.filter(replaces__isnull=False)}
        self.current, self.keys = {}, {}
        seeded = published.filter(replaces__isnull=True).exclude(seed_key="")
        for row in seeded.exclude(seed_key__startswith=IMPORTED):
            key = row.seed_key
            self.keys[row.pk] = key
            while successor := successors.get(row.pk):
                row = successor
                self.keys[row.pk] = key
            self.current[key] = row

    def row(self, key):
        """The row that stands now, as a row of its seed file."""
        record = self.current[key]
        answered = self.keys.get(getattr(record, "replies_to_id", None))
        return self.table.row_of(record, {"key": key, "replies_to": answered})

    def is_over(self, key):
        """Whether the row was withdrawn or redacted here: it is in no file then, and no file changes it."""
        record = self.current[key]
        return record.is_withdrawal or record.redacted_by_id is not None
