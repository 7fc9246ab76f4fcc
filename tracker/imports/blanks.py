"""Files to start from: for a layout and a plan, the columns with lists of what a cell may hold, help and examples.

And rows as a file again, with a column that says why each came back.
"""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from tracker.models import Body, Commitment, Metric, Plan

from .files import HELP, LISTS, MOST_ROWS
from .layouts import FINDINGS, WORDS, Layout, choices_of
from .names import SEPARATOR

AS_TEXT = ("as_of", "starts_on", "published", "commitment", "ref")  # or a spreadsheet makes dates and numbers of them


def coded(record: Metric | Commitment | Body) -> str:
    """A record by code and name, as lists have it and cells may."""
    return f"{record.code}{SEPARATOR}{getattr(record, 'name', '') or getattr(record, 'title', '')}"


def lists_of(plan: Plan) -> dict[str, list[str]]:
    """What a cell of each column may hold: the words of a vocabulary, or records of the plan by code and name."""
    commitments = Commitment.objects.filter(plan=plan).select_related("provision").order_by("order")
    metrics = Metric.objects.filter(state__in=("", plan.state)).order_by("name")
    bodies = [coded(each) for each in Body.everything.citable().order_by("name")]
    by_column = {name: list(words.values) for name, words in WORDS.items()}
    return by_column | {
        "commitment": [coded(each) for each in commitments],
        "metric": [coded(each) for each in metrics],
        "rung": sorted({rung for each in metrics for rung in each.rungs}),
        "ref": list(dict.fromkeys(each.provision.code for each in commitments)),
        "origin": bodies,
        "publisher": bodies,
    }


def meanings() -> dict[str, str]:
    """What each column means, and how its cells are written."""
    return {
        "what": _("What the row becomes. Blank in the layout of findings: it is asked."),
        "ref": _("The paragraph of the plan, or the right, by its code."),
        "n": _("A number of your own that holds several findings together. Not read."),
        "kind": _("What the finding is."),
        "finding": _("What the source says, in our own words. Public."),
        "summary": _("What it records, in our own words. Public."),
        "caveat": _("What is weak about it. Public."),
        "commitment": _("The promise: its code, with or without the plan's, or its title."),
        "metric": _("What was measured: code or name. Blank where the promise says it."),
        "value": _("The number in full with a point, such as 1234.5; blank where there is none."),
        "unit": _("The unit as the source gives it."),
        "as_published": _("The number in the source's own words, with its unit."),
        "bound": _("What the number says about the true one."),
        "fits": _("Whether it is the metric's own statistic."),
        "how": _("How the number came to be; with “arithmetic” where it was derived or converted."),
        "arithmetic": _("The sum, for a number that was derived or converted."),
        "starts_on": _("The first day of the period, where it is no calendar year."),
        "as_of": _("The day, month or year that it speaks of: 2025-12-31, 2025-12 or 2025."),
        "precision": _("How exactly that day is known: day, month or year. Blank: as the day is written."),
        "scope": _("Place or group, where it is another than the metric's."),
        "origin": _("Whose figure, act or finding it is: code, name or short form."),
        "rung": _("The stage reached, one of the metric's own."),
        "verdict": _("The judgement against the written test."),
        "says": _("What a finding of others says of the promise."),
        "document": _("Symbol and paragraph of the document."),
        "withheld": _("yes, where evidence shows that the State does not publish the figure."),
        "reach": _("How far a search in vain went."),
        "places": _("Places where one looked."),
        "words": _("Words that one looked for."),
        "languages": _("Languages in which one looked."),
        "year_not_stated": _("yes, where the source does not say of which year it speaks."),
        "reread": _("What a second reading at the page brought."),
        "source": _("The code of a source on record. Or describe it in the next columns."),
        "source_title": _("Title of the publication."),
        "publisher": _("Who published it: code, name or short form."),
        "publisher_type": _("Not read."),
        "url": _("Address of the page; blank where it was not confirmed."),
        "published": _("When it was published: day, month or year."),
        "language": _("Language of the publication, such as en or zh."),
        "locator": _("Where in it: page, table, paragraph."),
    }


def examples(layout: Layout) -> list[dict[str, str]]:
    """Rows as they may look; for the page of help, not to be imported."""
    of_source = {"source_title": _("Statistical bulletin"), "publisher": _("Statistics Office"), "published": "2026-02"}
    figure = {"value": "92.9", "as_of": "2025", "caveat": "", **of_source}
    if layout is FINDINGS:
        step = {"ref": "I.2.2", "kind": "milestone", "finding": _("The law was adopted."), "as_of": "2024-08-20"}
        return [
            {"ref": "I.1.1", "kind": "measurement", "unit": "percent", "finding": _("It rose to 92.9."), **figure},
            step,
        ]
    return [
        {"what": "value", "metric": "gross-enrolment", "bound": "exact", "fits": "same", "how": "reported", **figure}
        | {"summary": _("It rose to 92.9 percent."), "origin": _("Statistics Office")},
        {"what": "assessment", "commitment": "I.1.1a", "says": "qualifies", "as_of": "2025-11", **of_source}
        | {"summary": _("It finds villages left out."), "origin": "UN"},
    ]


def xlsx_file(layout: Layout, plan: Plan, header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of a layout: the rows, which alone are read, lists of what cells may hold, and a page of help."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = _("Rows")[:31]
    sheet.append(list(header))
    for row in rows:
        sheet.append([cell.lstrip("=") if isinstance(cell, str) else cell for cell in row])
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.number_format = "@"
    lists = lists_of(plan)
    listed = book.create_sheet(LISTS)
    for place, (name, values) in enumerate(lists.items(), 1):
        for n, value in enumerate([name, *values], 1):
            listed.cell(n, place, value)
    for place, name in enumerate(header, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = 40 if name in ("summary", "finding", "reason") else 16
        if name in AS_TEXT:
            sheet.column_dimensions[letter].number_format = "@"
        if name in lists:
            own = get_column_letter(list(lists).index(name) + 1)
            allowed = DataValidation(
                "list", formula1=f"{LISTS}!${own}$2:${own}${len(lists[name]) + 1}", allow_blank=True
            )
            allowed.errorStyle, allowed.showErrorMessage = "warning", False  # other spellings are read too
            allowed.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
            sheet.add_data_validation(allowed)
    _write_help(book.create_sheet(HELP), layout)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_help(sheet, layout):
    means = meanings()
    sheet.append([_("Column"), _("Needed"), _("What it means"), _("Words that a cell may hold")])
    for name in layout.columns:
        words = "; ".join(f"{value}: {label}" for value, label in choices_of(name))
        sheet.append([name, _("yes") if name in layout.needed else "", means.get(name, ""), words])
    sheet.append([])
    sheet.append([_("Examples, which are not read")])
    for example in examples(layout):
        sheet.append([f"{name}: {text}" for name, text in example.items() if text])
    for letter, width in (("A", 18), ("B", 8), ("C", 60), ("D", 80)):
        sheet.column_dimensions[letter].width = width
