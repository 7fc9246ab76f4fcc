"""Seed files that were not loaded at the last start, because staff had changed the same rows, or they are broken."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from tracker.models import SeedProblem
from tracker.schema import plain_row, record_of

from .pages import change_address


def unloaded() -> list[dict[str, Any]]:
    """Each problem, and of a row that was changed on both sides: where to amend it, and each field with both values."""
    return [{"problem": problem, **_record(problem)} for problem in SeedProblem.objects.all()]


def _record(problem: SeedProblem) -> dict[str, Any]:
    try:
        record = record_of(problem.subject) if problem.subject else None
    except (LookupError, ObjectDoesNotExist):
        record = None
    if record is None:
        return {}
    now = plain_row(record)
    fields = [
        {"label": record._meta.get_field(name).verbose_name, "here": now.get(name), "file": new}
        for name, (_was, new) in problem.differences.items()
    ]
    return {
        "record": record,
        "path": change_address(record),
        "fields": fields,
        "agrees": all(each["here"] == each["file"] for each in fields),
    }
