"""What an address may ask of commitments and of baselines: declared once, for page, files, API and feeds."""

from .asked import ONLY_ON_THE_PAGE
from .baseline import TOLD, BaselineFilter, has_words_of
from .columns import COLUMNS
from .commitments import CommitmentFilter
from .facets import Choice, Facet, Span
from .parameters import SeveralChoices, shortened
from .sorting import SORTS

__all__ = [
    "COLUMNS",
    "ONLY_ON_THE_PAGE",
    "SORTS",
    "TOLD",
    "BaselineFilter",
    "Choice",
    "CommitmentFilter",
    "Facet",
    "SeveralChoices",
    "Span",
    "has_words_of",
    "shortened",
]
