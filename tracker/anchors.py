"""Where quoted words stand in a text: compared without typographic variants, shown as the text has them. Pure."""

import re
import unicodedata

from .folding import TYPOGRAPHY

OF_A_WORD = r"[^\W⁰¹²³⁴-⁹]"  # the mark of a footnote is no part of the word that it stands at


def place(words, text):
    """Start and end of the first place where these words stand in a text on one line; ``None`` where they do not.

    Whole words and not pieces of them. Curly and straight quotes and all dashes are alike; case is not folded. Folding
    replaces character by character, so that a place in the folded text is one in the text itself.
    """
    folded = re.escape(" ".join(unicodedata.normalize("NFC", words).split()).translate(TYPOGRAPHY))
    found = re.search(rf"(?<!{OF_A_WORD}){folded}(?!{OF_A_WORD})", text.translate(TYPOGRAPHY))
    return found.span() if found else None


def marked(text, quotes):
    """The text in pieces, each with whether it is quoted. What several quotes share is marked once."""
    pieces, end = [], 0
    for start, stop in sorted(filter(None, (place(quote, text) for quote in quotes))):
        if start > end:
            pieces.append((text[end:start], False))
        if stop > end:
            if pieces and pieces[-1][1] and start <= end:
                pieces[-1] = (pieces[-1][0] + text[end:stop], True)
            else:
                pieces.append((text[start:stop], True))
            end = stop
    return [*pieces, (text[end:], False)] if end < len(text) else pieces
