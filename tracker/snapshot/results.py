"""A commitment's rows to the method, and its result to a public record."""

import datetime
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from tracker.models import SPEAKING, Commitment, What
from tracker.records.progress import AssessmentRecord, UpdateRecord
from tracker.records.registry import CommitmentRecord
from tracker.standalone import assess
from tracker.text.plain import plain_number

from .registry import Registry, path_of, public_record
from .stored import Deciding

SIX_PLACES = Decimal("0.000001")


def promise_of(c: Commitment) -> assess.Promise:
    """A commitment as the method sees it, with its plan and its metric as they stand in the same registry."""
    metric, plan = c.metric, c.plan
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
        period=(metric and metric.period) or "calendar_year",
        period_ends=(metric and metric.period_ends) or 12,
        term_years=metric.term_years if metric else None,
        only_grows=bool(metric and metric.only_grows_because),
        has_statistic=not (metric and metric.no_statistic_because),
    )


def record_of(
    updates: Iterable[UpdateRecord | Deciding], findings: Iterable[AssessmentRecord], registry: Registry, state: str
) -> assess.Record:
    """Rows about a commitment of a State's plan as the method sees them."""
    bodies, sources = registry.bodies_for(state), registry.sources
    values, rungs, judgements, searches = [], [], [], []
    for u in updates:
        side = bodies[u.origin].side if u.origin in bodies else "official"
        addressed = any(sources[each].address for each in u.sources)
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
                precision=u.precision,
                year_stated=not u.year_not_stated,
            )
            values.append(value)
        elif u.what == What.RUNG:
            rungs.append(assess.Rung(u.entry, u.rung, u.as_of, u.origin, side, addressed, u.precision))
        elif u.what == What.JUDGEMENT:
            origins = tuple({sources[each].publisher for each in u.sources})
            judgements.append(assess.Judgement(u.entry, u.verdict, u.as_of, origins, addressed, u.precision))
        elif u.what == What.SEARCH:
            searches.append(assess.Search(u.entry, u.as_of, u.withheld, u.reach == "full", u.precision))
    return assess.Record(
        values=tuple(values),
        rungs=tuple(rungs),
        judgements=tuple(judgements),
        searches=tuple(searches),
        findings=tuple(
            assess.Finding(
                *(f.entry, f.says, f.side, f.as_of, f.origin, f.starts_on, f.finds_harm, addressed),
                ends_on=f.ends_on,
                precision=f.precision,
            )
            for f in findings
            for addressed in (any(sources[each].address for each in f.sources),)
        ),
    )


def says_of(findings: Iterable[AssessmentRecord], side: str, on: datetime.date) -> str:
    """What one side says of a promise: its verdict, ``mixed`` where its verdicts differ, else its newest word."""
    spoken = [f for f in findings if f.side == side and f.earliest <= on]
    verdicts = {f.says for f in spoken} & {"kept", "partly", "not_kept"}
    if verdicts:
        return verdicts.pop() if len(verdicts) == 1 else "mixed"
    return max(spoken, key=lambda f: (f.as_of, f.entry)).says if spoken else ""


def as_decimal(fraction: Fraction | None) -> Decimal | None:
    """A fraction as a number for people and files: six places at most."""
    if fraction is None:
        return None
    number = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    return plain_number(number.quantize(SIX_PLACES, rounding=ROUND_HALF_EVEN))


def commitment_of(
    c: Commitment,
    updates: Sequence[UpdateRecord | Deciding],
    findings: Sequence[AssessmentRecord],
    registry: Registry,
    on: datetime.date,
) -> tuple[CommitmentRecord, assess.Assessed]:
    """The public record of a commitment with what became of it, and the whole result."""
    assessed = assess.assess(promise_of(c), record_of(updates, findings, registry, c.plan.state), on)
    category, value, baseline = c.provision.category, assessed.value, assessed.baseline
    rows: tuple[UpdateRecord | Deciding | AssessmentRecord, ...] = (*updates, *findings)
    sources = {source for row in rows for source in row.sources}
    record = public_record(
        CommitmentRecord,
        c,
        category=category.code if category else "",
        norms=tuple(link.norm for link in registry.links_of(c.plan.code, c.code)),
        recommendations=tuple(link.recommendation for link in registry.recommended(c.plan.code, c.code)),
        **{name: getattr(assessed, name) for name in ("status", "group", "missing", "flags")},
        status_basis=assessed.basis,
        value=as_decimal(value.value) if value else None,
        value_bound=value.bound if value else "",
        value_starts_on=value.starts_on if value else None,
        value_as_of=value.as_of if value else None,
        decided_by=assessed.inputs,
        baseline_value=as_decimal(baseline.value) if baseline else None,
        baseline_date=baseline.as_of if baseline else None,
        **{name: as_decimal(getattr(assessed, name)) for name in ("distance", "pace", "projected")},
        **{f"{side}_says": says_of(findings, side, on) for side in SPEAKING},
        evidence_count=len(sources),
        path=path_of("commitment-detail", c.plan.code, c.code),
    )
    return record, assessed
