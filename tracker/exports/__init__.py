"""The filtered set as files: CSV, XLSX and JSON. Same rows, same keys, same order as the page; each says what it is."""
