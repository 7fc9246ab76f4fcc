"""The steps of a file on its way: examined, loaded; a plan's files made. In the request, or by a process beside it."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.actions.errors import REFUSED, sentences
from tracker.actions.filling import fill
from tracker.actions.jobs import Progress, nobody_told
from tracker.loader.state import ADDED, CHANGED, GONE, UNCHANGED, Outcome
from tracker.models import Plan, Preparation
from tracker.schema import TABLES, Table
from tracker.serving.disk import write_files

from . import rows, sent_file, writing
from .examine import Examined, examine, head_of_key
from .sheets import SHEET_OF, STAGES, Sheet
from .suggest import name_in, suggestions

MOST_SHOWN = 300  # problems, suggestions and changes each
SOON = 40_000  # bytes of a file that is read while the browser waits
SOON_PROMISES = 40  # of a plan whose files are made while the browser waits
MOVED = "moved"


def examine_file(number: int, progress: Progress = nobody_told) -> None:
    """Look at the file of a preparation, and keep what it would change and what is wrong with it."""
    preparation = Preparation.objects.get(pk=number)
    file = sent_file.get(number)
    if file is None:
        return
    progress(0, 1)
    try:
        file.result = result_of(examine(sent_file.content(number), preparation))
    except ValidationError as error:
        file.result = {"refused": error.messages}
    file.version, file.loaded_by = preparation.version, None
    sent_file.write(number, file)
    progress(1, 1)


def load_file(number: int, progress: Progress = nobody_told) -> None:
    """Make a preparation what its file says, if nothing of either has changed since it was seen."""
    preparation = Preparation.objects.get(pk=number)
    file = sent_file.get(number)
    if file is None or file.loaded_by is None:
        return
    progress(0, 2)
    try:
        examined = examine(sent_file.content(number), preparation)
        file.result = result_of(examined)
        progress(1, 2)
        if not examined.problems:
            by = User.objects.get(pk=file.loaded_by)
            fill(preparation=preparation, records=examined.built, by=by, version=file.version)
            file.result["loaded"] = True
            sent_file.forget(number, all_of_it=False)
    except REFUSED as error:
        file.result["refused"] = sentences(error)
    file.loaded_by = None
    sent_file.write(number, file)
    progress(2, 2)


def make_files(number: int, progress: Progress = nobody_told) -> None:
    """Make the spreadsheet and the seed files of a plan, public or in preparation, and keep them."""
    plan = Plan.everything.select_related("preparation").get(pk=number)
    progress(0, 2)
    for n, ending in enumerate(MAKE, 1):
        write_files((sent_file.path_of_plan(number, ending), MAKE[ending](plan)))
        progress(n, 2)


def rows_of(plan: Plan) -> dict[Any, Any]:
    """A plan's rows by table."""
    return rows.of_plan(plan) if plan.preparation is None else rows.of_preparation(plan.preparation)


MAKE: dict[str, Callable[[Plan], bytes]] = {
    "xlsx": lambda plan: writing.workbook(rows_of(plan)),
    "zip": lambda plan: rows.archive(plan.code, rows_of(plan)),
}


def is_small(plan: Plan) -> bool:
    """Whether its files are made while the browser waits."""
    return plan.commitments.count() <= SOON_PROMISES


def result_of(examined: Examined) -> dict[str, Any]:
    """What a page shows of a file that was examined."""
    filled = suggestions(examined.book)
    names = {(table.name, each.code): _name(table, each) for table, records in examined.now.items() for each in records}
    built = ((table, each) for table, pairs in examined.built.items() for each, _sets in pairs)
    names |= {(table.name, each.code): _name(table, each) for table, each in built}
    changes = [_change(each, names) for each in examined.changes]
    words = Counter(each["word"] for each in changes)
    return {
        "problems": [
            {"place": each.place, "field": each.field, "message": each.message}
            for each in examined.problems[:MOST_SHOWN]
        ],
        "problem_count": len(examined.problems),
        "notes": examined.book.notes[:MOST_SHOWN],
        "counts": [
            (str(sheet.name), len(lines))
            for sheet, lines in examined.book.lines.items()
            if sheet is not STAGES or lines
        ],
        "suggested": [
            [line.problem(key, "").place, head_of_key(line.sheet, key), _in_words(line.sheet, key, value)]
            for line, key, value in filled[:MOST_SHOWN]
        ],
        "suggested_count": len(filled),
        "changes": [each for each in changes if each["word"] != MOVED][:MOST_SHOWN],
        "words": {word: words[word] for word in (ADDED, CHANGED, GONE, MOVED)},
        "same": sum(each.word == UNCHANGED for each in examined.outcomes),
    }


def _name(table: Table, record: Any) -> str:
    """What a record is called, where its code alone does not say it."""
    name = name_in(table)
    return "" if name == "code" else str(getattr(record, name))


def _change(outcome: Outcome, names: dict[tuple[str, str], str]) -> dict[str, Any]:
    """What becomes of a record, with each field that changes on both sides."""
    table = next(table for table in TABLES if table.name == outcome.table)
    sheet = SHEET_OF[table]
    fields = [
        [head_of_key(sheet, name), _in_words(sheet, name, was), _in_words(sheet, name, now)]
        for name, (was, now) in outcome.differences.items()
        if name != "order"
    ]
    name = names.get((outcome.table, outcome.code), "")
    word = MOVED if outcome.word == CHANGED and not fields else outcome.word
    return {"sheet": str(sheet.name), "code": outcome.code, "name": name, "word": word, "fields": fields}


def _in_words(sheet: Sheet, name: str, value: Any) -> str:
    """A value of a row as a person reads it."""
    if value is None:
        return str(_("blank"))
    column = sheet.column(name)
    words = sheet.words(column) if column is not None and column.key == name else {}
    if isinstance(value, list):
        return "; ".join(" | ".join(each.values()) if isinstance(each, dict) else str(each) for each in value)
    return words.get(str(value), str(value))
