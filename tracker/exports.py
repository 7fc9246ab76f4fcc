"""The filtered set as files: CSV to open in a spreadsheet, JSON for programs. Same rows, same keys, same order."""

import csv
import io
import json
import re

from django.conf import settings
from django.http import StreamingHttpResponse

from .assess import METHOD
from .records import COMMITMENT_COLUMNS

# What a spreadsheet may take for a formula, at the start of a cell; some read the wide signs of East Asian texts too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LIST_SEPARATOR = "; "


def csv_cell(value):
    """A value as a spreadsheet may open it without running it: texts that look like formulas get an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = LIST_SEPARATOR.join(value)
    value = str(value)
    if value.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(value):
        return "'" + value
    return value


def csv_lines(commitments):
    """The set as lines of CSV, header first, in UTF-8 with a mark so that spreadsheets read it right."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells):
        writer.writerow(cells)
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield "\ufeff" + line(COMMITMENT_COLUMNS)
    for commitment in commitments:
        yield line([csv_cell(value) for value in commitment.public(settings.SITE_URL).values()])


def json_pieces(commitments, about):
    """The set as pieces of one JSON document: what it is, then the results."""
    yield '{"about": ' + json.dumps(about, ensure_ascii=False) + ', "results": ['
    separator = "\n"
    for commitment in commitments:
        yield separator + json.dumps(commitment.public(settings.SITE_URL), ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def about(filters, commitments):
    """What a file says of itself: the plan, the filters in words, how many rows, from which state of the site."""
    plan = filters.plan
    query = filters.query()
    return {
        "plan": plan.code,
        "title": plan.title,
        "filters": filters.in_words(),
        "count": len(commitments),
        "of": len(plan.commitments),
        "as_of": str(filters.snapshot.on),
        "ledger_entry": filters.snapshot.known,
        "ledger_head": filters.snapshot.head_hash,
        "method": METHOD,
        "licence": LICENCE,
        "url": settings.SITE_URL + plan.explorer_path + (f"?{query}" if query else ""),
    }


def as_csv(filters):
    """All commitments of the filters as a CSV file to download."""
    commitments, _facets = filters.answer()
    response = StreamingHttpResponse(csv_lines(commitments), content_type="text/csv; charset=utf-8")
    return _named(response, filters.plan, "csv")


def as_json(filters):
    """All commitments of the filters as JSON."""
    commitments, _facets = filters.answer()
    pieces = json_pieces(commitments, about(filters, commitments))
    response = StreamingHttpResponse(pieces, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return _named(response, filters.plan, "json", disposition="inline")


def _named(response, plan, extension, disposition="attachment"):
    response["Content-Disposition"] = f'{disposition}; filename="{plan.code}-commitments.{extension}"'
    return response
