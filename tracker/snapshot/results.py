"""A commitment's rows to the method, and its result to a public record."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from tracker.models import What
from tracker.records.registry import CommitmentRecord
from tracker.standalone import assess
from tracker.text import plain_number

from .paths import path_of

SIX_PLACES = Decimal("0.000001")


def promise_of(c, plan):
    """A commitment as the method sees it."""
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


def record_of(updates, findings, registry):
    """Rows about a commitment as the method sees them."""

    def side(code):
        return registry.bodies[code].side if code in registry.bodies else "official"

    def addressed(row):
        return any(registry.sources[cited.source].address for cited in row.evidence)

    def origins(row):
        return tuple({registry.sources[cited.source].publisher for cited in row.evidence})

    return assess.Record(
        values=tuple(
            assess.Value(
                entry=u.entry,
                value=Fraction(u.value),
                bound=u.bound,
                as_of=u.as_of,
                starts_on=u.starts_on,
                fits=u.fits,
                scope=u.scope,
                origin=u.origin,
                side=side(u.origin),
                addressed=addressed(u),
            )
            for u in updates
            if u.what == What.VALUE
        ),
        rungs=tuple(
            assess.Rung(u.entry, u.rung, u.as_of, u.origin, side(u.origin), addressed(u))
            for u in updates
            if u.what == What.RUNG
        ),
        judgements=tuple(
            assess.Judgement(u.entry, u.verdict, u.as_of, origins(u), addressed(u))
            for u in updates
            if u.what == What.JUDGEMENT
        ),
        searches=tuple(assess.Search(u.entry, u.as_of, u.withheld) for u in updates if u.what == What.SEARCH),
        findings=tuple(
            assess.Finding(f.entry, f.says, f.side, f.as_of, f.origin, f.starts_on, f.finds_harm, addressed(f))
            for f in findings
        ),
    )


def says_of(findings, side, on):
    """What one side says of a promise: the newest verdict, or ``mixed`` where it says different things."""
    verdicts = [f for f in findings if f.side == side and f.as_of <= on]
    clear = {f.says for f in verdicts if f.says in ("kept", "partly", "not_kept")}
    if len(clear) > 1:
        return "mixed"
    if clear:
        return clear.pop()
    return max(verdicts, key=lambda f: (f.as_of, f.entry)).says if verdicts else ""


def as_decimal(fraction):
    """A fraction as a number for people and files: six places at most."""
    if fraction is None:
        return None
    number = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    return plain_number(number.quantize(SIX_PLACES, rounding=ROUND_HALF_EVEN))


def period_words(value):
    """The period of a value: its end, or start and end."""
    return f"{value.starts_on}/{value.as_of}" if value.starts_on else str(value.as_of)


def commitment_of(c, plan, updates, findings, registry, on):
    """The public record of a commitment with what became of it, and the whole result."""
    assessed = assess.assess(promise_of(c, plan), record_of(updates, findings, registry), on)
    category = c.provision.category
    value, baseline = assessed.value, assessed.baseline
    sources = {cited.source for row in (*updates, *findings) for cited in row.evidence}
    record = CommitmentRecord(
        plan=plan.code,
        code=c.code,
        category=category.code if category else "",
        provision=c.provision.code,
        title=c.title,
        quote=c.quote,
        qualifier=c.qualifier,
        test=c.test,
        other_reading=c.other_reading,
        kind=c.kind,
        level=c.level,
        rule=c.rule,
        metric=c.metric.code if c.metric else "",
        beside=tuple(sorted(metric.code for metric in c.beside.all())),
        comparator=c.comparator,
        target_value=None if c.target_value is None else plain_number(c.target_value),
        target_rung=c.target_rung,
        tolerance=None if c.tolerance is None else plain_number(c.tolerance),
        unit=c.unit,
        base_date=c.base_date,
        deadline=c.deadline,
        deadline_basis=c.deadline_basis,
        groups=tuple(sorted(group.code for group in c.groups.all())),
        bodies=tuple(sorted(body.code for body in c.bodies.all())),
        norms=tuple(link.norm for link in registry.norms.links_of(plan.code, c.code)),
        carried_from=c.carried_from,
        status=assessed.status,
        group=assessed.group,
        status_basis=assessed.basis,
        missing=assessed.missing,
        flags=assessed.flags,
        value=None if value is None else as_decimal(value.value),
        value_bound=value.bound if value else "",
        value_period=period_words(value) if value else "",
        baseline_value=None if baseline is None else as_decimal(baseline.value),
        baseline_date=baseline.as_of if baseline else None,
        distance=as_decimal(assessed.distance),
        pace=as_decimal(assessed.pace),
        projected=as_decimal(assessed.projected),
        official_says=says_of(findings, "official", on),
        un_says=says_of(findings, "un", on),
        independent_says=says_of(findings, "independent", on),
        evidence_count=len(sources),
        path=path_of("commitment-detail", plan.code, c.code),
    )
    return record, assessed
