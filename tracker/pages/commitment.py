"""What the page of one promise shows."""

from functools import partial

from django.conf import settings

from tracker.charts.picture import picture
from tracker.explain.reasons import arithmetic, explain
from tracker.explain.ruling import ruling_of
from tracker.exports.linked import claim_review
from tracker.models import SPEAKING, Rule
from tracker.records.registry import neighbours

from .baseline import before_the_plan, of_same_series
from .evidence import (
    amendments,
    baseline_entry,
    deciding_sources,
    finding_list,
    findings_by_side,
    history,
    passages,
    stages,
    test_amended,
)
from .norms import rests_on
from .recommendations import recommended_to


def commitment(snapshot, plan, code):
    """One promise: what the head of its page says, and how to find the rest, which is written once for a snapshot."""
    commitment = plan.commitment(code)
    return {
        "commitment": commitment,
        "provision": plan.provisions[commitment.provision],
        "trail": plan.trail(commitment.category),
        "assessed": plan.assessed[code],
        "review": claim_review(snapshot, plan, commitment),
        "details": partial(_details, snapshot, plan, code),
    }


def _details(snapshot, plan, code):
    """What a promise says, what would show it kept, what is found and claimed, and why."""
    commitment = plan.commitments[code]
    metric = snapshot.metrics.get(commitment.metric)
    assessed = plan.assessed[code]
    before, after = neighbours(plan.commitments, code)
    siblings = plan.by_provision[commitment.provision]
    rows, in_short = plan.updates[code], ruling_of(snapshot, plan, code)
    return {
        "metric": metric,
        "shared_with": [
            c for c in snapshot.by_metric.get(commitment.metric, ()) if c is not commitment and c.plan == plan.code
        ],
        "producer": plan.bodies.get(metric.producer) if metric else None,
        "groups": [snapshot.groups[each] for each in commitment.groups],
        "bodies": [plan.bodies[each] for each in commitment.bodies],
        "siblings": siblings,
        "place": siblings.index(commitment) + 1,
        "before": before,
        "after": after,
        "url": settings.SITE_URL + commitment.path,
        "ruling": in_short,
        "explanation": [each for each in explain(commitment, assessed) if str(each) not in in_short["decided"]],
        "arithmetic": arithmetic(commitment, assessed, snapshot.on),
        "series": picture(snapshot, plan, code),
        "stages": stages(snapshot, metric, commitment, rows) if metric and metric.rungs else (),
        "says_by_side": {side: getattr(commitment, f"{side}_says") for side in SPEAKING},
        "columns": findings_by_side(snapshot, plan, plan.findings[code]),
        "history": history(snapshot, rows, plan),
        "stood": before_the_plan(plan, plan.baseline_by_commitment[code], f"commitment={code}"),
        "same_series": of_same_series(snapshot, commitment.metric, plan),
        "beside": [
            {"metric": snapshot.metrics[each], "history": history(snapshot, snapshot.updates.get(each, ()), plan)}
            for each in commitment.beside
        ],
        "replaced": history(snapshot, plan.replaced[code], plan),
        "replaced_findings": finding_list(snapshot, plan, plan.replaced_findings.get(code, ())),
        "amendments": amendments(
            snapshot,
            ("commitment", plan.code, code),
            *(("link", plan.code, link.code) for link in plan.links[code]),
            *(("recommendation_link", plan.code, link.code) for link in plan.recommended[code]),
        ),
        "test_amended": test_amended(snapshot, commitment),
        "metric_amendments": amendments(snapshot, ("metric", metric.code)) if metric else (),
        "rests_on": rests_on(snapshot, plan, commitment),
        "recommended": recommended_to(snapshot, plan, commitment),
        "passage": passages(snapshot, plan, [commitment.provision], [commitment]).get(commitment.provision),
        "attachment": snapshot.attachment(plan.code),
        "inputs": set(assessed.inputs),
        "baseline_entry": baseline_entry(assessed),
        "silence_counts": commitment.rule == Rule.UPHOLD,
        "deciding": [[each] for each in deciding_sources(snapshot, plan, commitment, assessed)],
    }
