"""The sorts of parameters that an address may carry, each written in one way only, whatever the language."""

import re

import django_filters
from django import forms
from django.utils.translation import gettext_lazy

LONGEST_REPEATED = 80  # characters of what was sent that a refusal repeats


def shortened(text):
    """What was sent, no longer than a sentence can carry."""
    return text if len(text) <= LONGEST_REPEATED else text[:LONGEST_REPEATED] + "…"


def without_blanks(data, names):
    """What was sent, without blank values of these parameters: a form sends its empty fields too."""
    kept = data.copy()
    for name, values in data.lists():
        if filled := [value for value in values if value.strip()]:
            kept.setlist(name, filled)
        elif name in names:
            del kept[name]
    return kept


class SeveralChoices(django_filters.MultipleChoiceFilter):
    """A choice that may be repeated in the address. Where the choices are the plan's, the filter is told them later."""

    def __init__(self, *, choices=(), **kwargs):
        super().__init__(choices=choices, **kwargs)


class WholeNumber(django_filters.Filter):
    """A whole number from 1 up."""

    field_class = forms.IntegerField


class DayField(forms.DateField):
    """A day written in one way only, whatever the language of the page."""

    def strptime(self, value, format):
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            raise ValueError
        return super().strptime(value, format)


class Day(django_filters.Filter):
    """A day such as 2025-12-31."""

    field_class = DayField

    def __init__(self, **kwargs):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)


class ShareField(forms.DecimalField):
    """A decimal number with a full stop, and no other way of writing one."""

    default_error_messages = {"invalid": gettext_lazy("Enter a number such as 0.5.")}

    def to_python(self, value):
        if value not in self.empty_values and not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", str(value).strip()):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class Share(django_filters.Filter):
    """A number such as 0.5, where 1 is the whole way."""

    field_class = ShareField
