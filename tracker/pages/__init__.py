"""What each page shows, asked of a snapshot: one function a page, a dictionary for its template."""

from tracker.lint import REMARKS

from .baseline import baseline, baseline_record
from .changes import BY as CHANGES_BY
from .changes import changes
from .commitment import commitment
from .compare import compare
from .coverage import coverage
from .data import data
from .disagreements import disagreements
from .explorer import explorer
from .gaps import gaps
from .norms import instrument, norm, norms
from .people import people, people_group
from .plans import plan, plans, provision
from .rights import right, rights
from .shared import about, bodies, body, method, metric, metrics, source, sources

__all__ = [
    "CHANGES_BY",
    "REMARKS",
    "about",
    "baseline",
    "baseline_record",
    "bodies",
    "body",
    "changes",
    "commitment",
    "compare",
    "coverage",
    "data",
    "disagreements",
    "explorer",
    "gaps",
    "instrument",
    "method",
    "metric",
    "metrics",
    "norm",
    "norms",
    "people",
    "people_group",
    "plan",
    "plans",
    "provision",
    "right",
    "rights",
    "source",
    "sources",
]
