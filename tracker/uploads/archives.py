"""A ZIP archive of XML parts, read within limits: what it costs is counted while it is read, and reading ends there.

A file of 45 kB can hold gigabytes, millions of elements, or elements nested without end. The sizes that an archive
states bound what is unpacked; ``<`` and ``=`` bound how many elements and attributes there can be. Nothing of Django is
imported, so that a process of its own can do it.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

CHUNK = 64 * 1024
LONGEST_TAG = 1024 * 1024  # bytes; a tag with all its attributes, or a comment
MOST_DIRECTORY = 1024 * 1024  # bytes of the list of parts at an archive's end
DEEPEST = 200  # elements in one another
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)

Started = Callable[[str, dict[str, str]], object]
Ended = Callable[[str], object]
Characters = Callable[[str], object]


def nothing(_tag: str) -> None:
    """What happens at the end of an element where nothing does."""


class Refused(Exception):
    """The file does not come in; the message is the name of the reason."""


class Stop(Exception):
    """Raised by whoever looks at a part and has seen enough of it."""


class Archive:
    """An archive whose parts cost at most so much together. Raises ``Refused``: large, broken or odd."""

    def __init__(self, content: bytes, *, parts: int, unpacked: int, marks: int) -> None:
        self.left, self.marks = unpacked, marks
        end = content[-22:]
        if end[:4] != b"PK\x05\x06":  # as every program writes it; elsewhere it may hide something behind it
            raise Refused("odd" if b"PK\x05\x06" in content[-65_557:] else "broken")
        if int.from_bytes(end[12:16], "little") > MOST_DIRECTORY or content[-42:-38] == b"PK\x06\x07":
            raise Refused("large")
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN as error:
            raise Refused("broken") from error
        self.parts = self.zip.infolist()
        self.names = {part.filename for part in self.parts}
        if len(self.parts) > parts:
            raise Refused("large")

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a part, piece by piece."""
        try:
            with self.zip.open(name) as part:
                while chunk := part.read(CHUNK):
                    self.left -= len(chunk)
                    if self.left < 0:
                        raise Refused("large")
                    yield chunk
        except KeyError as error:
            raise Refused("broken") from error
        except BROKEN as error:
            raise Refused("sealed" if "encrypted" in str(error) else "broken") from error

    def content(self, name: str) -> bytes:
        """A whole part."""
        return b"".join(self.chunks(name))

    def walk(self, name: str, start: Started, end: Ended = nothing, characters: Characters | None = None) -> None:
        """Read a part as XML; names come without their namespace. ``Stop`` ends it."""
        parser = _parser(start, end, characters)
        fed = 0
        try:
            for chunk in self.chunks(name):
                self.marks -= chunk.count(b"<") + chunk.count(b"=")
                fed += len(chunk)
                if self.marks < 0:
                    raise Refused("large")
                parser.Parse(chunk, False)
                if fed - parser.CurrentByteIndex > LONGEST_TAG:
                    raise Refused("large")
            parser.Parse(b"", True)
        except Stop:
            return
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Refused("broken") from error


def _parser(start: Started, end: Ended, characters: Characters | None) -> expat.XMLParserType:
    """A parser that takes no definitions of a document's own, and nothing that is nested without end."""
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Refused("large")
        start(name.rpartition("}")[2], attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition("}")[2])

    def defined(*_arguments: object) -> None:
        raise Refused("broken")

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    parser.StartDoctypeDeclHandler = defined
    if characters is not None:
        parser.buffer_text, parser.CharacterDataHandler = True, characters
    return parser
