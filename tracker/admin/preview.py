"""What a draft would change: the status that the method would give, and the difference to what is public now.

Nothing is written: the rows of the snapshot are taken with the draft added, or the replaced row taken away, and the
method is asked as it is for the public pages.
"""

import copy
import dataclasses

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import labels
from tracker.actions.registry import lay_on
from tracker.explain import explain
from tracker.ledger.content import public_content
from tracker.models import Assessment, Update, What
from tracker.records.registry import AssessmentRecord, CitedRecord, SourceRecord, UpdateRecord
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.registry import public_record
from tracker.snapshot.results import commitment_of
from tracker.text import plain_number

LAST = 6  # rows on record that a form shows


@dataclasses.dataclass(frozen=True)
class Effect:
    """What one commitment's status is, and what it would be."""

    commitment: object
    before: str
    after: str
    changed: bool
    explanation: tuple


def effects(record, evidence=None):
    """What a draft would make of the status of each commitment that it touches. Empty while it cannot be computed."""
    snapshot = read_snapshot()
    registry = _with_sources(snapshot.registry, evidence)
    changed = []
    for plan, code, row in _touched(record, snapshot):
        updates, findings = list(plan.updates[code]), list(plan.findings[code])
        if isinstance(record, Assessment):
            findings = _with(findings, record, snapshot, evidence)
        elif not record.is_amendment:
            updates = _with(updates, record, snapshot, evidence)
        if updates is None or findings is None:
            continue
        before = plan.commitments[code]
        after, assessed = commitment_of(row, plan, updates, findings, registry, snapshot.on)
        words = [f"{labels.status_sign(each)} {labels.status(each)}" for each in (before, after)]
        differs = (before.status, before.missing) != (after.status, after.missing)
        changed.append(Effect(before, *words, differs, tuple(explain(after, assessed))))
    return changed


def _with_sources(registry, evidence):
    """The registry with the sources that are cited and that only an import would register."""
    fresh = {e.source.code: e.source for e in evidence or () if e.source.code not in registry.sources}
    if not fresh:
        return registry
    registry = copy.copy(registry)
    registry.sources = registry.sources | {code: public_record(SourceRecord, source) for code, source in fresh.items()}
    return registry


def _touched(record, snapshot):
    """Each commitment that a draft bears on: its plan, code and row, an amendment's new values laid on."""
    commitment, metric = record.commitment, getattr(record, "metric", None)
    for plan in snapshot.plans.values():
        for code, row in snapshot.registry.rows.get(plan.code, {}).items():
            direct = commitment is not None and (row.plan_id, code) == (commitment.plan_id, commitment.code)
            measured = metric is not None and row.metric_id == metric.pk
            if direct and record.is_amendment:
                row = amended_copy(row, record.amends)
            elif measured and record.is_amendment:
                row = copy.copy(row)
                row.metric = amended_copy(row.metric, record.amends)
            if direct or measured:
                yield plan, code, row


def amended_copy(record, changes):
    """A record as an amendment would leave it, unsaved."""
    changed = copy.copy(record)
    changed._state = copy.copy(record._state)
    changed._state.fields_cache = dict(record._state.fields_cache)
    lay_on(changed, changes)
    return changed


def _with(rows, record, snapshot, evidence):
    """Public rows with the draft among them and the row that it replaces gone; ``None`` where it is not whole yet."""
    if record.replaces_id:
        rows = [row for row in rows if row.entry != record.replaces.entry_id]
    if record.is_withdrawal:
        return rows
    cited = record.evidence.select_related("source") if evidence is None and record.pk else evidence or ()
    common = {
        "entry": snapshot.head + 1,
        "commitment": record.commitment.code if record.commitment_id else "",
        "origin": record.origin.code if record.origin_id else "",
        "redacted": False,
        "at": timezone.now(),
        "evidence": tuple(CitedRecord(e.source.code, e.locator, e.note) for e in cited),
    }
    if record.as_of is None:
        return None
    if isinstance(record, Assessment):
        category = record.category.code if record.category_id else ""
        return [*rows, _public(AssessmentRecord, record, category=category, side=record.origin.side, **common)]
    if record.what == What.VALUE and (record.value is None or not record.bound or not record.fits):
        return None
    value = None if record.value is None else plain_number(record.value)
    metric = record.metric.code if record.metric_id else ""
    return [*rows, _public(UpdateRecord, record, metric=metric, value=value, **common)]


def _public(cls, record, **given):
    """A draft in the public shape of its kind; what only publishing gives is blank."""
    names = [field.name for field in dataclasses.fields(cls) if field.name not in given]
    blank = ("replaces", "replies_to")  # entries of other rows, which the method does not look at
    return cls(**given, **{name: None if name in blank else getattr(record, name, None) for name in names})


def on_record(record):
    """The newest public rows about what a draft is about, for comparison while it is written."""
    snapshot = read_snapshot()
    if getattr(record, "metric_id", None):
        rows = snapshot.updates.get(record.metric.code, ())
    elif record.commitment_id:
        plan = snapshot.plans.get(record.commitment.plan.code)
        by_code = plan and (plan.findings if isinstance(record, Assessment) else plan.updates)
        rows = by_code.get(record.commitment.code, ()) if plan else ()
    elif getattr(record, "category_id", None):
        plan = snapshot.plans.get(record.category.plan.code)
        rows = plan.findings_on.get(record.category.code, ()) if plan else ()
    else:
        rows = ()
    newest = sorted(rows, key=lambda row: row.as_of, reverse=True)[:LAST]
    return [{"row": row, "origin": snapshot.bodies.get(row.origin), "words": _words(row)} for row in newest]


def _words(row):
    """What a public row records, in a few words."""
    if isinstance(row, AssessmentRecord):
        return str(labels.SAYS.get(row.says, row.says))
    if row.value is not None:
        return labels.bounded(row.value, row.bound)
    return row.rung or str(labels.LABELS["verdict"].get(row.verdict, "")) or str(labels.LABELS["what"][row.what])


def difference(record):
    """Pairs of what is public now and what would be, by field: for a correction, an amendment or a new row."""
    if record.is_amendment:
        rows = [(name, old, new) for name, (old, new) in record.amends.items()]
    else:
        # A withdrawn finding says its words anew, an update's withdrawal nothing but its reason.
        bare = record.is_withdrawal and isinstance(record, Update)
        new = {"reason": record.reason} if bare else public_content(record)
        old = public_content(record.replaces) if record.replaces_id else {}
        names = [name for name in {**old, **new} if name not in ("replaces", "plan")]
        rows = [(name, old.get(name), new.get(name)) for name in names]
    return [
        {"field": _label(record, name), "old": _plain(old), "new": _plain(new), "differs": old != new}
        for name, old, new in rows
    ]


def _label(record, name):
    about = record.about if record.is_amendment else record
    if name == "evidence":
        return _("Evidence")
    try:
        return str(about._meta.get_field(name).verbose_name).capitalize()
    except FieldDoesNotExist:
        return name.replace("_", " ").capitalize()


def _plain(value):
    if value in (None, "", []):
        return "–"
    if isinstance(value, list):
        return "; ".join(_plain(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
