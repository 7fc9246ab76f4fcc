"""A file of a document's text, read and cut, for the commands that compare it with a registry."""

import json

from tracker.plantext.cut import Correction, cut
from tracker.plantext.read import LARGEST, Unread, read


class NotCut(Exception):
    """The file cannot be read, or nothing in it was recognised. The message is a sentence for the operator."""


def cut_file(path, corrections=None):
    """What a file holds and what that was cut into, with the corrections of another file. Raises ``NotCut``."""
    try:
        with path.open("rb") as file:
            reading = read(file.read(LARGEST + 1), path.name)
    except OSError as error:
        raise NotCut(f"{path.name} cannot be read: {error.strerror}.") from error
    except Unread as error:
        raise NotCut(str(error)) from error
    text = cut(reading.lines, _corrections(corrections) if corrections else ())
    if not text.paragraphs:
        raise NotCut(f"{path.name} cannot be cut into paragraphs: " + " ".join(words for _line, words in text.remarks))
    return reading, text


def _corrections(path):
    try:
        return [Correction.from_json(row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise NotCut(f"{path.name} is no list of corrections: {error}.") from error


def passages_of(text):
    """The text of each paragraph by its code; what stands before the first chapter is its paragraph 0."""
    front = {text.front.code: text.front.text} if text.front else {}
    return front | {each.code: each.text for each in text.paragraphs}
