"""Why an action was refused, and how people are told."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError


class Refused(Exception):
    """An action did nothing."""


class Conflict(Refused):
    """Somebody else changed the draft in the meantime. The message is a sentence for people."""


class NotAllowed(Refused):
    """The action is not open to this person or in this state. The message is a sentence for people."""


REFUSED = (Refused, ValidationError)


def sentences(error: Exception, record: Any = None) -> list[str]:
    """What was refused, as sentences; each names its field of the record where one is given: no form says it there."""
    if record is None or not hasattr(error, "error_dict"):
        return list(getattr(error, "messages", None) or [str(error)])
    fields = (*record._meta.fields, *record._meta.many_to_many)
    labels = {field.name: str(field.verbose_name).capitalize() for field in fields}
    by_field = error.message_dict.items()  # type: ignore[attr-defined]  # the error has one, as was asked
    return [f"{labels[name]}: {each}" if name in labels else each for name, texts in by_field for each in texts]


@contextmanager
def noted(problems: list[str]) -> Iterator[None]:
    """Note what an action within refuses: it ends there, and its sentences are added to the problems."""
    try:
        yield
    except REFUSED as error:
        problems += sentences(error)
