"""The public files described for programs: as a Data Package, as CSVW and as a schema.org Dataset."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.ledger import log
from tracker.records import dictionary

from .about import LICENCE, state_of
from .tables import TABLES
from .text import LIST_SEPARATOR

NAME = "promise-by-promise"
# Types of Table Schema (Data Package, version 1). A list is a text whose separator the description names.
SCHEMA_TYPES = {
    dictionary.NUMBER: {"type": "number"},
    dictionary.WHOLE: {"type": "integer"},
    dictionary.DATE: {"type": "date"},
    dictionary.TIME: {"type": "datetime", "format": "any"},
    dictionary.TRUTH: {"type": "boolean"},
}

# CSVW: the vocabulary of the W3C for tabular data (http://www.w3.org/ns/csvw).
CSVW_TYPE = "application/csvm+json"
CSVW_DATATYPES = {
    dictionary.NUMBER: "decimal",
    dictionary.WHOLE: "integer",
    dictionary.DATE: {"base": "date", "format": "yyyy-MM-dd"},
    dictionary.ENTRIES: "integer",
    dictionary.TIME: "dateTimeStamp",
    dictionary.TRUTH: "boolean",
    dictionary.JSON: "json",
    dictionary.REPEATS: "json",
}


def address(name, query=""):
    """The full address of a public file."""
    return f"{settings.SITE_URL}{reverse('data')}{name}" + (f"?{query}" if query else "")


def about(snapshot, table=None, count=None):
    """What a file of everything says of itself; with a table, what the file of that table says."""
    own = {"table": table.name, "count": count, "dictionary": address(f"#{table.name}")} if table else {}
    return {**state_of(snapshot), "url": settings.SITE_URL, **own}


def field_of(column):
    """A column as a field of Table Schema."""
    help_ = str(column.help)
    field = {"name": column.name, "type": "string", "description": help_} | SCHEMA_TYPES.get(column.type, {})
    if column.type in dictionary.LISTED:
        field["description"] = _("%(help)s. Separated by “; ”.") % {"help": help_}
    elif column.type in (dictionary.JSON, dictionary.REPEATS):
        field["type"] = "object" if column.name == "changes" else "array"
    constraints: dict = {"required": True} if column.filled else {}
    if column.words:
        # The words of each code, as version 2 of the standard has them; version 1 lets a field say more than it knows.
        field["categories"] = [{"value": code, "label": str(words) or code} for code, words in column.words.items()]
        if column.type not in dictionary.LISTED:
            constraints["enum"] = [*column.values]
    return field | ({"constraints": constraints} if constraints else {})


def resource_of(snapshot, table, path, file=None):
    """A table as a resource; ``file`` has bytes and SHA-256 of its file where it is written already."""
    keys = [
        {"fields": [*own], "reference": {"resource": "" if other == table.name else other, "fields": [*theirs]}}
        for own, other, theirs in table.refers
    ]
    fields = [field_of(column) for column in table.csv_columns(snapshot)]
    schema = {"fields": fields, "missingValues": [""], "primaryKey": list(table.primary)}
    resource = {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path,
        "title": str(table.title),
        "description": str(table.about),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema | ({"foreignKeys": keys} if keys else {}),
    }
    return resource | (file or {})


def package(snapshot, *, query="", files=None):
    """The Data Package of all tables, version 1 of the standard, tabular.

    Paths are beside the description; with a query, which asks for a past day, they are full addresses. ``files`` has
    bytes and hash of each CSV file by table.
    """
    at = log.written_at(snapshot.known)
    paths = {name: address(f"{name}.csv", query) if query else f"{name}.csv" for name in TABLES}
    document = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": _("Promise by promise"),
        "description": description(snapshot),
        "homepage": address(""),
        "version": snapshot.head_hash or "0",
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE, "title": "Creative Commons Attribution 4.0"}],
        "keywords": keywords(),
        **{name: value for name, value in state_of(snapshot).items() if name not in ("licence", "ledger_head")},
        "resources": [resource_of(snapshot, t, paths[name], (files or {}).get(name)) for name, t in TABLES.items()],
    }
    if snapshot.plans:  # the standard wants no empty list
        sources = [f"{plan.publisher.name}: {plan.title}" for plan in snapshot.plans.values()]
        document["sources"] = [{"title": title} for title in sources]
    return document | ({"created": at.isoformat()} if at else {})


def description(snapshot):
    """What the data are, in a few sentences."""
    plans = "; ".join(plan.title for plan in snapshot.plans.values())
    return _(
        "Every promise of national human rights action plans as a record with a test, a metric and a deadline, and "
        "what became of it by a published method: what this site finds, what the State claims, what UN bodies and "
        "what others find, side by side. Plans: %(plans)s. As of %(day)s, log entry %(entry)s. A promise kept is not "
        "a right protected. Quotations from a plan belong to its publisher."
    ) % {"plans": plans or _("none yet"), "day": snapshot.on, "entry": snapshot.known}


def keywords():
    """What people search for who might want these data."""
    return [_("human rights"), _("action plan"), _("government commitments"), _("monitoring"), _("open data")]


def csvw_column(column):
    """One column as CSVW describes it."""
    listed = {"base": "string", "format": "|".join(column.values)} if column.values else None
    described = {
        "name": column.name,
        "titles": column.name,
        "dc:description": f"{column.help}. {column.in_words}." if column.words else str(column.help),
        "datatype": listed or CSVW_DATATYPES.get(column.type, "string"),
        "required": column.filled,
    }
    return described | ({"separator": LIST_SEPARATOR} if column.type in dictionary.LISTED else {})


def csvw_metadata(*, address, title, description, columns, primary, modified):
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
        "tableSchema": {"columns": [csvw_column(each) for each in columns], "primaryKey": list(primary)},
    }


def csvw(snapshot, table, place):
    """The CSVW metadata of a table's CSV file; ``place`` gives the address of a file by its name."""
    document = csvw_metadata(
        address=place(f"{table.name}.csv"),
        title=str(table.title),
        description=str(table.about),
        columns=table.csv_columns(snapshot),
        primary=table.primary,
        modified=str(snapshot.on),
    )
    if table.refers:
        document["tableSchema"]["foreignKeys"] = [
            {
                "columnReference": [*own],
                "reference": {"resource": place(f"{other or table.name}.csv"), "columnReference": [*theirs]},
            }
            for own, other, theirs in table.refers
        ]
    return document


def dataset(snapshot, query="", at=None):
    """The data as a schema.org Dataset, for search engines that list data; ``at`` is when the log was last written."""
    plans = list(snapshot.plans.values())
    types = (("csv", "text/csv"), ("json", "application/json"))
    files = [("everything.zip", "application/zip")]
    files += [(f"{name}.{ending}", type_) for name in TABLES for ending, type_ in types]
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": _("Promise by promise"),
        "description": description(snapshot),
        "url": address("", query),
        "version": snapshot.head_hash or "0",
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": _("Promise by promise"), "url": settings.SITE_URL},
        "keywords": keywords(),
        "measurementTechnique": settings.SITE_URL + reverse("method"),
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column.name, "description": str(column.help)}
            for column in TABLES["commitments"].columns
        ],
        "distribution": [
            {"@type": "DataDownload", "name": name, "encodingFormat": type_, "contentUrl": address(name, query)}
            for name, type_ in files
        ],
    }
    if plans:
        starts, ends = min(plan.starts_on for plan in plans), max(plan.ends_on for plan in plans)
        document["temporalCoverage"] = f"{starts}/{ends}"
        document["isBasedOn"] = [
            {"@type": "CreativeWork", "name": p.title, "inLanguage": p.language, "publisher": p.publisher.name}
            for p in plans
        ]
    return document | ({"dateModified": at.isoformat()} if at else {})
