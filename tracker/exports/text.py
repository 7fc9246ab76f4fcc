"""Rows as text, piece by piece: lines of CSV that a spreadsheet may open without running them, and JSON."""

import csv
import io
import json
import re

# What a spreadsheet may take for a formula, at the start of a cell; some read the wide signs of East Asian texts too.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
LIST_SEPARATOR = "; "
BLOCK = 1 << 16  # characters
MARK = "\ufeff"  # tells spreadsheets that the file is UTF-8


def looks_like_a_formula(text):
    """Whether a spreadsheet might run a text. A number with a sign is a number."""
    return text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text)


def as_text(value):
    """A value as one text: lists joined, and as JSON where they hold more than texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return json.dumps(value, ensure_ascii=False)
    return LIST_SEPARATOR.join(map(str, value)) if isinstance(value, list) else str(value)


def csv_cell(value):
    """A value as a cell: blank for nothing, lists joined, and an apostrophe before what looks like a formula."""
    if value is None:
        return ""
    value = value if isinstance(value, str) else as_text(value)
    return "'" + value if looks_like_a_formula(value) else value


def in_blocks(pieces):
    """Pieces of text as bytes, many together: who writes, compresses or sends them does so seldom."""
    block, size = [], 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size >= BLOCK:
            yield "".join(block).encode()
            block, size = [], 0
    yield "".join(block).encode()


def csv_lines(header, rows):
    """A header and rows of values as lines of CSV, in UTF-8 with a mark so that spreadsheets read it right."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def line(cells):
        writer.writerow(cells)
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    yield MARK + line(header)
    for row in rows:
        yield line([csv_cell(value) for value in row])


def json_pieces(rows, about):
    """Rows as pieces of one JSON document: what it is, then the results."""
    yield '{"about": ' + json.dumps(about, ensure_ascii=False) + ', "results": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(row, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
