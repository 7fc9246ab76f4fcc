"""A record made public by itself, as a seed file brings one."""

from tests import factories
from tracker.actions.registry import check, register_all
from tracker.models import Body, Commitment, Source


def register(*, record, by, relations=None):
    """Register one record; raises ``ValidationError`` by field."""
    check(record=record)
    register_all(records=[(record, relations or {})], by=by)
    return record


def recommend(by, *, norms=(), **values):
    """A recommendation of the invented council, public."""
    values |= {"body": Body.objects.get(code="lake-council"), "source": Source.objects.get(code="valley-post-2025")}
    record = factories.RecommendationFactory.build(**values)
    return register(record=record, by=by, relations={"norms": norms})


def link(recommendation, commitment, by, **values):
    """A link from a promise, or that of a code, to a recommendation, public."""
    some = Commitment.objects.get(code=commitment) if isinstance(commitment, str) else commitment
    record = factories.RecommendationLinkFactory.build(
        plan=some.plan, commitment=some, recommendation=recommendation, **values
    )
    return register(record=record, by=by)
