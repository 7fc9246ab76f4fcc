"""Many drafts from one file: CSV or XLSX into rows, rows into drafts with their evidence, all of them or none.

Nothing here publishes. A row that cannot be read is said by row and column; a row that only a person can decide is said
and left alone; a row that was imported before adds nothing.
"""
