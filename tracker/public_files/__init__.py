"""The public files: everything that this site publishes, a table a kind of record, as CSV and as JSON.

With them go the log and the programs that verify it and compute every status anew, so that a folder or archive of them
needs nothing else: ``python verify.py ledger.jsonl`` and ``python recompute.py .``. ``manage.py import_records`` loads
them into an empty database.
"""

from .answers import archive, data_package, linked_data, table_csv, table_json, table_metadata
from .describe import about
from .pack import write, write_archive
from .shape import NoTable, row_of
from .tables import TABLES, answering, table

__all__ = [
    "TABLES",
    "NoTable",
    "about",
    "answering",
    "archive",
    "data_package",
    "linked_data",
    "row_of",
    "table",
    "table_csv",
    "table_json",
    "table_metadata",
    "write",
    "write_archive",
]
