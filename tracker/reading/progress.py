"""What was published by a log entry: updates and findings with their evidence, live ones and replaced ones."""

from django.db.models import F
from django.db.models.functions import Coalesce, Substr

from tracker.models import Assessment, Evidence, Update, What
from tracker.numbers import plain_number
from tracker.records import AmendmentRecord, AssessmentRecord, CitedRecord, ReplacedRecord, UpdateRecord
from tracker.tables import IMPORTED


class Progress:
    """What was published by a log entry: updates by metric and commitment, findings by commitment and right.

    ``live`` rows count; rows that were replaced or withdrawn since stand in ``replaced`` and stay readable;
    ``replaced_by`` says by what and why. Amendments of the registry stand in ``amendments``, by what they amend.
    """

    def __init__(self, known, bodies):
        self.bodies = bodies  # as they were then: the side of a finding is that of its origin at the time
        self.replaced_by = {}
        self.cited = _cited_by_row(known)
        self.updates, self.replaced_updates = self._read_updates(known)
        self.assessments, self.replaced_assessments = self._read_assessments(known)

    def _read_updates(self, known):
        rows = Update.objects.published(known).order_by("as_of", "entry_id")
        related = {
            "to_metric": F("metric__code"),
            "to_commitment": F("commitment__code"),
            "of_plan": F("commitment__plan__code"),
            "to_body": F("body__code"),
            "to_source": F("source__code"),
            "by": F("origin__code"),
            "published_at": F("entry__at"),
            "link": Substr("entry__hash", 1, 12),
        }
        own = ("pk", "entry_id", "replaces_id", "redacted_by_id", "seed_key", "changes")
        rows = list(rows.values(*own, *_UPDATE_FIELDS, **related))
        amended = [row for row in rows if row["what"] == What.AMENDMENT]
        self.amendments = _grouped((_amended_key(row), _amendment(row)) for row in amended)
        rows = [row for row in rows if row["what"] != What.AMENDMENT]
        return self._sorted(rows, self._update_key, self._update)

    def _read_assessments(self, known):
        rows = Assessment.objects.published(known).order_by("-as_of", "entry_id")
        related = {
            "to_commitment": F("commitment__code"),
            "to_category": F("category__code"),
            "of_plan": Coalesce("commitment__plan__code", "category__plan__code"),
            "by": F("origin__code"),
            "reply": F("replies_to__entry_id"),
            "published_at": F("entry__at"),
            "link": Substr("entry__hash", 1, 12),
        }
        fields = ("pk", "entry_id", "replaces_id", "redacted_by_id", "seed_key", "withdrawn", *_ASSESSMENT_FIELDS)
        rows = list(rows.values(*fields, **related))
        return self._sorted(rows, self._assessment_key, self._assessment)

    def _sorted(self, rows, key, build):
        """Live rows and replaced ones, each grouped by what they are about. Withdrawals only replace."""
        gone = {row["replaces_id"] for row in rows}
        entries = {row["pk"]: row["entry_id"] for row in rows}
        for row in rows:
            if row["replaces_id"] is not None:
                self.replaced_by[entries[row["replaces_id"]]] = _replacement(row)
        by_pk = {row["pk"]: row for row in rows}
        live, replaced = [], []
        for row in rows:
            row["key"] = _key_of(row, by_pk)
            if row.get("withdrawn") or row.get("what") == What.WITHDRAWAL:
                continue
            (replaced if row["pk"] in gone else live).append((key(row), build(row)))
        return _grouped(live), _grouped(replaced)

    @staticmethod
    def _update_key(row):
        if row["to_metric"]:
            return ("metric", row["to_metric"])
        return ("commitment", row["of_plan"], row["to_commitment"])

    @staticmethod
    def _assessment_key(row):
        kind = "commitment" if row["to_commitment"] else "category"
        return (kind, row["of_plan"], row["to_commitment"] or row["to_category"])

    def _update(self, row):
        own = {name: row[name] for name in _UPDATE_FIELDS}
        own["value"] = None if row["value"] is None else plain_number(row["value"])
        return UpdateRecord(
            entry=row["entry_id"],
            key=row["key"],
            metric=row["to_metric"] or "",
            commitment=row["to_commitment"] or "",
            origin=row["by"] or "",
            redacted=row["redacted_by_id"] is not None,
            at=row["published_at"],
            evidence=self.cited.get(("update", row["pk"]), ()),
            **own,
        )

    def _assessment(self, row):
        return AssessmentRecord(
            entry=row["entry_id"],
            key=row["key"],
            commitment=row["to_commitment"] or "",
            category=row["to_category"] or "",
            origin=row["by"],
            side=self.bodies[row["by"]].side,
            replies_to=row["reply"],
            redacted=row["redacted_by_id"] is not None,
            at=row["published_at"],
            evidence=self.cited.get(("assessment", row["pk"]), ()),
            **{name: row[name] for name in _ASSESSMENT_FIELDS},
        )


_SHARED = ("starts_on", "as_of", "precision", "summary", "caveat", "reread")
_UPDATE_FIELDS = (
    *("what", "value", "as_published", "bound", "fits", "how", "arithmetic", "scope", "rung", "verdict", "withheld"),
    *("reason", *_SHARED),
)
_ASSESSMENT_FIELDS = ("reason", "says", "document", "finds_harm", *_SHARED)


def _cited_by_row(known):
    """Evidence of published rows up to an entry: what it cites, by the row that it supports."""
    cited = {}
    rows = Evidence.objects.filter(entry__isnull=False, entry_id__lte=known).order_by("pk")
    own = ("source__code", "locator", "note", "file_hash", "file_name", "file_size")
    rows = list(rows.values_list("redacted_by", "update_record_id", "assessment_id", *own))
    gone = {row[6] for row in rows if row[0]}  # a file that was taken away once is offered nowhere
    for _redacted, update, assessment, source, locator, note, *file in rows:
        key = ("update", update) if update else ("assessment", assessment)
        record = CitedRecord(source, locator, note, *(file if file[0] and file[0] not in gone else ()))
        cited.setdefault(key, []).append(record)
    return {key: tuple(rows) for key, rows in cited.items()}


def _key_of(row, by_pk):
    """What a row and its corrections are known by: the seed file's key, or the hash of the entry that came first."""
    while row["replaces_id"] is not None:
        row = by_pk[row["replaces_id"]]
    key = row["seed_key"]
    return key if key and not key.startswith(IMPORTED) else f"log-{row['link']}"


def _replacement(row):
    withdrawn = bool(row.get("withdrawn")) or row.get("what") == What.WITHDRAWAL
    return ReplacedRecord(row["entry_id"], withdrawn, row["reason"], row["published_at"])


def _amended_key(row):
    if row["to_commitment"]:
        return ("commitment", row["of_plan"], row["to_commitment"])
    kind = next(kind for kind in ("metric", "body", "source") if row[f"to_{kind}"])
    return (kind, row[f"to_{kind}"])


def _amendment(row):
    redacted = row["redacted_by_id"] is not None
    return AmendmentRecord(row["entry_id"], row["changes"] or {}, row["reason"], redacted, row["published_at"])


def _grouped(pairs):
    groups = {}
    for key, record in pairs:
        groups.setdefault(key, []).append(record)
    return groups
