"""The OpenAPI description, from the declarations that also answer; with examples out of the snapshot."""

import copy
from functools import cache

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from .items import kept
from .resources import RESOURCES
from .serializers import Failure

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
KEY_SCHEMAS = {
    "plan": (gettext_lazy("Code of the plan"), {"type": "string"}),
    "code": (gettext_lazy("Code"), {"type": "string"}),
    "entry": (gettext_lazy("Number of the log entry that published it"), {"type": "integer", "minimum": 1}),
}


class Description(AutoSchema):
    """One operation, from the view that answers it."""

    def get_operation_id(self):
        """commitments_list, commitments_detail."""
        resource = self.view.resource
        kind = type(self.view).__name__.lower()
        return f"{resource.name}_{kind}" if resource else kind

    def get_tags(self):
        """The name of the list."""
        return [self.view.resource.name] if self.view.resource else []

    def get_auth(self):
        """Nobody signs in."""
        return []

    def get_description(self):
        """What the list holds."""
        return force_str(self.view.resource.about) if self.view.resource else _("Where everything is.")

    def get_override_parameters(self):
        """The parts of the key, the parameters, and the headers of the answer."""
        keys = self.view.resource.key if "{" in self.path else ()
        parts = [
            OpenApiParameter(name, schema, OpenApiParameter.PATH, required=True, description=words)
            for name, (words, schema) in KEY_SCHEMAS.items()
            if name in keys
        ]
        asked = [
            OpenApiParameter(each.name, schema_of(each), description=described(each)) for each in self.view.parameters
        ]
        headers = [
            OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=words, response=[200])
            for name, words in HEADERS.items()
        ]
        return [*parts, *asked, *headers]

    def get_response_serializers(self):
        """The answer, the unchanged answer, and every failure."""
        answers = {200: self.view.answers_with, 304: OpenApiResponse(description=_("You have it already"))}
        for status, (words, sentence) in FAILURES.items():
            if status == 404 and "{" not in self.path:
                continue
            example = OpenApiExample(str(status), {"error": force_str(sentence)}, status_codes=[status])
            answers[status] = OpenApiResponse(Failure, words, [example])
        return answers


def schema_of(parameter):
    """A parameter's type as OpenAPI has it."""
    schema = {"type": "string", "format": "date"} if parameter.type == "date" else {"type": parameter.type}
    if parameter.choices:
        schema["enum"] = [value for value, _words in parameter.choices]
    if parameter.bounds:
        schema |= {"minimum": parameter.bounds[0], "maximum": parameter.bounds[1]}
    if parameter.usual is not None:
        schema["default"] = parameter.usual
    if parameter.longest:
        schema["maxLength"] = parameter.longest
    return {"type": "array", "items": schema} if parameter.several else schema


def described(parameter):
    """What a parameter asks for, with the words of each of its values."""
    said = [f"{value} – {words}" for value, words in parameter.choices if words]
    return f"{parameter.help}: {'; '.join(said)}." if said else f"{parameter.help}."


@cache
def declared():
    """The document without examples: the same in every process that runs this code."""
    made = SchemaGenerator().get_schema(public=True)
    for operations in made["paths"].values():
        for parameter in operations["get"].get("parameters", ()):
            if parameter["in"] == "query":
                parameter["allowEmptyValue"] = True  # it says nothing then: forms send their empty fields too
    return made


@kept
def document(snapshot):
    """The document with examples that can be asked for: of each list its first row, and the key of that row."""
    made = copy.deepcopy(declared())
    made["servers"] = [{"url": settings.SITE_URL}]
    for resource in RESOURCES:
        if not len(found := resource.select(snapshot, {}, QueryDict())):
            continue
        row = resource.row(found[:1][0])
        for path, operations in made["paths"].items():
            if path.startswith(f"{reverse('api-start')}{resource.name}/"):
                operation = operations["get"]
                page = {"count": len(found), "next": None, "previous": None, "results": [row]}
                operation["responses"]["200"]["content"]["application/json"]["example"] = row if "{" in path else page
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] == "path":
                        parameter["example"] = row["seq" if "seq" in row else parameter["name"]]
    return made
