"""How the rows of an import are shown: what each says, what becomes of it, and what it asks, with its likely answer."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from tracker.imports.blanks import lists_of
from tracker.imports.cells import text
from tracker.imports.drafting import ANYWAY, LEAVE, ROW
from tracker.imports.layouts import QUESTIONS, choices_of
from tracker.imports.rows import what_is_open
from tracker.models import Assessment, Body, Category, Commitment, Evidence, Fate, Metric, Source, Update
from tracker.snapshot.cache import read_snapshot
from tracker.text import typed
from tracker.text.plain import plain_number
from tracker.wording.labels import bounded

from .finding import nameable
from .preview import effects

ON_A_PAGE = 25
# Which rows a button drafts, and whether likely answers stand for those that were not given.
DRAFTS = {
    "whole": ([Fate.WHOLE], False),
    "likely": ([Fate.WHOLE, Fate.LIKELY], True),
    "all": ([Fate.WHOLE, Fate.LIKELY, Fate.OPEN], True),
}
SHOWN_FATES = (Fate.WHOLE, Fate.LIKELY, Fate.OPEN, Fate.AGAIN, Fate.REFUSED, Fate.LEFT, Fate.DRAFTED)
NAMES = {"metric": "metric", "commitment": "commitment", "origin": "origin", "publisher": "origin"}  # list of each
RECORDS = {"metric": Metric, "commitment": Commitment, "category": Category, "origin": Body}
TOGETHER = ("ref", "kind", "publisher")  # columns by which rows are answered together
AT_LEAST = 2  # rows that share a cell, for one answer to them all


def counts_of(batch):
    """How many rows there are of each fate, for the filters."""
    by_fate = dict(batch.lines.order_by().values_list("fate").annotate(n=Count("pk")))
    return [(fate, by_fate[fate]) for fate in SHOWN_FATES if by_fate.get(fate)]


def buttons(counts):
    """What the buttons draft, and how many rows; each set of rows, which holds the one before, by one button alone."""
    numbers = {step: sum(counts.get(fate, 0) for fate in fates) for step, (fates, _likely) in DRAFTS.items()}
    first: dict[int, str] = {}
    for step, count in numbers.items():
        first.setdefault(count, step)
    return [(step, count) for count, step in first.items() if count]


def together(batch):
    """What several rows share, so that one answer serves them all: value, words and how many."""
    shared = []
    for column in TOGETHER:
        open_rows = batch.lines.exclude(fate=Fate.DRAFTED).order_by()
        values = open_rows.values_list(f"cells__{column}").annotate(n=Count("pk")).order_by(f"cells__{column}")
        shared += [(f"{column}={value}", value, n) for value, n in values if value and n >= AT_LEAST]
    return [("", _("every row"), batch.count), *shared]


def concerns(row, column):
    """Whether a row asks this, or has an answer to it."""
    return column in row.answers or any(each["column"] == column for each in row.outcome.get("asks", ()))


def answered(row, column):
    """What stands for the answer of a row now: what was given, else what is likely, in words."""
    asks = next((each for each in row.outcome.get("asks", ()) if each["column"] == column), {})
    value = row.answers.get(column) or asks.get("likely", "")
    return (dict(asks.get("options", ())) | dict(choices_of(column))).get(value, value)


def words_of_row(row):
    """What a row says, of its cells."""
    return _cell(row.cells.get("finding") or row.cells.get("summary") or "")


def shown(rows):
    """Each row with all that a person needs to decide on it without the file."""
    records, snapshot = _records(rows), read_snapshot()
    drafts = _drafts(rows)
    return [_shown(row, records, drafts, snapshot) for row in rows]


def names_for(batch, rows):
    """The lists of names that the questions of these rows may be answered from, by the list's name."""
    asked_for = {NAMES[each["column"]] for row in rows for each in row.outcome.get("asks", ()) if each["names"]}
    asked_for |= {NAMES[column] for row in rows for column in row.answers if column in NAMES}
    lists = lists_of(batch.plan) if asked_for else {}
    return {name: lists[name] for name in sorted(asked_for)}


def _records(rows):
    """What the drafts of these rows would name, by field and number."""
    drafts = [row.outcome.get("draft", {}) for row in rows]
    numbers = {name: {draft[f"{name}_id"] for draft in drafts if f"{name}_id" in draft} for name in RECORDS}
    queries = {name: nameable(model) for name, model in RECORDS.items()}
    queries["commitment"] = queries["commitment"].select_related("plan", "metric")
    queries["category"] = queries["category"].select_related("plan")
    records = {name: queries[name].in_bulk(numbers[name]) for name in RECORDS}
    sources = {pk for draft in drafts for pk in draft.get("sources", ())}
    return records | {"source": nameable(Source).select_related("publisher").in_bulk(sources)}


def _shown(row, records, drafts, snapshot):
    columns = {each["column"] for each in row.outcome.get("asks", ())}
    outcome, cells = row.outcome, {name: _cell(cell) for name, cell in row.cells.items()}
    drafted = drafts.get((row.kind, row.made))
    draft, ahead = _draft(outcome.get("draft", {}), records), ()
    if draft is not None and row.fate in (Fate.WHOLE, Fate.LIKELY):
        ahead = effects(*draft, snapshot)
    return {
        "row": row,
        "cells": cells,
        "text": drafted.summary if drafted else cells.get("finding") or cells.get("summary") or "",
        "lacks": what_is_open(drafted) if drafted else () if outcome.get("left") else outcome.get("lacks", ()),
        "gone": row.made is not None and drafted is None,
        "state": drafted.get_state_display() if drafted else "",
        "figure": f"{cells.get('value', '')} {cells.get('unit', '')}".strip(),
        "link": cells["url"] if str(cells.get("url", "")).startswith(("https://", "http://")) else "",
        "becomes": _becomes(drafted) if drafted else _becomes(draft[0]) if draft else (),
        "effects": ahead,
        "asks": [_control(row, each) for each in outcome.get("asks", ())],
        "answers": [_answered(row, name) for name in row.answers if name not in (ROW, *columns)],
        "whole_row": row.answers.get(ROW, ""),
        "may_anyway": row.fate == Fate.AGAIN or row.answers.get(ROW) == ANYWAY,
        "address": reverse(f"admin:tracker_{row.kind}_change", args=[row.made]) if drafted else "",
    }


def _cell(cell):
    """A cell as its file has it: a year is no number with thousands."""
    return cell.get("text", "") if isinstance(cell, dict) else cell if isinstance(cell, str) else text(cell)


def _drafts(rows):
    """What rows became that are drafted already, by kind and number, each with its evidence."""
    drafts = {}
    for model, about in ((Update, "metric"), (Assessment, "category__plan")):
        kind = model._meta.model_name
        queryset = model.objects.select_related(about, "commitment__plan", "origin").prefetch_related("evidence")
        drafts |= {(kind, pk): row for pk, row in queryset.in_bulk([r.made for r in rows if r.kind == kind]).items()}
    return drafts


def _draft(fields, records):
    """The draft that a row would become, unsaved, with its evidence; ``None`` where there is none."""
    if not fields:
        return None
    record = Assessment() if fields["kind"] == "assessment" else Update()
    for field in record._meta.concrete_fields:
        if field.is_relation and (related := records.get(field.name, {}).get(fields.get(field.attname))):
            setattr(record, field.name, related)
        elif not field.is_relation and field.name in fields:
            setattr(record, field.name, field.to_python(fields[field.name]))
    sources = [records["source"][pk] for pk in fields["sources"] if pk in records["source"]]
    return record, [Evidence(source=each) for each in sources]


def _becomes(record):
    """What a draft would record, as pairs of label and words."""
    titles = QUESTIONS
    if isinstance(record, Update):
        pairs = [(_("It becomes"), record.get_what_display()), (titles["metric"], record.metric)]
    else:
        pairs = [(_("It becomes"), _("a finding of others"))]
    pairs.append((titles["commitment"], record.commitment))
    if isinstance(record, Assessment):
        pairs += [(_("Which right"), record.category), (titles["says"], record.get_says_display())]
    elif record.value is not None:
        number = bounded(plain_number(record.value), record.bound or "exact")
        pairs.append((_("Value"), f"{number} {record.metric.unit if record.metric else ''}".strip()))
    pairs += [(titles["rung"], getattr(record, "rung", "")), (titles["origin"], record.origin)]
    return [(label, str(words)) for label, words in pairs if words]


def _control(row, each):
    """A question as a control: options with the likely one chosen, or words to write, and why that is likely."""
    column = each["column"]
    known = {value for value, _label in each["options"]}
    likely = each["likely"]
    options = each["options"] + ([[likely, likely]] if likely and likely not in known else [])
    return {
        "name": f"a-{row.number}-{column}",
        "other": f"o-{row.number}-{column}" if each["names"] else "",
        "label": QUESTIONS.get(column, column),
        "options": options,
        "chosen": likely,
        "written": row.answers.get(column, ""),  # and not known: it is shown again, to be mended
        "why": each["why"],
        "list": NAMES.get(column, "") if each["names"] else "",
    }


def _answered(row, column):
    """What was answered, so that it can be changed or taken back."""
    return {
        "name": f"a-{row.number}-{column}",
        "label": QUESTIONS.get(column, column),
        "options": choices_of(column),
        "chosen": row.answers[column],
        "list": NAMES.get(column, ""),
    }


def ticked_in(post):
    """The numbers of the rows that are ticked."""
    return [number for each in post.getlist("pick") if (number := typed.whole(each)) is not None]


def sent_answers(post, columns):
    """What a page of rows sent: answers by the number of a row and by column. What is no question is not taken."""
    answers = {}
    for name in post:
        mark, _dash, remainder = name.partition("-")
        written, _dash, column = remainder.partition("-")
        number = typed.whole(written) if mark in ("a", "o") else None
        if number is not None and column in (*columns, ROW) and (mark == "a" or post[name].strip()):
            answers.setdefault(number, {})[column] = post[name]
    for each in answers.values():
        if each.get(ROW) not in (None, "", ANYWAY, LEAVE):
            del each[ROW]
    return answers


def without_likely(batch, answers, ticked):
    """Answers without the likely ones that were only left standing, which nobody gave, unless the row is ticked."""
    rows = {row.number: row for row in batch.lines.filter(number__in=[n for n in answers if n not in ticked])}
    for number, row in rows.items():
        for each in row.outcome.get("asks", ()):
            column = each["column"]
            if each["likely"] and answers[number].get(column) == each["likely"] and column not in row.answers:
                del answers[number][column]
    return answers
