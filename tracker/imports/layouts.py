"""The two layouts of columns that are read, and which of them a table has."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Layout:
    """A set of columns: all that are read, those that must be there, and the column that a record's field came from."""

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    column_of: dict[str, str]

    def column(self, field: str) -> str:
        """The column in which a problem of a field is put right; blank where no column is about it."""
        name = self.column_of.get(field, field)
        return name if name in self.columns else ""


OURS = Layout(
    gettext_lazy("one row per update"),
    (
        *("what", "metric", "commitment", "value", "as_published", "bound", "starts_on", "as_of", "precision", "fits"),
        *("how", "arithmetic", "scope", "origin", "rung", "verdict", "withheld", "summary", "caveat"),
        *("reach", "places", "words", "languages", "year_not_stated"),
        *("source", "source_title", "publisher", "url", "published", "language", "locator"),
    ),
    ("what", "as_of", "summary"),
    {"title": "source_title", "address": "url", "published_precision": "published"},
)
FINDINGS = Layout(
    gettext_lazy("one row per finding, as the evidence was collected"),
    (
        *("ref", "n", "as_of", "value", "unit", "kind", "finding", "caveat", "source_title", "publisher"),
        *("publisher_type", "url", "published", "language", "reread"),
    ),
    (
        *("ref", "n", "as_of", "value", "unit", "kind", "finding", "caveat", "source_title", "publisher"),
        *("url", "published", "language"),
    ),
    {
        "title": "source_title",
        "address": "url",
        "published_precision": "published",
        "summary": "finding",
        "as_published": "value",
        "metric": "ref",
        "starts_on": "as_of",
    },
)


def layout_of(columns: list[str]) -> Layout:
    """The layout that a table's columns have. Raises ``ValidationError`` naming what is missing or not known."""
    layout = FINDINGS if {"ref", "finding"} & set(columns) else OURS
    problems = []
    if missing := [name for name in layout.needed if name not in columns]:
        problems.append(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    elif layout is OURS and not {"metric", "commitment"} & set(columns):
        problems.append(_("A column is missing: metric or commitment."))
    if unknown := [name[:60] for name in columns if name not in layout.columns]:
        sentence = _("These columns are not known: %(names)s. Known are %(known)s.")
        problems.append(sentence % {"names": ", ".join(unknown), "known": ", ".join(layout.columns)})
    if problems:
        raise ValidationError(problems)
    return layout
