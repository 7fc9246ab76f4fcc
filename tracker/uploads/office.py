"""Office documents, which are zip archives: what must be in them, what must not, and what is taken out."""

import contextlib
import io
import re
import zipfile
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from . import jpeg

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
DOCUMENTS = {
    f"{_OOXML}wordprocessingml.document": "docx",
    f"{_OOXML}spreadsheetml.sheet": "xlsx",
    f"{_ODF}text": "odt",
    f"{_ODF}spreadsheet": "ods",
}
MAIN = {"wordprocessingml.document": "word/document.xml", "spreadsheetml.sheet": "xl/workbook.xml"}
MOST_BYTES = 100 * 1024 * 1024  # unpacked; an office document of 10 MB rarely has a third of it
MOST_PARTS = 5000
PART_READ = 5 * 1024 * 1024  # of a part that is looked into
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
MACROS = re.compile(r"(?:^|/)(?:vbaproject[^/]*\.bin|vbadata\.xml|activex|macrosheets|basic|scripts)(?:/|$)", re.I)

# The parts that say who made a document, with what and when; each is replaced by an empty one of its kind.
_PACKAGE = "http://schemas.openxmlformats.org/"
PROPERTIES = {
    "docProps/core.xml": f'<coreProperties xmlns="{_PACKAGE}package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'<Properties xmlns="{_PACKAGE}officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_PACKAGE}officeDocument/2006/custom-properties"/>',
    "meta.xml": '<o:document-meta xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" o:version="1.3"/>',
}


def document_type(content: bytes) -> str:
    """The type of an office document by what is in it. Raises ``ValidationError`` with the reason against it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_odd_archive(archive, content)
            type_ = _opendocument(archive) or _ooxml(archive)
            if type_ is None:
                raise ValidationError(_("It is an archive, and not a DOCX, XLSX, ODT or ODS document."))
            _refuse_parts(archive)
            return type_
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ValidationError(_("The document is broken: its archive cannot be read.")) from error


def _refuse_odd_archive(archive: zipfile.ZipFile, content: bytes) -> None:
    """Refuse what is encrypted, what unpacks to too much, and what has something before, behind or between."""
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise ValidationError(_("The document has a password: save it without one."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise ValidationError(_("The document unpacks to too much."))
    names = [part.filename for part in parts]
    odd: object = any("\\" in name or name.startswith("/") or ".." in name.split("/") for name in names)
    odd = odd or any("\0" in part.orig_filename for part in parts)
    odd = odd or len({name.casefold() for name in names}) < len(names) or archive.comment
    odd = odd or content[-22:-18] != b"PK\x05\x06" or not content.startswith(b"PK\x03\x04")
    odd = odd or any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if odd or min(part.header_offset for part in parts) > 0:
        raise ValidationError(_("The document's archive holds something that no office document has."))


def _opendocument(archive: zipfile.ZipFile) -> str | None:
    first = archive.infolist()[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.file_size > 100:
        return None
    type_ = archive.read(first).decode("ascii", "replace")
    names = set(archive.namelist())
    if type_ not in DOCUMENTS or not {"content.xml", "META-INF/manifest.xml"} <= names:
        return None
    if b"encryption-data" in _start_of(archive, "META-INF/manifest.xml"):
        raise ValidationError(_("The document has a password: save it without one."))
    return type_


def _ooxml(archive: zipfile.ZipFile) -> str | None:
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        return None
    types = _start_of(archive, "[Content_Types].xml")
    if b"macroEnabled" in types:
        raise ValidationError(_("The document has macros: save it without them."))
    for kind, main in MAIN.items():
        if main in names and f"{_OOXML}{kind}.main+xml".encode() in types:
            return _OOXML + kind
    return None


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(PART_READ)


def _refuse_parts(archive: zipfile.ZipFile) -> None:
    """Read every part to its end, so that sizes and check sums are true, and refuse macros, archives and programs."""
    for part in archive.infolist():
        if MACROS.search(part.filename):
            raise ValidationError(_("The document has macros: save it without them."))
        with archive.open(part) as file:
            start = file.read(PART_READ)
            while file.read(1024 * 1024):
                pass
        if start.startswith((*ARCHIVES, *PROGRAMS)):
            raise ValidationError(_("The document has another file in it: take it out."))
        if part.filename.endswith(".rels") and b"attachedTemplate" in start and b"External" in start:
            raise ValidationError(_("The document fetches a template from elsewhere: save it without."))


def without_properties(content: bytes) -> tuple[bytes, list[str]]:
    """A document that was looked at, without its properties, the times of its parts, and what cameras wrote in photos.

    Comments and tracked changes are part of its text, and stay.
    """
    made, taken_out = io.BytesIO(), set()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            cleaned, word = _without_words_beside(part.filename, text)
            if cleaned != text:
                taken_out.add(word)
            fresh = zipfile.ZipInfo(part.filename)  # of 1980, with no owner
            fresh.compress_type = part.compress_type
            new.writestr(fresh, cleaned)
    return made.getvalue(), sorted(taken_out)


def _without_words_beside(name: str, content: bytes) -> tuple[bytes, str]:
    """A part, cleaned, and the word for what that takes out."""
    if name in PROPERTIES:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{PROPERTIES[name]}'.encode(), "author"
    with contextlib.suppress(ValueError):  # most parts are no photograph
        return jpeg.bare(content), "data"
    return content, ""
