"""What each page shows, asked of a snapshot: one function a page, a dictionary for its template."""

from .commitment import commitment
from .explorer import explorer
from .plans import plan, plans, provision, right, rights
from .shared import about, bodies, body, method, metric, metrics, source, sources

__all__ = [
    "about",
    "bodies",
    "body",
    "commitment",
    "explorer",
    "method",
    "metric",
    "metrics",
    "plan",
    "plans",
    "provision",
    "right",
    "rights",
    "source",
    "sources",
]
