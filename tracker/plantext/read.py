"""A file as the lines of a text: plain text in any common encoding, HTML, DOCX and PDF. All of it, or a sentence."""

import codecs
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.uploads import confined

from .lines import UNSEEN, Line, lines_of_text

LARGEST = 20 * 2**20  # bytes
MOST_LETTERS = 4_000_000  # of a text; a plan has some hundred thousand
MOST_SECONDS = 120  # until a file is opened, on a machine that does much else
TXT, HTML, DOCX, PDF = "txt", "html", "docx", "pdf"
MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
BOMS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
OTHER = {
    b"\xd0\xcf\x11\xe0": gettext_lazy("“%(name)s” is an old Word document or a sealed one: save it as DOCX."),
    b"{\\rtf": gettext_lazy("“%(name)s” is an RTF document: save it as DOCX or as plain text."),
    b"\x89PNG": gettext_lazy("“%(name)s” is an image: a text is needed."),
    b"\xff\xd8\xff": gettext_lazy("“%(name)s” is an image: a text is needed."),
}
WHY_NOT = {
    "broken": gettext_lazy("“%(name)s” is broken, or no such file: it cannot be read to its end."),
    "large": gettext_lazy("“%(name)s” is too large to be read: it unpacks to more than any plan has."),
    "sealed": gettext_lazy("“%(name)s” is closed by a password: save it without one."),
    "scanned": gettext_lazy("“%(name)s” has pages without letters: they are pictures. Have a program read them first."),
    "macros": gettext_lazy("“%(name)s” holds macros: save it as DOCX without them, or as plain text."),
    "odd": gettext_lazy("“%(name)s” is no Word document in the form of today: save it as DOCX."),
    "acts": gettext_lazy("“%(name)s” would fetch or run something: save it as plain text."),
    "leads": gettext_lazy("“%(name)s” has links into a computer: save it as plain text."),
    "inside": gettext_lazy("“%(name)s” holds other files: save it as plain text."),
}
WHY_NOT["password"] = WHY_NOT["sealed"]
REMARKS = {
    "changes": gettext_lazy("The document has tracked changes: it was read as if all of them were accepted."),
    "notes": gettext_lazy("Its notes join the paragraphs that bear their marks."),
    "tables": gettext_lazy("It has tables: they were read cell by cell, row after row."),
    "comments": gettext_lazy("Comments beside the text were not read."),
    "boxes": gettext_lazy("It has boxes of text: what stands in them was read where they are anchored."),
}


class Unread(Exception):
    """Nothing was read. The message is a sentence."""


@dataclass
class Reading:
    """What a file holds: its lines, and sentences on what was done to get them."""

    kind: str
    sha256: str
    lines: list[Line]
    remarks: list[str] = field(default_factory=list)


def read(content: bytes, name: str) -> Reading:
    """The lines of a file. Raises ``Unread``."""
    values = {"name": name}
    if len(content) > LARGEST:
        raise Unread(_("“%(name)s” is larger than %(size)d MB.") % {**values, "size": LARGEST // 2**20})
    if not content.strip():
        raise Unread(_("“%(name)s” is empty.") % values)
    for begin, sentence in OTHER.items():
        if content.startswith(begin):
            raise Unread(sentence % values)
    kind = _kind(content, name)
    remarks: list[str] = []
    if kind in (PDF, DOCX):
        lines, remarks = _opened(kind, content, name)
    else:
        text, remarks = _decoded(content, name)
        if unseen := len(UNSEEN.findall(text)):
            remarks.append(_("%(count)d characters that nobody sees were taken out.") % {"count": unseen})
        if kind == HTML:
            lines, more = _opened(kind, text.encode(), name)
            remarks += more
        else:
            lines = lines_of_text(text)
    if not lines:
        raise Unread(_("“%(name)s” has no text.") % values)
    if sum(len(line.text) for line in lines) > MOST_LETTERS:
        raise Unread(WHY_NOT["large"] % values)
    return Reading(kind, hashlib.sha256(content).hexdigest(), lines, remarks)


def _kind(content: bytes, name: str) -> str:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return DOCX
    return HTML if MARKUP.match(content[:4096]) or name.lower().endswith((".html", ".htm", ".xhtml")) else TXT


def _opened(kind: str, content: bytes, name: str) -> tuple[list[Line], list[str]]:
    """The lines of a file from the process that opens it. Raises ``Unread``, whatever that process ended by."""
    answer, _made = confined.ask("tracker.plantext.opening", kind, content, seconds=MOST_SECONDS)
    if "refused" in answer:
        raise Unread(WHY_NOT.get(answer["refused"], WHY_NOT["broken"]) % {"name": name})
    return [Line(**line) for line in answer["lines"]], [str(REMARKS[word]) for word in answer["remarks"]]


def _decoded(content: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file, and a sentence where its encoding had to be guessed. Raises ``Unread``."""
    text, remarks = _text(content, name)
    if odd := next((c for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n\r\f\v\x85"), None):
        sentence = _("“%(name)s” holds the control character U+%(code)s: it is no plain text.")
        raise Unread(sentence % {"name": name, "code": f"{ord(odd):04X}"})
    return text, remarks


def _text(content: bytes, name: str) -> tuple[str, list[str]]:
    for bom, encoding in BOMS:
        if content.startswith(bom):
            return _by(content[len(bom) :] if encoding == "utf-8" else content, encoding, name), []
    if declared := CHARSET.search(content[:4096]):
        try:
            return content.decode(declared[1].decode()), []
        except (LookupError, ValueError):
            pass  # a page that says the wrong thing of itself is read as any other
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if _has_utf8(content):
            line = content.count(b"\n", 0, error.start) + 1
            sentence = _("Line %(line)d of “%(name)s” is in another encoding than the rest: save the file as UTF-8.")
            raise Unread(sentence % {"line": line, "name": name}) from error
    return _guessed(content, name)


def _has_utf8(content: bytes) -> bool:
    """Whether a file that is not UTF-8 as a whole has lines that can be little else."""
    lines = [line for line in content.split(b"\n") if not line.isascii()]

    def is_utf8(line: bytes) -> bool:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    return 0 < sum(map(is_utf8, lines)) < len(lines)


def _guessed(content: bytes, name: str) -> tuple[str, list[str]]:
    from charset_normalizer import from_bytes

    best = from_bytes(content).best()
    if best is None:
        raise Unread(_("“%(name)s” is in an encoding that is not known here: save it as UTF-8.") % {"name": name})
    sentence = _("It was read as %(encoding)s: see whether its letters are right, or save it as UTF-8.")
    return _by(content, best.encoding, name), [sentence % {"encoding": best.encoding.replace("_", "-")}]


def _by(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        sentence = _("“%(name)s” is not in %(encoding)s to its end: save it as UTF-8.")
        raise Unread(sentence % {"name": name, "encoding": encoding.upper()}) from error
