"""Check constraints: made, and asked in Python, so that thousands of records need no thousands of queries."""

import operator
from collections.abc import Collection
from functools import reduce

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, F, Model, Q
from django.utils.translation import gettext_lazy as _

COMPARE = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, choices: value in choices,
}


def constraint(name, condition, sentence):
    """A condition that the database keeps, and the sentence for people where a record breaks it."""
    return CheckConstraint(name=name, condition=condition, violation_error_message=sentence)


def known(name, field, choices, sentence):
    """A field has one of its choices; a blank is none."""
    return constraint(name, Q(**{f"{field}__in": choices.values}), sentence)


def one_of(names: Collection[str]) -> Q:
    """One of these fields names a record, and no other does."""
    return reduce(operator.or_, (Q(**{f"{each}__isnull": each != name for each in names}) for name in names))


def period_runs_forward(name):
    """A period that has a first day ends on it or after."""
    return constraint(
        name, Q(starts_on__isnull=True) | Q(starts_on__lte=F("as_of")), _("A period ends after it starts.")
    )


def broken_checks(record: Model) -> list[ValidationError]:
    """A ``ValidationError`` with its sentence for each check constraint that a record breaks.

    The database is asked only where Python does not find that a constraint holds; it also has the last word when the
    row is written.
    """
    errors = []
    for constraint in record._meta.constraints:
        if isinstance(constraint, CheckConstraint) and not _holds(constraint.condition, record):
            try:
                constraint.validate(type(record), record)
            except ValidationError as error:
                errors.append(error)
    return errors


def _holds(condition, record):
    try:
        return _truth(condition, record) is True
    except (LookupError, TypeError):  # a comparison that is not known here
        return False


def _truth(condition, record):
    """True, False, or ``None`` where a blank makes it neither. As in Django, what is denied of a blank is true."""
    if not isinstance(condition, Q):
        return _compare(condition, record)
    decisive = {Q.OR: True, Q.AND: False}.get(condition.connector)
    answers = []
    for child in condition.children:
        answers.append(_truth(child, record))
        if answers[-1] is decisive is not None:
            break  # the rest makes no difference
    if decisive is None:
        answer = None if None in answers else sum(answers) % 2 == 1
    else:
        answer = decisive if decisive in answers else None if None in answers else not decisive
    return answer is not True if condition.negated else answer


def _compare(condition, record):
    name, expected = condition
    name, _mark, lookup = name.partition("__")
    value = _value(record, name)
    if isinstance(expected, F):
        expected = _value(record, expected.name)
    if lookup == "isnull":
        return (value is None) == expected
    compare = COMPARE[lookup or "exact"]
    if value is None or expected is None:
        return None
    if hasattr(expected, "pk"):
        expected = expected.pk
    return compare(value, expected)


def _value(record, name):
    return getattr(record, record._meta.get_field(name).attname)
