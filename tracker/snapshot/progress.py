"""What was published by a log entry: updates and findings with their evidence, live ones and replaced ones."""

import copy
import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Substr

from tracker.models import Assessment, Evidence, Update, What
from tracker.records.progress import (
    AmendmentRecord,
    AssessmentRecord,
    CitedRecord,
    ReplacedRecord,
    UpdateRecord,
    Updates,
)
from tracker.schema import IMPORTED, TABLES
from tracker.text.plain import plain_number

from .stored import About, Group, Rows, Store, keys_of_updates, of_groups

MOST_IN_MEMORY = 100_000  # log entries: with more, updates are read when they are asked for
MOST_TOUCHED = 500  # of what updates are about: where later entries touched more, all is read in one go
ABOUT_A_ROW = ("entry__at", "origin__code", "commitment__code", "of_plan")
Record = TypeVar("Record", UpdateRecord, AssessmentRecord)


class Progress:
    """What was published by a log entry: updates by metric and commitment, findings by commitment and right.

    Rows that count stand in ``updates`` and ``assessments``; rows that were replaced or withdrawn since stand in
    ``replaced_updates`` and ``replaced_assessments`` and stay readable; ``replaced_by`` says by what and why.
    Amendments of the registry stand in ``amendments``, by what they amend.

    Of ``before``, where it is given, everything is taken over but what later entries touched; only that is read.

    Where the log is long, updates are no lists: what the method needs of them is read, in ``groups``, by what they are
    about.
    """

    updates: Mapping[About, Updates]
    replaced_updates: Mapping[About, Updates]
    store: Store | None  # where they are read from, where they are no lists

    def __init__(self, head: int, known: int, sides: Mapping[tuple[str, str], str], before: "Progress | None") -> None:
        self.head, self.known = head, known
        self.sides = sides  # of bodies as they were then, by the codes of plan and body
        stored = head > MOST_IN_MEMORY
        if before and not (before.known <= known and before.sides.items() <= self.sides.items()):
            before = None
        if before and stored != (before.store is not None):
            before = None
        self.store = (before and before.store) or (Store(_read_records) if stored else None)
        self.groups: dict[About, Group] = {}
        touched = _Touched(before, known) if before else None
        if stored and touched and len(touched.about) > MOST_TOUCHED:
            before = touched = None
        cited = _Cited(known, touched, updates=not stored)
        updates, about = Update.objects.published(known).exclude(what=What.AMENDMENT), Q()
        findings = Assessment.objects.published(known)
        if touched:
            if stored:
                about = Q(pk__in=keys_of_updates(touched.keys["metric"], touched.keys["commitment"]))
            else:
                about = touched.updates
            updates, findings = updates.filter(about), findings.filter(touched.findings)
        update_rows = _Updates(updates, cited.updates, self.sides)
        finding_rows = _Findings(findings, cited.findings, self.sides)
        if self.store:
            update_rows.corrections()
            self.groups = self.store.read(known, about, update_rows.replaced_by)
        else:
            self.updates, self.replaced_updates = update_rows.read()
        self.assessments, self.replaced_assessments = finding_rows.read()
        self.replaced_by = update_rows.replaced_by | finding_rows.replaced_by
        self.amendments = _amendments(known)
        if before and touched:
            names = ("groups",) if stored else ("updates", "replaced_updates")
            for name in (*names, "assessments", "replaced_assessments"):
                untouched = {about: rows for about, rows in getattr(before, name).items() if about not in touched.about}
                setattr(self, name, untouched | getattr(self, name))
            self.replaced_by = before.replaced_by | self.replaced_by
        if self.store:
            self.updates, self.replaced_updates = of_groups(self.groups, self.store)

    def as_of(self, known: int, sides: Mapping[tuple[str, str], str]) -> "Progress":
        """What of it was published by an earlier entry, and not replaced by then."""
        earlier = copy.copy(self)
        earlier.known, earlier.sides = known, sides
        earlier.replaced_by = {row: by for row, by in self.replaced_by.items() if by.entry <= known}
        if self.store:
            groups = {about: group.as_of(known, earlier.replaced_by) for about, group in self.groups.items()}
            earlier.groups = {about: group for about, group in groups.items() if group.numbers}
            earlier.updates, earlier.replaced_updates = of_groups(earlier.groups, self.store)
        else:
            updates = _earlier((self.updates, self.replaced_updates), known, earlier.replaced_by)
            earlier.updates, earlier.replaced_updates = updates
        findings = _earlier((self.assessments, self.replaced_assessments), known, earlier.replaced_by, direction=-1)
        earlier.assessments, earlier.replaced_assessments = (
            {about: [_on_side(row, sides[about[1], row.origin]) for row in rows] for about, rows in part.items()}
            for part in findings
        )
        amendments = {about: tuple(a for a in rows if a.entry <= known) for about, rows in self.amendments.items()}
        earlier.amendments = {about: rows for about, rows in amendments.items() if rows}
        return earlier


def _read_records(known: int, groups: Sequence[Group]) -> dict[Group, Rows]:
    """The updates of some groups up to an entry as records, live ones and replaced ones."""
    keys = {kind: [group.pk for group in groups if group.about[0] == kind] for kind in ("metric", "commitment")}
    updates = keys_of_updates(keys["metric"], keys["commitment"])
    rows = Update.objects.published(known).exclude(what=What.AMENDMENT).filter(pk__in=updates)
    live, replaced = _Updates(rows, _Cited(known, of=updates).updates, {}).read()
    return {group: (live.get(group.about, ()), replaced.get(group.about, ())) for group in groups}


def _earlier(
    parts: tuple[Mapping[About, Sequence[Record]], Mapping[About, Sequence[Record]]],
    known: int,
    replaced_by: Mapping[int, ReplacedRecord],
    direction: int = 1,
) -> tuple[dict[About, list[Record]], dict[About, list[Record]]]:
    """Live and replaced rows as they were at an entry, each about something in the order of its days."""
    live: dict[About, list[Record]] = {}
    replaced: dict[About, list[Record]] = {}
    for about, row in ((about, row) for part in parts for about, rows in part.items() for row in rows):
        if row.entry <= known:
            (replaced if row.entry in replaced_by else live).setdefault(about, []).append(row)
    for rows in (*live.values(), *replaced.values()):
        rows.sort(key=lambda record: (record.as_of.toordinal() * direction, record.entry))
    return live, replaced


def _on_side(row: AssessmentRecord, side: str) -> AssessmentRecord:
    return row if row.side == side else dataclasses.replace(row, side=side)


class _Touched:
    """What later entries of the log, up to one, published or replaced something about.

    And what any entry redacted something about since: what was taken away is gone from the past as well.
    """

    def __init__(self, before: Progress, known: int) -> None:
        self.about: set[About] = set()
        self.keys: dict[str, set[int]] = {"metric": set(), "commitment": set(), "category": set()}
        published = Q(entry_id__gt=before.known)
        redacted = Q(redacted_by_id__gt=before.head)
        files = set(Evidence.objects.filter(redacted).values_list("file_hash", flat=True)) - {""}
        evidence = Evidence.objects.filter(redacted | Q(file_hash__in=files))
        updates = Update.objects.published(known).exclude(what=What.AMENDMENT)
        updates = updates.filter(published | redacted | Q(pk__in=evidence.values("update_record")))
        findings = Assessment.objects.published(known)
        findings = findings.filter(published | redacted | Q(pk__in=evidence.values("assessment")))
        for at in ("", "replaces__"):
            self._add(updates, at, "metric")
            self._add(updates, at, "commitment", "plan__code")
            self._add(findings, at, "commitment", "plan__code")
            self._add(findings, at, "category", "plan__code")

    def _add(self, rows: QuerySet[Any], at: str, kind: str, *plan: str) -> None:
        """What rows, or those that they replace, are about: a metric, or a promise or right of a plan."""
        name = f"{at}{kind}"
        codes = [f"{name}__{field}" for field in (*plan, "code")]
        for key, *code in rows.exclude(**{name: None}).values_list(name, *codes):
            self.keys[kind].add(key)
            self.about.add((kind, *code))

    @property
    def updates(self) -> Q:
        """Updates about it. Withdrawals name only the row that they replace."""
        metrics, commitments = self.keys["metric"], self.keys["commitment"]
        about = Q(metric__in=metrics) | Q(commitment__in=commitments)
        return about | Q(replaces__metric__in=metrics) | Q(replaces__commitment__in=commitments)

    @property
    def findings(self) -> Q:
        """Findings about it."""
        return Q(commitment__in=self.keys["commitment"]) | Q(category__in=self.keys["category"])


class _Cited:
    """Evidence of published rows up to an entry: what each update and each finding cites, by primary key.

    Of all rows, or of those that something touched; of findings alone; or ``of`` some updates alone.
    """

    def __init__(
        self, known: int, touched: _Touched | None = None, *, updates: bool = True, of: Collection[int] | None = None
    ) -> None:
        self.updates: dict[int, tuple[CitedRecord, ...]] = {}
        self.findings: dict[int, tuple[CitedRecord, ...]] = {}
        rows = Evidence.objects.filter(entry__isnull=False, entry_id__lte=known)
        # A file that was taken away once is offered nowhere.
        redacted = Evidence.objects.filter(entry_id__lte=known, redacted_by_id__gt=0)  # few, by their index
        gone = set(redacted.values_list("file_hash", flat=True)) - {""}
        of_findings = Q(assessment__in=Assessment.objects.filter(touched.findings)) if touched else Q()
        if of is not None:
            rows = rows.filter(update_record__in=of)
        elif not updates:
            rows = rows.filter(of_findings, assessment__isnull=False)
        elif touched:
            rows = rows.filter(Q(update_record__in=Update.objects.filter(touched.updates)) | of_findings)
        own = ("locator", "note", "file_hash", "file_name", "file_size")
        same = _Shared()
        columns = rows.order_by("pk").values_list("update_record", "assessment", "source__code", *own)
        for update, finding, source, locator, note, *file in columns.iterator():
            seen = file if file[0] and file[0] not in gone else ()
            record = CitedRecord(same[source], locator, note, *seen)
            cited, row = (self.updates, update) if update else (self.findings, finding)
            cited[row] = (*cited.get(row, ()), record)


class _Shared(dict[Any, Any]):
    """One object for each value that many rows have, and not one for each row: there may be a million rows."""

    def __missing__(self, value: Any) -> Any:
        self[value] = value
        return value


class _Rows(Generic[Record]):
    """Published rows of a model as records, by what they are about, and what replaced those that no longer count.

    They are read one after the other and never kept as rows, because there may be a million of them.
    """

    kind: type[Record]
    withdraws: Q
    direction = 1  # of their days: the oldest first; -1 for the newest first
    repeated: tuple[str, ...] = ("starts_on", "as_of", "precision", "reread", *ABOUT_A_ROW)
    related: dict[str, Any] = {"first_of_hash": Substr("entry__hash", 1, 12)}

    def __init__(
        self, rows: QuerySet[Any], cited: Mapping[int, tuple[CitedRecord, ...]], sides: Mapping[tuple[str, str], str]
    ) -> None:
        self.rows, self.cited, self.sides = rows, cited, sides
        # Columns of the table under the names that the record has for them.
        columns = {field.name for field in rows.model._meta.fields if not field.is_relation}
        self.own = [field.name for field in dataclasses.fields(self.kind) if field.name in columns]
        self.replaced_by: dict[int, ReplacedRecord] = {}

    def read(self) -> tuple[dict[About, list[Record]], dict[About, list[Record]]]:
        """Live rows and replaced ones, by what they are about."""
        keys, gone = self.corrections()
        live: dict[About, list[Record]] = {}
        replaced: dict[About, list[Record]] = {}
        same = _Shared()
        columns = ("pk", "entry_id", "entry__at", "redacted_by_id", "seed_key", "commitment__code", "origin__code")
        rows = self.rows.exclude(self.withdraws).values(*columns, *self.own, **self.related)
        for row in rows.iterator():
            for name in self.repeated:
                row[name] = same[row[name]]
            about, more = self.about(row)
            record = self.kind(
                entry=row["entry_id"],
                key=keys.get(row["pk"]) or _key(row["seed_key"], row["first_of_hash"]),
                redacted=row["redacted_by_id"] is not None,
                at=row["entry__at"],
                commitment=row["commitment__code"] or "",
                origin=row["origin__code"] or "",
                evidence=self.cited.get(row["pk"], ()),
                **({name: row[name] for name in self.own} | more),
            )
            (replaced if row["pk"] in gone else live).setdefault(about, []).append(record)
        for records in (*live.values(), *replaced.values()):
            records.sort(key=lambda record: (record.as_of.toordinal() * self.direction, record.entry))
        return live, replaced

    def corrections(self) -> tuple[dict[int, str], set[int]]:
        """Keys of the rows that replace another, and the rows that are gone; notes what replaced those."""
        names = ("pk", "replaces_id", "entry_id", "reason", "entry__at", "replaces__entry_id", "replaces__seed_key")
        rows = self.rows.filter(replaces__isnull=False).annotate(first_of_hash=Substr("replaces__entry__hash", 1, 12))
        withdrawals = set(rows.filter(self.withdraws).values_list("pk", flat=True))
        earlier, keys = {}, {}
        for pk, replaces, entry, reason, at, replaced, seed_key, link in rows.values_list(*names, "first_of_hash"):
            earlier[pk] = replaces
            keys[pk] = _key(seed_key, link)
            self.replaced_by[replaced] = ReplacedRecord(entry, pk in withdrawals, reason, at)
        for pk in earlier:
            first = pk
            while earlier[first] in earlier:
                first = earlier[first]
            keys[pk] = keys[first]
        return keys, set(earlier.values())

    def about(self, row: dict[str, Any]) -> tuple[About, dict[str, Any]]:
        """What a row is about, and what only this kind of record has, or has in another way than its table."""
        raise NotImplementedError


class _Updates(_Rows[UpdateRecord]):
    """Updates of metrics and commitments, oldest first; amendments stand elsewhere."""

    kind, withdraws = UpdateRecord, Q(what=What.WITHDRAWAL)
    repeated = ("what", "bound", "fits", "how", "scope", "rung", "verdict", "of_metric", *_Rows.repeated)
    related = _Rows.related | {"of_metric": F("metric__code"), "of_plan": F("commitment__plan__code")}

    def about(self, row: dict[str, Any]) -> tuple[About, dict[str, Any]]:
        metric, value = row["of_metric"], row["value"]
        about = ("metric", metric) if metric else ("commitment", row["of_plan"], row["commitment__code"])
        return about, {"metric": metric or "", "value": None if value is None else plain_number(value)}


class _Findings(_Rows[AssessmentRecord]):
    """Findings about commitments and rights, newest first."""

    kind, withdraws, direction = AssessmentRecord, Q(withdrawn=True), -1
    repeated = ("says", "of_category", "reply", *_Rows.repeated)
    related = _Rows.related | {
        "of_category": F("category__code"),
        "of_plan": Coalesce("commitment__plan__code", "category__plan__code"),
        "reply": F("replies_to__entry_id"),
    }

    def about(self, row: dict[str, Any]) -> tuple[About, dict[str, Any]]:
        commitment, category = row["commitment__code"], row["of_category"]
        side = self.sides[row["of_plan"], row["origin__code"]]
        kind, code = ("commitment", commitment) if commitment else ("category", category)
        return (kind, row["of_plan"], code), {"category": category or "", "side": side, "replies_to": row["reply"]}


def _key(seed_key: str, link: str) -> str:
    """What a row and its corrections are known by: the seed file's key, or the hash of the entry that came first."""
    return seed_key if seed_key and not seed_key.startswith(IMPORTED) else f"log-{link}"


def _amendments(known: int) -> dict[About, tuple[AmendmentRecord, ...]]:
    """Changes of the registry that were published up to an entry, by what they changed."""
    rows = Update.objects.published(known).filter(what=What.AMENDMENT).order_by("as_of", "entry_id")
    names = ("entry_id", "changes", "reason", "redacted_by_id", "entry__at")
    # Codes of what each kind names, behind that of the plan where each plan has its own.
    abouts = [[f"{table.name}__plan__code"] * table.of_plan + [f"{table.name}__code"] for table in TABLES]
    columns = [column for about in abouts for column in about]
    amendments: dict[About, tuple[AmendmentRecord, ...]] = {}
    for entry, changes, reason, redacted, at, *codes in rows.values_list(*names, *columns):
        by_column = dict(zip(columns, codes, strict=True))
        filled = [column for column in columns if by_column[column] is not None]
        about = (filled[-1].removesuffix("__code"), *(by_column[column] for column in filled))
        record = AmendmentRecord(entry, changes or {}, reason, redacted is not None, at)
        amendments[about] = (*amendments.get(about, ()), record)
    return amendments
