"""PDF documents: scripts, programs and files inside, in the open and in the compressed parts that hold objects."""

import re
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def _name(*names):
    """A pattern for any of these names, each of whose characters may be written as its number."""
    spelt = ("".join(f"(?:{each}|#(?i:{ord(each):02x}))" for each in name) for name in names)
    begin = "".join(sorted({name[0] for name in names}))
    return f"/(?=[{begin}#])(?:{'|'.join(spelt)})\\b".encode()


ACTIVE = re.compile(_name("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia"))
PLACES = re.compile(rb"(?<!end)(?:obj|stream[ \t]*(?:\r\n|\n|\r))")  # where an object and where its data begins
OBJECTS = re.compile(_name("ObjStm", "First"))  # the second is what readers go by that do not look at the first
FILTER = re.compile(_name("Filter"))
DEFLATED = re.compile(rb"%s\s*(?:%s|\[\s*%s\s*\])" % (_name("Filter"), *[_name("FlateDecode")] * 2))
ENCODED = re.compile(_name("DecodeParms", "DP"))
MOST_BYTES = 50 * 1024 * 1024  # unpacked, of all parts that hold objects; a document of 10 MB has a tenth of it
PIECE = 64 * 1024


def refuse_active(content):
    """Raise ``ValidationError`` for a PDF that could act, and for one whose objects cannot be looked at."""
    _refuse_names(content)
    left = MOST_BYTES
    for start in _compressed_objects(content):
        part = _unpacked(content, start, left)
        _refuse_names(part)
        left -= len(part)


def _refuse_names(part):
    if ACTIVE.search(part):
        raise ValidationError(_("The PDF has a script, a program or another file in it: print it to a new PDF."))


def _compressed_objects(content):
    """Where the data of each compressed part begins that holds objects. Images and the text of pages hold none."""
    start = 0
    for place in PLACES.finditer(content):
        if place[0] != b"obj":
            head = content[start : place.start()]
            if OBJECTS.search(head) and FILTER.search(head):
                if not DEFLATED.search(head) or ENCODED.search(head):
                    raise _cannot_look()
                yield place.end()
        start = place.end()


def _unpacked(content, start, most):
    """The data that begins there. It ends by itself; nothing is believed of what the document says of its length."""
    data, stream, made = zlib.decompressobj(), memoryview(content), bytearray()
    try:
        while not data.eof and start < len(content):
            made += data.decompress(stream[start : start + PIECE], most - len(made) + 1)
            if len(made) > most:
                raise ValidationError(_("The PDF unpacks to too much: print it to a new PDF."))
            start += PIECE
    except zlib.error as error:
        raise _cannot_look() from error
    if not data.eof:
        raise _cannot_look()
    return made


def _cannot_look():
    return ValidationError(
        _("The PDF has a part that cannot be looked into, perhaps for a password: print it to a new PDF.")
    )
