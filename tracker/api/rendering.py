"""JSON, in which rows that were written before are taken over as they are."""

import json

from rest_framework.renderers import JSONRenderer


class Written(list):
    """Rows that are JSON already."""


def as_json(value):
    """A plain value as the bytes of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Rows(JSONRenderer):
    """The answers of the API. ``results``, where it is ``Written``, comes last and is not written again."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """The bytes of an answer."""
        if data is None:
            return b""
        if not isinstance(data.get("results"), Written):
            return as_json(data)
        rest = as_json({name: value for name, value in data.items() if name != "results"})
        return b'%s,"results":[%s]}' % (rest[:-1], b",".join(data["results"]))
