"""A text as lines: each a heading, an item of a list, a note or text, as far as its file says so. Pure, without Django.

A line is what its file sets as a paragraph. In plain text that is what stands between blank lines, or a line that opens
with a sign of a list or a number; what is only wrapped is one line.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

TEXT, HEADING, ITEM, NOTE, CELL = "text", "heading", "item", "note", "cell"
DASHES = "–—―‒‐-•·◦▪▫●○■□➢✓*"
SUPERSCRIPT = "⁰¹²³⁴-⁹"
# Characters that nobody sees and a quotation typed by a person will lack; joiners stay, which Persian writes with.
UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb]")
BLANKS = re.compile(r"[^\S\n]+")
OPENS = re.compile(  # a list or a numbered line in wrapped text
    rf"(?:[{re.escape(DASHES)}]\s|#{{1,6}}\s|[({SUPERSCRIPT}]|\(?[0-9IVXLCivxlcA-Za-zА-ЯΑ-Ω]{{1,5}}[.)]\s|\d+(?:\.\d+)+\.?\s)"
)
MARKDOWN = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
BOLD = re.compile(r"^(?P<sign>(?:\(?[\w.]{1,6}[.):]\s+)?[^\w*]*)(?P<star>\*\*|__)(?P<bold>\S.*?)(?P=star)")
ENDED = re.compile(r"[.!?:。！？：؟।…][\"”’»)\]]*$")
UNBROKEN = 200  # characters of a line that no program has wrapped


@dataclass(frozen=True)
class Line:
    """One line of a text. ``bold`` is how many of its first characters are bold, ``level`` that of a heading or list,
    counted from 1, and 0 where the file says nothing; ``page`` 0 where there are none."""

    text: str
    style: str = TEXT
    level: int = 0
    bold: int = 0
    page: int = 0


def clean_text(text: str) -> str:
    """Composed alike, with simple blanks and without what nobody sees."""
    return BLANKS.sub(" ", UNSEEN.sub("", unicodedata.normalize("NFC", text)))


def lines_of_text(text: str) -> list[Line]:
    """The lines of a plain text, with headings and bold words where it is marked up as Markdown."""
    pages = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n").replace("\v", "\n").split("\f")
    unbroken = _is_unbroken(text)
    lines: list[Line] = []
    for number, page in enumerate(pages, start=1):
        for block in re.split(r"\n\s*\n", clean_text(page)):
            pieces = [piece.strip() for piece in block.split("\n") if piece.strip()]
            lines += [
                _marked_up(words, number if len(pages) > 1 else 0)
                for words in (pieces if unbroken else _unwrapped(pieces))
            ]
    return lines


def _is_unbroken(text: str) -> bool:
    """Whether each line of a file is a paragraph: no blank lines between them, and some longer than any wrapped."""
    filled = [line for line in text.splitlines() if line.strip()]
    blank = len(re.findall(r"\n\s*\n", text))
    return blank < len(filled) / 10 and any(len(line) > UNBROKEN for line in filled)


def _unwrapped(pieces: list[str]) -> Iterator[str]:
    """Lines of one block put together, but where one opens with a number or the sign of a list."""
    so_far = ""
    for piece in pieces:
        if so_far and (OPENS.match(piece) or so_far.startswith("#")):
            yield so_far
            so_far = piece
        else:
            so_far = f"{so_far} {piece}".strip()
    if so_far:
        yield so_far


def _marked_up(text: str, page: int) -> Line:
    style, level = TEXT, 0
    if match := MARKDOWN.match(text):
        style, level, text = HEADING, len(match[1]), match[2]
    bold = 0
    if match := BOLD.match(text):
        before = match["sign"] + match["bold"]
        bold, text = len(before), before + text[match.end() :]
    return Line(text, style, level, bold, page)
