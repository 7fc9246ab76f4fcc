"""What the pages of a baseline show: what a document of the State reported of the time before the plan."""

from collections import Counter
from itertools import groupby

from tracker.models import What
from tracker.records.registry import neighbours

from .evidence import amendments, by_then, newest_first, passage_of_record, publication
from .explorer import page_of

ON_A_PAGE = 100
A_HANDFUL = 5  # shown in the block of another page, with a link to all


def baseline(filters):
    """The filtered set a page at a time, with every facet's counts, and what of the document is not recorded."""
    snapshot, plan = filters.snapshot, filters.plan
    records, facets = filters.answer()
    page = page_of(filters, records, ON_A_PAGE)
    by_right = filters.sort == "right"
    groups = groupby(page["rows"], key=lambda record: record.category) if by_right else [("", page["rows"])]
    return page | {
        # More than a list of hundreds of promises can show: an address may name one, and then it is among the choices.
        "facets": [facet for facet in facets if facet.name != "commitment"],
        "groups": [
            {"category": plan.categories.get(code) if by_right else None, "records": list(rows)}
            for code, rows in groups
        ],
        "by_right": by_right,
        "noindex": "on" in filters.parameters or "known" in filters.parameters,
        "documents": documents(snapshot, plan),
        "undated": sum(1 for record in plan.baseline.values() if record.undated),
        "figures": sum(1 for record in plan.baseline.values() if record.value is not None),
        "amendments": amendments(snapshot, (), *(("passage", plan.code, code) for code in plan.passages)),
        "aside": sum(len(passage.other_figures) for passage in plan.passages.values()),
    }


def documents(snapshot, plan):
    """The documents that give records of the baseline: those it was taken from first, then those that repeat them."""
    records = plan.baseline.values()
    own = Counter(record.source for record in records)
    repeated = Counter(code for record in records for code in {each.source for each in record.citations})
    differs = Counter(code for r in records for code in {each.source for each in r.citations if each.differs})
    return [
        publication(snapshot, code, plan) | {"records": repeated[code], "differs": differs[code], "own": own[code]}
        for code in sorted(repeated, key=lambda code: (-own[code], -repeated[code], code))
    ]


def baseline_record(snapshot, plan, code):
    """One figure or act: its words, every place that gives it, what it is context for, and what came later."""
    record = plan.baseline_record(code)
    before, after = neighbours(plan.baseline, code)
    return {
        "record": record,
        "passage": passage_of_record(snapshot, plan, record),
        "source": snapshot.sources[record.source],
        "category": plan.categories.get(record.category),
        "trail": plan.trail(record.category),
        "amendments": amendments(snapshot, ("baseline", plan.code, code)),
        "citations": [{"cited": each, **publication(snapshot, each.source, plan)} for each in record.citations],
        "commitments": [plan.commitments[each] for each in record.commitments if each in plan.commitments],
        "metrics": [
            {"metric": snapshot.metrics[each], "later": _later(snapshot, plan, record, each)}
            for each in record.metrics
            if each in snapshot.metrics
        ],
        "before": before,
        "after": after,
    }


def _later(snapshot, plan, record, metric):
    """The newest value of a metric that speaks of a later day than the record does, or ``None``."""
    rows = newest_first(by_then(snapshot, snapshot.updates.get(metric, ())))
    later = [u for u in rows if u.what == What.VALUE and not u.scope and u.as_of > record.as_of]
    return {"update": later[0], "origin": plan.bodies.get(later[0].origin)} if later else None


def before_the_plan(plan, records, query):
    """Records of the baseline as a block of another page: a handful, figures with a date first, and the way to all."""
    first = sorted(records, key=lambda record: (record.value is None, record.undated))
    return {"records": first[:A_HANDFUL], "total": len(records), "address": f"{plan.baseline_path}?{query}"}


def of_same_series(snapshot, metric, plan=None):
    """Records of the same series as a metric, newest first, each with its document; nothing computes with them.

    With a plan, those of its own baseline: what was before another plan may be within this one's period.
    """
    records = [record for record in snapshot.baseline_by_metric.get(metric, ()) if record.same_series]
    newest = sorted(records, key=lambda record: record.as_of, reverse=True)
    return [
        {"record": record, "source": snapshot.sources[record.source]}
        for record in newest
        if plan is None or record.plan == plan.code
    ]
