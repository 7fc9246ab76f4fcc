"""A text read from the file that somebody has: whole and in order, or a sentence that says why not."""

import io
import zipfile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from tracker.plantext import opening, read
from tracker.plantext.cut import cut
from tracker.plantext.read import Unread

from .conftest import VELLMARK_TEXT
from .examples import NIGHTLY
from .office import SHEET, WORD, archive, flagged, ooxml
from .office import pdf as changed_pdf

TEXT = VELLMARK_TEXT.read_text(encoding="utf-8")
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = f'<Types><Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/></Types>'


def paragraph(text, style="", more=""):
    """A paragraph of a Word document."""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{style}{more}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def item(text):
    """An item of a list."""
    return paragraph(text, more='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')


def docx(body, **parts):
    """A Word document; ``parts`` are further ones by the names of their files."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2)
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    kinds = {"styles": styles, "numbering": numbering, **parts}
    links = "".join(f'<Relationship Id="{name}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>' for name in kinds)
    named = {f"word/{name}.xml": f"<w:{name} {NAMESPACE}>{content}</w:{name}>" for name, content in kinds.items()}
    package = f'<Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f"<Relationships {space}>{package}</Relationships>",
            "word/document.xml": f"<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": f"<Relationships {space}>{links}</Relationships>",
            **named,
        }
    )


def pdf(*pages):
    """A PDF; each page is rows of (x, y, size, text)."""
    document = pikepdf.new()
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for rows in pages:
        page = document.add_blank_page(page_size=(600, 800))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        drawn = "".join(f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n" for x, y, size, text in rows)
        page.obj.Contents = document.make_stream(drawn.encode("latin-1"))
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def text_of(reading):
    """The lines of a text, one below the other."""
    return "\n".join(line.text for line in reading.lines)


def shown(reading):
    """Style and text of each line."""
    return [(line.style, line.text) for line in reading.lines]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("utf-16"), ""),
        (TEXT.encode("utf-32"), ""),
        (TEXT.replace("\n", "\r\n").encode(), ""),
        (TEXT.replace("Vellmark", "Véllmark").encode("cp1252"), "It was read as"),
        (TEXT.replace("Well", "W\u200bell").encode(), "characters that nobody sees were taken out"),
    ],
    ids=["UTF-8", "with its mark", "UTF-16", "UTF-32", "Windows", "Western", "unseen"],
)
def test_a_plain_text_is_the_same_in_every_common_encoding(content, said):
    reading = read.read(content, "plan.txt")
    assert text_of(reading).replace("é", "e") == text_of(read.read(TEXT.encode(), "plan.txt"))
    assert cut(reading.lines).counts() == {"chapters": 2, "sections": 2, "intro": 4, "dash": 5, "objective": 2}
    assert said in " ".join(reading.remarks)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("cp1251", "Права человека в стране и план действий правительства на пять лет " * 4),
     ("gb18030", "国家人权行动计划包括经济社会和文化权利以及公民权利和政治权利的保障 " * 4),
     ("cp1253", "Σχέδιο δράσης για τα ανθρώπινα δικαιώματα και τις ελευθερίες των πολιτών " * 4)],
)  # fmt: skip
def test_other_scripts_are_recognised_and_it_is_said(encoding, words):
    reading = read.read(words.encode(encoding), "plan.txt")
    assert text_of(reading) == words.strip()
    assert reading.remarks[0].startswith("It was read as")


def test_html_has_its_headings_lists_and_notes_and_nothing_of_the_page_around():
    page = """<!doctype html><html><head><title>No</title><style>p {}</style></head><body><nav>Menu</nav>
    <h1>I. Water</h1><p>Water is for <b>everybody</b>.</p><ul><li><strong>Wells.</strong> They will be
    dug<sup>1</sup>.<ul><li>deep ones</li></ul></li><li>Pipes.</li></ul>
    <table><tr><td>Year</td><td>2030</td></tr></table>
    <ol><li id="footnote-1">By hand. <a href="#ref">↑</a></li></ol><script>alert("x")</script></body></html>"""
    reading = read.read(page.encode(), "plan.html")
    assert reading.kind == "html"
    assert shown(reading) == [
        ("heading", "I. Water"),
        ("text", "Water is for everybody."),
        ("item", "Wells. They will be dug¹."),
        ("item", "deep ones"),
        ("item", "Pipes."),
        ("cell", "Year"),
        ("cell", "2030"),
        ("note", "¹ By hand."),
    ]
    assert reading.lines[2].bold == len("Wells.")
    first = cut(reading.lines).by_code()["I.1"]
    assert (first.heading, first.own) == ("Wells", "They will be dug¹. deep ones By hand.")


def test_a_page_is_read_by_the_encoding_that_it_names():
    page = '<html><head><meta charset="iso-8859-7"></head><body><p>Νερό για όλους</p></body></html>'
    assert text_of(read.read(page.encode("iso-8859-7"), "plan.htm")) == "Νερό για όλους"


def test_a_word_document_is_read_as_if_its_changes_were_accepted_with_notes_tables_and_columns():
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    body = (
        paragraph("Water", "H1")
        + paragraph("Wells", "H2")
        + item("Wells will be dug")
        + '<w:p><w:r><w:t xml:space="preserve">It is </w:t></w:r>'
        '<w:del w:id="1"><w:r><w:delText>not </w:delText></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t xml:space="preserve">always </w:t></w:r></w:ins>'
        f"<w:r><w:t>free.</w:t></w:r>{note}</w:p>"
        + "<w:tbl><w:tr><w:tc>" + paragraph("Year") + "</w:tc><w:tc>" + paragraph("2030") + "</w:tc></w:tr></w:tbl>"
        + item("النص العربي")
        + '<w:sectPr><w:cols w:num="2"/></w:sectPr>'
    )  # fmt: skip
    notes = f'<w:footnote w:id="2">{paragraph("For homes.")}</w:footnote>'
    reading = read.read(docx(body, footnotes=notes), "plan.docx")
    assert shown(reading) == [
        ("heading", "Water"),
        ("heading", "Wells"),
        ("item", "Wells will be dug"),
        ("text", "It is always free.¹"),
        ("cell", "Year"),
        ("cell", "2030"),
        ("item", "النص العربي"),
        ("note", "¹ For homes."),
    ]
    assert any("as if all of them were accepted" in each for each in reading.remarks)
    assert any("notes join the paragraphs" in each for each in reading.remarks)
    assert any("tables" in each for each in reading.remarks)
    result = cut(reading.lines)
    assert {each.code: each.text for each in result.paragraphs} == {
        "1.1.1": "Wells will be dug It is always free.¹ Year 2030 For homes.",
        "1.1.2": "النص العربي",
    }


TOP = (50, 780, 9, "Plan of Vellmark")
FIRST = [TOP, (50, 740, 18, "I. Water"), (50, 700, 10, "- Wells will be dug in all val-")]
FIRST += [(50, 688, 10, "leys of the north."), (50, 640, 10, "- Pipes will be laid where")]
FIRST += [(320, 700, 10, "homes have children."), (320, 660, 10, "- Nobody pays."), (300, 10, 9, "1")]
SECOND = [TOP, (50, 740, 10, "It is forbidden to ask for more."), (300, 10, 9, "2")]
THIRD = [TOP, (50, 740, 18, "II. Work"), (50, 700, 10, "- Jobs."), (300, 10, 9, "3")]


def test_a_pdf_is_put_together_over_rows_columns_and_pages_without_what_each_page_repeats():
    reading = read.read(pdf(FIRST, SECOND, THIRD), "plan.pdf")
    result = cut(reading.lines)
    assert [(node.code, node.title) for node in result.nodes] == [("I", "Water"), ("II", "Work")]
    assert {each.code: each.text for each in result.paragraphs} == {
        "I.1": "Wells will be dug in all valleys of the north.",
        "I.2": "Pipes will be laid where homes have children.",
        "I.3": "Nobody pays. It is forbidden to ask for more.",
        "II.1": "Jobs.",
    }
    assert [line.page for line in reading.lines] == [1, 1, 1, 1, 2, 3, 3]


@pytest.mark.slow
def test_many_pages_are_read_whole_in_less_than_500_megabytes():
    count = 500 if NIGHTLY else 150
    words = "Vellmark will dig wells in every valley and lay pipes for all who live there, year by year. " * 3
    body = "".join(
        paragraph(f"{number}. Valley {number}", "H1") + 5 * item(f"{words}Valley {number}.")
        for number in range(1, count + 1)
    )
    result = cut(read.read(docx(body), "plan.docx").lines)
    assert result.counts() == {"chapters": count, "sections": 0, "intro": 0, "dash": 5 * count, "objective": 0}
    page = [(50, 780 - 14 * row, 10, words[:90]) for row in range(50)]
    assert len(text_of(read.read(pdf(*[page] * count), "plan.pdf"))) > count * 50 * 80
    assert opening.MOST_MEMORY < 500 * 10**6


def sealed(document, user="b"):
    """The document with a password of its owner, and one for whoever reads it."""
    output = io.BytesIO()
    pikepdf.open(io.BytesIO(document)).save(output, encryption=pikepdf.Encryption(owner="a", user=user))
    return output.getvalue()


def bomb():
    """A Word document of some kilobytes that unpacks to gigabytes."""
    output = io.BytesIO(docx(paragraph("x")))
    with zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED) as file, file.open("word/media.xml", "w") as part:
        for _number in range(200):
            part.write(b" " * 2**20)
    return output.getvalue()


def pdf_bomb():
    """A PDF whose page unpacks to a gigabyte."""
    document = pikepdf.open(io.BytesIO(pdf([(50, 700, 10, "x")])))
    document.pages[0].obj.Contents = document.make_stream(b"q Q " * (150 * 2**20 // 4))
    output = io.BytesIO()
    document.save(output, compress_streams=True)
    return output.getvalue()


def looping(document):
    """Pages that hold themselves."""
    document.Root.Pages.Kids = Array([document.Root.Pages])


MIXED = "Véllmark will dig wells.\n".encode() + "Véllmark will lay pipes.\n".encode("cp1252")
REFUSED = {  # what is large is made where it is asked for, and not in every process
    "nothing": ("plan.txt", b" \n", "“plan.txt” is empty."),
    "a control character": ("plan.txt", b"Wells\x00 and pipes", "holds the control character U+0000"),
    "mixed encodings": ("plan.txt", MIXED, "Line 2 of “plan.txt” is in another encoding than the rest"),
    "half of UTF-16": ("plan.txt", "Wells".encode("utf-16")[:-1], "is not in UTF-16 to its end"),
    "too much": ("plan.txt", b"a" * (read.LARGEST + 1), "is larger than 20 MB"),
    "an old Word document": ("plan.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Word document"),
    "RTF": ("plan.rtf", b"{\\rtf1 Wells}", "is an RTF document"),
    "an image": ("plan.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "is an image"),
    "a spreadsheet": ("plan.xlsx", ooxml(SHEET), "no Word document"),
    "a broken archive": ("plan.docx", b"PK\x03\x04" + b"\0" * 60, "is broken"),
    "macros": ("plan.docx", docx(paragraph("x"), vbaData=""), "holds macros"),
    "a sealed archive": ("plan.docx", flagged(docx(paragraph("x"))), "closed by a password"),
    "a bomb": ("plan.docx", bomb, "is too large to be read"),
    "half a PDF": ("plan.pdf", pdf([(50, 700, 10, "x")])[:200], "is broken"),
    "a PDF with a password": ("plan.pdf", sealed(pdf([(50, 700, 10, "x")])), "closed by a password"),
    "no PDF that only its owner changes": ("plan.pdf", sealed(pdf([]), user=""), "has pages without letters"),
    "a scanned PDF": ("plan.pdf", pdf([], [], []), "has pages without letters"),
    "a PDF that loops": ("plan.pdf", changed_pdf(looping), "plan.pdf"),
    "a PDF bomb": ("plan.pdf", pdf_bomb, "is too large to be read"),
    "a page without text": ("plan.html", b"<html><body><script>x</script></body></html>", "has no text"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_read_whole_gets_a_sentence_and_nothing_is_read(what):
    name, content, sentence = REFUSED[what]
    with pytest.raises(Unread) as refused:
        read.read(content() if callable(content) else content, name)
    assert sentence in str(refused.value)
