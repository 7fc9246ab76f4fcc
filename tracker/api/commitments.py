"""Promises by the explorer's own filters, over one plan or several, and those filters as parameters."""

import dataclasses
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django_filters import MultipleChoiceFilter

from tracker import labels
from tracker.filters.base import ONLY_ON_THE_PAGE
from tracker.filters.commitments import CommitmentFilter
from tracker.filters.sorting import in_order
from tracker.snapshot.plan import PlanView
from tracker.snapshot.snapshot import Snapshot

from .parameters import Parameter

# Their values are codes that each plan has of its own, so no closed list can be given.
OF_A_PLAN = ("category", "beneficiary", "body", "norm")
TYPES = ((forms.DateField, "date"), (forms.DecimalField, "number"), (forms.IntegerField, "integer"))
# The API has days and pages for all its lists, and ``fields``.
NOT_HERE = ("on", "known", "columns", *ONLY_ON_THE_PAGE)


def parameters():
    """The explorer's filters as parameters: names, types, closed lists and words from their declarations."""
    return tuple(
        Parameter(
            name,
            declared.label,
            type=next((kind for field, kind in TYPES if issubclass(declared.field_class, field)), "string"),
            several=isinstance(declared, MultipleChoiceFilter),
            choices=() if name in OF_A_PLAN else tuple(declared.extra.get("choices", ())),
            longest=declared.extra.get("max_length"),
            checked_elsewhere=True,
        )
        for name, declared in _where_nothing_is_loaded().filters.items()
        if name not in NOT_HERE
    )


def _where_nothing_is_loaded():
    """The explorer's filters over an empty plan, with every status as a choice."""
    plan = PlanView(**{field.name: {} for field in dataclasses.fields(PlanView)})
    snapshot = Snapshot(**{field.name: {} for field in dataclasses.fields(Snapshot)})
    asked = QueryDict(urlencode({"status": list(labels.STATUSES)}, doseq=True))
    return CommitmentFilter(asked, snapshot=snapshot, plan=plan, paged=False)


def select(snapshot, plans, query):
    """The promises of these plans that an address asks for, sorted. A value has to be one in some of the plans."""
    filters = [each for plan in plans if (each := _filter(query, snapshot, plan, plans))]
    found = [commitment for each in filters for commitment in each.answer()[0]]
    # How well words match says nothing across plans, so there each plan's own order stays.
    return in_order(found, filters[0].sorts, {}) if len(filters) > 1 else found


def _filter(query, snapshot, plan, plans):
    """The filter of one plan, without values that only another plan knows; ``None`` where nothing can match."""
    try:
        return CommitmentFilter(query, snapshot=snapshot, plan=plan, paged=False)
    except BadRequest:
        if len(plans) == 1:
            raise
        mine = query.copy()
        for name in OF_A_PLAN:
            values = query.getlist(name)
            known = [value for value in values if _knows(snapshot, plan, name, value)]
            if any(not any(_knows(snapshot, other, name, value) for other in plans) for value in values):
                raise
            if values and not known:
                return None
            mine.setlist(name, known)
        return CommitmentFilter(mine, snapshot=snapshot, plan=plan, paged=False)


def _knows(snapshot, plan, name, value):
    """Whether a value is one in a plan."""
    try:
        CommitmentFilter(QueryDict(urlencode({name: value})), snapshot=snapshot, plan=plan, paged=False)
    except BadRequest:
        return False
    return True
