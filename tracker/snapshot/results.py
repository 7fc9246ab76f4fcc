"""A commitment's rows to the method, and its result to a public record."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from tracker.models import Commitment, Side, What
from tracker.records.registry import AssessmentRecord, CommitmentRecord, UpdateRecord
from tracker.standalone import assess
from tracker.text import plain_number

from .registry import Registry, path_of, public_record

SIX_PLACES = Decimal("0.000001")


def promise_of(c: Commitment, plan: Any) -> assess.Promise:
    """A commitment as the method sees it; ``plan`` is the stored one or that of a snapshot."""
    metric = c.metric
    return assess.Promise(
        code=c.code,
        rule=c.rule,
        deadline=c.deadline,
        plan_starts=plan.starts_on,
        plan_published=plan.published_on,
        comparator=c.comparator,
        target=None if c.target_value is None else Fraction(c.target_value),
        tolerance=None if c.tolerance is None else Fraction(c.tolerance),
        target_rung=c.target_rung,
        rungs=tuple(metric.rungs) if metric else (),
        base_date=c.base_date,
        nature=metric.nature if metric else "",
        lag_months=metric.lag_months if metric else None,
    )


def record_of(
    updates: Iterable[UpdateRecord], findings: Iterable[AssessmentRecord], registry: Registry
) -> assess.Record:
    """Rows about a commitment as the method sees them."""
    bodies, sources = registry.bodies, registry.sources
    values, rungs, judgements, searches = [], [], [], []
    for u in updates:
        side = bodies[u.origin].side if u.origin in bodies else "official"
        addressed = any(sources[cited.source].address for cited in u.evidence)
        if u.what == What.VALUE and u.value is not None:
            value = assess.Value(
                entry=u.entry,
                value=Fraction(u.value),
                bound=u.bound,
                as_of=u.as_of,
                starts_on=u.starts_on,
                fits=u.fits,
                scope=u.scope,
                origin=u.origin,
                side=side,
                addressed=addressed,
            )
            values.append(value)
        elif u.what == What.RUNG:
            rungs.append(assess.Rung(u.entry, u.rung, u.as_of, u.origin, side, addressed))
        elif u.what == What.JUDGEMENT:
            origins = tuple({sources[cited.source].publisher for cited in u.evidence})
            judgements.append(assess.Judgement(u.entry, u.verdict, u.as_of, origins, addressed))
        elif u.what == What.SEARCH:
            searches.append(assess.Search(u.entry, u.as_of, u.withheld))
    return assess.Record(
        values=tuple(values),
        rungs=tuple(rungs),
        judgements=tuple(judgements),
        searches=tuple(searches),
        findings=tuple(
            assess.Finding(f.entry, f.says, f.side, f.as_of, f.origin, f.starts_on, f.finds_harm, addressed)
            for f in findings
            for addressed in (any(sources[cited.source].address for cited in f.evidence),)
        ),
    )


def says_of(findings: Iterable[AssessmentRecord], side: str, on: datetime.date) -> str:
    """What one side says of a promise: the newest verdict, or ``mixed`` where it says different things."""
    verdicts = [f for f in findings if f.side == side and f.as_of <= on]
    clear = {f.says for f in verdicts if f.says in ("kept", "partly", "not_kept")}
    if len(clear) > 1:
        return "mixed"
    if clear:
        return clear.pop()
    return max(verdicts, key=lambda f: (f.as_of, f.entry)).says if verdicts else ""


def as_decimal(fraction: Fraction | None) -> Decimal | None:
    """A fraction as a number for people and files: six places at most."""
    if fraction is None:
        return None
    number = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    return plain_number(number.quantize(SIX_PLACES, rounding=ROUND_HALF_EVEN))


def commitment_of(
    c: Commitment,
    plan: Any,
    updates: Sequence[UpdateRecord],
    findings: Sequence[AssessmentRecord],
    registry: Registry,
    on: datetime.date,
) -> tuple[CommitmentRecord, assess.Assessed]:
    """The public record of a commitment with what became of it, and the whole result."""
    assessed = assess.assess(promise_of(c, plan), record_of(updates, findings, registry), on)
    category, value, baseline = c.provision.category, assessed.value, assessed.baseline
    rows: tuple[UpdateRecord | AssessmentRecord, ...] = (*updates, *findings)
    sources = {cited.source for row in rows for cited in row.evidence}
    record = public_record(
        CommitmentRecord,
        c,
        category=category.code if category else "",
        norms=tuple(link.norm for link in registry.links_of(plan.code, c.code)),
        **{name: getattr(assessed, name) for name in ("status", "group", "missing", "flags")},
        status_basis=assessed.basis,
        value=as_decimal(value.value) if value else None,
        value_bound=value.bound if value else "",
        value_period="/".join(str(day) for day in (value.starts_on, value.as_of) if day) if value else "",
        baseline_value=as_decimal(baseline.value) if baseline else None,
        baseline_date=baseline.as_of if baseline else None,
        **{name: as_decimal(getattr(assessed, name)) for name in ("distance", "pace", "projected")},
        **{f"{side}_says": says_of(findings, side, on) for side in Side.values},
        evidence_count=len(sources),
        path=path_of("commitment-detail", plan.code, c.code),
    )
    return record, assessed
