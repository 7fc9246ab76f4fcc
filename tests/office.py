"""Files for tests of uploads: whole ones of every kind that is taken, and parts to make bad ones of."""

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEXT = "application/vnd.oasis.opendocument.text"
TABLE = "application/vnd.oasis.opendocument.spreadsheet"
PACKED, OPEN = pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable


def pdf(change=lambda document: None, mode=PACKED, **options):
    """A PDF of one page that ``change`` has changed."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 100))
    change(document)
    output = io.BytesIO()
    document.save(output, object_stream_mode=mode, **options)
    return output.getvalue()


def again(content, mode=PACKED):
    """A PDF as it is when nothing has to be taken out of it."""
    output = io.BytesIO()
    pikepdf.open(io.BytesIO(content)).save(output, deterministic_id=True, object_stream_mode=mode)
    return output.getvalue()


def image(kind, size=(3, 2), **options):
    """A small image; ``options`` are those that Pillow takes."""
    output = io.BytesIO()
    options = {"lossless": True} | options if kind == "WEBP" else options
    Image.new("RGB", size, (20, 90, 160)).save(output, kind, **options)
    return output.getvalue()


PDF = again(pdf())
PNG, JPEG, WEBP = image("PNG"), image("JPEG"), image("WEBP")


def pdf_of(packed):
    """A PDF of one page, and another object in a part that is packed."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
        4: _stream(b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode", zlib.compress(b"6 0 " + packed)),
    }
    content, table = b"%PDF-1.5\n", struct.pack(">BIH", 0, 0, 0)
    for number, text in objects.items():
        table += struct.pack(">BIH", 1, len(content), 0)
        content += b"%d 0 obj%s endobj\n" % (number, text)
    table += struct.pack(">BIH", 1, len(content), 0) + struct.pack(">BIH", 2, 4, 0)
    end = b"5 0 obj%s endobj\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (_stream(b"/Type/XRef/W[1 4 2]/Size 7/Root 1 0 R", table), len(content))


def _stream(head, data):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (head, len(data), data)


def script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def script_in_a_name(document):
    """The kind of the action is an object of its own."""
    document.Root.OpenAction = Dictionary(S=document.make_indirect(Name.JavaScript), JS="app.alert(1)")


def script_of_a_mark(document):
    events = Dictionary(E=Dictionary(S=Name.JavaScript, JS="app.alert(1)"))
    mark = Dictionary(Type=Name.Annot, Subtype=Name.Screen, Rect=[0, 0, 9, 9], AA=events)
    document.pages[0].obj.Annots = Array([document.make_indirect(mark)])


def program(document):
    document.Root.OpenAction = Dictionary(S=Name.Launch, F="calc.exe")


def attachment(document):
    document.attachments["a.exe"] = b"MZ"


def form_of_scripts(document):
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA="<xdp/>")


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


HUGE = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
HUGE += _chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + _chunk(b"IEND", b"")
SEVERAL = [Image.new("RGB", (3, 2), colour) for colour in ("red", "blue")]


def archive(parts, comment=b""):
    """A zip archive of these parts; the first is not compressed, as OpenDocument has it."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as file:
        for number, (name, content) in enumerate(parts.items()):
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            file.writestr(part, content)
        file.comment = comment
    return output.getvalue()


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


SCRIPT = "The PDF has a script"
UNSEEN = "The PDF has a part that cannot be looked into"
UNPACKS = "The PDF unpacks to too much"
GOOD = {
    "report.pdf": (PDF, "application/pdf"),
    # A name is only what it is to the letter, and what a page says is no name.
    "packed.pdf": (again(pdf(lambda document: setattr(document.Root, "Font", Name("/Launcher")))), "application/pdf"),
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
ACTS = "The document fetches, sends or runs something when it is opened"
LEADS = "A link in the document leads to a file or a program of a computer"
MACROS = "The document has macros: save it without them."
PASSWORD = "The document has a password: save it without one."
INSIDE = "The document has another file in it: take it out."
# What it is: the name under which it comes, its content or what makes it where it is large, and the sentence it gets.
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
    "too much": ("long.pdf", lambda: PDF[:-6] + b"\x00" * 11 * 1024 * 1024 + PDF[-6:], "The file is larger than 10.0"),
    "a PDF that is a page": ("report.pdf", PDF.replace(b"\n", b"\n%<html><script>\n", 1), BESIDES),
    "a PDF that is an archive": ("report.pdf", PDF + archive({"a": "b"}) + b"%%EOF", BESIDES),
    "half a PDF": ("report.pdf", PDF[:40], BESIDES),
    "the shell of a PDF": ("report.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n", BESIDES),
    "a PDF with a script": ("report.pdf", pdf(script, OPEN), SCRIPT),
    "a PDF with a script spelt oddly": (
        "report.pdf",
        pdf(script, OPEN).replace(b"/JavaScript", b"/J#61vaScript"),
        SCRIPT,
    ),
    "a PDF with a packed script": ("report.pdf", pdf(script), SCRIPT),
    "a PDF with a packed script that nothing leads to": ("report.pdf", pdf_of(b"<</S/JavaScript/JS(x)>>"), SCRIPT),
    "a PDF with a script whose kind stands elsewhere": ("report.pdf", pdf(script_in_a_name), SCRIPT),
    "a PDF with a script of a mark on a page": ("report.pdf", pdf(script_of_a_mark), SCRIPT),
    "a PDF with a program": ("report.pdf", pdf(program), SCRIPT),
    "a PDF with a file in it": ("report.pdf", pdf(attachment), SCRIPT),
    "a PDF with a form of scripts": ("report.pdf", pdf(form_of_scripts), SCRIPT),
    "a PDF with a script under a password of its owner": (
        "report.pdf",
        pdf(script, encryption=pikepdf.Encryption(owner="x", user="")),
        SCRIPT,
    ),
    "a PDF with a password": (
        "report.pdf",
        pdf(encryption=pikepdf.Encryption(owner="x", user="y")),
        UNSEEN,
    ),
    "a PDF that unpacks to much": ("report.pdf", lambda: pdf_of(b"<<>>" + b" " * 17 * 1024**2), UNPACKS),
    "an image with an archive behind it": ("scan.png", PNG + archive({"a": "b"}), BESIDES),
    "an image with a page behind it": ("photo.jpg", JPEG[:-2] + b"<script>alert(1)</script>\xff\xd9", BESIDES),
    "half an image": ("scan.png", PNG[:40], BESIDES),
    "a photograph without its end": ("photo.jpg", JPEG[:-40], BESIDES),
    "a cut image": ("photo.webp", WEBP[:-3], BESIDES),
    "a start of an image": ("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(80) + b"\xff\xd9", BESIDES),
    "an image of too many dots": ("scan.png", HUGE, "The image has too many pixels"),
    "an image that moves": (
        "photo.webp",
        image("WEBP", save_all=True, append_images=SEVERAL),
        "It holds several pictures",
    ),
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
    "a document that unpacks to much": (
        "a.docx",
        lambda: ooxml(**{"word/a.xml": b"0" * 101 * 1024**2}),
        "unpacks to too much",
    ),
    "a document with a comment": ("letter.docx", ooxml(comment=b"<script>"), ODD),
    "a document behind a page": ("letter.docx", b"PK<html>" + ooxml(), ODD),
    "a document before a page": ("letter.docx", ooxml() + b"<html><script></script>", "The document"),
    "a document with a way out": ("letter.docx", ooxml(**{"../../etc/cron.d/x": "x"}), ODD),
    "a broken document": ("letter.docx", ooxml()[:60], "The document is broken"),
    "a document from elsewhere": (
        "letter.docx",
        ooxml(**{"word/_rels/settings.xml.rels": '<R Type="attachedTemplate" TargetMode="External"/>'}),
        ACTS,
    ),
}
