"""Cut the text of a plan into the passages that its provisions point at.

Pure: text in, passages out. Understands the layout in which the plan circulates as plain text: chapters headed
by a Roman numeral, sections by an Arabic one, paragraphs that promise opened by a dash, with or without a bold
heading, and running on over page breaks.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from tracker.text import TYPOGRAPHY

CHAPTER = re.compile(r"^(?P<number>[IVX]+)\. (?P<title>\S.*)$")
SECTION = re.compile(r"^(?P<number>\d+)\. (?P<title>\S.*)$")
DASH = re.compile(r"^[–-]\s+(?:\*\*(?P<heading>.+?)\*\*)?\s*(?P<text>.*)$", re.DOTALL)
FOOTNOTE = re.compile(r"^(?P<marker>[¹²³⁴-⁹])\s*(?P<text>.*)$", re.DOTALL)
OBJECTIVES_FOLLOW = re.compile(r"^The targets of .* are as follows:$")

INTRO = "intro"
DASHED = "dash"
OBJECTIVE = "objective"


class PassageError(ValueError):
    """The text is not laid out as a plan: the message says what is missing."""


@dataclass
class Passage:
    """One paragraph of the plan that can promise something.

    ``code`` is the provision's code, ``form`` one of intro, dash and objective, ``heading`` the plan's own bold
    heading (empty where it has none) and ``text`` everything else, page breaks mended, on one line.
    """

    code: str
    form: str
    heading: str = ""
    parts: list = field(default_factory=list)

    @property
    def text(self):
        return " ".join(self.parts)

    @property
    def full_text(self):
        return f"{self.heading} {self.text}".strip()


def normalise(text):
    """The text with typographic variants folded, so that a quotation compares equal however it was typed.

    Curly quotes become straight, dashes a hyphen, white space one blank. Case and wording stay as they are.
    """
    text = unicodedata.normalize("NFC", text)
    return " ".join(text.translate(TYPOGRAPHY).split())


def read_passages(text):
    """Every promising paragraph of the plan, by provision code, in the order of the text.

    Raises ``PassageError`` when the text has no list of objectives, no chapter or no dash: it is then some other
    document, or one in another layout.
    """
    # The list of objectives is set without blank lines, so paragraphs are cut again at lines that open with a dash.
    paragraphs = [
        " ".join(piece.split())
        for block in re.split(r"\n\s*\n", text)
        for piece in re.split(r"\n(?=- )", block)
        if piece.strip()
    ]
    start = next((i for i, p in enumerate(paragraphs) if OBJECTIVES_FOLLOW.match(p)), None)
    if start is None:
        raise PassageError("no list of objectives: expected a line such as 'The targets of … are as follows:'")
    cutter = _Cutter()
    for paragraph in paragraphs[start + 1 :]:
        cutter.take(paragraph)
    if not any(p.form == DASHED for p in cutter.passages.values()):
        raise PassageError("no paragraph opened by a dash under any chapter")
    return cutter.passages


class _Cutter:
    """The passages so far, and the place in the text: chapter, section, and the passage that goes on."""

    def __init__(self):
        self.passages, self.current = {}, None
        self.chapter, self.section, self.dashes, self.objectives = None, None, 0, 0

    def take(self, paragraph):
        """Put the next paragraph where it belongs."""
        if match := FOOTNOTE.match(paragraph):
            marked = [p for p in self.passages.values() if match["marker"] in p.text]
            if owner := marked[-1] if marked else self.current:
                owner.parts.append(match["text"])
        elif match := CHAPTER.match(paragraph):
            self.chapter, self.section, self.dashes, self.current = match["number"], None, 0, None
        elif self.chapter and (match := SECTION.match(paragraph)):
            self.section, self.dashes, self.current = match["number"], 0, None
        elif match := DASH.match(paragraph):
            self._dash(match["heading"] or "", match["text"])
        elif self.current is not None:
            self._go_on(paragraph)
        elif self.chapter is not None:
            place = f"{self.chapter}.{self.section}" if self.section else f"{self.chapter}.0"
            self._begin(f"{place}.0", INTRO, paragraph)

    def _begin(self, code, form, text, heading=""):
        if code in self.passages:
            raise PassageError(f"{code} stands twice: a heading is repeated")
        self.current = self.passages[code] = Passage(code, form, heading, [text] if text else [])

    def _dash(self, heading, text):
        if self.chapter is None:
            self.objectives += 1
            self._begin(f"O.{self.objectives}", OBJECTIVE, text)
        else:
            self.dashes += 1
            place = f"{self.chapter}.{self.section}" if self.section else self.chapter
            self._begin(f"{place}.{self.dashes}", DASHED, text, heading.rstrip("."))

    def _go_on(self, paragraph):
        if self.chapter is None and self.current.text.endswith("."):
            self.current = None  # the list of objectives is over; what follows up to the first chapter promises nothing
        else:
            self.current.parts.append(paragraph)
