"""A file opened by the libraries that read it: its lines and what is to be said of it.

It runs as a process of its own, ``python -m tracker.plantext.opening KIND``; ``uploads.confined`` says how and why.
"""

import io
import re
from dataclasses import asdict
from functools import partial
from typing import Any

from tracker.uploads import confined, office
from tracker.uploads.archives import Archive, Refused

from .lines import Line
from .markup import lines_of_html
from .pages import lines_of_pdf

MOST_MEMORY = 470 * 1024 * 1024  # bytes of address space, the libraries' own among them
MOST_SECONDS = 60  # of the processor
MAIN = "word/document.xml"
MOST_TEXT = 12 * 1024 * 1024  # bytes of a document's XML; 500 pages have a third of it
CHANGES = {"ins": "changes", "del": "changes", "moveFrom": "changes", "moveTo": "changes", "footnoteReference": "notes"}
CHANGES |= {"endnoteReference": "notes", "tbl": "tables", "commentReference": "comments", "txbxContent": "boxes"}
STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh\nu => \n"


def _opened(content: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    remarks: list[str] = []
    if kind == "docx":
        lines, remarks = lines_of_docx(content)
    else:
        lines = lines_of_pdf(content) if kind == "pdf" else lines_of_html(content.decode("utf-8"))
    return {"lines": list(map(asdict, lines)), "remarks": remarks}, b""


def lines_of_docx(content: bytes) -> tuple[list[Line], list[str]]:
    """The lines of a Word document and what it has beside plain text. Raises ``Refused``.

    Tracked changes are read as accepted, comments are not read, a note stands at the end under the mark that calls it.
    """
    import mammoth

    if office.document(content)[0].rpartition(".")[2] != "document":
        raise Refused("odd")
    archive = Archive(content, parts=office.MOST_PARTS, unpacked=MOST_TEXT, marks=office.MOST_MARKS)
    remarks: set[str] = set()
    archive.walk(MAIN, lambda tag, _attrs: remarks.add(CHANGES.get(tag, "")))
    html = mammoth.convert_to_html(
        io.BytesIO(content),
        style_map=STYLES,
        id_prefix="",
        convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
    ).value
    html = re.sub(r"<img[^>]*>", "", html)
    return lines_of_html(html), sorted(remarks - {""})


main = partial(confined.answer, _opened, memory=MOST_MEMORY, seconds=MOST_SECONDS)
if __name__ == "__main__":
    main()
