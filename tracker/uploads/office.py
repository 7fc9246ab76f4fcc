"""Office documents, which are ZIP archives: what must be in them, what must not, and what is taken out.

A document shows what it holds and nothing else. What it would fetch, send, run or ask for when it is opened is refused;
a link that somebody follows stays. Every part that is XML is read as XML, so that no spelling hides anything.
"""

import contextlib
import io
import re
import zipfile

from . import jpeg
from .archives import Archive, Refused

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
DOCUMENTS = {
    f"{_OOXML}wordprocessingml.document": "docx",
    f"{_OOXML}spreadsheetml.sheet": "xlsx",
    f"{_ODF}text": "odt",
    f"{_ODF}spreadsheet": "ods",
}
MAIN = {"wordprocessingml.document": "word/document.xml", "spreadsheetml.sheet": "xl/workbook.xml"}
MOST_BYTES = 64 * 1024 * 1024  # unpacked; an office document of 10 MB rarely has half of it
MOST_PARTS = 5000
MOST_MARKS = 3_000_000  # < and = in its XML; a table of 400,000 cells
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"%PDF", b"{\\rtf")
IN_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm", which some readers of XML know
BLANKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # what may stand before an XML part begins
MACROS = re.compile(r"(?:^|/)(?:vbaproject[^/]*\.bin|vbadata\.xml|activex|macrosheets|basic|scripts)(?:/|$)", re.I)

# Relations, by the last word of their kind, to what fetches, runs or holds something else.
RELATIONS = {
    *("afchunk", "attachedtoolbars", "connections", "control", "extensibility", "externallink"),
    *("keymapcustomizations", "mailmergesource", "oleobject", "package", "querytable", "rdrichvaluewebimage"),
    *("recipientdata", "subdocument", "vbaproject", "webextension", "webextensiontaskpanes", "xmlmaps"),
}
# Elements that do so in a document's text, settings, tables or drawings.
ELEMENTS = {
    *("altchunk", "applet", "cell-range-source", "connection-resource", "database-source-query"),
    *("database-source-sql", "database-source-table", "dbpr", "dde-connection", "dde-connection-decl", "dde-link"),
    *("dde-source", "ddelink", "event-listener", "floating-frame", "foreignobject", "html", "iframe", "mailmerge"),
    *("object-ole", "olappr", "olelink", "plugin", "script", "submission", "table-source", "webpr"),
}
EVENTS = {"onbegin", "onclick", "onend", "onerror", "onfocus", "onload", "onmouseover"}  # of a drawing in SVG
LINKS = {"a", "hyperlink"}  # followed by a press, and by nothing else
FIELDS = {"instrText", "delInstrText", "fldSimple"}
FIELD = re.compile(
    r"(?:^|\n)\s*(?:ADDIN|AUTOTEXT|AUTOTEXTLIST|CONTROL|DATABASE|DDE|DDEAUTO|EMBED|HTMLACTIVEX|IMPORT|INCLUDE"
    r"|INCLUDEPICTURE|INCLUDETEXT|LINK|MACROBUTTON|QUOTE|RD)\b",
    re.IGNORECASE,
)
FORMULAS = {"f", "formula", "formula1", "formula2", "definedName"}
FORMULA = re.compile(
    r"\b(?:CALL|DDE|EXEC|IMAGE|REGISTER(?:\.ID)?|RTD|SQL\.REQUEST|WEBSERVICE)\s*\(|\|\s*'", re.IGNORECASE
)
STYLE = re.compile(r"@import|url\(\s*[\"']?(?!\s*(?:#|data:image/))", re.IGNORECASE)
ELSEWHERE = re.compile(r"\s*(?:(?!data:image/)[a-z][a-z0-9+.-]*:|[\\/]|\.\.[\\/])", re.IGNORECASE)
FOLLOWED = re.compile(r"\s*(?:(?:https?|mailto|ftp|tel):|(?![a-z][a-z0-9+.-]*:|[\\/]{2}))", re.IGNORECASE)

# The parts that say who made a document, with what and when; each is replaced by an empty one of its kind.
_PACKAGE = "http://schemas.openxmlformats.org/"
PROPERTIES = {
    "docProps/core.xml": f'<coreProperties xmlns="{_PACKAGE}package/2006/metadata/core-properties"/>',
    "docProps/app.xml": f'<Properties xmlns="{_PACKAGE}officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_PACKAGE}officeDocument/2006/custom-properties"/>',
    "meta.xml": '<o:document-meta xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" o:version="1.3"/>',
}
# The same under other names: of some programs, within an object, as SharePoint adds it. Known by the first element.
_MICROSOFT = "http://schemas.microsoft.com/office/2006/"
ROOTS = {
    "coreProperties": PROPERTIES["docProps/core.xml"],
    "document-meta": PROPERTIES["meta.xml"],
    "properties": f'<p:properties xmlns:p="{_MICROSOFT}metadata/properties"/>',
    "CoverPageProperties": f'<CoverPageProperties xmlns="{_MICROSOFT}coverPageProps"/>',
}
# Attributes of a workbook in which somebody's name stands: in the path of its folder, of who shared it or asked anew.
NAMED = re.compile(
    rb"""(<(?:[\w.-]+:)?(?:absPath\b[^<>]*?\surl|(?:fileSharing|header)\b[^<>]*?\suserName|pivotCacheDefinition\b[^<>]*?"""
    rb"""\srefreshedBy)\s*=\s*)("[^"<]+"|'[^'<]+')"""
)
PNG = b"\x89PNG\r\n\x1a\n"
BESIDE = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}  # parts of a PNG that are not seen


def document(content: bytes) -> tuple[str, bytes, set[str]]:
    """The type of an office document by what is in it, the document without its properties, and what was taken out.

    Comments and tracked changes are part of its text, and stay. Raises ``Refused``.
    """
    archive = Archive(content, parts=MOST_PARTS, unpacked=MOST_BYTES, marks=MOST_MARKS)
    _refuse_odd_archive(archive, content)
    type_ = _opendocument(archive) or _ooxml(archive)
    if type_ is None:
        raise Refused("archive")
    output, taken_out = io.BytesIO(), set()
    with zipfile.ZipFile(output, "w") as new:
        for part in archive.parts:
            text = archive.content(part.filename)
            # Properties are replaced, whatever is in them.
            root = _look_into(archive, part.filename, text) if part.filename not in PROPERTIES else ""
            cleaned, word = _without_words_beside(PROPERTIES.get(part.filename) or ROOTS.get(root), text)
            if cleaned != text:
                taken_out.add(word)
            fresh = zipfile.ZipInfo(part.filename)  # of 1980, with no owner
            fresh.compress_type = part.compress_type
            new.writestr(fresh, cleaned)
    return type_, output.getvalue(), taken_out


def _refuse_odd_archive(archive: Archive, content: bytes) -> None:
    """Refuse what is encrypted, what states to unpack to too much, and what has something before, behind or between."""
    parts = archive.parts
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("password")
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise Refused("large")
    names = [part.filename for part in parts]
    odd: object = any("\\" in name or name.startswith("/") or ".." in name.split("/") for name in names)
    odd = odd or any("\0" in part.orig_filename for part in parts)
    odd = odd or len({name.casefold() for name in names}) < len(names) or archive.zip.comment
    odd = odd or not content.startswith(b"PK\x03\x04")
    odd = odd or any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if odd or min((part.header_offset for part in parts), default=1) > 0:
        raise Refused("odd")


def _opendocument(archive: Archive) -> str | None:
    first = archive.parts[0]
    if first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED or first.file_size > 100:
        return None
    type_ = archive.zip.read(first).decode("ascii", "replace")
    if type_ not in DOCUMENTS or not {"content.xml", "META-INF/manifest.xml"} <= archive.names:
        return None

    def start(tag: str, _attrs: dict[str, str]) -> None:
        if tag == "encryption-data":
            raise Refused("password")

    archive.walk("META-INF/manifest.xml", start)
    return type_


def _ooxml(archive: Archive) -> str | None:
    if "[Content_Types].xml" not in archive.names:
        return None
    kinds: set[str] = set()
    archive.walk("[Content_Types].xml", lambda _tag, attrs: kinds.add(attrs.get("ContentType", "")))
    if any("macroenabled" in kind.lower() for kind in kinds):
        raise Refused("macros")
    for kind, main in MAIN.items():
        if main in archive.names and f"{_OOXML}{kind}.main+xml" in kinds:
            return _OOXML + kind
    return None


def _look_into(archive: Archive, name: str, content: bytes) -> str:
    """Refuse macros, other files, and what acts, in one part. Returns its first element where it is XML."""
    if MACROS.search(name):
        raise Refused("macros")
    begin = content[:64].lstrip(BLANKS)
    if content.startswith((*ARCHIVES, *PROGRAMS)) or begin.startswith((*ARCHIVES, *PROGRAMS)):
        raise Refused("inside")
    if content.startswith(IN_EBCDIC) or (begin[:1] == b"<" and b"\0" in content[:64]):
        raise Refused("odd")  # spelt in an encoding that office programs do not write
    if begin[:1] == b"<" or name.endswith((".xml", ".rels", ".vml", ".rdf")):
        look = _Look(relations=name.endswith(".rels"))
        archive.walk(name, look.start, look.end, look.characters)
        look.finish()
        return look.root
    return ""


class _Look:
    """What comes by while a part is read. Raises ``Refused``: acts, or leads."""

    def __init__(self, *, relations: bool) -> None:
        self.relations, self.root = relations, ""
        self.fields: list[str] = []
        self.text: list[str] = []  # of the formula or style that is being read
        self.into: list[str] | None = None

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.root = self.root or tag
        if tag.lower() in ELEMENTS:
            raise Refused("acts")
        if tag in FIELDS:
            self.into = self.fields
        elif tag == "fldChar":
            self.fields.append("\n")
        elif tag in FORMULAS or tag == "style":
            self.into = self.text
        for name, value in attrs.items():
            self._attribute(tag, name.rpartition("}")[2], value)
        if self.relations:
            self._relation(attrs)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "instr":
            self.fields.append(f"\n{value}\n")
        elif name in ("href", "src"):
            if tag.lower() in LINKS:
                _require_followed(value)
            elif ELSEWHERE.match(value):
                raise Refused("acts")
        elif (
            name in EVENTS or (name == "formula" and FORMULA.search(value)) or ("url(" in value and STYLE.search(value))
        ):
            raise Refused("acts")

    def _relation(self, attrs: dict[str, str]) -> None:
        kind = attrs.get("Type", "").rpartition("/")[2].lower()
        outside = attrs.get("TargetMode", "").strip().lower() == "external"
        if kind in RELATIONS or (outside and kind != "hyperlink"):
            raise Refused("acts")
        if outside:
            _require_followed(attrs.get("Target", ""))

    def end(self, tag: str) -> None:
        if tag in FIELDS:
            self.into = None
        elif tag in FORMULAS or tag == "style":
            text = "".join(self.text)
            if FORMULA.search(text) if tag != "style" else STYLE.search(text):
                raise Refused("acts")
            self.into = None
            self.text.clear()

    def characters(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def finish(self) -> None:
        if FIELD.search("".join(self.fields)):
            raise Refused("acts")


def _require_followed(address: str) -> None:
    """A link leads to the web, to a letter or to a place beside it, not into a computer."""
    if not FOLLOWED.match(address):
        raise Refused("leads")


def _without_words_beside(properties: str | None, content: bytes) -> tuple[bytes, str]:
    """A part, cleaned, and the word for what that takes out; ``properties`` is what stands for it where it has them."""
    if properties:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{properties}'.encode(), "author"
    for bare in (jpeg.bare, _bare_png):
        with contextlib.suppress(ValueError):  # most parts are no photograph
            return bare(content), "data"
    return NAMED.sub(rb'\1""', content), "author"


def _bare_png(content: bytes) -> bytes:
    """The picture without its texts, and nothing behind its end. Raises ``ValueError`` where it is none."""
    chunks, at, kind = [PNG], len(PNG), b""
    if not content.startswith(PNG):
        raise ValueError
    while kind != b"IEND":
        kind, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4], "big")
        if end > len(content):
            raise ValueError
        chunks += [content[at:end]] if kind not in BESIDE else []
        at = end
    return b"".join(chunks)
