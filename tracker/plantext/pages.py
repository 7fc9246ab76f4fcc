"""The pages of a PDF as lines: put together by places and sizes, without what each page repeats. Without Django."""

import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from tracker.uploads.archives import Refused

from .lines import ENDED, HEADING, OPENS, TEXT, Line, clean_text

MOST_PAGES = 1500
LEAST_LETTERS = 20  # of a page, on the average: below, the pages are pictures
APART = 1.35  # of the usual distance of lines: from there on a new paragraph
LARGER = 1.12  # of the usual size of letters: from there on a heading
REPEATED = 0.3  # of the pages: what stands on so many at their edge is no part of the text
NUMBER = re.compile(r"[\W_]*(?:\w{1,6}\W+)?\d{1,4}(?:\W+\w{1,3}\W+\d{1,4})?[\W_]*|[ivxlc]{1,6}")


@dataclass
class _Row:
    """One printed row: its words, height on the page, size of letters, whether all of it is bold."""

    text: str
    y: float
    size: float
    bold: bool
    page: int


def lines_of_pdf(content: bytes) -> list[Line]:
    """The lines of a PDF. Raises ``Refused``: sealed, scanned, large, broken."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(_opened(content) if b"/Encrypt" in content else content))
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise Refused("large")
        pages = [list(_rows(page, number)) for number, page in enumerate(reader.pages, start=1)]
    except PyPdfError as error:
        raise Refused("large" if "limit" in str(error).lower() else "broken") from error
    if sum(len(row.text) for rows in pages for row in rows) < LEAST_LETTERS * max(count, 1):
        raise Refused("scanned")
    return _lines([row for rows in _without_edges(pages) for row in rows])


def _opened(content: bytes) -> bytes:
    """A PDF that anybody may read, without the password that its owner changes it by."""
    import pikepdf

    try:
        document = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise Refused("sealed") from error
    unlocked = io.BytesIO()
    document.save(unlocked, encryption=False)
    return unlocked.getvalue()


def _rows(page: Any, number: int) -> Iterator[_Row]:
    """The rows of one page, in the order in which it draws them: columns come one after the other."""
    pieces: list[tuple[str, float, float, bool]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: dict[str, Any] | None, size: float) -> None:
        scale = abs(tm[3] * cm[3]) or 1
        name = str((font or {}).get("/BaseFont", "")).lower()
        y = tm[5] * cm[3] + cm[5]
        for part in re.split(r"(\n)", text):
            pieces.append((part, y, size * scale, "bold" in name or "black" in name))

    page.extract_text(visitor_text=visit)
    row: list[tuple[str, float, float, bool]] = []
    for piece in [*pieces, ("\n", 0, 0, False)]:
        if piece[0] != "\n":
            row.append(piece)
            continue
        if words := clean_text("".join(part for part, *_rest in row)).strip():
            inked = [part for part in row if part[0].strip()]
            size = max(part[2] for part in inked)
            yield _Row(words, inked[0][1], size, all(part[3] for part in inked), number)
        row = []


def _without_edges(pages: list[list[_Row]]) -> Iterator[list[_Row]]:
    """Each page without its number and without what many pages have at their top or bottom."""

    def alike(row: _Row) -> str:
        return re.sub(r"\d+", "0", row.text)

    edges = Counter(alike(row) for rows in pages for row in {id(r): r for r in (*rows[:2], *rows[-2:])}.values())
    many = max(3, len(pages) * REPEATED)
    for rows in pages:
        edge = {id(row) for row in (*rows[:2], *rows[-2:])}
        yield [
            row
            for row in rows
            if not (id(row) in edge and (edges[alike(row)] >= many or (len(pages) > 1 and NUMBER.fullmatch(row.text))))
        ]


def _lines(rows: list[_Row]) -> list[Line]:
    usual = _usual(rows)
    steps = [a.y - b.y for a, b in itertools.pairwise(rows) if a.page == b.page and 0 < a.y - b.y < 5 * usual]
    step = median(steps) if steps else usual * 1.2
    lines: list[Line] = []
    before: _Row | None = None
    so_far: list[_Row] = []
    for row in rows:
        if before is not None and _begins(before, row, step, usual):
            lines.append(_line(so_far, usual))
            so_far = []
        so_far.append(row)
        before = row
    return [*lines, _line(so_far, usual)] if so_far else lines


def _usual(rows: list[_Row]) -> float:
    """The size of most letters."""
    letters: Counter[float] = Counter()
    for row in rows:
        letters[round(row.size, 1)] += len(row.text)
    return letters.most_common(1)[0][0] or 1.0


def _begins(before: _Row, row: _Row, step: float, usual: float) -> bool:
    """Whether a row begins a paragraph: apart from the row above, of other letters, or with a sign of its own."""
    if OPENS.match(row.text) or before.bold != row.bold or abs(before.size - row.size) > usual * (LARGER - 1):
        return True
    if before.page == row.page and before.y - row.y > 0:
        return before.y - row.y > step * APART
    return bool(ENDED.search(before.text))  # over the end of a page or column


def _line(rows: list[_Row], usual: float) -> Line:
    text = rows[0].text
    for row in rows[1:]:
        hyphen = text.endswith("-") and text[-2:-1].isalpha() and row.text[:1].islower()
        text = text[:-1] + row.text if hyphen else f"{text} {row.text}"
    heading = rows[0].size > usual * LARGER and len(text) < 200
    bold = len(text) if all(row.bold for row in rows) else 0
    return Line(text, HEADING if heading else TEXT, 0, bold, rows[0].page)
