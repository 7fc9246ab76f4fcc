"""The shape of each row as a serializer, made from the data dictionary: names, types, meanings and vocabularies.

They describe; the rows are plain values already, so nothing is copied through them.
"""

from functools import cache

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from tracker.records import dictionary
from tracker.records.baseline import RepeatRecord
from tracker.records.registry import CitedRecord


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"})
class ExactNumber(serializers.CharField):
    """A number as text, so that no digit is lost on the way."""


class Failure(serializers.Serializer):
    """What every answer that failed holds."""

    error = serializers.CharField(help_text=_("One sentence: what is wrong, and with which parameter"))


FIELDS = {
    dictionary.TEXT: serializers.CharField,
    dictionary.NUMBER: ExactNumber,
    dictionary.WHOLE: serializers.IntegerField,
    dictionary.DATE: serializers.DateField,
    dictionary.TIME: serializers.DateTimeField,
    dictionary.TRUTH: serializers.BooleanField,
}


def _field(column):
    """The field of a column. None is required, since ``fields`` may leave any of them out."""
    said = {"required": False, "help_text": column.help}
    if column.type == dictionary.CITED:
        return serializer_of(CitedRecord)(many=True, **said)
    if column.type == dictionary.REPEATS:
        return serializer_of(RepeatRecord)(many=True, **said)
    if column.type in (dictionary.LIST, dictionary.JSON):
        return serializers.ListField(child=serializers.CharField(), **said)
    field = serializers.URLField if column.name == "url" else FIELDS[column.type]
    if column.values:
        # In OpenAPI 3.0 an enumeration that may be blank has the blank among its values.
        values = [value for value in column.values if value] + ([] if column.filled else [None])
        field = extend_schema_field({"type": "string", "enum": values})(type("Enumerated", (field,), {}))
    return field(allow_null=not column.filled, **said)


@cache
def serializer_of(record, before=()):
    """The serializer class of a record; ``before`` are columns of its rows that the record does not hold."""
    made = {column.name: _field(column) for column in (*before, *dictionary.columns_of(record))}
    return type(record.__name__.removesuffix("Record"), (serializers.Serializer,), {**made, "__doc__": record.__doc__})


@cache
def page_of(row):
    """The serializer class of a page of a list of such rows."""
    made = {
        "count": serializers.IntegerField(min_value=0, help_text=_("Rows of the whole list")),
        "next": serializers.URLField(allow_null=True, help_text=_("Address of the next page; null on the last")),
        "previous": serializers.URLField(allow_null=True, help_text=_("Address of the page before; null on the first")),
        "results": row(many=True, help_text=_("The rows of this page")),
        "__doc__": "A page of a list.",
    }
    return type(f"{row.__name__}Page", (serializers.Serializer,), made)


class Index(serializers.Serializer):
    """Where everything is, and from which state of the site it answers."""

    documentation = serializers.URLField(help_text=_("Page about this API for people"))
    openapi = serializers.URLField(help_text=_("This description for programs"))
    licence = serializers.URLField(help_text=_("Licence of our words and data"))
    method = serializers.CharField(help_text=_("Version of the method"))
    as_of = serializers.DateField(help_text=_("Day as of which the method was asked"))
    ledger_entry = serializers.IntegerField(help_text=_("Log entry up to which it knows"))
    ledger_head = serializers.CharField(help_text=_("Hash of that log entry"), allow_blank=True)
    lists = serializers.DictField(child=serializers.URLField(), help_text=_("Address of each list, by its name"))
