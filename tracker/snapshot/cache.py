"""Reading a snapshot, keeping it in memory, and moving it forward after a publication."""

import threading

from django.db.models import Q
from django.utils import timezone

from tracker.models import LedgerEntry
from tracker.schema import NORM_LINKS

from .attached import attached
from .plan import PlanView
from .progress import Progress
from .registry import Registry
from .results import commitment_of
from .snapshot import Snapshot

MOST_KEPT = 12  # snapshots in memory: today's, and some of the past days that were asked for

_lock = threading.Lock()
_kept = {}
_registries = {}


def read_snapshot(on=None, known=None):
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


def _nearest(known, on):
    """The kept snapshot to go on from: of no later entry; rather of the newest, and of the nearest day before."""
    kept = [each for each in _kept.values() if each.known <= known]
    return max(kept, key=lambda each: (each.known, each.on <= on, each.on), default=None)


def _progress(head, known, registry, before):
    if before and (before.head, before.known) == (head, known):
        return before.progress
    return Progress(head, known, registry.bodies, before.progress if before else None)


def _unchanged(before, known):
    """Whether the promises that the registry held at a kept snapshot it holds unchanged; there may be more of them.

    A link to a norm says something of a promise that was there before.
    """
    changing = Q(action__in=("rearrange", "amend")) | Q(action="register", subject__startswith=f"{NORM_LINKS.name} ")
    return not LedgerEntry.objects.filter(changing, seq__gt=before.known, seq__lte=known).exists()


def _stands(old, code, updates, findings, then, on):
    """Whether the method would answer on a day as it did then: the same rows, and no day passed that it waits for."""
    if code not in old.commitments or (old.updates[code], old.findings[code]) != (updates, findings):
        return False
    until = old.assessed[code].until
    return then <= on and (until is None or on < until)


def _read(head, on, known):
    """Read a snapshot, going on from one that is kept, of an earlier entry or another day.

    Only commitments whose rows changed, or whose status time may have changed, are asked of the method again.
    """
    registry = _registry(head, known)
    before = _nearest(known, on)
    progress = _progress(head, known, registry, before)
    if before and not _unchanged(before, known):
        before = None
    plans = {}
    for plan in registry.plans:
        old = before.plans.get(plan.code) if before else None
        commitments, assessed, updates, replaced, findings, told = {}, {}, {}, {}, {}, {}
        for code, c in registry.rows.get(plan.code, {}).items():
            keys = [("commitment", plan.code, code)] + ([("metric", c.metric.code)] if c.metric else [])
            mine = tuple(row for key in keys for row in progress.updates.get(key, ()))
            found = tuple(progress.assessments.get(keys[0], ()))
            if old and _stands(old, code, mine, found, before.on, on):
                commitments[code], assessed[code] = old.commitments[code], old.assessed[code]
                mine, found = old.updates[code], old.findings[code]
                if code in old.told:
                    told[code] = old.told[code]
            else:
                commitments[code], assessed[code] = commitment_of(c, plan, mine, found, registry, on)
            updates[code], findings[code] = mine, found
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
            told=told,
            bodies=registry.bodies,
            baseline=registry.baseline.get(plan.code, {}),
            passages=registry.passages.get(plan.code, {}),
            links={code: registry.norms.links_of(plan.code, code) for code in commitments},
            adherences=registry.norms.adherences_of(plan.code),
            findings_on={
                code: tuple(progress.assessments[key])
                for code in registry.categories.get(plan.code, {})
                if (key := ("category", plan.code, code)) in progress.assessments
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
        instruments=registry.norms.instruments,
        norms=registry.norms.norms,
        registry=registry,
        progress=progress,
        updates=_of_metrics(registry, progress.updates),
        replaced=_of_metrics(registry, progress.replaced_updates),
        attached=attached(known),
        replaced_by=progress.replaced_by,
        amendments={key: tuple(rows) for key, rows in progress.amendments.items()},
    )


def _of_metrics(registry, rows):
    """Rows about metrics, by metric in the order of the registry."""
    return {code: tuple(rows[key]) for code in registry.metrics if (key := ("metric", code)) in rows}
