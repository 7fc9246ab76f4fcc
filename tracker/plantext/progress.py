"""What is still to be done in a text: paragraphs without a promise, figures neither target nor set aside.

Pure.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .figures import Figure, open_figures
from .shapes import INTRO, OBJECTIVE, Cut


@dataclass
class Left:
    """What is left: codes of paragraphs without a promise, and open figures by code of their paragraph."""

    paragraphs: list[str]
    figures: dict[str, list[Figure]]

    @property
    def count(self) -> int:
        """How many things are left to do."""
        return len(self.paragraphs) + sum(map(len, self.figures.values()))


def left(
    text: Cut,
    promises: Mapping[str, Iterable[Decimal | None]],
    aside: Mapping[str, Iterable[str]],
    language: str = "en",
    *,
    nothing: Collection[str] = (),
) -> Left:
    """What is left of a text. ``promises`` are the targets, or ``None``, of each paragraph's promises by its code.

    ``nothing`` are the codes of paragraphs of which a person said that they promise nothing. An introduction or an
    objective need not promise what no other paragraph repeats. The figures of all of them are asked for.
    """
    without = [each.code for each in text.paragraphs if not list(promises.get(each.code, ()))]
    optional = {each.code for each in text.paragraphs if each.form in (INTRO, OBJECTIVE)} | set(nothing)
    figures = {
        each.code: open_figures(
            each.text, [target for target in promises.get(each.code, ()) if target is not None],
            aside.get(each.code, ()), language,
        )
        for each in text.paragraphs
    }  # fmt: skip
    return Left([code for code in without if code not in optional], {code: has for code, has in figures.items() if has})
