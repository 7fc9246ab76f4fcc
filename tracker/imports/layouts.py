"""Which columns a file may have, however they are spelled, and which words a cell of them may hold."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Bound, Fits, How, Reach, Reread, Says, Verdict
from tracker.text.plain import folded


class Becomes(TextChoices):
    """What a row can become."""

    VALUE = "value", gettext_lazy("a figure")
    RUNG = "rung", gettext_lazy("a stage reached")
    JUDGEMENT = "judgement", gettext_lazy("a judgement against the test")
    SEARCH = "search", gettext_lazy("a search in vain")
    ASSESSMENT = "assessment", gettext_lazy("a finding of others")
    LEAVE = "leave", gettext_lazy("nothing: it is left out")


class OfFinding(TextChoices):
    """What a finding is, as the evidence was collected."""

    BASELINE = "baseline", gettext_lazy("figure of before the plan")
    MEASUREMENT = "measurement", gettext_lazy("figure")
    MILESTONE = "milestone", gettext_lazy("step taken")
    PLAN = "plan", gettext_lazy("intention")
    ASSESSMENT = "assessment", gettext_lazy("somebody's verdict")
    CRITICISM = "criticism", gettext_lazy("disputes or qualifies")


# The words that a cell of a column may hold, by code or by label.
WORDS: dict[str, type[TextChoices]] = {
    "what": Becomes,
    "kind": OfFinding,
    "bound": Bound,
    "fits": Fits,
    "how": How,
    "verdict": Verdict,
    "reach": Reach,
    "says": Says,
    "reread": Reread,
}


# What is asked about a row, by column; what it lacks is named by the same words.
QUESTIONS: dict[str, str | Promise] = {
    "what": gettext_lazy("What it becomes"),
    "commitment": gettext_lazy("Which promise"),
    "metric": gettext_lazy("What was measured"),
    "value": gettext_lazy("The value, in the metric's unit"),
    "rung": gettext_lazy("Which stage"),
    "origin": gettext_lazy("Whose statement"),
    "says": gettext_lazy("What it says of the promise"),
    "bound": gettext_lazy("What the number says"),
    "fits": gettext_lazy("The metric's own statistic?"),
    "how": gettext_lazy("How the number came to be"),
    "arithmetic": gettext_lazy("The arithmetic"),
    "verdict": gettext_lazy("Judgement against the test"),
    "reach": gettext_lazy("How far the search went"),
    "as_of": gettext_lazy("Time that it speaks of"),
    "starts_on": gettext_lazy("First day of the period"),
    "source": gettext_lazy("Which source"),
    "publisher": gettext_lazy("Which publisher"),
}


@dataclass(frozen=True)
class Layout:
    """A set of columns: all that are read, those that must be there, and the column that a record's field came from."""

    code: str
    name: str | Promise
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    column_of: dict[str, str]

    def column(self, field: str) -> str:
        """The column in which a problem of a field is put right; blank where no column is about it."""
        name = self.column_of.get(field, field)
        return name if name in self.columns else ""


OF_SOURCES = {"title": "source_title", "address": "url", "published_precision": "published"}
_OF_A_SOURCE = ("source", "source_title", "publisher", "url", "published", "language", "locator")
_OF_A_RECORD = (
    *("what", "metric", "commitment", "value", "as_published", "bound", "starts_on", "as_of", "precision", "fits"),
    *("how", "arithmetic", "scope", "origin", "rung", "verdict", "says", "document", "withheld", "caveat"),
    *("reach", "places", "words", "languages", "year_not_stated", "reread"),
)
OURS = Layout(
    "ours",
    gettext_lazy("one row per update"),
    (*_OF_A_RECORD[:1], "summary", *_OF_A_RECORD[1:], *_OF_A_SOURCE),
    ("what", "as_of", "summary"),
    OF_SOURCES | {"category": "commitment"},
)
_OF_A_FINDING = (
    *("ref", "n", "as_of", "value", "unit", "kind", "finding", "caveat", "source_title", "publisher"),
    *("publisher_type", "url", "published", "language", "reread"),
)
FINDINGS = Layout(
    "findings",
    gettext_lazy("one row per finding, as the evidence was collected"),
    (*_OF_A_FINDING, *(name for name in (*_OF_A_RECORD, *_OF_A_SOURCE) if name not in _OF_A_FINDING)),
    ("ref", "as_of", "kind", "finding"),
    OF_SOURCES | {"summary": "finding", "category": "commitment"},
)
LAYOUTS = {layout.code: layout for layout in (OURS, FINDINGS)}
KNOWN = {*OURS.columns, *FINDINGS.columns}  # names of columns, by which the row with them is told from a title
OWN = ("row", "reason")  # what a file of refused rows has beside its columns; not read when it comes back

# What people call a column otherwise.
OTHER_NAMES = {
    "ref": ("paragraph", "reference", "provision"),
    "kind": ("type",),
    "finding": ("text",),
    "commitment": ("promise",),
    "metric": ("indicator",),
    "rung": ("stage",),
    "verdict": ("judgement",),
    "value": ("figure", "number"),
    "as_of": ("date", "period_to", "asof"),
    "starts_on": ("period_from",),
    "origin": ("whose", "whose_figure", "whose_finding", "statement_of"),
    "url": ("link", "address"),
    "source_title": ("title", "source_name"),
    "locator": ("page",),
    "caveat": ("notes",),
    "reread": ("second_reading",),
    "published": ("date_published", "published_on"),
    "language": ("language_of_source",),
}
NAME_OF = {other: name for name, others in OTHER_NAMES.items() for other in others}


def spelled(name: str) -> str:
    """A column's own name, however it is written: “As of”, “AS_OF” and “as-of” are one."""
    plain = re.sub(r"[\W_]+", "_", folded(name)).strip("_")
    return NAME_OF.get(plain, plain)


def layout_of(columns: list[str]) -> Layout:
    """The layout that a table's columns have. Raises ``ValidationError`` naming what is missing or not known."""
    names = [spelled(name) for name in columns]
    layout = FINDINGS if {"ref", "finding"} & set(names) else OURS
    problems = []
    if missing := [name for name in layout.needed if name not in names]:
        problems.append(_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    elif layout is OURS and not {"metric", "commitment"} & set(names):
        problems.append(_("A column is missing: metric or commitment."))
    if twice := sorted({name for name in names if names.count(name) > 1}):
        problems.append(_("Two columns mean the same: %(names)s.") % {"names": ", ".join(twice)})
    unknown = [old[:60] for old, name in zip(columns, names, strict=True) if name not in (*layout.columns, *OWN)]
    if unknown:
        sentence = _("These columns are not known: %(names)s. Known are %(known)s.")
        problems.append(sentence % {"names": ", ".join(unknown), "known": ", ".join(layout.columns)})
    if problems:
        raise ValidationError(problems)
    return layout


def choices_of(column: str) -> list[tuple[str, str]]:
    """The words that a cell of a column may hold, each with its label; none where it may hold any."""
    return [(value, str(label)) for value, label in WORDS[column].choices] if column in WORDS else []


def word(column: str, written: str) -> str:
    """The code of a word that a cell of this column may hold, by code or label; blank where it may not."""
    plain = folded(written).replace(" ", "_").replace("-", "_")
    for value, label in choices_of(column):
        forms = {folded(value), folded(label), folded(label).split(":")[0]}
        if plain in {form.replace(" ", "_").replace("-", "_") for form in forms}:
            return value
    return ""
