"""The filtered set as files: CSV, XLSX and JSON. Same rows, same keys, same order as the page; each says what it is."""

from .about import LICENCE, about
from .answers import as_csv, as_csv_metadata, as_json, as_xlsx

__all__ = ["LICENCE", "about", "as_csv", "as_csv_metadata", "as_json", "as_xlsx"]
