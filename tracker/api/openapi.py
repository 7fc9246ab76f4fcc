"""The OpenAPI description, from the declarations that also answer; with examples out of the snapshot."""

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.filters.parameters import MOST_VALUES
from tracker.filters.search import KINDS
from tracker.records import dictionary
from tracker.records.baseline import RepeatRecord
from tracker.records.progress import CitedRecord
from tracker.snapshot.snapshot import once_for_a_snapshot

from .resources import RESOURCES, SearchQuery

FAILURES = {
    400: (
        gettext_lazy("A parameter is not known, or has a value that makes no sense"),
        gettext_lazy("There is no parameter “colour”."),
    ),
    404: (gettext_lazy("Nothing has this code or number"), gettext_lazy("There is no commitment with the code X.")),
    406: (gettext_lazy("Something else than JSON was asked for"), gettext_lazy("This API answers in JSON alone.")),
    429: (
        gettext_lazy("Too many requests; the header Retry-After says how many seconds to wait"),
        gettext_lazy("More than 600 requests in one minute came from your address: wait 12 seconds."),
    ),
    500: (gettext_lazy("Something failed on our side"), gettext_lazy("Something failed on our side.")),
}
HEADERS = {
    "ETag": gettext_lazy("Version of the answer: send it back as If-None-Match and an unchanged answer is a 304"),
    "As-Of": gettext_lazy("Day as of which the method was asked"),
    "Ledger-Entry": gettext_lazy("Log entry up to which the answer knows"),
    "Ledger-Head": gettext_lazy("Hash of that log entry"),
    "Method-Version": gettext_lazy("Version of the method"),
}
TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
DATE, ADDRESS = {"type": "string", "format": "date"}, {"type": "string", "format": "uri"}
KEYS = {
    "plan": (gettext_lazy("Code of the plan"), TEXT),
    "code": (gettext_lazy("Code"), TEXT),
    "entry": (gettext_lazy("Number of the log entry that published it"), {**WHOLE, "minimum": 1}),
}
TYPES = {
    dictionary.TEXT: TEXT,
    dictionary.NUMBER: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},  # so that no digit is lost
    dictionary.WHOLE: WHOLE,
    dictionary.DATE: DATE,
    dictionary.TIME: {"type": "string", "format": "date-time"},
    dictionary.TRUTH: {"type": "boolean"},
    dictionary.LIST: {"type": "array", "items": TEXT},
    dictionary.ENTRIES: {"type": "array", "items": WHOLE},
    dictionary.JSON: {"type": "array", "items": TEXT},
    dictionary.CITED: {"type": "array", "items": {"$ref": "#/components/schemas/Cited"}},
    dictionary.REPEATS: {"type": "array", "items": {"$ref": "#/components/schemas/Repeat"}},
}


def _object(about, properties, required=()):
    required = {"required": sorted(required)} if required else {}
    return {"type": "object", "description": str(about), "properties": properties, **required}


def _key(column):
    """A key of a row. None is required, since ``fields`` may leave any of them out."""
    schema = ADDRESS if column.name == "url" and column.type == dictionary.TEXT else TYPES[column.type]
    if column.values:
        # An enumeration that may be blank has the blank among its values.
        schema = {**TEXT, "enum": [value for value in column.values if value] + ([] if column.filled else [None])}
        if column.type in dictionary.LISTED:
            schema = {"type": "array", "items": {**TEXT, "enum": [*column.values]}}
    about = f"{column.help}: {column.in_words}." if column.words else str(column.help)
    nullable = {} if column.filled or schema["type"] == "array" else {"nullable": True}
    return {**schema, **nullable, "description": about}


def _row(record, columns):
    return _object(record.__doc__, {column.name: _key(column) for column in columns})


def _schemas():
    """The shape of every answer, by name: rows from the dictionary of their columns."""
    address = {**ADDRESS, "nullable": True}
    beside = {
        "next": {**address, "description": _("Address of the next page; null on the last")},
        "previous": {**address, "description": _("Address of the page before; null on the first")},
    }
    index = {
        "documentation": {**ADDRESS, "description": _("Page about this API for people")},
        "openapi": {**ADDRESS, "description": _("This description for programs")},
        "licence": {**ADDRESS, "description": _("Licence of our words and data")},
        "method": {**TEXT, "description": _("Version of the method")},
        "as_of": {**DATE, "description": _("Day as of which the method was asked")},
        "ledger_entry": {**WHOLE, "description": _("Log entry up to which it knows")},
        "ledger_head": {**TEXT, "description": _("Hash of that log entry")},
        "lists": {
            "type": "object",
            "additionalProperties": ADDRESS,
            "description": _("Address of each list, by its name"),
        },
    }
    error = {"error": {**TEXT, "description": _("One sentence: what is wrong, and with which parameter")}}
    schemas = {
        "Index": _object(_("Where everything is, and from which state of the site it answers."), index, index),
        "Failure": _object(_("What every answer that failed holds."), error, error),
        "Cited": _row(CitedRecord, dictionary.columns_of(CitedRecord)),
        "Repeat": _row(RepeatRecord, dictionary.columns_of(RepeatRecord)),
    }
    for each in RESOURCES:
        schemas[each.schema] = _row(each.table.record, each.columns)
        rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{each.schema}"}}
        page = {
            "count": {**WHOLE, "minimum": 0, "description": _("Rows of the whole list")},
            **beside,
            "results": {**rows, "description": _("The rows of this page")},
        }
        schemas[f"{each.schema}Page"] = _object(_("A page of a list."), page, page)
    schemas |= _schemas_of_search(beside)
    return dict(sorted(schemas.items()))


def _schemas_of_search(beside):
    """What a search answers with."""
    text, entry = {**TEXT, "nullable": True}, {**WHOLE, "nullable": True}
    hit = {
        "kind": {**TEXT, "enum": [*KINDS], "description": _("What it is: the name of its list")},
        "plan": {**text, "description": _("Code of the plan; null for what plans share")},
        "code": {**text, "description": _("Code; null for an update or a finding")},
        "entry": {**entry, "description": _("Log entry of an update or a finding; null for all else")},
        "title": {**TEXT, "description": _("Its title, or whose statement it is and about what")},
        "excerpt": {**text, "description": _("Part of a text of it that has the words; null where none has")},
        "url": {**ADDRESS, "description": _("Full address of its page")},
    }
    page = {
        "count": {**WHOLE, "minimum": 0, "description": _("Hits of the kind that was asked for, or of all")},
        "kinds": {"type": "object", "additionalProperties": WHOLE, "description": _("Hits of each kind that has any")},
        "instead": {**text, "description": _("Where nothing was found, words spelt nearly alike that would be")},
        **beside,
        "results": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/Hit"},
            "description": _("The hits of this page, best match first"),
        },
    }
    about = _("What was found.")
    return {"Hit": _object(about, hit, hit), "HitPage": _object(_("A page of what was found."), page, page)}


def _parameter(name, parameter):
    """A parameter of an address. A blank one says nothing: forms send their empty fields too."""
    schema = {"type": parameter.type} if parameter.type != "date" else dict(DATE)
    if parameter.pairs:
        schema["enum"] = [value for value, _words in parameter.pairs]
    if parameter.type == "integer":
        schema |= {"minimum": parameter.min_value, "maximum": parameter.max_value}
    if getattr(parameter, "max_length", None):
        schema["maxLength"] = parameter.max_length
    if parameter.usual is not None:
        schema["default"] = parameter.usual
    schema = {"type": "array", "items": schema, "maxItems": MOST_VALUES} if parameter.several else schema
    words = "; ".join(f"{value} – {words}" for value, words in parameter.pairs if words)
    about = f"{parameter.label}: {words}." if words else f"{parameter.label}."
    return {"in": "query", "name": name, "schema": schema, "description": about, "allowEmptyValue": True}


def _operation(name, about, schema, *, tag=None, key=(), query=None, example=None):
    parameters = [
        {"in": "path", "name": part, "schema": KEYS[part][1], "description": str(KEYS[part][0]), "required": True}
        | ({"example": example["seq" if "seq" in example else part]} if example else {})
        for part in key
    ]
    parameters += [_parameter(*each) for each in query.base_fields.items()] if query else []
    answer = {"schema": {"$ref": f"#/components/schemas/{schema}"}} | ({"example": example} if example else {})
    headers = {name: {"schema": TEXT, "description": str(words)} for name, words in HEADERS.items()}
    responses = {
        "200": {"headers": headers, "content": {"application/json": answer}, "description": ""},
        "304": {"description": _("You have it already")},
    }
    for status, (words, sentence) in FAILURES.items():
        if status != 404 or key:
            content = {"schema": {"$ref": "#/components/schemas/Failure"}}
            content["examples"] = {str(status): {"value": {"error": str(sentence)}}}
            responses[str(status)] = {"content": {"application/json": content}, "description": str(words)}
    operation = {"operationId": name, "description": str(about)}
    operation |= {"parameters": parameters} if parameters else {}
    operation |= {"tags": [tag]} if tag else {}
    return {"get": operation | {"responses": responses}}


@once_for_a_snapshot
def document(snapshot):
    """The document, with examples that can be asked for: of each list its first row, and the key of that row."""
    root = reverse("api-start")
    paths = {root: _operation("start", _("Where everything is."), "Index")}
    about = _("Everything that has some words, best match first.")
    paths[f"{root}search/"] = _operation("search", about, "HitPage", tag="search", query=SearchQuery)
    for each in sorted(RESOURCES, key=lambda resource: resource.name):
        items = each.select(snapshot, each.list_query(QueryDict()))
        row = each.row(items[:1][0]) if len(items) else None
        page = {"count": len(items), "next": None, "previous": None, "results": [row]} if row else None
        address, detail = f"{root}{each.name}/", "".join(f"{{{part}}}/" for part in each.key)
        paths[address] = _operation(
            f"{each.name}_list", each.about, f"{each.schema}Page", tag=each.name, query=each.list_query, example=page
        )
        ours = {"tag": each.name, "key": each.key, "query": each.detail_query, "example": row}
        paths[address + detail] = _operation(f"{each.name}_detail", each.about, each.schema, **ours)
    about = _("What became of each promise of a national human rights action plan. For reading, without a key.")
    licence = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Promise by promise", "version": "1", "description": about, "license": licence},
        "paths": paths,
        "components": {"schemas": _schemas()},
        "servers": [{"url": settings.SITE_URL}],
    }
