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
    passages = {}
    start = next((i for i, p in enumerate(paragraphs) if OBJECTIVES_FOLLOW.match(p)), None)
    if start is None:
        raise PassageError("no list of objectives: expected a line such as 'The targets of … are as follows:'")

    chapter = section = current = None
    dashes = objectives = 0

    def begin(code, form, heading=""):
        if code in passages:
            raise PassageError(f"{code} stands twice: a heading is repeated")
        passage = Passage(code, form, heading)
        passages[code] = passage
        return passage

    for paragraph in paragraphs[start + 1 :]:
        if match := FOOTNOTE.match(paragraph):
            marked = [p for p in passages.values() if match["marker"] in p.text]
            if owner := marked[-1] if marked else current:
                owner.parts.append(match["text"])
        elif match := CHAPTER.match(paragraph):
            chapter, section, dashes, current = match["number"], None, 0, None
        elif chapter and (match := SECTION.match(paragraph)):
            section, dashes, current = match["number"], 0, None
        elif match := DASH.match(paragraph):
            if chapter is None:
                objectives += 1
                current = begin(f"O.{objectives}", OBJECTIVE)
            else:
                dashes += 1
                place = f"{chapter}.{section}" if section else chapter
                current = begin(f"{place}.{dashes}", DASHED, (match["heading"] or "").rstrip("."))
            if match["text"]:
                current.parts.append(match["text"])
        elif current is not None:
            if chapter is None and current.text.endswith("."):
                current = None  # the list of objectives is over; what follows up to the first chapter promises nothing
            else:
                current.parts.append(paragraph)
        elif chapter is not None:
            place = f"{chapter}.{section}" if section else f"{chapter}.0"
            current = begin(f"{place}.0", INTRO)
            current.parts.append(paragraph)
    if not any(p.form == DASHED for p in passages.values()):
        raise PassageError("no paragraph opened by a dash under any chapter")
    return passages
