"""From the database to records: the registry and what was published, as of a log entry and a day.

The only part that asks the database for what pages show. Everything is read in a fixed number of queries.
"""

from .passages import Attachment, attached, passages
from .progress import Progress
from .registry import Registry, registered, source_record
from .results import as_decimal, commitment_of, promise_of, record_of

__all__ = [
    "Attachment",
    "Progress",
    "Registry",
    "as_decimal",
    "attached",
    "commitment_of",
    "passages",
    "promise_of",
    "record_of",
    "registered",
    "source_record",
]
