"""What stands beside a form while somebody records: the promise, its test, the series so far, the four accounts."""

from tracker.charts.picture import picture
from tracker.models import Shape, State
from tracker.pages.evidence import finding_list, history, stages
from tracker.snapshot.cache import read_snapshot
from tracker.wording import labels

LAST = 6  # values, stages or findings that are shown
MOST_ALSO = 4  # rows of one person on the same thing that are named


def beside(record, about=None):
    """What the page of a promise says, as far as one needs it to record; ``None`` where nothing is known yet.

    ``about`` is the commitment by which the form was opened: of several that a metric answers, it comes first.
    """
    snapshot = read_snapshot()
    metric, promises = bears_on(snapshot, record, about)
    if promises:
        return _promise(snapshot, promises[0]) | {"others": promises[1:], "snapshot": snapshot}
    if metric is not None:
        newest = history(snapshot, snapshot.updates.get(metric.code, ()))[:LAST]
        return _metric(snapshot, metric) | {"history": newest, "snapshot": snapshot}
    return _right(snapshot, record)


def bears_on(snapshot, record, about=None):
    """The metric of a row, and the promises that it bears on, as far as they are public."""
    metric = snapshot.metrics.get(record.metric.code) if getattr(record, "metric_id", None) else None
    first = record.commitment if record.commitment_id else about
    promises = []
    if first is not None and first.plan.code in snapshot.plans:
        promises = [c for c in (snapshot.plans[first.plan.code].commitments.get(first.code),) if c]
    if metric is not None:
        promises += [c for c in snapshot.by_metric.get(metric.code, ()) if c not in promises]
    return metric, promises


def also_on_its_way(record, person):
    """Rows of a person on the same thing that are not public yet: another tab or a press before may have begun one."""
    names = [name for name in ("what", "metric", "commitment", "category") if hasattr(record, name)]
    about = {name: getattr(record, name) for name in names}
    if not any(about.get(name) for name in ("metric", "commitment", "category")):
        return []
    rows = type(record).objects.exclude(state=State.PUBLISHED).exclude(pk=record.pk).filter(author=person, **about)
    return list(rows.select_related("metric" if "metric" in about else "origin").order_by("-pk")[:MOST_ALSO])


def _promise(snapshot, commitment):
    plan = snapshot.plans[commitment.plan]
    metric, rows = snapshot.metrics.get(commitment.metric), plan.updates[commitment.code]
    findings = sorted(plan.findings[commitment.code], key=lambda each: each.as_of, reverse=True)
    return {
        "plan": plan,
        "commitment": commitment,
        "trail": plan.trail(commitment.category),
        "accounts": accounts(commitment),
        "series": picture(snapshot, plan, commitment.code),
        "stages": stages(snapshot, metric, commitment, rows) if metric and metric.rungs else (),
        "history": history(snapshot, rows, plan)[:LAST],
        "findings": finding_list(snapshot, plan, findings)[:LAST],
    } | (_metric(snapshot, metric) if metric else {})


def _metric(snapshot, metric):
    return {"metric": metric, "producer": snapshot.bodies.get(metric.producer), "number": metric.shape == Shape.NUMBER}


def _right(snapshot, record):
    """A right as a whole, for a finding on it."""
    category = record.category if getattr(record, "category_id", None) else None
    plan = snapshot.plans.get(category.plan.code) if category else None
    if plan is None or category.code not in plan.categories:
        return None
    findings = sorted(plan.findings_on.get(category.code, ()), key=lambda each: each.as_of, reverse=True)
    right = plan.categories[category.code]
    return {
        "plan": plan,
        "right": right,
        "findings": finding_list(snapshot, plan, findings)[:LAST],
        "snapshot": snapshot,
    }


def accounts(commitment):
    """What this site finds and what the three sides say: for each its name, a sign and words."""
    own = ("site", labels.status_sign(commitment), labels.status(commitment))
    by_side = ((side, getattr(commitment, f"{side}_says")) for side in ("official", "un", "independent"))
    return [own, *((side, labels.SAYS_SIGNS[says], labels.SAYS[says]) for side, says in by_side)]
