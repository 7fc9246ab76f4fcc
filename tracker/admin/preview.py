"""What a draft would change: the status that the method would give, and the difference to what is public now.

Nothing is written: the rows of the snapshot are taken with the draft added, or the replaced row taken away, and the
method is asked as it is for the public pages.
"""

import copy
import dataclasses
import datetime
from collections import namedtuple

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker.actions.errors import NotAllowed
from tracker.actions.opening import contents, needed_by
from tracker.actions.registry import lay_on
from tracker.explain.reasons import explain
from tracker.ledger.content import public_content
from tracker.models import Assessment, Source, State, Update, What
from tracker.records.progress import AssessmentRecord, CitedRecord, UpdateRecord
from tracker.snapshot.cache import read_snapshot
from tracker.snapshot.results import commitment_of
from tracker.text.plain import plain_number
from tracker.wording import labels

LAST = 6  # rows on record that a form shows
# What one commitment's status is, and what it would be, in words; and the flags that would appear on it and go.
Effect = namedtuple("Effect", ("commitment", "before", "after", "changed", "explanation", "flags", "appear", "go"))
NOT_COMPARED = {"replaces", "plan", "people", "precision"}  # said elsewhere, with the dates, or to nobody


def effects(record, evidence=None, snapshot=None):
    """What a draft would make of status and flags of each commitment that it touches. Empty while that is not known."""
    snapshot = snapshot or read_snapshot()
    if evidence is None:
        evidence = list(record.evidence.select_related("source__publisher")) if record.pk else []
    sources = [each.source for each in evidence]
    registry = snapshot.registry.beside(sources, [record.origin, *(source.publisher for source in sources)])
    changed = []
    for plan, code, row in _touched(record, snapshot):
        updates, findings = list(plan.updates[code]), list(plan.findings[code])
        if isinstance(record, Assessment):
            findings = _with(findings, record, snapshot, evidence)
        elif not record.is_amendment:
            updates = _with(updates, record, snapshot, evidence)
        if updates is None or findings is None:
            continue
        bodies = registry.bodies_for(row.plan.state)  # which an amendment of the plan may change
        findings = [dataclasses.replace(f, side=bodies[f.origin].side) for f in findings]
        before = plan.commitments[code]
        after, assessed = commitment_of(row, updates, findings, registry, snapshot.on)
        words = [f"{labels.status_sign(each)} {labels.status(each)}" for each in (before, after)]
        old, new = (dict.fromkeys(each.flags) for each in (before, after))
        differs = (before.status, before.missing, set(old)) != (after.status, after.missing, set(new))
        if not differs and isinstance(record, Update) and record.plan_id:
            continue  # of hundreds of promises in an amended plan, only those that would stand otherwise
        lists = (list(old), [f for f in new if f not in old], [f for f in old if f not in new])
        named = [[str(labels.FLAGS.get(flag, flag)) for flag in each] for each in lists]
        changed.append(Effect(before, *words, differs, tuple(explain(after, assessed)), *named))
    return changed


def _touched(record, snapshot):
    """Each commitment that a draft bears on: its plan, code and row, an amendment's new values laid on."""
    commitment, metric, amended = record.commitment, getattr(record, "metric", None), getattr(record, "plan", None)
    for plan in snapshot.plans.values():
        for code, row in snapshot.registry.rows.get(plan.code, {}).items():
            direct = commitment is not None and (row.plan_id, code) == (commitment.plan_id, commitment.code)
            measured = metric is not None and row.metric_id == metric.pk
            planned = amended is not None and row.plan_id == amended.pk
            if direct and record.is_amendment:
                row = amended_copy(row, record.amends)
            elif measured and record.is_amendment:
                row = copy.copy(row)
                row.metric = amended_copy(row.metric, record.amends)
            elif planned:
                row = copy.copy(row)
                row.plan = amended_copy(row.plan, record.amends)
            if direct or measured or planned:
                yield plan, code, row


def amended_copy(record, changes):
    """A record as an amendment would leave it, unsaved."""
    changed = copy.copy(record)
    lay_on(changed, changes)
    return changed


def _with(rows, record, snapshot, evidence):
    """Public rows with the draft among them and the row that it replaces gone; ``None`` where it is not whole yet."""
    if record.replaces_id:
        rows = [row for row in rows if row.entry != record.replaces.entry_id]
    if record.is_withdrawal:
        return rows
    common = {
        "entry": snapshot.head + 1,
        "commitment": record.commitment.code if record.commitment_id else "",
        "origin": record.origin.code if record.origin_id else "",
        "redacted": False,
        "at": timezone.now(),
        "evidence": tuple(CitedRecord(e.source.code, e.locator, e.note) for e in evidence),
    }
    if record.as_of is None or (isinstance(record, Assessment) and record.origin is None):
        return None
    if isinstance(record, Assessment):
        category = record.category.code if record.category_id else ""
        return [*rows, _public(AssessmentRecord, record, category=category, side="", **common)]
    if record.what == What.VALUE and (record.value is None or not record.bound or not record.fits):
        return None
    value = None if record.value is None else plain_number(record.value)
    metric = record.metric.code if record.metric_id else ""
    return [*rows, _public(UpdateRecord, record, metric=metric, value=value, **common)]


def _public(cls, record, **fields):
    """A draft in the public shape of its kind; what only publishing gives is blank."""
    names = [field.name for field in dataclasses.fields(cls) if field.name not in fields]
    blank = ("replaces", "replies_to")  # entries of other rows, which the method does not look at
    return cls(**fields, **{name: None if name in blank else getattr(record, name, None) for name in names})


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
    """What is public now and what would be, by field and in words: for a correction, an amendment or a new row."""
    if record.is_amendment:
        about = record.about
        rows = [
            (name, _amended(about, name, old), _amended(about, name, new)) for name, (old, new) in record.amends.items()
        ]
        return [_line(about, name, old, new) for name, old, new in rows]
    # A withdrawn finding says its words anew, an update's withdrawal nothing but its reason.
    bare = record.is_withdrawal and isinstance(record, Update)
    new = {"reason": record.reason} if bare else public_content(record)
    old = public_content(record.replaces) if record.replaces_id else {}
    lines = []
    for name in {**old, **new}:
        if name not in NOT_COMPARED:
            pair = [
                _in_words(row, name) if name in content else ""
                for row, content in ((record.replaces, old), (record, new))
            ]
            lines.append(_line(record, name, *pair))
    return lines


def shown(record):
    """What a row says, in words; of one that takes the place of nothing without the evidence, which stands below."""
    lines = difference(record)
    replaces = record.replaces_id or record.is_amendment
    return lines if replaces else [line for line in lines if line["name"] != "evidence"]


def mended(record):
    """What has changed since a reviewer returned it, as ``difference`` says it; ``None`` where nobody did."""
    if record.returned_as is None:
        return None
    was, columns = type(record)(), record.returned_as["columns"]
    fields = [field for field in record._meta.concrete_fields if field.attname in columns]
    for field in fields:
        value = columns[field.attname]
        setattr(was, field.attname, value if value is None else field.to_python(value))
    moved = {field.name for field in fields if field.value_from_object(was) != field.value_from_object(record)}
    moved |= {"as_of"} if "precision" in moved else set()
    names = [field.name for field in fields if field.name in moved - {"precision"}]
    lines = [_line(record, name, *(_in_words(row, name) for row in (was, record))) for name in names]
    sources = Source.everything.in_bulk({each[0] for each in record.returned_as["evidence"]})
    cited = [[sources.get(pk), *citation] for pk, *citation in record.returned_as["evidence"]]
    old = "; ".join(", ".join(str(part) for part in each if part) for each in cited)
    now = [[e.source, e.locator, e.note, e.file_name] for e in record.evidence.select_related("source").order_by("pk")]
    new = "; ".join(", ".join(str(part) for part in each if part) for each in now)
    return [*lines, _line(record, "evidence", old, new)] if old != new else lines


def _line(about, name, old, new):
    return {"name": name, "field": _label(about, name), "old": old or "–", "new": new or "–", "differs": old != new}


def _label(about, name):
    if name == "evidence":
        return _("Evidence")
    try:
        return str(about._meta.get_field(name).verbose_name).capitalize()
    except FieldDoesNotExist:
        return name.replace("_", " ").capitalize()


def _in_words(row, name):
    """The value of a field of a row as a reader would be told it."""
    if name == "evidence":
        return "; ".join(", ".join(filter(None, (e.source.title, e.locator, e.note))) for e in row.evidence.all())
    value = getattr(row, name)
    if name == "value":
        if value is None:
            return ""
        return labels.measured(value, "exact", row.metric.unit if row.metric else "")
    if name == "as_of":
        return labels.dated_in_words(value, row.precision)
    if name == "changes":
        return "; ".join(_label(row.about, each) for each in value or ())
    return _plain(row._meta.get_field(name), value)


def _amended(about, name, value):
    """An old or new value of an amendment, which has codes for records, as a reader would be told it."""
    field = about._meta.get_field(name)
    if field.is_relation and value:
        codes = value if isinstance(value, list) else [value]
        named = {each.code: str(each) for each in field.related_model._default_manager.filter(code__in=codes)}
        return "; ".join(named.get(code, code) for code in codes)
    return _plain(field, value)


def _plain(field, value):
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime.date):
        return labels.dated_in_words(value, "day")
    if isinstance(value, list):
        return "; ".join(_plain(field, each) for each in value)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values() if each)
    return str(dict(field.flatchoices).get(value, value))


def brought(record):
    """Sources and bodies that are not public yet and become so with a row, each with who published or made it."""
    if record.state == State.PUBLISHED:
        return []
    try:
        needed = needed_by(record)
    except NotAllowed:
        return []
    rows = [row for table, rows in contents(*needed).items() for row in rows] if needed else []
    return [{"record": row, "kind": row._meta.verbose_name, "name": row._meta.model_name} for row in rows]
