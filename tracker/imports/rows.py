"""One row as an unsaved draft with its evidence, or as a sentence about why it needs a person.

What is wrong with a row is raised as one ``ValidationError`` by column. What a row does not say stays blank.
"""

from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.models import Evidence, Reread, Update, What
from tracker.models.progress import OBSERVED
from tracker.schema import IMPORTED, fingerprint

from . import cells
from .files import OURS
from .known import new_source

FIGURES = ("measurement", "baseline")
KINDS = (*FIGURES, "milestone", "plan", "assessment", "criticism")
PERCENT = {"%": "percent", "per cent": "percent"}


class NeedsPerson(Exception):
    """The row is sound and cannot be decided by itself; the message says why."""


@dataclass
class Built:
    """An unsaved draft, its unsaved evidence, and what the preview says about both."""

    record: Update
    evidence: list
    notes: list = field(default_factory=list)


class Row:
    """The cells of one row by column, read with its problems noted by column."""

    def __init__(self, row, known, *, plan=None, new_sources=False):
        self.cells, self.known, self.plan, self.new_sources = row, known, plan, new_sources
        self.problems = {}
        for name, cell in self.cells.items():
            self.tried(name, lambda cell=cell: cells.usable(cell))

    def note(self, column, sentence):
        """Note what is wrong with a cell."""
        self.problems.setdefault(column, []).append(sentence)

    def tried(self, column, read, otherwise=None):
        """What ``read`` makes of a cell, or ``otherwise`` with the problem noted."""
        try:
            return read()
        except ValidationError as error:
            self.problems.setdefault(column, error.messages)
            return otherwise

    def text(self, column):
        """A cell as text; blank where there is none."""
        return self.tried(column, lambda: cells.text(self.cells.get(column)), "")

    def day(self, column, *, last=True):
        """A cell as a day and its precision."""
        return self.tried(column, lambda: cells.day(self.cells.get(column), last=last), (None, ""))

    def number(self, column):
        """A cell as a number; ``None`` where it is blank."""
        return self.tried(column, lambda: cells.number(self.cells.get(column)))

    def flag(self, column):
        """A cell as yes or no."""
        return self.tried(column, lambda: cells.flag(self.cells.get(column)), False)

    def named(self, column, among):
        """What a cell names among records by code; ``None`` where it is blank or, with the problem noted, unknown."""
        code = self.text(column)
        if not code:
            return None
        if code not in among:
            self.note(column, _("There is nothing with the code “%(code)s”.") % {"code": code[:120]})
        return among.get(code)

    def finish(self):
        """Raise what was noted, all at once."""
        if self.problems:
            raise ValidationError(self.problems)

    def key(self, record):
        """A name for this draft that a second import of the same row has too, from CSV and XLSX alike."""
        of_source = ("source", "source_title", "publisher", "url", "locator")
        fields = ("what", "as_published", "bound", "starts_on", "as_of", "precision", "fits", "how", "arithmetic")
        fields = (*fields, "scope", "rung", "verdict", "summary", "caveat")
        content = {name: getattr(record, name) for name in fields} | {name: self.text(name) for name in of_source}
        # Records by code, because their numbers differ from database to database.
        for name in ("metric", "commitment", "origin"):
            about = getattr(record, name)
            content[f"{name}_id"] = about.code if about else None
        content["plan"] = record.commitment.plan.code if record.commitment else None
        if record.withheld:
            content["withheld"] = True
        content["value"] = None if record.value is None else f"{record.value.normalize() or 0:f}"
        return IMPORTED + fingerprint(content)

    def source(self):
        """The source that the row names, and a note where it would be new; ``(None, None)`` where it names none.

        A body is never registered on the way: without one that is known, the problem is noted.
        """
        if self.text("source"):
            source = self.known.source(code=self.text("source"))
            if source is None:
                self.note("source", _("There is no source with the code “%(code)s”.") % {"code": self.text("source")})
            return source, None
        title, name, address = (self.text(column) for column in ("source_title", "publisher", "url"))
        published, precision = self.day("published")
        if not (title or name or address):
            return None, None
        publisher = self.known.body(name) if name else None
        if source := self.known.source(address=address, title=title, publisher=publisher):
            return source, None
        if not self._may_be_new(title, name, address, publisher):
            return None, None
        when = {"published": published, "precision": precision, "language": self.text("language")}
        fresh = new_source(publisher=publisher, title=title, address=address, **when)
        return fresh, _("Registers the source “%(title)s”, which is public at once.") % {"title": title}

    def _may_be_new(self, title, name, address, publisher):
        """Whether a source that is not known can be registered; what stands against it is noted."""
        for column, value in (("source_title", title), ("publisher", name)):
            if not value:
                self.note(column, _("A source that is not known yet has a title and a publisher."))
        if name and publisher is None:
            sentence = _("“%(name)s” is not among the bodies: register it first, with its side and why.")
            self.note("publisher", sentence % {"name": name[:200]})
        if publisher is None or not title:
            return False
        if not self.new_sources:
            column = "url" if address else "source_title"
            self.note(column, _("This source is not known yet: register it first, or allow new sources."))
        return self.new_sources


def built(layout, row):
    """A row as a ``Built`` draft. Raises ``ValidationError`` by column, or ``NeedsPerson``."""
    return _update(row) if layout is OURS else _finding(row)


def _whole(row, record):
    """A draft with its key, its evidence and its notes, once nothing is wrong with its cells."""
    source, about_source = row.source()
    row.finish()
    record.seed_key = row.key(record)
    evidence = [Evidence(source=source, locator=row.text("locator"))] if source else []
    made = Built(record, evidence, [about_source] if about_source else [])
    lacking = [str(record._meta.get_field(name).verbose_name) for name in record.unfilled()]
    lacking += [_("evidence")] if record.needs_evidence and not evidence else []
    if lacking:
        made.notes.append(_("Before it can be handed in, a person adds: %(names)s.") % {"names": ", ".join(lacking)})
    return made


def _update(row):
    """A row of our own layout."""
    what = row.text("what")
    if what not in OBSERVED:
        row.note("what", _("Expected %(names)s, found “%(what)s”.") % {"names": ", ".join(OBSERVED), "what": what[:60]})
    metric = row.named("metric", row.known.metrics)
    commitment = row.named("commitment", row.known.commitments)
    if what in (What.VALUE, What.RUNG) and commitment is not None:
        # It belongs to what the promise is measured by, wherever else that is promised too.
        if metric is None and not row.text("metric"):
            if (metric := commitment.metric) is None:
                row.note("commitment", _("Nothing measures this promise: it has a judgement or a search."))
        elif metric is not None and commitment.metric_id != metric.pk:
            row.note("commitment", _("This promise is not measured by that metric."))
        commitment = None
    as_of, precision = row.day("as_of")
    starts_on, _precision = row.day("starts_on", last=False)
    if as_of is None:
        row.problems.setdefault("as_of", [_("Give the day, month or year that it speaks of.")])
    plain = ("as_published", "bound", "fits", "how", "arithmetic", "scope", "rung", "verdict", "summary", "caveat")
    record = Update(
        what=what,
        metric=metric,
        commitment=commitment,
        value=row.number("value"),
        starts_on=starts_on,
        as_of=as_of,
        precision=row.text("precision") or precision,
        origin=row.named("origin", row.known.bodies),
        withheld=row.flag("withheld"),
        **{name: row.text(name) for name in plain},
    )
    if record.value is not None and what in OBSERVED and what != What.VALUE:
        row.note("value", _("Only a value has a number."))
    if record.withheld and what in OBSERVED and what != What.SEARCH:
        row.note("withheld", _("Only a search finds that the State does not publish."))
    made = _whole(row, record)
    if row.known.figure(record):
        made.notes.append(_("The same number for the same day is public already."))
    return made


def _finding(row):
    """A row of the evidence as it was collected: a number that its paragraph's one metric asks for, or a person."""
    kind, value, unit = row.text("kind"), row.number("value"), row.text("unit")
    as_of, precision = row.day("as_of")
    if kind not in KINDS:
        row.note("kind", _("Expected %(names)s, found “%(what)s”.") % {"names": ", ".join(KINDS), "what": kind[:60]})
    if row.text("reread") not in ("", *Reread.values):
        row.note("reread", _("Expected %(names)s.") % {"names": ", ".join(Reread.values)})
    row.finish()
    metric = _decided(row, kind, value, unit, as_of, precision)
    record = Update(
        what=What.VALUE,
        metric=metric,
        value=value,
        as_published=f"{cells.text(row.cells['value'])} {unit}".strip(),
        as_of=as_of,
        starts_on=date(as_of.year, 1, 1) if metric.spans_period else None,
        precision=precision,
        summary=row.text("finding"),
        caveat=row.text("caveat"),
        reread=row.text("reread"),
    )
    if row.known.figure(record):
        raise NeedsPerson(_("The same number for the same day is public already: see whether this adds to it."))
    try:
        return _whole(row, record)
    except ValidationError as error:
        listed = " ".join(f"{column}: {' '.join(words)}" for column, words in error.message_dict.items())
        raise NeedsPerson(listed) from error


def _decided(row, kind, value, unit, as_of, precision):
    """The metric that a finding is a number of. Raises ``NeedsPerson`` where a reader has to decide."""
    if kind not in FIGURES:
        sentence = _("A row of the kind “%(kind)s” is no figure: read it, and record what it shows.")
        raise NeedsPerson(sentence % {"kind": kind})
    if value is None:
        raise NeedsPerson(_("It gives no number."))
    if as_of is None:
        raise NeedsPerson(_("It does not say which time it speaks of."))
    metric, why = row.known.number_of(row.plan, row.text("ref"))
    if metric is None:
        raise NeedsPerson(why)
    if PERCENT.get(unit.casefold(), unit.casefold()) != PERCENT.get(metric.unit.casefold(), metric.unit.casefold()):
        sentence = _("It is in “%(unit)s”, and “%(metric)s” is in “%(own)s”.")
        raise NeedsPerson(sentence % {"unit": unit, "metric": metric, "own": metric.unit})
    if metric.spans_period and precision != "year":
        raise NeedsPerson(_("The number is of a period: say when that began."))
    return metric
