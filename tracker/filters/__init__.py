"""What an address may ask of the commitments: declared once, for the page, the files, the API and the feeds."""

from .columns import COLUMNS
from .commitments import ONLY_ON_THE_PAGE, CommitmentFilter
from .facets import Choice, Facet, Span
from .parameters import SeveralChoices, shortened
from .sorting import SORTS

__all__ = [
    "COLUMNS",
    "ONLY_ON_THE_PAGE",
    "SORTS",
    "Choice",
    "CommitmentFilter",
    "Facet",
    "SeveralChoices",
    "Span",
    "shortened",
]
