"""What is to be mended in a form of the staff, gathered at its top: each sentence with the field that it stands at."""

from collections import namedtuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import public_day

# A sentence, the name of its field and the address of that field on the page; blank where it belongs to none.
Problem = namedtuple("Problem", ("sentence", "name", "at"))
EVIDENCE = "evidence"  # the code of an error that is about it: it has no one field
PLACES = {  # of errors by their code: what has no one field
    EVIDENCE: (gettext_lazy("Evidence"), "evidence-group"),
    "doubts": (gettext_lazy("Is that what you mean?"), "doubts"),
}


def problems_of(form, formsets=()):
    """Every error of a form and of the rows inside it, in the order of the page."""
    errors = form.errors.as_data().get(NON_FIELD_ERRORS, ())
    problems = [Problem(each, *_place_of(error.code)) for error in errors for each in error.messages]
    problems += [problem for bound in form for problem in _at(bound)]
    for formset in formsets:
        problems += [Problem(sentence, "", "") for sentence in formset.non_form_errors()]
        for number, row in enumerate(formset.forms, 1):
            named = _("Source %(number)s") % {"number": number}
            first = next(iter(row.visible_fields()), None)
            problems += [Problem(each, named, _address(first) if first else "") for each in row.non_field_errors()]
            problems += [each._replace(name=f"{named}, {each.name}") for bound in row for each in _at(bound)]
    return problems


def lacks_of(record, evidence, form):
    """What a draft still lacks before it can be handed in, beside what its form refuses at once."""
    lacks = record.what_it_lacks(on=public_day(), evidence=evidence)
    problems = []
    for name, sentence in lacks.items():
        field = form[name] if name in form.fields else None
        place = (_called(field), _address(field)) if field is not None else _place_of(EVIDENCE)
        problems.append(Problem(sentence, *place))
    return problems


def field_of_constraint(form, error):
    """The first field of a form that a constraint of its record is about, if that is what refused it; else ``None``."""
    for each in form._meta.model._meta.constraints:
        if isinstance(each, CheckConstraint) and str(each.violation_error_message) in error.messages:
            return next((name for name in _names(each.condition) if name in form.fields), None)
    return None


def _names(condition):
    for each in condition.children:
        yield from _names(each) if isinstance(each, Q) else [each[0].partition("__")[0]]


def _place_of(code):
    return PLACES.get(code, ("", ""))


def _at(bound):
    return [Problem(sentence, _called(bound), _address(bound)) for sentence in bound.errors]


def _called(bound):
    """The name of a field without what is said behind it of whether it is required."""
    return getattr(bound.field, "called", bound.label)


def _address(bound):
    """Where a field begins: the first of several choices, else itself."""
    return bound.id_for_label or f"{bound.auto_id}_0"
