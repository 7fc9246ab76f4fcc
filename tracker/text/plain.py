"""Text and numbers as they are compared, quoted and written. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
# A figure of a paragraph that is no target, and why: “3 × 16: an age”.
OTHER_FIGURE = re.compile(r"\A(?:(?P<times>[1-9]\d*) × )?(?P<figure>[^:\0\r\n]+): (?P<reason>\S[^\0\r\n]*)\Z")
OF_A_WORD = r"[^\W⁰¹²³⁴-⁹]"  # the mark of a footnote is no part of the word that it stands at


def folded(text: str) -> str:
    """Text for comparing: no case, no accents, plain quotes and dashes."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold().translate(TYPOGRAPHY))
    return "".join(character for character in text if not unicodedata.combining(character))


def normalise(text: str) -> str:
    """Text with typographic variants folded, so that a quotation compares equal however it was typed.

    Curly quotes become straight, dashes a hyphen, white space one blank. Case and wording stay as they are.
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(TYPOGRAPHY).split())


def plain_number(value: Decimal | int | str) -> Decimal:
    """A decimal without trailing zeros and without an exponent: 88.000000 and 88 are the same number."""
    value = Decimal(value).normalize() or Decimal(0)  # and 0 has no sign
    return value.quantize(Decimal(1)) if value == value.to_integral() else value


def span_of_quote(words: str, text: str) -> tuple[int, int] | None:
    """Start and end of the first place where these words stand in a text on one line; ``None`` where they do not."""
    return next(spans_of_quote(words, text), None)


def spans_of_quote(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each place where these words stand in a text on one line.

    Whole words and not pieces of them. Curly and straight quotes and all dashes are alike; case is not folded. Folding
    replaces character by character, so that a place in the folded text is one in the text itself.
    """
    pattern = re.escape(" ".join(unicodedata.normalize("NFC", words).split()).translate(TYPOGRAPHY))
    for match in re.finditer(rf"(?<!{OF_A_WORD}){pattern}(?!{OF_A_WORD})", text.translate(TYPOGRAPHY)):
        yield match.span()


def marked_quotes(text: str, quotes: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is quoted. What several quotes share is marked once."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for start, stop in sorted(filter(None, (span_of_quote(quote, text) for quote in quotes))):
        if start > end:
            pieces.append((text[end:start], False))
        if stop > end:
            if pieces and pieces[-1][1] and start <= end:
                pieces[-1] = (pieces[-1][0] + text[end:stop], True)
            else:
                pieces.append((text[start:stop], True))
            end = stop
    return [*pieces, (text[end:], False)] if end < len(text) else pieces


def subject(kind: str, code: str, plan: str = "") -> str:
    """How the log and the index of the search name a record: its kind, and its code behind the code of its plan."""
    return f"{kind} {plan}/{code}" if plan else f"{kind} {code}"
