"""Answers that were made once: kept by version and address, or made by a process of their own."""
