"""A record made public by itself, as a seed file brings one."""

from tracker.actions.registry import check, register_all


def register(*, record, by, relations=None):
    """Register one record; raises ``ValidationError`` by field."""
    check(record=record)
    register_all(records=[(record, relations or {})], by=by)
    return record
