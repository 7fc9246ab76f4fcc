"""The cells of one row, answers in their place, and its source: what cannot be read is noted, what is open is asked."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.models import Evidence
from tracker.schema import IMPORTED, fingerprint

from . import cells
from .known import Known, new_source
from .layouts import FINDINGS, WORDS, Layout, word
from .likely import NOTHING, Likely, unit

NEW = "new"  # an answer about sources: none of those that look alike
CODES = ("ref", "commitment", "metric", "source")  # in which 1.10 is another thing than 1.1


class Row:
    """The cells of one row by column, with answers in their place; problems by column, questions in order.

    With ``accept`` the likely answer stands where a question was not answered.
    """

    def __init__(self, layout: Layout, row, answers, known: Known, *, new_sources=False, accept=False):
        self.layout, self.known = layout, known
        self.new_sources, self.accept = new_sources, accept
        self.problems: dict[str, list[str]] = {}
        self.asks: list[dict] = []
        self.notes: list[str] = []
        self.own = {name: self._restored(name, cell) for name, cell in row.items()}
        self.cells = self.own | {name: answer for name, answer in answers.items() if answer}

    def _restored(self, name, cell):
        """A cell as it was read; what could not be used is kept as the sentence about it, which is a problem."""
        if not isinstance(cell, dict):
            return cell
        self.note(name, cell["wrong"])
        return None

    def note(self, column, sentence):
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
        read = cells.code if column in CODES else cells.text
        return self.tried(column, lambda: read(self.cells.get(column)), "")

    def day(self, column, *, last=True):
        return self.tried(column, lambda: cells.day(self.cells.get(column), last=last), (None, ""))

    def number(self, column):
        named = unit(cells.text(self.cells.get("unit")))  # where the file names none, the metric's own decides
        percent = not named or named.startswith("percent")
        return self.tried(column, lambda: cells.number(self.cells.get(column), percent=percent))

    def flag(self, column):
        return self.tried(column, lambda: cells.flag(self.cells.get(column)), False)

    def ask(self, column, options, answer: Likely = NOTHING, *, names=""):
        """Ask for what the row leaves open; ``names`` is the list of names that may be written beside the options."""
        options = [[str(value), str(label)] for value, label in options]
        if self.text(column):  # somebody named what is not known: no guess stands for it
            answer = NOTHING
        self.asks.append(
            {"column": column, "options": options, "likely": str(answer.value), "why": str(answer.why), "names": names}
        )
        return answer.value if self.accept else ""

    def unknown(self, written, named):
        """Say that a name is not known, and which are near; those are among the choices."""
        near = map(named.name, named.nearest(written))
        sentence = _("“%(name)s” is not known.") % {"name": written[:120]}
        names = "; ".join(near)
        self.notes.append(sentence + (" " + _("Near are: %(names)s.") % {"names": names} if names else ""))

    def choice(self, column, answer: Likely = NOTHING, *, ask=True):
        """A word of a vocabulary by code or label; asked for where the cell is blank."""
        written = self.text(column)
        if not written:
            return self.ask(column, WORDS[column].choices, answer) if ask else ""
        if not (value := word(column, written)):
            sentence = _("Expected %(names)s, found “%(word)s”.")
            self.note(column, sentence % {"names": ", ".join(WORDS[column].values), "word": written[:60]})
        return value

    @property
    def summary(self):
        return self.text("finding" if self.layout is FINDINGS else "summary")

    @property
    def words(self):
        """All that the row says in words."""
        return f"{self.summary} {self.text('source_title')}"

    def key(self):
        """A name for the row that it has in another file too, CSV or XLSX, whatever is answered."""
        readers = {"value": lambda cell: f"{cells.number(cell, percent=True).normalize() or 0:f}"}
        readers |= dict.fromkeys(("as_of", "starts_on", "published"), lambda cell: str(cells.day(cell)))
        readers |= dict.fromkeys(("withheld", "year_not_stated"), lambda cell: "yes" if cells.flag(cell) else "")
        content = {}
        for name in self.layout.columns:
            if name in self.own and not cells.is_blank(self.own[name]):
                read = readers.get(name, cells.text)
                content[name] = self.tried(name, lambda read=read, name=name: read(self.own[name]), "")
        content["plan"] = self.known.plan.code
        return IMPORTED + fingerprint({name: text for name, text in content.items() if text})


def source(row):
    """The evidence of a row, or the source in words where it cannot be cited yet."""
    code, title, name, address = (row.text(each) for each in ("source", "source_title", "publisher", "url"))
    published, precision = row.day("published")
    fresh = code == NEW
    described = " · ".join(str(each) for each in (title, name, address, row.text("published")) if each)
    if not (code or described):
        return [], ""
    publisher = row.known.body(name) if name else None
    alike = [] if fresh else row.known.sources(code, address, title, publisher)
    locator = row.text("locator")
    if len(alike) == 1:
        return [Evidence(source=alike[0], locator=locator)], ""
    if alike:
        options = [(each.code, f"{each.title} · {each.publisher} · {each.published or ''}") for each in alike]
        chosen = row.ask("source", [*options, (NEW, _("none of these: a new one"))])
        picked = [Evidence(source=each, locator=locator) for each in row.known.sources(chosen)] if chosen else []
        return picked, "" if picked else described
    if code and not fresh:
        row.notes.append(_("There is no source with the code “%(code)s”.") % {"code": code[:120]})
        return [], " · ".join(filter(None, (code, described)))
    if publisher is None:
        if name:
            row.unknown(name, row.known.bodies)
        row.ask("publisher", [(body.code, body.name) for body in row.known.bodies.nearest(name)], names="bodies")
        return [], described
    if not title or not row.new_sources:
        why = _("This source is not known yet: add it first, or allow new sources.")
        row.notes.append(why if title else _("A source that is not known yet has a title and a publisher."))
        return [], described
    when = {"published": published, "precision": precision, "language": row.text("language")}
    brought = new_source(publisher=publisher, title=title, address=address, **when)
    row.notes.append(_("Brings the new source “%(title)s”, which becomes public with it.") % {"title": title})
    return [Evidence(source=brought, locator=locator)], ""
