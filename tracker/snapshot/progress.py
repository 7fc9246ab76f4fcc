"""What was published by a log entry: updates and findings with their evidence, live ones and replaced ones."""

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Substr

from tracker.models import Assessment, Evidence, Update, What
from tracker.records.registry import AmendmentRecord, AssessmentRecord, CitedRecord, ReplacedRecord, UpdateRecord
from tracker.schema import IMPORTED
from tracker.text import plain_number


class Progress:
    """What was published by a log entry: updates by metric and commitment, findings by commitment and right.

    Rows that count stand in ``updates`` and ``assessments``; rows that were replaced or withdrawn since stand in
    ``replaced_updates`` and ``replaced_assessments`` and stay readable; ``replaced_by`` says by what and why.
    Amendments of the registry stand in ``amendments``, by what they amend.

    Of ``before``, where it is given, everything is taken over but what later entries touched; only that is read.
    """

    def __init__(self, head, known, bodies, before=None):
        self.head, self.known = head, known
        self.sides = {code: body.side for code, body in bodies.items()}  # as they were then
        if before and not (before.known <= known and before.sides.items() <= self.sides.items()):
            before = None
        touched = _Touched(before, known) if before else None
        cited = _Cited(known, touched)
        updates = Update.objects.published(known).exclude(what=What.AMENDMENT)
        findings = Assessment.objects.published(known)
        if touched:
            updates, findings = updates.filter(touched.updates), findings.filter(touched.findings)
        self.updates, self.replaced_updates, corrected = _Updates(updates, cited.updates).read()
        found = _Findings(findings, cited.findings, self.sides).read()
        self.assessments, self.replaced_assessments, corrected_findings = found
        self.replaced_by = corrected | corrected_findings
        self.amendments = _amendments(known)
        if before:
            self._take_over(before, touched)

    def _take_over(self, before, touched):
        for name in ("updates", "replaced_updates", "assessments", "replaced_assessments"):
            there = {key: rows for key, rows in getattr(before, name).items() if key not in touched.keys}
            setattr(self, name, there | getattr(self, name))
        self.replaced_by = before.replaced_by | self.replaced_by


class _Touched:
    """What later entries of the log, up to one, published or replaced something about.

    And what any entry redacted something about since: what was taken away is gone from the past as well.
    """

    def __init__(self, before, known):
        self.metrics, self.commitments, self.categories, self.keys = set(), set(), set(), set()
        published = Q(entry_id__gt=before.known)
        redacted = Q(redacted_by_id__gt=before.head)
        files = set(Evidence.objects.filter(redacted).values_list("file_hash", flat=True)) - {""}
        evidence = Evidence.objects.filter(redacted | Q(file_hash__in=files))
        rows = Update.objects.published(known).exclude(what=What.AMENDMENT)
        rows = rows.filter(published | redacted | Q(pk__in=evidence.values("update_record")))
        for at in ("", "replaces__"):
            found = rows.values_list(f"{at}metric", f"{at}metric__code").exclude(**{f"{at}metric": None})
            self._add(self.metrics, "metric", found)
            self._add_in_plan(rows, f"{at}commitment", self.commitments)
        rows = Assessment.objects.published(known)
        rows = rows.filter(published | redacted | Q(pk__in=evidence.values("assessment")))
        for at in ("", "replaces__"):
            self._add_in_plan(rows, f"{at}commitment", self.commitments)
            self._add_in_plan(rows, f"{at}category", self.categories)

    def _add_in_plan(self, rows, name, to):
        found = rows.values_list(name, f"{name}__plan__code", f"{name}__code").exclude(**{name: None})
        self._add(to, name.removeprefix("replaces__"), found)

    def _add(self, to, kind, found):
        for pk, *code in found:
            to.add(pk)
            self.keys.add((kind, *code))

    @property
    def updates(self):
        """Updates about it. Withdrawals name only the row that they replace."""
        about = Q(metric__in=self.metrics) | Q(commitment__in=self.commitments)
        return about | Q(replaces__metric__in=self.metrics) | Q(replaces__commitment__in=self.commitments)

    @property
    def findings(self):
        """Findings about it."""
        return Q(commitment__in=self.commitments) | Q(category__in=self.categories)


class _Cited:
    """Evidence of published rows up to an entry: what each update and each finding cites, by primary key."""

    def __init__(self, known, touched):
        self.updates, self.findings = {}, {}
        rows = Evidence.objects.filter(entry__isnull=False, entry_id__lte=known)
        # A file that was taken away once is offered nowhere.
        gone = set(rows.filter(redacted_by__isnull=False).values_list("file_hash", flat=True)) - {""}
        if touched:
            updates, findings = Update.objects.filter(touched.updates), Assessment.objects.filter(touched.findings)
            rows = rows.filter(Q(update_record__in=updates) | Q(assessment__in=findings))
        own = ("locator", "note", "file_hash", "file_name", "file_size")
        same = _Shared()
        rows = rows.order_by("pk").values_list("update_record", "assessment", "source__code", *own)
        for update, finding, source, locator, note, *file in rows.iterator():
            seen = file if file[0] and file[0] not in gone else ()
            record = CitedRecord(same[source], locator, note, *seen)
            cited, row = (self.updates, update) if update else (self.findings, finding)
            cited[row] = (*cited.get(row, ()), record)


class _Shared(dict):
    """One object for each value that many rows have, and not one for each row: there may be a million rows."""

    def __missing__(self, value):
        self[value] = value
        return value


class _Rows:
    """Published rows of a model as records, by what they are about.

    They are read one after the other and never kept as rows, because there may be a million of them.
    """

    model = withdraws = order = None
    own = ("starts_on", "as_of", "precision", "summary", "caveat", "reread", "reason")
    repeated = ("starts_on", "as_of", "precision", "reread", "by", "published_at", "to_commitment", "of_plan")
    related = {
        "to_commitment": F("commitment__code"),
        "by": F("origin__code"),
        "published_at": F("entry__at"),
        "link": Substr("entry__hash", 1, 12),
    }

    def __init__(self, rows, cited):
        self.rows = rows
        self.cited = cited

    def read(self):
        """Live rows and replaced ones, grouped, and for the entry of each replaced one what replaced it."""
        keys, gone, replaced_by = self._corrections()
        live, replaced, same = {}, {}, _Shared()
        columns = ("pk", "entry_id", "redacted_by_id", "seed_key", *self.own)
        for row in self.rows.exclude(self.withdraws).values(*columns, **self.related).iterator():
            for name in self.repeated:
                row[name] = same[row[name]]
            record = self.record(
                entry=row["entry_id"],
                key=keys.get(row["pk"]) or _key(row["seed_key"], row["link"]),
                redacted=row["redacted_by_id"] is not None,
                at=row["published_at"],
                commitment=row["to_commitment"] or "",
                origin=row["by"] or "",
                evidence=self.cited.get(row["pk"], ()),
                row=row,
            )
            (replaced if row["pk"] in gone else live).setdefault(self.about(row), []).append(record)
        for rows in (*live.values(), *replaced.values()):
            rows.sort(key=self.order)
        return live, replaced, replaced_by

    def _corrections(self):
        """Keys of the rows that replace another, the rows that are gone, and what replaced those, by their entry."""
        names = ("pk", "replaces_id", "entry_id", "reason", "entry__at", "replaces__entry_id", "replaces__seed_key")
        rows = self.rows.filter(replaces__isnull=False).annotate(link=Substr("replaces__entry__hash", 1, 12))
        withdrawals = set(rows.filter(self.withdraws).values_list("pk", flat=True))
        earlier, keys, replaced_by = {}, {}, {}
        for pk, replaces, entry, reason, at, replaced, seed_key, link in rows.values_list(*names, "link"):
            earlier[pk] = replaces
            keys[pk] = _key(seed_key, link)
            replaced_by[replaced] = ReplacedRecord(entry, pk in withdrawals, reason, at)
        for pk in earlier:
            first = pk
            while earlier[first] in earlier:
                first = earlier[first]
            keys[pk] = keys[first]
        return keys, set(earlier.values()), replaced_by


class _Updates(_Rows):
    """Updates of metrics and commitments, oldest first; amendments stand elsewhere."""

    model, withdraws = Update, Q(what=What.WITHDRAWAL)
    numbers = ("what", "value", "as_published", "bound", "fits", "how", "arithmetic", "scope")
    own = (*numbers, "rung", "verdict", "withheld", *_Rows.own)
    repeated = ("what", "bound", "fits", "how", "scope", "rung", "verdict", "to_metric", *_Rows.repeated)
    related = _Rows.related | {"to_metric": F("metric__code"), "of_plan": F("commitment__plan__code")}

    @staticmethod
    def order(record):
        return record.as_of, record.entry

    @staticmethod
    def about(row):
        if row["to_metric"]:
            return ("metric", row["to_metric"])
        return ("commitment", row["of_plan"], row["to_commitment"])

    def record(self, row, **more):
        own = {name: row[name] for name in self.own}
        own["value"] = None if row["value"] is None else plain_number(row["value"])
        return UpdateRecord(metric=row["to_metric"] or "", **own, **more)


class _Findings(_Rows):
    """Findings about commitments and rights, newest first."""

    model, withdraws = Assessment, Q(withdrawn=True)
    own = ("says", "document", "finds_harm", *_Rows.own)
    repeated = ("says", "to_category", "reply", *_Rows.repeated)
    related = _Rows.related | {
        "to_category": F("category__code"),
        "of_plan": Coalesce("commitment__plan__code", "category__plan__code"),
        "reply": F("replies_to__entry_id"),
    }

    def __init__(self, rows, cited, sides):
        super().__init__(rows, cited)
        self.sides = sides

    @staticmethod
    def order(record):
        return -record.as_of.toordinal(), record.entry

    @staticmethod
    def about(row):
        kind = "commitment" if row["to_commitment"] else "category"
        return (kind, row["of_plan"], row["to_commitment"] or row["to_category"])

    def record(self, row, **more):
        return AssessmentRecord(
            category=row["to_category"] or "",
            side=self.sides[row["by"]],
            replies_to=row["reply"],
            **{name: row[name] for name in self.own},
            **more,
        )


def _key(seed_key, link):
    """What a row and its corrections are known by: the seed file's key, or the hash of the entry that came first."""
    return seed_key if seed_key and not seed_key.startswith(IMPORTED) else f"log-{link}"


def _amendments(known):
    """Changes of the registry that were published up to an entry, by what they changed."""
    rows = Update.objects.published(known).filter(what=What.AMENDMENT).order_by("as_of", "entry_id")
    about = ("metric__code", "body__code", "source__code", "commitment__code", "commitment__plan__code")
    own = ("entry_id", "changes", "reason", "redacted_by_id", "entry__at")
    found = {}
    for *row, metric, body, source, commitment, plan in rows.values_list(*own, *about):
        entry, changes, reason, redacted, at = row
        named = {"metric": metric, "body": body, "source": source}
        key = ("commitment", plan, commitment) if commitment else next(pair for pair in named.items() if pair[1])
        found.setdefault(key, []).append(AmendmentRecord(entry, changes or {}, reason, redacted is not None, at))
    return found
