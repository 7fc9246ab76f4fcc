"""Reading a snapshot, keeping it in memory, and moving it forward after a publication."""

import threading

from django.utils import timezone

from tracker.models import LedgerEntry
from tracker.reading import Progress, Registry, commitment_of

from .plan import PlanView
from .snapshot import Snapshot

MOST_KEPT = 12  # snapshots in memory: today's, and some of the past days that were asked for

_lock = threading.Lock()
_kept = {}
_registries = {}


def snapshot(on=None, known=None):
    """Everything public: what was true on a day, by what this site had published up to a log entry.

    By default today, and the newest entry. Asks the database for the number of that entry, and for more only where
    no snapshot of it is kept.
    """
    head = LedgerEntry.objects.head()
    on = on or timezone.localdate()
    key = (head, on, head if known is None else min(known, head))
    if (kept := _kept.get(key)) is not None:
        return kept
    with _lock:  # one thread reads, the others wait for what it read
        while key not in _kept:
            built = _read(*key)
            head = LedgerEntry.objects.head()
            if head != built.head:  # something was published while it was read
                key = (head, on, head if known is None else min(known, head))
                continue
            for old in [k for k in _kept if k[0] != head]:
                del _kept[old]
            while len(_kept) >= MOST_KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = built
        return _kept[key]


def entry_on(day):
    """The last log entry by the end of a day; 0 where there was none yet."""
    before = LedgerEntry.objects.filter(at__date__lte=day).order_by("-seq").values_list("seq", flat=True)
    return before.first() or 0


def forget():
    """Drop the snapshots kept in memory; the next question reads the database again."""
    _kept.clear()
    _registries.clear()


def _registry(head, known):
    """The registry at an entry. Kept while nothing but progress was published, which leaves it as it is."""
    if known < head:
        return Registry(known, head)
    changed = LedgerEntry.objects.filter(action__in=("register", "rearrange", "amend")).head()
    if changed not in _registries:
        _registries.clear()
        _registries[changed] = Registry(known, head)
    return _registries[changed]


def _read(head, on, known):
    """Read a snapshot. Moved forward from the one before, where the registry and the day are the same.

    Only commitments whose rows changed are asked of the method again; the others are taken over as they were.
    """
    registry = _registry(head, known)
    progress = Progress(known, registry.bodies)
    before = next((kept for kept in _kept.values() if kept.registry is registry and kept.on == on), None)
    plans = {}
    for plan in registry.plans:
        commitments, assessed, updates, replaced, findings = {}, {}, {}, {}, {}
        for code, c in registry.rows.get(plan.code, {}).items():
            keys = [("commitment", plan.code, code)] + ([("metric", c.metric.code)] if c.metric else [])
            mine = [row for key in keys for row in progress.updates.get(key, ())]
            found = progress.assessments.get(keys[0], ())
            old = before.plans[plan.code] if before else None
            if old and old.updates[code] == tuple(mine) and old.findings[code] == tuple(found):
                commitments[code], assessed[code] = old.commitments[code], old.assessed[code]
            else:
                commitments[code], assessed[code] = commitment_of(c, plan, mine, found, registry, on)
            updates[code] = tuple(mine)
            findings[code] = tuple(found)
            replaced[code] = tuple(row for key in keys for row in progress.replaced_updates.get(key, ()))
        plans[plan.code] = PlanView(
            code=plan.code,
            title=plan.title,
            short_title=plan.short_title,
            language=plan.language,
            publisher=registry.bodies[plan.publisher.code],
            published_on=plan.published_on,
            published_precision=plan.published_precision,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            categories=registry.categories.get(plan.code, {}),
            provisions=registry.provisions.get(plan.code, {}),
            commitments=commitments,
            assessed=assessed,
            updates=updates,
            replaced=replaced,
            findings=findings,
            bodies=registry.bodies,
            findings_on={
                key[2]: tuple(rows)
                for key, rows in progress.assessments.items()
                if key[0] == "category" and key[1] == plan.code
            },
            replaced_findings={
                key[2] if key[0] == "commitment" else ("right", key[2]): tuple(rows)
                for key, rows in progress.replaced_assessments.items()
                if key[1] == plan.code
            },
        )
    hash_ = LedgerEntry.objects.filter(seq=known).values_list("hash", flat=True).first() or ""
    return Snapshot(
        head=head,
        known=known,
        on=on,
        head_hash=hash_,
        plans=plans,
        metrics=registry.metrics,
        bodies=registry.bodies,
        groups=registry.groups,
        sources=registry.sources,
        registry=registry,
        updates={key[1]: tuple(rows) for key, rows in progress.updates.items() if key[0] == "metric"},
        replaced={key[1]: tuple(rows) for key, rows in progress.replaced_updates.items() if key[0] == "metric"},
        replaced_by=progress.replaced_by,
        amendments={key: tuple(rows) for key, rows in progress.amendments.items()},
    )
