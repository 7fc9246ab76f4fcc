"""HTML as lines: headings, items of lists, cells of tables and notes by their elements. Pure, without Django."""

import re
from html.parser import HTMLParser

from .lines import CELL, HEADING, ITEM, NOTE, TEXT, Line, clean_text

BLOCKS = {"p", "div", "li", "td", "th", "tr", "table", "ul", "ol", "dl", "dt", "dd", "blockquote", "section", "article"}
BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "br", "hr", "pre", "body", "caption", "figure"}
UNREAD = {"script", "style", "head", "template", "noscript", "svg", "nav", "footer", "form", "button", "select"}
BOLD = {"b", "strong"}
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
NUMBER = re.compile(r"\[?(\d{1,3})\]?")
BACK = "↑"  # by which a note leads back to where it is called


def lines_of_html(text: str) -> list[Line]:
    """The lines of a page, without what is no part of its text: menus, scripts, forms."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.flush()
    return reader.lines


class _Reader(HTMLParser):
    """Pieces of the line that is being read, and the elements around it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.pieces: list[tuple[str, bool]] = []
        self.unread: list[str] = []
        self.lists: list[tuple[str, int]] = []  # kind and number of items so far
        self.style, self.level = TEXT, 0
        self.bold = self.raised = self.note = self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        by_name = dict(attrs)
        if tag in UNREAD:
            self.unread.append(tag)
        elif tag in BLOCKS:
            self.flush()
            self._open(tag, by_name)
        elif tag in BOLD:
            self.bold += 1
        elif tag == "sup":
            self.raised += 1

    def _open(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag in ("ul", "ol"):
            self.lists.append((tag, int(attrs["start"] or 1) - 1 if (attrs.get("start") or "").isdecimal() else 0))
        elif tag == "li":
            if self.lists:
                self.lists[-1] = (self.lists[-1][0], self.lists[-1][1] + 1)
            self.style, self.level = ITEM, max(len(self.lists), 1)
            if "note" in (attrs.get("id") or ""):
                self.style, self.level = NOTE, self.lists[-1][1] if self.lists else 0
        elif tag in ("td", "th"):
            self.cells += 1
        elif re.fullmatch(r"h[1-6]", tag):
            self.style, self.level = HEADING, int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unread:
            del self.unread[len(self.unread) - 1 - self.unread[::-1].index(tag) :]
        elif tag in BLOCKS:
            self.flush()
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()
            elif tag in ("td", "th"):
                self.cells = max(self.cells - 1, 0)
            if tag == "li" or tag[0] == "h":
                self.style, self.level = TEXT, 0
        elif tag in BOLD:
            self.bold = max(self.bold - 1, 0)
        elif tag == "sup":
            self.raised = max(self.raised - 1, 0)

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        if self.raised and (number := NUMBER.fullmatch(data.strip())):
            data = number[1].translate(RAISED)
        if data.strip() != BACK:
            self.pieces.append((data, bool(self.bold)))

    def flush(self) -> None:
        """End the line that is being read."""
        words = ""
        bold, still = 0, True
        for piece, is_bold in self.pieces:
            words = (words + clean_text(piece.replace("\n", " "))).lstrip().replace("  ", " ")
            still = still and (is_bold or not piece.strip())
            bold = len(words.rstrip()) if still and is_bold else bold
        self.pieces = []
        if not (words := words.strip()):
            return
        style, level = self.style, self.level
        if style == TEXT and self.cells:
            style = CELL
        if style == NOTE:
            words, level = f"{level}".translate(RAISED) + f" {words}", 0
        self.lines.append(Line(words, style, level, min(bold, len(words))))
        if style in (ITEM, NOTE):
            self.style, self.level = TEXT, 0  # a second paragraph of an item opens none
