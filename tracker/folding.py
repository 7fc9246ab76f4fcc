"""Text folded for comparing and sorting."""

import unicodedata

TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


def folded(text):
    """Text for comparing: no case, no accents, plain quotes and dashes."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(TYPOGRAPHY))
    return "".join(character for character in text if not unicodedata.combining(character))
