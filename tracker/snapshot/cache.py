"""Reading a snapshot, keeping it in memory, and moving it forward after a publication."""

import contextlib
import dataclasses
import datetime
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Q

from tracker.models import LedgerEntry, Plan, public_day
from tracker.records.progress import AssessmentRecord, UpdateRecord, Updates
from tracker.records.registry import PlanRecord
from tracker.schema import NORM_LINKS, RECOMMENDATION_LINKS
from tracker.serving import replica
from tracker.serving.monitoring import snapshots

from .head import newest_entry
from .plan import PlanView
from .progress import Progress
from .registry import Registry
from .results import commitment_of
from .snapshot import Snapshot, attached
from .stored import About, Deciding, deciding, in_order, together

CHANGES = ("amend", "reorder", "rearrange")  # the last as it was done before every table was amended
SHARED = ("metrics", "bodies", "groups", "sources", "instruments", "norms", "recommendations")
# Parts of a plan: what it says of itself, what the registry holds, what is made for each commitment.
OF_PLAN = [field.name for field in dataclasses.fields(PlanRecord) if field.name not in ("publisher", "path")]
OF_REGISTRY = ("categories", "provisions", "baseline", "passages", "adherences")
OF_COMMITMENTS = ("commitments", "assessed", "updates", "findings", "changes_by_code", "origins")
MOST_SNAPSHOTS = 12  # snapshots in memory: today's, and those of past days and entries that were asked for last


class _Version(NamedTuple):
    """What a snapshot is of. The hash stands for the whole log: another database with as many entries has another."""

    head_hash: str
    head: int
    on: datetime.date
    known: int


_lock = threading.Lock()
_snapshots: OrderedDict[_Version, Snapshot] = OrderedDict()  # asked for longest ago first
_registries: dict[str, Registry] = {}  # the newest, by the hash of the last entry that changed it


def read_snapshot(on: datetime.date | None = None, known: int | None = None) -> Snapshot:
    """Everything public: what was true on a day, by what this site had published up to a log entry.

    By default today, and the newest entry. Asks the database for that entry, and for more, from a replica if there is
    one, only where no snapshot of it is kept.
    """
    version = _version(on, known)
    if (snapshot := _snapshots.get(version)) is not None:
        with contextlib.suppress(KeyError):  # another thread has let go of it since
            _snapshots.move_to_end(version)
        return snapshot
    with _lock:  # one thread reads, the others wait for what it read
        while version not in _snapshots:
            snapshot = replica.reading(version.head, version.head_hash, partial(_read, version))
            # Where something was published while it was read, it is read again.
            if version.head_hash == (version := _version(version.on, known)).head_hash:
                _keep(version, snapshot)
        return _snapshots[version]


def _version(on: datetime.date | None, known: int | None) -> _Version:
    head, head_hash = newest_entry()
    return _Version(head_hash, head, on or public_day(), head if known is None else min(known, head))


def _keep(version: _Version, snapshot: Snapshot) -> None:
    """Keep a snapshot. Where there are too many, the one that was asked for longest ago goes, but never today's."""
    _snapshots[version] = snapshot
    today = version._replace(on=public_day(), known=version.head)
    for each in list(_snapshots)[: len(_snapshots) - MOST_SNAPSHOTS + 1]:
        if each != today and len(_snapshots) > MOST_SNAPSHOTS:
            del _snapshots[each]


def entry_on(day: datetime.date) -> int:
    """The last log entry before the first one of a later day; 0 where there was none yet.

    So that an entry that bears an earlier date than its place in the log brings nothing under that date.
    """
    ends = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), datetime.UTC)
    later = LedgerEntry.objects.filter(at__gte=ends).order_by("seq").values_list("seq", flat=True).first()
    return LedgerEntry.objects.head() if later is None else later - 1


def forget() -> None:
    """Drop the snapshots kept in memory; the next question reads the database again."""
    _snapshots.clear()
    _registries.clear()


def _registry(version: _Version) -> Registry:
    """The registry at an entry. The newest is kept while nothing but progress is published."""
    changes = LedgerEntry.objects.filter(action__in=("register", *CHANGES))
    last, changed = changes.order_by("-seq").values_list("seq", "hash").first() or (0, "")
    if changed not in _registries:
        _registries.clear()
        _registries[changed] = Registry(last)
    return _registries[changed].as_of(version.known)


def _nearest(version: _Version) -> Snapshot | None:
    """The kept snapshot to go on from: of no later entry; rather of the newest, and of the nearest day before.

    One whose newest entry is not in the log, as after a transaction that was taken back, is of another history.
    """
    earlier = [(key.head_hash, each) for key, each in list(_snapshots.items()) if each.known <= version.known]
    log = LedgerEntry.objects.filter(hash__in={head for head, _each in earlier}).values_list("hash", flat=True)
    hashes = {"", *log}
    return max(
        (each for head, each in earlier if head in hashes),
        key=lambda each: (each.known, each.head, each.on <= version.on, each.on),
        default=None,
    )


def _newest(version: _Version) -> Snapshot | None:
    """The kept snapshot of the same head that knows all of it, for one that knows less; rather of the same day."""
    same = [
        each
        for key, each in list(_snapshots.items())
        if key.head_hash == version.head_hash and version.known < each.known == each.head
    ]
    return max(same, key=lambda each: (each.on == version.on, each.on), default=None)


def _redacted(before: Snapshot) -> bool:
    """Whether anything was taken away since a kept snapshot was read: nothing else that came later changes it."""
    return LedgerEntry.objects.filter(action="redact", seq__gt=before.head).exists()


def _unchanged(before: Snapshot, known: int) -> bool:
    """Whether the promises that the registry held at a kept snapshot it holds unchanged; there may be more of them.

    A link to a norm or a recommendation says something of a promise that was there before.
    """
    changing = Q(action__in=CHANGES)
    for links in (NORM_LINKS, RECOMMENDATION_LINKS):
        changing |= Q(action="register", subject__startswith=f"{links.name} ")
    return not LedgerEntry.objects.filter(changing, seq__gt=before.known, seq__lte=known).exists()


@snapshots.time()
def _read(version: _Version) -> Snapshot:
    """Read a snapshot, going on from one that is kept, of an earlier entry or another day."""
    before = _nearest(version)
    if before and (before.known, before.on) == (version.known, version.on) and not _redacted(before):
        return dataclasses.replace(before, head=version.head)
    registry = _registry(version)
    newest = _newest(version)
    if before and (before.head, before.known) == (version.head, version.known):
        progress = before.progress
    else:
        sides = {
            (plan.code, code): body.side
            for plan in registry.plans
            for code, body in registry.bodies_for(plan.state).items()
        }
        if newest:
            progress = newest.progress.as_of(version.known, sides)
        else:
            progress = Progress(version.head, version.known, sides, before.progress if before else None)
    unchanged = bool(before and _unchanged(before, version.known))
    if not unchanged:
        before = newest
    shared: dict[str, Any] = {name: getattr(registry, name) for name in SHARED}
    own_hash = LedgerEntry.objects.filter(seq=version.known).values_list("hash", flat=True).first() or ""
    return Snapshot(
        head=version.head,
        known=version.known,
        on=version.on,
        head_hash=own_hash,
        plans={plan.code: _plan(plan, version.on, registry, progress, before, unchanged) for plan in registry.plans},
        **shared,
        registry=registry,
        progress=progress,
        updates=_by_metric(registry, progress.updates),
        replaced=_by_metric(registry, progress.replaced_updates),
        attached=attached(version.known),
        replaced_by=progress.replaced_by,
        amendments=progress.amendments,
    )


def _by_metric(registry: Registry, rows: Mapping[About, Updates]) -> dict[str, Updates]:
    """Rows about metrics, by metric in the order of the registry."""
    of = {code: together([rows[about]]) for code in registry.metrics if (about := ("metric", code)) in rows}
    in_order(of.values())
    return of


def _plan(
    plan: Plan, on: datetime.date, registry: Registry, progress: Progress, before: Snapshot | None, unchanged: bool
) -> PlanView:
    """A plan with what became of its promises.

    Of those in a kept snapshot, only the ones whose rows changed, or whose status time may have changed, are asked of
    the method again. Where the registry is not ``unchanged``, so are those that rest on what it says otherwise.
    """
    old = before.plans.get(plan.code) if before else None
    parts: dict[str, Any] = {name: {} for name in OF_COMMITMENTS}
    replaced: dict[str, Updates] = {}
    live: dict[str, Updates] = {}
    rows = registry.rows.get(plan.code, {})
    for code, row in rows.items():
        abouts = [("commitment", plan.code, code), *([("metric", row.metric.code)] if row.metric else ())]
        live[code] = together(progress.updates.get(about, ()) for about in abouts)
        replaced[code] = together(progress.replaced_updates.get(about, ()) for about in abouts)
    in_order(live.values())
    for code, row in rows.items():
        updates, findings = live[code], tuple(progress.assessments.get(("commitment", plan.code, code), ()))
        values = {}
        if before and old and (old.updates.get(code), old.findings.get(code)) == (updates, findings):
            decisive = (*deciding(updates), *findings)
            ground = unchanged or _rests_on_the_same(plan.code, code, decisive, before.registry, registry)
            if ground:
                values = _as_before(before, old, code, on)
        if "commitments" not in values:
            known = deciding(updates)
            record, assessed = commitment_of(row, known, findings, registry, on)
            values |= {"commitments": record, "assessed": assessed, "updates": updates, "findings": findings}
            values |= {"origins": frozenset(each.origin for each in known)}
        for name, value in values.items():
            parts[name][code] = value
    parts |= {name: getattr(registry, name).get(plan.code, {}) for name in OF_REGISTRY}
    parts |= {name: getattr(plan, name) for name in OF_PLAN}
    return PlanView(
        **parts,
        path=plan.get_absolute_url(),
        publisher=registry.bodies_for(plan.state)[plan.publisher.code],
        replaced=replaced,
        findings_on={
            code: tuple(progress.assessments[about])
            for code in registry.categories.get(plan.code, {})
            if (about := ("category", plan.code, code)) in progress.assessments
        },
        replaced_findings={
            about[2] if about[0] == "commitment" else ("right", about[2]): tuple(rows)
            for about, rows in progress.replaced_assessments.items()
            if about[1] == plan.code
        },
        links={code: registry.links_of(plan.code, code) for code in replaced},
        recommended={code: registry.recommended(plan.code, code) for code in replaced},
        bodies=registry.bodies_for(plan.state),
    )


def _rests_on_the_same(
    plan: str,
    code: str,
    rows: Sequence[UpdateRecord | Deciding | AssessmentRecord],
    before: Registry,
    registry: Registry,
) -> bool:
    """Whether a promise, and who and what is cited on it, are the very records of another registry."""
    sources = {source for row in rows for source in row.sources}
    return (
        before.rows.get(plan, {}).get(code) is registry.rows[plan][code]
        and before.links_of(plan, code) == registry.links_of(plan, code)
        and all(before.bodies.get(row.origin) is registry.bodies.get(row.origin) for row in rows)
        and all(before.sources.get(source) is registry.sources.get(source) for source in sources)
    )


def _as_before(before: Snapshot, old: PlanView, code: str, on: datetime.date) -> dict[str, Any]:
    """What a kept snapshot has of a promise of which nothing changed, as far as it holds on another day."""
    until = old.assessed[code].until
    if before.on <= on and (until is None or on < until):  # no day has passed that the method waits for
        return {name: getattr(old, name)[code] for name in OF_COMMITMENTS if code in getattr(old, name)}
    if on < before.on and code in old.changes_by_code:
        return {"changes_by_code": tuple(each for each in old.changes_by_code[code] if each.day <= on)}
    return {}
