"""Files for tests of uploads: whole ones of every kind that is taken, and parts to make bad ones of."""

import io
import struct
import zipfile
import zlib

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x00" * 64 + b"\xff\xd9"
WEBP = b"RIFF" + struct.pack("<I", 24) + b"WEBPVP8 " + struct.pack("<I", 12) + b"\x00" * 12
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "application/vnd.oasis.opendocument.text"
TABLE = "application/vnd.oasis.opendocument.spreadsheet"


def pdf_with(head, data, before=b""):
    """A PDF that holds objects in a part of its own, as newer ones do."""
    part = b"4 0 obj\n<</N 1/First 4" + head + b">>stream\r\n" + data + b"\nendstream\nendobj\n"
    return PDF.replace(b"trailer", before + part + b"trailer")


FLATE, DEFLATED = b"/Type/ObjStm/Filter/FlateDecode", zlib.compress(b"7 0 <</S/JavaScript/JS(app.alert(1))>>")
BOMB = zlib.compress(b"7 0 " + b" " * 51 * 1024**2)


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PNG += _chunk(b"IDAT", zlib.compress(b"\x00\x00")) + _chunk(b"IEND", b"")


def archive(parts, comment=b""):
    """A zip archive of these parts; the first is not compressed, as OpenDocument has it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        for number, (name, content) in enumerate(parts.items()):
            file.writestr(name, content, zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED)
        file.comment = comment
    return kept.getvalue()


def ooxml(type_=WORD, comment=b"", main=None, **more):
    """A DOCX or XLSX document; ``more`` are further parts."""
    main = main or ("word/document.xml" if type_ == WORD else "xl/workbook.xml")
    types = f'<Types><Override PartName="/{main}" ContentType="{type_}.main+xml"/></Types>'
    extra = more
    return archive({"[Content_Types].xml": types, main: "<document/>"} | extra, comment)


def opendocument(type_=TEXT, manifest="<manifest/>", **more):
    """An ODT or ODS document."""
    extra = more
    return archive({"mimetype": type_, "META-INF/manifest.xml": manifest, "content.xml": "<content/>"} | extra)


WORDS = (
    b"5 0 obj<</Filter/FlateDecode>>stream\n" + zlib.compress(b"BT (HTML/JavaScript) Tj ET") + b"\nendstream endobj\n"
)
SCRIPT = "The PDF has a script"
UNSEEN = "The PDF has a part that cannot be looked into"
GOOD = {
    "report.pdf": (PDF, "application/pdf"),
    "packed.pdf": (pdf_with(FLATE, zlib.compress(b"7 0 <</Type/Font/Name/Launcher>>")), "application/pdf"),
    # What a page says is no name: its text is not looked at.
    "words.pdf": (PDF.replace(b"trailer", WORDS + b"trailer"), "application/pdf"),
    "scan.png": (PNG, "image/png"),
    "photo.jpg": (JPEG, "image/jpeg"),
    "photo.webp": (WEBP, "image/webp"),
    "letter.docx": (ooxml(), WORD),
    "table.xlsx": (ooxml(SHEET), SHEET),
    "letter.odt": (opendocument(), TEXT),
    "table.ods": (opendocument(TABLE), TABLE),
}


def flagged(content):
    """The same archive, said to be encrypted."""
    local, central = content.index(b"PK\x03\x04"), content.index(b"PK\x01\x02")
    changed = bytearray(content)
    changed[local + 6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


OTHER = "Only PDF, PNG, JPEG, WebP, DOCX, XLSX, ODT and ODS are taken"
BESIDES = "and is broken, or holds something else besides."
ODD = "The document&#x27;s archive holds something that no office document has."
MACROS = "The document has macros: save it without them."
PASSWORD = "The document has a password: save it without one."
INSIDE = "The document has another file in it: take it out."
# What it is: the name under which it comes, its content, and the sentence that it gets.
BAD = {
    "a page named as a PDF": ("report.pdf", b"<!doctype html><script>alert(1)</script>", OTHER),
    "a drawing with a script": ("plan.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", OTHER),
    "a drawing named as an image": ("plan.png", b"<?xml version='1.0'?><svg onload='x()'/>", OTHER),
    "a program": ("report.pdf", b"MZ" + b"\x00" * 200, OTHER),
    "a shell script": ("report.pdf", b"#!/bin/sh\nrm -rf /\n", OTHER),
    "words": ("report.pdf", b"just words", OTHER),
    "noise": ("report.pdf", bytes(range(1, 250)), OTHER),
    "an old office document": ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, OTHER),
    "nothing": ("empty.pdf", b"", "The submitted file is empty."),
    "too much": ("long.pdf", PDF[:-6] + b"\x00" * 11 * 1024 * 1024 + PDF[-6:], "The file is larger than 10.0"),
    "a PDF that is a page": ("report.pdf", PDF.replace(b"1 0 obj", b"<html><script>1 0 obj"), BESIDES),
    "a PDF that is an archive": ("report.pdf", PDF + archive({"a": "b"}) + b"%%EOF", BESIDES),
    "half a PDF": ("report.pdf", PDF[:40], BESIDES),
    "a PDF with a script": ("report.pdf", PDF.replace(b"/Pages", b"/JavaScript"), SCRIPT),
    "a PDF with a script spelt oddly": ("report.pdf", PDF.replace(b"/Pages", b"/J#61vaScript"), SCRIPT),
    "a PDF with a packed script": ("report.pdf", pdf_with(FLATE, DEFLATED), SCRIPT),
    "a PDF with a script packed in a list": ("report.pdf", pdf_with(b"/Filter [ /FlateDecode ]", DEFLATED), SCRIPT),
    "a PDF with a script packed oddly": (
        "report.pdf",
        pdf_with(b"/Type/Obj#53tm/Filter/Fl#61teDecode", DEFLATED),
        SCRIPT,
    ),
    "a PDF with a script behind packed words": ("report.pdf", pdf_with(FLATE, DEFLATED, before=WORDS), SCRIPT),
    "a PDF that unpacks to much": ("report.pdf", pdf_with(FLATE, BOMB), "The PDF unpacks to too much"),
    "a PDF with a password": ("report.pdf", pdf_with(FLATE, b"x" + DEFLATED), UNSEEN),
    "a PDF with half a part": ("report.pdf", pdf_with(FLATE, DEFLATED[:20]), UNSEEN),
    "a PDF packed in another way": (
        "report.pdf",
        pdf_with(b"/Filter[/ASCIIHexDecode/FlateDecode]", DEFLATED.hex().encode()),
        UNSEEN,
    ),
    "a PDF packed with a predictor": (
        "report.pdf",
        pdf_with(FLATE + b"/DecodeParms<</Predictor 12>>", DEFLATED),
        UNSEEN,
    ),
    "an image with an archive behind it": ("scan.png", PNG + archive({"a": "b"}), BESIDES),
    "an image with a page behind it": ("photo.jpg", JPEG[:-2] + b"<script>alert(1)</script>\xff\xd9", BESIDES),
    "half an image": ("scan.png", PNG[:40], BESIDES),
    "a cut image": ("photo.webp", WEBP[:-3], BESIDES),
    "any archive": ("letter.docx", archive({"readme.txt": "hello"}), "It is an archive, and not a DOCX"),
    "a Java program": ("letter.docx", archive({"META-INF/MANIFEST.MF": "x"}), "It is an archive, and not a DOCX"),
    "slides": ("slides.pptx", ooxml("application/x-slides", main="ppt/presentation.xml"), "and not a DOCX"),
    "a document with macros": ("letter.docx", ooxml(**{"word/vbaProject.bin": "x"}), MACROS),
    "a document said to have macros": ("letter.docm", ooxml("application/vnd.ms-word.document.macroEnabled"), MACROS),
    "a spreadsheet with Basic": ("table.ods", opendocument(TABLE, **{"Basic/Standard/Module1.xml": "x"}), MACROS),
    "an encrypted archive": ("letter.docx", flagged(ooxml()), PASSWORD),
    "a document with a password": ("letter.odt", opendocument(manifest="<encryption-data/>"), PASSWORD),
    "an archive in a document": ("letter.docx", ooxml(**{"word/embeddings/a.bin": archive({"a": "b"})}), INSIDE),
    "a program in a document": ("letter.docx", ooxml(**{"word/media/image1.png": b"MZ\x90"}), INSIDE),
    "a document that unpacks to much": ("a.docx", ooxml(**{"word/a.xml": b"0" * 101 * 1024**2}), "unpacks to too much"),
    "a document with a comment": ("letter.docx", ooxml(comment=b"<script>"), ODD),
    "a document behind a page": ("letter.docx", b"PK<html>" + ooxml(), ODD),
    "a document before a page": ("letter.docx", ooxml() + b"<html><script></script>", "The document"),
    "a document with a way out": ("letter.docx", ooxml(**{"../../etc/cron.d/x": "x"}), ODD),
    "a broken document": ("letter.docx", ooxml()[:60], "The document is broken"),
    "a document from elsewhere": (
        "letter.docx",
        ooxml(**{"word/_rels/settings.xml.rels": '<R Type="attachedTemplate" TargetMode="External"/>'}),
        "The document fetches a template from elsewhere",
    ),
}
