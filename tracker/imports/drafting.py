"""The import itself, in two steps that a task can run: rows are examined, and rows are drafted.

Each row is a matter of its own. What cannot be read goes back to its sender with the reason; everything else can become
a draft, complete or not, and what cannot be cited yet stands in the note inside.
"""

import datetime
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tracker.actions.imports import draft_row, finish_drafting, keep_examined
from tracker.actions.jobs import Progress, nobody_told
from tracker.actions.registry import check
from tracker.models import Assessment, Fate, ImportBatch, ImportRow
from tracker.text.plain import plain_number

from . import cells
from .known import Known
from .layouts import LAYOUTS, Becomes, spelled
from .names import overlap, words_of
from .row import Row
from .rows import Built, built

logger = logging.getLogger(__name__)

SAME_WORDS = 0.7  # the share of words from which on two rows from one source say the same
AT_ONCE = 50  # rows drafted in one transaction
ROW = "row"  # what is answered about a row as a whole:
ANYWAY, LEAVE = "anyway", "leave"  # draft it although it is there already; leave it out


def stored_cells(row: dict[str, object]) -> dict[str, object]:
    """Cells as they are kept; what cannot be used is kept as the sentence about it."""
    return {spelled(name): _stored(cell) for name, cell in row.items() if not cells.is_blank(cell)}


def _stored(cell: object) -> object:
    try:
        cell = cells.usable(cell)
    except ValidationError as error:
        return {"wrong": error.messages[0], "text": str(cell)}
    if isinstance(cell, datetime.datetime):
        cell = cell.date()
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


class Examination:
    """What is on record and in one file, against which its rows are read."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch, self.layout, self.known = batch, LAYOUTS[batch.layout], Known(batch.plan)
        self.keys: dict[str, int] = {}  # the first row with a key
        self.marks: dict[tuple[Any, ...], list[Any]] = {}  # rows by their figure, and by their source

    def read(self, row: ImportRow, *, accept: bool) -> tuple[Row, Built | None]:
        """A row read, and what it would become; ``None`` with the problems noted where it cannot be read."""
        reading = Row(
            *(self.layout, row.cells, row.answers, self.known), new_sources=self.batch.new_sources, accept=accept
        )
        try:
            made = built(reading)
            check(record=made.record, known_references=True)
            for each in made.evidence:
                each.clean_fields(exclude=["update_record", "assessment", "entry", "source"])
                if each.source._state.adding:
                    check(record=each.source, known_references=True)
            return reading, made
        except ValidationError as error:
            reading.problems = self._by_column(error)
        except Exception:  # whatever it is, the other rows are said too
            logger.exception("A row could not be read.")
            reading.problems = {"": [_("This row could not be read.")]}
        return reading, None

    def _by_column(self, error: ValidationError) -> dict[str, list[str]]:
        if not hasattr(error, "error_dict"):
            return {"": error.messages}
        by_column: dict[str, list[str]] = {}
        for name, sentences in error.message_dict.items():
            column = "" if name == NON_FIELD_ERRORS else self.layout.column(name)
            by_column.setdefault(column, []).extend(sentences)
        return by_column

    def examine(self, row: ImportRow) -> None:
        """Say of a row what becomes of it."""
        reading, made = self.read(row, accept=True)
        row.outcome = {"asks": reading.asks, "notes": reading.notes}
        if made is None:
            row.fate, row.key = Fate.REFUSED, ""
            row.outcome["problems"] = [[name, text] for name, texts in reading.problems.items() for text in texts]
            return
        row.key = made.record.seed_key
        again = self._again(row, made)
        row.outcome |= {"lacks": made.lacks, "pending": made.pending, "again": again, "draft": _draft_of(made)}
        if left := _why_left(row, reading):
            row.fate, row.outcome["left"] = Fate.LEFT, left
        elif again and row.answers.get(ROW) != ANYWAY:
            row.fate = Fate.AGAIN
        elif made.lacks or any(not each["likely"] for each in reading.asks):
            row.fate = Fate.OPEN
        else:
            row.fate = Fate.LIKELY if reading.asks else Fate.WHOLE

    def remember(self, rows: Iterable[tuple[int, str, Any]]) -> None:
        """Know rows that were examined before, by number, key and mark, so that others are compared with them."""
        for number, key, mark in rows:
            self.keys.setdefault(key, number)
            if mark and mark["figure"]:
                self.marks.setdefault(tuple(mark["figure"]), []).append((number, mark["origin"]))
            if mark and mark["source"]:
                self.marks.setdefault((mark["source"],), []).append((number, frozenset(mark["words"])))

    def _again(self, row: ImportRow, made: Built) -> str:
        """A sentence where the row is on record, among the drafts or in the file already; blank where it is new."""
        record, source = made.record, next((each.source.pk for each in made.evidence if each.source.pk), None)
        figure: tuple[Any, ...] | None = None
        if not isinstance(record, Assessment) and record.value is not None and record.metric_id:
            figure = (record.metric_id, record.as_of, plain_number(record.value))
        words, key = words_of(record.summary), row.key
        sentence = _("This row was imported before.") if key in self.known.keys else ""
        sentence = sentence or self._alike(
            _("The same number for the same time is %(where)s."),
            ((where, other) for other, where in self.known.figures.get(figure, ())),
            lambda other: None in (other, record.origin_id) or other == record.origin_id,
        )
        source_pk = source if figure is None else None  # figures are told apart by their numbers, not by their words
        sentence = sentence or self._alike(
            _("Almost the same words from this source are %(where)s."),
            ((where, others) for others, where in (self.known.texts.get(source_pk, ()) if source_pk else ())),
            lambda others: overlap(words, others) >= SAME_WORDS,
        )
        if not sentence and self.keys.get(key, row.number) < row.number:
            sentence = _("The same as row %(row)s.") % {"row": self.keys[key]}
        figure_key = [f"{part}" for part in figure or ()]
        sentence = sentence or self._alike(
            _("The same number for the same time as in row %(where)s."),
            ((n, other) for n, other in self.marks.get(tuple(figure_key) or ("",), ()) if n < row.number),
            lambda other: None in (other, record.origin_id) or other == record.origin_id,
        )
        sentence = sentence or self._alike(
            _("Almost the same words as in row %(where)s, from the same source."),
            ((n, others) for n, others in self.marks.get((source_pk,), ()) if source_pk and n < row.number),
            lambda others: overlap(words, others) >= SAME_WORDS,
        )
        mark = {"figure": figure_key, "origin": record.origin_id, "source": source_pk, "words": sorted(words)}
        row.outcome["mark"] = mark
        self.remember([(row.number, key, mark)])
        return sentence

    def _alike(self, sentence: str, rows: Iterable[tuple[Any, Any]], same: Callable[[Any], bool]) -> str:
        """The sentence with where the first stands that is the same; blank where none is."""
        return next((sentence % {"where": where} for where, other in rows if same(other)), "")


def _why_left(row: ImportRow, reading: Row) -> str:
    """Why a row is left out, as a sentence; blank where it is not."""
    if row.answers.get(ROW) == LEAVE or row.answers.get("what") == Becomes.LEAVE:
        return _("Left out by your answer.")
    if reading.text("what") == Becomes.LEAVE:
        return _("The file says that it is left out.")
    likely = (each for each in reading.asks if each["column"] == "what" and each["likely"] == Becomes.LEAVE)
    return next((_("Left out: %(why)s") % {"why": each["why"]} for each in likely), "")


SHOWN = ("value", "bound", "rung", "verdict", "says", "as_of", "precision", "starts_on", "fits", "how", "withheld")
ABOUT = ("metric", "commitment", "category", "origin")


def _draft_of(made: Built) -> dict[str, Any]:
    """What a row would become, by field, for the page that shows it."""
    record = made.record
    fields: dict[str, Any] = {}
    values = {name: getattr(record, name, None) for name in SHOWN}
    fields |= {name: str(value) for name, value in values.items() if value not in (None, "") and value is not False}
    fields |= {f"{name}_id": pk for name in ABOUT if (pk := getattr(record, f"{name}_id", None))}
    fields["sources"] = [each.source_id for each in made.evidence if each.source_id]
    return fields | {"kind": record._meta.model_name, "what": getattr(record, "what", "")}


def examine(batch: ImportBatch, progress: Progress = nobody_told, numbers: Collection[int] | None = None) -> None:
    """Say of every row that is not drafted yet, or of those with these numbers, what becomes of it, and keep that."""
    waiting, examination = batch.lines.exclude(fate=Fate.DRAFTED).order_by("number"), Examination(batch)
    if numbers is not None:
        others = waiting.exclude(number__in=numbers)
        examination.remember(others.values_list("number", "key", "outcome__mark"))
        waiting = waiting.filter(number__in=numbers)
    rows = list(waiting)
    for done, row in enumerate(rows, 1):
        examination.examine(row)
        if done % AT_ONCE == 0:
            progress(done, len(rows))
    keep_examined(batch=batch, rows=rows)
    progress(len(rows), len(rows))


def examine_import(number: int, progress: Progress) -> None:
    """``examine`` for a task, which knows an import by its number."""
    examine(ImportBatch.objects.select_related("plan").get(pk=number), progress)


def draft_import(number: int, progress: Progress) -> None:
    """``draft_rows`` for a task."""
    draft_rows(ImportBatch.objects.select_related("plan", "by").get(pk=number), progress)


def draft_rows(batch: ImportBatch, progress: Progress = nobody_told) -> int:
    """Draft the rows that were chosen, as ``tracker.actions.imports.choose`` wrote them down; how many became drafts.

    What is refused, left out or there already is not drafted. A row that fails now is refused, with its reason.
    """
    choice = batch.chosen or {}
    rows = batch.lines.filter(fate__in=(Fate.WHOLE, Fate.LIKELY, Fate.OPEN)).order_by("number")
    if choice.get("rows") is not None:
        rows = rows.filter(number__in=choice["rows"])
    waiting, examination, drafted = list(rows), Examination(batch), 0
    for start in range(0, len(waiting), AT_ONCE):
        with transaction.atomic():
            part = waiting[start : start + AT_ONCE]
            drafted += sum(_drafted(row, examination, accept=bool(choice.get("likely"))) for row in part)
        progress(min(start + AT_ONCE, len(waiting)), len(waiting))
    finish_drafting(batch=batch, drafted=drafted)
    return drafted


def _drafted(row: ImportRow, examination: Examination, *, accept: bool) -> bool:
    """Whether a row became a draft; where it did not, it is refused and says why."""
    reading, made = examination.read(row, accept=accept)
    if made is not None:
        made.record.returned_note = note_inside(row, made, reading)
        if made.record.seed_key in examination.known.keys:
            made.record.seed_key = f"{made.record.seed_key}:{row.batch.code[:8]}"  # drafted anyway
        fresh = [each for each in made.evidence if each.source._state.adding]
        try:
            with transaction.atomic():
                draft_row(row=row, by=row.batch.by, record=cast("Any", made.record), evidence=made.evidence)
        except ValidationError as error:
            reading.problems = examination._by_column(error)
        else:
            for each in fresh:
                examination.known.add_source(each.source)
            examination.known.keys[made.record.seed_key] = "draft"
            return True
    row.fate = Fate.REFUSED
    row.outcome["problems"] = [[name, text] for name, texts in reading.problems.items() for text in texts]
    keep_examined(batch=row.batch, rows=[row])
    return False


def note_inside(row: ImportRow, made: Built, reading: Row) -> str:
    """What a draft says inside of where it comes from, what it lacks, and what could not be cited yet."""
    parts = []
    if made.pending:
        parts.append(_("Source to be registered: %(source)s") % {"source": made.pending})
    if made.lacks:
        parts.append(_("Still open: %(names)s.") % {"names": "; ".join(made.lacks)})
    if unit := reading.text("unit"):
        parts.append(_("The file gives: %(figure)s.") % {"figure": f"{reading.text('value')} {unit}".strip()})
    parts += [each for each in reading.notes if each]
    if not parts:
        return ""
    return "\n".join([_("From row %(row)s of an imported file.") % {"row": row.number}, *parts])


def refused(batch: ImportBatch, *, everything: bool = False) -> tuple[list[str], list[list[object]]]:
    """Header and rows of a file: what was refused, or all that is no draft, each with its number and reason."""
    rows = batch.lines.exclude(fate=Fate.DRAFTED) if everything else batch.lines.filter(fate=Fate.REFUSED)
    header = [*(name for name in batch.columns if name not in ("row", "reason")), "row", "reason"]
    return header, [_again_a_row(row, header) for row in rows.order_by("number")]


def _again_a_row(row: ImportRow, header: Sequence[str]) -> list[object]:
    texts = {name: cell.get("text", "") if isinstance(cell, dict) else cell for name, cell in row.cells.items()}
    why = "; ".join(f"{name}: {text}" if name else text for name, text in row.outcome.get("problems", ()))
    lacks = "; ".join(row.outcome.get("lacks", ()))
    why = why or row.outcome.get("left", "") or row.outcome.get("again", "")
    why = why or (_("Still open: %(names)s.") % {"names": lacks} if lacks else "")
    return [{"row": row.number, "reason": why}.get(name, texts.get(spelled(name), "")) for name in header]
