"""CSVW: what a CSV file holds, for programs, by the W3C vocabulary for tabular data (http://www.w3.org/ns/csvw)."""

from django.utils.translation import gettext as _

from tracker.records import dictionary

from .about import LICENCE
from .text import LIST_SEPARATOR

MEDIA_TYPE = "application/csvm+json"
DATATYPES = {
    dictionary.NUMBER: "decimal",
    dictionary.WHOLE: "integer",
    dictionary.DATE: {"base": "date", "format": "yyyy-MM-dd"},
    dictionary.TIME: "dateTimeStamp",
    dictionary.TRUTH: "boolean",
    dictionary.JSON: "json",
    dictionary.REPEATS: "json",
}


def column_of(column):
    """One column as CSVW describes it."""
    described = {
        "name": column.name,
        "titles": column.name,
        "dc:description": str(column.help),
        "datatype": DATATYPES.get(column.type, "string"),
        "required": column.filled,
    }
    if column.values:
        described["datatype"] = {"base": "string", "format": "|".join(column.values)}
    if column.type == dictionary.LIST:
        described["separator"] = LIST_SEPARATOR
    return described


def metadata(*, address, title, description, columns, primary, modified, more=None):
    """The metadata of one CSV file at its full address."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": title,
        "dc:description": description,
        "dc:license": {"@id": LICENCE},
        "dc:modified": {"@value": modified, "@type": "xsd:date"},
        "notes": [
            _("A text that a spreadsheet could take for a formula has an apostrophe before it."),
            _("A blank cell is a value that is missing or does not apply; it is never zero."),
        ],
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"', "doubleQuote": True},
        "tableSchema": {"columns": [column_of(each) for each in columns], "primaryKey": list(primary)},
        **(more or {}),
    }
