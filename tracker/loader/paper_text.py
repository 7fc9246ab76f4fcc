"""Cut the text of a paper into the paragraphs that a baseline points at, and mend what was torn on the way.

Pure: text in, paragraphs out. Understands a paper of a preamble, parts headed by a Roman numeral and a conclusion, as
it circulates as plain text: with or without signs before its headings, a list of contents in front, and paragraphs
torn apart by the ends of pages.
"""

import re

HEADING = re.compile(r"^(?:(?P<part>[IVX]+)\.\s*\S.*|(?P<preamble>Preamble)|(?P<conclusion>Conclusion))$")
LONGEST_HEADING = 120  # characters; a paragraph may begin with a numeral too
OF_CONTENTS = re.compile(r"^- ")
FURNITURE = re.compile(r"[_a-z](?: [_a-z])*")  # of a page: lone signs that are no text
ENDED = re.compile(r"[.!?:][\"”’')\]]*$")
TITLE_PAGE = "P.0"


class PaperError(ValueError):
    """The text is not laid out as such a paper: the message says what is missing."""


def read_paragraphs(text):
    """Every paragraph by its place, such as “III.12”, in the order of the text; the title page is P.0.

    A paragraph that ends without a full stop goes on in the block behind it. Raises ``PaperError`` where the text has
    no part at all, or a part twice.
    """
    title, paragraphs, part, number, torn = [], {}, "", 0, False
    for block in _blocks(text):
        plain = block.lstrip("# ")
        if (heading := HEADING.match(plain)) and len(plain) < LONGEST_HEADING:
            part, number, torn = heading["part"] or ("P" if heading["preamble"] else "C"), 0, False
            if f"{part}.1" in paragraphs:
                raise PaperError(f"part {part} stands twice: its heading is repeated")
        elif OF_CONTENTS.match(block) or FURNITURE.fullmatch(block):
            continue
        elif not part:
            title += [plain] if block.startswith("#") else []
        else:
            place = f"{part}.{number}" if torn else f"{part}.{number + 1}"
            paragraphs[place] = f"{paragraphs[place]} {plain}" if torn else plain
            number += not torn
            torn = not ENDED.search(block)
    if not any(HEADING.match(place.split(".")[0] + ". x") for place in paragraphs):
        raise PaperError("no part: expected headings such as “I. …”")
    return ({TITLE_PAGE: " ".join(title)} if title else {}) | paragraphs


def _blocks(text):
    """What stands between blank lines, each on one line; headings and entries of a list of contents by themselves."""
    pieces = re.split(r"\n\s*\n|\n(?=#)|\n(?=- )", text)
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]
