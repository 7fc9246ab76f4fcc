"""What a text is cut into, and how a person corrects it: shapes that pages, commands and stored rows share. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .lines import Line

INTRO, DASHED, OBJECTIVE = "intro", "dash", "objective"
AS_HEADING, BEGINS, JOINS, OUT = "heading", "begins", "joins", "out"
OF_A_LINE = 60  # characters by which a correction knows its line again


@dataclass(frozen=True)
class Correction:
    """What a person said of a line. ``begins`` is by what it is known again, should lines before it go."""

    line: int
    begins: str
    is_: str
    level: int = 1
    code: str = ""
    form: str = ""

    @classmethod
    def of(cls, lines: Sequence[Line], line: int, is_: str, **more: Any) -> "Correction":
        """A correction of one of these lines."""
        if is_ not in (AS_HEADING, BEGINS, JOINS, OUT):
            raise ValueError(is_)
        return cls(line, lines[line].text[:OF_A_LINE], is_, **more)

    def as_json(self) -> dict[str, Any]:
        """As it is stored."""
        fields = asdict(self)
        return {"line": fields.pop("line"), "begins": fields.pop("begins"), "is": fields.pop("is_"), **fields}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Correction":
        """As it was stored."""
        return cls(**{("is_" if name == "is" else name): value for name, value in fields.items()})


@dataclass
class Node:
    """A chapter or a section."""

    code: str
    parent: str
    level: int
    title: str
    line: int


@dataclass
class Paragraph:
    """A paragraph that can promise. ``text`` is what stands on its ``lines`` with a blank between them, ``mark`` the
    sign before it and ``heading`` its own bold words, without their full stop."""

    code: str
    category: str
    form: str
    mark: str = ""
    heading: str = ""
    bold: int = 0
    text: str = ""
    lines: list[int] = field(default_factory=list)

    @property
    def own(self) -> str:
        """Its text without its heading."""
        return self.text[self.bold :].strip()


@dataclass
class Cut:
    """What a text was cut into, what became of each line, and what could not be cut."""

    nodes: list[Node] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    front: Paragraph | None = None
    roles: list[str] = field(default_factory=list)
    remarks: list[tuple[int | None, str]] = field(default_factory=list)

    def by_code(self) -> dict[str, Paragraph]:
        """Its paragraphs by their codes."""
        return {each.code: each for each in self.paragraphs}

    def counts(self) -> dict[str, int]:
        """How many there are of each: chapters, sections, and paragraphs by their form."""
        forms = Counter(each.form for each in self.paragraphs)
        chapters = sum(1 for node in self.nodes if not node.parent)
        return {"chapters": chapters, "sections": len(self.nodes) - chapters} | {
            form: forms[form] for form in (INTRO, DASHED, OBJECTIVE)
        }
