"""What the page of one promise shows."""

from django.conf import settings

from tracker.charts.picture import picture
from tracker.explain import arithmetic, explain
from tracker.records.registry import neighbours

from .baseline import before_the_plan, of_same_series
from .evidence import amendments, finding_list, findings_by_side, history, passages, stages
from .norms import rests_on


def commitment(snapshot, plan, code):
    """One promise: what it says, what would show it kept, what is found and claimed, and why."""
    commitment = plan.commitment(code)
    metric = snapshot.metrics.get(commitment.metric)
    assessed = plan.assessed[code]
    before, after = neighbours(plan.commitments, code)
    siblings = plan.by_provision[commitment.provision]
    rows = plan.updates[code]
    return {
        "commitment": commitment,
        "provision": plan.provisions[commitment.provision],
        "trail": plan.trail(commitment.category),
        "metric": metric,
        "shared_with": [c for c in snapshot.by_metric.get(commitment.metric, ()) if c is not commitment],
        "producer": snapshot.bodies.get(metric.producer) if metric else None,
        "groups": [snapshot.groups[each] for each in commitment.groups],
        "bodies": [snapshot.bodies[each] for each in commitment.bodies],
        "siblings": siblings,
        "place": siblings.index(commitment) + 1,
        "before": before,
        "after": after,
        "url": settings.SITE_URL + commitment.path,
        "assessed": assessed,
        "explanation": explain(commitment, assessed),
        "arithmetic": arithmetic(commitment, assessed, plan, snapshot.on),
        "series": picture(snapshot, plan, code),
        "stages": stages(snapshot, metric, commitment, rows) if metric and metric.rungs else (),
        "columns": findings_by_side(snapshot, plan.findings[code]),
        "history": history(snapshot, rows),
        "stood": before_the_plan(plan, plan.baseline_by_commitment[code], f"commitment={code}"),
        "same_series": of_same_series(snapshot, commitment.metric, plan),
        "beside": [
            {"metric": snapshot.metrics[each], "history": history(snapshot, snapshot.updates.get(each, ()))}
            for each in commitment.beside
        ],
        "replaced": history(snapshot, plan.replaced[code]),
        "replaced_findings": finding_list(snapshot, plan.replaced_findings.get(code, ())),
        "amendments": amendments(snapshot, "commitment", plan.code, code),
        "metric_amendments": amendments(snapshot, "metric", metric.code) if metric else (),
        "rests_on": rests_on(snapshot, plan, commitment),
        "passage": passages(snapshot, plan, [commitment.provision], [commitment]).get(commitment.provision),
        "attachment": snapshot.attachment(plan.code),
        "inputs": set(assessed.inputs),
    }
