"""API v1: the public records as JSON, for reading only. Declared once in ``resources``; documented from there."""
